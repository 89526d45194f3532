//! An area set in parts small enough for a link that is cut, and back: used only when whole and its hash is right.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{AreaSet, sha256};
use crate::id::Digest;

/// The most one part may take as JSON, envelope included.
pub const MAX_PART_BYTES: usize = 64_000;

/// Bytes of the set in one part: in base64 four thirds of this, which with the envelope stays below the limit.
const CHUNK: usize = 47_000;

/// Most parts a set may have: 32 MB, many times a county, so that a wrong count cannot make a phone collect for ever.
const MAX_PARTS: u32 = 700;

/// One part of an area set on its way to a device.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct AreaPart {
    /// Version of the set.
    pub area_set: u32,
    /// SHA-256 of the whole set's canonical bytes: what the parts belong to.
    pub hash: Digest,
    /// Which part, from 0.
    pub index: u32,
    /// How many parts there are.
    pub count: u32,
    /// This part of the canonical bytes, base64.
    pub data: String,
}

/// Why parts do not (yet) make an area set. Nothing of them may be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AssembleError {
    /// Some have not arrived. Not a fault: keep fetching.
    #[error("{have} of {count} parts of the area set are here")]
    Incomplete {
        /// Different parts held.
        have: u32,
        /// Parts there are.
        count: u32,
    },
    /// Parts of two sets, two different parts of one number, or a number past the count.
    #[error("the parts are not of one area set: drop them and fetch again")]
    Mixed,
    /// The bytes put together are not those that were hashed, or not an area set.
    #[error("the area set arrived damaged: drop its parts and fetch again")]
    Damaged,
}

impl AreaSet {
    /// The set in parts, each at most [`MAX_PART_BYTES`] as JSON.
    ///
    /// # Errors
    /// As [`AreaSet::canonical`].
    pub fn split(&self) -> Result<Vec<AreaPart>, serde_json::Error> {
        let bytes = self.canonical()?;
        let hash = sha256(&bytes);
        let count = u32::try_from(bytes.chunks(CHUNK).len()).unwrap_or(u32::MAX);
        Ok((0..count)
            .zip(bytes.chunks(CHUNK))
            .map(|(index, chunk)| AreaPart {
                area_set: self.version,
                hash,
                index,
                count,
                data: STANDARD.encode(chunk),
            })
            .collect())
    }
}

/// The area set these parts make, in any order and with repeats.
///
/// # Errors
/// [`AssembleError::Incomplete`] while parts are missing; the others mean: drop them all and fetch again.
pub fn assemble(parts: &[AreaPart]) -> Result<AreaSet, AssembleError> {
    let Some(first) = parts.first() else { return Err(AssembleError::Incomplete { have: 0, count: 0 }) };
    if first.count == 0 || first.count > MAX_PARTS {
        return Err(AssembleError::Mixed);
    }
    let mut slots: Vec<Option<&AreaPart>> = vec![None; first.count as usize];
    for part in parts {
        let same_set = (part.area_set, part.hash, part.count) == (first.area_set, first.hash, first.count);
        let slot = slots.get_mut(part.index as usize).filter(|_| same_set).ok_or(AssembleError::Mixed)?;
        if slot.is_some_and(|held| held != part) {
            return Err(AssembleError::Mixed);
        }
        *slot = Some(part);
    }
    let held: Vec<&AreaPart> = slots.iter().flatten().copied().collect();
    if held.len() < slots.len() {
        return Err(AssembleError::Incomplete {
            have: u32::try_from(held.len()).unwrap_or(u32::MAX),
            count: first.count,
        });
    }
    let mut bytes = Vec::with_capacity(held.len() * CHUNK);
    for part in held {
        STANDARD.decode_vec(&part.data, &mut bytes).map_err(|_| AssembleError::Damaged)?;
    }
    if sha256(&bytes) != first.hash {
        return Err(AssembleError::Damaged);
    }
    let set: AreaSet = serde_json::from_slice(&bytes).map_err(|_| AssembleError::Damaged)?;
    // The version beside the parts is not hashed; only the one inside counts.
    if set.version == first.area_set { Ok(set) } else { Err(AssembleError::Damaged) }
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
            polygons: vec![vec![Ring::new((0..200).map(|i| Point::new(i * i * 977 % 9_000_000, n + i)).collect())]],
        };
        AreaSet::new(4, (0..areas).map(area).collect())
    }

    #[test]
    fn every_part_fits_and_the_whole_comes_back_from_any_order() {
        let whole = set(120);
        let mut parts = whole.split().unwrap();
        assert!(parts.len() > 3, "{}", parts.len());
        for part in &parts {
            assert!(serde_json::to_vec(part).unwrap().len() <= MAX_PART_BYTES);
        }
        parts.reverse();
        parts.push(parts[0].clone());
        assert_eq!(assemble(&parts).unwrap(), whole);
    }

    #[test]
    fn nothing_is_used_until_all_is_there() {
        let mut parts = set(120).split().unwrap();
        let count = parts[0].count;
        parts.remove(1);
        assert_eq!(assemble(&parts), Err(AssembleError::Incomplete { have: count - 1, count }));
        assert_eq!(assemble(&[]), Err(AssembleError::Incomplete { have: 0, count: 0 }));
    }

    #[test]
    fn parts_of_two_sets_are_not_mixed() {
        let mut parts = set(120).split().unwrap();
        parts[1] = set(121).split().unwrap().remove(1);
        assert_eq!(assemble(&parts), Err(AssembleError::Mixed));
        let mut endless = set(1).split().unwrap();
        endless[0].count = u32::MAX;
        assert_eq!(assemble(&endless), Err(AssembleError::Mixed));
    }

    #[test]
    fn the_number_outside_must_be_the_number_inside() {
        let mut parts = set(1).split().unwrap();
        parts[0].area_set = 99;
        assert_eq!(assemble(&parts), Err(AssembleError::Damaged));
    }

    proptest! {
        #[test]
        fn one_changed_character_is_found(part in 0usize..3, place in 0usize..40_000) {
            static WHOLE: std::sync::LazyLock<Vec<AreaPart>> = std::sync::LazyLock::new(|| set(120).split().unwrap());
            let mut parts = WHOLE.clone();
            let data = &mut parts[part].data;
            let old = data.as_bytes()[place];
            data.replace_range(place..=place, if old == b'A' { "B" } else { "A" });
            prop_assert_eq!(assemble(&parts), Err(AssembleError::Damaged));
        }
    }
}
