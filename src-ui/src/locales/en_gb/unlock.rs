//! Setting up and unlocking.

use beatbook_domain::time::{self, Millis};

use super::{NO_SIGNAL_NEEDED, READING_HAS_STOPPED, text};

/// `4 of 6 digits entered`.
#[must_use]
pub fn digits_entered(n: usize, of: usize) -> String {
    text!(digits_entered, count = n, of = of)
}

/// `3 entries are safe on this phone. They send after you unlock.`
#[must_use]
pub fn sends_after_unlock(n: u32) -> String {
    text!(sends_after_unlock, count = n)
}

/// `No signal needed until Sun 29 Nov, 06:00`, or that reading has stopped, and since when where the clock agrees.
#[must_use]
pub fn no_signal_until(until: Option<Millis>, stopped: bool, now: Millis) -> String {
    match until {
        Some(until) if until <= now => text!(reading_stopped_at, when = time::day_clock(until)),
        _ if stopped => READING_HAS_STOPPED.to_owned(),
        None => NO_SIGNAL_NEEDED.to_owned(),
        Some(until) => text!(no_signal_until, when = time::day_clock(until)),
    }
}

/// `The server has 3 entries of this notebook. Their receipts wait for you to unlock.`
#[must_use]
pub fn spool_taken(n: u32) -> String {
    text!(spool_taken, count = n)
}

/// `Try again in 4 min 30 s.`
#[must_use]
pub fn wait_for(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, rest) => text!(wait_seconds, seconds = rest),
        (minutes, 0) => text!(wait_minutes, minutes = minutes),
        (minutes, rest) => text!(wait_minutes_seconds, minutes = minutes, seconds = rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_read_as_people_say_them() {
        assert_eq!(wait_for(30), "Try again in 30 s.");
        assert_eq!(wait_for(300), "Try again in 5 min.");
        assert_eq!(wait_for(270), "Try again in 4 min 30 s.");
    }
}
