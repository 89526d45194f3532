//! Publishing the lines of stock the force has printed.

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::Code;
use beatbook_domain::ledger::StockLine;
use beatbook_domain::time::Millis;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::lists::{self, ListsError};
use crate::storage::Storage;

/// A line as people write it. A misspelt field is an error: a last day that is not read would be no last day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenLine {
    /// Material code.
    pub material: Code,
    /// Version, where one is printed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<Code>,
    /// Language code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<Code>,
    /// Batch, where one is printed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub batch: Option<Code>,
    /// Last day it may be given out, `2027-03-31`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub use_until: Option<NaiveDate>,
    /// Low from this many left.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low_at: Option<u32>,
}

impl From<GivenLine> for StockLine {
    fn from(line: GivenLine) -> Self {
        let GivenLine { material, version, language, batch, use_until, low_at } = line;
        Self { material, version, language, batch, use_until, low_at }
    }
}

impl From<&StockLine> for GivenLine {
    fn from(line: &StockLine) -> Self {
        let StockLine { material, version, language, batch, use_until, low_at } = line.clone();
        Self { material, version, language, batch, use_until, low_at }
    }
}

/// Reads a file of lines, a JSON array.
///
/// # Errors
/// [`ListsError::Unreadable`] with the line of the file, [`ListsError::Empty`].
pub fn read(text: &str) -> Result<Vec<StockLine>, ListsError> {
    let cure = "to take a line out of use, keep it with its last day in use_until";
    Ok(lists::read_items::<GivenLine>(text, cure)?.into_iter().map(StockLine::from).collect())
}

/// Puts these lines in place of those in force and publishes the edition. Gives it, and whether it is a new one.
///
/// # Errors
/// [`ListsError::Unfit`] naming the field and the cure; what the database says. Then nothing is changed.
pub async fn import(
    storage: &dyn Storage,
    lines: Vec<StockLine>,
    at: Millis,
) -> Result<(Edition, bool), ListsError> {
    let edition = lists::current(storage).await?.with_stock(lines)?;
    let is_new = lists::publish(storage, &edition, at).await?;
    Ok((edition, is_new))
}
