//! Holds and erasures: sealed in central's own chain, carried out in the same transaction.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Body, Head, Kind};
use beatbook_domain::id::{ChainId, EntryId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::feed::{FEED_COLUMNS, feed_row, with_problems};
use super::{Blob, Stored, attachments, custody, force, id, int, journal, json, kept, number, parse};
use crate::journal::Decided;
use crate::own::{self, OwnChain, OwnError, Run};
use crate::receipt::ReceiptSigner;
use crate::records::{self, Act, told_by_body};
use crate::storage::rows::{FeedRow, ForceRow};
use crate::storage::{Acted, StorageError};

pub(super) fn act(tx: &Transaction<'_>, act: &Act, at: Millis, signer: &ReceiptSigner) -> Stored<Acted> {
    let force = force(tx)?.ok_or(StorageError::Content("the force"))?;
    let held = of_kind(tx, Kind::Hold.name(), Millis(i64::MIN), Millis(i64::MAX))?;
    let writing = records::decide(act, &of_entry(tx, act.entry)?, &held, at)?;
    let own = match own_chain(tx)? {
        Some(own) => own,
        None => {
            let own = OwnChain::mint(at).map_err(OwnError::from)?;
            put_own(tx, &force, own, at)?;
            own
        }
    };
    let run = own::seal(&force, own, end(tx, own.chain)?, vec![writing], at)?;
    let (acted, profiles) = take(tx, &force, &run, &[], at, signer)?;
    journal::add(tx, at, &Decided::Sealed { run, profiles })?;
    Ok(acted)
}

/// Takes a run of central's own into custody, and carries out what it erases; the profiles ordered to do the same.
pub(super) fn take(
    tx: &Transaction<'_>,
    force: &ForceRow,
    run: &Run,
    also: &[ChainId],
    at: Millis,
    signer: &ReceiptSigner,
) -> Stored<(Acted, Vec<ChainId>)> {
    let broken = StorageError::Content("a record of central's own");
    let deposit = own::deposit(run, force.force, &own::public(force)).ok_or(broken)?;
    custody::commit(tx, std::slice::from_ref(&deposit), at, signer)?;
    let (mut acted, mut ordered) =
        (Acted { link: Link::GENESIS, pos: 0, erased: 0, ordered: 0 }, BTreeSet::new());
    for one in &deposit.revisions {
        let pos =
            tx.query_row("SELECT central_pos FROM ledger WHERE link = ?1", [Blob(one.link)], |row| {
                number(row, 0)
            })?;
        (acted.link, acted.pos) = (one.link, pos);
        let (Ok(head), Some(body)) = (Head::parse(&one.head), &one.body) else { continue };
        let Ok(body) = Body::parse(head.kind, head.schema, head.change, body) else { continue };
        let links = records::erases(&body);
        if !links.is_empty() {
            let profiles = carry_out(tx, (one.link, pos), &links, also)?;
            acted.erased += links.len() as u64;
            ordered.extend(profiles);
        }
    }
    acted.ordered = ordered.len() as u64;
    Ok((acted, ordered.into_iter().collect()))
}

/// Deletes words and what was derived from them, and orders it of every profile that may have a copy.
fn carry_out(
    tx: &Transaction<'_>,
    (erasure, pos): (Link, u64),
    links: &[Link],
    also: &[ChainId],
) -> Stored<BTreeSet<ChainId>> {
    let mut profiles: BTreeSet<ChainId> = also.iter().copied().collect();
    kept::forget(tx, links)?;
    for link in links {
        tx.prepare_cached("INSERT INTO erased (link, erasure) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![Blob(*link), Blob(erasure)])?;
        let found = tx
            .prepare_cached(
                "SELECT r.author, c.profile FROM revision r JOIN ledger l ON l.link = r.link
                 JOIN chain c ON c.chain_id = l.chain_id WHERE r.link = ?1",
            )?
            .query_row([Blob(*link)], |row| Ok((id::<OfficerId>(row, 0)?, id::<ChainId>(row, 1)?)))
            .optional()?;
        let Some((author, writer)) = found else { continue };
        profiles.insert(writer);
        for pos in positions(tx, *link)? {
            for scope in scopes_at(tx, pos, *link)? {
                profiles.extend(readers(tx, &scope)?);
                if told_by_body(&scope, author) {
                    tx.prepare_cached("DELETE FROM feed WHERE scope = ?1 AND pos = ?2 AND link = ?3")?
                        .execute(params![scope.to_string(), int(pos), Blob(*link)])?;
                }
            }
            tx.prepare_cached("DELETE FROM crew_claim WHERE pos = ?1")?.execute([int(pos)])?;
        }
        attachments::erase(tx, std::slice::from_ref(link))?;
        forget_withheld(tx, *link, author)?;
        tx.prepare_cached("UPDATE revision SET body = NULL, salt = NULL WHERE link = ?1")?
            .execute([Blob(*link)])?;
    }
    for profile in &profiles {
        tx.prepare_cached(
            "INSERT INTO erasure_order (profile, pos, erasure) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![Blob(*profile), int(pos), Blob(erasure)])?;
    }
    Ok(profiles)
}

/// Where a withheld revision would have been fed, without what its body says.
fn forget_withheld(tx: &Transaction<'_>, link: Link, author: OfficerId) -> Stored<()> {
    let scopes = tx
        .prepare_cached("SELECT scopes FROM withheld WHERE link = ?1")?
        .query_row([Blob(link)], |row| row.get::<_, String>(0))
        .optional()?;
    let Some(scopes) = scopes else { return Ok(()) };
    let mut scopes: Vec<Scope> = parse(&scopes, "scopes")?;
    scopes.retain(|scope| !told_by_body(scope, author));
    tx.execute(
        "UPDATE withheld SET scopes = ?2, claim = 'null' WHERE link = ?1",
        params![Blob(link), json(&scopes, "scopes")?],
    )?;
    Ok(())
}

/// Where a revision is fed: at its own position, and at that of a decision about it.
fn positions(tx: &Transaction<'_>, link: Link) -> Stored<Vec<u64>> {
    let mut statement = tx.prepare_cached(
        "SELECT central_pos FROM ledger WHERE link = ?1
         UNION SELECT central_pos FROM withheld WHERE link = ?1 AND central_pos IS NOT NULL",
    )?;
    Ok(statement.query_map([Blob(link)], |row| number(row, 0))?.collect::<Result<_, _>>()?)
}

fn scopes_at(tx: &Transaction<'_>, pos: u64, link: Link) -> Stored<Vec<Scope>> {
    let mut statement = tx.prepare_cached("SELECT scope FROM feed WHERE pos = ?1 AND link = ?2")?;
    let rows = statement.query_map(params![int(pos), Blob(link)], |row| row.get::<_, String>(0))?;
    let mut scopes = Vec::new();
    for row in rows {
        scopes.push(row?.parse().map_err(|_| StorageError::Content("a scope"))?);
    }
    Ok(scopes)
}

/// Profiles that read a scope, now or once.
fn readers(tx: &Transaction<'_>, scope: &Scope) -> Stored<Vec<ChainId>> {
    let mut statement = tx.prepare_cached("SELECT profile FROM reading WHERE scope = ?1")?;
    Ok(statement.query_map([scope.to_string()], |row| id(row, 0))?.collect::<Result<_, _>>()?)
}

pub(super) fn own_chain(tx: &Transaction<'_>) -> Stored<Option<OwnChain>> {
    let own = tx
        .query_row("SELECT chain_id, self_id FROM own_chain", [], |row| {
            Ok(OwnChain { chain: id(row, 0)?, me: id::<OfficerId>(row, 1)?.0 })
        })
        .optional()?;
    Ok(own)
}

/// Adds central's own chain; the same again changes nothing.
pub(super) fn put_own(tx: &Transaction<'_>, force: &ForceRow, own: OwnChain, at: Millis) -> Stored<()> {
    match own_chain(tx)? {
        Some(known) if known == own => return Ok(()),
        Some(_) => return Err(StorageError::Content("central's own chain is another one")),
        None => {}
    }
    let (officer, device, key) = (own.officer(), own.device(), own::public(force));
    tx.execute(
        "INSERT INTO officer (officer_id, collar) VALUES (?1, ?2)",
        params![Blob(officer), own::COLLAR],
    )?;
    tx.execute(
        "INSERT INTO device (device_id, transport_key, enrolled_at) VALUES (?1, ?2, ?3)",
        params![Blob(device), Blob(key), at.0],
    )?;
    tx.execute(
        "INSERT INTO chain (chain_id, profile, role, device_id, officer_id, profile_key, seal_key, enrolled_at)
         VALUES (?1, ?1, 'record', ?2, ?3, ?4, zeroblob(32), ?5)",
        params![Blob(own.chain), Blob(device), Blob(officer), Blob(key), at.0],
    )?;
    tx.execute(
        "INSERT INTO own_chain (one, chain_id, self_id) VALUES (1, ?1, ?2)",
        params![Blob(own.chain), Blob(officer)],
    )?;
    Ok(())
}

fn end(tx: &Transaction<'_>, chain: ChainId) -> Stored<Option<(u64, Link)>> {
    let end = tx
        .query_row(
            "SELECT seq, link FROM ledger WHERE chain_id = ?1 ORDER BY seq DESC LIMIT 1",
            [Blob(chain)],
            |row| Ok((number(row, 0)?, id(row, 1)?)),
        )
        .optional()?;
    Ok(end)
}

pub(super) fn of_entry(tx: &Transaction<'_>, entry: EntryId) -> Stored<Vec<FeedRow>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.entry_id = ?1 ORDER BY l.central_pos"
    ))?;
    statement.query_map([Blob(entry)], feed_row)?.map(with_problems).collect()
}

pub(super) fn of_kind(tx: &Transaction<'_>, kind: &str, from: Millis, until: Millis) -> Stored<Vec<FeedRow>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM revision r JOIN ledger l ON l.link = r.link
         WHERE r.kind = ?1 AND r.written_at >= ?2 AND r.written_at < ?3 ORDER BY l.central_pos"
    ))?;
    statement.query_map(params![kind, from.0, until.0], feed_row)?.map(with_problems).collect()
}

