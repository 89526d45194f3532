//! Teams, officers, dated roster rows and grants.

use beatbook_domain::id::{Code, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Grant, OfficerRow, ReferenceItem, TeamRow};
use rusqlite::{Row, Transaction, params};

use super::{Blob, Stored, id, json, maybe_id, reference};
use crate::storage::rows::{ReferenceRow, RosterRow};

pub(super) fn put_team(tx: &Transaction<'_>, team: &TeamRow) -> Stored<()> {
    tx.execute(
        "INSERT INTO team (team_id, name) VALUES (?1, ?2) ON CONFLICT (team_id) DO UPDATE SET name = excluded.name",
        params![Blob(team.team), team.name],
    )?;
    let item = json(&ReferenceItem::Team(team.clone()), "team")?;
    reference::put(tx, &ReferenceRow { key: format!("team:{}", team.team), item })
}

pub(super) fn teams(tx: &Transaction<'_>) -> Stored<Vec<TeamRow>> {
    let mut statement = tx.prepare_cached("SELECT team_id, name FROM team ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok(TeamRow { team: id(row, 0)?, name: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put_officer(tx: &Transaction<'_>, officer: &OfficerRow, at: Millis) -> Stored<()> {
    tx.execute(
        "INSERT INTO officer (officer_id, collar) VALUES (?1, ?2)
         ON CONFLICT (officer_id) DO UPDATE SET collar = excluded.collar",
        params![Blob(officer.officer), officer.collar],
    )?;
    let in_force = rows(tx, officer.officer)?.into_iter().find(|row| row.covers(at));
    if in_force.as_ref().is_none_or(|row| (&row.role, row.team) != (&officer.role, officer.team)) {
        tx.execute(
            "UPDATE roster SET until_at = ?2 WHERE officer_id = ?1 AND until_at IS NULL",
            params![Blob(officer.officer), at.0],
        )?;
        tx.execute(
            "INSERT INTO roster (officer_id, from_at, until_at, role, team_id) VALUES (?1, ?2, NULL, ?3, ?4)
             ON CONFLICT (officer_id, from_at) DO UPDATE
             SET role = excluded.role, team_id = excluded.team_id, until_at = NULL",
            params![Blob(officer.officer), at.0, officer.role.as_str(), officer.team.map(Blob)],
        )?;
        // What was asked of a team is asked of whoever is in it.
        super::kept::touch_sources(tx, std::iter::once(&officer.officer.0))?;
    }
    let item = json(&ReferenceItem::Officer(officer.clone()), "officer")?;
    reference::put(tx, &ReferenceRow { key: format!("officer:{}", officer.officer), item })
}

fn officer(row: &Row<'_>) -> rusqlite::Result<OfficerRow> {
    Ok(OfficerRow {
        officer: id(row, 0)?,
        collar: row.get(1)?,
        role: Code::new(row.get::<_, String>(2)?),
        team: maybe_id(row, 3)?,
    })
}

const OFFICERS: &str = "SELECT o.officer_id, o.collar, r.role, r.team_id FROM officer o
     JOIN roster r ON r.officer_id = o.officer_id AND r.from_at <= ?1 AND (r.until_at IS NULL OR r.until_at > ?1)";

pub(super) fn officers(tx: &Transaction<'_>, at: Millis) -> Stored<Vec<OfficerRow>> {
    let mut statement = tx.prepare_cached(&format!("{OFFICERS} ORDER BY o.collar"))?;
    let rows = statement.query_map([at.0], officer)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn officer_at(tx: &Transaction<'_>, of: OfficerId, at: Millis) -> Stored<Option<OfficerRow>> {
    let mut statement = tx.prepare_cached(&format!("{OFFICERS} WHERE o.officer_id = ?2"))?;
    let mut rows = statement.query_map(params![at.0, Blob(of)], officer)?;
    Ok(rows.next().transpose()?)
}

pub(super) fn rows(tx: &Transaction<'_>, officer: OfficerId) -> Stored<Vec<RosterRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT from_at, until_at, role, team_id FROM roster WHERE officer_id = ?1 ORDER BY from_at",
    )?;
    let rows = statement.query_map([Blob(officer)], |row| {
        Ok(RosterRow {
            from: Millis(row.get(0)?),
            until: row.get::<_, Option<i64>>(1)?.map(Millis),
            role: Code::new(row.get::<_, String>(2)?),
            team: maybe_id(row, 3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put_grant(tx: &Transaction<'_>, grant: &Grant) -> Stored<()> {
    tx.execute(
        "INSERT INTO access_grant (officer_id, capability, team_id, from_at, until_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            Blob(grant.officer),
            grant.capability.as_str(),
            grant.team.map(Blob),
            grant.from.0,
            grant.until.map(|until| until.0)
        ],
    )?;
    Ok(())
}

pub(super) fn grants(tx: &Transaction<'_>, officer: OfficerId) -> Stored<Vec<Grant>> {
    let mut statement = tx.prepare_cached(
        "SELECT capability, team_id, from_at, until_at FROM access_grant WHERE officer_id = ?1 ORDER BY from_at",
    )?;
    let rows = statement.query_map([Blob(officer)], |row| {
        Ok(Grant {
            officer,
            capability: Code::new(row.get::<_, String>(0)?),
            team: maybe_id(row, 1)?,
            from: Millis(row.get(2)?),
            until: row.get::<_, Option<i64>>(3)?.map(Millis),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
