//! The hand-over slip of a concern: on this phone only, gone when the other systems' references are in, or at expiry.

use beatbook_domain::entry::{Body, Concern, Kind};
use beatbook_domain::id::EntryId;
use beatbook_domain::slip::{self, Block};
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::ipc::{
    AppError, DropSlip, ErrorCode, GetSlip, KeepSlip, MoveToSlip, SlipBlock, SlipSystem, SlipView,
};

use super::context::Context;
use super::error::{not_found, not_now};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::{Store, StoreError};
use crate::words;

/// The longest details, characters.
const DETAILS_MOST: usize = 5_000;

impl Handle<GetSlip> for Device {
    async fn handle(&self, command: GetSlip) -> Result<SlipView, AppError> {
        let session = self.session()?;
        session.may_read_entry(command.entry_id).await?;
        let context = session.context().await?;
        session.read(move |store| view(store, command.entry_id, &context)).await
    }
}

impl Handle<KeepSlip> for Device {
    async fn handle(&self, command: KeepSlip) -> Result<SlipView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        session
            .save(move |store| {
                if command.details.trim().is_empty() {
                    store.drop_slip(command.entry_id)?;
                } else {
                    keep(store, command.entry_id, command.details, &context)?;
                }
                view(store, command.entry_id, &context)
            })
            .await
    }
}

impl Handle<MoveToSlip> for Device {
    async fn handle(&self, command: MoveToSlip) -> Result<SlipView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        session
            .save(move |store| {
                let before = store.slip(command.entry_id)?.map(|slip| slip.details).unwrap_or_default();
                let words = [before.trim_end(), command.text.trim()];
                let details: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
                keep(store, command.entry_id, details.join("\n"), &context)?;
                view(store, command.entry_id, &context)
            })
            .await
    }
}

impl Handle<DropSlip> for Device {
    async fn handle(&self, command: DropSlip) -> Result<SlipView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        session
            .save(move |store| {
                store.drop_slip(command.entry_id)?;
                view(store, command.entry_id, &context)
            })
            .await
    }
}

/// Keeps the details of a note that still has something to hand over.
fn keep(store: &mut Store, entry: EntryId, details: String, context: &Context) -> Result<(), AppError> {
    let note = note_of(store, entry, context)?;
    if note.is_sealed && note.concern.as_ref().is_some_and(slip::is_handed_over) {
        return Err(not_now(words::SLIP_GONE));
    }
    if details.chars().count() > DETAILS_MOST {
        return Err(AppError::new(ErrorCode::Invalid, words::SLIP_FULL));
    }
    Ok(store.keep_slip(entry, &details)?)
}

/// Whether a slip lies on this phone for an entry.
pub(super) fn has_slip(store: &mut Store, entry: EntryId) -> Result<bool, StoreError> {
    if store.slip(entry)?.is_none() {
        return Ok(false);
    }
    settle(store, entry)?;
    Ok(store.slip(entry)?.is_some())
}

/// Deletes the slip of an entry that is handed over, or that is no more: whatever cut off the save that should have done it.
fn settle(store: &mut Store, entry: EntryId) -> Result<(), StoreError> {
    let folded = Folded::new(store.revisions_of_entry(entry)?);
    let over = match folded.entry(entry).map(|entry| &entry.current().body) {
        Some(Some(Body::Concern(note))) => slip::is_handed_over(note),
        Some(_) => false,
        None => store.draft(entry)?.is_none(),
    };
    if over { store.drop_slip(entry) } else { Ok(()) }
}

/// The same for every slip on this phone; those past their expiry go too.
pub(super) fn settle_all(store: &mut Store) -> Result<(), StoreError> {
    for entry in store.slips()? {
        settle(store, entry)?;
    }
    Ok(())
}

/// The note a slip belongs to.
struct Note {
    /// What it says; `None` while a draft lacks what a note must say.
    concern: Option<Concern>,
    /// When it happened.
    at: Millis,
    /// Saved, not only a draft.
    is_sealed: bool,
}

fn note_of(store: &mut Store, entry: EntryId, context: &Context) -> Result<Note, AppError> {
    let folded = Folded::new(store.revisions_of_entry(entry)?);
    if let Some(current) = folded.entry(entry).map(|entry| entry.current())
        && let Some(Body::Concern(note)) = &current.body
    {
        return Ok(Note { concern: Some(note.clone()), at: current.head.occurred_at, is_sealed: true });
    }
    let draft = store.draft(entry)?.filter(|draft| draft.form.kind() == Kind::Concern);
    let Some(draft) = draft else {
        // A withdrawn note, or one whose words are not here any more, has nothing left to read out.
        return match folded.entry(entry) {
            Some(entry) if entry.kind() == Kind::Concern => {
                Ok(Note { concern: None, at: entry.occurred_at(), is_sealed: true })
            }
            _ => Err(not_found(words::SLIP_OF_CONCERN_ONLY)),
        };
    };
    let at = draft.told.occurred_at;
    let bodies = draft.form.bodies(&context.edition, local(at).date_naive(), at);
    let concern = match bodies.map(|bodies| bodies.main) {
        Ok(Body::Concern(note)) => Some(note),
        _ => None,
    };
    Ok(Note { concern, at, is_sealed: false })
}

fn view(store: &mut Store, entry_id: EntryId, context: &Context) -> Result<SlipView, AppError> {
    settle(store, entry_id)?;
    let note = note_of(store, entry_id, context)?;
    let kept = store.slip(entry_id)?;
    let details = kept.as_ref().map(|kept| kept.details.clone()).unwrap_or_default();
    let blocks = note.concern.map(|concern| blocks(&concern, note.at, &details)).unwrap_or_default();
    Ok(SlipView { entry_id, details, blocks, expires_at: kept.map(|kept| kept.expires_at) })
}

fn blocks(note: &Concern, at: Millis, details: &str) -> Vec<SlipBlock> {
    slip::blocks(note)
        .into_iter()
        .map(|block| {
            let reference = slip::reference(note, block).map(str::to_owned);
            let text = if reference.is_some() { String::new() } else { slip::text(block, note, at, details) };
            SlipBlock { system: system(block), text, reference }
        })
        .collect()
}

fn system(block: Block) -> SlipSystem {
    match block {
        Block::Crime => SlipSystem::Crime,
        Block::Intelligence => SlipSystem::Intelligence,
        Block::Safeguarding => SlipSystem::Safeguarding,
    }
}
