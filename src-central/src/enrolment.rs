//! One-time codes: made for an officer, shown once, stored hashed, dead after a day or the first use.

use beatbook_domain::id::{Digest, ForceId, OfficerId, crockford_clean};
use beatbook_domain::seal::digest;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::EnrolCode;

use crate::force::{Force, ForceError};
use crate::random::random;
use crate::storage::{EnrolCodeRow, Storage};

/// How long a code lives, milliseconds.
pub const CODE_LIFE_MS: i64 = DAY_MS;

/// The hash under which a code's secret half is stored; bound to the force, so that it is worth nothing elsewhere.
#[must_use]
pub fn code_hash(force: ForceId, secret: &str) -> Digest {
    let mut bytes = b"beatbook/enrol/1".to_vec();
    bytes.extend_from_slice(force.as_bytes());
    bytes.extend_from_slice(crockford_clean(secret).as_bytes());
    digest(&bytes)
}

/// Makes a code for an officer, and what is stored of it.
///
/// # Errors
/// When the system gives no randomness.
pub fn make(
    force: &Force,
    officer: OfficerId,
    at: Millis,
) -> Result<(EnrolCode, EnrolCodeRow), crate::random::Unpredictable> {
    let code = EnrolCode::new(random()?, &force.bundle.root_key);
    let hash = code_hash(force.row.force, &code.secret);
    let row = EnrolCodeRow { hash, officer, created_at: at, expires_at: at.plus(CODE_LIFE_MS) };
    Ok((code, row))
}

/// Makes a code for an officer and keeps it. An older one that was not used dies.
///
/// # Errors
/// When the system gives no randomness or the database fails.
pub async fn issue(
    storage: &dyn Storage,
    force: &Force,
    officer: OfficerId,
    at: Millis,
) -> Result<EnrolCode, ForceError> {
    let (code, row) = make(force, officer, at)?;
    storage.put_enrol_code(row).await?;
    Ok(code)
}
