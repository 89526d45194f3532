//! What both databases must do alike, asked of the `Storage` trait itself. (Custody, feeds and verifying are asked
//! through the front door, on both, by the other modules.)

use std::sync::Arc;

use beatbook_central::storage::{self, AreaSetRow, ForceRow, ReferenceRow, StorageError};
use beatbook_central::{clock, force};
use beatbook_domain::id::*;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::*;
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;

on_both! {
    a_force_is_made_once,
    the_roster_is_dated,
    grants_are_kept_as_given,
    reference_items_replace_themselves_and_move_up,
    an_edition_number_is_taken_once,
    opening_again_finds_everything,
}

async fn a_force_is_made_once(database: Database) {
    let storage = storage::open(&database.address).await.unwrap();
    assert!(storage.force().await.unwrap().is_none());
    assert!(matches!(force::load(storage.as_ref()).await, Err(force::ForceError::Missing)));
    let row = ForceRow {
        force: ForceId(Uuid::new_v4()),
        epoch: EpochId(Uuid::new_v4()),
        bundle: "{ \"kept\" :  \"verbatim\" }".into(),
        bundle_signature: Signature([3; 64]),
        receipt_secret: [4; 32],
        sealing_secret: [5; 32],
        created_at: Millis(1_796_000_000_000),
    };
    storage.create_force(row.clone()).await.unwrap();
    assert!(matches!(storage.create_force(row.clone()).await, Err(StorageError::ForceExists)));
    let read = storage.force().await.unwrap().unwrap();
    assert_eq!((read.force, read.epoch, &read.bundle), (row.force, row.epoch, &row.bundle));
    assert_eq!((read.bundle_signature, read.receipt_secret), (row.bundle_signature, row.receipt_secret));
    storage.ping().await.unwrap();
}

async fn the_roster_is_dated(database: Database) {
    let storage = storage::open(&database.address).await.unwrap();
    let team = |n: u128, name: &str| TeamRow { team: TeamId(Uuid::from_u128(n)), name: name.into() };
    storage.put_team(team(1, "Norwich East")).await.unwrap();
    storage.put_team(team(2, "Breckland")).await.unwrap();
    let names: Vec<String> = storage.teams().await.unwrap().into_iter().map(|team| team.name).collect();
    assert_eq!(names, vec!["Breckland", "Norwich East"]);
    let row = |team: u128, role: &str| OfficerRow {
        officer: OfficerId(Uuid::from_u128(7)),
        collar: "1482".into(),
        role: role.into(),
        team: Some(TeamId(Uuid::from_u128(team))),
    };
    storage.put_officer(row(1, "PC"), Millis(100)).await.unwrap();
    storage.put_officer(row(1, "PC"), Millis(150)).await.unwrap();
    storage.put_officer(row(2, "PS"), Millis(200)).await.unwrap();
    let rows = storage.roster(row(1, "PC").officer).await.unwrap();
    assert_eq!(
        rows.iter().map(|r| (r.from.0, r.until.map(|u| u.0))).collect::<Vec<_>>(),
        vec![(100, Some(200)), (200, None)]
    );
    let at = async |at: i64| storage.officers(Millis(at)).await.unwrap();
    assert_eq!(at(99).await, vec![]);
    assert_eq!(at(199).await, vec![row(1, "PC")]);
    assert_eq!(at(200).await, vec![row(2, "PS")]);
}

async fn grants_are_kept_as_given(database: Database) {
    let storage = storage::open(&database.address).await.unwrap();
    let officer = OfficerRow {
        officer: OfficerId(Uuid::from_u128(7)),
        collar: "1".into(),
        role: "PC".into(),
        team: None,
    };
    storage.put_officer(officer.clone(), Millis(0)).await.unwrap();
    let grant = |until| Grant {
        officer: officer.officer,
        capability: "review".into(),
        team: None,
        from: Millis(5),
        until,
    };
    storage.put_grant(grant(Some(Millis(9)))).await.unwrap();
    storage.put_grant(Grant { from: Millis(6), ..grant(None) }).await.unwrap();
    let kept = storage.grants(officer.officer).await.unwrap();
    assert_eq!(kept, vec![grant(Some(Millis(9))), Grant { from: Millis(6), ..grant(None) }]);
}

async fn reference_items_replace_themselves_and_move_up(database: Database) {
    let storage = storage::open(&database.address).await.unwrap();
    let team = |n: u128, name: &str| TeamRow { team: TeamId(Uuid::from_u128(n)), name: name.into() };
    for row in [team(1, "A"), team(2, "B"), team(1, "A"), team(1, "C")] {
        storage.put_team(row).await.unwrap();
    }
    let all = storage.reference(0, 10).await.unwrap();
    assert_eq!(all.iter().map(|(pos, _)| *pos).collect::<Vec<_>>(), vec![2, 3]);
    assert!(all[1].1.contains("\"C\""));
    assert_eq!(storage.reference(2, 10).await.unwrap().len(), 1);
    assert_eq!(storage.reference(0, 1).await.unwrap().len(), 1);
    assert_eq!(storage.reference(3, 10).await.unwrap().len(), 0);
}

async fn an_edition_number_is_taken_once(database: Database) {
    let storage = storage::open(&database.address).await.unwrap();
    let item = |key: &str| ReferenceRow { key: key.into(), item: "{}".into() };
    let set = |version| AreaSetRow {
        version,
        hash: Digest([1; 32]),
        canonical: b"{}".to_vec(),
        imported_at: Millis(3),
    };
    storage.put_area_set(set(1), vec![item("area:1:0"), item("area:1:1")]).await.unwrap();
    assert!(matches!(storage.put_area_set(set(1), vec![item("area:1:9")]).await, Err(StorageError::Raced)));
    assert_eq!(storage.reference(0, 10).await.unwrap().len(), 2, "nothing of the loser stays");
    storage.put_area_set(set(2), vec![item("area:2:0")]).await.unwrap();
    assert_eq!(storage.reference(0, 10).await.unwrap().len(), 1, "older parts are no longer sent");
    assert_eq!(storage.area_set().await.unwrap(), Some(set(2)));
    assert_eq!(storage.lists().await.unwrap(), None);
    storage.put_lists(4, "four".into(), item("lists"), Millis(1)).await.unwrap();
    assert!(storage.put_lists(4, "other".into(), item("lists"), Millis(1)).await.is_err());
    assert_eq!(storage.lists().await.unwrap(), Some((4, "four".into())));
}

async fn opening_again_finds_everything(database: Database) {
    let storage = storage::open(&database.address).await.unwrap();
    let (root, recovery) = (database.path("root.key"), database.path("recovery.key"));
    let made = force::create(storage.as_ref(), "Norfolk", &root, &recovery, clock::now()).await.unwrap();
    drop(storage);
    // Two at once: each brings the schema up to date, or finds it so.
    let (one, two) = tokio::join!(storage::open(&database.address), storage::open(&database.address));
    for storage in [one.unwrap(), two.unwrap()] {
        let force = force::load(storage.as_ref()).await.unwrap();
        assert_eq!(force.bundle, made);
        assert_eq!(force.signer.public(), made.keys.receipt_key);
        let _kept: Arc<_> = force.signer;
    }
}
