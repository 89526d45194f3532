//! Ticks of the phone under the thumb. Each has a visible twin, and with reduced motion there is none.

use crate::{dom, native};

/// One short tick, milliseconds.
const SHORT_MS: u32 = 40;
/// One long tick, milliseconds.
const LONG_MS: u32 = 220;
/// The pause between two, milliseconds.
const PAUSE_MS: u32 = 120;

/// A pattern of ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// Saved, given, covered.
    Short,
    /// A hold is done; a visit reaches its band.
    Long,
    /// A visit passes its band; something needs the officer.
    TwoShort,
}

impl Tick {
    /// Ticks and pauses in turn, milliseconds.
    const fn pattern(self) -> &'static [u32] {
        match self {
            Self::Short => &[SHORT_MS],
            Self::Long => &[LONG_MS],
            Self::TwoShort => &[SHORT_MS, PAUSE_MS, SHORT_MS],
        }
    }
}

/// Ticks, where the phone can and the person has not asked for less motion.
pub fn tick(tick: Tick) {
    if dom::reduced_motion() {
        return;
    }
    // Refused before the first touch of a page; the visible twin is there anyway.
    native::vibrate(tick.pattern());
}
