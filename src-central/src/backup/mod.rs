//! Backups: every row of every table in one file, taken while central serves, and put back into an empty database of
//! either kind. The file is zstd over lines of JSON: a header, rows by table, and an end without which it counts for nothing.
//! The server's own keys stand in the header alone, sealed to the offline recovery key ([`keys`]).

pub mod keys;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use beatbook_domain::id::{EpochId, ForceId, SealKey};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::force::{self, ForceError};
use crate::random::random;
use crate::storage::tables::{BATCH, Batch, Loading, TABLES, Type, Value, weight};
use crate::storage::{Storage, StorageError};

use keys::ServerKeys;
pub use keys::{KeySource, SealedKeys};

/// Name and version of the format.
const FORMAT: &str = "beatbook-backup/2";
/// The form before: with the server's keys in the clear. It is still read.
const FORMAT_CLEAR: &str = "beatbook-backup/1";
/// zstd level: records are small and alike.
const LEVEL: i32 = 6;
/// Batches that may wait between the database and the file.
const WAITING: usize = 8;

/// Why a backup or a restore did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no backup, or damaged.
    #[error("{} is no whole backup: {what}. Nothing was restored", path.display())]
    NotWhole {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
    /// The server's keys could not be sealed.
    #[error("the server's keys could not be sealed to the force's recovery key: no backup was made")]
    NotSealed,
    /// The server's keys are sealed, and nothing was given to open them with.
    #[error(
        "the server's keys in {} are sealed to the force's offline recovery key {key}, and without them no phone would \
         know this server again: name that key's file with --recovery-key FILE. Nothing was restored",
        path.display()
    )]
    KeyMissing {
        /// The backup.
        path: PathBuf,
        /// The recovery key.
        key: SealKey,
    },
    /// The key that was given is another one.
    #[error(
        "{} is another force's recovery key: this backup wants {key}, which `init` wrote when this force was made \
         (`recovery_key` in `keys show`). Nothing was restored",
        path.display()
    )]
    OtherKey {
        /// The key file.
        path: PathBuf,
        /// The recovery key that is wanted.
        key: SealKey,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// There is no force to back up.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// A step stopped.
    #[error("a step of the backup stopped unexpectedly")]
    Stopped,
}

/// What stands first in the file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// The force.
    pub force: ForceId,
    /// The epoch it was taken in.
    pub epoch: EpochId,
    /// When it was taken.
    pub at: Millis,
    /// The server's keys, sealed; none in the form of before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub keys: Option<SealedKeys>,
    /// Tables and their columns as the rows have them.
    pub tables: Vec<(String, Vec<String>)>,
}

/// What a backup holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contents {
    /// Its header.
    pub header: Header,
    /// Number of rows.
    pub rows: u64,
}

/// Writes a backup while central serves. The file is its owner's alone and holds every record: keep it as you keep the
/// database. The server's keys in it are sealed to the offline recovery key. A file of that name must not exist; one that
/// is broken off leaves nothing behind.
///
/// # Errors
/// [`BackupError`].
pub async fn write(storage: &dyn Storage, path: &Path, at: Millis) -> Result<Contents, BackupError> {
    let force = force::load(storage).await?;
    let tables = TABLES.iter().map(|table| {
        let columns = table.columns.iter().map(|(name, _)| (*name).to_owned());
        (table.name.to_owned(), columns.collect())
    });
    let sealed = Some(keys::seal(&force.row, &force.bundle)?);
    let (force, epoch, tables) = (force.row.force, force.row.epoch, tables.collect());
    let header = Header { format: FORMAT.to_owned(), force, epoch, at, keys: sealed, tables };
    let partial = path.with_added_extension("partial");
    let (sink, source) = mpsc::channel(WAITING);
    let task = {
        let (partial, header) = (partial.clone(), header.clone());
        tokio::task::spawn_blocking(move || write_file(&partial, &header, source))
    };
    let dumped = storage.dump(sink).await;
    let written = task.await.map_err(|_| BackupError::Stopped)?;
    let of = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::File { path, source }
    };
    let finished = match (dumped, written) {
        (Ok(()), Ok(rows)) => publish(&partial, path).map(|()| rows).map_err(of(path)),
        (_, Err(source)) => Err(of(&partial)(source)),
        (Err(error), _) => Err(error.into()),
    };
    match finished {
        Ok(rows) => Ok(Contents { header, rows }),
        Err(error) => {
            // What is there of it is of no use to anybody.
            let _ = std::fs::remove_file(&partial);
            Err(error)
        }
    }
}

