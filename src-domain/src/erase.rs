//! Erasure: what goes, what stays, and when it may not happen.

use crate::entry::{Body, Entry, Erasure, Hold, Revision};
use crate::id::{Code, EntryId, Link};
use crate::seal::Sealed;
use crate::time::Millis;

/// Why a body may not be erased now.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EraseError {
    /// A legal hold stands on the entry.
    #[error("a legal hold stands on entry {0}: release it first")]
    Held(EntryId),
    /// None of the entry's revisions has a body left.
    #[error("entry {0} is erased already")]
    AlreadyErased(EntryId),
    /// No authority was given.
    #[error("name the authority for the erasure")]
    NoAuthority,
}

/// Whether a hold stands on an entry, by the holds known: the newest one decides.
pub fn is_held(entry_id: EntryId, holds: &[(Millis, Hold)]) -> bool {
    holds
        .iter()
        .filter(|(_, hold)| hold.entry_id == entry_id)
        .max_by_key(|(at, _)| *at)
        .is_some_and(|(_, h)| h.holds)
}

/// Decides an erasure of all bodies of an entry: the body of the `erasure` entry to seal before anything is deleted.
///
/// # Errors
/// When a hold stands, nothing is left to erase, or no authority is named.
pub fn decide(
    entry: &Entry,
    holds: &[(Millis, Hold)],
    authority: &str,
    class: Code,
    now: Millis,
) -> Result<Erasure, EraseError> {
    if authority.trim().is_empty() {
        return Err(EraseError::NoAuthority);
    }
    if is_held(entry.entry_id, holds) {
        return Err(EraseError::Held(entry.entry_id));
    }
    let links: Vec<Link> = entry.revisions.iter().filter(|r| r.body.is_some()).map(|r| r.link).collect();
    if links.is_empty() {
        return Err(EraseError::AlreadyErased(entry.entry_id));
    }
    Ok(Erasure { links, authority: authority.trim().to_owned(), class, hold_checked_at: now })
}

/// Takes body and salt out of a sealed revision; head, commit and link stay and the chain still verifies.
pub fn erase(sealed: &mut Sealed) {
    sealed.body = None;
    sealed.salt = None;
}

/// All links that erasures name.
pub fn erased_links<'a>(
    revisions: impl IntoIterator<Item = &'a Revision>,
) -> std::collections::BTreeSet<Link> {
    revisions
        .into_iter()
        .filter_map(|revision| match &revision.body {
            Some(Body::Erasure(erasure)) => Some(erasure.links.iter().copied()),
            _ => None,
        })
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::testing::revision;
    use crate::entry::{Kind, fold};

    #[test]
    fn a_hold_stops_an_erasure_until_it_is_released() {
        let entries = fold([revision(1, Kind::Engagement, 10)]);
        let entry = &entries[0];
        let hold =
            |at, holds| (Millis(at), Hold { entry_id: entry.entry_id, holds, authority: "case".into() });
        let class = || Code::new("RC_ENGAGEMENT");
        let held = decide(entry, &[hold(1, true)], "records manager", class(), Millis(50));
        assert_eq!(held, Err(EraseError::Held(entry.entry_id)));
        let released =
            decide(entry, &[hold(1, true), hold(2, false)], "records manager", class(), Millis(50)).unwrap();
        assert_eq!(released.links, vec![entry.first().link]);
        assert_eq!(decide(entry, &[], "  ", class(), Millis(50)), Err(EraseError::NoAuthority));
    }
}
