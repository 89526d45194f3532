//! What is filled after the commit: the index by entry, shift, chain and kind, and the search. Both can be rebuilt from
//! the sealed bytes at any time; nothing is decided by them that the bytes do not say.

use beatbook_domain::entry::Head;
use beatbook_domain::id::OfficerId;
use rusqlite::{Connection, TransactionBehavior};

use super::outbox::Counted;
use super::rows::{COLUMNS, StoredRevision, select};
use super::{Store, StoreError, settings};

/// Rows indexed in one step: well under the 20 ms a step may take on an old phone.
const ROWS_A_STEP: u32 = 100;

impl Store {
    /// Indexes some more rows; returns whether there may be more.
    ///
    /// # Errors
    /// SQLite's own; nothing of the step is kept then.
    pub(super) fn index_step(&mut self) -> Result<bool, StoreError> {
        let from = self.indexed_up_to;
        let newest: Option<i64> =
            self.connection()?.query_row("SELECT max(rid) FROM revision", [], |row| row.get(0))?;
        if newest.unwrap_or(0) <= from {
            return Ok(false);
        }
        let me = self.identity.officer.officer;
        let (up_to, rows) = self.relaxed(|transaction| {
            let rows: Vec<StoredRevision> = transaction
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM revision r WHERE r.rid > ?1 ORDER BY r.rid LIMIT ?2"
                ))?
                .query_map((from, ROWS_A_STEP), StoredRevision::from_row)?
                .collect::<rusqlite::Result<_>>()?;
            for row in &rows {
                index_row(transaction, row, me)?;
            }
            let up_to = rows.last().map_or(from, |row| row.rid);
            settings::set_mark(transaction, settings::INDEXED_UP_TO, up_to)?;
            Ok((up_to, rows))
        })?;
        self.indexed_up_to = up_to;
        self.count_own(&rows);
        Ok(rows.len() == ROWS_A_STEP as usize)
    }

    /// Asks the index, once everything is in it. Where the disk is full it is filled for this one question and given back:
    /// what was saved last can be read all the same.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn indexed<T>(
        &mut self,
        ask: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.catch_up_index() {
            Ok(()) => ask(self.connection()?),
            Err(StoreError::DiskFull) => self.indexed_for_once(ask),
            Err(error) => Err(error),
        }
    }

    /// As [`Store::indexed`] on a full disk.
    pub(super) fn indexed_for_once<T>(
        &mut self,
        ask: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let from = self.indexed_up_to;
        // Nothing of it is written: SQLite keeps it in memory until a commit, and there is none.
        let transaction = self.connection()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let rows =
            select(&transaction, &format!("SELECT {COLUMNS} FROM revision r WHERE r.rid > ?1"), [from])?;
        for row in &rows {
            if let Ok(head) = Head::parse(&row.head) {
                index_head(&transaction, row, &head)?;
            }
        }
        let told = ask(&transaction);
        transaction.rollback()?;
        told
    }

    /// Keeps the count of the officer's own entries up to date, once it has been asked for.
    fn count_own(&mut self, rows: &[StoredRevision]) {
        let Some(counted) = &mut self.own_entries else { return };
        let author = self.identity.officer.officer;
        let heads =
            rows.iter().filter_map(|row| Head::parse(&row.head).ok()).filter(|head| head.author == author);
        counted.extend(heads.map(|head| Counted::of(head.kind, head.entry_id, head.shift_id)));
        counted.remove(&Counted::Never);
    }
}

fn index_row(connection: &Connection, row: &StoredRevision, me: OfficerId) -> Result<(), StoreError> {
    let Ok(head) = Head::parse(&row.head) else {
        // A later format: kept and passed on, found by its link only.
        return Ok(());
    };
    index_head(connection, row, &head)?;
    super::find::index(connection, row, &head, me)
}

/// What a screen looks a row up by.
fn index_head(connection: &Connection, row: &StoredRevision, head: &Head) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO revision_index
                 (rid, entry_id, shift_id, unit_id, chain_id, seq, kind, occurred_at, author, about_entry)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute((
            row.rid,
            head.entry_id.as_bytes().as_slice(),
            head.shift_id.as_ref().map(|id| id.as_bytes().as_slice()),
            head.unit_id.as_ref().map(|id| id.as_bytes().as_slice()),
            row.chain_id.as_bytes().as_slice(),
            row.seq.cast_signed(),
            head.kind.name(),
            head.occurred_at.0,
            head.author.as_bytes().as_slice(),
            head.about.as_ref().map(|about| about.entry_id.as_bytes().as_slice()),
        ))?;
    for link in &head.links {
        connection
            .prepare_cached("INSERT OR IGNORE INTO revision_link (to_entry, rid) VALUES (?1, ?2)")?
            .execute((link.entry_id.as_bytes().as_slice(), row.rid))?;
    }
    Ok(())
}

/// Indexes a row again whose body came only now.
pub(super) fn again(connection: &Connection, rid: i64, me: OfficerId) -> Result<(), StoreError> {
    let rows = select(connection, &format!("SELECT {COLUMNS} FROM revision r WHERE r.rid = ?1"), [rid])?;
    rows.iter().try_for_each(|row| index_row(connection, row, me))
}
