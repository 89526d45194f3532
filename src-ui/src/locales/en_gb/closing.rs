//! Closing a shift, and the clocks.

use beatbook_domain::time;

use super::{DRIFT_NONE, text};

/// `2 s fast`, `right to the second`.
#[must_use]
pub fn clock_drift(ms: i64) -> String {
    let seconds = ms.unsigned_abs().saturating_add(500) / 1_000;
    if seconds == 0 {
        return DRIFT_NONE.to_owned();
    }
    let amount = if seconds < 120 {
        text!(drift_seconds, seconds = seconds.to_string())
    } else {
        time::duration(i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX))
    };
    // The drift is central minus device: a positive one means the phone is behind.
    if ms < 0 { text!(drift_fast, amount = amount) } else { text!(drift_slow, amount = amount) }
}

/// `phone clock 2 s fast`.
#[must_use]
pub fn clock_was(ms: i64) -> String {
    text!(clock_was, drift = clock_drift(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drifts_read_as_people_say_them() {
        assert_eq!(clock_drift(-2_000), "2 s fast");
        assert_eq!(clock_drift(200), "right to the second");
    }
}
