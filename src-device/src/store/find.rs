//! Finding records by words, kind, shift, place and state: one row for each entry, newest first, a page at a time.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Body, Change, Entry, Gone, Head, Kind, Revision, fold};
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::time::Millis;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::outbox::Counted;
use super::rows::{COLUMNS, State, StoredRevision, select};
use super::words::{question, words_of};
use super::{Store, StoreError};

/// Counting stops here: "more than a thousand" is as good as a number.
const COUNT_UP_TO: u32 = 1_000;
/// The most rows on a page.
const PAGE_MOST: u32 = 100;
/// Steps of indexing a search waits for; what is left is said and goes on when the store is idle.
const STEPS_FIRST: u32 = 5;
/// Up to so many hits are looked up one by one; of more, the entries are walked in their order until the page is full.
const FEW: i64 = 2_000;

/// Where entries stand, as a search asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stands {
    /// Some of it has no receipt yet.
    Waiting,
    /// All of it has a receipt.
    Received,
    /// Refused, or received with a question.
    Asked,
}

/// What is looked for. All that is given must fit.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words, as typed; the last may be the beginning of one.
    pub words: String,
    /// Kinds; empty for all.
    pub kinds: Vec<Kind>,
    /// A shift.
    pub shift: Option<EntryId>,
    /// A patrol area, ward or district.
    pub area: Option<Code>,
    /// Where it stands.
    pub stands: Option<Stands>,
    /// Happened from.
    pub from: Option<Millis>,
    /// Happened until.
    pub until: Option<Millis>,
    /// Go on after this entry.
    pub after: Option<(Millis, EntryId)>,
    /// Rows wanted.
    pub limit: u32,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundPage {
    /// The entries, newest first, with when they happened.
    pub entries: Vec<(Millis, EntryId)>,
    /// Whether there are more.
    pub more: bool,
    /// How many there are in all, counted up to a thousand.
    pub total: u32,
    /// Revisions that are not indexed yet.
    pub not_indexed: u32,
}

/// The row a revision is found under: its own entry's, or the shift's whose movement it is. What the rules or a supervisor
/// write about entries (duties, reviews, holds) has its own screens and no row here.
fn row_of(head: &Head) -> Option<EntryId> {
    use Kind::{
        Answer, DutyAccepted, DutyDischarged, DutyOpened, Erasure, Hold, Return, Review, Tasking, TaskingAck,
    };
    match Counted::of(head.kind, head.entry_id, head.shift_id) {
        Counted::Never => None,
        Counted::Patrol(shift) => Some(shift),
        Counted::Entry(entry) => (!matches!(
            head.kind,
            Answer
                | DutyOpened
                | DutyAccepted
                | DutyDischarged
                | Review
                | Return
                | Hold
                | Erasure
                | Tasking
                | TaskingAck
        ))
        .then_some(entry),
    }
}

/// What an entry says: its current revision, or what a withdrawn one said before.
fn saying(entry: &Entry) -> &Revision {
    let said = entry.revisions.iter().rev().find(|revision| revision.head.change != Change::Withdraws);
    said.filter(|_| entry.is_withdrawn()).unwrap_or_else(|| entry.current())
}

/// Takes an entry into the rows that are searched, as it stands with this revision.
pub(super) fn index(
    connection: &Connection,
    row: &StoredRevision,
    head: &Head,
    me: OfficerId,
) -> Result<(), StoreError> {
    let Some(shown) = row_of(head) else { return Ok(()) };
    let mut rows = select(
        connection,
        &format!(
            "SELECT {COLUMNS} FROM revision_index i JOIN revision r USING (rid) WHERE i.entry_id = ?1 AND i.rid <> ?2"
        ),
        (head.entry_id.as_bytes().as_slice(), row.rid),
    )?;
    rows.push(row.clone());
    let Some(entry) = fold(rows.iter().filter_map(StoredRevision::parse)).pop() else { return Ok(()) };
    let says = saying(&entry);
    // Of what was dropped here and is kept at the server the stub is shown.
    let stub = |row: &StoredRevision| row.link == says.link && row.gone == Some(Gone::AtServer);
    let readable = says.body.is_some() || rows.iter().any(stub);
    for row in &rows {
        if row.link != says.link {
            unlist(connection, row.rid)?;
        } else if let Some(body) = &row.body {
            list(connection, row.rid, shown, says, body)?;
        }
    }
    if shown == entry.entry_id {
        let mine = entry.first().head.author == me;
        put(connection, &entry, mine, readable)?;
    }
    Ok(())
}

