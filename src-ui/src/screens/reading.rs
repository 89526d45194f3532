//! Reading a body: fact, exact words and opinion apart, then the answers. The same reading serves signing and the entry
//! view, so what is signed is what is read.

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::{Answer, Authority, Body, Concern, Engagement, Handout, Reporting};
use beatbook_domain::place::PlaceStamp;
use beatbook_domain::time;
use leptos::prelude::*;

use crate::components::fields::{KindTag, TextKind};
use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use crate::screens::place::detail_of;

/// A body as people read it.
#[component]
pub fn ReadBody(
    /// The body.
    body: Body,
) -> impl IntoView {
    match body {
        Body::Concern(concern) => view! { <ReadConcern concern /> }.into_any(),
        Body::Unread(_) => view! { <p class="sub">{words::UNREADABLE}</p> }.into_any(),
        body => view! { <Answers lines=answers(&body) /> }.into_any(),
    }
}

/// Questions and answers, in the order they are read.
type Lines = Vec<(String, String)>;

/// The answers of a body, without the texts that are read in an edge of their own.
fn answers(body: &Body) -> Lines {
    match body {
        Body::Concern(concern) => concern_lines(concern),
        Body::Engagement(engagement) => engagement_lines(engagement),
        Body::Handout(handout) => handout_lines(handout),
        Body::Withdrawal(withdrawal) => vec![(words::REASON.to_owned(), withdrawal.reason.clone())],
        Body::Shift(shift) => vec![(words::CALL_SIGN.to_owned(), shift.call_sign.clone())],
        Body::Leg(leg) => place_line(leg.place.as_ref()),
        _ => Lines::new(),
    }
}

/// Everything a body says, texts included.
fn everything(body: &Body) -> Lines {
    let mut lines = Lines::new();
    if let Body::Concern(concern) = body {
        push(&mut lines, words::SEEN, concern.seen.clone());
        let said = concern.words.iter().map(|said| format!("“{}”", said.words)).collect::<Vec<_>>();
        push(&mut lines, words::WORDS_SAID, said.join(" "));
        push(&mut lines, words::ASSESSMENT, concern.assessment.clone().unwrap_or_default());
    }
    lines.extend(answers(body));
    lines
}

