//! How a revision is sealed and chained (format `beatbook/rev/1`). These bytes can never change.
//!
//! A revision is two byte strings, each serialised once: `head` (kept for ever) and `body` (may have to be erased).
//! ```text
//! salt_n   = HMAC-SHA256(seed, chain_id ‖ seq as u64 big-endian)
//! commit_n = SHA-256(salt_n ‖ body)
//! link_n   = SHA-256("beatbook/rev/1" ‖ chain_id ‖ seq ‖ link_n-1 ‖ SHA-256(head) ‖ commit_n)
//! ```
//! Erasing deletes body and salt and keeps head, commit and link: the chain still verifies.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::id::{ChainId, Commit, Digest, ForceId, Link, Salt, Signature, VerifyKey};

/// Name of the revision format; the first bytes of every link.
pub const REVISION_FORMAT: &str = "beatbook/rev/1";
/// Name of the manifest format.
pub const MANIFEST_FORMAT: &str = "beatbook/manifest/1";

/// The secret from which the salts of one chain and one UTC day are derived. Never leaves the device but inside a batch.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(#[serde(with = "hex_array")] pub [u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

crate::described!(Seed => crate::openapi::hex(32));

mod hex_array {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8; 32], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&hex::encode(bytes))
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<[u8; 32], D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        let mut out = [0; 32];
        hex::decode_to_slice(text.as_ref(), &mut out).map_err(serde::de::Error::custom)?;
        Ok(out)
    }
}

/// SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// The salt of one revision: `HMAC-SHA256(seed, chain_id ‖ seq)`.
pub fn derive_salt(seed: &Seed, chain_id: ChainId, seq: u64) -> Salt {
    // HMAC takes a key of any length, so a 32-byte seed can never be refused.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&seed.0) else {
        unreachable!("HMAC takes any key length")
    };
    mac.update(chain_id.as_bytes());
    mac.update(&seq.to_be_bytes());
    Salt(mac.finalize().into_bytes().into())
}

/// The commitment to a body: `SHA-256(salt ‖ body)`.
pub fn commit(salt: &Salt, body: &[u8]) -> Commit {
    let mut hash = Sha256::new();
    hash.update(salt.0);
    hash.update(body);
    Commit(hash.finalize().into())
}

/// The link of a revision from the link before it, the hash of its head and the commitment to its body.
pub fn link(chain_id: ChainId, seq: u64, before: &Link, head: &Digest, commit: &Commit) -> Link {
    let mut hash = Sha256::new();
    hash.update(REVISION_FORMAT.as_bytes());
    hash.update(chain_id.as_bytes());
    hash.update(seq.to_be_bytes());
    hash.update(before.0);
    hash.update(head.0);
    hash.update(commit.0);
    Link(hash.finalize().into())
}

/// A sealed revision: the bytes and what proves them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The chain it stands in.
    pub chain_id: ChainId,
    /// Its place in the chain, from 0, gapless.
    pub seq: u64,
    /// The head, byte for byte as first serialised.
    pub head: Vec<u8>,
    /// The body, byte for byte; `None` once erased.
    pub body: Option<Vec<u8>>,
    /// The salt; `None` once erased.
    pub salt: Option<Salt>,
    /// The commitment to the body, kept for ever.
    pub commit: Commit,
    /// Its identity.
    pub link: Link,
}

/// Seals head and body as revision `seq` of a chain whose last link is `before`.
pub fn seal(chain_id: ChainId, seq: u64, before: &Link, seed: &Seed, head: Vec<u8>, body: Vec<u8>) -> Sealed {
    let salt = derive_salt(seed, chain_id, seq);
    let commit = commit(&salt, &body);
    let link = link(chain_id, seq, before, &digest(&head), &commit);
    Sealed { chain_id, seq, head, body: Some(body), salt: Some(salt), commit, link }
}

impl Sealed {
    /// Checks body against commitment, and head and commitment against the link that follows `before`.
    pub fn verify(&self, before: &Link) -> Result<(), Broken> {
        match (&self.body, &self.salt) {
            (Some(body), Some(salt)) if commit(salt, body) != self.commit => {
                return Err(Broken::Body { seq: self.seq });
            }
            (Some(_), Some(_)) | (None, None) => {}
            _ => return Err(Broken::HalfErased { seq: self.seq }),
        }
        if link(self.chain_id, self.seq, before, &digest(&self.head), &self.commit) != self.link {
            return Err(Broken::Link { seq: self.seq });
        }
        Ok(())
    }
}

