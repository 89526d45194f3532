//! Duties: what must still be done, and the references that discharge it. And the hand-over slip.

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::duty::Rise;
use beatbook_domain::entry::DraftReference;
use beatbook_domain::id::{Code, EntryId, TeamId};
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
    /// With whom it lies, as shown: `PC 1482`, `Norwich East, late sergeant`.
    pub lies_with: String,
    /// How it lies with the reader.
    pub held: DutyHeld,
    /// Who must see that it waits.
    pub rise: Rise,
    /// Whether the reader may take it.
    pub may_take: bool,
    /// Whether the reader may discharge it.
    pub may_discharge: bool,
    /// Whether the reader may hand it to a post.
    pub may_pass: bool,
    /// A question of a supervisor: answered on the entry it is about.
    pub asked: bool,
    /// Its way so far, oldest first.
    pub passed: Vec<DutyStep>,
}

/// How a duty lies with the reader.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyHeld {
    /// The reader has it.
    #[default]
    Mine,
    /// Another officer has it.
    Another,
    /// It is offered to a post, and nobody has taken it.
    Offered,
}

/// A step of a duty's way.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DutyStep {
    /// What happened.
    pub what: DutyStepKind,
    /// Who did it, as shown.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// What happened to a duty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyStepKind {
    /// Handed to a post, as shown.
    Offered {
        /// `Norwich East, late sergeant`.
        to: String,
    },
    /// Taken.
    Taken,
    /// Taken after somebody else had taken it: the other has it.
    TakenTooLate,
    /// Discharged.
    Done,
}

/// What is open for the reader's posts and team: places and things, never people.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetHandover {}

/// What is open, by what the reader can do about it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HandoverView {
    /// Offered to the reader's posts, or come up to them: those that wait longest first.
    pub to_take: Vec<DutyRow>,
    /// What the reader has, or wrote: due first first.
    pub mine: Vec<DutyRow>,
    /// What lies with others of the reader's teams.
    pub others: Vec<DutyRow>,
    /// The posts it can be handed to.
    pub posts: Vec<PostChoice>,
    /// As known at this time (the last answer of central).
    pub as_known: Option<Millis>,
    /// Now, by the device's clock.
    pub now: Millis,
}

/// A post that a duty can be handed to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PostChoice {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub team_name: String,
    /// The reader's own team.
    pub own: bool,
    /// The post.
    pub post: Code,
    /// As shown: `late sergeant`.
    pub label: String,
}

/// Takes duties that were offered or have come up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AcceptDuties {
    /// The duties.
    pub entry_ids: Vec<EntryId>,
}

/// Hands duties that the reader has to a post; until somebody of it takes them, the reader is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HandOverDuties {
    /// The duties.
    pub entry_ids: Vec<EntryId>,
    /// The team of the post.
    pub team: TeamId,
    /// The post.
    pub post: Code,
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
