//! Today: the officer's own screen. What runs now, what is kept, what was last written, and the way into every form.
//!
//! Common acts are one press from here: Engagement, Concern, Pause, Called away. Reading is above, doing is below.

use beatbook_domain::entry::Kind;
use beatbook_domain::time;
use beatbook_protocol::ipc::{AnswerCrewClaim, AppError, Command, CrewClaim, DraftRow, OpenDraft, TodayView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::codes::{Labels, choices};
use crate::components::choices::Choice;
use crate::components::frame::{AppShell, BigAction, Deck, Dock, DockKey, Foot, HeaderKeys, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::row::{DraftRowView, EntryRowView};
use crate::components::state::SyncPill;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::form::open_draft;
use crate::screens::shift_card::ShiftCard;

/// Runs a command that answers with the officer's screen, and shows that answer.
pub fn act<C>(shell: Shell, command: C)
where
    C: Command<Output = TodayView>,
{
    spawn_local(async move {
        let answer: Result<TodayView, AppError> = call(command).await;
        match answer {
            Ok(today) => shell.set_today(today),
            Err(error) => shell.report(&error),
        }
    });
}

/// The officer's shift.
#[component]
pub fn Today() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let today = shell.today();
    // Each part is told only when its own piece changes, so that a receipt does not repaint a sheet that is open.
    let shift = Memo::new(move |_| today.with(|today| today.as_ref().and_then(|today| today.shift.clone())));
    let claims =
        Memo::new(move |_| today.with(|today| today.as_ref().map(|t| t.claims.clone()).unwrap_or_default()));
    let drafts =
        Memo::new(move |_| today.with(|today| today.as_ref().map(|t| t.drafts.clone()).unwrap_or_default()));
    let entries =
        Memo::new(move |_| today.with(|today| today.as_ref().map(|t| t.entries.clone()).unwrap_or_default()));
    let total = Memo::new(move |_| today.with(|today| today.as_ref().map_or(0, |t| t.entries_total)));
    let notices =
        Memo::new(move |_| today.with(|today| today.as_ref().map(|t| t.notices.clone()).unwrap_or_default()));
    let title = Signal::derive(move || {
        shift
            .with(|shift| shift.as_ref().map_or_else(|| words::TODAY.to_owned(), |shift| shift.title.clone()))
    });
    let meta = Signal::derive(move || {
        let me = shell.me().get();
        shift.with(|shift| match shift {
            Some(shift) => {
                let crew: Vec<String> = shift.crew.iter().map(|member| member.title.clone()).collect();
                format!("{} · {}", time::day(shift.started_at), words::with_crew(&me, &crew))
            }
            None => me,
        })
    });
    let on_shift = Memo::new(move |_| shift.with(Option::is_some));

    view! {
        <AppShell>
            <Top title window=words::TODAY meta>
                <HeaderKeys />
            </Top>
            <Main>
                <SyncPill />
                <Notices notices />
                <Claims claims />
                <Recover />
                <Show when=move || on_shift.get() fallback=|| view! { <NoShift /> }>
                    {move || shift.get().map(|shift| view! { <ShiftCard shift /> })}
                </Show>
                <Show when=move || !drafts.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="drafts-h">
                        <div class="sec-head">
                            <h2 id="drafts-h">{words::DRAFTS}</h2>
                        </div>
                        <ul class="rows">
                            <For each=move || drafts.get() key=|row| (row.entry_id, row.kept_at) let:row>
                                <li>
                                    <DraftRowView row />
                                </li>
                            </For>
                        </ul>
                    </section>
                </Show>
                <section class="group" aria-labelledby="last-h">
                    <div class="sec-head">
                        <h2 id="last-h">{words::LAST_ENTRIES}</h2>
                        <Show when=move || total.get() != 0>
                            <a href=Route::Outbox.href() data-test="all-entries">
                                {move || words::all_of(total.get())}
                            </a>
                        </Show>
                    </div>
                    <Show
                        when=move || !entries.with(Vec::is_empty)
                        fallback=|| view! { <p class="sub">{words::NO_ENTRIES}</p> }
                    >
                        <ul class="rows">
                            <For
                                each=move || entries.get()
                                key=|row| format!("{row:?}")
                                let:row
                            >
                                <li>
                                    <EntryRowView row />
                                </li>
                            </For>
                        </ul>
                    </Show>
                </section>
            </Main>
            <Foot>
                <Deck label=words::ADD_ENTRY>
                    <Show when=move || !on_shift.get() && shell.patrols()>
                        <a class="btn btn-go" href=Route::StartShift.href() data-test="start-shift">
                            <Icon glyph=Glyph::Play />
                            {words::START_SHIFT}
                        </a>
                    </Show>
                    <div class="trio">
                        {move || {
                            view! {
                                <BigAction
                                    glyph=Glyph::Chat
                                    label=words::ENGAGEMENT
                                    test="new-engagement"
                                    primary=on_shift.get()
                                    on_press=Callback::new(move |()| open_draft(shell, OpenDraft::NewEngagement))
                                />
                            }
                        }}
                        <BigAction
                            glyph=Glyph::Flag
                            label=words::CONCERN
                            test="new-concern"
                            on_press=Callback::new(move |()| open_draft(shell, OpenDraft::NewConcern))
                        />
                    </div>
                </Deck>
                <Dock current=DockKey::Shift />
            </Foot>
        </AppShell>
    }
}

/// What the person must know about this phone.
#[component]
fn Notices(#[prop(into)] notices: Signal<Vec<String>>) -> impl IntoView {
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
fn Recover() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let session = shell.session();
    let draft = Memo::new(move |_| {
        session.with(|session| session.as_ref().and_then(|session| session.recover.clone())).filter(|draft| {
            shell
                .today()
                .with(|t| t.as_ref().is_some_and(|t| t.drafts.iter().any(|d| d.entry_id == draft.entry_id)))
        })
    });
    move || {
        draft.get().map(|draft: DraftRow| {
            let to = if draft.kind == Kind::Concern { Route::Concern(draft.entry_id) } else { Route::Engagement(draft.entry_id) };
            view! {
                <Note
                    glyph=Glyph::PhoneOk
                    heading=words::RECOVER
                    text=format!("{}, {}", words::draft_heading(draft.kind, draft.opened_at), words::draft_detail(draft.place.as_deref(), draft.kept_at))
                >
                    <div class="btn-row">
                        <a class="btn" href=to.href() data-test="recover">
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
fn Claims(#[prop(into)] claims: Signal<Vec<CrewClaim>>) -> impl IntoView {
    let shell = expect_context::<Shell>();
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

/// No shift is open.
#[component]
fn NoShift() -> impl IntoView {
    view! {
        <section class="card" data-test="no-shift">
            <h2 class="sec">{words::START_SHIFT_INTRO}</h2>
            <p class="sub gap-top">{words::START_SHIFT_TEXT}</p>
        </section>
    }
}

/// The answers of a list, as they stand in force.
pub fn of_list(shell: Shell, name: &'static str) -> Signal<Vec<Choice>> {
    let lists = shell.lists();
    Signal::derive(move || {
        lists
            .with(|lists| lists.as_ref().map(|lists| choices(lists, name, Labels::Short)).unwrap_or_default())
    })
}
