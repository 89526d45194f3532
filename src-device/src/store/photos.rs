//! Photos on their way: those of this phone to central after the text that names them, and others' photos to this phone.
//!
//! A photo is received by central's signed word alone, as a revision is by its receipt; until then it stays here.

use beatbook_domain::id::{Digest, EntryId};
use beatbook_domain::seal::{Purpose, digest, verify};
use beatbook_protocol::sync::{AttachmentWord, SignedWord};
use rusqlite::{Connection, OptionalExtension as _};

use super::outbox::Counted;
use super::receipts::ReceiptError;
use super::rows::State;
use super::{Store, StoreError};
use crate::words;

/// A photo of this phone that central has not said it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhotoItem {
    /// Its hash.
    pub sha256: Digest,
    /// The entry that names it.
    pub counted: Counted,
    /// Its length.
    pub bytes: u64,
    /// Bytes central has, as it last said.
    pub has: u64,
    /// Waiting, Sending or Refused.
    pub state: State,
    /// Why it was set aside: a stable code.
    pub refusal: Option<String>,
}

/// The stable code of a photo whose own bytes are not those of its hash.
pub const DAMAGED: &str = "photo_damaged";

/// The cause in plain words, with what to do.
#[must_use]
pub fn refusal_words(code: &str) -> &'static str {
    match code {
        DAMAGED => words::PHOTO_DAMAGED,
        "attachment_differs" => words::PHOTO_DIFFERS,
        _ => words::PHOTO_NOT_TAKEN,
    }
}

