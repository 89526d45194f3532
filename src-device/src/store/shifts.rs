//! Shifts by when they happened: the pages of a list of them.

use beatbook_domain::entry::Kind;
use beatbook_domain::time::Millis;

use super::rows::{COLUMNS, StoredRevision, quoted, select};
use super::{Store, StoreError};

/// What begins and ends a shift: revisions of its own entry.
pub const SHIFT: [Kind; 2] = [Kind::ShiftOpened, Kind::ShiftEnded];

/// When the first shift began.
const FIRST: &str = "SELECT min(occurred_at) FROM revision_index WHERE kind = 'shift_opened'";

/// Local numbers first, whole rows only for those of the page.
fn page() -> String {
    let kinds = quoted(SHIFT.into_iter());
    format!(
        "SELECT {COLUMNS} FROM revision r WHERE r.rid IN (
             SELECT rid FROM (
                 SELECT rid, occurred_at FROM revision_index WHERE kind IN ({kinds}) AND occurred_at < ?1
                 UNION ALL
                 SELECT rid, occurred_at FROM revision
                 WHERE rid > ?2 AND kind IN ({kinds}) AND occurred_at < ?1)
             ORDER BY occurred_at DESC, rid DESC LIMIT ?3)
         ORDER BY r.rid DESC"
    )
}

impl Store {
    /// Revisions that began or ended a shift before `before`: the latest of them, at most `limit`.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn shifts_before(&mut self, before: Millis, limit: u32) -> Result<Vec<StoredRevision>, StoreError> {
        let tail = self.indexed_up_to;
        select(self.connection()?, &page(), (before.0, tail, limit))
    }

    /// When the first shift held here began; none where there is none.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn first_shift(&mut self) -> Result<Option<Millis>, StoreError> {
        let first: Option<i64> =
            self.indexed(|connection| Ok(connection.query_row(FIRST, [], |row| row.get(0))?))?;
        Ok(first.map(Millis))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rusqlite::Params;

    use super::super::tests::Bench;
    use super::*;

    fn plan(store: &mut Store, sql: &str, values: impl Params) -> String {
        let connection = store.connection().unwrap();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let lines: Vec<String> =
            statement.query_map(values, |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
        lines.join("\n")
    }

    #[test]
    fn the_index_of_kinds_answers_a_page_and_the_first() {
        let mut store = Bench::new().create();
        for plan in [plan(&mut store, &page(), (1, 0, 1)), plan(&mut store, FIRST, ())] {
            assert!(plan.contains("INDEX revision_index_kind"), "{plan}");
            assert!(!plan.contains("SCAN revision"), "{plan}");
        }
    }
}
