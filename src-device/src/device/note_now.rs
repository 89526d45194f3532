//! Note now: words typed on the lock screen, sealed at once, and worked in as drafts when the notebook is opened.

use std::path::PathBuf;

use beatbook_domain::entry::{Circumstances, ConcernDraft, DraftForm};
use beatbook_domain::id::EntryId;
use beatbook_domain::time::Reading;
use beatbook_protocol::ipc::{AppError, ErrorCode, NoteNow, NoteSealed};

use super::error::{not_found, not_now};
use super::session::Session;
use super::{Device, Handle, profiles};
use crate::files;
use crate::profile::UnlockError;
use crate::profile::sealed_note::{self, NOTE_MOST, NOTES_MOST, NoteError, SealedNote};
use crate::store::drafts::Draft;
use crate::store::{Store, StoreError};
use crate::words;

impl Handle<NoteNow> for Device {
    async fn handle(&self, command: NoteNow) -> Result<NoteSealed, AppError> {
        let text = command.text.trim().to_owned();
        if text.is_empty() {
            return Err(AppError::new(ErrorCode::Invalid, words::NOTE_WRITE_FIRST));
        }
        if text.chars().count() > NOTE_MOST {
            return Err(AppError::new(ErrorCode::Invalid, words::NOTE_TOO_LONG));
        }
        let config = self.inner.config.clone();
        let (at, mono) = (config.clock.now(), config.clock.mono());
        let sealed = tokio::task::spawn_blocking(move || {
            let (found, _) = profiles::list(&config);
            let found = found
                .into_iter()
                .find(|found| found.status.owner.officer_id == command.officer)
                .ok_or_else(|| not_found(words::NO_NOTEBOOK))?;
            let folder = found.vault.folder();
            let waiting = sealed_note::waiting(folder).len();
            if waiting >= NOTES_MOST {
                return Err(not_now(words::NOTES_AT_MOST));
            }
            let key = found
                .vault
                .read()
                .ok()
                .and_then(|wrap| wrap.sealing_key)
                .ok_or_else(|| not_now(words::NOTE_UNLOCK_ONCE))?;
            let note = SealedNote { text, written_at: at, mono };
            sealed_note::seal(folder, found.status.profile_id, &key, &note)
                .map_err(|error| unwritten(&error))?;
            Ok(NoteSealed { at, waiting: u32::try_from(waiting + 1).unwrap_or(u32::MAX) })
        })
        .await
        .map_err(|_| not_now(words::NOTE_NOT_SEALED))??;
        self.changed();
        Ok(sealed)
    }
}

fn unwritten(error: &NoteError) -> AppError {
    tracing::error!(%error, "a note could not be sealed");
    if matches!(error, NoteError::Io(error) if error.kind() == std::io::ErrorKind::StorageFull) {
        return AppError::new(ErrorCode::StorageFull, words::NOTE_STORAGE_FULL);
    }
    AppError::new(ErrorCode::Internal, words::NOTE_STILL_IN_FIELD)
}

/// Makes a draft of every waiting note, and sees that the key notes are sealed to lies outside the vault. Returns what a
/// person must know; nothing here keeps a notebook closed.
pub(super) async fn work_in(session: &Session) -> Vec<String> {
    let mut notices = Vec::new();
    if let Err(error) = lay_out_key(session).await {
        tracing::error!(%error, "the key of notes could not be laid out");
    }
    let (mut kept, mut waits) = (Vec::new(), false);
    for path in sealed_note::waiting(session.vault.folder()) {
        match keep(session, path.clone()).await {
            Ok(Worked::Kept) => kept.push(path),
            Ok(Worked::Unreadable) => {
                if let Err(error) = files::keep_aside(&path, session.now().0) {
                    tracing::error!(%error, "a note could not be kept aside");
                }
                notices.push(words::NOTE_UNOPENED.to_owned());
            }
            Err(error) => {
                tracing::error!(%error, "a note could not be made a draft");
                waits = true;
            }
        }
    }
    // A file goes only once its draft has reached the disk: until then it is the only copy.
    let on_disk = kept.is_empty() || session.read(Store::to_disk).await.is_ok();
    waits |= !on_disk;
    for path in kept.iter().filter(|_| on_disk) {
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(%error, "a note that is a draft now could not be removed");
        }
    }
    if waits {
        notices.push(words::NOTE_NO_DRAFT_YET.to_owned());
    }
    notices
}

/// Every profile has the public half of its key outside the vault; one made by hand or changed gets its own again.
async fn lay_out_key(session: &Session) -> Result<(), AppError> {
    let public = session.read(|store| Ok::<_, AppError>(store.keys().sealing_public())).await?;
    let wrap = session.vault.read().map_err(UnlockError::from)?;
    if wrap.sealing_key != Some(public) {
        session.vault.set_sealing_key(public).map_err(UnlockError::from)?;
    }
    Ok(())
}

enum Worked {
    /// It is a draft, or was made one before.
    Kept,
    /// Another key's, or damaged.
    Unreadable,
}

async fn keep(session: &Session, path: PathBuf) -> Result<Worked, AppError> {
    let profile = session.profile_id;
    session
        .save(move |store| {
            let note = sealed_note::open(&path, profile, &store.keys().sealing_secret());
            let (Ok(note), Some(id)) = (&note, sealed_note::id_of(&path)) else {
                return match note {
                    // The disk may answer another time.
                    Err(NoteError::Io(error)) => Err(StoreError::Io(error).into()),
                    _ => Ok(Worked::Unreadable),
                };
            };
            let entry_id = EntryId(id);
            // Cut off after this and before the file was removed, it comes again: what the officer made of it stays.
            if store.draft(entry_id)?.is_none() && store.revisions_of_entry(entry_id)?.is_empty() {
                let draft = draft(entry_id, note, &store.reading(), store.newest_rid()?);
                store.keep_draft(&draft)?;
            }
            Ok::<_, AppError>(Worked::Kept)
        })
        .await
}

/// What was noted is what was seen: the officer makes of it what it was.
fn draft(entry_id: EntryId, note: &SealedNote, now: &Reading, base_rid: i64) -> Draft {
    let at = note.at(now);
    Draft {
        entry_id,
        form: DraftForm::Concern(ConcernDraft { seen: note.text.clone(), ..ConcernDraft::default() }),
        opened_at: at,
        kept_at: now.at,
        told: Circumstances::now(at),
        from_note: true,
        base_rid,
    }
}
