//! One round trip: what is sent, and what the answer changes in the store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use beatbook_domain::id::{EpochId, VerifyKey};
use beatbook_domain::time::{ClockOffset, Millis};
use beatbook_protocol::short::{self, Base, Known, MOST_BASES};
use beatbook_protocol::sync::{
    CURRENT, ChainEnd, CopiesSaid, CopiesTold, Cursors, FeedRevision, Heartbeat, Level, Refusal,
    RefusalReason, SyncReply, SyncRequest, WANT_BYTES, ensure_supported,
};

use super::batch::{self, Outgoing};
use super::enrol;
use super::error::SyncError;
use super::http::{Http, Packed, Signer, url};
use super::keys;
use super::pace::Pace;
use crate::clock::Clock;
use crate::store::pull::{ApplyChanges, LastAnswer};
use crate::store::receipts::ApplyReceipts;
use crate::store::rows::State;
use crate::store::{Chain, Identity, Store, StoreError, StoreOwner};

/// Free storage is told in steps of this many bytes: the exact number helps nobody and does not compress.
const FREE_STEP: u64 = 64 * 1024 * 1024;

/// What an exchange needs beside the store.
#[derive(Clone)]
pub struct Line {
    /// The client.
    pub http: Http,
    /// The device's clocks.
    pub clock: Arc<dyn Clock>,
    /// Version of the app.
    pub app_version: String,
}

/// What an exchange did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// Revisions sent.
    pub sent: usize,
    /// Revisions that became Received.
    pub received: usize,
    /// Revisions set aside.
    pub refused: usize,
    /// Revisions of others that are new here, and reference items.
    pub pulled: usize,
    /// There is more to send or to fetch.
    pub more: bool,
}

struct Prepared {
    outgoing: Outgoing,
    request: SyncRequest,
    known: Known,
    plain_bytes: usize,
}

/// A request that broke off on the way: central may have kept what it got of it.
#[derive(Debug)]
pub(super) struct Unfinished {
    outgoing: Outgoing,
    /// What it says of the copies here.
    said: CopiesSaid,
    known: Known,
    body: Packed,
    /// Bytes central had when it was last asked.
    had: usize,
    /// When it last got further.
    since: Instant,
}

/// How long a request is worth going on with: central keeps its part no longer.
const GO_ON_WITHIN: Duration = Duration::from_secs(4 * 60);

/// Sends what fits, applies what comes back.
///
/// # Errors
/// [`SyncError`]. What was sent goes back to Waiting; nothing is lost.
pub async fn exchange(owner: &StoreOwner, line: &Line, pace: &mut Pace) -> Result<Exchanged, SyncError> {
    let most = pace.most_records();
    exchange_most(owner, line, pace, most).await
}

