//! The body of a revision by kind: what may have to be erased. One sealed schema for each kind.

use serde::{Deserialize, Serialize};

use super::concern::Concern;
use super::duty::DutyBody;
use super::engagement::Engagement;
use super::event::Event;
use super::handout::Handout;
use super::head::Change;
use super::kind::Kind;
use super::movement::{CalledAway, CrewMembership, Leg, OnBreak, ShiftOpened, ShiftSubmitted, Visit};
use super::power_use::PowerUse;
use super::record::{ChainOpened, DraftDiscarded, Erasure, Hold, KeyChanged, LogRecord, Withdrawal};
use super::reference::{Attachment, PaperRef};
use super::referral::Referral;
use super::review::{Return, ReturnAnswer, Review};
use super::stock::StockMoved;
use super::tasking::{Tasking, TaskingAck};

/// A body, as its kind has it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// `shift_opened`, `shift_ended`.
    Shift(ShiftOpened),
    /// `crew_joined`, `crew_left`.
    Crew(CrewMembership),
    /// `leg_started`, `leg_ended`.
    Leg(Leg),
    /// `visit_started`, `visit_ended`.
    Visit(Visit),
    /// `break_started`, `break_ended`.
    Break(OnBreak),
    /// `called_away`, `back_on_patrol`.
    Away(CalledAway),
    /// `shift_submitted`.
    Submitted(ShiftSubmitted),
    /// `engagement`.
    Engagement(Engagement),
    /// `handout`.
    Handout(Handout),
    /// `stock_moved`.
    Stock(StockMoved),
    /// `concern`.
    Concern(Concern),
    /// `power_use`.
    PowerUse(PowerUse),
    /// `event`.
    Event(Event),
    /// `referral`.
    Referral(Referral),
    /// `tasking`.
    Tasking(Tasking),
    /// `tasking_ack`.
    TaskingAck(TaskingAck),
    /// `duty_opened`, `duty_accepted`, `duty_discharged`.
    Duty(DutyBody),
    /// `review`.
    Review(Review),
    /// `return`.
    Return(Return),
    /// `answer`.
    Answer(ReturnAnswer),
    /// Any kind, withdrawn: the reason alone.
    Withdrawal(Withdrawal),
    /// `hold`.
    Hold(Hold),
    /// `erasure`.
    Erasure(Erasure),
    /// `chain_opened`.
    ChainOpened(ChainOpened),
    /// `key_changed`.
    KeyChanged(KeyChanged),
    /// `draft_discarded`.
    DraftDiscarded(DraftDiscarded),
    /// `viewed`, `exported`, `unlocked`, `unlock_failed`, `locked`.
    Log(LogRecord),
    /// A kind or schema this version has no form for: kept verbatim, counted nowhere.
    Unread(serde_json::Value),
}

/// Why bytes are not the body of their kind.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The JSON does not fit the kind's schema.
    #[error("the body does not fit its kind: {0}")]
    Unreadable(#[from] serde_json::Error),
}

impl Body {
    /// The attachments it names.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Referral(referral) => referral.photo.as_slice(),
            _ => &[],
        }
    }

    /// The bytes that are sealed. Call once; keep the bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads sealed bytes by the schema their head names. Schema 1 is the only one so far; a newer schema or kind reads
    /// as [`Body::Unread`], never as an error, so an older app keeps what it cannot show.
    ///
    /// # Errors
    /// When the bytes are not JSON, or do not fit a schema this version knows.
    pub fn parse(kind: Kind, schema: u16, change: Change, bytes: &[u8]) -> Result<Body, BodyError> {
        fn read<T: for<'de> Deserialize<'de>>(bytes: &[u8], wrap: fn(T) -> Body) -> Result<Body, BodyError> {
            Ok(wrap(serde_json::from_slice(bytes)?))
        }
        if schema != 1 {
            return read(bytes, Body::Unread);
        }
        if change == Change::Withdraws {
            return read(bytes, Body::Withdrawal);
        }
        match kind {
            Kind::ShiftOpened | Kind::ShiftEnded => read(bytes, Body::Shift),
            Kind::CrewJoined | Kind::CrewLeft => read(bytes, Body::Crew),
            Kind::LegStarted | Kind::LegEnded => read(bytes, Body::Leg),
            Kind::VisitStarted | Kind::VisitEnded => read(bytes, Body::Visit),
            Kind::BreakStarted | Kind::BreakEnded => read(bytes, Body::Break),
            Kind::CalledAway | Kind::BackOnPatrol => read(bytes, Body::Away),
            Kind::ShiftSubmitted => read(bytes, Body::Submitted),
            Kind::Engagement => read(bytes, Body::Engagement),
            Kind::Handout => read(bytes, Body::Handout),
            Kind::StockMoved => read(bytes, Body::Stock),
            Kind::Concern => read(bytes, Body::Concern),
            Kind::PowerUse => read(bytes, Body::PowerUse),
            Kind::Event => read(bytes, Body::Event),
            Kind::Referral => read(bytes, Body::Referral),
            Kind::Tasking => read(bytes, Body::Tasking),
            Kind::TaskingAck => read(bytes, Body::TaskingAck),
            Kind::DutyOpened | Kind::DutyAccepted | Kind::DutyDischarged => read(bytes, Body::Duty),
            Kind::Review => read(bytes, Body::Review),
            Kind::Return => read(bytes, Body::Return),
            Kind::Answer => read(bytes, Body::Answer),
            Kind::Hold => read(bytes, Body::Hold),
            Kind::Erasure => read(bytes, Body::Erasure),
            Kind::ChainOpened => read(bytes, Body::ChainOpened),
            Kind::KeyChanged => read(bytes, Body::KeyChanged),
            Kind::DraftDiscarded => read(bytes, Body::DraftDiscarded),
            kind if kind.is_log() => read(bytes, Body::Log),
            _ => read(bytes, Body::Unread),
        }
    }
}