/// Gives a finished file its name; one that is there already stays.
fn publish(partial: &Path, path: &Path) -> io::Result<()> {
    std::fs::hard_link(partial, path)?;
    std::fs::remove_file(partial)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn write_file(path: &Path, header: &Header, mut source: mpsc::Receiver<Batch>) -> io::Result<u64> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut encoder = zstd::Encoder::new(BufWriter::new(options.open(path)?), LEVEL)?;
    encoder.include_checksum(true)?;
    let mut line = |value: &Json| {
        serde_json::to_writer(&mut encoder, value)?;
        encoder.write_all(b"\n")
    };
    line(&serde_json::to_value(header)?)?;
    let (mut rows, mut current) = (0, None);
    while let Some(batch) = source.blocking_recv() {
        if current != Some(batch.table) {
            current = Some(batch.table);
            let name = TABLES.get(batch.table).map_or("", |table| table.name);
            line(&serde_json::json!({ "table": name }))?;
        }
        let Some(table) = TABLES.get(batch.table) else { continue };
        for row in batch.rows {
            rows += 1;
            let columns = row.into_iter().zip(table.columns);
            let cells = columns.map(|(value, (column, _))| match keys::is_secret(table.name, column) {
                true => Json::Null,
                false => to_json(value),
            });
            line(&Json::Array(cells.collect()))?;
        }
    }
    line(&serde_json::json!({ "rows": rows }))?;
    let mut file = encoder.finish()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    Ok(rows)
}

fn to_json(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(n) => n.into(),
        Value::Text(text) => text.into(),
        Value::Bytes(bytes) => hex::encode(bytes).into(),
        Value::Bool(yes) => yes.into(),
    }
}

fn from_json(value: Json, column: Type) -> Option<Value> {
    Some(match (value, column) {
        (Json::Null, _) => Value::Null,
        (Json::Number(n), Type::Int | Type::Small) => Value::Int(n.as_i64()?),
        (Json::String(text), Type::Text) => Value::Text(text),
        (Json::String(text), Type::Id | Type::Bytes) => Value::Bytes(hex::decode(text).ok()?),
        (Json::Bool(yes), Type::Bool) => Value::Bool(yes),
        _ => return None,
    })
}

/// Puts a backup into an empty database and begins a new epoch, by which devices notice: they send again what came after
/// the backup. All of it or nothing. `from` opens the server's keys.
///
/// # Errors
/// [`BackupError`]; the database is as empty as before. [`BackupError::KeyMissing`], [`BackupError::OtherKey`] where the
/// keys stay closed.
pub async fn restore(
    storage: &dyn Storage,
    path: &Path,
    from: KeySource<'_>,
    at: Millis,
) -> Result<Contents, BackupError> {
    let keys = opened(path, from)?;
    let (sink, source) = mpsc::channel(WAITING);
    let epoch = EpochId(Uuid::from_bytes(random().map_err(ForceError::from)?));
    let file = path.to_owned();
    let task = tokio::task::spawn_blocking(move || read_file(&file, keys.as_ref(), &sink));
    let loaded = storage.load(source, epoch, at).await;
    let read = task.await.map_err(|_| BackupError::Stopped)?;
    match (loaded, read) {
        (Ok(()), read) => read,
        // A database that took no more is the cause, whatever the reader says of it.
        (Err(error), Ok(_) | Err(BackupError::Stopped)) => Err(error.into()),
        (Err(StorageError::Unfinished), Err(cause)) => Err(cause),
        (Err(error), Err(_)) => Err(error.into()),
    }
}

/// The server's keys of a backup; none where they stand in its rows.
fn opened(path: &Path, from: KeySource<'_>) -> Result<Option<ServerKeys>, BackupError> {
    let (header, _) = Lines::open(path)?;
    match &header.keys {
        Some(sealed) => keys::open(sealed, header.force, from, path).map(Some),
        None => Ok(None),
    }
}

/// The lines of a backup after its header.
struct Lines {
    path: PathBuf,
    lines: io::Lines<BufReader<zstd::Decoder<'static, BufReader<File>>>>,
}

impl Lines {
    /// Opens a backup and reads its header.
    fn open(path: &Path) -> Result<(Header, Self), BackupError> {
        let broken = |source| BackupError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(broken)?;
        let decoder = zstd::Decoder::new(file).map_err(broken)?;
        let mut lines = Self { path: path.to_owned(), lines: BufReader::new(decoder).lines() };
        let first = lines.next()?;
        let header: Header =
            serde_json::from_value(first).map_err(|_| lines.not_whole("it has no header"))?;
        let known = match header.format.as_str() {
            FORMAT => header.keys.is_some(),
            other => other == FORMAT_CLEAR && header.keys.is_none(),
        };
        match known {
            true => Ok((header, lines)),
            false => {
                Err(lines.not_whole("it is of a format this version does not know: update beatbook-central"))
            }
        }
    }

