//! Taking revisions into custody: ledger, bodies, feed, manifests and receipts in one transaction.

use std::collections::{BTreeMap, HashMap};

use beatbook_domain::entry::Kind;
use beatbook_domain::id::{ChainId, EntryId, Link, OfficerId};
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::ChainEnd;
use deadpool_postgres::Transaction;
use uuid::Uuid;

use super::{
    Stored, attachments, bytes, devices, int, journal, json, kept, maybe_bytes, maybe_number, number, parse,
    records,
};
use crate::receipt::ReceiptSigner;
use crate::storage::StorageError;
use crate::storage::plan::{self, ChainState, Foretold, Held, Plan};
use crate::storage::rows::{Deposit, Deposited, Parent};

pub(super) async fn commit(
    tx: &Transaction<'_>,
    group: &[Deposit],
    at: Millis,
    signer: &ReceiptSigner,
) -> Stored<Vec<Deposited>> {
    // Chains are locked in order before anything else: what two processes hold of one chain never overlaps.
    let chains = lock_chains(tx, &plan::chains_of(group)).await?;
    let held = held_before(tx, &plan::links_of(group)).await?;
    let foretold = foretold(tx, group, &held).await?;
    let plan = plan::plan(group, chains, &held, &foretold);
    write_beside(tx, group, &plan, at).await?;
    let mut first_pos = 1;
    if plan.count() > 0 {
        // Nothing below but rows that need the number.
        let end = tx
            .query_one("UPDATE head SET n = n + $1 WHERE name = 'ledger' RETURNING n", &[&int(plan.count())])
            .await?;
        first_pos = number(&end, 0)? + 1 - plan.count();
        write_positioned(tx, &plan, first_pos, at).await?;
    }
    let answers = plan.answers(group, first_pos, at, signer)?;
    let mut lists = [const { Vec::new() }; 4];
    let mut devices = Vec::new();
    for (deposit, answer) in group.iter().zip(&answers) {
        if let Some(receipts) = &answer.receipts {
            let values: [&[u8]; 4] = [
                &digest(receipts.list.as_bytes()).0,
                receipts.list.as_bytes(),
                &receipts.signature.0,
                &receipts.key.0,
            ];
            for (list, value) in lists.iter_mut().zip(values) {
                list.push(value.to_vec());
            }
            devices.push(deposit.device.0);
        }
    }
    if !devices.is_empty() {
        let [ids, texts, signatures, keys] = lists;
        tx.execute(
            "INSERT INTO receipt_list (list_id, device_id, at, text, signature, key)
             SELECT l.id, l.device, $6, convert_from(l.text, 'UTF8'), l.signature, l.key
             FROM unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[])
                  AS l (id, device, text, signature, key)
             ON CONFLICT DO NOTHING",
            &[&ids, &devices, &texts, &signatures, &keys, &at.0],
        )
        .await?;
    }
    Ok(answers)
}

/// What was decided about new revisions before they came.
async fn foretold(tx: &Transaction<'_>, group: &[Deposit], held: &HashMap<Link, Held>) -> Stored<Foretold> {
    let new: Vec<Link> = plan::links_of(group).into_iter().filter(|link| !held.contains_key(link)).collect();
    let withheld = group.iter().flat_map(|deposit| &deposit.revisions).filter(|custody| custody.withheld);
    let withheld: Vec<Link> = withheld.map(|custody| custody.link).collect();
    Ok(Foretold {
        erased: records::erased_among(tx, &new).await?.into_iter().collect(),
        decided: journal::decided(tx, &withheld).await?,
    })
}

async fn lock_chains(tx: &Transaction<'_>, chains: &[ChainId]) -> Stored<BTreeMap<ChainId, ChainState>> {
    let mut states = BTreeMap::new();
    if chains.is_empty() {
        return Ok(states);
    }
    let ids: Vec<Uuid> = chains.iter().map(|chain| chain.0).collect();
    let rows = tx
        .query(
            "SELECT chain_id, verified_to, verified_link, split_at FROM chain WHERE chain_id = ANY($1)
             ORDER BY chain_id FOR UPDATE",
            &[&ids],
        )
        .await?;
    for row in &rows {
        let verified = maybe_number(row, 1)?.zip(maybe_bytes(row, 2)?.map(Link));
        let state = ChainState { verified, split_at: maybe_number(row, 3)?, tail: Vec::new() };
        states.insert(ChainId(row.try_get(0)?), state);
    }
    let tails = tx
        .query(
            "SELECT c.chain_id, l.seq, l.link, r.before_link FROM chain c
             JOIN ledger l ON l.chain_id = c.chain_id AND l.seq > coalesce(c.verified_to, -1)
             JOIN revision r ON r.link = l.link WHERE c.chain_id = ANY($1)",
            &[&ids],
        )
        .await?;
    for row in &tails {
        if let Some(state) = states.get_mut(&ChainId(row.try_get(0)?)) {
            state.tail.push((number(row, 1)?, Link(bytes(row, 2)?), Link(bytes(row, 3)?)));
        }
    }
    Ok(states)
}

