//! What device and central both know before a request, and the few bytes by which a device says what it assumes.

use beatbook_domain::entry::Head;
use beatbook_domain::id::{ChainId, DeviceId, EpochId, ForceId, Link, OfficerId};

use super::ShortError;
use super::names::Names;
use super::pieces::From;

/// The facts of a profile on a device.
#[derive(Clone, Debug)]
pub struct Known {
    /// The device.
    pub device: DeviceId,
    /// The force.
    pub force: ForceId,
    /// Central's epoch; none before the first answer.
    pub epoch: Option<EpochId>,
    /// The profile, by the record chain it was enrolled with.
    pub profile: ChainId,
    /// The officer.
    pub officer: OfficerId,
    /// The chains the request is about, the record chain that is written to first.
    pub bases: Vec<Base>,
}

/// A chain, and the revision of it that both sides have.
#[derive(Clone, Debug)]
pub struct Base {
    /// The chain.
    pub chain: ChainId,
    /// The revision; none before central holds one.
    pub held: Option<Held>,
}

/// A revision both sides have.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its place.
    pub seq: u64,
    /// Its identity.
    pub link: Link,
    /// Its head, byte for byte.
    pub head: Vec<u8>,
}

impl Known {
    /// The ids that need not be said, in the order of their letters.
    pub(super) fn names(&self) -> Names {
        let mut names = vec![
            self.device.to_string(),
            self.force.to_string(),
            self.profile.to_string(),
            self.officer.to_string(),
        ];
        for base in &self.bases {
            names.push(if base.chain == self.profile { String::new() } else { base.chain.to_string() });
            let head = base.held.as_ref().and_then(|held| Head::parse(&held.head).ok());
            names.push(head.as_ref().map(|head| head.seed.to_string()).unwrap_or_default());
            names.push(head.as_ref().map(|head| head.mono.boot_id.to_string()).unwrap_or_default());
            names.push(
                head.as_ref().and_then(|head| head.unit_id).map(|id| id.to_string()).unwrap_or_default(),
            );
            names.push(head.and_then(|head| head.shift_id).map(|id| id.to_string()).unwrap_or_default());
        }
        // The same id twice would be shortened by the first letter alone: the order decides on both sides.
        Names::new(names)
    }
}

impl Known {
    /// What distances are counted from: the revision both have.
    pub(super) fn from(&self) -> From {
        let held = self.bases.first().and_then(|base| base.held.as_ref());
        held.map(|held| From::head(&held.head)).unwrap_or_default()
    }
}

/// What a device assumes, in front of its request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// Of the epoch, 0 for none.
    pub epoch: u32,
    /// Of the bases.
    pub bases: Vec<BaseName>,
}

/// A base as it is named: the end of the chain's id, its place and the end of its link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BaseName {
    /// Last four bytes of the chain's id.
    pub chain: u32,
    /// Place of the revision held; none before central holds one.
    pub seq: Option<u32>,
    /// Last four bytes of its link.
    pub link: u32,
}

const NONE: u32 = u32::MAX;
const BASE_BYTES: usize = 12;
/// Chains one request names; a batch of a further one carries its manifest.
pub const MOST_BASES: usize = 4;

/// The last four bytes of an id or a link: random in all of them.
fn tag(bytes: &[u8]) -> u32 {
    bytes.last_chunk().map_or(0, |last| u32::from_be_bytes(*last))
}

impl BaseName {
    /// Whether a chain is the one named.
    #[must_use]
    pub fn is_chain(&self, chain: ChainId) -> bool {
        tag(chain.as_bytes()) == self.chain
    }

    /// Whether a link is the one named.
    #[must_use]
    pub fn is_link(&self, link: &Link) -> bool {
        tag(&link.0) == self.link
    }
}

impl Envelope {
    pub(super) fn of(known: &Known) -> Result<Self, ShortError> {
        let bases = known.bases.iter().map(|base| {
            let seq = base.held.as_ref().map(|held| u32::try_from(held.seq).ok().filter(|seq| *seq != NONE));
            let seq = match seq {
                Some(None) => return Err(ShortError::NoShortForm),
                Some(seq) => seq,
                None => None,
            };
            let link = base.held.as_ref().map_or(0, |held| tag(&held.link.0));
            Ok(BaseName { chain: tag(base.chain.as_bytes()), seq, link })
        });
        let epoch = known.epoch.map_or(0, |epoch| tag(epoch.as_bytes()));
        Ok(Self { epoch, bases: bases.collect::<Result<_, _>>()? })
    }

    /// Whether the device knows this epoch.
    #[must_use]
    pub fn is_epoch(&self, epoch: EpochId) -> bool {
        tag(epoch.as_bytes()) == self.epoch
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![u8::try_from(self.bases.len()).unwrap_or(u8::MAX)];
        bytes.extend(self.epoch.to_be_bytes());
        for base in &self.bases {
            bytes.extend(base.chain.to_be_bytes());
            bytes.extend(base.seq.unwrap_or(NONE).to_be_bytes());
            bytes.extend(base.link.to_be_bytes());
        }
        bytes
    }

    /// Reads the front of a request; what follows is its frame.
    ///
    /// # Errors
    /// [`ShortError::NotShort`].
    pub fn read(wire: &[u8]) -> Result<(Self, &[u8]), ShortError> {
        let (count, rest) = wire.split_first().ok_or(ShortError::NotShort)?;
        let count = usize::from(*count);
        if count == 0 || count > MOST_BASES {
            return Err(ShortError::NotShort);
        }
        let number = |place: usize| -> Result<u32, ShortError> {
            let bytes = rest.get(4 * place..4 * place + 4).and_then(|four| four.first_chunk());
            bytes.map(|four| u32::from_be_bytes(*four)).ok_or(ShortError::NotShort)
        };
        let mut bases = Vec::with_capacity(count);
        for base in 0..count {
            let (chain, seq, link) = (number(3 * base + 1)?, number(3 * base + 2)?, number(3 * base + 3)?);
            bases.push(BaseName { chain, seq: (seq != NONE).then_some(seq), link });
        }
        Ok((Self { epoch: number(0)?, bases }, &rest[4 + BASE_BYTES * count..]))
    }
}
