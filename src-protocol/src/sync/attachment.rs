//! Attachments: photos of things, named in a body by hash, length and media type. They follow their text, in chunks.
//!
//! `POST /v1/attachments/<profile>/<sha256>/<start>` with the bytes from `start` on as its body (none: a question) is
//! answered by [`AttachmentReply`]: how far central has it. `GET /v1/attachments/<profile>/<sha256>` gives it to who may
//! read the entry that names it, whole or by `range`. Both are signed as `/v1/sync` is; the path is part of what is signed.

use beatbook_domain::entry::Attachment;
use beatbook_domain::id::{ChainId, DeviceId, Digest, EpochId, OfficerId, Signature};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::auth::Challenge;

/// Where attachments are brought and fetched.
pub const ATTACHMENTS_PATH: &str = "/v1/attachments";
/// The largest attachment, bytes: a picture of 1,600 pixels is a tenth of it.
pub const MAX_ATTACHMENT_BYTES: u64 = 4 * 1024 * 1024;
/// The largest chunk, bytes.
pub const MAX_CHUNK_BYTES: usize = 256 * 1024;
/// What may be attached.
pub const MEDIA_TYPES: &[&str] = &["image/jpeg", "image/png"];

/// Whether central takes such an attachment: its length and type are looked at before any byte of it is stored.
#[must_use]
pub fn is_acceptable(attachment: &Attachment) -> bool {
    (1..=MAX_ATTACHMENT_BYTES).contains(&attachment.bytes)
        && MEDIA_TYPES.contains(&attachment.media_type.as_str())
        && attachment.sha256.parse::<Digest>().is_ok()
}

/// The path of an attachment of a profile.
#[must_use]
pub fn attachment_path(profile: ChainId, sha256: &Digest) -> String {
    format!("{ATTACHMENTS_PATH}/{profile}/{sha256}")
}

/// The path of its bytes from `start` on.
#[must_use]
pub fn chunk_path(profile: ChainId, sha256: &Digest, start: u64) -> String {
    format!("{}/{start}", attachment_path(profile, sha256))
}

/// How far central has an attachment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentReply {
    /// Bytes central keeps from its beginning: the next chunk starts here.
    pub have: u64,
    /// Central's word, once it is whole and its hash fits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub word: Option<SignedWord>,
    /// To be signed from now on; none while the one that was signed stays good.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub challenge: Option<Challenge>,
}

/// Central's word that an attachment is there, as signed. Kept verbatim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedWord {
    /// Verbatim JSON of an [`AttachmentWord`].
    pub word: String,
    /// By the receipt key, purpose attachment.
    pub signature: Signature,
}

/// What central says of an attachment that is there whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentWord {
    /// Central's epoch: a word of another one says nothing of what a restored central holds.
    pub epoch: EpochId,
    /// Number of the statement whose receipt key signs.
    pub keys: u64,
    /// The device that asked.
    pub device: DeviceId,
    /// Whose attachment it is.
    pub officer: OfficerId,
    /// Its hash.
    pub sha256: Digest,
    /// Its length.
    pub bytes: u64,
    /// When it was whole, central's clock.
    pub whole_at: Millis,
    /// Every backup that holds this position holds the attachment too.
    pub safe_at: u64,
}
