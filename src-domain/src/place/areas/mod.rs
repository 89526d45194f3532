//! Area sets: the districts, wards, LSOAs and patrol areas a force works by, as one numbered, hashed edition.
//!
//! An area set is reference data. Central imports it ([`mod@import`]), numbers it and sends it in parts
//! ([`AreaSet::split`]); a device uses it only when whole and hash-checked ([`assemble`]) and asks it one question:
//! which areas is this point in ([`AreaIndex`])? Coordinates are whole microdegrees throughout, and point-in-area is
//! exact integer arithmetic, so every machine gives the same answer.

#[cfg(feature = "areas")]
mod import;
#[cfg(feature = "areas")]
mod index;
#[cfg(feature = "areas")]
mod lines;
mod outline;
mod parts;
mod ring;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

#[cfg(feature = "areas")]
pub use import::{ImportError, ImportProblem, import};
#[cfg(feature = "areas")]
pub use index::{AreaIndex, REACH_M};
pub use outline::outline;
pub use parts::{AreaPart, AssembleError, MAX_PART_BYTES, assemble};
pub use ring::{Point, Ring};

use super::stamp::{AreaRef, AreasFound, FoundArea};
use crate::id::{Code, Digest};
use crate::visit::COMMON_BAND;

/// The demonstration set's files (name, GeoJSON text): hand-made shapes around public coordinates, codes `DEMO-…`.
pub const DEMONSTRATION: [(&str, &str); 4] = [
    ("districts.geojson", include_str!("../../../data/demo-areas/districts.geojson")),
    ("wards.geojson", include_str!("../../../data/demo-areas/wards.geojson")),
    ("lsoas.geojson", include_str!("../../../data/demo-areas/lsoas.geojson")),
    ("patrol.geojson", include_str!("../../../data/demo-areas/patrol.geojson")),
];

/// Which kind of area.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaLevel {
    /// Local authority district.
    District,
    /// Electoral ward.
    Ward,
    /// Lower-layer super output area.
    Lsoa,
    /// The force's own: town, night-time zone, hotspot, village.
    Patrol,
}

impl AreaLevel {
    /// All levels, in the order of an area set.
    pub const ALL: [Self; 4] = [Self::District, Self::Ward, Self::Lsoa, Self::Patrol];
}

/// What a force expects of visits to a patrol area, and when silence there is worth a look. All in minutes.
///
/// The defaults are the 10 to 16 minute visit at least every two hours (Koper), for a town by night. A village is not
/// a failed city: it has its own.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// Shortest visit inside the band.
    pub band_min: u32,
    /// Longest visit inside the band. Staying longer is never wrong.
    pub band_max: u32,
    /// The longest gap between visits before the list marks it.
    pub max_gap_min: u32,
    /// How long a phone here may be silent before the team page says "not heard".
    pub silence_min: u32,
    /// Why these numbers: who set them and on what ground.
    pub why: String,
}

impl Default for Rhythm {
    fn default() -> Self {
        let (band_min, band_max) = COMMON_BAND;
        Self { band_min, band_max, max_gap_min: 120, silence_min: 20, why: String::new() }
    }
}

/// What is expected of visits, by patrol area. One that is not named has no owner who said so: the common band, no limit
/// of a gap, no silence of its own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rhythms(BTreeMap<Code, Rhythm>);

impl Rhythms {
    /// What the owner of an area set for it.
    #[must_use]
    pub fn of(&self, area: &Code) -> Option<&Rhythm> {
        self.0.get(area)
    }

    /// The band of a visit in minutes.
    #[must_use]
    pub fn band(&self, area: &Code) -> (u32, u32) {
        self.of(area).map_or(COMMON_BAND, |own| (own.band_min, own.band_max))
    }
}

impl FromIterator<(Code, Rhythm)> for Rhythms {
    fn from_iter<I: IntoIterator<Item = (Code, Rhythm)>>(rhythms: I) -> Self {
        Self(rhythms.into_iter().collect())
    }
}

/// One area. Polygons are lists of rings: the outer first, then holes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Area {
    /// Its code, unique within the level.
    pub code: Code,
    /// Its name, as shown.
    pub name: String,
    /// Which kind of area.
    pub level: AreaLevel,
    /// Code of the district it lies in; for a patrol area the district or town around it.
    pub parent: Option<Code>,
    /// What is expected of visits; patrol areas only.
    pub rhythm: Option<Rhythm>,
    /// The shapes: each a list of rings, outer first.
    pub polygons: Vec<Vec<Ring>>,
}

impl Area {
    /// The reference an entry keeps.
    #[must_use]
    pub fn to_ref(&self) -> AreaRef {
        AreaRef { code: self.code.clone(), name: self.name.clone() }
    }

    /// Size in square microdegrees, for telling the smaller of two overlapping areas exactly: outer rings less holes.
    #[must_use]
    pub fn size(&self) -> i128 {
        self.polygons
            .iter()
            .filter_map(|rings| rings.split_first())
            .map(|(outer, holes)| outer.size() - holes.iter().map(Ring::size).sum::<i128>())
            .sum()
    }
}

