//! `POST /v1/sync`: one round trip.

use std::collections::BTreeMap;

use beatbook_domain::id::{ChainId, Commit, DeviceId, EpochId, Link, OfficerId, Salt, SeedId, Signature};
use beatbook_domain::seal::Seed;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::auth::Challenge;
use super::code::ReplyCode;
use super::copies::{CopiesSaid, CopiesTold};
use super::keys::SignedStatement;
use super::receipt::{Refusal, SignedReceipts};
use super::reference::{Grant, ReferenceItem};
use super::scope::{Cursors, Level, Scope};
use super::succession::Succession;

/// What a device says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncRequest {
    /// Protocol version.
    pub protocol: u16,
    /// The device; its transport key signs the request.
    pub device_id: DeviceId,
    /// The profile that asks, by its record chain: it decides whose scopes are read.
    pub profile: ChainId,
    /// The epoch the device knows, none before the first answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub epoch: Option<EpochId>,
    /// How the device stands.
    pub heartbeat: Heartbeat,
    /// Chains that go on from older ones: until central states an end of them, and whenever a request is spelled out
    /// because central did not know what its short form rested on (it may have been restored).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub successions: Vec<Succession>,
    /// Chains of its own that a device put back to an older state has left: what they hold is sent to it as others'
    /// entries are. What its present chains hold it wrote itself.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub wants_chains: Vec<ChainId>,
    /// Revisions, in signed batches.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub batches: Vec<Batch>,
    /// Where the device stands in each scope.
    #[serde(skip_serializing_if = "Cursors::is_empty", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, u64>))]
    pub cursors: Cursors,
    /// The same in one word; then `cursors` is empty. Central that sees other scopes reads them from the beginning.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<Level>,
    /// Most bytes of changes wanted in the answer, before compression; 0 wants none.
    pub want_bytes: u32,
    /// Number of the newest statement of keys the device knows.
    #[serde(default)]
    pub keys: u64,
    /// What it says of its copies.
    #[serde(skip_serializing_if = "CopiesSaid::is_empty", default)]
    pub copies: CopiesSaid,
}

/// How the device stands: numbers only.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Heartbeat {
    /// Entries not received.
    #[serde(skip_serializing_if = "is_zero")]
    pub pending: u32,
    /// Entries set aside.
    #[serde(skip_serializing_if = "is_zero")]
    pub set_aside: u32,
    /// Drafts open.
    #[serde(skip_serializing_if = "is_zero")]
    pub drafts: u32,
    /// When the oldest unsent revision was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_unsent: Option<Millis>,
    /// Device clock now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<Millis>,
    /// Free storage, bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_bytes: Option<u64>,
    /// Version of the app.
    pub app_version: String,
}

// serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A signed run of one chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Batch {
    /// Verbatim JSON of a [`beatbook_domain::seal::Manifest`].
    pub manifest: String,
    /// By the profile key, purpose manifest, over the manifest's bytes.
    pub signature: Signature,
    /// Seeds by id; central derives and stores the salts, never the seeds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub seeds: BTreeMap<SeedId, Seed>,
    /// The revisions that travel, in chain order.
    pub revisions: Vec<WireRevision>,
}

/// A revision as it travels: head and body byte for byte.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WireRevision {
    /// The head, verbatim JSON of a `Head`.
    #[cfg_attr(feature = "openapi", schema(value_type = beatbook_domain::entry::Head))]
    pub head: Box<RawValue>,
    /// The body, verbatim JSON: the schema of its kind; none where it is erased or dropped here and central lost what it had:
    /// then `commit` is said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub body: Option<Box<RawValue>>,
    /// The salt, where its seed does not travel (sending again).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub salt: Option<Salt>,
    /// The commitment, where there is no body to compute it from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commit: Option<Commit>,
}

/// What central answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncReply {
    /// Protocol version.
    pub protocol: u16,
    /// Central's time.
    pub server_time: Millis,
    /// Central's epoch.
    pub epoch: EpochId,
    /// Receipts, when revisions came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub receipts: Option<SignedReceipts>,
    /// The few refusals.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub refusals: Vec<Refusal>,
    /// Central's own end of each of the profile's chains.
    pub ends: Vec<ChainEnd>,
    /// What changed, by scope, in the order of position.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<ScopeChanges>,
    /// All scopes this profile reads now; one that is missing is to be forgotten. None where the request's `level` named
    /// just these.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scopes: Option<Vec<Scope>>,
    /// Once all changes are applied every scope but reference stands here; only where nothing more is waiting.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<u64>,
    /// Grants of this officer in force.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub grants: Vec<Grant>,
    /// In team scope: each device as last heard.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub contacts: Vec<Contact>,
    /// More is waiting in some scope: ask again at once.
    pub more: bool,
    /// The newest statement of keys, where the device knows a lower number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub keys: Option<SignedStatement>,
    /// Since when this device is out of service, where it is: what it brings is taken, and nothing is told to it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub revoked: Option<Millis>,
    /// To be signed from now on; none while the one that was signed stays good.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub challenge: Option<Challenge>,
    /// What this device has to give up, may drop, or gets back.
    #[serde(skip_serializing_if = "CopiesTold::is_empty", default)]
    pub copies: CopiesTold,
}

/// Central's end of a chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChainEnd {
    /// The chain.
    pub chain_id: ChainId,
    /// Newest revision held, none before the first.
    pub seq: Option<u64>,
    /// Its link; not said in short form.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<Link>,
    /// Without a gap up to here.
    pub verified_to: Option<u64>,
}

/// What changed in a scope.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopeChanges {
    /// The scope.
    pub scope: Scope,
    /// The cursor after applying all of it.
    pub cursor: u64,
    /// The changes.
    pub items: Vec<FeedItem>,
}

/// One change.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedItem {
    /// A revision.
    Revision(FeedRevision),
    /// Reference data.
    Reference(ReferenceItem),
}

/// A revision as central hands it on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedRevision {
    /// Central's position.
    pub pos: u64,
    /// The chain.
    pub chain_id: ChainId,
    /// Its place there.
    pub seq: u64,
    /// Its identity.
    pub link: Link,
    /// The link before it, so that it verifies alone.
    pub before: Link,
    /// The head, verbatim.
    #[cfg_attr(feature = "openapi", schema(value_type = beatbook_domain::entry::Head))]
    pub head: Box<RawValue>,
    /// The body, verbatim; none when erased, or where the reader sees a heading only.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub body: Option<Box<RawValue>>,
    /// The salt; none when erased.
    pub salt: Option<Salt>,
    /// The commitment.
    pub commit: Commit,
    /// When it was received.
    pub received_at: Millis,
    /// Out of totals: what central asks about.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub problems: Vec<super::ReceiptProblem>,
}

/// A device of a team, as last heard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// The officer.
    pub officer: OfficerId,
    /// The device.
    pub device: DeviceId,
    /// When.
    pub last_heard: Millis,
    /// What it said.
    pub heartbeat: Heartbeat,
    /// Its clock's distance from central's, milliseconds.
    pub clock_drift_ms: Option<i64>,
    /// Gaps in its record chain: sequence numbers missing below its end.
    pub gaps: u32,
}

/// An error that is not about one revision; stable codes, plain words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{code}: {words}")]
pub struct ErrorReply {
    /// Stable code.
    pub code: ReplyCode,
    /// What happened and what to do.
    pub words: String,
    /// With code `challenge`: sign this one and send again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub challenge: Option<Challenge>,
}
