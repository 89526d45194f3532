//! What of a place an entry keeps. The exact fix stays only in a concern and an environment referral; every other
//! kind keeps its areas and the 100 m square, so that a notebook of chats never becomes a trail.

use serde::{Deserialize, Serialize};

use super::{GridRef, Position, PositionSource};
use crate::id::Code;

/// How much of a place a kind of entry may keep.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// The fix itself: concern notes and environment referrals.
    Exact,
    /// Areas and the 100 m square; the fix is dropped.
    Square,
    /// Areas only.
    Area,
}

/// An area as named when the entry was written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaRef {
    /// Its code: `E05005886`, `DEMO-P-POW`.
    pub code: Code,
    /// Its name in that area set.
    pub name: String,
}

/// An area found for a point.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundArea {
    /// Which area.
    pub area: AreaRef,
    /// The point lay in a gap, and this is the nearest area within reach.
    pub approximate: bool,
}

/// The area of each level at a point, from one area set.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreasFound {
    /// Version of the area set.
    pub area_set: u32,
    /// The force's own patrol area: hotspot, night-time zone, town.
    pub patrol: Option<FoundArea>,
    /// District.
    pub district: Option<FoundArea>,
    /// Ward.
    pub ward: Option<FoundArea>,
    /// Lower-layer super output area.
    pub lsoa: Option<FoundArea>,
}

/// The place as it goes into an entry's body.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceStamp {
    /// The place name chosen or typed by the officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The force's own patrol area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaRef>,
    /// District.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<AreaRef>,
    /// Ward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ward: Option<AreaRef>,
    /// Lower-layer super output area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lsoa: Option<AreaRef>,
    /// At least one of these is the nearest rather than the containing area, or the fix was wider than the square.
    #[serde(default)]
    pub approximate: bool,
    /// Version of the area set these come from; 0 where none was to hand.
    #[serde(default)]
    pub area_set: u32,
    /// The 100 m OS square, `TG 235 085`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub square_100m: Option<String>,
    /// The fix itself, only under [`Precision::Exact`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Position>,
    /// How exact the fix was, metres. Kept also where the fix is not: it says how far to trust the square.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<u32>,
    /// What gave the position.
    #[serde(default)]
    pub source: PositionSource,
}

impl PlaceStamp {
    /// What a screen calls this place: the chosen name, else patrol area, ward or district, else the square.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        let area = [&self.area, &self.ward, &self.district]
            .into_iter()
            .flatten()
            .map(|area| area.name.as_str())
            .next();
        self.name.as_deref().or(area).or(self.square_100m.as_deref())
    }

    /// The same place cut to what `precision` keeps. Cutting never adds anything back.
    #[must_use]
    pub fn cut_to(mut self, precision: Precision) -> Self {
        if precision != Precision::Exact {
            self.exact = None;
        }
        if precision == Precision::Area {
            self.square_100m = None;
        }
        self
    }
}

