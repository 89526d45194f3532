//! What is sent: a request whose compressed size fits the pace, made of what is next in the outbox.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use beatbook_domain::id::ChainId;
use beatbook_domain::time::Millis;
use beatbook_protocol::short::{self, Base, Known, MOST_BASES};
use beatbook_protocol::sync::{
    CURRENT, CopiesSaid, Cursors, Heartbeat, Level, SyncReply, SyncRequest, WANT_BYTES,
};

use super::batch::{self, Outgoing, Secrets};
use super::error::SyncError;
use super::exchange::Line;
use super::http::Packed;
use super::pace::Pace;
use crate::store::outbox::Counted;
use crate::store::pull::LastAnswer;
use crate::store::{Chain, Store, StoreError, StoreOwner};

/// Free storage is told in steps of this many bytes: the exact number helps nobody and does not compress.
const FREE_STEP: u64 = 64 * 1024 * 1024;

/// A request that is ready to leave.
#[derive(Debug)]
pub(super) struct Request {
    /// What travels.
    pub outgoing: Outgoing,
    /// What it says of the copies here.
    pub said: CopiesSaid,
    /// What its short form rests on.
    pub known: Known,
    /// The bytes on the wire.
    pub body: Packed,
}

/// What is on its way in a request before: the next one goes on after it, as if central had all of it already.
#[derive(Clone, Debug, Default)]
struct Before {
    /// Local numbers of what travels in it.
    rids: Vec<i64>,
    /// How far it brings each chain.
    ends: BTreeMap<ChainId, u64>,
}

impl Before {
    fn of(outgoing: &Outgoing) -> Self {
        let mut ends = BTreeMap::new();
        for sent in &outgoing.manifests {
            let end = ends.entry(sent.chain_id).or_insert(sent.last);
            *end = sent.last.max(*end);
        }
        Self { rids: outgoing.rids.clone(), ends }
    }
}

struct Prepared {
    outgoing: Outgoing,
    request: SyncRequest,
    known: Known,
    plain_bytes: usize,
}

/// Builds a request of at most so many revisions; one revision always travels.
pub(super) async fn prepare(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    most: usize,
) -> Result<Request, SyncError> {
    after(owner, line, pace, most, Before::default()).await
}

/// Builds the request after one that is on its way, where it has anything to bring: it may leave as soon as the answer
/// [is plain](Request::goes_on_from), and what the answer says is written down meanwhile.
pub(super) async fn prepare_next(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    flying: &Request,
) -> Result<Option<Request>, SyncError> {
    // What is said of copies is said until it was answered: once is enough.
    if !flying.outgoing.more || flying.said.awaits_answer() {
        return Ok(None);
    }
    let most = pace.most_records();
    let next = after(owner, line, pace, most, Before::of(&flying.outgoing)).await?;
    Ok(Some(next).filter(|next| !next.outgoing.rids.is_empty() && !next.said.awaits_answer()))
}

async fn after(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    most: usize,
    before: Before,
) -> Result<Request, SyncError> {
    let mut budget = pace.plain_budget();
    let before = Arc::new(before);
    loop {
        let (clock, app_version, spell_out) = (line.clock.now(), line.app_version.clone(), pace.spell_out);
        let wanted = (budget, most, spell_out);
        let of = Arc::clone(&before);
        let prepared = owner.read(move |store| gather(store, wanted, &of, clock, app_version)).await?;
        let body = packed(&prepared, pace)?;
        if !prepared.outgoing.rids.is_empty() {
            pace.measured(prepared.plain_bytes, body.len());
        }
        if body.len() <= pace.cap() || prepared.outgoing.rids.len() <= 1 {
            let Prepared { outgoing, known, request, .. } = prepared;
            return Ok(Request { outgoing, said: request.copies, known, body });
        }
        budget = pace.plain_budget().min(prepared.plain_bytes / 2).max(1);
    }
}

/// The request in short form; spelled out where it has none, or central did not understand it.
fn packed(prepared: &Prepared, pace: &Pace) -> Result<Packed, SyncError> {
    if !pace.spell_out
        && let Ok(bytes) = short::pack_request(&prepared.request, &prepared.known, pace.effort())
    {
        return Ok(Packed::short(bytes));
    }
    let plain = serde_json::to_vec(&prepared.request).map_err(|_| SyncError::NotOurs)?;
    Ok(Packed::new(&plain).map_err(StoreError::from)?)
}

