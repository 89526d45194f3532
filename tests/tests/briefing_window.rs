//! Before the shift, through the real window: a sergeant plans without signal, an officer reads it before the shift,
//! does otherwise once, sees only what changed, and the summary counts planned, made, missed and excused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_device::clock::{Clock as _, SystemClock};
use beatbook_domain::time::{HOUR_MS, clock};
use beatbook_tests::pair::{OFFICER, PIN_OFFICER, PIN_SERGEANT, SERGEANT, both_enrolled};
use beatbook_tests::{Central, Desk, Hand, Phone, codes};
use serde_json::{Value, json};

fn briefings(hand: &Hand) -> Vec<Value> {
    hand.today()["briefings"].as_array().cloned().unwrap_or_default()
}

/// On a desk for a sergeant, on a phone too: audits, targets, nothing cut off, pictures of both.
fn look_at_desk(hand: &mut Hand, name: &str) {
    hand.inspect(name);
    hand.resize(1280, 800);
    hand.picture(&format!("{name}-desk"));
}

/// A desk has no lock of its own: the team's list has.
fn lock(hand: &Hand) {
    hand.go("#/team");
    hand.sees("lock");
    hand.press("lock");
}

#[test]
fn a_night_is_planned_read_changed_and_counted() {
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    central.start().unwrap();
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut night = both_enrolled(&phone, &desk, &central, code);

    // The sergeant plans a night without signal.
    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("plans");
    night.when("the areas", |hand| hand.ask("list_places", json!({}))["area_set"] != 0);
    central.stop();
    night.inspect("team-with-plans");
    night.press("plans");
    night.sees("new-plan");
    look_at_desk(&mut night, "plans-empty");
    night.press("new-plan");
    night.sees("give-plan");
    let (from, until) = {
        let now = SystemClock::new().now();
        (clock(now.plus(-HOUR_MS / 2)), clock(now.plus(4 * HOUR_MS)))
    };
    night.press("give-plan");
    night.reads("Choose at least one area");
    night.fills("plan-from", &from);
    night.fills("plan-until", &until);
    let areas = night.ask("list_places", json!({}))["areas"].as_array().unwrap().clone();
    let area = |n: usize| areas[n]["code"].as_str().unwrap().to_owned();
    let (first, second, third) = (area(0), area(1), area(2));
    for area in [&first, &second, &third] {
        night.press(&format!("plan-area-{area}"));
    }
    night.press(&format!("window-visits-{first}-0-plus"));
    night.press(&format!("why-{first}-TR_NTE"));
    night.writes(&format!("plan-note-{first}"), "Look for John Smith");
    night.press("initiative-INI_VAWG_REASSURE");
    night.press("give-plan");
    night.reads("this looks like it points at a person");
    look_at_desk(&mut night, "plan-refused");
    night.fills(&format!("plan-note-{first}"), "Taxi rank at closing time");
    look_at_desk(&mut night, "plan");
    night.press("give-plan");
    night.sees("plan");
    look_at_desk(&mut night, "plans-saved");
    assert_eq!(night.waiting(), Some(1), "safe on this device, and sent later");
    central.start().unwrap();
    night.ask("send_now", json!({}));
    night.all_received("the plan");
    lock(&night);

    // The officer has it before the shift, and reads it without signal.
    night.unlock(OFFICER, PIN_OFFICER);
    night.sees("start-shift");
    night.when("the briefing", |hand| !briefings(hand).is_empty());
    central.stop();
    night.resize(412, 915);
    night.go("#/today");
    night.sees("briefing-card");
    night.reads("3 areas, 4 visits");
    night.inspect("today-briefing");
    night.press("open-briefing");
    night.sees("acknowledge");
    night.inspect("briefing");
    night.taps();
    night.press("acknowledge");
    night.gone("acknowledge");
    assert_eq!(night.taps(), 1, "one press");
    assert_eq!(briefings(&night)[0]["read"], "current");
    night.go("#/start");
    night.sees("start-from-briefing");
    night.inspect("start-from-briefing");
    night.writes("call-sign", "NC12");
    night.press("start-shift-go");
    night.sees("shift-card");
    night.go("#/places");
    night.sees("area-planned");
    night.inspect("places-planned");
    night.press(&format!("enter-{first}"));
    night.sees("left");
    night.hold("left");
    night.gone("left");
    night.go("#/briefing");
    night.sees("otherwise");
    night.taps();
    night
        .window
        .click(&beatbook_tests::css(&format!("[data-area=\"{second}\"] [data-test=\"otherwise\"]")))
        .unwrap();
    night.sees("otherwise-sheet");
    night.picture("otherwise-sheet");
    night.press("otherwise-reason-DV_CLOSED");
    night.sees("otherwise-said");
    night.inspect("briefing-otherwise");

    // The sergeant sees who read which version, and changes it.
    central.start().unwrap();
    night.ask("send_now", json!({}));
    night.all_received("what the officer said");
    night.press("back");
    night.press("lock");
    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("plans");
    night.when("who has read it", |hand| {
        hand.ask("list_taskings", json!({ "limit": 5 }))["taskings"][0]["read"][0]["current"] == true
    });
    night.press("plans");
    night.sees("read-row");
    night.reads("Place closed");
    look_at_desk(&mut night, "plans-read");
    night.press("revise");
    night.sees("give-plan");
    night.press(&format!("window-visits-{third}-0-plus"));
    night.press("give-plan");
    night.reads("Give a reason");
    night.writes("plan-reason", "Busier than thought");
    look_at_desk(&mut night, "plan-revise");
    night.press("give-plan");
    night.sees("read-row");
    night.all_received("the change");
    lock(&night);

    // The officer sees only the difference.
    night.unlock(OFFICER, PIN_OFFICER);
    night.sees("shift-card");
    night.when("the change", |hand| briefings(hand).first().is_some_and(|card| card["read"] == "changed"));
    night.resize(412, 915);
    night.go("#/today");
    night.reads("Changed since you read it");
    night.inspect("today-briefing-changed");
    night.press("open-briefing");
    night.sees("briefing-changes");
    night.reads("Busier than thought");
    night.inspect("briefing-changed");
    night.press("acknowledge");
    night.gone("briefing-changes");
    night.go("#/today");
    night.sees("end");
    night.ends_shift();

    // Planned 2 + 1 + 2, made 1, excused 1, missed 3.
    night.unlock(SERGEANT, PIN_SERGEANT);
    night.sees("shift-row");
    let shift =
        night.ask("list_shifts", json!({ "limit": 5 }))["shifts"][0]["shift_id"].as_str().unwrap().to_owned();
    let totals = json!({ "planned": 5, "made": 1, "missed": 3, "excused": 1, "left": 0 });
    night.when("the whole shift", |hand| {
        hand.ask("get_summary", json!({ "shift_id": shift }))["summary"]["planned_totals"] == totals
    });
    assert_eq!(
        night.ask("get_summary", json!({ "shift_id": shift }))["supervisor"],
        format!("PS {SERGEANT}"),
        "as the briefing named them"
    );
    night.go(&format!("#/summary/{shift}"));
    night.sees("planned-totals");
    night.sees("visits-by-area");
    look_at_desk(&mut night, "summary-planned");
    night.done();
    central.stop();
    let verified = central.tell(["verify"]).unwrap();
    assert!(verified.contains("whole"), "{verified}");
}
