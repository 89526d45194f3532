//! `/v1/attachments/…`: photos come after the text that names them, in chunks, and go to who may read that text.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, ETAG, RANGE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use beatbook_domain::id::{ChainId, Digest};
use beatbook_domain::time::DAY_MS;
use beatbook_protocol::sync::{AttachmentReply, AttachmentWord, MAX_CHUNK_BYTES};
use serde::Deserialize;

use super::auth::{self, Asker};
use super::failure::Failure;
use super::{App, changes, exchange, wire};
use crate::clock;
use crate::openapi::DeviceFailures;
use crate::storage::{AttachmentPart, AttachmentStanding, Brought, ChainRow, Opening};

/// The most one device may begin to bring in a day, bytes: some five hundred pictures.
pub const MOST_A_DAY: u64 = 256 * 1024 * 1024;

/// What a path names.
#[derive(Deserialize)]
pub struct Named {
    profile: ChainId,
    sha256: Digest,
    #[serde(default)]
    start: u64,
}

/// Who asks, and for which of the profiles enrolled on the device.
async fn asker(
    app: &App,
    parts: &Parts,
    wire: &[u8],
    profile: ChainId,
) -> Result<(Asker, ChainRow, Vec<ChainRow>), Failure> {
    let asker = auth::device(app, parts, wire).await?;
    let chains = app.storage.chains_of(asker.device).await?;
    let found = chains.iter().find(|chain| chain.chain == profile && chain.profile == profile).cloned();
    Ok((asker, found.ok_or(Failure::Unauthorised)?, chains))
}

#[utoipa::path(
    post, path = "/v1/attachments/{profile}/{sha256}/{start}", operation_id = "attachment_bring", tag = "devices",
    security(("device" = [])),
    params(
        ("profile" = ChainId, Path, description = "Record chain of the profile"),
        ("sha256" = Digest, Path, description = "Hash of the whole attachment"),
        ("start" = u64, Path, description = "Byte at which the chunk begins")
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = AttachmentReply), DeviceFailures)
)]
/// Takes a chunk; an empty one asks how far the attachment has come. What a device out of service brings is taken too:
/// the text that names it decides who sees it.
pub async fn bring(
    State(app): State<Arc<App>>,
    Path(named): Path<Named>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let content = wire::read(body, MAX_CHUNK_BYTES).await?;
    let received = content.len();
    let (asker, profile, _) = asker(&app, &parts, &content, named.profile).await?;
    let at = clock::now();
    let part = AttachmentPart {
        officer: profile.officer,
        device: asker.device,
        sha256: named.sha256,
        start: named.start,
        content: content.to_vec(),
        at,
        quota: (at.plus(-DAY_MS), MOST_A_DAY),
    };
    let standing = match app.storage.bring_attachment(part).await? {
        Brought::Have(standing) => standing,
        Brought::Unknown => return Err(Failure::AttachmentUnknown),
        Brought::OverQuota => return Err(Failure::AttachmentQuota),
        Brought::Differs => return Err(Failure::AttachmentDiffers),
    };
    let word = match standing.whole_at {
        None => None,
        Some(whole_at) => {
            // A position taken from now on is in no backup that lacks the attachment.
            let safe_at = app.storage.position().await? + 1;
            let (device, officer) = (asker.device, profile.officer);
            let signed = app.force.signer.attachment(|epoch, keys| AttachmentWord {
                epoch,
                keys,
                device,
                officer,
                sha256: named.sha256,
                bytes: standing.bytes,
                whole_at,
                safe_at,
            });
            Some(signed.map_err(|_| Failure::Internal("a word about an attachment could not be signed"))?)
        }
    };
    let reply = AttachmentReply { have: standing.have, word, challenge: asker.renewed };
    let (response, sent) = wire::reply(&HeaderMap::new(), &reply)?;
    app.metrics.bytes(received, sent);
    Ok(response)
}

#[utoipa::path(
    get, path = "/v1/attachments/{profile}/{sha256}", operation_id = "attachment_fetch", tag = "devices",
    security(("device" = [])),
    params(
        ("profile" = ChainId, Path, description = "Record chain of the profile"),
        ("sha256" = Digest, Path, description = "Hash of the whole attachment"),
        ("range" = Option<String>, Header, description = "`bytes=a-b`: one range")
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "All of it"),
        (status = 202, description = "On its way: `content-range` says how far"),
        (status = 206, content_type = "application/octet-stream", description = "The range"),
        DeviceFailures
    )
)]
/// Gives an attachment, or a range of it, to who reads a revision that names it. Who is given it is noted.
pub async fn fetch(
    State(app): State<Arc<App>>,
    Path(named): Path<Named>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let (asker, profile, chains) = asker(&app, &parts, &[], named.profile).await?;
    if asker.revoked.is_some() {
        return Err(Failure::AttachmentUnknown);
    }
    let (storage, at) = (app.storage.as_ref(), clock::now());
    let standing = exchange::standing(storage, profile.officer).await?;
    let reader = changes::Reader::new(storage, &profile, &chains, &standing, &[], at).await?;
    let readable = storage.readable_attachment(named.sha256, reader.scopes).await?;
    let readable = readable.ok_or(Failure::AttachmentUnknown)?;
    if readable.standing.whole_at.is_none() {
        return Ok(on_its_way(&readable.standing));
    }
    let whole = readable.standing.bytes;
    let range = parts.headers.get(RANGE).map(|range| wire::range_of(range, whole));
    let (start, end) = match range {
        None => (0, whole),
        Some(Some(range)) => range,
        Some(None) => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            put(&mut response, CONTENT_RANGE, &format!("bytes */{whole}"));
            return Ok(response);
        }
    };
    let content = storage.attachment_bytes(readable.officer, named.sha256, start, end).await?;
    // One byte is a question whether it is there. Of a photo that is fetched in parts one line is written.
    if content.len() > 1 {
        let (link, officer, device) = (readable.link, profile.officer, asker.device);
        storage.attachment_opened(Opening { link, officer, device, at }).await?;
    }
    app.metrics.bytes(0, content.len());
    let mut response = Response::new(wire::in_parts(content));
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        put(&mut response, CONTENT_RANGE, &format!("bytes {start}-{}/{whole}", end - 1));
    }
    put(&mut response, CONTENT_TYPE, &readable.standing.media_type);
    put(&mut response, ETAG, &format!("\"{}\"", named.sha256));
    put(&mut response, ACCEPT_RANGES, "bytes");
    Ok(response)
}

/// It is named by something that may be read, and not here whole: how far it has come.
fn on_its_way(standing: &AttachmentStanding) -> Response {
    let mut response = StatusCode::ACCEPTED.into_response();
    put(&mut response, CONTENT_RANGE, &format!("bytes 0-{}/{}", standing.have, standing.bytes));
    response
}

fn put(response: &mut Response, name: axum::http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
