//! What is on its way to the server.

use beatbook_domain::time::{self, Millis};

use super::{NOTHING_LEFT, entries, text};

/// `12 entries · server heard 22:50`.
#[must_use]
pub fn outbox_meta(total: u32, heard: Option<Millis>) -> String {
    let entries = entries(total);
    match heard {
        Some(heard) => text!(outbox_meta, entries = entries, time = time::clock(heard)),
        None => entries,
    }
}

/// `Next try by 22:52`.
#[must_use]
pub fn next_try(at: Millis) -> String {
    text!(next_try, time = time::clock(at))
}

/// `Server confirmed at 02:54. Nothing is left to send.`
#[must_use]
pub fn confirmed_at(at: Option<Millis>) -> String {
    at.map_or_else(|| NOTHING_LEFT.to_owned(), |at| text!(confirmed_at, time = time::clock(at)))
}

/// `2 not yet received. You can end now: they follow on their own.`
#[must_use]
pub fn outstanding(n: u32) -> String {
    text!(outstanding, count = n)
}
