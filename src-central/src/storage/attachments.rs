//! Attachments as storage takes and gives them; no SQL.

use beatbook_domain::entry::Attachment;
use beatbook_domain::id::{DeviceId, Digest, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::is_acceptable;

/// An attachment as a body in custody names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedAttachment {
    /// Its hash.
    pub sha256: Digest,
    /// Its length.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
}

impl NamedAttachment {
    /// What a body names, where its length and type are taken; anything else is in the body and never brought.
    #[must_use]
    pub fn of(attachment: &Attachment) -> Option<Self> {
        let sha256 = attachment.sha256.parse().ok().filter(|_| is_acceptable(attachment))?;
        Some(Self { sha256, bytes: attachment.bytes, media_type: attachment.media_type.clone() })
    }
}

/// How far an attachment has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttachmentStanding {
    /// Its length, as named.
    pub bytes: u64,
    /// Its media type, as named.
    pub media_type: String,
    /// Bytes kept from its beginning.
    pub have: u64,
    /// When it was whole and its hash fitted.
    pub whole_at: Option<Millis>,
}

/// A part of an attachment as it was brought.
#[derive(Clone, Debug)]
pub struct AttachmentPart {
    /// Whose attachment it is.
    pub officer: OfficerId,
    /// The device that brings it.
    pub device: DeviceId,
    /// Its hash.
    pub sha256: Digest,
    /// Where the part begins.
    pub start: u64,
    /// The part.
    pub content: Vec<u8>,
    /// Central's time.
    pub at: Millis,
    /// What one device may begin to bring: since when it is counted, and the most bytes.
    pub quota: (Millis, u64),
}

/// What came of a part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Brought {
    /// No body of this officer names it.
    Unknown,
    /// The device has begun to bring too much: later.
    OverQuota,
    /// This is kept now.
    Have(AttachmentStanding),
    /// It was there to its end, and is not what the body names: nothing of it was kept.
    Differs,
}

/// What somebody may see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Readable {
    /// Whose attachment it is.
    pub officer: OfficerId,
    /// The revision that names it and is read.
    pub link: Link,
    /// How far it has come.
    pub standing: AttachmentStanding,
}

/// Parts given within this time of the first are one opening, milliseconds.
pub(super) const ONE_OPENING_MS: i64 = 10 * 60 * 1_000;

/// Somebody was given an attachment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening {
    /// The revision that names it.
    pub link: Link,
    /// The reader.
    pub officer: OfficerId,
    /// On which device.
    pub device: DeviceId,
    /// When.
    pub at: Millis,
}

/// An attachment as `verify` walks it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptAttachment {
    /// Whose.
    pub officer: OfficerId,
    /// Its hash.
    pub sha256: Digest,
    /// How far it has come.
    pub standing: AttachmentStanding,
}

/// What of a part goes on from what is kept.
pub(super) fn fresh<'a>(part: &'a AttachmentPart, standing: &AttachmentStanding) -> Option<&'a [u8]> {
    let known = usize::try_from(standing.have.checked_sub(part.start)?).ok()?;
    part.content.get(known..).filter(|rest| !rest.is_empty() && standing.whole_at.is_none())
}

/// Adds what of a part lies within a range.
pub(super) fn cut(bytes: &mut Vec<u8>, at: u64, content: &[u8], (start, end): (u64, u64)) {
    let within = |place: u64| usize::try_from(place.saturating_sub(at)).unwrap_or(usize::MAX);
    let (from, to) = (within(start), within(end).min(content.len()));
    bytes.extend_from_slice(content.get(from..to).unwrap_or_default());
}
