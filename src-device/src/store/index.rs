//! What is filled after the commit: the index by entry, shift, chain and kind, and the search. Both can be rebuilt from
//! the sealed bytes at any time; nothing is decided by them that the bytes do not say.

use beatbook_domain::entry::Head;
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value;

use super::outbox::Counted;
use super::rows::{COLUMNS, StoredRevision};
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
        let (up_to, rows) = self.relaxed(|transaction| {
            let rows: Vec<StoredRevision> = transaction
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM revision r WHERE r.rid > ?1 ORDER BY r.rid LIMIT ?2"
                ))?
                .query_map((from, ROWS_A_STEP), StoredRevision::from_row)?
                .collect::<rusqlite::Result<_>>()?;
            for row in &rows {
                index_row(transaction, row)?;
            }
            let up_to = rows.last().map_or(from, |row| row.rid);
            settings::set_mark(transaction, settings::INDEXED_UP_TO, up_to)?;
            Ok((up_to, rows))
        })?;
        self.indexed_up_to = up_to;
        self.count_own(&rows);
        Ok(rows.len() == ROWS_A_STEP as usize)
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

    /// Local numbers of revisions that hold all the words (each may be the beginning of one), newest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn search(&mut self, typed: &str, limit: u32) -> Result<Vec<i64>, StoreError> {
        let words: Vec<String> = words_of(typed).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let tail_from = self.indexed_up_to;
        let connection = self.connection()?;
        // Quoted, so that nothing typed is read as an operator.
        let query: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
        let mut found = tail(connection, tail_from, &words)?;
        let mut statement = connection
            .prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
        let indexed = statement.query_map((query.join(" "), limit), |row| row.get::<_, i64>(0))?;
        for rid in indexed {
            found.push(rid?);
        }
        found.truncate(limit as usize);
        Ok(found)
    }
}

/// Rows not indexed yet, searched by reading them; newest first.
fn tail(connection: &Connection, from: i64, words: &[String]) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT rid, body FROM revision WHERE rid > ?1 AND body IS NOT NULL ORDER BY rid DESC",
    )?;
    let rows = statement.query_map([from], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (rid, body) = row?;
        let text: Vec<String> = words_of(&text_of(&body)).collect();
        if words.iter().all(|word| text.iter().any(|have| have.starts_with(word.as_str()))) {
            found.push(rid);
        }
    }
    Ok(found)
}

fn index_row(connection: &Connection, row: &StoredRevision) -> Result<(), StoreError> {
    let Ok(head) = Head::parse(&row.head) else {
        // A later format: kept and passed on, found by its link only.
        return Ok(());
    };
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
    if head.kind.is_housekeeping() {
        return Ok(());
    }
    let Some(body) = &row.body else { return Ok(()) };
    let text = text_of(body);
    if text.is_empty() {
        return Ok(());
    }
    let there = connection
        .prepare_cached("SELECT 1 FROM search WHERE rowid = ?1")?
        .query_row([row.rid], |_| Ok(()))
        .optional()?;
    if there.is_none() {
        connection
            .prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?
            .execute((row.rid, text))?;
    }
    Ok(())
}

/// All text in a body, in one string: what was typed, labels and place names. Numbers and keys are left out.
fn text_of(body: &[u8]) -> String {
    fn gather(value: &Value, into: &mut String) {
        match value {
            Value::String(text) => {
                into.push_str(text);
                into.push(' ');
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, into)),
            Value::Object(fields) => fields.values().for_each(|field| gather(field, into)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut text = String::new();
    if let Ok(value) = serde_json::from_slice(body) {
        gather(&value, &mut text);
    }
    text
}

/// Words in lower case, without punctuation: near enough to how the search cuts them.
fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
