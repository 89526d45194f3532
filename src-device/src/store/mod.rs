//! The encrypted store of one profile: revisions with their outbox state, drafts, and what central sent.
//!
//! One thread owns it ([`owner::Owner`]); everything here runs on that thread. A save is one transaction that inserts the
//! revision rows and nothing else; indexes and search are filled after the commit and rebuilt from the sealed bytes.

pub mod append;
mod attachments;
pub mod central_end;
pub mod chains;
pub mod copies;
pub mod drafts;
pub mod erasing;
pub mod error;
pub mod find;
pub mod identity;
mod index;
pub mod migrate;
pub mod offline;
pub mod open;
pub mod outbox;
pub mod owner;
pub mod photos;
pub mod pragmas;
pub mod pull;
pub mod receipts;
pub mod reference;
mod related;
pub mod rows;
mod run;
pub mod settings;
mod shifts;
pub mod slip;
mod statements;
mod stock;
mod tasked;
pub mod verify;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use beatbook_domain::id::{ChainId, Link, SeedId};
use beatbook_domain::offline::OfflineWatch;
use beatbook_domain::seal::Seed;
use beatbook_domain::time::{ClockOffset, Reading};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};

pub use append::{NewRevision, Written};
pub use error::StoreError;
pub use identity::{Identity, Keys};
pub use open::{Expect, InstanceGuard, Location};
pub use outbox::Outbox;
pub use rows::StoredRevision;
pub use shifts::SHIFT;

use crate::clock::Clock;
use chains::Chains;
use outbox::Counted;
use pragmas::Durability;

/// The owner thread of a profile's store.
pub type StoreOwner = owner::Owner<Store>;

/// The two chains of a profile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chain {
    /// Records: entries, and everything about them.
    Record,
    /// The log: who looked, unlocked, exported.
    Log,
}

/// Where a chain ends here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    /// The sequence number the next revision gets.
    pub next_seq: u64,
    /// The link of the last one.
    pub link: Link,
}

/// An open store. Lives on its owner thread.
pub struct Store {
    location: Location,
    /// `None` after a failed commit, until it could be opened again.
    connection: Option<Connection>,
    clock: Arc<dyn Clock>,
    identity: Arc<Identity>,
    keys: Arc<Keys>,
    ends: [End; 2],
    chains: Chains,
    seeds: BTreeMap<(ChainId, i64), (SeedId, Seed)>,
    outbox: Outbox,
    indexed_up_to: i64,
    offset: Option<ClockOffset>,
    /// Log entries of the moment, written together.
    log_waiting: Vec<NewRevision>,
    /// Time since central was heard: as last looked at, and as last kept.
    offline: Option<OfflineWatch>,
    offline_kept: Option<OfflineWatch>,
    commits_since_checkpoint: u32,
    reference_version: u64,
    /// What the pill counts of the officer's own, once it was asked for.
    own_entries: Option<BTreeSet<Counted>>,
    /// Own handouts and stock movements, once they were asked for.
    stock: stock::StockRead,
    /// Whether central has stated since the notebook was opened what it holds safely.
    asked_safe: bool,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("indexed_up_to", &self.indexed_up_to).finish_non_exhaustive()
    }
}

/// Commits after which the idle thread moves the write-ahead log into the database, so that it wraps round instead of
/// growing (a growing log makes every fsync journal its new size).
const CHECKPOINT_AFTER: u32 = 64;

impl Store {
    /// Makes the database of a new profile and opens both chains, in that order, before anything else can be written.
    ///
    /// # Errors
    /// As [`open::open`] and [`Store::append`].
    pub fn create(
        location: Location,
        identity: Identity,
        keys: Keys,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let connection = open::open(&location, Expect::New, clock.now())?;
        identity::write(&connection, &identity, &keys)?;
        let mut store = Self::load(location, connection, clock)?;
        store.open_chains()?;
        Ok(store)
    }

    /// Opens the database of a profile.
    ///
    /// # Errors
    /// As [`open::open`].
    pub fn open(location: Location, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let connection = open::open(&location, Expect::Existing, clock.now())?;
        let mut store = Self::load(location, connection, clock)?;
        // A profile whose making was cut off between its files and its first revisions.
        store.open_chains()?;
        Ok(store)
    }

    fn load(location: Location, connection: Connection, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (identity, keys) = identity::read(&connection)?;
        let offset = settings::get_json(&connection, settings::CLOCK_OFFSET)?;
        let chains = Chains::enrolled(&identity);
        let mut store = Self {
            location,
            connection: None,
            clock,
            identity: Arc::new(identity),
            keys: Arc::new(keys),
            ends: [End { next_seq: 0, link: Link::GENESIS }; 2],
            chains,
            seeds: BTreeMap::new(),
            outbox: Outbox::default(),
            indexed_up_to: 0,
            offset,
            log_waiting: Vec::new(),
            offline: None,
            offline_kept: None,
            commits_since_checkpoint: 0,
            reference_version: 0,
            own_entries: None,
            stock: stock::StockRead::default(),
            asked_safe: false,
        };
        store.take_connection(connection)?;
        Ok(store)
    }

