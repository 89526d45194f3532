//! What a device may keep, forget, drop and get back.

use beatbook_central::{backup, clock, storage};
use beatbook_domain::entry::CrewStanding;
use beatbook_protocol::sync::{CopiesSaid, OfficerRow, Scope, SyncRequest};

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! {
    a_sergeant_who_leaves_is_told_to_forget_and_one_who_joins_sees_the_past,
    only_a_proved_backup_of_this_epoch_makes_a_position_safe,
    words_are_given_again_to_whoever_may_read_them,
    what_comes_without_its_words_closes_the_gap_and_says_so,
}

fn asking(phone: &Phone, copies: CopiesSaid) -> SyncRequest {
    SyncRequest { copies, ..phone.request(vec![]) }
}

async fn a_sergeant_who_leaves_is_told_to_forget_and_one_who_joins_sees_the_past(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut sergeant = world.phone("0311").await;
    let past = phone.engagement("of last night");
    phone.sync(vec![phone.batch(0)]).await;
    let reply = sergeant.sync(vec![sergeant.batch(0)]).await;
    let scope = *reply.scopes.as_ref().unwrap().iter().find(|s| matches!(s, Scope::Team(_))).unwrap();
    assert!(world.storage.reading(sergeant.record.id).await.unwrap().contains(&scope));

    let at = clock::now();
    let of = |collar: &'static str| async move { collar };
    let officers = world.storage.officers(at).await.unwrap();
    let find = |collar: &str| officers.iter().find(|one| one.collar == collar).unwrap().clone();
    let (leaves, joins) = (find("0311"), find(of("2206").await));
    world.storage.put_officer(OfficerRow { team: None, ..leaves.clone() }, at).await.unwrap();
    let reply = sergeant.sync(vec![]).await;
    assert!(!reply.scopes.unwrap().contains(&scope), "it is not named any more");
    let ended = world.storage.not_forgotten(10).await.unwrap();
    let mut ended: Vec<Scope> = ended.iter().map(|one| one.scope.parse().unwrap()).collect();
    ended.sort();
    let Scope::Team(team) = scope else { unreachable!() };
    assert_eq!(ended, [scope, Scope::Briefing(team), Scope::Duties(team)]);
    let forgot = CopiesSaid { forgot: ended, ..CopiesSaid::default() };
    sergeant.try_sync(&asking(&sergeant, forgot)).await.unwrap();
    assert!(world.storage.not_forgotten(10).await.unwrap().is_empty(), "confirmed");

    world
        .storage
        .put_officer(OfficerRow { role: "PS".into(), team: leaves.team, ..joins }, at)
        .await
        .unwrap();
    let mut next = world.phone("2206").await;
    let told = next.sync(vec![next.batch(0)]).await;
    let seen = revisions(&told).into_iter().any(|(by, one)| by == scope && one.link == past.link);
    assert!(seen, "who joins sees the past");
    // Back in the team, the first reads it again.
    world.storage.put_officer(leaves, clock::now()).await.unwrap();
    sergeant.cursors.remove(&scope);
    let told = sergeant.sync(vec![]).await;
    assert!(revisions(&told).iter().any(|(_, one)| one.link == past.link));
    assert!(world.storage.reading(sergeant.record.id).await.unwrap().contains(&scope));
}

