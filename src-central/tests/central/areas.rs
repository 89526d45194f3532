//! Importing areas: all or nothing, in parts, whole on arrival.

use std::path::Path;

use beatbook_central::areas::{self, AreasError};
use beatbook_central::{clock, demo};
use beatbook_domain::place::areas::{AreaIndex, AreaLevel, AreaSet, DEMONSTRATION, MAX_PART_BYTES, assemble};
use beatbook_domain::place::{Position, PositionSource};
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::Phone;
use crate::world::World;

on_both! { the_demonstration_set_arrives_whole, a_bad_folder_changes_nothing, a_real_county_arrives_whole }

/// Everything of the reference scope, as a phone fetches it over a slow link.
async fn fetch(phone: &mut Phone) -> Vec<ReferenceItem> {
    let mut items = Vec::new();
    loop {
        let request = SyncRequest { want_bytes: 100_000, ..phone.request(vec![]) };
        let reply = phone.try_sync(&request).await.unwrap();
        for changes in reply.changes {
            phone.cursors.insert(changes.scope, changes.cursor);
            items.extend(changes.items.into_iter().filter_map(|item| match item {
                FeedItem::Reference(item) => Some(item),
                FeedItem::Revision(_) => None,
            }));
        }
        if !reply.more {
            return items;
        }
    }
}

fn whole(items: &[ReferenceItem]) -> AreaSet {
    let parts: Vec<AreaPart> = items
        .iter()
        .filter_map(|item| match item {
            ReferenceItem::AreaPart(part) => Some(part.clone()),
            _ => None,
        })
        .collect();
    for part in &parts {
        assert!(serde_json::to_vec(part).unwrap().len() <= MAX_PART_BYTES);
    }
    assemble(&parts).unwrap()
}

/// Prince of Wales Road, Norwich.
fn prince_of_wales_road() -> Position {
    Position::new(52_628_700, 1_302_000, None, None, PositionSource::Gps).unwrap()
}

async fn the_demonstration_set_arrives_whole(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let items = fetch(&mut phone).await;
    let set = whole(&items);
    assert_eq!(set.version, 1);
    let found = AreaIndex::new(set).find(&prince_of_wales_road());
    for level in [&found.patrol, &found.district, &found.ward, &found.lsoa] {
        assert!(level.as_ref().unwrap().area.code.as_str().starts_with("DEMO-"), "{found:?}");
    }
    let officers = items.iter().filter(|item| matches!(item, ReferenceItem::Officer(_))).count();
    let teams = items.iter().filter(|item| matches!(item, ReferenceItem::Team(_))).count();
    let lists = items.iter().filter(|item| matches!(item, ReferenceItem::Lists(_))).count();
    assert_eq!((officers, teams, lists), (demo::OFFICERS.len() + demo::OF_NO_TEAM.len(), 1, 1));
    assert!(fetch(&mut phone).await.is_empty(), "nothing comes twice");
    // The same again is not a new edition.
    let again = areas::import_texts(world.storage.as_ref(), &DEMONSTRATION, clock::now()).await.unwrap();
    assert_eq!((again.version, again.parts), (1, 0));
}

fn write_demonstration(folder: &Path) {
    for (name, text) in DEMONSTRATION {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

async fn a_bad_folder_changes_nothing(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    fetch(&mut phone).await;
    let folder = tempfile::tempdir().unwrap();
    write_demonstration(folder.path());
    let wards = folder.path().join("wards.geojson");
    let text = std::fs::read_to_string(&wards).unwrap();
    // Line 2 of a file loses its code; another file is not JSON at all.
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replacen("\"code\"", "\"cod\"", 1);
    std::fs::write(&wards, lines.join("\n")).unwrap();
    std::fs::write(folder.path().join("lsoas.geojson"), "{ not json").unwrap();
    let error = areas::import_folder(world.storage.as_ref(), folder.path(), clock::now()).await.unwrap_err();
    let words = error.to_string();
    assert!(matches!(error, AreasError::Import(_)));
    assert!(words.contains("wards.geojson, line 2") && words.contains("lsoas.geojson"), "{words}");
    assert!(words.contains("Nothing was imported"), "{words}");
    let missing =
        areas::import_folder(world.storage.as_ref(), Path::new("/nowhere/at/all"), clock::now()).await;
    assert!(missing.unwrap_err().to_string().contains("/nowhere/at/all"));
    assert_eq!(world.storage.area_set().await.unwrap().unwrap().version, 1);
    assert!(fetch(&mut phone).await.is_empty());
}

async fn a_real_county_arrives_whole(database: Database) {
    let Some(folder) = std::env::var_os("BEATBOOK_BOUNDARIES") else { return };
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    fetch(&mut phone).await;
    let done = areas::import_folder(world.storage.as_ref(), Path::new(&folder), clock::now()).await.unwrap();
    assert_eq!(done.version, 2);
    let set = whole(&fetch(&mut phone).await);
    assert_eq!((set.version, set.areas.len()), (2, done.areas));
    let patrol = set.level(AreaLevel::Patrol).filter(|area| area.parent.is_some()).count();
    assert!(patrol > 0 && done.kept_patrol >= patrol, "the force's own areas stay, each in a district");
    let found = AreaIndex::new(set).find(&prince_of_wales_road());
    let name = |level: &Option<beatbook_domain::place::FoundArea>| {
        let area = &level.as_ref().unwrap().area;
        (area.code.as_str().to_owned(), area.name.clone())
    };
    assert_eq!(name(&found.district).0, "E07000148");
    assert_eq!(name(&found.ward), ("E05005886".into(), "Thorpe Hamlet".into()));
    assert_eq!(name(&found.lsoa), ("E01033438".into(), "Norwich 014A".into()));
    assert!(found.patrol.is_some());
    // A phone that starts now fetches the new set only.
    let mut later = world.phone("1377").await;
    assert_eq!(whole(&fetch(&mut later).await).version, 2);
}
