//! Enrolment codes, devices and chains.

use beatbook_domain::id::{ChainId, DeviceId, OfficerId, VerifyKey};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::EnrolmentFacts;
use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Stored, bytes, journal, maybe_number, roster};
use crate::storage::StorageError;
use crate::storage::rows::{
    ChainRole, ChainRow, DeviceRow, EnrolCodeRow, EnrolOutcome, Enrolment, Joining, Readmission,
};

pub(super) async fn put_code(tx: &Transaction<'_>, code: &EnrolCodeRow) -> Stored<()> {
    tx.execute("DELETE FROM enrol_code WHERE officer_id = $1 AND used_at IS NULL", &[&code.officer.0])
        .await?;
    tx.execute(
        "INSERT INTO enrol_code (code_hash, officer_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        &[&code.hash.0.as_slice(), &code.officer.0, &code.created_at.0, &code.expires_at.0],
    )
    .await?;
    Ok(())
}

pub(super) async fn enrol(tx: &Transaction<'_>, enrolment: &Enrolment) -> Stored<EnrolOutcome> {
    let Enrolment { hash, joining: asked } = enrolment;
    // The row lock lets a code be used once, also by two requests in the same instant.
    let code = tx
        .query_opt(
            "SELECT officer_id, expires_at, used_by FROM enrol_code WHERE code_hash = $1 FOR UPDATE",
            &[&hash.0.as_slice()],
        )
        .await?;
    let Some(code) = code else { return Ok(EnrolOutcome::BadCode) };
    let officer = OfficerId(code.try_get(0)?);
    if asked.at.0 >= code.try_get::<_, i64>(1)? {
        return Ok(EnrolOutcome::BadCode);
    }
    if let Some(chain) = code.try_get::<_, Option<Uuid>>(2)? {
        // The same request again, because its answer was lost on the way.
        let same = chain == asked.record_chain.0 && known_alike(tx, asked, officer).await?;
        return if same { enrolled(tx, asked, officer).await } else { Ok(EnrolOutcome::BadCode) };
    }
    tx.execute(
        "INSERT INTO device (device_id, transport_key, enrolled_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[&asked.device.0, &asked.transport_key.0.as_slice(), &asked.at.0],
    )
    .await?;
    let known = device(tx, asked.device).await?;
    if known.as_ref().is_some_and(|known| known.revoked_at.is_some()) {
        return Ok(EnrolOutcome::Revoked);
    }
    if known.is_none_or(|known| known.transport_key != asked.transport_key) || chain_taken(tx, asked).await? {
        return Ok(EnrolOutcome::OtherKeys);
    }
    admit_chains(tx, asked, officer).await?;
    tx.execute(
        "UPDATE enrol_code SET used_at = $2, used_by = $3 WHERE code_hash = $1",
        &[&hash.0.as_slice(), &asked.at.0, &asked.record_chain.0],
    )
    .await?;
    enrolled(tx, asked, officer).await
}

/// The chains of a profile.
async fn admit_chains(tx: &Transaction<'_>, asked: &Joining, officer: OfficerId) -> Stored<()> {
    for (chain, role) in [(asked.record_chain, ChainRole::Record), (asked.log_chain, ChainRole::Log)] {
        tx.execute(
            "INSERT INTO chain (chain_id, profile, role, device_id, officer_id, profile_key, seal_key, enrolled_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                &chain.0,
                &asked.record_chain.0,
                &role.name(),
                &asked.device.0,
                &officer.0,
                &asked.profile_key.0.as_slice(),
                &asked.seal_key.0.as_slice(),
                &asked.at.0,
            ],
        )
        .await?;
    }
    // Before the restore that forgot it, it may have been taken out of service.
    journal::revoke_foretold(tx, asked.device).await
}

pub(super) async fn readmit(tx: &Transaction<'_>, facts: &EnrolmentFacts) -> Stored<Readmission> {
    let asked = Joining::from(facts);
    let known = device(tx, facts.device).await?;
    let fits =
        known.is_none_or(|known| known.transport_key == facts.transport_key && known.revoked_at.is_none());
    if !fits || roster::officer_at(tx, facts.officer, crate::clock::now()).await?.is_none() {
        return Ok(Readmission::Refused);
    }
    if known_alike(tx, &asked, facts.officer).await? {
        return Ok(Readmission::Known);
    }
    if chain_taken(tx, &asked).await? {
        return Ok(Readmission::Refused);
    }
    tx.execute(
        "INSERT INTO device (device_id, transport_key, enrolled_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[&asked.device.0, &asked.transport_key.0.as_slice(), &asked.at.0],
    )
    .await?;
    admit_chains(tx, &asked, facts.officer).await?;
    Ok(Readmission::Added)
}

