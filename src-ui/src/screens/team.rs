//! Team tonight: the night so far with what is missing from it, each officer's phone as last heard, what waits for the
//! reader, and the shifts. Silence of a phone is not welfare: amber, never red, with the word for what to do.

use beatbook_domain::duty::Rise;
use beatbook_domain::summary::Tonight;
use beatbook_domain::time;
use beatbook_protocol::ipc::{ContactRow, Doing, DutyRow, ListShifts, OnShift, ShiftListView, ShiftRow};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::frame::{Deck, Dock, DockKey, HeaderKeys, PageTitle, Rail};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::{Note, Tone};
use crate::components::pages::{self, PageKeys, Turned};
use crate::components::toast::ToastSlot;
use crate::locales::words;
use crate::route::Route;
use crate::screens::today_banners::DutyLine;
use crate::screens::{LoadError, load};

/// How many shifts are read.
pub const SHIFTS_AT_ONCE: u32 = 30;
/// Duties shown before "All duties".
const DUTIES_FIRST: usize = 3;

/// The team's night.
#[component]
pub fn Team() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let turned = Turned::new(Vec::new());
    let list = load(move || ListShifts { limit: SHIFTS_AT_ONCE, before: pages::before(turned) });
    let view = Memo::new(move |_| list.view.get());
    let meta = Signal::derive(move || {
        let me = shell.me().get();
        view.with(|view| match view {
            Some(view) => {
                let team = view.team.clone().unwrap_or_else(|| words::DOCK_TEAM.to_owned());
                format!("{team} · {me} · {}", words::as_known(view.as_known))
            }
            None => me,
        })
    });
    let waits = Memo::new(move |known: Option<&u32>| {
        // What waits is told by the first page.
        if let Some(known) = known.filter(|_| turned.with(|turned| !turned.is_empty())) {
            return *known;
        }
        view.with(|view| {
            view.as_ref().map_or(0, |view| {
                view.shifts.iter().map(|shift| shift.decisions).sum::<u32>() + view.escalated
            })
        })
    });
    let decide = move || match waits.get() {
        0 => words::REVIEW_SHIFTS.to_owned(),
        n => words::decide_entries(n),
    };
    view! {
        <div class="desk">
            <a class="skip" href="#main">{words::SKIP_TO_CONTENT}</a>
            <Rail current=DockKey::Team />
            <main class="desk-in" id="main" tabindex="-1">
                <header class="desk-top">
                    <div class="grow">
                        <PageTitle text=words::TEAM_TONIGHT />
                        <p class="sub">{move || meta.get()}</p>
                    </div>
                    <a class="btn desk-only" href=Route::Review.href() data-test="review-desk">
                        <Icon glyph=Glyph::Review />
                        {decide}
                    </a>
                    <a class="icon-btn" href=Route::Period.href() data-test="to-figures" aria-label=words::FIGURES_TITLE>
                        <Icon glyph=Glyph::Chart />
                    </a>
                    <HeaderKeys />
                    <LockKeyHere />
                </header>
                <LoadError error=list.error />
                {move || view.get().map(|view| view! { <Night view turned /> })}
            </main>
            <footer class="foot desk-foot">
                <ToastSlot />
                <Deck label=words::REVIEW_SHIFTS>
                    <a class="btn btn-go" href=Route::Review.href() data-test="review-shifts">
                        <Icon glyph=Glyph::Review />
                        {decide}
                    </a>
                </Deck>
                <Dock current=DockKey::Team />
            </footer>
        </div>
    }
}

/// The way to the briefings: what is asked of the team, and who has read it.
#[component]
fn PlansRow() -> impl IntoView {
    view! {
        <a class="row" href=Route::Taskings.href() data-test="plans">
            <Icon glyph=Glyph::List />
            <span class="row-t">
                <b>{words::PLANS}</b>
                <span class="meta">{words::PLANS_DETAIL}</span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}

/// The way to a colleague's new phone.
#[component]
fn ReplaceRow() -> impl IntoView {
    view! {
        <a class="row" href=Route::Replace.href() data-test="replace-phone">
            <Icon glyph=Glyph::Phone />
            <span class="row-t">
                <b>{words::REPLACE_PHONE}</b>
                <span class="meta">{words::REPLACE_PHONE_DETAIL}</span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}

/// The key that locks the notebook.
#[component]
fn LockKeyHere() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <crate::components::frame::IconKey
            glyph=Glyph::Lock
            label=words::LOCK_PHONE
            test="lock"
            on_press=Callback::new(move |()| shell.lock(false))
        />
    }
}

