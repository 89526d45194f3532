//! The force this database belongs to: one row, made once.

use beatbook_domain::time::Millis;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{Blob, Stored, id, keys};
use crate::storage::StorageError;
use crate::storage::rows::ForceRow;

pub(super) fn force(transaction: &Transaction<'_>) -> Stored<Option<ForceRow>> {
    let row = transaction
        .query_row(
            "SELECT force_id, epoch, bundle, bundle_signature, receipt_secret, sealing_secret, created_at FROM force",
            [],
            |row| {
                Ok(ForceRow {
                    force: id(row, 0)?,
                    epoch: id(row, 1)?,
                    bundle: row.get(2)?,
                    bundle_signature: id(row, 3)?,
                    receipt_secret: row.get(4)?,
                    sealing_secret: row.get(5)?,
                    created_at: Millis(row.get(6)?),
                })
            },
        )
        .optional()?;
    Ok(row)
}

pub(super) fn create_force(transaction: &Transaction<'_>, row: &ForceRow) -> Stored<()> {
    if force(transaction)?.is_some() {
        return Err(StorageError::ForceExists);
    }
    transaction.execute(
        "INSERT INTO force (one, force_id, epoch, bundle, bundle_signature, receipt_secret, sealing_secret, created_at)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            Blob(row.force),
            Blob(row.epoch),
            row.bundle,
            Blob(row.bundle_signature),
            row.receipt_secret,
            row.sealing_secret,
            row.created_at.0
        ],
    )?;
    keys::insert(transaction, &row.first_statement())
}
