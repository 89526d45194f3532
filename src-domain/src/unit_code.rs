//! Joining a crew without a network: four characters read out, or the same in a QR code.
//!
//! The code does not *name* the unit, it *derives* it: both phones compute the unit's id from force, duty day, call
//! sign and code, so nothing has to be looked up. Two of the twenty bits say the day (modulo four), so a colleague
//! who joins after midnight derives the same unit.

use chrono::{Days, NaiveDate};
use sha2::{Digest, Sha256};

use crate::id::{ForceId, UnitId};
use crate::words;

/// The characters of a code: no I, L, O or U, which are misheard and misread (Crockford).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// What begins the text of the QR code.
const QR_PREFIX: &str = "BEATBOOK-UNIT:";

/// Why a typed code is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnitCodeError {
    /// Not four characters of the alphabet.
    #[error("{}", words::CREW_CODE_CHARACTERS)]
    Characters,
    /// Its day is neither today, yesterday nor tomorrow.
    #[error("{}", words::CREW_CODE_DAY)]
    Day,
}

/// The four characters of a unit that began on `day`, from 18 random bits.
pub fn code(day: NaiveDate, random: u32) -> String {
    let bits = (day_mark(day) << 18) | (random & 0x3_FFFF);
    (0..4).rev().map(|i| char::from(ALPHABET[(bits >> (5 * i)) as usize & 31])).collect()
}

/// The unit of a call sign and a code, as typed on `today`.
///
/// # Errors
/// [`UnitCodeError`], in words for the person.
pub fn unit(force: ForceId, today: NaiveDate, call_sign: &str, typed: &str) -> Result<UnitId, UnitCodeError> {
    let code = tidy(typed);
    let bits = bits(&code).ok_or(UnitCodeError::Characters)?;
    let day = nearby(today).find(|day| day_mark(*day) == bits >> 18).ok_or(UnitCodeError::Day)?;
    Ok(derived(force, day, &call_sign_key(call_sign), &code))
}

/// The code of a unit that began on about `day`, found by trying all of them: a replacement phone knows the unit from the
/// shift it goes on with, and the code was on the phone that is gone. `None` where the call sign is another.
pub fn code_of(force: ForceId, day: NaiveDate, call_sign: &str, unit: UnitId) -> Option<String> {
    let key = call_sign_key(call_sign);
    let all = nearby(day).flat_map(|day| (0..1 << 18).map(move |random| (day, code(day, random))));
    all.into_iter().find(|(day, code)| derived(force, *day, &key, code) == unit).map(|(_, code)| code)
}

fn nearby(day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    [Some(day), day.checked_sub_days(Days::new(1)), day.checked_add_days(Days::new(1))].into_iter().flatten()
}

fn derived(force: ForceId, day: NaiveDate, call_sign_key: &str, code: &str) -> UnitId {
    let mut hash = Sha256::new();
    hash.update(b"beatbook/unit/1");
    hash.update(force.as_bytes());
    hash.update(day.to_string().as_bytes());
    hash.update(call_sign_key.as_bytes());
    hash.update([0]);
    hash.update(code.as_bytes());
    let mut id = [0u8; 16];
    id.copy_from_slice(&hash.finalize()[..16]);
    UnitId(uuid::Builder::from_custom_bytes(id).into_uuid())
}

/// The text of the QR code: call sign and code.
pub fn qr_text(call_sign: &str, code: &str) -> String {
    format!("{QR_PREFIX}{}:{code}", call_sign_key(call_sign))
}

/// Call sign and code of a scanned text; `None` where it is not one of ours.
pub fn from_qr(text: &str) -> Option<(String, String)> {
    let (call_sign, code) = text.trim().strip_prefix(QR_PREFIX)?.rsplit_once(':')?;
    Some((call_sign.to_owned(), code.to_owned()))
}

/// A code as it is compared and shown: without spaces, in capitals, look-alikes read as what they look like.
pub fn tidy(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

fn call_sign_key(call_sign: &str) -> String {
    call_sign.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

fn bits(code: &str) -> Option<u32> {
    if code.len() != 4 {
        return None;
    }
    code.bytes().try_fold(0u32, |bits, c| {
        let value = ALPHABET.iter().position(|a| *a == c)?;
        Some((bits << 5) | u32::try_from(value).ok()?)
    })
}

fn day_mark(day: NaiveDate) -> u32 {
    u32::try_from(day.signed_duration_since(NaiveDate::default()).num_days().rem_euclid(4)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
    }

    #[test]
    fn both_phones_derive_the_same_unit_also_after_midnight() {
        let force = ForceId(Uuid::from_u128(7));
        let code = code(day(27), 123_456);
        let mine = unit(force, day(27), "NW21", &code).unwrap();
        assert_eq!(mine, unit(force, day(28), " nw21 ", &code.to_lowercase()).unwrap());
        assert_ne!(mine, unit(force, day(27), "NW22", &code).unwrap());
        assert_eq!(unit(force, day(29), "NW21", &code), Err(UnitCodeError::Day));
        assert_eq!(unit(force, day(27), "NW21", "AB"), Err(UnitCodeError::Characters));
        let (call_sign, scanned) = from_qr(&qr_text("nw21", &code)).unwrap();
        assert_eq!(mine, unit(force, day(27), &call_sign, &scanned).unwrap());
    }

    #[test]
    fn a_code_that_went_with_a_phone_is_found_again() {
        let force = ForceId(Uuid::from_u128(7));
        let lost = code(day(27), 3_001);
        let mine = unit(force, day(27), "NW21", &lost).unwrap();
        assert_eq!(code_of(force, day(28), "nw21", mine), Some(lost));
    }

    #[test]
    fn letters_that_look_like_figures_are_read_as_figures() {
        let force = ForceId(Uuid::nil());
        let zero = (0..1_000).map(|n| code(day(27), n)).find(|c| c.contains('0')).unwrap();
        assert_eq!(
            unit(force, day(27), "X", &zero).unwrap(),
            unit(force, day(27), "X", &zero.replace('0', "O")).unwrap()
        );
    }
}
