//! Notes written on the lock screen: sealed to the profile's public key the moment they are written, readable only with
//! the secret half inside the notebook.
//!
//! One file a note in the profile's folder: `note-<uuid>`, HPKE base mode (X25519, HKDF-SHA256, ChaCha20-Poly1305),
//! the encapsulated key first, bound to the profile's id.

use std::path::{Path, PathBuf};

use beatbook_domain::id::SealKey;
use beatbook_domain::time::{Millis, Mono, Reading};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::sealed_box;
use crate::files;

const INFO: &[u8] = b"beatbook/note-now/1";
const PREFIX: &str = "note-";
/// The longest note, characters.
pub const NOTE_MOST: usize = 2_000;
/// The most notes that wait for their notebook to be opened.
pub const NOTES_MOST: usize = 50;

/// A note as it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedNote {
    /// The words.
    pub text: String,
    /// Device UTC when they were written.
    pub written_at: Millis,
    /// Boot and time since it: on the same boot it tells the time even where the clock was turned.
    pub mono: Mono,
}

impl SealedNote {
    /// When it was written, as the clocks of `now` tell it.
    #[must_use]
    pub fn at(&self, now: &Reading) -> Millis {
        match now.mono.since(&self.mono) {
            Some(ago) if ago >= 0 => now.at.plus(-ago),
            _ => self.written_at,
        }
    }
}

impl std::fmt::Debug for SealedNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedNote").field("written_at", &self.written_at).finish_non_exhaustive()
    }
}

/// Why a note was not sealed, or cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// The disk.
    #[error("the note could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// Keys or ciphertext do not fit.
    #[error("the note cannot be opened with this notebook's key")]
    Key,
}

/// The waiting notes of a profile's folder, oldest first.
pub fn waiting(folder: &Path) -> Vec<PathBuf> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut notes: Vec<PathBuf> =
        files.flatten().map(|file| file.path()).filter(|path| id_of(path).is_some()).collect();
    // Ids are UUIDv7: their order is the order of writing.
    notes.sort();
    notes
}

/// The id of a note's file: the entry it becomes.
#[must_use]
pub fn id_of(path: &Path) -> Option<Uuid> {
    Uuid::parse_str(path.file_name()?.to_str()?.strip_prefix(PREFIX)?).ok()
}

/// Seals a note into a file of its own, on the disk when this returns.
///
/// # Errors
/// [`NoteError`].
pub fn seal(folder: &Path, profile: Uuid, to: &SealKey, note: &SealedNote) -> Result<(), NoteError> {
    let plain = Zeroizing::new(serde_json::to_vec(note).map_err(std::io::Error::from)?);
    let bytes = sealed_box::seal(to, INFO, profile.as_bytes(), &plain).map_err(|_| NoteError::Key)?;
    Ok(files::replace(&folder.join(format!("{PREFIX}{}", Uuid::now_v7())), &bytes)?)
}

/// Opens a note with the secret half of the profile's sealing key.
///
/// # Errors
/// [`NoteError::Key`] where it is another profile's, or damaged.
pub fn open(path: &Path, profile: Uuid, secret: &[u8; 32]) -> Result<SealedNote, NoteError> {
    let bytes = std::fs::read(path)?;
    let plain = sealed_box::open(secret, INFO, profile.as_bytes(), &bytes).map_err(|_| NoteError::Key)?;
    serde_json::from_slice(&plain).map_err(|_| NoteError::Key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::profile::wrap::new_recovery_pair;

    fn mono(boot: u128, ms: u64) -> Mono {
        Mono { boot_id: Uuid::from_u128(boot), ms }
    }

    fn note(text: &str) -> SealedNote {
        SealedNote { text: text.to_owned(), written_at: Millis(60_000), mono: mono(1, 5_000) }
    }

    #[test]
    fn a_clock_that_was_turned_does_not_move_a_note_of_the_same_boot() {
        let now = |boot, ms, at| Reading { at: Millis(at), mono: mono(boot, ms), offset: None };
        assert_eq!(note("x").at(&now(1, 8_000, 9_000_000)), Millis(8_997_000));
        assert_eq!(
            note("x").at(&now(2, 8_000, 9_000_000)),
            Millis(60_000),
            "after a restart only what was stated"
        );
        assert_eq!(note("x").at(&now(1, 4_000, 9_000_000)), Millis(60_000));
    }

    #[test]
    fn a_note_is_readable_with_its_own_key_alone_and_not_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let (secret, public) = new_recovery_pair().unwrap();
        let (other, _) = new_recovery_pair().unwrap();
        let profile = Uuid::from_u128(5);
        let note = note("grey coat, taxi rank");
        seal(folder.path(), profile, &public, &note).unwrap();
        let files = waiting(folder.path());
        assert_eq!(files.len(), 1);
        let bytes = std::fs::read(&files[0]).unwrap();
        assert!(!bytes.windows(4).any(|window| window == b"coat"));
        assert_eq!(open(&files[0], profile, &secret).unwrap(), note);
        assert!(matches!(open(&files[0], profile, &other), Err(NoteError::Key)));
        assert!(matches!(open(&files[0], Uuid::nil(), &secret), Err(NoteError::Key)));
    }

    #[test]
    fn notes_wait_in_the_order_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let (secret, public) = new_recovery_pair().unwrap();
        for n in 0..3 {
            seal(folder.path(), Uuid::nil(), &public, &note(&n.to_string())).unwrap();
        }
        std::fs::write(folder.path().join("note-not-ours"), b"x").unwrap();
        let read: Vec<String> = waiting(folder.path())
            .iter()
            .map(|path| open(path, Uuid::nil(), &secret).unwrap().text)
            .collect();
        assert_eq!(read, ["0", "1", "2"]);
    }
}
