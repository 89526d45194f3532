//! Months as they were first published.

use beatbook_domain::time::Millis;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::Stored;
use crate::storage::given_out::PublishedRow;

/// The month as it stands from now on: as it was published first; a split where it had none. And whether that is new.
pub(super) fn publish(tx: &Transaction<'_>, row: &PublishedRow) -> Stored<(PublishedRow, bool)> {
    let before = tx
        .query_row("SELECT split FROM published_month WHERE month = ?1", [&row.month], |row| {
            row.get::<_, Option<String>>(0)
        })
        .optional()?;
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
    let is_new = before.is_none_or(|split| split != stands.split);
    Ok((stands, is_new))
}
