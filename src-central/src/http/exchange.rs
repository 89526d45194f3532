//! `POST /v1/sync`: verify, take into custody, receipt, hand out. One round trip.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use beatbook_domain::id::{DeviceId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{
    Batch, CURRENT, MAX_REQUEST_BYTES, MAX_REVISIONS, Refusal, SyncReply, SyncRequest, ensure_supported,
};
use serde_json::value::RawValue;

use super::failure::Failure;
use super::{App, auth, changes, wire};
use crate::clock;
use crate::ingest::{self, Arrived, Facts, Standing};
use crate::storage::{ChainRow, Deposit, Storage};

/// Handles the request.
pub async fn sync(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = wire::read(body, MAX_REQUEST_BYTES).await?;
    let received = bytes.len();
    // Nothing of the body is looked at, not even decompressed, before the signature over it holds.
    let device = auth::device(app.storage.as_ref(), &parts, &bytes).await?;
    let headers = parts.headers.clone();
    let read = tokio::task::spawn_blocking(move || {
        let (asked, batches) = decode(wire::plain(&headers, bytes)?)?;
        let revised = ingest::parents_named(&batches);
        Ok::<_, Failure>((asked, Sent { batches, revised }))
    });
    let (asked, sent) = read.await.map_err(|_| Failure::Internal("reading a request stopped"))??;
    ensure_supported(asked.protocol)?;
    // Receipts are signed by the newest statement, whichever process published it.
    app.keys.newest(app.storage.as_ref(), asked.keys).await?;
    let at = clock::now();
    let chains = app.storage.chains_of(device).await?;
    let profile = profile(&asked, device, &chains)?;
    let refusals = deposit(&app, &asked, sent, device, profile, &chains, at).await?;
    let reply = answer(&app, &asked, profile, &chains, refusals, at).await?;
    let (response, sent) = wire::reply(&parts.headers, &reply)?;
    app.metrics.bytes(received, sent);
    Ok(response)
}

/// Reads the request. Where it does not read as a whole, its batches are read one by one, so that one that is not a
/// batch is refused alone.
fn decode(plain: Bytes) -> Result<(SyncRequest, Vec<Arrived>), Failure> {
    let unreadable = |_| Failure::BadRequest("the request cannot be read");
    if let Ok(mut asked) = serde_json::from_slice::<SyncRequest>(&plain) {
        let batches = std::mem::take(&mut asked.batches).into_iter().map(Arrived::Batch).collect();
        return Ok((asked, batches));
    }
    let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(&plain).map_err(unreadable)?;
    let raw: Vec<Box<RawValue>> = match fields.remove("batches") {
        Some(batches) => serde_json::from_str(batches.get()).map_err(unreadable)?,
        None => Vec::new(),
    };
    let rest = serde_json::to_vec(&fields).map_err(unreadable)?;
    let asked = serde_json::from_slice(&rest).map_err(unreadable)?;
    let arrived = |raw: Box<RawValue>| match serde_json::from_str::<Batch>(raw.get()) {
        Ok(batch) => Arrived::Batch(batch),
        Err(_) => Arrived::Unreadable(raw),
    };
    Ok((asked, raw.into_iter().map(arrived).collect()))
}

/// The profile that asks: a record chain enrolled on the very device that signed.
fn profile<'a>(
    asked: &SyncRequest,
    device: DeviceId,
    chains: &'a [ChainRow],
) -> Result<&'a ChainRow, Failure> {
    let profile = chains.iter().find(|chain| chain.chain == asked.profile && chain.profile == asked.profile);
    match profile {
        Some(profile) if asked.device_id == device => Ok(profile),
        _ => Err(Failure::Unauthorised),
    }
}

async fn standing(storage: &dyn Storage, officer: OfficerId) -> Result<Standing, Failure> {
    Ok(Standing { roster: storage.roster(officer).await?, grants: storage.grants(officer).await? })
}

type Outcome = (Option<beatbook_protocol::sync::SignedReceipts>, Vec<Refusal>);

/// The batches of a request, and the revisions that theirs revise.
struct Sent {
    batches: Vec<Arrived>,
    revised: Vec<Link>,
}

/// Takes what came into custody, and the device's word with it.
async fn deposit(
    app: &Arc<App>,
    asked: &SyncRequest,
    sent: Sent,
    device: DeviceId,
    profile: &ChainRow,
    chains: &[ChainRow],
    at: Millis,
) -> Result<Outcome, Failure> {
    let Sent { batches, revised } = sent;
    let count = batches.iter().map(|arrived| match arrived {
        Arrived::Batch(batch) => batch.revisions.len(),
        Arrived::Unreadable(_) => 1,
    });
    if count.sum::<usize>() > MAX_REVISIONS {
        return Err(Failure::TooLarge("too many entries in one request: send fewer at a time"));
    }
    let mut taken = ingest::Taken::default();
    if !batches.is_empty() {
        let mut officers = HashMap::new();
        for officer in chains.iter().map(|chain| chain.officer).collect::<BTreeSet<_>>() {
            officers.insert(officer, standing(app.storage.as_ref(), officer).await?);
        }
        let facts = Facts {
            force: app.force.row.force,
            device,
            profile: profile.chain,
            chains: chains.iter().map(|chain| (chain.chain, chain.clone())).collect(),
            officers,
            parents: app.storage.parents(revised).await?,
            lists: app.lists().await?,
            at,
        };
        let judged = tokio::task::spawn_blocking(move || ingest::take(&facts, &batches));
        taken = judged.await.map_err(|_| Failure::Internal("judging a request stopped"))?;
    }
    app.metrics.refused(taken.refusals.len());
    for refusal in &taken.refusals {
        tracing::warn!(chain = %refusal.chain_id, first = refusal.first, last = refusal.last, reason = %refusal.reason, "refused");
    }
    let deposit = Deposit {
        device,
        officer: profile.officer,
        profile: profile.chain,
        heartbeat: asked.heartbeat.clone(),
        drift_ms: asked.heartbeat.clock.map(|clock| clock.since(at)),
        manifests: taken.manifests,
        revisions: taken.revisions,
    };
    let deposited = app.writer.deposit(deposit).await?;
    Ok((deposited.receipts, taken.refusals))
}

async fn answer(
    app: &Arc<App>,
    asked: &SyncRequest,
    profile: &ChainRow,
    chains: &[ChainRow],
    (receipts, refusals): Outcome,
    at: Millis,
) -> Result<SyncReply, Failure> {
    let storage = app.storage.as_ref();
    let standing = standing(storage, profile.officer).await?;
    let reader = changes::Reader::new(storage, profile, chains, &standing, at).await?;
    let (changes, more) = reader.changes(storage, &asked.cursors, asked.want_bytes).await?;
    let mut grants = standing.all_grants(profile.officer);
    grants.retain(|grant| grant.from <= at && grant.until.is_none_or(|until| at < until));
    let known = app.keys.newest(storage, asked.keys).await?;
    Ok(SyncReply {
        protocol: CURRENT,
        server_time: clock::now(),
        epoch: app.force.row.epoch,
        receipts,
        refusals,
        ends: storage.ends(profile.chain).await?,
        changes,
        contacts: reader.contacts(storage, at).await?,
        scopes: reader.scopes,
        grants,
        more,
        keys: (asked.keys < known.number).then(|| known.signed.clone()),
        // Places in the protocol for what the server does not do yet: it sends nothing rather than a pretence.
        challenge: None,
        safe_below: None,
    })
}
