//! Devices in and out of service, and what is withheld until somebody decides.

use std::collections::BTreeMap;

use beatbook_domain::id::{DeviceId, Digest, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ReceiptProblem, Scope};
use deadpool_postgres::Transaction;

use super::{Stored, bytes, enrol, int, json, number, parse, records};
use crate::ingest::problems::AFTER_REVOCATION;
use crate::storage::plan::Fresh;
use crate::storage::rows::{
    Claim, Decision, DeviceListing, Replacement, ReplacementRow, Revocation, WithheldRow, WrittenRow,
};

pub(super) async fn all(tx: &Transaction<'_>) -> Stored<Vec<DeviceListing>> {
    let rows = tx
        .query(
            "SELECT d.device_id, d.enrolled_at, d.revoked_at,
                    (SELECT count(*) FROM withheld w WHERE w.device_id = d.device_id AND w.accepted IS NULL)
             FROM device d ORDER BY d.enrolled_at DESC, d.device_id",
            &[],
        )
        .await?;
    let mut devices = Vec::with_capacity(rows.len());
    for row in &rows {
        devices.push(DeviceListing {
            device: DeviceId(row.try_get(0)?),
            enrolled_at: Millis(row.try_get(1)?),
            revoked_at: row.try_get::<_, Option<i64>>(2)?.map(Millis),
            officers: Vec::new(),
            contacts: Vec::new(),
            undecided: number(row, 3)?,
        });
    }
    // Central's own chain stands on a device too: itself.
    if let Some(own) = records::own_chain(tx).await? {
        devices.retain(|one: &DeviceListing| one.device != own.device());
    }
    let places: BTreeMap<DeviceId, usize> =
        devices.iter().enumerate().map(|(place, one)| (one.device, place)).collect();
    for row in tx.query("SELECT DISTINCT device_id, officer_id FROM chain", &[]).await? {
        let place = places.get(&DeviceId(row.try_get(0)?));
        if let Some(one) = place.and_then(|place| devices.get_mut(*place)) {
            one.officers.push(OfficerId(row.try_get(1)?));
        }
    }
    let contacts =
        "SELECT device_id, officer_id, last_heard, heartbeat FROM contact ORDER BY last_heard DESC";
    for row in tx.query(contacts, &[]).await? {
        let place = places.get(&DeviceId(row.try_get(0)?));
        if let Some(one) = place.and_then(|place| devices.get_mut(*place)) {
            let heartbeat = parse(row.try_get(3)?, "heartbeat")?;
            one.contacts.push((OfficerId(row.try_get(1)?), Millis(row.try_get(2)?), heartbeat));
        }
    }
    Ok(devices)
}

pub(super) async fn written_on(tx: &Transaction<'_>, device: DeviceId) -> Stored<Vec<WrittenRow>> {
    let rows = tx
        .query(
            "SELECT c.officer_id, r.kind, count(*), max(r.written_at), max(l.received_at)
             FROM chain c JOIN ledger l ON l.chain_id = c.chain_id JOIN revision r ON r.link = l.link
             WHERE c.device_id = $1 AND c.role = 'record' GROUP BY c.officer_id, r.kind ORDER BY c.officer_id, r.kind",
            &[&device.0],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(WrittenRow {
                officer: OfficerId(row.try_get(0)?),
                kind: row.try_get(1)?,
                count: number(row, 2)?,
                last_written: Millis(row.try_get(3)?),
                last_received: Millis(row.try_get(4)?),
            })
        })
        .collect()
}

pub(super) async fn revoke(tx: &Transaction<'_>, asked: &Revocation) -> Stored<bool> {
    let changed = tx
        .execute(
            "UPDATE device SET revoked_at = $2 WHERE device_id = $1 AND revoked_at IS NULL",
            &[&asked.device.0, &asked.at.0],
        )
        .await?;
    if changed == 1 {
        tx.execute(
            "INSERT INTO revocation (device_id, revoked_at, revoked_by, why) VALUES ($1, $2, $3, $4)",
            &[&asked.device.0, &asked.at.0, &asked.by, &asked.why],
        )
        .await?;
    }
    Ok(changed == 1)
}

