//! Holds and erasures: sealed in central's own chain, carried out in the same transaction.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Body, Head, Kind};
use beatbook_domain::id::{ChainId, EntryId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use deadpool_postgres::Transaction;

use super::feed::{FEED_COLUMNS, feed_row};
use super::{Stored, attachments, bytes, custody, force, int, journal, json, kept, number, parse};
use crate::journal::Decided;
use crate::own::{self, OwnChain, OwnError, Run};
use crate::receipt::ReceiptSigner;
use crate::records::{self, Act, told_by_body};
use crate::storage::rows::{FeedRow, ForceRow};
use crate::storage::{Acted, StorageError};

pub(super) async fn act(
    tx: &Transaction<'_>,
    act: &Act,
    at: Millis,
    signer: &ReceiptSigner,
) -> Stored<Acted> {
    lock(tx).await?;
    let force = force(tx).await?.ok_or(StorageError::Content("the force"))?;
    let held = of_kind(tx, Kind::Hold.name(), Millis(i64::MIN), Millis(i64::MAX)).await?;
    let writing = records::decide(act, &of_entry(tx, act.entry).await?, &held, at)?;
    let own = match own_chain(tx).await? {
        Some(own) => own,
        None => {
            let own = OwnChain::mint(at).map_err(OwnError::from)?;
            put_own(tx, &force, own, at).await?;
            own
        }
    };
    let run = own::seal(&force, own, end(tx, own.chain).await?, vec![writing], at)?;
    let (acted, profiles) = take(tx, &force, &run, &[], at, signer).await?;
    journal::add(tx, at, &Decided::Sealed { run, profiles }).await?;
    Ok(acted)
}

/// One act at a time; and nobody becomes a reader between the reading of who reads and the commit.
pub(super) async fn lock(tx: &Transaction<'_>) -> Stored<()> {
    tx.batch_execute(
        "LOCK TABLE own_chain IN SHARE ROW EXCLUSIVE MODE; LOCK TABLE reading IN SHARE ROW EXCLUSIVE MODE",
    )
    .await?;
    Ok(())
}

/// Takes a run of central's own into custody, and carries out what it erases; the profiles ordered to do the same.
pub(super) async fn take(
    tx: &Transaction<'_>,
    force: &ForceRow,
    run: &Run,
    also: &[ChainId],
    at: Millis,
    signer: &ReceiptSigner,
) -> Stored<(Acted, Vec<ChainId>)> {
    let broken = StorageError::Content("a record of central's own");
    let deposit = own::deposit(run, force.force, &own::public(force)).ok_or(broken)?;
    custody::commit(tx, std::slice::from_ref(&deposit), at, signer).await?;
    let (mut acted, mut ordered) =
        (Acted { link: Link::GENESIS, pos: 0, erased: 0, ordered: 0 }, BTreeSet::new());
    for one in &deposit.revisions {
        let row =
            tx.query_one("SELECT central_pos FROM ledger WHERE link = $1", &[&one.link.0.as_slice()]).await?;
        let pos = number(&row, 0)?;
        (acted.link, acted.pos) = (one.link, pos);
        let (Ok(head), Some(body)) = (Head::parse(&one.head), &one.body) else { continue };
        let Ok(body) = Body::parse(head.kind, head.schema, head.change, body) else { continue };
        let links = records::erases(&body);
        if !links.is_empty() {
            let profiles = carry_out(tx, (one.link, pos), &links, also).await?;
            acted.erased += links.len() as u64;
            ordered.extend(profiles);
        }
    }
    acted.ordered = ordered.len() as u64;
    Ok((acted, ordered.into_iter().collect()))
}

/// Deletes words and what was derived from them, and orders it of every profile that may have a copy.
async fn carry_out(
    tx: &Transaction<'_>,
    (erasure, pos): (Link, u64),
    links: &[Link],
    also: &[ChainId],
) -> Stored<BTreeSet<ChainId>> {
    let mut profiles: BTreeSet<ChainId> = also.iter().copied().collect();
    kept::forget(tx, links).await?;
    for link in links {
        let bytes_of = link.0.as_slice();
        tx.execute(
            "INSERT INTO erased (link, erasure) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[&bytes_of, &erasure.0.as_slice()],
        )
        .await?;
        let found = tx
            .query_opt(
                "SELECT r.author, c.profile FROM revision r JOIN ledger l ON l.link = r.link
                 JOIN chain c ON c.chain_id = l.chain_id WHERE r.link = $1",
                &[&bytes_of],
            )
            .await?;
        let Some(row) = found else { continue };
        let (author, writer) = (OfficerId(row.try_get(0)?), ChainId(row.try_get(1)?));
        profiles.insert(writer);
        for pos in positions(tx, *link).await? {
            for scope in scopes_at(tx, pos, *link).await? {
                profiles.extend(readers(tx, &scope).await?);
                if told_by_body(&scope, author) {
                    tx.execute(
                        "DELETE FROM feed WHERE scope = $1 AND pos = $2 AND link = $3",
                        &[&scope.to_string(), &int(pos), &bytes_of],
                    )
                    .await?;
                }
            }
            tx.execute("DELETE FROM crew_claim WHERE pos = $1", &[&int(pos)]).await?;
        }
        attachments::erase(tx, std::slice::from_ref(link)).await?;
        forget_withheld(tx, *link, author).await?;
        tx.execute("UPDATE revision SET body = NULL, salt = NULL WHERE link = $1", &[&bytes_of]).await?;
    }
    for profile in &profiles {
        tx.execute(
            "INSERT INTO erasure_order (profile, pos, erasure) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[&profile.0, &int(pos), &erasure.0.as_slice()],
        )
        .await?;
    }
    Ok(profiles)
}

/// Where a withheld revision would have been fed, without what its body says.
async fn forget_withheld(tx: &Transaction<'_>, link: Link, author: OfficerId) -> Stored<()> {
    let row = tx.query_opt("SELECT scopes FROM withheld WHERE link = $1", &[&link.0.as_slice()]).await?;
    let Some(row) = row else { return Ok(()) };
    let mut scopes: Vec<Scope> = parse(row.try_get(0)?, "scopes")?;
    scopes.retain(|scope| !told_by_body(scope, author));
    tx.execute(
        "UPDATE withheld SET scopes = $2, claim = 'null' WHERE link = $1",
        &[&link.0.as_slice(), &json(&scopes, "scopes")?],
    )
    .await?;
    Ok(())
}

/// Where a revision is fed: at its own position, and at that of a decision about it.
async fn positions(tx: &Transaction<'_>, link: Link) -> Stored<Vec<u64>> {
    let rows = tx
        .query(
            "SELECT central_pos FROM ledger WHERE link = $1
             UNION SELECT central_pos FROM withheld WHERE link = $1 AND central_pos IS NOT NULL",
            &[&link.0.as_slice()],
        )
        .await?;
    rows.iter().map(|row| number(row, 0)).collect()
}

async fn scopes_at(tx: &Transaction<'_>, pos: u64, link: Link) -> Stored<Vec<Scope>> {
    let rows = tx
        .query("SELECT scope FROM feed WHERE pos = $1 AND link = $2", &[&int(pos), &link.0.as_slice()])
        .await?;
    rows.iter()
        .map(|row| row.try_get::<_, &str>(0)?.parse().map_err(|_| StorageError::Content("a scope")))
        .collect()
}

/// Profiles that read a scope, now or once.
async fn readers(tx: &Transaction<'_>, scope: &Scope) -> Stored<Vec<ChainId>> {
    let rows = tx.query("SELECT profile FROM reading WHERE scope = $1", &[&scope.to_string()]).await?;
    rows.iter().map(|row| Ok(ChainId(row.try_get(0)?))).collect()
}

pub(super) async fn own_chain(tx: &Transaction<'_>) -> Stored<Option<OwnChain>> {
    let row = tx.query_opt("SELECT chain_id, self_id FROM own_chain", &[]).await?;
    row.map(|row| Ok(OwnChain { chain: ChainId(row.try_get(0)?), me: row.try_get(1)? })).transpose()
}

/// Adds central's own chain; the same again changes nothing.
pub(super) async fn put_own(tx: &Transaction<'_>, force: &ForceRow, own: OwnChain, at: Millis) -> Stored<()> {
    match own_chain(tx).await? {
        Some(known) if known == own => return Ok(()),
        Some(_) => return Err(StorageError::Content("central's own chain is another one")),
        None => {}
    }
    let key = own::public(force);
    tx.execute("INSERT INTO officer (officer_id, collar) VALUES ($1, $2)", &[&own.me, &own::COLLAR]).await?;
    tx.execute(
        "INSERT INTO device (device_id, transport_key, enrolled_at) VALUES ($1, $2, $3)",
        &[&own.me, &key.0.as_slice(), &at.0],
    )
    .await?;
    tx.execute(
        "INSERT INTO chain (chain_id, profile, role, device_id, officer_id, profile_key, seal_key, enrolled_at)
         VALUES ($1, $1, 'record', $2, $2, $3, $4, $5)",
        &[&own.chain.0, &own.me, &key.0.as_slice(), &[0_u8; 32].as_slice(), &at.0],
    )
    .await?;
    tx.execute("INSERT INTO own_chain (one, chain_id, self_id) VALUES (1, $1, $2)", &[&own.chain.0, &own.me])
        .await?;
    Ok(())
}

async fn end(tx: &Transaction<'_>, chain: ChainId) -> Stored<Option<(u64, Link)>> {
    let row = tx
        .query_opt("SELECT seq, link FROM ledger WHERE chain_id = $1 ORDER BY seq DESC LIMIT 1", &[&chain.0])
        .await?;
    row.map(|row| Ok((number(&row, 0)?, Link(bytes(&row, 1)?)))).transpose()
}

pub(super) async fn of_entry(tx: &Transaction<'_>, entry: EntryId) -> Stored<Vec<FeedRow>> {
    let select = format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.entry_id = $1 ORDER BY l.central_pos"
    );
    tx.query(&select, &[&entry.0]).await?.iter().map(feed_row).collect()
}

