//! Time on patrol by unit: legs, breaks, calls away, entries. Drawn in percent so it fits any width, with the same
//! content in words for those who do not see it. No trail of positions.

use crate::components::icon::{Glyph, Icon, IconSize};
use crate::locales::words;
use beatbook_domain::time::{self, Millis};
use leptos::prelude::*;

/// What a stretch of the timeline was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// On patrol, two or more officers.
    Pair,
    /// On patrol, one officer.
    Solo,
    /// A break.
    Break,
    /// Called away from the patrol.
    Away,
    /// A visit to an area, drawn under the leg.
    Visit,
    /// The end is not recorded; drawn up to the last evidence.
    NotRecorded,
}

impl Stretch {
    const fn class(self) -> &'static str {
        match self {
            Self::Pair => "tl-pair",
            Self::Solo => "tl-solo",
            Self::Break => "tl-break",
            Self::Away => "tl-away",
            Self::Visit => "tl-visit",
            Self::NotRecorded => "tl-unknown",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Pair => words::TL_PAIR,
            Self::Solo => words::TL_SOLO,
            Self::Break => words::TL_BREAK,
            Self::Away => words::TL_AWAY,
            Self::Visit => words::TL_VISIT,
            Self::NotRecorded => words::TL_NOT_RECORDED,
        }
    }
}

/// One stretch of one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// What it was.
    pub stretch: Stretch,
    /// From.
    pub from: Millis,
    /// Until.
    pub until: Millis,
}

/// One unit's lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The first line of the label, in bold.
    pub name: String,
    /// The second line.
    pub with: String,
    /// Stretches, in order.
    pub spans: Vec<Span>,
    /// When entries were made.
    pub entries: Vec<Millis>,
    /// When concern notes were made.
    pub concerns: Vec<Millis>,
}

/// The timeline of a shift.
#[component]
pub fn Timeline(
    /// The left edge.
    from: Millis,
    /// The right edge.
    until: Millis,
    /// One lane for each unit.
    lanes: Vec<Lane>,
) -> impl IntoView {
    let length = (until.0 - from.0).max(1);
    let at = move |instant: Millis| {
        // A share of a night in thousandths of a percent: no precision to lose on screen.
        let share = (instant.0.clamp(from.0, until.0) - from.0).saturating_mul(100_000) / length;
        format!("{}.{:03}%", share / 1_000, share % 1_000)
    };
    let wide = move |span: &Span| {
        let share =
            (span.until.0.min(until.0) - span.from.0.max(from.0)).max(0).saturating_mul(100_000) / length;
        format!("{}.{:03}%", share / 1_000, share % 1_000)
    };
    let spoken = lanes.iter().map(spoken).collect::<Vec<_>>().join(" ");
    let hours = hours_between(from, until);
    let used =
        |stretch: Stretch| lanes.iter().any(|lane| lane.spans.iter().any(|span| span.stretch == stretch));
    let legend =
        [Stretch::Pair, Stretch::Solo, Stretch::Away, Stretch::Break, Stretch::Visit, Stretch::NotRecorded]
            .into_iter()
            .filter(|stretch| used(*stretch))
            .collect::<Vec<_>>();
    view! {
        <div class="tl" role="img" aria-label=spoken>
            <svg class="tl-defs" aria-hidden="true" focusable="false">
                <defs>
                    <pattern
                        id="tl-hatch-break"
                        width="6"
                        height="6"
                        patternUnits="userSpaceOnUse"
                        patternTransform="rotate(-45)"
                    >
                        <rect class="tl-hatch-bg" width="6" height="6"></rect>
                        <rect class="tl-hatch-ink" width="6" height="2"></rect>
                    </pattern>
                    <pattern
                        id="tl-hatch-away"
                        width="7"
                        height="7"
                        patternUnits="userSpaceOnUse"
                        patternTransform="rotate(-45)"
                    >
                        <rect class="tl-hatch-wait-bg" width="7" height="7"></rect>
                        <rect class="tl-hatch-wait" width="7" height="3"></rect>
                    </pattern>
                </defs>
            </svg>
            {lanes
                .into_iter()
                .map(|lane| {
                    view! {
                        <span class="tl-name">
                            <strong>{lane.name}</strong>
                            <br />
                            {lane.with}
                        </span>
                        <svg class="tl-lane" aria-hidden="true" focusable="false">
                            {lane
                                .spans
                                .iter()
                                .map(|span| {
                                    view! {
                                        <rect
                                            class=span.stretch.class()
                                            x=at(span.from)
                                            y=if span.stretch == Stretch::Visit { "37" } else { "18" }
                                            width=wide(span)
                                            height=if span.stretch == Stretch::Visit { "6" } else { "16" }
                                            rx="3"
                                        ></rect>
                                    }
                                })
                                .collect_view()}
                            {lane
                                .entries
                                .iter()
                                .map(|entry| {
                                    view! {
                                        <rect class="tl-tick" x=at(*entry) y="5" width="2" height="10"></rect>
                                    }
                                })
                                .collect_view()}
                            {lane
                                .concerns
                                .iter()
                                .map(|concern| {
                                    view! {
                                        <svg x=at(*concern) y="0" width="18" height="18" overflow="visible">
                                            <g class="tl-flag" transform="translate(-4 0) scale(.72)">
                                                <path d="M5.5 21.5V3.5M5.5 4.5c4.2-2 7.3 2 13 0v9c-5.7 2-8.8-2-13 0"></path>
                                            </g>
                                        </svg>
                                    }
                                })
                                .collect_view()}
                        </svg>
                    }
                })
                .collect_view()} <span></span>
            <svg class="tl-axis" aria-hidden="true" focusable="false">
                {hours
                    .into_iter()
                    .map(|hour| {
                        view! {
                            <text class="tl-hour" x=at(hour) y="14" text-anchor=anchor(hour, from, until)>
                                {time::clock(hour)}
                            </text>
                        }
                    })
                    .collect_view()}
            </svg>
        </div>
        <p class="legend">
            {legend
                .into_iter()
                .map(|stretch| {
                    view! {
                        <span>
                            <svg class="tl-key" aria-hidden="true" focusable="false">
                                <rect class=stretch.class() x="1" y="1" width="16" height="10" rx="2"></rect>
                            </svg>
                            {stretch.word()}
                        </span>
                    }
                })
                .collect_view()} <span>
                <svg class="tl-key tl-key-tick" aria-hidden="true" focusable="false">
                    <rect class="tl-tick" x="0" y="0" width="2" height="12"></rect>
                </svg>
                {words::TL_ENTRY}
            </span> <span>
                <Icon glyph=Glyph::Flag size=IconSize::Small />
                {words::TL_CONCERN}
            </span>
        </p>
    }
}

