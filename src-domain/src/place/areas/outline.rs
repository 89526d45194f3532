//! An area's outline with fewer points, for a drawing of a few hundred pixels: the points that bend it most are kept
//! (Douglas and Peucker 1973). Only ever drawn; what lies in an area is decided by all its points.

use super::{Area, Point};

/// The outer ring of an area's largest shape, with at most `most` points, in their order. Empty where it has none.
#[must_use]
pub fn outline(area: &Area, most: usize) -> Vec<Point> {
    let outer = area.polygons.iter().filter_map(|rings| rings.first()).max_by_key(|ring| ring.size());
    outer.map_or_else(Vec::new, |ring| thinned(ring.points(), most))
}

fn thinned(points: &[Point], most: usize) -> Vec<Point> {
    if points.len() <= most {
        return points.to_vec();
    }
    let mut bends = bends(points);
    bends.sort_by(|(a, left), (b, right)| right.total_cmp(left).then_with(|| a.cmp(b)));
    let mut kept: Vec<usize> = bends.into_iter().take(most).map(|(index, _)| index).collect();
    kept.sort_unstable();
    kept.into_iter().filter_map(|index| points.get(index).copied()).collect()
}

/// How far each point lies from the line that would be drawn without it; the two ends of the ring lie infinitely far.
/// No point bends more than the one whose piece it lies in, so that taking the greatest is taking whole pieces.
fn bends(points: &[Point]) -> Vec<(usize, f64)> {
    let shrink = points.first().map_or(1.0, |point| degrees(point.lat_e6).to_radians().cos());
    let at = |index: usize| {
        // A ring closes: the point after the last is the first.
        points
            .get(index % points.len())
            .map_or((0.0, 0.0), |point| (degrees(point.lon_e6) * shrink, degrees(point.lat_e6)))
    };
    let length = |from: usize, to: usize| (at(from).0 - at(to).0).hypot(at(from).1 - at(to).1);
    let farthest = (1..points.len()).max_by(|a, b| length(0, *a).total_cmp(&length(0, *b))).unwrap_or(0);
    let mut bends = vec![(0, f64::INFINITY), (farthest, f64::INFINITY)];
    let mut pieces = vec![(0, farthest, f64::INFINITY), (farthest, points.len(), f64::INFINITY)];
    while let Some((from, to, limit)) = pieces.pop() {
        let off = |index: usize| away(at(index), at(from), at(to));
        let Some(most) = (from + 1..to).max_by(|a, b| off(*a).total_cmp(&off(*b))) else { continue };
        let bend = off(most).min(limit);
        bends.push((most, bend));
        pieces.push((from, most, bend));
        pieces.push((most, to, bend));
    }
    bends
}

fn degrees(e6: i32) -> f64 {
    f64::from(e6) / 1e6
}

/// Distance of a point from the line between two others.
fn away(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (east, north) = (to.0 - from.0, to.1 - from.1);
    let long = east.hypot(north);
    if long == 0.0 {
        return (point.0 - from.0).hypot(point.1 - from.1);
    }
    let along = ((point.0 - from.0) * east + (point.1 - from.1) * north) / (long * long);
    let along = along.clamp(0.0, 1.0);
    (point.0 - from.0 - along * east).hypot(point.1 - from.1 - along * north)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::areas::{AreaLevel, Ring};
    use proptest::prelude::*;

    fn area(points: Vec<Point>) -> Area {
        Area {
            code: "A".into(),
            name: "A".into(),
            level: AreaLevel::Patrol,
            parent: None,
            rhythm: None,
            polygons: vec![vec![Ring::new(points)]],
        }
    }

    /// A square of 40,000 microdegrees a side at Norwich with a point every 100, and a spike of 5,000.
    fn square() -> Vec<Point> {
        let (side, step) = (40_000, 100);
        let mut points = Vec::new();
        for along in (0..side).step_by(step) {
            let spike = if along == 20_000 { 5_000 } else { 0 };
            points.push(Point::new(1_300_000 + along, 52_600_000 - spike));
        }
        points.extend((0..side).step_by(step).map(|along| Point::new(1_340_000, 52_600_000 + along)));
        points.extend((0..side).step_by(step).map(|along| Point::new(1_340_000 - along, 52_640_000)));
        points.extend((0..side).step_by(step).map(|along| Point::new(1_300_000, 52_640_000 - along)));
        points
    }

    #[test]
    fn corners_and_spikes_stay_and_straight_edges_lose_their_points() {
        let area = area(square());
        let drawn = outline(&area, 60);
        assert!(drawn.len() <= 60, "{}", drawn.len());
        for kept in [
            Point::new(1_300_000, 52_600_000),
            Point::new(1_340_000, 52_600_000),
            Point::new(1_340_000, 52_640_000),
            Point::new(1_300_000, 52_640_000),
            Point::new(1_320_000, 52_595_000),
        ] {
            assert!(drawn.contains(&kept), "{kept:?}");
        }
        let size = |points: Vec<Point>| Ring::new(points).size();
        assert_eq!(size(outline(&area, 7)), size(square()), "seven points say all of it");
        assert_eq!(outline(&area, 10_000), square());
    }

    #[test]
    fn the_largest_of_several_shapes_is_drawn() {
        let mut area = area(square());
        let island = [(0, 0), (10, 0), (0, 10)].map(|(lon, lat)| Point::new(lon, lat));
        area.polygons.insert(0, vec![Ring::new(island.to_vec())]);
        assert!(outline(&area, 60).iter().all(|point| point.lon_e6 >= 1_300_000));
        area.polygons.clear();
        assert!(outline(&area, 60).is_empty());
    }

    proptest! {
        #[test]
        fn never_more_than_asked_for_and_only_points_it_had(
            points in prop::collection::vec((0i32..2_000, 0i32..2_000), 0..300),
            most in 3usize..80,
        ) {
            let area = area(points.into_iter().map(|(lon, lat)| Point::new(lon, lat)).collect());
            let ring = area.polygons[0][0].clone();
            let drawn = outline(&area, most);
            prop_assert_eq!(drawn.len(), most.min(ring.points().len()));
            let mut left = ring.points().iter();
            prop_assert!(drawn.iter().all(|point| left.any(|of| of == point)), "in the order of the ring");
        }
    }
}
