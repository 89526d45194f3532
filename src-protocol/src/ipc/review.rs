//! The sergeant's side: the team's shifts and their summaries.

use std::collections::BTreeMap;

use beatbook_domain::entry::{Kind, Marking, Question};
use beatbook_domain::id::{Code, EntryId, Link, OfficerId};
use beatbook_domain::review::Reason;
use beatbook_domain::summary::{ShiftSummary, Tonight};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::{EntryRow, EntryState};

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
    /// Whether there are earlier ones: asked for by [`ListShifts::before`].
    pub earlier: bool,
    /// As known at this time (the last answer of central).
    pub as_known: Option<Millis>,
    /// Devices of the team: what they were last heard to hold.
    pub contacts: Vec<ContactRow>,
    /// Duties that wait for the reader: offered to their post, come up to them, or theirs.
    pub duties: Vec<super::DutyRow>,
    /// How many entries were handed up to the reader.
    pub escalated: u32,
    /// What the shifts of tonight come to so far.
    pub tonight: Tonight,
    /// Now, by the device's clock.
    pub now: Millis,
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
    /// How many of its entries need a decision of the reader; none where the reader decides about none.
    pub decisions: u32,
    /// Approved with all its entries as they are now.
    pub approved: bool,
    /// Nothing stands before its approval: it can be approved with others in one go.
    pub clean: bool,
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
    /// Records missing from its chain.
    pub gaps: u32,
    /// The officer's shift that is open, as far as known.
    pub on_shift: Option<OnShift>,
    /// Not heard for longer than the area's own threshold while on shift: says nothing of anybody's welfare.
    pub silent: bool,
}

/// What an officer on shift was last known to do.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OnShift {
    /// The shift.
    pub shift_id: EntryId,
    /// Call sign.
    pub call_sign: String,
    /// The area they were last known in, or of the leg.
    pub area: Option<String>,
    /// The others of the crew, as shown.
    pub crew: Vec<String>,
    /// How they move (mode of the leg, or transport).
    pub mode: Option<String>,
    /// What they were doing.
    pub doing: super::Doing,
    /// The number of the leg.
    pub leg_number: u32,
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
    /// Names of the areas in the figures, by code.
    pub areas: BTreeMap<Code, String>,
    /// The figures, and what is missing.
    pub summary: ShiftSummary,
    /// The entries of the shift, oldest first.
    pub entries: Vec<EntryRow>,
    /// Who opened it, as shown.
    pub officer: String,
    /// Who supervised the night, as shown.
    pub supervisor: Option<String>,
    /// Team name.
    pub team: Option<String>,
    /// As known at this time.
    pub as_known: Option<Millis>,
    /// The marking of the whole: that of its most sensitive entry.
    pub marking: Marking,
    /// Where its review stands.
    pub review: ShiftReview,
}

/// Where the review of a shift stands.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct ShiftReview {
    /// Entries that need a decision of their own before the whole can be approved, oldest first.
    pub needs: Vec<NeedsDecision>,
    /// How many wait for their author's answer.
    pub returned: u32,
    /// How many wait for somebody above the reader.
    pub above: u32,
    /// Who approved the shift with all its entries as they are now, and when.
    pub approved: Option<(String, Millis)>,
    /// Whether the reader may approve it at all: entitled, signed by its officer, and not their own.
    pub may_approve: bool,
}

/// An entry that needs a decision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NeedsDecision {
    /// Its row.
    pub row: EntryRow,
    /// Why.
    pub reason: Reason,
    /// The newest revision: what a decision is about.
    pub link: Link,
    /// The version before and this one; none where there is one version only.
    pub before_and_now: Option<(super::RevisionView, super::RevisionView)>,
}

/// Decides about an entry of another officer, or asks about it. It is about the revision the reader saw.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DecideEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// Its newest revision as the reader saw it: a newer one is not decided unseen.
    pub link: Link,
    /// What is decided.
    pub what: DecisionForm,
}

