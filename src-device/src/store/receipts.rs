//! Applying receipts: the only way a revision becomes Received, and only after central's signature over the verbatim
//! list was checked with the receipt key of the statement of keys in force.

use std::collections::VecDeque;
use std::time::Instant;

use beatbook_domain::id::{ChainId, EntryId, EpochId, Link, Signature};
use beatbook_domain::seal::{Purpose, verify};
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::{Receipt, ReceiptList, Refusal, RefusalReason, SignedReceipts};
use rusqlite::{OptionalExtension as _, Transaction};
use serde::{Deserialize, Serialize};

use super::outbox::Counted;
use super::owner::STEP;
use super::rows::State;
use super::statements::raise_signed_time;
use super::{Identity, Store, StoreError, settings};
use crate::words;

/// Most receipts applied in one step; fewer where half its time is over before.
const RECEIPTS_A_STEP: usize = 512;
/// Most receipts written by one statement.
const RUN: usize = 64;

/// A manifest as it was sent: kept verbatim once a receipt proves that central has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentManifest {
    /// The chain.
    pub chain_id: ChainId,
    /// First sequence number.
    pub first: u64,
    /// Last sequence number.
    pub last: u64,
    /// The signed bytes.
    pub manifest: String,
    /// The profile key's signature.
    pub signature: Signature,
}

/// Why a list of receipts is not believed. Nothing of it is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Signed by another key than the pinned receipt key, or not at all.
    #[error("{}", words::RECEIPTS_NOT_SIGNED)]
    NotSigned,
    /// Signed, but for another device.
    #[error("{}", words::RECEIPTS_OF_ANOTHER)]
    OtherDevice,
    /// Signed, but unreadable.
    #[error("{}", words::RECEIPTS_UNREADABLE)]
    Unreadable,
}

/// What applying a reply changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Revisions that became Received.
    pub received: usize,
    /// Revisions set aside.
    pub refused: usize,
}

/// Checks a list of receipts.
///
/// # Errors
/// [`ReceiptError`].
pub fn check(signed: &SignedReceipts, identity: &Identity) -> Result<ReceiptList, ReceiptError> {
    let pinned = &identity.force.keys.receipt_key;
    if signed.key != *pinned
        || !verify(pinned, Purpose::Receipts, &[signed.list.as_bytes()], &signed.signature)
    {
        return Err(ReceiptError::NotSigned);
    }
    let list: ReceiptList = serde_json::from_str(&signed.list).map_err(|_| ReceiptError::Unreadable)?;
    if list.keys != identity.force.keys.number {
        return Err(ReceiptError::NotSigned);
    }
    if list.device == identity.device_id { Ok(list) } else { Err(ReceiptError::OtherDevice) }
}

/// Receipts and refusals of one reply, applied step by step so that a save never waits long.
#[derive(Debug)]
pub struct ApplyReceipts {
    signed: Option<SignedReceipts>,
    signed_at: Option<Millis>,
    epoch: Option<EpochId>,
    receipts: std::vec::IntoIter<Receipt>,
    /// What was sent, in the order of sending, with its local numbers: receipts come in the same order.
    sent: VecDeque<(Link, i64)>,
    manifests: Vec<SentManifest>,
    refusals: Vec<Refusal>,
    list_row: Option<i64>,
    applied: Applied,
}

impl ApplyReceipts {
    /// Takes a reply's receipts, checked first.
    ///
    /// # Errors
    /// [`ReceiptError`]; nothing is applied then, the refusals neither.
    pub fn new(
        signed: Option<SignedReceipts>,
        refusals: Vec<Refusal>,
        manifests: Vec<SentManifest>,
        identity: &Identity,
    ) -> Result<Self, ReceiptError> {
        let (signed_at, epoch, receipts) = match &signed {
            Some(signed) => {
                let list = check(signed, identity)?;
                (Some(list.at), Some(list.epoch), list.receipts)
            }
            None => (None, None, Vec::new()),
        };
        Ok(Self {
            signed,
            signed_at,
            epoch,
            receipts: receipts.into_iter(),
            sent: VecDeque::new(),
            manifests,
            refusals,
            list_row: None,
            applied: Applied::default(),
        })
    }

