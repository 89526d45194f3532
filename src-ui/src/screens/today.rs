//! Today: the officer's own screen. What runs now, what is kept, what was last written, and the way into every form.
//!
//! Common acts are one press from here: Engagement, Concern, Pause, Called away. Reading is above, doing is below.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::Kind;
use beatbook_domain::id::Code;
use beatbook_domain::time::{self, MINUTE_MS, Millis};
use beatbook_protocol::ipc::{
    AnswerCrewClaim, AppError, ComeBack, Command, CrewClaim, Doing, DraftRow, EndBreak, EndLeg, GoAway,
    LegView, OpenDraft, ShiftView, StartBreak, TodayView, VisitView,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Shell, use_minute};
use crate::codes::{Labels, choices};
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::frame::{AppShell, BigAction, Deck, Dock, DockKey, Foot, IconKey, Main, Top};
use crate::components::hold::HoldButton;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::{Note, Tone};
use crate::components::ring::Ring;
use crate::components::row::{DraftRowView, EntryRowView};
use crate::components::sheet::Sheet;
use crate::components::state::SyncPill;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::form::open_draft;
use crate::screens::new_leg::NewLeg;
use crate::theme::Theme;

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
    let theme = expect_context::<Theme>();
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
                <span class="tools">
                    <IconKey
                        glyph=Glyph::Swap
                        label=words::LEFT_HAND
                        test="hand"
                        pressed=theme.is_left()
                        on_press=Callback::new(move |()| theme.switch_hand())
                    />
                    <IconKey
                        glyph=Glyph::Sun
                        label=words::LIGHT_THEME
                        test="theme"
                        pressed=theme.is_light()
                        on_press=Callback::new(move |()| theme.switch())
                    />
                    <IconKey
                        glyph=Glyph::Lock
                        label=words::LOCK_PHONE
                        test="lock"
                        on_press=Callback::new(move |()| shell.lock(false))
                    />
                </span>
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

/// The open shift: timer, leg, and what can be done with them.
#[component]
fn ShiftCard(shift: ShiftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let now = use_minute();
    let pausing = RwSignal::new(false);
    let starting_leg = RwSignal::new(false);
    let started = shift.started_at;
    let on_leg = matches!(shift.doing, Doing::OnLeg(_));
    let away = matches!(shift.doing, Doing::Away { .. });
    let on_break = matches!(shift.doing, Doing::OnBreak { .. });
    let open: Vec<(String, bool)> =
        shift.crew.iter().filter(|m| !m.confirmed).map(|m| (m.title.clone(), m.disputed)).collect();
    let doing = shift.doing.clone();
    let leg_number = shift.leg_number;

    view! {
        <section class="card" class:card-live=on_leg aria-labelledby="shift-h" data-test="shift-card">
            <h2 class="vh" id="shift-h">
                {words::SHIFT_AND_LEG}
            </h2>
            <div class="card-head">
                <span class="clock" data-test="shift-clock">
                    {move || time::duration(now.get().since(started))}
                </span>
                <DoingChip doing=doing.clone() />
            </div>
            {match doing {
                Doing::OnLeg(leg) => view! { <LegLine leg number=leg_number now /> }.into_any(),
                Doing::Between => view! { <PlainLine glyph=Glyph::Walk line=words::BETWEEN_TEXT.to_owned() /> }.into_any(),
                Doing::OnBreak { since, reason } => {
                    let line = words::since(since, reason.as_ref().map(|reason| reason.label.as_str()));
                    view! { <PlainLine glyph=Glyph::Pause line /> }.into_any()
                }
                Doing::Away { since, reason } => {
                    let line = words::since(since, reason.as_ref().map(|reason| reason.label.as_str()));
                    let told = reason.map(|reason| reason.code);
                    view! {
                        <PlainLine glyph=Glyph::Car line />
                        <AwayReason told />
                    }
                        .into_any()
                }
            }}
            {(!open.is_empty())
                .then(|| {
                    open.into_iter()
                        .map(|(title, disputed)| {
                            let word = if disputed { words::DISPUTED } else { words::NOT_CONFIRMED };
                            view! {
                                <p class="state waiting wraps gap-top" data-test="crew-open">
                                    <Icon glyph=Glyph::Clock size=IconSize::Small />
                                    <span>{format!("{title} {word}")}</span>
                                </p>
                            }
                        })
                        .collect_view()
                })}
            <div class="btn-row two-up">
                {if away {
                    view! {
                        <button
                            type="button"
                            class="btn"
                            data-test="back-on-patrol"
                            on:click=move |_| act(shell, ComeBack {})
                        >
                            <Icon glyph=Glyph::Walk />
                            {words::BACK_ON_PATROL}
                        </button>
                    }
                        .into_any()
                } else if on_break {
                    view! {
                        <button type="button" class="btn" data-test="go-on" on:click=move |_| act(shell, EndBreak {})>
                            <Icon glyph=Glyph::Play />
                            {words::GO_ON}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <button type="button" class="btn" data-test="pause" on:click=move |_| pausing.set(true)>
                            <Icon glyph=Glyph::Pause />
                            {words::PAUSE}
                        </button>
                        <button type="button" class="btn" data-test="new-leg" on:click=move |_| starting_leg.set(true)>
                            <Icon glyph=Glyph::Walk />
                            {words::NEW_LEG}
                        </button>
                        {on_leg
                            .then(|| {
                                view! {
                                    <button
                                        type="button"
                                        class="btn"
                                        data-test="end-leg"
                                        on:click=move |_| act(shell, EndLeg {})
                                    >
                                        <Icon glyph=Glyph::Stop />
                                        {words::END_LEG}
                                    </button>
                                }
                            })}
                    }
                        .into_any()
                }} <HoldButton
                    label=words::END
                    name=words::END_NAME
                    id="end"
                    question=words::END_ASK
                    explain=words::END_EXPLAIN
                    confirm=words::END_GO
                    on_done=Callback::new(move |()| shell.router().go(Route::EndShift))
                />
            </div>
        </section>
        <PauseSheet open=pausing />
        <NewLeg open=starting_leg shift=shift />
    }
}

