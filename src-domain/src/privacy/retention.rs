//! Retention: how long each class is kept, when it is looked at again, and how long a device keeps its copy.
//!
//! Every number is the force's to set. The built-in table holds suggestions with their ground, so that a first start is
//! neither "for ever" nor "lost". A legal hold outweighs all of it ([`crate::erase`]).

use std::sync::OnceLock;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::entry::Regime;
use crate::id::Code;

/// The most months a force may set: a hundred years.
pub const MOST_MONTHS: u32 = 1_200;
/// The most days a device may keep a copy: a year.
pub const MOST_DEVICE_DAYS: u32 = 366;

/// How long a class is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// For so many months after the entry was settled.
    Months(u32),
    /// For so many days after the entry was settled.
    Days(u32),
    /// As long as the record it was handed over to; here only a stub stays.
    WithReference,
    /// Until the person would be a hundred years old; looked at again every so often.
    UntilAge100,
    /// For as long as the chain exists: it proves that nothing else was lost, and holds no personal data.
    WithChain,
}

/// When an entry's body falls due for erasure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Due {
    /// On this day.
    On(NaiveDate),
    /// When somebody decides, with the record it follows or at a review.
    Decided,
    /// Never.
    Never,
}

/// One class of the table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionClass {
    /// Its code, as sealed in the head.
    pub code: Code,
    /// What it covers.
    pub title: String,
    /// The data protection regime it falls under.
    pub regime: Regime,
    /// How long it is kept.
    pub keep: Keep,
    /// Looked at again every so many months, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_months: Option<u32>,
    /// Days a device keeps its copy after the receipt is safe and the review settled.
    pub device_days: u32,
    /// The ground for the numbers.
    pub basis: String,
}

/// The table in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionTable {
    /// Its version; rises with each change.
    pub version: u32,
    /// The classes.
    pub classes: Vec<RetentionClass>,
}

/// What a force sets for one class in place of what ships: reference data, published with the edition of lists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassRule {
    /// The class.
    pub code: Code,
    /// Months its words are kept after the entry was settled; as it ships where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Days a device keeps its copy; as it ships where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_days: Option<u32>,
    /// Where the numbers come from: the force's schedule and its line.
    pub source: String,
}

/// Why a rule cannot be set.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RuleProblem {
    /// There is no such class.
    #[error("{0}: there is no such class")]
    Unknown(Code),
    /// The same class twice.
    #[error("{0} stands twice: say it once")]
    Twice(Code),
    /// Nothing is set.
    #[error("{0} sets nothing: give months, device_days or both")]
    Nothing(Code),
    /// Nobody can tell where a number comes from.
    #[error("{0} has no source: say which schedule the number comes from")]
    NoSource(Code),
    /// Proof stays as long as the chain.
    #[error("{0} proves what was kept and erased: it has no months")]
    Proof(Code),
    /// A number out of its range.
    #[error("{0}: 1 to {MOST_MONTHS} months, at most {MOST_DEVICE_DAYS} days on a device")]
    Range(Code),
}

impl RetentionClass {
    /// When the body of an entry settled on `settled` falls due. A date past the calendar counts as never.
    #[must_use]
    pub fn due(&self, settled: NaiveDate) -> Due {
        match self.keep {
            Keep::Months(months) => {
                settled.checked_add_months(Months::new(months)).map_or(Due::Never, Due::On)
            }
            Keep::Days(days) => {
                settled.checked_add_days(Days::new(u64::from(days))).map_or(Due::Never, Due::On)
            }
            Keep::WithReference | Keep::UntilAge100 => Due::Decided,
            Keep::WithChain => Due::Never,
        }
    }

    /// When it is to be looked at again, where it is.
    #[must_use]
    pub fn review(&self, last: NaiveDate) -> Option<NaiveDate> {
        last.checked_add_months(Months::new(self.review_months?))
    }
}

impl RetentionTable {
    /// The class of this code. An unknown class is never erased by the clock: ask whoever owns the table.
    #[must_use]
    pub fn class(&self, code: &Code) -> Option<&RetentionClass> {
        self.classes.iter().find(|class| class.code == *code)
    }

    /// This table with what a force sets; a rule about a class that is not here changes nothing.
    #[must_use]
    pub fn with(&self, rules: &[ClassRule]) -> Self {
        let mut table = self.clone();
        for class in &mut table.classes {
            let Some(rule) = rules.iter().find(|rule| rule.code == class.code) else { continue };
            if let (Some(months), false) = (rule.months, class.keep == Keep::WithChain) {
                class.keep = Keep::Months(months);
            }
            class.device_days = rule.device_days.unwrap_or(class.device_days);
            class.basis.clone_from(&rule.source);
        }
        table
    }

