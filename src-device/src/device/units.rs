//! Units by their code: beginning one, finding one that was read out or scanned, and showing the code again later.

use beatbook_domain::id::UnitId;
use beatbook_domain::time::{Millis, duty_date, local};
use beatbook_domain::unit_code;
use beatbook_protocol::ipc::{AppError, ErrorCode};
use serde::{Deserialize, Serialize};

use super::error::not_now;
use crate::profile::wrap::random;
use crate::store::{Store, StoreError, settings};
use crate::words;

/// Units remembered: more than one night's.
const MOST_KEPT: usize = 16;

/// A unit whose code this phone knows, with the call sign it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KnownUnit {
    pub unit: UnitId,
    pub call_sign: String,
    pub code: String,
}

impl KnownUnit {
    /// A new unit of a call sign, for a shift that begins at `from`.
    pub(super) fn begun(store: &Store, call_sign: &str, from: Millis) -> Result<Self, AppError> {
        let bytes = random::<4>().map_err(|_| not_now(words::NO_RANDOM_NUMBER))?;
        let day = duty_date(from);
        let code = unit_code::code(day, u32::from_le_bytes(bytes));
        let unit = unit_code::unit(store.identity().force.force, day, call_sign, &code).map_err(unread)?;
        Ok(Self { unit, call_sign: call_sign.trim().to_owned(), code })
    }

    /// The unit a typed or scanned code means. A scanned one brings its own call sign.
    pub(super) fn told(store: &Store, call_sign: &str, typed: &str, now: Millis) -> Result<Self, AppError> {
        let (call_sign, code) =
            unit_code::from_qr(typed).unwrap_or_else(|| (call_sign.trim().to_owned(), typed.to_owned()));
        if call_sign.is_empty() {
            return Err(AppError::new(ErrorCode::Invalid, words::CALL_SIGN_TO_JOIN));
        }
        let today = local(now).date_naive();
        let unit = unit_code::unit(store.identity().force.force, today, &call_sign, &code).map_err(unread)?;
        Ok(Self { unit, call_sign, code: unit_code::tidy(&code) })
    }

    /// The unit of a shift that another phone began, whose code was on that phone.
    pub(super) fn found_again(store: &Store, call_sign: &str, from: Millis, unit: UnitId) -> Option<Self> {
        let code = unit_code::code_of(store.identity().force.force, duty_date(from), call_sign, unit)?;
        Some(Self { unit, call_sign: call_sign.trim().to_owned(), code })
    }

    /// Keeps it. Done before what is recorded of the unit is sealed, so that the seal's commit carries it to the disk.
    pub(super) fn keep(self, store: &mut Store) -> Result<(), StoreError> {
        let mut kept = all(store)?;
        kept.retain(|known| known.unit != self.unit);
        kept.push(self);
        let over = kept.len().saturating_sub(MOST_KEPT);
        store.set_setting(settings::UNIT_CODES, &kept.split_off(over))
    }

    /// What is known of a unit.
    pub(super) fn of(store: &mut Store, unit: UnitId) -> Result<Option<Self>, StoreError> {
        Ok(all(store)?.into_iter().find(|known| known.unit == unit))
    }
}

fn all(store: &mut Store) -> Result<Vec<KnownUnit>, StoreError> {
    Ok(store.setting(settings::UNIT_CODES)?.unwrap_or_default())
}

fn unread(error: unit_code::UnitCodeError) -> AppError {
    AppError::new(ErrorCode::Invalid, error.to_string())
}