/// A decision as a form holds it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionForm {
    /// It stands.
    Approve {
        /// Where a concern note goes (list `disposition`).
        disposition: Option<Code>,
        /// The reference it got there.
        reference: String,
        /// Words to the officer.
        note: String,
    },
    /// Questions to its author.
    Return {
        /// The questions.
        questions: Vec<Question>,
        /// By when.
        due: Option<Millis>,
        /// Before anything else.
        urgent: bool,
        /// Asked beside: it is not sent back, and nothing waits for the answer.
        #[serde(default)]
        aside: bool,
    },
    /// Somebody above decides.
    Escalate {
        /// Why.
        note: String,
    },
}

/// Approves a shift with everything in it that needs no decision of its own, as it is now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ApproveShift {
    /// The shift.
    pub shift_id: EntryId,
}

/// Approves several shifts in one go, each with everything in it as it is now. One that is not clean any more stops none of
/// the others: it is listed as it stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ApproveShifts {
    /// The shifts.
    pub shift_ids: Vec<EntryId>,
}

/// What was handed up to the reader, oldest first: "For you to decide".
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListEscalated {}

/// What was handed up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EscalatedView {
    /// One row each.
    pub entries: Vec<EscalatedRow>,
    /// As known at this time (the last answer of central).
    pub as_known: Option<Millis>,
}

/// An entry that was handed up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EscalatedRow {
    /// The entry.
    pub row: EntryRow,
    /// Who handed it up, as shown.
    pub by: String,
    /// When.
    pub at: Millis,
    /// Why.
    pub why: String,
}

/// Disclosures about people in policing, newest first; for professional standards alone. Opening one is logged.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListStandards {
    /// How many at most.
    pub limit: u32,
    /// Those after this place in the list.
    pub after: Option<u64>,
}

/// Disclosures about people in policing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StandardsView {
    /// One row each.
    pub rows: Vec<StandardsRow>,
    /// Where the next page begins; none after the last.
    pub next: Option<u64>,
    /// As known at this time (the last answer of central).
    pub as_known: Option<Millis>,
}

/// One disclosure: who wrote it and when. What it says is read by opening it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StandardsRow {
    /// Its entry.
    pub entry_id: EntryId,
    /// Who wrote it, as shown.
    pub author: String,
    /// When it happened.
    pub at: Millis,
    /// When it was received.
    pub received_at: Option<Millis>,
    /// Corrected since it was first saved.
    pub edited: bool,
}

/// Answers a return by leaving the entry as it is. (A correction answers it by itself.)
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AnswerReturn {
    /// The entry.
    pub entry_id: EntryId,
    /// Why it stays.
    pub words: String,
}

/// Where an entry stands in its review.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStanding {
    /// Nobody has decided about it as it is now.
    #[default]
    Open,
    /// Questions wait for its author.
    Returned,
    /// Its author answered.
    Answered,
    /// Approved.
    Approved,
    /// Handed to somebody above.
    Escalated,
}

/// The review of an entry.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct ReviewView {
    /// Where it stands.
    pub standing: ReviewStanding,
    /// Everything said about it, oldest first.
    pub said: Vec<SaidView>,
    /// Whether the reader may decide about it.
    pub may_decide: bool,
    /// Handed up, and somebody above the reader decides: the post, as shown.
    pub decided_above: Option<String>,
    /// Questions wait for its author's answer, sent back or asked beside.
    pub questions_wait: bool,
    /// The reader decided about it as it is now, and somebody else's decision counts: whose, as shown.
    pub overruled_by: Option<String>,
}

/// A review, a return or an answer, as shown.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SaidView {
    /// Its entry.
    pub entry_id: EntryId,
    /// `review`, `return` or `answer`.
    pub kind: Kind,
    /// Who said it, as shown.
    pub by: String,
    /// When.
    pub at: Millis,
    /// What a return asks.
    pub questions: Vec<Question>,
    /// By when it is to be answered.
    pub due: Option<Millis>,
    /// Before anything else.
    pub urgent: bool,
    /// Asked beside, without sending it back.
    pub aside: bool,
    /// Whether a review handed it to somebody above.
    pub escalated: bool,
    /// Where a concern note went, with its reference.
    pub disposition: Option<String>,
    /// Words with it.
    pub words: Option<String>,
    /// Whether it is about the entry as it is now.
    pub is_current: bool,
    /// Where it stands on its way to the server.
    pub state: EntryState,
}
