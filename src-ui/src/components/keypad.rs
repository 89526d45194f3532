//! The secret that opens a profile: a keypad for a PIN, or a passphrase field where the phone has no keystore.
//!
//! Pasting is allowed in both, and a hardware keyboard works on the keypad. The digits live in one signal that the
//! screen clears as soon as they have been used.

use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use leptos::prelude::*;

/// The length of a PIN.
pub const PIN_LEN: usize = 6;

/// The six dots and the keypad under them.
#[component]
pub fn PinDots(
    /// What was typed.
    #[prop(into)]
    pin: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="pin" role="img" aria-label=move || words::digits_entered(pin.with(String::len), PIN_LEN)>
            {(0..PIN_LEN).map(|place| view! { <i class:on=move || place < pin.with(String::len)></i> }).collect_view()}
        </div>
    }
}

/// The keypad. Digits go into `pin`; a paste of digits anywhere in it does too.
#[component]
pub fn Keypad(
    /// What was typed.
    pin: RwSignal<String>,
    /// The id of the words that name the keypad.
    labelled_by: &'static str,
    /// Enter on a keyboard.
    on_enter: Callback<()>,
) -> impl IntoView {
    let push = move |digit: char| {
        pin.update(|pin| {
            if pin.len() < PIN_LEN {
                pin.push(digit);
            }
        });
    };
    let digit = move |digit: char| {
        view! {
            <button type="button" data-test=format!("key-{digit}") on:click=move |_| push(digit)>
                {digit.to_string()}
            </button>
        }
    };
    // A keyboard anywhere on the screen types into the pad, and so does a paste: nobody has to aim for a field.
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        let mut letters = key.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.is_ascii_digit() => push(letter),
            _ if key == "Backspace" => pin.update(|pin| {
                let _ = pin.pop();
            }),
            _ if key == "Enter" && pin.with_untracked(String::len) == PIN_LEN => {
                event.prevent_default();
                on_enter.run(());
            }
            _ => {}
        }
    });
    let paste = window_event_listener(leptos::ev::paste, move |event| {
        if let Some(text) = event.clipboard_data().and_then(|data| data.get_data("text").ok()) {
            let digits: String = text.chars().filter(char::is_ascii_digit).take(PIN_LEN).collect();
            if !digits.is_empty() {
                pin.set(digits);
            }
        }
    });
    on_cleanup(move || {
        keys.remove();
        paste.remove();
    });
    view! {
        <div class="keypad" role="group" aria-labelledby=labelled_by>
            {('1'..='9').map(digit).collect_view()}
            <span aria-hidden="true"></span>
            {digit('0')}
            <button
                type="button"
                class="alt"
                data-test="key-delete"
                on:click=move |_| pin.update(|pin| {
                let _ = pin.pop();
            })
            >
                <Icon glyph=Glyph::Delete />
                {words::DELETE}
            </button>
        </div>
    }
}

/// The passphrase that takes the keypad's place. It can be shown, and pasted into.
#[component]
pub fn Passphrase(
    /// The label.
    label: &'static str,
    /// The stable id and test name.
    #[prop(default = "passphrase")]
    id: &'static str,
    /// What was typed.
    value: RwSignal<String>,
    /// Whether a new one is being chosen.
    #[prop(optional)]
    new: bool,
    /// Whether it is made of digits.
    #[prop(optional)]
    digits: bool,
    /// Enter on a keyboard.
    on_enter: Callback<()>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <div class="field">
            <label class="lab" for=id>
                {label}
            </label>
            <div class="with-key">
                <input
                    type=move || if shown.get() { "text" } else { "password" }
                    class="secret"
                    id=id
                    data-test=id
                    autocomplete=if new { "new-password" } else { "current-password" }
                    inputmode=if digits { "numeric" } else { "text" }
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            on_enter.run(());
                        }
                    }
                />
                <button
                    type="button"
                    class="btn"
                    data-test=format!("{id}-show")
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {words::SHOW}
                </button>
            </div>
        </div>
    }
}
