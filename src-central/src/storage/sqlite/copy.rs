//! Every row out, and in again.

use beatbook_domain::id::EpochId;
use beatbook_domain::time::Millis;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ToSql, Transaction, params, params_from_iter};
use tokio::sync::mpsc;

use super::{Blob, Stored, force, id, number};
use crate::storage::StorageError;
use crate::storage::tables::{BATCH, Batch, Loading, TABLES, Table, Type, Value, weight};

pub(super) fn past_epochs(tx: &Transaction<'_>) -> Stored<Vec<EpochId>> {
    let mut statement = tx.prepare_cached("SELECT epoch FROM past_epoch ORDER BY ended_at")?;
    Ok(statement.query_map([], |row| id(row, 0))?.collect::<Result<_, _>>()?)
}

pub(super) fn ended_epochs(tx: &Transaction<'_>) -> Stored<Vec<(EpochId, u64)>> {
    let mut statement = tx.prepare_cached("SELECT epoch, last_pos FROM past_epoch ORDER BY ended_at")?;
    let rows = statement.query_map([], |row| Ok((id(row, 0)?, number(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Reads everything as it stands in one moment.
pub(super) fn dump(mut connection: Connection, sink: &mpsc::Sender<Batch>) -> Stored<()> {
    let tx = connection.transaction()?;
    for (place, table) in TABLES.iter().enumerate() {
        let mut statement = tx.prepare(&format!("SELECT {} FROM {}", table.names(), table.name))?;
        let mut rows = statement.query([])?;
        let (mut batch, mut heavy) = (Vec::with_capacity(BATCH), 0);
        loop {
            let row = rows.next()?;
            if let Some(row) = row {
                let row = read(row, table)?;
                heavy += weight(&row);
                batch.push(row);
            }
            if Batch::is_full(&batch, heavy) || (row.is_none() && !batch.is_empty()) {
                heavy = 0;
                let rows = std::mem::take(&mut batch);
                sink.blocking_send(Batch { table: place, rows }).map_err(|_| StorageError::Closed)?;
            }
            if row.is_none() {
                break;
            }
        }
    }
    Ok(())
}

fn read(row: &rusqlite::Row<'_>, table: &Table) -> Stored<Vec<Value>> {
    let value = |(place, (_, column)): (usize, &(&str, Type))| {
        Ok(match (row.get_ref(place)?, column) {
            (ValueRef::Null, _) => Value::Null,
            (ValueRef::Integer(n), Type::Bool) => Value::Bool(n != 0),
            (ValueRef::Integer(n), Type::Int | Type::Small) => Value::Int(n),
            (ValueRef::Text(text), Type::Text) => Value::Text(
                String::from_utf8(text.to_vec()).map_err(|_| StorageError::Content("text of a row"))?,
            ),
            (ValueRef::Blob(bytes), Type::Id | Type::Bytes) => Value::Bytes(bytes.to_vec()),
            _ => return Err(StorageError::Content("type of a column")),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => rusqlite::types::Null.into(),
            Self::Int(n) => (*n).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Bytes(bytes) => bytes.as_slice().into(),
            Self::Bool(yes) => (*yes).into(),
        })
    }
}

/// Writes everything into an empty database and begins a new epoch.
pub(super) fn load(
    tx: &Transaction<'_>,
    mut source: mpsc::Receiver<Loading>,
    epoch: EpochId,
    at: Millis,
) -> Stored<()> {
    if force(tx)?.is_some() {
        return Err(StorageError::ForceExists);
    }
    // The counters a new database begins with.
    tx.execute("DELETE FROM head", [])?;
    loop {
        match source.blocking_recv() {
            None => return Err(StorageError::Unfinished),
            Some(Loading::Complete) => break,
            Some(Loading::Rows(Batch { table, rows })) => {
                let table = TABLES.get(table).ok_or(StorageError::Content("table of a backup"))?;
                let marks = vec!["?"; table.columns.len()].join(", ");
                let insert = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, table.names());
                let mut statement = tx.prepare_cached(&insert)?;
                for row in &rows {
                    statement.execute(params_from_iter(row))?;
                }
            }
        }
    }
    tx.execute(
        "INSERT INTO past_epoch (epoch, ended_at, last_pos)
         SELECT epoch, ?1, (SELECT n FROM head WHERE name = 'ledger') FROM force",
        [at.0],
    )?;
    tx.execute("UPDATE force SET epoch = ?1", [Blob(epoch)])?;
    // A backup of before there was a journal.
    tx.execute("INSERT INTO head (name, n) VALUES ('journal', 0) ON CONFLICT DO NOTHING", [])?;
    // A code that was not used then may have been since.
    tx.execute("DELETE FROM enrol_code WHERE used_at IS NULL", params![])?;
    Ok(())
}
