//! Before the shift: what a supervisor asks for a night, and what an officer reads, acknowledges and does otherwise.

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::id::{Code, EntryId, Link, OfficerId, TeamId};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::{DraftRow, EntryState};

/// What this officer has read of a briefing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BriefingRead {
    /// Nothing yet.
    New,
    /// An older version; it was changed since.
    Changed,
    /// What it asks now.
    Current,
}

/// The first card on Today: one briefing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BriefingCard {
    /// The briefing.
    pub entry_id: EntryId,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Areas.
    pub areas: u32,
    /// Visits asked.
    pub visits: u32,
    /// Visits made so far, of those asked.
    pub made: u32,
    /// What was read of it.
    pub read: BriefingRead,
    /// What the patrols are for: what a shift starts with.
    pub initiative: Option<CodeRef>,
    /// Call signs it is for; none means every unit.
    pub units: Vec<String>,
    /// Supervisor of the night, as shown.
    pub supervisor: Option<String>,
    /// The area whose window runs or comes next: where a leg starts.
    pub next_area: Option<Code>,
}

/// The briefings of this officer: tonight's, and the next day's.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetBriefings {}

/// The briefings, by when they begin.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BriefingsView {
    /// Now, by the device's clock.
    pub now: Millis,
    /// As known at this time (the last answer of central).
    pub as_known: Option<Millis>,
    /// One each.
    pub briefings: Vec<BriefingView>,
}

/// One briefing, readable.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BriefingView {
    /// The briefing.
    pub entry_id: EntryId,
    /// The revision shown: what an acknowledgement names.
    pub link: Link,
    /// Its number, from 1.
    pub version: u32,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Who asks, as shown.
    pub by: String,
    /// Supervisor of the night, as shown.
    pub supervisor: Option<String>,
    /// The same, by id.
    pub supervisor_id: Option<OfficerId>,
    /// What the patrols are for.
    pub initiative: Option<CodeRef>,
    /// Call signs it is for; none means every unit of the team.
    pub units: Vec<String>,
    /// Visits asked, in all.
    pub visits: u32,
    /// Visits made, of those asked.
    pub made: u32,
    /// The areas.
    pub areas: Vec<BriefedArea>,
    /// What was read of it.
    pub read: BriefingRead,
    /// When this officer acknowledged the version they read.
    pub read_at: Option<Millis>,
    /// What changed since that version, and nothing else.
    pub changes: Vec<BriefingChange>,
    /// Why it was changed.
    pub why_changed: Option<String>,
    /// Where this officer's last word about it stands.
    pub state: Option<EntryState>,
}

/// An area of a briefing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BriefedArea {
    /// Its code.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// Band of a visit, minutes.
    pub band: (u32, u32),
    /// The longest gap its owner wants, minutes.
    pub max_gap_min: Option<u32>,
    /// Why it is listed tonight: labels of the list.
    pub why: Vec<String>,
    /// Why the force lists it at all, from the area set.
    pub owner_why: String,
    /// A few words about the place.
    pub note: Option<String>,
    /// When, and how often.
    pub windows: Vec<BriefedWindow>,
}

/// A window of an area.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BriefedWindow {
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Visits asked.
    pub visits: u32,
    /// Visits made by the officer's unit; none while no shift is open.
    pub made: u32,
    /// It is over.
    pub over: bool,
    /// Done otherwise, and why: as shown.
    pub otherwise: Option<String>,
    /// The entry that says so, to be taken back; none where a colleague said it.
    pub otherwise_entry: Option<EntryId>,
}

/// One thing that changed between two versions.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BriefingChange {
    /// What: a field or an area, as shown.
    pub what: String,
    /// As it was; none where it is new.
    pub before: Option<String>,
    /// As it is; none where it went.
    pub now: Option<String>,
}

/// Says that this version was read. Saved offline like everything else.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AcknowledgeBriefing {
    /// The briefing.
    pub entry_id: EntryId,
    /// The revision that was read.
    pub link: Link,
}

/// Says that a window, an area or the whole is done otherwise, and why. Acknowledges the version too.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DeviateFromBriefing {
    /// The briefing.
    pub entry_id: EntryId,
    /// The revision it is about.
    pub link: Link,
    /// The area; none means everything.
    pub area: Option<Code>,
    /// The window, by its beginning.
    pub window: Option<Millis>,
    /// Why (list `deviation_reason`).
    pub reason: Code,
    /// In words; needed only where the reason says nothing without.
    pub words: String,
}

/// Takes a deviation back: it is done as asked after all.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TakeBackDeviation {
    /// The entry that said so.
    pub entry_id: EntryId,
}

/// What this supervisor asked, newest night first, with who has read it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListTaskings {
    /// How many at most.
    pub limit: u32,
}

/// The plans.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskingsView {
    /// Now, by the device's clock.
    pub now: Millis,
    /// As known at this time (the last answer of central).
    pub as_known: Option<Millis>,
    /// The reader may ask something of a team now.
    pub may_plan: bool,
    /// The teams they may ask.
    pub teams: Vec<(TeamId, String)>,
    /// Plans begun and not given yet.
    pub drafts: Vec<DraftRow>,
    /// One each.
    pub taskings: Vec<TaskingRow>,
    /// There is more than this page.
    pub more: bool,
    /// The plan of the same weekday a week ago, to be copied in one press: its entry, and the day as shown.
    pub last_week: Option<(EntryId, String)>,
}

/// One plan with who has read it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskingRow {
    /// The plan.
    pub entry_id: EntryId,
    /// Its number, from 1.
    pub version: u32,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// It is over.
    pub over: bool,
    /// The reader wrote it: only its author revises it.
    pub mine: bool,
    /// Who asks, as shown.
    pub by: String,
    /// The team, as shown.
    pub team: Option<String>,
    /// Call signs; none means every unit.
    pub units: Vec<String>,
    /// Names of the areas with their visits.
    pub areas: Vec<(String, u32)>,
    /// Visits asked of each unit.
    pub visits: u32,
    /// Where it stands.
    pub state: EntryState,
    /// Who has read which version, newest word first.
    pub read: Vec<ReadRow>,
    /// Officers of the team who have read none, as shown.
    pub not_read: Vec<String>,
}

/// Who has read which version.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReadRow {
    /// Who, as shown.
    pub officer: String,
    /// Which version; none where that version is not on this device.
    pub version: Option<u32>,
    /// It is the version in force.
    pub current: bool,
    /// When.
    pub at: Millis,
    /// What they do otherwise, as shown.
    pub otherwise: Vec<String>,
}
