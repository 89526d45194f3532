//! The rows storage takes and gives, in types; no SQL.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::{
    ChainId, Code, Commit, DeviceId, Digest, EntryId, EpochId, ForceId, Link, OfficerId, Salt, SealKey,
    Signature, TeamId, VerifyKey,
};
use beatbook_domain::seal::Absent;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{EnrolmentFacts, Heartbeat, OfficerRow, ReceiptProblem, Scope, SignedReceipts};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::attachments::NamedAttachment;

/// The force as stored: its signed bundle and central's own secrets.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ForceRow {
    /// The force.
    #[zeroize(skip)]
    pub force: ForceId,
    /// Central's epoch.
    #[zeroize(skip)]
    pub epoch: EpochId,
    /// Verbatim JSON of [`beatbook_protocol::sync::ForceBundle`].
    #[zeroize(skip)]
    pub bundle: String,
    /// The root key's signature over it.
    #[zeroize(skip)]
    pub bundle_signature: Signature,
    /// Ed25519 secret that signs receipts.
    pub receipt_secret: [u8; 32],
    /// X25519 secret that opens what is sealed to central.
    pub sealing_secret: [u8; 32],
    /// When it was made.
    #[zeroize(skip)]
    pub created_at: Millis,
}

impl std::fmt::Debug for ForceRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForceRow")
            .field("force", &self.force)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

/// A statement of keys as it was published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementRow {
    /// Its number.
    pub number: u64,
    /// Verbatim JSON of [`beatbook_protocol::sync::ForceBundle`].
    pub bundle: String,
    /// The root key's signature over it.
    pub signature: Signature,
    /// When it was made.
    pub made_at: Millis,
}

impl ForceRow {
    /// The statement with which the force begins.
    #[must_use]
    pub fn first_statement(&self) -> StatementRow {
        let (bundle, signature) = (self.bundle.clone(), self.bundle_signature);
        StatementRow { number: 1, bundle, signature, made_at: self.created_at }
    }
}

/// One dated row of the roster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RosterRow {
    /// From when.
    pub from: Millis,
    /// Until when (exclusive); none while it is in force.
    pub until: Option<Millis>,
    /// Rank or role.
    pub role: Code,
    /// The team.
    pub team: Option<TeamId>,
}

impl RosterRow {
    /// Whether the row is in force at `at`.
    #[must_use]
    pub fn covers(&self, at: Millis) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// A one-time enrolment code, hashed.
#[derive(Clone, Debug)]
pub struct EnrolCodeRow {
    /// Hash of the secret half.
    pub hash: Digest,
    /// Whom it enrols.
    pub officer: OfficerId,
    /// When it was made.
    pub created_at: Millis,
    /// When it dies.
    pub expires_at: Millis,
}

/// An enrolment as asked for.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Hash of the secret half of the code.
    pub hash: Digest,
    /// Who comes in by it.
    pub joining: Joining,
}

/// A profile with its device and chains.
#[derive(Clone, Debug)]
pub struct Joining {
    /// The device.
    pub device: DeviceId,
    /// Its transport key.
    pub transport_key: VerifyKey,
    /// The profile's signing key.
    pub profile_key: VerifyKey,
    /// The profile's sealing key.
    pub seal_key: SealKey,
    /// Chain of records.
    pub record_chain: ChainId,
    /// Chain of the log.
    pub log_chain: ChainId,
    /// When it is, or was, enrolled.
    pub at: Millis,
}

impl Joining {
    /// What central signs of it, once the officer is known.
    #[must_use]
    pub fn facts(&self, force: ForceId, officer: OfficerId) -> EnrolmentFacts {
        let Self { device, transport_key, profile_key, seal_key, record_chain, log_chain, at } = *self;
        EnrolmentFacts {
            force,
            officer,
            device,
            transport_key,
            profile_key,
            seal_key,
            record_chain,
            log_chain,
            at,
        }
    }
}

impl From<&EnrolmentFacts> for Joining {
    fn from(facts: &EnrolmentFacts) -> Self {
        Self {
            device: facts.device,
            transport_key: facts.transport_key,
            profile_key: facts.profile_key,
            seal_key: facts.seal_key,
            record_chain: facts.record_chain,
            log_chain: facts.log_chain,
            at: facts.at,
        }
    }
}

/// What came of an enrolment.
#[derive(Clone, Debug)]
pub enum EnrolOutcome {
    /// Enrolled (now, or by the very same request before).
    Enrolled {
        /// The officer.
        officer: OfficerRow,
        /// Name of the officer's team.
        team_name: Option<String>,
    },
    /// Unknown, used or expired code.
    BadCode,
    /// The device or one of the chains is known with other keys.
    OtherKeys,
    /// The device is out of service.
    Revoked,
}

/// What came of showing a proof of an enrolment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Readmission {
    /// Device and chains were unknown, and are known now.
    Added,
    /// They were known all the time.
    Known,
    /// The officer is not on the roster, the device is out of service, or something is known with other keys.
    Refused,
}

