//! The visits of a shift. Two phones of one unit in one area at one time made one visit. A visit is measured by its
//! area's own band, and one whose end nobody recorded has no length.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::code_list::list;
use crate::entry::{Body, Change};
use crate::id::{Code, UnitId};
use crate::place::areas::Rhythms;
use crate::shift::{EDITED, Shift, Span};
use crate::time::{Interval, Millis, subtract};
use crate::visit::{edge_ms, is_overdue};

/// A visit to an area.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VisitLine {
    /// Code of the area.
    pub area: Code,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// The end was stated; otherwise it is capped at the last evidence.
    pub end_recorded: bool,
    /// How it was told (`MANUAL`, `GEOFENCE`), as first recorded.
    pub method: Option<Code>,
    /// Somebody changed its times afterwards.
    pub edited: bool,
    /// Accuracy of the fix that began it, metres.
    pub accuracy_m: Option<u32>,
    /// The band of its area, minutes.
    pub band: (u32, u32),
}

impl VisitLine {
    /// Its length, milliseconds; that of one without a recorded end counts in no figure.
    #[must_use]
    pub fn length_ms(&self) -> i64 {
        self.until.since(self.from).max(0)
    }
}

/// How a visit's length stands to its area's band.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Shorter.
    Short,
    /// Within it, its edges included.
    InBand,
    /// Longer. Staying longer is never wrong.
    Long,
}

impl Fit {
    /// Of a length in milliseconds and a band in minutes: both edges are within it, as on the ring.
    #[must_use]
    pub fn of(length_ms: i64, (from, to): (u32, u32)) -> Self {
        if length_ms < edge_ms(from) {
            Self::Short
        } else if length_ms <= edge_ms(to) {
            Self::InBand
        } else {
            Self::Long
        }
    }
}

/// Visits in figures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct VisitFigures {
    /// Visits in all.
    pub visits: u32,
    /// Those whose end was recorded: the figures below are of these.
    pub closed: u32,
    /// Within their area's band.
    pub in_band: u32,
    /// Shorter.
    pub short: u32,
    /// Longer.
    pub long: u32,
    /// Median length, milliseconds.
    pub median_ms: Option<i64>,
}

/// The visits of one area.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AreaLine {
    /// Code of the area.
    pub area: Code,
    /// Its band, minutes.
    pub band: (u32, u32),
    /// Its visits.
    pub figures: VisitFigures,
    /// The longest time within the shift without a visit, milliseconds: before the first and after the last included.
    pub longest_gap_ms: i64,
    /// That is longer than the area's owner wants.
    pub over_gap: bool,
}

/// Visits in figures, each measured by the band of its area.
#[must_use]
pub fn figures<'a>(visits: impl IntoIterator<Item = &'a VisitLine>) -> VisitFigures {
    let mut figures = VisitFigures::default();
    let mut lengths = Vec::new();
    for visit in visits {
        figures.visits += 1;
        if !visit.end_recorded {
            continue;
        }
        figures.closed += 1;
        match Fit::of(visit.length_ms(), visit.band) {
            Fit::Short => figures.short += 1,
            Fit::InBand => figures.in_band += 1,
            Fit::Long => figures.long += 1,
        }
        lengths.push(visit.length_ms());
    }
    figures.median_ms = median(lengths);
    figures
}

/// The middle one; of an even number the mean of the two in the middle.
fn median(mut lengths: Vec<i64>) -> Option<i64> {
    lengths.sort_unstable();
    let upper = *lengths.get(lengths.len() / 2)?;
    let lower = *lengths.get((lengths.len() - 1) / 2)?;
    Some(lower + (upper - lower) / 2)
}

/// The visits of a shift by area, by code; `planned` areas also where nobody came.
pub(super) fn by_area<'a>(
    visits: &'a [VisitLine],
    planned: impl Iterator<Item = &'a Code>,
    whole: Interval,
    rhythms: &Rhythms,
) -> Vec<AreaLine> {
    let areas: BTreeSet<&Code> = visits.iter().map(|visit| &visit.area).chain(planned).collect();
    let line = |area: &Code| {
        let own: Vec<&VisitLine> = visits.iter().filter(|visit| visit.area == *area).collect();
        let longest_gap_ms = longest_gap(&own, whole);
        AreaLine {
            area: area.clone(),
            band: rhythms.band(area),
            figures: figures(own.iter().copied()),
            longest_gap_ms,
            over_gap: is_overdue(longest_gap_ms, rhythms.of(area).map(|rhythm| rhythm.max_gap_min)),
        }
    };
    areas.into_iter().map(line).collect()
}

/// The longest time of the shift that none of these covers.
fn longest_gap(visits: &[&VisitLine], whole: Interval) -> i64 {
    let there: Vec<Interval> = visits.iter().map(|visit| Interval::new(visit.from, visit.until)).collect();
    subtract(&[whole], &there).iter().map(Interval::length).max().unwrap_or(0)
}

fn line(span: &Span<'_>, end: Millis, rhythms: &Rhythms) -> Option<VisitLine> {
    let Interval { from, until } = span.interval(end);
    let method = |head: &crate::entry::Head| {
        let code = head.codes.iter().find(|code| code.list.as_str() == list::VISIT_METHOD);
        code.map(|code| code.code.clone())
    };
    let corrected = span.entry.revisions.iter().any(|revision| revision.head.change == Change::Corrects);
    let told_edited = method(&span.entry.current().head).is_some_and(|code| code.as_str() == EDITED);
    let accuracy_m = match &span.entry.current().body {
        Some(Body::Visit(visit)) => visit.accuracy_m,
        _ => None,
    };
    let area = span.entry.current().head.area.clone()?;
    Some(VisitLine {
        band: rhythms.band(&area),
        area,
        from,
        until,
        end_recorded: span.until.is_some(),
        method: method(&span.entry.first().head),
        edited: corrected || told_edited,
        accuracy_m,
    })
}

/// The visits of a shift in order, those of confirmed crew alone; what overlaps in one unit and area is one.
pub(super) fn visits(shift: &Shift<'_>, rhythms: &Rhythms) -> Vec<VisitLine> {
    let end = shift.end();
    let unit_at = |at: Millis| -> Option<UnitId> {
        shift.stays.iter().rev().find(|stay| stay.from <= at).map(|stay| stay.unit)
    };
    let mut merged: Vec<(Option<UnitId>, VisitLine)> = Vec::new();
    for span in shift.visits.iter().filter(|span| shift.counts_author(span)) {
        let Some(next) = line(span, end, rhythms) else { continue };
        let unit = unit_at(next.from);
        // In order of when they began: only the last of the area can reach into this one.
        let before = merged.iter_mut().rev().find(|(of, visit)| *of == unit && visit.area == next.area);
        match before {
            Some((_, visit)) if next.from <= visit.until => {
                if next.until > visit.until {
                    (visit.until, visit.end_recorded) = (next.until, next.end_recorded);
                }
                visit.edited |= next.edited;
                visit.accuracy_m = visit.accuracy_m.into_iter().chain(next.accuracy_m).min();
            }
            _ => merged.push((unit, next)),
        }
    }
    merged.into_iter().map(|(_, visit)| visit).collect()
}
