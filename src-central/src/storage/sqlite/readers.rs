//! Who reads what, what each profile was ordered to erase, and which backups were proved.

use beatbook_domain::id::{ChainId, EpochId, Link};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use rusqlite::{Transaction, params};

use super::feed::{FEED_COLUMNS, feed_row, with_problems};
use super::{Blob, Stored, id, int, number};
use crate::storage::{EndedRow, OrderRow, Orders, ReaderNote, StorageError};

pub(super) fn reading(tx: &Transaction<'_>, profile: ChainId) -> Stored<Vec<Scope>> {
    let mut statement =
        tx.prepare_cached("SELECT scope FROM reading WHERE profile = ?1 AND ended_at IS NULL")?;
    let rows = statement.query_map([Blob(profile)], |row| row.get::<_, String>(0))?;
    let mut scopes = Vec::new();
    for row in rows {
        scopes.push(row?.parse().map_err(|_| StorageError::Content("a scope"))?);
    }
    Ok(scopes)
}

pub(super) fn note(tx: &Transaction<'_>, note: &ReaderNote) -> Stored<()> {
    for scope in &note.scopes {
        tx.prepare_cached(
            "INSERT INTO reading (profile, scope, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (profile, scope) DO UPDATE SET ended_at = NULL, forgot_at = NULL",
        )?
        .execute(params![Blob(note.profile), scope.to_string(), note.at.0])?;
    }
    for ended in reading(tx, note.profile)?.into_iter().filter(|scope| !note.scopes.contains(scope)) {
        tx.prepare_cached("UPDATE reading SET ended_at = ?3 WHERE profile = ?1 AND scope = ?2")?
            .execute(params![Blob(note.profile), ended.to_string(), note.at.0])?;
    }
    for scope in note.forgot.iter().filter(|scope| !note.scopes.contains(scope)) {
        tx.prepare_cached(
            "INSERT INTO reading (profile, scope, since, ended_at, forgot_at) VALUES (?1, ?2, ?3, ?3, ?3)
             ON CONFLICT (profile, scope) DO UPDATE SET forgot_at = excluded.forgot_at",
        )?
        .execute(params![Blob(note.profile), scope.to_string(), note.at.0])?;
    }
    tx.prepare_cached(
        "UPDATE erasure_order SET confirmed_at = ?3 WHERE profile = ?1 AND pos <= ?2 AND confirmed_at IS NULL",
    )?
    .execute(params![Blob(note.profile), int(note.erased_to), note.at.0])?;
    Ok(())
}

pub(super) fn orders(tx: &Transaction<'_>, profile: ChainId, after: u64, limit: u32) -> Stored<Orders> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT o.pos, {FEED_COLUMNS} FROM erasure_order o JOIN ledger l ON l.link = o.erasure
         JOIN revision r ON r.link = o.erasure WHERE o.profile = ?1 AND o.pos > ?2 ORDER BY o.pos LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![Blob(profile), int(after), limit], feed_row)?;
    let rows = rows.map(with_problems).collect::<Stored<_>>()?;
    let unconfirmed = tx
        .prepare_cached(
            "SELECT 1 FROM erasure_order WHERE profile = ?1 AND pos <= ?2 AND confirmed_at IS NULL LIMIT 1",
        )?
        .exists(params![Blob(profile), int(after)])?;
    Ok(Orders { rows, unconfirmed })
}

pub(super) fn orders_given(tx: &Transaction<'_>, erasure: Option<Link>, limit: u32) -> Stored<Vec<OrderRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT o.erasure, o.pos, o.profile, c.device_id, c.officer_id, o.confirmed_at
         FROM erasure_order o JOIN chain c ON c.chain_id = o.profile
         WHERE CASE WHEN ?1 IS NULL THEN o.confirmed_at IS NULL ELSE o.erasure = ?1 END
         ORDER BY o.pos DESC, o.profile LIMIT ?2",
    )?;
    let rows = statement.query_map(params![erasure.map(Blob), limit], |row| {
        Ok(OrderRow {
            erasure: id(row, 0)?,
            pos: number(row, 1)?,
            profile: id(row, 2)?,
            device: id(row, 3)?,
            officer: id(row, 4)?,
            confirmed_at: row.get::<_, Option<i64>>(5)?.map(Millis),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn not_forgotten(tx: &Transaction<'_>, limit: u32) -> Stored<Vec<EndedRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT g.profile, c.device_id, c.officer_id, g.scope, g.ended_at, g.forgot_at
         FROM reading g JOIN chain c ON c.chain_id = g.profile
         WHERE g.ended_at IS NOT NULL AND g.forgot_at IS NULL ORDER BY g.ended_at DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| {
        Ok(EndedRow {
            profile: id(row, 0)?,
            device: id(row, 1)?,
            officer: id(row, 2)?,
            scope: row.get(3)?,
            ended_at: Millis(row.get(4)?),
            forgot_at: row.get::<_, Option<i64>>(5)?.map(Millis),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put_proof(tx: &Transaction<'_>, epoch: EpochId, pos: u64, at: Millis) -> Stored<()> {
    tx.execute(
        "INSERT INTO proved_backup (epoch, pos, proved_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![Blob(epoch), int(pos), at.0],
    )?;
    Ok(())
}

pub(super) fn proved(tx: &Transaction<'_>, epoch: EpochId) -> Stored<Option<u64>> {
    let found =
        tx.query_row("SELECT max(pos) FROM proved_backup WHERE epoch = ?1", [Blob(epoch)], |row| {
            row.get::<_, Option<i64>>(0)
        })?;
    Ok(found.and_then(|pos| u64::try_from(pos).ok()))
}
