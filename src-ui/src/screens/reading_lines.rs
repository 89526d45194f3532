//! Every kind of body as questions and answers, and what a correction changed of them.

use beatbook_domain::code_list::{CodeRef, built_in, list};
use beatbook_domain::duty;
use beatbook_domain::entry::{
    Answer, Authority, AwayScope, Body, CrewStanding, CrimeGate, Description, DutyBody, Engagement, Event,
    Handout, HandoutItem, PersonDescribed, PowerUse, Reference, Referral, Reporting, ShiftOpened,
    StockDirection, StockMoved,
};
use beatbook_domain::id::Code;
use beatbook_domain::place::PlaceStamp;
use beatbook_domain::time;

use crate::locales::words;
use crate::screens::people_described::point_word;
use crate::screens::place::detail_of;
use crate::screens::reading_concern::concern_lines;

/// Questions and answers, in the order they are read.
pub type Lines = Vec<(String, String)>;

/// The answers of a body, without the texts that are read in an edge of their own.
pub fn answers(body: &Body) -> Lines {
    let mut lines = match body {
        Body::Concern(it) => concern_lines(it),
        Body::Engagement(it) => engagement(it),
        Body::Handout(it) => handout(it),
        Body::Stock(it) => stock(it),
        Body::PowerUse(it) => power_use(it),
        Body::Event(it) => event(it),
        Body::Referral(it) => referral(it),
        Body::Duty(it) => duty_lines(it),
        Body::Shift(it) => shift(it),
        Body::Leg(it) => place_line(it.place.as_ref()),
        Body::Visit(it) => {
            it.accuracy_m.map(|m| (words::VISIT_ACCURACY.to_owned(), words::metres(m))).into_iter().collect()
        }
        Body::Away(it) => vec![(
            words::AWAY_WHO.to_owned(),
            match it.scope {
                AwayScope::Crew => words::AWAY_CREW,
                AwayScope::Author => words::AWAY_AUTHOR,
            }
            .to_owned(),
        )],
        Body::Crew(it) => vec![(
            words::CREW_STANDING.to_owned(),
            match it.standing {
                CrewStanding::Claimed => words::UNCONFIRMED_STATE,
                CrewStanding::Confirmed => words::CONFIRMED_STATE,
                CrewStanding::Disputed => words::DISPUTED_STATE,
            }
            .to_owned(),
        )],
        Body::Submitted(it) => vec![
            (words::SUBMITTED_RECORDS.to_owned(), it.links.len().to_string()),
            (words::SUBMITTED_RECEIVED.to_owned(), it.received.to_string()),
            (words::SUBMITTED_DRAFTS.to_owned(), it.open_drafts.len().to_string()),
        ],
        _ => Lines::new(),
    };
    if let Some(paper) = body.paper() {
        push(&mut lines, words::PAPER, words::paper(&paper.book, &paper.page));
    }
    push(&mut lines, words::REASON, body.reason().unwrap_or_default());
    lines
}

/// What the head of a revision says beside its body: the area, and what was chosen of lists.
pub fn beside(area: Option<&str>, codes: &[CodeRef]) -> Lines {
    let mut lines = Lines::new();
    push(&mut lines, words::LEG_AREA, area.unwrap_or_default());
    for code in codes {
        let question = match code.list.as_str() {
            list::PATROL_MODE => words::LEG_MODE,
            list::PATROL_STYLE => words::LEG_STYLE,
            list::INITIATIVE => words::INITIATIVE,
            list::TRANSPORT => words::TRANSPORT,
            list::VISIT_METHOD => words::VISIT_METHOD,
            list::BREAK_REASON | list::AWAY_REASON | list::ABSTRACTION_REASON => words::WHY_CHANGED,
            _ => words::CHOSEN,
        };
        push(&mut lines, question, code.label.as_str());
    }
    lines
}

