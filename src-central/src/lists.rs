//! Importing an edition of the code lists.

use beatbook_domain::code_list::Edition;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::ReferenceItem;

use crate::storage::{ReferenceRow, Storage, StorageError};

/// Why an edition was not imported. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ListsError {
    /// The file is not an edition.
    #[error("the code lists cannot be read, line {line}: {reason}")]
    Unreadable {
        /// Line of the file, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// Its number does not rise.
    #[error("edition {given} is not newer than edition {held}, which is in force: raise its version")]
    NotNewer {
        /// Number of the file.
        given: u32,
        /// Number in force.
        held: u32,
    },
    /// A list or a code stands twice.
    #[error("{0}")]
    Doubled(String),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Reads an edition from JSON.
///
/// # Errors
/// [`ListsError::Unreadable`] with the line, [`ListsError::Doubled`].
pub fn read(text: &str) -> Result<Edition, ListsError> {
    let edition: Edition = serde_json::from_str(text)
        .map_err(|error| ListsError::Unreadable { line: error.line(), reason: error.to_string() })?;
    for (place, list) in edition.lists.iter().enumerate() {
        if edition.lists[..place].iter().any(|other| other.id == list.id) {
            return Err(ListsError::Doubled(format!("list {} stands twice", list.id)));
        }
    }
    Ok(edition)
}

/// Puts an edition in force and sends it in the reference scope. The one already in force again changes nothing.
///
/// # Errors
/// [`ListsError::NotNewer`] and what the database says.
pub async fn import(storage: &dyn Storage, edition: &Edition, at: Millis) -> Result<bool, ListsError> {
    let unwritable = |error: serde_json::Error| ListsError::Unreadable { line: 0, reason: error.to_string() };
    let text = serde_json::to_string(edition).map_err(unwritable)?;
    if let Some((held, in_force)) = storage.lists().await? {
        if in_force == text {
            return Ok(false);
        }
        if edition.version <= held {
            return Err(ListsError::NotNewer { given: edition.version, held });
        }
    }
    let item = serde_json::to_string(&ReferenceItem::Lists(edition.clone())).map_err(unwritable)?;
    storage.put_lists(edition.version, text, ReferenceRow { key: "lists".into(), item }, at).await?;
    Ok(true)
}
