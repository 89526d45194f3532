//! Reading a force's boundaries from GeoJSON: all or nothing, every complaint with file, line and what to do.
//!
//! Files are `districts.geojson`, `wards.geojson` and `lsoas.geojson` (required) and `patrol.geojson` (optional), each
//! a FeatureCollection of polygons in WGS84. Properties: `code` and `name`; `district_code` on wards and LSOAs;
//! `parent`, `band_min`, `band_max`, `max_gap_min`, `silence_min` and `why` on patrol areas. Other properties are
//! ignored. Nothing here touches a disk: the caller hands over names and texts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::str::FromStr;

use geojson::{Feature, GeometryValue, JsonObject};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::lines::{LineCounter, line_of};
use super::{Area, AreaLevel, AreaSet, Point, Rhythm, Ring};
use crate::id::Code;

/// Most complaints collected before reading stops: enough to see the pattern.
const MOST_PROBLEMS: usize = 20;
/// Longest code and name accepted, in characters.
const LONGEST_CODE: usize = 32;
const LONGEST_NAME: usize = 120;

/// The file of each level, and whether a set can do without it.
const FILES: [(&str, AreaLevel, bool); 4] = [
    ("districts.geojson", AreaLevel::District, true),
    ("wards.geojson", AreaLevel::Ward, true),
    ("lsoas.geojson", AreaLevel::Lsoa, true),
    ("patrol.geojson", AreaLevel::Patrol, false),
];

/// One thing wrong with what was to be imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportProblem {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// What is wrong and what to do about it.
    pub reason: String,
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason),
            line => write!(f, "{}, line {line}: {}", self.file, self.reason),
        }
    }
}

/// Why nothing was imported.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("Nothing was imported. {}", list(problems))]
pub struct ImportError {
    /// What is wrong, in the order found, at most twenty.
    pub problems: Vec<ImportProblem>,
}

