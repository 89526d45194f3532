//! `POST /v1/spool/<profile>`: opens what a phone sealed before its notebook was locked, and takes it into custody as any
//! other batch. The envelope itself is not kept.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use beatbook_domain::id::{ChainId, DeviceId};
use beatbook_protocol::sync::{
    MAX_SPOOL_BYTES, SPOOL_INFO, SpoolContents, SpoolReply, SyncRequest, ensure_supported, spool_aad,
};
use hpke::{Deserializable as _, OpModeR};
use zeroize::Zeroizing;

use super::exchange::{self, Sent};
use super::failure::Failure;
use super::{App, auth, wire};
use crate::clock;
use crate::ingest::{self, Arrived};
use crate::openapi::DeviceFailures;
use crate::words;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// Bytes of the encapsulated key.
const ENCAPSULATED: usize = 32;

/// What a locked notebook sends: sealed to central, batches without seeds.
#[utoipa::path(
    post, path = "/v1/spool/{profile}", operation_id = "spool", tag = "devices", security(("device" = [])),
    params(("profile" = ChainId, Path, description = "Record chain of the profile")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = SpoolReply), DeviceFailures)
)]
pub async fn spool(
    State(app): State<Arc<App>>,
    Path(profile): Path<ChainId>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = wire::read(body, MAX_SPOOL_BYTES).await?;
    let received = bytes.len();
    let auth::Asker { device, renewed, revoked, .. } = auth::device(&app, &parts, &bytes).await?;
    let mut chains = app.storage.chains_of(device).await?;
    if !chains.iter().any(|chain| chain.chain == profile && chain.profile == profile) {
        return Err(Failure::Unauthorised);
    }
    let opener = Arc::clone(&app);
    let read = tokio::task::spawn_blocking(move || open(&opener, device, profile, &bytes)).await;
    let contents = read.map_err(|_| Failure::Internal("opening a spool stopped"))??;
    ensure_supported(contents.protocol)?;
    app.keys.newest(app.storage.as_ref(), 0).await?;
    let at = clock::now();
    let batches: Vec<Arrived> = contents.batches.into_iter().map(Arrived::Batch).collect();
    let asked = SyncRequest {
        protocol: contents.protocol,
        device_id: device,
        profile,
        epoch: None,
        heartbeat: contents.heartbeat,
        successions: contents.successions,
        wants_chains: Vec::new(),
        batches: Vec::new(),
        cursors: Default::default(),
        level: None,
        want_bytes: 0,
        keys: 0,
        copies: Default::default(),
    };
    if !asked.successions.is_empty() {
        chains = exchange::with_successors(&app, device, &asked, chains).await?;
    }
    let row = exchange::profile((asked.profile, asked.device_id), device, &chains)?;
    let sent = Sent { named: ingest::named(&batches), batches };
    let asker = (device, revoked.is_some());
    let outcome = exchange::deposit(&app, &asked, sent, asker, row, &chains, at).await?;
    let reply = SpoolReply { receipts: outcome.receipts, refusals: outcome.refusals, challenge: renewed };
    let (response, sent) = wire::reply(&parts.headers, &reply)?;
    app.metrics.bytes(received, sent);
    Ok(response)
}

fn open(app: &App, device: DeviceId, profile: ChainId, bytes: &[u8]) -> Result<SpoolContents, Failure> {
    let unreadable = Failure::BadRequest;
    let sealed = || unreadable(words::SPOOL_UNOPENED);
    let (encapsulated, ciphertext) = bytes.split_at_checked(ENCAPSULATED).ok_or_else(sealed)?;
    let private = <Kem as hpke::Kem>::PrivateKey::from_bytes(&app.force.row.sealing_secret)
        .map_err(|_| Failure::Internal("the sealing key cannot be read"))?;
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| sealed())?;
    let packed = hpke::single_shot_open::<Aead, Kdf, Kem>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        SPOOL_INFO,
        ciphertext,
        &spool_aad(device, profile),
    )
    .map(Zeroizing::new)
    .map_err(|_| sealed())?;
    let plain = Zeroizing::new(wire::unzstd(&packed)?);
    serde_json::from_slice(&plain).map_err(|_| unreadable(words::REQUEST_UNREADABLE))
}
