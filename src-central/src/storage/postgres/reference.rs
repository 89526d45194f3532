//! Reference data: its own positions, newest form of each item only; area sets and editions of the code lists.

use beatbook_domain::id::Digest;
use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;

use super::{Stored, bytes, int, number};
use crate::storage::StorageError;
use crate::storage::rows::{AreaSetRow, ReferenceRow};

/// Puts an item at a new position; the older form of the same key goes. An item that has not changed stays put.
pub(super) async fn put(tx: &Transaction<'_>, row: &ReferenceRow) -> Stored<()> {
    // The counter's row is locked first: two writers of one key cannot both find it missing.
    tx.query_one("SELECT n FROM head WHERE name = 'reference' FOR UPDATE", &[]).await?;
    let known = tx.query_opt("SELECT item FROM reference_item WHERE item_key = $1", &[&row.key]).await?;
    if known.is_some_and(|known| known.get::<_, &str>(0) == row.item) {
        return Ok(());
    }
    tx.execute("DELETE FROM reference_item WHERE item_key = $1", &[&row.key]).await?;
    let pos: i64 = tx
        .query_one("UPDATE head SET n = n + 1 WHERE name = 'reference' RETURNING n", &[])
        .await?
        .try_get(0)?;
    tx.execute(
        "INSERT INTO reference_item (pos, item_key, item) VALUES ($1, $2, $3)",
        &[&pos, &row.key, &row.item],
    )
    .await?;
    Ok(())
}

pub(super) async fn after(tx: &Transaction<'_>, after: u64, limit: u32) -> Stored<Vec<(u64, String)>> {
    let rows = tx
        .query(
            "SELECT pos, item FROM reference_item WHERE pos > $1 ORDER BY pos LIMIT $2",
            &[&int(after), &i64::from(limit)],
        )
        .await?;
    rows.iter().map(|row| Ok((number(row, 0)?, row.try_get(1)?))).collect()
}

/// A version as PostgreSQL keeps it.
fn version(found: i64) -> Stored<u32> {
    u32::try_from(found).map_err(|_| StorageError::Content("number of an edition"))
}

pub(super) async fn area_set(tx: &Transaction<'_>) -> Stored<Option<AreaSetRow>> {
    let row = tx
        .query_opt(
            "SELECT version, hash, canonical, imported_at FROM area_set ORDER BY version DESC LIMIT 1",
            &[],
        )
        .await?;
    row.map(|row| {
        Ok(AreaSetRow {
            version: version(row.try_get(0)?)?,
            hash: Digest(bytes(&row, 1)?),
            canonical: row.try_get(2)?,
            imported_at: Millis(row.try_get(3)?),
        })
    })
    .transpose()
}

pub(super) async fn put_area_set(
    tx: &Transaction<'_>,
    set: &AreaSetRow,
    parts: &[ReferenceRow],
) -> Stored<()> {
    let inserted = tx
        .execute(
            "INSERT INTO area_set (version, hash, canonical, imported_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            &[&i64::from(set.version), &set.hash.0.as_slice(), &set.canonical, &set.imported_at.0],
        )
        .await?;
    if inserted != 1 {
        return Err(StorageError::Raced);
    }
    // Bands and silences of areas are in every figure.
    super::kept::take_turn(tx).await?;
    tx.execute("UPDATE shift_figure SET mark = mark + 1", &[]).await?;
    tx.execute("DELETE FROM reference_item WHERE item_key LIKE 'area:%'", &[]).await?;
    for part in parts {
        put(tx, part).await?;
    }
    Ok(())
}

pub(super) async fn lists(tx: &Transaction<'_>) -> Stored<Option<(u32, String)>> {
    let row =
        tx.query_opt("SELECT version, text FROM list_edition ORDER BY version DESC LIMIT 1", &[]).await?;
    row.map(|row| Ok((version(row.try_get(0)?)?, row.try_get(1)?))).transpose()
}

pub(super) async fn put_lists(
    tx: &Transaction<'_>,
    version: u32,
    text: &str,
    item: &ReferenceRow,
    at: Millis,
) -> Stored<()> {
    let inserted = tx
        .execute(
            "INSERT INTO list_edition (version, text, imported_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[&i64::from(version), &text, &at.0],
        )
        .await?;
    if inserted != 1 {
        return Err(StorageError::Raced);
    }
    put(tx, item).await
}