async fn held_before(tx: &Transaction<'_>, links: &[Link]) -> Stored<HashMap<Link, Held>> {
    let mut held = HashMap::new();
    if links.is_empty() {
        return Ok(held);
    }
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let rows = tx
        .query(
            "SELECT l.link, l.central_pos, l.received_at, r.problems FROM ledger l JOIN revision r ON r.link = l.link
             WHERE l.link = ANY($1)",
            &[&links],
        )
        .await?;
    for row in &rows {
        let known = Held {
            pos: number(row, 1)?,
            received_at: Millis(row.try_get(2)?),
            problems: parse(row.try_get(3)?, "problems")?,
        };
        held.insert(Link(bytes(row, 0)?), known);
    }
    Ok(held)
}

/// What needs no position: bodies, manifests, chains, the word of each device.
async fn write_beside(tx: &Transaction<'_>, group: &[Deposit], plan: &Plan<'_>, at: Millis) -> Stored<()> {
    write_bodies(tx, plan).await?;
    for manifest in &plan.manifests {
        tx.execute(
            "INSERT INTO manifest (manifest_id, chain_id, first_seq, last_seq, text, signature, refused, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            &[
                &manifest.id.0.as_slice(),
                &manifest.chain.0,
                &int(manifest.first),
                &int(manifest.last),
                &manifest.text,
                &manifest.signature.0.as_slice(),
                &json(&manifest.refused, "refused")?,
                &at.0,
            ],
        )
        .await?;
    }
    for (chain, state) in &plan.chains {
        tx.execute(
            "UPDATE chain SET verified_to = $2, verified_link = $3, split_at = $4 WHERE chain_id = $1",
            &[
                &chain.0,
                &state.verified.map(|(seq, _)| int(seq)),
                &state.verified.map(|(_, link)| link.0.to_vec()),
                &state.split_at.map(int),
            ],
        )
        .await?;
    }
    // In the order of the key, so that two processes never wait for each other in a ring; the latest word counts.
    let contacts: BTreeMap<_, _> = group
        .iter()
        .filter(|one| one.heartbeat.is_some())
        .map(|one| ((one.device, one.officer), one))
        .collect();
    for deposit in contacts.values() {
        tx.execute(
            "INSERT INTO contact (device_id, officer_id, profile, last_heard, drift_ms, heartbeat)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (device_id, officer_id) DO UPDATE SET profile = excluded.profile,
                 last_heard = excluded.last_heard, drift_ms = excluded.drift_ms, heartbeat = excluded.heartbeat",
            &[
                &deposit.device.0,
                &deposit.officer.0,
                &deposit.profile.0,
                &at.0,
                &deposit.drift_ms,
                &json(&deposit.heartbeat, "heartbeat")?,
            ],
        )
        .await?;
    }
    Ok(())
}

async fn write_bodies(tx: &Transaction<'_>, plan: &Plan<'_>) -> Stored<()> {
    if plan.fresh.is_empty() {
        return Ok(());
    }
    let all = || plan.fresh.iter().map(|fresh| fresh.custody);
    let links: Vec<&[u8]> = all().map(|c| c.link.0.as_slice()).collect();
    let befores: Vec<&[u8]> = all().map(|c| c.before.0.as_slice()).collect();
    let heads: Vec<&[u8]> = all().map(|c| c.head.as_slice()).collect();
    let bodies: Vec<Option<&[u8]>> = plan.fresh.iter().map(|fresh| fresh.body()).collect();
    let salts: Vec<Option<Vec<u8>>> =
        plan.fresh.iter().map(|fresh| fresh.salt().map(|salt| salt.0.to_vec())).collect();
    let commits: Vec<&[u8]> = all().map(|c| c.commit.0.as_slice()).collect();
    let manifests: Vec<&[u8]> = all().map(|c| c.manifest.0.as_slice()).collect();
    let problems =
        plan.fresh.iter().map(|f| json(&f.problems, "problems")).collect::<Stored<Vec<String>>>()?;
    let entries: Vec<Uuid> = all().map(|c| c.columns.entry.0).collect();
    let kinds: Vec<&str> = all().map(|c| c.columns.kind.as_str()).collect();
    let authors: Vec<Uuid> = all().map(|c| c.columns.author.0).collect();
    let shifts: Vec<Option<Uuid>> = all().map(|c| c.columns.shift.map(|shift| shift.0)).collect();
    let written: Vec<i64> = all().map(|c| c.columns.written_at.0).collect();
    tx.execute(
        "INSERT INTO revision (link, before_link, head, body, salt, commitment, manifest_id, problems, entry_id, kind,
                               author, shift_id, written_at)
         SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],
                              $7::bytea[], $8::text[], $9::uuid[], $10::text[], $11::uuid[], $12::uuid[], $13::bigint[])",
        &[
            &links, &befores, &heads, &bodies, &salts, &commits, &manifests, &problems, &entries, &kinds, &authors,
            &shifts, &written,
        ],
    )
    .await?;
    for fresh in plan.fresh.iter().filter(|fresh| !fresh.erased) {
        attachments::name(tx, fresh.custody).await?;
    }
    Ok(())
}

