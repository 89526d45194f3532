//! Keyboard shortcuts for the desk. A control that has one names it (`data-shortcut`); pressing the key is pressing the
//! control, so nothing can be done by key that cannot be done by hand. They are single characters: they can be switched off
//! (WCAG 2.1.4), do nothing while a field is typed in, and nothing behind an open dialog.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::app::Shell;
use crate::components::sheet::Sheet;
use crate::dom;
use crate::locales::words;
use crate::route::Route;

/// Where the choice is kept.
const SETTING: &str = "beatbook.keys";
/// What a list is walked by: rows that open something.
const ROWS: &str = "main a.row, main .opens, main button.row";

/// The shortcuts: key as shown, and what it does.
const LIST: [(&str, &str); 10] = [
    ("j", words::KEY_DOWN),
    ("k", words::KEY_UP),
    ("o", words::KEY_OPEN),
    ("a", words::KEY_APPROVE),
    ("r", words::KEY_RETURN),
    ("n", words::KEY_NEXT),
    ("p", words::KEY_EARLIER),
    ("/", words::KEY_SEARCH),
    ("Shift P", words::KEY_PRINT),
    ("Esc", words::KEY_CLOSE),
];

/// Whether single keys are on, and whether their list is open.
#[derive(Clone, Copy)]
pub struct Shortcuts {
    on: RwSignal<bool>,
    listed: RwSignal<bool>,
}

impl Shortcuts {
    /// As it was left.
    #[must_use]
    pub fn current() -> Self {
        let on = dom::kept_setting(SETTING).as_deref() != Some("off");
        Self { on: RwSignal::new(on), listed: RwSignal::new(false) }
    }

    /// Whether single keys are on.
    pub fn is_on(self) -> Signal<bool> {
        self.on.into()
    }

    /// Switches them, and keeps that.
    pub fn switch(self, on: bool) {
        self.on.set(on);
        dom::keep_setting(SETTING, if on { "on" } else { "off" });
    }

    /// Opens the list of them.
    pub fn list(self) {
        self.listed.set(true);
    }
}

/// Follows the keyboard from now on. Called once, by the app.
pub fn follow_keys(shell: Shell, shortcuts: Shortcuts) {
    let covered = shell.covered();
    let listening = window_event_listener_untyped("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        if !shortcuts.on.get_untracked()
            || covered.get_untracked()
            || shell.session().with_untracked(Option::is_none)
            || event.default_prevented()
            || event.is_composing()
            || event.ctrl_key()
            || event.alt_key()
            || event.meta_key()
            || is_typing(&event)
            || document().query_selector("dialog[open]").ok().flatten().is_some()
        {
            return;
        }
        if act(shell, shortcuts, &event.key()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
}

/// Whether a field takes what is typed.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        target
            .matches("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]")
            .unwrap_or(false)
    })
}

/// Does what a key means; false where it means nothing here.
fn act(shell: Shell, shortcuts: Shortcuts, key: &str) -> bool {
    match key {
        "?" => shortcuts.list(),
        "j" => return walk(true),
        "k" => return walk(false),
        "o" => return press_focused(),
        "/" => shell.router().go(Route::Find),
        "P" => print(),
        "Escape" => return press("[data-test=back]"),
        "a" | "r" | "n" | "p" => return press(&format!("[data-shortcut={key}]")),
        _ => return false,
    }
    true
}

/// Prints the screen on paper or into a file, by the system's own dialog.
pub fn print() {
    let _ = window().print();
}

/// Presses the first such control in view. One that decides at once is only given the focus: Enter presses it.
fn press(selector: &str) -> bool {
    let Ok(found) = document().query_selector_all(selector) else { return false };
    let mut all = (0..found.length()).filter_map(|place| found.get(place)?.dyn_into::<HtmlElement>().ok());
    let Some(control) = all.find(|control| control.offset_parent().is_some()) else { return false };
    if control.has_attribute("data-shortcut-focus") {
        let _ = control.focus();
    } else {
        control.click();
    }
    true
}

fn press_focused() -> bool {
    let active = document().active_element().and_then(|active| active.dyn_into::<HtmlElement>().ok());
    match active.filter(|active| active.matches(ROWS).unwrap_or(false)) {
        Some(row) => {
            row.click();
            true
        }
        None => false,
    }
}

/// Moves the focus to the next row of the screen, or the one before.
fn walk(forward: bool) -> bool {
    let Ok(found) = document().query_selector_all(ROWS) else { return false };
    let rows: Vec<HtmlElement> = (0..found.length())
        .filter_map(|place| found.get(place)?.dyn_into::<HtmlElement>().ok())
        .filter(|row| row.offset_parent().is_some())
        .collect();
    let active = document().active_element();
    let here = rows.iter().position(|row| Some(row.unchecked_ref::<Element>()) == active.as_ref());
    let next = match (here, forward) {
        (None, _) => Some(0),
        (Some(place), true) => Some(place + 1),
        (Some(place), false) => place.checked_sub(1),
    };
    let Some(row) = next.and_then(|place| rows.get(place)) else { return !rows.is_empty() };
    let _ = row.focus();
    row.scroll_into_view_with_bool(false);
    true
}

/// The list of shortcuts.
#[component]
pub fn ShortcutList() -> impl IntoView {
    let shortcuts = expect_context::<Shortcuts>();
    view! {
        <Sheet open=shortcuts.listed title=words::KEYS_TITLE id="shortcuts">
            <p class="sub">
                {move || if shortcuts.on.get() { words::KEYS_TEXT } else { words::KEYS_OFF_TEXT }}
            </p>
            <table class="tbl key-list">
                <thead>
                    <tr>
                        <th scope="col">{words::KEY_COL}</th>
                        <th scope="col">{words::DOES_COL}</th>
                    </tr>
                </thead>
                <tbody>
                    {LIST
                        .into_iter()
                        .chain([("?", words::KEY_HELP)])
                        .map(|(key, does)| {
                            view! {
                                <tr>
                                    <th scope="row">
                                        <kbd>{key}</kbd>
                                    </th>
                                    <td>{does}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </Sheet>
    }
}
