//! A whole night recorded offline by hand through the real window: four legs, six visits, fifteen engagements, three
//! concern notes, a referral, an abstraction, two amendments, a call away and a power used. Then every screen is
//! inspected as it stands at 320 and 412 px in both themes; and once there is signal the figures must be right and whole.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use beatbook_tests::{Central, Desk, Hand, Key, Phone, Size, at, codes, css};
use serde_json::{Value, json};

const OFFICER: &str = "1482";
const PIN: &str = "270148";
const CARD: &str = "MAT_WALLET_STREETSAFE_ENOUGH";
const SEEN: &str =
    "A man walked beside two women for about two hundred metres and spoke to them several times.";

/// The officer's hand, with the steps this night repeats.
struct Night {
    hand: Hand,
    engagements: u32,
}

impl Night {
    fn press(&self, name: &str) {
        self.hand.press(name);
    }

    /// Back on Today with nothing in the way.
    fn on_today(&self) {
        self.hand.go("#/today");
        self.hand.sees("new-engagement");
    }

    /// The common engagement: how many taps it took from Today.
    fn engagement(&mut self, topic: &str) -> u32 {
        self.on_today();
        self.hand.taps();
        self.press("new-engagement");
        self.press(&format!("topic-{topic}"));
        self.press("save-engagement");
        let taps = self.hand.taps();
        self.hand.sees("new-engagement");
        self.hand.sees("toast-undo");
        self.engagements += 1;
        taps
    }

    /// The common engagement with the keyboard alone.
    fn by_keyboard(&mut self, topic: &str) {
        self.on_today();
        self.hand.by_keyboard("new-engagement", Key::Enter);
        self.hand.by_keyboard(&format!("topic-{topic}"), Key::Space);
        self.hand.by_keyboard("save-engagement", Key::Enter);
        self.hand.sees("new-engagement");
        self.hand.sees("toast-undo");
        self.engagements += 1;
    }

    fn same_again(&mut self) {
        self.on_today();
        let before = self.today_total();
        self.press("same-again");
        self.hand.window.wait_until("the repeated engagement", |_| Ok(self.today_total() > before)).unwrap();
        self.engagements += 1;
    }

    fn today_total(&self) -> u64 {
        self.hand.today()["entries_total"].as_u64().unwrap_or(0)
    }

    fn leg(&self, mode: &str) {
        self.on_today();
        self.press("new-leg");
        self.hand.sees("leg-sheet");
        self.press(&format!("leg-mode-{mode}"));
        self.press("leg-go");
        self.hand.gone("leg-sheet");
    }

    /// Enters an area by its code and leaves it again.
    fn visit(&self, area: &str, leave: bool) {
        self.hand.go("#/places");
        self.hand.sees("area-row");
        self.press(&format!("enter-{area}"));
        self.hand.sees("left");
        if leave {
            self.hand.hold("left");
            self.hand.gone("left");
        }
    }

    fn more(&self, what: &str) {
        self.on_today();
        self.press("more-actions");
        self.hand.sees("more-sheet");
        self.press(what);
    }

    fn concern(&self, behaviour: &str) {
        self.on_today();
        self.press("new-concern");
        self.hand.sees("check-and-sign");
        self.press(&format!("behaviour-{behaviour}"));
        self.press("source-OBS_SELF");
        self.hand.writes("seen", SEEN);
    }

    fn sign(&self) {
        self.press("check-and-sign");
        self.hand.sees("sign-sheet");
        self.press("sign");
        self.hand.sees("new-concern");
    }

    /// The newest entry of a kind, as data.
    fn newest(&self, kind: &str) -> Value {
        let found = self.hand.ask("find_entries", json!({ "kinds": [kind], "limit": 1 }));
        found["rows"][0].clone()
    }

    fn open(&self, entry: &Value) {
        self.hand.go(&format!("#/entry/{}", entry["entry_id"].as_str().unwrap()));
        self.hand.sees("entry-actions");
    }

    /// A correction of an entry through its own form, with a reason.
    fn amend(&self, kind: &str, change: impl Fn(&Hand), save: &str) {
        self.open(&self.newest(kind));
        self.press("amend");
        self.hand.sees("correcting");
        change(&self.hand);
        self.hand.writes("reason", "Miscounted in the dark.");
        self.press(save);
    }
}

