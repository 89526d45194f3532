//! Files made on a sergeant's device: sealed to the force, logged, opened at central, and the same figures as central's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use beatbook_central::export::{self, Audience, Form as CentralForm, inside};
use beatbook_central::opened::{self, OpenError};
use beatbook_central::records::parsed;
use beatbook_device::Handle as _;
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_domain::entry::{Access, Body, FileMade, Kind, Marking};
use beatbook_domain::export::{Form, Reason};
use beatbook_domain::id::EntryId;
use beatbook_domain::period::GroupBy;
use beatbook_domain::seal::digest;
use beatbook_domain::time::{Millis, duty_date};
use beatbook_protocol::ipc::*;
use beatbook_report::sealed::{SealedError, cover};
use beatbook_tests::engine::engagement;
use beatbook_tests::night::{Night, concern, synced};

const NARROW: &str = "A constable of this force was named.";

fn asked(forms: Vec<CentralForm>) -> export::Asked {
    let day = duty_date(SystemClock::new().now());
    export::Asked {
        from: day,
        until: day.succ_opt().unwrap(),
        grouping: GroupBy::Area,
        team: None,
        audience: Audience::Force,
        forms,
        handling: None,
        exact: false,
        by: "test".into(),
        why: "to compare".into(),
    }
}

fn with_ending(files: &[PathBuf], ending: &str) -> Vec<u8> {
    let found = files.iter().find(|file| file.extension().is_some_and(|of| of == ending));
    std::fs::read(found.unwrap_or_else(|| panic!("no {ending} in {files:?}"))).unwrap()
}

