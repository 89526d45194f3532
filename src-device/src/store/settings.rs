//! Small values by name, and the marks into the local order of revisions.

use rusqlite::{Connection, OptionalExtension as _};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, StoreError};

/// Who and where the profile is (JSON of [`super::Identity`]).
pub const IDENTITY: &str = "identity";
/// Secret half of the profile's signing key, 32 bytes.
pub const PROFILE_SECRET: &str = "profile_secret";
/// Secret half of the profile's sealing key, 32 bytes.
pub const SEAL_SECRET: &str = "seal_secret";
/// Secret half of the device's transport key, 32 bytes.
pub const TRANSPORT_SECRET: &str = "transport_secret";
/// The measured distance to central's clock (JSON of `ClockOffset`).
pub const CLOCK_OFFSET: &str = "clock_offset";
/// What central last said about the whole (JSON of [`super::pull::LastAnswer`]).
pub const LAST_ANSWER: &str = "last_answer";
/// Code lists in force (JSON of an edition).
pub const LISTS: &str = "lists";
/// What the officer chose last, carried forward into the next form (JSON).
pub const CARRIED: &str = "carried_forward";

/// Chains that went on from others (JSON, oldest first).
pub const SUCCESSORS: &str = "successors";
/// What central's ends last made this phone do (JSON of `Reconciled`).
pub const RECONCILED: &str = "reconciled";
/// Orders up to here are carried out (JSON of `ErasedTo`).
pub const ERASED_TO: &str = "erased_to";
/// What central last stated as safely held (JSON of `Safe`).
pub const SAFE: &str = "safe_below";
/// Units whose code this phone knows, newest last (JSON).
pub const UNIT_CODES: &str = "unit_codes";

/// Every statement of keys this notebook has known, in order (JSON of signed statements).
pub const KEY_STATEMENTS: &str = "key_statements";
/// The newest time that central's receipt key has signed (JSON).
pub const SIGNED_TIME: &str = "signed_time";

/// Batches that were sealed to central before the notebook was locked (JSON).
pub const SPOOLED: &str = "spooled";
/// Since when this phone has not heard central, and what time it has seen (JSON of `OfflineWatch`).
pub const OFFLINE: &str = "offline";

/// Everything up to this row is in `revision_index` and `search`.
pub const INDEXED_UP_TO: &str = "indexed_up_to";
/// Every own revision up to this row is received or set aside.
pub const SETTLED_UP_TO: &str = "settled_up_to";
/// Every own revision up to this row has been tried to send at least once.
pub const TRIED_UP_TO: &str = "tried_up_to";

/// A value, or `None`.
///
/// # Errors
/// SQLite's own.
pub fn get(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Sets a value.
///
/// # Errors
/// SQLite's own.
pub fn put(connection: &Connection, name: &str, value: &[u8]) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    statement.execute((name, value))?;
    Ok(())
}

/// A value kept as JSON, or `None`.
///
/// # Errors
/// [`StoreError::Content`] where it does not parse.
pub fn get_json<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<Option<T>, StoreError> {
    get(connection, name)?.map(|bytes| read_json(name, &bytes)).transpose()
}

/// Sets a value kept as JSON.
///
/// # Errors
/// SQLite's own.
pub fn put_json<T: Serialize>(connection: &Connection, name: &str, value: &T) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(value).map_err(|error| StoreError::Content(format!("{name}: {error}")))?;
    put(connection, name, &bytes)
}

/// Parses stored JSON.
///
/// # Errors
/// [`StoreError::Content`]; the message holds the position, never the content.
pub fn read_json<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| {
        StoreError::Content(format!("{name}: line {} column {}", error.line(), error.column()))
    })
}

/// A mark.
///
/// # Errors
/// SQLite's own.
pub fn mark(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM mark WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0))?)
}

/// Moves a mark.
///
/// # Errors
/// SQLite's own.
pub fn set_mark(connection: &Connection, name: &str, value: i64) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE mark SET value = ?2 WHERE name = ?1")?.execute((name, value))?;
    Ok(())
}

impl Store {
    /// A value kept as JSON, or `None`.
    ///
    /// # Errors
    /// As [`get_json`].
    pub fn setting<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, StoreError> {
        get_json(self.connection()?, name)
    }

    /// Sets a value kept as JSON, without an fsync of its own.
    ///
    /// # Errors
    /// As [`put_json`].
    pub fn set_setting<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        self.relaxed(|transaction| put_json(transaction, name, value))
    }
}
