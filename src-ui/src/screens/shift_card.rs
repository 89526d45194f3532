//! The card of the open shift: how long it runs, what the officer is doing, and the presses that change that.

use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::{ComeBack, CrewRow, Doing, EndBreak, EndLeg, LegView, ShiftView, VisitView};
use leptos::prelude::*;

use crate::app::{Shell, use_minute};
use crate::components::hold::HoldButton;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::ring::Ring;
use crate::locales::words;
use crate::route::Route;
use crate::screens::new_leg::NewLeg;
use crate::screens::shift_sheets::{AwayReason, PauseSheet};
use crate::screens::today::act;
use crate::screens::visit::LeftButton;

/// The open shift: timer, leg, and what can be done with them.
#[component]
pub fn ShiftCard(
    /// The shift.
    shift: ShiftView,
) -> impl IntoView {
    let now = use_minute();
    let pausing = RwSignal::new(false);
    let starting_leg = RwSignal::new(false);
    let started = shift.started_at;
    let on_leg = matches!(shift.doing, Doing::OnLeg(_));
    let alone = shift.crew.iter().all(|member| member.until.is_some());
    let doing = shift.doing.clone();
    let leg_number = shift.leg_number;
    let visit = shift.visit.clone();
    let in_area = visit.is_some();

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
            {match doing.clone() {
                Doing::OnLeg(leg) => view! { <LegLine leg number=leg_number now /> }.into_any(),
                Doing::Between => {
                    let line = words::BETWEEN_TEXT.to_owned();
                    match visit {
                        Some(visit) => view! { <VisitLine visit line now /> }.into_any(),
                        None => view! { <PlainLine glyph=Glyph::Walk line /> }.into_any(),
                    }
                }
                Doing::OnBreak { since, reason } => {
                    let line = words::since(since, reason.as_ref().map(|reason| reason.label.as_str()));
                    view! { <PlainLine glyph=Glyph::Pause line /> }.into_any()
                }
                Doing::Away { since, reason, author_only } => {
                    let line = words::since(since, reason.as_ref().map(|reason| reason.label.as_str()));
                    view! {
                        <PlainLine glyph=Glyph::Car line />
                        <AwayReason told=reason.map(|reason| reason.code) author_only alone />
                    }
                        .into_any()
                }
            }}
            {shift
                .plain_clothes
                .then(|| {
                    view! {
                        <p class="state wraps gap-top" data-test="plain-clothes">
                            <Icon glyph=Glyph::Person size=IconSize::Small />
                            <span>{words::PLAIN_CLOTHES}</span>
                        </p>
                    }
                })}
            <CrewLine crew=shift.crew.clone() />
            <Keys doing in_area pausing starting_leg />
        </section>
        <PauseSheet open=pausing />
        <NewLeg open=starting_leg shift />
    }
}

/// The presses that fit what the officer is doing. End is always among them.
#[component]
fn Keys(doing: Doing, in_area: bool, pausing: RwSignal<bool>, starting_leg: RwSignal<bool>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let on_leg = matches!(doing, Doing::OnLeg(_));
    view! {
        <div class="btn-row shift-keys">
            {match doing {
                Doing::Away { .. } => {
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
                }
                Doing::OnBreak { .. } => {
                    view! {
                        <button type="button" class="btn" data-test="go-on" on:click=move |_| act(shell, EndBreak {})>
                            <Icon glyph=Glyph::Play />
                            {words::GO_ON}
                        </button>
                    }
                        .into_any()
                }
                Doing::OnLeg(_) | Doing::Between => {
                    view! {
                        {in_area.then(|| view! { <LeftButton id="left" /> })}
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
                }
            }}
            <HoldButton
                label=words::END
                name=words::END_NAME
                id="end"
                question=words::END_ASK
                explain=words::END_EXPLAIN
                confirm=words::END_GO
                on_done=Callback::new(move |()| shell.router().go(Route::EndShift))
            />
        </div>
    }
}

/// How the crew stands, and the way to it.
#[component]
fn CrewLine(crew: Vec<CrewRow>) -> impl IntoView {
    let open: Vec<CrewRow> = crew.into_iter().filter(|member| member.until.is_none()).collect();
    let count = |wanted: fn(&CrewRow) -> bool| open.iter().filter(|member| wanted(member)).count();
    let disputed = count(|member| member.disputed);
    let confirmed = count(|member| member.confirmed && !member.disputed);
    let waiting = open.len() - disputed - confirmed;
    let settled = disputed == 0 && waiting == 0;
    let glyph = if settled { Glyph::Crew } else { Glyph::Clock };
    view! {
        <a class="crew-line" href=Route::Crew.href() data-test="crew-open">
            <span class="state wraps" class:waiting=!settled>
                <Icon glyph size=IconSize::Small />
                <span>{words::crew_standing(confirmed, waiting, disputed)}</span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}

/// The live state of the shift, in a word.
#[component]
fn DoingChip(doing: Doing) -> impl IntoView {
    let (class, glyph, word) = match doing {
        Doing::OnLeg(_) => ("live", None, words::ON_PATROL),
        Doing::Between => ("state box", None, words::BETWEEN_LEGS),
        Doing::OnBreak { .. } => ("state waiting box", Some(Glyph::Pause), words::ON_A_BREAK),
        Doing::Away { .. } => ("state waiting box", Some(Glyph::Car), words::AWAY),
    };
    view! {
        <span class=class data-test="doing">
            {glyph.map(|glyph| view! { <Icon glyph size=IconSize::Small /> })}
            {word}
        </span>
    }
}

/// A running leg: the visit ring where a visit runs, the area, the leg.
#[component]
fn LegLine(leg: LegView, number: u32, #[prop(into)] now: Signal<Millis>) -> impl IntoView {
    let line = words::leg(number, leg.mode.as_ref().map(|mode| mode.label.as_str()), leg.since);
    if let Some(visit) = leg.visit {
        return view! { <VisitLine visit line now /> }.into_any();
    }
    let place = leg.area.unwrap_or_else(|| words::NO_AREA.to_owned());
    view! {
        <div class="leg">
            <Icon glyph=Glyph::Walk size=IconSize::Large />
            <div class="leg-t">
                <b data-test="leg-area">{place}</b>
                <span class="sub" data-test="leg-line">
                    {line}
                </span>
            </div>
        </div>
    }
    .into_any()
}

/// The visit that runs, on a leg or between two: its ring, the area, how long, and what the officer is doing.
#[component]
fn VisitLine(visit: VisitView, line: String, #[prop(into)] now: Signal<Millis>) -> impl IntoView {
    let VisitView { area, since, band, .. } = visit;
    let minutes = Signal::derive(move || words::whole_minutes(now.get().since(since)));
    view! {
        <div class="leg">
            <Ring minutes place=area.clone() band />
            <div class="leg-t">
                <b data-test="leg-area">{area}</b>
                <span class="sub">{move || words::visit_since(since, minutes.get(), band)}</span>
                <br />
                <span class="sub" data-test="leg-line">
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
