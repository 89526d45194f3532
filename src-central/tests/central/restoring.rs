//! A backup is put back: what was decided since is done again by the journal, and what was erased stays erased.

use std::sync::Arc;

use beatbook_central::journal::{self, JournalError};
use beatbook_central::records::What;
use beatbook_central::storage::{self, Decision, ExportRow, PublishedRow, Revocation};
use beatbook_central::{backup, clock, server};
use beatbook_domain::id::Code;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Grant, OfficerRow};

use crate::database::Database;
use crate::on_both;
use crate::phone::Phone;
use crate::records::{everything, ordered};
use crate::world::World;

on_both! {
    what_was_erased_after_the_backup_stays_erased,
    what_was_decided_after_the_backup_is_decided_again,
    who_exported_what_is_known_after_a_restore,
    a_journal_that_was_changed_or_is_of_another_database_is_not_followed,
}

/// The same kind of database, empty.
async fn another(of: &Database, test: &str) -> Option<Database> {
    if of.is_postgres() { Database::postgres(test).await } else { Some(Database::sqlite()) }
}

/// A world over what a backup holds, before anything is done again.
async fn restored(world: &World, file: &str, test: &str) -> Option<World> {
    let database = another(&world.database, test).await?;
    let storage = storage::open(&database.address).await.unwrap();
    world.restore(storage.as_ref(), &world.database.path(file)).await.unwrap();
    let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    Some(World { storage, running, database })
}

async fn what_was_erased_after_the_backup_stays_erased(database: Database) {
    let world = World::new(database).await;
    let journal = world.database.path("central.journal");
    let mut phone = world.phone("1482").await;
    let old = phone.concern("OLDWORDS of before the backup");
    phone.sync(vec![phone.batch(0)]).await;
    backup::write(world.storage.as_ref(), &world.database.path("early.backup"), clock::now()).await.unwrap();
    let new = phone.concern("NEWWORDS of after the backup");
    phone.sync(vec![phone.batch(0)]).await;
    journal::follow(world.storage.as_ref(), &journal).await.unwrap();
    world.act(&old, "0311", "first order", What::Erase("RC_CONCERN".into())).await.unwrap();
    world.erase(&new, "0311", "second order").await.unwrap();
    assert_eq!(journal::follow(world.storage.as_ref(), &journal).await.unwrap(), 2);
    assert_eq!(journal::follow(world.storage.as_ref(), &journal).await.unwrap(), 0, "nothing twice");

    let Some(back) = restored(&world, "early.backup", "erased after a backup").await else { return };
    assert!(everything(&back).await.contains("OLDWORDS"), "the backup brings it back");
    let done = journal::replay(back.storage.as_ref(), &journal, clock::now()).await.unwrap();
    assert_eq!(done, 2);
    assert!(!everything(&back).await.contains("OLDWORDS"), "and the journal erases it again");
    back.assert_whole().await;
    // The phone has not heard of it yet, and sends everything again: received, and not kept.
    let mut phone = Phone { url: back.running.url(), ..phone };
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let receipts = phone.receipts(&reply);
    assert!(receipts.iter().any(|r| r.link == new.link && r.problems.is_empty()));
    let all = everything(&back).await;
    assert!(!all.contains("OLDWORDS") && !all.contains("NEWWORDS"));
    assert_eq!(ordered(&phone, &reply).len(), 2, "it is ordered to erase them too");
    back.assert_whole().await;
    // The chain of central goes on, and so does the journal.
    let third = phone.concern("third");
    phone.sync(vec![phone.batch(0)]).await;
    back.erase(&third, "0311", "third order").await.unwrap();
    back.assert_whole().await;
    assert_eq!(journal::follow(back.storage.as_ref(), &journal).await.unwrap(), 1);
}

async fn what_was_decided_after_the_backup_is_decided_again(database: Database) {
    let world = World::new(database).await;
    let journal = world.database.path("central.journal");
    let mut phone = world.phone("1482").await;
    let mut bad = world.phone("1377").await;
    let note = phone.concern("to be held");
    phone.sync(vec![phone.batch(0)]).await;
    bad.sync(vec![bad.batch(0)]).await;
    backup::write(world.storage.as_ref(), &world.database.path("early.backup"), clock::now()).await.unwrap();

    let at = clock::now();
    let officer = world.officer("1482").await;
    let officers = world.storage.officers(at).await.unwrap();
    let row = officers.iter().find(|one| one.officer == officer).unwrap().clone();
    let (team, by) = (row.team, "PS 0311".to_owned());
    let grant = Grant { officer, capability: Code::new("review"), team, from: at, until: None };
    world.storage.put_grant(grant.clone()).await.unwrap();
    world.storage.put_officer(OfficerRow { role: "PS".into(), ..row }, at).await.unwrap();
    world.act(&note, "0311", "court", What::Hold).await.unwrap();
    let late = world.phone("2206").await;
    for device in [bad.device, late.device] {
        let revocation = Revocation { device, at, by: by.clone(), why: "lost".into() };
        assert!(world.storage.revoke(revocation).await.unwrap());
    }
    let (kept, dropped) = (bad.engagement("accepted"), bad.engagement("rejected"));
    bad.sync(vec![bad.batch_of(&bad.record, 0..bad.record.revisions.len() - 1, &[])]).await;
    let decide = |accepted| Decision { accepted, at, by: by.clone(), why: "looked at".into() };
    assert_eq!(world.storage.decide(bad.device, decide(true)).await.unwrap(), 1);
    bad.sync(vec![bad.batch(0)]).await;
    assert_eq!(world.storage.decide(bad.device, decide(false)).await.unwrap(), 1);
    journal::follow(world.storage.as_ref(), &journal).await.unwrap();

    let Some(back) = restored(&world, "early.backup", "decided after a backup").await else { return };
    assert!(back.storage.grants(officer).await.unwrap().is_empty());
    journal::replay(back.storage.as_ref(), &journal, clock::now()).await.unwrap();
    assert_eq!(back.storage.grants(officer).await.unwrap(), vec![grant]);
    let roster = back.storage.roster(officer).await.unwrap();
    assert_eq!(roster.last().unwrap().role, Code::new("PS"));
    let refused = back.erase(&note, "0311", "clock").await.unwrap_err().to_string();
    assert!(refused.contains("legal hold"), "{refused}");
    assert!(back.storage.device(bad.device).await.unwrap().unwrap().revoked_at.is_some());

    // What it had sent after it was lost comes again: decided as before.
    let mut bad = Phone { url: back.running.url(), ..bad };
    let reply = bad.sync(vec![bad.batch(0)]).await;
    assert!(reply.revoked.is_some());
    let receipts = bad.receipts(&reply);
    let problems = |link| receipts.iter().find(|r| r.link == link).unwrap().problems.len();
    assert_eq!((problems(kept.link), problems(dropped.link)), (0, 1));
    assert!(back.storage.withheld(bad.device, None, 10).await.unwrap().is_empty(), "nothing to decide twice");
    back.assert_whole().await;
}

