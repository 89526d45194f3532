//! Words of duties and of the search.

use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::OwnShift;

use super::{DUTY_NO_TIME, FOUND_MANY, text};

/// `2 open`.
#[must_use]
pub fn duties_open(count: u32) -> String {
    text!(duties_open, count = count)
}

/// `Due Fri 27 Nov 22:14`, `Overdue since …`.
#[must_use]
pub fn duty_due(due: Option<Millis>, overdue: bool) -> String {
    match due.map(time::day_clock) {
        Some(at) if overdue => text!(duty_is_overdue, at = at),
        Some(at) => text!(duty_due, at = at),
        None => DUTY_NO_TIME.to_owned(),
    }
}

/// `Reference 36/286/26`.
#[must_use]
pub fn duty_reference(reference: &str) -> String {
    text!(duty_reference_is, reference = reference)
}

/// `Discharge: Crime reference, Concern note · Prince of Wales Road`: the name of the key.
#[must_use]
pub fn discharge_name(what: &str, about: &str) -> String {
    text!(discharge_name, what = what, about = about)
}

/// `12 records`; counted up to a thousand.
#[must_use]
pub fn found(total: u32) -> String {
    if total >= 1_000 { FOUND_MANY.to_owned() } else { text!(found_count, count = total) }
}

/// Records whose words are not in the search yet.
#[must_use]
pub fn not_indexed(count: u32) -> String {
    text!(not_indexed, count = count)
}

/// `Fri 27 Nov, NC12`.
#[must_use]
pub fn own_shift(shift: &OwnShift) -> String {
    text!(own_shift, day = time::day(shift.started_at), callsign = shift.call_sign.as_str())
}