/// Everything a body says, texts included.
fn everything(body: &Body) -> Lines {
    let mut lines = Lines::new();
    if let Body::Concern(concern) = body {
        push(&mut lines, words::SEEN, concern.seen.as_str());
        let said = concern.words.iter().map(|said| {
            let who = said.speaker.as_deref().map(|who| format!(" ({who})")).unwrap_or_default();
            format!("“{}”{who}", said.words)
        });
        push(&mut lines, words::WORDS_SAID, said.collect::<Vec<_>>().join(" "));
        push(&mut lines, words::ASSESSMENT, concern.assessment.as_deref().unwrap_or_default());
    }
    if let Body::Referral(referral) = body {
        push(&mut lines, words::PHOTO, referral.photo.as_ref().map_or("", |_| words::PHOTO_KEPT));
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
        // Why it was corrected is said beside the change; it is no change itself.
        if !questions.contains(&question) && question != words::REASON {
            questions.push(question);
        }
    }
    questions
        .into_iter()
        .map(|question| (question.clone(), answer(&before, question), answer(&after, question)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

/// The labels of codes, one after the other.
pub(super) fn labels(codes: &[CodeRef]) -> String {
    codes.iter().map(|code| code.label.as_str()).collect::<Vec<_>>().join(", ")
}

/// The label of a code; nothing where none was chosen.
pub(super) fn label(code: Option<&CodeRef>) -> String {
    code.map(|code| code.label.clone()).unwrap_or_default()
}

/// What the list that ships calls a code that a body keeps without its label.
fn named(list: &str, code: &Code) -> String {
    let held = built_in().list(list).and_then(|list| list.items.iter().find(|item| item.code == *code));
    held.map_or_else(|| code.to_string(), |item| item.label.clone())
}

/// Adds an answer, unless there is none.
pub(super) fn push(lines: &mut Lines, question: impl Into<String>, answer: impl Into<String>) {
    let answer = answer.into();
    if !answer.is_empty() {
        lines.push((question.into(), answer));
    }
}

/// The place of a body, and its square.
pub(super) fn place_line(place: Option<&PlaceStamp>) -> Lines {
    let mut lines = Lines::new();
    if let Some(place) = place {
        let name = place.label().map(|label| format!("{label} · ")).unwrap_or_default();
        push(&mut lines, words::PLACE, format!("{name}{}", detail_of(place)));
        push(&mut lines, words::SQUARE, place.square_100m.clone().unwrap_or_default());
    }
    lines
}

/// No, yes, not known.
pub(super) const fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::No => words::NO,
        Answer::Yes => words::YES,
        Answer::NotKnown => words::NOT_KNOWN,
    }
}

/// The authority a power rests on.
pub(super) fn authority(lines: &mut Lines, authority: Option<&Authority>) {
    match authority {
        Some(Authority::Reference(reference)) => push(lines, words::AUTHORITY, reference.as_str()),
        Some(Authority::ToFollow(told)) => {
            push(lines, words::AUTHORITY, words::told_authority(&told.inspector, told.told_at));
        }
        None => {}
    }
}

/// The crime check.
pub(super) fn crime(lines: &mut Lines, gate: Option<&CrimeGate>) {
    let Some(gate) = gate else { return };
    let reporting = match gate.reporting {
        Reporting::Yes => words::GATE_YES,
        Reporting::NotSure => words::GATE_NOT_SURE,
        Reporting::No => words::GATE_NO,
    };
    push(lines, words::CRIME_CHECK, reporting);
    let now = gate.now.iter().map(|code| named(list::CRIME_CHECK_NOW, code)).collect::<Vec<_>>();
    push(lines, words::CRIME_NOW, now.join(", "));
    match (gate.reference.clone(), gate.due()) {
        (Some(reference), _) => push(lines, words::CRIME_REF, reference),
        (None, Some(due)) => push(lines, words::CRIME_REF, words::due_by(due)),
        (None, None) => {}
    }
}

/// The references to other systems, each by its own name.
pub(super) fn references(lines: &mut Lines, references: &[Reference]) {
    for reference in references {
        let mut said = reference.value.clone();
        if let Some(at) = reference.at {
            said = words::clip_began(&said, at, &time::day(duty::bwv_deleted_at(at)));
        }
        push(lines, reference.kind.label.as_str(), said);
    }
}

/// People described, each point a line of its own.
pub(super) fn people(lines: &mut Lines, people: &[PersonDescribed]) {
    for (place, person) in people.iter().enumerate() {
        let mut line = |question: &str, answer: String| {
            push(lines, words::of_person(place + 1, question), answer);
        };
        line(words::SUBJECT, labels(&person.subject));
        for point in Description::POINTS {
            line(point_word(point), person.description.point(point).unwrap_or_default().to_owned());
        }
        line(words::OFFICER_DEFINED, label(person.officer_defined.as_ref()));
        line(words::SELF_DEFINED, label(person.self_defined.as_ref()));
        line(words::WHY_NOT_STATED, label(person.not_stated.as_ref()));
    }
}

fn engagement(it: &Engagement) -> Lines {
    let mut lines = vec![(words::WHO.to_owned(), it.engagement_type.label.clone())];
    push(&mut lines, words::PEOPLE, it.people.to_string());
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::TOPICS, labels(&it.topics));
    crime(&mut lines, it.crime.as_ref());
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
    push(&mut lines, words::SAFEGUARDING_REF, it.safeguarding_ref.as_deref().unwrap_or_default());
    if let Some(bands) = &it.bands {
        let of = |list: &'static str, band: &Code, count: &u32| format!("{} {count}", named(list, band));
        let age =
            bands.age.iter().filter(|(_, count)| **count > 0).map(|(band, n)| of(list::AGE_BAND, band, n));
        let sex =
            bands.sex.iter().filter(|(_, count)| **count > 0).map(|(band, n)| of(list::SEX_BAND, band, n));
        let counted = age.chain(sex).collect::<Vec<_>>();
        push(&mut lines, words::BANDS, counted.join(", "));
    }
    if it.follow_up {
        push(&mut lines, words::FOLLOW_UP, words::YES);
    }
    push(&mut lines, words::NOTE, it.note.as_deref().unwrap_or_default());
    lines
}