    /// Reads what is kept in memory from a connection just opened.
    fn take_connection(&mut self, connection: Connection) -> Result<(), StoreError> {
        self.indexed_up_to = settings::mark(&connection, settings::INDEXED_UP_TO)?;
        self.chains = Chains::read(&connection, &self.identity)?;
        for chain in [Chain::Record, Chain::Log] {
            let chain_id = self.chain_id(chain);
            self.ends[chain as usize] = append::read_end(&connection, chain_id, self.indexed_up_to)?;
        }
        self.seeds.clear();
        self.own_entries = None;
        self.stock = stock::StockRead::default();
        self.outbox = Outbox::load(&connection)?;
        self.connection = Some(connection);
        Ok(())
    }

    /// The connection; opened again if the last commit failed.
    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        if self.connection.is_none() {
            let connection = open::open(&self.location, Expect::Existing, self.clock.now())?;
            self.take_connection(connection)?;
        }
        self.connection.as_mut().ok_or(StoreError::Closed)
    }

    /// A transaction without an fsync of its own: the next durable one carries it to the disk. For what can be made again
    /// (index, states) or promises less than an entry (drafts).
    fn relaxed<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.connection()?;
        pragmas::durability(connection, Durability::Relaxed)?;
        let outcome: Result<(T, rusqlite::Result<()>), StoreError> = (|| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction)?;
            Ok((result, transaction.commit()))
        })();
        let restored = pragmas::durability(connection, Durability::Full);
        if let Err(error) = restored {
            // A connection that would save without an fsync must not be used again.
            self.connection = None;
            return Err(error);
        }
        let (result, committed) = outcome?;
        self.committed(committed)?;
        Ok(result)
    }

    fn committed(&mut self, committed: rusqlite::Result<()>) -> Result<(), StoreError> {
        match committed {
            Ok(()) => {
                self.commits_since_checkpoint += 1;
                Ok(())
            }
            Err(error) => {
                tracing::warn!(code = ?error.sqlite_error_code(), "a commit failed; the notebook is opened again");
                self.connection = None;
                Err(error.into())
            }
        }
    }

    /// The clocks now, with the measured distance to central.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading { at: self.clock.now(), mono: self.clock.mono(), offset: self.offset }
    }

    /// Whose notebook this is.
    #[must_use]
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// The keys of the profile.
    #[must_use]
    pub fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// What has not been received.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// What has not been received, to change what is known only in memory.
    pub fn outbox_mut(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// The id of the chain of records or of the log that is written to.
    #[must_use]
    pub fn chain_id(&self, chain: Chain) -> ChainId {
        self.chains.current(chain)
    }

    /// Where a chain ends here.
    #[must_use]
    pub fn end(&self, chain: Chain) -> End {
        self.ends[chain as usize]
    }

    /// Rises whenever reference data (officers, lists, areas) came: what is derived from it is made anew.
    #[must_use]
    pub fn reference_version(&self) -> u64 {
        self.reference_version
    }

    /// The measured distance to central's clock.
    #[must_use]
    pub fn clock_offset(&self) -> Option<ClockOffset> {
        self.offset
    }

    /// Free room where the notebook lies, bytes, as far as the system says.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        #[cfg(unix)]
        {
            let folder = self.location.path.parent()?;
            let room = rustix::fs::statvfs(folder).ok()?;
            Some(room.f_bavail.saturating_mul(room.f_frsize))
        }
        #[cfg(not(unix))]
        None
    }

    /// Brings to the disk what was committed without an fsync of its own.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and SQLite's own.
    pub fn to_disk(&mut self) -> Result<(), StoreError> {
        let transaction = self.connection()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Any page will do: the fsync of a full commit takes everything before it along.
        transaction.execute("UPDATE mark SET value = value WHERE name = ?1", [settings::SETTLED_UP_TO])?;
        let committed = transaction.commit();
        self.committed(committed)
    }

    /// Moves the write-ahead log into the database. Not needed for safety.
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.connection()?.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        self.commits_since_checkpoint = 0;
        Ok(())
    }
}

impl owner::Owned for Store {
    fn idle(&mut self) -> bool {
        let step = (|| {
            if !self.log_waiting.is_empty() {
                self.flush_log()?;
                return Ok(true);
            }
            if self.index_step()? {
                return Ok(true);
            }
            if self.commits_since_checkpoint >= CHECKPOINT_AFTER {
                self.checkpoint()?;
            }
            Ok::<bool, StoreError>(false)
        })();
        step.unwrap_or_else(|error| {
            // Tried again after the next job; what is read meanwhile scans the tail.
            tracing::warn!(%error, "idle work on the notebook failed");
            false
        })
    }

    fn recover(&mut self) {
        self.connection = None;
    }

    fn close(&mut self) {
        if let Err(error) = self.flush_log() {
            tracing::warn!(%error, "the log could not be written before closing");
        }
        // Dropping the last connection checkpoints and removes the write-ahead log.
        self.connection = None;
    }
}
