//! The main job, in the real window: a night on patrol through a lost connection and a killed app, to the sergeant's
//! summary. One test; it fails if any step does. Pictures of every screen, in both themes, go to `BEATBOOK_PICTURES`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use beatbook_tests::{Central, Desk, Hand, Phone, Size, at, codes, css};
use serde_json::{Value, json};

const OFFICER: &str = "1482";
const PARTNER: &str = "1377";
const SERGEANT: &str = "0311";
const PIN_OFFICER: &str = "270148";
const PIN_PARTNER: &str = "861377";
const PIN_SERGEANT: &str = "503119";

const SEEN: &str =
    "A man stood facing the taxi rank and twice walked to within a metre of a woman alone in the queue.";
const ASSESSED: &str = "He was choosing people on their own. Both approaches stopped when others came back.";
const HALF_TYPED: &str = "Two students asked about the night b";

#[test]
fn a_night_on_patrol_reaches_the_sergeant() {
    let boundaries = std::env::var_os("BEATBOOK_BOUNDARIES").map(PathBuf::from);
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    if let Some(folder) = &boundaries {
        central.tell([Path::new("areas"), Path::new("import"), folder]).unwrap();
    }
    central.start().unwrap();

    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut night = Hand::on(phone.open(&desk).unwrap());

    // Three notebooks on one phone, each through the real enrolment.
    night.sees("enrol-go");
    night.picture("enrol");
    night.enrol(&central.address(), &code(SERGEANT), PIN_SERGEANT);
    night.another();
    night.enrol(&central.address(), &code(PARTNER), PIN_PARTNER);
    night.another();
    night.enrol(&central.address(), &code(OFFICER), PIN_OFFICER);
    night.picture("unlock");

    // A wrong PIN is said plainly, costs a wait in that notebook and nothing else.
    night.unlock(PARTNER, "000000");
    night.sees("unlock-error");
    night.picture("wrong-pin");
    night.unlock(OFFICER, PIN_OFFICER);

    // Start shift and a leg; both are received.
    night.press("start-shift");
    night.writes("call-sign", "NC12");
    night.press(&format!("crew-{PARTNER}"));
    night.press("initiative-INI_VAWG_REASSURE");
    night.press("transport-TR_FOOT");
    night.picture("start-shift");
    night.press("start-shift-go");
    night.press("new-leg");
    night.sees("leg-sheet");
    night.press("leg-mode-P_FOOT");
    night.picture("new-leg");
    night.press("leg-go");
    night.sees("shift-clock");
    night.all_received("the shift and the leg");
    night.picture("today-received");

    // Called away in one press from a form: the draft is kept, the patrol stops, and goes on.
    night.press("new-engagement");
    night.sees("save-engagement");
    night.press("called-away");
    night.sees("back-on-patrol");
    night.picture("called-away");
    night.press("back-on-patrol");
    night.sees("draft-row");
    night.all_received("the call away");

    // The signal goes.
    central.stop();

    night.press("draft-row");
    night.sees("save-engagement");
    night.place("52.6287, 1.3020", "Prince of Wales Road");
    night.press("type-E_CHAT");
    night.press("people-plus");
    night.press("people-plus");
    night.press("topic-T_STREETSAFE");
    night.press("topic-T_REPORT");
    night.press("cards-MAT_WALLET_STREETSAFE_ENOUGH-plus");
    night.press("cards-MAT_WALLET_STREETSAFE_ENOUGH-plus");
    assert_eq!(night.window.text_of(&at("people")).unwrap().trim(), "3");
    night.picture("engagement");
    night.press("cover");
    night.sees("public-card");
    night.picture("cover");
    night.hold("uncover");
    night.sees("save-engagement");
    night.press("save-engagement");
    night.sees("new-concern");
    night.picture("today-saved");

    night.press("new-concern");
    night.sees("check-and-sign");
    night.press("behaviour-B_APPROACH_VULN");
    night.press("behaviour-B_LOITER");
    night.press("source-OBS_SELF");
    night.writes("seen", SEEN);
    night.writes("assessment", ASSESSED);
    night.press("action-A_ENGAGED");
    night.picture("concern");
    night.press("check-and-sign");
    night.sees("sign-sheet");
    night.picture("sign");
    night.press("sign");
    night.sees("new-engagement");

    // A second engagement, half typed; then the battery dies.
    night.press("new-engagement");
    night.sees("save-engagement");
    night.press("type-E_GROUP");
    night.press("more");
    night.writes("note", HALF_TYPED);
    std::thread::sleep(Duration::from_millis(600));
    night.window.kill_9();

    // Everything is there.
    night.window = phone.open(&desk).unwrap();
    night.unlock(OFFICER, PIN_OFFICER);
    night.sees("recover");
    night.picture("today-recover");
    let today = night.today();
    let kinds: Vec<&str> =
        today["entries"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    for kind in ["engagement", "handout", "concern"] {
        assert!(kinds.contains(&kind), "{kind} is missing after the kill: {kinds:?}");
    }
    assert_eq!(today["drafts"].as_array().unwrap().len(), 1, "the half-typed draft is kept");
    let draft = night.ask("open_draft", json!({ "kept": today["drafts"][0]["entry_id"] }));
    assert_eq!(draft["form"]["holds"]["note"], HALF_TYPED, "to the last letter");
    // The engagement, its handout and the concern.
    assert_eq!(night.waiting(), Some(3));
    let pill = night.window.text_of(&at("pill")).unwrap().replace('\n', " ");
    assert!(pill.contains("Saved on this phone") && pill.contains("3 waiting"), "{pill}");
    for entry in today["entries"].as_array().unwrap().iter().filter(|e| e["kind"] != "shift_opened") {
        assert_ne!(entry["state"]["state"], "received", "nothing is received while central is away: {entry}");
    }
    night.press("pill");
    night.sees("send-now");
    night.press("send-now");
    night.picture("outbox-waiting");

    // The signal comes back: receipts, and only now Received.
    central.start().unwrap();
    night.press("send-now");
    night.all_received("the three entries");
    night.picture("outbox-received");
    let today = night.today();
    for entry in today["entries"].as_array().unwrap() {
        assert_eq!(entry["state"]["state"], "received", "{entry}");
    }

    // Places, derived from the fix and kept; the fix itself is not.
    let engagement = today["entries"].as_array().unwrap().iter().find(|e| e["kind"] == "engagement").unwrap();
    let view = night.ask("get_entry", json!({ "entry_id": engagement["entry_id"] }));
    let body: Value = serde_json::from_str(view["revisions"][0]["body"]["json"].as_str().unwrap()).unwrap();
    let place = &body["place"];
    let expected = if boundaries.is_some() {
        [("district", "E07000148"), ("ward", "E05005886"), ("lsoa", "E01033438")]
    } else {
        [("district", "DEMO-D-NORWICH"), ("ward", "DEMO-W-THORPE-HAMLET"), ("lsoa", "DEMO-L-NORWICH-014A")]
    };
    for (level, code) in expected {
        assert_eq!(place[level]["code"], code, "{level} of {place}");
    }
    assert_eq!(place["ward"]["name"], "Thorpe Hamlet");
    assert_eq!(place["lsoa"]["name"], "Norwich 014A");
    assert_eq!(place["square_100m"], "TG 235 085");
    assert!(place["exact"].is_null(), "an engagement keeps no exact fix");

    // Discard the draft, end the leg, sign and end.
    night.press("dock-shift");
    night.press("draft-row");
    night.sees("discard");
    night.press("discard");
    night.press("discard-confirm");
    night.sees("end-leg");
    night.press("end-leg");
    night.gone("end-leg");
    night.hold("end");
    night.sees("end-shift");
    night.picture("closing");
    night.hold("end-shift");
    night.sees("closing-done");
    night.all_received("the whole shift");
    night.picture("closing-signed");
    night.press("closing-done");
    night.press("lock");

    // Before the partner confirms: no hours for the partner, and listed.
    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("shift-row");
    night.picture("team");
    for screen in ["review", "replace", "standards"] {
        night.go(&format!("#/{screen}"));
        std::thread::sleep(Duration::from_millis(500));
        night.picture(screen);
    }
    night.go("#/team");
    let shift_id = newest_shift(&night);
    let before = summary_when(&night, &shift_id, |s| s["submitted"] == true);
    assert_eq!(before["person_ms"], before["patrol_ms"], "an unconfirmed partner counts in no hours");
    assert!(missing(&before).contains(&"crew_not_confirmed".to_owned()), "{:?}", before["missing"]);
    night.press("lock");

    // The partner confirms from a notebook of their own.
    night.unlock(PARTNER, PIN_PARTNER);
    night.sees("claim-confirm");
    night.picture("crew-claim");
    night.press("claim-confirm");
    night.all_received("the confirmation");
    night.press("lock");

    // The sergeant: right figures, nothing missing, and the entries.
    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("shift-row");
    let after = summary_when(&night, &shift_id, |s| s["missing"].as_array().is_some_and(Vec::is_empty));
    assert_eq!(after["engagements"], 1);
    assert_eq!(after["people"], 3);
    assert_eq!(after["cards_total"], 2);
    assert_eq!(after["cards"][0]["code"], "MAT_WALLET_STREETSAFE_ENOUGH");
    assert_eq!(after["concerns"], 1);
    assert_eq!(after["away_count"], 1);
    let patrol = after["patrol_ms"].as_i64().unwrap();
    assert!(patrol > 0, "a leg ran");
    assert_eq!(after["person_ms"].as_i64().unwrap(), 2 * patrol, "two confirmed officers, the same time");
    assert_eq!(after["patrol_ms"], before["patrol_ms"], "a crew on one patrol never doubles patrol-hours");
    night.window.resize(Size { width: 1280, height: 800 }).unwrap();
    night.press("shift-row");
    night.sees("nothing-missing");
    assert!(night.window.text_of(&at("kpi-engagements")).unwrap().contains('1'));
    assert!(night.window.text_of(&at("kpi-cards")).unwrap().contains('2'));
    night.picture("summary-desk");
    night.window.resize(Size { width: 412, height: 915 }).unwrap();
    night.picture("summary-phone");
    night.window.click(&css("[data-test=\"entry-row\"][data-kind=\"concern\"]")).unwrap();
    night.sees("entry-fact");
    night.reads(SEEN);
    assert!(
        !night.window.text_of(&at("entry-fact")).unwrap().contains(ASSESSED),
        "fact and opinion stand apart"
    );
    assert!(night.window.text_of(&at("entry-opinion")).unwrap().contains(ASSESSED));
    night.picture("entry-concern");
    night.done();

    // Afterwards everything can be proved.
    central.stop();
    let verified = central.tell(["verify"]).unwrap();
    assert!(verified.contains("whole"), "{verified}");

    // The discarded draft left its mark and nothing of what it held.
    let database = rusqlite::Connection::open(central.data().join("central.sqlite")).unwrap();
    let marks: Vec<Vec<u8>> = database
        .prepare("SELECT body FROM revision WHERE kind = 'draft_discarded'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(marks.len(), 1);
    assert!(!String::from_utf8_lossy(&marks[0]).contains("night"), "a mark holds no content");
}

fn newest_shift(night: &Hand) -> Value {
    night
        .window
        .wait_long("a shift of the team", Duration::from_secs(30), |_| {
            let list = night.ask("list_shifts", json!({ "limit": 10, "before": null }));
            Ok(list["shifts"]
                .as_array()
                .and_then(|shifts| shifts.first())
                .map(|shift| shift["shift_id"].clone()))
        })
        .unwrap()
}

/// The summary once it is as wanted; while it is not, the device is still catching up.
fn summary_when(night: &Hand, shift_id: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    let found = night.window.wait_long("the summary to be whole", Duration::from_secs(45), |_| {
        last = night.ask("get_summary", json!({ "shift_id": shift_id }))["summary"].clone();
        Ok(wanted(&last).then(|| last.clone()))
    });
    found.unwrap_or_else(|error| panic!("{error}\nthe last summary: {last:#}"))
}

fn missing(summary: &Value) -> Vec<String> {
    let list = summary["missing"].as_array().cloned().unwrap_or_default();
    list.iter().filter_map(|m| m["missing"].as_str().map(str::to_owned)).collect()
}
