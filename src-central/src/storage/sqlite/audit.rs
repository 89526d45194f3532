//! What `verify` walks.

use beatbook_domain::id::{ChainId, Digest, Link};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::SignedReceipts;
use rusqlite::{Transaction, params};

use super::feed::{FEED_COLUMNS, feed_row, with_problems};
use super::{Blob, Stored, attachments, id, int, maybe_id, number, parse};
use crate::storage::rows::{CustodyColumns, ManifestRow, ReceiptListRow, StoredRevision};

pub(super) fn revisions(
    tx: &Transaction<'_>,
    chain: ChainId,
    after: Option<(u64, Link)>,
    limit: u32,
) -> Stored<Vec<StoredRevision>> {
    let (seq, link) = after.map_or((-1, Link([0xff; 32])), |(seq, link)| (int(seq), link));
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS}, r.entry_id, r.shift_id, r.written_at, r.manifest_id
         FROM ledger l JOIN revision r ON r.link = l.link
         WHERE l.chain_id = ?1 AND (l.seq > ?2 OR (l.seq = ?2 AND l.link > ?3)) ORDER BY l.seq, l.link LIMIT ?4"
    ))?;
    let rows = statement.query_map(params![Blob(chain), seq, Blob(link), limit], |row| {
        let (feed, problems) = feed_row(row)?;
        let columns = CustodyColumns {
            entry: id(row, 13)?,
            kind: feed.kind.clone(),
            author: feed.author,
            shift: maybe_id(row, 14)?,
            written_at: Millis(row.get(15)?),
        };
        Ok((feed, problems, columns, id::<Digest>(row, 16)?))
    })?;
    rows.map(|row| {
        let (feed, problems, columns, manifest) = row?;
        Ok(StoredRevision { row: with_problems(Ok((feed, problems)))?, columns, manifest })
    })
    .collect()
}

pub(super) fn manifests(tx: &Transaction<'_>, chain: ChainId) -> Stored<Vec<ManifestRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT manifest_id, first_seq, last_seq, text, signature, refused FROM manifest WHERE chain_id = ?1
         ORDER BY first_seq, manifest_id",
    )?;
    let rows = statement.query_map([Blob(chain)], |row| {
        let manifest = ManifestRow {
            id: id(row, 0)?,
            chain,
            first: number(row, 1)?,
            last: number(row, 2)?,
            text: row.get(3)?,
            signature: id(row, 4)?,
            refused: Vec::new(),
        };
        Ok((manifest, row.get::<_, String>(5)?))
    })?;
    rows.map(|row| {
        let (mut manifest, refused) = row?;
        manifest.refused = parse(&refused, "refused")?;
        Ok(manifest)
    })
    .collect()
}

pub(super) fn receipt_lists(
    tx: &Transaction<'_>,
    after: Option<Digest>,
    limit: u32,
) -> Stored<Vec<ReceiptListRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT list_id, text, signature, key FROM receipt_list WHERE ?1 IS NULL OR list_id > ?1
         ORDER BY list_id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![after.map(Blob), limit], |row| {
        Ok(ReceiptListRow {
            id: id(row, 0)?,
            signed: SignedReceipts { list: row.get(1)?, signature: id(row, 2)?, key: id(row, 3)? },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn ledger_figures(tx: &Transaction<'_>) -> Stored<(u64, u64, u64)> {
    Ok(tx.query_row(
        "SELECT (SELECT n FROM head WHERE name = 'ledger'), count(*), count(DISTINCT central_pos)
         FROM (SELECT central_pos FROM ledger UNION ALL
               SELECT central_pos FROM withheld WHERE central_pos IS NOT NULL) AS taken
         WHERE central_pos BETWEEN 1 AND (SELECT n FROM head WHERE name = 'ledger')",
        [],
        |row| Ok((number(row, 0)?, number(row, 1)?, number(row, 2)?)),
    )?)
}

pub(super) fn stray_feed_rows(tx: &Transaction<'_>) -> Stored<u64> {
    Ok(tx.query_row(
        "SELECT count(*) FROM feed f LEFT JOIN ledger l ON l.link = f.link AND l.central_pos = f.pos
         LEFT JOIN withheld w ON w.link = f.link AND w.central_pos = f.pos AND w.accepted
         WHERE l.link IS NULL AND w.link IS NULL",
        [],
        |row| number(row, 0),
    )?)
}

pub(super) fn erase(tx: &Transaction<'_>, links: &[Link]) -> Stored<u64> {
    super::kept::forget(tx, links)?;
    let mut statement = tx.prepare_cached("UPDATE revision SET body = NULL, salt = NULL WHERE link = ?1")?;
    let mut erased = 0;
    for link in links {
        erased += statement.execute([Blob(*link)])? as u64;
    }
    attachments::erase(tx, links)?;
    Ok(erased)
}
