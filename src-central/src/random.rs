//! Randomness: the one place in central that asks the system for it.

use beatbook_domain::time::Millis;
use uuid::Uuid;

/// The system gave no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random numbers: {0}")]
pub struct Unpredictable(String);

/// Random bytes.
///
/// # Errors
/// [`Unpredictable`].
pub fn random<const N: usize>() -> Result<[u8; N], Unpredictable> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Unpredictable(error.to_string()))?;
    Ok(bytes)
}

/// A UUIDv7 of this instant.
///
/// # Errors
/// [`Unpredictable`].
pub fn uuid_v7(at: Millis) -> Result<Uuid, Unpredictable> {
    let millis = u64::try_from(at.0).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}