/// The place an entry keeps: everything derived from `position`, and `position` itself only under
/// [`Precision::Exact`]. With no position, `found` is what the officer chose from the list of areas.
#[must_use]
pub fn stamp(
    precision: Precision,
    position: Option<&Position>,
    found: Option<&AreasFound>,
    name: Option<String>,
) -> PlaceStamp {
    let nothing = AreasFound::default();
    let found = found.unwrap_or(&nothing);
    let levels = [&found.patrol, &found.district, &found.ward, &found.lsoa];
    let area = |level: &Option<FoundArea>| level.as_ref().map(|found| found.area.clone());
    let accuracy_m = position.and_then(|position| position.accuracy_m);
    let source = match position {
        Some(position) => position.source,
        None if levels.iter().any(|level| level.is_some()) => PositionSource::Area,
        None => PositionSource::None,
    };
    PlaceStamp {
        name: name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
        area: area(&found.patrol),
        district: area(&found.district),
        ward: area(&found.ward),
        lsoa: area(&found.lsoa),
        approximate: levels.into_iter().flatten().any(|found| found.approximate)
            || accuracy_m.is_some_and(|metres| metres > 100),
        area_set: found.area_set,
        square_100m: position.and_then(GridRef::from_position).map(GridRef::square_100m),
        exact: position.copied(),
        accuracy_m,
        source,
    }
    .cut_to(precision)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::time::Millis;
    use proptest::prelude::*;

    fn found() -> AreasFound {
        let area = |code: &str, name: &str, approximate| {
            Some(FoundArea { area: AreaRef { code: Code::new(code), name: name.into() }, approximate })
        };
        AreasFound {
            area_set: 3,
            patrol: area("DEMO-P-POW", "Prince of Wales Road", false),
            district: area("DEMO-D-NORWICH", "Norwich", false),
            ward: area("DEMO-W-1", "A ward", false),
            lsoa: None,
        }
    }

    fn fix(lat_e6: i32, lon_e6: i32, accuracy_m: u32) -> Position {
        Position::new(lat_e6, lon_e6, Some(accuracy_m), Some(Millis(1_764_281_640_000)), PositionSource::Gps)
            .unwrap()
    }

    #[test]
    fn an_engagement_keeps_the_square_and_drops_the_fix() {
        let kept = stamp(Precision::Square, Some(&fix(52_628_700, 1_302_000, 8)), Some(&found()), None);
        assert_eq!(kept.square_100m.as_deref(), Some("TG 235 085"));
        assert_eq!((kept.exact, kept.accuracy_m, kept.area_set), (None, Some(8), 3));
        assert_eq!(kept.label(), Some("Prince of Wales Road"));
        assert!(!kept.approximate);
    }

    #[test]
    fn a_stamp_is_short_and_an_older_one_still_reads() {
        let kept =
            stamp(Precision::Square, Some(&fix(52_628_700, 1_302_000, 8)), None, Some("Taxi rank".into()));
        let text = r#"{"name":"Taxi rank","approximate":false,"area_set":0,"square_100m":"TG 235 085","accuracy_m":8,"source":"gps"}"#;
        assert_eq!(serde_json::to_string(&kept).unwrap(), text);
        assert_eq!(serde_json::from_str::<PlaceStamp>(text).unwrap(), kept);
        assert_eq!(serde_json::from_str::<PlaceStamp>("{}").unwrap(), PlaceStamp::default());
    }

    #[test]
    fn a_concern_keeps_the_fix() {
        let position = fix(52_628_700, 1_302_000, 6);
        let kept = stamp(Precision::Exact, Some(&position), Some(&found()), Some(" Taxi rank ".into()));
        assert_eq!(kept.exact, Some(position));
        assert_eq!(kept.label(), Some("Taxi rank"));
    }

    #[test]
    fn without_a_fix_the_chosen_area_stands_and_says_so() {
        let kept = stamp(Precision::Square, None, Some(&found()), Some("   ".into()));
        assert_eq!((kept.source, kept.name, kept.square_100m), (PositionSource::Area, None, None));
        let nowhere = stamp(Precision::Exact, None, None, None);
        assert_eq!(nowhere, PlaceStamp::default());
        assert_eq!(nowhere.label(), None);
    }

    #[test]
    fn a_fix_wider_than_the_square_is_approximate() {
        assert!(
            stamp(Precision::Square, Some(&fix(52_628_700, 1_302_000, 101)), Some(&found()), None)
                .approximate
        );
    }

    proptest! {
        /// Whatever the fix, nothing finer than the square is in the bytes of an entry that may not keep it.
        #[test]
        fn no_trace_of_the_fix(lat in 52_300_000i32..53_020_000, lon in 1_000_000i32..1_800_000, metres in 0u32..500) {
            let position = fix(lat, lon, metres);
            for precision in [Precision::Square, Precision::Area] {
                let text = serde_json::to_string(&stamp(precision, Some(&position), Some(&found()), None)).unwrap();
                prop_assert!(!text.contains(&lat.to_string()) && !text.contains(&lon.to_string()), "{}", text);
                prop_assert!(!text.contains("1764281640000"));
            }
        }
    }
}
