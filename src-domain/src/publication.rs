//! A month as it is published: taken once, whole, when anything of it first leaves the force, and kept as it was.
//!
//! Holds the totals and every split that may be given out, of which one alone ever is ([`crate::disclosure`]): what two
//! splits say together about an area that only one team patrols, no rule on one of them could hide.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::disclosure::{CONFIDENTIAL, Said, split, total};
use crate::funder::Held;
use crate::period::{Asked, GroupBy, GroupKey, ShiftFacts, month_of, period};

/// What a month may be split by for outside. One of them.
pub const SPLITS: [GroupBy; 4] = [GroupBy::Area, GroupBy::District, GroupBy::Team, GroupBy::Initiative];

/// Values by measure name.
pub type Values = BTreeMap<String, Said>;

/// A part of a split.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Its code; none where the records do not say.
    pub code: Option<String>,
    /// As shown.
    pub label: String,
    /// Values by measure name.
    pub values: Values,
}

/// A published month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PublishedMonth {
    /// Its first day.
    pub month: NaiveDate,
    /// Totals of the whole force.
    pub totals: Values,
    /// Every split, by its name.
    pub splits: BTreeMap<String, Vec<Part>>,
}

/// Whether a month is over at a day: only then may it be published.
#[must_use]
pub fn is_over(month: NaiveDate, today: NaiveDate) -> bool {
    month_of(month).1 <= today
}

/// Takes a month as it is published. `shifts` are those of the whole force and may hold other months too.
#[must_use]
pub fn publish(month: NaiveDate, shifts: &[ShiftFacts]) -> PublishedMonth {
    let (from, until) = month_of(month);
    let of = |by| period(Asked { from, until, by }, shifts);
    let all = of(GroupBy::Month).total;
    let said = |measure: Held| {
        let count = measure.amount(&all);
        if measure.is_time() { Said::Count(count) } else { total(count) }
    };
    let totals: Values =
        Held::OUTSIDE.into_iter().map(|measure| (measure.name().to_owned(), said(measure))).collect();
    let splits = SPLITS.into_iter().map(|by| (by.name().to_owned(), parts(by, &of(by).groups, &totals)));
    PublishedMonth { month: from, splits: splits.collect(), totals }
}

fn parts(by: GroupBy, groups: &[crate::period::Group], totals: &Values) -> Vec<Part> {
    let mut parts: Vec<Part> = groups
        .iter()
        .map(|group| Part {
            code: match &group.key {
                GroupKey::Code(code) => Some(code.to_string()),
                _ => None,
            },
            label: group.label.clone(),
            values: Values::new(),
        })
        .collect();
    for measure in Held::OUTSIDE {
        // A shift that was in two places is a part of neither: such a measure has no split by place.
        if by.is_place() && !measure.splits_by_place() {
            continue;
        }
        let counts: Vec<u64> = groups.iter().map(|group| measure.amount(&group.figures)).collect();
        let said: Vec<Said> = if measure.is_time() {
            counts.into_iter().map(Said::Count).collect()
        } else if totals.get(measure.name()) == Some(&CONFIDENTIAL) {
            vec![CONFIDENTIAL; counts.len()]
        } else {
            split(&counts)
        };
        for (part, said) in parts.iter_mut().zip(said) {
            part.values.insert(measure.name().to_owned(), said);
        }
    }
    parts
}
