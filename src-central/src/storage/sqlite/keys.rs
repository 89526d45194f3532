//! Statements of keys: numbered, never changed, never dropped.

use rusqlite::{Transaction, params};
use zeroize::Zeroizing;

use super::{Blob, Stored, id, int, number};
use crate::storage::StorageError;
use crate::storage::rows::StatementRow;

pub(super) fn insert(tx: &Transaction<'_>, row: &StatementRow) -> Stored<()> {
    tx.execute(
        "INSERT INTO key_statement (number, bundle, signature, made_at) VALUES (?1, ?2, ?3, ?4)",
        params![int(row.number), row.bundle, Blob(row.signature), row.made_at.0],
    )?;
    Ok(())
}

pub(super) fn all(tx: &Transaction<'_>) -> Stored<Vec<StatementRow>> {
    let mut statement =
        tx.prepare_cached("SELECT number, bundle, signature, made_at FROM key_statement ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        Ok(StatementRow {
            number: number(row, 0)?,
            bundle: row.get(1)?,
            signature: id(row, 2)?,
            made_at: beatbook_domain::time::Millis(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put(
    tx: &Transaction<'_>,
    row: &StatementRow,
    receipt_secret: Option<&Zeroizing<[u8; 32]>>,
) -> Stored<()> {
    let highest: i64 =
        tx.query_row("SELECT coalesce(max(number), 0) FROM key_statement", [], |row| row.get(0))?;
    if highest >= int(row.number) {
        return Err(StorageError::Raced);
    }
    insert(tx, row)?;
    tx.execute(
        "UPDATE force SET bundle = ?1, bundle_signature = ?2",
        params![row.bundle, Blob(row.signature)],
    )?;
    if let Some(secret) = receipt_secret {
        tx.execute("UPDATE force SET receipt_secret = ?1", params![secret.as_slice()])?;
    }
    Ok(())
}
