//! Drafts and entries: opening, keeping as typed, saving, undoing, and reading.

use beatbook_domain::check::Problem;
use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::{
    Attachment, Body, Change, Circumstances, DraftForm, EndKind, Kind, Marking, Origin,
};
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
    /// It corrects an entry that is sealed already.
    pub corrects: bool,
    /// For its author and professional standards alone: no list names what it is.
    pub narrow: bool,
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
    /// Materials given out alone, or left in bulk at a venue.
    NewHandout,
    /// A power used, alone or from the concern note named.
    NewPowerUse(Option<EntryId>),
    /// A new event.
    NewEvent,
    /// A new environment referral, alone or from the engagement named.
    NewReferral(Option<EntryId>),
    /// What is asked for a night: new for tonight, or a copy of an earlier one with the same times of day.
    NewTasking(Option<EntryId>),
    /// A kept draft.
    Kept(EntryId),
    /// A correction of an entry of one's own: the form as it was sealed, its circumstances naming what is revised.
    Amend(EntryId),
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
    /// When it happened and how it came to be written.
    pub told: Circumstances,
    /// Running number of the entry in the shift, for the heading.
    pub number: u32,
    /// It began as a note on the lock screen.
    pub from_note: bool,
}

/// Keeps what is typed. Never refused for what it says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct KeepDraft {
    /// The entry it will be.
    pub entry_id: EntryId,
    /// What the form holds.
    pub form: DraftForm,
    /// When it happened and how it came to be written.
    pub told: Circumstances,
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
    /// When it happened and how it came to be written.
    pub told: Circumstances,
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

/// Repeats the officer's last engagement with place and time refreshed, people 1 and cards 0: saved when it answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SameAgain {}

/// Withdraws an entry of one's own. It stays readable, struck through; what arose from it in the same commit goes too.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WithdrawEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// Why.
    pub reason: String,
}

/// Corrects the times of a shift, leg, visit, break or call away of one's own: both are restated.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CorrectTimes {
    /// The entry.
    pub entry_id: EntryId,
    /// When it began.
    pub occurred_at: Millis,
    /// When it ended; `None` while it runs.
    pub occurred_until: Option<Millis>,
    /// Why.
    pub reason: String,
}

/// Says where a referral of one's own stands now. Not a correction: it goes on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetReferralState {
    /// The referral.
    pub entry_id: EntryId,
    /// State code (list `referral_state`).
    pub state: beatbook_domain::id::Code,
}

/// Keeps a photo of a thing for a referral: decoded, made smaller, written anew without position or camera data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KeepPhoto {
    /// The picture as the phone gave it (JPEG or PNG), base64.
    pub base64: String,
}

impl std::fmt::Debug for KeepPhoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeepPhoto").field("length", &self.base64.len()).finish()
    }
}

/// A photo kept on this phone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetPhoto {
    /// Its hash, as the body names it.
    pub sha256: String,
}

/// A photo.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoView {
    /// What the body names.
    pub attachment: Attachment,
    /// The bytes as kept, base64; `None` where they are not on this phone (any more).
    pub base64: Option<String>,
    /// Where they are not here: how much of them has come so far, whole percent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub come: Option<u32>,
}

/// Asks the server for a photo that is not on this phone: whether it has it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AskPhoto {
    /// Its hash, as the body names it.
    pub sha256: String,
}

/// Where a photo is that is not on this phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhotoAsked {
    /// The server has it whole: it can be fetched.
    pub at_server: bool,
    /// Plain words: `Photo at the server, 412 kB`, `Still on the phone that took it: 38 % has arrived`.
    pub words: String,
}

/// Fetches a photo from the server, from where it was cut; the log keeps that it was opened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FetchPhoto {
    /// Its hash, as the body names it.
    pub sha256: String,
}

impl std::fmt::Debug for PhotoView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhotoView").field("attachment", &self.attachment).finish_non_exhaustive()
    }
}

/// Opens an entry for reading; the log keeps that it was opened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetEntry {
    /// The entry.
    pub entry_id: EntryId,
}

/// Asks central for the words of an entry that this phone has dropped by policy. They come with the next exchange.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FetchEntry {
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
    /// The reader wrote it and may correct or withdraw it.
    pub mine: bool,
    /// For its author and professional standards alone.
    pub narrow: bool,
    /// Duties that arose from it.
    pub duties: Vec<super::DutyRow>,
    /// Who performed it, as shown, where that was not the author.
    pub performed_by: Option<String>,
    /// Whether a hand-over slip lies on this phone for it.
    pub slip: bool,
    /// What was decided and asked about it.
    pub review: super::ReviewView,
    /// Legs, visits, breaks and calls away of a patrol record, in order; empty for any other entry.
    pub patrol: Vec<StretchRow>,
    /// Its words are kept at the server alone: how it stands with getting them back.
    pub at_server: Option<GettingBack>,
}

/// How it stands with words that are to come back from central.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GettingBack {
    /// Nobody has asked for them.
    NotAsked,
    /// Asked for; they come with the next exchange.
    Asked,
    /// Central was asked and did not give them.
    Missing,
}

/// Why the words of a revision are not here.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoneView {
    /// Erased by order.
    Erased {
        /// Under what, by whom and when, where this phone was told.
        under: Option<(String, String, Millis)>,
    },
    /// Dropped here by policy, kept at the server.
    AtServer,
    /// The reader reads it no more.
    Forgotten,
    /// Only the heading is for this reader.
    Heading,
}

/// A leg, visit, break or call away of a patrol record.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StretchRow {
    /// Its entry.
    pub entry_id: EntryId,
    /// What began: `leg_started`, `visit_started`, `break_started` or `called_away`.
    pub kind: Kind,
    /// What was chosen: mode and style, the reason of a pause, the method of a visit.
    pub codes: Vec<CodeRef>,
    /// Name of the area.
    pub area: Option<String>,
    /// When it began.
    pub at: Millis,
    /// When it ended; `None` while it runs.
    pub until: Option<Millis>,
    /// How the end is known.
    pub end_kind: Option<EndKind>,
    /// Who wrote it, as shown, where that is not the reader.
    pub author: Option<String>,
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
    /// What its head has of lists (movement kinds, handout and stock): mode, style, reason, initiative, transport.
    pub codes: Vec<CodeRef>,
    /// Name of the area in its head.
    pub area: Option<String>,
    /// Nothing follows it: the newest, or one side of a fork.
    pub newest: bool,
    /// What it says; `None` where its words are not here.
    pub body: Option<RevisionBody>,
    /// Why they are not.
    pub gone: Option<GoneView>,
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
