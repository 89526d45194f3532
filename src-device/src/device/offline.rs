//! The offline limit on the screens: what is closed once it ends, and what never is.
//!
//! Closed: everything others wrote, and what this officer wrote before the shift that is open. Open as ever: saving,
//! drafts, the shift and its own entries, duties, stock, places, the outbox and Send now. The reasons are in ADR 17.

use beatbook_domain::id::EntryId;
use beatbook_domain::time::{Millis, day_clock};
use beatbook_protocol::ipc::{AppError, ErrorCode};
use beatbook_words::text;

use super::Device;
use super::entries::open_shift;
use super::session::Session;
use crate::store::offline::Reads;
use crate::store::{Store, StoreError};

impl Session {
    /// Where reading stands, by the force's limit.
    pub(super) async fn reads(&self) -> Result<Reads, AppError> {
        let limit = self.context().await?.edition.policy.offline_limit_ms();
        self.read(move |store| Ok::<_, AppError>(store.reads(limit)?)).await
    }

    /// Whether everything may be read; the words why not.
    pub(super) async fn may_read(&self) -> Result<(), AppError> {
        let reads = self.reads().await?;
        if reads.stopped { Err(stopped(reads.until)) } else { Ok(()) }
    }

    /// Whether an entry may be read: after the limit those of the shift that is open, and what is not received yet.
    pub(super) async fn may_read_entry(&self, entry: EntryId) -> Result<(), AppError> {
        let reads = self.reads().await?;
        let now = self.now();
        if !reads.stopped || self.read(move |store| Ok::<_, AppError>(is_at_hand(store, entry, now)?)).await?
        {
            return Ok(());
        }
        Err(stopped(reads.until))
    }
}

/// Whether an entry is what its officer is working on: written by them, and of the open shift or not received.
fn is_at_hand(store: &mut Store, entry: EntryId, now: Millis) -> Result<bool, StoreError> {
    let me = store.identity().officer.officer;
    let open = open_shift(store, now)?;
    let waits = store.outbox().items().any(|item| item.entry_id == entry);
    let revisions = store.revisions_of_entry(entry)?;
    let mut heads = revisions.iter().filter_map(|row| row.parse()).map(|revision| revision.head).peekable();
    Ok(heads.peek().is_some()
        && heads.all(|head| {
            let of_shift = open.is_some() && (head.shift_id == open || Some(head.entry_id) == open);
            head.author == me && (waits || of_shift)
        }))
}

fn stopped(at: Millis) -> AppError {
    AppError::new(ErrorCode::ReadingStopped, text!(reading_stopped, when = day_clock(at)))
}

impl Device {
    /// The open profile, for a screen that reads more than what is at hand.
    pub(super) async fn reading_session(&self) -> Result<std::sync::Arc<Session>, AppError> {
        let session = self.session()?;
        session.may_read().await?;
        Ok(session)
    }
}
