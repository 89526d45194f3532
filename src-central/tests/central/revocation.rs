//! A device out of service: it brings, is told nothing, and nobody is told what it brought until somebody decides.

use beatbook_central::storage::{Decision, Revocation};
use beatbook_central::{clock, devices};
use beatbook_domain::id::*;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! {
    a_lost_phone_brings_and_is_told_nothing,
    what_is_accepted_counts_and_is_fed_and_what_is_rejected_is_not,
    a_phone_that_was_found_goes_on,
}

impl World {
    async fn lose(&self, phone: &Phone) -> bool {
        let (device, at) = (phone.device, clock::now());
        let revocation = Revocation { device, at, by: "PS 0311".into(), why: "left in a taxi".into() };
        self.storage.revoke(revocation).await.unwrap()
    }

    async fn decide(&self, phone: &Phone, accepted: bool) -> u64 {
        let decision =
            Decision { accepted, at: clock::now(), by: "PS 0311".into(), why: "it is the officer's".into() };
        self.storage.decide(phone.device, decision).await.unwrap()
    }
}

fn links(reply: &SyncReply) -> Vec<Link> {
    revisions(reply).into_iter().map(|(_, revision)| revision.link).collect()
}

async fn a_lost_phone_brings_and_is_told_nothing(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut sergeant = world.phone("0311").await;
    phone.engagement("before it was lost");
    let before = phone.sync(vec![phone.batch(0)]).await;
    assert!(before.revoked.is_none() && !before.scopes.unwrap().is_empty());
    sergeant.sync(vec![sergeant.batch(0)]).await;

    assert!(world.lose(&phone).await);
    assert!(!world.lose(&phone).await, "once is enough");
    let late = phone.engagement("written in the taxi");
    phone.cursors.clear();
    let reply = phone.sync(vec![phone.batch(0)]).await;
    assert!(reply.revoked.is_some());
    let told = (reply.changes.len(), reply.contacts.len(), reply.grants.len());
    assert_eq!((told, &reply.scopes), ((0, 0, 0), &Some(vec![])), "not even its own entries");
    let receipts = phone.receipts(&reply);
    let late_one = receipts.iter().find(|receipt| receipt.link == late.link).unwrap();
    assert_eq!(late_one.problems[0].code, "after_revocation");
    let early: Vec<_> = receipts.iter().filter(|receipt| receipt.link != late.link).collect();
    assert!(
        !early.is_empty() && early.iter().all(|r| r.problems.is_empty()),
        "what came before is as it was"
    );

    // Nobody is told.
    let told = sergeant.sync(vec![]).await;
    assert!(!links(&told).contains(&late.link));
    let waiting = world.storage.withheld(phone.device, None, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|row| row.link).collect::<Vec<_>>(), vec![late.link]);
    world.assert_whole().await;

    // What it held is told in counts and times.
    let listed = devices::find(world.storage.as_ref(), &phone.device.to_string()[..13]).await.unwrap();
    assert_eq!((listed.undecided, listed.revoked_at.is_some()), (1, true));
    let report = devices::report(world.storage.as_ref(), listed, clock::now()).await.unwrap().to_string();
    assert!(report.contains("received     2 engagement") && report.contains("PC 1482"), "{report}");
    assert!(report.contains("not sent yet") && !report.contains("taxi"), "{report}");

    // A code does not bring it back.
    let mut again = phone.clone();
    again.record = crate::phone::Chain::new();
    again.log = crate::phone::Chain::new();
    let (status, said) = again.enrol(&world.code("1482").await).await.unwrap_err();
    assert_eq!((status, said.code.as_str()), (403, "enrol_revoked"));
}

async fn what_is_accepted_counts_and_is_fed_and_what_is_rejected_is_not(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut sergeant = world.phone("0311").await;
    phone.sync(vec![phone.batch(0)]).await;
    sergeant.sync(vec![sergeant.batch(0)]).await;
    world.lose(&phone).await;
    let good = phone.engagement("written before, sent after");
    phone.sync(vec![phone.batch(0)]).await;
    // The feed has gone on past its position meanwhile.
    sergeant.engagement("something else");
    sergeant.sync(vec![sergeant.batch(0)]).await;

    assert_eq!(world.decide(&phone, true).await, 1);
    assert_eq!(world.decide(&phone, true).await, 0, "decided once");
    let told = sergeant.sync(vec![]).await;
    let fed: Vec<_> =
        revisions(&told).into_iter().filter(|(_, revision)| revision.link == good.link).collect();
    assert!(!fed.is_empty() && fed.iter().all(|(_, revision)| revision.problems.is_empty()), "fed, and good");
    world.assert_whole().await;

    let bad = phone.engagement("somebody else's hand");
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let receipts = phone.receipts(&reply);
    let problems = |link: Link| receipts.iter().find(|r| r.link == link).unwrap().problems.len();
    assert_eq!((problems(good.link), problems(bad.link)), (0, 1));
    assert_eq!(world.decide(&phone, false).await, 1);
    sergeant.cursors.clear();
    let told = links(&sergeant.sync(vec![]).await);
    assert!(told.contains(&good.link) && !told.contains(&bad.link));
    assert!(world.storage.withheld(phone.device, None, 10).await.unwrap().is_empty());
    world.assert_whole().await;
}

async fn a_phone_that_was_found_goes_on(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.sync(vec![phone.batch(0)]).await;
    world.lose(&phone).await;
    assert!(phone.sync(vec![]).await.revoked.is_some());
    let by = "PS 0311".to_owned();
    assert!(world.storage.reinstate(phone.device, clock::now(), by.clone()).await.unwrap());
    assert!(!world.storage.reinstate(phone.device, clock::now(), by).await.unwrap());
    let found = phone.engagement("found again");
    let reply = phone.sync(vec![phone.batch(0)]).await;
    assert!(reply.revoked.is_none() && !reply.scopes.clone().unwrap().is_empty());
    let receipts = phone.receipts(&reply);
    assert!(receipts.iter().any(|r| r.link == found.link && r.problems.is_empty()));
    world.assert_whole().await;
}