/// A line of cards: `2, Polish, batch 2026-09`.
fn items(lines: &mut Lines, items: &[HandoutItem]) {
    for item in items {
        let mut said = vec![item.quantity.to_string()];
        said.extend(item.language.as_ref().map(|code| named(list::LANGUAGE, code)));
        said.extend(item.batch.as_ref().map(|batch| words::batch(batch.as_str())));
        said.extend(item.version.as_ref().map(|version| words::material_version(version.as_str())));
        push(lines, item.material.label.as_str(), said.join(", "));
    }
}

fn handout(it: &Handout) -> Lines {
    let mut lines = Lines::new();
    items(&mut lines, &it.items);
    if it.bulk {
        push(&mut lines, words::HANDOUT_HOW, words::HANDOUT_BULK);
    }
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::NOTE, it.note.as_deref().unwrap_or_default());
    lines
}

fn stock(it: &StockMoved) -> Lines {
    let direction = match it.direction {
        StockDirection::Drawn => words::STOCK_DRAW,
        StockDirection::Returned => words::STOCK_RETURN,
        StockDirection::Spoiled => words::STOCK_SPOIL,
    };
    let mut lines = vec![(words::STOCK_DIRECTION.to_owned(), direction.to_owned())];
    items(&mut lines, &it.items);
    push(&mut lines, words::STOCK_NOTE, it.note.as_deref().unwrap_or_default());
    lines
}

fn power_use(it: &PowerUse) -> Lines {
    let mut lines = vec![(words::POWER.to_owned(), it.power.label.clone())];
    authority(&mut lines, it.authority.as_ref());
    push(&mut lines, words::POWER_PEOPLE, it.people.to_string());
    push(&mut lines, words::POWER_REASON, label(it.reason_class.as_ref()));
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::POWER_AREA, it.area.as_deref().unwrap_or_default());
    push(&mut lines, words::POWER_UNTIL, it.until.map(time::day_clock).unwrap_or_default());
    if it.plain_clothes {
        push(&mut lines, words::POWER_CLOTHES, words::POWER_PLAIN);
    }
    references(&mut lines, &it.references);
    push(&mut lines, words::NOTE, it.note.as_deref().unwrap_or_default());
    lines
}

