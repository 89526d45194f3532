//! Reference data: its own positions, newest form of each item only; area sets and editions of the code lists.

use beatbook_domain::time::Millis;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{Blob, Stored, id, int, number};
use crate::storage::StorageError;
use crate::storage::rows::{AreaSetRow, ReferenceRow};

/// Puts an item at a new position; the older form of the same key goes. An item that has not changed stays put.
pub(super) fn put(tx: &Transaction<'_>, row: &ReferenceRow) -> Stored<()> {
    let known: Option<String> = tx
        .query_row("SELECT item FROM reference_item WHERE item_key = ?1", [&row.key], |found| found.get(0))
        .optional()?;
    if known.as_deref() == Some(row.item.as_str()) {
        return Ok(());
    }
    tx.execute("DELETE FROM reference_item WHERE item_key = ?1", [&row.key])?;
    let pos: i64 =
        tx.query_row("UPDATE head SET n = n + 1 WHERE name = 'reference' RETURNING n", [], |found| {
            found.get(0)
        })?;
    tx.execute(
        "INSERT INTO reference_item (pos, item_key, item) VALUES (?1, ?2, ?3)",
        params![pos, row.key, row.item],
    )?;
    Ok(())
}

pub(super) fn after(tx: &Transaction<'_>, after: u64, limit: u32) -> Stored<Vec<(u64, String)>> {
    let mut statement =
        tx.prepare_cached("SELECT pos, item FROM reference_item WHERE pos > ?1 ORDER BY pos LIMIT ?2")?;
    let rows = statement.query_map(params![int(after), limit], |row| Ok((number(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn area_set(tx: &Transaction<'_>) -> Stored<Option<AreaSetRow>> {
    let row = tx
        .query_row(
            "SELECT version, hash, canonical, imported_at FROM area_set ORDER BY version DESC LIMIT 1",
            [],
            |row| {
                Ok(AreaSetRow {
                    version: row.get(0)?,
                    hash: id(row, 1)?,
                    canonical: row.get(2)?,
                    imported_at: Millis(row.get(3)?),
                })
            },
        )
        .optional()?;
    Ok(row)
}

pub(super) fn put_area_set(tx: &Transaction<'_>, set: &AreaSetRow, parts: &[ReferenceRow]) -> Stored<()> {
    let inserted = tx.execute(
        "INSERT INTO area_set (version, hash, canonical, imported_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![set.version, Blob(set.hash), set.canonical, set.imported_at.0],
    )?;
    if inserted != 1 {
        return Err(StorageError::Raced);
    }
    // Bands and silences of areas are in every figure.
    tx.execute("UPDATE shift_figure SET mark = mark + 1", [])?;
    tx.execute("DELETE FROM reference_item WHERE item_key LIKE 'area:%'", [])?;
    parts.iter().try_for_each(|part| put(tx, part))
}

pub(super) fn lists(tx: &Transaction<'_>) -> Stored<Option<(u32, String)>> {
    let row = tx
        .query_row("SELECT version, text FROM list_edition ORDER BY version DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(row)
}

pub(super) fn put_lists(
    tx: &Transaction<'_>,
    version: u32,
    text: &str,
    item: &ReferenceRow,
    at: Millis,
) -> Stored<()> {
    let inserted = tx.execute(
        "INSERT INTO list_edition (version, text, imported_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![version, text, at.0],
    )?;
    if inserted != 1 {
        return Err(StorageError::Raced);
    }
    put(tx, item)
}
