//! Copies of what central holds: which may be dropped, and words asked back.

use std::collections::BTreeSet;

use beatbook_domain::code_list::built_in;
use beatbook_domain::duty::duties;
use beatbook_domain::entry::{Entry, Gone, fold};
use beatbook_domain::id::{EntryId, EpochId, Link};
use beatbook_domain::privacy::copies::{Held, may_drop};
use beatbook_domain::privacy::retention::RetentionTable;
use beatbook_domain::seal::{Purpose, Sealed, verify};
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::{
    CopiesSaid, FeedRevision, ForceBundle, MOST_WANTED, ReceiptList, Scope, Stands,
};
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};

use super::rows::{StoredRevision, gone_column};
use super::{Store, StoreError, index, settings};

/// Entries looked at in one step.
const ENTRIES_A_STEP: u32 = 5;
/// Most scopes said to be forgotten in one request.
const MOST_FORGOTTEN: u32 = 100;

/// The entries whose copies may be dropped at all, oldest first, after a place.
const CANDIDATES: &str = "
    SELECT DISTINCT occurred_at, entry_id FROM revision
    WHERE state = 4 AND body IS NOT NULL
      AND kind IN ('engagement', 'event', 'concern', 'power_use', 'referral', 'addendum')
      AND (occurred_at, entry_id) > (?1, ?2)
    ORDER BY occurred_at, entry_id LIMIT ?3";

/// Whether central holds a revision safely: below what it stated, by a position of the present epoch.
const IS_SAFE: &str = "
    SELECT r.state = 4 AND r.central_pos IS NOT NULL AND r.central_pos < ?2
           AND (r.own = 0 OR EXISTS (
               SELECT 1 FROM receipt_list l JOIN known_epoch e ON e.epoch = l.epoch
               WHERE l.id = r.receipt_list AND r.central_pos <= e.stands_to))
    FROM revision r WHERE r.rid = ?1";

/// What central stated as safely held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Safe {
    /// In this epoch.
    pub epoch: EpochId,
    /// Below this position; none where no backup is proved.
    pub below: Option<u64>,
    /// Device time when it was said.
    pub at: Millis,
}

/// A walk over the copies.
#[derive(Clone, Debug)]
pub struct DropRun {
    below: u64,
    table: RetentionTable,
    now: Millis,
    after: (i64, [u8; 16]),
    dropped: usize,
}

/// Words asked back, as a screen shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// Asked for; the next exchange brings it.
    Asked,
    /// Central did not have it, or may not give it.
    Missing,
}

