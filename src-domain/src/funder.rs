//! What a funder is told: measures by name, and the template of a return. No scheme is written in here: a template names
//! its own title, labels, measures, period and grouping. What Beatbook does not hold is said to be not recorded, never
//! nought.

use serde::{Deserialize, Serialize};

use crate::id::Code;
use crate::period::{Figures, GroupBy};

/// A measure Beatbook holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Held {
    /// Shifts on which a patrol was recorded.
    Patrols,
    /// Units' time on patrol, minutes.
    PatrolMinutes,
    /// Confirmed officers' time on patrol, minutes.
    PersonMinutes,
    /// Visits to areas.
    Visits,
    /// Visits of ten to sixteen minutes.
    VisitsInBand,
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
    /// Referrals about the environment.
    Referrals,
    /// Arrests recorded as a power used.
    Arrests,
    /// Stops and searches recorded as a power used.
    Searches,
    /// Powers against anti-social behaviour.
    AsbPowers,
    /// Powers of all kinds. For the force alone: the three above are parts of it.
    Powers,
    /// Calls away from patrol. For the force alone.
    CallsAway,
}

/// Powers of arrest, of search, and against anti-social behaviour (list `power`).
const ARREST: [&str; 1] = ["PW_S24_PACE_ARREST"];
const SEARCH: [&str; 3] = ["PW_S1_PACE", "PW_S23_MDA", "PW_S60_CJPOA"];
const ASB: [&str; 8] = [
    "PW_S34_35_DISPERSAL",
    "PW_S37_SURRENDER",
    "PW_S50_PRA",
    "PW_S59_PRA",
    "PW_S63_PSPO_ALCOHOL",
    "PW_S43_CPW",
    "PW_S53_CPN",
    "PW_PND",
];

impl Held {
    /// All, in the order of the documentation.
    pub const ALL: [Held; 16] = [
        Held::Patrols,
        Held::PatrolMinutes,
        Held::PersonMinutes,
        Held::Visits,
        Held::VisitsInBand,
        Held::Engagements,
        Held::People,
        Held::Cards,
        Held::Concerns,
        Held::StreetSafe,
        Held::Referrals,
        Held::Arrests,
        Held::Searches,
        Held::AsbPowers,
        Held::Powers,
        Held::CallsAway,
    ];

    /// What may be given out: none is a part of another.
    pub const OUTSIDE: [Held; 13] = [
        Held::Patrols,
        Held::PatrolMinutes,
        Held::PersonMinutes,
        Held::Visits,
        Held::Engagements,
        Held::People,
        Held::Cards,
        Held::Concerns,
        Held::StreetSafe,
        Held::Referrals,
        Held::Arrests,
        Held::Searches,
        Held::AsbPowers,
    ];

    /// Its name in templates and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Held::Patrols => "patrols",
            Held::PatrolMinutes => "patrol_hours",
            Held::PersonMinutes => "person_hours",
            Held::Visits => "visits",
            Held::VisitsInBand => "visits_in_band",
            Held::Engagements => "engagements",
            Held::People => "people",
            Held::Cards => "cards",
            Held::Concerns => "concerns",
            Held::StreetSafe => "streetsafe",
            Held::Referrals => "referrals",
            Held::Arrests => "arrests",
            Held::Searches => "searches",
            Held::AsbPowers => "asb_powers",
            Held::Powers => "powers",
            Held::CallsAway => "calls_away",
        }
    }

    /// A measure by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Held::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Time, in minutes: no count of people.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Held::PatrolMinutes | Held::PersonMinutes)
    }

    /// Whether places are parts of the whole: a shift may be in several, a call away is in none.
    #[must_use]
    pub fn splits_by_place(self) -> bool {
        !matches!(self, Held::Patrols | Held::CallsAway)
    }

    /// The amount: a count, or minutes rounded once.
    #[must_use]
    pub fn amount(self, figures: &Figures) -> u64 {
        let minutes = |ms: i64| u64::try_from(ms.saturating_add(30_000) / 60_000).unwrap_or(0);
        let powers = |codes: &[&str]| -> u64 {
            let of = figures.powers_by_type.iter().filter(|power| codes.contains(&power.code.as_str()));
            of.map(|power| u64::from(power.count)).sum()
        };
        match self {
            Held::Patrols => figures.shifts.into(),
            Held::PatrolMinutes => minutes(figures.patrol_ms),
            Held::PersonMinutes => minutes(figures.person_ms),
            Held::Visits => figures.visits.count.into(),
            Held::VisitsInBand => figures.visits.in_band.into(),
            Held::Engagements => figures.engagements.into(),
            Held::People => figures.people.into(),
            Held::Cards => figures.cards.into(),
            Held::Concerns => figures.concerns.into(),
            Held::StreetSafe => figures.streetsafe_total().into(),
            Held::Referrals => figures.referrals.into(),
            Held::Arrests => powers(&ARREST),
            Held::Searches => powers(&SEARCH),
            Held::AsbPowers => powers(&ASB),
            Held::Powers => figures.powers.into(),
            Held::CallsAway => figures.away_count.into(),
        }
    }
}

