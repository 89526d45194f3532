//! The measures a table of figures has: their names, and how each is written.

use beatbook_words::text;
use serde::{Deserialize, Serialize};

use super::{Figures, GroupBy};
use crate::time::duration;
use crate::words;

/// A part of a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// The part.
    pub part: u32,
    /// The whole.
    pub whole: u32,
}

impl Share {
    /// Whole percent, rounded; none of nothing.
    #[must_use]
    pub fn percent(self) -> Option<u32> {
        let (part, whole) = (u64::from(self.part), u64::from(self.whole));
        let percent = (part * 200 + whole).checked_div(whole * 2)?;
        u32::try_from(percent).ok()
    }
}

/// A measure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Shifts.
    Shifts,
    /// Units' time on patrol.
    PatrolHours,
    /// Officers' time on patrol.
    PersonHours,
    /// Visits to areas.
    Visits,
    /// The middle length of a visit.
    VisitMedian,
    /// Share of visits inside their area's band.
    VisitsInBand,
    /// Visits a tasking asked for.
    Planned,
    /// Of these, missed without an excuse.
    Missed,
    /// Engagements.
    Engagements,
    /// People spoken to.
    People,
    /// Cards and other materials given.
    Cards,
    /// Concern notes.
    Concerns,
    /// StreetSafe concerns heard.
    StreetSafe,
    /// Powers used.
    Powers,
    /// Referrals raised.
    Referrals,
    /// Time away from patrol.
    Away,
    /// Entries.
    Entries,
    /// Share of entries written late.
    Late,
    /// Share of entries corrected.
    Edited,
    /// Share of entries repeated from one before.
    Repeated,
    /// Share of entries written later by their author's word.
    Retrospective,
}

impl Measure {
    /// All, in the order of a table.
    pub const ALL: [Measure; 21] = [
        Measure::Shifts,
        Measure::PatrolHours,
        Measure::PersonHours,
        Measure::Visits,
        Measure::VisitMedian,
        Measure::VisitsInBand,
        Measure::Planned,
        Measure::Missed,
        Measure::Engagements,
        Measure::People,
        Measure::Cards,
        Measure::Concerns,
        Measure::StreetSafe,
        Measure::Powers,
        Measure::Referrals,
        Measure::Away,
        Measure::Entries,
        Measure::Late,
        Measure::Edited,
        Measure::Repeated,
        Measure::Retrospective,
    ];

