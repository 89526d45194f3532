//! What was decided here, in order, and doing it again.

use beatbook_domain::id::{DeviceId, Link};
use beatbook_domain::time::Millis;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{Blob, Stored, devices, figures, force, int, json, number, parse, published, records, roster};
use crate::journal::Decided;
use crate::receipt::ReceiptSigner;
use crate::storage::rows::{Decision, Revocation};
use crate::storage::{JournalRow, StorageError};

/// Notes a decision in the transaction that makes it.
pub(super) fn add(tx: &Transaction<'_>, at: Millis, what: &Decided) -> Stored<()> {
    let n = tx.query_row("UPDATE head SET n = n + 1 WHERE name = 'journal' RETURNING n", [], |row| {
        row.get::<_, i64>(0)
    })?;
    tx.prepare_cached("INSERT INTO journal (n, at, what) VALUES (?1, ?2, ?3)")?.execute(params![
        n,
        at.0,
        json(what, "a decision")?
    ])?;
    Ok(())
}

pub(super) fn after(tx: &Transaction<'_>, after: u64, limit: u32) -> Stored<Vec<JournalRow>> {
    let mut statement =
        tx.prepare_cached("SELECT n, at, what FROM journal WHERE n > ?1 ORDER BY n LIMIT ?2")?;
    let rows = statement.query_map(params![int(after), limit], |row| {
        Ok(JournalRow { n: number(row, 0)?, at: Millis(row.get(1)?), what: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn replay(
    tx: &Transaction<'_>,
    rows: &[JournalRow],
    at: Millis,
    signer: &ReceiptSigner,
) -> Stored<()> {
    for row in rows {
        let next = tx.query_row("SELECT n + 1 FROM head WHERE name = 'journal'", [], |row| number(row, 0))?;
        if row.n != next {
            return Err(StorageError::Content("the journal has a gap"));
        }
        again(tx, &parse(&row.what, "a decision")?, at, signer)?;
        tx.execute("UPDATE head SET n = ?1 WHERE name = 'journal'", [int(row.n)])?;
        tx.execute(
            "INSERT INTO journal (n, at, what) VALUES (?1, ?2, ?3)",
            params![int(row.n), row.at.0, row.what],
        )?;
    }
    Ok(())
}

fn again(tx: &Transaction<'_>, what: &Decided, at: Millis, signer: &ReceiptSigner) -> Stored<()> {
    match what {
        Decided::Team(team) => roster::put_team(tx, team),
        Decided::Officer { officer, at } => roster::put_officer(tx, officer, *at),
        Decided::Grant(grant) => roster::put_grant(tx, grant),
        Decided::Revoked(asked) => {
            if !devices::revoke(tx, asked)? && !is_known(tx, asked.device)? {
                foretell(tx, asked.device.as_bytes(), asked)?;
            }
            Ok(())
        }
        Decided::Reinstated { device, at, by } => {
            devices::reinstate(tx, *device, *at, by)?;
            tx.execute("DELETE FROM foretold WHERE about = ?1", [Blob(*device)])?;
            Ok(())
        }
        Decided::Withheld { device, decision, links } => {
            for link in links {
                if !devices::decide_one(tx, *device, *link, decision)? {
                    foretell(tx, link.as_bytes(), decision)?;
                }
            }
            Ok(())
        }
        Decided::Sealed { run, profiles } => {
            let force = force(tx)?.ok_or(StorageError::Content("the force"))?;
            records::put_own(tx, &force, run.own, at)?;
            records::take(tx, &force, run, profiles, at, signer)?;
            Ok(())
        }
        Decided::Exported(export) => figures::put_export(tx, export),
        Decided::Published(month) => published::publish(tx, month).map(drop),
    }
}

fn is_known(tx: &Transaction<'_>, device: DeviceId) -> Stored<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM device WHERE device_id = ?1")?.exists([Blob(device)])?)
}

fn foretell<T: serde::Serialize>(tx: &Transaction<'_>, about: &[u8], what: &T) -> Stored<()> {
    tx.execute(
        "INSERT INTO foretold (about, what) VALUES (?1, ?2) ON CONFLICT (about) DO UPDATE SET what = excluded.what",
        params![about, json(what, "a decision")?],
    )?;
    Ok(())
}

fn foretold<T: serde::de::DeserializeOwned>(tx: &Transaction<'_>, about: &[u8]) -> Stored<Option<T>> {
    let text = tx
        .prepare_cached("SELECT what FROM foretold WHERE about = ?1")?
        .query_row([about], |row| row.get::<_, String>(0))
        .optional()?;
    text.map(|text| parse(&text, "a decision")).transpose()
}

/// What was decided about a withheld revision before it came (again).
pub(super) fn decided(tx: &Transaction<'_>, link: Link) -> Stored<Option<Decision>> {
    foretold(tx, link.as_bytes())
}

/// Takes a device out of service that comes in again after a restore, where it had been taken out before.
pub(super) fn revoke_foretold(tx: &Transaction<'_>, device: DeviceId) -> Stored<()> {
    if let Some(asked) = foretold::<Revocation>(tx, device.as_bytes())? {
        devices::revoke(tx, &asked)?;
    }
    Ok(())
}
