//! Figures over a period, for whoever answers for shifts: what is missing, totals, a chart with its table, the areas. All of
//! it from what this device holds, beside the period before. Never by officer.
//!
//! Opening it is logged by the device; it is read again at a press, not by itself.

use beatbook_domain::id::Code;
use beatbook_domain::period::{GroupBy, Measure, before, monday_of, month_of, period_words};
use beatbook_domain::time::duty_date;
use beatbook_protocol::ipc::{FiguresView, GetFigures};
use chrono::{Days, NaiveDate};
use leptos::prelude::*;

use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::desk::Desk;
use crate::components::frame::{Back, DockKey, IconKey};
use crate::components::icon::{Glyph, Icon};
use crate::components::kpi::{KpiFigure, Kpis};
use crate::components::more::PAGE;
use crate::dom;
use crate::locales::words;
use crate::route::Route;
use crate::screens::exporting::{ExportPanel, What};
use crate::screens::period_parts::{AreasPanel, ChartPanel, FiguresTable, Lists, MissingSums};
use crate::screens::{LoadError, ReadAgain, load_on_press};
use crate::shortcuts;

/// From this day until before that.
pub type Span = (NaiveDate, NaiveDate);

/// The periods that are one press away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Near {
    Yesterday,
    ThisWeek,
    LastWeek,
    ThisMonth,
    LastMonth,
}

impl Near {
    const ALL: [Self; 5] =
        [Self::Yesterday, Self::ThisWeek, Self::LastWeek, Self::ThisMonth, Self::LastMonth];

    const fn name(self) -> &'static str {
        match self {
            Self::Yesterday => "yesterday",
            Self::ThisWeek => "this-week",
            Self::LastWeek => "last-week",
            Self::ThisMonth => "this-month",
            Self::LastMonth => "last-month",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Yesterday => words::SPAN_YESTERDAY,
            Self::ThisWeek => words::SPAN_THIS_WEEK,
            Self::LastWeek => words::SPAN_LAST_WEEK,
            Self::ThisMonth => words::SPAN_THIS_MONTH,
            Self::LastMonth => words::SPAN_LAST_MONTH,
        }
    }

    /// What is still to come is no part of a period.
    fn span(self, today: NaiveDate) -> Span {
        let tomorrow = today + Days::new(1);
        let monday = monday_of(today);
        match self {
            Self::Yesterday => (today - Days::new(1), today),
            Self::ThisWeek => (monday, tomorrow),
            Self::LastWeek => (monday - Days::new(7), monday),
            Self::ThisMonth => (month_of(today).0, tomorrow),
            Self::LastMonth => month_of(month_of(today).0 - Days::new(1)),
        }
    }
}

/// The period after, up to today.
fn later((from, until): Span, today: NaiveDate) -> Span {
    let days = until.signed_duration_since(from).num_days().max(1).unsigned_abs();
    let end = if (from, until) == month_of(from) { month_of(until).1 } else { until + Days::new(days) };
    if until > today { (from, until) } else { (until, end.min(today + Days::new(1))) }
}

/// What the screen shows.
#[derive(Clone, Copy)]
pub struct Asking {
    /// The period.
    pub span: RwSignal<Span>,
    /// By what.
    pub by: RwSignal<GroupBy>,
    /// What the chart shows.
    pub measure: RwSignal<Measure>,
    /// How many groups are read.
    pub shown: RwSignal<usize>,
}

/// Figures over a period.
#[component]
pub fn Period() -> impl IntoView {
    let today = duty_date(dom::now());
    let presses = RwSignal::new(0_u32);
    let asking = Asking {
        span: RwSignal::new(Near::ThisWeek.span(today)),
        by: RwSignal::new(GroupBy::Day),
        measure: RwSignal::new(Measure::PatrolHours),
        shown: RwSignal::new(PAGE),
    };
    let figures = load_on_press(presses, move || {
        let (from, until) = asking.span.get();
        let limit = u32::try_from(asking.shown.get()).unwrap_or(u32::MAX);
        GetFigures { from, until, by: asking.by.get(), skip: 0, limit }
    });
    let view = Memo::new(move |_| figures.view.get());
    let back = Back { to: Route::Team, label: words::BACK_TO_TEAM_FROM_FIGURES };
    let paper = Signal::derive(move || {
        view.with(|view| {
            view.as_ref().map(|view| words::paper_of_figures(view.marking.words())).unwrap_or_default()
        })
    });
    let title = Signal::derive(move || {
        let (from, until) = asking.span.get();
        period_words(from, until)
    });
    let meta = Signal::derive(move || {
        view.with(|view| {
            view.as_ref().map_or_else(String::new, |view| {
                let (from, until) = view.figures.before;
                format!("{} · {}", words::beside(period_words(from, until)), words::as_known(view.as_known))
            })
        })
    });
    let keys = move || view! { <PrintKey /> <ReadAgain presses /> };
    view! {
        <Desk
            title
            window=words::FIGURES_TITLE
            meta
            back
            current=DockKey::Figures
            class="period"
            paper
            keys=ViewFn::from(keys)
        >
            <Choose asking today />
            <LoadError error=figures.error />
            {move || view.get().map(|view| view! { <Whole view asking /> })}
        </Desk>
    }
}

/// Prints the screen.
#[component]
pub fn PrintKey() -> impl IntoView {
    view! {
        <IconKey
            glyph=Glyph::Print
            label=words::PRINT_KEY
            test="print"
            on_press=Callback::new(move |()| shortcuts::print())
        />
    }
}

