//! Revision rows: inserting, reading by entry, shift, kind or link, and turning them into what the rules work on.
//!
//! Columns are indexes taken from the sealed bytes; whatever is decided from a revision is read from the bytes.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Body, Gone, Head, Kind, Revision};
use beatbook_domain::id::{ChainId, Commit, EntryId, Link, OfficerId, Salt, SeedId, UnitId};
use beatbook_domain::seal::Sealed;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::ReceiptProblem;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, Transaction};

use super::append::NEW_STATE;
use super::outbox::Counted;
use super::{Store, StoreError, settings};

/// Where a revision stands. `Sending` and `Sent` live in memory only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(i64)]
pub enum State {
    /// On this device, no send tried.
    Saved = 0,
    /// A send was tried or cut off.
    Waiting = 1,
    /// Leaving now.
    Sending = 2,
    /// Left, no receipt yet.
    Sent = 3,
    /// Central's receipt is here.
    Received = 4,
    /// Central could not take it: set aside.
    Refused = 5,
}

impl State {
    /// From the column; what only lives in memory reads as waiting.
    #[must_use]
    pub fn from_column(value: i64) -> Self {
        match value {
            0 => Self::Saved,
            4 => Self::Received,
            5 => Self::Refused,
            _ => Self::Waiting,
        }
    }
}

/// A revision as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRevision {
    /// Local number.
    pub rid: i64,
    /// Its identity.
    pub link: Link,
    /// Chain.
    pub chain_id: ChainId,
    /// Place in the chain.
    pub seq: u64,
    /// Written here (true) or pulled.
    pub own: bool,
    /// Where it stands, as on disk.
    pub state: State,
    /// Central's position.
    pub central_pos: Option<u64>,
    /// When central received it.
    pub received_at: Option<Millis>,
    /// What central asks about.
    pub problems: Vec<ReceiptProblem>,
    /// Why it was refused, stable code.
    pub refusal: Option<String>,
    /// The link before it, for pulled revisions.
    pub before: Option<Link>,
    /// Seed of its salt.
    pub seed_id: Option<SeedId>,
    /// Salt; `None` once erased.
    pub salt: Option<Salt>,
    /// Commitment.
    pub commit: Commit,
    /// Sealed head.
    pub head: Vec<u8>,
    /// Sealed body; `None` once erased or where only a heading was given.
    pub body: Option<Vec<u8>>,
    /// Why there is no body; none where only a heading was given.
    pub gone: Option<Gone>,
}

/// Why a body is not here, as its column says it.
pub(super) const fn gone_column(gone: Gone) -> i64 {
    match gone {
        Gone::Erased => 1,
        Gone::AtServer => 2,
        Gone::Forgotten => 3,
    }
}

fn gone_from(column: Option<i64>) -> Option<Gone> {
    let all = [Gone::Erased, Gone::AtServer, Gone::Forgotten];
    all.into_iter().find(|gone| Some(gone_column(*gone)) == column)
}

/// The columns [`StoredRevision::from_row`] reads, in order.
pub(super) const COLUMNS: &str = "r.rid, r.link, r.chain_id, r.seq, r.own, r.state, r.central_pos, r.received_at, \
     r.problems, r.refusal, r.before, r.seed_id, r.salt, r.commitment, r.head, r.body, r.gone";

impl StoredRevision {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let problems: Option<String> = row.get(8)?;
        Ok(Self {
            rid: row.get(0)?,
            link: Link(row.get(1)?),
            chain_id: ChainId::from_bytes(row.get(2)?),
            seq: row.get::<_, i64>(3)?.cast_unsigned(),
            own: row.get(4)?,
            state: State::from_column(row.get(5)?),
            central_pos: row.get::<_, Option<i64>>(6)?.map(i64::cast_unsigned),
            received_at: row.get::<_, Option<i64>>(7)?.map(Millis),
            // A list that does not parse was written by nobody; it is shown as a question without words.
            problems: problems
                .map(|json| serde_json::from_str(&json).unwrap_or_default())
                .unwrap_or_default(),
            refusal: row.get(9)?,
            before: row.get::<_, Option<[u8; 32]>>(10)?.map(Link),
            seed_id: row.get::<_, Option<[u8; 16]>>(11)?.map(SeedId::from_bytes),
            salt: row.get::<_, Option<[u8; 32]>>(12)?.map(Salt),
            commit: Commit(row.get(13)?),
            head: row.get(14)?,
            body: row.get(15)?,
            gone: gone_from(row.get(16)?),
        })
    }

    /// The sealed bytes and what proves them.
    #[must_use]
    pub fn sealed(&self) -> Sealed {
        Sealed {
            chain_id: self.chain_id,
            seq: self.seq,
            head: self.head.clone(),
            body: self.body.clone(),
            salt: self.salt,
            commit: self.commit,
            link: self.link,
        }
    }

    /// As the rules read it; `None` where the head itself cannot be read (a later format).
    #[must_use]
    pub fn parse(&self) -> Option<Revision> {
        let head = Head::parse(&self.head).ok()?;
        let body = self.body.as_ref().map(|bytes| {
            Body::parse(head.kind, head.schema, head.change, bytes).unwrap_or_else(|_| unread(bytes))
        });
        Some(Revision {
            link: self.link,
            head,
            gone: self.gone.filter(|_| body.is_none()),
            body,
            received: self.received_at.zip(self.central_pos),
            problems: self.problems.iter().map(|problem| problem.code.clone()).collect(),
        })
    }
}