/// A device.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// The device.
    pub device: DeviceId,
    /// Its transport key.
    pub transport_key: VerifyKey,
    /// When it was taken out of service, while it is.
    pub revoked_at: Option<Millis>,
}

/// A device as an administrator sees it: who uses it, and how it stood when it was last heard.
#[derive(Clone, Debug)]
pub struct DeviceListing {
    /// The device.
    pub device: DeviceId,
    /// When it was enrolled.
    pub enrolled_at: Millis,
    /// When it was taken out of service, while it is.
    pub revoked_at: Option<Millis>,
    /// Officers with a profile on it.
    pub officers: Vec<OfficerId>,
    /// What each profile last said: officer, when, heartbeat.
    pub contacts: Vec<(OfficerId, Millis, Heartbeat)>,
    /// How many revisions wait for a decision.
    pub undecided: u64,
}

/// What central holds of one kind from one officer's chains on a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrittenRow {
    /// The officer.
    pub officer: OfficerId,
    /// Kind by its sealed name.
    pub kind: String,
    /// Number of revisions.
    pub count: u64,
    /// Newest time of writing, device clock.
    pub last_written: Millis,
    /// Newest time of receipt.
    pub last_received: Millis,
}

/// A device is taken out of service.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Revocation {
    /// The device.
    pub device: DeviceId,
    /// From when.
    pub at: Millis,
    /// Who says so.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A supervisor's replacement of an officer's phone: the code, the lost phone's end of service and the log of it, at once.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The one-time code.
    pub code: EnrolCodeRow,
    /// The phone that goes out of service.
    pub lost: Option<Revocation>,
    /// Who did it.
    pub log: ReplacementRow,
}

/// Who issued a code for whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplacementRow {
    /// Hash of the secret half of the code.
    pub hash: Digest,
    /// When.
    pub at: Millis,
    /// Who.
    pub by: OfficerId,
    /// On which phone.
    pub device: DeviceId,
    /// For whom.
    pub officer: OfficerId,
    /// The phone that went out of service with it.
    pub lost: Option<DeviceId>,
    /// Why, by its name in the protocol.
    pub why: String,
    /// SHA-256 of the signature of the request: it counts once.
    pub request: Digest,
}

/// A revision that waits for a decision; no content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WithheldRow {
    /// The revision.
    pub link: Link,
    /// Kind by its sealed name.
    pub kind: String,
    /// The author.
    pub author: OfficerId,
    /// Device time of writing.
    pub written_at: Millis,
    /// When it was received.
    pub received_at: Millis,
}

/// What somebody decided about everything withheld of a device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Whether it counts.
    pub accepted: bool,
    /// When.
    pub at: Millis,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
}

/// Whom a revision names in a shift: shift, who says so, who is named, whether it opens the shift.
pub type Claim = (EntryId, OfficerId, OfficerId, bool);

/// What a chain holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChainRole {
    /// Records.
    Record,
    /// The log.
    Log,
}

impl ChainRole {
    /// The name stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Log => "log",
        }
    }
    /// The role of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Record, Self::Log].into_iter().find(|role| role.name() == name)
    }
}

/// A chain, known from enrolment.
#[derive(Clone, Debug)]
pub struct ChainRow {
    /// The chain.
    pub chain: ChainId,
    /// Record chain of its profile.
    pub profile: ChainId,
    /// What it holds.
    pub role: ChainRole,
    /// The device.
    pub device: DeviceId,
    /// The officer.
    pub officer: OfficerId,
    /// The key that signs its manifests.
    pub profile_key: VerifyKey,
    /// First sequence number found with two links.
    pub split_at: Option<u64>,
}

/// A revision proved and ready for custody.
#[derive(Clone, Debug)]
pub struct Custody {
    /// Its identity.
    pub link: Link,
    /// Its chain.
    pub chain: ChainId,
    /// Its place there.
    pub seq: u64,
    /// The link before it.
    pub before: Link,
    /// The head, byte for byte.
    pub head: Vec<u8>,
    /// The body, byte for byte; none where it came without its words.
    pub body: Option<Vec<u8>>,
    /// The salt; with the body or not at all.
    pub salt: Option<Salt>,
    /// The commitment.
    pub commit: Commit,
    /// The manifest that proves it.
    pub manifest: Digest,
    /// What keeps it out of totals.
    pub problems: Vec<ReceiptProblem>,
    /// Indexes taken from the head.
    pub columns: CustodyColumns,
    /// Where it is fed.
    pub scopes: Vec<Scope>,
    /// Whom it names in a shift.
    pub claim: Option<Claim>,
    /// Whether it is fed to nobody until somebody decides: its device was out of service.
    pub withheld: bool,
    /// Attachments its body names, of a length and type that are taken.
    pub attachments: Vec<NamedAttachment>,
    /// Whose chain it stands in.
    pub officer: OfficerId,
}

