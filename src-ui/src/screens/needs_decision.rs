//! The decisions of a shift: what needs one, with the difference only, and the approval of the whole.

use beatbook_domain::entry::Body;
use beatbook_domain::id::EntryId;
use beatbook_domain::review::Reason;
use beatbook_domain::time;
use beatbook_protocol::ipc::{
    AppError, ApproveShift, DecisionForm, NeedsDecision, RevisionView, ShiftReview, SummaryView,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::decide::{About, ReturnForm, plain_approval};
use crate::screens::reading_lines::changes;

/// The key that approves a shift; it says what still stands before it.
#[component]
pub fn ApproveKey(
    /// The shift.
    id: EntryId,
    /// Where its review stands.
    review: ShiftReview,
    /// What the screen shows.
    view: RwSignal<Option<SummaryView>>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    if let Some((who, at)) = review.approved {
        return view! {
            <span class="state received box wraps" data-test="shift-approved">
                <Icon glyph=Glyph::Ok size=IconSize::Small />
                {words::approved_by(&who, at)}
            </span>
        }
        .into_any();
    }
    let after = if !review.needs.is_empty() {
        Some(words::after_decisions(review.needs.len()))
    } else if review.returned > 0 {
        Some(words::AFTER_ANSWERS.to_owned())
    } else if review.above > 0 {
        Some(words::AFTER_ABOVE.to_owned())
    } else if !review.may_approve {
        Some(words::AFTER_SIGNING.to_owned())
    } else {
        None
    };
    let stopped = after.is_some();
    let go = move |_| {
        if stopped {
            return;
        }
        spawn_local(async move {
            match call(ApproveShift { shift_id: id }).await {
                Ok(summary) => {
                    view.try_set(Some(summary));
                    shell.toasts().say(words::APPROVED_NOW);
                }
                Err(AppError { message, .. }) => shell.toasts().say(message),
            }
        });
    };
    view! {
        <button
            type="button"
            class="btn"
            class:btn-go=!stopped
            aria-disabled=stopped.then_some("true")
            data-test="approve-shift"
            data-shortcut="a"
            data-shortcut-focus="yes"
            on:click=go
        >
            <Icon glyph=Glyph::Ok />
            <span class="two-lines">
                <strong>{words::APPROVE_SHIFT}</strong>
                {after.map(|after| view! { <span class="meta">{after}</span> })}
            </span>
        </button>
    }
    .into_any()
}

/// The entries that need a decision of their own.
#[component]
pub fn DecisionsPanel(
    /// Where the review stands.
    review: ShiftReview,
    /// Counted up, the summary is read again.
    presses: RwSignal<u32>,
) -> impl IntoView {
    let (returned, above) = (review.returned, review.above);
    if review.needs.is_empty() && returned == 0 && above == 0 {
        return ().into_any();
    }
    let count = u32::try_from(review.needs.len()).unwrap_or(u32::MAX);
    view! {
        <section class="panel decisions" aria-labelledby="dc-h" data-test="needs-decision">
            <h2 id="dc-h">{words::NEEDS_A_DECISION} " " <span class="meta">{words::entries(count)}</span></h2>
            <ul class="decide">
                {review.needs.into_iter().map(|need| view! { <Need need presses /> }).collect_view()}
            </ul>
            {(above > 0).then(|| view! {
                <p class="meta" data-test="waits-above">{words::n_above(above)}</p>
            })}
            {(returned > 0).then(|| view! {
                <p class="meta" data-test="waits-for-answers">{words::returned(returned)}</p>
            })}
        </section>
    }
    .into_any()
}

/// The body of a revision, where this Beatbook can read it.
fn body_of(revision: &RevisionView) -> Option<Body> {
    revision.body.as_ref().and_then(|body| body.read(revision.kind, revision.change))
}

/// What changed: the question, before, now; and why, as its author said.
fn difference(need: &NeedsDecision) -> (Vec<(String, String, String)>, Option<String>) {
    let Some((before, now)) = &need.before_and_now else { return (Vec::new(), None) };
    match (body_of(before), body_of(now)) {
        (Some(before), Some(now)) => {
            let why = now.reason().map(str::to_owned);
            (changes(&before, &now), why)
        }
        _ => (Vec::new(), None),
    }
}

/// One entry: what, whose, why it needs a decision, and the keys.
#[component]
fn Need(need: NeedsDecision, presses: RwSignal<u32>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (id, kind) = (need.row.entry_id, need.row.kind);
    let about = About { entry_id: id, link: need.link };
    let reads_first = matches!(need.reason, Reason::Concern | Reason::Escalated | Reason::Power);
    let glyph = match need.reason {
        Reason::Concern => Glyph::Flag,
        Reason::Power => Glyph::Book,
        Reason::Answered | Reason::Edited => Glyph::Pencil,
        Reason::Question => Glyph::Info,
        Reason::Escalated => Glyph::Up,
    };
    let author = need.row.author.clone().unwrap_or_default();
    let heading = format!("{} {}, {author}", time::clock(need.row.at), need.row.title);
    let (changed, why) = difference(&need);
    let returning = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let decide = Callback::new(move |what: DecisionForm| {
        spawn_local(async move {
            match about.decide(what).await {
                Ok(said) => {
                    returning.try_set(false);
                    shell.toasts().say(said);
                    presses.update(|presses| *presses = presses.wrapping_add(1));
                }
                Err(words) => {
                    problem.try_set(Some(words.clone()));
                    shell.toasts().say(words);
                }
            }
        });
    });
    let sheet = format!("return-sheet-{id}");
    view! {
        <li data-test="need" data-entry=id.to_string()>
            <div class="line">
                <Icon glyph />
                <div>
                    <a class="opens" href=Route::Entry(id).href() data-test="need-open"><strong>{heading}</strong></a>
                    <span class="meta">{words::reason(need.reason)} " · " {need.row.detail}</span>
                    {changed
                        .into_iter()
                        .map(|(what, before, now)| {
                            view! {
                                <p class="meta" data-test="changed">
                                    {what} " " <del>{before}</del> " " {words::NOW.to_lowercase()} " " <ins>{now}</ins>
                                </p>
                            }
                        })
                        .collect_view()}
                    {why.map(|why| view! { <p class="meta">"“" {why} "”"</p> })}
                </div>
            </div>
            <div class="btn-row">
                {if reads_first {
                    view! {
                        <a class="btn btn-go" href=Route::Entry(id).href() data-test="read-and-decide">{words::READ_AND_DECIDE}</a>
                    }.into_any()
                } else {
                    view! {
                        <button type="button" class="btn" data-test="need-return" on:click=move |_| {
                            problem.set(None);
                            returning.set(true);
                        }>
                            <Icon glyph=Glyph::Back size=IconSize::Small />
                            {words::RETURN_SHORT}
                        </button>
                        <button type="button" class="btn" data-test="need-approve" on:click=move |_| decide.run(plain_approval())>
                            <Icon glyph=Glyph::Check size=IconSize::Small />
                            {words::APPROVE}
                        </button>
                    }.into_any()
                }}
            </div>
            <Sheet open=returning title=words::RETURN_TITLE id=sheet>
                <ReturnForm kind on_go=decide problem />
            </Sheet>
        </li>
    }
}
