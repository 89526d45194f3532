//! The officer's own shifts: homes for a note written afterwards, and one begun on another phone to go on with.

use beatbook_domain::entry::{Body, Entry};
use beatbook_domain::shift;
use beatbook_domain::time::{HOUR_MS, Millis};
use beatbook_protocol::ipc::{AppError, ListOwnShifts, OwnShift, OwnShiftsView};

use super::shift_load::SHIFT;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::{Store, StoreError};

/// A shift that began longer ago is not gone on with, milliseconds: nobody patrols that long.
const RESUMABLE_MS: i64 = 18 * HOUR_MS;
/// Most shifts listed.
const MOST_LISTED: u32 = 100;

fn own_shift(entry: &Entry) -> OwnShift {
    let current = entry.current();
    let call_sign = match &current.body {
        Some(Body::Shift(shift)) => shift.call_sign.clone(),
        _ => String::new(),
    };
    OwnShift {
        shift_id: entry.entry_id,
        call_sign,
        started_at: current.head.occurred_at,
        ended_at: current.head.occurred_until,
    }
}

impl Handle<ListOwnShifts> for Device {
    async fn handle(&self, command: ListOwnShifts) -> Result<OwnShiftsView, AppError> {
        let session = self.reading_session().await?;
        let limit = command.limit.min(MOST_LISTED);
        session
            .read(move |store| {
                let officer = store.identity().officer.officer;
                // Each shift has two revisions or a few more.
                let rows =
                    store.revisions_of_kinds(&SHIFT, Some(officer), Millis(0), limit.saturating_mul(6))?;
                let folded = Folded::new(rows);
                let mut shifts: Vec<OwnShift> = folded
                    .entries
                    .iter()
                    .filter(|entry| entry.first().head.author == officer && !entry.is_withdrawn())
                    // What another phone went on with is one with that.
                    .filter(|entry| !shift::is_continued(&folded.entries, entry))
                    .map(own_shift)
                    .collect();
                shifts.sort_by_key(|shift| std::cmp::Reverse((shift.started_at, shift.shift_id)));
                shifts.truncate(limit as usize);
                Ok::<_, AppError>(OwnShiftsView { shifts })
            })
            .await
    }
}

/// The officer's own open shift that another phone began, where it may still be gone on with.
pub(super) fn resumable(store: &mut Store, now: Millis) -> Result<Option<OwnShift>, StoreError> {
    let (officer, chains) = (store.identity().officer.officer, store.chains().clone());
    let rows = store.revisions_of_kinds(&SHIFT, Some(officer), now.plus(-RESUMABLE_MS), 50)?;
    let folded = Folded::new(rows);
    let mut open = shift::open_shifts(&folded.entries, officer);
    open.retain(|shift| chains.which(shift.first().head.chain_id).is_none());
    Ok(open.last().map(|shift| own_shift(shift)))
}
