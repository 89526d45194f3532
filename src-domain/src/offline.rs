//! The offline limit: how long a phone may be read without hearing from central.
//!
//! Time is counted by what nobody can turn back: the time since boot, and the highest time ever seen. The wall clock alone
//! decides nothing. The end of the limit stops reading; saving and sending go on, and the next contact lifts it.

use serde::{Deserialize, Serialize};

use crate::privacy::retention::{self, ClassRule, RetentionTable};
use crate::time::{HOUR_MS, Millis, Mono, Reading};

/// Hours a phone may be read without a contact, where the force says nothing else: three days.
pub const DEFAULT_LIMIT_HOURS: u32 = 72;
/// The most hours a force may set: thirty days.
pub const MOST_LIMIT_HOURS: u32 = 720;

/// What the force sets for every phone; delivered with the code lists.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Policy {
    /// Hours a phone may be read without a contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offline_limit_hours: Option<u32>,
    /// Retention by class of record, where the force sets another than what ships.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassRule>,
}

impl Policy {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The retention table in force.
    #[must_use]
    pub fn retention(&self) -> RetentionTable {
        retention::built_in().with(&self.classes)
    }

    /// The offline limit, milliseconds.
    #[must_use]
    pub fn offline_limit_ms(&self) -> i64 {
        let hours = self.offline_limit_hours.unwrap_or(DEFAULT_LIMIT_HOURS).clamp(1, MOST_LIMIT_HOURS);
        i64::from(hours) * HOUR_MS
    }
}

/// What a phone keeps of the time since its last contact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OfflineWatch {
    /// Central's time at the last contact.
    contact: Millis,
    /// Device clock less central's, then, milliseconds.
    ahead: i64,
    /// Time counted since boot, over every boot since then, milliseconds. Time switched off is not in it.
    counted: i64,
    /// The clock since boot when it was last looked at.
    looked: Mono,
    /// The highest time seen since, as central's clock would tell it.
    highest: Millis,
}

impl OfflineWatch {
    /// Central was heard: its own time, and the device's clocks then.
    #[must_use]
    pub fn contact(central: Millis, at: &Reading) -> Self {
        Self { contact: central, ahead: at.at.since(central), counted: 0, looked: at.mono, highest: central }
    }

    /// Takes in what the clocks say now.
    pub fn look(&mut self, at: &Reading) {
        let since = match at.mono.since(&self.looked) {
            Some(ms) => ms.max(0),
            // Another boot: it has run at least since then.
            None => i64::try_from(at.mono.ms).unwrap_or(i64::MAX),
        };
        self.counted = self.counted.saturating_add(since);
        self.looked = at.mono;
        // A clock that stood wrong at the contact may be put right afterwards: whichever reading says less time has passed
        // is taken, and the time since boot counts all the same.
        let seen = at.at.min(at.at.plus(self.ahead.saturating_neg()));
        self.highest = self.highest.max(seen);
    }

    /// Milliseconds since the last contact, at least.
    #[must_use]
    pub fn passed(&self) -> i64 {
        self.counted.max(self.highest.since(self.contact))
    }

    /// Milliseconds until reading stops; none once it has.
    #[must_use]
    pub fn left(&self, limit_ms: i64) -> Option<i64> {
        Some(limit_ms.saturating_sub(self.passed())).filter(|left| *left > 0)
    }

    /// When reading stops, or stopped, as the device's clock shows it.
    #[must_use]
    pub fn ends(&self, limit_ms: i64, now: Millis) -> Millis {
        now.plus(limit_ms.saturating_sub(self.passed()))
    }

