//! Entries: what officers record, and how a set of revisions reads as one entry.
//!
//! `head` is known at save and kept for ever, `body` may have to be erased. A draft is neither: it is what a form holds
//! while it is typed, and becomes bodies only at Save.

mod body;
mod circumstances;
mod concern;
mod draft;
mod duty;
mod engagement;
mod event;
mod given;
mod handout;
mod head;
mod history;
mod kind;
mod line;
mod movement;
mod person;
mod power_use;
mod record;
mod reference;
mod referral;
mod review;
mod stock;
mod tasking;
#[cfg(test)]
pub(crate) mod testing;

pub use body::{Body, BodyError};
pub use circumstances::{Circumstances, Home, LATE_MS, Written, stated_reason};
pub use concern::{
    Authority, Concern, ConcernDraft, CrimeGate, DraftWords, Grading, PowerUsed, Reporting, SpokenWords,
    ToldAuthority,
};
pub use draft::{BodiesOfDraft, DraftForm, windows_field};
pub use duty::DutyBody;
pub use engagement::{Answer, Bands, Engagement, EngagementDraft};
pub use event::{Event, EventDraft};
pub use handout::{DraftItem, Handout, HandoutDraft, HandoutItem};
pub use head::{
    About, Access, Change, Duty, EndKind, Head, HeadError, HeadLink, Marking, Origin, PerformedBy, Regime,
    Relation,
};
pub use history::{Entry, Gone, Revision, fold};
pub use kind::Kind;
pub use movement::{
    AwayScope, CalledAway, CrewMembership, CrewStanding, Leg, OnBreak, ShiftOpened, ShiftSubmitted, Visit,
};
pub use person::{Description, DraftPerson, PersonDescribed};
pub use power_use::{PowerUse, PowerUseDraft};
pub use record::{
    ChainOpened, DraftDiscarded, Erasure, FileMade, Hold, KeyChanged, LogRecord, Sealing, UNDO, Withdrawal,
};

pub use reference::{Attachment, DraftReference, PaperRef, Reference};
pub use referral::{Referral, ReferralDraft};
pub use review::{Decision, Question, Return, ReturnAnswer, Review};
pub use stock::{StockDirection, StockMoved};
pub use tasking::{
    Deviation, DraftTaskedArea, DraftWindow, TaskWindow, TaskedArea, Tasking, TaskingAck, TaskingDraft,
};

use crate::code_list::CodeRef;

/// The codes of a list of references, in order: what a form holds.
pub fn codes(refs: &[CodeRef]) -> Vec<crate::id::Code> {
    refs.iter().map(|r| r.code.clone()).collect()
}