/// What a check of seals found broken. Sequence numbers only: never content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The body does not match its commitment.
    #[error("revision {seq}: the body does not match its commitment")]
    Body {
        /// Its sequence number.
        seq: u64,
    },
    /// The link does not follow from head, commitment and the link before.
    #[error("revision {seq}: the link does not follow from the revision before")]
    Link {
        /// Its sequence number.
        seq: u64,
    },
    /// Body without salt or salt without body.
    #[error("revision {seq}: body and salt must be kept or erased together")]
    HalfErased {
        /// Its sequence number.
        seq: u64,
    },
    /// A body is missing and no erasure names it.
    #[error("revision {seq}: the body is missing and no erasure names it")]
    Missing {
        /// Its sequence number.
        seq: u64,
    },
    /// A sequence number is missing or doubled.
    #[error("revision {expected} expected, {found} found")]
    Gap {
        /// The number expected.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// A signature does not verify.
    #[error("the signature over revisions {first} to {last} does not verify")]
    Signature {
        /// First of the range.
        first: u64,
        /// Last of the range.
        last: u64,
    },
    /// A manifest's figures contradict the revisions it came with.
    #[error("the manifest does not fit its revisions: {0}")]
    Manifest(&'static str),
    /// Stored columns differ from the sealed bytes they were taken from.
    #[error("revision {seq}: column {column} differs from the sealed bytes")]
    Column {
        /// Its sequence number.
        seq: u64,
        /// The column.
        column: &'static str,
    },
}

/// A revision of the range that does not travel in the batch (already received, or erased).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Absent {
    /// Its place in the chain.
    pub seq: u64,
    /// SHA-256 of its head.
    pub head: Digest,
    /// The commitment to its body.
    pub commit: Commit,
}

/// What the profile key signs for a batch: 64 bytes that prove every revision in a range, in any order of arrival.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Manifest {
    /// [`MANIFEST_FORMAT`].
    pub format: String,
    /// The force the chain belongs to.
    pub force: ForceId,
    /// The chain.
    pub chain_id: ChainId,
    /// First sequence number of the range.
    pub first: u64,
    /// The link before `first`.
    pub before_first: Link,
    /// Revisions in the range that do not travel.
    pub absent: Vec<Absent>,
    /// Last sequence number of the range, inclusive.
    pub last: u64,
    /// The link of `last`.
    pub after_last: Link,
}

impl Manifest {
    /// The bytes that are signed and kept verbatim on both sides.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Recomputes every link of the range from the revisions that travelled (seq, SHA-256(head), commit) and the absent
    /// ones; returns (seq, link) for all of them, in order.
    ///
    /// # Errors
    /// When a revision is missing, doubled or out of range, or the chain does not end at `after_last`.
    pub fn links(&self, travelled: &[(u64, Digest, Commit)]) -> Result<Vec<(u64, Link)>, Broken> {
        if self.format != MANIFEST_FORMAT {
            return Err(Broken::Manifest("unknown format"));
        }
        if self.last < self.first {
            return Err(Broken::Manifest("its range is empty"));
        }
        let mut parts: Vec<(u64, Digest, Commit)> =
            travelled.iter().copied().chain(self.absent.iter().map(|a| (a.seq, a.head, a.commit))).collect();
        parts.sort_unstable_by_key(|part| part.0);
        let mut before = self.before_first;
        let mut links = Vec::with_capacity(parts.len());
        let mut expected = self.first;
        for (seq, head, commit) in parts {
            if seq != expected {
                return Err(Broken::Gap { expected, found: seq });
            }
            before = link(self.chain_id, seq, &before, &head, &commit);
            links.push((seq, before));
            expected += 1;
        }
        if expected != self.last + 1 {
            return Err(Broken::Gap { expected, found: self.last + 1 });
        }
        if before != self.after_last {
            return Err(Broken::Link { seq: self.last });
        }
        Ok(links)
    }
}

