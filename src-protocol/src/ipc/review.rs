//! The sergeant's side: the team's shifts and their summaries.

use beatbook_domain::id::{EntryId, OfficerId};
use beatbook_domain::summary::ShiftSummary;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::EntryRow;

/// The shifts this officer may read, newest first.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListShifts {
    /// How many at most.
    pub limit: u32,
    /// Only shifts that began before, for the next page.
    pub before: Option<Millis>,
}

/// The shifts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShiftListView {
    /// The team.
    pub team: Option<String>,
    /// One row each.
    pub shifts: Vec<ShiftRow>,
    /// As known at this time (the last answer of central).
    pub as_known: Option<Millis>,
    /// Devices of the team: what they were last heard to hold.
    pub contacts: Vec<ContactRow>,
}

/// One shift in the list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShiftRow {
    /// The shift.
    pub shift_id: EntryId,
    /// Who opened it, as shown.
    pub officer: String,
    /// Call sign.
    pub call_sign: String,
    /// When it began.
    pub started_at: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// Signed and submitted.
    pub submitted: bool,
    /// Entries known.
    pub entries: u32,
    /// Something is missing.
    pub missing: bool,
}

/// A device of the team, as last heard.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ContactRow {
    /// The officer.
    pub officer: OfficerId,
    /// As shown.
    pub title: String,
    /// When it was last heard.
    pub last_heard: Millis,
    /// Entries it said were pending.
    pub pending: u32,
    /// Entries it said were set aside.
    pub set_aside: u32,
    /// Drafts it said were open.
    pub drafts: u32,
    /// Clock drift it was measured to have, milliseconds.
    pub clock_drift_ms: Option<i64>,
}

/// Opens a shift summary; the log keeps that it was opened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetSummary {
    /// The shift.
    pub shift_id: EntryId,
}

/// A shift summary.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SummaryView {
    /// The figures, and what is missing.
    pub summary: ShiftSummary,
    /// The entries of the shift, oldest first.
    pub entries: Vec<EntryRow>,
    /// Who opened it, as shown.
    pub officer: String,
    /// Team name.
    pub team: Option<String>,
    /// As known at this time.
    pub as_known: Option<Millis>,
}
