//! Every row out, and in again.

use std::pin::pin;

use beatbook_domain::id::EpochId;
use beatbook_domain::time::Millis;
use deadpool_postgres::Transaction;
use futures_util::TryStreamExt as _;
use tokio::sync::mpsc;
use tokio_postgres::Row;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type as PgType};
use uuid::Uuid;

use super::{Stored, force, number};
use crate::storage::StorageError;
use crate::storage::tables::{BATCH, Batch, Loading, TABLES, Table, Type, Value, weight};

pub(super) async fn past_epochs(tx: &Transaction<'_>) -> Stored<Vec<EpochId>> {
    let rows = tx.query("SELECT epoch FROM past_epoch ORDER BY ended_at", &[]).await?;
    rows.iter().map(|row| Ok(EpochId(row.try_get(0)?))).collect()
}

pub(super) async fn ended_epochs(tx: &Transaction<'_>) -> Stored<Vec<(EpochId, u64)>> {
    let rows = tx.query("SELECT epoch, last_pos FROM past_epoch ORDER BY ended_at", &[]).await?;
    rows.iter().map(|row| Ok((EpochId(row.try_get(0)?), number(row, 1)?))).collect()
}

/// Reads everything as it stands in one moment: the transaction is of repeatable reads.
pub(super) async fn dump(tx: &Transaction<'_>, sink: &mpsc::Sender<Batch>) -> Stored<()> {
    for (place, table) in TABLES.iter().enumerate() {
        let select = format!("SELECT {} FROM {}", table.names(), table.name);
        let mut rows = pin!(tx.query_raw(&select, Vec::<i64>::new()).await?);
        let (mut batch, mut heavy) = (Vec::with_capacity(BATCH), 0);
        loop {
            let row = rows.try_next().await?;
            if let Some(row) = &row {
                let row = read(row, table)?;
                heavy += weight(&row);
                batch.push(row);
            }
            if Batch::is_full(&batch, heavy) || (row.is_none() && !batch.is_empty()) {
                heavy = 0;
                let rows = std::mem::take(&mut batch);
                sink.send(Batch { table: place, rows }).await.map_err(|_| StorageError::Closed)?;
            }
            if row.is_none() {
                break;
            }
        }
    }
    Ok(())
}

fn read(row: &Row, table: &Table) -> Stored<Vec<Value>> {
    let value = |(place, (_, column)): (usize, &(&str, Type))| {
        Ok(match column {
            Type::Id => row.try_get::<_, Option<Uuid>>(place)?.map(|id| Value::Bytes(id.as_bytes().to_vec())),
            Type::Bytes => row.try_get::<_, Option<Vec<u8>>>(place)?.map(Value::Bytes),
            Type::Int => row.try_get::<_, Option<i64>>(place)?.map(Value::Int),
            Type::Small => row.try_get::<_, Option<i32>>(place)?.map(|n| Value::Int(n.into())),
            Type::Text => row.try_get::<_, Option<String>>(place)?.map(Value::Text),
            Type::Bool => row.try_get::<_, Option<bool>>(place)?.map(Value::Bool),
        }
        .unwrap_or(Value::Null))
    };
    table.columns.iter().enumerate().map(value).collect()
}

fn pg_type(column: Type) -> PgType {
    match column {
        Type::Id => PgType::UUID,
        Type::Bytes => PgType::BYTEA,
        Type::Int => PgType::INT8,
        Type::Small => PgType::INT4,
        Type::Text => PgType::TEXT,
        Type::Bool => PgType::BOOL,
    }
}

fn write(value: Value, column: Type) -> Stored<Box<dyn ToSql + Sync + Send>> {
    let wrong = || StorageError::Content("type of a column in the backup");
    Ok(match (value, column) {
        (Value::Null, Type::Id) => Box::new(None::<Uuid>),
        (Value::Null, Type::Bytes) => Box::new(None::<Vec<u8>>),
        (Value::Null, Type::Int) => Box::new(None::<i64>),
        (Value::Null, Type::Small) => Box::new(None::<i32>),
        (Value::Null, Type::Text) => Box::new(None::<String>),
        (Value::Null, Type::Bool) => Box::new(None::<bool>),
        (Value::Bytes(bytes), Type::Id) => Box::new(Uuid::from_slice(&bytes).map_err(|_| wrong())?),
        (Value::Bytes(bytes), Type::Bytes) => Box::new(bytes),
        (Value::Int(n), Type::Int) => Box::new(n),
        (Value::Int(n), Type::Small) => Box::new(i32::try_from(n).map_err(|_| wrong())?),
        (Value::Text(text), Type::Text) => Box::new(text),
        (Value::Bool(yes), Type::Bool) => Box::new(yes),
        _ => return Err(wrong()),
    })
}

/// The values of a row as the writer wants them.
fn borrowed(values: &[Box<dyn ToSql + Sync + Send>]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value.as_ref() as &(dyn ToSql + Sync)).collect()
}

/// Writes everything into an empty database and begins a new epoch.
pub(super) async fn load(
    tx: &Transaction<'_>,
    mut source: mpsc::Receiver<Loading>,
    epoch: EpochId,
    at: Millis,
) -> Stored<()> {
    if force(tx).await?.is_some() {
        return Err(StorageError::ForceExists);
    }
    // The counters a new database begins with.
    tx.execute("DELETE FROM head", &[]).await?;
    loop {
        match source.recv().await {
            None => return Err(StorageError::Unfinished),
            Some(Loading::Complete) => break,
            Some(Loading::Rows(Batch { table, rows })) => {
                let table = TABLES.get(table).ok_or(StorageError::Content("table of a backup"))?;
                let copy = format!("COPY {} ({}) FROM STDIN BINARY", table.name, table.names());
                let types: Vec<PgType> = table.columns.iter().map(|(_, column)| pg_type(*column)).collect();
                let mut writer = pin!(BinaryCopyInWriter::new(tx.copy_in(&copy).await?, &types));
                for row in rows {
                    let values =
                        row.into_iter().zip(table.columns).map(|(value, (_, column))| write(value, *column));
                    let values = values.collect::<Stored<Vec<_>>>()?;
                    writer.as_mut().write(&borrowed(&values)).await?;
                }
                writer.finish().await?;
            }
        }
    }
    tx.execute(
        "INSERT INTO past_epoch (epoch, ended_at, last_pos)
         SELECT epoch, $1, (SELECT n FROM head WHERE name = 'ledger') FROM force",
        &[&at.0],
    )
    .await?;
    tx.execute("UPDATE force SET epoch = $1", &[&epoch.0]).await?;
    // A backup of before there was a journal.
    tx.execute("INSERT INTO head (name, n) VALUES ('journal', 0) ON CONFLICT DO NOTHING", &[]).await?;
    // A code that was not used then may have been since.
    tx.execute("DELETE FROM enrol_code WHERE used_at IS NULL", &[]).await?;
    Ok(())
}
