//! The visits of a shift. Two phones of one unit in one area at one time made one visit.

use serde::{Deserialize, Serialize};

use crate::code_list::list;
use crate::entry::{Body, Change};
use crate::id::{Code, UnitId};
use crate::shift::{EDITED, Shift, Span};
use crate::time::{Interval, Millis};

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
}

fn line(span: &Span<'_>, end: Millis) -> Option<VisitLine> {
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
    Some(VisitLine {
        area: span.entry.current().head.area.clone()?,
        from,
        until,
        end_recorded: span.until.is_some(),
        method: method(&span.entry.first().head),
        edited: corrected || told_edited,
        accuracy_m,
    })
}

/// The visits of a shift in order, those of confirmed crew alone; what overlaps in one unit and area is one.
pub(super) fn visits(shift: &Shift<'_>) -> Vec<VisitLine> {
    let end = shift.end();
    let unit_at = |at: Millis| -> Option<UnitId> {
        shift.stays.iter().rev().find(|stay| stay.from <= at).map(|stay| stay.unit)
    };
    let mut merged: Vec<(Option<UnitId>, VisitLine)> = Vec::new();
    for span in shift.visits.iter().filter(|span| shift.counts_author(span)) {
        let Some(next) = line(span, end) else { continue };
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
