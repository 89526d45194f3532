//! Holds and erasures: what goes, what stays, who is ordered to do the same, and what comes again without its words.

use std::collections::BTreeSet;

use beatbook_central::records::{ActError, What};
use beatbook_central::storage::StorageError;
use beatbook_central::storage::tables::TABLES;
use beatbook_domain::entry::{Body, CrewStanding, Head, Kind, PerformedBy};
use beatbook_domain::erase::EraseError;
use beatbook_domain::id::Link;
use beatbook_domain::seal::Sealed;
use beatbook_protocol::sync::{CopiesSaid, FeedRevision, SyncReply, SyncRequest};

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! {
    words_go_from_every_table_and_the_proof_stays,
    a_hold_stands_before_an_erasure,
    what_is_sent_again_is_received_without_its_words,
    every_device_that_may_have_a_copy_is_ordered_and_confirms,
    an_order_is_given_again_to_a_phone_that_was_put_back,
}

/// Every row of every table as text.
pub async fn everything(world: &World) -> String {
    let (sink, mut source) = tokio::sync::mpsc::channel(4);
    let storage = std::sync::Arc::clone(&world.storage);
    let dumped = tokio::spawn(async move { storage.dump(sink).await });
    let mut all = String::new();
    while let Some(batch) = source.recv().await {
        for row in batch.rows {
            for value in row {
                use beatbook_central::storage::tables::Value;
                let text = match value {
                    Value::Text(text) => text,
                    Value::Bytes(bytes) => {
                        format!("{} {}", String::from_utf8_lossy(&bytes), hex::encode(&bytes))
                    }
                    other => format!("{other:?}"),
                };
                all.push_str(&format!("{}: {text}\n", TABLES[batch.table].name));
            }
        }
    }
    dumped.await.unwrap().unwrap();
    all
}

async fn words_go_from_every_table_and_the_proof_stays(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.open_shift();
    let member = world.officer("1377").await;
    let crew = phone.name_crew(member, CrewStanding::Claimed);
    let note = phone.concern("the man in the ZEBRA coat");
    phone.sync(vec![phone.batch(0), phone.log_batch()]).await;
    let before = everything(&world).await;
    let salt = note.salt.unwrap().to_string();
    assert!(before.contains("ZEBRA") && before.contains(&salt), "the search finds what is there");
    let claims = world.database.count("SELECT count(*) FROM crew_claim").await;

    let acted = world.erase(&note, "0311", " court order 7/2026 ").await.unwrap();
    assert_eq!(acted.erased, 1);
    world.act(&crew, "0311", "court order 8/2026", What::Erase("RC_DUTY".into())).await.unwrap();
    let after = everything(&world).await;
    assert!(!after.contains("ZEBRA") && !after.contains(&salt), "words and salt are gone");
    assert_eq!(
        world.database.count("SELECT count(*) FROM crew_claim").await,
        claims - 1,
        "whom it named too"
    );
    let scope = format!("officer:{member}");
    let fed = world.database.count(&format!("SELECT count(*) FROM feed WHERE scope = '{scope}'")).await;
    assert_eq!(fed, 0, "and that it was for that officer");
    if !world.database.is_postgres() {
        for file in ["central.sqlite", "central.sqlite-wal"] {
            let bytes = std::fs::read(world.database.path(file)).unwrap_or_default();
            assert!(!bytes.windows(5).any(|window| window == b"ZEBRA"), "{file}");
        }
    }
    let rows = world.storage.revisions_of_entry(Head::parse(&note.head).unwrap().entry_id).await.unwrap();
    assert_eq!((&rows[0].head, rows[0].commit, rows[0].link), (&note.head, note.commit, note.link));
    Sealed { body: None, salt: None, ..note.clone() }.verify(&rows[0].before).unwrap();
    world.assert_whole().await;

    // It stands in central's own chain, and names who acted.
    let erasures = world
        .storage
        .revisions_of_kind(
            "erasure",
            beatbook_domain::time::Millis(0),
            beatbook_central::clock::now().plus(1),
        )
        .await
        .unwrap();
    let head = Head::parse(&erasures[0].head).unwrap();
    assert_eq!(head.performed_by, Some(PerformedBy::Officer(world.officer("0311").await)));
    let body = Body::parse(head.kind, head.schema, head.change, erasures[0].body.as_ref().unwrap()).unwrap();
    assert!(
        matches!(body, Body::Erasure(one) if one.links == [note.link] && one.authority == "court order 7/2026")
    );
    let devices = world.storage.devices().await.unwrap();
    assert!(devices.iter().all(|one| one.device.0 != head.author.0), "central is no phone");
}

async fn a_hold_stands_before_an_erasure(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let note = phone.concern("held");
    phone.sync(vec![phone.batch(0)]).await;
    let held = world.act(&note, "0311", "court", What::Hold).await.unwrap();
    let refused = world.erase(&note, "0311", "clock").await.unwrap_err();
    assert!(matches!(refused, StorageError::Act(ActError::Rule(EraseError::Held(_)))), "{refused}");
    let twice = world.act(&note, "0311", "court", What::Hold).await.unwrap_err();
    assert!(matches!(twice, StorageError::Act(ActError::HeldAlready(_))));
    let none = world.act(&note, "0311", " ", What::Release).await.unwrap_err();
    assert!(matches!(none, StorageError::Act(ActError::Rule(EraseError::NoAuthority))));
    world.act(&note, "0311", "court ended", What::Release).await.unwrap();
    world.erase(&note, "0311", "clock").await.unwrap();
    let again = world.erase(&note, "0311", "clock").await.unwrap_err();
    assert!(matches!(again, StorageError::Act(ActError::Rule(EraseError::AlreadyErased(_)))));
    // What proves it stays.
    let own = world
        .storage
        .revisions_of_kind("hold", beatbook_domain::time::Millis(0), beatbook_central::clock::now().plus(1))
        .await
        .unwrap();
    assert_eq!(own[0].link, held.link);
    let proof = Sealed { head: own[0].head.clone(), ..note.clone() };
    let kept = world.erase(&proof, "0311", "clock").await.unwrap_err();
    assert!(matches!(kept, StorageError::Act(ActError::Proof { kind: "hold", .. })), "{kept}");
    world.assert_whole().await;
}

