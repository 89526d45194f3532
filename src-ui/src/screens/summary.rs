//! The summary of one shift, for the sergeant: figures, what is missing, time, entries. Two columns on a desk, one on a
//! phone. A total never stands without what is missing beside it; "nothing missing" is said only when nothing is known
//! to be.
//!
//! Opening it is logged by the device. Reading changes nothing.

use beatbook_domain::id::{EntryId, OfficerId};
use beatbook_domain::summary::{CodeCount, CrewLine, ShiftSummary, StretchKind};
use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::{EntryRow, GetSummary, SummaryView};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::desk::Desk;
use crate::components::frame::Back;
use crate::components::icon::{Glyph, Icon};
use crate::components::kpi::{KpiFigure, Kpis};
use crate::components::more::{More, PAGE};
use crate::components::row::EntryRows;
use crate::components::timeline::{Lane, Span, Stretch, Timeline};
use crate::locales::words;
use crate::route::Route;
use crate::screens::counts::Counts;
use crate::screens::exporting::{ExportPanel, What};
use crate::screens::needs_decision::{ApproveKey, DecisionsPanel};
use crate::screens::period::PrintKey;
use crate::screens::summary_lists::SummaryLists;
use crate::screens::summary_visits::{PlannedPanel, VisitsPanel};
use crate::screens::{LoadError, ReadAgain, load_on_press};

/// The summary of a shift.
#[component]
pub fn Summary(
    /// The shift.
    id: EntryId,
) -> impl IntoView {
    let presses = RwSignal::new(0_u32);
    let summary = load_on_press(presses, move || GetSummary { shift_id: id });
    let view = Memo::new(move |_| summary.view.get());
    let back = Back { to: Route::Team, label: words::BACK_TO_TEAM };
    let paper = Signal::derive(move || {
        view.with(|view| {
            view.as_ref().map(|view| words::paper_marked(view.marking.words())).unwrap_or_default()
        })
    });
    let title = Signal::derive(move || {
        view.with(|view| match view {
            Some(view) => format!("{}, {}", view.summary.call_sign, time::day(view.summary.from)),
            None => words::SUMMARY.to_owned(),
        })
    });
    let meta = Signal::derive(move || view.with(|view| view.as_ref().map(meta_of).unwrap_or_default()));
    let keys = move || {
        view! {
            {move || view.get().map(|shown| view! { <ApproveKey id review=shown.review view=summary.view /> })}
            <PrintKey />
            <ReadAgain presses />
        }
    };
    view! {
        <Desk title window=words::SUMMARY meta back paper keys=ViewFn::from(keys)>
            <LoadError error=summary.error />
            {move || view.get().map(|view| view! { <Whole view presses /> })}
        </Desk>
    }
}

/// When, who, why, and as known when.
fn meta_of(view: &SummaryView) -> String {
    let summary = &view.summary;
    let crew = u32::try_from(summary.crew.len()).unwrap_or(u32::MAX);
    let mut parts = vec![
        words::from_until(summary.from, summary.until),
        view.officer.clone(),
        words::count(crew, "officer", "officers"),
    ];
    parts.extend(summary.initiative.as_ref().map(|initiative| initiative.label.clone()));
    parts.extend(view.team.clone());
    parts.extend(view.supervisor.as_deref().map(words::supervised_by));
    parts.push(words::as_known(view.as_known));
    parts.join(" · ")
}

/// Everything under the header.
#[component]
fn Whole(view: SummaryView, presses: RwSignal<u32>) -> impl IntoView {
    let SummaryView { summary, entries, review, areas, .. } = view;
    let figures = figures(&summary);
    let lane = lane(&summary, &entries);
    let (from, until) = edges(&summary);
    view! {
        <Kpis label=words::TOTALS figures=figures />
        <div class="cols">
            <div class="left">
                <section class="panel span2" aria-labelledby="tl-h">
                    <h2 id="tl-h">{words::TIMELINE} " " <span class="meta">{words::TIMELINE_NOTE}</span></h2>
                    <Timeline from until lanes=vec![lane] />
                </section>
                <PlannedPanel lines=summary.planned.clone() totals=summary.planned_totals />
                <VisitsPanel summary=summary.clone() names=areas />
                <section class="panel span2" aria-labelledby="en-h" data-test="summary-entries">
                    <h2 id="en-h">
                        {words::ENTRIES} " "
                        <span class="meta">{words::edited_and_late(summary.edited, summary.late)}</span>
                    </h2>
                    <Entries entries />
                </section>
                <section class="panel" aria-labelledby="cd-h" data-test="cards-by-type">
                    <h2 id="cd-h">{words::CARDS_BY_TYPE}</h2>
                    <Counts counts=summary.cards.clone() first=words::TYPE_COL second=words::COUNT_COL none=words::NONE_GIVEN />
                </section>
                <section class="panel" aria-labelledby="tp-h">
                    <h2 id="tp-h">{words::TOPICS} " " <span class="meta">{words::TOPICS_RAISED}</span></h2>
                    <Bars counts=summary.topics.clone() />
                </section>
            </div>
            <div class="stack">
                <MissingPanel summary=summary.clone() />
                <DecisionsPanel review presses />
                <section class="panel" aria-labelledby="cr-h">
                    <h2 id="cr-h">{words::CREW_LINES}</h2>
                    <Crew crew=summary.crew.clone() />
                </section>
                <SummaryLists summary=summary.clone() />
                <ExportPanel what=What::Shift(summary.shift_id) />
                <p class="meta">{words::NEVER_CHANGED}</p>
            </div>
        </div>
    }
}