fn event(it: &Event) -> Lines {
    let mut lines = vec![(words::EVENT_TYPE.to_owned(), it.event_type.label.clone())];
    push(&mut lines, words::EVENT_NAME, it.name.as_deref().unwrap_or_default());
    push(&mut lines, words::ATTENDANCE, label(it.attendance.as_ref()));
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::PARTNERS_PRESENT, labels(&it.partners));
    push(&mut lines, words::TOPICS, labels(&it.topics));
    push(&mut lines, words::NOTE, it.note.as_deref().unwrap_or_default());
    lines
}

fn referral(it: &Referral) -> Lines {
    let mut lines = vec![
        (words::REFERRAL_STATE.to_owned(), it.state.label.clone()),
        (words::REFERRAL_ISSUE.to_owned(), it.issue.label.clone()),
        (words::REFERRAL_OWNER.to_owned(), it.owner.label.clone()),
    ];
    push(&mut lines, words::OWNER_REF, it.owner_ref.as_deref().unwrap_or_default());
    push(&mut lines, words::REFERRAL_DETAILS, it.details.as_deref().unwrap_or_default());
    lines.extend(place_line(it.place.as_ref()));
    lines
}

fn duty_lines(it: &DutyBody) -> Lines {
    let mut lines = vec![(words::DUTY_WHAT.to_owned(), it.what.label.clone())];
    push(&mut lines, words::DUTY_BY, it.due.map(time::day_clock).unwrap_or_default());
    push(&mut lines, words::DUTY_POST, it.post.as_ref().map(|post| post.to_string()).unwrap_or_default());
    references(&mut lines, it.reference.as_slice());
    push(&mut lines, words::DUTY_NOTE, it.note.as_deref().unwrap_or_default());
    lines
}

fn shift(it: &ShiftOpened) -> Lines {
    let mut lines = vec![(words::CALL_SIGN.to_owned(), it.call_sign.clone())];
    push(&mut lines, words::PLANNED_END, it.planned_end.map(time::day_clock).unwrap_or_default());
    push(&mut lines, words::PARTNERS, it.partners.join(", "));
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use beatbook_domain::entry::{Change, ConcernDraft, DraftForm, DraftPerson, Kind};
    use beatbook_domain::time::Millis;

    fn engagement(people: u32, note: &str) -> Body {
        let json = format!(
            r#"{{"engagement_type":{{"list":"engagement_type","version":1,"code":"E_CHAT","label":"Chat"}},"people":{people},"note":"{note}"}}"#
        );
        Body::parse(Kind::Engagement, 1, Change::First, json.as_bytes()).unwrap()
    }

    fn concern(change: impl FnOnce(&mut ConcernDraft)) -> Body {
        let mut draft = ConcernDraft {
            behaviours: vec![Code::new("B_TOUCH")],
            seen: "Seen.".to_owned(),
            ..ConcernDraft::default()
        };
        change(&mut draft);
        let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        DraftForm::Concern(draft).bodies(built_in(), on, Millis(0)).unwrap().main
    }

    #[test]
    fn a_correction_shows_only_what_changed() {
        let changed = changes(&engagement(40, "by the gate"), &engagement(4, "by the gate"));
        assert_eq!(changed, [(words::PEOPLE.to_owned(), "40".to_owned(), "4".to_owned())]);
        assert!(changes(&engagement(4, ""), &engagement(4, "")).is_empty());
    }

    #[test]
    fn the_reason_of_a_correction_is_no_change_of_it() {
        let mut after = engagement(4, "");
        after.set_reason("A slip".to_owned());
        assert!(changes(&engagement(4, ""), &after).is_empty());
        assert!(answers(&after).contains(&(words::REASON.to_owned(), "A slip".to_owned())));
    }

    #[test]
    fn each_point_of_a_person_is_compared_by_itself() {
        let person = |hair: &str| {
            let mut person = DraftPerson::default();
            hair.clone_into(person.description.point_mut("hair").unwrap());
            person.description.point_mut("build").unwrap().push_str("slim");
            person
        };
        let before = concern(|draft| draft.people = vec![person("short")]);
        let after = concern(|draft| draft.people = vec![person("shaved")]);
        let question = words::of_person(1, words::POINT_HAIR);
        assert_eq!(changes(&before, &after), [(question, "short".to_owned(), "shaved".to_owned())]);
    }
}
