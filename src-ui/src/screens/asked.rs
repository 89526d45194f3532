//! What was said about an entry: the questions its officer answers, and everything decided before.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::EntryId;
use beatbook_domain::time;
use beatbook_protocol::ipc::{
    AnswerReturn, AppError, EntryState, EntryView, OpenDraft, ReviewStanding, ReviewView, SaidView,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::fields::TextArea;
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::entry_acts::Renew;
use crate::screens::form::open_draft;

/// The questions that wait for the reader's answer: each with the sergeant's words; correct, or keep.
#[component]
pub fn Asked(
    /// The entry.
    entry: EntryView,
    /// Shows it anew.
    renew: Renew,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (id, kind) = (entry.row.entry_id, entry.row.kind);
    let waits = entry.mine && entry.review.questions_wait;
    // What was sent back is answered before what was asked beside.
    let returned = entry.review.standing == ReviewStanding::Returned;
    let asked = entry
        .review
        .said
        .into_iter()
        .rev()
        .find(|said| waits && said.kind == Kind::Return && said.is_current && said.aside != returned);
    let Some(asked) = asked else { return ().into_any() };
    let keeping = RwSignal::new(false);
    let has_form = Route::of_draft(kind, id).is_some();
    let aside = asked.aside;
    let beside = if aside { words::ASKED_BESIDE } else { "" };
    let due = [beside.to_owned(), words::due(asked.due, asked.urgent), words::WORKS_OFFLINE.to_owned()];
    let due = due.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let by = format!("{}, {}", asked.by, time::day_clock(asked.at));
    view! {
        <Note
            tone=Tone::Wait
            glyph=Glyph::Back
            heading=words::asks_about(&asked.by, asked.questions.len())
            text=due
            test="asked"
        />
        {asked
            .questions
            .into_iter()
            .zip(1_u32..)
            .map(|(question, number)| {
                let field = words::field(question.field.as_deref().unwrap_or_default());
                let (labelled, id) = (format!("asked-{number}"), format!("asked-{number}"));
                view! {
                    <section class="fix" aria-labelledby=labelled data-test="question">
                        <div class="fix-h">
                            <h2 id=id>{number} ". " {field}</h2>
                        </div>
                        <div class="fix-b">
                            <p class="said">
                                <Icon glyph=Glyph::Chat />
                                <span>
                                    "“" {question.words} "”" <br /> <span class="meta">{by.clone()}</span>
                                </span>
                            </p>
                        </div>
                    </section>
                }
            })
            .collect_view()}
        <div class="btn-row">
            {has_form.then(|| view! {
                <button
                    type="button"
                    class="btn btn-lg btn-go"
                    data-test="answer-correct"
                    on:click=move |_| open_draft(shell, OpenDraft::Amend(id))
                >
                    <Icon glyph=Glyph::Pencil />
                    {words::CORRECT}
                </button>
            })}
            <button type="button" class="btn btn-lg" data-test="keep-mine" on:click=move |_| keeping.set(true)>
                <Icon glyph=if aside { Glyph::Chat } else { Glyph::Check } />
                {if aside { words::ANSWER_KEY } else { words::KEEP_MINE }}
            </button>
        </div>
        <Sheet open=keeping title=if aside { words::ANSWER_TITLE } else { words::KEEP_MINE_ASK } id="keep-sheet">
            <KeepMine id open=keeping renew />
        </Sheet>
    }
    .into_any()
}

/// Why it stays, and the key.
#[component]
fn KeepMine(id: EntryId, open: RwSignal<bool>, renew: Renew) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let why = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let go = move |_| {
        let words = why.get_untracked();
        spawn_local(async move {
            match call(AnswerReturn { entry_id: id, words }).await {
                Ok(entry) => {
                    open.try_set(false);
                    renew.done(shell, entry, words::ANSWERED_NOW).await;
                }
                Err(AppError { message, .. }) => {
                    problem.try_set(Some(message));
                }
            }
        });
    };
    view! {
        <p>{words::KEEP_MINE_TEXT}</p>
        <TextArea
            label=words::KEEP_MINE_WHY
            id="keep-why"
            value=why
            problem
            on_input=Callback::new(move |text| why.set(text))
        />
        <div class="btn-row">
            <button type="button" class="btn btn-lg btn-go" data-test="keep-go" on:click=go>
                <Icon glyph=Glyph::Up />
                {words::KEEP_MINE_GO}
            </button>
        </div>
    }
}

/// Everything said about an entry, newest first.
#[component]
pub fn SaidAbout(
    /// Its review.
    review: ReviewView,
) -> impl IntoView {
    if review.said.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="group" aria-labelledby="said-h" data-test="said-about">
            <h2 class="sec" id="said-h">{words::SAID_ABOUT}</h2>
            <ol class="steps">
                {review.said.into_iter().rev().map(|said| view! { <Said said /> }).collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

/// One decision, return or answer.
#[component]
fn Said(said: SaidView) -> impl IntoView {
    let what = match (said.kind, said.escalated) {
        (Kind::Return, _) if said.aside => words::ASKS_BESIDE,
        (Kind::Return, _) => words::REVIEW_QUESTION_ASKED,
        (Kind::Answer, _) => words::KEEPS_IT,
        (_, true) => words::ESCALATED,
        _ => words::APPROVED,
    };
    let mut beside = vec![time::day_clock(said.at)];
    if !matches!(said.state, EntryState::Received { .. }) {
        beside.push(words::STILL_ON_PHONE.to_owned());
    }
    if !said.is_current {
        beside.push(words::FOR_EARLIER_VERSION.to_owned());
    }
    view! {
        <li data-test="said">
            <b>{what} ", " {said.by}</b>
            <span class="meta">{beside.join(" · ")}</span>
            {said.disposition.map(|to| view! { <p>{to}</p> })}
            {said
                .questions
                .into_iter()
                .map(|question| {
                    let field = words::field(question.field.as_deref().unwrap_or_default());
                    view! { <p><strong>{field}</strong> ": “" {question.words} "”"</p> }
                })
                .collect_view()}
            {said.words.map(|words| view! { <p>"“" {words} "”"</p> })}
        </li>
    }
}
