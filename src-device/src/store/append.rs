//! Saving: one transaction that seals and inserts revisions at the end of a chain, with exactly one fsync.

use std::collections::BTreeMap;

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::{
    About, Access, Body, ChainOpened, Change, Duty, EndKind, Head, HeadLink, Kind, LogRecord, Marking,
    Origin, PerformedBy, Sealing,
};
use beatbook_domain::id::{ChainId, Code, EntryId, Link, SeedId, UnitId};
use beatbook_domain::seal::{REVISION_FORMAT, Seed, seal};
use beatbook_domain::time::{DAY_MS, Millis, Reading, offset_minutes};
use beatbook_protocol::sync::{MAX_BODY_BYTES, MAX_HEAD_BYTES};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};
use uuid::{NoContext, Timestamp, Uuid};

use super::outbox::Item;
use super::rows::State;
use super::{Chain, End, Store, StoreError};
use crate::profile::wrap::random;

/// A new entry id: a UUIDv7 whose time part is `now`, the device's clock.
#[must_use]
pub fn new_entry_id(now: Millis) -> EntryId {
    let ms = u64::try_from(now.0).unwrap_or(0);
    let nanos = u32::try_from(ms % 1000).unwrap_or(0) * 1_000_000;
    EntryId(Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1000, nanos)))
}

/// A revision about to be written: what its head and body say, before chain, clocks and seal are known.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRevision {
    /// The entry.
    pub entry_id: EntryId,
    /// What it records.
    pub kind: Kind,
    /// How it stands to earlier revisions.
    pub change: Change,
    /// The parent revisions.
    pub revises: Vec<Link>,
    /// The revision it is about.
    pub about: Option<About>,
    /// Links to other entries.
    pub links: Vec<HeadLink>,
    /// Who did it, when not the author.
    pub performed_by: Option<PerformedBy>,
    /// How the words came to be written.
    pub origin: Origin,
    /// The author's unit.
    pub unit_id: Option<UnitId>,
    /// The shift.
    pub shift_id: Option<EntryId>,
    /// When it happened or began.
    pub occurred_at: Millis,
    /// When it ended.
    pub occurred_until: Option<Millis>,
    /// How the end is known.
    pub end_kind: Option<EndKind>,
    /// Marking, where it is not the kind's own.
    pub marking: Option<Marking>,
    /// Who may read.
    pub access: Access,
    /// Area code (movement kinds, handout, stock).
    pub area: Option<Code>,
    /// Codes (movement kinds, handout, stock).
    pub codes: Vec<CodeRef>,
    /// The body.
    pub body: Body,
    /// The author's duty state at writing; where it is not said, on duty if the revision belongs to a shift.
    pub duty: Option<Duty>,
    /// A `shift_submitted` also names the revisions of the shift that are written before it in the same commit: their
    /// links are known only then.
    pub names_written: bool,
}

impl NewRevision {
    /// The first revision of an entry.
    #[must_use]
    pub fn first(entry_id: EntryId, kind: Kind, occurred_at: Millis, body: Body) -> Self {
        Self {
            entry_id,
            kind,
            change: Change::First,
            revises: Vec::new(),
            about: None,
            links: Vec::new(),
            performed_by: None,
            origin: Origin::default(),
            unit_id: None,
            shift_id: None,
            occurred_at,
            occurred_until: None,
            end_kind: None,
            marking: None,
            access: Access::default(),
            area: None,
            codes: Vec::new(),
            body,
            duty: None,
            names_written: false,
        }
    }

    /// A record of the log chain.
    #[must_use]
    pub fn log(kind: Kind, at: Millis, record: LogRecord) -> Self {
        Self::first(new_entry_id(at), kind, at, Body::Log(record))
    }

    /// The body, completed by what was written before it in the same commit.
    fn body_after(&self, written: &[Written]) -> Body {
        match &self.body {
            Body::Submitted(submitted) if self.names_written => {
                let mut submitted = submitted.clone();
                submitted.links.extend(written.iter().map(|before| before.link));
                Body::Submitted(submitted)
            }
            other => other.clone(),
        }
    }

