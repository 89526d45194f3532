//! Enrolment codes, devices and chains.

use beatbook_domain::id::{ChainId, DeviceId, OfficerId, SealKey, VerifyKey};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::EnrolmentFacts;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::{Blob, Stored, id, journal, maybe_id, roster};
use crate::storage::StorageError;
use crate::storage::rows::{
    ChainRole, ChainRow, DeviceRow, EnrolCodeRow, EnrolOutcome, Enrolment, Joining, Readmission,
};

pub(super) fn put_code(tx: &Transaction<'_>, code: &EnrolCodeRow) -> Stored<()> {
    tx.execute("DELETE FROM enrol_code WHERE officer_id = ?1 AND used_at IS NULL", [Blob(code.officer)])?;
    tx.execute(
        "INSERT INTO enrol_code (code_hash, officer_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![Blob(code.hash), Blob(code.officer), code.created_at.0, code.expires_at.0],
    )?;
    Ok(())
}

pub(super) fn enrol(tx: &Transaction<'_>, enrolment: &Enrolment) -> Stored<EnrolOutcome> {
    let Enrolment { hash, joining: asked } = enrolment;
    let code = tx
        .query_row(
            "SELECT officer_id, expires_at, used_by FROM enrol_code WHERE code_hash = ?1",
            [Blob(*hash)],
            |row| Ok((id::<OfficerId>(row, 0)?, row.get::<_, i64>(1)?, maybe_id::<ChainId>(row, 2)?)),
        )
        .optional()?;
    let Some((officer, expires_at, used_by)) = code else { return Ok(EnrolOutcome::BadCode) };
    if asked.at.0 >= expires_at {
        return Ok(EnrolOutcome::BadCode);
    }
    if let Some(chain) = used_by {
        // The same request again, because its answer was lost on the way.
        let same = chain == asked.record_chain && known_alike(tx, asked, officer)?;
        return if same { enrolled(tx, asked, officer) } else { Ok(EnrolOutcome::BadCode) };
    }
    let device = device(tx, asked.device)?;
    if device.as_ref().is_some_and(|known| known.revoked_at.is_some()) {
        return Ok(EnrolOutcome::Revoked);
    }
    if device.is_some_and(|known| known.transport_key != asked.transport_key) || chain_taken(tx, asked)? {
        return Ok(EnrolOutcome::OtherKeys);
    }
    admit(tx, asked, officer)?;
    tx.execute(
        "UPDATE enrol_code SET used_at = ?2, used_by = ?3 WHERE code_hash = ?1",
        params![Blob(*hash), asked.at.0, Blob(asked.record_chain)],
    )?;
    enrolled(tx, asked, officer)
}

/// Device and chains of a profile.
fn admit(tx: &Transaction<'_>, asked: &Joining, officer: OfficerId) -> Stored<()> {
    tx.execute(
        "INSERT INTO device (device_id, transport_key, enrolled_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![Blob(asked.device), Blob(asked.transport_key), asked.at.0],
    )?;
    for (chain, role) in [(asked.record_chain, ChainRole::Record), (asked.log_chain, ChainRole::Log)] {
        tx.execute(
            "INSERT INTO chain (chain_id, profile, role, device_id, officer_id, profile_key, seal_key, enrolled_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                Blob(chain),
                Blob(asked.record_chain),
                role.name(),
                Blob(asked.device),
                Blob(officer),
                Blob(asked.profile_key),
                Blob(asked.seal_key),
                asked.at.0
            ],
        )?;
    }
    // Before the restore that forgot it, it may have been taken out of service.
    journal::revoke_foretold(tx, asked.device)
}

pub(super) fn readmit(tx: &Transaction<'_>, facts: &EnrolmentFacts) -> Stored<Readmission> {
    let asked = Joining::from(facts);
    let known = device(tx, facts.device)?;
    let fits =
        known.is_none_or(|known| known.transport_key == facts.transport_key && known.revoked_at.is_none());
    if !fits || roster::officer_at(tx, facts.officer, crate::clock::now())?.is_none() {
        return Ok(Readmission::Refused);
    }
    if known_alike(tx, &asked, facts.officer)? {
        return Ok(Readmission::Known);
    }
    if chain_taken(tx, &asked)? {
        return Ok(Readmission::Refused);
    }
    admit(tx, &asked, facts.officer)?;
    Ok(Readmission::Added)
}