/// Ledger, feed and crew claims: the rows that carry a position.
async fn write_positioned(tx: &Transaction<'_>, plan: &Plan<'_>, first_pos: u64, at: Millis) -> Stored<()> {
    let placed = || (first_pos..).zip(plan.fresh.iter().map(|fresh| fresh.custody));
    let links: Vec<&[u8]> = placed().map(|(_, c)| c.link.0.as_slice()).collect();
    let chains: Vec<Uuid> = placed().map(|(_, c)| c.chain.0).collect();
    let seqs: Vec<i64> = placed().map(|(_, c)| int(c.seq)).collect();
    let positions: Vec<i64> = placed().map(|(pos, _)| int(pos)).collect();
    let inserted = tx
        .execute(
            "INSERT INTO ledger (link, chain_id, seq, central_pos, received_at)
             SELECT l.link, l.chain_id, l.seq, l.pos, $5
             FROM unnest($1::bytea[], $2::uuid[], $3::bigint[], $4::bigint[]) AS l (link, chain_id, seq, pos)
             ON CONFLICT DO NOTHING",
            &[&links, &chains, &seqs, &positions, &at.0],
        )
        .await?;
    if inserted != plan.count() {
        return Err(StorageError::Raced);
    }
    for fresh in &plan.fresh {
        if let Some(decided) = &fresh.withheld {
            devices::withhold(tx, fresh, decided.as_ref()).await?;
        }
    }
    let placed = || (first_pos..).zip(&plan.fresh).filter(|(_, fresh)| fresh.withheld.is_none());
    let feed =
        || placed().flat_map(|(pos, one)| one.scopes().map(move |scope| (scope, pos, one.custody.link)));
    let scopes: Vec<String> = feed().map(|(scope, ..)| scope.to_string()).collect();
    let positions: Vec<i64> = feed().map(|(_, pos, _)| int(pos)).collect();
    let links: Vec<Vec<u8>> = feed().map(|(.., link)| link.0.to_vec()).collect();
    tx.execute(
        "INSERT INTO feed (scope, pos, link) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[])
         ON CONFLICT DO NOTHING",
        &[&scopes, &positions, &links],
    )
    .await?;
    for (pos, fresh) in placed() {
        if let Some((shift, by, member, opens)) = fresh.claim() {
            tx.execute(
                "INSERT INTO crew_claim (shift_id, claimed_by, member, opens, pos, received_at)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                &[&shift.0, &by.0, &member.0, &opens, &int(pos), &at.0],
            )
            .await?;
        }
    }
    kept::touch(tx, &plan.touched()).await
}

pub(super) async fn parents(tx: &Transaction<'_>, links: &[Link]) -> Stored<HashMap<Link, Parent>> {
    if links.is_empty() {
        return Ok(HashMap::new());
    }
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let rows = tx
        .query(
            "SELECT r.link, r.entry_id, r.kind, c.officer_id, r.head, r.written_at FROM revision r
             JOIN ledger l ON l.link = r.link JOIN chain c ON c.chain_id = l.chain_id WHERE r.link = ANY($1)",
            &[&links],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let parent = Parent {
                entry: EntryId(row.try_get(1)?),
                kind: Kind::from_name(row.try_get(2)?),
                officer: OfficerId(row.try_get(3)?),
                written: plan::written(row.try_get(4)?, Millis(row.try_get(5)?)),
            };
            Ok((Link(bytes(row, 0)?), parent))
        })
        .collect()
}

pub(super) async fn ends(tx: &Transaction<'_>, profile: ChainId) -> Stored<Vec<ChainEnd>> {
    let rows = tx
        .query(
            "SELECT c.chain_id, c.verified_to, n.seq, n.link FROM chain c
             LEFT JOIN LATERAL (SELECT seq, link FROM ledger l WHERE l.chain_id = c.chain_id
                                ORDER BY seq DESC, central_pos LIMIT 1) n ON true
             WHERE c.profile = $1 ORDER BY c.role DESC",
            &[&profile.0],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ChainEnd {
                chain_id: ChainId(row.try_get(0)?),
                verified_to: maybe_number(row, 1)?,
                seq: maybe_number(row, 2)?,
                link: maybe_bytes(row, 3)?.map(Link),
            })
        })
        .collect()
}

pub(super) async fn held(tx: &Transaction<'_>, chain: ChainId, seq: u64) -> Stored<Vec<(Link, Vec<u8>)>> {
    let rows = tx
        .query(
            "SELECT l.link, r.head FROM ledger l JOIN revision r ON r.link = l.link
             WHERE l.chain_id = $1 AND l.seq = $2 ORDER BY l.central_pos",
            &[&chain.0, &int(seq)],
        )
        .await?;
    rows.iter().map(|row| Ok((Link(bytes(row, 0)?), row.try_get(1)?))).collect()
}

pub(super) async fn position(tx: &Transaction<'_>) -> Stored<u64> {
    let row = tx.query_one("SELECT n FROM head WHERE name = 'ledger'", &[]).await?;
    number(&row, 0)
}
