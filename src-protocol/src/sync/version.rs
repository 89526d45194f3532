//! Versions of the protocol.

use serde::{Deserialize, Serialize};

use crate::words;

/// Version 1, November 2026: the first.
pub const V1: u16 = 1;
/// The newest version this code speaks.
pub const CURRENT: u16 = V1;
/// The oldest version this code still serves.
pub const OLDEST: u16 = V1;

/// The largest request body central takes, bytes on the wire.
pub const MAX_REQUEST_BYTES: usize = 4 * 1024 * 1024;
/// The largest request once decompressed, bytes.
pub const MAX_PLAIN_BYTES: usize = 32 * 1024 * 1024;
/// The largest head, bytes.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;
/// The largest body, bytes.
pub const MAX_BODY_BYTES: usize = 128 * 1024;
/// The most bytes of changes a device usually wants in one answer, before compression.
pub const WANT_BYTES: u32 = 512 * 1024;
/// The most revisions in one request.
pub const MAX_REVISIONS: usize = 2_000;

/// Why a version cannot be spoken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum VersionError {
    /// The other side is too old.
    #[error("{}", words::VERSION_TOO_OLD)]
    TooOld,
    /// The other side is too new.
    #[error("{}", words::VERSION_TOO_NEW)]
    TooNew,
}

/// Whether `version` can be spoken here.
///
/// # Errors
/// [`VersionError`] when it is older than [`OLDEST`] or newer than [`CURRENT`].
pub fn ensure_supported(version: u16) -> Result<(), VersionError> {
    match version {
        v if v < OLDEST => Err(VersionError::TooOld),
        v if v > CURRENT => Err(VersionError::TooNew),
        _ => Ok(()),
    }
}