pub(super) async fn replace(tx: &Transaction<'_>, replacement: &Replacement) -> Stored<bool> {
    let Replacement { code, lost, log } = replacement;
    let written = tx
        .execute(
            "INSERT INTO replacement (code_hash, issued_at, issued_by, device_id, officer_id, lost_device, why, request)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            &[
                &log.hash.0.as_slice(),
                &log.at.0,
                &log.by.0,
                &log.device.0,
                &log.officer.0,
                &log.lost.map(|lost| lost.0),
                &log.why,
                &log.request.0.as_slice(),
            ],
        )
        .await?;
    if written == 1 {
        enrol::put_code(tx, code).await?;
        if let Some(lost) = lost {
            // One that is out of service already stays so.
            revoke(tx, lost).await?;
        }
    }
    Ok(written == 1)
}

pub(super) async fn replacements(
    tx: &Transaction<'_>,
    by: Option<OfficerId>,
    since: Millis,
    limit: u32,
) -> Stored<Vec<ReplacementRow>> {
    let rows = tx
        .query(
            "SELECT code_hash, issued_at, issued_by, device_id, officer_id, lost_device, why, request FROM replacement
             WHERE ($1::uuid IS NULL OR issued_by = $1) AND issued_at >= $2 ORDER BY issued_at DESC LIMIT $3",
            &[&by.map(|by| by.0), &since.0, &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ReplacementRow {
                hash: Digest(bytes(row, 0)?),
                at: Millis(row.try_get(1)?),
                by: OfficerId(row.try_get(2)?),
                device: DeviceId(row.try_get(3)?),
                officer: OfficerId(row.try_get(4)?),
                lost: row.try_get::<_, Option<uuid::Uuid>>(5)?.map(DeviceId),
                why: row.try_get(6)?,
                request: Digest(bytes(row, 7)?),
            })
        })
        .collect()
}

pub(super) async fn reinstate(tx: &Transaction<'_>, device: DeviceId, at: Millis, by: &str) -> Stored<bool> {
    let changed = tx
        .execute(
            "UPDATE revocation SET reinstated_at = $2, reinstated_by = $3
             WHERE device_id = $1 AND reinstated_at IS NULL",
            &[&device.0, &at.0, &by],
        )
        .await?;
    tx.execute("UPDATE device SET revoked_at = NULL WHERE device_id = $1", &[&device.0]).await?;
    Ok(changed > 0)
}