    /// Knows the local numbers of what was sent: none of it has to be looked up.
    #[must_use]
    pub fn of_sent(self, links: &[Link], rids: &[i64]) -> Self {
        Self { sent: links.iter().copied().zip(rids.iter().copied()).collect(), ..self }
    }

    /// One step; returns the sum once all is applied.
    ///
    /// # Errors
    /// SQLite's own; what was not applied is sent again and receipted again.
    pub fn step(&mut self, store: &mut Store) -> Result<Option<Applied>, StoreError> {
        if self.receipts.as_slice().is_empty() {
            self.applied.refused = store.apply_refusals(std::mem::take(&mut self.refusals))?;
            store.forget_seeds_of_past_days()?;
            return Ok(Some(self.applied));
        }
        let now = store.clock.now();
        let began = Instant::now();
        let (signed, manifests, list_row) = (&self.signed, &mut self.manifests, self.list_row);
        let (receipts, sent) = (&mut self.receipts, &mut self.sent);
        let (signed_at, epoch) = (self.signed_at, self.epoch);
        let (list_row, done) = store.relaxed(|transaction| {
            let list_row = match (list_row, signed) {
                (Some(row), _) => Some(row),
                (None, Some(signed)) => {
                    for manifest in manifests.drain(..) {
                        keep_manifest(transaction, &manifest)?;
                    }
                    if let Some(at) = signed_at {
                        raise_signed_time(transaction, at)?;
                    }
                    Some(keep_list(transaction, signed, epoch, now)?)
                }
                (None, None) => None,
            };
            let mut done = Vec::new();
            while let Some(receipt) = receipts.as_slice().first() {
                let count = run(receipts.as_slice(), sent);
                match (count, sent.front().copied()) {
                    (1.., Some((_, first))) => {
                        let last = first + i64::try_from(count).unwrap_or(i64::MAX) - 1;
                        apply_run(transaction, receipt, (first, last), list_row)?;
                        done.extend((first..=last).map(|rid| (rid, receipt.received_at)));
                        sent.drain(..count);
                    }
                    _ => {
                        let rid = apply(transaction, receipt, list_row)?;
                        done.extend(rid.map(|rid| (rid, receipt.received_at)));
                    }
                }
                // As many as were written: one where it was looked up.
                receipts.nth(count.saturating_sub(1));
                if done.len() >= RECEIPTS_A_STEP || began.elapsed() > STEP / 2 {
                    break;
                }
            }
            Ok((list_row, done))
        })?;
        self.list_row = list_row;
        for (rid, received_at) in done {
            self.applied.received += 1;
            store.outbox.remove(rid);
            store.outbox.last_received = store.outbox.last_received.max(Some(received_at));
        }
        store.move_settled_mark()?;
        Ok(None)
    }
}

fn keep_list(
    transaction: &Transaction<'_>,
    signed: &SignedReceipts,
    epoch: Option<EpochId>,
    now: Millis,
) -> Result<i64, StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO receipt_list (list, signature, signed_by, applied_at, epoch) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let epoch = epoch.map(|epoch| epoch.to_string());
    Ok(statement.insert((
        &signed.list,
        signed.signature.0.as_slice(),
        signed.key.0.as_slice(),
        now.0,
        epoch,
    ))?)
}

fn keep_manifest(transaction: &Transaction<'_>, manifest: &SentManifest) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO manifest (chain_id, first, last, manifest, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            manifest.chain_id.as_bytes().as_slice(),
            manifest.first.cast_signed(),
            manifest.last.cast_signed(),
            &manifest.manifest,
            manifest.signature.0.as_slice(),
        ))?;
    Ok(())
}

/// How many of the next receipts say the same of what was sent one after another, and lies here one after another: no
/// questions, one time, positions that follow each other. What was sent before them and has no receipt is passed over.
fn run(receipts: &[Receipt], sent: &mut VecDeque<(Link, i64)>) -> usize {
    let Some(first) = receipts.first() else { return 0 };
    match sent.iter().position(|(link, _)| *link == first.link) {
        Some(passed) => drop(sent.drain(..passed)),
        None => return 0,
    }
    let from = sent.front().map_or(0, |(_, rid)| *rid);
    let goes_on = |(n, (receipt, (link, rid))): &(usize, (&Receipt, &(Link, i64)))| {
        let place = *n as u64;
        receipt.link == *link
            && *rid == from.wrapping_add_unsigned(place)
            && receipt.pos == first.pos.wrapping_add(place)
            && receipt.received_at == first.received_at
            && receipt.problems.is_empty()
    };
    receipts.iter().zip(sent.iter()).take(RUN).enumerate().take_while(goes_on).count()
}

