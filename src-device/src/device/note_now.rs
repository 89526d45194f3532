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

impl Handle<NoteNow> for Device {
    async fn handle(&self, command: NoteNow) -> Result<NoteSealed, AppError> {
        let text = command.text.trim().to_owned();
        if text.is_empty() {
            return Err(AppError::new(ErrorCode::Invalid, "Write the note first."));
        }
        if text.chars().count() > NOTE_MOST {
            return Err(AppError::new(
                ErrorCode::Invalid,
                "This note is too long: 2,000 characters at most. Seal it in two.",
            ));
        }
        let config = self.inner.config.clone();
        let (at, mono) = (config.clock.now(), config.clock.mono());
        let sealed = tokio::task::spawn_blocking(move || {
            let (found, _) = profiles::list(&config);
            let found = found
                .into_iter()
                .find(|found| found.status.owner.officer_id == command.officer)
                .ok_or_else(|| not_found("There is no notebook of this officer on this phone."))?;
            let folder = found.vault.folder();
            let waiting = sealed_note::waiting(folder).len();
            if waiting >= NOTES_MOST {
                return Err(not_now(
                    "Fifty notes wait for this notebook. Unlock it, so that they become drafts; then write on.",
                ));
            }
            let key = found.vault.read().ok().and_then(|wrap| wrap.sealing_key).ok_or_else(|| {
                not_now("This notebook takes no notes while locked yet. Unlock it once, then it does.")
            })?;
            let note = SealedNote { text, written_at: at, mono };
            sealed_note::seal(folder, found.status.profile_id, &key, &note).map_err(|error| unwritten(&error))?;
            Ok(NoteSealed { at, waiting: u32::try_from(waiting + 1).unwrap_or(u32::MAX) })
        })
        .await
        .map_err(|_| not_now("The note could not be sealed. Try again."))??;
        self.changed();
        Ok(sealed)
    }
}

fn unwritten(error: &NoteError) -> AppError {
    tracing::error!(%error, "a note could not be sealed");
    if matches!(error, NoteError::Io(error) if error.kind() == std::io::ErrorKind::StorageFull) {
        return AppError::new(
            ErrorCode::StorageFull,
            "The storage of this phone is full. The note is still in the field: free some space, then seal it.",
        );
    }
    AppError::new(
        ErrorCode::Internal,
        "The note could not be sealed on this phone. It is still in the field: try again, or unlock and write it there.",
    )
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
                notices.push(
                    "A note written on the lock screen could not be opened. It was kept aside on this phone; nothing \
                     was deleted. Hand the phone in."
                        .to_owned(),
                );
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
        notices.push(
            "A note written on the lock screen could not be made a draft yet. It is safe on this phone: free some space, \
             lock and unlock."
                .to_owned(),
        );
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
