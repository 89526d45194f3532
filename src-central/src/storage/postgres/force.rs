//! The force this database belongs to: one row, made once.

use beatbook_domain::id::{EpochId, ForceId, Signature};
use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;

use super::{Stored, bytes, keys};
use crate::storage::StorageError;
use crate::storage::rows::ForceRow;

pub(super) async fn force(tx: &Transaction<'_>) -> Stored<Option<ForceRow>> {
    let row = tx
        .query_opt(
            "SELECT force_id, epoch, bundle, bundle_signature, receipt_secret, sealing_secret, created_at FROM force",
            &[],
        )
        .await?;
    row.map(|row| {
        Ok(ForceRow {
            force: ForceId(row.try_get(0)?),
            epoch: EpochId(row.try_get(1)?),
            bundle: row.try_get(2)?,
            bundle_signature: Signature(bytes(&row, 3)?),
            receipt_secret: bytes(&row, 4)?,
            sealing_secret: bytes(&row, 5)?,
            created_at: Millis(row.try_get(6)?),
        })
    })
    .transpose()
}

pub(super) async fn create_force(tx: &Transaction<'_>, row: &ForceRow) -> Stored<()> {
    let inserted = tx
        .execute(
            "INSERT INTO force (one, force_id, epoch, bundle, bundle_signature, receipt_secret, sealing_secret, created_at)
             VALUES (1, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            &[
                &row.force.0,
                &row.epoch.0,
                &row.bundle,
                &row.bundle_signature.0.as_slice(),
                &row.receipt_secret.as_slice(),
                &row.sealing_secret.as_slice(),
                &row.created_at.0,
            ],
        )
        .await?;
    if inserted == 1 {
        keys::insert(tx, &row.first_statement()).await
    } else {
        Err(StorageError::ForceExists)
    }
}