/// What stands in a print, as poppler reads it.
fn print(pdf: &[u8], folder: &Path) -> String {
    let file = folder.join("print.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new("pdftotext").args(["-layout"]).arg(&file).arg("-").output();
    let output = output.unwrap_or_else(|error| panic!("pdftotext (Debian: poppler-utils): {error}"));
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The log records of exports that central has.
async fn logged(night: &Night) -> Vec<(Option<EntryId>, String, FileMade)> {
    let (from, until) = (Millis(i64::MIN), Millis(i64::MAX));
    let rows = night.storage.revisions_of_kind(Kind::Exported.name(), from, until).await.unwrap();
    rows.iter()
        .filter_map(parsed)
        .filter_map(|revision| match revision.body {
            Some(Body::Log(record)) => Some((record.shift_id, record.what?.to_string(), record.file?)),
            _ => None,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_leaves_the_device_as_central_would_write_it() {
    let night = Night::begin().await;
    let (officer, sergeant) = (night.phone("1482").await, night.phone("0311").await);
    officer.handle(StartShift { call_sign: "NC12".into(), ..StartShift::default() }).await.unwrap();
    let shift_id = officer.handle(GetToday {}).await.unwrap().shift.unwrap().shift_id;
    let area = officer.handle(ListPlaces {}).await.unwrap().areas[0].clone();
    officer.handle(EnterArea { area: area.code.clone() }).await.unwrap();
    officer.handle(LeaveArea {}).await.unwrap();
    engagement(&officer, 3).await;
    engagement(&officer, 40).await;
    concern(&officer, Access::Team, |_| {}).await;
    concern(&officer, Access::ProfessionalStandards, |form| form.seen = NARROW.into()).await;
    officer.handle(EndShift { ended_at: None, estimated: false }).await.unwrap();
    synced(&officer).await;
    synced(&sergeant).await;

    // Who reviews nobody makes no file; a file has a form.
    let ask = |forms: &[Form]| ExportShift { shift_id, forms: forms.to_vec(), reason: Reason::Partner };
    let refused = officer.handle(ask(&[Form::Csv])).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotNow, "{refused}");
    let refused = sergeant.handle(ask(&[])).await.unwrap_err();
    assert!(refused.message.contains("at least one form"), "{refused}");
    assert!(!officer.data_dir().join("exports").exists() && !sergeant.data_dir().join("exports").exists());

    let made = sergeant.handle(ask(&Form::ALL)).await.unwrap();
    assert_eq!(made.marking, Marking::OfficialSensitive, "it lists a concern note");
    assert!(made.file.starts_with("OFFICIAL-SENSITIVE shift summary "), "{}", made.file);
    assert!(made.inside.len() == 4 && made.inside.iter().all(|name| name.starts_with("OFFICIAL-SENSITIVE ")));
    let sealed = PathBuf::from(&made.folder).join(&made.file);
    let bytes = std::fs::read(&sealed).unwrap();
    assert!(!bytes.windows(4).any(|part| part == b"NC12"), "nothing is readable but the cover");
    assert_eq!(cover(&bytes).unwrap().marking, "OFFICIAL-SENSITIVE");
    let again = sergeant.handle(ask(&[Form::Csv])).await.unwrap();
    assert!(again.file != made.file && sealed.exists(), "nothing is replaced: {}", again.file);

    // Another force's recovery key opens nothing and says so; central's key, and the recovery key, open the same files.
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock::new().now();
    let other = Night::begin().await;
    let by = ("PS 0311", "to compare");
    let keys = |night: &Night| night.key("recovery.key");
    let (theirs, nowhere) = (keys(&other), folder.path().join("wrong"));
    let wrong = opened::open(night.storage.as_ref(), &sealed, Some(&theirs), &nowhere, by, now);
    let wrong = wrong.await.unwrap_err();
    assert!(matches!(wrong, OpenError::Sealed(SealedError::OtherKey(_))), "{wrong}");
    assert!(wrong.to_string().contains("open it at the force it was made for"), "{wrong}");
    let (by_central, by_recovery) = (folder.path().join("central"), folder.path().join("recovery"));
    let at_central = opened::open(night.storage.as_ref(), &sealed, None, &by_central, by, now).await.unwrap();
    let by_key = Some(keys(&night));
    let offline = opened::open(night.storage.as_ref(), &sealed, by_key.as_deref(), &by_recovery, by, now);
    let offline = offline.await.unwrap();
    assert_eq!(at_central.len(), 4);
    for (one, other) in at_central.iter().zip(&offline) {
        assert_eq!(std::fs::read(one).unwrap(), std::fs::read(other).unwrap(), "{}", one.display());
    }

    // Central writes the very same table and map, and a print with the same figures.
    let forms = vec![CentralForm::Csv, CentralForm::Geojson, CentralForm::Pdf, CentralForm::Json];
    let own = folder.path().join("own");
    let own = inside::export_shift(night.storage.as_ref(), shift_id, &asked(forms), &own, now).await.unwrap();
    for ending in ["csv", "geojson"] {
        let (here, there) = (with_ending(&at_central, ending), with_ending(&own.files, ending));
        assert_eq!(String::from_utf8(here).unwrap(), String::from_utf8(there).unwrap(), "{ending}");
    }
    let map = String::from_utf8(with_ending(&at_central, "geojson")).unwrap();
    assert!(map.contains(&format!("\"group\": \"{}\"", area.name)), "areas by name: {map}");
    let figures = |files: &[PathBuf]| {
        let told: serde_json::Value = serde_json::from_slice(&with_ending(files, "json")).unwrap();
        (told["figures"].clone(), told["missing"].clone(), told["shift"].clone())
    };
    assert_eq!(figures(&at_central), figures(&own.files));
    let (here, there) = (
        print(&with_ending(&at_central, "pdf"), folder.path()),
        print(&with_ending(&own.files, "pdf"), folder.path()),
    );
    // How wide a gap reads depends on every line of the page, and the line that says who made it differs.
    let told = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.contains("Made "));
        lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(told(&here), told(&there));
    assert!(here.contains("43 people") && here.contains("OFFICIAL-SENSITIVE"), "{here}");
    assert!(here.contains(&area.name) && !here.contains(area.code.as_str()), "{here}");
    assert!(!here.contains(NARROW) && here.matches("Concerning-behaviour").count() <= 1, "{here}");

    // A period is the same: each shift, each area by its name.
    let day = duty_date(now);
    let (from, until) = (day.pred_opt().unwrap(), day.succ_opt().unwrap());
    let forms = vec![Form::Csv, Form::Geojson, Form::Pdf, Form::Json];
    let of_period = ExportPeriod { from, until, by: GroupBy::Area, forms, reason: Reason::Supervision };
    assert_eq!(officer.handle(of_period.clone()).await.unwrap_err().code, ErrorCode::NotNow);
    let made_of_period = sergeant.handle(of_period).await.unwrap();
    assert_eq!((made_of_period.marking, made_of_period.records), (Marking::Official, 1));
    let (sealed, whole) =
        (PathBuf::from(&made_of_period.folder).join(&made_of_period.file), folder.path().join("period"));
    let here = opened::open(night.storage.as_ref(), &sealed, None, &whole, by, now).await.unwrap();
    let question = export::Asked { from, until, ..asked(vec![CentralForm::Csv, CentralForm::Geojson]) };
    let there = folder.path().join("own period");
    let there = export::export(night.storage.as_ref(), &question, &there, now).await.unwrap().files;
    let named = |files: &[PathBuf], what: &str| {
        let found = files.iter().find(|file| file.to_string_lossy().contains(what));
        std::fs::read_to_string(found.unwrap_or_else(|| panic!("no {what} in {files:?}"))).unwrap()
    };
    for what in ["figures by area", "shifts", "areas"] {
        let csv = if what == "areas" { ".geojson" } else { ".csv" };
        let only = |files: &[PathBuf]| -> Vec<PathBuf> {
            files.iter().filter(|file| file.to_string_lossy().ends_with(csv)).cloned().collect()
        };
        assert_eq!(named(&only(&here), what), named(&only(&there), what), "{what}");
    }
    assert!(named(&here, ".geojson").contains(&area.name));

    // The log of the device is at central, and says no more than what, for what, how many, and which file.
    synced(&sergeant).await;
    let logged = logged(&night).await;
    assert_eq!(logged.len(), 3, "{logged:?}");
    let days = logged[2].2.days;
    assert_eq!((logged[2].0, logged[2].1.as_str(), days), (None, "figures", Some((from, day))));
    let (shift, what, file) = &logged[0];
    assert_eq!((*shift, what.as_str()), (Some(shift_id), "summary"));
    assert_eq!(file.sha256, digest(&bytes));
    assert_eq!(
        (file.marking, file.records, file.reason.as_str()),
        (Marking::OfficialSensitive, 3, "partner")
    );
    // So does central's own, of who opened it.
    let exports = night.storage.exports(10).await.unwrap();
    let opened = exports.iter().filter(|row| row.what.contains(&digest(&bytes).to_string())).count();
    assert_eq!(opened, 2, "opened twice, by name: {exports:?}");
}