/// As [`exchange`], with at most so many revisions.
async fn exchange_most(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    most: usize,
) -> Result<Exchanged, SyncError> {
    let (server, signer, receipt_key) = signer(owner, line).await?;
    let unfinished = go_on(owner, line, &server, pace, most).await?;
    let goes_on = unfinished.is_some();
    let Unfinished { outgoing, said, known, body, had, since } = match unfinished {
        Some(unfinished) => unfinished,
        None => prepare(owner, line, pace, most).await?,
    };
    let (rids, links, bytes) = (outgoing.rids.clone(), outgoing.links.clone(), body.len());
    set_state(owner, &rids, State::Sending).await?;
    let asked = line.clock.now();
    let began = Instant::now();
    let answer = line.http.post_signed(url(&server, "/v1/sync")?, &body, had, &signer).await;
    let answered = line.clock.now();
    let read = answer.and_then(|(answer, challenge)| {
        let reply = answer.reply(&known, &links, receipt_key)?;
        Ok(SyncReply { challenge: reply.challenge.or(Some(challenge)), ..reply })
    });
    let reply = match read {
        Ok(reply) => reply,
        Err(error) if error.wants_it_spelled_out() && !pace.spell_out => {
            set_state(owner, &rids, State::Waiting).await?;
            pace.spell_out = true;
            return Ok(Exchanged { more: true, ..Exchanged::default() });
        }
        Err(error) if error.blames_batch() && rids.len() > 1 => {
            // One of them is bad: half of them next, at once, until it stands alone.
            set_state(owner, &rids, State::Waiting).await?;
            pace.split(rids.len());
            return Ok(Exchanged { more: true, ..Exchanged::default() });
        }
        Err(error) if error.blames_batch() && rids.len() == 1 => {
            set_state(owner, &rids, State::Waiting).await?;
            // Where central does not take a request without any record either, none of them is to blame.
            Box::pin(exchange_most(owner, line, pace, 0)).await?;
            // The bad record stands alone: it is set aside, and the rest goes on.
            return set_aside(owner, &outgoing, &error).await;
        }
        Err(error) => {
            set_state(owner, &rids, State::Waiting).await?;
            if error.is_cut() && body.tag().is_some() {
                pace.unfinished = Some(Box::new(Unfinished { outgoing, said, known, body, had, since }));
            }
            if matches!(error, SyncError::NotTrusted) {
                // Its keys may have changed while this phone was off: then the next try goes through.
                keys::catch_up(owner, &line.http, &server).await?;
                return Ok(Exchanged { more: true, ..Exchanged::default() });
            }
            if matches!(error, SyncError::Unauthorised) && enrol::again(owner, &line.http, &server).await? {
                // It was put back to before this phone was enrolled, and has taken its own word for it.
                return Ok(Exchanged { more: true, ..Exchanged::default() });
            }
            return Err(error);
        }
    };
    if !goes_on {
        pace.went(bytes, began.elapsed());
    }
    set_state(owner, &rids, State::Sent).await?;
    let applied = apply(owner, reply, (outgoing, said), (asked, answered)).await;
    // A list that was put together again and is not what was signed: spelled out it says which key signed it.
    pace.spell_out = matches!(applied, Err(SyncError::Receipts(_)));
    // What has no receipt after all waits again, whatever else happened.
    let left = owner
        .read(move |store| {
            let left: Vec<i64> = rids
                .iter()
                .copied()
                .filter(|rid| store.outbox().get(*rid).is_some_and(|item| item.state == State::Sent))
                .collect();
            store.outbox_mut().set_state(&left, State::Waiting);
            Ok(left.len())
        })
        .await?;
    let exchanged = applied?;
    if left > 0 && exchanged.received + exchanged.refused == 0 {
        return Err(SyncError::NoReceipt);
    }
    pace.succeeded();
    Ok(exchanged)
}

/// Central's address, what requests are signed with, and the key of its receipts; the line knows whom to trust.
pub(super) async fn signer(
    owner: &StoreOwner,
    line: &Line,
) -> Result<(String, Signer, VerifyKey), SyncError> {
    let (server, signer, receipt_key, trust) = owner
        .read(|store| {
            let challenge = store.last_answer()?.challenge;
            let identity = store.identity();
            let receipt_key = identity.force.keys.receipt_key;
            let (device, transport) = (identity.device_id, store.keys().transport.clone());
            let (server, signer) = (identity.server.clone(), Signer { device, transport, challenge });
            Ok((server, signer, receipt_key, store.trust()?))
        })
        .await?;
    line.http.know(&trust);
    Ok((server, signer, receipt_key))
}

/// The request that broke off, where central has got further with it since; it is the very same, so it can only be taken
/// once.
async fn go_on(
    owner: &StoreOwner,
    line: &Line,
    server: &str,
    pace: &mut Pace,
    most: usize,
) -> Result<Option<Unfinished>, SyncError> {
    let Some(mut unfinished) = pace.unfinished.take() else { return Ok(None) };
    if unfinished.since.elapsed() > GO_ON_WITHIN || unfinished.outgoing.rids.len() > most {
        return Ok(None);
    }
    let (rids, epoch) = (unfinished.outgoing.rids.clone(), unfinished.known.epoch);
    let still = owner
        .read(move |store| {
            let waiting: std::collections::BTreeSet<i64> =
                store.outbox().sendable().map(|item| item.rid).collect();
            Ok(rids.iter().all(|rid| waiting.contains(rid)) && store.last_answer()?.epoch == epoch)
        })
        .await?;
    let Some(tag) = unfinished.body.tag().filter(|_| still) else { return Ok(None) };
    match line.http.part_held(server, tag).await {
        // No further: a smaller one may get through.
        Ok(have) if have <= unfinished.had => {
            pace.narrow();
            Ok(None)
        }
        Ok(have) => {
            pace.got_further();
            (unfinished.had, unfinished.since) = (have, Instant::now());
            Ok(Some(*unfinished))
        }
        Err(error) if error.is_cut() => {
            pace.unfinished = Some(unfinished);
            Err(error)
        }
        // Whoever answers does not know what a part is.
        Err(_) => Ok(None),
    }
}

