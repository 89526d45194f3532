//! What was asked for a night and what was said of it, by when it was written.

use beatbook_domain::time::Millis;

use super::rows::{COLUMNS, StoredRevision, select};
use super::{Store, StoreError};

/// Revisions read at most: more nights than anybody looks back.
const MOST: u32 = 5_000;

/// Local numbers first, whole rows only for those that are wanted; the kinds come from the index of kinds.
fn between() -> String {
    format!(
        "SELECT {COLUMNS} FROM revision r WHERE r.rid IN (
             SELECT rid FROM (
                 SELECT rid FROM revision_index
                 WHERE kind IN ('tasking', 'tasking_ack') AND occurred_at >= ?1 AND occurred_at < ?2
                 UNION ALL
                 SELECT rid FROM revision
                 WHERE rid > ?3 AND kind IN ('tasking', 'tasking_ack') AND occurred_at >= ?1 AND occurred_at < ?2)
             ORDER BY rid DESC LIMIT ?4)
         ORDER BY r.rid"
    )
}

impl Store {
    /// Taskings and what was acknowledged of them, written from `from` until before `until`.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn tasked(&mut self, from: Millis, until: Millis) -> Result<Vec<StoredRevision>, StoreError> {
        let tail = self.indexed_up_to;
        select(self.connection()?, &between(), (from.0, until.0, tail, MOST))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::Bench;
    use super::*;

    #[test]
    fn the_index_of_kinds_answers_it() {
        let mut store = Bench::new().create();
        let connection = store.connection().unwrap();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", between())).unwrap();
        let plan: Vec<String> =
            statement.query_map((0, 1, 0, 1), |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
        let plan = plan.join("\n");
        assert!(
            plan.contains("USING COVERING INDEX revision_index_kind")
                || plan.contains("USING INDEX revision_index_kind"),
            "{plan}"
        );
        assert!(!plan.lines().any(|line| line.contains("SCAN revision")), "{plan}");
    }
}