async fn only_a_proved_backup_of_this_epoch_makes_a_position_safe(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("one");
    let first = phone.sync(vec![phone.batch(0)]).await;
    let asks = CopiesSaid { asks_safe: true, ..CopiesSaid::default() };
    let said = phone.try_sync(&asking(&phone, asks.clone())).await.unwrap();
    assert_eq!(said.copies.safe_below, None, "no backup, nothing is safe");
    let pos = world.storage.position().await.unwrap();
    world.storage.put_proof(first.epoch, pos, clock::now()).await.unwrap();
    let said = phone.try_sync(&asking(&phone, asks.clone())).await.unwrap();
    assert_eq!(said.copies.safe_below, Some(pos + 1));
    let said = phone.try_sync(&asking(&phone, CopiesSaid::default())).await.unwrap();
    assert_eq!(said.copies.safe_below, None, "only where it is asked for");

    // A restore begins an epoch in which nothing is proved yet, and says how far the receipts of before stand.
    let file = world.database.path("central.backup");
    backup::write(world.storage.as_ref(), &file, clock::now()).await.unwrap();
    let target = Database::sqlite();
    let restored = storage::open(&target.address).await.unwrap();
    world.restore(restored.as_ref(), &file).await.unwrap();
    let epoch = restored.force().await.unwrap().unwrap().epoch;
    assert_eq!(restored.proved(epoch).await.unwrap(), None);
    let running =
        beatbook_central::server::start(std::sync::Arc::clone(&restored), "127.0.0.1:0".parse().unwrap())
            .await
            .unwrap();
    let phone = Phone { url: running.url(), ..phone };
    let asked = SyncRequest { epoch: Some(first.epoch), ..asking(&phone, asks) };
    let said = phone.try_sync(&asked).await.unwrap();
    assert_eq!((said.copies.safe_below, said.copies.stands.len()), (None, 1));
    assert_eq!((said.copies.stands[0].epoch, said.copies.stands[0].to), (first.epoch, pos));
    running.stop().await.unwrap();
}

async fn words_are_given_again_to_whoever_may_read_them(database: Database) {
    let world = World::new(database).await;
    let mut author = world.phone("1482").await;
    let mut crew = world.phone("1377").await;
    let mut sergeant = world.phone("0311").await;
    let mut stranger = world.phone("2206").await;
    author.open_shift();
    author.name_crew(crew.officer, CrewStanding::Claimed);
    let (note, chat) = (author.concern("the note"), author.engagement("the chat"));
    author.sync(vec![author.batch(0)]).await;
    for phone in [&mut crew, &mut sergeant, &mut stranger] {
        phone.sync(vec![phone.batch(0)]).await;
    }
    let wants = CopiesSaid { wants: vec![note.link, chat.link], ..CopiesSaid::default() };
    let mut given = Vec::new();
    for phone in [&author, &crew, &sergeant, &stranger] {
        let reply = phone.try_sync(&asking(phone, wants.clone())).await.unwrap();
        for one in &reply.copies.given {
            let sealed = [&note, &chat].into_iter().find(|sealed| sealed.link == one.link).unwrap();
            assert_eq!(one.body.as_ref().unwrap().get().as_bytes(), sealed.body.as_ref().unwrap().as_slice());
        }
        given.push(reply.copies.given.len());
    }
    assert_eq!(given, [2, 1, 2, 0], "a partner's concern note stays a heading");
}

async fn what_comes_without_its_words_closes_the_gap_and_says_so(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("first");
    phone.sync(vec![phone.batch(0)]).await;
    let gone = phone.engagement("dropped here, lost there");
    phone.engagement("last");
    let place = gone.seq as usize;
    (phone.record.revisions[place].body, phone.record.revisions[place].salt) = (None, None);
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let receipts = phone.receipts(&reply);
    let of = receipts.iter().find(|receipt| receipt.link == gone.link).unwrap();
    assert_eq!(of.problems.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["body_missing"]);
    let end = reply.ends.iter().find(|end| end.chain_id == phone.record.id).unwrap();
    assert_eq!(end.verified_to, Some(phone.record.revisions.len() as u64 - 1), "the chain is whole");
    let findings = world.findings().await;
    assert!(findings.len() == 1 && findings[0].contains("no erasure names it"), "{findings:?}");
    // Without its commitment nothing proves it.
    let mut batch = phone.batch(0);
    batch.revisions[place].commit = None;
    let reply = phone.sync(vec![batch]).await;
    assert_eq!(reply.refusals.len(), 1);
}