fn put(connection: &Connection, entry: &Entry, mine: bool, readable: bool) -> Result<(), StoreError> {
    let id = entry.entry_id.as_bytes().as_slice();
    connection.prepare_cached("DELETE FROM found_entry WHERE entry_id = ?1")?.execute([id])?;
    // Of another officer's entry that may not be read there is nothing to show.
    if !mine && !readable {
        return Ok(());
    }
    let head = &entry.current().head;
    let (kind, shift) = if head.kind.is_movement() {
        (Kind::ShiftOpened, Some(entry.entry_id))
    } else {
        (head.kind, head.shift_id)
    };
    connection
        .prepare_cached(
            "INSERT INTO found_entry (occurred_at, entry_id, kind, shift_id, mine) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((head.occurred_at.0, id, kind.name(), shift.as_ref().map(|id| id.as_bytes().as_slice()), mine))?;
    Ok(())
}

/// Lists the words and areas of a revision; nothing where they are listed already.
fn list(
    connection: &Connection,
    rid: i64,
    shown: EntryId,
    says: &Revision,
    body: &[u8],
) -> Result<(), StoreError> {
    let new = connection
        .prepare_cached("INSERT OR IGNORE INTO found_revision (rid, entry_id) VALUES (?1, ?2)")?
        .execute((rid, shown.as_bytes().as_slice()))?;
    if new == 0 {
        return Ok(());
    }
    let words = words_of(&says.head, body);
    if !words.is_empty() {
        connection
            .prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?
            .execute((rid, words))?;
    }
    let place = says.body.as_ref().and_then(Body::place);
    let named = place.into_iter().flat_map(|place| [&place.area, &place.ward, &place.district]);
    let areas: BTreeSet<&Code> = named.flatten().map(|area| &area.code).chain(&says.head.area).collect();
    for area in areas {
        connection
            .prepare_cached("INSERT INTO found_area (area, rid) VALUES (?1, ?2)")?
            .execute((area.as_str(), rid))?;
    }
    Ok(())
}

fn unlist(connection: &Connection, rid: i64) -> Result<(), StoreError> {
    let gone = connection.prepare_cached("DELETE FROM found_revision WHERE rid = ?1")?.execute([rid])?;
    if gone > 0 {
        connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([rid])?;
        connection.prepare_cached("DELETE FROM found_area WHERE rid = ?1")?.execute([rid])?;
    }
    Ok(())
}

/// A set of entries that a hit must be one of (or none of).
struct Among {
    /// Gives entry ids.
    query: &'static str,
    /// What it takes.
    value: Value,
    /// How many, as far as counted.
    hits: i64,
    /// One of them, or none of them.
    one_of: bool,
}

const BY_WORDS: &str =
    "SELECT f.entry_id FROM search JOIN found_revision f ON f.rid = search.rowid WHERE search MATCH ?";
const BY_AREA: &str =
    "SELECT f.entry_id FROM found_area a JOIN found_revision f ON f.rid = a.rid WHERE a.area = ?";
const BY_ID: &str = "SELECT unhex(value) FROM json_each(?)";

/// How many words or areas hit, at most one more than [`FEW`].
const WORD_HITS: &str = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2)";
const AREA_HITS: &str = "SELECT count(*) FROM (SELECT 1 FROM found_area WHERE area = ?1 LIMIT ?2)";

/// The entries central asks about.
const ASKED: &str = "SELECT f.entry_id FROM revision r JOIN found_revision f ON f.rid = r.rid
     WHERE r.problems IS NOT NULL AND r.problems <> '[]'";

fn by_id(entries: &BTreeSet<EntryId>, one_of: bool) -> Among {
    let hex: Vec<String> = entries.iter().map(|entry| entry.0.simple().to_string()).collect();
    Among {
        query: BY_ID,
        value: Value::Text(serde_json::Value::from(hex).to_string()),
        hits: i64::try_from(entries.len()).unwrap_or(i64::MAX),
        one_of,
    }
}

/// A statement and what it takes, in order.
struct Sql {
    text: String,
    values: Vec<Value>,
}

