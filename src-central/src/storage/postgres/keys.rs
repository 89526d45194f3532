//! Statements of keys: numbered, never changed, never dropped.

use beatbook_domain::id::Signature;
use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;
use zeroize::Zeroizing;

use super::{Stored, bytes, int, number};
use crate::storage::StorageError;
use crate::storage::rows::StatementRow;

pub(super) async fn insert(tx: &Transaction<'_>, row: &StatementRow) -> Stored<()> {
    tx.execute(
        "INSERT INTO key_statement (number, bundle, signature, made_at) VALUES ($1, $2, $3, $4)",
        &[&int(row.number), &row.bundle, &row.signature.0.as_slice(), &row.made_at.0],
    )
    .await?;
    Ok(())
}

pub(super) async fn all(tx: &Transaction<'_>) -> Stored<Vec<StatementRow>> {
    let rows =
        tx.query("SELECT number, bundle, signature, made_at FROM key_statement ORDER BY number", &[]).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(StatementRow {
            number: number(row, 0)?,
            bundle: row.try_get(1)?,
            signature: Signature(bytes(row, 2)?),
            made_at: Millis(row.try_get(3)?),
        })
    };
    rows.iter().map(read).collect()
}

pub(super) async fn put(
    tx: &Transaction<'_>,
    row: &StatementRow,
    receipt_secret: Option<&Zeroizing<[u8; 32]>>,
) -> Stored<()> {
    // Two who publish at once take turns at the row of the force.
    tx.query("SELECT one FROM force FOR UPDATE", &[]).await?;
    let highest: i64 =
        tx.query_one("SELECT coalesce(max(number), 0) FROM key_statement", &[]).await?.try_get(0)?;
    if highest >= int(row.number) {
        return Err(StorageError::Raced);
    }
    insert(tx, row).await?;
    tx.execute(
        "UPDATE force SET bundle = $1, bundle_signature = $2",
        &[&row.bundle, &row.signature.0.as_slice()],
    )
    .await?;
    if let Some(secret) = receipt_secret {
        tx.execute("UPDATE force SET receipt_secret = $1", &[&secret.as_slice()]).await?;
    }
    Ok(())
}
