//! Taking revisions into custody: ledger, bodies, feed, manifests and receipts in one transaction.

use std::collections::{BTreeMap, HashMap};

use beatbook_domain::entry::Kind;
use beatbook_domain::id::{ChainId, Digest, Link};
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::ChainEnd;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    Blob, Stored, attachments, devices, id, int, journal, json, kept, maybe_id, number, parse, records,
};
use crate::receipt::ReceiptSigner;
use crate::storage::StorageError;
use crate::storage::plan::{self, ChainState, Foretold, Held, Plan};
use crate::storage::rows::{Deposit, Deposited, Parent};

pub(super) fn commit(
    tx: &Transaction<'_>,
    group: &[Deposit],
    at: Millis,
    signer: &ReceiptSigner,
) -> Stored<Vec<Deposited>> {
    let mut chains = BTreeMap::new();
    for chain in plan::chains_of(group) {
        chains.insert(chain, chain_state(tx, chain)?);
    }
    let mut held = HashMap::new();
    for link in plan::links_of(group) {
        if let Some(known) = held_before(tx, link)? {
            held.insert(link, known);
        }
    }
    let foretold = foretold(tx, group, &held)?;
    let plan = plan::plan(group, chains, &held, &foretold);
    write_beside(tx, group, &plan, at)?;
    // Nothing below but rows that need the number.
    let end: i64 = tx.query_row(
        "UPDATE head SET n = n + ?1 WHERE name = 'ledger' RETURNING n",
        [int(plan.count())],
        |row| row.get(0),
    )?;
    let first_pos = u64::try_from(end).unwrap_or_default() + 1 - plan.count();
    write_positioned(tx, &plan, first_pos, at)?;
    let answers = plan.answers(group, first_pos, at, signer)?;
    for (deposit, answer) in group.iter().zip(&answers) {
        if let Some(receipts) = &answer.receipts {
            tx.prepare_cached(
                "INSERT INTO receipt_list (list_id, device_id, at, text, signature, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                Blob(digest(receipts.list.as_bytes())),
                Blob(deposit.device),
                at.0,
                receipts.list,
                Blob(receipts.signature),
                Blob(receipts.key)
            ])?;
        }
    }
    Ok(answers)
}

/// What was decided about new revisions before they came.
fn foretold(tx: &Transaction<'_>, group: &[Deposit], held: &HashMap<Link, Held>) -> Stored<Foretold> {
    let new: Vec<Link> = plan::links_of(group).into_iter().filter(|link| !held.contains_key(link)).collect();
    let mut foretold =
        Foretold { erased: records::erased_among(tx, &new)?.into_iter().collect(), ..Foretold::default() };
    let withheld = group.iter().flat_map(|deposit| &deposit.revisions).filter(|custody| custody.withheld);
    for custody in withheld {
        if let Some(decision) = journal::decided(tx, custody.link)? {
            foretold.decided.insert(custody.link, decision);
        }
    }
    Ok(foretold)
}

fn chain_state(tx: &Transaction<'_>, chain: ChainId) -> Stored<ChainState> {
    let mut statement =
        tx.prepare_cached("SELECT verified_to, verified_link, split_at FROM chain WHERE chain_id = ?1")?;
    let state = statement
        .query_row([Blob(chain)], |row| {
            let to = row.get::<_, Option<i64>>(0)?.and_then(|seq| u64::try_from(seq).ok());
            let split_at = row.get::<_, Option<i64>>(2)?.and_then(|seq| u64::try_from(seq).ok());
            Ok(ChainState { verified: to.zip(maybe_id(row, 1)?), split_at, tail: Vec::new() })
        })
        .optional()?;
    let mut state = state.unwrap_or_default();
    let mut statement = tx.prepare_cached(
        "SELECT l.seq, l.link, r.before_link FROM ledger l JOIN revision r ON r.link = l.link
         WHERE l.chain_id = ?1 AND l.seq > ?2",
    )?;
    let from = state.verified.map_or(-1, |(seq, _)| int(seq));
    let rows = statement.query_map(params![Blob(chain), from], |row| {
        Ok((number(row, 0)?, id::<Link>(row, 1)?, id::<Link>(row, 2)?))
    })?;
    state.tail = rows.collect::<Result<_, _>>()?;
    Ok(state)
}

