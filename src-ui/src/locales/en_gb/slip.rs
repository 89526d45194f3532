//! Words of the hand-over slip.

use beatbook_domain::time::{self, Millis};

use super::text;

/// When a slip goes by itself.
#[must_use]
pub fn slip_expires(at: Millis) -> String {
    text!(slip_expires, at = time::day_clock(at))
}