    fn head(
        &self,
        chain_id: ChainId,
        seq: u64,
        author: beatbook_domain::id::OfficerId,
        at: &Reading,
        seed: SeedId,
    ) -> Head {
        Head {
            format: REVISION_FORMAT.to_owned(),
            chain_id,
            seq,
            entry_id: self.entry_id,
            kind: self.kind,
            schema: 1,
            change: self.change,
            revises: self.revises.clone(),
            about: self.about,
            links: self.links.clone(),
            author,
            performed_by: self.performed_by.clone(),
            origin: self.origin,
            unit_id: self.unit_id,
            shift_id: self.shift_id,
            duty_at_writing: self.duty.unwrap_or(if self.shift_id.is_some() { Duty::On } else { Duty::Off }),
            occurred_at: self.occurred_at,
            occurred_until: self.occurred_until,
            written_at: at.at,
            written_utc_offset: i16::try_from(offset_minutes(at.at)).unwrap_or(0),
            mono: at.mono,
            offset: at.offset,
            end_kind: self.end_kind,
            regime: self.kind.regime(),
            class: Code::from(self.kind.retention_class()),
            marking: self.marking.unwrap_or_else(|| self.kind.marking()),
            access: self.access,
            seed,
            area: self.area.clone(),
            codes: self.codes.clone(),
        }
    }
}

/// A revision that is on the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// Its local number.
    pub rid: i64,
    /// The entry.
    pub entry_id: EntryId,
    /// Its identity.
    pub link: Link,
    /// Its place in the chain.
    pub seq: u64,
    /// Device UTC at writing.
    pub written_at: Millis,
}

impl Store {
    /// Seals `new` at the end of a chain, in one commit: all of them are on the disk when this returns, or none.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and [`StoreError::Sqlite`]: after an error at the commit itself the revisions may be there
    /// or not; the chain's end has been read again, and the caller asks by entry id before trying once more.
    /// [`StoreError::Content`] where head or body is over its limit.
    pub fn append(&mut self, chain: Chain, new: &[NewRevision]) -> Result<Vec<Written>, StoreError> {
        let at = self.reading();
        self.append_at(chain, new, &at)
    }

    /// As [`Store::append`], at a given reading of the clocks.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn append_at(
        &mut self,
        chain: Chain,
        new: &[NewRevision],
        at: &Reading,
    ) -> Result<Vec<Written>, StoreError> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        // Opening again (after a failed commit) may move the end: do it before the end is looked at.
        self.connection()?;
        let chain_id = self.chain_id(chain);
        let author = self.identity.officer.officer;
        let mut end = self.end(chain);
        let day = at.at.0.div_euclid(DAY_MS);
        let known = self.seeds.get(&(chain_id, day)).cloned();

        let connection = self.connection.as_mut().ok_or(StoreError::Closed)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (seed_id, seed) = match known {
            Some(seed) => seed,
            None => seed_of_day(&transaction, chain_id, day)?,
        };
        let mut written = Vec::with_capacity(new.len());
        let mut items = Vec::with_capacity(new.len());
        for revision in new {
            let head = revision.head(chain_id, end.next_seq, author, at, seed_id);
            let (head_bytes, body_bytes) = (head.to_bytes(), revision.body_after(&written).to_bytes());
            if head_bytes.len() > MAX_HEAD_BYTES || body_bytes.len() > MAX_BODY_BYTES {
                return Err(StoreError::Content("the entry is larger than one entry may be".into()));
            }
            let bytes = head_bytes.len() + body_bytes.len();
            let sealed = seal(chain_id, end.next_seq, &end.link, &seed, head_bytes, body_bytes);
            let rid = super::rows::insert_own(&transaction, &head, &sealed)?;
            end = End { next_seq: end.next_seq + 1, link: sealed.link };
            items.push(Item::new(rid, &head, bytes));
            written.push(Written {
                rid,
                entry_id: head.entry_id,
                link: sealed.link,
                seq: sealed.seq,
                written_at: at.at,
            });
        }
        let committed = transaction.commit();
        self.committed(committed)?;
        self.ends[chain as usize] = end;
        self.seeds.insert((chain_id, day), (seed_id, seed));
        self.outbox.add(items);
        if new.iter().any(|revision| !revision.body.attachments().is_empty()) {
            self.reload_photos()?;
        }
        Ok(written)
    }

    /// Puts a record of the log aside; the owner thread writes all that wait in one commit as soon as it is idle, and
    /// before the store closes.
    pub fn log_soon(&mut self, revision: NewRevision) {
        self.log_waiting.push(revision);
    }

    /// Writes the log records that wait.
    ///
    /// # Errors
    /// As [`Store::append`]; they go on waiting then.
    pub fn flush_log(&mut self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.log_waiting);
        if let Err(error) = self.append(Chain::Log, &waiting) {
            self.log_waiting = waiting;
            return Err(error);
        }
        Ok(())
    }

    /// Writes revision 0 of each chain that has none.
    pub(super) fn open_chains(&mut self) -> Result<(), StoreError> {
        for chain in [Chain::Record, Chain::Log] {
            if self.end(chain).next_seq > 0 {
                continue;
            }
            let body = Body::ChainOpened(ChainOpened {
                officer: self.identity.officer.officer,
                device: self.identity.device_id,
                profile_key: self.keys.profile_public(),
                seal_key: self.keys.sealing_public(),
                sealing: Sealing::default(),
                force: self.identity.force.force,
                predecessor: self.chains.before(self.chain_id(chain)),
            });
            let at = self.clock.now();
            self.append(chain, &[NewRevision::first(new_entry_id(at), Kind::ChainOpened, at, body)])?;
        }
        Ok(())
    }

    /// The seeds a batch of these revisions must carry, by id.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn seeds_by_id(&mut self, ids: &[SeedId]) -> Result<BTreeMap<SeedId, Seed>, StoreError> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached("SELECT seed FROM seed WHERE seed_id = ?1")?;
        let mut seeds = BTreeMap::new();
        for id in ids {
            if let Some(seed) =
                statement.query_row([id.as_bytes().as_slice()], |row| row.get(0)).optional()?
            {
                seeds.insert(*id, Seed(seed));
            }
        }
        Ok(seeds)
    }
}

