//! What figures are read from, and the log of what was given out.

use beatbook_domain::id::{EntryId, OfficerId};
use beatbook_domain::time::Millis;
use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::feed::{FEED_COLUMNS, feed_row, with_problems};
use super::{Blob, Stored};
use crate::storage::given_out::ExportRow;
use crate::storage::rows::FeedRow;

/// What arrived from a device out of service stays out until it is accepted.
const COUNTED: &str =
    "NOT EXISTS (SELECT 1 FROM withheld w WHERE w.link = r.link AND coalesce(w.accepted, 0) = 0)";

pub(super) fn of_shift(tx: &Transaction<'_>, shift: EntryId) -> Stored<Vec<FeedRow>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.link IN (SELECT link FROM revision WHERE shift_id = ?1 UNION SELECT link FROM revision WHERE entry_id = ?1)
           AND {COUNTED}"
    ))?;
    statement.query_map([Blob(shift)], feed_row)?.map(with_problems).collect()
}

pub(super) fn words_of(
    tx: &Transaction<'_>,
    officer: OfficerId,
    from: Millis,
    until: Millis,
) -> Stored<Vec<FeedRow>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.author = ?1 AND r.kind IN ('shift_opened', 'shift_ended', 'crew_joined', 'crew_left')
           AND r.written_at >= ?2 AND r.written_at < ?3 AND {COUNTED}"
    ))?;
    statement.query_map(params![Blob(officer), from.0, until.0], feed_row)?.map(with_problems).collect()
}

pub(super) fn taskings_written(tx: &Transaction<'_>, from: Millis, until: Millis) -> Stored<Vec<FeedRow>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.kind IN ('tasking', 'tasking_ack') AND r.written_at >= ?1 AND r.written_at < ?2 AND {COUNTED}"
    ))?;
    statement.query_map([from.0, until.0], feed_row)?.map(with_problems).collect()
}

pub(super) fn put_export(tx: &Transaction<'_>, row: &ExportRow) -> Stored<()> {
    tx.execute(
        "INSERT INTO export_log (export_id, exported_at, exported_by, why, what, files) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![row.export.as_bytes().as_slice(), row.at.0, row.by, row.why, row.what, row.files],
    )?;
    Ok(())
}

pub(super) fn exports(tx: &Transaction<'_>, limit: u32) -> Stored<Vec<ExportRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT export_id, exported_at, exported_by, why, what, files FROM export_log ORDER BY exported_at DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| {
        Ok(ExportRow {
            export: Uuid::from_bytes(row.get(0)?),
            at: Millis(row.get(1)?),
            by: row.get(2)?,
            why: row.get(3)?,
            what: row.get(4)?,
            files: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
