//! What a force sets for every phone: published with the edition of lists, as stock and authorities are.

use beatbook_domain::code_list::Edition;
use beatbook_domain::offline::{MOST_LIMIT_HOURS, Policy};
use beatbook_domain::time::Millis;

use crate::lists::{self, ListsError};
use crate::storage::Storage;

/// Puts a policy in place of the one in force and publishes the edition. Gives it, and whether it is a new one.
///
/// # Errors
/// [`ListsError::Limit`]; what the database says. Then nothing is changed.
pub async fn set(storage: &dyn Storage, policy: Policy, at: Millis) -> Result<(Edition, bool), ListsError> {
    if policy.offline_limit_hours.is_some_and(|hours| !(1..=MOST_LIMIT_HOURS).contains(&hours)) {
        return Err(ListsError::Limit(MOST_LIMIT_HOURS));
    }
    let edition = lists::current(storage).await?.with_policy(policy);
    let is_new = lists::publish(storage, &edition, at).await?;
    Ok((edition, is_new))
}
