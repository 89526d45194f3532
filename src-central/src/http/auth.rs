//! Who asks: the device's transport key over method, path, central's own challenge and the body's bytes as on the wire.

use axum::body::Bytes;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use beatbook_domain::id::{DeviceId, Signature};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Challenge, Credentials, DEVICE_HEADER, SIGNATURE_BYTES};

use super::App;
use super::failure::Failure;
use crate::clock;
use crate::metrics::Limited;

/// A device that has proved who it is.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The device.
    pub device: DeviceId,
    /// Its signature over this very request.
    pub signature: Signature,
    /// What it is to sign from now on, where its challenge gets old.
    pub renewed: Option<Challenge>,
    /// Since when it is out of service, where it is: it may bring, and is told nothing.
    pub revoked: Option<Millis>,
}

/// The device that signed a request. `wire` is the body as it came.
///
/// # Errors
/// [`Failure::Challenge`] with a good one where the challenge signed is none of ours or too old; it says nothing about
/// whether the device is known. [`Failure::Unauthorised`] for everything else that is not a good signature of a known
/// device.
pub async fn device(app: &App, parts: &Parts, wire: &[u8]) -> Result<Asker, Failure> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let credentials = header.and_then(|text| text.parse().ok()).ok_or(Failure::Unauthorised)?;
    judge(app, parts, credentials, wire).await
}

/// The device that signed an exchange, and what it signed: in short form the signature stands in front of the body.
///
/// # Errors
/// As [`device`].
pub async fn device_and_body(app: &App, parts: &Parts, wire: Bytes) -> Result<(Asker, Bytes), Failure> {
    let Some(text) = parts.headers.get(DEVICE_HEADER) else {
        return Ok((device(app, parts, &wire).await?, wire));
    };
    let text = text.to_str().map_err(|_| Failure::Unauthorised)?;
    let (credentials, _) = Credentials::read_short(text, &wire).map_err(|_| Failure::Unauthorised)?;
    let body = wire.slice(SIGNATURE_BYTES..);
    Ok((judge(app, parts, credentials, &body).await?, body))
}

async fn judge(app: &App, parts: &Parts, credentials: Credentials, wire: &[u8]) -> Result<Asker, Failure> {
    let (device, now) = (credentials.device, clock::now());
    // The challenge costs no question to the database: whoever plays old requests again stops here.
    let made = app
        .challenges
        .made_at(credentials.challenge, device, now)
        .ok_or_else(|| Failure::Challenge(app.challenges.make(device, now)))?;
    let known = app.storage.device(device).await?.ok_or(Failure::Unauthorised)?;
    if !credentials.fit(&known.transport_key, (parts.method.as_str(), parts.uri.path()), wire) {
        return Err(Failure::Unauthorised);
    }
    // Counted once it has proved itself: nobody uses up what is another device's.
    if let Err(wait) = app.rates.device.count(&device) {
        app.metrics.limited(Limited::Device);
        return Err(Failure::TooMany(wait));
    }
    Ok(Asker {
        device,
        signature: credentials.signature,
        renewed: app.challenges.renewed(device, made, now),
        revoked: known.revoked_at,
    })
}
