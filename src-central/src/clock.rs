//! Central's clock: the one place that reads it.

use std::time::{SystemTime, UNIX_EPOCH};

use beatbook_domain::time::Millis;

/// Now, by the machine's clock.
#[must_use]
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
