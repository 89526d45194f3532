//! Months as they were first published.

use beatbook_domain::time::Millis;
use rusqlite::{Transaction, params};

use super::Stored;
use crate::storage::given_out::PublishedRow;

/// The month as it stands from now on: as it was published first; a split where it had none.
pub(super) fn publish(tx: &Transaction<'_>, row: &PublishedRow) -> Stored<PublishedRow> {
    tx.execute(
        "INSERT INTO published_month (month, figures, split, published_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (month) DO UPDATE SET split = coalesce(published_month.split, excluded.split)",
        params![row.month, row.figures, row.split, row.at.0],
    )?;
    let stands = tx.query_row(
        "SELECT month, figures, split, published_at FROM published_month WHERE month = ?1",
        [&row.month],
        |row| {
            let at = Millis(row.get(3)?);
            Ok(PublishedRow { month: row.get(0)?, figures: row.get(1)?, split: row.get(2)?, at })
        },
    )?;
    Ok(stands)
}
