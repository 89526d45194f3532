//! Who asks: the device, central's last challenge, and a signature over the bytes on the wire.
//!
//! `authorization: Beatbook <device>.<challenge>.<signature>`, each in base64url without padding (22, 22 and 86 letters).
//! The transport key signs method, path, challenge and the body as it is on the wire, purpose `beatbook/request/1`.
//!
//! In the short form the header [`DEVICE_HEADER`] holds `<device>.<challenge>`, which stays the same from one request to
//! the next and so costs one byte on a connection of HTTP/2; the signature is the first 64 bytes of the body, as they are.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use beatbook_domain::id::{DeviceId, Signature, VerifyKey};
use beatbook_domain::seal::{self, Purpose};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names device and challenge of a request in short form.
pub const DEVICE_HEADER: &str = "beatbook-device";
/// Bytes of the signature in front of a body in short form.
pub const SIGNATURE_BYTES: usize = 64;

/// The scheme of the header, with its space.
const SCHEME: &str = "Beatbook ";

/// Central's time and a proof that central made it: what a request must repeat, so that an old one is worth nothing. No
/// clock of the device has a part in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Challenge(pub [u8; 16]);

impl Challenge {
    /// What a device sends before it has been given one: central answers 401 with a good one.
    pub const NONE: Self = Self([0; 16]);
}

beatbook_domain::described!(Challenge => beatbook_domain::openapi::text(None, Some("^[A-Za-z0-9_-]{22}$".to_owned())));

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// A text that is not what it should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a challenge or not the credentials of a device")]
pub struct NotCredentials;

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], NotCredentials> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotCredentials)?;
    bytes.try_into().map_err(|_| NotCredentials)
}

impl FromStr for Challenge {
    type Err = NotCredentials;
    fn from_str(text: &str) -> Result<Self, NotCredentials> {
        bytes(text).map(Self)
    }
}

impl Serialize for Challenge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Challenge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What stands in the header `authorization`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Credentials {
    /// The device.
    pub device: DeviceId,
    /// The challenge that is signed.
    pub challenge: Challenge,
    /// By the device's transport key.
    pub signature: Signature,
}

impl Credentials {
    /// Signs a request. `wire` is its body as it is sent, compressed or not.
    #[must_use]
    pub fn sign(
        device: DeviceId,
        transport: &SigningKey,
        challenge: Challenge,
        (method, path): (&str, &str),
        wire: &[u8],
    ) -> Self {
        let parts = [method.as_bytes(), path.as_bytes(), &challenge.0, wire];
        Self { device, challenge, signature: seal::sign(transport, Purpose::Request, &parts) }
    }

    /// What stands in the header [`DEVICE_HEADER`] of a request in short form.
    #[must_use]
    pub fn short_header(&self) -> String {
        format!("{}.{}", URL_SAFE_NO_PAD.encode(self.device.as_bytes()), self.challenge)
    }

    /// Reads the credentials of a request in short form; what the signature is over comes with them.
    ///
    /// # Errors
    /// [`NotCredentials`].
    pub fn read_short<'a>(header: &str, wire: &'a [u8]) -> Result<(Self, &'a [u8]), NotCredentials> {
        let (device, challenge) = header.split_once('.').ok_or(NotCredentials)?;
        let (signature, rest) = wire.split_first_chunk::<SIGNATURE_BYTES>().ok_or(NotCredentials)?;
        let device = DeviceId::from_bytes(bytes(device)?);
        Ok((Self { device, challenge: challenge.parse()?, signature: Signature(*signature) }, rest))
    }

    /// Whether the transport key signed this request.
    #[must_use]
    pub fn fit(&self, transport: &VerifyKey, (method, path): (&str, &str), wire: &[u8]) -> bool {
        let parts = [method.as_bytes(), path.as_bytes(), &self.challenge.0, wire];
        seal::verify(transport, Purpose::Request, &parts, &self.signature)
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let device = URL_SAFE_NO_PAD.encode(self.device.as_bytes());
        write!(f, "{SCHEME}{device}.{}.{}", self.challenge, URL_SAFE_NO_PAD.encode(self.signature.0))
    }
}

impl FromStr for Credentials {
    type Err = NotCredentials;
    fn from_str(text: &str) -> Result<Self, NotCredentials> {
        let mut parts = text.strip_prefix(SCHEME).ok_or(NotCredentials)?.split('.');
        let mut next = || parts.next().ok_or(NotCredentials);
        let device = DeviceId::from_bytes(bytes(next()?)?);
        let challenge = next()?.parse()?;
        let signature = Signature(bytes(next()?)?);
        match parts.next() {
            None => Ok(Self { device, challenge, signature }),
            Some(_) => Err(NotCredentials),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_signature_is_good_for_one_request_and_one_challenge() {
        let transport = SigningKey::from_bytes(&[7; 32]);
        let public = VerifyKey(transport.verifying_key().to_bytes());
        let target = ("POST", "/v1/sync");
        let device = DeviceId::from_bytes([1; 16]);
        let signed = Credentials::sign(device, &transport, Challenge([9; 16]), target, b"body");
        let text = signed.to_string();
        assert_eq!(text.len(), SCHEME.len() + 22 + 1 + 22 + 1 + 86);
        let read: Credentials = text.parse().unwrap();
        assert_eq!(read, signed);
        assert!(read.fit(&public, target, b"body"));
        assert!(!read.fit(&public, target, b"bodx"));
        assert!(!read.fit(&public, ("POST", "/v1/enrol"), b"body"));
        assert!(!Credentials { challenge: Challenge([8; 16]), ..read }.fit(&public, target, b"body"));
        for bad in ["", "Beatbook ", "Bearer a.b.c", &text[..text.len() - 1], &format!("{text}.x")] {
            assert!(bad.parse::<Credentials>().is_err(), "{bad}");
        }
        let short = [&signed.signature.0[..], b"body"].concat();
        let header = signed.short_header();
        assert_eq!(Credentials::read_short(&header, &short).unwrap(), (signed, &b"body"[..]));
        for (bad, wire) in [("", &short[..]), (&header[1..], &short), (&header, &short[..63])] {
            assert!(Credentials::read_short(bad, wire).is_err(), "{bad}");
        }
    }
}
