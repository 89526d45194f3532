//! Charts: plain SVG and HTML, one ink, no library. Now is a filled bar, before is an outline; shape tells them apart, never
//! colour alone. To a screen reader a chart is one picture with a name: the table beside it holds the same figures.

use leptos::prelude::*;

use crate::locales::words;

/// Height of the drawing of columns, its own units.
const HIGH: f64 = 100.0;
/// Width of one column's place.
const SLOT: f64 = 20.0;
/// How many names stand under columns.
const NAMES: usize = 6;

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// How much.
    pub now: i64,
    /// How much the period before; none where there is nothing to compare with.
    pub before: Option<i64>,
    /// The amount as written.
    pub shown: String,
}

/// A chart of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its name, for who cannot see it.
    pub name: String,
    /// The bars in order.
    pub bars: Vec<Bar>,
    /// They follow one another in time: columns side by side; else rows under one another.
    pub in_time: bool,
    /// The largest amount as written.
    pub most: String,
}

/// The part of the whole height or width, in the drawing's units.
fn part(amount: i64, most: i64, whole: f64) -> f64 {
    // Amounts of a period stay far below what a double holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let (amount, most) = (amount.max(0) as f64, most.max(1) as f64);
    amount / most * whole
}

/// The chart, and the key to its two shapes.
#[component]
pub fn Bars(
    /// The chart.
    chart: Chart,
) -> impl IntoView {
    let most = chart.bars.iter().flat_map(|bar| [bar.now, bar.before.unwrap_or(0)]).max().unwrap_or(0);
    if most == 0 {
        return view! { <p class="sub" data-test="chart-none">{words::CHART_NOTHING}</p> }.into_any();
    }
    let compares = chart.bars.iter().any(|bar| bar.before.is_some());
    let drawn = if chart.in_time {
        view! { <Columns chart most /> }.into_any()
    } else {
        view! { <Rows chart most /> }.into_any()
    };
    view! {
        {drawn}
        {compares.then(|| view! {
            <p class="legend" aria-hidden="true">
                <span><svg class="ch-key" viewBox="0 0 18 12"><rect class="ch-now" width="18" height="12"></rect></svg>{words::CHART_NOW}</span>
                <span><svg class="ch-key" viewBox="0 0 18 12"><rect class="ch-before" x="1" y="1" width="16" height="10"></rect></svg>{words::CHART_BEFORE}</span>
            </p>
        })}
    }
    .into_any()
}

/// Columns side by side.
#[component]
fn Columns(chart: Chart, most: i64) -> impl IntoView {
    let count = chart.bars.len();
    #[allow(clippy::cast_precision_loss, reason = "a period has few columns")]
    let at = |place: usize| place as f64 * SLOT;
    let columns = chart
        .bars
        .iter()
        .enumerate()
        .map(|(place, bar)| {
            let (x, now) = (at(place), part(bar.now, most, HIGH));
            let before = bar.before.map(|before| part(before, most, HIGH));
            view! {
                {before.map(|high| view! {
                    <rect class="ch-before" x=x + 2.0 y=HIGH - high width=SLOT - 4.0 height=high></rect>
                })}
                <rect class="ch-now" x=x + 5.0 y=HIGH - now width=SLOT - 10.0 height=now></rect>
            }
        })
        .collect_view();
    let every = count.div_ceil(NAMES).max(1);
    let names =
        chart.bars.iter().step_by(every).map(|bar| view! { <span>{bar.label.clone()}</span> }).collect_view();
    let size = format!("0 0 {:.0} {HIGH:.0}", at(count.max(1)));
    view! {
        <div class="ch" role="img" aria-label=chart.name data-test="chart">
            <span class="ch-most">{chart.most}</span>
            <svg class="ch-svg" viewBox=size preserveAspectRatio="none" aria-hidden="true" focusable="false">
                {columns}
                <path class="ch-line" d=format!("M0 {HIGH:.0}H{:.0}", at(count.max(1)))></path>
            </svg>
            <div class="ch-names">{names}</div>
        </div>
    }
}

/// Rows under one another, named.
#[component]
fn Rows(chart: Chart, most: i64) -> impl IntoView {
    let rows = chart
        .bars
        .into_iter()
        .map(|bar| {
            let now = format!("{:.1}%", part(bar.now, most, 100.0));
            let before = bar.before.map(|before| format!("{:.1}%", part(before, most, 100.0)));
            view! {
                <div class="ch-row">
                    <span class="ch-label">{bar.label}</span>
                    <svg class="ch-bar" aria-hidden="true" focusable="false">
                        {before.map(|width| view! { <rect class="ch-before" y="10%" width=width height="80%"></rect> })}
                        <rect class="ch-now" y="30%" width=now height="40%"></rect>
                    </svg>
                    <span class="ch-figure">{bar.shown}</span>
                </div>
            }
        })
        .collect_view();
    view! { <div class="ch-rows" role="img" aria-label=chart.name data-test="chart">{rows}</div> }
}
