//! What stands in the place of words that are not on the phone, in the real window: erased under an authority, kept at the
//! server and fetched back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_tests::{Central, Desk, Hand, Phone, codes};
use serde_json::{Value, json};

const OFFICER: &str = "1482";
const SERGEANT: &str = "0311";
const PIN_OFFICER: &str = "270148";
const PIN_SERGEANT: &str = "503119";
const SEEN: &str = "A man in a zebra coat walked behind two women.";

/// Exchanges until something holds.
fn when(hand: &Hand, what: &str, holds: impl Fn(&Hand) -> bool) {
    hand.window
        .wait_until(what, |_| {
            hand.ask("send_now", json!({}));
            std::thread::sleep(std::time::Duration::from_millis(300));
            Ok(holds(hand))
        })
        .unwrap();
}

fn entry(hand: &Hand, id: &str) -> Value {
    hand.ask("get_entry", json!({ "entry_id": id }))
}

#[test]
fn an_erased_entry_says_under_what_and_one_kept_at_the_server_comes_back() {
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    let rules = tempfile::NamedTempFile::new().unwrap();
    let rule = |code: &str| json!({ "code": code, "device_days": 0, "source": "for this test" });
    let all = json!([rule("RC_ENGAGEMENT"), rule("RC_CONCERN")]);
    std::fs::write(rules.path(), all.to_string()).unwrap();
    central.tell(["policy", "retention", rules.path().to_str().unwrap()]).unwrap();
    central.start().unwrap();
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut night = Hand::on(phone.open(&desk).unwrap());
    night.sees("enrol-go");
    night.enrol(&central.address(), &code(SERGEANT), PIN_SERGEANT);
    night.another();
    night.enrol(&central.address(), &code(OFFICER), PIN_OFFICER);

    night.unlock(OFFICER, PIN_OFFICER);
    night.press("start-shift");
    night.writes("call-sign", "NC12");
    night.press("start-shift-go");
    night.press("new-engagement");
    night.sees("save-engagement");
    night.press("type-E_CHAT");
    night.press("topic-T_STREETSAFE");
    night.press("save-engagement");
    night.sees("new-concern");
    night.press("new-concern");
    night.sees("check-and-sign");
    night.press("behaviour-B_LOITER");
    night.press("source-OBS_SELF");
    night.writes("seen", SEEN);
    night.press("check-and-sign");
    night.sees("sign-sheet");
    night.press("sign");
    night.sees("new-engagement");
    let of_kind = |hand: &Hand, kind: &str| {
        let entries = hand.today()["entries"].as_array().cloned().unwrap_or_default();
        let found = entries.into_iter().find(|entry| entry["kind"] == kind).unwrap();
        found["entry_id"].as_str().unwrap().to_owned()
    };
    let (chat, note) = (of_kind(&night, "engagement"), of_kind(&night, "concern"));
    night.hold("end");
    night.sees("end-shift");
    night.hold("end-shift");
    night.sees("closing-done");
    night.all_received("the whole shift");
    night.press("closing-done");
    night.press("lock");

    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("shift-row");
    when(&night, "the entry", |hand| {
        hand.ask("find_entries", json!({ "words": "", "kinds": ["engagement"], "limit": 5, "state": "any" }))
            ["rows"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty())
    });
    let link = entry(&night, &chat)["revisions"][0]["link"].clone();
    night.ask("decide_entry", json!({ "entry_id": chat, "link": link, "what": { "approve": { "disposition": null, "reference": "", "note": "" } } }));
    night.all_received("the approval");
    night.press("lock");

    let grant = ["officers", "grant", "--collar", SERGEANT, "--capability", "records", "--no-end"];
    central.tell(grant).unwrap();
    let erase = [
        "records",
        "erase",
        &note,
        "--by",
        SERGEANT,
        "--authority",
        "records manager 17/2026",
        "--class",
        "RC_CONCERN_NFA",
    ];
    assert!(central.tell(erase).unwrap_err().to_string().contains("--for-ever"), "asked once more");
    let told = central.tell(erase.into_iter().chain(["--for-ever"])).unwrap();
    assert!(told.contains("2 devices are ordered"), "{told}");
    let shown = central.tell(["records", "show", &note]).unwrap();
    assert!(shown.contains("erased under records manager 17/2026") && !shown.contains("zebra"), "{shown}");
    let backup = central.data().join("proved.backup").display().to_string();
    let told = central.tell(["backup", "--to", &backup, "--prove"]).unwrap();
    assert!(told.contains("devices may drop their copies"), "{told}");

    night.unlock(OFFICER, PIN_OFFICER);
    night.sees("start-shift");
    when(&night, "erased here too", |hand| entry(hand, &note)["revisions"][0]["body"].is_null());
    night.go(&format!("#/entry/{note}"));
    night.sees("erased");
    night.reads("Erased under records manager 17/2026");
    night.inspect("entry-erased");
    when(&night, "dropped here", |hand| entry(hand, &chat)["at_server"] == "not_asked");
    night.go(&format!("#/entry/{chat}"));
    night.sees("at-server");
    night.inspect("entry-at-server");
    night.press("get-back");
    when(&night, "back", |hand| !entry(hand, &chat)["revisions"][0]["body"].is_null());
    night.gone("at-server");
    night.inspect("entry-fetched");
    night.done();
    central.stop();
    let verified = central.tell(["verify"]).unwrap();
    assert!(
        verified.contains("whole") && verified.contains("erased under records manager 17/2026"),
        "{verified}"
    );
    let orders = central.tell(["records", "orders"]).unwrap();
    assert!(
        !orders.contains(OFFICER) && orders.contains(SERGEANT),
        "the sergeant has not been heard since: {orders}"
    );
}
