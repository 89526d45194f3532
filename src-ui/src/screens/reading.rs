//! Reading a body: fact, exact words and opinion apart, then the answers. The same reading serves signing and the entry
//! view, so what is signed is what is read.

use beatbook_domain::entry::{Body, Concern, SpokenWords};
use beatbook_domain::time;
use leptos::prelude::*;

use crate::components::fields::{KindTag, TextKind};
use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use crate::screens::photo::Photo;
use crate::screens::reading_lines::{Lines, answers};

/// A body as people read it.
#[component]
pub fn ReadBody(
    /// The body.
    body: Body,
    /// What the head says beside it: area, mode, reason of a pause.
    #[prop(optional)]
    beside: Lines,
) -> impl IntoView {
    let mut lines = beside;
    lines.extend(answers(&body));
    match body {
        Body::Concern(concern) => view! { <ReadConcern concern lines /> }.into_any(),
        Body::Referral(referral) => view! {
            <Answers lines />
            {referral.photo.map(|photo| view! { <Photo photo /> })}
        }
        .into_any(),
        Body::Unread(_) => view! { <p class="sub">{words::UNREADABLE}</p> }.into_any(),
        _ => view! { <Answers lines /> }.into_any(),
    }
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
fn ReadConcern(concern: Concern, lines: Lines) -> impl IntoView {
    let Concern { seen, words: said, assessment, .. } = concern;
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
                            {said.into_iter().map(|said| view! { <Quotation said /> }).collect_view()}
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
            <Answers lines />
        </div>
    }
}

/// Words said, and by whom.
#[component]
fn Quotation(said: SpokenWords) -> impl IntoView {
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
}
