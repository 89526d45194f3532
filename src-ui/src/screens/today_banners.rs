//! What Today says before anything else: about this phone, crew to confirm, a draft to recover, a shift to go on with,
//! a planned end that has passed, and duties that stay until they are done.

use beatbook_domain::duty::Rise;
use beatbook_protocol::ipc::{AnswerCrewClaim, DraftRow, DutyHeld, DutyRow, OwnShift, StartShift};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::hold::HoldButton;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::{Note, Tone};
use crate::components::row::glyph_of;
use crate::locales::words;
use crate::route::Route;
use crate::screens::today::{act, part};

/// How many open duties are shown before "All n".
const DUTIES_FIRST: usize = 2;

/// What the person must know about this phone.
#[component]
pub fn Notices() -> impl IntoView {
    let notices = part(expect_context::<Shell>(), |today| today.notices.clone());
    move || {
        notices
            .get()
            .into_iter()
            .map(|notice| view! { <Note tone=Tone::Wait glyph=Glyph::Info heading=words::PLEASE_KNOW text=notice /> })
            .collect_view()
    }
}

/// The draft that was open when the app closed unexpectedly, until it is opened or the phone locked.
#[component]
pub fn Recover() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let session = shell.session();
    let drafts = part(shell, |today| today.drafts.clone());
    let draft = Memo::new(move |_| {
        let open = session.with(|session| session.as_ref().and_then(|session| session.recover.clone()))?;
        // As it is kept now: one that was saved or discarded meanwhile is no question any more.
        drafts.with(|drafts| drafts.iter().find(|draft| draft.entry_id == open.entry_id).cloned())
    });
    move || {
        draft.get().map(|draft: DraftRow| {
            let to = Route::of_draft(draft.kind, draft.entry_id).unwrap_or(Route::Today);
            let detail = words::draft_detail(draft.place.as_deref(), draft.kept_at);
            view! {
                <Note
                    glyph=glyph_of(draft.kind)
                    heading=words::RECOVER
                    text=format!("{}, {detail}", words::draft_line(&draft))
                >
                    <div class="btn-row">
                        <a class="btn" href=to.href() data-test="recover" data-kind=draft.kind.name()>
                            {words::RECOVER_GO}
                        </a>
                    </div>
                </Note>
            }
        })
    }
}

/// Somebody says this officer is in their crew.
#[component]
pub fn Claims() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let claims = part(shell, |today| today.claims.clone());
    move || {
        claims
            .get()
            .into_iter()
            .map(|claim| {
                let entry_id = claim.entry_id;
                let answer = move |confirm: bool| act(shell, AnswerCrewClaim { entry_id, confirm });
                view! {
                    <Note
                        tone=Tone::Wait
                        glyph=Glyph::Crew
                        heading=words::CREW_CLAIMS
                        text=words::crew_claim(&claim.by, claim.call_sign.as_deref(), claim.from, claim.until)
                        test="crew-claim"
                    >
                        <div class="btn-row">
                            <button type="button" class="btn" data-test="claim-confirm" on:click=move |_| answer(true)>
                                {words::CONFIRM}
                            </button>
                            <button type="button" class="btn" data-test="claim-dispute" on:click=move |_| answer(false)>
                                {words::DISPUTE}
                            </button>
                        </div>
                    </Note>
                }
            })
            .collect_view()
    }
}

/// The officer's shift, begun on another phone and open: this phone goes on with it in one press.
#[component]
pub fn Resumable() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let resumable = part(shell, |today| today.resumable.clone());
    move || {
        resumable.get().map(|OwnShift { shift_id, call_sign, started_at, .. }| {
            let command = StartShift {
                call_sign: call_sign.clone(),
                continues: Some(shift_id),
                ..StartShift::default()
            };
            view! {
                <Note
                    glyph=Glyph::Phone
                    heading=words::resume(&call_sign, started_at)
                    text=words::RESUME_TEXT
                    test="resumable"
                >
                    <div class="btn-row">
                        <button
                            type="button"
                            class="btn"
                            data-test="resume"
                            on:click=move |_| act(shell, command.clone())
                        >
                            <Icon glyph=Glyph::Play />
                            {words::RESUME_GO}
                        </button>
                    </div>
                </Note>
            }
        })
    }
}

/// The planned end has passed. A reminder: nothing ends by itself.
#[component]
pub fn PastEnd() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let past = part(shell, |today| today.past_end);
    let go = Callback::new(move |()| shell.router().go(Route::EndShift));
    move || {
        past.get().map(|planned| {
            view! {
                <Note
                    tone=Tone::Wait
                    glyph=Glyph::Clock
                    heading=words::past_end(planned)
                    text=words::PAST_END_TEXT
                    test="past-end"
                >
                    <div class="btn-row">
                        <HoldButton
                            label=words::END
                            name=words::END_NAME
                            id="past-end-go"
                            question=words::END_ASK
                            explain=words::END_EXPLAIN
                            confirm=words::END_GO
                            on_done=go
                        />
                    </div>
                </Note>
            }
        })
    }
}

/// Duties that are open, those due first first; the rest behind "All n".
#[component]
pub fn OpenDuties() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let duties =
        part(shell, |today| today.duties.iter().filter(|duty| duty.open).cloned().collect::<Vec<_>>());
    let total = Memo::new(move |_| u32::try_from(duties.with(Vec::len)).unwrap_or(u32::MAX));
    let first = move || -> Vec<DutyRow> { duties.get().into_iter().take(DUTIES_FIRST).collect() };
    view! {
        <Show when=move || total.get() != 0>
            <section class="group" aria-labelledby="duties-h" data-test="open-duties">
                <div class="sec-head">
                    <h2 id="duties-h">{words::OPEN_DUTIES}</h2>
                    <a href=Route::Duties.href() data-test="all-duties">
                        {move || words::all_of(total.get())}
                    </a>
                </div>
                <ul class="rows">
                    <For
                        each=first
                        key=|duty| format!("{duty:?}")
                        let:duty
                    >
                        <li>
                            <DutyLine duty />
                        </li>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

/// One open duty: what, from what, and by when in words.
#[component]
pub fn DutyLine(
    /// The duty.
    duty: DutyRow,
) -> impl IntoView {
    let DutyRow { entry_id, what, due, overdue, about_line, lies_with, held, rise, .. } = duty;
    let rises = rise != Rise::Calm;
    let glyph = if overdue { Glyph::Alert } else { Glyph::Clock };
    let lies = match held {
        DutyHeld::Mine => None,
        DutyHeld::Another => Some(words::lies_with(&lies_with)),
        DutyHeld::Offered if rises => Some(words::nobody_took(&lies_with)),
        DutyHeld::Offered => Some(words::offered_to(&lies_with)),
    };
    view! {
        <a
            class="row"
            class:row-need=overdue || rises
            href=Route::Duties.href()
            data-test="duty-line"
            data-entry=entry_id.to_string()
            data-overdue=overdue.then_some("")
            data-rise=format!("{rise:?}").to_lowercase()
        >
            <Icon glyph=Glyph::List />
            <span class="row-t">
                <b>{what.label}</b>
                <span class="meta">{about_line}</span>
                {lies.map(|lies| view! { <span class="meta" data-test="lies-with">{lies}</span> })}
            </span>
            <span class="state wraps" class:waiting=overdue || rises>
                <Icon glyph size=IconSize::Small />
                <span>{words::due_state(due, overdue)}</span>
            </span>
        </a>
    }
}
