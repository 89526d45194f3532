//! Note now: words typed on the lock screen, sealed at once, and worked in as drafts when the notebook is opened.

use beatbook_domain::entry::{Circumstances, ConcernDraft, DraftForm};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AppError, ErrorCode, NoteNow, NoteSealed};

use super::error::{not_found, not_now};
use super::session::Session;
use super::{Device, Handle, profiles};
use crate::files;
use crate::profile::sealed_note::{self, NOTE_MOST, NOTES_MOST, NoteError, SealedNote};
use crate::store::append::new_entry_id;
use crate::store::drafts::Draft;

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
        let at = config.clock.now();
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
            let note = SealedNote { text, written_at: at };
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
    AppError::new(
        ErrorCode::Internal,
        "The note could not be sealed on this phone. It is still in the field: try again, or unlock and write it there.",
    )
}

/// Makes a draft of every waiting note; a note's file goes only once its draft is kept. Returns what a person must know.
pub(super) async fn work_in(session: &Session) -> Result<Vec<String>, AppError> {
    let folder = session.vault.folder().to_owned();
    let mut notices = Vec::new();
    for path in sealed_note::waiting(&folder) {
        let (profile, file) = (session.profile_id, path.clone());
        let opened = session
            .read(move |store| {
                let secret = store.keys().sealing_secret();
                Ok::<_, AppError>(sealed_note::open(&file, profile, &secret))
            })
            .await?;
        match opened {
            Ok(note) => {
                keep(session, note).await?;
                if let Err(error) = std::fs::remove_file(&path) {
                    tracing::warn!(%error, "a note that is a draft now could not be removed");
                }
            }
            Err(error) => {
                tracing::error!(%error, "a note cannot be opened");
                let stamp = session.now().0;
                if let Err(error) = files::keep_aside(&path, stamp) {
                    tracing::error!(%error, "a note could not be kept aside");
                }
                notices.push(
                    "A note written on the lock screen could not be opened. It was kept aside on this phone; nothing \
                     was deleted. Hand the phone in."
                        .to_owned(),
                );
            }
        }
    }
    Ok(notices)
}

async fn keep(session: &Session, note: SealedNote) -> Result<(), AppError> {
    let now = session.now();
    session
        .save(move |store| {
            let SealedNote { text, written_at } = note;
            let base_rid = store.newest_rid()?;
            store.keep_draft(&draft(text, written_at, now, base_rid))?;
            Ok::<_, AppError>(())
        })
        .await
}

/// What was noted is what was seen: the officer makes of it what it was.
fn draft(text: String, written_at: Millis, now: Millis, base_rid: i64) -> Draft {
    Draft {
        entry_id: new_entry_id(now),
        form: DraftForm::Concern(ConcernDraft { seen: text, ..ConcernDraft::default() }),
        opened_at: written_at,
        kept_at: now,
        told: Circumstances::now(written_at),
        from_note: true,
        base_rid,
    }
}
