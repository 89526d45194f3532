//! Kept figures in SQLite.

use beatbook_domain::id::{EntryId, Link, TeamId, UnitId};
use beatbook_domain::time::Millis;
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::{Blob, Stored, id, maybe_id};
use crate::storage::kept::{KeptFigure, Marked, StaleFigure, TeamFigure, Touched, shifts_of_tasking};
use crate::storage::rows::CustodyColumns;

/// Marks what rests on arriving revisions as stale.
pub(super) fn touch(tx: &Transaction<'_>, touched: &Touched) -> Stored<()> {
    for (unit, shift) in &touched.units {
        tx.prepare_cached(
            "INSERT INTO unit_shift (unit_id, shift_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![unit.as_bytes().as_slice(), Blob(*shift)])?;
    }
    for (shift, officer, at) in &touched.opened {
        tx.prepare_cached(
            "INSERT INTO shift_figure (shift_id, officer_id, started_at, mark) VALUES (?1, ?2, ?3, 0)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![Blob(*shift), Blob(*officer), at.0])?;
    }
    for tasking in &touched.taskings {
        let mut bodies =
            tx.prepare_cached("SELECT body FROM revision WHERE entry_id = ?1 AND body IS NOT NULL")?;
        let bodies = bodies.query_map([Blob(*tasking)], |row| row.get::<_, Vec<u8>>(0))?;
        let bodies = bodies.collect::<Result<Vec<_>, _>>()?;
        if let Some((from, until)) = shifts_of_tasking(bodies.iter().map(Vec::as_slice)) {
            tx.prepare_cached(
                "UPDATE shift_figure SET mark = mark + 1 WHERE started_at >= ?1 AND started_at < ?2",
            )?
            .execute([from.0, until.0])?;
        }
    }
    touch_sources(tx, touched.sources.iter())
}

/// Marks what rests on some shifts, officers or units as stale.
pub(super) fn touch_sources<'a>(tx: &Transaction<'_>, sources: impl Iterator<Item = &'a Uuid>) -> Stored<()> {
    for source in sources {
        tx.prepare_cached(
            "UPDATE shift_figure SET mark = mark + 1
             WHERE shift_id IN (SELECT shift_id FROM figure_source WHERE source = ?1)",
        )?
        .execute([source.as_bytes().as_slice()])?;
    }
    Ok(())
}

/// Marks what rests on stored revisions as stale.
pub(super) fn touch_links(tx: &Transaction<'_>, links: &[Link]) -> Stored<()> {
    let mut statement = tx.prepare_cached(
        "SELECT head, entry_id, kind, author, shift_id, written_at FROM revision WHERE link = ?1",
    )?;
    let mut touched = Touched::default();
    for link in links {
        let row = statement
            .query_row([Blob(*link)], |row| {
                let columns = CustodyColumns {
                    entry: id(row, 1)?,
                    kind: row.get(2)?,
                    author: id(row, 3)?,
                    shift: maybe_id(row, 4)?,
                    written_at: Millis(row.get(5)?),
                };
                Ok((columns, row.get::<_, Vec<u8>>(0)?))
            })
            .optional()?;
        if let Some((columns, head)) = row {
            touched.add(&columns, &head);
        }
    }
    touch(tx, &touched)
}

/// Drops what was worked out of revisions whose words are about to be erased; it is worked out anew without them.
pub(super) fn forget(tx: &Transaction<'_>, links: &[Link]) -> Stored<()> {
    touch_links(tx, links)?;
    tx.execute("UPDATE shift_figure SET figures = NULL WHERE done IS NULL OR done <> mark", [])?;
    Ok(())
}

pub(super) fn shifts_of_units(tx: &Transaction<'_>, units: &[UnitId]) -> Stored<Vec<EntryId>> {
    let mut statement = tx.prepare_cached("SELECT shift_id FROM unit_shift WHERE unit_id = ?1")?;
    let mut shifts = Vec::new();
    for unit in units {
        let found = statement.query_map([unit.0.as_bytes().as_slice()], |row| id(row, 0))?;
        shifts.extend(found.collect::<Result<Vec<EntryId>, _>>()?);
    }
    Ok(shifts)
}

pub(super) fn outdate(tx: &Transaction<'_>, rules: u32) -> Stored<()> {
    tx.execute(
        "UPDATE shift_figure SET done = NULL WHERE (rules < ?1 OR rules > ?1) AND done IS NOT NULL",
        [rules],
    )?;
    Ok(())
}

pub(super) fn stale(
    tx: &Transaction<'_>,
    from: Millis,
    until: Millis,
    team: Option<TeamId>,
    limit: u32,
) -> Stored<Vec<StaleFigure>> {
    let mut statement = tx.prepare_cached(
        "SELECT f.shift_id, f.officer_id, f.started_at, f.mark FROM shift_figure f
         WHERE (f.done IS NULL OR f.done <> f.mark) AND f.started_at >= ?1 AND f.started_at < ?2
           AND (?4 IS NULL OR EXISTS (SELECT 1 FROM roster r WHERE r.officer_id = f.officer_id AND r.team_id = ?4
                                      AND r.from_at <= f.started_at
                                      AND (r.until_at IS NULL OR r.until_at > f.started_at)))
         ORDER BY f.started_at DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![from.0, until.0, limit, team.map(Blob)], |row| {
        Ok(StaleFigure {
            shift: id(row, 0)?,
            officer: id(row, 1)?,
            started_at: Millis(row.get(2)?),
            mark: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn add_sources(tx: &Transaction<'_>, shift: EntryId, sources: &[Uuid]) -> Stored<Marked> {
    let mut added = 0;
    for source in sources {
        added += tx
            .prepare_cached(
                "INSERT INTO figure_source (source, shift_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![source.as_bytes().as_slice(), Blob(shift)])? as u64;
    }
    let mark = tx
        .prepare_cached("SELECT mark FROM shift_figure WHERE shift_id = ?1")?
        .query_row([Blob(shift)], |row| row.get(0))?;
    Ok(Marked { mark, added })
}

pub(super) fn put(tx: &Transaction<'_>, kept: &KeptFigure) -> Stored<bool> {
    let changed = tx
        .prepare_cached(
            "UPDATE shift_figure SET officer_id = ?2, started_at = ?3, done = ?4, rules = ?5, figures = ?6
             WHERE shift_id = ?1 AND mark = ?4",
        )?
        .execute(params![
            Blob(kept.shift),
            Blob(kept.officer),
            kept.started_at.0,
            kept.mark,
            kept.rules,
            kept.figures
        ])?;
    Ok(changed == 1)
}

pub(super) fn of_period(
    tx: &Transaction<'_>,
    from: Millis,
    until: Millis,
    team: Option<TeamId>,
) -> Stored<Vec<TeamFigure>> {
    let mut statement = tx.prepare_cached(
        "SELECT f.shift_id, f.figures, r.team_id, t.name FROM shift_figure f
         LEFT JOIN roster r ON r.officer_id = f.officer_id AND r.from_at <= f.started_at
                           AND (r.until_at IS NULL OR r.until_at > f.started_at)
         LEFT JOIN team t ON t.team_id = r.team_id
         WHERE f.started_at >= ?1 AND f.started_at < ?2 AND (?3 IS NULL OR r.team_id = ?3)
           AND f.figures IS NOT NULL",
    )?;
    let rows = statement.query_map(params![from.0, until.0, team.map(Blob)], |row| {
        let team: Option<TeamId> = maybe_id(row, 2)?;
        let name: Option<String> = row.get(3)?;
        Ok(TeamFigure { shift: id(row, 0)?, figures: row.get(1)?, team: team.zip(name) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn all(
    tx: &Transaction<'_>,
    after: Option<EntryId>,
    limit: u32,
) -> Stored<Vec<(EntryId, u32, Option<String>)>> {
    let mut statement = tx.prepare_cached(
        "SELECT shift_id, rules, figures FROM shift_figure
         WHERE done = mark AND (?1 IS NULL OR shift_id > ?1) ORDER BY shift_id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![after.map(Blob), limit], |row| {
        Ok((id::<EntryId>(row, 0)?, row.get::<_, Option<u32>>(1)?.unwrap_or(0), row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
