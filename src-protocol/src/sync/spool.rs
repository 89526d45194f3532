//! `POST /v1/spool/<profile>`: what a phone sealed to central before its notebook was locked, sent while it is locked.
//!
//! The body is an X25519 key of 32 bytes and a ciphertext: HPKE base mode (X25519, HKDF-SHA256, ChaCha20-Poly1305) to the
//! sealing key of the force, info [`SPOOL_INFO`], bound to device and profile ([`spool_aad`]), over zstd over the JSON of
//! [`SpoolContents`]. Nobody can open it but central, the phone that sealed it neither. The request is signed as
//! `/v1/sync` is; whether what is in it was written by the profile its own manifests say.

use beatbook_domain::id::{ChainId, DeviceId};
use serde::{Deserialize, Serialize};

use super::auth::Challenge;
use super::exchange::{Batch, Heartbeat};
use super::receipt::{Refusal, SignedReceipts};
use super::succession::Succession;

/// Where sealed batches are brought.
pub const SPOOL_PATH: &str = "/v1/spool";
/// What HPKE is told it is for.
pub const SPOOL_INFO: &[u8] = b"beatbook/spool/1";
/// The largest envelope, bytes on the wire.
pub const MAX_SPOOL_BYTES: usize = 512 * 1024;

/// The path for a profile, by its record chain.
#[must_use]
pub fn spool_path(profile: ChainId) -> String {
    format!("{SPOOL_PATH}/{profile}")
}

/// What an envelope is bound to.
#[must_use]
pub fn spool_aad(device: DeviceId, profile: ChainId) -> Vec<u8> {
    [device.as_bytes().as_slice(), profile.as_bytes()].concat()
}

/// What is in an envelope. Salts travel bare, never a seed: what is sealed here opens no other body.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpoolContents {
    /// Protocol version.
    pub protocol: u16,
    /// How the device stands once this is received.
    pub heartbeat: Heartbeat,
    /// Chains that go on from older ones.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub successions: Vec<Succession>,
    /// Revisions, in signed batches.
    pub batches: Vec<Batch>,
}

/// What became of it. Nothing else is told to a phone whose notebook is locked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpoolReply {
    /// Receipts, kept for the profile.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub receipts: Option<SignedReceipts>,
    /// The few refusals: the profile hears of them by its own next exchange.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub refusals: Vec<Refusal>,
    /// To be signed from now on; none while the one that was signed stays good.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub challenge: Option<Challenge>,
}
