//! Devices in and out of service, and what is withheld until somebody decides.

use std::collections::BTreeMap;

use beatbook_domain::id::{DeviceId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ReceiptProblem, Scope};
use rusqlite::{Transaction, params};

use super::{Blob, Stored, enrol, id, int, json, maybe_id, number, parse, records};
use crate::ingest::problems::AFTER_REVOCATION;
use crate::storage::plan::Fresh;
use crate::storage::rows::{
    Claim, Decision, DeviceListing, Replacement, ReplacementRow, Revocation, WithheldRow, WrittenRow,
};

pub(super) fn all(tx: &Transaction<'_>) -> Stored<Vec<DeviceListing>> {
    let mut statement = tx.prepare_cached(
        "SELECT d.device_id, d.enrolled_at, d.revoked_at,
                (SELECT count(*) FROM withheld w WHERE w.device_id = d.device_id AND w.accepted IS NULL)
         FROM device d ORDER BY d.enrolled_at DESC, d.device_id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(DeviceListing {
            device: id(row, 0)?,
            enrolled_at: Millis(row.get(1)?),
            revoked_at: row.get::<_, Option<i64>>(2)?.map(Millis),
            officers: Vec::new(),
            contacts: Vec::new(),
            undecided: number(row, 3)?,
        })
    })?;
    let mut devices: Vec<DeviceListing> = rows.collect::<Result<_, _>>()?;
    // Central's own chain stands on a device too: itself.
    if let Some(own) = records::own_chain(tx)? {
        devices.retain(|one| one.device != own.device());
    }
    let places: BTreeMap<DeviceId, usize> =
        devices.iter().enumerate().map(|(place, one)| (one.device, place)).collect();
    let mut statement = tx.prepare_cached("SELECT DISTINCT device_id, officer_id FROM chain")?;
    let rows = statement.query_map([], |row| Ok((id(row, 0)?, id(row, 1)?)))?;
    for row in rows {
        let (device, officer) = row?;
        if let Some(one) = places.get(&device).and_then(|place| devices.get_mut(*place)) {
            one.officers.push(officer);
        }
    }
    let mut statement = tx.prepare_cached(
        "SELECT device_id, officer_id, last_heard, heartbeat FROM contact ORDER BY last_heard DESC",
    )?;
    let rows = statement
        .query_map([], |row| Ok((id(row, 0)?, id(row, 1)?, Millis(row.get(2)?), row.get::<_, String>(3)?)))?;
    for row in rows {
        let (device, officer, at, heartbeat) = row?;
        if let Some(one) = places.get(&device).and_then(|place| devices.get_mut(*place)) {
            one.contacts.push((officer, at, parse(&heartbeat, "heartbeat")?));
        }
    }
    Ok(devices)
}

