//! What goes out and what comes back, as it is on the wire.

use std::io::Read as _;

use beatbook_domain::id::{DeviceId, Link, VerifyKey};
use beatbook_protocol::short::{self, CODING, Known};
use beatbook_protocol::sync::{Challenge, MAX_PLAIN_BYTES, PartTag, SyncReply};
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use serde::de::DeserializeOwned;

use super::error::SyncError;

/// zstd level: 3 costs microseconds a record on a phone.
const LEVEL: i32 = 3;
/// From this many bytes on a body is named, so that it can go on where the link broke: the name costs thirty bytes.
const NAMED_FROM: usize = 2 * 1024;

/// A request body as it goes on the wire.
#[derive(Clone, Debug)]
pub struct Packed {
    pub(super) bytes: Bytes,
    pub(super) coding: &'static str,
}

/// The coding of a body that is spelled out.
pub(super) const ZSTD: &str = "zstd";
/// The coding of a body that is not coded.
const IDENTITY: &str = "identity";

impl Packed {
    /// Compresses a body that is spelled out.
    ///
    /// # Errors
    /// zstd's own, which means no memory.
    pub fn new(plain: &[u8]) -> std::io::Result<Self> {
        Ok(Self { bytes: zstd::bulk::compress(plain, LEVEL)?.into(), coding: ZSTD })
    }

    /// A body as it is.
    #[must_use]
    pub fn plain(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), coding: IDENTITY }
    }

    /// A body in the short form.
    #[must_use]
    pub fn short(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), coding: CODING }
    }

    /// Bytes as they are: a part of a photo.
    #[must_use]
    pub fn as_it_is(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), coding: "" }
    }

    /// Bytes on the wire.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Its name, where it is worth one: then it goes on where the link broke.
    #[must_use]
    pub fn tag(&self) -> Option<PartTag> {
        (self.coding == CODING && self.len() >= NAMED_FROM).then(|| PartTag::of(&self.bytes))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// What a request is signed with.
#[derive(Clone)]
pub struct Signer {
    /// The device.
    pub device: DeviceId,
    /// Its transport key.
    pub transport: SigningKey,
    /// Central's last challenge.
    pub challenge: Challenge,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("device", &self.device).finish_non_exhaustive()
    }
}

/// A part of what is kept at central, or how far it has come.
#[derive(Clone, Debug)]
pub struct Part {
    /// The bytes asked for.
    pub bytes: Vec<u8>,
    /// Whether all of it is at central.
    pub is_whole: bool,
    /// Bytes central has.
    pub has: u64,
    /// Its length.
    pub length: u64,
    /// Its media type.
    pub media_type: String,
}

/// What central answered, as it came.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) is_short: bool,
    /// It broke off: what its rest is called.
    pub(super) rest: Option<PartTag>,
}

impl Answer {
    /// Whether nothing came.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Reads JSON that is spelled out.
    ///
    /// # Errors
    /// [`SyncError::NotOurs`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, SyncError> {
        serde_json::from_slice(&self.bytes).map_err(|_| SyncError::NotOurs)
    }

    /// Reads the answer of an exchange in whichever form it came. `sent` are the links in the order of sending.
    ///
    /// # Errors
    /// [`SyncError::NotOurs`].
    pub fn reply(
        &self,
        known: &Known,
        sent: &[Link],
        receipt_key: VerifyKey,
    ) -> Result<SyncReply, SyncError> {
        if !self.is_short {
            return self.json();
        }
        short::unpack_reply(&self.bytes, known, sent, receipt_key, MAX_PLAIN_BYTES)
            .map_err(|_| SyncError::NotOurs)
    }
}

/// Decompresses an answer, at most [`MAX_PLAIN_BYTES`].
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>, SyncError> {
    let mut plain = Vec::new();
    let decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(|_| SyncError::NotOurs)?;
    let limit = MAX_PLAIN_BYTES as u64 + 1;
    decoder.take(limit).read_to_end(&mut plain).map_err(|_| SyncError::NotOurs)?;
    if plain.len() > MAX_PLAIN_BYTES { Err(SyncError::NotOurs) } else { Ok(plain) }
}

/// End (as stated) and length in `bytes a-b/length`.
pub(super) fn range_stated(text: &str) -> Option<(u64, u64)> {
    let (range, length) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (_, end) = range.split_once('-')?;
    Some((end.parse().ok()?, length.parse().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_grows_without_end_is_cut_off() {
        let bomb = zstd::bulk::compress(&vec![0; MAX_PLAIN_BYTES + 1], 1).unwrap();
        assert!(bomb.len() < 100_000);
        assert!(matches!(unpack(&bomb), Err(SyncError::NotOurs)));
    }
}
