//! The hand-over slip of a concern: on this phone only, gone when the other systems' references are in, or at expiry.

use beatbook_domain::entry::{Body, Circumstances, Concern, DraftForm};
use beatbook_domain::id::EntryId;
use beatbook_domain::slip::{self, Block};
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::ipc::{
    AppError, DropSlip, ErrorCode, GetSlip, KeepSlip, MoveToSlip, SlipBlock, SlipSystem, SlipView,
};

use super::context::Context;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::{Store, StoreError};

/// The longest details, characters.
const DETAILS_MOST: usize = 5_000;

impl Handle<GetSlip> for Device {
    async fn handle(&self, command: GetSlip) -> Result<SlipView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        session.read(move |store| Ok::<_, AppError>(view(store, command.entry_id, &context)?)).await
    }
}

impl Handle<KeepSlip> for Device {
    async fn handle(&self, command: KeepSlip) -> Result<SlipView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let details = fitting(command.details)?;
        session
            .save(move |store| {
                if details.trim().is_empty() {
                    store.drop_slip(command.entry_id)?;
                } else {
                    store.keep_slip(command.entry_id, &details)?;
                }
                Ok::<_, AppError>(view(store, command.entry_id, &context)?)
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
                let details = if before.trim().is_empty() {
                    command.text.trim().to_owned()
                } else {
                    format!("{}\n{}", before.trim_end(), command.text.trim())
                };
                store.keep_slip(command.entry_id, &fitting(details)?)?;
                Ok::<_, AppError>(view(store, command.entry_id, &context)?)
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
                Ok::<_, AppError>(view(store, command.entry_id, &context)?)
            })
            .await
    }
}

fn fitting(details: String) -> Result<String, AppError> {
    if details.chars().count() > DETAILS_MOST {
        return Err(AppError::new(ErrorCode::Invalid, "The slip is full: 5,000 characters at most."));
    }
    Ok(details)
}

/// Whether a slip lies on this phone for an entry.
pub(super) fn has_slip(store: &mut Store, entry: EntryId) -> Result<bool, StoreError> {
    Ok(store.slip(entry)?.is_some())
}

/// The note the slip belongs to, signed or still a draft, and when it happened.
fn note_of(
    store: &mut Store,
    entry: EntryId,
    context: &Context,
) -> Result<Option<(Concern, Millis)>, StoreError> {
    let folded = Folded::new(store.revisions_of_entry(entry)?);
    if let Some(current) = folded.entry(entry).map(|entry| entry.current())
        && let Some(Body::Concern(note)) = &current.body
    {
        return Ok(Some((note.clone(), current.head.occurred_at)));
    }
    let Some(draft) = store.draft(entry)? else { return Ok(None) };
    let Circumstances { occurred_at, .. } = draft.told;
    let DraftForm::Concern(_) = &draft.form else { return Ok(None) };
    let on = local(occurred_at).date_naive();
    let bodies = draft.form.bodies(&context.edition, on, occurred_at);
    Ok(match bodies.map(|bodies| bodies.main) {
        Ok(Body::Concern(note)) => Some((note, occurred_at)),
        _ => None,
    })
}

fn view(store: &mut Store, entry_id: EntryId, context: &Context) -> Result<SlipView, StoreError> {
    let note = note_of(store, entry_id, context)?;
    if note.as_ref().is_some_and(|(note, _)| slip::is_handed_over(note)) {
        store.drop_slip(entry_id)?;
    }
    let kept = store.slip(entry_id)?;
    let details = kept.as_ref().map(|kept| kept.details.clone()).unwrap_or_default();
    let blocks = note.map(|(note, at)| blocks(&note, at, &details)).unwrap_or_default();
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
