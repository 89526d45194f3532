//! What `verify` walks.

use beatbook_domain::id::{ChainId, Digest, EntryId, Link, Signature, VerifyKey};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::SignedReceipts;
use deadpool_postgres::Transaction;
use uuid::Uuid;

use super::feed::{FEED_COLUMNS, feed_row};
use super::{Stored, attachments, bytes, int, number, parse};
use crate::storage::rows::{CustodyColumns, ManifestRow, ReceiptListRow, StoredRevision};

pub(super) async fn revisions(
    tx: &Transaction<'_>,
    chain: ChainId,
    after: Option<(u64, Link)>,
    limit: u32,
) -> Stored<Vec<StoredRevision>> {
    let (seq, link) = after.map_or((-1, Link([0xff; 32])), |(seq, link)| (int(seq), link));
    let rows = tx
        .query(
            &format!(
                "SELECT l.central_pos, {FEED_COLUMNS}, r.entry_id, r.shift_id, r.written_at, r.manifest_id
                 FROM ledger l JOIN revision r ON r.link = l.link
                 WHERE l.chain_id = $1 AND (l.seq, l.link) > ($2, $3) ORDER BY l.seq, l.link LIMIT $4"
            ),
            &[&chain.0, &seq, &link.0.as_slice(), &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let feed = feed_row(row)?;
            let columns = CustodyColumns {
                entry: EntryId(row.try_get(13)?),
                kind: feed.kind.clone(),
                author: feed.author,
                shift: row.try_get::<_, Option<Uuid>>(14)?.map(EntryId),
                written_at: Millis(row.try_get(15)?),
            };
            Ok(StoredRevision { row: feed, columns, manifest: Digest(bytes(row, 16)?) })
        })
        .collect()
}

pub(super) async fn manifests(tx: &Transaction<'_>, chain: ChainId) -> Stored<Vec<ManifestRow>> {
    let rows = tx
        .query(
            "SELECT manifest_id, first_seq, last_seq, text, signature, refused FROM manifest WHERE chain_id = $1
             ORDER BY first_seq, manifest_id",
            &[&chain.0],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ManifestRow {
                id: Digest(bytes(row, 0)?),
                chain,
                first: number(row, 1)?,
                last: number(row, 2)?,
                text: row.try_get(3)?,
                signature: Signature(bytes(row, 4)?),
                refused: parse(row.try_get(5)?, "refused")?,
            })
        })
        .collect()
}

pub(super) async fn receipt_lists(
    tx: &Transaction<'_>,
    after: Option<Digest>,
    limit: u32,
) -> Stored<Vec<ReceiptListRow>> {
    let after = after.map_or(Vec::new(), |after| after.0.to_vec());
    let rows = tx
        .query(
            "SELECT list_id, text, signature, key FROM receipt_list WHERE list_id > $1 ORDER BY list_id LIMIT $2",
            &[&after, &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let signed = SignedReceipts {
                list: row.try_get(1)?,
                signature: Signature(bytes(row, 2)?),
                key: VerifyKey(bytes(row, 3)?),
            };
            Ok(ReceiptListRow { id: Digest(bytes(row, 0)?), signed })
        })
        .collect()
}

pub(super) async fn ledger_figures(tx: &Transaction<'_>) -> Stored<(u64, u64, u64)> {
    let row = tx
        .query_one(
            "SELECT (SELECT n FROM head WHERE name = 'ledger'), count(*), count(DISTINCT central_pos)
             FROM (SELECT central_pos FROM ledger UNION ALL
                   SELECT central_pos FROM withheld WHERE central_pos IS NOT NULL) AS taken
             WHERE central_pos BETWEEN 1 AND (SELECT n FROM head WHERE name = 'ledger')",
            &[],
        )
        .await?;
    Ok((number(&row, 0)?, number(&row, 1)?, number(&row, 2)?))
}

pub(super) async fn stray_feed_rows(tx: &Transaction<'_>) -> Stored<u64> {
    let row = tx
        .query_one(
            "SELECT count(*) FROM feed f LEFT JOIN ledger l ON l.link = f.link AND l.central_pos = f.pos
             LEFT JOIN withheld w ON w.link = f.link AND w.central_pos = f.pos AND w.accepted
             WHERE l.link IS NULL AND w.link IS NULL",
            &[],
        )
        .await?;
    number(&row, 0)
}

pub(super) async fn erase(tx: &Transaction<'_>, links: &[Link]) -> Stored<u64> {
    super::kept::forget(tx, links).await?;
    attachments::erase(tx, links).await?;
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let erase = "UPDATE revision SET body = NULL, salt = NULL WHERE link = ANY($1)";
    Ok(tx.execute(erase, &[&links]).await?)
}