async fn who_exported_what_is_known_after_a_restore(database: Database) {
    let world = World::new(database).await;
    let journal = world.database.path("central.journal");
    backup::write(world.storage.as_ref(), &world.database.path("early.backup"), clock::now()).await.unwrap();
    let export = ExportRow {
        export: uuid::Uuid::from_u128(7),
        at: clock::now(),
        by: "PS 0311".into(),
        why: "for the board".into(),
        what: "figures by area, every team, for force".into(),
        files: r#"{"OFFICIAL figures.csv":"00"}"#.into(),
    };
    world.storage.put_export(export.clone()).await.unwrap();
    let month = |split: Option<&str>, figures: &str| PublishedRow {
        month: "2026-10".into(),
        figures: figures.into(),
        split: split.map(str::to_owned),
        at: Millis(5),
    };
    let whole = world.storage.publish(month(None, "{\"as\":1}")).await.unwrap();
    let split = world.storage.publish(month(Some("area"), "{\"later\":2}")).await.unwrap();
    assert_eq!((whole.figures.as_str(), split.split.as_deref()), (split.figures.as_str(), Some("area")));
    let decided = world.storage.journal(0, 100).await.unwrap().len();
    world.storage.publish(month(Some("team"), "{}")).await.unwrap();
    assert_eq!(world.storage.journal(0, 100).await.unwrap().len(), decided, "nothing new is noted twice");
    journal::follow(world.storage.as_ref(), &journal).await.unwrap();

    let Some(back) = restored(&world, "early.backup", "exports after a backup").await else { return };
    assert!(back.storage.exports(10).await.unwrap().is_empty(), "the backup knows of none");
    journal::replay(back.storage.as_ref(), &journal, clock::now()).await.unwrap();
    assert_eq!(back.storage.exports(10).await.unwrap(), vec![export]);
    let stands = back.storage.publish(month(Some("team"), "{}")).await.unwrap();
    assert_eq!(stands, split, "a month stays as it was said, by the one split it was said by");
}

async fn a_journal_that_was_changed_or_is_of_another_database_is_not_followed(database: Database) {
    let world = World::new(database).await;
    let journal = world.database.path("central.journal");
    backup::write(world.storage.as_ref(), &world.database.path("early.backup"), clock::now()).await.unwrap();
    let mut phone = world.phone("1482").await;
    let note = phone.concern("held");
    phone.sync(vec![phone.batch(0)]).await;
    world.act(&note, "0311", "court", What::Hold).await.unwrap();
    journal::follow(world.storage.as_ref(), &journal).await.unwrap();
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&journal).unwrap().permissions()) & 0o777,
        0o600
    );
    let whole = std::fs::read(&journal).unwrap();
    let lines = journal::read(&journal).unwrap().len();

    // Its last line broke off: that one is written again.
    std::fs::write(&journal, &whole[..whole.len() - 7]).unwrap();
    assert_eq!(journal::read(&journal).unwrap().len(), lines - 1);
    assert_eq!(journal::follow(world.storage.as_ref(), &journal).await.unwrap(), 1);
    assert_eq!(std::fs::read(&journal).unwrap(), whole);

    // One letter is another.
    let text = String::from_utf8(whole.clone()).unwrap();
    std::fs::write(&journal, text.replacen("0311", "0312", 1)).unwrap();
    let told = journal::follow(world.storage.as_ref(), &journal).await.unwrap_err();
    assert!(matches!(told, JournalError::Broken { .. } | JournalError::Another { .. }), "{told}");
    let Some(back) = restored(&world, "early.backup", "a changed journal").await else { return };
    let told = journal::replay(back.storage.as_ref(), &journal, clock::now()).await.unwrap_err();
    assert!(matches!(told, JournalError::Broken { .. }), "{told}");
    std::fs::write(&journal, &whole).unwrap();
    journal::replay(back.storage.as_ref(), &journal, clock::now()).await.unwrap();

    let Some(other) = another(&world.database, "another force").await else { return };
    let other = World::new(other).await;
    let told = journal::follow(other.storage.as_ref(), &journal).await.unwrap_err();
    assert!(matches!(told, JournalError::Another { .. }), "{told}");
}
