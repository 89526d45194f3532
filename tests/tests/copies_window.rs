//! What stands in the place of words that are not on the phone, in the real window: erased under an authority, kept at the
//! server and fetched back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_tests::pair::{OFFICER, PIN_OFFICER, PIN_SERGEANT, SERGEANT, both_enrolled};
use beatbook_tests::{Central, Desk, Hand, Phone, codes};
use serde_json::{Value, json};

const SEEN: &str = "A man in a zebra coat walked behind two women.";

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
    let mut night = both_enrolled(&phone, &desk, &central, code);

    night.starts_shift();
    night.chats(0);
    night.notes_loitering(SEEN);
    let (chat, note) = (night.newest("engagement"), night.newest("concern"));
    night.ends_shift();

    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("shift-row");
    night.when("the entry", |hand| {
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
    night.when("erased here too", |hand| entry(hand, &note)["revisions"][0]["body"].is_null());
    night.go(&format!("#/entry/{note}"));
    night.sees("erased");
    night.reads("Erased under records manager 17/2026");
    night.inspect("entry-erased");
    night.when("dropped here", |hand| entry(hand, &chat)["at_server"] == "not_asked");
    night.go(&format!("#/entry/{chat}"));
    night.sees("at-server");
    night.inspect("entry-at-server");
    night.press("get-back");
    night.when("back", |hand| !entry(hand, &chat)["revisions"][0]["body"].is_null());
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