/// The statement of a page or of the count. The planner knows nothing of how many hits there are, so the way is chosen
/// here: a plus sign keeps a condition from choosing an index.
fn statement(what: &str, end: &str, wanted: &Wanted, among: &[Among], paged: bool) -> Sql {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    let fewest = among.iter().filter(|set| set.one_of && set.hits <= FEW).map(|set| set.hits).min();
    let mut led = false;
    for set in among {
        let leads = !led && set.one_of && Some(set.hits) == fewest;
        led |= leads;
        let (plus, not) = (if leads { "" } else { "+" }, if set.one_of { "" } else { "NOT " });
        conditions.push(format!("{plus}e.entry_id {not}IN ({})", set.query));
        values.push(set.value.clone());
    }
    let plus = |free: bool| if free { "" } else { "+" };
    if let Some(shift) = &wanted.shift {
        conditions.push(format!("{}e.shift_id = ?", plus(!led)));
        values.push(Value::Blob(shift.as_bytes().to_vec()));
    }
    if !wanted.kinds.is_empty() {
        // Several kinds are no order of an index: they are told apart on the way.
        let free = !led && wanted.shift.is_none() && wanted.kinds.len() == 1;
        let marks = vec!["?"; wanted.kinds.len()].join(", ");
        conditions.push(format!("{}e.kind IN ({marks})", plus(free)));
        values.extend(wanted.kinds.iter().map(|kind| Value::Text(kind.name().to_owned())));
    }
    for (bound, at) in [(">=", wanted.from), ("<=", wanted.until)] {
        if let Some(at) = at {
            conditions.push(format!("{}e.occurred_at {bound} ?", plus(!led)));
            values.push(Value::Integer(at.0));
        }
    }
    if let Some((at, entry)) = wanted.after.as_ref().filter(|_| paged) {
        conditions.push("(e.occurred_at, e.entry_id) < (?, ?)".to_owned());
        values.extend([Value::Integer(at.0), Value::Blob(entry.as_bytes().to_vec())]);
    }
    let conditions = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
    Sql { text: format!("SELECT {what} FROM found_entry e WHERE {conditions} {end}"), values }
}

fn page(wanted: &Wanted, among: &[Among]) -> Sql {
    let end = "ORDER BY e.occurred_at DESC, e.entry_id DESC LIMIT ?";
    let mut sql = statement("e.occurred_at, e.entry_id", end, wanted, among, true);
    sql.values.push(Value::Integer(i64::from(limit(wanted)) + 1));
    sql
}

fn count(wanted: &Wanted, among: &[Among]) -> Sql {
    let sql = statement("1", &format!("LIMIT {COUNT_UP_TO}"), wanted, among, false);
    Sql { text: format!("SELECT count(*) FROM ({})", sql.text), ..sql }
}

fn limit(wanted: &Wanted) -> u32 {
    wanted.limit.clamp(1, PAGE_MOST)
}

