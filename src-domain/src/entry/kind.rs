//! The kinds of entry, and what each kind carries by itself: its pair, regime, retention class and marking.

use serde::{Deserialize, Serialize};

use super::head::{Marking, Regime};
use crate::place::Precision;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What an entry records. Names are sealed; a name this version does not know reads as [`Kind::Unknown`].
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
            /// A kind of a newer version: kept and passed on, carries no authority.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Kind {
            /// Every kind this version knows.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),+];
            /// The sealed name.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)+ Kind::Unknown => "unknown" }
            }
            /// The kind of a sealed name.
            pub fn from_name(name: &str) -> Kind {
                match name { $($name => Kind::$variant,)+ _ => Kind::Unknown }
            }
        }
    };
}

crate::described!(Kind => crate::openapi::names(Kind::ALL.iter().map(|kind| kind.name())));

kinds! {
    /// A shift begins.
    ShiftOpened = "shift_opened",
    /// Crew membership claimed, confirmed or disputed.
    CrewJoined = "crew_joined",
    /// Crew membership ends.
    CrewLeft = "crew_left",
    /// A patrol leg begins.
    LegStarted = "leg_started",
    /// A patrol leg ends.
    LegEnded = "leg_ended",
    /// A visit to an area begins.
    VisitStarted = "visit_started",
    /// A visit to an area ends.
    VisitEnded = "visit_ended",
    /// A break begins.
    BreakStarted = "break_started",
    /// A break ends.
    BreakEnded = "break_ended",
    /// Called away from the patrol.
    CalledAway = "called_away",
    /// Back on patrol.
    BackOnPatrol = "back_on_patrol",
    /// The shift's end as stated.
    ShiftEnded = "shift_ended",
    /// What the officer signed at the end: the links listed, receipts known, drafts open.
    ShiftSubmitted = "shift_submitted",
    /// A conversation with the public, a venue or a partner.
    Engagement = "engagement",
    /// An event attended.
    Event = "event",
    /// Materials given out.
    Handout = "handout",
    /// Stock drawn, returned or spoiled.
    StockMoved = "stock_moved",
    /// A concerning-behaviour note.
    Concern = "concern",
    /// A power used.
    PowerUse = "power_use",
    /// A referral about the environment.
    Referral = "referral",
    /// What a sergeant asks of units: areas, windows, visits.
    Tasking = "tasking",
    /// A tasking read and acknowledged.
    TaskingAck = "tasking_ack",
    /// A duty opened.
    DutyOpened = "duty_opened",
    /// A duty accepted.
    DutyAccepted = "duty_accepted",
    /// A duty discharged by a reference.
    DutyDischarged = "duty_discharged",
    /// A sergeant's decision on a revision.
    Review = "review",
    /// A question about one or more answers of a revision.
    Return = "return",
    /// The officer's answer to a return.
    Answer = "answer",
    /// Words added to somebody's entry, kept apart from it.
    Addendum = "addendum",
    /// A legal hold, or its release.
    Hold = "hold",
    /// The erasure of a body, with its authority.
    Erasure = "erasure",
    /// The first revision of every chain.
    ChainOpened = "chain_opened",
    /// A change of profile key, signed by the old one.
    KeyChanged = "key_changed",
    /// A draft discarded before signing: its mark, without content.
    DraftDiscarded = "draft_discarded",
    /// Log: an entry or summary was opened.
    Viewed = "viewed",
    /// Log: something was exported.
    Exported = "exported",
    /// Log: the profile was unlocked.
    Unlocked = "unlocked",
    /// Log: an attempt to unlock failed.
    UnlockFailed = "unlock_failed",
    /// Log: the profile was locked.
    Locked = "locked",
}

impl Kind {
    /// The kind that ends what this one starts: they share an `entry_id`, and a chain of revisions may change kind only so.
    pub fn end(self) -> Option<Kind> {
        Some(match self {
            Kind::ShiftOpened => Kind::ShiftEnded,
            Kind::CrewJoined => Kind::CrewLeft,
            Kind::LegStarted => Kind::LegEnded,
            Kind::VisitStarted => Kind::VisitEnded,
            Kind::BreakStarted => Kind::BreakEnded,
            Kind::CalledAway => Kind::BackOnPatrol,
            Kind::DutyOpened => Kind::DutyAccepted,
            Kind::DutyAccepted => Kind::DutyDischarged,
            _ => return None,
        })
    }

