//! Finding records: the officer's own, and those of others that may be read on this phone.

use beatbook_protocol::ipc::{AppError, FindCursor, FindEntries, FindState, FoundView};

use super::decisions::{mark_returned, returned_to};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::Store;
use crate::store::find::{Stands, Wanted};

impl Handle<FindEntries> for Device {
    async fn handle(&self, command: FindEntries) -> Result<FoundView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let now = session.now();
        let wanted = Wanted {
            words: command.words,
            kinds: command.kinds,
            shift: command.shift,
            area: command.area,
            stands: match command.state {
                FindState::Any => None,
                FindState::Waiting => Some(Stands::Waiting),
                FindState::Received => Some(Stands::Received),
                FindState::NeedsYou => Some(Stands::Asked),
            },
            from: command.from,
            until: command.until,
            after: command.after.map(|cursor| (cursor.at, cursor.entry_id)),
            limit: command.limit,
        };
        session
            .read(move |store: &mut Store| {
                let page = store.find(&wanted)?;
                let mut rows = Vec::with_capacity(page.entries.len());
                for (_, entry_id) in &page.entries {
                    let mut folded = Folded::new(store.revisions_of_entry(*entry_id)?);
                    let is_patrol = folded.entry(*entry_id).is_some_and(|entry| entry.kind().is_movement());
                    if is_patrol {
                        // The row of a patrol record is received when all of the shift's movement is.
                        folded = Folded::new(store.revisions_of_shift(*entry_id)?);
                    }
                    let Some(entry) = folded.entry(*entry_id) else { continue };
                    let outbox = store.outbox();
                    rows.push(if is_patrol {
                        folded.patrol_row(entry, outbox, &context)
                    } else {
                        folded.entry_row(entry, outbox, &context)
                    });
                }
                let (_, waiting) = returned_to(store, context.me.officer, now)?;
                mark_returned(&mut rows, &waiting);
                let last =
                    page.entries.last().map(|(at, entry_id)| FindCursor { at: *at, entry_id: *entry_id });
                Ok::<_, AppError>(FoundView {
                    rows,
                    next: last.filter(|_| page.more),
                    total: page.total,
                    not_indexed: page.not_indexed,
                })
            })
            .await
    }
}
