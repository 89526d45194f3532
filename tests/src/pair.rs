//! An officer and their sergeant on one phone, by hand: what most journeys begin with, said once.

#![allow(clippy::panic, clippy::expect_used)]

use std::time::Duration;

use serde_json::json;

use crate::{Central, Desk, Hand, Phone};

/// The officer's collar number, of the demonstration.
pub const OFFICER: &str = "1482";
/// Their sergeant's.
pub const SERGEANT: &str = "0311";
/// Opens the officer's notebook.
pub const PIN_OFFICER: &str = "270148";
/// Opens the sergeant's.
pub const PIN_SERGEANT: &str = "503119";

/// Between two questions whether something has arrived.
const BETWEEN: Duration = Duration::from_millis(300);

/// A hand on a phone with both notebooks, at the unlock screen; `code` gives the one-time code of a collar number.
pub fn both_enrolled(phone: &Phone, desk: &Desk, central: &Central, code: impl Fn(&str) -> String) -> Hand {
    let hand = Hand::on(phone.open(desk).expect("a window"));
    hand.sees("enrol-go");
    hand.enrol(&central.address(), &code(SERGEANT), PIN_SERGEANT);
    hand.another();
    hand.enrol(&central.address(), &code(OFFICER), PIN_OFFICER);
    hand
}

impl Hand {
    /// Opens the officer's notebook and a shift as NC12.
    pub fn starts_shift(&self) {
        self.unlock(OFFICER, PIN_OFFICER);
        self.press("start-shift");
        self.writes("call-sign", "NC12");
        self.press("start-shift-go");
    }

    /// Saves a chat with somebody, and with `more` beside them.
    pub fn chats(&self, more: usize) {
        self.press("new-engagement");
        self.sees("save-engagement");
        self.press("type-E_CHAT");
        for _ in 0..more {
            self.press("people-plus");
        }
        self.press("topic-T_STREETSAFE");
        self.press("save-engagement");
        self.sees("new-concern");
    }

    /// Signs a note of somebody loitering, in these words.
    pub fn notes_loitering(&self, seen: &str) {
        self.press("new-concern");
        self.sees("check-and-sign");
        self.press("behaviour-B_LOITER");
        self.press("source-OBS_SELF");
        self.writes("seen", seen);
        self.press("check-and-sign");
        self.sees("sign-sheet");
        self.press("sign");
        self.sees("new-engagement");
    }

    /// The newest entry of a kind on the officer's own screen.
    pub fn newest(&self, kind: &str) -> String {
        let today = self.today();
        let found =
            today["entries"].as_array().and_then(|all| all.iter().find(|entry| entry["kind"] == kind));
        let found = found.and_then(|entry| entry["entry_id"].as_str());
        found.unwrap_or_else(|| panic!("no {kind} on the screen: {today:#}")).to_owned()
    }

    /// Signs and ends the shift, waits until all of it is received, and locks.
    pub fn ends_shift(&self) {
        self.hold("end");
        self.sees("end-shift");
        self.hold("end-shift");
        self.sees("closing-done");
        self.all_received("the whole shift");
        self.press("closing-done");
        self.press("lock");
    }

    /// Waits until the notebook that is open holds what another sent.
    pub fn when(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        self.window
            .wait_until(what, |_| {
                self.ask("send_now", json!({}));
                std::thread::sleep(BETWEEN);
                Ok(holds(self))
            })
            .unwrap_or_else(|error| panic!("{error}"));
    }

    /// The sergeant's first shift, once all of it is there.
    pub fn signed_shift(&self) -> String {
        self.sees("shift-row");
        let shifts = self.ask("list_shifts", json!({ "limit": 5 }));
        let shift = shifts["shifts"][0]["shift_id"].as_str().expect("a shift").to_owned();
        self.when("the signed shift", |hand| {
            hand.ask("get_summary", json!({ "shift_id": shift }))["review"]["may_approve"] == true
        });
        shift
    }
}