/// The band of totals.
fn figures(summary: &ShiftSummary) -> Vec<KpiFigure> {
    let powers = summary.powers.iter().map(|power| power.count).sum();
    let figure = |test, label, figure: String, note: String| KpiFigure { test, label, figure, note };
    let (patrol, patrol_unit) = split(&time::duration(summary.patrol_ms));
    let (person, person_unit) = split(&time::duration(summary.person_ms));
    let (away, away_unit) = split(&time::duration(summary.away_ms));
    vec![
        figure("kpi-patrol-hours", words::PATROL_HOURS, patrol, patrol_unit),
        figure("kpi-person-hours", words::PERSON_HOURS, person, person_unit),
        figure("kpi-engagements", words::ENGAGEMENTS, summary.engagements.to_string(), String::new()),
        figure("kpi-people", words::FIGURE_PEOPLE, summary.people.to_string(), String::new()),
        figure(
            "kpi-cards",
            words::HANDOUTS,
            summary.cards_total.to_string(),
            words::types(summary.cards.len()),
        ),
        figure(
            "kpi-concerns",
            words::CONCERNS,
            summary.concerns.to_string(),
            if powers > 0 { words::powers_used(powers) } else { String::new() },
        ),
        figure("kpi-away", words::FIGURE_AWAY, away, words::unit_and_calls(&away_unit, summary.away_count)),
    ]
}

/// A length as figure and unit, so that the unit can be small: `7 h 25` and `min`.
fn split(duration: &str) -> (String, String) {
    match duration.rsplit_once(' ') {
        Some((figure, unit)) => (figure.to_owned(), unit.to_owned()),
        None => (duration.to_owned(), String::new()),
    }
}

/// The officer as shown, where this phone knows the roster.
fn who(shell: Shell) -> impl Fn(OfficerId) -> String + Clone {
    let lists = shell.lists().get_untracked();
    let session = shell.session().get_untracked();
    move |officer| {
        let colleague = lists
            .as_ref()
            .and_then(|lists| lists.colleagues.iter().find(|colleague| colleague.officer == officer))
            .map(|colleague| colleague.title.clone());
        let me = session
            .as_ref()
            .filter(|session| session.officer == officer)
            .map(|session| session.title.clone());
        colleague.or(me).unwrap_or_else(|| words::SOMEBODY.to_owned())
    }
}