fn unread(bytes: &[u8]) -> Body {
    Body::Unread(serde_json::from_slice(bytes).unwrap_or_default())
}

/// Inserts a revision written here.
pub(super) fn insert_own(
    transaction: &Transaction<'_>,
    head: &Head,
    sealed: &Sealed,
) -> Result<i64, StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO revision (link, chain_id, seq, entry_id, shift_id, unit_id, kind, occurred_at, written_at, own, state,
                               seed_id, salt, commitment, head, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    Ok(statement.insert((
        sealed.link.0.as_slice(),
        sealed.chain_id.as_bytes().as_slice(),
        sealed.seq.cast_signed(),
        head.entry_id.as_bytes().as_slice(),
        head.shift_id.as_ref().map(|id| id.as_bytes().as_slice()),
        head.unit_id.as_ref().map(|id| id.as_bytes().as_slice()),
        head.kind.name(),
        head.occurred_at.0,
        head.written_at.0,
        NEW_STATE as i64,
        head.seed.as_bytes().as_slice(),
        sealed.salt.as_ref().map(|salt| salt.0.as_slice()),
        sealed.commit.0.as_slice(),
        sealed.head.as_slice(),
        sealed.body.as_deref(),
    ))?)
}

pub(super) fn select(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<Vec<StoredRevision>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, StoredRevision::from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Kind names as an SQL list. They are ours, never typed: they hold no quote.
pub(super) fn quoted(kinds: impl Iterator<Item = Kind>) -> String {
    kinds.map(|kind| format!("'{}'", kind.name())).collect::<Vec<_>>().join(", ")
}

/// Rows by the index, joined with the rows the index does not cover yet.
fn by_index(condition: &str) -> String {
    format!(
        "SELECT {COLUMNS} FROM revision r WHERE r.rid IN (SELECT r.rid FROM revision_index r WHERE {condition})
         UNION ALL
         SELECT {COLUMNS} FROM revision r WHERE r.rid > ?2 AND {condition}
         ORDER BY 1"
    )
}

impl Store {
    /// All revisions of an entry, in local order.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revisions_of_entry(&mut self, entry: EntryId) -> Result<Vec<StoredRevision>, StoreError> {
        let tail = self.indexed_up_to;
        let connection = self.connection()?;
        select(connection, &by_index("r.entry_id = ?1"), (entry.as_bytes().as_slice(), tail))
    }

    /// All revisions of a shift: the shift's own entry and everything that names it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revisions_of_shift(&mut self, shift: EntryId) -> Result<Vec<StoredRevision>, StoreError> {
        let tail = self.indexed_up_to;
        let connection = self.connection()?;
        select(
            connection,
            &by_index("(r.shift_id = ?1 OR r.entry_id = ?1)"),
            (shift.as_bytes().as_slice(), tail),
        )
    }

    /// All revisions of a unit: the movement of everybody in the crew.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revisions_of_unit(&mut self, unit: UnitId) -> Result<Vec<StoredRevision>, StoreError> {
        let tail = self.indexed_up_to;
        let connection = self.connection()?;
        select(connection, &by_index("r.unit_id = ?1"), (unit.as_bytes().as_slice(), tail))
    }

    /// Revisions of some kinds that happened at or after `since`, newest first, at most `limit`; by one author, if named
    /// (rows not indexed yet come whoever wrote them).
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revisions_of_kinds(
        &mut self,
        kinds: &[Kind],
        author: Option<OfficerId>,
        since: Millis,
        limit: u32,
    ) -> Result<Vec<StoredRevision>, StoreError> {
        let tail = self.indexed_up_to;
        let connection = self.connection()?;
        let names = quoted(kinds.iter().copied());
        // Local numbers first, whole rows only for those that are wanted.
        let sql = format!(
            "SELECT {COLUMNS} FROM revision r WHERE r.rid IN (
                 SELECT rid FROM (
                     SELECT rid FROM revision_index
                     WHERE kind IN ({names}) AND occurred_at >= ?1 AND (?4 IS NULL OR author = ?4)
                     UNION ALL
                     SELECT rid FROM revision WHERE rid > ?2 AND kind IN ({names}) AND occurred_at >= ?1)
                 ORDER BY rid DESC LIMIT ?3)
             ORDER BY r.rid DESC"
        );
        select(connection, &sql, (since.0, tail, limit, author.as_ref().map(|id| id.as_bytes().as_slice())))
    }

    /// Revisions that are about an entry (answers, reviews, confirmations).
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revisions_about(&mut self, entry: EntryId) -> Result<Vec<StoredRevision>, StoreError> {
        // `about` stands in the head only.
        let sql = format!(
            "SELECT {COLUMNS} FROM revision_index i JOIN revision r USING (rid) WHERE i.about_entry = ?1 ORDER BY r.rid"
        );
        self.indexed(|connection| select(connection, &sql, [entry.as_bytes().as_slice()]))
    }

    /// The newest revisions written here, newest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn newest_own(&mut self, limit: u32) -> Result<Vec<StoredRevision>, StoreError> {
        let connection = self.connection()?;
        select(
            connection,
            &format!("SELECT {COLUMNS} FROM revision r WHERE r.own = 1 ORDER BY r.rid DESC LIMIT ?1"),
            [limit],
        )
    }

    /// One revision by its identity.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revision(&mut self, link: &Link) -> Result<Option<StoredRevision>, StoreError> {
        let connection = self.connection()?;
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} FROM revision r WHERE r.link = ?1"))?;
        Ok(statement.query_row([link.0.as_slice()], StoredRevision::from_row).optional()?)
    }

    /// Own revisions by their local numbers, in that order.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn revisions_by_rid(&mut self, rids: &[i64]) -> Result<Vec<StoredRevision>, StoreError> {
        let connection = self.connection()?;
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} FROM revision r WHERE r.rid = ?1"))?;
        let mut found = Vec::with_capacity(rids.len());
        for rid in rids {
            found.extend(statement.query_row([rid], StoredRevision::from_row).optional()?);
        }
        Ok(found)
    }

    /// How many entries of the officer's own there are: by entry, the movement of a shift counting as one.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn own_entry_count(&mut self) -> Result<u32, StoreError> {
        let author = self.identity.officer.officer;
        let counted = match (self.catch_up_index(), &self.own_entries) {
            (Ok(()), Some(counted)) => counted.len(),
            (Ok(()), None) => {
                let counted = own_entries(self.connection()?, author)?;
                self.own_entries.insert(counted).len()
            }
            // Not kept: from then on it is counted on with every row that is indexed.
            (Err(StoreError::DiskFull), _) => {
                self.indexed_for_once(|connection| own_entries(connection, author))?.len()
            }
            (Err(error), _) => return Err(error),
        };
        Ok(u32::try_from(counted).unwrap_or(u32::MAX))
    }

    pub(super) fn catch_up_index(&mut self) -> Result<(), StoreError> {
        while self.index_step()? {}
        Ok(())
    }

    /// The mark up to which everything is settled.
    pub(super) fn settled_up_to(&mut self) -> Result<i64, StoreError> {
        settings::mark(self.connection()?, settings::SETTLED_UP_TO)
    }
}

/// What the pill counts of an officer's own, by the index.
fn own_entries(connection: &Connection, author: OfficerId) -> Result<BTreeSet<Counted>, StoreError> {
    let mut statement = connection
        .prepare("SELECT DISTINCT kind, entry_id, shift_id FROM revision_index WHERE author = ?1")?;
    let rows = statement.query_map([author.as_bytes().as_slice()], |row| {
        let kind = Kind::from_name(&row.get::<_, String>(0)?);
        let shift: Option<[u8; 16]> = row.get(2)?;
        Ok(Counted::of(kind, EntryId::from_bytes(row.get(1)?), shift.map(EntryId::from_bytes)))
    })?;
    let mut counted: BTreeSet<Counted> = rows.collect::<rusqlite::Result<_>>()?;
    counted.remove(&Counted::Never);
    Ok(counted)
}