async fn enrolled(tx: &Transaction<'_>, asked: &Joining, officer: OfficerId) -> Stored<EnrolOutcome> {
    let Some(officer) = roster::officer_at(tx, officer, asked.at).await? else {
        return Ok(EnrolOutcome::BadCode);
    };
    let team_name = match officer.team {
        Some(team) => {
            let row = tx.query_opt("SELECT name FROM team WHERE team_id = $1", &[&team.0]).await?;
            row.map(|row| row.try_get(0)).transpose()?
        }
        None => None,
    };
    Ok(EnrolOutcome::Enrolled { officer, team_name })
}

async fn chain_taken(tx: &Transaction<'_>, asked: &Joining) -> Stored<bool> {
    let row = tx
        .query_one(
            "SELECT count(*) FROM chain WHERE chain_id IN ($1, $2)",
            &[&asked.record_chain.0, &asked.log_chain.0],
        )
        .await?;
    Ok(row.try_get::<_, i64>(0)? > 0 || asked.record_chain == asked.log_chain)
}

async fn known_alike(tx: &Transaction<'_>, asked: &Joining, officer: OfficerId) -> Stored<bool> {
    let row = tx
        .query_one(
            "SELECT count(*) FROM chain c JOIN device d ON d.device_id = c.device_id
             WHERE c.chain_id IN ($1, $2) AND c.profile = $1 AND c.device_id = $3 AND c.officer_id = $4
               AND c.profile_key = $5 AND c.seal_key = $6 AND d.transport_key = $7",
            &[
                &asked.record_chain.0,
                &asked.log_chain.0,
                &asked.device.0,
                &officer.0,
                &asked.profile_key.0.as_slice(),
                &asked.seal_key.0.as_slice(),
                &asked.transport_key.0.as_slice(),
            ],
        )
        .await?;
    Ok(row.try_get::<_, i64>(0)? == 2)
}

pub(super) async fn device(tx: &Transaction<'_>, device: DeviceId) -> Stored<Option<DeviceRow>> {
    let row = tx
        .query_opt("SELECT transport_key, revoked_at FROM device WHERE device_id = $1", &[&device.0])
        .await?;
    row.map(|row| {
        let revoked_at = row.try_get::<_, Option<i64>>(1)?.map(Millis);
        Ok(DeviceRow { device, transport_key: VerifyKey(bytes(&row, 0)?), revoked_at })
    })
    .transpose()
}

const CHAINS: &str =
    "SELECT chain_id, profile, role, device_id, officer_id, profile_key, split_at FROM chain";

fn chain(row: &Row) -> Stored<ChainRow> {
    Ok(ChainRow {
        chain: ChainId(row.try_get(0)?),
        profile: ChainId(row.try_get(1)?),
        role: ChainRole::from_name(row.try_get(2)?).ok_or(StorageError::Content("role of a chain"))?,
        device: DeviceId(row.try_get(3)?),
        officer: OfficerId(row.try_get(4)?),
        profile_key: VerifyKey(bytes(row, 5)?),
        split_at: maybe_number(row, 6)?,
    })
}

pub(super) async fn chains_of(tx: &Transaction<'_>, device: DeviceId) -> Stored<Vec<ChainRow>> {
    tx.query(&format!("{CHAINS} WHERE device_id = $1"), &[&device.0]).await?.iter().map(chain).collect()
}

pub(super) async fn chains(tx: &Transaction<'_>) -> Stored<Vec<ChainRow>> {
    tx.query(&format!("{CHAINS} ORDER BY enrolled_at, chain_id"), &[]).await?.iter().map(chain).collect()
}

pub(super) async fn put_chain(
    tx: &Transaction<'_>,
    chain: ChainId,
    follows: ChainId,
    at: Millis,
) -> Stored<()> {
    tx.execute(
        "INSERT INTO chain (chain_id, profile, role, device_id, officer_id, profile_key, seal_key, enrolled_at)
         SELECT $1, profile, role, device_id, officer_id, profile_key, seal_key, $3 FROM chain WHERE chain_id = $2
         ON CONFLICT DO NOTHING",
        &[&chain.0, &follows.0, &at.0],
    )
    .await?;
    Ok(())
}
