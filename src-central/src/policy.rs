//! What a force sets for every phone: published with the edition of lists, as stock and authorities are.

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::Code;
use beatbook_domain::offline::{MOST_LIMIT_HOURS, Policy};
use beatbook_domain::privacy::retention::{self, ClassRule};
use beatbook_domain::time::Millis;
use serde::Deserialize;

use crate::lists::{self, ListsError};
use crate::storage::Storage;

/// A class of record as a file sets it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenRule {
    code: Code,
    #[serde(default)]
    months: Option<u32>,
    #[serde(default)]
    device_days: Option<u32>,
    source: String,
}

/// Reads a file of retention rules (JSON array).
///
/// # Errors
/// [`ListsError::Unreadable`] with its line.
pub fn read(text: &str) -> Result<Vec<ClassRule>, ListsError> {
    let given: Vec<GivenRule> = serde_json::from_str(text)
        .map_err(|error| ListsError::Unreadable { line: error.line(), reason: error.to_string() })?;
    let rule =
        |GivenRule { code, months, device_days, source }| ClassRule { code, months, device_days, source };
    Ok(given.into_iter().map(rule).collect())
}

/// Puts a policy in place of the one in force and publishes the edition. Gives it, and whether it is a new one.
///
/// # Errors
/// [`ListsError::Limit`], [`ListsError::Retention`]; what the database says. Then nothing is changed.
pub async fn set(storage: &dyn Storage, policy: Policy, at: Millis) -> Result<(Edition, bool), ListsError> {
    let problems = retention::built_in().problems(&policy.classes);
    if !problems.is_empty() {
        return Err(ListsError::Retention(problems));
    }
    if policy.offline_limit_hours.is_some_and(|hours| !(1..=MOST_LIMIT_HOURS).contains(&hours)) {
        return Err(ListsError::Limit(MOST_LIMIT_HOURS));
    }
    let edition = lists::current(storage).await?.with_policy(policy);
    let is_new = lists::publish(storage, &edition, at).await?;
    Ok((edition, is_new))
}
