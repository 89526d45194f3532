//! Who reads what, what each profile was ordered to erase, and which backups were proved.

use beatbook_domain::id::{ChainId, DeviceId, EpochId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use deadpool_postgres::Transaction;

use super::feed::{FEED_COLUMNS, feed_row};
use super::{Stored, bytes, int, maybe_number, number};
use crate::storage::{EndedRow, OrderRow, Orders, ReaderNote, StorageError};

pub(super) async fn reading(tx: &Transaction<'_>, profile: ChainId) -> Stored<Vec<Scope>> {
    let rows =
        tx.query("SELECT scope FROM reading WHERE profile = $1 AND ended_at IS NULL", &[&profile.0]).await?;
    rows.iter()
        .map(|row| row.try_get::<_, &str>(0)?.parse().map_err(|_| StorageError::Content("a scope")))
        .collect()
}

pub(super) async fn note(tx: &Transaction<'_>, note: &ReaderNote) -> Stored<()> {
    for scope in &note.scopes {
        tx.execute(
            "INSERT INTO reading (profile, scope, since) VALUES ($1, $2, $3)
             ON CONFLICT (profile, scope) DO UPDATE SET ended_at = NULL, forgot_at = NULL",
            &[&note.profile.0, &scope.to_string(), &note.at.0],
        )
        .await?;
    }
    for ended in reading(tx, note.profile).await?.into_iter().filter(|scope| !note.scopes.contains(scope)) {
        tx.execute(
            "UPDATE reading SET ended_at = $3 WHERE profile = $1 AND scope = $2",
            &[&note.profile.0, &ended.to_string(), &note.at.0],
        )
        .await?;
    }
    for scope in note.forgot.iter().filter(|scope| !note.scopes.contains(scope)) {
        tx.execute(
            "INSERT INTO reading (profile, scope, since, ended_at, forgot_at) VALUES ($1, $2, $3, $3, $3)
             ON CONFLICT (profile, scope) DO UPDATE SET forgot_at = excluded.forgot_at",
            &[&note.profile.0, &scope.to_string(), &note.at.0],
        )
        .await?;
    }
    tx.execute(
        "UPDATE erasure_order SET confirmed_at = $3 WHERE profile = $1 AND pos <= $2 AND confirmed_at IS NULL",
        &[&note.profile.0, &int(note.erased_to), &note.at.0],
    )
    .await?;
    Ok(())
}

pub(super) async fn orders(tx: &Transaction<'_>, profile: ChainId, after: u64, limit: u32) -> Stored<Orders> {
    let select = format!(
        "SELECT o.pos, {FEED_COLUMNS} FROM erasure_order o JOIN ledger l ON l.link = o.erasure
         JOIN revision r ON r.link = o.erasure WHERE o.profile = $1 AND o.pos > $2 ORDER BY o.pos LIMIT $3"
    );
    let rows = tx.query(&select, &[&profile.0, &int(after), &i64::from(limit)]).await?;
    let rows = rows.iter().map(feed_row).collect::<Stored<_>>()?;
    let unconfirmed = tx
        .query_opt(
            "SELECT 1 FROM erasure_order WHERE profile = $1 AND pos <= $2 AND confirmed_at IS NULL LIMIT 1",
            &[&profile.0, &int(after)],
        )
        .await?;
    Ok(Orders { rows, unconfirmed: unconfirmed.is_some() })
}

pub(super) async fn orders_given(
    tx: &Transaction<'_>,
    erasure: Option<Link>,
    limit: u32,
) -> Stored<Vec<OrderRow>> {
    let erasure = erasure.map(|link| link.0.to_vec());
    let rows = tx
        .query(
            "SELECT o.erasure, o.pos, o.profile, c.device_id, c.officer_id, o.confirmed_at
             FROM erasure_order o JOIN chain c ON c.chain_id = o.profile
             WHERE CASE WHEN $1::bytea IS NULL THEN o.confirmed_at IS NULL ELSE o.erasure = $1 END
             ORDER BY o.pos DESC, o.profile LIMIT $2",
            &[&erasure, &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(OrderRow {
                erasure: Link(bytes(row, 0)?),
                pos: number(row, 1)?,
                profile: ChainId(row.try_get(2)?),
                device: DeviceId(row.try_get(3)?),
                officer: OfficerId(row.try_get(4)?),
                confirmed_at: row.try_get::<_, Option<i64>>(5)?.map(Millis),
            })
        })
        .collect()
}

pub(super) async fn not_forgotten(tx: &Transaction<'_>, limit: u32) -> Stored<Vec<EndedRow>> {
    let rows = tx
        .query(
            "SELECT g.profile, c.device_id, c.officer_id, g.scope, g.ended_at, g.forgot_at
             FROM reading g JOIN chain c ON c.chain_id = g.profile
             WHERE g.ended_at IS NOT NULL AND g.forgot_at IS NULL ORDER BY g.ended_at DESC LIMIT $1",
            &[&i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(EndedRow {
                profile: ChainId(row.try_get(0)?),
                device: DeviceId(row.try_get(1)?),
                officer: OfficerId(row.try_get(2)?),
                scope: row.try_get(3)?,
                ended_at: Millis(row.try_get(4)?),
                forgot_at: row.try_get::<_, Option<i64>>(5)?.map(Millis),
            })
        })
        .collect()
}

pub(super) async fn put_proof(tx: &Transaction<'_>, epoch: EpochId, pos: u64, at: Millis) -> Stored<()> {
    tx.execute(
        "INSERT INTO proved_backup (epoch, pos, proved_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[&epoch.0, &int(pos), &at.0],
    )
    .await?;
    Ok(())
}

pub(super) async fn proved(tx: &Transaction<'_>, epoch: EpochId) -> Stored<Option<u64>> {
    let row = tx.query_one("SELECT max(pos) FROM proved_backup WHERE epoch = $1", &[&epoch.0]).await?;
    maybe_number(&row, 0)
}