pub(super) fn written_on(tx: &Transaction<'_>, device: DeviceId) -> Stored<Vec<WrittenRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT c.officer_id, r.kind, count(*), max(r.written_at), max(l.received_at)
         FROM chain c JOIN ledger l ON l.chain_id = c.chain_id JOIN revision r ON r.link = l.link
         WHERE c.device_id = ?1 AND c.role = 'record' GROUP BY c.officer_id, r.kind ORDER BY c.officer_id, r.kind",
    )?;
    let rows = statement.query_map([Blob(device)], |row| {
        Ok(WrittenRow {
            officer: id(row, 0)?,
            kind: row.get(1)?,
            count: number(row, 2)?,
            last_written: Millis(row.get(3)?),
            last_received: Millis(row.get(4)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn revoke(tx: &Transaction<'_>, asked: &Revocation) -> Stored<bool> {
    let changed = tx.execute(
        "UPDATE device SET revoked_at = ?2 WHERE device_id = ?1 AND revoked_at IS NULL",
        params![Blob(asked.device), asked.at.0],
    )?;
    if changed == 1 {
        tx.execute(
            "INSERT INTO revocation (device_id, revoked_at, revoked_by, why) VALUES (?1, ?2, ?3, ?4)",
            params![Blob(asked.device), asked.at.0, asked.by, asked.why],
        )?;
    }
    Ok(changed == 1)
}

pub(super) fn replace(tx: &Transaction<'_>, replacement: &Replacement) -> Stored<bool> {
    let Replacement { code, lost, log } = replacement;
    let is_new = tx.execute(
        "INSERT INTO replacement (code_hash, issued_at, issued_by, device_id, officer_id, lost_device, why, request)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        params![
            Blob(log.hash),
            log.at.0,
            Blob(log.by),
            Blob(log.device),
            Blob(log.officer),
            log.lost.map(Blob),
            log.why,
            Blob(log.request)
        ],
    )? == 1;
    if is_new {
        enrol::put_code(tx, code)?;
        if let Some(lost) = lost {
            // One that is out of service already stays so.
            revoke(tx, lost)?;
        }
    }
    Ok(is_new)
}

pub(super) fn replacements(
    tx: &Transaction<'_>,
    by: Option<OfficerId>,
    since: Millis,
    limit: u32,
) -> Stored<Vec<ReplacementRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT code_hash, issued_at, issued_by, device_id, officer_id, lost_device, why, request FROM replacement
         WHERE (?1 IS NULL OR issued_by = ?1) AND issued_at >= ?2 ORDER BY issued_at DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![by.map(Blob), since.0, limit], |row| {
        Ok(ReplacementRow {
            hash: id(row, 0)?,
            at: Millis(row.get(1)?),
            by: id(row, 2)?,
            device: id(row, 3)?,
            officer: id(row, 4)?,
            lost: maybe_id(row, 5)?,
            why: row.get(6)?,
            request: id(row, 7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn reinstate(tx: &Transaction<'_>, device: DeviceId, at: Millis, by: &str) -> Stored<bool> {
    let changed = tx.execute(
        "UPDATE revocation SET reinstated_at = ?2, reinstated_by = ?3
         WHERE device_id = ?1 AND reinstated_at IS NULL",
        params![Blob(device), at.0, by],
    )?;
    tx.execute("UPDATE device SET revoked_at = NULL WHERE device_id = ?1", [Blob(device)])?;
    Ok(changed > 0)
}

/// Notes where a revision would have been fed, and what was decided about it before it came (again).
pub(super) fn withhold(tx: &Transaction<'_>, fresh: &Fresh<'_>, decided: Option<&Decision>) -> Stored<()> {
    tx.prepare_cached(
        "INSERT INTO withheld (link, device_id, scopes, claim, accepted, decided_at, decided_by, why)
         SELECT ?1, device_id, ?3, ?4, ?5, ?6, ?7, ?8 FROM chain WHERE chain_id = ?2",
    )?
    .execute(params![
        Blob(fresh.custody.link),
        Blob(fresh.custody.chain),
        json(&fresh.scopes().collect::<Vec<_>>(), "scopes")?,
        json(&fresh.claim(), "claim")?,
        decided.map(|one| one.accepted),
        decided.map(|one| one.at.0),
        decided.map(|one| &one.by),
        decided.map(|one| &one.why)
    ])?;
    Ok(())
}

pub(super) fn withheld(
    tx: &Transaction<'_>,
    device: DeviceId,
    after: Option<Link>,
    limit: u32,
) -> Stored<Vec<WithheldRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT w.link, r.kind, r.author, r.written_at, l.received_at
         FROM withheld w JOIN revision r ON r.link = w.link JOIN ledger l ON l.link = w.link
         WHERE w.device_id = ?1 AND w.accepted IS NULL AND (?2 IS NULL OR w.link > ?2) ORDER BY w.link LIMIT ?3",
    )?;
    let rows = statement.query_map(params![Blob(device), after.map(Blob), limit], |row| {
        Ok(WithheldRow {
            link: id(row, 0)?,
            kind: row.get(1)?,
            author: id(row, 2)?,
            written_at: Millis(row.get(3)?),
            received_at: Millis(row.get(4)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Decides on everything withheld of a device; which revisions those are.
pub(super) fn decide(tx: &Transaction<'_>, device: DeviceId, decision: &Decision) -> Stored<Vec<Link>> {
    decide_on(tx, device, None, decision)
}

/// Decides on one of them; false where it has not arrived.
pub(super) fn decide_one(
    tx: &Transaction<'_>,
    device: DeviceId,
    link: Link,
    decision: &Decision,
) -> Stored<bool> {
    let here = tx.prepare_cached("SELECT 1 FROM ledger WHERE link = ?1")?.exists([Blob(link)])?;
    decide_on(tx, device, Some(link), decision)?;
    Ok(here)
}

fn decide_on(
    tx: &Transaction<'_>,
    device: DeviceId,
    only: Option<Link>,
    decision: &Decision,
) -> Stored<Vec<Link>> {
    let mut statement = tx.prepare_cached(
        "SELECT w.link, w.scopes, w.claim, r.problems, l.received_at
         FROM withheld w JOIN revision r ON r.link = w.link JOIN ledger l ON l.link = w.link
         WHERE w.device_id = ?1 AND w.accepted IS NULL AND (?2 IS NULL OR w.link = ?2) ORDER BY l.central_pos",
    )?;
    let waiting = statement
        .query_map(params![Blob(device), only.map(Blob)], |row| {
            Ok((
                id::<Link>(row, 0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, i64>(4)?,
            ))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let count = waiting.len() as u64;
    let end: i64 =
        tx.query_row("UPDATE head SET n = n + ?1 WHERE name = 'ledger' RETURNING n", [int(count)], |row| {
            row.get(0)
        })?;
    let first = u64::try_from(end).unwrap_or_default() + 1 - count;
    let mut decided = Vec::with_capacity(waiting.len());
    for (pos, (link, scopes, claim, problems, received_at)) in (first..).zip(waiting) {
        decided.push(link);
        tx.prepare_cached(
            "UPDATE withheld SET accepted = ?2, decided_at = ?3, decided_by = ?4, why = ?5, central_pos = ?6
             WHERE link = ?1",
        )?
        .execute(params![
            Blob(link),
            decision.accepted,
            decision.at.0,
            decision.by,
            decision.why,
            int(pos)
        ])?;
        if !decision.accepted {
            continue;
        }
        let mut problems: Vec<ReceiptProblem> = parse(&problems, "problems")?;
        problems.retain(|problem| problem.code != AFTER_REVOCATION);
        tx.prepare_cached("UPDATE revision SET problems = ?2 WHERE link = ?1")?
            .execute(params![Blob(link), json(&problems, "problems")?])?;
        for scope in parse::<Vec<Scope>>(&scopes, "scopes")? {
            tx.prepare_cached("INSERT INTO feed (scope, pos, link) VALUES (?1, ?2, ?3)")?
                .execute(params![scope.to_string(), int(pos), Blob(link)])?;
        }
        if let Some((shift, by, member, opens)) = parse::<Option<Claim>>(&claim, "claim")? {
            tx.prepare_cached(
                "INSERT INTO crew_claim (shift_id, claimed_by, member, opens, pos, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                Blob(shift),
                Blob(by),
                Blob(member),
                opens,
                int(pos),
                received_at
            ])?;
        }
    }
    super::kept::touch_links(tx, &decided)?;
    Ok(decided)
}

pub(super) fn decisions(tx: &Transaction<'_>) -> Stored<u64> {
    Ok(tx
        .query_row("SELECT count(*) FROM withheld WHERE central_pos IS NOT NULL", [], |row| number(row, 0))?)
}
