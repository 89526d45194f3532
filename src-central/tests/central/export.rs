//! Figures given out: the same as in the entries, few people hidden, and every export logged.

use std::collections::BTreeMap;

use beatbook_central::clock;
use beatbook_central::export::{Asked, Audience, ExportError, export, summaries};
use beatbook_central::storage::Revocation;
use beatbook_central::typed::day_begins;
use beatbook_domain::seal::digest;
use beatbook_domain::time::{DAY_MS, Millis};
use chrono::Datelike as _;
use serde_json::Value;

use crate::database::Database;
use crate::on_both;
use crate::world::World;

on_both! { what_is_exported_is_what_was_recorded, what_is_withheld_counts_nowhere }

fn asked(audience: Audience) -> Asked {
    let now = clock::now();
    Asked {
        from: Millis(now.0 - 2 * DAY_MS),
        until: Millis(now.0 + DAY_MS),
        team: None,
        audience,
        by: "PS 0311".into(),
        why: "the monthly return".into(),
    }
}

async fn what_is_exported_is_what_was_recorded(database: Database) {
    let world = World::new(database).await;
    for (collar, engagements) in [("1482", 3_usize), ("2206", 4)] {
        let mut phone = world.phone(collar).await;
        phone.open_shift();
        for _ in 0..engagements {
            phone.engagement("Asked about the way home.");
        }
        phone.concern("A man stood at the rank for an hour.");
        phone.sync(vec![phone.batch(0)]).await;
    }
    let storage = world.storage.as_ref();
    let folder = world.database.path("out");
    std::fs::create_dir(&folder).unwrap();
    let done = export(storage, &asked(Audience::Force), &folder, clock::now()).await.unwrap();
    assert_eq!((done.shifts, done.incomplete), (2, 2), "neither shift is signed");

    // The table, the cover and a count of their own say the same.
    let mut reader = csv::Reader::from_path(&done.files[0]).unwrap();
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let sum = |column: &str| rows.iter().map(|row| row[column].parse::<u64>().unwrap()).sum::<u64>();
    let cover: Value = serde_json::from_slice(&std::fs::read(&done.files[1]).unwrap()).unwrap();
    let told = |column: &str| {
        cover["rows"].as_array().unwrap().iter().map(|row| row[column].as_u64().unwrap()).sum::<u64>()
    };
    for (column, kind) in [("engagements", "engagement"), ("concerns", "concern")] {
        let counted =
            world.database.count(&format!("SELECT count(*) FROM revision WHERE kind = '{kind}'")).await;
        assert_eq!((sum(column), told(column)), (counted, counted), "{column}");
    }
    assert_eq!((sum("engagements"), sum("concerns")), (7, 2));
    assert!(rows.iter().all(|row| row["marking"] == "OFFICIAL" && row["signed"] == "false"));
    assert!(done.files[0].to_string_lossy().ends_with("OFFICIAL.csv"));
    let texts = done.files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>();
    assert!(!texts.contains("way home") && !texts.contains("rank"), "figures hold no words of a record");

    // Outside the force: months, and what is few is hidden.
    let part = export(storage, &asked(Audience::Public), &folder, clock::now()).await;
    assert!(matches!(part, Err(ExportError::WholeMonths)), "a period of days would show the days");
    let today = beatbook_domain::time::local(clock::now()).date_naive();
    let first = today.with_day(1).unwrap();
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap();
    let month = Asked { from: day_begins(first), until: day_begins(next), ..asked(Audience::Public) };
    let outside = export(storage, &month, &folder, clock::now()).await.unwrap();
    let text = std::fs::read_to_string(&outside.files[0]).unwrap();
    let line = |measure: &str| {
        text.lines().find(|line| line.starts_with(measure) && line.contains("total")).unwrap()
    };
    assert_eq!(line("engagements"), "engagements,total,7");
    assert_eq!(line("concern notes"), "concern notes,total,[c]");
    assert!(!text.contains("1482") && !text.contains("N41"), "{text}");

    // Both are logged, each file by its hash; nothing is written twice under one name.
    let logged = storage.exports(10).await.unwrap();
    assert_eq!(logged.len(), 2);
    let first = logged.iter().find(|one| one.what.starts_with("shifts")).unwrap();
    let hashes: BTreeMap<String, String> = serde_json::from_str(&first.files).unwrap();
    for file in &done.files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(hashes[&name], digest(&std::fs::read(file).unwrap()).to_string());
    }
    assert_eq!((first.by.as_str(), first.why.as_str()), ("PS 0311", "the monthly return"));
    assert!(export(storage, &asked(Audience::Force), &folder, clock::now()).await.is_err());
    assert_eq!(storage.exports(10).await.unwrap().len(), 2, "what was not written is not logged");
}

async fn what_is_withheld_counts_nowhere(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.open_shift();
    phone.engagement("before it was lost");
    phone.sync(vec![phone.batch(0)]).await;
    let (device, at) = (phone.device, clock::now());
    let revocation = Revocation { device, at, by: "PS 0311".into(), why: "lost".into() };
    assert!(world.storage.revoke(revocation).await.unwrap());
    phone.engagement("after it was lost");
    phone.sync(vec![phone.batch(0)]).await;
    let storage = world.storage.as_ref();
    let found = summaries(storage, &asked(Audience::Force), clock::now()).await.unwrap();
    assert_eq!(found.iter().map(|summary| summary.engagements).sum::<u32>(), 1);
    let other = beatbook_domain::id::TeamId(uuid::Uuid::nil());
    let of_other = Asked { team: Some(other), ..asked(Audience::Force) };
    assert!(summaries(storage, &of_other, clock::now()).await.unwrap().is_empty());
    let earlier = Asked { until: Millis(at.0 - DAY_MS), ..asked(Audience::Force) };
    assert!(summaries(storage, &earlier, clock::now()).await.unwrap().is_empty());
}
