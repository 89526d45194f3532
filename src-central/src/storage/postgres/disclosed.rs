//! Everything about one entry: its versions, what was said of it, its receipts.

use beatbook_domain::id::{DeviceId, Digest, EntryId, Link, Signature, VerifyKey};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::SignedReceipts;
use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use uuid::Uuid;

use super::feed::{FEED_COLUMNS, feed_row};
use super::{Stored, bytes};
use crate::storage::rows::{CustodyColumns, ReceiptListRow, StoredRevision};

const STORED: &str = "r.entry_id, r.shift_id, r.written_at, r.manifest_id";

fn stored(row: &Row) -> Stored<StoredRevision> {
    let feed = feed_row(row)?;
    let columns = CustodyColumns {
        entry: EntryId(row.try_get(13)?),
        kind: feed.kind.clone(),
        author: feed.author,
        shift: row.try_get::<_, Option<Uuid>>(14)?.map(EntryId),
        written_at: Millis(row.try_get(15)?),
    };
    Ok(StoredRevision { row: feed, columns, manifest: Digest(bytes(row, 16)?) })
}

pub(super) async fn of_entry(tx: &Transaction<'_>, entry: EntryId) -> Stored<Vec<StoredRevision>> {
    let rows = tx
        .query(
            &format!(
                "SELECT l.central_pos, {FEED_COLUMNS}, {STORED} FROM revision r JOIN ledger l ON l.link = r.link
                 WHERE r.entry_id = $1 ORDER BY l.central_pos"
            ),
            &[&entry.0],
        )
        .await?;
    rows.iter().map(stored).collect()
}

pub(super) async fn of_kind(
    tx: &Transaction<'_>,
    kind: &str,
    from: Millis,
    after: Option<(Millis, Link)>,
    limit: u32,
) -> Stored<Vec<StoredRevision>> {
    let (at, link) = after.unwrap_or((Millis(i64::MIN), Link([0; 32])));
    let rows = tx
        .query(
            &format!(
                "SELECT l.central_pos, {FEED_COLUMNS}, {STORED} FROM revision r JOIN ledger l ON l.link = r.link
                 WHERE r.kind = $1 AND r.written_at >= $2 AND (r.written_at, r.link) > ($3, $4)
                 ORDER BY r.written_at, r.link LIMIT $5"
            ),
            &[&kind, &from.0.max(at.0), &at.0, &link.0.as_slice(), &i64::from(limit)],
        )
        .await?;
    rows.iter().map(stored).collect()
}

pub(super) async fn receipt_lists_of(
    tx: &Transaction<'_>,
    device: DeviceId,
    from: Millis,
    limit: u32,
) -> Stored<Vec<ReceiptListRow>> {
    let rows = tx
        .query(
            "SELECT list_id, text, signature, key FROM receipt_list WHERE device_id = $1 AND at >= $2
             ORDER BY at LIMIT $3",
            &[&device.0, &from.0, &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ReceiptListRow {
                id: Digest(bytes(row, 0)?),
                signed: SignedReceipts {
                    list: row.try_get(1)?,
                    signature: Signature(bytes(row, 2)?),
                    key: VerifyKey(bytes(row, 3)?),
                },
            })
        })
        .collect()
}
