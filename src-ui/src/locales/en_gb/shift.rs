//! The shift in progress: legs, visits, crew.

use beatbook_domain::time::{self, Millis};

use super::{lower_first, text};

/// The ring in words.
#[must_use]
pub fn ring(minutes: u32, place: &str, band: (u32, u32)) -> String {
    let (from, to) = band;
    let so_far = text!(ring_so_far, minutes = minutes, place = place);
    if minutes < from {
        text!(ring_ahead, so_far = so_far, from = from, to = to)
    } else if minutes <= to {
        text!(ring_reached, so_far = so_far, from = from, to = to)
    } else {
        text!(ring_passed, so_far = so_far, from = from, to = to)
    }
}

/// `Since 22:02, in the 10–16 band`.
#[must_use]
pub fn visit_since(since: Millis, minutes: u32, band: (u32, u32)) -> String {
    let (from, to) = band;
    let time = time::clock(since);
    if minutes < from {
        text!(visit_before_band, time = time, from = from, to = to)
    } else if minutes <= to {
        text!(visit_in_band, time = time, from = from, to = to)
    } else {
        text!(visit_past_band, time = time, from = from, to = to)
    }
}

/// `PC 1482 with PC 1377`.
#[must_use]
pub fn with_crew(me: &str, crew: &[String]) -> String {
    if crew.is_empty() { me.to_owned() } else { text!(with_crew, officer = me, crew = crew.join(", ")) }
}

/// `Leg 3, on foot, since 21:40`.
#[must_use]
pub fn leg(number: u32, mode: Option<&str>, since: Millis) -> String {
    let time = time::clock(since);
    match mode {
        Some(mode) => text!(leg_mode_since, number = number, mode = lower_first(mode), time = time),
        None => text!(leg_since, number = number, time = time),
    }
}

/// `Since 22:14` with the reason where it is known.
#[must_use]
pub fn since(at: Millis, reason: Option<&str>) -> String {
    let time = time::clock(at);
    match reason {
        Some(reason) => text!(since_time_reason, time = time, reason = lower_first(reason)),
        None => text!(since_time, time = time),
    }
}

/// `PC 1482 says you were with them from 18:00`.
#[must_use]
pub fn crew_claim(by: &str, call_sign: Option<&str>, from: Millis, until: Option<Millis>) -> String {
    let when = until.map_or_else(
        || text!(claimed_from, time = time::day_clock(from)),
        |until| text!(claimed_on, day = time::day(from), times = time::range(from, until)),
    );
    match call_sign {
        Some(unit) => text!(crew_claim_unit, by = by, unit = unit, when = when),
        None => text!(crew_claim, by = by, when = when),
    }
}

/// `18:00–02:56`, or `since 18:00`.
#[must_use]
pub fn from_until(from: Millis, until: Option<Millis>) -> String {
    until.map_or_else(|| text!(since_small, time = time::clock(from)), |until| time::range(from, until))
}
