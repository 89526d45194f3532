//! The line of an entry in a list: a heading, then place and count. Nothing that was typed as an account.

use super::body::Body;
use super::kind::Kind;
use super::movement::CrewStanding;
use super::stock::StockDirection;

impl Kind {
    /// The heading of a row.
    pub fn title(self) -> &'static str {
        use Kind::*;
        match self {
            ShiftOpened | ShiftEnded => "Shift",
            CrewJoined | CrewLeft => "Crew",
            LegStarted | LegEnded => "Patrol leg",
            VisitStarted | VisitEnded => "Visit",
            BreakStarted | BreakEnded => "Break",
            CalledAway | BackOnPatrol => "Called away",
            ShiftSubmitted => "Shift signed",
            Engagement => "Engagement",
            Event => "Event",
            Handout => "Cards",
            StockMoved => "Stock",
            Concern => "Concern note",
            PowerUse => "Power used",
            Referral => "Referral",
            Tasking => "Tasking",
            TaskingAck => "Tasking acknowledged",
            DutyOpened | DutyAccepted | DutyDischarged => "Duty",
            Review => "Review",
            Return => "Returned",
            Answer => "Answer",
            Addendum => "Addendum",
            Hold => "Legal hold",
            Erasure => "Erasure",
            ChainOpened => "Notebook opened",
            KeyChanged => "Key changed",
            DraftDiscarded => "Draft discarded",
            Viewed => "Viewed",
            Exported => "Exported",
            Unlocked => "Unlocked",
            UnlockFailed => "Unlock failed",
            Locked => "Locked",
            Unknown => "Entry of a newer version",
        }
    }
}

impl Body {
    /// The detail of a row: place and count, `Prince of Wales Road · 3 people`.
    pub fn detail(&self) -> String {
        let place = self.place().and_then(|place| place.label()).map(str::to_owned);
        let count = match self {
            Body::Engagement(it) if it.people == 1 => Some("1 person".to_owned()),
            Body::Engagement(it) => Some(format!("{} people", it.people)),
            Body::Handout(it) => Some(format!("{} given", it.total())),
            Body::Stock(it) => {
                let total: u32 = it.items.iter().map(|item| item.quantity).sum();
                Some(match it.direction {
                    StockDirection::Drawn => format!("{total} drawn"),
                    StockDirection::Returned => format!("{total} given back"),
                    StockDirection::Spoiled => format!("{total} spoiled"),
                })
            }
            Body::PowerUse(it) => Some(it.power.label.clone()),
            Body::Event(it) => Some(it.event_type.label.clone()),
            Body::Referral(it) => Some(format!("{}, {}", it.issue.label, it.state.label.to_lowercase())),
            Body::Duty(it) => Some(it.what.label.clone()),
            Body::Concern(it) => match it.behaviours.len() {
                0 => None,
                1 => Some("1 behaviour".to_owned()),
                n => Some(format!("{n} behaviours")),
            },
            Body::Shift(it) => Some(it.call_sign.clone()),
            Body::Crew(it) => Some(
                match it.standing {
                    CrewStanding::Claimed => "Named, not confirmed",
                    CrewStanding::Confirmed => "Confirmed",
                    CrewStanding::Disputed => "Disputed",
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
