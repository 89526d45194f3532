//! What is on this phone and not yet received, kept in memory beside the rows that hold it.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::entry::{Access, Head, Kind};
use beatbook_domain::id::{ChainId, EntryId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::PillView;
use rusqlite::Connection;

use super::photos::{self, PhotoItem};
use super::rows::State;
use super::{StoreError, settings};

/// What the pill counts a revision under.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Counted {
    /// As an entry of its own.
    Entry(EntryId),
    /// With the other movement of a shift, as one: the patrol record.
    Patrol(EntryId),
    /// Not at all: chain, key and log records.
    Never,
}

impl Counted {
    /// How a revision of this kind is counted.
    #[must_use]
    pub fn of(kind: Kind, entry: EntryId, shift: Option<EntryId>) -> Self {
        if kind.is_housekeeping() {
            Self::Never
        } else if kind.is_movement() {
            Self::Patrol(shift.unwrap_or(entry))
        } else {
            Self::Entry(entry)
        }
    }
}

/// A revision without a receipt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item {
    /// Its local number.
    pub rid: i64,
    /// Its chain.
    pub chain_id: ChainId,
    /// Its place there.
    pub seq: u64,
    /// Its entry.
    pub entry_id: EntryId,
    /// What it is counted under.
    pub counted: Counted,
    /// Where it stands.
    pub state: State,
    /// Bytes of head and body.
    pub bytes: usize,
    /// When it was written.
    pub written_at: Millis,
    /// For narrower eyes than the team's: the heartbeat, which the team reads, says nothing of it.
    pub narrow: bool,
}

impl Item {
    pub(super) fn new(rid: i64, head: &Head, bytes: usize) -> Self {
        Self {
            rid,
            chain_id: head.chain_id,
            seq: head.seq,
            entry_id: head.entry_id,
            counted: Counted::of(head.kind, head.entry_id, head.shift_id),
            state: State::Saved,
            bytes,
            written_at: head.written_at,
            narrow: head.access != Access::Team,
        }
    }
}

/// All own revisions without a receipt, by local number.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    items: BTreeMap<i64, Item>,
    /// The newest receipt, central's clock.
    pub last_received: Option<Millis>,
    /// Photos central has not said it has, in the order of their text.
    pub photos: Vec<PhotoItem>,
}