/// Marks the revisions of a run received; `first` is the receipt of the first of them.
fn apply_run(
    transaction: &Transaction<'_>,
    first: &Receipt,
    rids: (i64, i64),
    list: Option<i64>,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "UPDATE revision SET state = ?3, central_pos = ?4 + rid - ?1, received_at = ?5, receipt_list = ?6,
                    problems = NULL, refusal = NULL
             WHERE rid BETWEEN ?1 AND ?2 AND own = 1",
        )?
        .execute((
            rids.0,
            rids.1,
            State::Received as i64,
            first.pos.cast_signed(),
            first.received_at.0,
            list,
        ))?;
    transaction.prepare_cached("DELETE FROM set_aside WHERE rid BETWEEN ?1 AND ?2")?.execute(rids)?;
    Ok(())
}

/// Marks one revision received; the row's number where it was not so before.
fn apply(
    transaction: &Transaction<'_>,
    receipt: &Receipt,
    list: Option<i64>,
) -> Result<Option<i64>, StoreError> {
    let problems = if receipt.problems.is_empty() {
        None
    } else {
        Some(
            serde_json::to_string(&receipt.problems)
                .map_err(|error| StoreError::Content(error.to_string()))?,
        )
    };
    let mut statement = transaction.prepare_cached(
        "UPDATE revision SET state = ?2, central_pos = ?3, received_at = ?4, receipt_list = ?5, problems = ?6, refusal = NULL
         WHERE link = ?1 AND own = 1 RETURNING rid",
    )?;
    let rid = statement
        .query_row(
            (
                receipt.link.0.as_slice(),
                State::Received as i64,
                receipt.pos.cast_signed(),
                receipt.received_at.0,
                list,
                problems,
            ),
            |row| row.get(0),
        )
        .optional()?;
    if let Some(rid) = rid {
        transaction.prepare_cached("DELETE FROM set_aside WHERE rid = ?1")?.execute([rid])?;
    }
    Ok(rid)
}

/// The stable code of a refusal, as stored.
#[must_use]
pub const fn refusal_code(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::Undecodable => "undecodable",
        RefusalReason::Oversized => "oversized",
        RefusalReason::BadlySigned => "badly_signed",
        RefusalReason::UnknownChain => "unknown_chain",
    }
}

/// The cause of a refusal in plain words, with what to do.
#[must_use]
pub fn refusal_words(code: &str) -> &'static str {
    match code {
        "oversized" => words::REFUSED_OVERSIZED,
        "unknown_chain" => words::REFUSED_UNKNOWN_CHAIN,
        "badly_signed" => words::REFUSED_BADLY_SIGNED,
        _ => words::REFUSED_UNREAD,
    }
}

