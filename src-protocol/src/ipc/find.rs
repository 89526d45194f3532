//! Finding one's own records: by words, shift, kind, place and state, one page at a time.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::EntryRow;

/// Which states to find.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindState {
    /// Whatever the state.
    #[default]
    Any,
    /// Not yet received.
    Waiting,
    /// Received.
    Received,
    /// Refused, unreadable, returned, or received with a question.
    NeedsYou,
}

/// Finds records on this phone. All that is given must fit.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FindEntries {
    /// Words: every one must be there, the last may be the beginning of one.
    pub words: String,
    /// Kinds; empty for all that an officer writes.
    pub kinds: Vec<Kind>,
    /// A shift.
    pub shift: Option<EntryId>,
    /// A patrol area, ward or district by code.
    pub area: Option<Code>,
    /// The state.
    pub state: FindState,
    /// Happened from.
    pub from: Option<Millis>,
    /// Happened until.
    pub until: Option<Millis>,
    /// Go on after this row of the page before.
    pub after: Option<FindCursor>,
    /// Rows on a page, at most 100.
    pub limit: u32,
}

/// Where a page ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FindCursor {
    /// When the last row happened.
    pub at: Millis,
    /// The last row.
    pub entry_id: EntryId,
}

/// One page, newest first.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FoundView {
    /// The rows.
    pub rows: Vec<EntryRow>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<FindCursor>,
    /// How many there are in all, counted up to 1,000.
    pub total: u32,
    /// Records not yet in the index of words; 0 when all are.
    pub not_indexed: u32,
}
