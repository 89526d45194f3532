//! Duties: what must still be done, and the references that discharge it. And the hand-over slip.

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::DraftReference;
use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

/// A duty.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DutyRow {
    /// Its entry.
    pub entry_id: EntryId,
    /// What must be done.
    pub what: CodeRef,
    /// When it is due.
    pub due: Option<Millis>,
    /// Past its time.
    pub overdue: bool,
    /// The entry it arose from.
    pub about: Option<EntryId>,
    /// Heading and place of that entry: `Concern note · Prince of Wales Road`.
    pub about_line: String,
    /// Still open.
    pub open: bool,
    /// The reference that discharged it, as typed.
    pub reference: Option<String>,
}

/// The officer's duties: open ones first, then those discharged in the last days.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListDuties {}

/// The officer's duties.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DutiesView {
    /// Open, those due first first; then discharged.
    pub duties: Vec<DutyRow>,
    /// Now, by the device's clock.
    pub now: Millis,
}

/// Discharges a duty by a reference, or by saying why none is needed. A reference is also added to the note it arose from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DischargeDuty {
    /// The duty.
    pub entry_id: EntryId,
    /// The reference.
    pub reference: Option<DraftReference>,
    /// Why none is needed; or how it was done.
    pub note: String,
}

/// The other systems a slip has a block for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipSystem {
    /// Crime recording: reference `REF_CRIME`.
    Crime,
    /// Intelligence: reference `REF_INTEL`.
    Intelligence,
    /// Safeguarding: reference `REF_SAFEGUARD`.
    Safeguarding,
}

impl SlipSystem {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Crime, Self::Intelligence, Self::Safeguarding];

    /// The code of its reference.
    pub fn reference(self) -> &'static str {
        match self {
            Self::Crime => "REF_CRIME",
            Self::Intelligence => "REF_INTEL",
            Self::Safeguarding => "REF_SAFEGUARD",
        }
    }
}

/// The hand-over slip of a concern note or its draft: on this phone only, encrypted, never sent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetSlip {
    /// The concern.
    pub entry_id: EntryId,
}

/// The slip.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SlipView {
    /// The concern.
    pub entry_id: EntryId,
    /// Personal details for the other systems, as typed or moved here by the coach.
    pub details: String,
    /// What to read out, by system: composed from the note and the details, as it stands now.
    pub blocks: Vec<SlipBlock>,
    /// When it goes by itself; `None` while it is empty.
    pub expires_at: Option<Millis>,
}

/// What to read out to one system.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SlipBlock {
    /// The system.
    pub system: SlipSystem,
    /// The words.
    pub text: String,
    /// Its reference, once entered: then the block is gone.
    pub reference: Option<String>,
}

impl std::fmt::Debug for SlipView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlipView").field("entry_id", &self.entry_id).finish_non_exhaustive()
    }
}
impl std::fmt::Debug for SlipBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlipBlock").field("system", &self.system).finish_non_exhaustive()
    }
}

/// Keeps the details of a slip as typed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KeepSlip {
    /// The concern, or its draft.
    pub entry_id: EntryId,
    /// The details.
    pub details: String,
}

/// Adds words to a slip: the coach's "Move it".
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveToSlip {
    /// The concern, or its draft.
    pub entry_id: EntryId,
    /// The words.
    pub text: String,
}

impl std::fmt::Debug for KeepSlip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeepSlip").field("entry_id", &self.entry_id).finish_non_exhaustive()
    }
}
impl std::fmt::Debug for MoveToSlip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MoveToSlip").field("entry_id", &self.entry_id).finish_non_exhaustive()
    }
}

/// Throws a slip away at once.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DropSlip {
    /// The concern.
    pub entry_id: EntryId,
}

/// Enters another system's reference: added to the note, discharges the duty that waits for it, ends the slip's block;
/// when the duties of crime, intelligence and safeguarding that were wanted all have theirs, the slip goes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GiveReference {
    /// The entry.
    pub entry_id: EntryId,
    /// The reference.
    pub reference: DraftReference,
}
