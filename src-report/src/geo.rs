//! Maps as GeoJSON (RFC 7946: WGS84, longitude first, outlines counter-clockwise), opened by every mapping program.
//!
//! A place is an area of the force or a 100 m square of the National Grid. An exact position is written only where the
//! caller hands one over: inside the force, and asked for.

use beatbook_domain::id::Code;
use beatbook_domain::place::areas::{AreaLevel, AreaSet, Ring};
use beatbook_domain::place::{GridRef, Position};
use serde_json::{Map, Value, json};

use crate::mark::Mark;

/// A feature's figures by name.
pub type Properties = Map<String, Value>;

/// Where a feature lies.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// An area of the force, by level and code.
    Area(AreaLevel, Code),
    /// A 100 m square, `TG 235 085`.
    Square(String),
    /// A position.
    Point(Position),
    /// Nowhere: counted, and not on the map.
    Nowhere,
}

/// Something on the map.
#[derive(Clone, PartialEq, Debug)]
pub struct Feature {
    /// Where.
    pub shape: Shape,
    /// What.
    pub properties: Properties,
}

/// A layer of features, marked, as bytes. Areas the set does not know are written without a geometry: a figure is never
/// lost because a boundary is.
#[must_use]
pub fn layer(name: &str, features: &[Feature], areas: Option<&AreaSet>, mark: &Mark) -> Vec<u8> {
    let features: Vec<Value> = features
        .iter()
        .map(|feature| {
            let mut properties = feature.properties.clone();
            properties.insert("marking".to_owned(), mark.words().into());
            json!({
                "type": "Feature",
                "geometry": geometry(&feature.shape, areas),
                "properties": properties,
            })
        })
        .collect();
    let layer = json!({
        "type": "FeatureCollection",
        "name": name,
        "marking": mark.words(),
        "handling": mark.handling,
        "features": features,
    });
    serde_json::to_vec_pretty(&layer).unwrap_or_default()
}

fn geometry(shape: &Shape, areas: Option<&AreaSet>) -> Value {
    match shape {
        Shape::Area(level, code) => {
            let area = areas.and_then(|set| set.get(*level, code));
            area.map_or(Value::Null, |area| {
                let polygons: Vec<Value> = area.polygons.iter().map(|rings| polygon(rings)).collect();
                json!({ "type": "MultiPolygon", "coordinates": polygons })
            })
        }
        Shape::Square(square) => square_outline(square)
            .map_or(Value::Null, |corners| json!({ "type": "Polygon", "coordinates": [corners] })),
        Shape::Point(position) => {
            json!({ "type": "Point", "coordinates": [position.lon(), position.lat()] })
        }
        Shape::Nowhere => Value::Null,
    }
}

/// Outline first and counter-clockwise, holes after it and clockwise.
fn polygon(rings: &[Ring]) -> Value {
    let rings = rings.iter().enumerate().map(|(place, ring)| {
        let mut points: Vec<[i64; 2]> =
            ring.points().iter().map(|point| [i64::from(point.lon_e6), i64::from(point.lat_e6)]).collect();
        if points.first() != points.last() {
            points.extend(points.first().copied());
        }
        if (twice_the_size(&points) > 0) != (place == 0) {
            points.reverse();
        }
        points.into_iter().map(|[lon, lat]| [degrees(lon), degrees(lat)]).collect::<Vec<_>>()
    });
    Value::from_iter(rings.map(|ring| json!(ring)))
}

/// Positive where the ring runs counter-clockwise.
fn twice_the_size(points: &[[i64; 2]]) -> i128 {
    let pairs = points.iter().zip(points.iter().skip(1));
    pairs
        .map(|([x1, y1], [x2, y2])| i128::from(*x1) * i128::from(*y2) - i128::from(*x2) * i128::from(*y1))
        .sum()
}

#[allow(clippy::cast_precision_loss, reason = "microdegrees are far below what a double holds")]
fn degrees(e6: i64) -> f64 {
    e6 as f64 / 1e6
}

/// The corners of a 100 m square, counter-clockwise from the south-west, closed; to seven places (1 cm).
fn square_outline(square: &str) -> Option<Vec<[f64; 2]>> {
    let (south_west, side) = GridRef::parse(square)?;
    let corner = |east: u32, north: u32| {
        let corner = GridRef { easting: south_west.easting + east, northing: south_west.northing + north };
        let (lat, lon) = corner.to_wgs84();
        [(lon * 1e7).round() / 1e7, (lat * 1e7).round() / 1e7]
    };
    Some(vec![corner(0, 0), corner(side, 0), corner(side, side), corner(0, side), corner(0, 0)])
}
