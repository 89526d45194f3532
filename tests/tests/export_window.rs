//! A sergeant takes a shift's summary out, through the real window and without signal: what the file holds and that it is
//! logged is said first, the file lies among the documents, and only the force opens it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_tests::pair::{OFFICER, PIN_OFFICER, PIN_SERGEANT, SERGEANT, both_enrolled};
use beatbook_tests::{Central, Desk, Phone, codes};
use serde_json::json;

#[test]
fn a_summary_becomes_a_file_that_only_the_force_opens() {
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    central.start().unwrap();
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut night = both_enrolled(&phone, &desk, &central, code);

    night.starts_shift();
    night.chats(0);
    night.notes_loitering("A man walked behind two women for some time.");
    night.ends_shift();

    night.unlock(SERGEANT, PIN_SERGEANT);
    let shift = night.signed_shift();
    // From here on there is no signal: a file is made of what the device holds.
    central.stop();
    night.go(&format!("#/summary/{shift}"));
    night.sees("export-panel");
    night.inspect("summary-export");
    night.resize(1280, 800);
    night.picture("summary-export-desk");
    night.press("export");
    night.sees("export-sheet");
    night.reads("it is for the force alone");
    night.reads("It is logged that you made it");
    night.inspect("export-sheet");
    night.press("export-go");
    night.reads("Say what the file is for");
    night.press("export-why-supervision");
    night.press("export-form-csv");
    night.press("export-form-geojson");
    night.resize(1280, 800);
    night.picture("export-sheet-desk");
    night.press("export-go");
    night.sees("export-done");
    let said = night.text("export-done");
    let file = said.trim_start_matches("The file is there").trim().to_owned();
    assert!(file.starts_with("OFFICIAL-SENSITIVE shift summary ") && file.ends_with("NC12.sealed"), "{file}");
    let folder = desk.home().join("Documents/Beatbook");
    assert!(night.text("export-where").contains(folder.to_str().unwrap()), "{}", night.text("export-where"));
    night.picture("export-done-desk");
    night.inspect("export-done");
    night.press("export-sheet-close");

    let sealed = folder.join(&file);
    let bytes = std::fs::read(&sealed).unwrap();
    assert!(!bytes.windows(4).any(|part| part == b"E_CH" || part == b"NC12"));
    let out = desk.home().join("opened");
    let (sealed, to) = (sealed.to_str().unwrap(), out.to_str().unwrap());
    let open = ["open-export", sealed, "--to", to, "--by", "PS 0311", "--why", "to read it"];
    let told = central.tell(open).unwrap();
    assert_eq!(told.lines().count(), 3, "{told}");
    assert!(told.contains(".pdf") && told.contains(".csv") && told.contains(".geojson"), "{told}");
    let table = std::fs::read_dir(&out).unwrap().filter_map(Result::ok).map(|file| file.path());
    let table = table.into_iter().find(|file| file.extension().is_some_and(|of| of == "csv")).unwrap();
    let table = std::fs::read_to_string(table).unwrap();
    assert!(table.contains("engagements,,,1,count,OFFICIAL-SENSITIVE"), "{table}");
    assert!(central.tell(["export", "--list"]).unwrap().contains("opened a sealed export"));

    // The officer reviews nobody: there is no key, and the device says no.
    night.go("#/team");
    night.sees("shift-row");
    night.press("lock");
    night.unlock(OFFICER, PIN_OFFICER);
    night.sees("start-shift");
    let asked = json!({ "shift_id": shift, "forms": ["csv"], "reason": "partner" });
    let refused = night.try_ask("export_shift", &asked).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("whoever reviews a team"), "{refused}");
    night.done();
}
