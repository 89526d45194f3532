//! Replacing a colleague's phone: whose phones there are, and the code for a new one. Needs a connection.

use beatbook_domain::id::{DeviceId, OfficerId};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use crate::sync::LostPhone;

/// Lists the officers whose phones may be replaced from here, with those last heard.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListTeamPhones {}

/// The officers and their phones, as central last told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TeamPhonesView {
    /// By collar number.
    pub officers: Vec<OfficerPhones>,
    /// When central told.
    pub as_known: Option<Millis>,
}

/// An officer and the phones that were heard of.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OfficerPhones {
    /// The officer.
    pub officer: OfficerId,
    /// `PC 1482`.
    pub title: String,
    /// The phones, the one heard last first.
    pub phones: Vec<PhoneLine>,
}

/// A phone as last heard.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhoneLine {
    /// The phone.
    pub device: DeviceId,
    /// When.
    pub last_heard: Millis,
    /// Entries that were waiting on it then.
    pub pending: u32,
    /// Drafts that were open on it then.
    pub drafts: u32,
}

/// Asks central for a code for a new phone of an officer, and takes the lost one out of service.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReplacePhone {
    /// For whom.
    pub officer: OfficerId,
    /// The phone that is gone; none where the officer has none to lose.
    pub lost: Option<LostPhone>,
}

/// The code, shown once, and what the lost phone held: counts and times.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReplacedView {
    /// `PC 1482`.
    pub title: String,
    /// To be typed.
    pub code: String,
    /// To be scanned.
    pub ticket: String,
    /// When it dies.
    pub expires_at: Millis,
    /// The lost phone.
    pub lost: Option<LostView>,
}

/// A phone that is out of service now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LostView {
    /// Records the server has from it.
    pub received: u64,
    /// When it was last heard.
    pub last_heard: Option<Millis>,
    /// Entries known to have been waiting on it then.
    pub pending: u32,
    /// Drafts open on it then.
    pub drafts: u32,
    /// Other officers with a notebook on it.
    pub others: Vec<String>,
}
