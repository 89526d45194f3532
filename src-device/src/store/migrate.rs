//! Numbered migrations, forward only, and the version below which a reader is refused.
//!
//! `user_version` is the number of the last migration applied. A newer Beatbook may have gone further: its database is
//! still opened as long as our number is at least the `min_reader` it states (additive migrations keep it).

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use super::error::StoreError;

/// The migrations in order; the n-th one takes the database from version n-1 to n.
pub const MIGRATIONS: &[(&str, &str)] = &[
    ("001_store.sql", include_str!("../../../migrations/device/001_store.sql")),
    ("002_photos.sql", include_str!("../../../migrations/device/002_photos.sql")),
    ("003_copies.sql", include_str!("../../../migrations/device/003_copies.sql")),
    ("004_exchange.sql", include_str!("../../../migrations/device/004_exchange.sql")),
];

/// The schema version this Beatbook writes and reads.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings the database up to [`VERSION`] in one immediate transaction, or leaves it as it was.
///
/// # Errors
/// [`StoreError::TooNew`] where the database states a `min_reader` above us; SQLite's own otherwise.
pub fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    migrate_with(connection, MIGRATIONS)
}

pub(super) fn migrate_with(
    connection: &mut Connection,
    migrations: &[(&str, &str)],
) -> Result<(), StoreError> {
    let ours = migrations.len() as i64;
    let at = version(connection)?;
    if at > ours {
        let min_reader = min_reader(connection)?.unwrap_or(at);
        return if min_reader > ours { Err(StoreError::TooNew { min_reader, ours }) } else { Ok(()) };
    }
    if at == ours {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the lock: another process may have migrated in between.
    let mut at = version(&transaction)?;
    while let Some((_name, sql)) = usize::try_from(at).ok().and_then(|next| migrations.get(next)) {
        transaction.execute_batch(sql)?;
        at += 1;
        transaction.pragma_update(None, "user_version", at)?;
    }
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn min_reader(connection: &Connection) -> Result<Option<i64>, StoreError> {
    Ok(connection.query_row("SELECT min_reader FROM database", [], |row| row.get(0)).optional()?)
}