/// The live state of the shift, in a word.
#[component]
fn DoingChip(doing: Doing) -> impl IntoView {
    match doing {
        Doing::OnLeg(_) => view! {
            <span class="live" data-test="doing">
                {words::ON_PATROL}
            </span>
        }
        .into_any(),
        Doing::Between => view! {
            <span class="state box" data-test="doing">
                {words::BETWEEN_LEGS}
            </span>
        }
        .into_any(),
        Doing::OnBreak { .. } => view! {
            <span class="state waiting box" data-test="doing">
                <Icon glyph=Glyph::Pause size=IconSize::Small />
                {words::ON_A_BREAK}
            </span>
        }
        .into_any(),
        Doing::Away { .. } => view! {
            <span class="state waiting box" data-test="doing">
                <Icon glyph=Glyph::Car size=IconSize::Small />
                {words::AWAY}
            </span>
        }
        .into_any(),
    }
}

/// A running leg: the visit ring where a visit runs, the area, the leg.
#[component]
fn LegLine(leg: LegView, number: u32, #[prop(into)] now: Signal<Millis>) -> impl IntoView {
    let line = words::leg(number, leg.mode.as_ref().map(|mode| mode.label.as_str()), leg.since);
    let visit = leg.visit.clone();
    let place = visit
        .as_ref()
        .map(|visit| visit.area.clone())
        .or(leg.area)
        .unwrap_or_else(|| words::NO_AREA.to_owned());
    let spoken = place.clone();
    view! {
        <div class="leg">
            {match visit.clone() {
                Some(VisitView { since, band, .. }) => {
                    let minutes = Signal::derive(move || minutes(now.get().since(since)));
                    view! { <Ring minutes place=spoken band /> }.into_any()
                }
                None => view! { <Icon glyph=Glyph::Walk size=IconSize::Large /> }.into_any(),
            }} <div class="leg-t">
                <b data-test="leg-area">{place}</b>
                {visit
                    .map(|visit| {
                        view! {
                            <span class="sub">
                                {move || words::visit_since(visit.since, minutes(now.get().since(visit.since)), visit.band)}
                            </span>
                            <br />
                        }
                    })} <span class="sub" data-test="leg-line">
                    {line}
                </span>
            </div>
        </div>
    }
}

/// A line without a ring.
#[component]
fn PlainLine(glyph: Glyph, line: String) -> impl IntoView {
    view! {
        <div class="leg">
            <Icon glyph />
            <div class="leg-t">
                <span class="sub">{line}</span>
            </div>
        </div>
    }
}

/// Why called away, and whether the crew goes on; both may follow later.
#[component]
fn AwayReason(told: Option<Code>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let only_me = RwSignal::new(false);
    let reason = RwSignal::new(told);
    let on = Signal::derive(move || reason.get().into_iter().collect::<Vec<_>>());
    let send =
        move || act(shell, GoAway { reason: reason.get_untracked(), author_only: only_me.get_untracked() });
    let only = Code::from("only-me");
    let only_on = only.clone();
    view! {
        <div class="group gap-top">
            <ChipGroup
                legend=words::WHY_AWAY
                hint=words::WHY_AWAY_HINT
                pick=Pick::One
                name="away-reason"
                choices=of_list(shell, list::AWAY_REASON)
                on
                first=5
                on_change=Callback::new(move |(code, _): (Code, bool)| {
                    reason.set(Some(code));
                    send();
                })
            />
            <ChipGroup
                legend=words::ONLY_ME
                quiet=true
                pick=Pick::Many
                name="away"
                choices=vec![Choice::new(only, words::ONLY_ME).glyph(Glyph::Person)]
                on=Signal::derive(move || if only_me.get() { vec![only_on.clone()] } else { Vec::new() })
                on_change=Callback::new(move |(_, on): (Code, bool)| {
                    only_me.set(on);
                    send();
                })
            />
        </div>
    }
}

/// Why the patrol pauses; the reason is optional.
#[component]
fn PauseSheet(open: RwSignal<bool>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let reason = RwSignal::new(None::<Code>);
    view! {
        <Sheet open title=words::WHY_PAUSE id="pause-sheet">
            <ChipGroup
                legend=words::WHY_PAUSE
                quiet=true
                pick=Pick::One
                name="pause-reason"
                choices=of_list(shell, list::BREAK_REASON)
                on=Signal::derive(move || reason.get().into_iter().collect::<Vec<_>>())
                on_change=Callback::new(move |(code, _): (Code, bool)| reason.set(Some(code)))
            />
            <div class="btn-row">
                <button
                    type="button"
                    class="btn btn-go"
                    data-test="pause-go"
                    on:click=move |_| {
                        open.set(false);
                        act(shell, StartBreak { reason: reason.get_untracked() });
                    }
                >
                    {words::PAUSE_NOW}
                </button>
            </div>
        </Sheet>
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

/// Whole minutes of a length, 0 for a negative one.
fn minutes(ms: i64) -> u32 {
    u32::try_from(ms / MINUTE_MS).unwrap_or(0)
}
