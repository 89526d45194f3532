//! Small numbers: what may be said of few people outside the force.
//!
//! A count of one to four can point at a person who was spoken to. It is not said, and neither is anything from which it
//! could be worked out: where the total of a row of cells is said, either none of them is hidden or at least two are.

use serde::{Deserialize, Serialize};

/// Counts from one to below this are hidden.
pub const SMALLEST_SAID: u64 = 5;

/// A count as it may be said.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// The count.
    Count(u64),
    /// Hidden: one to four, or kept back so that another cannot be worked out.
    Hidden(Hidden),
}

/// How a hidden count is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Hidden {
    /// It is between one and four.
    #[serde(rename = "<5")]
    Few,
    /// Kept back so that another cannot be worked out.
    #[serde(rename = "withheld")]
    Withheld,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Said::Count(n) => n.fmt(f),
            Said::Hidden(Hidden::Few) => f.write_str("<5"),
            Said::Hidden(Hidden::Withheld) => f.write_str("withheld"),
        }
    }
}

/// Cells that add up to a total, and that total, as they may be said together.
pub fn row(cells: &[u64]) -> (Vec<Said>, Said) {
    let is_few = |n: u64| (1..SMALLEST_SAID).contains(&n);
    let total: u64 = cells.iter().sum();
    let mut said: Vec<Said> =
        cells.iter().map(|n| if is_few(*n) { Said::Hidden(Hidden::Few) } else { Said::Count(*n) }).collect();
    let hidden = cells.iter().filter(|n| is_few(**n)).count();
    if hidden == 1 {
        // One alone is the total less the others: the smallest of those goes too.
        let next = cells.iter().enumerate().filter(|(_, n)| **n >= SMALLEST_SAID).min_by_key(|(_, n)| **n);
        match next.and_then(|(place, _)| said.get_mut(place)) {
            Some(cell) => *cell = Said::Hidden(Hidden::Withheld),
            // Nothing else is there: the total is the cell itself.
            None => return (said, Said::Hidden(Hidden::Few)),
        }
    }
    let total = if is_few(total) { Said::Hidden(Hidden::Few) } else { Said::Count(total) };
    (said, total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(cells: &[u64]) -> String {
        let (cells, total) = row(cells);
        let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        format!("{} | {total}", cells.join(" "))
    }

    #[test]
    fn few_are_not_said_nor_worked_out() {
        assert_eq!(shown(&[12, 0, 40]), "12 0 40 | 52");
        assert_eq!(shown(&[12, 3, 40]), "withheld <5 40 | 55", "3 would be 55 less 52");
        assert_eq!(shown(&[12, 3, 2]), "12 <5 <5 | 17");
        assert_eq!(shown(&[0, 3, 0]), "0 <5 0 | <5");
        assert_eq!(shown(&[1, 1]), "<5 <5 | <5");
        assert_eq!(shown(&[]), " | 0");
    }

    proptest! {
        /// Whatever the cells: no few is said, and no hidden cell follows from what is said.
        #[test]
        fn nothing_hidden_can_be_worked_out(cells in prop::collection::vec(0_u64..20, 0..6)) {
            let (said, total) = row(&cells);
            let few = |said: &Said| matches!(said, Said::Count(n) if (1..SMALLEST_SAID).contains(n));
            prop_assert!(!said.iter().any(few) && !few(&total));
            let hidden = said.iter().filter(|cell| matches!(cell, Said::Hidden(_))).count();
            let total_is_said = matches!(total, Said::Count(_));
            prop_assert!(hidden != 1 || !total_is_said, "{said:?} {total:?}");
        }
    }
}
