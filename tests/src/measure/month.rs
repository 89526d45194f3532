//! The figures of a team's month beside those of the month before, at a central that holds much: from the kept summaries,
//! and beside them the bare SQL that counts the same from the sealed bytes.

use std::path::Path;
use std::time::{Duration, Instant};

use beatbook_central::period;
use beatbook_central::storage::Storage;
use beatbook_domain::id::TeamId;
use beatbook_domain::period::{Asked, GroupBy, before, month_of};
use beatbook_domain::time::{Millis, day_begins, local};
use tokio_postgres::Client;

use crate::station::now;
use crate::{Outcome, print, print_times, quantile};

/// What a team's month may take, milliseconds.
const BUDGET_MS: f64 = 200.0;

/// How often the bare SQL is asked: it takes seconds at a million.
const BARE_TRIES: usize = 20;

/// A connection of its own to the database, with nothing of Beatbook's in between.
pub enum Bare {
    /// A file of SQLite.
    Sqlite(rusqlite::Connection),
    /// PostgreSQL.
    Postgres(Client),
}

impl Bare {
    /// Over a file of SQLite.
    pub fn file(path: &Path) -> Outcome<Self> {
        Ok(Self::Sqlite(rusqlite::Connection::open(path)?))
    }

    /// Engagements and people of the shifts a team began in a stretch of time, from the sealed bytes.
    async fn count(&self, from: Millis, until: Millis, team: TeamId) -> Outcome<(i64, i64)> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(
                    "SELECT count(*), coalesce(sum(json_extract(CAST(body AS TEXT), '$.people')), 0) FROM revision
                     WHERE kind = 'engagement' AND shift_id IN (
                         SELECT entry_id FROM revision
                         WHERE kind = 'shift_opened' AND written_at >= ?1 AND written_at < ?2
                           AND author IN (SELECT officer_id FROM roster WHERE team_id = ?3))",
                )?;
                let team = team.0.as_bytes().as_slice();
                Ok(statement.query_row((from.0, until.0, team), |row| Ok((row.get(0)?, row.get(1)?)))?)
            }
            Self::Postgres(client) => {
                let row = client
                    .query_one(
                        "SELECT count(*), coalesce(sum((convert_from(body, 'UTF8')::json ->> 'people')::bigint), 0)::bigint
                         FROM revision WHERE kind = 'engagement' AND shift_id IN (
                             SELECT entry_id FROM revision
                             WHERE kind = 'shift_opened' AND written_at >= $1 AND written_at < $2
                               AND author IN (SELECT officer_id FROM roster WHERE team_id = $3))",
                        &[&from.0, &until.0, &team.0],
                    )
                    .await?;
                Ok((row.try_get(0)?, row.try_get(1)?))
            }
        }
    }
}

/// Waits until the server has worked out and kept the figures of what was filled in, so that what comes next is measured
/// alone; how fast it did.
pub async fn worked_out(storage: &dyn Storage, (name, size): (&str, usize)) -> Outcome {
    let stale = || storage.stale_figures(Millis(i64::MIN), Millis(i64::MAX), None, u32::MAX);
    let first = stale().await?.len();
    let (mut began, mut left) = (Instant::now(), first);
    while left > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        left = stale().await?.len();
        // It looks every few seconds; until then it has not begun.
        if left == first {
            began = Instant::now();
        }
    }
    if first > 0 {
        #[allow(clippy::cast_precision_loss, reason = "shifts are few")]
        let rate = first as f64 / began.elapsed().as_secs_f64();
        let what = format!("{name}, {size} stored: summaries of shifts worked out and kept");
        print(&what, rate, "shifts/s", None);
    }
    Ok(())
}

/// Measures the last whole month before `until`.
pub async fn measure(
    storage: &dyn Storage,
    bare: &Bare,
    until: Millis,
    (name, size): (&str, usize),
    tries: usize,
) -> Outcome {
    let team = storage.teams().await?.first().ok_or("the demonstration has no team")?.team;
    let this_month = month_of(local(until).date_naive()).0;
    let (from, until) = month_of(this_month.pred_opt().unwrap_or(this_month));
    let asked = Asked { from, until, by: GroupBy::Day };
    let what = |what: &str| format!("{name}, {size} stored: {what}");

    period::refresh(storage, Millis(i64::MIN), Millis(i64::MAX), None).await?;
    let (mut kept, mut counted) = (Vec::new(), Vec::new());
    for n in 0..tries {
        let began = Instant::now();
        let told = period::of(storage, asked, Some(team), now()).await?;
        kept.push(began.elapsed().as_secs_f64() * 1e3);
        if n >= BARE_TRIES {
            continue;
        }

        let began = Instant::now();
        let earlier = before(from, until);
        let (engagements, people) = bare.count(day_begins(from), day_begins(until), team).await?;
        let was = bare.count(day_begins(earlier.0), day_begins(earlier.1), team).await?;
        counted.push(began.elapsed().as_secs_f64() * 1e3);

        let (total, total_before) = (&told.total, &told.total_before);
        let said = [total.engagements, total.people, total_before.engagements, total_before.people];
        if said.map(i64::from) != [engagements, people, was.0, was.1] {
            return Err(
                format!("figures {said:?} are not those of SQL: {engagements}, {people}, {was:?}").into()
            );
        }
    }
    kept.sort_by(f64::total_cmp);
    counted.sort_by(f64::total_cmp);
    let ratio = quantile(&kept, 0.5) / quantile(&counted, 0.5);
    print_times(&what("a team's month beside the month before"), kept, Some(BUDGET_MS));
    print_times(&what("the same engagements and people by bare SQL"), counted, None);
    print(&what("a team's month, to bare SQL, p50"), ratio, "times", None);
    Ok(())
}
