//! A person's hand on the window: what a journey presses, reads, writes and holds, with words for what went wrong.
#![allow(clippy::panic, clippy::expect_used)]

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::locator::{Locator, css};
use crate::window::{Size, Theme, Window};

/// How long a hold button is held: its second, and some.
const HOLD: Duration = Duration::from_millis(1_300);
/// Until everything is received over loopback, retries of a lost connection included.
const RECEIVED: Duration = Duration::from_secs(45);
/// How long the device may take to answer a question.
const ANSWER: Duration = Duration::from_secs(15);

/// A control by its `data-test` name.
pub fn at(name: &str) -> Locator {
    css(&format!("[data-test=\"{name}\"]"))
}

/// A hand on a window. Its steps panic with what was wanted and what was on the screen: a journey has no other way on.
#[derive(Debug)]
pub struct Hand {
    /// The window.
    pub window: Window,
    /// Breaches of WCAG 2.2 AA and of the size of targets, as found so far.
    pub breaches: Vec<String>,
    pictures: Option<PathBuf>,
    taken: u32,
    taps: Cell<u32>,
}

impl Hand {
    /// A hand on a window; pictures go to the folder that `BEATBOOK_PICTURES` names, if it does.
    pub fn on(window: Window) -> Self {
        let pictures = std::env::var_os("BEATBOOK_PICTURES").map(PathBuf::from);
        Self { window, breaches: Vec::new(), pictures, taken: 0, taps: Cell::new(0) }
    }

    /// Touches a control.
    pub fn press(&self, name: &str) {
        self.window.click(&at(name)).unwrap_or_else(|error| panic!("pressing {name}: {error}"));
        self.taps.set(self.taps.get() + 1);
    }

    /// How often it has touched a control since it was last asked.
    pub fn taps(&self) -> u32 {
        self.taps.take()
    }

    /// Waits for a control.
    pub fn sees(&self, name: &str) {
        self.window.wait_for(&at(name)).unwrap_or_else(|error| panic!("waiting for {name}: {error}"));
    }

    /// Whether a control is on the screen now.
    pub fn shows(&self, name: &str) -> bool {
        self.window.shows(&at(name)).unwrap_or_else(|error| panic!("looking for {name}: {error}"))
    }

    /// Waits until a control is gone.
    pub fn gone(&self, name: &str) {
        self.window.wait_gone(&at(name)).unwrap_or_else(|error| panic!("{name} should go: {error}"));
    }

    /// Waits for words.
    pub fn reads(&self, words: &str) {
        self.window.wait_for_text(words).unwrap_or_else(|error| panic!("waiting for “{words}”: {error}"));
    }

    /// The words of a control.
    pub fn text(&self, name: &str) -> String {
        self.window.text_of(&at(name)).unwrap_or_else(|error| panic!("reading {name}: {error}"))
    }

    /// Types after what is there.
    pub fn writes(&self, name: &str, words: &str) {
        self.window.type_into(&at(name), words).unwrap_or_else(|error| panic!("typing into {name}: {error}"));
    }

    /// Types in place of what is there.
    pub fn fills(&self, name: &str, words: &str) {
        self.window.fill(&at(name), words).unwrap_or_else(|error| panic!("filling {name}: {error}"));
    }

    /// Holds a hold button.
    pub fn hold(&self, name: &str) {
        self.window.hold(&at(name), HOLD).unwrap_or_else(|error| panic!("holding {name}: {error}"));
    }

    /// Goes to a screen by its address, as a link would.
    pub fn go(&self, address: &str) {
        self.window.execute("location.hash = arguments[0]", &json!([address])).expect("an address");
    }

    /// Audits the screen (WCAG 2.2 AA, both themes) and keeps pictures of it where a folder was named.
    pub fn picture(&mut self, name: &str) {
        self.taken += 1;
        for theme in [Theme::Night, Theme::Light] {
            self.window.show_theme(theme).expect("a theme");
            match self.window.accessibility().expect("an audit") {
                Some(found) => {
                    self.breaches
                        .extend(found.into_iter().map(|breach| format!("{name}, {theme:?}: {breach:?}")));
                }
                None => eprintln!("NOT AUDITED: {name}: axe-core is not in the cache"),
            }
        }
        self.window.show_theme(Theme::Night).expect("a theme");
        if let Some(folder) = &self.pictures {
            self.window.picture_both(folder, &format!("{:02}-{name}", self.taken)).expect("a picture");
        }
    }

    /// Looks at the screen at 412 and 320 px, in both themes: audit, size of every target, nothing cut off sideways.
    pub fn inspect(&mut self, name: &str) {
        for (width, height) in [(320, 640), (412, 915)] {
            self.resize(width, height);
            for found in self.window.small_targets().expect("the targets") {
                self.breaches.push(format!("{name} at {width}: a target below 48 px: {found}"));
            }
            let wide = "return document.documentElement.scrollWidth - window.innerWidth";
            let over = self.window.execute(wide, &json!([])).expect("the width");
            if over.as_i64().is_some_and(|over| over > 0) {
                self.breaches.push(format!("{name} at {width}: {over} px wider than the screen"));
            }
            self.picture(&format!("{name}-{width}"));
        }
    }

