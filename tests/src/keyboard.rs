//! The keyboard alone: every control is reached with Tab, shows that it is, and does its work with Enter or Space.
#![allow(clippy::panic, clippy::expect_used)]

use serde_json::{Value, json};

use crate::hand::{Hand, at};

/// Most presses of Tab from one end of a screen to the other.
const LONGEST: usize = 250;
/// Presses of Tab sent at once.
const AT_ONCE: usize = 10;

/// A key by its WebDriver code point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Forward to the next control.
    Tab,
    /// Presses a button or follows a link.
    Enter,
    /// Ticks a box.
    Space,
    /// Closes what is open.
    Escape,
    /// A character.
    Char(char),
}

impl Key {
    fn code(self) -> String {
        let code = match self {
            Self::Tab => '\u{e004}',
            Self::Enter => '\u{e007}',
            Self::Space => ' ',
            Self::Escape => '\u{e00c}',
            Self::Char(character) => character,
        };
        code.to_string()
    }
}

/// Everything a person can act on, as the walk must find it. Radio buttons of one group share one stop, and an input
/// drawn by its label is judged by the label.
const LISTEN: &str = "
    window.__walked = [];
    if (!window.__listening) {
        window.__listening = true;
        // Judged when the next key comes: the style of a fresh focus is not computed yet while it arrives.
        document.addEventListener('keydown', () => {
            const target = document.activeElement;
            if (!target || target === document.body) return;
            const drawn = ['checkbox', 'radio', 'file'].includes(target.type) && target.labels?.length
                ? [target, target.labels[0], ...target.labels[0].querySelectorAll('*')] : [target];
            const ringed = drawn.some((element) => {
                const style = getComputedStyle(element);
                return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
            });
            window.__walked.push([target, ringed]);
        }, true);
    }
    document.activeElement?.blur();
    getSelection()?.removeAllRanges();";

const MISSED: &str = "
    const walked = new Map(window.__walked);
    const groups = new Set([...walked.keys()].filter((e) => e.type === 'radio').map((e) => e.name));
    const name = (e) => e.dataset.test || e.id || e.className || e.tagName;
    const missed = [];
    for (const control of document.querySelectorAll(
        'a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button], [role=link]')) {
        if (control.disabled || control.closest('[inert], [hidden], .vh')) continue;
        const drawn = control.labels?.length && ['checkbox', 'radio', 'file'].includes(control.type)
            ? control.labels[0] : control;
        if (!drawn.checkVisibility({ visibilityProperty: true })) continue;
        if (control.type === 'radio' && groups.has(control.name)) continue;
        if (!walked.has(control)) missed.push(`${name(control)} is not reached with Tab`);
    }
    for (const [control, ringed] of walked) {
        if (control !== document.body && !ringed) missed.push(`${name(control)} does not show the focus`);
    }
    return [missed, window.__walked.length];";

impl Hand {
    /// Presses keys, one after the other.
    pub fn keys(&self, keys: &[Key]) {
        let actions: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.code() })))
            .collect();
        self.window.act(&json!([{ "type": "key", "id": "keyboard", "actions": actions }])).expect("keys");
    }

    /// Tabs through the whole screen: what cannot be reached or does not show the focus is a breach.
    pub fn tabs_through(&mut self, name: &str) {
        self.window.focus().expect("the keyboard");
        self.window.execute(LISTEN, &json!([])).expect("listening");
        let controls = self
            .window
            .execute(
                "return document.querySelectorAll('a, button, summary, select, textarea, input').length",
                &json!([]),
            )
            .expect("a count");
        let stops = usize::try_from(controls.as_u64().unwrap_or(0)).unwrap_or(0).min(LONGEST) + 2;
        for _ in 0..stops.div_ceil(AT_ONCE) {
            self.keys(&[Key::Tab; AT_ONCE]);
        }
        let found = self.window.execute(MISSED, &json!([])).expect("what was missed");
        assert!(found[1].as_u64() > Some(0), "{name}: Tab moves nothing");
        let missed = found[0].as_array().cloned().unwrap_or_default();
        self.breaches.extend(
            missed.iter().map(|what| format!("{name} by keyboard: {}", what.as_str().unwrap_or_default())),
        );
    }

    /// Presses Tab until a control has the focus.
    pub fn tab_to(&self, name: &str) {
        self.sees_or_drawn(name);
        let focused = "return document.activeElement?.dataset.test === arguments[0]";
        for _ in 0..LONGEST {
            if self.window.execute(focused, &json!([name])).expect("the focus") == true {
                return;
            }
            self.keys(&[Key::Tab]);
        }
        panic!("{name} is not reached with Tab");
    }

    /// Goes to a control with Tab and presses a key there.
    pub fn by_keyboard(&self, name: &str, key: Key) {
        self.tab_to(name);
        self.keys(&[key]);
    }

    /// A box that is drawn by its label is in the page, not displayed.
    fn sees_or_drawn(&self, name: &str) {
        self.window
            .wait_until(&format!("{name} to be on the screen"), |window| Ok(window.count(&at(name))? > 0))
            .unwrap_or_else(|error| panic!("waiting for {name}: {error}"));
    }
}
