//! The ledger of cards and other materials: drawn = given + returned + spoiled + left, always. The balance is derived
//! from the entries each time and never stored, so it cannot drift.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::code_list::Edition;
use crate::entry::{Body, Entry, HandoutItem, StockDirection};
use crate::id::Code;

/// A warning from this many left, where the force sets no other number.
pub const LOW_AT: u32 = 10;

/// One printed line of a material: version, language, batch.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct StockLine {
    /// Material code.
    pub material: Code,
    /// Version.
    pub version: Option<Code>,
    /// Language code.
    pub language: Option<Code>,
    /// Batch.
    pub batch: Option<Code>,
    /// Last day it may be given out.
    pub use_until: Option<NaiveDate>,
    /// Low from this many left.
    pub low_at: Option<u32>,
}

impl StockLine {
    /// Whether it may no longer be given out.
    pub fn is_outdated(&self, on: NaiveDate) -> bool {
        self.use_until.is_some_and(|until| on > until)
    }
}

/// What tells one line of the ledger from another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineKey {
    /// Material code.
    pub material: Code,
    /// Language code.
    pub language: Option<Code>,
    /// Batch.
    pub batch: Option<Code>,
    /// Version.
    pub version: Option<Code>,
}

impl LineKey {
    /// The line of an item.
    pub fn of(item: &HandoutItem) -> Self {
        Self {
            material: item.material.code.clone(),
            language: item.language.clone(),
            batch: item.batch.clone(),
            version: item.version.clone(),
        }
    }
}

/// One line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerLine {
    /// Which.
    pub key: LineKey,
    /// Label of the material, as last recorded.
    pub label: String,
    /// Drawn from the store.
    pub drawn: u32,
    /// Given to people, left at venues.
    pub given: u32,
    /// Given back to the store.
    pub returned: u32,
    /// Spoiled or lost.
    pub spoiled: u32,
}

impl LedgerLine {
    /// In hand. Negative where more was given than drawn: a draw was not recorded, or the cards were somebody else's.
    pub fn left(&self) -> i64 {
        i64::from(self.drawn) - i64::from(self.given) - i64::from(self.returned) - i64::from(self.spoiled)
    }

    /// The printed line it is, where the force knows it.
    pub fn printed<'a>(&self, edition: &'a Edition) -> Option<&'a StockLine> {
        edition.stock.iter().find(|line| {
            line.material == self.key.material
                && line.language == self.key.language
                && line.batch == self.key.batch
                && line.version == self.key.version
        })
    }

    /// Few left, and still in use.
    pub fn is_low(&self, edition: &Edition) -> bool {
        let low_at = self.printed(edition).and_then(|line| line.low_at).unwrap_or(LOW_AT);
        self.drawn > 0 && self.left() <= i64::from(low_at)
    }

    /// No longer to be given out.
    pub fn is_outdated(&self, edition: &Edition, on: NaiveDate) -> bool {
        self.printed(edition).is_some_and(|line| line.is_outdated(on))
    }
}

/// The ledger of these entries: every handout and stock movement that stands, each line once, by its key.
pub fn ledger<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<LedgerLine> {
    let mut lines: BTreeMap<LineKey, LedgerLine> = BTreeMap::new();
    for entry in entries {
        if entry.is_withdrawn() {
            continue;
        }
        match &entry.current().body {
            Some(Body::Handout(handout)) => add(&mut lines, &handout.items, |line| &mut line.given),
            Some(Body::Stock(moved)) => add(&mut lines, &moved.items, |line| match moved.direction {
                StockDirection::Drawn => &mut line.drawn,
                StockDirection::Returned => &mut line.returned,
                StockDirection::Spoiled => &mut line.spoiled,
            }),
            _ => {}
        }
    }
    lines.into_values().collect()
}

/// The line of a material that is in hand, where only one is.
pub fn only_in_hand<'a>(lines: &'a [LedgerLine], material: &Code) -> Option<&'a LineKey> {
    let mut in_hand = lines.iter().filter(|line| line.key.material == *material && line.left() > 0);
    let first = in_hand.next()?;
    in_hand.next().is_none().then_some(&first.key)
}

