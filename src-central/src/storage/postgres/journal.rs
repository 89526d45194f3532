//! What was decided here, in order, and doing it again.

use std::collections::HashMap;

use beatbook_domain::id::{DeviceId, Link};
use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;

use super::{Stored, bytes, devices, figures, force, int, json, number, parse, published, records, roster};
use crate::journal::Decided;
use crate::receipt::ReceiptSigner;
use crate::storage::rows::{Decision, Revocation};
use crate::storage::{JournalRow, StorageError};

/// Notes a decision in the transaction that makes it.
pub(super) async fn add(tx: &Transaction<'_>, at: Millis, what: &Decided) -> Stored<()> {
    // The row's lock is held to the commit: decisions are numbered in the order in which they are made.
    let n = tx.query_one("UPDATE head SET n = n + 1 WHERE name = 'journal' RETURNING n", &[]).await?;
    tx.execute(
        "INSERT INTO journal (n, at, what) VALUES ($1, $2, $3)",
        &[&n.try_get::<_, i64>(0)?, &at.0, &json(what, "a decision")?],
    )
    .await?;
    Ok(())
}

pub(super) async fn after(tx: &Transaction<'_>, after: u64, limit: u32) -> Stored<Vec<JournalRow>> {
    let rows = tx
        .query(
            "SELECT n, at, what FROM journal WHERE n > $1 ORDER BY n LIMIT $2",
            &[&int(after), &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(JournalRow { n: number(row, 0)?, at: Millis(row.try_get(1)?), what: row.try_get(2)? }))
        .collect()
}

pub(super) async fn replay(
    tx: &Transaction<'_>,
    rows: &[JournalRow],
    at: Millis,
    signer: &ReceiptSigner,
) -> Stored<()> {
    records::lock(tx).await?;
    for row in rows {
        let next = tx.query_one("SELECT n + 1 FROM head WHERE name = 'journal' FOR UPDATE", &[]).await?;
        if row.n != number(&next, 0)? {
            return Err(StorageError::Content("the journal has a gap"));
        }
        again(tx, &parse(&row.what, "a decision")?, at, signer).await?;
        tx.execute("UPDATE head SET n = $1 WHERE name = 'journal'", &[&int(row.n)]).await?;
        tx.execute(
            "INSERT INTO journal (n, at, what) VALUES ($1, $2, $3)",
            &[&int(row.n), &row.at.0, &row.what],
        )
        .await?;
    }
    Ok(())
}

async fn again(tx: &Transaction<'_>, what: &Decided, at: Millis, signer: &ReceiptSigner) -> Stored<()> {
    match what {
        Decided::Team(team) => roster::put_team(tx, team).await,
        Decided::Officer { officer, at } => roster::put_officer(tx, officer, *at).await,
        Decided::Grant(grant) => roster::put_grant(tx, grant).await,
        Decided::Revoked(asked) => {
            if !devices::revoke(tx, asked).await? && !is_known(tx, asked.device).await? {
                foretell(tx, asked.device.as_bytes(), asked).await?;
            }
            Ok(())
        }
        Decided::Reinstated { device, at, by } => {
            devices::reinstate(tx, *device, *at, by).await?;
            tx.execute("DELETE FROM foretold WHERE about = $1", &[&device.as_bytes().as_slice()]).await?;
            Ok(())
        }
        Decided::Withheld { device, decision, links } => {
            for link in links {
                if !devices::decide_one(tx, *device, *link, decision).await? {
                    foretell(tx, link.as_bytes(), decision).await?;
                }
            }
            Ok(())
        }
        Decided::Sealed { run, profiles } => {
            let force = force(tx).await?.ok_or(StorageError::Content("the force"))?;
            records::put_own(tx, &force, run.own, at).await?;
            records::take(tx, &force, run, profiles, at, signer).await?;
            Ok(())
        }
        Decided::Exported(export) => figures::put_export(tx, export).await,
        Decided::Published(month) => published::publish(tx, month).await.map(drop),
    }
}

async fn is_known(tx: &Transaction<'_>, device: DeviceId) -> Stored<bool> {
    Ok(tx.query_opt("SELECT 1 FROM device WHERE device_id = $1", &[&device.0]).await?.is_some())
}

async fn foretell<T: serde::Serialize + Sync>(tx: &Transaction<'_>, about: &[u8], what: &T) -> Stored<()> {
    tx.execute(
        "INSERT INTO foretold (about, what) VALUES ($1, $2) ON CONFLICT (about) DO UPDATE SET what = excluded.what",
        &[&about, &json(what, "a decision")?],
    )
    .await?;
    Ok(())
}

/// What was decided about withheld revisions before they came (again).
pub(super) async fn decided(tx: &Transaction<'_>, links: &[Link]) -> Stored<HashMap<Link, Decision>> {
    if links.is_empty() {
        return Ok(HashMap::new());
    }
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let rows = tx.query("SELECT about, what FROM foretold WHERE about = ANY($1)", &[&links]).await?;
    rows.iter().map(|row| Ok((Link(bytes(row, 0)?), parse(row.try_get(1)?, "a decision")?))).collect()
}

/// Takes a device out of service that comes in again after a restore, where it had been taken out before.
pub(super) async fn revoke_foretold(tx: &Transaction<'_>, device: DeviceId) -> Stored<()> {
    let row =
        tx.query_opt("SELECT what FROM foretold WHERE about = $1", &[&device.as_bytes().as_slice()]).await?;
    if let Some(row) = row {
        let asked: Revocation = parse(row.try_get(0)?, "a decision")?;
        devices::revoke(tx, &asked).await?;
    }
    Ok(())
}
