//! Opening an entry for reading, and loading what a shift is made of.

use beatbook_domain::entry::{Kind, LogRecord};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::shift;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::ipc::{AppError, EntryView, GetEntry};

use super::error::not_found;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::{Store, StoreError};

/// How far back an open shift or an unanswered claim is looked for.
pub(super) const LOOK_BACK_MS: i64 = 30 * DAY_MS;

/// The kinds of a shift's own entry.
pub(super) const SHIFT: [Kind; 2] = [Kind::ShiftOpened, Kind::ShiftEnded];

/// Everything of a shift: its own entries, and the movement of everybody in its unit.
pub(super) fn load_shift(store: &mut Store, shift_id: EntryId) -> Result<Folded, StoreError> {
    let mut rows = store.revisions_of_shift(shift_id)?;
    let unit = rows.iter().filter_map(|row| row.parse()).find_map(|revision| revision.head.unit_id);
    if let Some(unit) = unit {
        rows.extend(store.revisions_of_unit(unit)?);
    }
    Ok(Folded::new(rows))
}

/// The shift the officer has open.
pub(super) fn open_shift(store: &mut Store, now: Millis) -> Result<Option<EntryId>, StoreError> {
    let officer = store.identity().officer.officer;
    let rows = store.revisions_of_kinds(&SHIFT, Some(officer), now.plus(-LOOK_BACK_MS), 200)?;
    Ok(shift::open_shift(&Folded::new(rows).entries, officer))
}

/// The officer's newest shift, open or not.
pub(super) fn newest_shift(store: &mut Store, now: Millis) -> Result<Option<EntryId>, StoreError> {
    let officer = store.identity().officer.officer;
    let rows = store.revisions_of_kinds(&SHIFT, Some(officer), now.plus(-LOOK_BACK_MS), 200)?;
    let folded = Folded::new(rows);
    let own =
        folded.entries.iter().filter(|entry| entry.first().head.author == officer && !entry.is_withdrawn());
    Ok(own.max_by_key(|entry| (entry.occurred_at(), entry.entry_id)).map(|entry| entry.entry_id))
}

impl Handle<GetEntry> for Device {
    async fn handle(&self, command: GetEntry) -> Result<EntryView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let record = LogRecord {
            entry_id: Some(command.entry_id),
            what: Some(Code::new("entry")),
            ..LogRecord::default()
        };
        session.log(Kind::Viewed, record).await?;
        session
            .read(move |store| {
                let own = store.revisions_of_entry(command.entry_id)?;
                let shift =
                    own.iter().filter_map(|row| row.parse()).find_map(|revision| revision.head.shift_id);
                let around = match shift {
                    Some(shift) => store.revisions_of_shift(shift)?,
                    None => Vec::new(),
                };
                let folded = Folded::new(own.into_iter().chain(around));
                let entry = folded
                    .entry(command.entry_id)
                    .ok_or_else(|| not_found("This entry is not on this phone any more."))?;
                let outbox = store.outbox();
                let row = if entry.kind().is_movement() && entry.first().head.kind == Kind::ShiftOpened {
                    folded.patrol_row(entry, outbox, &context)
                } else {
                    folded.entry_row(entry, outbox, &context)
                };
                let names: Vec<EntryId> = entry
                    .revisions
                    .iter()
                    .flat_map(|r| r.head.links.iter().map(|link| link.entry_id))
                    .collect();
                let linked = folded
                    .entries
                    .iter()
                    .filter(|other| other.entry_id != entry.entry_id)
                    .filter(|other| {
                        names.contains(&other.entry_id)
                            || other.first().head.links.iter().any(|link| link.entry_id == entry.entry_id)
                    })
                    .map(|other| folded.entry_row(other, outbox, &context))
                    .collect();
                Ok(EntryView {
                    row,
                    marking: entry
                        .revisions
                        .iter()
                        .map(|r| r.head.marking)
                        .max()
                        .unwrap_or(entry.current().head.marking),
                    author: context.title(entry.first().head.author),
                    revisions: entry
                        .revisions
                        .iter()
                        .map(|revision| folded.revision_view(revision))
                        .collect(),
                    forked: entry.is_forked(),
                    withdrawn: entry.is_withdrawn(),
                    linked,
                })
            })
            .await
    }
}
