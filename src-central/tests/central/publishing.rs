//! Stock and authorities: imported by a command, in the next edition a phone pulls, and in what central judges by.

use beatbook_central::lists::{self, ListsError};
use beatbook_central::storage;
use beatbook_central::{authorities, clock, stock};
use beatbook_domain::code_list::{Edition, built_in};
use beatbook_domain::entry::*;
use beatbook_domain::id::Code;
use beatbook_domain::power::{DISPERSAL, PowerAuthority};
use beatbook_domain::time::HOUR_MS;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, code};
use crate::world::World;

on_both! {
    an_authority_reaches_phones_and_the_judge,
    lists_leave_stock_and_authorities_alone,
    what_cannot_be_published_changes_nothing,
    the_first_edition_of_a_new_force_comes_after_the_built_in_one,
}

/// The editions a phone pulls now.
async fn pulled(phone: &mut Phone) -> Vec<Edition> {
    let reply = phone.sync(vec![]).await;
    let items = reply.changes.into_iter().flat_map(|changes| changes.items);
    items
        .filter_map(|item| match item {
            FeedItem::Reference(ReferenceItem::Lists(edition)) => Some(edition),
            _ => None,
        })
        .collect()
}

fn tonight(reference: &str) -> PowerAuthority {
    PowerAuthority {
        reference: reference.to_owned(),
        title: "Tombland".to_owned(),
        powers: vec![Code::new(DISPERSAL)],
        area: Some(Code::new("DEMO-P-TOMBLAND")),
        locality: String::new(),
        from: clock::now().plus(-HOUR_MS),
        until: Some(clock::now().plus(HOUR_MS)),
        authorised_by: "Insp 0102".to_owned(),
    }
}

async fn an_authority_reaches_phones_and_the_judge(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let first = pulled(&mut phone).await.pop().unwrap();
    assert!(first.version > built_in().version, "a phone that starts with the built-in one takes it");
    assert_eq!((first.stock.len(), first.authorities.len()), (4, 3));
    assert!(pulled(&mut phone).await.is_empty());

    let given = vec![tonight("S34-2026-900")];
    let (edition, is_new) =
        authorities::import(world.storage.as_ref(), given.clone(), clock::now()).await.unwrap();
    assert_eq!((edition.version, is_new), (first.version + 1, true));
    let second = pulled(&mut phone).await;
    assert_eq!(second, vec![edition.clone()], "one edition, the new one");
    let references: Vec<&str> = second[0].authorities.iter().map(|it| it.reference.as_str()).collect();
    assert!(
        first.authorities.iter().all(|it| references.contains(&it.reference.as_str())),
        "ended ones stay"
    );
    assert_eq!((&second[0].lists, &second[0].stock), (&first.lists, &first.stock));
    // The very same again is nothing new.
    let again = authorities::import(world.storage.as_ref(), given, clock::now()).await.unwrap();
    assert_eq!(again, (edition, false));
    assert!(pulled(&mut phone).await.is_empty());

    // A server that reads the edition now knows where the new authority holds, and where it does not.
    let server = world.second_server().await;
    phone.url = server.url();
    let used = |area: &str| {
        let area = beatbook_domain::place::AreaRef { code: Code::new(area), name: area.to_owned() };
        let dispersal = code("power", 0);
        assert_eq!(dispersal.code, *DISPERSAL);
        Body::PowerUse(PowerUse {
            power: dispersal,
            authority: Some(Authority::Reference("S34-2026-900".to_owned())),
            area: None,
            until: None,
            reason_class: None,
            people: 1,
            references: vec![],
            plain_clothes: false,
            place: Some(beatbook_domain::place::PlaceStamp { area: Some(area), ..Default::default() }),
            note: None,
            paper: None,
            reason: None,
        })
    };
    phone.write(Kind::PowerUse, &used("DEMO-P-TOMBLAND"));
    phone.write(Kind::PowerUse, &used("DEMO-P-POW"));
    let reply = phone.sync(vec![phone.batch(1)]).await;
    let problems: Vec<Vec<String>> = phone
        .receipts(&reply)
        .iter()
        .map(|receipt| receipt.problems.iter().map(|problem| problem.code.clone()).collect())
        .collect();
    assert_eq!(problems, vec![vec![], vec!["authority_does_not_cover".to_owned()]]);
}

async fn lists_leave_stock_and_authorities_alone(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let before = lists::current(storage).await.unwrap();
    let given = Edition { version: 70, ..built_in().clone() };
    assert!(lists::import(storage, &given, clock::now()).await.unwrap());
    let after = lists::current(storage).await.unwrap();
    assert_eq!((after.version, &after.stock, &after.authorities), (70, &before.stock, &before.authorities));
    assert!(!lists::import(storage, &given, clock::now()).await.unwrap(), "the same file again");
    // A file with both: the lines replace, the authorities are added.
    let stock = before.stock[..1].to_vec();
    let given = Edition { version: 71, stock: stock.clone(), authorities: vec![tonight("A")], ..given };
    assert!(lists::import(storage, &given, clock::now()).await.unwrap());
    let after = lists::current(storage).await.unwrap();
    assert_eq!((after.stock, after.authorities.len()), (stock, before.authorities.len() + 1));
}

async fn what_cannot_be_published_changes_nothing(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let before = lists::current(storage).await.unwrap();
    let nowhere = PowerAuthority { area: Some(Code::new("DEMO-P-NOWHERE")), ..tonight("B") };
    let long = PowerAuthority { until: Some(clock::now().plus(48 * HOUR_MS)), ..tonight("C") };
    for (bad, field) in [(nowhere, "area"), (long, "until")] {
        let refused = authorities::import(storage, vec![tonight("A"), bad], clock::now()).await;
        let Err(ListsError::Unfit(unfit)) = refused else { panic!("{refused:?}") };
        assert_eq!(unfit.field, field);
    }
    let mut lines = before.stock.clone();
    lines.push(lines[0].clone());
    assert!(matches!(stock::import(storage, lines, clock::now()).await, Err(ListsError::Unfit(_))));
    assert_eq!(lists::current(storage).await.unwrap(), before);
}

async fn the_first_edition_of_a_new_force_comes_after_the_built_in_one(database: Database) {
    let storage = storage::open(&database.address).await.unwrap();
    let line = stock::read(r#"[{"material":"MAT_ALARM","low_at":3}]"#).unwrap();
    let (edition, is_new) = stock::import(storage.as_ref(), line, clock::now()).await.unwrap();
    assert_eq!((edition.version, is_new), (built_in().version + 1, true));
    assert_eq!(edition.lists, built_in().lists);
    // An area can only be named once areas are there.
    let refused = authorities::import(storage.as_ref(), vec![tonight("A")], clock::now()).await;
    assert!(refused.unwrap_err().to_string().contains("import the areas first"));
}
