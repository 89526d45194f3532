//! What figures are read from, and the log of what was given out.

use beatbook_domain::id::{EntryId, OfficerId};
use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;

use super::Stored;
use super::feed::{FEED_COLUMNS, feed_row};
use crate::storage::given_out::ExportRow;
use crate::storage::rows::FeedRow;

/// What arrived from a device out of service stays out until it is accepted.
const COUNTED: &str =
    "NOT EXISTS (SELECT 1 FROM withheld w WHERE w.link = r.link AND NOT coalesce(w.accepted, false))";

pub(super) async fn of_shift(tx: &Transaction<'_>, shift: EntryId) -> Stored<Vec<FeedRow>> {
    let rows = tx
        .query(
            &format!(
                "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
                 WHERE r.link IN (SELECT link FROM revision WHERE shift_id = $1
                                  UNION SELECT link FROM revision WHERE entry_id = $1) AND {COUNTED}"
            ),
            &[&shift.0],
        )
        .await?;
    rows.iter().map(feed_row).collect()
}

pub(super) async fn words_of(
    tx: &Transaction<'_>,
    officer: OfficerId,
    from: Millis,
    until: Millis,
) -> Stored<Vec<FeedRow>> {
    let rows = tx
        .query(
            &format!(
                "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
                 WHERE r.author = $1 AND r.kind IN ('shift_opened', 'shift_ended', 'crew_joined', 'crew_left')
                   AND r.written_at >= $2 AND r.written_at < $3 AND {COUNTED}"
            ),
            &[&officer.0, &from.0, &until.0],
        )
        .await?;
    rows.iter().map(feed_row).collect()
}

pub(super) async fn taskings_written(
    tx: &Transaction<'_>,
    from: Millis,
    until: Millis,
) -> Stored<Vec<FeedRow>> {
    let rows = tx
        .query(
            &format!(
                "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
                 WHERE r.kind IN ('tasking', 'tasking_ack') AND r.written_at >= $1 AND r.written_at < $2
                   AND {COUNTED}"
            ),
            &[&from.0, &until.0],
        )
        .await?;
    rows.iter().map(feed_row).collect()
}

pub(super) async fn put_export(tx: &Transaction<'_>, row: &ExportRow) -> Stored<()> {
    tx.execute(
        "INSERT INTO export_log (export_id, exported_at, exported_by, why, what, files) VALUES ($1, $2, $3, $4, $5, $6)",
        &[&row.export, &row.at.0, &row.by, &row.why, &row.what, &row.files],
    )
    .await?;
    Ok(())
}

pub(super) async fn exports(tx: &Transaction<'_>, limit: u32) -> Stored<Vec<ExportRow>> {
    let rows = tx
        .query(
            "SELECT export_id, exported_at, exported_by, why, what, files FROM export_log
             ORDER BY exported_at DESC LIMIT $1",
            &[&i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ExportRow {
                export: row.try_get(0)?,
                at: Millis(row.try_get(1)?),
                by: row.try_get(2)?,
                why: row.try_get(3)?,
                what: row.try_get(4)?,
                files: row.try_get(5)?,
            })
        })
        .collect()
}
