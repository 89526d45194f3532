//! Orders to erase: what goes, in which order, and up to where they are carried out.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Body, Erasure, Gone, Head, Kind};
use beatbook_domain::id::{EntryId, EpochId, Link, SeedId};
use beatbook_domain::seal::Sealed;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::FeedRevision;
use rusqlite::{OptionalExtension as _, TransactionBehavior};
use serde::{Deserialize, Serialize};

use super::pull::{Outcome, apply_revision};
use super::rows::{State, gone_column};
use super::{Store, StoreError, settings, stock};

/// Most erasures looked through for the one that names a revision.
const MOST_ERASURES: u32 = 10_000;

/// Up to where orders are carried out: a position of one epoch.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct ErasedTo {
    epoch: EpochId,
    pos: u64,
}

/// Under what a revision was erased.
#[derive(Clone, PartialEq, Debug)]
pub struct ErasedUnder {
    /// The erasure as sealed.
    pub erasure: Erasure,
    /// Its head: when, and by whom.
    pub head: Head,
}

/// A revision an order names, as it stands here.
struct Here {
    rid: i64,
    own: bool,
    state: State,
    seed: Option<SeedId>,
    entry: EntryId,
}

impl Store {
    /// The position of this epoch up to which orders are carried out.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn erased_to(&mut self, epoch: Option<EpochId>) -> Result<u64, StoreError> {
        let told: Option<ErasedTo> = self.setting(settings::ERASED_TO)?;
        Ok(told.filter(|told| Some(told.epoch) == epoch).map_or(0, |told| told.pos))
    }

    /// Carries out orders whose signature was checked, in their order; how many. Words and salts, drafts, slips, photos and
    /// everything found by them go; heads, commitments and links stay. On disk when this returns. An order about something
    /// of one's own that is not received yet waits, and with it the mark, until it is.
    ///
    /// # Errors
    /// SQLite's own; what was not carried out is ordered again.
    pub fn carry_out(&mut self, epoch: EpochId, orders: &[FeedRevision]) -> Result<usize, StoreError> {
        let (mut done, mut waits) = (0, false);
        for order in orders {
            let Some(erasure) = read_order(order) else {
                tracing::warn!(link = %order.link, "an order to erase cannot be read and was left");
                waits = true;
                continue;
            };
            if self.obey(order, &erasure, (!waits).then_some(ErasedTo { epoch, pos: order.pos }))? {
                done += 1;
            } else {
                waits = true;
            }
        }
        if done > 0 {
            // What is erased must not stay behind in the write-ahead log.
            self.connection()?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            self.stock = stock::StockRead::default();
        }
        Ok(done)
    }

    /// One order; false where it has to wait.
    fn obey(
        &mut self,
        order: &FeedRevision,
        erasure: &Erasure,
        mark: Option<ErasedTo>,
    ) -> Result<bool, StoreError> {
        let mut here = Vec::new();
        for link in &erasure.links {
            here.extend(self.named_here(link)?);
        }
        if here.iter().any(|one| one.own && one.state != State::Received) {
            return Ok(false);
        }
        let seeds: BTreeSet<SeedId> = here.iter().filter(|one| one.own).filter_map(|one| one.seed).collect();
        let transaction = self.connection()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // The seed first: while it lives, the salt that is deleted could be derived again.
        for seed in &seeds {
            transaction.execute("DELETE FROM seed WHERE seed_id = ?1", [seed.as_bytes().as_slice()])?;
        }
        for one in &here {
            let entry = one.entry.as_bytes().as_slice();
            transaction.execute(
                "UPDATE revision SET body = NULL, salt = NULL, gone = ?2 WHERE rid = ?1",
                (one.rid, gone_column(Gone::Erased)),
            )?;
            transaction.execute("DELETE FROM draft WHERE entry_id = ?1", [entry])?;
            transaction.execute("DELETE FROM slip WHERE entry_id = ?1", [entry])?;
            transaction.execute("DELETE FROM fetched WHERE entry_id = ?1", [entry])?;
        }
        for link in &erasure.links {
            transaction.execute("DELETE FROM wanted WHERE link = ?1", [link.0.as_slice()])?;
        }
        if matches!(apply_revision(&transaction, None, order)?, Outcome::Bad) {
            return Ok(false);
        }
        if let Some(mark) = mark {
            settings::put_json(&transaction, settings::ERASED_TO, &mark)?;
        }
        let committed = transaction.commit();
        self.committed(committed)?;
        self.seeds.retain(|_, (id, _)| !seeds.contains(id));
        Ok(true)
    }

    fn named_here(&mut self, link: &Link) -> Result<Option<Here>, StoreError> {
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT rid, own, state, seed_id, entry_id FROM revision WHERE link = ?1")?;
        let found = statement.query_row([link.0.as_slice()], |row| {
            Ok(Here {
                rid: row.get(0)?,
                own: row.get(1)?,
                state: State::from_column(row.get(2)?),
                seed: row.get::<_, Option<[u8; 16]>>(3)?.map(SeedId::from_bytes),
                entry: EntryId::from_bytes(row.get(4)?),
            })
        });
        Ok(found.optional()?)
    }

    /// Under what a revision was erased, as far as this device was told.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn erased_under(&mut self, link: &Link) -> Result<Option<ErasedUnder>, StoreError> {
        let rows = self.revisions_of_kinds(&[Kind::Erasure], None, Millis(i64::MIN), MOST_ERASURES)?;
        let named = rows.iter().filter_map(|row| row.parse()).find_map(|revision| match revision.body {
            Some(Body::Erasure(erasure)) if erasure.links.contains(link) => {
                Some(ErasedUnder { erasure, head: revision.head })
            }
            _ => None,
        });
        Ok(named)
    }
}

/// The erasure an order brings, its seal checked; none where it is no erasure.
fn read_order(order: &FeedRevision) -> Option<Erasure> {
    let sealed = Sealed {
        chain_id: order.chain_id,
        seq: order.seq,
        head: order.head.get().as_bytes().to_vec(),
        body: Some(order.body.as_ref()?.get().as_bytes().to_vec()),
        salt: order.salt,
        commit: order.commit,
        link: order.link,
    };
    sealed.verify(&order.before).ok()?;
    let head = Head::parse(&sealed.head).ok()?;
    match Body::parse(head.kind, head.schema, head.change, sealed.body.as_ref()?).ok()? {
        Body::Erasure(erasure) => Some(erasure),
        _ => None,
    }
}
