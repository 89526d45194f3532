//! The team and the summary of a shift.

use beatbook_domain::time::{self, Millis};

use super::{NOTHING_RECEIVED, text};

/// `Last heard Sat 28 Nov, 02:10, 3 pending`.
#[must_use]
pub fn last_heard(at: Millis, pending: u32) -> String {
    let when = time::day_clock(at);
    if pending == 0 {
        text!(last_heard_all, when = when)
    } else {
        text!(last_heard_pending, when = when, pending = pending)
    }
}

/// `supervised by PS 0311`
#[must_use]
pub fn supervised_by(who: &str) -> String {
    text!(supervised_by, who = who)
}

/// `as known Sat 28 Nov, 03:05`.
#[must_use]
pub fn as_known(at: Option<Millis>) -> String {
    at.map_or_else(|| NOTHING_RECEIVED.to_owned(), |at| text!(as_known, when = time::day_clock(at)))
}

/// `Patrol record, 4 legs`.
#[must_use]
pub fn patrol_record(legs: u32, visits: u32) -> String {
    text!(patrol_record_legs, legs = legs, visits = visits)
}

/// `as a pair` figures: `2 calls`, `1 call`.
#[must_use]
pub fn calls(n: u32) -> String {
    text!(calls, count = n)
}

/// `min, 2 calls`.
#[must_use]
pub fn unit_and_calls(unit: &str, n: u32) -> String {
    text!(unit_and_calls, unit = unit, calls = calls(n))
}

/// `3 types`, `1 type`.
#[must_use]
pub fn types(n: usize) -> String {
    text!(types, count = n)
}

/// `1 power used`, `2 powers used`.
#[must_use]
pub fn powers_used(n: u32) -> String {
    text!(powers_used, count = n)
}

/// `2 edited, 1 written late`; empty where neither.
#[must_use]
pub fn edited_and_late(edited: u32, late: u32) -> String {
    let mut parts = Vec::new();
    if edited > 0 {
        parts.push(text!(n_edited, count = edited));
    }
    if late > 0 {
        parts.push(text!(n_written_late, count = late));
    }
    parts.join(", ")
}