impl Request {
    /// Whether this one, made while the one before was on its way, says what it should once that was answered: central has
    /// all that it rests on, and nothing else in the answer changes what is said.
    pub fn goes_on_from(&self, reply: &SyncReply) -> bool {
        let end = |chain| reply.ends.iter().find(|end| end.chain_id == chain).and_then(|end| end.verified_to);
        let rests = |base: &Base| base.held.as_ref().map(|held| held.seq) == end(base.chain);
        reply.protocol == CURRENT
            && Some(reply.epoch) == self.known.epoch
            && self.known.bases.iter().all(rests)
            && reply.refusals.is_empty()
            && reply.changes.iter().all(|changes| changes.items.is_empty())
            && reply.scopes.is_none()
            && reply.keys.is_none()
            && reply.revoked.is_none()
            && reply.copies.is_empty()
            && !reply.more
    }
}

/// What this device and central both know, as far as this request rests on it.
fn known(
    store: &mut Store,
    outgoing: &Outgoing,
    before: &Before,
    last: &LastAnswer,
) -> Result<Known, StoreError> {
    let mut chains = vec![store.chain_id(Chain::Record)];
    for sent in &outgoing.manifests {
        if !chains.contains(&sent.chain_id) {
            chains.push(sent.chain_id);
        }
    }
    let mut bases = Vec::with_capacity(chains.len());
    for chain in chains.into_iter().take(MOST_BASES) {
        let end = last.ends.iter().find(|end| end.chain_id == chain).and_then(|end| end.verified_to);
        let held = match (before.ends.get(&chain), end) {
            (Some(seq), _) => store.held_at(chain, *seq)?,
            (None, Some(seq)) => store.received_at(chain, seq)?,
            (None, None) => None,
        };
        bases.push(Base { chain, held });
    }
    let identity = store.identity();
    Ok(Known {
        device: identity.device_id,
        force: identity.force.force,
        epoch: last.epoch,
        profile: identity.record_chain,
        officer: identity.officer.officer,
        bases,
    })
}

fn gather(
    store: &mut Store,
    (budget, most, spell_out): (usize, usize, bool),
    before: &Before,
    now: Millis,
    app_version: String,
) -> Result<Prepared, StoreError> {
    let after = before.rids.iter().copied().max().unwrap_or(i64::MIN);
    let mut outgoing = batch::build_after(store, after, (budget, most), Secrets::Seeds)?;
    let drafts = u32::try_from(store.draft_kinds()?.len()).unwrap_or(u32::MAX);
    let plain_bytes =
        outgoing.rids.iter().filter_map(|rid| store.outbox().get(*rid)).map(|item| item.bytes).sum();
    // What travels in this very request, and came with the one before, is not pending for whoever reads the answer to it.
    let travelling: BTreeSet<i64> = outgoing.rids.iter().chain(&before.rids).copied().collect();
    let still: BTreeSet<Counted> = store
        .outbox()
        .sendable()
        // What is for professional standards alone is told to nobody who reads this.
        .filter(|item| !travelling.contains(&item.rid) && !item.narrow)
        .map(|item| item.counted)
        .filter(|counted| *counted != Counted::Never)
        .collect();
    let identity = store.identity().clone();
    let last = store.last_answer()?;
    let facts = known(store, &outgoing, before, &last)?;
    let told = |chain| last.ends.iter().any(|end| end.chain_id == chain);
    let chains = store.chains();
    // Central may have been restored to before it was told.
    let successions = chains.successions().filter(|one| spell_out || !told(one.chain)).copied().collect();
    let wants_chains = chains.successions().map(|one| one.follows).collect();
    let cursors = store.cursors()?;
    let level = Level::of(&last.scopes, &cursors);
    let request = SyncRequest {
        protocol: CURRENT,
        device_id: identity.device_id,
        profile: identity.record_chain,
        epoch: last.epoch,
        heartbeat: Heartbeat {
            pending: u32::try_from(still.len()).unwrap_or(u32::MAX),
            set_aside: store.outbox().set_aside_told(),
            drafts,
            oldest_unsent: store.outbox().oldest_unsent(),
            clock: Some(now),
            free_bytes: store.free_bytes().map(|free| free / FREE_STEP * FREE_STEP),
            app_version,
        },
        successions,
        wants_chains,
        batches: std::mem::take(&mut outgoing.batches),
        cursors: if level.is_some() { Cursors::new() } else { cursors },
        level,
        want_bytes: WANT_BYTES,
        keys: identity.force.keys.number,
        copies: store.copies_said(last.epoch)?,
    };
    Ok(Prepared { outgoing, request, known: facts, plain_bytes })
}