impl Body {
    /// The reason given with a correction or withdrawal.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Body::Shift(b) => b.reason.as_deref(),
            Body::Crew(b) => b.reason.as_deref(),
            Body::Leg(b) => b.reason.as_deref(),
            Body::Visit(b) => b.reason.as_deref(),
            Body::Break(b) => b.reason.as_deref(),
            Body::Away(b) => b.reason.as_deref(),
            Body::Engagement(b) => b.reason.as_deref(),
            Body::Handout(b) => b.reason.as_deref(),
            Body::Concern(b) => b.reason.as_deref(),
            Body::Stock(b) => b.reason.as_deref(),
            Body::PowerUse(b) => b.reason.as_deref(),
            Body::Event(b) => b.reason.as_deref(),
            Body::Referral(b) => b.reason.as_deref(),
            Body::Tasking(b) => b.reason.as_deref(),
            Body::TaskingAck(b) => b.reason.as_deref(),
            Body::Duty(b) => b.reason.as_deref(),
            Body::Review(b) => b.reason.as_deref(),
            Body::Return(b) => b.reason.as_deref(),
            Body::Answer(b) => b.reason.as_deref(),
            Body::Withdrawal(b) => Some(&b.reason),
            _ => None,
        }
    }

    /// Puts the reason of a correction in. Bodies that are never corrected ignore it.
    pub fn set_reason(&mut self, why: String) {
        if let Some(slot) = self.reason_slot() {
            *slot = Some(why);
        }
    }

    /// Takes the reason out, for a revision that goes on and corrects nothing.
    pub fn clear_reason(&mut self) {
        if let Some(slot) = self.reason_slot() {
            *slot = None;
        }
    }

    fn reason_slot(&mut self) -> Option<&mut Option<String>> {
        Some(match self {
            Body::Shift(b) => &mut b.reason,
            Body::Crew(b) => &mut b.reason,
            Body::Leg(b) => &mut b.reason,
            Body::Visit(b) => &mut b.reason,
            Body::Break(b) => &mut b.reason,
            Body::Away(b) => &mut b.reason,
            Body::Engagement(b) => &mut b.reason,
            Body::Handout(b) => &mut b.reason,
            Body::Concern(b) => &mut b.reason,
            Body::Stock(b) => &mut b.reason,
            Body::PowerUse(b) => &mut b.reason,
            Body::Event(b) => &mut b.reason,
            Body::Referral(b) => &mut b.reason,
            Body::Tasking(b) => &mut b.reason,
            Body::TaskingAck(b) => &mut b.reason,
            Body::Duty(b) => &mut b.reason,
            Body::Review(b) => &mut b.reason,
            Body::Return(b) => &mut b.reason,
            Body::Answer(b) => &mut b.reason,
            _ => return None,
        })
    }

    /// The place, where the kind has one.
    pub fn place(&self) -> Option<&crate::place::PlaceStamp> {
        match self {
            Body::Leg(b) => b.place.as_ref(),
            Body::Engagement(b) => b.place.as_ref(),
            Body::Handout(b) => b.place.as_ref(),
            Body::Concern(b) => b.place.as_ref(),
            Body::PowerUse(b) => b.place.as_ref(),
            Body::Event(b) => b.place.as_ref(),
            Body::Referral(b) => b.place.as_ref(),
            _ => None,
        }
    }
}

impl Body {
    /// The paper page it was transcribed from.
    pub fn paper(&self) -> Option<&PaperRef> {
        match self {
            Body::Engagement(b) => b.paper.as_ref(),
            Body::Handout(b) => b.paper.as_ref(),
            Body::Concern(b) => b.paper.as_ref(),
            Body::PowerUse(b) => b.paper.as_ref(),
            Body::Event(b) => b.paper.as_ref(),
            Body::Referral(b) => b.paper.as_ref(),
            _ => None,
        }
    }

    /// Says which paper page it was transcribed from. Kinds that are never transcribed ignore it.
    pub fn set_paper(&mut self, paper: PaperRef) {
        let slot = match self {
            Body::Engagement(b) => &mut b.paper,
            Body::Handout(b) => &mut b.paper,
            Body::Concern(b) => &mut b.paper,
            Body::PowerUse(b) => &mut b.paper,
            Body::Event(b) => &mut b.paper,
            Body::Referral(b) => &mut b.paper,
            _ => return,
        };
        *slot = Some(paper);
    }
}