impl Outbox {
    /// Reads what is not settled: the rows after the mark, and those set aside before it.
    pub(super) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let settled = settings::mark(connection, settings::SETTLED_UP_TO)?;
        let tried = settings::mark(connection, settings::TRIED_UP_TO)?;
        let mut statement = connection.prepare(
            "SELECT rid, chain_id, seq, entry_id, shift_id, kind, state, length(head) + coalesce(length(body), 0), written_at, head
             FROM revision
             WHERE own = 1 AND state <> ?2 AND (rid > ?1 OR rid IN (SELECT rid FROM set_aside))",
        )?;
        let rows = statement.query_map((settled, State::Received as i64), |row| {
            let entry_id = EntryId::from_bytes(row.get(3)?);
            let shift: Option<[u8; 16]> = row.get(4)?;
            let kind = Kind::from_name(&row.get::<_, String>(5)?);
            let rid = row.get(0)?;
            let state = match State::from_column(row.get(6)?) {
                State::Saved if rid <= tried => State::Waiting,
                state => state,
            };
            Ok(Item {
                rid,
                chain_id: ChainId::from_bytes(row.get(1)?),
                seq: row.get::<_, i64>(2)?.cast_unsigned(),
                entry_id,
                counted: Counted::of(kind, entry_id, shift.map(EntryId::from_bytes)),
                state,
                bytes: row.get::<_, i64>(7)?.try_into().unwrap_or(usize::MAX),
                written_at: Millis(row.get(8)?),
                narrow: Head::parse(&row.get::<_, Vec<u8>>(9)?).is_ok_and(|head| head.access != Access::Team),
            })
        })?;
        let items = rows.map(|item| item.map(|item| (item.rid, item))).collect::<rusqlite::Result<_>>()?;
        let last_received = connection.query_row(
            "SELECT max(received_at) FROM revision WHERE own = 1 AND rid > ?1 - 1000",
            [settled],
            |row| row.get::<_, Option<i64>>(0),
        )?;
        let photos = photos::load(connection)?;
        Ok(Self { items, last_received: last_received.map(Millis), photos })
    }

    pub(super) fn add(&mut self, items: Vec<Item>) {
        self.items.extend(items.into_iter().map(|item| (item.rid, item)));
    }

    pub(super) fn remove(&mut self, rid: i64) {
        self.items.remove(&rid);
    }

    /// A revision without a receipt, by its local number.
    #[must_use]
    pub fn get(&self, rid: i64) -> Option<&Item> {
        self.items.get(&rid)
    }

    /// Everything without a receipt, oldest first.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// What may be sent: everything that was not refused.
    pub fn sendable(&self) -> impl Iterator<Item = &Item> {
        self.items().filter(|item| item.state != State::Refused)
    }

    /// Sets the state of some revisions, in memory.
    pub fn set_state(&mut self, rids: &[i64], state: State) {
        for rid in rids {
            if let Some(item) = self.items.get_mut(rid) {
                item.state = state;
            }
        }
    }

    /// The state an entry shows: the least settled of its revisions, then of its photos, or `None` when central has all.
    #[must_use]
    pub fn state_of(&self, counted: Counted) -> Option<State> {
        let mut states: Vec<State> =
            self.items().filter(|item| item.counted == counted).map(|item| item.state).collect();
        if states.is_empty() {
            // Words first, then photos.
            states
                .extend(self.photos.iter().filter(|photo| photo.counted == counted).map(|photo| photo.state));
        }
        if states.contains(&State::Refused) {
            return Some(State::Refused);
        }
        // Sending shows as soon as any of it leaves; otherwise the one that is furthest behind.
        if states.contains(&State::Sending) {
            return Some(State::Sending);
        }
        states.into_iter().min()
    }

    /// The code for which a photo of an entry was set aside.
    #[must_use]
    pub fn photo_refusal(&self, counted: Counted) -> Option<&str> {
        self.photos.iter().filter(|photo| photo.counted == counted).find_map(|photo| photo.refusal.as_deref())
    }

    /// The pill, without the total.
    #[must_use]
    pub fn pill(&self) -> PillView {
        let mut groups: BTreeMap<Counted, BTreeSet<State>> = BTreeMap::new();
        for item in self.items().filter(|item| item.counted != Counted::Never) {
            groups.entry(item.counted).or_default().insert(item.state);
        }
        for photo in &self.photos {
            groups.entry(photo.counted).or_default().insert(photo.state);
        }
        let count = |pick: &dyn Fn(&BTreeSet<State>) -> bool| {
            u32::try_from(groups.values().filter(|states| pick(states)).count()).unwrap_or(u32::MAX)
        };
        PillView {
            waiting: count(&|states| states.iter().any(|state| *state != State::Refused)),
            sending: count(&|states| states.contains(&State::Sending)),
            needs_you: count(&|states| states.contains(&State::Refused)),
            total: 0,
            last_received: self.last_received,
        }
    }

    /// What was set aside, as the team may know it.
    #[must_use]
    pub fn set_aside_told(&self) -> u32 {
        let refused = self.items().filter(|item| item.state == State::Refused && !item.narrow);
        let counted: BTreeSet<Counted> =
            refused.map(|item| item.counted).filter(|counted| *counted != Counted::Never).collect();
        u32::try_from(counted.len()).unwrap_or(u32::MAX)
    }

    /// When the oldest unsent revision was written, as the team may know it.
    #[must_use]
    pub fn oldest_unsent(&self) -> Option<Millis> {
        self.sendable().filter(|item| !item.narrow).map(|item| item.written_at).min()
    }
}
