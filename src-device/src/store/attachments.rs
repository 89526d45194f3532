//! Photos kept beside the entries that name them.

use beatbook_domain::entry::Attachment;
use beatbook_domain::time::{DAY_MS, Millis};
use rusqlite::OptionalExtension as _;

use super::{Store, StoreError};

impl Store {
    /// Keeps the bytes of an attachment under its hash. The same again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and SQLite's own.
    pub fn keep_attachment(&mut self, attachment: &Attachment, bytes: &[u8]) -> Result<(), StoreError> {
        let hash = hash_of(attachment)?;
        let now = self.reading().at;
        self.relaxed(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO attachment (sha256, media_type, bytes, kept_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (sha256) DO UPDATE SET own = 1",
                )?
                .execute((hash.as_slice(), &attachment.media_type, bytes, now.0))?;
            Ok(())
        })
    }

    /// The bytes of an attachment and its media type; `None` where they are not on this device.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn attachment(&mut self, sha256: &[u8; 32]) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT media_type, bytes FROM attachment WHERE sha256 = ?1")?;
        Ok(statement.query_row([sha256.as_slice()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Drops the photos no draft and no sealed referral names: the one a discarded draft named, and those kept more than
    /// a day ago (a form that was closed before it was kept).
    ///
    /// # Errors
    /// SQLite's own.
    pub fn drop_photos_nobody_names(&mut self, discarded: Option<&Attachment>) -> Result<(), StoreError> {
        let long_ago = self.reading().at.plus(-DAY_MS);
        let discarded = discarded.map(hash_of).transpose()?;
        let mut unnamed = self.attachments_unnamed()?;
        unnamed.retain(|(hash, kept_at)| Some(*hash) == discarded || *kept_at < long_ago);
        if unnamed.is_empty() {
            return Ok(());
        }
        let mut named = Vec::new();
        for draft in self.drafts()? {
            named.extend(draft.form.photo().map(hash_of).transpose()?);
        }
        unnamed.retain(|(hash, _)| !named.contains(hash));
        self.relaxed(|transaction| {
            let mut drop = transaction.prepare_cached("DELETE FROM attachment WHERE sha256 = ?1")?;
            for (hash, _) in &unnamed {
                drop.execute([hash.as_slice()])?;
            }
            Ok(())
        })
    }

    fn attachments_unnamed(&mut self) -> Result<Vec<([u8; 32], Millis)>, StoreError> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT sha256, kept_at FROM attachment a
             WHERE NOT EXISTS (SELECT 1 FROM attachment_name n WHERE n.sha256 = a.sha256)",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, Millis(row.get(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn hash_of(attachment: &Attachment) -> Result<[u8; 32], StoreError> {
    let mut hash = [0; 32];
    hex::decode_to_slice(&attachment.sha256, &mut hash)
        .map_err(|error| StoreError::Content(error.to_string()))?;
    Ok(hash)
}
