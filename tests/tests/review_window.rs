//! Officer, sergeant, officer, sergeant, through the real window: a night is reviewed, one entry returned, answered without
//! signal, and the shift approved.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_device::clock::{Clock as _, SystemClock};
use beatbook_domain::time::{DAY_MS, iso};
use beatbook_tests::pair::{OFFICER, PIN_OFFICER, PIN_SERGEANT, SERGEANT, both_enrolled};
use beatbook_tests::{Central, Desk, Hand, Phone, codes};
use serde_json::{Value, json};

const SEEN: &str = "A man walked behind two women for some time.";
const QUESTION: &str = "Four people in one chat looks like a slip. How many?";

fn entries(hand: &Hand) -> Vec<Value> {
    hand.today()["entries"].as_array().cloned().unwrap_or_default()
}

fn summary(hand: &Hand, shift: &str) -> Value {
    hand.ask("get_summary", json!({ "shift_id": shift }))
}

#[test]
fn a_night_is_returned_answered_and_approved() {
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    // The officer acts for a sergeant in these nights: more in the dock, and still nothing to decide about their own.
    let tomorrow = iso(SystemClock::new().now().plus(DAY_MS))[..16].to_owned();
    let acting = ["officers", "grant", "--collar", OFFICER, "--team", "Norwich East", "--until", &tomorrow];
    central.tell(acting).unwrap();
    central.start().unwrap();
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut night = both_enrolled(&phone, &desk, &central, code);

    // The officer's night.
    night.starts_shift();
    night.chats(3);
    night.notes_loitering(SEEN);
    let (engagement, concern) = (night.newest("engagement"), night.newest("concern"));
    night.ends_shift();

    // The sergeant: the concern goes somewhere, the engagement is asked about.
    night.unlock(SERGEANT, PIN_SERGEANT);
    let shift = night.signed_shift();
    night.go(&format!("#/summary/{shift}"));
    night.sees("needs-decision");
    night.inspect("summary-needs");
    night.press("read-and-decide");
    night.sees("decide");
    night.inspect("entry-decide");
    night.press("approve");
    night.sees("approve-sheet");
    night.press("approve-go");
    night.reads("Say where this note goes");
    night.press("disposition-DISP_INTEL");
    night.writes("disposition-reference", "INT/2026/4471");
    night.picture("approve-sheet");
    night.press("approve-go");
    night.sees("said-about");
    night.reads("INT/2026/4471");
    night.go(&format!("#/entry/{engagement}"));
    night.sees("return");
    night.press("escalate");
    night.sees("escalate-sheet");
    night.press("escalate-go");
    night.reads("Say why somebody above should decide");
    night.picture("escalate-sheet");
    night.press("escalate-sheet-close");
    night.press("return");
    night.sees("return-sheet");
    assert!(
        !night.text("return-sheet").contains("somebody above"),
        "what stopped one sheet is nothing to the next"
    );
    night.press("ask-people");
    night.writes("ask-words-people", QUESTION);
    night.picture("return-sheet");
    night.press("return-go");
    night.sees("said-about");
    night.inspect("said-about");
    night.all_received("what the sergeant decided");
    night.press("lock");

    // The officer sees it first on Today, and answers without signal.
    night.unlock(OFFICER, PIN_OFFICER);
    night.sees("start-shift");
    night.when("the return", |hand| {
        entries(hand).first().is_some_and(|first| first["state"]["state"] == "returned")
    });
    central.stop();
    night.go("#/today");
    night.sees("entry-row");
    night.inspect("today-returned");
    night.go(&format!("#/entry/{engagement}"));
    night.sees("asked");
    night.reads(QUESTION);
    night.inspect("asked");
    assert!(!night.shows("decide"), "nobody decides about their own");
    night.press("keep-mine");
    night.sees("keep-sheet");
    night.press("keep-go");
    night.reads("Say in a word why it stays");
    night.picture("keep-sheet");
    night.press("keep-sheet-close");
    night.press("answer-correct");
    night.sees("correcting");
    for _ in 0..2 {
        night.press("people-minus");
    }
    night.writes("reason", "Slip of the finger.");
    night.press("save-engagement");
    night.go("#/today");
    night.sees("entry-row");
    assert!(entries(&night).iter().all(|entry| entry["state"]["state"] != "returned"), "answered");
    assert_eq!(night.waiting(), Some(1));

    // Signal again: the sergeant sees the difference alone, and closes the night.
    central.start().unwrap();
    night.all_received("the answer");
    night.press("lock");
    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("shift-row");
    night.when("the answer", |hand| summary(hand, &shift)["review"]["needs"][0]["reason"] == "answered");
    night.go(&format!("#/summary/{shift}"));
    night.sees("changed");
    assert!(night.text("changed").replace('\n', " ").contains("People 4 now 2"), "{}", night.text("changed"));
    night.inspect("summary-answered");
    night.resize(1280, 800);
    night.picture("summary-answered-desk");
    night.press("need-approve");
    night.gone("needs-decision");
    night.press("approve-shift");
    night.sees("shift-approved");
    night.inspect("summary-approved");
    night.all_received("the approval");
    let told = summary(&night, &shift);
    assert_eq!(told["summary"]["people"], 2);
    assert_eq!(told["review"]["approved"][0], "PS 0311");
    let note = night.ask("get_entry", json!({ "entry_id": concern }));
    assert_eq!(note["review"]["standing"], "approved");
    night.go("#/team");
    night.sees("shift-row");
    night.reads("Approved");
    night.picture("team-approved");
    night.done();
    central.stop();
    let verified = central.tell(["verify"]).unwrap();
    assert!(verified.contains("whole"), "{verified}");
}