    /// Whether so much was counted since another state of it that it should be kept.
    #[must_use]
    pub fn moved_on_from(&self, kept: &Self, ms: i64) -> bool {
        self.contact != kept.contact || self.passed().saturating_sub(kept.passed()) >= ms || {
            self.looked.boot_id != kept.looked.boot_id
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const AT: Millis = Millis(1_795_000_000_000);
    const LIMIT: i64 = 72 * HOUR_MS;

    fn reading(wall: Millis, boot: u128, ms: u64) -> Reading {
        Reading { at: wall, mono: Mono { boot_id: Uuid::from_u128(boot), ms }, offset: None }
    }

    #[test]
    fn turning_the_clock_back_gains_nothing() {
        let mut watch = OfflineWatch::contact(AT, &reading(AT, 1, 1_000));
        watch.look(&reading(AT.plus(71 * HOUR_MS), 1, 1_000 + 71 * HOUR_MS as u64));
        assert_eq!(watch.left(LIMIT), Some(HOUR_MS));
        watch.look(&reading(AT, 1, 1_000 + 73 * HOUR_MS as u64));
        assert_eq!(watch.left(LIMIT), None, "time since boot counts");
        let mut off = OfflineWatch::contact(AT, &reading(AT, 1, 1_000));
        off.look(&reading(AT.plus(80 * HOUR_MS), 2, 5_000));
        assert_eq!(off.left(LIMIT), None, "switched off for three days");
        off.look(&reading(AT, 3, 1_000));
        assert_eq!(off.left(LIMIT), None, "the highest time seen counts, whatever the clock says now");
    }

    #[test]
    fn time_adds_up_over_boots_even_where_the_clock_always_says_the_same() {
        let mut watch = OfflineWatch::contact(AT, &reading(AT, 1, 0));
        for boot in 2..10 {
            watch.look(&reading(AT, boot, 10 * HOUR_MS as u64));
        }
        assert_eq!(watch.passed(), 80 * HOUR_MS);
    }

    #[test]
    fn a_clock_that_is_put_right_afterwards_does_not_stop_reading() {
        let year = 365 * 24 * HOUR_MS;
        for wrong in [year, -year, -20 * year] {
            let mut watch = OfflineWatch::contact(AT, &reading(AT.plus(wrong), 1, 1_000));
            watch.look(&reading(AT.plus(wrong + HOUR_MS), 1, 1_000 + HOUR_MS as u64));
            assert_eq!(watch.passed(), HOUR_MS, "{wrong}");
            watch.look(&reading(AT.plus(2 * HOUR_MS), 1, 1_000 + 2 * HOUR_MS as u64));
            assert_eq!(watch.passed(), 2 * HOUR_MS, "put right: {wrong}");
        }
    }

    #[test]
    fn the_next_contact_lifts_it_and_the_end_is_told_by_the_clock_on_the_wall() {
        let mut watch = OfflineWatch::contact(AT, &reading(AT, 1, 1_000));
        let later = reading(AT.plus(10 * HOUR_MS), 1, 1_000 + 10 * HOUR_MS as u64);
        watch.look(&later);
        assert_eq!(watch.ends(LIMIT, later.at), AT.plus(LIMIT));
        assert!(watch.moved_on_from(&OfflineWatch::contact(AT, &reading(AT, 1, 1_000)), 60_000));
        let again = OfflineWatch::contact(later.at, &later);
        assert_eq!(again.left(LIMIT), Some(LIMIT));
    }

    #[test]
    fn a_force_sets_hours_within_reason() {
        let limit = |hours| Policy { offline_limit_hours: hours, ..Policy::default() }.offline_limit_ms();
        assert_eq!(limit(None), LIMIT);
        assert_eq!(limit(Some(0)), HOUR_MS);
        assert_eq!(limit(Some(u32::MAX)), i64::from(MOST_LIMIT_HOURS) * HOUR_MS);
    }

    proptest! {
        /// Whatever the clocks say, what has passed never gets less, and is at least what one boot has counted.
        #[test]
        fn what_has_passed_never_gets_less(
            looks in prop::collection::vec((any::<i64>(), 1u128..4, 0u64..1_000_000_000_000), 1..20),
        ) {
            let mut watch = OfflineWatch::contact(AT, &reading(AT, 1, 0));
            let mut before = 0;
            for (wall, boot, ms) in looks {
                watch.look(&reading(Millis(wall), boot, ms));
                prop_assert!(watch.passed() >= before);
                before = watch.passed();
            }
        }
    }
}
