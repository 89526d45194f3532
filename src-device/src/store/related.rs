//! Finding by who wrote and what arose from what: by the index, and by the rows it does not cover yet.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::EntryId;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::Scope;

use super::rows::{COLUMNS, StoredRevision, select};
use super::{Store, StoreError};

/// Revisions of the officer's own of one kind after a local number, in that order.
const OWN_AFTER: &str = "
    SELECT rid FROM (SELECT rid FROM revision_index
                     WHERE author = ?1 AND kind = ?2 AND rid > ?3 ORDER BY rid LIMIT ?5)
    UNION ALL
    SELECT rid FROM (SELECT rid FROM revision WHERE rid > max(?3, ?4) AND kind = ?2 ORDER BY rid LIMIT ?5)";

/// The same before a local number, newest first.
const OWN_BEFORE: &str = "
    SELECT rid FROM (SELECT rid FROM revision_index
                     WHERE author = ?1 AND kind = ?2 AND rid < ?3 ORDER BY rid DESC LIMIT ?5)
    UNION ALL
    SELECT rid FROM (SELECT rid FROM revision WHERE rid > ?4 AND rid < ?3 AND kind = ?2 ORDER BY rid DESC LIMIT ?5)";

/// Revisions of duties, whosever they are, that the index knows no discharge of, and those it does not cover yet. Others'
/// words about them are read by [`Store::revisions_about`].
const OPEN_DUTIES: &str = "
    SELECT i.rid FROM revision_index i WHERE i.entry_id IN (
        SELECT o.entry_id FROM revision_index o
        WHERE o.kind = 'duty_opened' AND o.occurred_at >= ?1
          AND NOT EXISTS (SELECT 1 FROM revision_index d WHERE d.entry_id = o.entry_id AND d.kind = 'duty_discharged')
          AND NOT EXISTS (SELECT 1 FROM revision_index d WHERE d.about_entry = o.entry_id AND d.kind = 'duty_discharged')
        ORDER BY o.occurred_at DESC LIMIT ?3)
    UNION ALL
    SELECT rid FROM revision WHERE rid > ?2 AND kind IN ('duty_opened', 'duty_accepted', 'duty_discharged')";
/// How long ago an open duty may have been opened, milliseconds: body-worn video has a month, a question ninety days.
const OPEN_SINCE_MS: i64 = 90 * DAY_MS;
/// Most open duties that are read.
const MOST_OPEN: u32 = 500;

/// Records that one scope gave, by their first revision, newest first: what was told of an entry, not what was said about it.
const OF_SCOPE: &str = "
    SELECT s.rid FROM scope_revision s
    WHERE s.scope = ?1 AND s.rid < ?2
      AND EXISTS (SELECT 1 FROM revision r WHERE r.rid = s.rid
                  AND r.kind IN ('engagement', 'event', 'handout', 'concern', 'power_use', 'referral')
                  AND NOT EXISTS (SELECT 1 FROM revision_index i WHERE i.entry_id = r.entry_id AND i.rid < r.rid))
    ORDER BY s.rid DESC LIMIT ?3";

/// Revisions of the entries whose links name one.
const LINKED: &str = "
    SELECT rid FROM revision_index WHERE entry_id IN (
        SELECT i.entry_id FROM revision_link l JOIN revision_index i USING (rid) WHERE l.to_entry = ?1)";

fn rows_of(rids: &str, order: &str) -> String {
    format!("SELECT {COLUMNS} FROM revision r WHERE r.rid IN ({rids}) ORDER BY r.rid {order}")
}

/// One page of rows, and where the next one goes on; `None` after the last.
#[derive(Debug)]
pub struct Page {
    /// The officer's own rows.
    pub rows: Vec<StoredRevision>,
    /// The local number the next page goes on from.
    pub next: Option<i64>,
}

/// Entries in the order they came, and where the next page goes on; `None` after the last.
#[derive(Debug)]
pub struct EntryPage {
    /// The entries, newest first.
    pub entries: Vec<EntryId>,
    /// Where the next page goes on from.
    pub next: Option<u64>,
}