fn list(problems: &[ImportProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The area set these files describe, as edition `version`.
///
/// # Errors
/// [`ImportError`] with every problem found (up to twenty); then nothing at all is imported.
pub fn import<N: AsRef<str>, T: AsRef<str>>(version: u32, files: &[(N, T)]) -> Result<AreaSet, ImportError> {
    let mut reader = Reader::default();
    for (name, _) in files {
        if !FILES.iter().any(|(file, _, _)| *file == name.as_ref()) {
            reader.problem(
                name.as_ref(),
                0,
                "not a file of an area set: give districts, wards, lsoas and patrol.geojson",
            );
        }
    }
    for (file, level, required) in FILES {
        let mut texts = files.iter().filter(|(name, _)| name.as_ref() == file);
        match (texts.next(), texts.next()) {
            (Some(_), Some(_)) => reader.problem(file, 0, "given twice"),
            (Some((_, text)), None) => reader.file(file, level, text.as_ref()),
            (None, _) if required => reader.problem(file, 0, "missing: put it in the folder"),
            (None, _) => {}
        }
    }
    reader.parents();
    if reader.problems.is_empty() {
        Ok(AreaSet::new(version, reader.read.into_iter().map(|read| read.area).collect()))
    } else {
        Err(ImportError { problems: reader.problems })
    }
}

/// A FeatureCollection whose features keep their place in the text, so that a problem can name its line.
#[derive(Deserialize)]
struct Collection<'a> {
    r#type: String,
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
    #[serde(borrow)]
    crs: Option<&'a RawValue>,
}

/// An area and where it was read.
struct Read {
    area: Area,
    file: &'static str,
    line: usize,
}

#[derive(Default)]
struct Reader {
    read: Vec<Read>,
    places: HashMap<(AreaLevel, Code), usize>,
    problems: Vec<ImportProblem>,
}

impl Reader {
    fn problem(&mut self, file: &str, line: usize, reason: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(ImportProblem { file: file.to_owned(), line, reason: reason.into() });
        }
    }

    fn file(&mut self, file: &'static str, level: AreaLevel, text: &str) {
        let text = text.trim_start_matches('\u{feff}');
        let collection: Collection<'_> = match serde_json::from_str(text) {
            Ok(collection) => collection,
            Err(error) => {
                return self.problem(
                    file,
                    error.line(),
                    format!("not readable as GeoJSON: {}", plain(&error)),
                );
            }
        };
        if collection.r#type != "FeatureCollection" {
            let reason =
                format!("holds a {}, not a FeatureCollection: export the whole layer", collection.r#type);
            return self.problem(file, 1, reason);
        }
        if let Some(crs) = collection.crs.filter(|crs| !is_wgs84(crs.get())) {
            let reason = "not in WGS84: export again with the coordinate system EPSG:4326";
            return self.problem(file, line_of(text, crs), reason);
        }
        if collection.features.is_empty() {
            return self.problem(file, 0, "holds no areas");
        }
        let mut lines = LineCounter::new(text);
        for raw in collection.features {
            let line = lines.line_of(raw);
            match feature(level, raw.get()) {
                Ok(area) => self.keep(file, line, area),
                Err(Trouble { line: within, reason }) => self.problem(file, line + within, reason),
            }
            if self.problems.len() >= MOST_PROBLEMS {
                return;
            }
        }
    }

    fn keep(&mut self, file: &'static str, line: usize, area: Area) {
        match self.places.entry((area.level, area.code.clone())) {
            Entry::Occupied(first) => {
                let reason = format!("code {} was already used on line {}", area.code, first.get());
                self.problem(file, line, reason);
            }
            Entry::Vacant(free) => {
                free.insert(line);
                self.read.push(Read { area, file, line });
            }
        }
    }

    /// Every ward and LSOA must name a district of the same set; a patrol area may name a district or another patrol area.
    fn parents(&mut self) {
        let known = |level, code: &Code| self.places.contains_key(&(level, code.clone()));
        let orphans: Vec<ImportProblem> = self
            .read
            .iter()
            .filter_map(|Read { area, file, line }| {
                let parent = area.parent.as_ref()?;
                let found = known(AreaLevel::District, parent)
                    || (area.level == AreaLevel::Patrol
                        && *parent != area.code
                        && known(AreaLevel::Patrol, parent));
                let reason = format!("{} lies in {parent}, which is not in this set", area.code);
                (!found).then(|| ImportProblem { file: (*file).to_owned(), line: *line, reason })
            })
            .collect();
        let room = MOST_PROBLEMS.saturating_sub(self.problems.len());
        self.problems.extend(orphans.into_iter().take(room));
    }
}

/// A reason and the line within the feature, counted from 0.
struct Trouble {
    line: usize,
    reason: String,
}

impl From<String> for Trouble {
    fn from(reason: String) -> Self {
        Self { line: 0, reason }
    }
}

fn feature(level: AreaLevel, raw: &str) -> Result<Area, Trouble> {
    let feature = Feature::from_str(raw).map_err(|error| match error {
        geojson::Error::MalformedGeoJson(error) => Trouble {
            line: error.line().saturating_sub(1),
            reason: format!("not readable as a GeoJSON feature: {}", plain(&error)),
        },
        other => Trouble { line: 0, reason: format!("not readable as a GeoJSON feature: {other}") },
    })?;
    let properties = feature.properties.unwrap_or_default();
    let code = required(&properties, "code", LONGEST_CODE)?;
    let name = required(&properties, "name", LONGEST_NAME)?;
    let parent = match level {
        AreaLevel::District => None,
        AreaLevel::Ward | AreaLevel::Lsoa => Some(required(&properties, "district_code", LONGEST_CODE)?),
        AreaLevel::Patrol => text(&properties, "parent", LONGEST_CODE)?,
    };
    let rhythm = match level {
        AreaLevel::Patrol => Some(rhythm(&properties)?),
        _ => None,
    };
    let polygons = match feature.geometry.map(|geometry| geometry.value) {
        Some(GeometryValue::Polygon { coordinates }) => vec![polygon(&coordinates)?],
        Some(GeometryValue::MultiPolygon { coordinates }) => {
            coordinates.iter().map(|rings| polygon(rings)).collect::<Result<_, _>>()?
        }
        Some(other) => return Err(format!("{code} is a {}: areas are polygons", other.type_name()).into()),
        None => return Err(format!("{code} has no shape").into()),
    };
    let area = Area { code: Code::new(code), name, level, parent: parent.map(Code::new), rhythm, polygons };
    if area.size() <= 0 {
        return Err(format!("{} encloses nothing", area.code).into());
    }
    Ok(area)
}

