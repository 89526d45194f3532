//! When it happened, where that was not when the form was opened. The device keeps when it was written beside it.

use beatbook_domain::time::{self, Millis};
use leptos::prelude::*;

use crate::clock_field::instant_of;
use crate::components::fields::TextField;
use crate::dom;
use crate::locales::words;

/// The time a thing happened, typed as a time of day.
#[component]
pub fn Happened(
    /// When it happened, as stated.
    occurred_at: RwSignal<Millis>,
) -> impl IntoView {
    view! {
        <ClockField
            label=words::HAPPENED_AT
            hint=words::HAPPENED_HINT
            id="happened"
            value=Signal::derive(move || Some(occurred_at.get()))
            on_change=Callback::new(move |at: Option<Millis>| {
                if let Some(at) = at {
                    occurred_at.set(at);
                }
            })
        />
    }
}

/// A time of day that becomes an instant as soon as it reads as one. What was typed stays as it was typed.
#[component]
pub fn ClockField(
    /// The label.
    label: &'static str,
    /// A hint in the label.
    hint: &'static str,
    /// The id and test name.
    id: &'static str,
    /// The instant now.
    #[prop(into)]
    value: Signal<Option<Millis>>,
    /// Told of each instant; `None` when the field is emptied.
    on_change: Callback<Option<Millis>>,
) -> impl IntoView {
    let typed = RwSignal::new(value.get_untracked().map(time::clock).unwrap_or_default());
    let problem = Signal::derive(move || {
        let typed = typed.get();
        // While it is being typed (fewer than four characters) it is not wrong yet.
        (typed.trim().len() > 3 && instant_of(&typed, dom::now()).is_none())
            .then(|| words::NOT_A_TIME.to_owned())
    });
    view! {
        <TextField
            label
            hint
            id
            inputmode="numeric"
            value=typed
            problem
            on_input=Callback::new(move |text: String| {
                let at = instant_of(&text, dom::now());
                if at.is_some() || text.trim().is_empty() {
                    on_change.run(at);
                }
                typed.set(text);
            })
        />
    }
}
