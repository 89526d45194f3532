//! What central's own end of each chain tells this phone: that central was restored from an older backup and lost what it
//! had receipted, or that this phone is an older copy of itself.

use beatbook_domain::id::{ChainId, EpochId, Link};
use beatbook_domain::time::Millis;
use beatbook_protocol::short::Held;
use beatbook_protocol::sync::{ChainEnd, ReceiptProblem};
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};

use super::outbox::Outbox;
use super::rows::State;
use super::{Chain, Store, StoreError, settings};

/// Central's code for a second revision at one place of a chain.
const SPLIT_CHAIN: &str = "split_chain";

/// What central's ends last made this phone do: shown to the officer for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reconciled {
    /// When.
    pub at: Millis,
    /// Revisions that wait again, because central was restored without them.
    pub wait_again: usize,
    /// This phone is an older copy of itself and goes on in new chains.
    pub is_copy: bool,
}

impl Store {
    /// Compares central's ends with what is here, and lets what central lost wait again; how many those are. Call it
    /// before the receipts of the same answer are applied: what central has taken just now is Received by them.
    ///
    /// # Errors
    /// SQLite's own; the next answer says the same again.
    pub fn send_again_what_central_lost(
        &mut self,
        epoch: EpochId,
        ends: &[ChainEnd],
    ) -> Result<usize, StoreError> {
        let is_new_epoch = self.last_answer()?.epoch.is_some_and(|known| known != epoch);
        let mut missing = Vec::new();
        for (_, chain) in self.chains.clone().all() {
            let Some(end) = ends.iter().find(|end| end.chain_id == chain) else { continue };
            let first_missing = end.verified_to.map_or(0, |seq| seq + 1);
            // In one epoch central only grows: if it stands before something it receipted, it was rolled back unsaid.
            if is_new_epoch || self.is_received(chain, first_missing)? {
                missing.push((chain, first_missing));
            }
        }
        if !is_new_epoch && missing.is_empty() {
            return Ok(0);
        }
        let wait_again = self.send_again(&missing)?;
        self.photos_are_asked_again()?;
        self.note_reconciled(|last| last.wait_again = wait_again)?;
        Ok(wait_again)
    }

    /// Goes on in a new chain where central holds more of a chain than this phone, or something else at a place this
    /// phone has used: it is an older copy of itself. What the other copy wrote is fetched, being the same officer's own.
    ///
    /// # Errors
    /// SQLite's own; the next answer says the same again.
    pub fn leave_split_chains(&mut self, ends: &[ChainEnd]) -> Result<bool, StoreError> {
        let mut left = false;
        for which in [Chain::Record, Chain::Log] {
            let (chain, next_seq) = (self.chain_id(which), self.end(which).next_seq);
            let here = |end: &&ChainEnd| end.chain_id == chain && end.seq.is_some_and(|seq| seq >= next_seq);
            if ends.iter().any(|end| here(&end)) || self.is_split(chain)? {
                self.go_on_in_new_chain(which)?;
                left = true;
            }
        }
        if left {
            self.relaxed(|transaction| {
                transaction.execute("UPDATE cursor SET pos = 0 WHERE scope LIKE 'officer:%'", [])?;
                Ok(())
            })?;
            self.note_reconciled(|last| last.is_copy = true)?;
        }
        Ok(left)
    }