impl Store {
    fn apply_refusals(&mut self, refusals: Vec<Refusal>) -> Result<usize, StoreError> {
        let mut refused: Vec<(i64, &'static str)> = Vec::new();
        for refusal in &refusals {
            let (chain, range) = (refusal.chain_id, refusal.first..=refusal.last);
            let hit = self.outbox.items().filter(|item| item.chain_id == chain && range.contains(&item.seq));
            refused.extend(hit.map(|item| (item.rid, refusal_code(refusal.reason))));
        }
        if refused.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        self.relaxed(|transaction| {
            for (rid, code) in &refused {
                transaction
                    .prepare_cached("UPDATE revision SET state = ?2, refusal = ?3 WHERE rid = ?1")?
                    .execute((rid, State::Refused as i64, code))?;
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO set_aside (rid, at) VALUES (?1, ?2)")?
                    .execute((rid, now.0))?;
            }
            Ok(())
        })?;
        let rids: Vec<i64> = refused.iter().map(|(rid, _)| *rid).collect();
        self.outbox.set_state(&rids, State::Refused);
        self.move_settled_mark()?;
        Ok(refused.len())
    }

    /// Lets what was set aside of an entry, or of a shift's patrol record, wait again: its cause was cured elsewhere, or is
    /// worth another try. On disk when this returns.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn queue_again(&mut self, entry: EntryId) -> Result<(), StoreError> {
        self.catch_up_index()?;
        let of = [Counted::Entry(entry), Counted::Patrol(entry)];
        let again: Vec<i64> = self
            .outbox
            .items()
            .filter(|item| item.state == State::Refused && of.contains(&item.counted))
            .map(|item| item.rid)
            .collect();
        let settled = self.settled_up_to()?;
        self.relaxed(|transaction| {
            for rid in &again {
                transaction
                    .prepare_cached("UPDATE revision SET state = ?2, refusal = NULL WHERE rid = ?1")?
                    .execute((rid, State::Waiting as i64))?;
                transaction.prepare_cached("DELETE FROM set_aside WHERE rid = ?1")?.execute([rid])?;
            }
            if let Some(first) = again.iter().copied().min().filter(|first| *first <= settled) {
                settings::set_mark(transaction, settings::SETTLED_UP_TO, first - 1)?;
            }
            transaction
                .prepare_cached(
                    "UPDATE attachment SET refusal = NULL WHERE own = 1 AND word IS NULL AND sha256 IN
                         (SELECT n.sha256 FROM revision_index i JOIN attachment_name n ON n.rid = i.rid
                          WHERE i.entry_id = ?1)",
                )?
                .execute([entry.as_bytes().as_slice()])?;
            Ok(())
        })?;
        self.outbox.set_state(&again, State::Waiting);
        self.reload_photos()?;
        self.to_disk()
    }

    /// Notes that a send of these was tried: Saved becomes Waiting, on disk, without an fsync of its own.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn mark_tried(&mut self, rids: &[i64]) -> Result<(), StoreError> {
        let saved: Vec<i64> = rids
            .iter()
            .copied()
            .filter(|rid| self.outbox.get(*rid).is_some_and(|item| item.state == State::Saved))
            .collect();
        // The oldest go first: one mark says it of all of them, and no row is written for it.
        if let Some(newest) = saved.iter().copied().max() {
            self.relaxed(|transaction| {
                let tried = settings::mark(transaction, settings::TRIED_UP_TO)?;
                settings::set_mark(transaction, settings::TRIED_UP_TO, newest.max(tried))
            })?;
        }
        self.outbox.set_state(&saved, State::Waiting);
        Ok(())
    }

    /// Moves the mark below which nothing has to be read when the notebook is opened.
    fn move_settled_mark(&mut self) -> Result<(), StoreError> {
        let before = self.settled_up_to()?;
        let first_unsettled = self.outbox.sendable().map(|item| item.rid).next();
        let settled = match first_unsettled {
            Some(first) => first - 1,
            None => {
                self.connection()?
                    .query_row("SELECT coalesce(max(rid), 0) FROM revision", [], |row| row.get(0))?
            }
        };
        if settled > before {
            self.relaxed(|transaction| settings::set_mark(transaction, settings::SETTLED_UP_TO, settled))?;
        }
        Ok(())
    }

    /// Deletes the seeds of past days whose revisions are all receipted: from then on only the salts are left.
    fn forget_seeds_of_past_days(&mut self) -> Result<(), StoreError> {
        let today = self.clock.now().0.div_euclid(DAY_MS);
        let needed: Vec<(ChainId, i64)> =
            self.outbox.items().map(|item| (item.chain_id, item.written_at.0.div_euclid(DAY_MS))).collect();
        let held: Vec<([u8; 16], [u8; 16], i64)> = {
            let mut statement = self
                .connection()?
                .prepare_cached("SELECT seed_id, chain_id, day FROM seed WHERE day < ?1")?;
            let rows = statement.query_map([today], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let past: Vec<_> = held
            .into_iter()
            .filter(|(_, chain, day)| !needed.contains(&(ChainId::from_bytes(*chain), *day)))
            .collect();
        if past.is_empty() {
            return Ok(());
        }
        self.relaxed(|transaction| {
            for (seed_id, _, _) in &past {
                transaction.execute("DELETE FROM seed WHERE seed_id = ?1", [seed_id.as_slice()])?;
            }
            Ok(())
        })?;
        self.seeds
            .retain(|key, _| !past.iter().any(|(_, chain, day)| *key == (ChainId::from_bytes(*chain), *day)));
        Ok(())
    }
}
