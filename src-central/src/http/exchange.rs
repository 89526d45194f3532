//! `POST /v1/sync`: verify, take into custody, receipt, hand out. One round trip.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use beatbook_domain::id::{ChainId, DeviceId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{
    Batch, CURRENT, CopiesTold, Cursors, MAX_REQUEST_BYTES, MAX_REVISIONS, Refusal, SignedReceipts,
    SyncReply, SyncRequest, ensure_supported,
};
use serde_json::value::RawValue;

use super::failure::Failure;
use super::parts::{self, Parts};
use super::short::Short;
use super::{App, auth, changes, copies, short, wire};
use crate::clock;
use crate::ingest::{self, Arrived, Facts, Standing};
use crate::openapi::DeviceFailures;
use crate::storage::{ChainRow, Deposit, Storage};
use crate::words;

/// Chains that one request may add: a phone is put back to an older state once, not a hundred times in a row.
const MOST_SUCCESSIONS: usize = 16;

/// One round trip: revisions in, receipts and what changed out.
#[utoipa::path(
    post, path = "/v1/sync", operation_id = "sync", tag = "devices", security(("device" = [])),
    request_body(content = SyncRequest, description = "Plain, or compressed with gzip or zstd (content-encoding)"),
    responses((status = 200, body = SyncReply), DeviceFailures)
)]
pub async fn sync(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    let part = Parts::named(&head.headers)?;
    let bytes = match part {
        Some(part) => app.parts.read(part, body, MAX_REQUEST_BYTES).await?,
        None => wire::read(body, MAX_REQUEST_BYTES).await?,
    };
    let received = bytes.len();
    // Nothing of the body is looked at, not even decompressed, before the signature over it holds.
    let (auth::Asker { device, renewed, revoked, .. }, bytes) =
        auth::device_and_body(&app, &head, bytes).await?;
    let mut chains = app.storage.chains_of(device).await?;
    let (mut asked, sent, short) = read(&app, &head.headers, bytes, device, &chains).await?;
    if part.is_some_and(|part| part.from > 0) {
        // What was written before the link broke says nothing about the phone's clock now.
        asked.heartbeat.clock = None;
    }
    ensure_supported(asked.protocol)?;
    // Receipts are signed by the newest statement, whichever process published it.
    app.keys.newest(app.storage.as_ref(), asked.keys).await?;
    let at = clock::now();
    if !asked.successions.is_empty() {
        chains = with_successors(&app, device, &asked, chains).await?;
    }
    let profile = profile((asked.profile, asked.device_id), device, &chains)?;
    let asker = (device, revoked.is_some());
    let outcome = deposit(&app, &asked, sent, asker, profile, &chains, at).await?;
    let links = outcome.links.clone();
    let mut reply = match revoked {
        None => answer(&app, &asked, profile, &chains, outcome, at).await?,
        Some(_) => {
            copies::note(&app, &asked, profile, &[], at).await?;
            // It is told nothing but what it has to give up.
            let told = copies::orders(&app, &asked, profile, at).await?;
            SyncReply {
                copies: told.copies,
                more: told.more,
                ..of_its_own(&app, &asked, profile, outcome).await?
            }
        }
    };
    (reply.challenge, reply.revoked) = (renewed, revoked);
    let packed = short.and_then(|short| {
        short.trim(&mut reply);
        short.reply(&reply, &links)
    });
    let (response, sent) = match packed {
        Some(packed) => {
            let size = packed.len();
            (parts::answer(&app, device, packed), size)
        }
        None => wire::reply(&head.headers, &reply)?,
    };
    app.metrics.bytes(received, sent);
    Ok(response)
}