/// Says of which printed line each item of a form that counts by material is: as it was sealed before, where this is a
/// correction; else the line in hand, where only one is. Others stay as the form has them.
pub fn name_lines(items: &mut Vec<HandoutItem>, before: &[HandoutItem], lines: &[LedgerLine]) {
    let named = std::mem::take(items).into_iter().flat_map(|mut item| {
        let same = before.iter().filter(|it| it.material.code == item.material.code);
        let sealed: Vec<&HandoutItem> = same.collect();
        if !sealed.is_empty() && sealed.iter().map(|it| it.quantity).sum::<u32>() == item.quantity {
            return sealed.into_iter().cloned().collect();
        }
        let key = match &sealed[..] {
            [one] => Some(LineKey::of(one)),
            _ => only_in_hand(lines, &item.material.code).cloned(),
        };
        if let Some(key) = key {
            (item.language, item.batch, item.version) = (key.language, key.batch, key.version);
        }
        vec![item]
    });
    *items = named.collect();
}

fn add(
    lines: &mut BTreeMap<LineKey, LedgerLine>,
    items: &[HandoutItem],
    column: impl Fn(&mut LedgerLine) -> &mut u32,
) {
    for item in items {
        let key = LineKey::of(item);
        let line = lines.entry(key.clone()).or_insert_with(|| LedgerLine {
            key,
            label: String::new(),
            drawn: 0,
            given: 0,
            returned: 0,
            spoiled: 0,
        });
        line.label.clone_from(&item.material.label);
        let number = column(line);
        *number = number.saturating_add(item.quantity);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::code_list::built_in;
    use crate::entry::testing::{code, revision, revision_of};
    use crate::entry::{Change, Handout, Kind, Revision, StockMoved, fold};

    const CARD: &str = "MAT_WALLET_STREETSAFE_ENOUGH";

    fn item(quantity: u32, batch: Option<&str>) -> HandoutItem {
        HandoutItem {
            material: code("material", CARD),
            quantity,
            language: Some(Code::new("EN")),
            batch: batch.map(Code::new),
            version: None,
        }
    }

    fn moved(n: u8, direction: StockDirection, quantity: u32) -> Revision {
        let mut revision = revision(n, Kind::StockMoved, i64::from(n));
        let items = vec![item(quantity, Some("A1"))];
        revision.body = Some(Body::Stock(StockMoved { direction, items, note: None, reason: None }));
        revision
    }

    fn given(n: u8, quantity: u32, batch: Option<&str>) -> Revision {
        let mut revision = revision(n, Kind::Handout, i64::from(n));
        if let Some(Body::Handout(handout)) = &mut revision.body {
            handout.items = vec![item(quantity, batch)];
        }
        revision
    }

    fn line<'a>(lines: &'a [LedgerLine], batch: Option<&str>) -> &'a LedgerLine {
        lines.iter().find(|line| line.key.batch == batch.map(Code::new)).unwrap()
    }

    #[test]
    fn what_is_left_is_drawn_less_all_that_went() {
        let lines = ledger(&fold([
            moved(1, StockDirection::Drawn, 50),
            given(2, 12, Some("A1")),
            moved(3, StockDirection::Returned, 5),
            moved(4, StockDirection::Spoiled, 3),
            given(5, 1, None),
        ]));
        let a1 = line(&lines, Some("A1"));
        assert_eq!((a1.drawn, a1.given, a1.returned, a1.spoiled, a1.left()), (50, 12, 5, 3, 30));
        assert_eq!(line(&lines, None).left(), -1, "cards of no known batch are a line of their own");
        assert!(!a1.is_low(built_in()));
    }

    #[test]
    fn a_correction_counts_once_and_a_withdrawal_not_at_all() {
        let first = given(2, 12, Some("A1"));
        let mut corrected = revision_of(&first, 3, Change::Corrects, 3);
        corrected.body =
            Some(Body::Handout(Handout { items: vec![item(2, Some("A1"))], ..handout_of(&first) }));
        let drawn = moved(1, StockDirection::Drawn, 20);
        let lines = ledger(&fold([drawn.clone(), first.clone(), corrected.clone()]));
        assert_eq!(line(&lines, Some("A1")).left(), 18);
        let withdrawn = revision_of(&corrected, 4, Change::Withdraws, 4);
        let lines = ledger(&fold([drawn, first, corrected, withdrawn]));
        assert_eq!(line(&lines, Some("A1")).left(), 20);
    }

    fn handout_of(revision: &Revision) -> Handout {
        match &revision.body {
            Some(Body::Handout(handout)) => handout.clone(),
            _ => unreachable!("a handout"),
        }
    }

    #[test]
    fn low_and_out_of_date_as_the_force_says() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let printed = StockLine {
            material: CARD.into(),
            language: Some("EN".into()),
            batch: Some("A1".into()),
            use_until: NaiveDate::from_ymd_opt(2026, 11, 26),
            low_at: Some(40),
            ..StockLine::default()
        };
        let edition = Edition { stock: vec![printed], ..built_in().clone() };
        let lines = ledger(&fold([moved(1, StockDirection::Drawn, 40)]));
        assert!(lines[0].is_low(&edition) && lines[0].is_outdated(&edition, on));
        assert!(!lines[0].is_low(built_in()), "ten where the force says nothing");
    }

    #[test]
    fn cards_given_are_of_the_one_line_in_hand() {
        let lines = ledger(&fold([moved(1, StockDirection::Drawn, 20), given(2, 1, None)]));
        let plain = HandoutItem { language: None, ..item(3, None) };
        let mut items = vec![plain.clone()];
        name_lines(&mut items, &[], &lines);
        assert_eq!(items, [item(3, Some("A1"))]);
        let other = revision(3, Kind::StockMoved, 3);
        let drawn = vec![item(5, Some("B2"))];
        let body = Body::Stock(StockMoved {
            direction: StockDirection::Drawn,
            items: drawn,
            note: None,
            reason: None,
        });
        let other = Revision { body: Some(body), ..other };
        let two = ledger(&fold([moved(1, StockDirection::Drawn, 20), other]));
        let mut items = vec![plain.clone()];
        name_lines(&mut items, &[], &two);
        assert_eq!(items, std::slice::from_ref(&plain), "of two lines nobody knows which");
        let mut items = vec![plain.clone()];
        name_lines(&mut items, &[item(1, Some("B2")), item(2, Some("A1"))], &two);
        assert_eq!(
            items,
            [item(1, Some("B2")), item(2, Some("A1"))],
            "a correction of something else changes no line"
        );
        let mut items = vec![plain];
        name_lines(&mut items, &[item(1, Some("B2"))], &two);
        assert_eq!(items, [item(3, Some("B2"))]);
    }

    proptest! {
        /// Whatever moved, in whatever order it is read, drawn = given + returned + spoiled + left.
        #[test]
        fn the_balance_never_drifts(moves in proptest::collection::vec((0u8..4, 1u32..200), 1..40), seed in any::<u64>()) {
            let mut revisions: Vec<Revision> = moves
                .iter()
                .enumerate()
                .map(|(i, (what, quantity))| {
                    let n = u8::try_from(i + 1).unwrap();
                    match what {
                        0 => moved(n, StockDirection::Drawn, *quantity),
                        1 => moved(n, StockDirection::Returned, *quantity),
                        2 => moved(n, StockDirection::Spoiled, *quantity),
                        _ => given(n, *quantity, Some("A1")),
                    }
                })
                .collect();
            let sum = |kind: u8| moves.iter().filter(|(what, _)| *what == kind).map(|(_, n)| i64::from(*n)).sum::<i64>();
            let turn = usize::try_from(seed % u64::try_from(revisions.len()).unwrap()).unwrap();
            revisions.rotate_left(turn);
            let lines = ledger(&fold(revisions));
            prop_assert_eq!(lines.len(), 1);
            prop_assert_eq!(lines[0].left(), sum(0) - sum(1) - sum(2) - sum(3));
        }
    }
}
