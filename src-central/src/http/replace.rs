//! `POST /v1/replace`: a supervisor gives an officer of the team a code for a new phone, and takes the lost one out of
//! service. Judged by the same rule as a decision about that officer's entries, at central's time.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use beatbook_domain::id::OfficerId;
use beatbook_domain::review::may_decide;
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{
    CURRENT, LostPhone, LostReport, ReplaceReply, ReplaceRequest, ensure_supported,
};

use super::failure::Failure;
use super::{App, auth, exchange, wire};
use crate::clock;
use crate::devices;
use crate::enrolment;
use crate::metrics::Limited;
use crate::openapi::DeviceFailures;
use crate::storage::{DeviceListing, Replacement, ReplacementRow, Revocation};
use crate::words;

/// The largest request, bytes.
const MAX_BYTES: usize = 16 * 1024;
/// Over which one sergeant's replacements are counted.
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// A code for a new phone of an officer of the team; the lost one goes out of service.
#[utoipa::path(
    post, path = "/v1/replace", operation_id = "replace", tag = "devices", security(("device" = [])),
    request_body = ReplaceRequest, responses((status = 200, body = ReplaceReply), DeviceFailures)
)]
pub async fn replace(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = wire::read(body, MAX_BYTES).await?;
    let asker = auth::device(&app, &parts, &bytes).await?;
    if asker.revoked.is_some() {
        return Err(Failure::Unauthorised);
    }
    let asked: ReplaceRequest =
        serde_json::from_slice(&bytes).map_err(|_| Failure::BadRequest(words::REPLACEMENT_UNREADABLE))?;
    ensure_supported(asked.protocol)?;
    let chains = app.storage.chains_of(asker.device).await?;
    let profile = exchange::profile((asked.profile, asked.device_id), asker.device, &chains)?;
    let (by, at) = (profile.officer, clock::now());
    may_replace(&app, by, asked.officer, at).await?;
    in_time(&app, by, at).await?;
    let lost = match asked.lost {
        Some(lost) if lost.device != asker.device => Some((theirs(&app, &asked, lost).await?, lost)),
        Some(_) => return Err(Failure::NotTheirPhone),
        None => None,
    };
    let officers = app.storage.officers(at).await?;
    let (code, row) = enrolment::make(&app.force, asked.officer, at)
        .map_err(|_| Failure::Internal("the system gave no randomness"))?;
    let expires_at = row.expires_at;
    let replacement = Replacement {
        log: ReplacementRow {
            hash: row.hash,
            at,
            by,
            device: asker.device,
            officer: asked.officer,
            lost: asked.lost.map(|lost| lost.device),
            why: asked.lost.map_or("another", |lost| lost.loss.as_str()).to_owned(),
            request: digest(asker.signature.as_bytes()),
        },
        code: row,
        lost: asked.lost.map(|lost| Revocation {
            device: lost.device,
            at,
            by: devices::title(&officers, by),
            why: lost.loss.as_str().to_owned(),
        }),
    };
    if !app.storage.replace(replacement).await? {
        // The very same request again: whoever has the key signs another.
        return Err(Failure::Challenge(app.challenges.make(asker.device, at)));
    }
    let device = asked.lost.map(|lost| lost.device.to_string());
    tracing::warn!(%by, officer = %asked.officer, lost = device, "a replacement enrolment was issued");
    let lost = match lost {
        Some((listing, lost)) => Some(report(&app, listing, lost, asked.officer).await?),
        None => None,
    };
    let reply = ReplaceReply { protocol: CURRENT, server_time: at, code: code.to_string(), expires_at, lost };
    let (response, size) = wire::reply(&parts.headers, &reply)?;
    app.metrics.bytes(bytes.len(), size);
    Ok(response)
}

/// Whether `by` stands above the officer, in the officer's own team, now. Never for oneself.
async fn may_replace(app: &App, by: OfficerId, officer: OfficerId, at: Millis) -> Result<(), Failure> {
    let held = exchange::standing(app.storage.as_ref(), by).await?.held(by);
    let subject = exchange::standing(app.storage.as_ref(), officer).await?.subject(officer, at, at);
    if may_decide(by, &held, &subject, at) { Ok(()) } else { Err(Failure::NotYours) }
}

/// Whether this supervisor has not issued too many of late.
async fn in_time(app: &App, by: OfficerId, at: Millis) -> Result<(), Failure> {
    let most = app.limits.replacements;
    if most == 0 {
        return Ok(());
    }
    let since = at.plus(-i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX));
    let issued = app.storage.replacements(Some(by), since, most).await?;
    match issued.last().filter(|_| issued.len() >= most as usize) {
        None => Ok(()),
        Some(oldest) => {
            app.metrics.limited(Limited::Codes);
            let age = Duration::from_millis(u64::try_from(at.since(oldest.at)).unwrap_or_default());
            Err(Failure::TooMany(WINDOW.saturating_sub(age)))
        }
    }
}

/// The phone that is lost, if the officer has a notebook on it.
async fn theirs(app: &App, asked: &ReplaceRequest, lost: LostPhone) -> Result<DeviceListing, Failure> {
    let devices = app.storage.devices().await?;
    let one = devices.into_iter().find(|one| one.device == lost.device);
    one.filter(|one| one.officers.contains(&asked.officer)).ok_or(Failure::NotTheirPhone)
}

async fn report(
    app: &App,
    listing: DeviceListing,
    lost: LostPhone,
    officer: OfficerId,
) -> Result<LostReport, Failure> {
    let written = app.storage.written_on(lost.device).await?;
    let newest = listing.contacts.iter().max_by_key(|(_, at, _)| *at);
    Ok(LostReport {
        device: lost.device,
        received: written.iter().map(|row| row.count).sum(),
        last_heard: newest.map(|(_, at, _)| *at),
        heartbeat: newest.map(|(_, _, heartbeat)| heartbeat.clone()),
        others: listing.officers.into_iter().filter(|one| *one != officer).collect(),
    })
}