/// A numbered edition of all areas. Two sets are the same when their canonical text is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AreaSet {
    /// Number of the edition, given by central; rises by one with each import.
    pub version: u32,
    /// All areas, by level then code.
    pub areas: Vec<Area>,
}

impl AreaSet {
    /// An edition with its areas put in canonical order.
    #[must_use]
    pub fn new(version: u32, mut areas: Vec<Area>) -> Self {
        areas.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
        Self { version, areas }
    }

    /// The text that is hashed, split and sent: JSON, fixed field order, integers only.
    ///
    /// # Errors
    /// Only if serialisation itself fails, which no value of this type does.
    pub fn canonical(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// SHA-256 of the canonical text: the identity of this edition.
    ///
    /// # Errors
    /// As [`AreaSet::canonical`].
    pub fn hash(&self) -> Result<Digest, serde_json::Error> {
        self.canonical().map(|text| sha256(text.as_bytes()))
    }

    /// The area of this level and code.
    #[must_use]
    pub fn get(&self, level: AreaLevel, code: &Code) -> Option<&Area> {
        self.areas.iter().find(|area| area.level == level && area.code == *code)
    }

    /// What is expected of visits, by patrol area.
    #[must_use]
    pub fn rhythms(&self) -> Rhythms {
        let patrol = self.level(AreaLevel::Patrol);
        patrol.filter_map(|area| Some((area.code.clone(), area.rhythm.clone()?))).collect()
    }

    /// All areas of a level, by code.
    pub fn level(&self, level: AreaLevel) -> impl Iterator<Item = &Area> {
        self.areas.iter().filter(move |area| area.level == level)
    }

    /// The areas that follow from a patrol area picked from the list: itself and its district. Ward and LSOA stay
    /// unknown, because a town spans many.
    #[must_use]
    pub fn chosen(&self, patrol: &Code) -> Option<AreasFound> {
        let area = self.get(AreaLevel::Patrol, patrol)?;
        let found = |area: &Area| FoundArea { area: area.to_ref(), approximate: false };
        Some(AreasFound {
            area_set: self.version,
            patrol: Some(found(area)),
            district: self.district_of(area).map(found),
            ward: None,
            lsoa: None,
        })
    }

    /// The district an area lies in, through at most one patrol area around it (a zone in a town in a district).
    fn district_of(&self, area: &Area) -> Option<&Area> {
        let parent = area.parent.as_ref()?;
        self.get(AreaLevel::District, parent).or_else(|| {
            let around = self.get(AreaLevel::Patrol, parent)?;
            self.get(AreaLevel::District, around.parent.as_ref()?)
        })
    }
}

/// SHA-256 as a [`Digest`].
fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn area(code: &str, level: AreaLevel, parent: Option<&str>) -> Area {
        Area {
            code: code.into(),
            name: format!("Name of {code}"),
            level,
            parent: parent.map(Code::from),
            rhythm: (level == AreaLevel::Patrol).then(Rhythm::default),
            polygons: vec![vec![Ring::new(vec![Point::new(0, 0), Point::new(10, 0), Point::new(0, 10)])]],
        }
    }

    fn set() -> AreaSet {
        AreaSet::new(
            7,
            vec![
                area("ZONE", AreaLevel::Patrol, Some("TOWN")),
                area("TOWN", AreaLevel::Patrol, Some("D1")),
                area("D1", AreaLevel::District, None),
            ],
        )
    }

    #[test]
    fn the_canonical_form_is_fixed() {
        let one = AreaSet::new(1, vec![area("D1", AreaLevel::District, None)]);
        assert_eq!(
            one.canonical().unwrap(),
            r#"{"version":1,"areas":[{"code":"D1","name":"Name of D1","level":"district","parent":null,"rhythm":null,"polygons":[[[0,0,10,0,-10,10]]]}]}"#
        );
        assert_eq!(one.hash().unwrap(), sha256(one.canonical().unwrap().as_bytes()));
    }

    #[test]
    fn order_of_import_does_not_change_the_hash() {
        let mut turned = set().areas;
        turned.reverse();
        assert_eq!(AreaSet::new(7, turned).hash().unwrap(), set().hash().unwrap());
        assert_ne!(AreaSet::new(8, set().areas).hash().unwrap(), set().hash().unwrap());
    }

    #[test]
    fn a_chosen_zone_gives_its_district_through_the_town() {
        let found = set().chosen(&Code::from("ZONE")).unwrap();
        assert_eq!(found.patrol.unwrap().area.code, "ZONE");
        assert_eq!(found.district.unwrap().area.code, "D1");
        assert_eq!((found.ward, found.lsoa, found.area_set), (None, None, 7));
        assert_eq!(set().chosen(&Code::from("D1")), None);
    }

    #[test]
    fn a_hole_makes_an_area_smaller() {
        let mut ringed = area("R", AreaLevel::Ward, None);
        let whole = ringed.size();
        let hole = Ring::new(vec![Point::new(1, 1), Point::new(3, 1), Point::new(1, 3)]);
        ringed.polygons.get_mut(0).unwrap().push(hole);
        assert!(ringed.size() < whole);
    }
}
