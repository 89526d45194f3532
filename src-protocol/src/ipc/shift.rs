//! Shift, crew, legs, breaks, called away, and the end.

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::id::{Code, EntryId, Link, OfficerId};
use beatbook_domain::summary::ShiftSummary;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::{DraftRow, EntryRow, PillView};

/// The officer's own screen.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetToday {}

/// Everything on Today.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TodayView {
    /// Now, by the device's clock: timers count from here.
    pub now: Millis,
    /// The shift, when one is open.
    pub shift: Option<ShiftView>,
    /// The pill.
    pub pill: PillView,
    /// Briefings to read or in force, by when they begin.
    pub briefings: Vec<super::BriefingCard>,
    /// Crew claims that wait for this officer's answer.
    pub claims: Vec<CrewClaim>,
    /// Drafts kept, newest first.
    pub drafts: Vec<DraftRow>,
    /// Last entries, returned ones first, then newest first; at most five.
    pub entries: Vec<EntryRow>,
    /// How many entries there are in all.
    pub entries_total: u32,
    /// Duties of this officer that are open, those due first first.
    pub duties: Vec<super::DutyRow>,
    /// A shift that can be gone on with on this phone: known from the server, open, of this officer, begun elsewhere.
    pub resumable: Option<OwnShift>,
    /// The planned end has passed: since when.
    pub past_end: Option<Millis>,
    /// There is an engagement to repeat.
    pub can_repeat: bool,
    /// Cards in hand of all lines, for the dock; `None` before any were drawn.
    pub cards_left: Option<i64>,
    /// What the person must know about this phone (clock off by days, storage low…), plain words.
    pub notices: Vec<String>,
}

/// The open shift.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShiftView {
    /// Its entry.
    pub shift_id: EntryId,
    /// Call sign.
    pub call_sign: String,
    /// Title by hour of start: `Early shift`, `Late shift`, `Night shift`.
    pub title: String,
    /// When it began.
    pub started_at: Millis,
    /// Planned end.
    pub planned_end: Option<Millis>,
    /// Initiative.
    pub initiative: Option<CodeRef>,
    /// Transport.
    pub transport: Option<CodeRef>,
    /// The others of the crew.
    pub crew: Vec<CrewRow>,
    /// What the officer is doing.
    pub doing: Doing,
    /// Number of the running or last leg, from 1; 0 before the first.
    pub leg_number: u32,
    /// Partner organisations along, as shown.
    pub partners: Vec<String>,
    /// The four characters a colleague joins this unit by.
    pub unit_code: Option<String>,
    /// On a leg in plain clothes: no places are recorded for movement.
    pub plain_clothes: bool,
    /// The visit under way, whether a leg runs or not.
    pub visit: Option<VisitView>,
}

/// One of the crew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CrewRow {
    /// The officer.
    pub officer: OfficerId,
    /// As shown: `PC 1377`.
    pub title: String,
    /// Confirmed by the officer; until then the time counts in no hours.
    pub confirmed: bool,
    /// Disputed by the officer.
    pub disputed: bool,
    /// The entry that says so, for ending it.
    pub entry_id: EntryId,
    /// From when.
    pub from: Millis,
    /// Until when, once ended.
    pub until: Option<Millis>,
}

/// What the officer is doing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// On the shift, no leg running.
    Between,
    /// On a leg.
    OnLeg(LegView),
    /// On a break.
    OnBreak {
        /// Since when.
        since: Millis,
        /// Why.
        reason: Option<CodeRef>,
    },
    /// Called away.
    Away {
        /// Since when.
        since: Millis,
        /// Why, once said.
        reason: Option<CodeRef>,
        /// Only this officer; the crew goes on.
        author_only: bool,
    },
}

/// A running leg.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LegView {
    /// Its entry.
    pub entry_id: EntryId,
    /// Since when.
    pub since: Millis,
    /// Mode (on foot…).
    pub mode: Option<CodeRef>,
    /// Style.
    pub style: Option<CodeRef>,
    /// Name of the area.
    pub area: Option<String>,
    /// Since when in this area, for the visit ring, with its band in minutes.
    pub visit: Option<VisitView>,
}

/// A visit under way.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VisitView {
    /// Its entry.
    pub entry_id: EntryId,
    /// Code of the area.
    pub code: Code,
    /// Name of the area.
    pub area: String,
    /// Since when.
    pub since: Millis,
    /// Band in minutes, from and to.
    pub band: (u32, u32),
}

/// Somebody says this officer is in their crew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CrewClaim {
    /// The claim's entry.
    pub entry_id: EntryId,
    /// The revision to answer.
    pub link: Link,
    /// Who claims, as shown.
    pub by: String,
    /// Call sign of the unit.
    pub call_sign: Option<String>,
    /// From when.
    pub from: Millis,
    /// Until when, once ended.
    pub until: Option<Millis>,
}

