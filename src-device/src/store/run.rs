//! Reading a chain by its places without waiting for the index: what is sent right after it was saved is not indexed yet,
//! and filling the search first would keep a whole night's entries on the phone for as long.

use beatbook_domain::id::ChainId;
use rusqlite::OptionalExtension as _;

use super::rows::{COLUMNS, StoredRevision, select};
use super::{Chain, Store, StoreError};

impl Store {
    /// The local number of this device's own revision at a place.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn rid_at(&mut self, chain: ChainId, seq: u64) -> Result<Option<i64>, StoreError> {
        let is_to_come = |which| self.chain_id(which) == chain && self.end(which).next_seq <= seq;
        if [Chain::Record, Chain::Log].into_iter().any(is_to_come) {
            return Ok(None);
        }
        let unsent = self.outbox.items().find(|item| item.chain_id == chain && item.seq >= seq);
        if let Some(item) = unsent.filter(|item| item.seq == seq) {
            return Ok(Some(item.rid));
        }
        // A chain grows with the local numbers: the place lies before what comes later in it.
        let before = unsent.map_or(i64::MAX, |item| item.rid);
        let tail = self.indexed_up_to;
        let key = (chain.as_bytes().as_slice(), seq.cast_signed());
        let connection = self.connection()?;
        let indexed = connection
            .prepare_cached(
                "SELECT i.rid FROM revision_index i JOIN revision r USING (rid)
                 WHERE i.chain_id = ?1 AND i.seq = ?2 AND r.own = 1",
            )?
            .query_row(key, |row| row.get(0))
            .optional()?;
        if indexed.is_some() {
            return Ok(indexed);
        }
        let mut newest = connection.prepare_cached(
            "SELECT rid FROM revision WHERE rid > ?3 AND rid < ?4 AND chain_id = ?1 AND seq = ?2 AND own = 1
             ORDER BY rid DESC LIMIT 1",
        )?;
        Ok(newest.query_row((key.0, key.1, tail, before), |row| row.get(0)).optional()?)
    }

    /// All revisions of a chain, in order.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn whole_chain(&mut self, chain: ChainId) -> Result<Vec<StoredRevision>, StoreError> {
        self.chain_run(chain, (0, i64::MAX.cast_unsigned()), (i64::MIN, i64::MAX))
    }

    /// The revisions of a chain from the place before `first` up to `last`, in order. `rids` are the local numbers of the
    /// first and the last.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn chain_run(
        &mut self,
        chain: ChainId,
        (first, last): (u64, u64),
        rids: (i64, i64),
    ) -> Result<Vec<StoredRevision>, StoreError> {
        let from = first.saturating_sub(1);
        let first_rid = self.rid_at(chain, from)?.map_or(rids.0, |rid| rid.min(rids.0));
        let tail = self.indexed_up_to;
        select(
            self.connection()?,
            &format!(
                "SELECT {COLUMNS} FROM revision r WHERE r.rid IN (
                     SELECT rid FROM revision_index WHERE chain_id = ?1 AND seq BETWEEN ?2 AND ?3
                     UNION ALL
                     SELECT rid FROM revision
                     WHERE rid > ?4 AND rid BETWEEN ?5 AND ?6 AND chain_id = ?1 AND seq BETWEEN ?2 AND ?3)
                 ORDER BY r.seq, r.rid"
            ),
            (chain.as_bytes().as_slice(), from.cast_signed(), last.cast_signed(), tail, first_rid, rids.1),
        )
    }
}
