//! Who asks: the device's transport key over method, path and the body's bytes as they are on the wire.

use axum::http::HeaderMap;
use axum::http::request::Parts;
use beatbook_domain::id::{DeviceId, Signature};
use beatbook_domain::seal::{self, Purpose};
use beatbook_protocol::sync::{HEADER_DEVICE, HEADER_SIGNATURE};

use super::failure::Failure;
use crate::storage::Storage;

fn header<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// The device that signed a request.
///
/// # Errors
/// [`Failure::Unauthorised`] for everything that is not a good signature of a known device.
pub async fn device(storage: &dyn Storage, parts: &Parts, wire: &[u8]) -> Result<DeviceId, Failure> {
    let device: DeviceId = header(&parts.headers, HEADER_DEVICE).ok_or(Failure::Unauthorised)?;
    let signature: Signature = header(&parts.headers, HEADER_SIGNATURE).ok_or(Failure::Unauthorised)?;
    let known = storage.device(device).await?.ok_or(Failure::Unauthorised)?;
    let signed = [parts.method.as_str().as_bytes(), parts.uri.path().as_bytes(), wire];
    match seal::verify(&known.transport_key, Purpose::Request, &signed, &signature) {
        true => Ok(device),
        false => Err(Failure::Unauthorised),
    }
}
