//! Kept figures in PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::id::{EntryId, Link, OfficerId, TeamId, UnitId};
use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;
use uuid::Uuid;

use super::Stored;
use crate::storage::StorageError;
use crate::storage::kept::{KeptFigure, Marked, StaleFigure, TeamFigure, Touched, shifts_of_tasking};
use crate::storage::rows::CustodyColumns;

/// Marks what rests on arriving revisions as stale. Called under the lock of the position counter, so that two processes
/// never wait for each other in a ring.
pub(super) async fn touch(tx: &Transaction<'_>, touched: &Touched) -> Stored<()> {
    if !touched.units.is_empty() {
        let units: Vec<Uuid> = touched.units.iter().map(|(unit, _)| *unit).collect();
        let shifts: Vec<Uuid> = touched.units.iter().map(|(_, shift)| shift.0).collect();
        tx.execute(
            "INSERT INTO unit_shift (unit_id, shift_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
             ON CONFLICT DO NOTHING",
            &[&units, &shifts],
        )
        .await?;
    }
    for (shift, officer, at) in &touched.opened {
        tx.execute(
            "INSERT INTO shift_figure (shift_id, officer_id, started_at, mark) VALUES ($1, $2, $3, 0)
             ON CONFLICT DO NOTHING",
            &[&shift.0, &officer.0, &at.0],
        )
        .await?;
    }
    for tasking in &touched.taskings {
        let select = "SELECT body FROM revision WHERE entry_id = $1 AND body IS NOT NULL";
        let rows = tx.query(select, &[&tasking.0]).await?;
        let bodies = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<&[u8]>, _>>()?;
        if let Some((from, until)) = shifts_of_tasking(bodies.into_iter()) {
            tx.execute(
                "UPDATE shift_figure SET mark = mark + 1 WHERE started_at >= $1 AND started_at < $2",
                &[&from.0, &until.0],
            )
            .await?;
        }
    }
    touch_sources(tx, touched.sources.iter().copied().collect()).await
}

/// Marks what rests on some shifts, officers or units as stale.
pub(super) async fn touch_sources(tx: &Transaction<'_>, sources: Vec<Uuid>) -> Stored<()> {
    if !sources.is_empty() {
        tx.execute(
            "UPDATE shift_figure SET mark = mark + 1
             WHERE shift_id IN (SELECT shift_id FROM figure_source WHERE source = ANY($1))",
            &[&sources],
        )
        .await?;
    }
    Ok(())
}

/// Marks what rests on stored revisions as stale.
pub(super) async fn touch_links(tx: &Transaction<'_>, links: &[Link]) -> Stored<()> {
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let rows = tx
        .query(
            "SELECT head, entry_id, kind, author, shift_id, written_at FROM revision WHERE link = ANY($1)",
            &[&links],
        )
        .await?;
    let mut touched = Touched::default();
    for row in &rows {
        let columns = CustodyColumns {
            entry: EntryId(row.try_get(1)?),
            kind: row.try_get(2)?,
            author: OfficerId(row.try_get(3)?),
            shift: row.try_get::<_, Option<Uuid>>(4)?.map(EntryId),
            written_at: Millis(row.try_get(5)?),
        };
        touched.add(&columns, row.try_get(0)?);
    }
    touch(tx, &touched).await
}

/// Drops what was worked out of revisions whose words are about to be erased; it is worked out anew without them.
pub(super) async fn forget(tx: &Transaction<'_>, links: &[Link]) -> Stored<()> {
    touch_links(tx, links).await?;
    tx.execute("UPDATE shift_figure SET figures = NULL WHERE done IS NULL OR done <> mark", &[]).await?;
    Ok(())
}

/// Waits until whoever takes revisions in has done so, and lets nobody before this transaction ends.
pub(super) async fn take_turn(tx: &Transaction<'_>) -> Stored<()> {
    tx.query_one("SELECT n FROM head WHERE name = 'ledger' FOR UPDATE", &[]).await?;
    Ok(())
}

pub(super) async fn shifts_of_units(tx: &Transaction<'_>, units: &[UnitId]) -> Stored<Vec<EntryId>> {
    let units: Vec<Uuid> = units.iter().map(|unit| unit.0).collect();
    let rows =
        tx.query("SELECT DISTINCT shift_id FROM unit_shift WHERE unit_id = ANY($1)", &[&units]).await?;
    rows.iter().map(|row| Ok(EntryId(row.try_get(0)?))).collect()
}

pub(super) async fn outdate(tx: &Transaction<'_>, rules: u32) -> Stored<()> {
    tx.execute(
        "UPDATE shift_figure SET done = NULL WHERE (rules < $1 OR rules > $1) AND done IS NOT NULL",
        &[&i64::from(rules)],
    )
    .await?;
    Ok(())
}

pub(super) async fn stale(
    tx: &Transaction<'_>,
    from: Millis,
    until: Millis,
    team: Option<TeamId>,
    limit: u32,
) -> Stored<Vec<StaleFigure>> {
    let rows = tx
        .query(
            "SELECT f.shift_id, f.officer_id, f.started_at, f.mark FROM shift_figure f
             WHERE (f.done IS NULL OR f.done <> f.mark) AND f.started_at >= $1 AND f.started_at < $2
               AND ($4::uuid IS NULL OR EXISTS (SELECT 1 FROM roster r
                    WHERE r.officer_id = f.officer_id AND r.team_id = $4 AND r.from_at <= f.started_at
                      AND (r.until_at IS NULL OR r.until_at > f.started_at)))
             ORDER BY f.started_at DESC LIMIT $3",
            &[&from.0, &until.0, &i64::from(limit), &team.map(|team| team.0)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(StaleFigure {
                shift: EntryId(row.try_get(0)?),
                officer: OfficerId(row.try_get(1)?),
                started_at: Millis(row.try_get(2)?),
                mark: row.try_get(3)?,
            })
        })
        .collect()
}

