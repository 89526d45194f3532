//! Photos: those of this phone leave after the text that names them, a chunk at a time; others' come when they are asked
//! for, a range at a time. Both go on where they were cut, and only the right hash counts.

use std::time::Instant;

use beatbook_domain::id::Digest;
use beatbook_protocol::sync::{
    AttachmentReply, Challenge, MAX_ATTACHMENT_BYTES, MAX_CHUNK_BYTES, attachment_path, chunk_path,
};

use super::error::SyncError;
use super::exchange::{Line, signer};
use super::http::{Packed, Part, Signer, url};
use super::pace::Pace;
use crate::store::photos::{DAMAGED, NextPhoto};
use crate::store::{StoreError, StoreOwner};

/// What a step of sending did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// No photo may leave now.
    Nothing,
    /// A chunk went, or central was asked: so far it has it.
    Going(NextPhoto),
    /// Central has a photo whole.
    Received,
    /// A photo was set aside.
    Refused,
}

/// Sends the next chunk of the photo that leaves next.
///
/// # Errors
/// [`SyncError`]; the next step goes on where this one was cut.
pub async fn send_next(owner: &StoreOwner, line: &Line, pace: &mut Pace) -> Result<Step, SyncError> {
    let Some(photo) = owner.read(|store| store.next_photo()).await? else { return Ok(Step::Nothing) };
    let sha256 = photo.sha256;
    if photo.has == 0 && !owner.read(move |store| store.photo_is_sound(&sha256)).await? {
        tracing::error!("a photo on this phone is not what its entry names");
        owner.read(move |store| store.photo_refused(&sha256, DAMAGED)).await?;
        return Ok(Step::Refused);
    }
    let most = pace.cap().min(MAX_CHUNK_BYTES);
    let chunk = owner
        .read(move |store| {
            store.photo_leaves(&sha256, true);
            store.photo_chunk(&sha256, photo.has, most)
        })
        .await?;
    let outcome = bring(owner, line, pace, photo, chunk).await;
    if outcome.is_err() {
        owner
            .read(move |store| {
                store.photo_leaves(&sha256, false);
                Ok(())
            })
            .await?;
    }
    outcome
}

async fn bring(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    photo: NextPhoto,
    chunk: Vec<u8>,
) -> Result<Step, SyncError> {
    let (server, signer, _) = signer(owner, line).await?;
    let profile = owner.read(|store| Ok(store.identity().record_chain)).await?;
    let (sha256, bytes, began) = (photo.sha256, chunk.len(), Instant::now());
    let to = url(&server, &chunk_path(profile, &sha256, photo.has))?;
    let sent = line.http.post_signed(to, &Packed::as_it_is(chunk), 0, &signer).await;
    let (answer, challenge) = match sent {
        Ok(answered) => answered,
        Err(error) => return refused(owner, pace, sha256, error).await,
    };
    let reply: AttachmentReply = answer.json()?;
    pace.went(bytes, began.elapsed());
    pace.photo_unknown = None;
    keep_challenge(owner, &signer, reply.challenge.unwrap_or(challenge)).await?;
    let has = reply.have.min(photo.bytes);
    owner.read(move |store| store.photo_came_to(&sha256, has)).await?;
    match reply.word {
        Some(word) => {
            owner.read(move |store| store.photo_received(&sha256, &word)).await??;
            Ok(Step::Received)
        }
        // It has all of it and does not say so: nothing more can be sent, and nothing is believed.
        None if has == photo.bytes => Err(SyncError::NoReceipt),
        None => Ok(Step::Going(NextPhoto { has, ..photo })),
    }
}

/// What central says against a photo sets it aside, and nothing else. That it does not know it may be because it was
/// restored a moment ago: it is believed when it says so again after the next exchange of texts.
async fn refused(
    owner: &StoreOwner,
    pace: &mut Pace,
    sha256: Digest,
    error: SyncError,
) -> Result<Step, SyncError> {
    let code = match error.code() {
        Some("attachment_unknown") if pace.photo_unknown != Some(sha256) => {
            pace.photo_unknown = Some(sha256);
            return Err(error);
        }
        Some(code @ ("attachment_unknown" | "attachment_differs")) => code.to_owned(),
        _ => return Err(error),
    };
    pace.photo_unknown = None;
    owner.read(move |store| store.photo_refused(&sha256, &code)).await?;
    Ok(Step::Refused)
}

/// Keeps the challenge that was good, or the one that follows it, for whatever is signed next.
async fn keep_challenge(owner: &StoreOwner, signer: &Signer, good: Challenge) -> Result<(), StoreError> {
    if good == signer.challenge {
        return Ok(());
    }
    owner.read(move |store| store.keep_challenge(good)).await
}

/// Whether and how far central has a photo that an entry here names: one byte of it is asked for.
///
/// # Errors
/// [`SyncError`]; `attachment_unknown` where this profile may not see it or central knows nothing of it.
pub async fn ask(owner: &StoreOwner, line: &Line, sha256: Digest) -> Result<Part, SyncError> {
    range(owner, line, sha256, (1, 1)).await
}

/// Fetches a photo from where it was cut; `came` is told how far it is after each part. Its media type once it is here
/// whole, `None` where central does not have it whole itself.
///
/// # Errors
/// [`SyncError`]; what has come stays. [`SyncError::NotOurs`] where it is not the photo it is called by.
pub async fn fetch(
    owner: &StoreOwner,
    line: &Line,
    sha256: Digest,
    came: impl Fn(u64, u64),
) -> Result<Option<()>, SyncError> {
    let mut pace = Pace::default();
    let mut start = owner.read(move |store| store.fetched_to(&sha256)).await?;
    loop {
        let wanted = pace.cap().min(MAX_CHUNK_BYTES) as u64;
        let part = range(owner, line, sha256, (start, start + wanted - 1)).await?;
        if !part.is_whole {
            return Ok(None);
        }
        if part.length > MAX_ATTACHMENT_BYTES || part.bytes.is_empty() || start >= part.length {
            return Err(SyncError::NotOurs);
        }
        let (bytes, at) = (part.bytes, start);
        start += bytes.len() as u64;
        owner.read(move |store| store.keep_part(&sha256, at, &bytes)).await?;
        came(start, part.length);
        if start >= part.length {
            let media_type = part.media_type;
            let is_it = owner.read(move |store| store.finish_photo(&sha256, &media_type)).await?;
            return if is_it { Ok(Some(())) } else { Err(SyncError::NotOurs) };
        }
        pace.succeeded();
    }
}

async fn range(
    owner: &StoreOwner,
    line: &Line,
    sha256: Digest,
    range: (u64, u64),
) -> Result<Part, SyncError> {
    let (server, signer, _) = signer(owner, line).await?;
    let profile = owner.read(|store| Ok(store.identity().record_chain)).await?;
    let from = url(&server, &attachment_path(profile, &sha256))?;
    let (part, challenge) = line.http.get_signed(from, range, &signer).await?;
    keep_challenge(owner, &signer, challenge).await?;
    Ok(part)
}