/// What a signature is for; mixed into the signed bytes so that one can never pass for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A batch manifest, by the profile key.
    Manifest,
    /// A list of receipts, by central's receipt key.
    Receipts,
    /// A request, by the device's transport key.
    Request,
    /// The force bundle handed out at enrolment, by the force's root key.
    Bundle,
    /// A numbered key statement, by the force's root key.
    KeyStatement,
    /// A change of profile key, by the old key.
    KeyChange,
    /// That a new chain goes on from another of the same profile, by the profile key.
    Succession,
    /// That a profile was enrolled, by central's receipt key.
    Enrolment,
    /// That an attachment is at central whole, by central's receipt key.
    Attachment,
    /// A list of orders to erase, by central's receipt key.
    Orders,
}

impl Purpose {
    const fn context(self) -> &'static str {
        match self {
            Purpose::Manifest => MANIFEST_FORMAT,
            Purpose::Receipts => "beatbook/receipts/1",
            Purpose::Request => "beatbook/request/1",
            Purpose::Bundle => "beatbook/bundle/1",
            Purpose::KeyStatement => "beatbook/keys/1",
            Purpose::KeyChange => "beatbook/key-change/1",
            Purpose::Succession => "beatbook/succession/1",
            Purpose::Enrolment => "beatbook/enrolment/1",
            Purpose::Attachment => "beatbook/attachment/1",
            Purpose::Orders => "beatbook/orders/1",
        }
    }

    fn message(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut message = self.context().as_bytes().to_vec();
        for part in parts {
            message.extend_from_slice(&(part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        message
    }
}

/// Signs `parts` (each prefixed by its length) for one purpose. Ed25519 needs no randomness.
pub fn sign(key: &SigningKey, purpose: Purpose, parts: &[&[u8]]) -> Signature {
    Signature(key.sign(&purpose.message(parts)).to_bytes())
}

/// Whether `signature` over `parts` for this purpose is by `key`.
pub fn verify(key: &VerifyKey, purpose: Purpose, parts: &[&[u8]], signature: &Signature) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&key.0) else { return false };
    key.verify_strict(&purpose.message(parts), &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
}

/// Walks a whole chain in order from its first revision. `erased` says whether an erasure names a link.
///
/// # Errors
/// The first thing that is broken.
pub fn verify_chain<'a>(
    revisions: impl IntoIterator<Item = &'a Sealed>,
    erased: impl Fn(&Link) -> bool,
) -> Result<Link, Broken> {
    let mut before = Link::GENESIS;
    for (expected, revision) in (0u64..).zip(revisions) {
        if revision.seq != expected {
            return Err(Broken::Gap { expected, found: revision.seq });
        }
        revision.verify(&before)?;
        if revision.body.is_none() && !erased(&revision.link) {
            return Err(Broken::Missing { seq: revision.seq });
        }
        before = revision.link;
    }
    Ok(before)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn chain(bodies: &[Vec<u8>]) -> Vec<Sealed> {
        let chain_id = ChainId(Uuid::from_u128(7));
        let seed = Seed([9; 32]);
        let mut before = Link::GENESIS;
        (0u64..)
            .zip(bodies)
            .map(|(seq, body)| {
                let sealed = seal(
                    chain_id,
                    seq,
                    &before,
                    &seed,
                    format!("{{\"seq\":{seq}}}").into_bytes(),
                    body.clone(),
                );
                before = sealed.link;
                sealed
            })
            .collect()
    }

    /// The format is frozen: this vector was computed once, by hand from the definition, with a second program.
    #[test]
    fn the_format_is_frozen() {
        let sealed = seal(
            ChainId(Uuid::from_u128(0x0192_f000_0000_7000_8000_0000_0000_0001)),
            3,
            &Link([0xab; 32]),
            &Seed([0x11; 32]),
            b"{\"head\":1}".to_vec(),
            b"{\"body\":1}".to_vec(),
        );
        assert_eq!(sealed.salt.unwrap().to_string(), VECTOR_SALT);
        assert_eq!(sealed.commit.to_string(), VECTOR_COMMIT);
        assert_eq!(sealed.link.to_string(), VECTOR_LINK);
    }
    const VECTOR_SALT: &str = "1646313a6ac8e8611586f8c06b5f34e27409bbcba15587b3b1b931218e4310ad";
    const VECTOR_COMMIT: &str = "ce05bb404bbe4f5cc7ce9d756e32ad06f8d1602f2854b806bcb608d7303f761c";
    const VECTOR_LINK: &str = "8839b9618c4c74637fc8009c37d876c85018246c175bea1211b19b613f4af9b3";

    #[test]
    fn one_changed_byte_column_or_order_is_found() {
        let good = chain(&[b"a".to_vec(), b"b".to_vec(), b"c".to_vec()]);
        let end = verify_chain(&good, |_| false).unwrap();
        assert_eq!(end, good[2].link);

        let mut byte = good.clone();
        byte[1].body.as_mut().unwrap()[0] ^= 1;
        assert_eq!(verify_chain(&byte, |_| false), Err(Broken::Body { seq: 1 }));

        let mut head = good.clone();
        head[1].head[2] ^= 1;
        assert_eq!(verify_chain(&head, |_| false), Err(Broken::Link { seq: 1 }));

        let mut order = good.clone();
        order.swap(0, 1);
        assert!(verify_chain(&order, |_| false).is_err());

        let mut renumbered = good.clone();
        renumbered.swap(1, 2);
        renumbered[1].seq = 1;
        renumbered[2].seq = 2;
        assert!(verify_chain(&renumbered, |_| false).is_err());
    }

    #[test]
    fn an_erased_body_verifies_only_when_an_erasure_names_it() {
        let mut revisions = chain(&[b"a".to_vec(), b"b".to_vec(), b"c".to_vec()]);
        revisions[1].body = None;
        revisions[1].salt = None;
        let link = revisions[1].link;
        assert_eq!(verify_chain(&revisions, |l| *l == link), Ok(revisions[2].link));
        assert_eq!(verify_chain(&revisions, |_| false), Err(Broken::Missing { seq: 1 }));
        revisions[1].salt = Some(Salt([0; 32]));
        assert_eq!(verify_chain(&revisions, |_| true), Err(Broken::HalfErased { seq: 1 }));
    }

    #[test]
    fn signatures_are_for_one_purpose() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let public = VerifyKey(key.verifying_key().to_bytes());
        let signature = sign(&key, Purpose::Manifest, &[b"ab", b"c"]);
        assert!(verify(&public, Purpose::Manifest, &[b"ab", b"c"], &signature));
        assert!(!verify(&public, Purpose::Receipts, &[b"ab", b"c"], &signature));
        assert!(!verify(&public, Purpose::Manifest, &[b"a", b"bc"], &signature));
    }

    proptest! {
        /// Any split of a range into travelling and absent revisions proves the same links; any change breaks it.
        #[test]
        fn a_manifest_proves_any_split(
            bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 1..12),
            travels in prop::collection::vec(any::<bool>(), 12),
            from in 0usize..12,
            flip in any::<bool>(),
        ) {
            let revisions = chain(&bodies);
            let from = from % revisions.len();
            let range = &revisions[from..];
            let mut manifest = Manifest {
                format: MANIFEST_FORMAT.into(),
                force: ForceId(Uuid::nil()),
                chain_id: range[0].chain_id,
                first: range[0].seq,
                before_first: if from == 0 { Link::GENESIS } else { revisions[from - 1].link },
                absent: Vec::new(),
                last: range[range.len() - 1].seq,
                after_last: range[range.len() - 1].link,
            };
            let mut travelled = Vec::new();
            for (revision, travels) in range.iter().zip(&travels) {
                let head = digest(&revision.head);
                if *travels { travelled.push((revision.seq, head, revision.commit)); }
                else { manifest.absent.push(Absent { seq: revision.seq, head, commit: revision.commit }); }
            }
            travelled.reverse();
            let links = manifest.links(&travelled).unwrap();
            prop_assert!(links.iter().zip(range).all(|((seq, link), r)| *seq == r.seq && *link == r.link));
            if flip && !travelled.is_empty() {
                travelled[0].2.0[0] ^= 1;
                prop_assert!(manifest.links(&travelled).is_err());
            }
        }
    }
}