    /// Its name in files and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Measure::Shifts => "shifts",
            Measure::PatrolHours => "patrol_hours",
            Measure::PersonHours => "person_hours",
            Measure::Visits => "visits",
            Measure::VisitMedian => "visit_median",
            Measure::VisitsInBand => "visits_in_band",
            Measure::Planned => "visits_planned",
            Measure::Missed => "visits_missed",
            Measure::Engagements => "engagements",
            Measure::People => "people",
            Measure::Cards => "cards",
            Measure::Concerns => "concerns",
            Measure::StreetSafe => "streetsafe",
            Measure::Powers => "powers",
            Measure::Referrals => "referrals",
            Measure::Away => "away",
            Measure::Entries => "entries",
            Measure::Late => "late",
            Measure::Edited => "edited",
            Measure::Repeated => "repeated",
            Measure::Retrospective => "retrospective",
        }
    }

    /// As shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Measure::Shifts => words::MEASURE_SHIFTS,
            Measure::PatrolHours => words::MEASURE_PATROL,
            Measure::PersonHours => words::MEASURE_PERSON,
            Measure::Visits => words::MEASURE_VISITS,
            Measure::VisitMedian => words::MEASURE_VISIT_MEDIAN,
            Measure::VisitsInBand => words::MEASURE_VISITS_IN_BAND,
            Measure::Planned => words::MEASURE_PLANNED,
            Measure::Missed => words::MEASURE_MISSED,
            Measure::Engagements => words::MEASURE_ENGAGEMENTS,
            Measure::People => words::MEASURE_PEOPLE,
            Measure::Cards => words::MEASURE_CARDS,
            Measure::Concerns => words::MEASURE_CONCERNS,
            Measure::StreetSafe => words::MEASURE_STREETSAFE,
            Measure::Powers => words::MEASURE_POWERS,
            Measure::Referrals => words::MEASURE_REFERRALS,
            Measure::Away => words::MEASURE_AWAY,
            Measure::Entries => words::MEASURE_ENTRIES,
            Measure::Late => words::MEASURE_LATE,
            Measure::Edited => words::MEASURE_EDITED,
            Measure::Repeated => words::MEASURE_REPEATED,
            Measure::Retrospective => words::MEASURE_RETROSPECTIVE,
        }
    }

    /// Whether it can be told by place.
    #[must_use]
    pub fn has_place(self) -> bool {
        use Measure::{Away, Edited, Entries, Late, Repeated, Retrospective};
        !matches!(self, Away | Entries | Late | Edited | Repeated | Retrospective)
    }

    /// The measures of a table by this grouping.
    pub fn of(by: GroupBy) -> impl Iterator<Item = Measure> {
        Measure::ALL.into_iter().filter(move |measure| !by.is_place() || measure.has_place())
    }

    /// Whether it may be drawn as a bar: an amount that starts at nothing.
    #[must_use]
    pub fn is_amount(self) -> bool {
        !matches!(self, Measure::VisitMedian) && self.share(&Figures::default()).is_none()
    }

    /// The part and the whole, for a measure that is a share.
    #[must_use]
    pub fn share(self, figures: &Figures) -> Option<Share> {
        let (part, whole) = match self {
            Measure::VisitsInBand => (figures.visits.in_band, figures.visits.measured),
            Measure::Late => (figures.late, figures.entries),
            Measure::Edited => (figures.edited, figures.entries),
            Measure::Repeated => (figures.repeated, figures.entries),
            Measure::Retrospective => (figures.retrospective, figures.entries),
            _ => return None,
        };
        Some(Share { part, whole })
    }

    /// Its number: milliseconds for time, percent for a share, a count for the rest; none where there is none.
    #[must_use]
    pub fn number(self, figures: &Figures) -> Option<i64> {
        if let Some(share) = self.share(figures) {
            return share.percent().map(i64::from);
        }
        Some(match self {
            Measure::Shifts => figures.shifts.into(),
            Measure::PatrolHours => figures.patrol_ms,
            Measure::PersonHours => figures.person_ms,
            Measure::Visits => figures.visits.count.into(),
            Measure::VisitMedian => figures.visits.median_ms?,
            Measure::Planned => figures.planned.planned.into(),
            Measure::Missed => figures.planned.missed.into(),
            Measure::Engagements => figures.engagements.into(),
            Measure::People => figures.people.into(),
            Measure::Cards => figures.cards.into(),
            Measure::Concerns => figures.concerns.into(),
            Measure::StreetSafe => figures.streetsafe_total().into(),
            Measure::Powers => figures.powers.into(),
            Measure::Referrals => figures.referrals.into(),
            Measure::Away => figures.away_ms,
            _ => figures.entries.into(),
        })
    }

    /// As written in a table: `7 h 25 min`, `12`, `40 %`; a dash where there is none.
    #[must_use]
    pub fn show(self, figures: &Figures) -> String {
        self.number(figures).map_or_else(|| words::NO_FIGURE.to_owned(), |number| self.write(number))
    }

    /// A number of this measure as written.
    #[must_use]
    pub fn write(self, number: i64) -> String {
        match self {
            Measure::PatrolHours | Measure::PersonHours | Measure::Away | Measure::VisitMedian => {
                duration(number)
            }
            _ if !self.is_amount() => text!(percent, number = number.to_string()),
            _ => number.to_string(),
        }
    }
}

impl std::str::FromStr for Measure {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Measure::ALL.into_iter().find(|measure| measure.name() == text).ok_or(())
    }
}