    fn not_whole(&self, what: &'static str) -> BackupError {
        BackupError::NotWhole { path: self.path.clone(), what }
    }

    fn next(&mut self) -> Result<Json, BackupError> {
        match self.lines.next() {
            Some(Ok(line)) => {
                serde_json::from_str::<Json>(&line).map_err(|_| self.not_whole("a line cannot be read"))
            }
            Some(Err(_)) => Err(self.not_whole("it is damaged or broken off")),
            None => Err(self.not_whole("its end is missing")),
        }
    }

    /// Nothing may follow the end: the sum over the whole stands after its last line.
    fn end(mut self) -> Result<(), BackupError> {
        match self.lines.next() {
            None => Ok(()),
            Some(Ok(_)) => Err(self.not_whole("something follows its end")),
            Some(Err(_)) => Err(self.not_whole("it is damaged")),
        }
    }
}

fn read_file(
    path: &Path,
    keys: Option<&ServerKeys>,
    sink: &mpsc::Sender<Loading>,
) -> Result<Contents, BackupError> {
    let not_whole = |what| BackupError::NotWhole { path: path.to_owned(), what };
    let (header, mut lines) = Lines::open(path)?;
    let send = |loading| sink.blocking_send(loading).map_err(|_| BackupError::Stopped);
    let (mut rows, mut reader, mut batch, mut heavy) = (0, None, Vec::with_capacity(BATCH), 0);
    loop {
        match lines.next()? {
            Json::Array(mut values) => {
                let reader: &Reader =
                    reader.as_ref().ok_or_else(|| not_whole("a row stands outside a table"))?;
                if let Some(keys) = keys.filter(|_| reader.name == "force") {
                    if !keys::check(keys, &values, &reader.columns) {
                        return Err(not_whole("the server's keys in it are not those of its force"));
                    }
                    for (value, column) in values.iter_mut().zip(&reader.columns) {
                        if let Some(secret) = keys.of_column(column) {
                            *value = hex::encode(secret).into();
                        }
                    }
                }
                let row = reader.row(values).ok_or_else(|| not_whole("a row does not fit its table"))?;
                heavy += weight(&row);
                batch.push(row);
                rows += 1;
                if Batch::is_full(&batch, heavy) {
                    heavy = 0;
                    let rows = std::mem::take(&mut batch);
                    send(Loading::Rows(Batch { table: reader.table, rows }))?;
                }
            }
            Json::Object(said) => {
                if let Some(reader) = reader.as_ref().filter(|_| !batch.is_empty()) {
                    heavy = 0;
                    let rows = std::mem::take(&mut batch);
                    send(Loading::Rows(Batch { table: reader.table, rows }))?;
                }
                if let Some(counted) = said.get("rows") {
                    if counted.as_u64() != Some(rows) {
                        return Err(not_whole("rows are missing"));
                    }
                    break;
                }
                let name = said.get("table").and_then(Json::as_str).unwrap_or_default();
                reader = Some(Reader::new(name, &header).ok_or_else(|| {
                    not_whole("it has a table this version does not know: update beatbook-central")
                })?);
            }
            _ => return Err(not_whole("a line cannot be read")),
        }
    }
    lines.end()?;
    send(Loading::Complete)?;
    Ok(Contents { header, rows })
}

/// How rows of a file become rows of a table here.
struct Reader {
    table: usize,
    name: String,
    /// The file's columns.
    columns: Vec<String>,
    /// For each column of the file its place here.
    places: Vec<usize>,
}

impl Reader {
    /// None where the file knows a table or a column that this version does not.
    fn new(name: &str, header: &Header) -> Option<Self> {
        let table = TABLES.iter().position(|table| table.name == name)?;
        let here = TABLES.get(table)?.columns;
        let (_, columns) = header.tables.iter().find(|(table, _)| table == name)?;
        let places = columns.iter().map(|column| here.iter().position(|(name, _)| name == column));
        let places = places.collect::<Option<_>>()?;
        Some(Self { table, name: name.to_owned(), columns: columns.clone(), places })
    }

    fn row(&self, values: Vec<Json>) -> Option<Vec<Value>> {
        let columns = TABLES.get(self.table)?.columns;
        if values.len() != self.places.len() {
            return None;
        }
        let mut row = vec![Value::Null; columns.len()];
        for (value, place) in values.into_iter().zip(&self.places) {
            *row.get_mut(*place)? = from_json(value, columns.get(*place)?.1)?;
        }
        Some(row)
    }
}