/// Every photo of this phone that central has not said it has, by the entries that name it.
pub(super) fn load(connection: &Connection) -> Result<Vec<PhotoItem>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT a.sha256, length(a.bytes), a.central_has, a.refusal, r.entry_id
         FROM attachment a JOIN attachment_name n ON n.sha256 = a.sha256 JOIN revision r ON r.rid = n.rid
         WHERE a.own = 1 AND a.word IS NULL AND r.own = 1
         GROUP BY a.sha256, r.entry_id ORDER BY min(r.rid)",
    )?;
    let rows = statement.query_map([], |row| {
        let refusal: Option<String> = row.get(3)?;
        Ok(PhotoItem {
            sha256: Digest(row.get(0)?),
            bytes: row.get::<_, i64>(1)?.cast_unsigned(),
            has: row.get::<_, i64>(2)?.cast_unsigned(),
            state: if refusal.is_some() { State::Refused } else { State::Waiting },
            refusal,
            counted: Counted::Entry(EntryId::from_bytes(row.get(4)?)),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A photo that may leave now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NextPhoto {
    /// Its hash.
    pub sha256: Digest,
    /// Its length.
    pub bytes: u64,
    /// Bytes central has, as it last said.
    pub has: u64,
}

impl Store {
    /// The photo that leaves next: the oldest whose text is received. Text never waits for it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn next_photo(&mut self) -> Result<Option<NextPhoto>, StoreError> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT a.sha256, length(a.bytes), a.central_has
             FROM attachment a JOIN attachment_name n ON n.sha256 = a.sha256 JOIN revision r ON r.rid = n.rid
             WHERE a.own = 1 AND a.word IS NULL AND a.refusal IS NULL AND r.own = 1 AND r.state = ?1
             ORDER BY r.rid LIMIT 1",
        )?;
        let row = statement.query_row([State::Received as i64], |row| {
            Ok(NextPhoto {
                sha256: Digest(row.get(0)?),
                bytes: row.get::<_, i64>(1)?.cast_unsigned(),
                has: row.get::<_, i64>(2)?.cast_unsigned(),
            })
        });
        Ok(row.optional()?)
    }

    /// Whether the bytes kept are those of the hash.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn photo_is_sound(&mut self, sha256: &Digest) -> Result<bool, StoreError> {
        Ok(self.attachment(&sha256.0)?.is_some_and(|(_, bytes)| digest(&bytes) == *sha256))
    }

    /// Bytes of a photo from `start` on, at most so many.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn photo_chunk(&mut self, sha256: &Digest, start: u64, most: usize) -> Result<Vec<u8>, StoreError> {
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT substr(bytes, ?2, ?3) FROM attachment WHERE sha256 = ?1")?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let chunk = statement
            .query_row((sha256.0.as_slice(), start.cast_signed().saturating_add(1), most), |row| row.get(0));
        Ok(chunk.optional()?.unwrap_or_default())
    }

    /// A photo is leaving, or has stopped leaving: known in memory only.
    pub fn photo_leaves(&mut self, sha256: &Digest, leaves: bool) {
        let state = if leaves { State::Sending } else { State::Waiting };
        for photo in self.outbox.photos.iter_mut().filter(|photo| photo.sha256 == *sha256) {
            if photo.state != State::Refused {
                photo.state = state;
            }
        }
    }

    /// Notes how far central has a photo.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn photo_came_to(&mut self, sha256: &Digest, has: u64) -> Result<(), StoreError> {
        let hash = *sha256;
        self.relaxed(|transaction| {
            transaction
                .prepare_cached("UPDATE attachment SET central_has = ?2 WHERE sha256 = ?1")?
                .execute((hash.0.as_slice(), has.cast_signed()))?;
            Ok(())
        })?;
        for photo in self.outbox.photos.iter_mut().filter(|photo| photo.sha256 == hash) {
            photo.has = has;
        }
        Ok(())
    }

    /// Believes central's word that it has a photo, if its receipt key signed it for this device and this very photo.
    ///
    /// # Errors
    /// [`ReceiptError`] where it proves nothing: then the photo goes on waiting. SQLite's own.
    pub fn photo_received(
        &mut self,
        sha256: &Digest,
        signed: &SignedWord,
    ) -> Result<Result<(), ReceiptError>, StoreError> {
        let keys = &self.identity.force.keys;
        if !verify(&keys.receipt_key, Purpose::Attachment, &[signed.word.as_bytes()], &signed.signature) {
            return Ok(Err(ReceiptError::NotSigned));
        }
        let Ok(word) = serde_json::from_str::<AttachmentWord>(&signed.word) else {
            return Ok(Err(ReceiptError::Unreadable));
        };
        if word.keys != keys.number {
            return Ok(Err(ReceiptError::NotSigned));
        }
        let identity = &self.identity;
        let ours = (identity.device_id, identity.officer.officer, *sha256);
        if (word.device, word.officer, word.sha256) != ours {
            return Ok(Err(ReceiptError::OtherDevice));
        }
        self.relaxed(|transaction| {
            transaction
                .prepare_cached(
                    "UPDATE attachment SET word = ?2, word_signature = ?3, safe_at = ?4, central_has = ?5, refusal = NULL
                     WHERE sha256 = ?1 AND length(bytes) = ?5",
                )?
                .execute((
                    word.sha256.0.as_slice(),
                    &signed.word,
                    signed.signature.0.as_slice(),
                    word.safe_at.cast_signed(),
                    word.bytes.cast_signed(),
                ))?;
            Ok(())
        })?;
        self.reload_photos()?;
        Ok(Ok(()))
    }

    /// Sets a photo aside: the rest goes on.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn photo_refused(&mut self, sha256: &Digest, code: &str) -> Result<(), StoreError> {
        self.relaxed(|transaction| {
            transaction
                .prepare_cached("UPDATE attachment SET refusal = ?2, central_has = 0 WHERE sha256 = ?1")?
                .execute((sha256.0.as_slice(), code))?;
            Ok(())
        })?;
        self.reload_photos()
    }

    /// Central was restored: what it said of photos before says nothing of what it holds now. Those still here are asked
    /// about again; central that has them answers at once.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn photos_are_asked_again(&mut self) -> Result<(), StoreError> {
        self.relaxed(|transaction| {
            transaction.execute(
                "UPDATE attachment SET word = NULL, word_signature = NULL, safe_at = NULL, central_has = 0 WHERE own = 1",
                [],
            )?;
            Ok(())
        })?;
        self.reload_photos()
    }

    /// Whether a revision names a photo of this phone that no word of central's below `safe_below` covers: then its body
    /// must not be purged, for the photo would go with it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn photo_holds(&mut self, rid: i64, safe_below: u64) -> Result<bool, StoreError> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM attachment_name n JOIN attachment a ON a.sha256 = n.sha256
                            WHERE n.rid = ?1 AND a.own = 1 AND (a.safe_at IS NULL OR a.safe_at >= ?2))",
        )?;
        Ok(statement.query_row((rid, safe_below.cast_signed()), |row| row.get(0))?)
    }

    /// Reads again which photos wait.
    pub(super) fn reload_photos(&mut self) -> Result<(), StoreError> {
        let mut photos = load(self.connection()?)?;
        for photo in &mut photos {
            let leaving =
                |before: &&PhotoItem| before.sha256 == photo.sha256 && before.state == State::Sending;
            if photo.state != State::Refused && self.outbox.photos.iter().any(|before| leaving(&before)) {
                photo.state = State::Sending;
            }
        }
        self.outbox.photos = photos;
        Ok(())
    }

    /// How much of a photo that is fetched is here: bytes from its beginning.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn fetched_to(&mut self, sha256: &Digest) -> Result<u64, StoreError> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT coalesce(sum(length(bytes)), 0) FROM attachment_part WHERE sha256 = ?1",
        )?;
        Ok(statement.query_row([sha256.0.as_slice()], |row| row.get::<_, i64>(0))?.cast_unsigned())
    }

    /// Keeps the next part of a photo that is fetched.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and SQLite's own.
    pub fn keep_part(&mut self, sha256: &Digest, start: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.relaxed(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO attachment_part (sha256, start, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute((sha256.0.as_slice(), start.cast_signed(), bytes))?;
            Ok(())
        })
    }

    /// Puts a fetched photo together once all of it is here; false where it is not the one it is called by: then it is
    /// dropped, and fetched from its beginning the next time.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and SQLite's own.
    pub fn finish_photo(&mut self, sha256: &Digest, media_type: &str) -> Result<bool, StoreError> {
        let parts: Vec<Vec<u8>> = {
            let mut statement = self
                .connection()?
                .prepare_cached("SELECT bytes FROM attachment_part WHERE sha256 = ?1 ORDER BY start")?;
            let rows = statement.query_map([sha256.0.as_slice()], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let whole = parts.concat();
        let is_it = digest(&whole) == *sha256;
        let now = self.reading().at;
        self.relaxed(|transaction| {
            if is_it {
                // Only while somebody here may still read a body that names it.
                transaction
                    .prepare_cached(
                        "INSERT INTO attachment (sha256, media_type, bytes, kept_at, own)
                         SELECT ?1, ?2, ?3, ?4, 0 WHERE EXISTS (SELECT 1 FROM attachment_name WHERE sha256 = ?1)
                         ON CONFLICT DO NOTHING",
                    )?
                    .execute((sha256.0.as_slice(), media_type, &whole, now.0))?;
            }
            transaction
                .prepare_cached("DELETE FROM attachment_part WHERE sha256 = ?1")?
                .execute([sha256.0.as_slice()])?;
            Ok(())
        })?;
        Ok(is_it)
    }

    /// The entry whose readable body names a photo, whether this officer's profile wrote it here, and what that body says
    /// of its length; none where no body here names it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn photo_named(&mut self, sha256: &Digest) -> Result<Option<(EntryId, bool)>, StoreError> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT r.entry_id, r.own FROM attachment_name n JOIN revision r ON r.rid = n.rid
             WHERE n.sha256 = ?1 ORDER BY r.rid LIMIT 1",
        )?;
        let row = statement
            .query_row([sha256.0.as_slice()], |row| Ok((EntryId::from_bytes(row.get(0)?), row.get(1)?)));
        Ok(row.optional()?)
    }
}
