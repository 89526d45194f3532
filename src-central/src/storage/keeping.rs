//! Rows about what is kept, erased and proved: orders, readers, backups, the journal.

use beatbook_domain::id::{ChainId, DeviceId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;

use super::rows::FeedRow;

/// What came of a hold, a release or an erasure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acted {
    /// The record that was sealed about it.
    pub link: Link,
    /// Its position.
    pub pos: u64,
    /// Revisions whose words are gone by it.
    pub erased: u64,
    /// Profiles that were ordered to erase their copies.
    pub ordered: u64,
}

/// Orders that wait for a profile.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// The erasure entries after the position it stated, in order.
    pub rows: Vec<FeedRow>,
    /// Whether some up to that position are not noted as carried out.
    pub unconfirmed: bool,
}

/// An order and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderRow {
    /// The erasure entry.
    pub erasure: Link,
    /// Its position.
    pub pos: u64,
    /// The profile it went to.
    pub profile: ChainId,
    /// Its device.
    pub device: DeviceId,
    /// Its officer.
    pub officer: OfficerId,
    /// When the device said that it is done.
    pub confirmed_at: Option<Millis>,
}

/// What a request says about its profile as a reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReaderNote {
    /// The profile.
    pub profile: ChainId,
    /// Scopes it reads now; none where it is told nothing.
    pub scopes: Vec<Scope>,
    /// Scopes it has forgotten.
    pub forgot: Vec<Scope>,
    /// Orders up to this position are carried out.
    pub erased_to: u64,
    /// Central's time.
    pub at: Millis,
}

/// A scope that ended for a profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EndedRow {
    /// The profile.
    pub profile: ChainId,
    /// Its device.
    pub device: DeviceId,
    /// Its officer.
    pub officer: OfficerId,
    /// The scope.
    pub scope: String,
    /// Since when it is not read any more.
    pub ended_at: Millis,
    /// When the device said that it has forgotten it.
    pub forgot_at: Option<Millis>,
}

/// One decision as the journal has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalRow {
    /// Its number: from 1, without gaps.
    pub n: u64,
    /// When.
    pub at: Millis,
    /// JSON of [`crate::journal::Decided`].
    pub what: String,
}
