//! A ring of points in whole microdegrees, kept open (the last point is not repeated) and written as one flat list:
//! the first point, then steps. Steps are short, which halves what a phone must fetch over a slow link.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in whole microdegrees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Point {
    /// Longitude, millionths of a degree east.
    pub lon_e6: i32,
    /// Latitude, millionths of a degree north.
    pub lat_e6: i32,
}

impl Point {
    /// A point by longitude and latitude, the order of GeoJSON.
    #[must_use]
    pub const fn new(lon_e6: i32, lat_e6: i32) -> Self {
        Self { lon_e6, lat_e6 }
    }

    /// The same, if it lies within 180 degrees east or west and 90 north or south.
    #[must_use]
    pub fn on_earth(lon_e6: i64, lat_e6: i64) -> Option<Self> {
        let inside = lon_e6.unsigned_abs() <= 180_000_000 && lat_e6.unsigned_abs() <= 90_000_000;
        inside.then(|| Some(Self::new(i32::try_from(lon_e6).ok()?, i32::try_from(lat_e6).ok()?))).flatten()
    }
}

/// The edge of a polygon or of a hole in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ring(Vec<Point>);

impl Ring {
    /// A ring through these points; a last point equal to the first is dropped, as are repeats in a row.
    #[must_use]
    pub fn new(mut points: Vec<Point>) -> Self {
        points.dedup();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        Self(points)
    }

    /// The points, each once.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.0
    }

    /// Twice the enclosed area in square microdegrees (shoelace), whichever way the ring runs.
    #[must_use]
    pub fn size(&self) -> i128 {
        let next = self.0.iter().cycle().skip(1);
        self.0
            .iter()
            .zip(next)
            .map(|(a, b)| {
                i128::from(a.lon_e6) * i128::from(b.lat_e6) - i128::from(b.lon_e6) * i128::from(a.lat_e6)
            })
            .sum::<i128>()
            .abs()
    }
}

impl Serialize for Ring {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut last = Point::new(0, 0);
        serializer.collect_seq(self.0.iter().flat_map(|point| {
            let step = [
                i64::from(point.lon_e6) - i64::from(last.lon_e6),
                i64::from(point.lat_e6) - i64::from(last.lat_e6),
            ];
            last = *point;
            step
        }))
    }
}

impl<'de> Deserialize<'de> for Ring {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let flat = Vec::<i64>::deserialize(deserializer)?;
        let (pairs, rest) = flat.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(D::Error::custom("a ring has an odd number of values"));
        }
        let (mut lon, mut lat) = (0i64, 0i64);
        let mut points = Vec::with_capacity(pairs.len());
        for [east, north] in pairs {
            lon = lon.saturating_add(*east);
            lat = lat.saturating_add(*north);
            let point =
                Point::on_earth(lon, lat).ok_or_else(|| D::Error::custom("a ring leaves the world"))?;
            points.push(point);
        }
        Ok(Self::new(points))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn size_of_a_square_either_way_round() {
        let square = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)].map(|(x, y)| Point::new(x, y));
        let mut back = square.to_vec();
        back.reverse();
        assert_eq!(Ring::new(square.to_vec()).size(), 200);
        assert_eq!(Ring::new(back).size(), 200);
        assert_eq!(Ring::new(vec![]).size(), 0);
    }

    #[test]
    fn what_is_not_a_ring_is_refused() {
        assert!(serde_json::from_str::<Ring>("[1,2,3]").is_err());
        assert!(serde_json::from_str::<Ring>("[180000000,0,1,0]").is_err());
        assert!(serde_json::from_str::<Ring>("[9223372036854775807,0,9223372036854775807,0]").is_err());
    }

    proptest! {
        #[test]
        fn written_and_read_back(points in prop::collection::vec((-180_000_000..=180_000_000, -90_000_000..=90_000_000), 0..20)) {
            let ring = Ring::new(points.into_iter().map(|(lon, lat)| Point::new(lon, lat)).collect());
            let text = serde_json::to_string(&ring).unwrap();
            prop_assert_eq!(serde_json::from_str::<Ring>(&text).unwrap(), ring);
        }
    }
}
