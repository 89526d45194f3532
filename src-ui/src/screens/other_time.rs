//! A time of day other than now, for the start or the end of a shift. Empty means now; what does not read as a time is
//! a fault, never silently now.

use beatbook_domain::time::Millis;
use leptos::prelude::*;

use crate::components::fields::TextField;
use crate::locales::words;
use beatbook_domain::time::typed::instant_of;

/// What was typed.
#[derive(Clone, Copy)]
pub struct OtherTime {
    typed: RwSignal<String>,
}

/// What was typed is no time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATime;

impl OtherTime {
    /// Nothing typed: now.
    #[must_use]
    pub fn now() -> Self {
        Self { typed: RwSignal::new(String::new()) }
    }

    /// Whether something is typed.
    #[must_use]
    pub fn is_typed(self) -> bool {
        self.typed.with(|typed| !typed.trim().is_empty())
    }

    /// The instant typed, the last one not after `latest`; `None` for now.
    ///
    /// # Errors
    /// What was typed does not read as a time of day.
    pub fn read(self, latest: Millis) -> Result<Option<Millis>, NotATime> {
        self.typed.with_untracked(|typed| match typed.trim() {
            "" => Ok(None),
            typed => instant_of(typed, latest).map(Some).ok_or(NotATime),
        })
    }
}

/// Its field.
#[component]
pub fn OtherTimeField(
    /// The label.
    label: &'static str,
    /// A hint in the label.
    hint: &'static str,
    /// The id and test name.
    id: &'static str,
    /// What is typed.
    time: OtherTime,
    /// The problem with it, once it was asked for.
    #[prop(into)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let OtherTime { typed } = time;
    let problem = Signal::derive(move || {
        // While it is being typed (fewer than four characters) it is not wrong yet.
        let wrong =
            typed.with(|typed| typed.trim().len() > 3 && instant_of(typed, crate::dom::now()).is_none());
        if wrong { Some(words::NOT_A_TIME.to_owned()) } else { problem.get() }
    });
    view! {
        <TextField
            label
            hint
            id
            inputmode="numeric"
            value=typed
            problem
            on_input=Callback::new(move |text| typed.set(text))
        />
    }
}
