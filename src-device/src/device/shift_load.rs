//! Which shift is open on this phone, and everything a shift is made of.

use std::collections::BTreeSet;

use beatbook_domain::entry::Kind;
use beatbook_domain::id::{EntryId, OfficerId};
use beatbook_domain::shift;
use beatbook_domain::time::{DAY_MS, Millis};

use super::views::Folded;
pub(super) use crate::store::SHIFT;
use crate::store::{Store, StoreError, StoredRevision};

/// How far back an open shift or an unanswered claim is looked for.
pub(super) const LOOK_BACK_MS: i64 = 30 * DAY_MS;

/// The kinds by which an officer says where they are.
const WORDS: [Kind; 4] = [Kind::ShiftOpened, Kind::ShiftEnded, Kind::CrewJoined, Kind::CrewLeft];
/// Revisions of them read of one officer, at most: a few nights' worth.
const MOST_WORDS: u32 = 400;

/// The shifts that some revisions of their own entries tell of: when each began, oldest first. One that is withdrawn is none,
/// and one that another phone went on with is one with it.
pub(super) fn begun(rows: Vec<StoredRevision>) -> BTreeSet<(Millis, EntryId)> {
    let folded = Folded::new(rows);
    let stands = folded
        .entries
        .iter()
        .filter(|entry| !entry.is_withdrawn() && !shift::is_continued(&folded.entries, entry));
    stands.map(|entry| (entry.occurred_at(), entry.entry_id)).collect()
}

/// Everything of a shift: its own entries, those of the shifts it goes on with, and the movement of everybody who was in
/// one unit with its officer.
pub(super) fn load_shift(store: &mut Store, shift_id: EntryId) -> Result<Folded, StoreError> {
    let mut rows = store.revisions_of_shift(shift_id)?;
    let own = Folded::new(rows.clone());
    let Some(opened) = own.entry(shift_id) else { return Ok(own) };
    let since = opened.occurred_at().plus(-DAY_MS);
    let officer = opened.first().head.author;
    rows.extend(words(store, officer, since)?);

    let mut known = Folded::new(rows.clone());
    let same = shift::same_shifts(&known.entries, shift_id);
    if same.len() > 1 {
        for other in same.into_iter().filter(|id| *id != shift_id) {
            rows.extend(store.revisions_of_shift(other)?);
        }
        known = Folded::new(rows.clone());
    }
    let units: BTreeSet<_> = shift::read(&known.entries, shift_id)
        .map(|shift| shift.stays.iter().map(|stay| stay.unit).collect())
        .unwrap_or_default();
    for unit in units {
        rows.extend(store.revisions_of_unit(unit)?);
    }
    let known = Folded::new(rows.clone());
    let colleagues =
        shift::read(&known.entries, shift_id).map(|shift| shift.colleagues()).unwrap_or_default();
    if colleagues.is_empty() {
        return Ok(known);
    }
    for colleague in colleagues {
        rows.extend(words(store, colleague, since)?);
    }
    let known = Folded::new(rows.clone());
    let theirs = shift::read(&known.entries, shift_id).map(|shift| shift.of_colleagues(&known.entries));
    for shift in theirs.unwrap_or_default() {
        rows.extend(store.revisions_of_shift(shift)?);
    }
    Ok(Folded::new(rows))
}

/// What an officer said of their shifts and units.
fn words(store: &mut Store, officer: OfficerId, since: Millis) -> Result<Vec<StoredRevision>, StoreError> {
    store.revisions_of_kinds(&WORDS, Some(officer), since, MOST_WORDS)
}

fn own_shifts(store: &mut Store, now: Millis) -> Result<Folded, StoreError> {
    let officer = store.identity().officer.officer;
    let rows = store.revisions_of_kinds(&SHIFT, Some(officer), now.plus(-LOOK_BACK_MS), 200)?;
    let mut own = Folded::new(rows);
    own.entries.retain(|entry| entry.first().head.author == officer);
    Ok(own)
}

/// The shift the officer has open on this phone. One begun on another phone is that phone's until the officer goes on
/// with it here.
pub(super) fn open_shift(store: &mut Store, now: Millis) -> Result<Option<EntryId>, StoreError> {
    let (officer, chains) = (store.identity().officer.officer, store.chains().clone());
    let own = own_shifts(store, now)?;
    let mut open = shift::open_shifts(&own.entries, officer);
    open.retain(|shift| chains.which(shift.first().head.chain_id).is_some());
    Ok(open.last().map(|shift| shift.entry_id))
}

/// The officer's newest shift, open or not.
pub(super) fn newest_shift(store: &mut Store, now: Millis) -> Result<Option<EntryId>, StoreError> {
    let own = own_shifts(store, now)?;
    let stands = own.entries.iter().filter(|entry| !entry.is_withdrawn());
    Ok(stands.max_by_key(|entry| (entry.occurred_at(), entry.entry_id)).map(|entry| entry.entry_id))
}