/// Period and grouping.
#[component]
fn Choose(asking: Asking, today: NaiveDate) -> impl IntoView {
    let spans: Vec<Choice> =
        Near::ALL.into_iter().map(|near| Choice::new(near.name(), near.label())).collect();
    let groupings: Vec<Choice> =
        GroupBy::ALL.into_iter().map(|by| Choice::new(by.name(), by.words())).collect();
    let on_span = Signal::derive(move || {
        let span = asking.span.get();
        let near = Near::ALL.into_iter().filter(|near| near.span(today) == span);
        near.map(|near| Code::from(near.name())).take(1).collect::<Vec<_>>()
    });
    let again = move |span: Span| {
        asking.shown.set(PAGE);
        asking.span.set(span);
    };
    view! {
        <section class="choose" aria-label=words::SPAN>
            <div class="choose-span">
                <button
                    type="button"
                    class="icon-btn"
                    data-test="span-earlier"
                    data-shortcut="p"
                    aria-label=words::SPAN_EARLIER
                    on:click=move |_| {
                        let (from, until) = asking.span.get_untracked();
                        again(before(from, until));
                    }
                >
                    <Icon glyph=Glyph::Left />
                </button>
                <ChipGroup
                    legend=words::SPAN
                    quiet=true
                    pick=Pick::One
                    name="span"
                    choices=spans
                    on=on_span
                    on_change=Callback::new(move |(code, _): (Code, bool)| {
                        let near = Near::ALL.into_iter().find(|near| near.name() == code.as_str());
                        if let Some(near) = near {
                            again(near.span(today));
                        }
                    })
                />
                <button
                    type="button"
                    class="icon-btn"
                    data-test="span-later"
                    data-shortcut="n"
                    aria-label=words::SPAN_LATER
                    on:click=move |_| again(later(asking.span.get_untracked(), today))
                >
                    <Icon glyph=Glyph::Right />
                </button>
            </div>
            <ChipGroup
                legend=words::GROUPED_BY
                pick=Pick::One
                name="by"
                choices=groupings
                on=Signal::derive(move || vec![Code::from(asking.by.get().name())])
                on_change=Callback::new(move |(code, _): (Code, bool)| {
                    if let Ok(by) = code.as_str().parse::<GroupBy>() {
                        if by.is_place() && !asking.measure.get_untracked().has_place() {
                            asking.measure.set(Measure::PatrolHours);
                        }
                        asking.shown.set(PAGE);
                        asking.by.set(by);
                    }
                })
            />
        </section>
    }
}

/// Everything under the choice.
#[component]
fn Whole(view: FiguresView, asking: Asking) -> impl IntoView {
    let covers = words::covers(&view.teams, view.held_since);
    let FiguresView { figures, groups, areas, .. } = view;
    let missing = figures.total.missing.clone();
    let kpis = kpis(&figures);
    let total = figures.total.clone();
    let exported = Signal::derive(move || {
        let (from, until) = asking.span.get();
        What::Period(from, until, asking.by.get())
    });
    view! {
        <div class="figures-top">
            <MissingSums missing covers />
        </div>
        <Kpis label=words::FIGURES_TOTALS figures=kpis />
        <div class="cols figures-cols">
            <div class="left">
                <ChartPanel figures=figures.clone() asking />
                <FiguresTable figures=figures groups asking />
            </div>
            <div class="stack">
                <AreasPanel areas />
                <Lists total />
                <ExportPanel what=exported />
                <p class="meta">{words::FIGURES_NOTE}</p>
            </div>
        </div>
    }
}

/// The band of totals, each with what it was before.
fn kpis(figures: &beatbook_domain::period::PeriodFigures) -> Vec<KpiFigure> {
    const SHOWN: [(&str, Measure); 9] = [
        ("kpi-shifts", Measure::Shifts),
        ("kpi-patrol-hours", Measure::PatrolHours),
        ("kpi-person-hours", Measure::PersonHours),
        ("kpi-visits", Measure::Visits),
        ("kpi-engagements", Measure::Engagements),
        ("kpi-people", Measure::People),
        ("kpi-cards", Measure::Cards),
        ("kpi-concerns", Measure::Concerns),
        ("kpi-away", Measure::Away),
    ];
    SHOWN
        .into_iter()
        .map(|(test, measure)| KpiFigure {
            test,
            label: measure.words(),
            figure: measure.show(&figures.total),
            note: words::was(measure.show(&figures.total_before)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn near_periods_end_with_today() {
        let friday = day("2026-11-27");
        let span = |near: Near| {
            let (from, until) = near.span(friday);
            format!("{from} {until}")
        };
        assert_eq!(span(Near::Yesterday), "2026-11-26 2026-11-27");
        assert_eq!(span(Near::ThisWeek), "2026-11-23 2026-11-28");
        assert_eq!(span(Near::LastWeek), "2026-11-16 2026-11-23");
        assert_eq!(span(Near::ThisMonth), "2026-11-01 2026-11-28");
        assert_eq!(span(Near::LastMonth), "2026-10-01 2026-11-01");
    }

    #[test]
    fn earlier_and_later_lead_back_and_never_past_today() {
        let friday = day("2026-11-27");
        let october = (day("2026-10-01"), day("2026-11-01"));
        assert_eq!(later(october, friday), (day("2026-11-01"), day("2026-11-28")));
        assert_eq!(later(before(october.0, october.1), friday), october);
        let week = (day("2026-11-23"), day("2026-11-28"));
        assert_eq!(later(week, friday), week);
        assert_eq!(later((day("2026-11-16"), day("2026-11-23")), friday), week);
    }
}
