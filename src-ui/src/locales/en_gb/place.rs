//! Places and fixes.

use super::text;

/// `good fix, ±8 m`.
#[must_use]
pub fn good_fix(metres: u32) -> String {
    text!(good_fix, metres = metres)
}

/// `rough fix, ±140 m`.
#[must_use]
pub fn rough_fix(metres: u32) -> String {
    text!(rough_fix, metres = metres)
}
