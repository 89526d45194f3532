//! Time as the records need it: UTC instants, the monotonic reading that survives suspend, the measured offset to
//! central, intervals whose union gives hours, and London's wall clock for people.
//!
//! Three clocks are kept apart on purpose. The device's UTC says when by the phone; [`Mono`] says how long, however
//! often the clock was set in between; [`ClockOffset`] says how far the phone stood from central. Order and duration
//! always come from these, never from wall-clock text. Nothing here reads a clock: readings are parameters.

mod interval;
mod london;
pub mod typed;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use interval::{Interval, clip, intersection, subtract, union, union_length};
pub use london::{
    LocalTime, at_local, clock, clocks_change_near, date_words, day, day_begins, day_clock, duration,
    duty_date, iso, late_by, local, month_words, offset_minutes, range,
};

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z. Any number decodes; arithmetic saturates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

crate::described!(Millis => crate::openapi::number("Milliseconds since 1970-01-01T00:00:00Z"));

impl Millis {
    /// 0001-01-01T00:00:00Z, the earliest instant shown as a date.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// 9999-12-31T23:59:59.999Z, the latest instant shown as a date.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// This instant moved by `ms` milliseconds (negative: earlier).
    #[must_use]
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative if it lies before.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// As a chrono instant. A value outside years 1 to 9999 is shown at that edge: a mad clock must not stop a screen.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.clamp(Self::MIN.0, Self::MAX.0)).unwrap_or_default()
    }
}

impl From<DateTime<Utc>> for Millis {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

/// A monotonic reading: milliseconds since boot **including suspend**, with the boot it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mono {
    /// Which boot of the device. Readings of two boots cannot be compared.
    pub boot_id: Uuid,
    /// Milliseconds since that boot, suspend counted.
    pub ms: u64,
}

impl Mono {
    /// Milliseconds since `earlier`; `None` across boots or if the reading went backwards.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Option<i64> {
        if self.boot_id != earlier.boot_id {
            return None;
        }
        self.ms.checked_sub(earlier.ms).and_then(|ms| i64::try_from(ms).ok())
    }
}

/// What to add to the device's UTC to get central's, as last measured.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockOffset {
    /// Central minus device, in milliseconds.
    pub ms: i64,
    /// Half the round trip of the measurement: the truth lies within plus or minus this.
    pub err_ms: i64,
}

impl ClockOffset {
    /// Device time moved onto central's clock.
    #[must_use]
    pub const fn correct(&self, device: Millis) -> Millis {
        device.plus(self.ms)
    }

    /// The span in which the corrected instant certainly lies (both ends included).
    #[must_use]
    pub const fn bounds(&self, device: Millis) -> (Millis, Millis) {
        let middle = self.correct(device);
        let err = self.err_ms.saturating_abs();
        (middle.plus(-err), middle.plus(err))
    }

    /// From one exchange: when the device asked and was answered, and what central's clock said in between.
    #[must_use]
    pub const fn measured(asked: Millis, answered: Millis, central: Millis) -> Self {
        let trip = answered.since(asked);
        let half = trip / 2;
        Self { ms: central.since(asked.plus(half)), err_ms: (trip - half).saturating_abs() }
    }
}

/// One look at the device's clocks, as kept with every revision.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Reading {
    /// The device's UTC.
    pub at: Millis,
    /// The device's monotonic clock.
    pub mono: Mono,
    /// The offset to central, where it has been measured.
    pub offset: Option<ClockOffset>,
}

/// What a duration rests on, shown wherever it matters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The monotonic clock within one boot: exact, whatever was done to the wall clock.
    Mono,
    /// Two UTC readings, each corrected by its measured offset.
    Corrected,
    /// The device's own UTC, at least one end never compared with central.
    DeviceClock,
}

/// How long, and on what evidence.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Elapsed {
    /// Milliseconds; negative where only wall clocks were to hand and they disagree with the order of writing.
    pub ms: i64,
    /// What it rests on.
    pub basis: Basis,
}

impl Reading {
    /// This instant by central's clock where measured, else by the device's.
    #[must_use]
    pub fn corrected(&self) -> Millis {
        self.offset.map_or(self.at, |offset| offset.correct(self.at))
    }

    /// Time since `earlier`: the monotonic clock within one boot, else corrected UTC, else device UTC; it says which.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Elapsed {
        if let Some(ms) = self.mono.since(&earlier.mono) {
            return Elapsed { ms, basis: Basis::Mono };
        }
        match (self.offset, earlier.offset) {
            (Some(now), Some(then)) => {
                Elapsed { ms: now.correct(self.at).since(then.correct(earlier.at)), basis: Basis::Corrected }
            }
            // Correcting one end only would add the whole drift to the duration.
            _ => Elapsed { ms: self.at.since(earlier.at), basis: Basis::DeviceClock },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn reading(at: i64, boot: u128, ms: u64, offset: Option<i64>) -> Reading {
        Reading {
            at: Millis(at),
            mono: Mono { boot_id: Uuid::from_u128(boot), ms },
            offset: offset.map(|ms| ClockOffset { ms, err_ms: 5 }),
        }
    }

    #[test]
    fn mono_wins_within_a_boot_even_when_the_clock_was_set_back() {
        let start = reading(1_000_000, 1, 500, None);
        let end = reading(900_000, 1, 60_500, None);
        assert_eq!(end.since(&start), Elapsed { ms: 60_000, basis: Basis::Mono });
    }

    #[test]
    fn across_boots_both_ends_are_corrected_or_neither() {
        let start = reading(1_000_000, 1, 500, Some(200));
        assert_eq!(
            reading(1_010_000, 2, 10, Some(-100)).since(&start),
            Elapsed { ms: 9_700, basis: Basis::Corrected }
        );
        assert_eq!(reading(1_010_000, 2, 10, None).since(&start).basis, Basis::DeviceClock);
        assert_eq!(reading(1_010_000, 2, 10, None).since(&start).ms, 10_000);
    }

    #[test]
    fn a_mono_that_went_backwards_is_not_trusted() {
        let start = reading(0, 1, 500, None);
        assert_eq!(reading(5, 1, 400, None).since(&start).basis, Basis::DeviceClock);
    }

    #[test]
    fn offset_from_one_exchange() {
        let offset = ClockOffset::measured(Millis(1_000), Millis(1_400), Millis(9_200));
        assert_eq!(offset, ClockOffset { ms: 8_000, err_ms: 200 });
        assert_eq!(offset.bounds(Millis(0)), (Millis(7_800), Millis(8_200)));
    }

    #[test]
    fn instants_travel_as_numbers_and_mad_ones_still_show() {
        assert_eq!(serde_json::to_string(&Millis(-5)).unwrap(), "-5");
        assert_eq!(Millis(i64::MAX).plus(1), Millis(i64::MAX));
        assert_eq!(Millis(i64::MAX).to_utc(), Millis::MAX.to_utc());
        assert_eq!(Millis::MIN.to_utc().to_string(), "0001-01-01 00:00:00 UTC");
        assert_eq!(Millis::MAX.to_utc().to_string(), "9999-12-31 23:59:59.999 UTC");
    }
}
