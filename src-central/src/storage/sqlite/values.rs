//! Values of ours as columns of SQLite, and back.

use beatbook_domain::id::{ChainId, DeviceId, Digest, EntryId, EpochId, ForceId, Link, OfficerId, TeamId};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Row, ToSql};

use crate::storage::{StorageError, Stored};

/// An id as it stands in a BLOB column. (The ids are the domain's, SQL is ours: a local type joins them.)
pub(super) struct Blob<T>(pub(super) T);

macro_rules! blobs {
    ($($id:ty = $len:literal),+ $(,)?) => {$(
        impl ToSql for Blob<$id> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
            }
        }
        impl FromSql for Blob<$id> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let bytes: [u8; $len] = value.as_blob()?.try_into().map_err(|_| FromSqlError::InvalidType)?;
                Ok(Self(<$id>::from_bytes(bytes)))
            }
        }
    )+};
}

/// Ids of 32 and 64 bytes have a public array instead of a constructor.
macro_rules! hash_blobs {
    ($($id:path),+ $(,)?) => {$(
        impl ToSql for Blob<$id> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
            }
        }
        impl FromSql for Blob<$id> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                <$id>::from_slice(value.as_blob()?).map(Self).ok_or(FromSqlError::InvalidType)
            }
        }
    )+};
}

blobs! {
    ChainId = 16, OfficerId = 16, DeviceId = 16, TeamId = 16, EntryId = 16, ForceId = 16, EpochId = 16,
}
hash_blobs! {
    Link, Digest, beatbook_domain::id::Commit, beatbook_domain::id::Salt, beatbook_domain::id::VerifyKey,
    beatbook_domain::id::SealKey, beatbook_domain::id::Signature,
}

/// Reads an id from a column.
pub(super) fn id<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    Blob<T>: FromSql,
{
    row.get::<_, Blob<T>>(column).map(|blob| blob.0)
}

/// Reads an id that may be absent.
pub(super) fn maybe_id<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    Blob<T>: FromSql,
{
    Ok(row.get::<_, Option<Blob<T>>>(column)?.map(|blob| blob.0))
}

/// Reads a count or position: never negative.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or_default())
}

/// A count or position as SQLite keeps it.
pub(super) fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Stored<T> {
    serde_json::from_str(text).map_err(|_| StorageError::Content(what))
}

pub(super) fn json<T: serde::Serialize>(value: &T, what: &'static str) -> Stored<String> {
    serde_json::to_string(value).map_err(|_| StorageError::Content(what))
}