fn held_before(tx: &Transaction<'_>, link: Link) -> Stored<Option<Held>> {
    let mut statement = tx.prepare_cached(
        "SELECT l.central_pos, l.received_at, r.problems FROM ledger l JOIN revision r ON r.link = l.link
         WHERE l.link = ?1",
    )?;
    let row = statement
        .query_row([Blob(link)], |row| Ok((number(row, 0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?)))
        .optional()?;
    row.map(|(pos, received_at, problems)| {
        Ok(Held { pos, received_at: Millis(received_at), problems: parse(&problems, "problems")? })
    })
    .transpose()
}

/// What needs no position: bodies, manifests, chains, the word of each device.
fn write_beside(tx: &Transaction<'_>, group: &[Deposit], plan: &Plan<'_>, at: Millis) -> Stored<()> {
    for fresh in &plan.fresh {
        let custody = fresh.custody;
        let columns = &custody.columns;
        tx.prepare_cached(
            "INSERT INTO revision (link, before_link, head, body, salt, commitment, manifest_id, problems, entry_id,
                                   kind, author, shift_id, written_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            Blob(custody.link),
            Blob(custody.before),
            custody.head,
            fresh.body(),
            fresh.salt().map(Blob),
            Blob(custody.commit),
            Blob(custody.manifest),
            json(&fresh.problems, "problems")?,
            Blob(columns.entry),
            columns.kind,
            Blob(columns.author),
            columns.shift.map(Blob),
            columns.written_at.0
        ])?;
        if !fresh.erased {
            attachments::name(tx, custody)?;
        }
    }
    for manifest in &plan.manifests {
        tx.prepare_cached(
            "INSERT INTO manifest (manifest_id, chain_id, first_seq, last_seq, text, signature, refused, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            Blob::<Digest>(manifest.id),
            Blob(manifest.chain),
            int(manifest.first),
            int(manifest.last),
            manifest.text,
            Blob(manifest.signature),
            json(&manifest.refused, "refused")?,
            at.0
        ])?;
    }
    for (chain, state) in &plan.chains {
        tx.prepare_cached(
            "UPDATE chain SET verified_to = ?2, verified_link = ?3, split_at = ?4 WHERE chain_id = ?1",
        )?
        .execute(params![
            Blob(*chain),
            state.verified.map(|(seq, _)| int(seq)),
            state.verified.map(|(_, link)| Blob(link)),
            state.split_at.map(int)
        ])?;
    }
    for (deposit, heartbeat) in group.iter().filter_map(|one| Some((one, one.heartbeat.as_ref()?))) {
        tx.prepare_cached(
            "INSERT INTO contact (device_id, officer_id, profile, last_heard, drift_ms, heartbeat)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (device_id, officer_id) DO UPDATE SET profile = excluded.profile,
                 last_heard = excluded.last_heard, drift_ms = excluded.drift_ms, heartbeat = excluded.heartbeat",
        )?
        .execute(params![
            Blob(deposit.device),
            Blob(deposit.officer),
            Blob(deposit.profile),
            at.0,
            deposit.drift_ms,
            json(heartbeat, "heartbeat")?
        ])?;
    }
    Ok(())
}

/// Ledger, feed and crew claims: the rows that carry a position.
fn write_positioned(tx: &Transaction<'_>, plan: &Plan<'_>, first_pos: u64, at: Millis) -> Stored<()> {
    for (pos, fresh) in (first_pos..).zip(&plan.fresh) {
        let custody = fresh.custody;
        let inserted = tx
            .prepare_cached(
                "INSERT INTO ledger (link, chain_id, seq, central_pos, received_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![Blob(custody.link), Blob(custody.chain), int(custody.seq), int(pos), at.0])?;
        if inserted != 1 {
            return Err(StorageError::Raced);
        }
        if let Some(decided) = &fresh.withheld {
            devices::withhold(tx, fresh, decided.as_ref())?;
            continue;
        }
        for scope in fresh.scopes() {
            tx.prepare_cached(
                "INSERT INTO feed (scope, pos, link) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute(params![scope.to_string(), int(pos), Blob(custody.link)])?;
        }
        if let Some((shift, by, member, opens)) = fresh.claim() {
            tx.prepare_cached(
                "INSERT INTO crew_claim (shift_id, claimed_by, member, opens, pos, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            )?
            .execute(params![Blob(shift), Blob(by), Blob(member), opens, int(pos), at.0])?;
        }
    }
    kept::touch(tx, &plan.touched())
}

pub(super) fn parents(tx: &Transaction<'_>, links: &[Link]) -> Stored<HashMap<Link, Parent>> {
    let mut statement = tx.prepare_cached(
        "SELECT r.entry_id, r.kind, c.officer_id, r.head, r.written_at FROM revision r
         JOIN ledger l ON l.link = r.link JOIN chain c ON c.chain_id = l.chain_id WHERE r.link = ?1",
    )?;
    let mut parents = HashMap::new();
    for link in links {
        let parent = statement
            .query_row([Blob(*link)], |row| {
                Ok(Parent {
                    entry: id(row, 0)?,
                    kind: Kind::from_name(&row.get::<_, String>(1)?),
                    officer: id(row, 2)?,
                    written: plan::written(&row.get::<_, Vec<u8>>(3)?, Millis(row.get(4)?)),
                })
            })
            .optional()?;
        parents.extend(parent.map(|parent| (*link, parent)));
    }
    Ok(parents)
}

pub(super) fn ends(tx: &Transaction<'_>, profile: ChainId) -> Stored<Vec<ChainEnd>> {
    let mut statement =
        tx.prepare_cached("SELECT chain_id, verified_to FROM chain WHERE profile = ?1 ORDER BY role DESC")?;
    let chains = statement
        .query_map([Blob(profile)], |row| Ok((id::<ChainId>(row, 0)?, row.get::<_, Option<i64>>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut ends = Vec::with_capacity(chains.len());
    for (chain_id, verified_to) in chains {
        let newest = tx
            .prepare_cached(
                "SELECT seq, link FROM ledger WHERE chain_id = ?1 ORDER BY seq DESC, central_pos LIMIT 1",
            )?
            .query_row([Blob(chain_id)], |row| Ok((number(row, 0)?, id::<Link>(row, 1)?)))
            .optional()?;
        ends.push(ChainEnd {
            chain_id,
            seq: newest.map(|(seq, _)| seq),
            link: newest.map(|(_, link)| link),
            verified_to: verified_to.and_then(|seq| u64::try_from(seq).ok()),
        });
    }
    Ok(ends)
}

pub(super) fn held(tx: &Transaction<'_>, chain: ChainId, seq: u64) -> Stored<Vec<(Link, Vec<u8>)>> {
    let mut statement = tx.prepare_cached(
        "SELECT l.link, r.head FROM ledger l JOIN revision r ON r.link = l.link
         WHERE l.chain_id = ?1 AND l.seq = ?2 ORDER BY l.central_pos",
    )?;
    let rows = statement.query_map(params![Blob(chain), int(seq)], |row| Ok((id(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn position(tx: &Transaction<'_>) -> Stored<u64> {
    Ok(tx.query_row("SELECT n FROM head WHERE name = 'ledger'", [], |row| number(row, 0))?)
}