    /// What central's ends last made this phone do, if ever.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn reconciled(&mut self) -> Result<Option<Reconciled>, StoreError> {
        self.setting(settings::RECONCILED)
    }

    fn note_reconciled(&mut self, say: impl FnOnce(&mut Reconciled)) -> Result<(), StoreError> {
        let mut noted = Reconciled { at: self.clock.now(), ..Reconciled::default() };
        say(&mut noted);
        self.set_setting(settings::RECONCILED, &noted)
    }

    /// The revision of ours at a place, and its state on disk.
    fn own_at(&mut self, chain: ChainId, seq: u64) -> Result<Option<(i64, Held)>, StoreError> {
        let Some(rid) = self.rid_at(chain, seq)? else { return Ok(None) };
        let mut statement =
            self.connection()?.prepare_cached("SELECT state, link, head FROM revision WHERE rid = ?1")?;
        let row = statement.query_row([rid], |row| {
            Ok((row.get(0)?, Held { seq, link: Link(row.get(1)?), head: row.get(2)? }))
        });
        Ok(row.optional()?)
    }

    fn state_at(&mut self, chain: ChainId, seq: u64) -> Result<Option<i64>, StoreError> {
        Ok(self.own_at(chain, seq)?.map(|(state, _)| state))
    }

    /// The revision of ours at a place, received or not.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn held_at(&mut self, chain: ChainId, seq: u64) -> Result<Option<Held>, StoreError> {
        Ok(self.own_at(chain, seq)?.map(|(_, held)| held))
    }

    /// The revision of ours at a place, if central has receipted it: what both sides are known to have.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn received_at(&mut self, chain: ChainId, seq: u64) -> Result<Option<Held>, StoreError> {
        let own = self.own_at(chain, seq)?;
        Ok(own.filter(|(state, _)| *state == State::Received as i64).map(|(_, held)| held))
    }

    fn is_received(&mut self, chain: ChainId, seq: u64) -> Result<bool, StoreError> {
        Ok(self.state_at(chain, seq)? == Some(State::Received as i64))
    }

    /// Whether central receipted something here as the second at its place.
    fn is_split(&mut self, chain: ChainId) -> Result<bool, StoreError> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT problems FROM revision WHERE problems IS NOT NULL AND own = 1 AND chain_id = ?1",
        )?;
        let rows = statement.query_map([chain.as_bytes().as_slice()], |row| row.get::<_, String>(0))?;
        for text in rows {
            let problems: Vec<ReceiptProblem> = settings::read_json("problems", text?.as_bytes())?;
            if problems.iter().any(|problem| problem.code == SPLIT_CHAIN) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Puts everything received from these places on back to Waiting (what is erased or dropped here too: it travels without
    /// its words, so that the chain closes), and reads every scope from its beginning: the
    /// positions after the backup mean other revisions now. Receipts of before stay as they were signed.
    fn send_again(&mut self, missing: &[(ChainId, u64)]) -> Result<usize, StoreError> {
        self.catch_up_index()?;
        let settled = self.settled_up_to()?;
        let again = self.relaxed(|transaction| {
            let (mut again, mut first) = (0, None::<i64>);
            for (chain, from) in missing {
                let mut statement = transaction.prepare_cached(
                    "UPDATE revision SET state = ?3, central_pos = NULL, received_at = NULL, receipt_list = NULL, problems = NULL
                     WHERE rid IN (SELECT rid FROM revision_index WHERE chain_id = ?1 AND seq >= ?2)
                       AND own = 1 AND state = ?4
                     RETURNING rid",
                )?;
                let waiting = (State::Waiting as i64, State::Received as i64);
                let rows = statement.query_map(
                    (chain.as_bytes().as_slice(), from.cast_signed(), waiting.0, waiting.1),
                    |row| row.get::<_, i64>(0),
                )?;
                for rid in rows {
                    let rid = rid?;
                    again += 1;
                    first = Some(first.map_or(rid, |least| least.min(rid)));
                }
            }
            if let Some(first) = first.filter(|first| *first <= settled) {
                settings::set_mark(transaction, settings::SETTLED_UP_TO, first - 1)?;
            }
            transaction.execute("UPDATE cursor SET pos = 0", [])?;
            transaction.execute("UPDATE revision SET central_pos = NULL WHERE own = 0", [])?;
            Ok(again)
        })?;
        self.outbox = Outbox::load(self.connection()?)?;
        Ok(again)
    }
}