    /// What is wrong with rules about this table; nothing where they can be set.
    #[must_use]
    pub fn problems(&self, rules: &[ClassRule]) -> Vec<RuleProblem> {
        let mut found = Vec::new();
        for (place, rule) in rules.iter().enumerate() {
            let code = rule.code.clone();
            let class = self.class(&code);
            let out_of_range = rule.months.is_some_and(|months| !(1..=MOST_MONTHS).contains(&months))
                || rule.device_days.is_some_and(|days| days > MOST_DEVICE_DAYS);
            found.extend(match class {
                None => Some(RuleProblem::Unknown(code)),
                Some(_) if rules.iter().take(place).any(|one| one.code == code) => {
                    Some(RuleProblem::Twice(code))
                }
                Some(_) if rule.months.is_none() && rule.device_days.is_none() => {
                    Some(RuleProblem::Nothing(code))
                }
                Some(_) if rule.source.trim().is_empty() => Some(RuleProblem::NoSource(code)),
                Some(class) if class.keep == Keep::WithChain && rule.months.is_some() => {
                    Some(RuleProblem::Proof(code))
                }
                Some(_) if out_of_range => Some(RuleProblem::Range(code)),
                Some(_) => None,
            });
        }
        found
    }
}

/// The table that ships with the program.
#[must_use]
pub fn built_in() -> &'static RetentionTable {
    static TABLE: OnceLock<RetentionTable> = OnceLock::new();
    TABLE.get_or_init(|| {
        // Compiled in and read by a test: a file that does not parse cannot ship.
        #[allow(clippy::expect_used)]
        serde_json::from_str(include_str!("../../data/retention.json"))
            .expect("built-in retention table parses")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::entry::Kind;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn every_kind_has_its_class_under_its_regime() {
        for kind in Kind::ALL {
            let class = built_in().class(&kind.retention_class().into());
            assert!(class.is_some(), "{kind:?}");
        }
        assert!(built_in().classes.iter().all(|class| !class.basis.is_empty() && !class.title.is_empty()));
    }

    #[test]
    fn due_dates() {
        let due = |code: &str| built_in().class(&code.into()).unwrap().due(day(2026, 11, 27));
        assert_eq!(due("RC_ENGAGEMENT"), Due::On(day(2032, 11, 27)));
        assert_eq!(due("RC_CONCERN_HANDED_OVER"), Due::On(day(2026, 12, 27)));
        assert_eq!(due("RC_CONCERN"), Due::Decided);
        assert_eq!(due("RC_PROOF"), Due::Never);
        let endless = RetentionClass { keep: Keep::Months(u32::MAX), ..built_in().classes[0].clone() };
        assert_eq!(endless.due(day(2026, 11, 27)), Due::Never);
    }

    fn rule(code: &str, months: Option<u32>, device_days: Option<u32>, source: &str) -> ClassRule {
        ClassRule { code: code.into(), months, device_days, source: source.into() }
    }

    #[test]
    fn a_force_sets_what_it_sets_and_the_rest_stays_as_it_ships() {
        let rules = [
            rule("RC_ENGAGEMENT", Some(84), None, "Schedule 4.2"),
            rule("RC_CONCERN", None, Some(0), "Schedule 4.3"),
        ];
        let table = built_in().with(&rules);
        let engagement = table.class(&"RC_ENGAGEMENT".into()).unwrap();
        assert_eq!(engagement.due(day(2026, 11, 27)), Due::On(day(2033, 11, 27)));
        assert_eq!((engagement.device_days, engagement.basis.as_str()), (7, "Schedule 4.2"));
        let concern = table.class(&"RC_CONCERN".into()).unwrap();
        assert_eq!((concern.keep, concern.device_days), (Keep::WithReference, 0));
        assert_eq!(table.class(&"RC_DUTY".into()), built_in().class(&"RC_DUTY".into()));
        assert_eq!(built_in().with(&[]), *built_in());
    }

    #[test]
    fn a_rule_that_cannot_be_is_named_with_its_cure() {
        let wrong = [
            rule("RC_NONE", Some(1), None, "x"),
            rule("RC_DUTY", Some(0), None, "x"),
            rule("RC_DUTY", Some(12), None, "x"),
            rule("RC_LOG", None, None, "x"),
            rule("RC_ENGAGEMENT", Some(12), None, " "),
            rule("RC_PROOF", Some(12), None, "x"),
            rule("RC_CONCERN", None, Some(367), "x"),
        ];
        use RuleProblem::{NoSource, Nothing, Proof, Range, Twice, Unknown};
        let code = |place: usize| wrong[place].code.clone();
        let found = built_in().problems(&wrong);
        let want = [
            Unknown(code(0)),
            Range(code(1)),
            Twice(code(2)),
            Nothing(code(3)),
            NoSource(code(4)),
            Proof(code(5)),
            Range(code(6)),
        ];
        assert_eq!(found, want);
        assert_eq!(built_in().problems(&[rule("RC_DUTY", Some(12), Some(3), "Schedule 1")]), []);
    }

    #[test]
    fn reviews_come_round() {
        let g2 = built_in().class(&"G2".into()).unwrap();
        assert_eq!(g2.review(day(2024, 2, 29)), Some(day(2034, 2, 28)));
        assert_eq!(built_in().class(&"RC_ENGAGEMENT".into()).unwrap().review(day(2024, 1, 1)), None);
    }
}
