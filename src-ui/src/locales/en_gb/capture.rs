//! What the forms share.

use beatbook_domain::time::{self, Millis};

use super::text;

/// `Tombland · kept 22:16`.
#[must_use]
pub fn draft_detail(place: Option<&str>, kept: Millis) -> String {
    let time = time::clock(kept);
    match place {
        Some(place) => text!(draft_place_kept_at, place = place, time = time),
        None => text!(draft_kept_at, time = time),
    }
}