impl Store {
    /// One page of the records that fit: the officer's own, and those of others that may be read here.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn find(&mut self, wanted: &Wanted) -> Result<FoundPage, StoreError> {
        let not_indexed = self.index_some()?;
        let among = self.among(wanted)?;
        let (page, count) = (page(wanted, &among), count(wanted, &among));
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&page.text)?;
        let rows = statement.query_map(params_from_iter(page.values), |row| {
            Ok((Millis(row.get(0)?), EntryId::from_bytes(row.get(1)?)))
        })?;
        let mut entries: Vec<(Millis, EntryId)> = rows.collect::<rusqlite::Result<_>>()?;
        let more = entries.len() > limit(wanted) as usize;
        entries.truncate(limit(wanted) as usize);
        let total = connection
            .prepare_cached(&count.text)?
            .query_row(params_from_iter(count.values), |row| row.get(0))?;
        Ok(FoundPage { entries, more, total, not_indexed })
    }

    /// Indexes a little; returns how many revisions are left.
    fn index_some(&mut self) -> Result<u32, StoreError> {
        for _ in 0..STEPS_FIRST {
            if !self.index_step()? {
                return Ok(0);
            }
        }
        let from = self.indexed_up_to;
        let left =
            self.connection()?
                .query_row("SELECT count(*) FROM revision WHERE rid > ?1", [from], |row| row.get(0))?;
        Ok(left)
    }

    /// The sets a hit must be one of.
    fn among(&mut self, wanted: &Wanted) -> Result<Vec<Among>, StoreError> {
        let mut among = Vec::new();
        if let Some(typed) = question(&wanted.words) {
            among.push(self.hits(BY_WORDS, WORD_HITS, typed)?);
        }
        if let Some(area) = &wanted.area {
            among.push(self.hits(BY_AREA, AREA_HITS, area.as_str().to_owned())?);
        }
        match wanted.stands {
            Some(Stands::Waiting) => among.push(by_id(&self.unreceived(false), true)),
            Some(Stands::Received) => {
                let unreceived = self.unreceived(false).union(&self.unreceived(true)).copied().collect();
                among.push(by_id(&unreceived, false));
            }
            Some(Stands::Asked) => {
                let mut asked = self.unreceived(true);
                let mut statement = self.connection()?.prepare_cached(ASKED)?;
                let rows = statement.query_map([], |row| Ok(EntryId::from_bytes(row.get(0)?)))?;
                for entry in rows {
                    asked.insert(entry?);
                }
                among.push(by_id(&asked, true));
            }
            None => {}
        }
        Ok(among)
    }

    fn hits(&mut self, query: &'static str, counted: &str, value: String) -> Result<Among, StoreError> {
        let hits =
            self.connection()?.prepare_cached(counted)?.query_row((&value, FEW + 1), |row| row.get(0))?;
        Ok(Among { query, value: Value::Text(value), hits, one_of: true })
    }

    /// Own entries without a receipt: those refused, or those that wait and of which nothing is refused.
    fn unreceived(&self, refused: bool) -> BTreeSet<EntryId> {
        let of_state = |refused: bool| -> BTreeSet<EntryId> {
            let items = self.outbox.items().filter(|item| (item.state == State::Refused) == refused);
            items
                .filter_map(|item| match item.counted {
                    Counted::Entry(entry) | Counted::Patrol(entry) => Some(entry),
                    Counted::Never => None,
                })
                .collect()
        };
        if refused { of_state(true) } else { of_state(false).difference(&of_state(true)).copied().collect() }
    }

    /// The newest of the officer's own entries, as they say it now, newest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn newest_found(&mut self, limit: u32) -> Result<Vec<StoredRevision>, StoreError> {
        self.index_some()?;
        select(
            self.connection()?,
            &format!(
                "SELECT {COLUMNS} FROM
                     (SELECT occurred_at, entry_id FROM found_entry WHERE mine = 1
                      ORDER BY occurred_at DESC, entry_id DESC LIMIT ?1) e
                 JOIN revision_index i ON i.entry_id = e.entry_id
                 JOIN found_revision f ON f.rid = i.rid
                 JOIN revision r ON r.rid = f.rid
                 ORDER BY e.occurred_at DESC, e.entry_id DESC"
            ),
            [limit],
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::tests::Bench;

    /// The steps SQLite would take.
    fn plan(connection: &Connection, sql: &Sql) -> Vec<String> {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text)).unwrap();
        let rows = statement.query_map(params_from_iter(&sql.values), |row| row.get::<_, String>(3)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn set(query: &'static str, hits: i64) -> Among {
        Among { query, value: Value::Text("x".to_owned()), hits, one_of: true }
    }

    fn wants() -> Vec<Wanted> {
        let entry = EntryId(uuid::Uuid::nil());
        let after = Some((Millis(5), entry));
        vec![
            Wanted::default(),
            Wanted { after, ..Wanted::default() },
            Wanted { from: Some(Millis(1)), until: Some(Millis(9)), after, ..Wanted::default() },
            Wanted { kinds: vec![Kind::Concern], after, ..Wanted::default() },
            Wanted { kinds: vec![Kind::Concern, Kind::Referral], ..Wanted::default() },
            Wanted { shift: Some(entry), kinds: vec![Kind::Concern], after, ..Wanted::default() },
        ]
    }

    #[test]
    fn a_page_walks_an_index_in_its_order_and_stops_when_full() {
        let bench = Bench::new();
        drop(bench.create());
        let connection = bench.beside();
        for wanted in wants() {
            for among in [vec![], vec![set(BY_WORDS, FEW + 1), set(BY_AREA, FEW + 1)]] {
                let steps = plan(&connection, &page(&wanted, &among));
                let walk = steps.iter().find(|step| step.contains(" e ") || step.ends_with(" e")).unwrap();
                // The table lies in the order it is shown: without a condition it is walked from its end, and stops.
                let in_order = walk.contains("USING PRIMARY KEY")
                    || walk.contains("INDEX found_entry_kind")
                    || walk.contains("INDEX found_entry_shift")
                    || walk == "SCAN e";
                assert!(in_order, "{steps:#?}");
                assert!(!steps.iter().any(|step| step.contains("ORDER BY")), "{steps:#?}");
            }
        }
    }

    #[test]
    fn few_hits_are_looked_up_one_by_one() {
        let bench = Bench::new();
        drop(bench.create());
        let connection = bench.beside();
        for wanted in wants() {
            for among in [vec![set(BY_WORDS, 3)], vec![set(BY_WORDS, FEW + 1), set(BY_AREA, 7)]] {
                for sql in [page(&wanted, &among), count(&wanted, &among)] {
                    let steps = plan(&connection, &sql);
                    assert!(
                        steps.iter().any(|step| step.contains("INDEX found_entry_id (entry_id=?")),
                        "{steps:#?}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_part_of_a_question_walks_a_whole_table() {
        let bench = Bench::new();
        drop(bench.create());
        let connection = bench.beside();
        for text in [BY_WORDS, BY_AREA, BY_ID, ASKED, WORD_HITS, AREA_HITS] {
            let values = [Value::Text("\"x\"".to_owned()), Value::Integer(3)];
            let takes = text.matches('?').count();
            let sql = Sql { text: text.to_owned(), values: values[..takes].to_vec() };
            let steps = plan(&connection, &sql);
            let walked = steps.iter().find(|step| {
                step.starts_with("SCAN ")
                    && !step.contains("VIRTUAL TABLE")
                    && !step.starts_with("SCAN (")
                    && !step.contains("INDEX revision_problems")
            });
            assert_eq!(walked, None, "{text}: {steps:#?}");
        }
    }
}
