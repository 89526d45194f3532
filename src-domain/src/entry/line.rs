//! The line of an entry in a list: a heading, then place and count. Nothing that was typed as an account.

use beatbook_words::text;

use super::body::Body;
use super::kind::Kind;
use super::movement::CrewStanding;
use super::stock::StockDirection;
use crate::time::day;
use crate::words;

impl Kind {
    /// The heading of a row.
    pub fn title(self) -> &'static str {
        use Kind::*;
        match self {
            ShiftOpened | ShiftEnded => words::KIND_SHIFT,
            CrewJoined | CrewLeft => words::KIND_CREW,
            LegStarted | LegEnded => words::KIND_PATROL_LEG,
            VisitStarted | VisitEnded => words::KIND_VISIT,
            BreakStarted | BreakEnded => words::KIND_BREAK,
            CalledAway | BackOnPatrol => words::KIND_CALLED_AWAY,
            ShiftSubmitted => words::KIND_SHIFT_SIGNED,
            Engagement => words::KIND_ENGAGEMENT,
            Event => words::KIND_EVENT,
            Handout => words::KIND_CARDS,
            StockMoved => words::KIND_STOCK,
            Concern => words::KIND_CONCERN_NOTE,
            PowerUse => words::KIND_POWER_USED,
            Referral => words::KIND_REFERRAL,
            Tasking => words::KIND_TASKING,
            TaskingAck => words::KIND_TASKING_ACKNOWLEDGED,
            DutyOpened | DutyAccepted | DutyDischarged => words::KIND_DUTY,
            Review => words::KIND_REVIEW,
            Return => words::KIND_RETURNED,
            Answer => words::KIND_ANSWER,
            Addendum => words::KIND_ADDENDUM,
            Hold => words::KIND_LEGAL_HOLD,
            Erasure => words::KIND_ERASURE,
            ChainOpened => words::KIND_NOTEBOOK_OPENED,
            KeyChanged => words::KIND_KEY_CHANGED,
            DraftDiscarded => words::KIND_DRAFT_DISCARDED,
            Viewed => words::KIND_VIEWED,
            Exported => words::KIND_EXPORTED,
            Unlocked => words::KIND_UNLOCKED,
            UnlockFailed => words::KIND_UNLOCK_FAILED,
            Locked => words::KIND_LOCKED,
            Unknown => words::KIND_ENTRY_OF_A_NEWER_VERSION,
        }
    }
}

impl Body {
    /// The detail of a row: place and count, `Prince of Wales Road · 3 people`.
    pub fn detail(&self) -> String {
        let place = self.place().and_then(|place| place.label()).map(str::to_owned);
        let count = match self {
            Body::Engagement(it) => Some(text!(n_people, count = it.people)),
            Body::Handout(it) => Some(text!(cards_given, count = it.total())),
            Body::Stock(it) => {
                let total: u32 = it.items.iter().map(|item| item.quantity).sum();
                Some(match it.direction {
                    StockDirection::Drawn => text!(cards_drawn, count = total),
                    StockDirection::Returned => text!(cards_given_back, count = total),
                    StockDirection::Spoiled => text!(cards_spoiled, count = total),
                })
            }
            Body::PowerUse(it) => Some(it.power.label.clone()),
            Body::Event(it) => Some(it.event_type.label.clone()),
            Body::Referral(it) => {
                Some(text!(referral_detail, issue = &it.issue.label, state = it.state.label.to_lowercase()))
            }
            Body::Tasking(it) => {
                Some(text!(tasking_detail, areas = it.areas.len(), visits = it.visits(), day = day(it.from)))
            }
            Body::TaskingAck(it) => it.deviation.as_ref().map(|deviation| deviation.reason.label.clone()),
            Body::Duty(it) => Some(it.what.label.clone()),
            Body::Concern(it) => match it.behaviours.len() {
                0 => None,
                n => Some(text!(n_behaviours, count = n)),
            },
            Body::Shift(it) => Some(it.call_sign.clone()),
            Body::Crew(it) => Some(
                match it.standing {
                    CrewStanding::Claimed => words::CREW_CLAIMED,
                    CrewStanding::Confirmed => words::CREW_CONFIRMED,
                    CrewStanding::Disputed => words::CREW_DISPUTED,
                }
                .to_owned(),
            ),
            _ => None,
        };
        place.into_iter().chain(count).collect::<Vec<_>>().join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use crate::entry::Kind;
    use crate::entry::testing::revision;

    #[test]
    fn one_person_is_not_people() {
        let line = revision(1, Kind::Engagement, 0).body.map(|body| body.detail());
        assert_eq!(line.as_deref(), Some("1 person"));
    }
}