/// A lane in words: who, then each stretch with its times.
fn spoken(lane: &Lane) -> String {
    let stretches = lane
        .spans
        .iter()
        .map(|span| format!("{} {}", span.stretch.word().to_lowercase(), time::range(span.from, span.until)))
        .collect::<Vec<_>>()
        .join(", ");
    format!("{} {}: {stretches}.", lane.name, lane.with)
}

/// The labels of the axis: both edges and, where they fit, every second hour between.
fn hours_between(from: Millis, until: Millis) -> Vec<Millis> {
    let hour = time::HOUR_MS;
    let length = until.0 - from.0;
    let step = if length > 5 * hour { 2 * hour } else { hour };
    let mut labels = vec![from];
    let mut next = from.0.div_euclid(hour) * hour + hour;
    while next < until.0 {
        // A label closer than a sixth of the width to an edge would run into it on a phone.
        if next - from.0 > length / 6 && until.0 - next > length / 6 {
            labels.push(Millis(next));
        }
        next += step;
    }
    labels.push(until);
    labels
}

/// Edge labels stay inside the drawing.
fn anchor(hour: Millis, from: Millis, until: Millis) -> &'static str {
    if hour == from {
        "start"
    } else if hour == until {
        "end"
    } else {
        "middle"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_keeps_both_edges_and_no_label_near_them() {
        let from = Millis(20 * time::HOUR_MS - 10 * time::MINUTE_MS);
        let until = Millis(29 * time::HOUR_MS);
        let labels = hours_between(from, until);
        assert_eq!(labels.first(), Some(&from));
        assert_eq!(labels.last(), Some(&until));
        let least = (until.0 - from.0) / 6;
        let middle = &labels[1..labels.len() - 1];
        assert!(
            middle.iter().all(|at| at.0 - from.0 > least && until.0 - at.0 > least),
            "no label runs into an edge"
        );
    }
}
