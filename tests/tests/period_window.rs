//! Figures over a period through the real window, at a sergeant's desk: what the screen shows is what central says and what
//! was done; long lists are turned by page; every shortcut does its work and can be switched off; paper carries the marking
//! of what is on it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use beatbook_central::period;
use beatbook_device::Handle as _;
use beatbook_device::clock::{Clock as _, SystemClock};
use beatbook_domain::entry::Access;
use beatbook_domain::period::{Asked, Figures, GroupBy, Measure, monday_of};
use beatbook_domain::time::duty_date;
use beatbook_protocol::ipc::{EndShift, StartShift};
use beatbook_tests::engine::engagement;
use beatbook_tests::night::{Night, concern, synced};
use beatbook_tests::{Desk, Hand, Key, Phone, at};
use chrono::Days;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const OFFICER: &str = "1482";
const SERGEANT: &str = "0311";
const PIN: &str = "503119";
/// Shifts of one officer: more than a page.
const SHIFTS: usize = 32;

/// A week of short shifts: in every fourth a chat with three people, in one a concern note.
async fn week(night: &Night) {
    let officer = night.phone(OFFICER).await;
    for n in 0..SHIFTS {
        let start = StartShift { call_sign: format!("NC{n:02}"), ..StartShift::default() };
        officer.handle(start).await.unwrap();
        if n % 4 == 0 {
            engagement(&officer, 3).await;
        }
        if n == 1 {
            concern(&officer, Access::Team, |_| {}).await;
        }
        officer.handle(EndShift { ended_at: None, estimated: false }).await.unwrap();
    }
    synced(&officer).await;
}

/// The rows of the table on screen: name, and figure by measure; the last is of all.
fn table(hand: &Hand) -> Vec<(String, BTreeMap<String, String>)> {
    let rows = hand
        .window
        .execute(
            "return [...document.querySelectorAll('[data-test=figures-row], [data-test=figures-all]')].map((row) => [
                row.querySelector('th').textContent,
                Object.fromEntries([...row.querySelectorAll('td')]
                    .map((cell) => [cell.dataset.measure, cell.firstChild.textContent])),
            ])",
            &json!([]),
        )
        .unwrap();
    serde_json::from_value(rows).unwrap()
}

/// What the rules say of a group, as a table writes it.
fn written(by: GroupBy, figures: &Figures) -> BTreeMap<String, String> {
    Measure::of(by).map(|measure| (measure.name().to_owned(), measure.show(figures))).collect()
}

fn focused(hand: &Hand) -> Value {
    hand.window
        .execute(
            "return document.activeElement?.dataset.shift ?? document.activeElement?.dataset.test",
            &json!([]),
        )
        .unwrap()
}

fn address(hand: &Hand) -> String {
    hand.window.execute("return location.hash", &json!([])).unwrap().as_str().unwrap_or_default().to_owned()
}

