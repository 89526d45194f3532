//! Waiting after wrong tries: the first costs nothing (gloves, rain), then 30 s, 1, 5 and 15 minutes. Nothing is ever
//! destroyed.
//!
//! The wait does not look at the wall clock, which anybody holding the phone can turn. It counts time since boot
//! (suspend included); after a restart only the time since that restart is certain to have passed, so only that counts.

use beatbook_domain::time::{Millis, Mono};
use serde::{Deserialize, Serialize};

/// Waits after the first, second, third, fourth and every later wrong try, in milliseconds.
pub const WAITS_MS: [i64; 5] = [0, 30_000, 60_000, 300_000, 900_000];

/// How many wrong tries are remembered one by one for the log; the count itself has no limit.
const REMEMBERED: usize = 50;

/// One wrong try.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Try {
    /// Device UTC.
    pub at: Millis,
    /// Boot and time since boot.
    pub mono: Mono,
}

/// The wrong tries since the profile last opened.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Tries {
    /// How many.
    pub failed: u32,
    /// The latest of them, oldest first: they go into the log chain at the next unlock.
    pub marks: Vec<Try>,
}

impl Tries {
    /// Adds a wrong try.
    pub fn add(&mut self, at: Millis, mono: Mono) {
        self.failed = self.failed.saturating_add(1);
        self.marks.push(Try { at, mono });
        if self.marks.len() > REMEMBERED {
            // The first tries tell most about what happened: drop from the middle, never the newest.
            self.marks.remove(REMEMBERED / 2);
        }
    }

    /// Milliseconds to wait before the next try may be made; 0 when it may be made now.
    #[must_use]
    pub fn wait_ms(&self, now: &Mono) -> i64 {
        let Some(last) = self.marks.last() else { return 0 };
        let step = usize::try_from(self.failed).unwrap_or(usize::MAX).clamp(1, WAITS_MS.len()) - 1;
        (WAITS_MS[step] - certain_elapsed(&last.mono, now)).max(0)
    }
}

/// The milliseconds that have certainly passed since `then`.
fn certain_elapsed(then: &Mono, now: &Mono) -> i64 {
    now.since(then).unwrap_or_else(|| i64::try_from(now.ms).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;

    fn mono(boot: u128, ms: u64) -> Mono {
        Mono { boot_id: Uuid::from_u128(boot), ms }
    }

    fn twice_wrong() -> Tries {
        let mut tries = Tries::default();
        tries.add(Millis(0), mono(1, 79_999_000));
        tries.add(Millis(0), mono(1, 80_000_000));
        tries
    }

    #[test]
    fn waits_grow_and_stay_at_a_quarter_of_an_hour() {
        let mut tries = Tries::default();
        assert_eq!(tries.wait_ms(&mono(1, 0)), 0);
        for expected in [0, 30_000, 60_000, 300_000, 900_000, 900_000] {
            tries.add(Millis(0), mono(1, 5_000));
            assert_eq!(tries.wait_ms(&mono(1, 5_000)), expected);
        }
        assert_eq!(tries.wait_ms(&mono(1, 5_000 + 899_999)), 1);
        assert_eq!(tries.wait_ms(&mono(1, 5_000 + 900_000)), 0);
    }

    #[test]
    fn a_restart_does_not_shorten_the_wait() {
        let tries = twice_wrong();
        assert_eq!(tries.wait_ms(&mono(2, 10_000)), 20_000);
        assert_eq!(tries.wait_ms(&mono(2, 30_000)), 0);
    }

    #[test]
    fn a_reading_that_went_backwards_counts_only_what_it_shows() {
        let tries = twice_wrong();
        assert_eq!(tries.wait_ms(&mono(1, 10_000)), 20_000);
    }

    #[test]
    fn marks_are_bounded_and_keep_both_ends() {
        let mut tries = Tries::default();
        for n in 0..200 {
            tries.add(Millis(n), mono(1, 0));
        }
        assert_eq!(tries.failed, 200);
        assert_eq!(tries.marks.len(), REMEMBERED);
        assert_eq!(tries.marks.first().unwrap().at, Millis(0));
        assert_eq!(tries.marks.last().unwrap().at, Millis(199));
    }
}
