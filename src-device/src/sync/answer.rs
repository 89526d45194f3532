//! What an answer changes in the store, in the order in which it must.

use beatbook_domain::id::EpochId;
use beatbook_domain::time::{ClockOffset, Millis};
use beatbook_protocol::sync::{ChainEnd, CopiesSaid, CopiesTold, FeedRevision, SyncReply, ensure_supported};

use super::batch::Outgoing;
use super::error::SyncError;
use super::exchange::Exchanged;
use super::keys;
use crate::store::pull::{ApplyChanges, LastAnswer};
use crate::store::receipts::ApplyReceipts;
use crate::store::{Identity, Store, StoreError, StoreOwner};

/// Applies an answer: receipts, then what changed, then what is said of the copies here.
pub(super) async fn apply(
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
    let mut receipts = ApplyReceipts::new(reply.receipts, reply.refusals, outgoing.manifests, &identity)?
        .of_sent(&outgoing.links, &outgoing.rids);
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
