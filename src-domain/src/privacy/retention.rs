//! Retention: how long each class is kept, when it is looked at again, and how long a device keeps its copy.
//!
//! Every number is the force's to set. The built-in table holds suggestions with their ground, so that a first start is
//! neither "for ever" nor "lost". A legal hold outweighs all of it ([`crate::erase`]).

use std::sync::OnceLock;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::entry::Regime;
use crate::id::Code;

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

    #[test]
    fn reviews_come_round() {
        let g2 = built_in().class(&"G2".into()).unwrap();
        assert_eq!(g2.review(day(2024, 2, 29)), Some(day(2034, 2, 28)));
        assert_eq!(built_in().class(&"RC_ENGAGEMENT".into()).unwrap().review(day(2024, 1, 1)), None);
    }
}
