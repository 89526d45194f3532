//! One round trip: what is sent, and what the answer changes in the store.

use std::sync::Arc;

use beatbook_domain::time::{ClockOffset, Millis};
use beatbook_protocol::sync::{
    CURRENT, Heartbeat, Refusal, RefusalReason, SyncReply, SyncRequest, ensure_supported,
};

use super::batch::{self, Outgoing};
use super::error::SyncError;
use super::http::{Http, Packed, url};
use super::keys;
use super::pace::Pace;
use crate::clock::Clock;
use crate::store::pull::{ApplyChanges, LastAnswer};
use crate::store::receipts::ApplyReceipts;
use crate::store::rows::State;
use crate::store::{Store, StoreError, StoreOwner};

/// Most bytes of changes wanted in one answer, before compression.
const WANT_BYTES: u32 = 512 * 1024;

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
    plain_bytes: usize,
}

/// Sends what fits, applies what comes back.
///
/// # Errors
/// [`SyncError`]. What was sent goes back to Waiting; nothing is lost.
pub async fn exchange(owner: &StoreOwner, line: &Line, pace: &mut Pace) -> Result<Exchanged, SyncError> {
    let (server, device, transport, trust) = owner
        .read(|store| {
            let identity = store.identity();
            let (server, device) = (identity.server.clone(), identity.device_id);
            Ok((server, device, store.keys().transport.clone(), store.trust()?))
        })
        .await?;
    line.http.know(&trust);
    let (prepared, body) = prepare(owner, line, pace).await?;
    let Prepared { outgoing, request, .. } = prepared;
    drop(request);
    let rids = outgoing.rids.clone();
    set_state(owner, &rids, State::Sending).await?;
    let asked = line.clock.now();
    let answer: Result<SyncReply, SyncError> =
        line.http.post_signed(url(&server, "/v1/sync")?, body, device, &transport).await;
    let answered = line.clock.now();
    let reply = match answer {
        Ok(reply) => reply,
        Err(error) if error.blames_batch() && rids.len() == 1 => {
            // The bad record stands alone: it is set aside, and the rest goes on.
            return set_aside(owner, &outgoing, &error).await;
        }
        Err(error) => {
            set_state(owner, &rids, State::Waiting).await?;
            if matches!(error, SyncError::NotTrusted) {
                // Its keys may have changed while this phone was off: then the next try goes through.
                keys::catch_up(owner, &line.http, &server).await?;
                return Ok(Exchanged { more: true, ..Exchanged::default() });
            }
            return Err(error);
        }
    };
    set_state(owner, &rids, State::Sent).await?;
    let applied = apply(owner, reply, outgoing, (asked, answered)).await;
    // What has no receipt after all waits again, whatever else happened.
    let left = owner
        .read(move |store| {
            let left: Vec<i64> = rids
                .iter()
                .copied()
                .filter(|rid| store.outbox().items().any(|i| i.rid == *rid && i.state == State::Sent))
                .collect();
            store.outbox_mut().set_state(&left, State::Waiting);
            Ok(left.len())
        })
        .await?;
    let exchanged = applied?;
    if left > 0 && exchanged.received + exchanged.refused == 0 {
        return Err(SyncError::NoReceipt);
    }
    Ok(exchanged)
}

/// Builds a request whose compressed size fits the pace; one revision always travels.
async fn prepare(owner: &StoreOwner, line: &Line, pace: &mut Pace) -> Result<(Prepared, Packed), SyncError> {
    let mut budget = pace.plain_budget();
    loop {
        let (clock, app_version) = (line.clock.now(), line.app_version.clone());
        let prepared = owner.read(move |store| gather(store, budget, clock, app_version)).await?;
        let plain = serde_json::to_vec(&prepared.request).map_err(|_| SyncError::NotOurs)?;
        let body = Packed::new(&plain).map_err(StoreError::from)?;
        if !prepared.outgoing.rids.is_empty() {
            pace.measured(prepared.plain_bytes, body.len());
        }
        if body.len() <= pace.cap() || prepared.outgoing.rids.len() <= 1 {
            let rids = prepared.outgoing.rids.clone();
            owner.read(move |store| store.mark_tried(&rids)).await?;
            return Ok((prepared, body));
        }
        budget = pace.plain_budget().min(prepared.plain_bytes / 2).max(1);
    }
}

fn gather(
    store: &mut Store,
    budget: usize,
    now: Millis,
    app_version: String,
) -> Result<Prepared, StoreError> {
    let outgoing = batch::build(store, budget)?;
    let pill = store.outbox().pill();
    let drafts = u32::try_from(store.draft_kinds()?.len()).unwrap_or(u32::MAX);
    // What travels in this very request is not pending for whoever reads the answer to it.
    let travelling: std::collections::BTreeSet<i64> = outgoing.rids.iter().copied().collect();
    let still: std::collections::BTreeSet<_> = store
        .outbox()
        .sendable()
        .filter(|item| !travelling.contains(&item.rid))
        .map(|item| item.counted)
        .filter(|counted| *counted != crate::store::outbox::Counted::Never)
        .collect();
    let plain_bytes =
        store.outbox().items().filter(|item| travelling.contains(&item.rid)).map(|item| item.bytes).sum();
    let identity = store.identity().clone();
    let request = SyncRequest {
        protocol: CURRENT,
        device_id: identity.device_id,
        profile: identity.record_chain,
        epoch: store.last_answer()?.epoch,
        heartbeat: Heartbeat {
            pending: u32::try_from(still.len()).unwrap_or(u32::MAX),
            set_aside: pill.needs_you,
            drafts,
            oldest_unsent: store.outbox().oldest_unsent(),
            clock: Some(now),
            free_bytes: store.free_bytes(),
            app_version,
        },
        batches: outgoing.batches.clone(),
        cursors: store.cursors()?,
        want_bytes: WANT_BYTES,
        keys: identity.force.keys.number,
        challenge: None,
    };
    Ok(Prepared { outgoing, request, plain_bytes })
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
    outgoing: Outgoing,
    (asked, answered): (Millis, Millis),
) -> Result<Exchanged, SyncError> {
    ensure_supported(reply.protocol)?;
    let identity = keys::adopt(owner, reply.keys, reply.receipts.as_ref()).await?;
    let sent = outgoing.rids.len();
    let mut receipts = ApplyReceipts::new(reply.receipts, reply.refusals, outgoing.manifests, &identity)?;
    let applied = owner.steps(move |store| receipts.step(store)).await?;
    let mut changes = ApplyChanges::new(reply.changes);
    let pulled = owner.steps(move |store| changes.step(store)).await?;
    let answer = LastAnswer {
        server_time: reply.server_time,
        at: answered,
        epoch: Some(reply.epoch),
        scopes: reply.scopes,
        grants: reply.grants,
        contacts: reply.contacts,
        ends: reply.ends,
    };
    let offset = ClockOffset::measured(asked, answered, reply.server_time);
    owner.read(move |store| store.keep_answer(&answer, offset)).await?;
    if pulled.bad > 0 {
        tracing::warn!(count = pulled.bad, "revisions from central did not verify and were left out");
    }
    Ok(Exchanged {
        sent,
        received: applied.received,
        refused: applied.refused,
        pulled: pulled.revisions + pulled.reference,
        more: outgoing.more || reply.more,
    })
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