fn enrolled(tx: &Transaction<'_>, asked: &Joining, officer: OfficerId) -> Stored<EnrolOutcome> {
    let Some(officer) = roster::officer_at(tx, officer, asked.at)? else { return Ok(EnrolOutcome::BadCode) };
    let team_name = match officer.team {
        Some(team) => tx
            .query_row("SELECT name FROM team WHERE team_id = ?1", [Blob(team)], |row| row.get(0))
            .optional()?,
        None => None,
    };
    Ok(EnrolOutcome::Enrolled { officer, team_name })
}

fn chain_taken(tx: &Transaction<'_>, asked: &Joining) -> Stored<bool> {
    let known: i64 = tx.query_row(
        "SELECT count(*) FROM chain WHERE chain_id IN (?1, ?2)",
        params![Blob(asked.record_chain), Blob(asked.log_chain)],
        |row| row.get(0),
    )?;
    Ok(known > 0 || asked.record_chain == asked.log_chain)
}

fn known_alike(tx: &Transaction<'_>, asked: &Joining, officer: OfficerId) -> Stored<bool> {
    let alike: i64 = tx.query_row(
        "SELECT count(*) FROM chain c JOIN device d ON d.device_id = c.device_id
         WHERE c.chain_id IN (?1, ?2) AND c.profile = ?1 AND c.device_id = ?3 AND c.officer_id = ?4
           AND c.profile_key = ?5 AND c.seal_key = ?6 AND d.transport_key = ?7",
        params![
            Blob(asked.record_chain),
            Blob(asked.log_chain),
            Blob(asked.device),
            Blob(officer),
            Blob::<VerifyKey>(asked.profile_key),
            Blob::<SealKey>(asked.seal_key),
            Blob(asked.transport_key)
        ],
        |row| row.get(0),
    )?;
    Ok(alike == 2)
}

pub(super) fn device(tx: &Transaction<'_>, device: DeviceId) -> Stored<Option<DeviceRow>> {
    let mut statement =
        tx.prepare_cached("SELECT transport_key, revoked_at FROM device WHERE device_id = ?1")?;
    let row = statement.query_row([Blob(device)], |row| {
        let revoked_at = row.get::<_, Option<i64>>(1)?.map(Millis);
        Ok(DeviceRow { device, transport_key: id(row, 0)?, revoked_at })
    });
    Ok(row.optional()?)
}

const CHAINS: &str =
    "SELECT chain_id, profile, role, device_id, officer_id, profile_key, split_at FROM chain";

fn chain(row: &Row<'_>) -> rusqlite::Result<(ChainRow, bool)> {
    let role = ChainRole::from_name(&row.get::<_, String>(2)?);
    let chain = ChainRow {
        chain: id(row, 0)?,
        profile: id(row, 1)?,
        role: role.unwrap_or(ChainRole::Log),
        device: id(row, 3)?,
        officer: id(row, 4)?,
        profile_key: id(row, 5)?,
        split_at: row.get::<_, Option<i64>>(6)?.and_then(|seq| u64::try_from(seq).ok()),
    };
    Ok((chain, role.is_some()))
}

fn collect(rows: impl Iterator<Item = rusqlite::Result<(ChainRow, bool)>>) -> Stored<Vec<ChainRow>> {
    rows.map(|row| match row? {
        (chain, true) => Ok(chain),
        _ => Err(StorageError::Content("role of a chain")),
    })
    .collect()
}

pub(super) fn chains_of(tx: &Transaction<'_>, device: DeviceId) -> Stored<Vec<ChainRow>> {
    let mut statement = tx.prepare_cached(&format!("{CHAINS} WHERE device_id = ?1"))?;
    collect(statement.query_map([Blob(device)], chain)?)
}

pub(super) fn chains(tx: &Transaction<'_>) -> Stored<Vec<ChainRow>> {
    let mut statement = tx.prepare_cached(&format!("{CHAINS} ORDER BY enrolled_at, chain_id"))?;
    collect(statement.query_map([], chain)?)
}

pub(super) fn put_chain(tx: &Transaction<'_>, chain: ChainId, follows: ChainId, at: Millis) -> Stored<()> {
    tx.execute(
        "INSERT INTO chain (chain_id, profile, role, device_id, officer_id, profile_key, seal_key, enrolled_at)
         SELECT ?1, profile, role, device_id, officer_id, profile_key, seal_key, ?3 FROM chain WHERE chain_id = ?2
         ON CONFLICT DO NOTHING",
        params![Blob(chain), Blob(follows), at.0],
    )?;
    Ok(())
}
