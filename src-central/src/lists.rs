//! Importing an edition of the code lists, and publishing what else an edition carries: stock and authorities.

use beatbook_domain::code_list::{self, Edition, Unfit};
use beatbook_domain::id::Code;
use beatbook_domain::place::areas::{AreaLevel, AreaSet};
use beatbook_domain::privacy::retention::RuleProblem;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::ReferenceItem;
use serde::de::DeserializeOwned;

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
    /// A line of stock or an authority cannot be published.
    #[error("{0}. Nothing was changed.")]
    Unfit(#[from] Unfit),
    /// A time that cannot be read.
    #[error("authority {reference}, {field}: {cure}. Nothing was changed.")]
    Time {
        /// Reference of the authority.
        reference: String,
        /// The field, as the file names it.
        field: &'static str,
        /// What is wrong and what to do.
        cure: String,
    },
    /// A number of hours out of its range.
    #[error("the offline limit is 1 to {0} hours. Nothing was changed.")]
    Limit(u32),
    /// Retention that cannot be set.
    #[error("{}. Nothing was changed.", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Retention(Vec<RuleProblem>),
    /// A file without a single item.
    #[error("the file holds nothing: {0}. Nothing was changed.")]
    Empty(&'static str),
    /// The edition or the areas in force were stored by another version.
    #[error("{0} in force cannot be read: run the beatbook-central that imported them")]
    InForce(&'static str),
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

/// Reads the items of a file, a JSON array.
///
/// # Errors
/// [`ListsError::Unreadable`] with the line, [`ListsError::Empty`] with what to do.
pub(crate) fn read_items<T: DeserializeOwned>(text: &str, cure: &'static str) -> Result<Vec<T>, ListsError> {
    let items: Vec<T> = serde_json::from_str(text)
        .map_err(|error| ListsError::Unreadable { line: error.line(), reason: error.to_string() })?;
    if items.is_empty() { Err(ListsError::Empty(cure)) } else { Ok(items) }
}

/// The edition in force: the newest one imported, or the built-in one before any import.
///
/// # Errors
/// What the database says; [`ListsError::InForce`].
pub async fn current(storage: &dyn Storage) -> Result<Edition, ListsError> {
    match storage.lists().await? {
        Some((_, text)) => serde_json::from_str(&text).map_err(|_| ListsError::InForce("the code lists")),
        None => Ok(code_list::built_in().clone()),
    }
}

/// Puts an edition in force and sends it in the reference scope. The one already in force again changes nothing. Stock,
/// authorities and policy are published apart from the lists: a file without them leaves those in force as they are, and one
/// with authorities adds to them.
///
/// # Errors
/// [`ListsError::NotNewer`], [`ListsError::Unfit`] and what the database says.
pub async fn import(storage: &dyn Storage, given: &Edition, at: Millis) -> Result<bool, ListsError> {
    let in_force = current(storage).await?;
    let mut edition = Edition {
        lists: given.lists.clone(),
        stock: in_force.stock,
        authorities: in_force.authorities,
        policy: in_force.policy,
        ..*given
    };
    if !given.stock.is_empty() {
        edition = edition.with_stock(given.stock.clone())?;
    }
    if !given.authorities.is_empty() {
        let areas = Areas::in_force(storage).await?;
        edition = edition.with_authorities(given.authorities.clone(), at, |code| areas.has(code))?;
    }
    edition.version = given.version;
    publish(storage, &edition, at).await
}

/// Puts an edition in force as it is: true where it was not in force already.
///
/// # Errors
/// As [`import`].
pub(crate) async fn publish(
    storage: &dyn Storage,
    edition: &Edition,
    at: Millis,
) -> Result<bool, ListsError> {
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

/// The patrol areas an authority may name.
pub(crate) struct Areas(Option<AreaSet>);

impl Areas {
    /// Those of the set in force.
    pub(crate) async fn in_force(storage: &dyn Storage) -> Result<Self, ListsError> {
        let Some(row) = storage.area_set().await? else { return Ok(Self(None)) };
        serde_json::from_slice(&row.canonical)
            .map(|set| Self(Some(set)))
            .map_err(|_| ListsError::InForce("the areas"))
    }

    pub(crate) fn has(&self, code: &Code) -> bool {
        self.0.as_ref().is_some_and(|set| set.get(AreaLevel::Patrol, code).is_some())
    }
}