/// Builds a request whose compressed size fits the pace; one revision always travels.
async fn prepare(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    most: usize,
) -> Result<Unfinished, SyncError> {
    let mut budget = pace.plain_budget();
    loop {
        let (clock, app_version, spell_out) = (line.clock.now(), line.app_version.clone(), pace.spell_out);
        let wanted = (budget, most, spell_out);
        let prepared = owner.read(move |store| gather(store, wanted, clock, app_version)).await?;
        let body = packed(&prepared, pace)?;
        if !prepared.outgoing.rids.is_empty() {
            pace.measured(prepared.plain_bytes, body.len());
        }
        if body.len() <= pace.cap() || prepared.outgoing.rids.len() <= 1 {
            let rids = prepared.outgoing.rids.clone();
            owner.read(move |store| store.mark_tried(&rids)).await?;
            let Prepared { outgoing, known, request, .. } = prepared;
            let said = request.copies;
            return Ok(Unfinished { outgoing, said, known, body, had: 0, since: Instant::now() });
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

/// What this device and central both know, as far as this request rests on it.
fn known(store: &mut Store, outgoing: &Outgoing, last: &LastAnswer) -> Result<Known, StoreError> {
    let mut chains = vec![store.chain_id(Chain::Record)];
    for sent in &outgoing.manifests {
        if !chains.contains(&sent.chain_id) {
            chains.push(sent.chain_id);
        }
    }
    let mut bases = Vec::with_capacity(chains.len());
    for chain in chains.into_iter().take(MOST_BASES) {
        let end = last.ends.iter().find(|end| end.chain_id == chain).and_then(|end| end.verified_to);
        let held = match end {
            Some(seq) => store.received_at(chain, seq)?,
            None => None,
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
    now: Millis,
    app_version: String,
) -> Result<Prepared, StoreError> {
    let outgoing = batch::build(store, budget, most)?;
    let drafts = u32::try_from(store.draft_kinds()?.len()).unwrap_or(u32::MAX);
    // What travels in this very request is not pending for whoever reads the answer to it.
    let travelling: std::collections::BTreeSet<i64> = outgoing.rids.iter().copied().collect();
    let still: std::collections::BTreeSet<_> = store
        .outbox()
        .sendable()
        // What is for professional standards alone is told to nobody who reads this.
        .filter(|item| !travelling.contains(&item.rid) && !item.narrow)
        .map(|item| item.counted)
        .filter(|counted| *counted != crate::store::outbox::Counted::Never)
        .collect();
    let plain_bytes =
        travelling.iter().filter_map(|rid| store.outbox().get(*rid)).map(|item| item.bytes).sum();
    let identity = store.identity().clone();
    let last = store.last_answer()?;
    let facts = known(store, &outgoing, &last)?;
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
        batches: outgoing.batches.clone(),
        cursors: if level.is_some() { Cursors::new() } else { cursors },
        level,
        want_bytes: WANT_BYTES,
        keys: identity.force.keys.number,
        copies: store.copies_said(last.epoch)?,
    };
    Ok(Prepared { outgoing, request, known: facts, plain_bytes })
}

async fn set_state(owner: &StoreOwner, rids: &[i64], state: State) -> Result<(), StoreError> {
    let rids = rids.to_vec();
    owner
        .read(move |store| {
            store.outbox_mut().set_state(&rids, state);
            Ok(())
        })
        .await
}

async fn apply(
    owner: &StoreOwner,
    reply: SyncReply,
    (outgoing, said): (Outgoing, CopiesSaid),
    (asked, answered): (Millis, Millis),
) -> Result<Exchanged, SyncError> {
    ensure_supported(reply.protocol)?;
    let identity = keys::adopt(owner, reply.keys, reply.receipts.as_ref()).await?;
    let sent = outgoing.rids.len();
    let (epoch, ends) = (reply.epoch, reply.ends.clone());
    let before = owner.read(Store::last_answer).await?;
    let told = reply.copies;
    let stands = told.stands.clone();
    owner.read(move |store| store.note_epoch(epoch, &stands)).await?;
    let sent_again = owner.read(move |store| store.send_again_what_central_lost(epoch, &ends)).await?;
    let mut receipts = ApplyReceipts::new(reply.receipts, reply.refusals, outgoing.manifests, &identity)?;
    let applied = owner.steps(move |store| receipts.step(store)).await?;
    let mut changes = ApplyChanges::new(reply.changes);
    let pulled = owner.steps(move |store| changes.step(store)).await?;
    let server_time = reply.server_time;
    // After the changes: what central read before an erasure is ordered in the same answer.
    let (done, came) =
        owner.read(move |store| copies(store, &identity, epoch, server_time, (&said, &told))).await?;
    let scopes = reply.scopes.unwrap_or(before.scopes);
    if let Some(level) = reply.level {
        let leveled = scopes.clone();
        owner.read(move |store| store.level_cursors(&leveled, level)).await?;
    }
    let answer = LastAnswer {
        server_time: reply.server_time,
        at: answered,
        epoch: Some(reply.epoch),
        scopes,
        grants: reply.grants,
        contacts: reply.contacts,
        ends: merged(before.ends, &reply.ends),
        challenge: reply.challenge.unwrap_or_default(),
        revoked: reply.revoked,
    };
    let offset = ClockOffset::measured(asked, answered, reply.server_time);
    owner.read(move |store| store.keep_answer(&answer, offset)).await?;
    let left_chains = owner.read(move |store| store.leave_split_chains(&reply.ends)).await?;
    if pulled.bad > 0 {
        tracing::warn!(count = pulled.bad, "revisions from central did not verify and were left out");
    }
    Ok(Exchanged {
        sent,
        received: applied.received,
        refused: applied.refused,
        pulled: pulled.revisions + pulled.reference + done + came,
        // What was carried out is confirmed at once.
        more: outgoing.more || reply.more || sent_again > 0 || left_chains || done > 0,
    })
}

/// What central says of this device's copies: orders are carried out, words that were asked back are kept. How many orders,
/// and how many came back.
fn copies(
    store: &mut Store,
    identity: &Identity,
    epoch: EpochId,
    server_time: Millis,
    (said, told): (&CopiesSaid, &CopiesTold),
) -> Result<(usize, usize), StoreError> {
    store.forgetting_told(&said.forgot)?;
    if said.asks_safe {
        store.keep_safe(epoch, told.safe_below)?;
    }
    let came = store.take_back(&said.wants, &told.given, server_time)?;
    let Some(orders) = &told.orders else { return Ok((0, came)) };
    let keys = &identity.force.keys;
    let Ok(list) = orders.open(&keys.receipt_key, keys.number, identity.device_id) else {
        tracing::warn!("orders to erase came that central did not sign for this device, and were left");
        return Ok((0, came));
    };
    let named = |one: &&FeedRevision| {
        list.orders.iter().any(|order| (order.erasure, order.pos) == (one.link, one.pos))
    };
    let erasures: Vec<FeedRevision> = orders.erasures.iter().filter(named).cloned().collect();
    Ok((store.carry_out(epoch, &erasures)?, came))
}

/// Central's ends as known before, with those it stated now.
fn merged(before: Vec<ChainEnd>, now: &[ChainEnd]) -> Vec<ChainEnd> {
    let kept = before.into_iter().filter(|end| !now.iter().any(|one| one.chain_id == end.chain_id));
    kept.chain(now.iter().copied()).collect()
}

/// Sets the one revision of a request aside that central cannot even read.
async fn set_aside(
    owner: &StoreOwner,
    outgoing: &Outgoing,
    error: &SyncError,
) -> Result<Exchanged, SyncError> {
    let reason = match error {
        SyncError::Refused(answer) if answer.status == 413 => RefusalReason::Oversized,
        _ => RefusalReason::Undecodable,
    };
    let refusals: Vec<Refusal> = outgoing
        .manifests
        .iter()
        .map(|m| Refusal { chain_id: m.chain_id, first: m.first, last: m.last, reason })
        .collect();
    let identity = owner.read(|store| Ok(store.identity().clone())).await?;
    let mut receipts = ApplyReceipts::new(None, refusals, Vec::new(), &identity)?;
    let applied = owner.steps(move |store| receipts.step(store)).await?;
    Ok(Exchanged { sent: 1, refused: applied.refused, more: true, ..Exchanged::default() })
}