/// What funders ask for and other systems hold: printed as not recorded, never as nought.
pub const NOT_HELD: [&str; 8] = [
    "asb_incidents",
    "crimes",
    "charges",
    "weapons_seized",
    "public_confidence",
    "survey_responses",
    "cost",
    "victims_supported",
];

/// Who reads a return.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// Anybody outside the force: published months, few people hidden.
    #[default]
    Outside,
    /// The force itself.
    Force,
}

/// A measure of a template.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// As the funder calls it.
    pub label: String,
}

/// The template of a return.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Title of the return.
    pub title: String,
    /// Whom it goes to.
    #[serde(default)]
    pub funder: String,
    /// Who reads it; outside where it does not say.
    #[serde(default)]
    pub reader: Reader,
    /// `month`, `area`, `district`, `team` or `initiative`.
    pub group_by: String,
    /// Only these areas, by code.
    #[serde(default)]
    pub areas: Vec<Code>,
    /// Only these initiatives, by code.
    #[serde(default)]
    pub initiatives: Vec<Code>,
    /// A paragraph for the reader.
    #[serde(default)]
    pub note: String,
    /// The measures, in order.
    #[serde(rename = "measure")]
    pub measures: Vec<Asked>,
}

/// What is wrong with a template: the field, and the cure.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{field}: {cure}")]
pub struct TemplateProblem {
    /// The field, as it stands in the file.
    pub field: String,
    /// What to do.
    pub cure: String,
}

impl Template {
    /// What rows are.
    #[must_use]
    pub fn by(&self) -> Option<GroupBy> {
        let may = [GroupBy::Month, GroupBy::Area, GroupBy::District, GroupBy::Team, GroupBy::Initiative];
        may.into_iter().find(|by| by.name() == self.group_by)
    }

    /// Everything that is wrong with it; nothing where it can be filled in.
    #[must_use]
    pub fn problems(&self) -> Vec<TemplateProblem> {
        let mut problems = Vec::new();
        let mut raise = |field: String, cure: String| problems.push(TemplateProblem { field, cure });
        if self.title.trim().is_empty() {
            raise("title".into(), "give the return a title".into());
        }
        let by = self.by();
        if by.is_none() {
            let cure =
                format!("`{}` is not known: give month, area, district, team or initiative", self.group_by);
            raise("group_by".into(), cure);
        }
        if self.measures.is_empty() {
            raise("measure".into(), "add at least one [[measure]] with name and label".into());
        }
        let outside = self.reader == Reader::Outside;
        for (place, asked) in self.measures.iter().enumerate() {
            let field = |part: &str| format!("measure {}, {part}", place + 1);
            if asked.label.trim().is_empty() {
                raise(field("label"), "say what the funder calls it".into());
            }
            let held = Held::named(&asked.name);
            if held.is_none() && !NOT_HELD.contains(&asked.name.as_str()) {
                let known: Vec<&str> = Held::ALL.iter().map(|held| held.name()).chain(NOT_HELD).collect();
                let cure = format!("`{}` is not known: choose one of {}", asked.name, known.join(", "));
                raise(field("name"), cure);
            }
            let Some(held) = held else { continue };
            if outside && !Held::OUTSIDE.contains(&held) {
                let cure = format!(
                    "`{}` is not given out beside its parts: leave it out, or set reader = \"force\"",
                    asked.name
                );
                raise(field("name"), cure);
            }
            let by_place = by.is_some_and(GroupBy::is_place) || !self.areas.is_empty();
            if by_place && !held.splits_by_place() {
                let cure = format!(
                    "`{}` cannot be told by place (a shift may be in several): leave it out, or group by month and \
                     leave areas empty",
                    asked.name
                );
                raise(field("name"), cure);
            }
        }
        if outside {
            let one =
                "for outside a return is split by one thing alone, or two of them would show what each hides";
            if !self.areas.is_empty() && by != Some(GroupBy::Area) {
                raise("areas".into(), format!("{one}: set group_by = \"area\", or leave areas out"));
            }
            if !self.initiatives.is_empty() && by != Some(GroupBy::Initiative) {
                let cure = format!("{one}: set group_by = \"initiative\", or leave initiatives out");
                raise("initiatives".into(), cure);
            }
        }
        problems
    }
}