/// Reads the request. Where it does not read as a whole, its batches are read one by one, so that one that is not a
/// batch is refused alone.
fn decode(plain: Bytes) -> Result<(SyncRequest, Vec<Arrived>), Failure> {
    let unreadable = |_| Failure::BadRequest(words::REQUEST_UNREADABLE);
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

/// Reads a request in whichever form it came.
async fn read(
    app: &App,
    headers: &HeaderMap,
    wire: Bytes,
    device: DeviceId,
    chains: &[ChainRow],
) -> Result<(SyncRequest, Sent, Option<Short>), Failure> {
    let (asked, batches, short) = if wire::is_short(headers) {
        let (mut asked, short) = short::read(app, wire, device, chains).await?;
        let batches = std::mem::take(&mut asked.batches).into_iter().map(Arrived::Batch).collect();
        (asked, batches, Some(short))
    } else {
        let headers = headers.clone();
        let decoded = tokio::task::spawn_blocking(move || decode(wire::plain(&headers, wire)?));
        let (asked, batches) =
            decoded.await.map_err(|_| Failure::Internal("reading a request stopped"))??;
        (asked, batches, None)
    };
    let named = ingest::named(&batches);
    Ok((asked, Sent { batches, named }, short))
}

/// The chains of a device, with those that go on from them by the request's word.
pub async fn with_successors(
    app: &App,
    device: DeviceId,
    asked: &SyncRequest,
    mut chains: Vec<ChainRow>,
) -> Result<Vec<ChainRow>, Failure> {
    for succession in asked.successions.iter().take(MOST_SUCCESSIONS) {
        let known = chains.iter().any(|chain| chain.chain == succession.chain);
        let followed = chains.iter().find(|chain| chain.chain == succession.follows);
        if let Some(followed) = followed.filter(|row| !known && succession.fits(&row.profile_key, device)) {
            app.storage.put_chain(succession.chain, followed.chain, clock::now()).await?;
            chains = app.storage.chains_of(device).await?;
        }
    }
    Ok(chains)
}

/// The profile that asks: a record chain enrolled on the very device that signed.
pub fn profile(
    (profile, device_id): (ChainId, DeviceId),
    device: DeviceId,
    chains: &[ChainRow],
) -> Result<&ChainRow, Failure> {
    match chains.iter().find(|chain| chain.chain == profile && chain.profile == profile) {
        Some(profile) if device_id == device => Ok(profile),
        _ => Err(Failure::Unauthorised),
    }
}

/// Roster and grants of an officer.
pub async fn standing(storage: &dyn Storage, officer: OfficerId) -> Result<Standing, Failure> {
    Ok(Standing { roster: storage.roster(officer).await?, grants: storage.grants(officer).await? })
}

/// What became of the batches of a request.
pub struct Outcome {
    /// Signed, when revisions came.
    pub receipts: Option<SignedReceipts>,
    /// The few refusals.
    pub refusals: Vec<Refusal>,
    /// One for each revision that was sent; nobody's link where something was refused.
    links: Vec<Link>,
}

/// The batches of a request, and what theirs rest on.
pub struct Sent {
    /// The batches.
    pub batches: Vec<Arrived>,
    /// What they name that may be in custody.
    pub named: ingest::Named,
}

/// Takes what came into custody, and the device's word with it.
pub async fn deposit(
    app: &Arc<App>,
    asked: &SyncRequest,
    sent: Sent,
    (device, revoked): (DeviceId, bool),
    profile: &ChainRow,
    chains: &[ChainRow],
    at: Millis,
) -> Result<Outcome, Failure> {
    let Sent { batches, named } = sent;
    let count = batches.iter().map(|arrived| match arrived {
        Arrived::Batch(batch) => batch.revisions.len(),
        Arrived::Unreadable(_) => 1,
    });
    let count: usize = count.sum();
    if count > MAX_REVISIONS {
        return Err(Failure::TooLarge(words::REQUEST_TOO_MANY));
    }
    let mut taken = ingest::Taken::default();
    if !batches.is_empty() {
        let parents = app.storage.parents(named.links.into_iter().collect()).await?;
        let mut officers = HashMap::new();
        let about = parents.values().map(|parent| parent.officer).chain(named.officers);
        for officer in chains.iter().map(|chain| chain.officer).chain(about).collect::<BTreeSet<_>>() {
            officers.insert(officer, standing(app.storage.as_ref(), officer).await?);
        }
        let facts = Facts {
            force: app.force.row.force,
            device,
            revoked,
            profile: profile.chain,
            chains: chains.iter().map(|chain| (chain.chain, chain.clone())).collect(),
            officers,
            parents,
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
    let links = match taken.refusals.is_empty() {
        true => taken.revisions.iter().map(|custody| custody.link).collect(),
        false => vec![Link::GENESIS; count],
    };
    let deposit = Deposit {
        device,
        officer: profile.officer,
        profile: profile.chain,
        heartbeat: Some(asked.heartbeat.clone()),
        drift_ms: asked.heartbeat.clock.map(|clock| clock.since(at)),
        manifests: taken.manifests,
        revisions: taken.revisions,
    };
    let deposited = app.writer.deposit(deposit).await?;
    Ok(Outcome { receipts: deposited.receipts, refusals: taken.refusals, links })
}

async fn answer(
    app: &Arc<App>,
    asked: &SyncRequest,
    profile: &ChainRow,
    chains: &[ChainRow],
    outcome: Outcome,
    at: Millis,
) -> Result<SyncReply, Failure> {
    let storage = app.storage.as_ref();
    let standing = standing(storage, profile.officer).await?;
    let reader = changes::Reader::new(storage, profile, chains, &standing, &asked.wants_chains, at).await?;
    // Before anything is read for it: whoever erases meanwhile knows that this profile may have a copy.
    copies::note(app, asked, profile, &reader.scopes, at).await?;
    // Positions of another epoch say nothing here: the device reads its scopes from their beginning.
    let (none, here) = (Cursors::new(), app.force.row.epoch);
    let leveled = asked.level.map(|level| level.cursors(&reader.scopes));
    let same_scopes = matches!(leveled, Some(Some(_)));
    let said = leveled.flatten().unwrap_or_else(|| asked.cursors.clone());
    let cursors = if asked.epoch.is_none_or(|epoch| epoch == here) { &said } else { &none };
    let changes::Changed { changes, more, level } =
        reader.changes(storage, cursors, asked.want_bytes).await?;
    // Orders after the pages: what was read before an erasure is ordered in the same answer.
    let told = copies::told(app, asked, profile, &reader, at).await?;
    let mut grants = standing.all_grants(profile.officer);
    // Those of tonight are told in the afternoon: the phone may have no signal when they begin.
    grants.retain(|grant| grant.until.is_none_or(|until| at < until));
    Ok(SyncReply {
        changes,
        contacts: reader.contacts(storage, at).await?,
        scopes: (!same_scopes).then_some(reader.scopes),
        level,
        grants,
        more: more || told.more,
        copies: told.copies,
        ..of_its_own(app, asked, profile, outcome).await?
    })
}

/// What became of what a device brought, and nothing of anybody else: all that one out of service is told.
async fn of_its_own(
    app: &Arc<App>,
    asked: &SyncRequest,
    profile: &ChainRow,
    outcome: Outcome,
) -> Result<SyncReply, Failure> {
    let storage = app.storage.as_ref();
    let known = app.keys.newest(storage, asked.keys).await?;
    Ok(SyncReply {
        protocol: CURRENT,
        server_time: clock::now(),
        epoch: app.force.row.epoch,
        receipts: outcome.receipts,
        refusals: outcome.refusals,
        ends: storage.ends(profile.chain).await?,
        changes: Vec::new(),
        contacts: Vec::new(),
        scopes: Some(Vec::new()),
        level: None,
        grants: Vec::new(),
        more: false,
        keys: (asked.keys < known.number).then(|| known.signed.clone()),
        challenge: None,
        revoked: None,
        copies: CopiesTold::default(),
    })
}