    /// Closes the window. What the audits found ends the journey here, all of it at once.
    pub fn done(self) {
        self.window.close().expect("closing the window");
        assert!(self.breaches.is_empty(), "{:#?}", self.breaches);
    }

    /// Gives the window a size and waits until it has it.
    pub fn resize(&self, width: u32, height: u32) {
        self.window.resize(Size { width, height }).expect("a size");
        self.window
            .wait_until("the window to have its size", |window| {
                Ok(window.execute("return window.innerWidth", &json!([]))? == width)
            })
            .expect("a size");
    }

    /// Asks the device what a screen would ask, through the page's own bridge; `Err` holds its refusal.
    ///
    /// # Errors
    /// The device's own refusal, as JSON.
    pub fn try_ask(&self, command: &str, request: &Value) -> Result<Value, Value> {
        let key = format!("__answer_{command}");
        let script = "const [key, name, request] = arguments; window[key] = null;
            window.__TAURI_INTERNALS__.invoke(name, { request })
                .then(ok => { window[key] = { ok }; }, error => { window[key] = { error }; });";
        self.window.execute(script, &json!([key, command, request])).expect("asking the device");
        let answer = self
            .window
            .wait_long(&format!("the device to answer {command}"), ANSWER, |window| {
                let answer = window.execute("return window[arguments[0]]", &json!([key]))?;
                Ok((!answer.is_null()).then_some(answer))
            })
            .unwrap_or_else(|error| panic!("asking {command}: {error}"));
        if answer["error"].is_null() { Ok(answer["ok"].clone()) } else { Err(answer["error"].clone()) }
    }

    /// Asks the device; a refusal ends the journey.
    pub fn ask(&self, command: &str, request: Value) -> Value {
        self.try_ask(command, &request).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// The officer's own screen, as data.
    pub fn today(&self) -> Value {
        self.ask("get_today", json!({}))
    }

    /// How many entries wait.
    pub fn waiting(&self) -> Option<u64> {
        self.today()["pill"]["waiting"].as_u64()
    }

    /// Waits until everything is received.
    pub fn all_received(&self, what: &str) {
        self.window
            .wait_long(&format!("{what} to be received"), RECEIVED, |_| {
                let pill = &self.today()["pill"];
                Ok((pill["waiting"] == 0 && pill["total"].as_u64() > Some(0)).then_some(()))
            })
            .unwrap_or_else(|error| {
                let outbox = self.ask("get_outbox", json!({ "received_limit": 9 }));
                panic!("{error}\n{:#}\n{outbox:#}", self.today())
            });
    }

    /// Sets up a notebook from the first screen or from the unlock screen.
    pub fn enrol(&self, server: &str, code: &str, pin: &str) {
        self.sees("enrol-server");
        self.fills("enrol-server", server);
        self.fills("enrol-code", code);
        self.fills("enrol-secret", pin);
        self.fills("enrol-again", pin);
        self.press("enrol-go");
        self.sees("unlock");
    }

    /// From the unlock screen to setting up another notebook.
    pub fn another(&self) {
        self.press("not-you");
        self.press("enrol-another");
    }

    /// Chooses a notebook on the unlock screen and opens it.
    pub fn unlock(&self, collar: &str, pin: &str) {
        let profile = format!("profile-{collar}");
        self.window
            .wait_until("the unlock screen", |window| {
                Ok(window.shows(&at("unlock"))? || window.shows(&at(&profile))?)
            })
            .unwrap_or_else(|error| panic!("{error}"));
        if !self.shows(&profile) {
            if self.text("unlock-officer").contains(collar) {
                return self.type_pin(pin);
            }
            self.press("not-you");
        }
        self.press(&profile);
        self.type_pin(pin);
    }

    fn type_pin(&self, pin: &str) {
        for digit in pin.chars() {
            self.press(&format!("key-{digit}"));
        }
        self.press("unlock");
    }

    /// Types a place into the form that is open.
    pub fn place(&self, typed: &str, landmark: &str) {
        self.press("place-change");
        self.sees("place-sheet");
        self.writes("place-typed", typed);
        self.writes("place-landmark", landmark);
        self.press("place-find");
        self.press("place-use");
    }
}

/// The one-time codes of the demonstration's officers, by collar number, from what `seed-demo --json` prints.
pub fn codes(seeded: &str) -> impl Fn(&str) -> String + use<> {
    let seeded: Value = serde_json::from_str(seeded).expect("seed-demo prints JSON");
    move |collar: &str| {
        let officers = seeded["accounts"].as_array().expect("accounts");
        let officer =
            officers.iter().find(|o| o["collar"] == collar).unwrap_or_else(|| panic!("no officer {collar}"));
        officer["code"].as_str().expect("a code").to_owned()
    }
}
