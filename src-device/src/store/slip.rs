//! Hand-over slips: kept in the encrypted database alone, never sealed, never sent, gone at their expiry.

use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use rusqlite::OptionalExtension as _;

use super::{Store, StoreError};

/// A slip lives this long after its first word, milliseconds: three days, longer than a run of nights and a weekend.
pub const SLIP_LIVES_MS: i64 = 72 * 60 * 60 * 1000;

/// A slip as kept.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptSlip {
    /// Personal details, as typed or moved there.
    pub details: String,
    /// When it goes by itself.
    pub expires_at: Millis,
}

impl std::fmt::Debug for KeptSlip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptSlip").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Store {
    /// The slip of an entry; those past their expiry are deleted first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn slip(&mut self, entry: EntryId) -> Result<Option<KeptSlip>, StoreError> {
        self.drop_expired_slips()?;
        let mut statement =
            self.connection()?.prepare_cached("SELECT details, expires_at FROM slip WHERE entry_id = ?1")?;
        let found = statement.query_row([entry.as_bytes().as_slice()], |row| {
            Ok(KeptSlip { details: row.get(0)?, expires_at: Millis(row.get(1)?) })
        });
        Ok(found.optional()?)
    }

    /// The entries that have a slip; those past their expiry are deleted first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn slips(&mut self) -> Result<Vec<EntryId>, StoreError> {
        self.drop_expired_slips()?;
        let mut statement = self.connection()?.prepare_cached("SELECT entry_id FROM slip")?;
        let rows = statement.query_map([], |row| Ok(EntryId::from_bytes(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps the details of a slip. Its expiry counts from the first word and does not move.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and SQLite's own.
    pub fn keep_slip(&mut self, entry: EntryId, details: &str) -> Result<(), StoreError> {
        // Words added to a slip whose time is over begin a new one.
        self.drop_expired_slips()?;
        let now = self.reading().at;
        self.relaxed(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO slip (entry_id, details, kept_at, expires_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (entry_id) DO UPDATE SET details = excluded.details, kept_at = excluded.kept_at",
                )?
                .execute((entry.as_bytes().as_slice(), details, now.0, now.plus(SLIP_LIVES_MS).0))?;
            Ok(())
        })
    }

    /// Deletes the slip of an entry.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn drop_slip(&mut self, entry: EntryId) -> Result<(), StoreError> {
        self.relaxed(|transaction| {
            transaction
                .prepare_cached("DELETE FROM slip WHERE entry_id = ?1")?
                .execute([entry.as_bytes().as_slice()])?;
            Ok(())
        })
    }

    /// Deletes the slips whose time is over. A device clock set back keeps them no longer than it is set back.
    ///
    /// # Errors
    /// SQLite's own.
    fn drop_expired_slips(&mut self) -> Result<(), StoreError> {
        let now = self.reading().at;
        let due: i64 = self.connection()?.query_row(
            "SELECT count(*) FROM slip WHERE expires_at <= ?1",
            [now.0],
            |row| row.get(0),
        )?;
        if due == 0 {
            return Ok(());
        }
        self.relaxed(|transaction| {
            transaction.execute("DELETE FROM slip WHERE expires_at <= ?1", [now.0])?;
            Ok(())
        })
    }
}
