//! Ready for patrol, and the note on the lock screen.

use beatbook_domain::id::OfficerId;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

/// Checks whether this phone is ready for patrol.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetReadiness {}

/// What is checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadyCheck {
    /// The notebook's key: opened by keystore and PIN, or by passphrase.
    Key,
    /// The queue: what waits to be received.
    Queue,
    /// Free storage.
    Storage,
    /// Battery.
    Battery,
    /// The clock against the server's.
    Clock,
    /// A position.
    Position,
    /// Areas.
    Areas,
    /// Code lists.
    Lists,
    /// When the server was last heard.
    Contact,
}

/// How a check came out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// Ready.
    Ready,
    /// Works, but look at it before you leave.
    Look,
    /// This phone cannot tell.
    NotKnown,
}

/// One check.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadyRow {
    /// What.
    pub check: ReadyCheck,
    /// How it came out.
    pub readiness: Readiness,
    /// What was found, and what to do, plain words.
    pub words: String,
}

/// All checks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadinessView {
    /// In the order they are shown.
    pub checks: Vec<ReadyRow>,
    /// When they were made.
    pub at: Millis,
}

/// A note written on the lock screen: sealed to the profile's public key, readable only once the notebook is open. It
/// becomes a draft at unlock. Shows nothing of any record.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NoteNow {
    /// Whose notebook.
    pub officer: OfficerId,
    /// The words.
    pub text: String,
}

impl std::fmt::Debug for NoteNow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NoteNow").field("officer", &self.officer).finish_non_exhaustive()
    }
}

/// The note is sealed on this phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NoteSealed {
    /// When.
    pub at: Millis,
    /// How many such notes wait for their notebook to be opened.
    pub waiting: u32,
}