/// Everything under the header: the night and the phones at the left, what waits and the shifts at the right.
#[component]
fn Night(view: ShiftListView, turned: Turned) -> impl IntoView {
    let none = view.shifts.is_empty();
    let next = pages::next(&view);
    let (on, off): (Vec<_>, Vec<_>) = view.contacts.into_iter().partition(|row| row.on_shift.is_some());
    let (mut silent, mut heard): (Vec<_>, Vec<_>) = on.into_iter().partition(|row| row.silent);
    silent.sort_by_key(|row| row.last_heard);
    heard.sort_by_key(|row| std::cmp::Reverse((row.pending + row.set_aside + row.gaps > 0, row.last_heard)));
    let holding: Vec<ContactRow> =
        off.into_iter().filter(|row| row.pending + row.set_aside + row.drafts + row.gaps > 0).collect();
    let quiet = silent.is_empty() && heard.is_empty();
    view! {
        <div class="cols team">
            <div class="stack">
                <SoFar tonight=view.tonight />
                {(!silent.is_empty()).then(|| view! {
                    <Note
                        tone=Tone::Wait
                        glyph=Glyph::NoSignal
                        heading=words::phones_not_heard(silent.len())
                        text=words::USE_THE_RADIO
                        test="not-heard"
                    />
                })}
                <Phones heading=words::NOT_HEARD_LATELY id="silent-h" rows=silent />
                <Phones heading=words::IN_TOUCH id="heard-h" rows=heard />
                <Phones heading=words::OFF_SHIFT_HOLDING id="off-h" rows=holding />
                {quiet.then(|| view! { <p class="sub" data-test="nobody-on">{words::NOBODY_ON_SHIFT}</p> })}
            </div>
            <div class="stack">
                {(view.escalated > 0).then(|| view! {
                    <Note
                        tone=Tone::Wait
                        glyph=Glyph::Up
                        heading=words::escalated_to_you(view.escalated)
                        test="escalated-note"
                    >
                        <div class="btn-row">
                            <a class="btn" href=Route::Review.href() data-test="for-you">{words::READ_AND_DECIDE}</a>
                        </div>
                    </Note>
                })}
                <PlansRow />
                <ReplaceRow />
                <Waiting duties=view.duties />
                <section class="group" aria-labelledby="shifts-h">
                    <div class="sec-head">
                        <h2 id="shifts-h">{words::SHIFTS}</h2>
                    </div>
                    {none.then(|| view! { <p class="sub">{words::NO_SHIFTS}</p> })}
                    <ul class="rows">
                        {view
                            .shifts
                            .into_iter()
                            .map(|row| view! { <li><ShiftLine row /></li> })
                            .collect_view()}
                    </ul>
                    <PageKeys turned next />
                </section>
            </div>
        </div>
    }
}

/// The figures of the night, never without what is missing from them.
#[component]
fn SoFar(tonight: Tonight) -> impl IntoView {
    let figure = |count: u32, word: String, test: &'static str| {
        view! {
            <p data-test=test>
                <b class="figure">{count}</b>
                <br />
                <span class="sub">{word}</span>
            </p>
        }
    };
    let missing = words::missing_tonight(&tonight);
    view! {
        <section class="card" aria-labelledby="so-far-h" data-test="so-far">
            <h2 class="vh" id="so-far-h">{words::TOTALS}</h2>
            <div class="figures">
                {figure(tonight.engagements, words::of_engagements(tonight.engagements), "so-far-engagements")}
                {figure(tonight.people, words::of_people(tonight.people), "so-far-people")}
                {figure(tonight.visits, words::of_visits(tonight.visits), "so-far-visits")}
            </div>
            {if tonight.is_whole() {
                view! {
                    <p class="state received wraps" data-test="so-far-whole">
                        <Icon glyph=Glyph::Ok size=IconSize::Small />
                        <span>{words::NOTHING_KNOWN_MISSING}</span>
                    </p>
                }.into_any()
            } else {
                view! {
                    <p class="state waiting wraps" data-test="so-far-missing">
                        <Icon glyph=Glyph::Clock size=IconSize::Small />
                        <span>{missing}</span>
                    </p>
                }.into_any()
            }}
        </section>
    }
}

