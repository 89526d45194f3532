//! The officer's own handouts and stock movements, read once and then only what is new: the ledger is derived from all of
//! them each time, and must not cost a walk through years of them with every look at it.

use beatbook_domain::entry::{Kind, Revision, fold};
use beatbook_domain::ledger::{LedgerLine, ledger};

use super::rows::StoredRevision;
use super::{Store, StoreError};

/// Rows read in one page.
const PAGE: u32 = 500;

/// What was read so far. Sealed revisions never change, so it is never wrong, only short of what came after.
#[derive(Debug, Default)]
pub(super) struct StockRead {
    up_to: i64,
    revisions: Vec<Revision>,
    lines: Vec<LedgerLine>,
}

impl Store {
    /// The ledger of everything the officer drew, gave, returned or spoiled, whenever.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn ledger(&mut self) -> Result<Vec<LedgerLine>, StoreError> {
        let newest = self.newest_rid()?;
        let known = self.stock.revisions.len();
        for kind in [Kind::Handout, Kind::StockMoved] {
            let mut after = self.stock.up_to;
            loop {
                let page = self.own_after(kind, after, PAGE)?;
                self.stock.revisions.extend(page.rows.iter().filter_map(StoredRevision::parse));
                let Some(next) = page.next else { break };
                after = next;
            }
        }
        self.stock.up_to = newest;
        if self.stock.revisions.len() != known {
            self.stock.lines = ledger(&fold(self.stock.revisions.iter().cloned()));
        }
        Ok(self.stock.lines.clone())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use beatbook_domain::entry::{Body, Change, HandoutItem, StockDirection, StockMoved, Withdrawal};

    use super::*;
    use crate::store::append::new_entry_id;
    use crate::store::tests::{Bench, NIGHT, code};
    use crate::store::{Chain, NewRevision};

    fn drawn(quantity: u32) -> NewRevision {
        let item = HandoutItem {
            material: code("material", "CARD"),
            quantity,
            language: None,
            batch: None,
            version: None,
        };
        let body =
            StockMoved { direction: StockDirection::Drawn, items: vec![item], note: None, reason: None };
        NewRevision::first(new_entry_id(NIGHT), Kind::StockMoved, NIGHT, Body::Stock(body))
    }

    fn left(store: &mut Store) -> i64 {
        store.ledger().unwrap().iter().map(LedgerLine::left).sum()
    }

    #[test]
    fn what_came_after_the_last_look_counts_and_a_restart_changes_nothing() {
        let bench = Bench::new();
        let mut store = bench.create();
        assert!(store.ledger().unwrap().is_empty());
        let first = store.append(Chain::Record, &[drawn(20)]).unwrap()[0];
        assert_eq!(left(&mut store), 20);
        store.append(Chain::Record, &[drawn(30)]).unwrap();
        assert_eq!(left(&mut store), 50);
        let gone = Body::Withdrawal(Withdrawal { reason: "Counted twice".to_owned() });
        let mut gone = NewRevision::first(first.entry_id, Kind::StockMoved, NIGHT, gone);
        (gone.change, gone.revises) = (Change::Withdraws, vec![first.link]);
        store.append(Chain::Record, &[gone]).unwrap();
        assert_eq!(left(&mut store), 30);
        store.catch_up_index().unwrap();
        drop(store);
        assert_eq!(left(&mut bench.open().unwrap()), 30);
    }

    #[test]
    fn more_than_one_page_is_read() {
        let bench = Bench::new();
        let mut store = bench.create();
        let many: Vec<NewRevision> = (0..PAGE + 7).map(|_| drawn(1)).collect();
        store.append(Chain::Record, &many).unwrap();
        store.catch_up_index().unwrap();
        assert_eq!(left(&mut store), i64::from(PAGE) + 7);
    }
}
