//! The patrol areas to choose from: name, district, what its owner expects of visits, and a shape to draw.

use std::collections::BTreeMap;

use beatbook_domain::id::Code;
use beatbook_domain::place::areas::{Area, AreaIndex, AreaLevel, outline};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{PlaceChoice, PlacesView, PlannedHere};

/// Points of a shape, at most: it is drawn no larger than a hand.
const SHAPE_POINTS: usize = 60;

/// When an area was last visited.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LastVisit {
    /// By the officer of this notebook.
    pub by_me: Option<Millis>,
    /// By anybody, that officer included.
    pub by_anyone: Option<Millis>,
}

/// The areas an officer may choose from, by name, with when each was last visited; another crew's visits are known as at
/// `as_known`.
#[must_use]
pub fn list(
    index: Option<&AreaIndex>,
    last: &BTreeMap<Code, LastVisit>,
    planned: &BTreeMap<Code, PlannedHere>,
    as_known: Option<Millis>,
    now: Millis,
) -> PlacesView {
    let mut areas = choices(index);
    for choice in &mut areas {
        let area = index.and_then(|index| index.set().get(AreaLevel::Patrol, &choice.code));
        choice.shape = area.map_or_else(Vec::new, shape);
        let visits = last.get(&choice.code).copied().unwrap_or_default();
        choice.planned = planned.get(&choice.code).copied();
        (choice.last_by_me, choice.last_by_anyone) = (visits.by_me, visits.by_anyone);
    }
    areas.sort_by(|a, b| a.name.cmp(&b.name));
    PlacesView {
        bounds: bounds(&areas),
        areas,
        area_set: index.map_or(0, |index| index.set().version),
        as_known,
        now,
    }
}

/// The patrol areas, without shape and visits.
pub(super) fn choices(index: Option<&AreaIndex>) -> Vec<PlaceChoice> {
    let Some(index) = index else { return Vec::new() };
    let set = index.set();
    set.level(AreaLevel::Patrol)
        .map(|area| {
            let district =
                set.chosen(&area.code).and_then(|found| found.district).map(|district| district.area.name);
            let rhythm = area.rhythm.clone().unwrap_or_default();
            PlaceChoice {
                code: area.code.clone(),
                name: area.name.clone(),
                district,
                band: (rhythm.band_min, rhythm.band_max),
                max_gap_min: area.rhythm.as_ref().map(|rhythm| rhythm.max_gap_min),
                why: rhythm.why.clone(),
                planned: None,
                last_by_me: None,
                last_by_anyone: None,
                shape: Vec::new(),
            }
        })
        .collect()
}

fn shape(area: &Area) -> Vec<(i32, i32)> {
    outline(area, SHAPE_POINTS).into_iter().map(|point| (point.lon_e6, point.lat_e6)).collect()
}

/// The box around all shapes: west, south, east, north.
fn bounds(areas: &[PlaceChoice]) -> Option<(i32, i32, i32, i32)> {
    let mut points = areas.iter().flat_map(|area| area.shape.iter().copied());
    let (lon, lat) = points.next()?;
    Some(points.fold((lon, lat, lon, lat), |(west, south, east, north), (lon, lat)| {
        (west.min(lon), south.min(lat), east.max(lon), north.max(lat))
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use beatbook_domain::place::areas::{AreaSet, DEMONSTRATION, import};

    use super::*;

    #[test]
    fn each_area_says_what_its_owner_expects_and_when_it_was_last_visited() {
        let set: AreaSet = import(1, &DEMONSTRATION).unwrap();
        let area = set.level(AreaLevel::Patrol).find(|area| area.rhythm.is_some()).unwrap().clone();
        let rhythm = area.rhythm.unwrap();
        let visits = LastVisit { by_me: Some(Millis(10)), by_anyone: Some(Millis(20)) };
        let last = BTreeMap::from([(area.code.clone(), visits)]);
        let view = list(Some(&AreaIndex::new(set)), &last, &BTreeMap::new(), Some(Millis(30)), Millis(40));
        let found = view.areas.iter().find(|choice| choice.code == area.code).unwrap();
        assert_eq!(
            (found.band, found.max_gap_min),
            ((rhythm.band_min, rhythm.band_max), Some(rhythm.max_gap_min))
        );
        assert_eq!((found.last_by_me, found.last_by_anyone), (Some(Millis(10)), Some(Millis(20))));
        assert!(
            view.areas.iter().filter(|other| other.code != area.code).all(|o| o.last_by_anyone.is_none())
        );
        assert!(view.areas.is_sorted_by(|a, b| a.name <= b.name));
        assert_eq!((view.area_set, view.as_known, view.now), (1, Some(Millis(30)), Millis(40)));
    }

    #[test]
    fn every_shape_has_few_points_and_lies_in_the_box() {
        let index = AreaIndex::new(import(1, &DEMONSTRATION).unwrap());
        let view = list(Some(&index), &BTreeMap::new(), &BTreeMap::new(), None, Millis(0));
        let (west, south, east, north) = view.bounds.unwrap();
        for choice in &view.areas {
            assert!((3..=SHAPE_POINTS).contains(&choice.shape.len()), "{}", choice.name);
            let inside =
                |(lon, lat): &(i32, i32)| (west..=east).contains(lon) && (south..=north).contains(lat);
            assert!(choice.shape.iter().all(inside), "{}", choice.name);
        }
        let none = list(None, &BTreeMap::new(), &BTreeMap::new(), None, Millis(0));
        assert_eq!((none.areas.len(), none.area_set, none.bounds), (0, 0, None));
    }
}