/// The questions whose answer changed: the question, what was written first, what stands now.
pub fn changes(before: &Body, after: &Body) -> Vec<(String, String, String)> {
    let (before, after) = (everything(before), everything(after));
    let answer = |lines: &Lines, question: &str| {
        let all = lines.iter().filter(|(asked, _)| asked == question).map(|(_, answer)| answer.as_str());
        let all = all.collect::<Vec<_>>().join(", ");
        if all.is_empty() { words::NOTHING.to_owned() } else { all }
    };
    let mut questions: Vec<&String> = Vec::new();
    for (question, _) in before.iter().chain(&after) {
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    questions
        .into_iter()
        .map(|question| (question.clone(), answer(&before, question), answer(&after, question)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

/// Questions and answers.
#[component]
fn Answers(lines: Lines) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="sub">{words::NOTHING_MORE}</p> }.into_any();
    }
    view! {
        <dl class="kv card answers">
            {lines
                .into_iter()
                .map(|(question, answer)| {
                    view! {
                        <div>
                            <dt>{question}</dt>
                            <dd>{answer}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
    .into_any()
}

/// A concern note: fact, words, opinion, each in its own edge; then the answers.
#[component]
fn ReadConcern(concern: Concern) -> impl IntoView {
    let said = concern.words.clone();
    let assessment = concern.assessment.clone();
    let seen = concern.seen.clone();
    view! {
        <div class="facts">
            <section class="read" data-test="entry-fact">
                <div class="field-head">
                    <h3 class="lab">{words::SEEN}</h3>
                    <KindTag kind=TextKind::Fact />
                </div>
                <p class="read-text read-fact">{seen}</p>
            </section>
            {(!said.is_empty())
                .then(|| {
                    view! {
                        <section class="speech" data-test="entry-words">
                            <div class="field-head">
                                <h3 class="lab">{words::WORDS_SAID}</h3>
                                <KindTag kind=TextKind::Speech />
                            </div>
                            {said
                                .into_iter()
                                .map(|said| {
                                    let who = [said.speaker, said.at.map(time::clock)].into_iter().flatten().collect::<Vec<_>>();
                                    view! {
                                        <blockquote>
                                            <Icon glyph=Glyph::Quote />
                                            <div>
                                                {format!("“{}”", said.words)} <br />
                                                <span class="sub">{who.join(", ")}</span>
                                            </div>
                                        </blockquote>
                                    }
                                })
                                .collect_view()}
                        </section>
                    }
                })}
            {assessment
                .map(|assessment| {
                    view! {
                        <section class="read" data-test="entry-opinion">
                            <div class="field-head">
                                <h3 class="lab">{words::ASSESSMENT}</h3>
                                <KindTag kind=TextKind::Opinion />
                            </div>
                            <p class="read-text read-view">{assessment}</p>
                        </section>
                    }
                })}
            <Answers lines=concern_lines(&concern) />
        </div>
    }
}

fn labels(codes: &[CodeRef]) -> String {
    codes.iter().map(|code| code.label.as_str()).collect::<Vec<_>>().join(", ")
}

fn label(code: Option<&CodeRef>) -> String {
    code.map(|code| code.label.clone()).unwrap_or_default()
}

fn push(lines: &mut Lines, question: &str, answer: impl Into<String>) {
    let answer = answer.into();
    if !answer.is_empty() {
        lines.push((question.to_owned(), answer));
    }
}

fn place_line(place: Option<&PlaceStamp>) -> Lines {
    let mut lines = Lines::new();
    if let Some(place) = place {
        let name = place.label().map(|label| format!("{label} · ")).unwrap_or_default();
        push(&mut lines, words::PLACE, format!("{name}{}", detail_of(place)));
        push(&mut lines, words::SQUARE, place.square_100m.clone().unwrap_or_default());
    }
    lines
}

const fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::No => words::NO,
        Answer::Yes => words::YES,
        Answer::NotKnown => words::NOT_KNOWN,
    }
}

fn engagement_lines(it: &Engagement) -> Lines {
    let mut lines = vec![(words::WHO.to_owned(), it.engagement_type.label.clone())];
    push(&mut lines, words::PEOPLE, it.people.to_string());
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::TOPICS, labels(&it.topics));
    push(&mut lines, words::CONCERNS_HEARD, labels(&it.concerns));
    if let Some(n) = it.safe_by_day {
        push(&mut lines, words::SAFE_DAY, words::of_five(n));
    }
    if let Some(n) = it.safe_after_dark {
        push(&mut lines, words::SAFE_DARK, words::of_five(n));
    }
    push(&mut lines, words::LIGHT, label(it.light.as_ref()));
    push(&mut lines, words::VERIFICATION, label(it.verification.as_ref()));
    if let Some(under) = it.under_18 {
        push(&mut lines, words::UNDER_18, answer(under));
    }
    push(&mut lines, words::SAFEGUARDING_REF, it.safeguarding_ref.clone().unwrap_or_default());
    if let Some(bands) = &it.bands {
        let counted = bands
            .age
            .iter()
            .chain(&bands.sex)
            .filter(|(_, count)| **count > 0)
            .map(|(band, count)| format!("{band} {count}"))
            .collect::<Vec<_>>();
        push(&mut lines, words::BANDS, counted.join(", "));
    }
    if it.follow_up {
        push(&mut lines, words::FOLLOW_UP, words::YES);
    }
    push(&mut lines, words::NOTE, it.note.clone().unwrap_or_default());
    push(&mut lines, words::REASON, it.reason.clone().unwrap_or_default());
    lines
}

fn handout_lines(it: &Handout) -> Lines {
    let mut lines: Lines =
        it.items.iter().map(|item| (item.material.label.clone(), item.quantity.to_string())).collect();
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::REASON, it.reason.clone().unwrap_or_default());
    lines
}

fn concern_lines(it: &Concern) -> Lines {
    let mut lines = vec![(words::WHAT_BEHAVIOUR.to_owned(), labels(&it.behaviours))];
    push(&mut lines, words::HOW_KNOWN, labels(&it.sources));
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::RELATIONSHIP, label(it.relationship.as_ref()));
    if let Some(contact) = it.contact {
        push(&mut lines, words::CONTACT, answer(contact));
    }
    push(&mut lines, words::HARM, label(it.harm.as_ref()));
    push(&mut lines, words::WHAT_DONE, labels(&it.actions));
    for used in &it.powers {
        push(&mut lines, words::POWERS, used.power.label.clone());
        match &used.authority {
            Some(Authority::Reference(reference)) => push(&mut lines, words::AUTHORITY, reference.clone()),
            Some(Authority::ToFollow(told)) => {
                push(&mut lines, words::AUTHORITY, words::told_authority(&told.inspector, told.told_at));
            }
            None => {}
        }
    }
    push(&mut lines, words::REQUESTS, labels(&it.requests));
    push(&mut lines, words::SAFEGUARDING, labels(&it.safeguarding));
    if let Some(gate) = &it.crime {
        push(
            &mut lines,
            words::CRIME_CHECK,
            match gate.reporting {
                Reporting::Yes => words::GATE_YES,
                Reporting::NotSure => words::GATE_NOT_SURE,
                Reporting::No => words::GATE_NO,
            },
        );
        match (gate.reference.clone(), gate.due()) {
            (Some(reference), _) => push(&mut lines, words::CRIME_REF, reference),
            (None, Some(due)) => push(&mut lines, words::CRIME_REF, words::due_by(due)),
            (None, None) => {}
        }
    }
    push(&mut lines, words::MADE_WITH, it.made_with.clone().unwrap_or_default());
    push(&mut lines, words::REASON, it.reason.clone().unwrap_or_default());
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use beatbook_domain::entry::{Change, Kind};

    fn engagement(people: u32, note: &str) -> Body {
        let json = format!(
            r#"{{"engagement_type":{{"list":"engagement_type","version":1,"code":"E_CHAT","label":"Chat"}},"people":{people},"note":"{note}"}}"#
        );
        Body::parse(Kind::Engagement, 1, Change::First, json.as_bytes()).unwrap()
    }

    #[test]
    fn a_correction_shows_only_what_changed() {
        let changed = changes(&engagement(40, "by the gate"), &engagement(4, "by the gate"));
        assert_eq!(changed, [(words::PEOPLE.to_owned(), "40".to_owned(), "4".to_owned())]);
        assert!(changes(&engagement(4, ""), &engagement(4, "")).is_empty());
    }
}
