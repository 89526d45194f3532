//! Entries: what officers record, and how a set of revisions reads as one entry.
//!
//! `head` is known at save and kept for ever, `body` may have to be erased. A draft is neither: it is what a form holds
//! while it is typed, and becomes bodies only at Save.

mod body;
mod concern;
mod draft;
mod engagement;
mod handout;
mod head;
mod history;
mod kind;
mod line;
mod movement;
mod record;
#[cfg(test)]
pub(crate) mod testing;

pub use body::{Body, BodyError};
pub use concern::{
    Authority, Concern, ConcernDraft, CrimeGate, DraftWords, PowerUsed, Reporting, SpokenWords, ToldAuthority,
};
pub use draft::{BodiesOfDraft, DraftForm};
pub use engagement::{Answer, Bands, Engagement, EngagementDraft};
pub use handout::{Handout, HandoutItem};
pub use head::{
    About, Access, Change, Duty, EndKind, Head, HeadError, HeadLink, Marking, Origin, PerformedBy, Regime,
    Relation,
};
pub use history::{Entry, Revision, fold};
pub use kind::Kind;
pub use movement::{
    AwayScope, CalledAway, CrewMembership, CrewStanding, Leg, OnBreak, ShiftOpened, ShiftSubmitted, Visit,
};
pub use record::{
    ChainOpened, DraftDiscarded, Erasure, Hold, KeyChanged, LogRecord, Sealing, UNDO, Withdrawal,
};

use crate::code_list::CodeRef;

/// The codes of a list of references, in order: what a form holds.
pub fn codes(refs: &[CodeRef]) -> Vec<crate::id::Code> {
    refs.iter().map(|r| r.code.clone()).collect()
}