async fn what_is_sent_again_is_received_without_its_words(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let note = phone.concern("sent once");
    phone.sync(vec![phone.batch(0)]).await;
    world.erase(&note, "0311", "a decision").await.unwrap();
    // Its receipt was lost: it comes once more, words and all.
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let receipts = phone.receipts(&reply);
    assert!(receipts.iter().any(|r| r.link == note.link && r.problems.is_empty()));
    assert!(!everything(&world).await.contains("sent once"));
    world.assert_whole().await;
}

/// The erasure entries a reply orders, the signature checked.
pub fn ordered(phone: &Phone, reply: &SyncReply) -> Vec<FeedRevision> {
    let Some(orders) = &reply.copies.orders else { return vec![] };
    let keys = &phone.bundle.as_ref().unwrap().keys;
    let list = orders.open(&keys.receipt_key, keys.number, phone.device).unwrap();
    let named: Vec<Link> = list.orders.iter().map(|order| order.erasure).collect();
    assert_eq!(named, orders.erasures.iter().map(|one| one.link).collect::<Vec<_>>());
    orders.erasures.clone()
}

fn saying(phone: &Phone, reply: &SyncReply, copies: CopiesSaid) -> SyncRequest {
    SyncRequest { epoch: Some(reply.epoch), copies, ..phone.request(vec![]) }
}

async fn every_device_that_may_have_a_copy_is_ordered_and_confirms(database: Database) {
    let world = World::new(database).await;
    let mut author = world.phone("1482").await;
    let mut crew = world.phone("1377").await;
    let mut sergeant = world.phone("0311").await;
    let mut stranger = world.phone("2206").await;
    author.open_shift();
    author.name_crew(crew.officer, CrewStanding::Claimed);
    let note = author.concern("seen by three");
    author.sync(vec![author.batch(0)]).await;
    for phone in [&mut crew, &mut sergeant, &mut stranger] {
        phone.sync(vec![phone.batch(0)]).await;
    }
    let told = revisions(&sergeant.sync(vec![]).await);
    assert!(told.iter().all(|(_, one)| one.link != note.link), "it was pulled before");
    let acted = world.erase(&note, "0311", "a decision").await.unwrap();
    let given = world.storage.orders_given(Some(acted.link), 10).await.unwrap();
    let profiles: BTreeSet<_> = given.iter().map(|one| one.profile).collect();
    assert_eq!(profiles, BTreeSet::from([author.record.id, crew.record.id, sergeant.record.id]));
    let told = stranger.sync(vec![]).await;
    assert!(ordered(&stranger, &told).is_empty());
    for phone in [&mut author, &mut crew, &mut sergeant] {
        let reply = phone.sync(vec![]).await;
        let orders = ordered(phone, &reply);
        assert_eq!((orders.len(), orders[0].link, orders[0].pos), (1, acted.link, acted.pos));
        // Another key, another device: nothing to obey.
        let signed = reply.copies.orders.clone().unwrap();
        let keys = &phone.bundle.as_ref().unwrap().keys;
        assert!(signed.open(&keys.receipt_key, keys.number, stranger.device).is_err());
        assert!(signed.open(&stranger.bundle.as_ref().unwrap().root_key, keys.number, phone.device).is_err());
        let copies = CopiesSaid { erased_to: acted.pos, ..CopiesSaid::default() };
        let reply = phone.try_sync(&saying(phone, &reply, copies)).await.unwrap();
        assert!(reply.copies.orders.is_none(), "done");
    }
    let given = world.storage.orders_given(Some(acted.link), 10).await.unwrap();
    assert!(given.iter().all(|one| one.confirmed_at.is_some()), "{given:?}");
    assert!(world.storage.orders_given(None, 10).await.unwrap().is_empty());
}

async fn an_order_is_given_again_to_a_phone_that_was_put_back(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let note = phone.concern("erased once");
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let acted = world.erase(&note, "0311", "a decision").await.unwrap();
    let done = CopiesSaid { erased_to: acted.pos, ..CopiesSaid::default() };
    phone.try_sync(&saying(&phone, &reply, done.clone())).await.unwrap();
    let told = phone.try_sync(&saying(&phone, &reply, CopiesSaid::default())).await.unwrap();
    assert_eq!(ordered(&phone, &told).len(), 1, "it speaks of an older state");
    let mut foreign = saying(&phone, &reply, done);
    foreign.epoch = Some(beatbook_domain::id::EpochId(uuid::Uuid::new_v4()));
    let told = phone.try_sync(&foreign).await.unwrap();
    assert_eq!(ordered(&phone, &told).len(), 1, "positions of another epoch confirm nothing here");
    assert_eq!(Kind::from_name("erasure"), Kind::Erasure);
}