/// Areas to visit: those of Norwich, which the list shows by itself once a visit there is known.
fn areas(hand: &Hand) -> Vec<String> {
    let places = hand.ask("list_places", json!({}));
    let areas = places["areas"].as_array().cloned().unwrap_or_default();
    let here =
        areas.iter().filter(|area| area["district"].as_str().is_some_and(|name| name.contains("Norwich")));
    here.filter_map(|area| area["code"].as_str().map(str::to_owned)).collect()
}

/// A small picture of a lamp post, as a phone would give it.
fn picture(folder: &Path) -> PathBuf {
    // The smallest PNG: one grey pixel.
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(PNG).unwrap();
    let file = folder.join("lamp.png");
    std::fs::write(&file, bytes).unwrap();
    file
}

#[test]
fn a_full_night_is_recorded_offline_by_hand() {
    let boundaries = std::env::var_os("BEATBOOK_BOUNDARIES").map(PathBuf::from);
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    if let Some(folder) = &boundaries {
        central.tell([Path::new("areas"), Path::new("import"), folder]).unwrap();
    }
    central.start().unwrap();
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let hand = Hand::on(phone.open(&desk).unwrap());
    hand.sees("enrol-go");
    hand.enrol(&central.address(), &code(OFFICER), PIN);

    // The lock screen takes a note that shows nothing and becomes a draft at unlock.
    hand.press("note-now");
    hand.sees("note-sheet");
    hand.writes("note-text", "Grey coat by the taxi rank");
    hand.press("note-seal");
    hand.sees("note-sealed");
    hand.unlock(OFFICER, PIN);
    let mut night = Night { hand, engagements: 0 };
    night.hand.sees("draft-row");
    let today = night.hand.today();
    assert_eq!(today["drafts"].as_array().unwrap().len(), 1, "the note is a draft");
    night
        .hand
        .window
        .wait_long("the areas to arrive", Duration::from_secs(30), |_| {
            Ok((!areas(&night.hand).is_empty()).then_some(()))
        })
        .unwrap();
    let areas = areas(&night.hand);

    // Start with signal, so that the lists are fresh; then the signal goes for the whole night.
    night.press("start-shift");
    night.hand.writes("call-sign", "NC12");
    night.press("initiative-INI_VAWG_REASSURE");
    night.press("transport-TR_FOOT");
    night.press("start-shift-go");
    night.hand.sees("new-leg");
    night.hand.all_received("the shift");
    central.stop();

    night.more("more-ready");
    night.hand.sees("ready-row");
    night.more("more-crew");
    night.hand.sees("unit-code");
    let unit_code = night.hand.text("unit-code");
    assert_eq!(unit_code.chars().filter(|c| !c.is_whitespace()).count(), 4, "{unit_code}");

    // Stock for the night.
    night.hand.go("#/cards");
    night.hand.sees("stock-draw");
    night.press("stock-draw");
    night.hand.sees("stock-sheet");
    if night.hand.shows(&format!("stock-material-{CARD}")) {
        night.press(&format!("stock-material-{CARD}"));
    } else {
        night.press("stock-line-0");
    }
    night.press("stock-50");
    night.press("stock-go");
    night.hand.gone("stock-go");

    // First leg: two visits, five engagements, the common one in three taps.
    night.leg("P_FOOT");
    night.visit(&areas[0], true);
    // The very first of an officer has no last one to begin from: its type is chosen once.
    night.on_today();
    night.press("new-engagement");
    night.press("type-E_CHAT");
    night.press("topic-T_STREETSAFE");
    night.press("save-engagement");
    night.hand.sees("new-engagement");
    night.hand.sees("toast-undo");
    night.engagements += 1;
    night.same_again();
    let taps = night.engagement("T_REPORT");
    assert!(taps <= 3, "the common engagement took {taps} taps");
    night.visit(&areas[1 % areas.len()], true);
    night.engagement("T_SPIKING");
    night.same_again();

    // The same without a finger: Tab, Enter and Space.
    night.by_keyboard("T_LIGHTING");

    // Cards on their own, in two presses from any patrol screen.
    night.hand.taps();
    night.press("dock-cards");
    night.press("give-go");
    assert_eq!(night.hand.taps(), 2, "cards in two presses");
    night.hand.sees("toast-undo");

    // A concern with a person described, a reference and a coach that moves a number to the slip.
    night.concern("B_FOLLOW");
    night.press("person-add");
    night.hand.writes("person-0-clothing", "Grey coat, white trainers");
    night.press("reference-add");
    night.hand.writes("reference-0", "Clip 14");
    night.sign();

    // Second leg; an abstraction on the way.
    night.leg("P_PWT");
    night.visit(&areas[2 % areas.len()], true);
    night.engagement("T_ENOUGH_STOP");
    night.same_again();
    night.same_again();
    night.press("called-away");
    night.hand.sees("back-on-patrol");
    night.press("away-reason-CA_SCENE");
    night.press("back-on-patrol");
    night.hand.sees("new-leg");

    // Third leg: a referral with a photo, a concern that may be a crime.
    night.leg("P_FOOT");
    night.visit(&areas[3 % areas.len()], true);
    night.more("more-referral");
    night.hand.sees("save-referral");
    night.press("issue-SS_E_LIGHT");
    night.press("owner-OWN_NCC");
    night.hand.writes("details", "Two lamps out along the riverside path.");
    let file = picture(phone.data());
    night.hand.window.choose_file(&at("photo"), &file).unwrap();
    night.hand.sees("photo-shown");
    night.press("save-referral");
    night.hand.sees("new-concern");
    night.same_again();
    night.concern("B_TOUCH");
    night.hand.sees("gate");
    night.press("reporting-yes");
    night.hand.sees("crime-due");
    night.sign();
    night.hand.sees("open-duties");

    // Fourth leg: a call away in one press, a power used on the word of an inspector.
    night.leg("P_VEH");
    night.visit(&areas[4 % areas.len()], true);
    night.engagement("T_TAXI");
    night.press("called-away");
    night.hand.sees("back-on-patrol");
    night.press("back-on-patrol");
    night.more("more-power");
    night.hand.sees("check-and-sign");
    night.press("power-PW_S34_35_DISPERSAL");
    night.press("check-and-sign");
    night.hand.sees("error-summary");
    night.hand.writes("authority-inspector", "0102");
    night.hand.writes("authority-told", "21:40");
    night.press("power-reason-PR_HARASS");
    night.sign();
    night.concern("B_STARE");
    night.sign();
    night.visit(&areas[5 % areas.len()], true);
    night.engagement("T_STREETSAFE");
    night.same_again();
    night.same_again();
    assert_eq!(night.engagements, 15 - 1);
    night.engagement("T_REPORT");
    assert_eq!(night.engagements, 15);

    // Two amendments: a miscounted engagement, and a concern.
    night.amend("engagement", |hand| hand.press("people-plus"), "save-engagement");
    night.hand.sees("entry-history");
    night.hand.reads("You wrote");
    night.amend(
        "concern",
        |hand| hand.writes("assessment", "He chose people who were alone."),
        "check-and-sign",
    );
    night.hand.sees("sign-sheet");
    night.press("sign");
    night.hand.sees("entry-history");

    // Found again by its words, offline.
    night.hand.go("#/find");
    night.hand.writes("find-words", "trainers");
    night.hand.window.wait_until("one record", |window| Ok(window.count(&at("entry-row"))? == 1)).unwrap();

    // Every screen as it stands now, at 320 and 412 px, in both themes.
    inspect_every_screen(&mut night);

    // The end, offline: everything stays, and is named as not yet received.
    night.hand.resize(412, 915);
    night.on_today();
    night.hand.hold("end");
    night.hand.sees("end-shift");
    night.hand.hold("end-shift");
    night.hand.sees("closing-done");
    let closing = night.hand.ask("get_closing", json!({}));
    assert_eq!(closing["received"], 0, "nothing was received in the night but the start");
    let waiting = night.hand.waiting().unwrap();
    assert!(waiting >= 22, "{waiting} entries wait");

    // The signal comes back: everything arrives, and the figures are those of the night.
    central.start().unwrap();
    night.hand.go("#/outbox");
    night.press("send-now");
    night.hand.all_received("the whole night");
    let shift = night.hand.ask("list_own_shifts", json!({ "limit": 1 }))["shifts"][0].clone();
    let view = night.hand.ask("get_summary", json!({ "shift_id": shift["shift_id"] }));
    let summary = &view["summary"];
    assert_eq!(summary["engagements"], 15);
    assert_eq!(summary["people"], 16, "one of fifteen was corrected to two people");
    assert_eq!(summary["concerns"], 3);
    assert_eq!(summary["cards_total"], 1);
    assert_eq!(summary["away_count"], 2);
    let questions: Vec<&Value> = view["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| !entry["state"]["question"].is_null() && entry["state"]["question"].is_string())
        .collect();
    assert!(questions.is_empty(), "the server asks about {questions:#?}");
    let duties = night.hand.ask("list_duties", json!({}));
    let open: Vec<&str> = duties["duties"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|duty| duty["open"] == true)
        .filter_map(|duty| duty["what"]["code"].as_str())
        .collect();
    for what in ["DU_CRIME_REF", "DU_AUTHORITY_REF", "DU_REFERRAL"] {
        assert!(open.contains(&what), "{what} is open: {open:?}");
    }
    let cards = night.hand.ask("get_cards", json!({}));
    let left: i64 = cards["lines"].as_array().unwrap().iter().filter_map(|line| line["left"].as_i64()).sum();
    assert_eq!(left, 49, "fifty drawn, one given: {cards:#}");

    night.hand.done();
    central.stop();
    let verified = central.tell(["verify"]).unwrap();
    assert!(verified.contains("whole"), "{verified}");
}

/// Walks the addresses of all screens an officer has, and the forms by a draft of each kind.
fn inspect_every_screen(night: &mut Night) {
    let concern = night.newest("concern")["entry_id"].as_str().unwrap().to_owned();
    let referral = night.newest("referral")["entry_id"].as_str().unwrap().to_owned();
    let patrol = night.newest("shift_opened")["entry_id"].as_str().unwrap().to_owned();
    let mut screens: Vec<(String, String)> = [
        "today", "outbox", "cards", "places", "duties", "find", "ready", "settings", "crew", "end",
        "briefing",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), format!("#/{name}")))
    .collect();
    for (name, address) in
        [("entry-concern", &concern), ("entry-referral", &referral), ("patrol-record", &patrol)]
    {
        screens.push((name.to_owned(), format!("#/entry/{address}")));
    }
    screens.push(("slip".to_owned(), format!("#/slip/{concern}")));
    for (name, open, address) in [
        ("engagement", json!("new_engagement"), "engagement"),
        ("concern", json!("new_concern"), "concern"),
        ("handout", json!("new_handout"), "handout"),
        ("event", json!("new_event"), "event"),
        ("power", json!({ "new_power_use": null }), "power"),
        ("referral", json!({ "new_referral": null }), "referral"),
    ] {
        let draft = night.hand.ask("open_draft", open);
        screens.push((name.to_owned(), format!("#/{address}/{}", draft["entry_id"].as_str().unwrap())));
    }
    named_in_the_router(&screens);
    for (name, address) in screens {
        night.hand.go(&address);
        night.hand.window.wait_for(&css("main h1, header h1, .top h1, h1")).unwrap();
        std::thread::sleep(Duration::from_millis(150));
        // What is folded away is part of the screen.
        night
            .hand
            .window
            .execute("document.querySelectorAll('details').forEach((d) => { d.open = true; })", &json!([]))
            .unwrap();
        night.hand.inspect(&name);
        text_at_200_percent(&night.hand, &name);
        night.hand.tabs_through(&name);
    }
    night.hand.resize(412, 915);
    for draft in night.hand.today()["drafts"].as_array().unwrap() {
        night.hand.ask("discard_draft", json!({ "entry_id": draft["entry_id"] }));
    }
}

