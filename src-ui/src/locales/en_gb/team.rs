//! Team tonight, and the list of professional standards.

use beatbook_domain::summary::Tonight;
use beatbook_domain::time::{self, Millis};

use super::{lower_first, text};

/// `2 phones not heard`.
#[must_use]
pub fn phones_not_heard(count: usize) -> String {
    text!(phones_not_heard, count = u32::try_from(count).unwrap_or(u32::MAX))
}

/// `engagements`.
#[must_use]
pub fn of_engagements(count: u32) -> String {
    text!(of_engagements, count = count)
}

/// `people`.
#[must_use]
pub fn of_people(count: u32) -> String {
    text!(of_people, count = count)
}

/// `visits`.
#[must_use]
pub fn of_visits(count: u32) -> String {
    text!(of_visits, count = count)
}

/// `At least 6 entries still on 3 phones, so the real totals are higher.`
#[must_use]
pub fn missing_tonight(tonight: &Tonight) -> String {
    let held = tonight.pending.saturating_add(tonight.set_aside);
    let parts: Vec<String> = [
        (held > 0).then(|| text!(tonight_on_phones, entries = held, phones = tonight.phones)),
        (tonight.gaps > 0).then(|| text!(tonight_gaps, count = tonight.gaps)),
        (tonight.silent > 0).then(|| text!(tonight_silent, count = tonight.silent)),
    ]
    .into_iter()
    .flatten()
    .collect();
    text!(tonight_higher, missing = parts.join(", "))
}

/// `Paused 22:05, meal`.
#[must_use]
pub fn paused_since(since: Millis, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => text!(paused_for, time = time::clock(since), reason = lower_first(reason)),
        None => text!(paused_since, time = time::clock(since)),
    }
}

/// `Called away 22:05, response call`.
#[must_use]
pub fn away_since(since: Millis, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => text!(away_for, time = time::clock(since), reason = lower_first(reason)),
        None => text!(away_from, time = time::clock(since)),
    }
}

/// `2 set aside`.
#[must_use]
pub fn set_aside(count: u32) -> String {
    text!(n_set_aside, count = count.to_string())
}

/// `2 records missing in between`.
#[must_use]
pub fn gaps(count: u32) -> String {
    text!(n_gaps, count = count)
}

/// `1 draft open`.
#[must_use]
pub fn drafts_open(count: u32) -> String {
    text!(n_drafts_open, count = count)
}

/// `2 entries were handed to you to decide`.
#[must_use]
pub fn escalated_to_you(count: u32) -> String {
    text!(escalated_to_you, count = count)
}

/// `happened Fri 27 Nov, 22:14`.
#[must_use]
pub fn noted_at(at: Millis) -> String {
    text!(noted_at, when = time::day_clock(at))
}

/// `received Fri 27 Nov, 22:20`.
#[must_use]
pub fn received_when(at: Millis) -> String {
    text!(received_when, when = time::day_clock(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_total_says_what_is_missing() {
        let tonight = Tonight { pending: 5, set_aside: 1, phones: 3, silent: 1, ..Tonight::default() };
        let said = missing_tonight(&tonight);
        assert!(said.starts_with("At least 6 entries still on 3 phones, 1 phone not heard"), "{said}");
        assert!(said.ends_with("so the real totals are higher."));
        let one = missing_tonight(&Tonight { pending: 1, phones: 1, ..Tonight::default() });
        assert!(one.starts_with("At least 1 entry still on 1 phone,"), "{one}");
    }
}