/// The seed of a chain's UTC day; a new one is inserted in the transaction that first needs it.
fn seed_of_day(
    transaction: &Transaction<'_>,
    chain_id: ChainId,
    day: i64,
) -> Result<(SeedId, Seed), StoreError> {
    let found = transaction
        .prepare_cached("SELECT seed_id, seed FROM seed WHERE chain_id = ?1 AND day = ?2")?
        .query_row((chain_id.as_bytes().as_slice(), day), |row| {
            Ok((SeedId::from_bytes(row.get(0)?), Seed(row.get(1)?)))
        })
        .optional()?;
    if let Some(seed) = found {
        return Ok(seed);
    }
    let id = SeedId(Uuid::new_v4());
    let seed = Seed(random().map_err(|_| StoreError::Randomness)?);
    transaction.execute(
        "INSERT INTO seed (seed_id, chain_id, day, seed) VALUES (?1, ?2, ?3, ?4)",
        (id.as_bytes().as_slice(), chain_id.as_bytes().as_slice(), day, seed.0.as_slice()),
    )?;
    Ok((id, seed))
}

/// The end of a chain as the database has it: by the index, and by the rows it does not cover yet.
pub(super) fn read_end(
    connection: &Connection,
    chain_id: ChainId,
    indexed_up_to: i64,
) -> Result<End, StoreError> {
    let chain = chain_id.as_bytes().as_slice();
    let last: Option<(i64, [u8; 32])> = connection
        .query_row(
            "SELECT seq, link FROM (
                 SELECT seq, link FROM revision WHERE own = 1 AND chain_id = ?1 AND rid > ?2
                 UNION ALL
                 SELECT * FROM (
                     SELECT r.seq, r.link FROM revision_index i JOIN revision r USING (rid)
                     WHERE i.chain_id = ?1 AND r.own = 1 ORDER BY i.seq DESC LIMIT 1))
             ORDER BY seq DESC LIMIT 1",
            (chain, indexed_up_to),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(match last {
        Some((seq, link)) => End { next_seq: seq.cast_unsigned() + 1, link: Link(link) },
        None => End { next_seq: 0, link: Link::GENESIS },
    })
}

/// The state a new own revision starts in.
pub(super) const NEW_STATE: State = State::Saved;