/// Text twice as large loses nothing: no scrolling sideways at 412 px.
fn text_at_200_percent(hand: &Hand, name: &str) {
    let over = hand
        .window
        .execute(
            "document.documentElement.style.fontSize = '200%';
             const over = document.documentElement.scrollWidth - window.innerWidth;
             document.documentElement.style.fontSize = '';
             return over;",
            &json!([]),
        )
        .unwrap();
    assert!(over.as_i64().unwrap() <= 0, "{name}: text at 200 % is {over} px wider than the screen");
}

/// No address of the screens is left out: the list of the router is the list that is walked.
fn named_in_the_router(screens: &[(String, String)]) {
    let router = include_str!("../../src-ui/src/route.rs");
    // Reached by other journeys: the first start, and what a sergeant sees.
    let elsewhere = ["start", "team", "summary", "plans", "plan", "review", "replace", "standards", "period"];
    for line in router.lines() {
        let Some((_, rest)) = line.split_once("\"#/") else { continue };
        let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase()).collect();
        let walked = screens.iter().any(|(_, address)| address.starts_with(&format!("#/{name}")));
        assert!(
            name.is_empty() || walked || elsewhere.contains(&name.as_str()),
            "the screen {name} is walked"
        );
    }
}

#[test]
fn the_first_screens_hold_at_320_pixels() {
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut hand = Hand::on(phone.open(&desk).unwrap());
    hand.sees("enrol-go");
    hand.inspect("enrol");
    hand.tabs_through("enrol");
    hand.window.resize(Size { width: 412, height: 915 }).unwrap();
    hand.done();
}