/// A property that is text and not blank; `None` where absent or null.
fn text(properties: &JsonObject, key: &str, longest: usize) -> Result<Option<String>, Trouble> {
    match properties.get(key) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(value)) if value.trim().is_empty() => {
            Err(format!("{key} is blank").into())
        }
        Some(serde_json::Value::String(value)) if value.chars().count() > longest => {
            Err(format!("{key} is longer than {longest} characters").into())
        }
        Some(serde_json::Value::String(value)) => Ok(Some(value.trim().to_owned())),
        Some(_) => Err(format!("{key} is not text: put it in quotation marks").into()),
    }
}

fn required(properties: &JsonObject, key: &str, longest: usize) -> Result<String, Trouble> {
    text(properties, key, longest)?.ok_or_else(|| format!("property {key} is missing").into())
}

fn rhythm(properties: &JsonObject) -> Result<Rhythm, Trouble> {
    const A_DAY: u32 = 24 * 60;
    let usual = Rhythm::default();
    let minutes = |key: &str, usual: u32| match properties.get(key) {
        None | Some(serde_json::Value::Null) => Ok(usual),
        Some(value) => value
            .as_u64()
            .and_then(|value| u32::try_from(value).ok())
            .filter(|value| (1..=A_DAY).contains(value))
            .ok_or_else(|| format!("{key} is not a whole number of minutes from 1 to {A_DAY}")),
    };
    let rhythm = Rhythm {
        band_min: minutes("band_min", usual.band_min)?,
        band_max: minutes("band_max", usual.band_max)?,
        max_gap_min: minutes("max_gap_min", usual.max_gap_min)?,
        silence_min: minutes("silence_min", usual.silence_min)?,
        why: text(properties, "why", 500)?.unwrap_or_default(),
    };
    if rhythm.band_min > rhythm.band_max {
        return Err(format!("band_min {} is above band_max {}", rhythm.band_min, rhythm.band_max).into());
    }
    Ok(rhythm)
}

fn polygon(rings: &[Vec<geojson::Position>]) -> Result<Vec<Ring>, Trouble> {
    if rings.is_empty() {
        return Err("a polygon has no ring".to_owned().into());
    }
    rings.iter().map(|positions| ring(positions)).collect()
}

fn ring(positions: &[geojson::Position]) -> Result<Ring, Trouble> {
    if positions.first() != positions.last() {
        return Err("a ring is not closed: its last point must equal its first".to_owned().into());
    }
    let points = positions.iter().map(point).collect::<Result<Vec<_>, _>>()?;
    let ring = Ring::new(points);
    if ring.points().len() < 3 {
        return Err("a ring has fewer than three different points".to_owned().into());
    }
    Ok(ring)
}

fn point(position: &geojson::Position) -> Result<Point, Trouble> {
    let [lon, lat, ..] = position.as_slice() else {
        return Err("a point has fewer than two numbers".to_owned().into());
    };
    e6(*lon).zip(e6(*lat)).and_then(|(lon, lat)| Point::on_earth(lon, lat)).ok_or_else(|| {
        let reason =
            format!("[{lon}, {lat}] is outside the world: longitude comes first, in degrees (WGS84)");
        let metres = lon.abs() > 180.0 && lat.abs() > 180.0;
        let cure = if metres {
            "; these look like metres of the British grid: export again as EPSG:4326"
        } else {
            ""
        };
        (reason + cure).into()
    })
}

