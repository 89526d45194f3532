//! One shift on several phones: a replacement phone opens a shift of its own that goes on with the earlier one
//! (`links` = same as). Read by either, it is one shift.

use crate::entry::{Entry, Kind, Relation};
use crate::id::EntryId;
use crate::time::Millis;

/// Whether an entry is a shift that stands.
pub(super) fn is_shift(entry: &Entry) -> bool {
    matches!(entry.kind(), Kind::ShiftOpened | Kind::ShiftEnded) && !entry.is_withdrawn()
}

/// The shift of the same officer that goes on with this one.
fn next(entries: &[Entry], shift: &Entry) -> Option<EntryId> {
    let goes_on = |entry: &&Entry| {
        let head = &entry.first().head;
        is_shift(entry)
            && entry.entry_id != shift.entry_id
            && head.author == shift.first().head.author
            && names(entry, shift.entry_id)
    };
    // Two phones that both go on with it: the later one does.
    entries
        .iter()
        .filter(goes_on)
        .max_by_key(|entry| (entry.occurred_at(), entry.entry_id))
        .map(|e| e.entry_id)
}

fn names(entry: &Entry, shift: EntryId) -> bool {
    let links = &entry.first().head.links;
    links.iter().any(|link| link.relation == Relation::SameAs && link.entry_id == shift)
}

/// Whether a shift was gone on with elsewhere.
pub fn is_continued(entries: &[Entry], shift: &Entry) -> bool {
    next(entries, shift).is_some()
}

/// All shifts that are one with this, in the order they were opened; at least itself.
pub fn shifts(entries: &[Entry], shift_id: EntryId) -> Vec<EntryId> {
    let of = |id: EntryId| entries.iter().find(|entry| entry.entry_id == id);
    let mut group = vec![shift_id];
    // Each is taken once, so a ring of links ends.
    while let Some(next) = group.last().and_then(|last| next(entries, of(*last)?)) {
        if group.contains(&next) {
            break;
        }
        group.push(next);
    }
    let mut at = 0;
    while let Some(id) = group.get(at).copied() {
        let author = of(id).map(|entry| entry.first().head.author);
        let before = of(id).into_iter().flat_map(|entry| entry.first().head.links.iter()).filter(|link| {
            link.relation == Relation::SameAs
                && of(link.entry_id)
                    .is_some_and(|entry| is_shift(entry) && Some(entry.first().head.author) == author)
        });
        let before: Vec<EntryId> =
            before.map(|link| link.entry_id).filter(|id| !group.contains(id)).collect();
        group.extend(before);
        at += 1;
    }
    group.sort_by_key(|id| of(*id).map(|entry| (entry.occurred_at(), entry.entry_id)));
    group
}

/// When such a shift began, and when it ended: as the last of its phones has it.
pub(super) fn time(entries: &[Entry], shift: &Entry, group: &[EntryId]) -> (Millis, Option<Millis>) {
    let all = || group.iter().filter_map(|id| entries.iter().find(|entry| entry.entry_id == *id));
    let from = all().map(Entry::occurred_at).min().unwrap_or_else(|| shift.occurred_at());
    let last = all().next_back().unwrap_or(shift);
    (from, last.current().head.occurred_until)
}

/// When the same officer next began a shift that is none of these: by then an earlier one that nobody closed was over.
pub(super) fn next_begins(entries: &[Entry], own: &Entry, from: Millis, group: &[EntryId]) -> Option<Millis> {
    let author = own.first().head.author;
    let later = entries.iter().filter(|entry| {
        is_shift(entry)
            && entry.first().head.author == author
            && !group.contains(&entry.entry_id)
            && entry.occurred_at() > from
    });
    later.map(Entry::occurred_at).min()
}
