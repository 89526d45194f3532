//! Drafts and entries: opening, keeping as typed, saving, undoing, and reading.

use beatbook_domain::check::Problem;
use beatbook_domain::entry::{Body, Change, DraftForm, EndKind, Kind, Marking, Origin};
use beatbook_domain::id::{EntryId, Link};
use beatbook_domain::time::{ClockOffset, Millis};
use serde::{Deserialize, Serialize};

use super::EntryState;

/// A draft in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftRow {
    /// The entry it will be.
    pub entry_id: EntryId,
    /// Its kind.
    pub kind: Kind,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it was last kept.
    pub kept_at: Millis,
    /// Place, for the row.
    pub place: Option<String>,
}

/// An entry in a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntryRow {
    /// The entry.
    pub entry_id: EntryId,
    /// Its kind (the patrol record of a shift is one row of kind `shift_opened`).
    pub kind: Kind,
    /// When it happened.
    pub at: Millis,
    /// Heading: `Engagement`, `Cards`, `Concern note`, `Patrol record`.
    pub title: String,
    /// Place and count, nothing else: `Prince of Wales Road · 3 people`.
    pub detail: String,
    /// Where it stands.
    pub state: EntryState,
    /// Who wrote it, as shown, where that is not the reader.
    pub author: Option<String>,
}

/// Opens a new draft of a kind, or the one with this id.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenDraft {
    /// A new engagement: type from the last, people 1, cards 0, place and crew carried forward.
    NewEngagement,
    /// A new concern note.
    NewConcern,
    /// A kept draft.
    Kept(EntryId),
}

/// A draft in its form.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftView {
    /// The entry it will be.
    pub entry_id: EntryId,
    /// What the form holds.
    pub form: DraftForm,
    /// When it was opened: when it happened, unless changed.
    pub opened_at: Millis,
    /// When it was last kept.
    pub kept_at: Millis,
    /// When it happened, as stated.
    pub occurred_at: Millis,
    /// Running number of the entry in the shift, for the heading.
    pub number: u32,
}

/// Keeps what is typed. Never refused for what it says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct KeepDraft {
    /// The entry it will be.
    pub entry_id: EntryId,
    /// What the form holds.
    pub form: DraftForm,
    /// When it happened, as stated.
    pub occurred_at: Millis,
}

/// The draft is kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftKept {
    /// When.
    pub kept_at: Millis,
    /// What would stop Save or be flagged, now; shown only once the person presses Save.
    pub problems: Vec<Problem>,
}

/// Discards a draft; its mark stays, without content.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DiscardDraft {
    /// The draft.
    pub entry_id: EntryId,
}

/// Seals a draft: saved on this phone when it answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SaveDraft {
    /// The entry.
    pub entry_id: EntryId,
    /// What the form holds now, so that Save never races with keeping.
    pub form: DraftForm,
    /// When it happened, as stated.
    pub occurred_at: Millis,
}

/// Saved on this phone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SavedView {
    /// The entries saved (an engagement and its handout are two).
    pub entries: Vec<EntryId>,
    /// When.
    pub saved_at: Millis,
    /// Until when Undo is offered.
    pub undo_until: Millis,
}

/// Takes a save back within ten seconds: the draft is there again, the entry stays and is marked withdrawn (UNDO).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UndoSave {
    /// The entry.
    pub entry_id: EntryId,
}

/// Opens an entry for reading; the log keeps that it was opened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetEntry {
    /// The entry.
    pub entry_id: EntryId,
}

/// An entry with its history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntryView {
    /// The row.
    pub row: EntryRow,
    /// Marking.
    pub marking: Marking,
    /// Who wrote it, as shown.
    pub author: String,
    /// Every revision, oldest first.
    pub revisions: Vec<RevisionView>,
    /// More than one newest revision: a fork, both shown.
    pub forked: bool,
    /// Withdrawn.
    pub withdrawn: bool,
    /// Entries that arose from it or that it arose from.
    pub linked: Vec<EntryRow>,
}

/// One revision, readable.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RevisionView {
    /// Its identity.
    pub link: Link,
    /// Its kind.
    pub kind: Kind,
    /// How it changes what came before.
    pub change: Change,
    /// How it came to be written.
    pub origin: Origin,
    /// When it happened.
    pub occurred_at: Millis,
    /// Until when.
    pub occurred_until: Option<Millis>,
    /// How the end is known.
    pub end_kind: Option<EndKind>,
    /// When it was written, device clock.
    pub written_at: Millis,
    /// Measured distance to central's clock at writing.
    pub offset: Option<ClockOffset>,
    /// When it was received, central's clock.
    pub received_at: Option<Millis>,
    /// Its position at central.
    pub position: Option<u64>,
    /// Receipt code to read out.
    pub receipt_code: Option<String>,
    /// What central asks about.
    pub problems: Vec<String>,
    /// Label of lateness: `written 3 h 40 min after`.
    pub late: Option<String>,
    /// What it says; `None` once erased.
    pub body: Option<RevisionBody>,
}

/// A body in both forms: typed for the screen that knows it, verbatim for any.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RevisionBody {
    /// The sealed JSON; parse with [`Body::parse`] and the revision's kind and change.
    pub json: String,
    /// Schema version.
    pub schema: u16,
}

impl RevisionBody {
    /// Reads the body as its kind has it; anything unreadable is shown verbatim.
    pub fn read(&self, kind: Kind, change: Change) -> Option<Body> {
        Body::parse(kind, self.schema, change, self.json.as_bytes()).ok()
    }
}