/// Starts a shift.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StartShift {
    /// Call sign of the unit.
    pub call_sign: String,
    /// The others of the crew.
    pub crew: Vec<OfficerId>,
    /// Initiative code.
    pub initiative: Option<Code>,
    /// Transport code.
    pub transport: Option<Code>,
    /// Planned end.
    pub planned_end: Option<Millis>,
    /// Who supervises the night, where the officer was told.
    pub supervisor: Option<OfficerId>,
    /// When it began, where that was not now.
    pub started_at: Option<Millis>,
    /// Partner organisations along (list `partner`).
    pub partners: Vec<Code>,
    /// The four characters of a colleague's unit, or the text of its QR code: then this shift joins that unit.
    pub join: Option<String>,
    /// The officer's own shift on another phone that this one goes on with.
    pub continues: Option<EntryId>,
}

/// Joins a colleague's unit in mid-shift, by call sign and code. What is recorded from now on is of that unit.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct JoinUnit {
    /// Call sign, unless the text is a scanned one.
    pub call_sign: String,
    /// The four characters, or the text of the QR code.
    pub code: String,
}

/// Names a colleague as crew from now on (a claim; the colleague confirms).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AddCrew {
    /// The colleague.
    pub officer: OfficerId,
}

/// Ends a colleague's or one's own membership of the unit now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EndCrew {
    /// The entry of the membership.
    pub entry_id: EntryId,
}

/// Enters an area: a visit begins; a running one elsewhere ends.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EnterArea {
    /// Area code.
    pub area: Code,
}

/// Leaves the area: the running visit ends. Only ever done by a person.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LeaveArea {}

/// The officer's own shifts, newest first: homes for a note written afterwards.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListOwnShifts {
    /// How many at most.
    pub limit: u32,
}

/// The officer's own shifts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OwnShiftsView {
    /// Newest first.
    pub shifts: Vec<OwnShift>,
}

/// One of the officer's own shifts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OwnShift {
    /// The shift.
    pub shift_id: EntryId,
    /// Call sign.
    pub call_sign: String,
    /// When it began.
    pub started_at: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
}

/// Starts a leg; ends the running one.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StartLeg {
    /// Mode code (`P_FOOT`, …).
    pub mode: Option<Code>,
    /// Style code.
    pub style: Option<Code>,
    /// Area code, from the places list.
    pub area: Option<Code>,
}

/// Ends the running leg.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EndLeg {}

/// Pauses the patrol.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StartBreak {
    /// Reason code.
    pub reason: Option<Code>,
}

/// Ends the pause.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EndBreak {}

/// Called away, in one press; said again with a reason, it adds the reason.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GoAway {
    /// Reason code, now or later.
    pub reason: Option<Code>,
    /// Only this officer, not the crew.
    pub author_only: bool,
}

/// Back on patrol.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ComeBack {}

/// Confirms or disputes a crew claim.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AnswerCrewClaim {
    /// The claim's entry.
    pub entry_id: EntryId,
    /// True confirms, false disputes.
    pub confirm: bool,
}

/// The closing receipt of the open or last shift.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetClosing {}

/// The closing receipt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClosingView {
    /// The shift.
    pub shift_id: EntryId,
    /// Call sign.
    pub call_sign: String,
    /// When it began.
    pub started_at: Millis,
    /// When it ended, once it has.
    pub ended_at: Option<Millis>,
    /// Signed: the shift is submitted.
    pub signed: bool,
    /// Entries in all (the patrol record counts as one).
    pub total: u32,
    /// Entries the server has confirmed.
    pub received: u32,
    /// Every entry with its receipt, oldest first; those received only after signing say so.
    pub records: Vec<ClosingRow>,
    /// Entries received only after signing, shown as added later.
    pub received_later: u32,
    /// What was known when it was signed: entries that had their receipt then, of how many; none before signing.
    pub at_signing: Option<ClosingKnown>,
    /// Drafts left open; they carry over.
    pub drafts: Vec<DraftRow>,
    /// Figures.
    pub summary: ShiftSummary,
    /// Measured distance of the phone's clock from central's, milliseconds.
    pub clock_drift_ms: Option<i64>,
    /// Duties left open; they stay listed until discharged.
    pub duties: Vec<super::DutyRow>,
    /// Receipt code of the submitted shift, once received.
    pub receipt_code: Option<String>,
}

/// An entry of the receipt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClosingRow {
    /// The entry.
    pub row: EntryRow,
    /// Received, or written, only after the shift was signed.
    pub later: bool,
}

/// What a signature knew.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClosingKnown {
    /// When it was signed.
    pub at: Millis,
    /// Revisions it lists.
    pub listed: u32,
    /// Those that had a receipt then.
    pub received: u32,
    /// Drafts left open then.
    pub drafts: u32,
}

/// Signs and ends the shift: its end and what is known now, in one commit. Never waits for drafts or for signal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EndShift {
    /// When it ended, where that was not now.
    pub ended_at: Option<Millis>,
    /// The end is the officer's estimate.
    pub estimated: bool,
}