pub(super) fn readable(
    tx: &Transaction<'_>,
    links: &[Link],
    scopes: &[Scope],
) -> Stored<Vec<(FeedRow, Vec<Scope>)>> {
    let mut found = Vec::new();
    let mut statement = tx.prepare_cached(&format!(
        "SELECT l.central_pos, {FEED_COLUMNS} FROM ledger l JOIN revision r ON r.link = l.link WHERE l.link = ?1"
    ))?;
    for link in links {
        let Some(row) = statement.query_map([Blob(*link)], feed_row)?.next() else { continue };
        let mut by = Vec::new();
        for pos in positions(tx, *link)? {
            by.extend(scopes_at(tx, pos, *link)?.into_iter().filter(|scope| scopes.contains(scope)));
        }
        found.push((with_problems(row)?, by));
    }
    Ok(found)
}

pub(super) fn erased_but_here(tx: &Transaction<'_>) -> Stored<u64> {
    Ok(tx.query_row(
        "SELECT count(*) FROM erased e JOIN revision r ON r.link = e.link
         WHERE r.body IS NOT NULL OR r.salt IS NOT NULL",
        [],
        |row| number(row, 0),
    )?)
}

pub(super) fn erased_among(tx: &Transaction<'_>, links: &[Link]) -> Stored<BTreeSet<Link>> {
    let mut statement = tx.prepare_cached("SELECT 1 FROM erased WHERE link = ?1")?;
    let mut erased = BTreeSet::new();
    for link in links {
        if statement.exists([Blob(*link)])? {
            erased.insert(*link);
        }
    }
    Ok(erased)
}
