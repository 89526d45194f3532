//! The card of the open shift: how long it runs, what the officer is doing, and the presses that change that.

use beatbook_domain::code_list::list;
use beatbook_domain::id::Code;
use beatbook_domain::time::{self, MINUTE_MS, Millis};
use beatbook_protocol::ipc::{
    ComeBack, Doing, EndBreak, EndLeg, GoAway, LegView, ShiftView, StartBreak, VisitView,
};
use leptos::prelude::*;

use crate::app::{Shell, use_minute};
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::hold::HoldButton;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::ring::Ring;
use crate::components::sheet::Sheet;
use crate::locales::words;
use crate::route::Route;
use crate::screens::new_leg::NewLeg;
use crate::screens::today::{act, of_list};

/// The open shift: timer, leg, and what can be done with them.
#[component]
pub fn ShiftCard(
    /// The shift.
    shift: ShiftView,
) -> impl IntoView {
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

/// Whole minutes of a length, 0 for a negative one.
fn minutes(ms: i64) -> u32 {
    u32::try_from(ms / MINUTE_MS).unwrap_or(0)
}