/// Columns taken from the head: indexes, never the truth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustodyColumns {
    /// The entry.
    pub entry: EntryId,
    /// Kind by its sealed name, `unknown` for one of a newer version.
    pub kind: String,
    /// The author.
    pub author: OfficerId,
    /// The shift.
    pub shift: Option<EntryId>,
    /// Device time of writing.
    pub written_at: Millis,
}

/// What a later revision is judged by: which entry a revision in custody belongs to, its kind, whose it is and of when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parent {
    /// The entry.
    pub entry: EntryId,
    /// The kind; unknown for one of a newer version.
    pub kind: Kind,
    /// The officer whose chain it stands in.
    pub officer: OfficerId,
    /// The corrected time of writing.
    pub written: Millis,
}

/// A manifest as stored.
#[derive(Clone, Debug)]
pub struct ManifestRow {
    /// SHA-256 of the text.
    pub id: Digest,
    /// The chain.
    pub chain: ChainId,
    /// First sequence number of the range.
    pub first: u64,
    /// Last sequence number of the range.
    pub last: u64,
    /// Verbatim.
    pub text: String,
    /// By the chain's key.
    pub signature: Signature,
    /// Revisions that travelled and were refused: their hashes, so that the range still verifies.
    pub refused: Vec<Absent>,
}

/// One request's worth of custody.
#[derive(Clone, Debug)]
pub struct Deposit {
    /// The device.
    pub device: DeviceId,
    /// The officer whose profile asks.
    pub officer: OfficerId,
    /// The profile, by its record chain.
    pub profile: ChainId,
    /// How the device stands; none where central itself writes.
    pub heartbeat: Option<Heartbeat>,
    /// Device clock less central's, milliseconds.
    pub drift_ms: Option<i64>,
    /// Manifests of the revisions.
    pub manifests: Vec<ManifestRow>,
    /// The revisions, in the order they came.
    pub revisions: Vec<Custody>,
}

/// What became of a deposit.
#[derive(Clone, Debug)]
pub struct Deposited {
    /// The receipts, when there were revisions.
    pub receipts: Option<SignedReceipts>,
    /// How many were new.
    pub fresh: u32,
}

/// A revision in a feed.
#[derive(Clone, Debug)]
pub struct FeedRow {
    /// Central's position.
    pub pos: u64,
    /// The chain.
    pub chain: ChainId,
    /// Its place there.
    pub seq: u64,
    /// Its identity.
    pub link: Link,
    /// The link before it.
    pub before: Link,
    /// The head.
    pub head: Vec<u8>,
    /// The body; none once erased.
    pub body: Option<Vec<u8>>,
    /// The salt; none once erased.
    pub salt: Option<Salt>,
    /// The commitment.
    pub commit: Commit,
    /// When it was received.
    pub received_at: Millis,
    /// What keeps it out of totals.
    pub problems: Vec<ReceiptProblem>,
    /// Kind by its sealed name.
    pub kind: String,
    /// The author.
    pub author: OfficerId,
}

/// A revision with everything `verify` compares.
#[derive(Clone, Debug)]
pub struct StoredRevision {
    /// As it would be fed.
    pub row: FeedRow,
    /// Indexes as stored.
    pub columns: CustodyColumns,
    /// The manifest that proves it.
    pub manifest: Digest,
}

/// Who named whom in a shift.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CrewClaim {
    /// The shift.
    pub shift: EntryId,
    /// Who says so.
    pub by: OfficerId,
    /// Who is named.
    pub member: OfficerId,
    /// Whether this is the opening of the shift.
    pub opens: bool,
    /// Position of the revision that says so.
    pub pos: u64,
}

/// A device as last heard.
#[derive(Clone, Debug)]
pub struct ContactRow {
    /// The officer.
    pub officer: OfficerId,
    /// The device.
    pub device: DeviceId,
    /// When.
    pub last_heard: Millis,
    /// Device clock less central's, milliseconds.
    pub drift_ms: Option<i64>,
    /// What it said.
    pub heartbeat: Heartbeat,
    /// Sequence numbers missing below the end of its record chain.
    pub gaps: u32,
}

/// An item of the reference scope: what replaces what is decided by the key.
#[derive(Clone, Debug)]
pub struct ReferenceRow {
    /// `officer:…`, `team:…`, `lists`, `area:…`.
    pub key: String,
    /// JSON of a [`beatbook_protocol::sync::ReferenceItem`].
    pub item: String,
}

/// An area set as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AreaSetRow {
    /// Its number.
    pub version: u32,
    /// SHA-256 of the canonical bytes.
    pub hash: Digest,
    /// The canonical bytes.
    pub canonical: Vec<u8>,
    /// When it was imported.
    pub imported_at: Millis,
}

/// A list of receipts as stored.
#[derive(Clone, Debug)]
pub struct ReceiptListRow {
    /// SHA-256 of its text.
    pub id: Digest,
    /// Text, signature and key.
    pub signed: SignedReceipts,
}
