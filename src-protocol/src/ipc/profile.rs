//! First start, unlock and lock; and the long poll that tells screens to refresh.

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::{OfficerId, TeamId};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

/// What this phone is and whose notebooks it holds. Answers while locked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetStatus {}

/// What a profile is opened with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// Six digits, together with the phone's keystore.
    Pin,
    /// A passphrase, where the phone has no keystore.
    Passphrase,
}

/// A notebook on this phone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ProfileCard {
    /// The officer.
    pub officer: OfficerId,
    /// As shown: `PC 1482`.
    pub title: String,
    /// Collar number alone: `1482`.
    pub collar: String,
    /// What it is opened with.
    pub secret: SecretKind,
    /// Seconds to wait after wrong tries, 0 when none.
    pub wait_seconds: u32,
    /// Entries not yet received, as far as known without opening it.
    pub unsent: u32,
    /// What was sealed to the server before this notebook was locked, while there is any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub spool: Option<SpoolCard>,
    /// Until when it may be read without hearing from the server: a hint for the lock screen, by the phone's clock.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reads_until: Option<Millis>,
    /// Whether reading had stopped when it was last open: a clock that was turned back since does not change that.
    pub reading_stopped: bool,
    /// Notes written on the lock screen that wait for the notebook to be opened.
    pub notes: u32,
}

/// What was sealed to the server before a notebook was locked: entries, numbers only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SpoolCard {
    /// The server has not taken these yet.
    pub left: u32,
    /// The server has taken these; the receipts wait for the notebook.
    pub taken: u32,
    /// They are being sent while the notebook is locked.
    pub sends: bool,
}

/// The phone and its notebooks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StatusView {
    /// The force, once enrolled.
    pub force: Option<String>,
    /// Whether a keystore answers: PINs are possible.
    pub keystore: bool,
    /// Notebooks on this phone, last used first.
    pub profiles: Vec<ProfileCard>,
    /// Whose notebook is open, behind a locked screen too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub behind: Option<OfficerId>,
    /// The open profile's officer, while the screen is not locked.
    pub open: Option<OfficerId>,
    /// While locked with the engine still sending: how many are left. `None` when nothing is being sent.
    pub still_sending: Option<u32>,
    /// What was found at start that the person must know (a damaged notebook kept aside…), in plain words.
    pub notices: Vec<String>,
    /// Version of the app.
    pub app_version: String,
}

/// Enrols a profile with the one-time code and sets its PIN or passphrase.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Enrol {
    /// Address of central, `https://…` (plain `http` on loopback only).
    pub server: String,
    /// The one-time code, as typed.
    pub code: String,
    /// PIN (six digits) or passphrase.
    pub secret: String,
}

/// Opens a profile.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Unlock {
    /// Collar number.
    pub collar: String,
    /// PIN or passphrase.
    pub secret: String,
}

impl std::fmt::Debug for Enrol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrol").field("server", &self.server).finish_non_exhaustive()
    }
}
impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unlock").field("collar", &self.collar).finish_non_exhaustive()
    }
}

/// What an officer may do here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Record patrols.
    Patrol,
    /// Read and review the team's shifts.
    Review,
    /// Decide what sergeants handed up.
    Command,
    /// Read disclosures about people in policing, and nothing else of others.
    Standards,
}

/// The open profile.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SessionView {
    /// The officer.
    pub officer: OfficerId,
    /// As shown: `PC 1482`, `PS 0311`.
    pub title: String,
    /// The team.
    pub team: Option<(TeamId, String)>,
    /// What the officer may do.
    pub capabilities: Vec<Capability>,
    /// A draft that was open when the app closed unexpectedly, to recover: its view on Today.
    pub recover: Option<crate::ipc::DraftRow>,
}

/// Closes the screen; the engine goes on sending for the policy time, then seals the notebook.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lock {
    /// Seal at once (user switch): what is not received goes on being sent sealed, while the app runs.
    pub seal: bool,
}

/// Answers as soon as anything has changed since `since`, or after 25 s.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WaitForChange {
    /// The last change number seen, 0 at first.
    pub since: u64,
}

/// What to refresh.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChangeView {
    /// The change number now.
    pub now: u64,
    /// The profile was locked meanwhile.
    pub locked: bool,
    /// What the officer may do now: a grant may have begun or ended while the notebook was open.
    pub capabilities: Vec<Capability>,
}

/// The code lists in force, with their labels.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetLists {}

/// The code lists in force.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListsView {
    /// The edition.
    pub edition: Edition,
    /// Officers who may be named as crew: collar number and title.
    pub colleagues: Vec<Colleague>,
    /// Those of them who supervise, of the officer's own team first.
    pub supervisors: Vec<Colleague>,
    /// Now, by the device's clock.
    pub now: Millis,
}

/// A colleague who may be named as crew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Colleague {
    /// The officer.
    pub officer: OfficerId,
    /// As shown: `PC 1377`.
    pub title: String,
    /// Collar number.
    pub collar: String,
}