/// Notes where a revision would have been fed.
pub(super) async fn withhold(
    tx: &Transaction<'_>,
    fresh: &Fresh<'_>,
    decided: Option<&Decision>,
) -> Stored<()> {
    let scopes = json(&fresh.scopes().collect::<Vec<_>>(), "scopes")?;
    let claim = json(&fresh.claim(), "claim")?;
    tx.execute(
        "INSERT INTO withheld (link, device_id, scopes, claim, accepted, decided_at, decided_by, why)
         SELECT $1, device_id, $3, $4, $5, $6, $7, $8 FROM chain WHERE chain_id = $2",
        &[
            &fresh.custody.link.0.as_slice(),
            &fresh.custody.chain.0,
            &scopes,
            &claim,
            &decided.map(|one| one.accepted),
            &decided.map(|one| one.at.0),
            &decided.map(|one| &one.by),
            &decided.map(|one| &one.why),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn withheld(
    tx: &Transaction<'_>,
    device: DeviceId,
    after: Option<Link>,
    limit: u32,
) -> Stored<Vec<WithheldRow>> {
    let after = after.map_or(Vec::new(), |after| after.0.to_vec());
    let rows = tx
        .query(
            "SELECT w.link, r.kind, r.author, r.written_at, l.received_at
             FROM withheld w JOIN revision r ON r.link = w.link JOIN ledger l ON l.link = w.link
             WHERE w.device_id = $1 AND w.accepted IS NULL AND w.link > $2 ORDER BY w.link LIMIT $3",
            &[&device.0, &after, &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(WithheldRow {
                link: Link(bytes(row, 0)?),
                kind: row.try_get(1)?,
                author: OfficerId(row.try_get(2)?),
                written_at: Millis(row.try_get(3)?),
                received_at: Millis(row.try_get(4)?),
            })
        })
        .collect()
}

/// Decides on everything withheld of a device; which revisions those are.
pub(super) async fn decide(tx: &Transaction<'_>, device: DeviceId, decision: &Decision) -> Stored<Vec<Link>> {
    decide_on(tx, device, None, decision).await
}

/// Decides on one of them; false where it has not arrived.
pub(super) async fn decide_one(
    tx: &Transaction<'_>,
    device: DeviceId,
    link: Link,
    decision: &Decision,
) -> Stored<bool> {
    let here = tx.query_opt("SELECT 1 FROM ledger WHERE link = $1", &[&link.0.as_slice()]).await?;
    decide_on(tx, device, Some(link), decision).await?;
    Ok(here.is_some())
}

async fn decide_on(
    tx: &Transaction<'_>,
    device: DeviceId,
    only: Option<Link>,
    decision: &Decision,
) -> Stored<Vec<Link>> {
    let only = only.map(|link| link.0.to_vec());
    // Two who decide at once take turns at these rows; the counter comes after, as in a deposit.
    let waiting = tx
        .query(
            "SELECT w.link, w.scopes, w.claim, r.problems, l.received_at
             FROM withheld w JOIN revision r ON r.link = w.link JOIN ledger l ON l.link = w.link
             WHERE w.device_id = $1 AND w.accepted IS NULL AND ($2::bytea IS NULL OR w.link = $2)
             ORDER BY l.central_pos FOR UPDATE OF w",
            &[&device.0, &only],
        )
        .await?;
    let count = waiting.len() as u64;
    let end =
        tx.query_one("UPDATE head SET n = n + $1 WHERE name = 'ledger' RETURNING n", &[&int(count)]).await?;
    let first = number(&end, 0)? + 1 - count;
    let mut decided = Vec::with_capacity(waiting.len());
    for (pos, row) in (first..).zip(&waiting) {
        let link = Link(bytes(row, 0)?);
        decided.push(link);
        let (link, pos) = (link.0.as_slice(), int(pos));
        tx.execute(
            "UPDATE withheld SET accepted = $2, decided_at = $3, decided_by = $4, why = $5, central_pos = $6
             WHERE link = $1",
            &[&link, &decision.accepted, &decision.at.0, &decision.by, &decision.why, &pos],
        )
        .await?;
        if !decision.accepted {
            continue;
        }
        let mut problems: Vec<ReceiptProblem> = parse(row.try_get(3)?, "problems")?;
        problems.retain(|problem| problem.code != AFTER_REVOCATION);
        tx.execute(
            "UPDATE revision SET problems = $2 WHERE link = $1",
            &[&link, &json(&problems, "problems")?],
        )
        .await?;
        for scope in parse::<Vec<Scope>>(row.try_get(1)?, "scopes")? {
            tx.execute(
                "INSERT INTO feed (scope, pos, link) VALUES ($1, $2, $3)",
                &[&scope.to_string(), &pos, &link],
            )
            .await?;
        }
        if let Some((shift, by, member, opens)) = parse::<Option<Claim>>(row.try_get(2)?, "claim")? {
            tx.execute(
                "INSERT INTO crew_claim (shift_id, claimed_by, member, opens, pos, received_at)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                &[&shift.0, &by.0, &member.0, &opens, &pos, &row.try_get::<_, i64>(4)?],
            )
            .await?;
        }
    }
    super::kept::touch_links(tx, &decided).await?;
    Ok(decided)
}

pub(super) async fn decisions(tx: &Transaction<'_>) -> Stored<u64> {
    let row = tx.query_one("SELECT count(*) FROM withheld WHERE central_pos IS NOT NULL", &[]).await?;
    number(&row, 0)
}