impl Store {
    /// The records that a scope gave, newest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn first_of_scope(
        &mut self,
        scope: Scope,
        before: Option<u64>,
        limit: u32,
    ) -> Result<EntryPage, StoreError> {
        let before = before.map_or(i64::MAX, u64::cast_signed);
        // Which revision is the first of its entry stands in the index.
        let rows = self.indexed(|connection| {
            select(connection, &rows_of(OF_SCOPE, "DESC"), (scope.to_string(), before, limit))
        })?;
        let next = rows.last().filter(|_| rows.len() >= limit as usize).map(|row| row.rid.cast_unsigned());
        let parsed = rows.iter().filter_map(StoredRevision::parse);
        Ok(EntryPage { entries: parsed.map(|revision| revision.head.entry_id).collect(), next })
    }

    /// The officer's own revisions of a kind after a local number, oldest first, about `limit` of them.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn own_after(&mut self, kind: Kind, after: i64, limit: u32) -> Result<Page, StoreError> {
        self.own_page(&rows_of(OWN_AFTER, "ASC LIMIT ?5"), kind, after, limit)
    }

    /// The officer's own revisions of a kind before a local number, newest first, about `limit` of them.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn own_before(&mut self, kind: Kind, before: i64, limit: u32) -> Result<Page, StoreError> {
        self.own_page(&rows_of(OWN_BEFORE, "DESC LIMIT ?5"), kind, before, limit)
    }

    fn own_page(&mut self, sql: &str, kind: Kind, from: i64, limit: u32) -> Result<Page, StoreError> {
        let tail = self.indexed_up_to;
        let author = self.identity.officer.officer;
        let mut rows =
            select(self.connection()?, sql, (author.as_bytes().as_slice(), kind.name(), from, tail, limit))?;
        let next = rows.last().filter(|_| rows.len() >= limit as usize).map(|row| row.rid);
        // Rows not indexed yet come whoever wrote them; they still count towards the page, so none is missed.
        rows.retain(|row| {
            row.rid <= tail || row.parse().is_some_and(|revision| revision.head.author == author)
        });
        Ok(Page { rows, next })
    }

    /// All revisions of duties that are open, and of some that are not: fold them with what is about them before deciding.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn open_duties(&mut self, now: Millis) -> Result<Vec<StoredRevision>, StoreError> {
        let tail = self.indexed_up_to;
        let connection = self.connection()?;
        select(connection, &rows_of(OPEN_DUTIES, "ASC"), (now.plus(-OPEN_SINCE_MS).0, tail, MOST_OPEN))
    }

    /// All revisions of the entries whose links name an entry: the cards given in it, its duties, powers and referrals.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revisions_linked_to(&mut self, entry: EntryId) -> Result<Vec<StoredRevision>, StoreError> {
        // Links stand in the head only.
        self.indexed(|connection| select(connection, &rows_of(LINKED, "ASC"), [entry.as_bytes().as_slice()]))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use beatbook_domain::entry::{HeadLink, Relation};

    use super::*;
    use crate::store::Chain;
    use crate::store::tests::{Bench, engagement, save};

    /// The steps SQLite would take, one a line.
    fn plan(bench: &Bench, sql: &str) -> Vec<String> {
        let connection = bench.beside();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        // No values are bound: a plan does not depend on them.
        let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
        steps.collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn nothing_is_found_by_walking_a_whole_table() {
        let bench = Bench::new();
        drop(bench.create());
        let all = [
            rows_of(OWN_AFTER, "ASC LIMIT ?5"),
            rows_of(OWN_BEFORE, "DESC LIMIT ?5"),
            rows_of(OPEN_DUTIES, "ASC"),
            rows_of(OF_SCOPE, "DESC"),
            rows_of(LINKED, "ASC"),
        ];
        for sql in &all {
            let steps = plan(&bench, sql);
            // What a part of the query made is walked, a table never.
            let walked = |step: &&String| step.starts_with("SCAN ") && !step.starts_with("SCAN (");
            assert_eq!(steps.iter().find(walked), None, "{steps:#?}");
        }
        let steps = plan(&bench, OWN_AFTER).join("\n");
        assert!(
            steps.contains("COVERING INDEX revision_index_author (author=? AND kind=? AND rowid>?)"),
            "{steps}"
        );
    }

    #[test]
    fn pages_meet_and_miss_nothing_indexed_or_not() {
        let bench = Bench::new();
        let mut store = bench.create();
        let mut written: Vec<i64> = (0..5).map(|n| save(&mut store, &format!("n{n}")).rid).collect();
        store.catch_up_index().unwrap();
        written.extend((5..12).map(|n| save(&mut store, &format!("n{n}")).rid));
        let (mut forwards, mut after) = (Vec::new(), 0);
        loop {
            let page = store.own_after(Kind::Engagement, after, 3).unwrap();
            forwards.extend(page.rows.iter().map(|row| row.rid));
            let Some(next) = page.next else { break };
            after = next;
        }
        assert_eq!(forwards, written);
        let (mut backwards, mut before) = (Vec::new(), i64::MAX);
        loop {
            let page = store.own_before(Kind::Engagement, before, 3).unwrap();
            backwards.extend(page.rows.iter().map(|row| row.rid));
            let Some(next) = page.next else { break };
            before = next;
        }
        backwards.reverse();
        assert_eq!(backwards, written);
        assert!(store.own_after(Kind::Handout, 0, 3).unwrap().rows.is_empty());
    }

    #[test]
    fn what_arose_from_an_entry_is_found_whether_indexed_or_not() {
        let bench = Bench::new();
        let mut store = bench.create();
        let from = save(&mut store, "first").entry_id;
        let mut arose = engagement("second");
        arose.links = vec![HeadLink { relation: Relation::AroseFrom, entry_id: from, link: None }];
        let arose = store.append(Chain::Record, &[arose]).unwrap()[0];
        let mut found = store.revisions_linked_to(from).unwrap();
        assert_eq!(found.pop().map(|row| row.link), Some(arose.link));
        assert!(found.is_empty());
    }
}
