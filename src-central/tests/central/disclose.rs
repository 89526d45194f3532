//! A disclosure pack: every version, who had it in hand, third parties masked, and proofs that anybody can check.

use std::process::Command;

use beatbook_central::clock;
use beatbook_central::disclose::check::check;
use beatbook_central::disclose::{Asked, DiscloseError, disclose};
use beatbook_domain::entry::{Access, Body, Change, Erasure, Kind, LogRecord, PersonDescribed};
use beatbook_domain::id::EntryId;
use beatbook_domain::time::HOUR_MS;
use beatbook_report::disclosure::Pack;

use crate::database::Database;
use crate::month::{self, NORWICH, PLANS, last_month};
use crate::on_both;
use crate::world::World;

on_both! { a_pack_holds_every_version_and_can_be_checked }

fn asked(entries: Vec<EntryId>) -> Asked {
    Asked {
        entries,
        by: "RM 0042".into(),
        why: "subject access, ref 7".into(),
        recipient: "the court".into(),
        handling: None,
    }
}

async fn a_pack_holds_every_version_and_can_be_checked(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let mut phone = world.phone("1482").await;
    let shift = month::shift(&mut phone, &PLANS[2]);
    // A concern that names people, corrected once.
    let Body::Concern(mut it) = crate::phone::concern("She said Sarah knows him, 07700 900142.") else {
        unreachable!()
    };
    let mut person = PersonDescribed {
        subject: vec![],
        description: Default::default(),
        officer_defined: None,
        self_defined: None,
        not_stated: None,
    };
    *person.description.point_mut("hair").unwrap() = "short and dark".into();
    it.people = vec![person];
    let entry = EntryId(uuid::Uuid::new_v4());
    let first = phone.write_with(Kind::Concern, &Body::Concern(it.clone()), |head| head.entry_id = entry);
    it.seen = "She said Sarah had seen him twice, 07700 900142.".into();
    it.reason = Some("Slip.".into());
    phone.write_with(Kind::Concern, &Body::Concern(it), |head| {
        head.entry_id = entry;
        head.change = Change::Corrects;
        head.revises = vec![first.link];
    });
    // An engagement without anybody else: nothing in it is masked, so its words are proved too.
    let plain = EntryId(uuid::Uuid::new_v4());
    let body = crate::phone::engagement("Street light out on the corner.");
    phone.write_with(Kind::Engagement, &body, |head| head.entry_id = plain);
    let begins = beatbook_domain::time::day_begins(last_month().0);
    let standards =
        month::concern(&mut phone, NORWICH, begins.plus(20 * HOUR_MS), Access::ProfessionalStandards);
    let viewed = LogRecord { entry_id: Some(entry), what: Some("entry".into()), ..LogRecord::default() };
    phone.write_log(Kind::Viewed, &Body::Log(viewed));
    let (records, log) = (phone.batch(0), phone.log_batch());
    phone.sync(vec![records, log]).await;

    let folder = world.database.path("packs");
    let pack = disclose(storage, &asked(vec![entry, plain]), &folder, clock::now()).await.unwrap();
    let name = pack.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("OFFICIAL-SENSITIVE disclosure"), "{name}");
    let json = std::fs::read(pack.join("OFFICIAL-SENSITIVE disclosure.json")).unwrap();
    let text = String::from_utf8(json.clone()).unwrap();
    for gone in ["Sarah", "07700", "short and dark"] {
        assert!(!text.contains(gone), "{gone} is not masked");
    }
    let told: Pack = serde_json::from_slice(&json).unwrap();
    let concern = &told.entries[0];
    assert_eq!(concern.versions.len(), 2);
    assert_eq!(concern.versions[1].change, Change::Corrects);
    assert!(concern.versions.iter().all(|version| !version.masks.is_empty()));
    let did: Vec<&str> = concern.trail.iter().map(|line| line.what.as_str()).collect();
    for what in ["Wrote", "Received by the server", "Viewed"] {
        assert!(did.contains(&what), "{what}: {did:?}");
    }
    let file = pack.join("OFFICIAL-SENSITIVE disclosure.pdf");
    let print = Command::new("pdftotext").arg("-layout").arg(file).arg("-").output();
    let print = print.unwrap_or_else(|error| panic!("pdftotext (Debian: poppler-utils): {error}"));
    let print = String::from_utf8(print.stdout).unwrap();
    for words in [
        "version 2",
        "[masked] had seen him twice",
        "Slip.",
        "looks like a name",
        "a person described",
        "For the court",
        "Street light out",
    ] {
        assert!(print.contains(words), "{words} is not in:\n{print}");
    }
    assert!(!print.contains("Sarah") && !print.contains("07700"), "{print}");
    if let Some(keep) = std::env::var_os("BEATBOOK_TEST_PRINTS") {
        let to = std::path::Path::new(&keep).join("disclosure.pdf");
        std::fs::copy(pack.join("OFFICIAL-SENSITIVE disclosure.pdf"), to).unwrap();
    }

    // Anybody can check it, and a change to any file is found.
    let checked = check(&pack).unwrap();
    assert_eq!((checked.findings.as_slice(), checked.files, checked.versions), (&[][..], 3, 3));
    let proofs = pack.join("OFFICIAL-SENSITIVE disclosure proofs.json");
    let whole = std::fs::read_to_string(&proofs).unwrap();
    assert!(
        whole.contains("Street light out") && !whole.contains("Sarah"),
        "a proof holds unmasked words alone"
    );
    std::fs::write(&proofs, whole.replacen("Street light out", "Street light lit", 1)).unwrap();
    let found = check(&pack).unwrap().findings.join("; ");
    assert!(found.contains("SHA-256") && found.contains("does not match its commitment"), "{found}");
    assert!(found.contains("does not say what was sealed"), "{found}");

    // It is logged; the next pack's trail says so. What is for professional standards is not here, as if it were not.
    let logged = storage.exports(10).await.unwrap();
    assert!(logged[0].what.starts_with("disclosure of") && logged[0].what.ends_with("for the court"));
    let gone = disclose(storage, &asked(vec![standards]), &folder, clock::now()).await;
    assert!(matches!(gone, Err(DiscloseError::NoEntry(_))));
    let unknown = disclose(storage, &asked(vec![EntryId(uuid::Uuid::nil())]), &folder, clock::now()).await;
    assert!(matches!(unknown, Err(DiscloseError::NoEntry(_))));

    // Erased words are said to be erased, under what, and the seal still proves that they stood there.
    let erasure = Erasure {
        links: vec![first.link],
        authority: "records manager, ref 9".into(),
        class: "RC_CONCERN".into(),
        hold_checked_at: clock::now(),
    };
    let from = phone.record.revisions.len();
    phone.write(Kind::Erasure, &Body::Erasure(erasure));
    let batch = phone.batch(from);
    phone.sync(vec![batch]).await;
    storage.erase(vec![first.link]).await.unwrap();
    let pack = disclose(storage, &asked(vec![entry]), &folder, clock::now()).await.unwrap();
    let told: Pack =
        serde_json::from_slice(&std::fs::read(pack.join("OFFICIAL-SENSITIVE disclosure.json")).unwrap())
            .unwrap();
    let version = &told.entries[0].versions[0];
    assert!(version.body.is_none());
    assert!(
        version.erased.as_ref().unwrap().starts_with("Erased under records manager, ref 9"),
        "{version:?}"
    );
    assert!(told.entries[0].trail.iter().any(|line| line.what == "Disclosed"));
    assert_eq!(check(&pack).unwrap().findings, Vec::<String>::new());
    assert!(storage.revisions_of_shift(shift).await.is_ok());
}
