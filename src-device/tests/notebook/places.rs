//! Places: a fix with its age, what is typed, areas and recent places by words.

use beatbook_device::store::pull::ApplyChanges;
use beatbook_domain::place::PositionSource;
use beatbook_domain::place::areas::{DEMONSTRATION, import};
use beatbook_protocol::ipc::{ErrorCode, FindEntries, LocatePlace, PlaceView, PlacesFound, SearchPlaces};
use beatbook_protocol::sync::{FeedItem, ReferenceItem, Scope, ScopeChanges};

use super::desk::*;

/// A desk that holds the demonstration areas.
async fn with_areas() -> Desk {
    let (desk, ()) = Desk::new()
        .await
        .behind(|store| {
            let parts = import(1, &DEMONSTRATION).unwrap().split().unwrap();
            let items =
                parts.into_iter().map(|part| FeedItem::Reference(ReferenceItem::AreaPart(part))).collect();
            let changes = ScopeChanges { scope: Scope::Reference, cursor: 1, items };
            let mut job = ApplyChanges::new(vec![changes]);
            while job.step(store).unwrap().is_none() {}
        })
        .await;
    desk
}

async fn search(desk: &Desk, text: &str) -> PlacesFound {
    desk.ask(SearchPlaces { text: text.into(), limit: 10 }).await.unwrap()
}

async fn locate(desk: &Desk, request: LocatePlace) -> PlaceView {
    desk.ask(request).await.unwrap()
}

fn typed(text: &str) -> LocatePlace {
    LocatePlace::Typed { text: text.into(), name: String::new() }
}

#[tokio::test]
async fn areas_are_found_by_the_beginnings_of_their_words_whatever_the_accents() {
    let desk = with_areas().await;
    for text in ["prince wal", "PRINCE OF WALES", "Prínce   ôf"] {
        let found = search(&desk, text).await;
        let first = &found.areas[0];
        assert_eq!(
            (first.level.as_str(), first.name.as_str()),
            ("Patrol area", "Prince of Wales Road"),
            "{text}"
        );
        let place = &first.place;
        assert_eq!(place.area.as_ref().unwrap().code, code("DEMO-P-POW"));
        assert!(place.exact.is_none() && place.source == PositionSource::Area);
    }
    let ward = search(&desk, "thorpe ham").await;
    assert_eq!((ward.areas[0].level.as_str(), ward.areas[0].name.as_str()), ("Ward", "Thorpe Hamlet"));
    assert_eq!(ward.areas[0].place.district.as_ref().unwrap().name, "Norwich");
    // What begins with the word goes before what has it later on.
    let norwich: Vec<String> =
        search(&desk, "norwich").await.areas.into_iter().map(|area| area.level).collect();
    assert!(
        norwich.contains(&"District".to_owned()) && norwich.contains(&"Neighbourhood".to_owned()),
        "{norwich:?}"
    );
    assert!(search(&desk, "ales").await.areas.is_empty(), "the middle of a word is not its beginning");
    assert!(search(&desk, " - ").await.areas.is_empty());
    let few = desk.ask(SearchPlaces { text: "n".into(), limit: 2 }).await.unwrap();
    assert_eq!(few.areas.len(), 2);
}

#[tokio::test]
async fn recent_places_are_distinct_newest_first_and_hold_no_fix() {
    let desk = with_areas().await;
    desk.start_shift().await;
    let roads = [
        "Riverside",
        "Tombland",
        "Rose Lane",
        "King Street",
        "Riverside",
        "Bank Plain",
        "Elm Hill",
        "Ber Street",
        "Timber Hill",
        "Magdalen Street",
    ];
    for road in roads {
        desk.pass(MINUTE);
        let view =
            locate(&desk, LocatePlace::Typed { text: "52.6287, 1.3020".into(), name: road.into() }).await;
        desk.concern(|it| it.place = view.place.clone()).await;
    }
    let found = search(&desk, "").await;
    let names: Vec<&str> = found.recent.iter().filter_map(|place| place.label()).collect();
    assert_eq!(
        names,
        [
            "Magdalen Street",
            "Timber Hill",
            "Ber Street",
            "Elm Hill",
            "Bank Plain",
            "Riverside",
            "King Street",
            "Rose Lane"
        ]
    );
    assert!(found.recent.iter().all(|place| place.exact.is_none()), "the fix of a concern does not go along");
    assert!(found.areas.is_empty());
    let names: Vec<String> = search(&desk, "tomb")
        .await
        .recent
        .iter()
        .filter_map(|place| place.label().map(str::to_owned))
        .collect();
    assert_eq!(names, ["Tombland"]);
    let at_pow = FindEntries { area: Some(code("DEMO-P-POW")), limit: 50, ..FindEntries::default() };
    assert_eq!(desk.ask(at_pow).await.unwrap().total, 10, "and the records are found by their area");
    let in_norwich = FindEntries { area: Some(code("DEMO-D-NORWICH")), limit: 1, ..FindEntries::default() };
    assert_eq!(desk.ask(in_norwich).await.unwrap().total, 10);
}

#[tokio::test]
async fn a_fix_says_how_old_it_is_and_outside_norfolk_is_asked_not_refused() {
    let desk = with_areas().await;
    let nowhere = locate(&desk, LocatePlace::Here).await;
    assert!(nowhere.place.is_none() && nowhere.age_s.is_none() && !nowhere.nearby.is_empty());
    desk.stand_at(52_628_700, 1_302_000);
    desk.pass(12_400);
    let here = locate(&desk, LocatePlace::Here).await;
    assert_eq!((here.age_s, here.rough, here.warning), (Some(12), false, None));
    assert_eq!(here.place.unwrap().ward.unwrap().name, "Thorpe Hamlet");
    desk.stand_at(51_507_400, -127_800);
    let london = locate(&desk, LocatePlace::Here).await;
    assert!(london.place.is_some() && london.warning.unwrap().contains("outside Norfolk"));
}

#[tokio::test]
async fn a_grid_reference_coordinates_and_words_are_places() {
    let desk = with_areas().await;
    for text in ["TG 235 085", "tg235085", "TG 23590 08540", "52.6287, 1.3020"] {
        let view = locate(&desk, typed(text)).await;
        let place = view.place.unwrap();
        assert_eq!(place.district.unwrap().name, "Norwich", "{text}");
        assert_eq!(
            (place.square_100m.as_deref(), view.age_s, view.warning),
            (Some("TG 235 085"), None, None),
            "{text}"
        );
    }
    let swapped = locate(&desk, typed("1.3020, 52.6287")).await;
    assert!(swapped.warning.unwrap().contains("wrong way round") && swapped.place.is_some());
    for text in ["TG 235 08", "somewhere", "97.1, 1.3"] {
        let refused = desk.ask(typed(text)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid, "{text}");
    }
    let described = locate(&desk, LocatePlace::Described("By the Erpingham Gate".into())).await;
    assert_eq!(described.place.unwrap().label(), Some("By the Erpingham Gate"));
}
