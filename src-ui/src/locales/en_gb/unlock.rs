//! Setting up and unlocking.

use super::text;

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
