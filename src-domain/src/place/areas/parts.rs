//! An area set in parts small enough for a link that is cut, and back: used only when whole and its hash is right.

use serde::{Deserialize, Serialize};

use super::{AreaSet, sha256};
use crate::id::Digest;

/// The most one part may take as JSON, envelope included.
pub const MAX_PART_BYTES: usize = 64_000;

/// Room for the text of one part as it stands in JSON, escapes counted; the envelope takes about 150 bytes more.
const TEXT_BYTES: usize = 63_500;

/// Most parts a set may have: 32 MB, many times a county, so that a wrong count cannot make a phone collect for ever.
const MAX_PARTS: u32 = 512;

/// One part of an area set on its way to a device.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaPart {
    /// Version of the set.
    pub version: u32,
    /// Number of this part, from 0.
    pub part: u32,
    /// Parts in all.
    pub parts: u32,
    /// SHA-256 of the whole set's canonical text: what the parts belong to.
    pub hash: Digest,
    /// This part of the canonical text.
    pub text: String,
}

/// Why parts do not (yet) make an area set. Nothing of them may be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AssembleError {
    /// Some have not arrived. Not a fault: keep fetching.
    #[error("{have} of {parts} parts of the area set are here")]
    Incomplete {
        /// Different parts held.
        have: u32,
        /// Parts in all.
        parts: u32,
    },
    /// Parts of two sets, two different parts of one number, or a number past the count.
    #[error("the parts are not of one area set: drop them and fetch again")]
    Mixed,
    /// The text put together is not what was hashed, or not an area set.
    #[error("the area set arrived damaged: drop its parts and fetch again")]
    Damaged,
}

impl AreaSet {
    /// The set in parts, each at most [`MAX_PART_BYTES`] as JSON.
    ///
    /// # Errors
    /// As [`AreaSet::canonical`].
    pub fn split(&self) -> Result<Vec<AreaPart>, serde_json::Error> {
        let whole = self.canonical()?;
        let hash = sha256(whole.as_bytes());
        let texts = pieces(&whole);
        let parts = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        Ok((0..parts)
            .zip(texts)
            .map(|(part, text)| AreaPart { version: self.version, part, parts, hash, text: text.to_owned() })
            .collect())
    }
}

/// The text cut into pieces that take at most [`TEXT_BYTES`] each once escaped in JSON.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut taken) = (0, 0);
    for (at, c) in text.char_indices() {
        let cost = match c {
            '"' | '\\' => 2,
            c if c.is_control() => 6,
            c => c.len_utf8(),
        };
        if taken + cost > TEXT_BYTES {
            pieces.extend(text.get(start..at));
            (start, taken) = (at, 0);
        }
        taken += cost;
    }
    pieces.extend(text.get(start..));
    pieces
}

/// The area set these parts make, in any order and with repeats.
///
/// # Errors
/// [`AssembleError::Incomplete`] while parts are missing; the others mean: drop them all and fetch again.
pub fn assemble(parts: &[AreaPart]) -> Result<AreaSet, AssembleError> {
    let Some(first) = parts.first() else { return Err(AssembleError::Incomplete { have: 0, parts: 0 }) };
    if first.parts == 0 || first.parts > MAX_PARTS {
        return Err(AssembleError::Mixed);
    }
    let mut slots: Vec<Option<&AreaPart>> = vec![None; first.parts as usize];
    for part in parts {
        let same_set = (part.version, part.hash, part.parts) == (first.version, first.hash, first.parts);
        let slot = slots.get_mut(part.part as usize).filter(|_| same_set).ok_or(AssembleError::Mixed)?;
        if slot.is_some_and(|held| held != part) {
            return Err(AssembleError::Mixed);
        }
        *slot = Some(part);
    }
    let held: Vec<&str> = slots.iter().flatten().map(|part| part.text.as_str()).collect();
    if held.len() < slots.len() {
        let have = u32::try_from(held.len()).unwrap_or(u32::MAX);
        return Err(AssembleError::Incomplete { have, parts: first.parts });
    }
    let whole = held.concat();
    if sha256(whole.as_bytes()) != first.hash {
        return Err(AssembleError::Damaged);
    }
    let set: AreaSet = serde_json::from_str(&whole).map_err(|_| AssembleError::Damaged)?;
    // The version beside the parts is not hashed; only the one inside counts.
    if set.version == first.version { Ok(set) } else { Err(AssembleError::Damaged) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::id::Code;
    use crate::place::areas::{Area, AreaLevel, Point, Ring};
    use proptest::prelude::*;

    fn set(areas: i32) -> AreaSet {
        let area = |n: i32| Area {
            code: Code::new(format!("W{n:05}")),
            name: "Tūrangi – ‘ward’ \"quoted\"".into(),
            level: AreaLevel::Ward,
            parent: None,
            rhythm: None,
            polygons: vec![vec![Ring::new(
                (0..200).map(|i| Point::new(i * i * 977 % 9_000_000, n + i)).collect(),
            )]],
        };
        AreaSet::new(4, (0..areas).map(area).collect())
    }

    #[test]
    fn every_part_fits_and_the_whole_comes_back_from_any_order() {
        let whole = set(120);
        let mut parts = whole.split().unwrap();
        assert!(parts.len() > 3, "{}", parts.len());
        for part in &parts {
            let size = serde_json::to_vec(part).unwrap().len();
            assert!(size <= MAX_PART_BYTES && (part.part + 1 == part.parts || size > 63_000), "{size}");
        }
        parts.reverse();
        parts.push(parts[0].clone());
        assert_eq!(assemble(&parts).unwrap(), whole);
    }

    #[test]
    fn nothing_is_used_until_all_is_there() {
        let mut parts = set(120).split().unwrap();
        let count = parts[0].parts;
        parts.remove(1);
        assert_eq!(assemble(&parts), Err(AssembleError::Incomplete { have: count - 1, parts: count }));
        assert_eq!(assemble(&[]), Err(AssembleError::Incomplete { have: 0, parts: 0 }));
    }

    #[test]
    fn parts_of_two_sets_are_not_mixed() {
        let mut parts = set(120).split().unwrap();
        parts[1] = set(121).split().unwrap().remove(1);
        assert_eq!(assemble(&parts), Err(AssembleError::Mixed));
        let mut endless = set(1).split().unwrap();
        endless[0].parts = u32::MAX;
        assert_eq!(assemble(&endless), Err(AssembleError::Mixed));
    }

    #[test]
    fn the_number_outside_must_be_the_number_inside() {
        let mut parts = set(1).split().unwrap();
        parts[0].version = 99;
        assert_eq!(assemble(&parts), Err(AssembleError::Damaged));
    }

    proptest! {
        #[test]
        fn one_changed_character_is_found(part in 0usize..3, place in 0usize..40_000) {
            static WHOLE: std::sync::LazyLock<Vec<AreaPart>> = std::sync::LazyLock::new(|| set(120).split().unwrap());
            let mut parts = WHOLE.clone();
            let text = &mut parts[part].text;
            prop_assume!(text.is_char_boundary(place) && text.is_char_boundary(place + 1));
            let old = text.as_bytes()[place];
            text.replace_range(place..=place, if old == b'1' { "2" } else { "1" });
            prop_assert_eq!(assemble(&parts), Err(AssembleError::Damaged));
        }
    }
}