/// What is missing, above everything else that is read; or that nothing is known to be.
#[component]
fn MissingPanel(summary: ShiftSummary) -> impl IntoView {
    let who = who(expect_context::<Shell>());
    if summary.missing.is_empty() {
        return view! {
            <section class="miss none" aria-labelledby="ms-h" data-test="nothing-missing">
                <h2 id="ms-h">
                    <Icon glyph=Glyph::Ok />
                    {words::NOTHING_MISSING}
                </h2>
                <p>{words::NOTHING_MISSING_TEXT}</p>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="miss" aria-labelledby="ms-h" data-test="missing">
            <h2 id="ms-h">
                <Icon glyph=Glyph::Clock />
                {words::MISSING}
            </h2>
            <ul>
                {summary
                    .missing
                    .iter()
                    .map(|missing| {
                        let (head, text) = words::missing(missing, &who);
                        view! {
                            <li data-test="missing-item">
                                <strong>{head}</strong>
                                " "
                                {text}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// The entries of the shift, oldest first; each opens.
#[component]
fn Entries(entries: Vec<EntryRow>) -> impl IntoView {
    if entries.is_empty() {
        return view! { <p class="sub">{words::NO_ENTRIES_OF_SHIFT}</p> }.into_any();
    }
    let (total, shown) = (entries.len(), RwSignal::new(PAGE));
    view! {
        {move || {
            let rows: Vec<EntryRow> = entries.iter().take(shown.get()).cloned().collect();
            view! { <EntryRows rows /> }
        }}
        <More total shown />
    }
    .into_any()
}

/// The crew with their time; who has not confirmed counts in no hours and is listed so.
#[component]
fn Crew(crew: Vec<CrewLine>) -> impl IntoView {
    let who = who(expect_context::<Shell>());
    view! {
        <table class="tbl">
            <thead class="vh">
                <tr>
                    <th scope="col">{words::WHO_COL}</th>
                    <th scope="col">{words::TIME_COL}</th>
                </tr>
            </thead>
            <tbody>
                {crew
                    .into_iter()
                    .map(|line| {
                        let time = if line.disputed {
                            words::DISPUTES.to_owned()
                        } else if line.confirmed {
                            time::duration(line.person_ms)
                        } else {
                            words::COUNTS_NOT.to_owned()
                        };
                        view! {
                            <tr data-test="crew-line">
                                <th scope="row">
                                    {who(line.officer)} <br />
                                    <span class="meta">{words::from_until(line.from, line.until)}</span>
                                </th>
                                <td class="r" class:unconfirmed=!line.confirmed>
                                    {time}
                                </td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

/// Codes with their counts and a bar for the share of the largest.
#[component]
fn Bars(mut counts: Vec<CodeCount>) -> impl IntoView {
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
    let Some(most) = counts.first().map(|count| count.count.max(1)) else {
        return view! { <p class="sub">{words::NONE_RAISED}</p> }.into_any();
    };
    view! {
        <table class="tbl bars">
            <thead class="vh">
                <tr>
                    <th scope="col">{words::TOPIC_COL}</th>
                    <th scope="col">{words::SHARE_COL}</th>
                    <th scope="col">{words::TIMES_COL}</th>
                </tr>
            </thead>
            <tbody>
                {counts
                    .into_iter()
                    .map(|count| {
                        let share = format!("{}%", u64::from(count.count) * 100 / u64::from(most));
                        view! {
                            <tr>
                                <th scope="row">{count.label}</th>
                                <td class="bar-x">
                                    <svg aria-hidden="true" focusable="false">
                                        <rect width=share height="100%" rx="2"></rect>
                                    </svg>
                                </td>
                                <td class="r">{count.count}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

/// The timeline's edges: the shift as stated, or up to the last thing known of it.
fn edges(summary: &ShiftSummary) -> (Millis, Millis) {
    let last = summary.timeline.iter().map(|stretch| stretch.until.0).max().unwrap_or(summary.from.0);
    let until = summary.until.map_or(last, |until| until.0.max(last));
    (summary.from, Millis(until.max(summary.from.0 + time::HOUR_MS)))
}

/// The unit's lane of the timeline.
fn lane(summary: &ShiftSummary, entries: &[EntryRow]) -> Lane {
    let confirmed_at = |at: i64| {
        let counted = summary.crew.iter().filter(|line| line.confirmed);
        counted.filter(|line| line.from.0 <= at && line.until.is_none_or(|until| at < until.0)).count()
    };
    let mut spans: Vec<Span> = Vec::new();
    for stretch in &summary.timeline {
        let kind = match stretch.what {
            StretchKind::Leg if confirmed_at(stretch.from.0) > 1 => Stretch::Pair,
            StretchKind::Leg => Stretch::Solo,
            StretchKind::Break => Stretch::Break,
            StretchKind::Away => Stretch::Away,
            StretchKind::Visit => Stretch::Visit,
        };
        spans.push(Span { stretch: kind, from: stretch.from, until: stretch.until });
        if !stretch.end_recorded && stretch.what == StretchKind::Leg {
            // Where the evidence stops there is no length to draw: a mark of a quarter of an hour says so.
            let until = Millis(stretch.until.0 + time::HOUR_MS / 4);
            spans.push(Span { stretch: Stretch::NotRecorded, from: stretch.until, until });
        }
    }
    // Breaks and calls away are drawn over the leg they fell into.
    spans.sort_by_key(|span| matches!(span.stretch, Stretch::Break | Stretch::Away));
    use beatbook_domain::entry::Kind;
    let times =
        |want: fn(Kind) -> bool| entries.iter().filter(|row| want(row.kind)).map(|row| row.at).collect();
    Lane {
        name: summary.call_sign.clone(),
        with: words::count(
            u32::try_from(confirmed_at(summary.from.0)).unwrap_or(u32::MAX),
            "officer",
            "officers",
        ),
        spans,
        entries: times(|kind| !kind.is_movement()),
        concerns: times(|kind| kind == Kind::Concern),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_length_keeps_its_unit_when_split() {
        let pair = |(a, b): (String, String)| format!("{a}|{b}");
        assert_eq!(pair(split("7 h 25 min")), "7 h 25|min");
        assert_eq!(pair(split("2 h")), "2|h");
        assert_eq!(pair(split("0 min")), "0|min");
    }
}
