//! `POST /v1/enrol`: a one-time code ties a profile's keys to an officer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use beatbook_protocol::sync::{EnrolRefusal, EnrolReply, EnrolRequest, Enrolled, ensure_supported};

use super::failure::Failure;
use super::{App, wire};
use crate::clock;
use crate::enrolment::code_hash;
use crate::storage::{EnrolOutcome, Enrolment};
use crate::words;

/// The largest enrolment, bytes.
const MAX_BYTES: usize = 16 * 1024;

/// Handles the request.
pub async fn enrol(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    // Nobody is known here yet, so nothing is decompressed.
    let bytes = wire::read(body, MAX_BYTES).await?;
    if !app.tries.may(peer.ip(), Instant::now()) {
        return Err(EnrolRefusal::TooMany.into());
    }
    let asked: EnrolRequest =
        serde_json::from_slice(&bytes).map_err(|_| Failure::BadRequest(words::ENROLMENT_UNREADABLE))?;
    ensure_supported(asked.protocol)?;
    let at = clock::now();
    let enrolment = Enrolment {
        hash: code_hash(app.force.row.force, &asked.code),
        device: asked.device_id,
        transport_key: asked.transport_key,
        profile_key: asked.profile_key,
        seal_key: asked.seal_key,
        record_chain: asked.record_chain,
        log_chain: asked.log_chain,
        at,
    };
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
    let reply = EnrolReply {
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