fn is_at(hand: &Hand, start: &str) {
    hand.window
        .wait_until(&format!("the address {start}"), |_| Ok(address(hand).starts_with(start)))
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Presses one key, as on a desk.
fn key(hand: &Hand, key: char) {
    hand.window.focus().unwrap();
    hand.keys(&[Key::Char(key)]);
}

fn shown(hand: &Hand, name: &str) -> usize {
    hand.window.count(&at(name)).unwrap()
}

fn until_shown(hand: &Hand, name: &str, count: usize) {
    hand.window
        .wait_until(&format!("{count} of {name}"), |window| Ok(window.count(&at(name))? == count))
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Looks at the page as paper takes it: the rules for print stand for the screen until it is turned back.
fn as_paper(hand: &Hand, paper: bool) {
    let script = "const [from, to] = arguments;
        for (const sheet of document.styleSheets) for (const rule of sheet.cssRules)
            if (rule.media?.mediaText === from) rule.media.mediaText = to;";
    let media = if paper { ["print", "not print"] } else { ["not print", "print"] };
    hand.window.execute(script, &json!(media)).unwrap();
}

fn drawn(hand: &Hand, selector: &str) -> bool {
    let script = "const found = document.querySelector(arguments[0]);
        return Boolean(found && getComputedStyle(found).display !== 'none');";
    hand.window.execute(script, &json!([selector])).unwrap() == true
}

/// The marking stands on paper, and what can only be pressed does not.
fn paper(hand: &mut Hand, name: &str, marking: &str) {
    as_paper(hand, true);
    assert!(drawn(hand, ".paper-mark") && !drawn(hand, ".rail"), "{name}");
    assert!(!drawn(hand, "[data-test=print]"), "{name}: paper has no keys");
    assert!(hand.text("paper-mark").starts_with(&format!("{marking} · ")), "{}", hand.text("paper-mark"));
    hand.picture(&format!("{name}-paper"));
    as_paper(hand, false);
}

#[test]
fn a_sergeant_reads_a_week_by_screen_key_and_paper() {
    let runtime = Runtime::new().unwrap();
    let night = runtime.block_on(Night::begin());
    runtime.block_on(week(&night));
    let (server, code) = runtime.block_on(night.invite(SERGEANT));
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut hand = Hand::on(phone.open(&desk).unwrap());
    hand.enrol(&server, &code, PIN);
    hand.unlock(SERGEANT, PIN);
    hand.sees("so-far");
    hand.resize(1280, 800);

    // What central says of this week, by the rules and the sealed bytes.
    let now = SystemClock::new().now();
    let today = duty_date(now);
    let asked = |by| Asked { from: monday_of(today), until: today + Days::new(1), by };
    let central = |by| runtime.block_on(period::of(night.storage.as_ref(), asked(by), None, now)).unwrap();
    let days = central(GroupBy::Day);
    assert_eq!((days.total.shifts, days.total.engagements, days.total.people), (32, 8, 24), "as it was done");
    assert_eq!((days.total.concerns, days.total.entries), (1, 9));
    let request = json!({ "from": asked(GroupBy::Day).from, "until": asked(GroupBy::Day).until, "by": "day",
                          "skip": 0, "limit": 50 });
    hand.window
        .wait_until("every shift on this device", |_| {
            hand.ask("send_now", json!({}));
            Ok(hand.ask("get_figures", request.clone())["figures"]["total"]["shifts"] == 32)
        })
        .unwrap();

    // The team's list is turned by page, by key as by hand.
    hand.go("#/team");
    until_shown(&hand, "shift-row", 30);
    hand.picture("team-desk");
    assert_eq!(shown(&hand, "page-later"), 0);
    key(&hand, 'n');
    until_shown(&hand, "shift-row", 2);
    hand.sees("page-later");
    assert_eq!(shown(&hand, "page-earlier"), 0, "there is nothing earlier");
    assert!(hand.text("so-far-engagements").contains('8'), "the night is the same on every page");
    key(&hand, 'p');
    until_shown(&hand, "shift-row", 30);

    // Rows are walked and opened; Escape goes back.
    key(&hand, 'j');
    let first = focused(&hand);
    key(&hand, 'j');
    assert!(first != focused(&hand) && !focused(&hand).is_null());
    key(&hand, 'k');
    assert_eq!(focused(&hand), first);
    hand.window.execute("document.querySelectorAll('[data-test=shift-row]')[0].focus()", &json!([])).unwrap();
    key(&hand, 'o');
    is_at(&hand, "#/summary/");
    hand.sees("summary-entries");
    key(&hand, 'a');
    assert_eq!(focused(&hand), "approve-shift", "a decision by key waits for Enter");
    hand.keys(&[Key::Escape]);
    is_at(&hand, "#/team");
    key(&hand, '/');
    is_at(&hand, "#/find");
    hand.go("#/team");
    hand.sees("so-far");
    key(&hand, '?');
    hand.sees("shortcuts");
    hand.picture("shortcuts-desk");
    hand.keys(&[Key::Escape]);
    hand.gone("shortcuts");
    is_at(&hand, "#/team");
    hand.press("rail-keys");
    hand.sees("shortcuts");
    hand.press("shortcuts-close");
    hand.gone("shortcuts");

    // The figures: every cell of every grouping is central's.
    hand.press("rail-figures");
    hand.sees("figures-all");
    for by in [GroupBy::Day, GroupBy::Week, GroupBy::Team, GroupBy::Area, GroupBy::Initiative, GroupBy::Shift]
    {
        hand.press(&format!("by-{}", by.name()));
        let told = central(by);
        let wanted = told.groups.len().min(25);
        hand.window
            .wait_until(&format!("figures by {by}"), |window| {
                let heading =
                    window.execute("return document.querySelector('.figs th')?.textContent", &json!([]))?;
                Ok(heading == by.words() && window.count(&at("figures-row"))? == wanted)
            })
            .unwrap_or_else(|error| panic!("{error}"));
        let mut rows = table(&hand);
        let (_, all) = rows.pop().unwrap();
        assert_eq!(all, written(by, &told.total), "by {by}, all together");
        let mut on_screen: Vec<_> = rows.into_iter().map(|(_, cells)| cells).collect();
        let mut at_central: Vec<_> = told.groups.iter().map(|group| written(by, &group.figures)).collect();
        if told.groups.len() <= 25 {
            on_screen.sort();
            at_central.sort();
            assert_eq!(on_screen, at_central, "by {by}");
        }
    }
    until_shown(&hand, "figures-row", 25);
    hand.press("show-more");
    until_shown(&hand, "figures-row", SHIFTS);
    for (test, measure) in [
        ("kpi-shifts", Measure::Shifts),
        ("kpi-engagements", Measure::Engagements),
        ("kpi-people", Measure::People),
        ("kpi-concerns", Measure::Concerns),
        ("kpi-patrol-hours", Measure::PatrolHours),
    ] {
        let (text, figure) = (hand.text(test), measure.show(&days.total));
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&figure), "{test}: {text}");
    }
    hand.press("by-day");
    hand.press("measure-engagements");
    hand.sees("chart");
    hand.inspect("figures");
    hand.resize(1280, 800);
    hand.picture("figures-desk");
    hand.press("shade-concerns");
    hand.picture("figures-concerns-desk");
    hand.tabs_through("figures-desk");

    // Earlier and later, by key.
    let title = |hand: &Hand| {
        hand.window.execute("return document.querySelector('h1').textContent", &json!([])).unwrap()
    };
    let this_week = title(&hand);
    key(&hand, 'p');
    hand.window.wait_until("the week before", |_| Ok(title(&hand) != this_week)).unwrap();
    key(&hand, 'n');
    hand.window.wait_until("this week", |_| Ok(title(&hand) == this_week)).unwrap();
    // The system's own dialog cannot be driven: that the page asks for it is what can be seen.
    hand.window.execute("window.print = () => { window.__printed = true; }", &json!([])).unwrap();
    hand.sees("figures-all");
    key(&hand, 'P');
    assert_eq!(hand.window.execute("return window.__printed === true", &json!([])).unwrap(), true);
    paper(&mut hand, "figures", "OFFICIAL");

    // The summary of the night with a note is marked by the note, on paper too.
    let shifts = hand.ask("list_shifts", json!({ "limit": 50 }));
    let with_note =
        shifts["shifts"].as_array().unwrap().iter().find(|row| row["call_sign"] == "NC01").unwrap();
    hand.go(&format!("#/summary/{}", with_note["shift_id"].as_str().unwrap()));
    hand.sees("summary-entries");
    hand.picture("summary-desk");
    paper(&mut hand, "summary", "OFFICIAL-SENSITIVE");

    // Single keys are switched off.
    hand.go("#/settings");
    hand.press("keys-off");
    hand.inspect("settings-keys");
    hand.resize(1280, 800);
    hand.go("#/team");
    hand.sees("so-far");
    key(&hand, '/');
    key(&hand, '?');
    assert!(!hand.shows("shortcuts") && address(&hand) == "#/team", "no key does anything");

    hand.done();
}
