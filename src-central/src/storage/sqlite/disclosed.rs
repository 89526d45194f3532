//! Everything about one entry: its versions, what was said of it, its receipts.

use beatbook_domain::id::{DeviceId, Digest, EntryId, Link};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::SignedReceipts;
use rusqlite::{Row, Transaction, params};

use super::feed::{FEED_COLUMNS, feed_row, with_problems};
use super::{Blob, Stored, id, maybe_id};
use crate::storage::rows::{CustodyColumns, FeedRow, ReceiptListRow, StoredRevision};

const STORED: &str = "r.entry_id, r.shift_id, r.written_at, r.manifest_id";

type Read = (FeedRow, String, CustodyColumns, Digest);

fn read(row: &Row<'_>) -> rusqlite::Result<Read> {
    let (feed, problems) = feed_row(row)?;
    let columns = CustodyColumns {
        entry: id(row, 13)?,
        kind: feed.kind.clone(),
        author: feed.author,
        shift: maybe_id(row, 14)?,
        written_at: Millis(row.get(15)?),
    };
    Ok((feed, problems, columns, id(row, 16)?))
}

fn stored(row: rusqlite::Result<Read>) -> Stored<StoredRevision> {
    let (feed, problems, columns, manifest) = row?;
    Ok(StoredRevision { row: with_problems(Ok((feed, problems)))?, columns, manifest })
}

pub(super) fn of_entry(tx: &Transaction<'_>, entry: EntryId) -> Stored<Vec<StoredRevision>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS}, {STORED} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.entry_id = ?1 ORDER BY l.central_pos"
    ))?;
    statement.query_map([Blob(entry)], read)?.map(stored).collect()
}

pub(super) fn of_kind(
    tx: &Transaction<'_>,
    kind: &str,
    from: Millis,
    after: Option<(Millis, Link)>,
    limit: u32,
) -> Stored<Vec<StoredRevision>> {
    let (at, link) = after.unwrap_or((Millis(i64::MIN), Link([0; 32])));
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS}, {STORED} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.kind = ?1 AND r.written_at >= ?2 AND (r.written_at > ?3 OR (r.written_at = ?3 AND r.link > ?4))
         ORDER BY r.written_at, r.link LIMIT ?5"
    ))?;
    let rows = statement.query_map(params![kind, from.0.max(at.0), at.0, Blob(link), limit], read)?;
    rows.map(stored).collect()
}

pub(super) fn receipt_lists_of(
    tx: &Transaction<'_>,
    device: DeviceId,
    from: Millis,
    limit: u32,
) -> Stored<Vec<ReceiptListRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT list_id, text, signature, key FROM receipt_list WHERE device_id = ?1 AND at >= ?2 ORDER BY at LIMIT ?3",
    )?;
    let rows = statement.query_map(params![Blob(device), from.0, limit], |row| {
        Ok(ReceiptListRow {
            id: id(row, 0)?,
            signed: SignedReceipts { list: row.get(1)?, signature: id(row, 2)?, key: id(row, 3)? },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
