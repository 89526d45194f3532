//! `tasking`: what a supervisor asks of a team or of units for a night: where, when, how many visits. Places and times
//! only, never people. `tasking_ack`: that an officer read one revision of it, or does otherwise and why. What they come
//! to is read by [`crate::tasking`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::code_list::CodeRef;
use crate::id::{Code, OfficerId, TeamId};
use crate::place::AreaRef;
use crate::time::{Interval, Millis};

/// When an area is to be visited, and how often by each unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskWindow {
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Visits asked of each unit.
    pub visits: u32,
}

impl TaskWindow {
    /// Its time.
    #[must_use]
    pub fn interval(&self) -> Interval {
        Interval::new(self.from, self.until)
    }
}

/// An area to be visited.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskedArea {
    /// The patrol area, as named in the set in force.
    pub area: AreaRef,
    /// Its band of a visit in minutes, as it was when it was asked.
    pub band: (u32, u32),
    /// Its longest gap between visits, minutes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub max_gap_min: Option<u32>,
    /// When, in order.
    pub windows: Vec<TaskWindow>,
    /// Why it is listed (list `tasking_reason`).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub why: Vec<CodeRef>,
    /// A few words about the place. Checked for anything that points at a person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

impl TaskedArea {
    /// Visits asked of each unit, in all its windows.
    #[must_use]
    pub fn visits(&self) -> u32 {
        self.windows.iter().fold(0, |sum, window| sum.saturating_add(window.visits))
    }
}

/// `tasking`, schema 1. Times are in the body because it is written before the night it is for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tasking {
    /// From when it is in force.
    pub from: Millis,
    /// When it expires.
    pub until: Millis,
    /// The team it is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub team: Option<TeamId>,
    /// Call signs of the units it is for; none means every unit of the team.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub units: Vec<String>,
    /// What the patrols are for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub initiative: Option<CodeRef>,
    /// Supervisor of the night.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub supervisor: Option<OfficerId>,
    /// The areas, in the order they were listed.
    pub areas: Vec<TaskedArea>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

impl Tasking {
    /// Its time.
    #[must_use]
    pub fn interval(&self) -> Interval {
        Interval::new(self.from, self.until)
    }

    /// Visits asked of each unit, in all.
    #[must_use]
    pub fn visits(&self) -> u32 {
        self.areas.iter().fold(0, |sum, area| sum.saturating_add(area.visits()))
    }
}

/// Where an officer does otherwise than asked, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deviation {
    /// The area; none means the whole tasking.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<Code>,
    /// The window, by its beginning; none means all windows of the area.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub window: Option<Millis>,
    /// Why (list `deviation_reason`).
    pub reason: CodeRef,
    /// In words. Checked for anything that points at a person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub words: Option<String>,
}

/// `tasking_ack`, schema 1. Which revision stands in the head's `about`, when in its `occurred_at`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskingAck {
    /// Where the author does otherwise; none means read and accepted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deviation: Option<Deviation>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// A window as its form has it: times of day as typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftWindow {
    /// From when, `21:00`.
    pub from: String,
    /// Until when, `23:00`.
    pub until: String,
    /// Visits asked of each unit.
    pub visits: u32,
}

impl Default for DraftWindow {
    fn default() -> Self {
        Self { from: String::new(), until: String::new(), visits: 1 }
    }
}

/// An area as its form has it. Name, band and gap are those of the area set it was chosen from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DraftTaskedArea {
    /// The area.
    pub area: AreaRef,
    /// Its band, minutes.
    pub band: (u32, u32),
    /// Its longest gap, minutes.
    #[serde(default)]
    pub max_gap_min: Option<u32>,
    /// Its windows; at least one while the form is open.
    pub windows: Vec<DraftWindow>,
    /// Why it is listed.
    #[serde(default)]
    pub why: Vec<Code>,
    /// A few words.
    #[serde(default)]
    pub note: String,
}

/// The form of a tasking.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskingDraft {
    /// The date on which the night begins.
    pub night: Option<NaiveDate>,
    /// From when, `21:00`.
    pub from: String,
    /// Until when, `02:00`: the first after that.
    pub until: String,
    /// The team it is for.
    pub team: Option<TeamId>,
    /// Call signs, as typed, with commas between them.
    pub units: String,
    /// Initiative.
    pub initiative: Option<Code>,
    /// Supervisor of the night.
    pub supervisor: Option<OfficerId>,
    /// The areas.
    pub areas: Vec<DraftTaskedArea>,
}
