//! The settings durability and secrecy rest on: each is made, read back, and refused if it did not take.

use rusqlite::Connection;

use super::error::StoreError;
use crate::profile::wrap::{CipherSettings, DatabaseKey};

/// Write-ahead frames after which SQLite checkpoints by itself. The owner thread does so earlier, between saves; this bounds
/// the log where saves come without a pause, because every fsync of a growing file also journals its new size.
pub const WAL_AUTOCHECKPOINT: i64 = 1000;

/// Pages kept decrypted, KiB: those of the largest request, which its receipts write again.
const CACHE_KIB: i64 = 8 * 1024;

/// How hard a commit works to be on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// One fsync at each commit: entries.
    Full,
    /// No fsync at commit; the next full commit or checkpoint carries it along: drafts, search, states.
    Relaxed,
}

/// Keys the connection. Must come before anything else is read.
///
/// # Errors
/// SQLite's own; a wrong key shows only at the first read.
pub fn key(connection: &Connection, key: &DatabaseKey, cipher: &CipherSettings) -> Result<(), StoreError> {
    // SQLCipher writes to standard error by itself otherwise; what fails comes back as an error anyway.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    connection.pragma_update(None, "key", key.literal().as_str())?;
    connection.pragma_update(None, "cipher_page_size", cipher.page_size)?;
    connection.pragma_update(None, "cipher_hmac_algorithm", cipher.hmac_algorithm.as_str())?;
    Ok(())
}

/// Makes every setting and reads each back.
///
/// # Errors
/// [`StoreError::Pragma`] names the first that did not take.
pub fn set_and_check(connection: &Connection, cipher: &CipherSettings) -> Result<(), StoreError> {
    // Without the cipher these two would be unknown and answer nothing: then the file would be plain text.
    text(connection, "cipher_hmac_algorithm", &cipher.hmac_algorithm)?;
    text(connection, "cipher_page_size", &cipher.page_size.to_string())?;

    connection.pragma_update(None, "journal_mode", "wal")?;
    text(connection, "journal_mode", "wal")?;
    set(connection, "foreign_keys", 1)?;
    set(connection, "temp_store", 2)?;
    set(connection, "secure_delete", 1)?;
    set(connection, "trusted_schema", 0)?;
    set(connection, "cell_size_check", 1)?;
    set(connection, "busy_timeout", 5000)?;
    set(connection, "cache_size", -CACHE_KIB)?;
    set(connection, "wal_autocheckpoint", WAL_AUTOCHECKPOINT)?;
    set(connection, "recursive_triggers", 0)?;
    if cfg!(target_vendor = "apple") {
        // A plain fsync does not reach the disk there.
        set(connection, "fullfsync", 1)?;
        set(connection, "checkpoint_fullfsync", 1)?;
    }
    durability(connection, Durability::Full)
}

/// Sets how hard commits work, and reads it back: many drivers default to losing the last saves on a power cut.
///
/// # Errors
/// [`StoreError::Pragma`].
pub fn durability(connection: &Connection, wanted: Durability) -> Result<(), StoreError> {
    set(connection, "synchronous", if wanted == Durability::Full { 2 } else { 1 })
}

fn set(connection: &Connection, name: &'static str, wanted: i64) -> Result<(), StoreError> {
    connection.pragma_update(None, name, wanted)?;
    let found: i64 = connection.pragma_query_value(None, name, |row| row.get(0))?;
    if found == wanted {
        Ok(())
    } else {
        Err(StoreError::Pragma { name, wanted: wanted.to_string(), found: found.to_string() })
    }
}

fn text(connection: &Connection, name: &'static str, wanted: &str) -> Result<(), StoreError> {
    let found = connection
        .pragma_query_value(None, name, |row| {
            row.get::<_, String>(0).or_else(|_| row.get::<_, i64>(0).map(|n| n.to_string()))
        })
        .or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(String::from("nothing")),
            other => Err(other),
        })?;
    if found == wanted { Ok(()) } else { Err(StoreError::Pragma { name, wanted: wanted.to_owned(), found }) }
}
