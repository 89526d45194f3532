//! A map is opened with GDAL, as a force's analysts would open it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

use beatbook_domain::entry::Marking;
use beatbook_domain::id::Code;
use beatbook_domain::place::areas::{AreaLevel, DEMONSTRATION, import};
use beatbook_domain::place::{Position, PositionSource};
use beatbook_report::geo::{Feature, Properties, Shape, layer};
use beatbook_report::mark::Mark;

fn ogrinfo(file: &Path, arguments: &[&str]) -> String {
    let output = Command::new("ogrinfo").args(["-al", "-ro"]).args(arguments).arg(file).output();
    let output = output.unwrap_or_else(|error| panic!("ogrinfo (Debian: gdal-bin): {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{said}");
    said
}

fn feature(shape: Shape, engagements: u32) -> Feature {
    let mut properties = Properties::new();
    properties.insert("engagements".into(), engagements.into());
    Feature { shape, properties }
}

#[test]
fn areas_and_squares_lie_where_they_are() {
    let set = import(1, &DEMONSTRATION).unwrap();
    let areas: Vec<Feature> = set
        .level(AreaLevel::Patrol)
        .map(|area| feature(Shape::Area(AreaLevel::Patrol, area.code.clone()), 7))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("areas.geojson");
    let mark = Mark::of(Marking::Official);
    std::fs::write(&file, layer("areas", &areas, Some(&set), &mark)).unwrap();
    let said = ogrinfo(&file, &["-so"]);
    assert!(said.contains(&format!("Feature Count: {}", areas.len())), "{said}");
    assert!(said.contains("Geometry: Multi Polygon") && said.contains("WGS 84"), "{said}");
    assert!(said.contains("engagements: Integer") && said.contains("marking: String"), "{said}");
    let extent = said.lines().find(|line| line.starts_with("Extent:")).unwrap();
    assert!(extent.starts_with("Extent: (0.") || extent.starts_with("Extent: (1."), "Norfolk: {extent}");

    // A square, a position and what lies nowhere, in one layer.
    let file = folder.path().join("squares.geojson");
    let at = Position::from_degrees(52.65798, 1.71605, PositionSource::Typed).unwrap();
    let mixed = [
        feature(Shape::Square("TG 514 131".into()), 3),
        feature(Shape::Point(at), 1),
        feature(Shape::Nowhere, 2),
        feature(Shape::Area(AreaLevel::Patrol, Code::new("GONE")), 4),
    ];
    std::fs::write(&file, layer("squares", &mixed, Some(&set), &mark)).unwrap();
    let said = ogrinfo(&file, &[]);
    assert!(said.contains("Feature Count: 4"), "{said}");
    // The published test vector lies inside its square: south-west corner and 100 m to the north-east of it.
    let square = said.lines().find(|line| line.contains("POLYGON")).unwrap();
    let numbers: Vec<f64> = square
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(|part| part.parse().ok())
        .collect();
    let (lons, lats): (Vec<f64>, Vec<f64>) = numbers.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
    let within = |all: &[f64], value: f64| {
        all.iter().copied().fold(f64::MAX, f64::min) < value
            && all.iter().copied().fold(0.0, f64::max) > value
    };
    assert!(within(&lons, 1.71605) && within(&lats, 52.65798), "{square}");
    assert!(said.contains("POINT (1.71605 52.65798)"), "{said}");
}