impl Store {
    /// What the next request says of the copies here.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn copies_said(&mut self, epoch: Option<EpochId>) -> Result<CopiesSaid, StoreError> {
        let erased_to = self.erased_to(epoch)?;
        let (now, asked) = (self.clock.now(), self.asked_safe);
        let safe: Option<Safe> = self.setting(settings::SAFE)?;
        let is_fresh = |safe: &Safe| Some(safe.epoch) == epoch && (now.0 - safe.at.0).abs() < DAY_MS;
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached("SELECT scope FROM forgotten ORDER BY at LIMIT ?1")?;
        let rows = statement.query_map([MOST_FORGOTTEN], |row| row.get::<_, String>(0))?;
        let scopes: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
        let forgot = scopes.iter().filter_map(|scope| scope.parse().ok()).collect();
        let mut statement =
            connection.prepare_cached("SELECT link FROM wanted WHERE missing = 0 LIMIT ?1")?;
        let rows = statement.query_map([MOST_WANTED as i64], |row| Ok(Link(row.get(0)?)))?;
        let wants = rows.collect::<rusqlite::Result<_>>()?;
        Ok(CopiesSaid { erased_to, forgot, wants, asks_safe: !asked || !safe.as_ref().is_some_and(is_fresh) })
    }

    /// Central has heard which scopes are forgotten.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn forgetting_told(&mut self, scopes: &[Scope]) -> Result<(), StoreError> {
        if scopes.is_empty() {
            return Ok(());
        }
        self.relaxed(|transaction| {
            let mut statement = transaction.prepare_cached("DELETE FROM forgotten WHERE scope = ?1")?;
            for scope in scopes {
                statement.execute([scope.to_string()])?;
            }
            Ok(())
        })
    }

    /// Keeps what central stated as safely held.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_safe(&mut self, epoch: EpochId, below: Option<u64>) -> Result<(), StoreError> {
        let safe = Safe { epoch, below, at: self.clock.now() };
        self.set_setting(settings::SAFE, &safe)?;
        self.asked_safe = true;
        Ok(())
    }

    /// Notes central's epoch, and in a new one how far the receipts of older ones stand in it.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn note_epoch(&mut self, epoch: EpochId, stands: &[Stands]) -> Result<(), StoreError> {
        let known = self.last_answer()?.epoch;
        if known == Some(epoch) && self.knows_epoch(epoch)? {
            return Ok(());
        }
        self.relaxed(|transaction| {
            transaction.execute("DELETE FROM known_epoch", [])?;
            let mut statement = transaction
                .prepare_cached("INSERT OR REPLACE INTO known_epoch (epoch, stands_to) VALUES (?1, ?2)")?;
            for stand in stands {
                statement.execute((stand.epoch.to_string(), i64::try_from(stand.to).unwrap_or(i64::MAX)))?;
            }
            statement.execute((epoch.to_string(), i64::MAX))?;
            Ok(())
        })
    }

    fn knows_epoch(&mut self, epoch: EpochId) -> Result<bool, StoreError> {
        let mut statement =
            self.connection()?.prepare_cached("SELECT 1 FROM known_epoch WHERE epoch = ?1")?;
        Ok(statement.exists([epoch.to_string()])?)
    }

    /// A walk over all copies, where central stated what is safe in its present epoch.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn drop_run(&mut self) -> Result<Option<DropRun>, StoreError> {
        let safe: Option<Safe> = self.setting(settings::SAFE)?;
        let last = self.last_answer()?;
        let safe = safe.filter(|safe| Some(safe.epoch) == last.epoch);
        let Some(below) = safe.and_then(|safe| safe.below) else { return Ok(None) };
        let table = self.lists()?.unwrap_or_else(|| built_in().clone()).policy.retention();
        Ok(Some(DropRun { below, table, now: last.server_time, after: (i64::MIN, [0; 16]), dropped: 0 }))
    }

    /// One step of it; how many entries lost their words here, once it is through.
    ///
    /// # Errors
    /// SQLite's own; what was not dropped is looked at another time.
    pub fn drop_step(&mut self, run: &mut DropRun) -> Result<Option<usize>, StoreError> {
        let candidates: Vec<(i64, [u8; 16])> = {
            let mut statement = self.connection()?.prepare_cached(CANDIDATES)?;
            let after = (run.after.0, run.after.1.as_slice(), ENTRIES_A_STEP);
            let rows = statement.query_map(after, |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let Some(last) = candidates.last() else { return Ok(Some(run.dropped)) };
        run.after = *last;
        for (_, entry) in candidates {
            let entry = EntryId::from_bytes(entry);
            if self.drops(entry, run)? {
                self.drop_words(entry)?;
                run.dropped += 1;
            }
        }
        Ok(None)
    }

    /// Whether the rule lets the words of an entry go.
    fn drops(&mut self, entry_id: EntryId, run: &DropRun) -> Result<bool, StoreError> {
        let rows = self.revisions_of_entry(entry_id)?;
        let mut safe = true;
        for row in &rows {
            // With the words a photo would go: it must be in the backup too.
            safe &= self.is_safe(row.rid, run.below)? && !self.photo_holds(row.rid, run.below)?;
        }
        let in_hand = self.draft(entry_id)?.is_some() || self.slip(entry_id)?.is_some();
        let shifts: BTreeSet<EntryId> =
            rows.iter().filter_map(|row| row.parse()).filter_map(|revision| revision.head.shift_id).collect();
        let mut among: Vec<StoredRevision> = self.revisions_about(entry_id)?;
        let mut on_shift = false;
        for shift in shifts {
            among.extend(self.revisions_about(shift)?);
            let opened = fold(self.revisions_of_entry(shift)?.iter().filter_map(StoredRevision::parse));
            on_shift |= opened.iter().any(|shift| shift.current().head.occurred_until.is_none());
        }
        let linked = fold(self.revisions_linked_to(entry_id)?.iter().filter_map(StoredRevision::parse));
        let duty = duties(&linked).iter().any(|duty| duty.open && duty.about == Some(entry_id));
        among.extend(rows);
        let entries: Vec<Entry> = fold(among.iter().filter_map(StoredRevision::parse));
        let Some(entry) = entries.iter().find(|entry| entry.entry_id == entry_id) else { return Ok(false) };
        let fetched_at = self.fetched_at(entry_id)?;
        let held = Held { entry, among: &entries, safe, in_hand, duty, on_shift, fetched_at, now: run.now };
        Ok(may_drop(&held, &run.table).is_ok())
    }

    fn is_safe(&mut self, rid: i64, below: u64) -> Result<bool, StoreError> {
        let below = i64::try_from(below).unwrap_or(i64::MAX);
        Ok(self.connection()?.prepare_cached(IS_SAFE)?.query_row((rid, below), |row| row.get(0))?)
    }

    fn fetched_at(&mut self, entry: EntryId) -> Result<Option<Millis>, StoreError> {
        let mut statement =
            self.connection()?.prepare_cached("SELECT at FROM fetched WHERE entry_id = ?1")?;
        Ok(statement.query_row([entry.as_bytes().as_slice()], |row| row.get(0).map(Millis)).optional()?)
    }

    /// Drops the words of an entry; the stub stays in every list.
    fn drop_words(&mut self, entry: EntryId) -> Result<(), StoreError> {
        let rids: Vec<i64> = self.revisions_of_entry(entry)?.iter().map(|row| row.rid).collect();
        self.relaxed(|transaction| {
            let mut statement = transaction.prepare_cached(
                "UPDATE revision SET body = NULL, salt = NULL, gone = ?2
                 WHERE rid = ?1 AND state = 4 AND body IS NOT NULL",
            )?;
            for rid in &rids {
                statement.execute((rid, gone_column(Gone::AtServer)))?;
            }
            transaction.execute("DELETE FROM fetched WHERE entry_id = ?1", [entry.as_bytes().as_slice()])?;
            Ok(())
        })
    }

    /// Asks the words of an entry back; the next exchange brings them.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn want(&mut self, entry: EntryId) -> Result<(), StoreError> {
        let rows = self.revisions_of_entry(entry)?;
        let dropped: Vec<Link> =
            rows.iter().filter(|row| row.gone == Some(Gone::AtServer)).map(|row| row.link).collect();
        self.relaxed(|transaction| {
            let mut statement =
                transaction.prepare_cached("INSERT OR REPLACE INTO wanted (link, missing) VALUES (?1, 0)")?;
            for link in &dropped {
                statement.execute([link.0.as_slice()])?;
            }
            Ok(())
        })
    }

    /// Whether the words of a revision were asked back.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn wanted(&mut self, link: &Link) -> Result<Option<Wanted>, StoreError> {
        let mut statement =
            self.connection()?.prepare_cached("SELECT missing FROM wanted WHERE link = ?1")?;
        let missing: Option<bool> = statement.query_row([link.0.as_slice()], |row| row.get(0)).optional()?;
        Ok(missing.map(|missing| if missing { Wanted::Missing } else { Wanted::Asked }))
    }

    /// Takes words that were asked back, each checked against its commitment; how many came.
    ///
    /// # Errors
    /// SQLite's own; they are asked for again then.
    pub fn take_back(
        &mut self,
        asked: &[Link],
        given: &[FeedRevision],
        now: Millis,
    ) -> Result<usize, StoreError> {
        if asked.is_empty() {
            return Ok(0);
        }
        let (me, indexed_up_to) = (self.identity.officer.officer, self.indexed_up_to);
        self.relaxed(|transaction| {
            let mut came = 0;
            for one in given.iter().filter(|one| asked.contains(&one.link) && verifies(one)) {
                let (body, salt) = (one.body.as_ref().map(|body| body.get().as_bytes()), one.salt);
                let back = transaction
                    .prepare_cached(
                        "UPDATE revision SET body = ?2, salt = ?3, gone = CASE WHEN ?2 IS NULL THEN 1 END
                         WHERE link = ?1 AND gone = 2 AND commitment = ?4 RETURNING rid, entry_id",
                    )?
                    .query_row(
                        (one.link.0.as_slice(), body, salt.map(|salt| salt.0), one.commit.0.as_slice()),
                        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 16]>(1)?)),
                    )
                    .optional()?;
                let Some((rid, entry)) = back else { continue };
                came += 1;
                transaction
                    .prepare_cached("DELETE FROM wanted WHERE link = ?1")?
                    .execute([one.link.0.as_slice()])?;
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO fetched (entry_id, at) VALUES (?1, ?2)")?
                    .execute((entry.as_slice(), now.0))?;
                if rid <= indexed_up_to {
                    index::again(transaction, rid, me)?;
                }
            }
            for link in asked {
                transaction
                    .prepare_cached("UPDATE wanted SET missing = 1 WHERE link = ?1")?
                    .execute([link.0.as_slice()])?;
            }
            Ok(came)
        })
    }

    /// Whether a list of receipts whose signature holds names a revision.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn is_receipted(&mut self, rid: i64, link: &Link) -> Result<bool, StoreError> {
        let kept: Option<(String, [u8; 64])> = self
            .connection()?
            .prepare_cached(
                "SELECT l.list, l.signature FROM revision r JOIN receipt_list l ON l.id = r.receipt_list
                 WHERE r.rid = ?1",
            )?
            .query_row([rid], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((text, signature)) = kept else { return Ok(false) };
        let Ok(list) = serde_json::from_str::<ReceiptList>(&text) else { return Ok(false) };
        let bundles = self
            .statements()?
            .into_iter()
            .filter_map(|signed| serde_json::from_str::<ForceBundle>(&signed.bundle).ok());
        let mut keys: Vec<_> = bundles.map(|bundle| bundle.keys).collect();
        keys.push(self.identity.force.keys.clone());
        let signature = beatbook_domain::id::Signature(signature);
        let signed = keys.iter().any(|keys| {
            keys.number == list.keys
                && verify(&keys.receipt_key, Purpose::Receipts, &[text.as_bytes()], &signature)
        });
        Ok(signed && list.receipts.iter().any(|receipt| receipt.link == *link))
    }
}

fn verifies(one: &FeedRevision) -> bool {
    let sealed = Sealed {
        chain_id: one.chain_id,
        seq: one.seq,
        head: one.head.get().as_bytes().to_vec(),
        body: one.body.as_ref().map(|body| body.get().as_bytes().to_vec()),
        salt: one.salt,
        commit: one.commit,
        link: one.link,
    };
    sealed.verify(&one.before).is_ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::store::tests::Bench;

    #[test]
    fn copies_are_found_by_an_index_in_its_order() {
        let bench = Bench::new();
        drop(bench.create());
        let connection = bench.beside();
        for sql in [CANDIDATES, IS_SAFE] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps: Vec<String> =
                statement.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>().unwrap();
            let walked = steps.iter().find(|step| {
                (step.starts_with("SCAN ") && !step.contains("INDEX revision_copy"))
                    || step.contains("TEMP B-TREE")
            });
            assert_eq!(walked, None, "{steps:#?}");
        }
    }
}
