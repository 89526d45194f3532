//! `POST /v1/enrol`: a one-time code ties a profile's keys to an officer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use beatbook_domain::seal::{Purpose, verify};
use beatbook_protocol::sync::{
    EnrolProof, EnrolRefusal, EnrolReply, EnrolRequest, Enrolled, EnrolledAgain, EnrolmentFacts, ForceBundle,
    ensure_supported,
};

use super::failure::Failure;
use super::{App, wire};
use crate::clock;
use crate::enrolment::code_hash;
use crate::metrics::Limited;
use crate::openapi::OpenFailures;
use crate::storage::{EnrolOutcome, Enrolment, Joining, Readmission};
use crate::words;

/// The largest enrolment, bytes.
const MAX_BYTES: usize = 16 * 1024;

/// What somebody sends who is not known yet: small, never decompressed, and not too often wrong from one address.
async fn from_stranger(app: &App, peer: SocketAddr, request: Request) -> Result<(Parts, Bytes), Failure> {
    let (parts, body) = request.into_parts();
    let bytes = wire::read(body, MAX_BYTES).await?;
    match app.tries.may(peer.ip(), Instant::now()) {
        true => Ok((parts, bytes)),
        false => {
            app.metrics.limited(Limited::Codes);
            Err(EnrolRefusal::TooMany.into())
        }
    }
}

/// A one-time code ties the keys of a profile to an officer.
#[utoipa::path(
    post, path = "/v1/enrol", operation_id = "enrol", tag = "open", request_body = EnrolRequest,
    responses((status = 200, body = EnrolReply), OpenFailures)
)]
pub async fn enrol(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, bytes) = from_stranger(&app, peer, request).await?;
    let asked: EnrolRequest =
        serde_json::from_slice(&bytes).map_err(|_| Failure::BadRequest(words::ENROLMENT_UNREADABLE))?;
    ensure_supported(asked.protocol)?;
    let at = clock::now();
    let joining = Joining {
        device: asked.device_id,
        transport_key: asked.transport_key,
        profile_key: asked.profile_key,
        seal_key: asked.seal_key,
        record_chain: asked.record_chain,
        log_chain: asked.log_chain,
        at,
    };
    let hash = code_hash(app.force.row.force, &asked.code);
    let enrolment = Enrolment { hash, joining: joining.clone() };
    let (officer, team_name) = match app.storage.enrol(enrolment).await? {
        EnrolOutcome::Enrolled { officer, team_name } => (officer, team_name),
        EnrolOutcome::BadCode => {
            app.tries.was_wrong(peer.ip(), Instant::now());
            return Err(EnrolRefusal::Code.into());
        }
        EnrolOutcome::Revoked => return Err(EnrolRefusal::Revoked.into()),
        EnrolOutcome::OtherKeys => return Err(EnrolRefusal::Device.into()),
    };
    let enrolled = Enrolled { officer: officer.officer, device: asked.device_id };
    tracing::info!(officer = %enrolled.officer, device = %enrolled.device, "enrolled");
    let keys = app.keys.newest(app.storage.as_ref(), 0).await?;
    let proof = app.force.signer.prove(&joining.facts(app.force.row.force, officer.officer));
    let proof = Some(proof.map_err(|_| Failure::Internal("an enrolment could not be signed"))?);
    let reply = EnrolReply {
        proof,
        bundle: keys.signed.bundle.clone(),
        signature: keys.signed.signature,
        team: officer.team.zip(team_name),
        officer,
        server_time: at,
    };
    let (response, size) = wire::reply(&parts.headers, &reply)?;
    app.metrics.bytes(bytes.len(), size);
    Ok(response)
}

/// A phone that was enrolled after the backup which was restored: central's own signature says that it was, so it needs no
/// new code, and what it holds comes in.
#[utoipa::path(
    post, path = "/v1/enrol/again", operation_id = "enrol_again", tag = "open", request_body = EnrolProof,
    responses((status = 200, body = EnrolledAgain), OpenFailures)
)]
pub async fn again(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, bytes) = from_stranger(&app, peer, request).await?;
    let unreadable = |_| Failure::BadRequest(words::ENROLMENT_UNREADABLE);
    let proof: EnrolProof = serde_json::from_slice(&bytes).map_err(unreadable)?;
    let statements = app.storage.statements().await?;
    let named = statements.iter().find(|row| row.number == proof.keys);
    let key = named.and_then(|row| serde_json::from_str::<ForceBundle>(&row.bundle).ok());
    let signed = key.is_some_and(|bundle| {
        verify(&bundle.keys.receipt_key, Purpose::Enrolment, &[proof.facts.as_bytes()], &proof.signature)
    });
    let facts = serde_json::from_str::<EnrolmentFacts>(&proof.facts).ok();
    let Some(facts) = facts.filter(|facts| signed && facts.force == app.force.row.force) else {
        app.tries.was_wrong(peer.ip(), Instant::now());
        return Err(Failure::Unauthorised);
    };
    let (officer, device) = (facts.officer, facts.device);
    let added = match app.storage.readmit(facts).await? {
        Readmission::Added => true,
        Readmission::Known => false,
        Readmission::Refused => return Err(Failure::Unauthorised),
    };
    if added {
        tracing::warn!(%officer, %device, "a phone of after the backup is known again by central's own signature");
    }
    let (response, size) = wire::reply(&parts.headers, &EnrolledAgain { added })?;
    app.metrics.bytes(bytes.len(), size);
    Ok(response)
}