/// What waits for the reader: duties offered to their post, come up to them, or theirs.
#[component]
fn Waiting(duties: Vec<DutyRow>) -> impl IntoView {
    if duties.is_empty() {
        return ().into_any();
    }
    let rises = duties.iter().any(|duty| duty.rise != Rise::Calm);
    let first: Vec<DutyRow> = duties.into_iter().take(DUTIES_FIRST).collect();
    view! {
        <section class="group" aria-labelledby="rises-h" data-test="duties-wait" data-rises=rises.then_some("")>
            <div class="sec-head">
                <h2 id="rises-h">{words::RISES_H}</h2>
                <a href=Route::Duties.href() data-test="all-duties">{words::RISES_ALL}</a>
            </div>
            <ul class="rows">
                {first.into_iter().map(|duty| view! { <li><DutyLine duty /></li> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// Officers by how their phone was heard.
#[component]
fn Phones(heading: &'static str, id: &'static str, rows: Vec<ContactRow>) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="group" aria-labelledby=id>
            <div class="sec-head">
                <h2 id=id>{heading}</h2>
            </div>
            <ul class="rows">
                {rows.into_iter().map(|row| view! { <li><Phone row /></li> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// What somebody on shift was last known to do: `Leg 3 since 21:40`.
fn doing(on: &OnShift) -> String {
    match &on.doing {
        Doing::OnLeg(leg) => words::leg(on.leg_number, None, leg.since),
        Doing::OnBreak { since, reason } => {
            words::paused_since(*since, reason.as_ref().map(|code| code.label.as_str()))
        }
        Doing::Away { since, reason, .. } => {
            words::away_since(*since, reason.as_ref().map(|code| code.label.as_str()))
        }
        Doing::Between => words::BETWEEN_LEGS.to_owned(),
    }
}

/// One officer's phone, as last heard; on shift it leads to the shift.
#[component]
fn Phone(row: ContactRow) -> impl IntoView {
    let held = row.pending + row.set_aside;
    let open = held + row.gaps > 0;
    let (class, glyph) = if row.silent {
        ("state waiting wraps", Glyph::NoSignal)
    } else if open {
        ("state waiting wraps", Glyph::Clock)
    } else {
        ("state received wraps", Glyph::Ok)
    };
    let (mut lines, mut to) = (Vec::new(), None);
    let mut heading = row.title.clone();
    if let Some(on) = &row.on_shift {
        heading = on.area.clone().unwrap_or_else(|| on.call_sign.clone());
        let with = words::with_crew(&row.title, &on.crew);
        lines.push(match &on.mode {
            Some(mode) => format!("{with} · {}", words::lower_first(mode)),
            None => with,
        });
        lines.push(format!("{} · {}", on.call_sign, doing(on)));
        to = Some(on.shift_id);
    }
    let mut rest = Vec::new();
    if row.set_aside > 0 {
        rest.push(words::set_aside(row.set_aside));
    }
    if row.gaps > 0 {
        rest.push(words::gaps(row.gaps));
    }
    if row.drafts > 0 {
        rest.push(words::drafts_open(row.drafts));
    }
    rest.extend(row.clock_drift_ms.map(words::clock_was));
    let inside = view! {
        <Icon glyph=if to.is_some() { Glyph::Crew } else { Glyph::Phone } />
        <span class="row-t">
            <b>{heading}</b>
            {lines.into_iter().map(|line| view! { <span class="meta">{line}</span> }).collect_view()}
            <span class=class>
                <Icon glyph size=IconSize::Small />
                <span>{words::last_heard(row.last_heard, held)}</span>
            </span>
            <span class="meta">{rest.join(" · ")}</span>
        </span>
    };
    let (silent, officer) = (row.silent.then_some(""), row.title.clone());
    match to {
        Some(shift) => view! {
            <a
                class="row"
                href=Route::Summary(shift).href()
                data-test="contact-row"
                data-officer=officer
                data-silent=silent
            >
                {inside}
                <Icon glyph=Glyph::Right size=IconSize::Small />
            </a>
        }
        .into_any(),
        None => {
            view! { <div class="row" data-test="contact-row" data-officer=officer>{inside}</div> }.into_any()
        }
    }
}

/// How a shift stands, in words and a drawing.
pub fn shift_stands(row: &ShiftRow) -> (&'static str, Glyph, String) {
    if row.missing {
        ("state waiting wraps", Glyph::Clock, words::SOMETHING_MISSING.to_owned())
    } else if row.decisions > 0 {
        ("state waiting wraps", Glyph::Review, words::decisions(row.decisions))
    } else if row.approved {
        ("state received", Glyph::Ok, words::APPROVED.to_owned())
    } else if !row.submitted {
        ("state", Glyph::Clock, words::NOT_SIGNED_YET.to_owned())
    } else {
        ("state received", Glyph::Ok, words::COMPLETE.to_owned())
    }
}

/// Heading and detail of a shift in a list.
pub fn shift_words(row: &ShiftRow) -> (String, String) {
    let when = match row.ended_at {
        Some(until) => time::range(row.started_at, until),
        None => format!("{}, {}", words::from_until(row.started_at, None), words::OPEN_SHIFT),
    };
    let heading = format!("{}, {}", row.call_sign, time::day(row.started_at));
    (heading, format!("{} · {when} · {}", row.officer, words::entries(row.entries)))
}

/// One shift; it opens its summary.
#[component]
pub fn ShiftLine(
    /// The shift.
    row: ShiftRow,
) -> impl IntoView {
    let (heading, detail) = shift_words(&row);
    let (class, glyph, word) = shift_stands(&row);
    view! {
        <a
            class="row"
            href=Route::Summary(row.shift_id).href()
            data-test="shift-row"
            data-shift=row.shift_id.to_string()
        >
            <Icon glyph=Glyph::Crew />
            <span class="row-t">
                <b>{heading}</b>
                <span class="meta">{detail}</span>
                <span class=class>
                    <Icon glyph size=IconSize::Small />
                    {word}
                </span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}
