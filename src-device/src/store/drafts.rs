//! Drafts: what forms hold while they are typed. Kept without an fsync of their own (they promise half a second, not
//! zero); a draft is stale, and no longer shown, once its entry has a revision written after it.

use beatbook_domain::entry::{Circumstances, DraftForm, Kind};
use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use rusqlite::{OptionalExtension as _, Row};

use super::{Store, StoreError};

/// A draft as kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The entry it will be.
    pub entry_id: EntryId,
    /// What the form holds.
    pub form: DraftForm,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it was last kept.
    pub kept_at: Millis,
    /// When it happened and how it came to be written.
    pub told: Circumstances,
    /// It began as a note on the lock screen.
    pub from_note: bool,
    /// The newest revision there was when it was opened. Later ones of its entry that were written here make it stale; one
    /// that came from elsewhere does not (the author settles the fork).
    pub base_rid: i64,
}

const COLUMNS: &str = "d.entry_id, d.form, d.opened_at, d.kept_at, d.told, d.base_rid, d.from_note";
/// Overtaken by a save of its entry (which may have committed just before the phone died): by the index, and by the rows
/// it does not cover yet (?1).
const STALE: &str = "EXISTS (SELECT 1 FROM revision_index i JOIN revision r USING (rid)
             WHERE i.entry_id = d.entry_id AND i.rid > d.base_rid AND r.own = 1)
     OR EXISTS (SELECT 1 FROM revision r WHERE r.rid > max(d.base_rid, ?1) AND r.own = 1 AND r.entry_id = d.entry_id)";

fn draft_from(row: &Row<'_>) -> rusqlite::Result<Option<Draft>> {
    let form: String = row.get(1)?;
    let told: String = row.get(4)?;
    let (Ok(form), Ok(told)) = (serde_json::from_str(&form), serde_json::from_str(&told)) else {
        return Ok(None);
    };
    Ok(Some(Draft {
        entry_id: EntryId::from_bytes(row.get(0)?),
        form,
        opened_at: Millis(row.get(2)?),
        kept_at: Millis(row.get(3)?),
        told,
        base_rid: row.get(5)?,
        from_note: row.get(6)?,
    }))
}

impl Store {
    /// Keeps a draft as it is.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and SQLite's own; the draft kept before is then still there.
    pub fn keep_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        let form =
            serde_json::to_string(&draft.form).map_err(|error| StoreError::Content(error.to_string()))?;
        let told =
            serde_json::to_string(&draft.told).map_err(|error| StoreError::Content(error.to_string()))?;
        self.relaxed(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO draft (entry_id, kind, form, opened_at, kept_at, told, base_rid, from_note)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (entry_id) DO UPDATE SET form = excluded.form, kept_at = excluded.kept_at,
                         told = excluded.told, base_rid = excluded.base_rid",
                )?
                .execute((
                    draft.entry_id.as_bytes().as_slice(),
                    draft.form.kind().name(),
                    &form,
                    draft.opened_at.0,
                    draft.kept_at.0,
                    &told,
                    draft.base_rid,
                    draft.from_note,
                ))?;
            Ok(())
        })
    }

    /// A draft, unless it is stale.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn draft(&mut self, entry: EntryId) -> Result<Option<Draft>, StoreError> {
        self.tidy_drafts()?;
        let mut statement = self
            .connection()?
            .prepare_cached(&format!("SELECT {COLUMNS} FROM draft d WHERE d.entry_id = ?1"))?;
        Ok(statement.query_row([entry.as_bytes().as_slice()], draft_from).optional()?.flatten())
    }

    /// All drafts, newest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn drafts(&mut self) -> Result<Vec<Draft>, StoreError> {
        self.tidy_drafts()?;
        let mut statement = self
            .connection()?
            .prepare_cached(&format!("SELECT {COLUMNS} FROM draft d ORDER BY d.opened_at DESC"))?;
        let rows = statement.query_map([], draft_from)?;
        let drafts: Vec<Option<Draft>> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(drafts.into_iter().flatten().collect())
    }

    /// How many drafts are open, by kind.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn draft_kinds(&mut self) -> Result<Vec<Kind>, StoreError> {
        // What is for narrower eyes is counted to nobody.
        let drafts = self.drafts()?;
        Ok(drafts.iter().filter(|draft| !draft.told.is_narrow()).map(|draft| draft.form.kind()).collect())
    }

    /// Removes a draft, after its entry or its mark is on the disk.
    ///
    /// # Errors
    /// SQLite's own; it is then stale and removed another time.
    pub fn drop_draft(&mut self, entry: EntryId) -> Result<(), StoreError> {
        self.relaxed(|transaction| {
            transaction
                .prepare_cached("DELETE FROM draft WHERE entry_id = ?1")?
                .execute([entry.as_bytes().as_slice()])?;
            Ok(())
        })
    }

    /// The newest local number there is: what a draft opened now is based on.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn newest_rid(&mut self) -> Result<i64, StoreError> {
        Ok(self
            .connection()?
            .query_row("SELECT coalesce(max(rid), 0) FROM revision", [], |row| row.get(0))?)
    }

    /// Removes drafts whose entry was saved after them.
    fn tidy_drafts(&mut self) -> Result<(), StoreError> {
        let tail = self.indexed_up_to;
        let connection = self.connection()?;
        let any: Option<i64> = connection
            .prepare_cached(&format!("SELECT 1 FROM draft d WHERE {STALE} LIMIT 1"))?
            .query_row([tail], |row| row.get(0))
            .optional()?;
        if any.is_none() {
            return Ok(());
        }
        self.relaxed(|transaction| {
            transaction.execute(&format!("DELETE FROM draft AS d WHERE {STALE}"), [tail])?;
            Ok(())
        })
    }
}
