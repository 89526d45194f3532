//! Visits to patrol areas: how far a running one is through its area's band, and how long an area has gone without one.
//!
//! A band says when a visit has had its effect (ten to sixteen minutes, Koper 1995); it never says that a visit ends.

use crate::time::{MINUTE_MS, Millis};

/// The band of a visit in minutes where its area sets none of its own (Koper 1995).
pub const COMMON_BAND: (u32, u32) = (10, 16);

/// How many edges of its band, in minutes, a visit of `elapsed_ms` milliseconds has passed: 0, 1 or 2.
#[must_use]
pub fn edges_passed(elapsed_ms: i64, band: (u32, u32)) -> u8 {
    let (from, to) = band;
    u8::from(elapsed_ms >= edge_ms(from)) + u8::from(elapsed_ms >= edge_ms(to))
}

/// An edge of a band, given in minutes, as milliseconds from the start of the visit.
#[must_use]
pub fn edge_ms(minutes: u32) -> i64 {
    i64::from(minutes) * MINUTE_MS
}

/// How long an area has gone without a visit, milliseconds; `None` where no visit is known.
#[must_use]
pub fn gap_ms(now: Millis, by_me: Option<Millis>, by_anyone: Option<Millis>) -> Option<i64> {
    let last = by_me.max(by_anyone)?;
    // Another crew's clock may run ahead of this phone's.
    Some(now.since(last).max(0))
}

/// Whether a gap is longer than the area's owner wants.
#[must_use]
pub fn is_overdue(gap_ms: i64, max_gap_min: Option<u32>) -> bool {
    max_gap_min.is_some_and(|minutes| gap_ms > i64::from(minutes) * MINUTE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_passed_the_moment_it_is_reached() {
        let passed = |ms| edges_passed(ms, (10, 16));
        assert_eq!(passed(-MINUTE_MS), 0, "a clock set back passes nothing");
        assert_eq!((passed(10 * MINUTE_MS - 1), passed(10 * MINUTE_MS)), (0, 1));
        assert_eq!((passed(16 * MINUTE_MS - 1), passed(16 * MINUTE_MS)), (1, 2));
    }

    #[test]
    fn the_newest_visit_counts_whoever_made_it() {
        let now = Millis(100 * MINUTE_MS);
        let at = |minutes: i64| Some(Millis(minutes * MINUTE_MS));
        assert_eq!(gap_ms(now, at(10), at(40)), Some(60 * MINUTE_MS));
        assert_eq!(gap_ms(now, at(90), None), Some(10 * MINUTE_MS));
        assert_eq!(gap_ms(now, None, at(101)), Some(0), "a clock ahead of ours makes no negative gap");
        assert_eq!(gap_ms(now, None, None), None);
    }

    #[test]
    fn a_gap_is_overdue_only_where_its_owner_named_a_limit() {
        assert!(is_overdue(121 * MINUTE_MS, Some(120)));
        assert!(!is_overdue(120 * MINUTE_MS, Some(120)));
        assert!(!is_overdue(i64::MAX, None));
    }
}
