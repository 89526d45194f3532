//! Teams, officers, dated roster rows and grants.

use beatbook_domain::id::{Code, OfficerId, TeamId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Grant, OfficerRow, ReferenceItem, TeamRow};
use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Stored, json, reference};
use crate::storage::rows::{ReferenceRow, RosterRow};

pub(super) async fn put_team(tx: &Transaction<'_>, team: &TeamRow) -> Stored<()> {
    tx.execute(
        "INSERT INTO team (team_id, name) VALUES ($1, $2) ON CONFLICT (team_id) DO UPDATE SET name = excluded.name",
        &[&team.team.0, &team.name],
    )
    .await?;
    let item = json(&ReferenceItem::Team(team.clone()), "team")?;
    reference::put(tx, &ReferenceRow { key: format!("team:{}", team.team), item }).await
}

pub(super) async fn teams(tx: &Transaction<'_>) -> Stored<Vec<TeamRow>> {
    let rows = tx.query("SELECT team_id, name FROM team ORDER BY name", &[]).await?;
    rows.iter().map(|row| Ok(TeamRow { team: TeamId(row.try_get(0)?), name: row.try_get(1)? })).collect()
}

pub(super) async fn put_officer(tx: &Transaction<'_>, officer: &OfficerRow, at: Millis) -> Stored<()> {
    tx.execute(
        "INSERT INTO officer (officer_id, collar) VALUES ($1, $2)
         ON CONFLICT (officer_id) DO UPDATE SET collar = excluded.collar",
        &[&officer.officer.0, &officer.collar],
    )
    .await?;
    let in_force = rows(tx, officer.officer).await?.into_iter().find(|row| row.covers(at));
    if in_force.as_ref().is_none_or(|row| (&row.role, row.team) != (&officer.role, officer.team)) {
        tx.execute(
            "UPDATE roster SET until_at = $2 WHERE officer_id = $1 AND until_at IS NULL",
            &[&officer.officer.0, &at.0],
        )
        .await?;
        tx.execute(
            "INSERT INTO roster (officer_id, from_at, until_at, role, team_id) VALUES ($1, $2, NULL, $3, $4)
             ON CONFLICT (officer_id, from_at) DO UPDATE
             SET role = excluded.role, team_id = excluded.team_id, until_at = NULL",
            &[&officer.officer.0, &at.0, &officer.role.as_str(), &officer.team.map(|team| team.0)],
        )
        .await?;
        // What was asked of a team is asked of whoever is in it.
        super::kept::take_turn(tx).await?;
        super::kept::touch_sources(tx, vec![officer.officer.0]).await?;
    }
    let item = json(&ReferenceItem::Officer(officer.clone()), "officer")?;
    reference::put(tx, &ReferenceRow { key: format!("officer:{}", officer.officer), item }).await
}

fn officer(row: &Row) -> Stored<OfficerRow> {
    Ok(OfficerRow {
        officer: OfficerId(row.try_get(0)?),
        collar: row.try_get(1)?,
        role: Code::new(row.try_get::<_, String>(2)?),
        team: row.try_get::<_, Option<Uuid>>(3)?.map(TeamId),
    })
}

const OFFICERS: &str = "SELECT o.officer_id, o.collar, r.role, r.team_id FROM officer o
     JOIN roster r ON r.officer_id = o.officer_id AND r.from_at <= $1 AND (r.until_at IS NULL OR r.until_at > $1)";

pub(super) async fn officers(tx: &Transaction<'_>, at: Millis) -> Stored<Vec<OfficerRow>> {
    // By bytes, as SQLite orders them, whatever the locale of the database.
    let rows = tx.query(&format!("{OFFICERS} ORDER BY o.collar COLLATE \"C\""), &[&at.0]).await?;
    rows.iter().map(officer).collect()
}

pub(super) async fn officer_at(
    tx: &Transaction<'_>,
    of: OfficerId,
    at: Millis,
) -> Stored<Option<OfficerRow>> {
    let row = tx.query_opt(&format!("{OFFICERS} WHERE o.officer_id = $2"), &[&at.0, &of.0]).await?;
    row.as_ref().map(officer).transpose()
}

pub(super) async fn rows(tx: &Transaction<'_>, officer: OfficerId) -> Stored<Vec<RosterRow>> {
    let rows = tx
        .query(
            "SELECT from_at, until_at, role, team_id FROM roster WHERE officer_id = $1 ORDER BY from_at",
            &[&officer.0],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RosterRow {
                from: Millis(row.try_get(0)?),
                until: row.try_get::<_, Option<i64>>(1)?.map(Millis),
                role: Code::new(row.try_get::<_, String>(2)?),
                team: row.try_get::<_, Option<Uuid>>(3)?.map(TeamId),
            })
        })
        .collect()
}

pub(super) async fn put_grant(tx: &Transaction<'_>, grant: &Grant) -> Stored<()> {
    tx.execute(
        "INSERT INTO access_grant (officer_id, capability, team_id, from_at, until_at) VALUES ($1, $2, $3, $4, $5)",
        &[
            &grant.officer.0,
            &grant.capability.as_str(),
            &grant.team.map(|team| team.0),
            &grant.from.0,
            &grant.until.map(|until| until.0),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn grants(tx: &Transaction<'_>, officer: OfficerId) -> Stored<Vec<Grant>> {
    let rows = tx
        .query(
            "SELECT capability, team_id, from_at, until_at FROM access_grant WHERE officer_id = $1 ORDER BY from_at",
            &[&officer.0],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Grant {
                officer,
                capability: Code::new(row.try_get::<_, String>(0)?),
                team: row.try_get::<_, Option<Uuid>>(1)?.map(TeamId),
                from: Millis(row.try_get(2)?),
                until: row.try_get::<_, Option<i64>>(3)?.map(Millis),
            })
        })
        .collect()
}