/// Degrees as microdegrees; `None` for what cannot be degrees at all.
#[allow(clippy::cast_possible_truncation)]
fn e6(degrees: f64) -> Option<i64> {
    (degrees.abs() <= 1000.0).then(|| (degrees * 1e6).round() as i64)
}

/// Old exports name their coordinate system. These names mean WGS84; anything else does not.
fn is_wgs84(crs: &str) -> bool {
    crs == "null" || ["CRS84", "EPSG::4326", "EPSG:4326"].iter().any(|name| crs.contains(name))
}

/// A JSON error without its own "at line …", which counts from the start of the feature.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    const DISTRICTS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"D1","name":"One"},"geometry":{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1.1,52.1],[1,52]]]}}
]}"#;
    const WARD: &str = r#"{"type":"Feature","properties":{"code":"W1","name":"Ward","district_code":"D1"},"geometry":{"type":"Polygon","coordinates":[[[1,52],[1.1,52],[1.1,52.1],[1,52]]]}}"#;

    fn collection(features: &str) -> String {
        format!("{{\"type\":\"FeatureCollection\",\n\"features\":[\n{features}\n]}}")
    }

    fn files(wards: &str) -> Vec<(String, String)> {
        vec![
            ("districts.geojson".into(), DISTRICTS.into()),
            ("wards.geojson".into(), wards.into()),
            ("lsoas.geojson".into(), collection(&WARD.replace("W1", "L1"))),
        ]
    }

    /// The one complaint about a wards file.
    fn complaint(wards: &str) -> (usize, String) {
        let error = import(1, &files(wards)).unwrap_err();
        assert_eq!(error.problems.len(), 1, "{error}");
        assert_eq!(error.problems[0].file, "wards.geojson");
        (error.problems[0].line, error.problems[0].reason.clone())
    }

    #[test]
    fn a_good_folder_is_imported_whole() {
        let set = import(5, &files(&collection(WARD))).unwrap();
        assert_eq!((set.version, set.areas.len()), (5, 3));
        let ward = set.get(AreaLevel::Ward, &"W1".into()).unwrap();
        assert_eq!(ward.parent.as_ref().unwrap(), &Code::from("D1"));
        assert_eq!(ward.polygons[0][0].points()[1], Point::new(1_100_000, 52_000_000));
    }

    #[test]
    fn the_demonstration_set_is_a_good_folder() {
        let set = import(1, &super::super::DEMONSTRATION).unwrap_or_else(|error| panic!("{error}"));
        assert!(set.areas.iter().all(|area| area.code.as_str().starts_with("DEMO-")));
        assert_eq!(set.level(AreaLevel::District).count(), 7);
        assert!(set.level(AreaLevel::Patrol).count() >= 18);
        assert!(set.level(AreaLevel::Patrol).all(|area| !area.rhythm.as_ref().unwrap().why.is_empty()));
        assert!(set.level(AreaLevel::Patrol).all(|area| set.chosen(&area.code).unwrap().district.is_some()));
    }

    #[test]
    fn broken_json_names_the_line() {
        let (line, reason) = complaint(&collection(WARD).replace("\n]}", "\n"));
        assert_eq!(line, 4);
        assert!(reason.contains("not readable as GeoJSON"), "{reason}");
        assert!(!reason.contains("at line"), "{reason}");
    }

    #[test]
    fn a_broken_feature_names_its_own_line() {
        for (from, to, expect) in [
            ("\"code\":\"W2\",", "", "property code is missing"),
            ("\"name\":\"Ward\"", "\"name\":\" \"", "name is blank"),
            ("\"code\":\"W2\"", "\"code\":7", "not text"),
            ("\"code\":\"W2\"", "\"code\":\"W1\"", "already used on line 3"),
            ("\"D1\"", "\"D9\"", "not in this set"),
            ("\"Polygon\"", "\"Blob\"", "not readable as a GeoJSON feature"),
            ("[1.1,52.1],[1,52]]]", "[1.1,52.1]]]", "not closed"),
            ("[1.1,52],[1.1,52.1],", "", "fewer than three"),
            ("[1.1,52]", "[1.1,152]", "outside the world"),
            ("[1.1,52]", "[623500,308500]", "British grid"),
            ("[1.1,52]", "[1.1]", ""),
            ("[1.1,52],[1.1,52.1]", "[1.1,52],[1.05,52]", "encloses nothing"),
        ] {
            let broken = WARD.replace("W1", "W2").replace(from, to);
            let (line, reason) = complaint(&collection(&format!("{WARD},\n{broken}")));
            assert_eq!(line, 4, "{reason}");
            assert!(reason.contains(expect), "{reason}");
        }
        let (line, _) = complaint(&collection(
            &WARD.replace(",\"geometry\"", ",\n\n\"geometry\"").replace("[1,52]", "[x,52]"),
        ));
        assert_eq!(line, 5);
    }

    #[test]
    fn points_and_missing_shapes_are_not_areas() {
        let point = r#"{"type":"Feature","properties":{"code":"W1","name":"A","district_code":"D1"},"geometry":{"type":"Point","coordinates":[1,52]}}"#;
        assert!(complaint(&collection(point)).1.contains("areas are polygons"));
        let none = r#"{"type":"Feature","properties":{"code":"W1","name":"A","district_code":"D1"},"geometry":null}"#;
        assert!(complaint(&collection(none)).1.contains("no shape"));
        assert!(complaint(&collection("")).1.contains("no areas"));
        assert!(complaint(r#"{"type":"Feature","features":[]}"#).1.contains("not a FeatureCollection"));
        let grid = collection(WARD).replacen(
            '{',
            r#"{"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},"#,
            1,
        );
        assert!(complaint(&grid).1.contains("EPSG:4326"));
    }

    #[test]
    fn missing_strange_and_doubled_files_are_named() {
        let mut some = files(&collection(WARD));
        some.remove(2);
        some.push(("notes.geojson".into(), String::new()));
        some.push(("wards.geojson".into(), collection(WARD)));
        let text = import(1, &some).unwrap_err().to_string();
        assert!(text.starts_with("Nothing was imported."), "{text}");
        for part in ["lsoas.geojson: missing", "notes.geojson: not a file", "wards.geojson: given twice"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn complaints_stop_at_twenty() {
        let bad = WARD.replace("\"code\":\"W1\",", "");
        let many = vec![bad; 100].join(",\n");
        assert_eq!(import(1, &files(&collection(&many))).unwrap_err().problems.len(), MOST_PROBLEMS);
    }

    #[test]
    fn patrol_areas_bring_their_own_rhythm() {
        let patrol = |extra: &str| {
            let mut all = files(&collection(WARD));
            let feature = WARD
                .replace("W1", "P1")
                .replace("\"district_code\":\"D1\"", &format!("\"parent\":\"D1\"{extra}"));
            all.push(("patrol.geojson".into(), collection(&feature)));
            import(1, &all)
        };
        let set = patrol(",\"max_gap_min\":480,\"why\":\"A village\"").unwrap();
        let rhythm = set.get(AreaLevel::Patrol, &"P1".into()).unwrap().rhythm.clone().unwrap();
        assert_eq!(rhythm, Rhythm { max_gap_min: 480, why: "A village".into(), ..Rhythm::default() });
        for (bad, field) in [
            (",\"band_min\":17", "band_min"),
            (",\"silence_min\":0", "silence_min"),
            (",\"band_max\":12.5", "band_max"),
            (",\"max_gap_min\":\"2 h\"", "max_gap_min"),
            (",\"max_gap_min\":1441", "max_gap_min"),
            (",\"why\":7", "why"),
            (",\"why\":\" \"", "why"),
        ] {
            let problems = patrol(bad).unwrap_err().problems;
            assert!(problems[0].reason.contains(field), "{bad}: {problems:?}");
            assert_eq!((problems[0].file.as_str(), problems.len()), ("patrol.geojson", 1));
        }
    }
}