pub(super) async fn add_sources(tx: &Transaction<'_>, of: &[(EntryId, Vec<Uuid>)]) -> Stored<Vec<Marked>> {
    let pairs = of.iter().flat_map(|(shift, sources)| sources.iter().map(|source| (*source, shift.0)));
    let (sources, shifts): (Vec<Uuid>, Vec<Uuid>) = pairs.unzip();
    // In one order, so that of two who say it at once neither waits for the other.
    let new = tx
        .query(
            "INSERT INTO figure_source (source, shift_id)
             SELECT source, shift_id FROM unnest($1::uuid[], $2::uuid[]) AS s (source, shift_id) ORDER BY source, shift_id
             ON CONFLICT DO NOTHING RETURNING shift_id",
            &[&sources, &shifts],
        )
        .await?;
    if !new.is_empty() {
        // Whoever is taking revisions in cannot see these sources yet: their turn ends before the mark is read.
        take_turn(tx).await?;
    }
    let mut added: BTreeMap<Uuid, u64> = BTreeMap::new();
    for row in &new {
        *added.entry(row.try_get(0)?).or_default() += 1;
    }
    let all: Vec<Uuid> = of.iter().map(|(shift, _)| shift.0).collect();
    let rows = tx.query("SELECT shift_id, mark FROM shift_figure WHERE shift_id = ANY($1)", &[&all]).await?;
    let mut marks: BTreeMap<Uuid, i64> = BTreeMap::new();
    for row in &rows {
        marks.insert(row.try_get(0)?, row.try_get(1)?);
    }
    let stands = all.iter().map(|shift| {
        let mark = *marks.get(shift).ok_or(StorageError::Content("a shift whose figures are kept"))?;
        Ok(Marked { mark, added: added.get(shift).copied().unwrap_or(0) })
    });
    stands.collect()
}

pub(super) async fn put(tx: &Transaction<'_>, kept: &[KeptFigure]) -> Stored<Vec<bool>> {
    // Whoever takes revisions in marks several shifts in an order of their own: not while these are written.
    take_turn(tx).await?;
    let shifts: Vec<Uuid> = kept.iter().map(|one| one.shift.0).collect();
    let officers: Vec<Uuid> = kept.iter().map(|one| one.officer.0).collect();
    let began: Vec<i64> = kept.iter().map(|one| one.started_at.0).collect();
    let marks: Vec<i64> = kept.iter().map(|one| one.mark).collect();
    let rules: Vec<i64> = kept.iter().map(|one| i64::from(one.rules)).collect();
    let figures: Vec<Option<&str>> = kept.iter().map(|one| one.figures.as_deref()).collect();
    let rows = tx
        .query(
            "UPDATE shift_figure f
             SET officer_id = k.officer_id, started_at = k.started_at, done = k.mark, rules = k.rules, figures = k.figures
             FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
                  AS k (shift_id, officer_id, started_at, mark, rules, figures)
             WHERE f.shift_id = k.shift_id AND f.mark = k.mark RETURNING f.shift_id",
            &[&shifts, &officers, &began, &marks, &rules, &figures],
        )
        .await?;
    let done: BTreeSet<Uuid> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    Ok(shifts.iter().map(|shift| done.contains(shift)).collect())
}

pub(super) async fn of_period(
    tx: &Transaction<'_>,
    from: Millis,
    until: Millis,
    team: Option<TeamId>,
) -> Stored<Vec<TeamFigure>> {
    let rows = tx
        .query(
            "SELECT f.shift_id, f.figures, r.team_id, t.name FROM shift_figure f
             LEFT JOIN roster r ON r.officer_id = f.officer_id AND r.from_at <= f.started_at
                               AND (r.until_at IS NULL OR r.until_at > f.started_at)
             LEFT JOIN team t ON t.team_id = r.team_id
             WHERE f.started_at >= $1 AND f.started_at < $2 AND ($3::uuid IS NULL OR r.team_id = $3)
               AND f.figures IS NOT NULL",
            &[&from.0, &until.0, &team.map(|team| team.0)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let team = row.try_get::<_, Option<Uuid>>(2)?.map(TeamId);
            Ok(TeamFigure {
                shift: EntryId(row.try_get(0)?),
                figures: row.try_get(1)?,
                team: team.zip(row.try_get(3)?),
            })
        })
        .collect()
}

pub(super) async fn all(
    tx: &Transaction<'_>,
    after: Option<EntryId>,
    limit: u32,
) -> Stored<Vec<(EntryId, u32, Option<String>)>> {
    let rows = tx
        .query(
            "SELECT shift_id, rules, figures FROM shift_figure
             WHERE done = mark AND ($1::uuid IS NULL OR shift_id > $1) ORDER BY shift_id LIMIT $2",
            &[&after.map(|shift| shift.0), &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let rules = row.try_get::<_, Option<i64>>(1)?.unwrap_or(0);
            Ok((EntryId(row.try_get(0)?), u32::try_from(rules).unwrap_or(0), row.try_get(2)?))
        })
        .collect()
}