    /// Whether a revision of kind `next` may follow one of this kind in the same entry.
    pub fn may_become(self, next: Kind) -> bool {
        self == next || self.end() == Some(next) || (self == Kind::DutyOpened && next == Kind::DutyDischarged)
    }

    /// Movement of a shift: shown to the officer as one thing, the patrol record.
    pub fn is_movement(self) -> bool {
        use Kind::*;
        matches!(
            self,
            ShiftOpened
                | CrewJoined
                | CrewLeft
                | LegStarted
                | LegEnded
                | VisitStarted
                | VisitEnded
                | BreakStarted
                | BreakEnded
                | CalledAway
                | BackOnPatrol
                | ShiftEnded
                | ShiftSubmitted
        )
    }

    /// A shift's own entry.
    pub fn is_shift(self) -> bool {
        matches!(self, Kind::ShiftOpened | Kind::ShiftEnded)
    }

    /// What is said about an entry by its reviewer, and the author's answer: shown with that entry, never beside it.
    pub fn is_of_review(self) -> bool {
        matches!(self, Kind::Review | Kind::Return | Kind::Answer)
    }

    /// What is asked for a night and who has read it: shown as the briefing, never among a shift's records.
    pub fn is_of_tasking(self) -> bool {
        matches!(self, Kind::Tasking | Kind::TaskingAck)
    }

    /// Something that must still be done, and every word about who does it.
    pub fn is_duty(self) -> bool {
        matches!(self, Kind::DutyOpened | Kind::DutyAccepted | Kind::DutyDischarged)
    }

    /// Chain, key and log records: housekeeping that is never counted or listed among an officer's entries.
    pub fn is_housekeeping(self) -> bool {
        use Kind::*;
        matches!(
            self,
            ChainOpened | KeyChanged | DraftDiscarded | Viewed | Exported | Unlocked | UnlockFailed | Locked
        )
    }

    /// Kinds that stand in the log chain.
    pub fn is_log(self) -> bool {
        use Kind::*;
        matches!(self, Viewed | Exported | Unlocked | UnlockFailed | Locked)
    }

    /// The data protection regime (DPA 2018): law enforcement Part 3, staff records Part 2, none without personal data.
    pub fn regime(self) -> Regime {
        use Kind::*;
        match self {
            Concern | PowerUse => Regime::Part3,
            Engagement | Handout | StockMoved | Event | Referral => Regime::None,
            Return | Answer | Review | Addendum | Hold | Erasure => Regime::Part3,
            _ => Regime::Part2,
        }
    }

    /// How much of a place the kind keeps: the exact fix only where somebody may have to go back to the very spot.
    pub fn precision(self) -> Precision {
        match self {
            Kind::Concern | Kind::Referral => Precision::Exact,
            _ => Precision::Square,
        }
    }

    /// Marking by default: anything that may hold a named person is OFFICIAL-SENSITIVE.
    pub fn marking(self) -> Marking {
        match self {
            Kind::Concern | Kind::PowerUse => Marking::OfficialSensitive,
            _ => Marking::Official,
        }
    }

    /// Retention class: the key into the force's retention table.
    pub fn retention_class(self) -> &'static str {
        use Kind::*;
        match self {
            Concern | PowerUse | Addendum | Answer | Return | Review => "RC_CONCERN",
            Engagement | Event | Handout | StockMoved | Referral => "RC_ENGAGEMENT",
            Hold | Erasure | ChainOpened | KeyChanged | DraftDiscarded => "RC_PROOF",
            Viewed | Exported | Unlocked | UnlockFailed | Locked => "RC_LOG",
            _ => "RC_DUTY",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_unknown_ones_are_kept_apart() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), *kind);
            assert_eq!(serde_json::from_str::<Kind>(&format!("\"{}\"", kind.name())).unwrap(), *kind);
        }
        assert_eq!(serde_json::from_str::<Kind>("\"telepathy\"").unwrap(), Kind::Unknown);
    }

    #[test]
    fn a_kind_changes_only_within_its_pair() {
        assert!(Kind::LegStarted.may_become(Kind::LegEnded));
        assert!(!Kind::LegStarted.may_become(Kind::ShiftEnded));
        assert!(!Kind::LegEnded.may_become(Kind::LegStarted));
        assert!(Kind::Concern.may_become(Kind::Concern));
    }
}
