//! Disclosures about people in policing: the list that professional standards read. What one says is read by opening it,
//! which the log keeps.

use beatbook_domain::entry::Entry;
use beatbook_protocol::ipc::{AppError, Capability, ListStandards, StandardsRow, StandardsView};
use beatbook_protocol::sync::Scope;

use super::error::not_now;
use super::posts::capabilities;
use super::team::as_known;
use super::views::Folded;
use super::{Device, Handle};
use crate::words;

/// Most rows in one page.
const MOST_ROWS: u32 = 100;

impl Handle<ListStandards> for Device {
    async fn handle(&self, command: ListStandards) -> Result<StandardsView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let now = session.now();
        session
            .read(move |store| {
                let answer = store.last_answer()?;
                if !capabilities(&answer, &context, now).contains(&Capability::Standards) {
                    return Err(not_now(words::NOT_STANDARDS));
                }
                let limit = command.limit.clamp(1, MOST_ROWS);
                let page = store.first_of_scope(Scope::Standards, command.after, limit)?;
                let mut rows = Vec::with_capacity(page.entries.len());
                for entry_id in &page.entries {
                    let folded = Folded::new(store.revisions_of_entry(*entry_id)?);
                    let Some(entry) = folded.entry(*entry_id) else { continue };
                    rows.push(StandardsRow {
                        entry_id: *entry_id,
                        author: context.title(entry.first().head.author),
                        at: entry.occurred_at(),
                        received_at: received(entry),
                        edited: entry.is_edited(),
                    });
                }
                Ok(StandardsView { rows, next: page.next, as_known: as_known(answer.server_time) })
            })
            .await
    }
}

fn received(entry: &Entry) -> Option<beatbook_domain::time::Millis> {
    entry.revisions.iter().filter_map(|revision| revision.received).map(|(at, _)| at).max()
}
