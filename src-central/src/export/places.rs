//! The map of what was recorded where, inside the force: engagements and concern notes by 100 m square or area. The exact
//! position of a concern note only where that was asked for, and then the layer is OFFICIAL-SENSITIVE.

use std::collections::BTreeMap;

use beatbook_domain::entry::{Access, Body, Marking};
use beatbook_domain::period::ShiftFacts;
use beatbook_domain::place::PlaceStamp;
use beatbook_domain::place::areas::{AreaLevel, AreaSet};
use beatbook_domain::shift;
use beatbook_report::geo::{Feature, Properties, Shape};

use crate::figures;
use crate::storage::{Storage, Stored};

/// What was counted in one place.
#[derive(Default)]
struct Counted {
    engagements: u32,
    people: u32,
    concerns: u32,
    referrals: u32,
    approximate: bool,
}

/// The features, and the marking of the layer.
pub(super) async fn features(
    storage: &dyn Storage,
    facts: &[ShiftFacts],
    exact: bool,
    set: Option<&AreaSet>,
) -> Stored<(Vec<Feature>, Marking)> {
    let mut squares: BTreeMap<String, Counted> = BTreeMap::new();
    let mut features = Vec::new();
    let mut marking = Marking::Official;
    for fact in facts {
        let entries = figures::entries_of(storage, fact.summary.shift_id).await?;
        let Some(shift) = shift::read(&entries, fact.summary.shift_id) else { continue };
        let listed = shift.records.iter().filter(|entry| entry.counts());
        for entry in listed.filter(|entry| entry.first().head.access == Access::Team) {
            let current = entry.current();
            let Some(body) = &current.body else { continue };
            let place = body.place();
            if let (true, Body::Concern(_), Some(position)) = (exact, body, place.and_then(|it| it.exact)) {
                let mut properties = Properties::new();
                properties.insert("what".to_owned(), "concern note".into());
                properties.insert("entry_id".to_owned(), entry.entry_id.to_string().into());
                features.push(Feature { shape: Shape::Point(position), properties });
                marking = marking.max(current.head.marking).max(Marking::OfficialSensitive);
                continue;
            }
            let counted = squares.entry(key(place)).or_default();
            counted.approximate |= place.is_some_and(|place| place.approximate);
            match body {
                Body::Engagement(it) => {
                    counted.engagements += 1;
                    counted.people += it.people;
                }
                Body::Concern(_) => counted.concerns += 1,
                Body::Referral(_) => counted.referrals += 1,
                _ => {}
            }
        }
    }
    let counted = squares.into_iter().filter(|(_, it)| it.engagements + it.concerns + it.referrals > 0);
    features.extend(counted.map(|(key, counted)| feature(&key, &counted, set)));
    Ok((features, marking))
}

/// The square, else the area, else nowhere: a letter says which.
fn key(place: Option<&PlaceStamp>) -> String {
    let square = place.and_then(|place| place.square_100m.as_ref()).map(|square| format!("s{square}"));
    let area = place.and_then(|place| place.area.as_ref()).map(|area| format!("a{}", area.code));
    square.or(area).unwrap_or_default()
}

fn feature(key: &str, counted: &Counted, set: Option<&AreaSet>) -> Feature {
    let (shape, place) = match key.split_at_checked(1) {
        Some(("s", square)) => (Shape::Square(square.to_owned()), square),
        Some((_, area)) => {
            let known = set.and_then(|set| set.get(AreaLevel::Patrol, &area.into()));
            (Shape::Area(AreaLevel::Patrol, area.into()), known.map_or(area, |known| known.name.as_str()))
        }
        None => (Shape::Nowhere, ""),
    };
    let mut properties = Properties::new();
    properties.insert("what".to_owned(), "counts".into());
    properties.insert("place".to_owned(), place.into());
    properties.insert("engagements".to_owned(), counted.engagements.into());
    properties.insert("people".to_owned(), counted.people.into());
    properties.insert("concerns".to_owned(), counted.concerns.into());
    properties.insert("referrals".to_owned(), counted.referrals.into());
    properties.insert("approximate".to_owned(), counted.approximate.into());
    Feature { shape, properties }
}
