//! Months as they were first published.

use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;

use super::Stored;
use crate::storage::given_out::PublishedRow;

/// The month as it stands from now on: as it was published first; a split where it had none. And whether that is new.
pub(super) async fn publish(tx: &Transaction<'_>, row: &PublishedRow) -> Stored<(PublishedRow, bool)> {
    let before =
        tx.query_opt("SELECT split FROM published_month WHERE month = $1 FOR UPDATE", &[&row.month]).await?;
    let before: Option<Option<String>> = before.map(|row| row.try_get(0)).transpose()?;
    tx.execute(
        "INSERT INTO published_month (month, figures, split, published_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (month) DO UPDATE SET split = coalesce(published_month.split, excluded.split)",
        &[&row.month, &row.figures, &row.split, &row.at.0],
    )
    .await?;
    let stands = tx
        .query_one(
            "SELECT month, figures, split, published_at FROM published_month WHERE month = $1",
            &[&row.month],
        )
        .await?;
    let at = Millis(stands.try_get(3)?);
    let stands = PublishedRow {
        month: stands.try_get(0)?,
        figures: stands.try_get(1)?,
        split: stands.try_get(2)?,
        at,
    };
    let is_new = before.is_none_or(|split| split != stands.split);
    Ok((stands, is_new))
}
