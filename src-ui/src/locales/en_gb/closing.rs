//! Closing a shift, and the clocks.

use beatbook_domain::time;
use beatbook_protocol::ipc::ClosingKnown;

use super::{DRIFT_NONE, text};

/// After the total: `received, 1 draft left`.
#[must_use]
pub fn received_and_drafts(drafts: u32) -> String {
    text!(received_and_drafts, count = drafts)
}

/// What the signature knew: `Signed Sat 28 Nov, 03:12: 9 of 12 records received then`.
#[must_use]
pub fn signed_with(known: ClosingKnown) -> String {
    let (received, listed) = (known.received.to_string(), known.listed.to_string());
    text!(
        signed_with,
        when = time::day_clock(known.at),
        received = received,
        listed = listed,
        drafts = known.drafts
    )
}

/// How much came after the signature.
#[must_use]
pub fn came_later(count: u32) -> String {
    text!(came_later, count = count)
}

/// `2 things stay open`.
#[must_use]
pub fn things_stay_open(count: u32) -> String {
    text!(things_stay_open, count = count)
}

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
