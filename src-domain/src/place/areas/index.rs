//! Which areas is this point in? An R-tree over bounding boxes, then an exact test.
//!
//! Where areas of one level overlap the smallest wins, then the lower code. Where none contains the point (real
//! boundaries gap by a few metres), the nearest within [`REACH_M`] is taken and marked approximate.

use std::cmp::Ordering;

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{Coord, LineString, Polygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::{Area, AreaLevel, AreaSet, Point, Ring};
use crate::id::Code;
use crate::place::Position;
use crate::place::stamp::{AreasFound, FoundArea};

/// How far outside an area a point may lie and still be given to it, metres.
pub const REACH_M: f64 = 15.0;

/// One degree of latitude in metres, near enough for a reach of 15 m.
const DEGREE_M: f64 = 111_320.0;

/// The box of one polygon, with its area's place and its own in the set.
type Boxed = GeomWithData<Rectangle<[i64; 2]>, (usize, usize)>;

/// An area set ready to be asked.
#[derive(Debug)]
pub struct AreaIndex {
    set: AreaSet,
    sizes: Vec<i128>,
    polygons: Vec<Vec<Polygon<i64>>>,
    tree: RTree<Boxed>,
}

impl AreaIndex {
    /// Builds the index.
    #[must_use]
    pub fn new(set: AreaSet) -> Self {
        let sizes = set.areas.iter().map(Area::size).collect();
        let polygons: Vec<Vec<Polygon<i64>>> = set
            .areas
            .iter()
            .map(|area| area.polygons.iter().filter_map(|rings| polygon(rings)).collect())
            .collect();
        let boxes = polygons
            .iter()
            .enumerate()
            .flat_map(|(area, parts)| {
                parts.iter().enumerate().map(move |(part, polygon)| Boxed::new(bounds(polygon), (area, part)))
            })
            .collect();
        Self { set, sizes, polygons, tree: RTree::bulk_load(boxes) }
    }

    /// The set it was built from.
    #[must_use]
    pub fn set(&self) -> &AreaSet {
        &self.set
    }

    /// The area of each level at this position; nothing for one that is not on the globe.
    #[must_use]
    pub fn find(&self, position: &Position) -> AreasFound {
        let mut found = AreasFound { area_set: self.set.version, ..AreasFound::default() };
        if position.check().is_err() {
            return found;
        }
        let near = self.near(position);
        let at = |level| self.best(&near, level);
        found.patrol = at(AreaLevel::Patrol);
        found.district = at(AreaLevel::District);
        found.ward = at(AreaLevel::Ward);
        found.lsoa = at(AreaLevel::Lsoa);
        found
    }

    /// Whether a position lies in one area, whichever smaller ones lie in it too.
    #[must_use]
    pub fn is_in(&self, position: &Position, level: AreaLevel, code: &Code) -> bool {
        position.check().is_ok()
            && self.near(position).iter().any(|(place, metres)| {
                let area = self.set.areas.get(*place);
                *metres == 0.0 && area.is_some_and(|area| area.level == level && area.code == *code)
            })
    }

    /// Areas within reach, each with its distance in metres (0 inside).
    fn near(&self, position: &Position) -> Vec<(usize, f64)> {
        let here = Coord { x: i64::from(position.lon_e6), y: i64::from(position.lat_e6) };
        let shrink = position.lat().to_radians().cos().max(0.01);
        let reach = AABB::from_corners(
            [here.x - whole(REACH_M / DEGREE_M / shrink), here.y - whole(REACH_M / DEGREE_M)],
            [here.x + whole(REACH_M / DEGREE_M / shrink), here.y + whole(REACH_M / DEGREE_M)],
        );
        self.tree
            .locate_in_envelope_intersecting(&reach)
            .filter_map(|boxed| {
                let (area, part) = boxed.data;
                let polygon = self.polygons.get(area)?.get(part)?;
                // A point on the line belongs to both sides; the smaller then wins.
                let metres = match polygon.coordinate_position(&here) {
                    CoordPos::Outside => distance_m(polygon, here, shrink),
                    CoordPos::Inside | CoordPos::OnBoundary => 0.0,
                };
                (metres <= REACH_M).then_some((area, metres))
            })
            .collect()
    }

    /// The winner of one level: inside before outside; inside the smallest, outside the nearest; then the lower code.
    fn best(&self, near: &[(usize, f64)], level: AreaLevel) -> Option<FoundArea> {
        near.iter()
            .filter_map(|(place, metres)| Some((self.set.areas.get(*place)?, *place, *metres)))
            .filter(|(area, _, _)| area.level == level)
            .min_by(|(a, place_a, metres_a), (b, place_b, metres_b)| {
                metres_a
                    .total_cmp(metres_b)
                    .then_with(|| self.sizes.get(*place_a).cmp(&self.sizes.get(*place_b)))
                    .then_with(|| a.code.cmp(&b.code))
                    .then(Ordering::Equal)
            })
            .map(|(area, _, metres)| FoundArea { area: area.to_ref(), approximate: metres > 0.0 })
    }
}

/// Degrees as microdegrees, rounded up; the values are far below what an i64 holds.
#[allow(clippy::cast_possible_truncation)]
fn whole(degrees: f64) -> i64 {
    (degrees * 1e6).ceil() as i64
}

fn polygon(rings: &[Ring]) -> Option<Polygon<i64>> {
    let line = |ring: &Ring| {
        let coord = |point: &Point| Coord { x: i64::from(point.lon_e6), y: i64::from(point.lat_e6) };
        LineString::new(ring.points().iter().map(coord).collect())
    };
    let (outer, holes) = rings.split_first()?;
    // Polygon::new closes the rings.
    (outer.points().len() >= 3).then(|| Polygon::new(line(outer), holes.iter().map(line).collect()))
}

fn bounds(polygon: &Polygon<i64>) -> Rectangle<[i64; 2]> {
    let points = || polygon.exterior().coords();
    let low =
        [points().map(|c| c.x).min().unwrap_or_default(), points().map(|c| c.y).min().unwrap_or_default()];
    let high =
        [points().map(|c| c.x).max().unwrap_or_default(), points().map(|c| c.y).max().unwrap_or_default()];
    Rectangle::from_corners(low, high)
}

/// Metres from a point to the nearest edge, on a plane that touches the globe at the point.
#[allow(clippy::cast_precision_loss)]
fn distance_m(polygon: &Polygon<i64>, here: Coord<i64>, shrink: f64) -> f64 {
    let flat = |c: Coord<i64>| {
        ((c.x - here.x) as f64 / 1e6 * DEGREE_M * shrink, (c.y - here.y) as f64 / 1e6 * DEGREE_M)
    };
    std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .flat_map(LineString::lines)
        .map(|line| to_segment(flat(line.start), flat(line.end)))
        .fold(f64::INFINITY, f64::min)
}

/// Distance from the origin to a segment.
fn to_segment((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 { (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (ax + along * dx).hypot(ay + along * dy)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::place::PositionSource;
    use crate::place::areas::{DEMONSTRATION, Rhythm, import};
    use proptest::prelude::*;

    fn at(lon_e6: i32, lat_e6: i32) -> Position {
        Position::new(lat_e6, lon_e6, Some(5), None, PositionSource::Gps).unwrap()
    }

    fn square(code: &str, level: AreaLevel, lon: i32, lat: i32, side: i32) -> Area {
        let corners = [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side)];
        Area {
            code: code.into(),
            name: code.into(),
            level,
            parent: None,
            rhythm: (level == AreaLevel::Patrol).then(Rhythm::default),
            polygons: vec![vec![Ring::new(corners.map(|(x, y)| Point::new(x, y)).to_vec())]],
        }
    }

    fn codes(found: &Option<FoundArea>) -> Option<(&str, bool)> {
        found.as_ref().map(|found| (found.area.code.as_str(), found.approximate))
    }

    const LON: i32 = 1_300_000;
    const LAT: i32 = 52_600_000;

    #[test]
    fn the_smallest_of_overlapping_areas_wins_then_the_code() {
        let index = AreaIndex::new(AreaSet::new(
            1,
            vec![
                square("TOWN", AreaLevel::Patrol, LON, LAT, 10_000),
                square("ZONE-B", AreaLevel::Patrol, LON, LAT, 1_000),
                square("ZONE-A", AreaLevel::Patrol, LON, LAT, 1_000),
                square("WARD", AreaLevel::Ward, LON, LAT, 10_000),
            ],
        ));
        let found = index.find(&at(LON + 500, LAT + 500));
        assert_eq!(codes(&found.patrol), Some(("ZONE-A", false)));
        assert_eq!(codes(&found.ward), Some(("WARD", false)));
        assert_eq!(found.lsoa, None);
        assert_eq!(codes(&index.find(&at(LON + 5_000, LAT + 5_000)).patrol), Some(("TOWN", false)));
        // In the zone is in the town as well; what is only near it is not.
        let within = |position: &Position, code: &str| index.is_in(position, AreaLevel::Patrol, &code.into());
        assert!(within(&at(LON + 500, LAT + 500), "TOWN") && within(&at(LON + 500, LAT + 500), "ZONE-B"));
        assert!(!within(&at(LON + 1_020, LAT + 500), "ZONE-A"));
        assert!(!index.is_in(&at(LON + 500, LAT + 500), AreaLevel::Patrol, &"WARD".into()));
    }

    #[test]
    fn a_gap_goes_to_the_nearest_within_fifteen_metres_and_says_so() {
        // Two wards 30 m apart; a microdegree of latitude is 0.111 m.
        let index = AreaIndex::new(AreaSet::new(
            1,
            vec![
                square("SOUTH", AreaLevel::Ward, LON, LAT - 10_000, 10_000),
                square("NORTH", AreaLevel::Ward, LON, LAT + 270, 10_000),
            ],
        ));
        let ward = |lat| index.find(&at(LON + 5_000, lat)).ward;
        assert_eq!(codes(&ward(LAT)), Some(("SOUTH", false)));
        assert_eq!(codes(&ward(LAT + 100)), Some(("SOUTH", true)));
        assert_eq!(codes(&ward(LAT + 134)), Some(("SOUTH", true)));
        assert_eq!(codes(&ward(LAT + 136)), Some(("NORTH", true)));
        assert_eq!(codes(&ward(LAT + 270)), Some(("NORTH", false)));
        assert_eq!(codes(&ward(LAT + 10_270 + 134)), Some(("NORTH", true)));
        assert_eq!(codes(&ward(LAT + 10_270 + 136)), None);
    }

    #[test]
    fn a_hole_is_outside() {
        let mut ring = square("RING", AreaLevel::Ward, LON, LAT, 10_000);
        let hole = square("", AreaLevel::Ward, LON + 2_000, LAT + 2_000, 6_000).polygons[0][0].clone();
        ring.polygons[0].push(hole);
        let index = AreaIndex::new(AreaSet::new(1, vec![ring]));
        assert_eq!(index.find(&at(LON + 5_000, LAT + 5_000)).ward, None);
        assert_eq!(codes(&index.find(&at(LON + 1_000, LAT + 5_000)).ward), Some(("RING", false)));
        assert_eq!(codes(&index.find(&at(LON + 2_050, LAT + 5_000)).ward), Some(("RING", true)));
    }

    #[test]
    fn strange_positions_find_nothing() {
        let index = AreaIndex::new(import(1, &DEMONSTRATION).unwrap());
        let mad = Position { lat_e6: i32::MAX, lon_e6: i32::MIN, ..at(0, 0) };
        for position in [mad, at(0, 0), at(180_000_000, 90_000_000), at(-180_000_000, -90_000_000)] {
            assert_eq!(index.find(&position), AreasFound { area_set: 1, ..AreasFound::default() });
        }
        assert_eq!(AreaIndex::new(AreaSet::new(2, vec![])).find(&at(LON, LAT)).area_set, 2);
    }

    /// Boundary files: those of the folder named by `BEATBOOK_BOUNDARIES`, else the demonstration set.
    // The test reads files; the rules do not.
    #[allow(clippy::disallowed_methods)]
    fn files() -> (bool, Vec<(String, String)>) {
        match std::env::var_os("BEATBOOK_BOUNDARIES") {
            Some(folder) => {
                let read = |name: &str| {
                    std::fs::read_to_string(std::path::Path::new(&folder).join(name)).expect("readable")
                };
                let names = ["districts.geojson", "wards.geojson", "lsoas.geojson"];
                (true, names.map(|name| (name.to_owned(), read(name))).to_vec())
            }
            None => (false, DEMONSTRATION.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()),
        }
    }

    #[test]
    fn prince_of_wales_road() {
        let (real, files) = files();
        let set = import(9, &files).unwrap_or_else(|error| panic!("{error}"));
        let whole = crate::place::areas::assemble(&set.split().unwrap()).unwrap();
        assert_eq!(whole, set);
        let found = AreaIndex::new(whole).find(&at(1_302_000, 52_628_700));
        let named = |found: &Option<FoundArea>| {
            let found = found.as_ref().expect("an area");
            assert!(!found.approximate);
            (found.area.code.as_str().to_owned(), found.area.name.clone())
        };
        let expected = if real {
            [("E07000148", "Norwich"), ("E05005886", "Thorpe Hamlet"), ("E01033438", "Norwich 014A")]
        } else {
            assert_eq!(named(&found.patrol).0, "DEMO-P-POW");
            [
                ("DEMO-D-NORWICH", "Norwich"),
                ("DEMO-W-THORPE-HAMLET", "Thorpe Hamlet"),
                ("DEMO-L-NORWICH-014A", "Norwich 014A"),
            ]
        };
        let expected = expected.map(|(code, name)| (code.to_owned(), name.to_owned()));
        assert_eq!([named(&found.district), named(&found.ward), named(&found.lsoa)], expected);
    }

    #[test]
    fn each_demonstration_area_holds_its_own_public_coordinate() {
        let index = AreaIndex::new(import(1, &DEMONSTRATION).unwrap());
        for (lon, lat, patrol, district) in [
            (1.2923, 52.6286, "DEMO-P-NORW", "DEMO-D-NORWICH"),
            (0.3945, 52.7544, "DEMO-P-KLYN-NTE", "DEMO-D-WEST-NORFOLK"),
            (1.7265, 52.6083, "DEMO-P-GTYA-MARKET", "DEMO-D-GREAT-YARMOUTH"),
            (1.7378, 52.6089, "DEMO-P-GTYA-SEAFRONT", "DEMO-D-GREAT-YARMOUTH"),
            (0.7510, 52.4138, "DEMO-P-THET", "DEMO-D-BRECKLAND"),
            (1.1085, 52.3765, "DEMO-P-DISS", "DEMO-D-SOUTH-NORFOLK"),
            (1.3028, 52.9314, "DEMO-P-CROM", "DEMO-D-NORTH-NORFOLK"),
            (1.7235, 52.5757, "DEMO-P-GORL", "DEMO-D-GREAT-YARMOUTH"),
            (0.3790, 52.6040, "DEMO-P-DOWN", "DEMO-D-WEST-NORFOLK"),
            (0.9400, 52.6812, "DEMO-P-DERE-NTE", "DEMO-D-BRECKLAND"),
            (1.2100, 52.9440, "DEMO-P-SHER", "DEMO-D-NORTH-NORFOLK"),
            (1.0880, 52.9055, "DEMO-P-HOLT", "DEMO-D-NORTH-NORFOLK"),
            (1.3020, 52.6287, "DEMO-P-POW", "DEMO-D-NORWICH"),
            (1.3068, 52.6268, "DEMO-P-RIVERSIDE", "DEMO-D-NORWICH"),
            (1.2992, 52.6311, "DEMO-P-TOMBLAND", "DEMO-D-NORWICH"),
            (1.2948, 52.6295, "DEMO-P-LONDON-STREET", "DEMO-D-NORWICH"),
        ] {
            let found = index.find(&Position::from_degrees(lat, lon, PositionSource::Gps).unwrap());
            assert_eq!(codes(&found.patrol), Some((patrol, false)), "{lat}, {lon}");
            assert_eq!(codes(&found.district), Some((district, false)), "{lat}, {lon}");
        }
    }

    proptest! {
        /// The tree finds what looking at every square finds.
        #[test]
        fn the_tree_hides_nothing(
            squares in prop::collection::vec((0i32..20_000, 0i32..20_000, 100i32..8_000), 1..30),
            x in -500i32..28_500, y in -500i32..28_500,
        ) {
            let areas = squares.iter().enumerate()
                .map(|(n, (lon, lat, side))| square(&format!("W{n:02}"), AreaLevel::Ward, LON + lon, LAT + lat, *side));
            let index = AreaIndex::new(AreaSet::new(1, areas.collect()));
            let inside = squares.iter().enumerate()
                .filter(|(_, (lon, lat, side))| (*lon..=lon + side).contains(&x) && (*lat..=lat + side).contains(&y))
                .min_by_key(|(n, (_, _, side))| (*side, *n))
                .map(|(n, _)| format!("W{n:02}"));
            let found = index.find(&at(LON + x, LAT + y)).ward;
            match inside {
                Some(code) => prop_assert_eq!(codes(&found), Some((code.as_str(), false))),
                None => prop_assert!(found.is_none_or(|found| found.approximate)),
            }
        }
    }
}