pub(super) async fn of_kind(
    tx: &Transaction<'_>,
    kind: &str,
    from: Millis,
    until: Millis,
) -> Stored<Vec<FeedRow>> {
    let select = format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.kind = $1 AND r.written_at >= $2 AND r.written_at < $3 ORDER BY l.central_pos"
    );
    tx.query(&select, &[&kind, &from.0, &until.0]).await?.iter().map(feed_row).collect()
}

pub(super) async fn readable(
    tx: &Transaction<'_>,
    links: &[Link],
    scopes: &[Scope],
) -> Stored<Vec<(FeedRow, Vec<Scope>)>> {
    let select = format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM ledger l JOIN revision r ON r.link = l.link WHERE l.link = $1"
    );
    let mut found = Vec::new();
    for link in links {
        let Some(row) = tx.query_opt(&select, &[&link.0.as_slice()]).await? else { continue };
        let mut by = Vec::new();
        for pos in positions(tx, *link).await? {
            by.extend(scopes_at(tx, pos, *link).await?.into_iter().filter(|scope| scopes.contains(scope)));
        }
        found.push((feed_row(&row)?, by));
    }
    Ok(found)
}

pub(super) async fn erased_but_here(tx: &Transaction<'_>) -> Stored<u64> {
    let row = tx
        .query_one(
            "SELECT count(*) FROM erased e JOIN revision r ON r.link = e.link
             WHERE r.body IS NOT NULL OR r.salt IS NOT NULL",
            &[],
        )
        .await?;
    number(&row, 0)
}

pub(super) async fn erased_among(tx: &Transaction<'_>, links: &[Link]) -> Stored<BTreeSet<Link>> {
    if links.is_empty() {
        return Ok(BTreeSet::new());
    }
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let rows = tx.query("SELECT link FROM erased WHERE link = ANY($1)", &[&links]).await?;
    rows.iter().map(|row| Ok(Link(bytes(row, 0)?))).collect()
}
