//! When it happened, where that was not when the form was opened. The device keeps when it was written beside it.

use beatbook_domain::entry::Circumstances;
use beatbook_domain::time::{self, Millis};
use leptos::prelude::*;

use crate::components::fields::TextField;
use crate::dom;
use crate::locales::words;
use beatbook_domain::time::typed::{first_after, instant_of, nearest};

/// The time a thing happened, typed as a time of day.
#[component]
pub fn Happened(
    /// When it happened, as stated.
    told: RwSignal<Circumstances>,
) -> impl IntoView {
    // A correction is about the day it was told of, whenever it is written.
    let (first, amends) = told.with_untracked(|told| (told.occurred_at, told.is_amendment()));
    let toward = if amends { Toward::Near(Signal::stored(first)) } else { Toward::Past };
    view! {
        <ClockField
            label=words::HAPPENED_AT
            hint=words::HAPPENED_HINT
            id="happened"
            value=Signal::derive(move || Some(told.with(|told| told.occurred_at)))
            toward=toward
            on_change=Callback::new(move |at: Option<Millis>| {
                if let Some(at) = at {
                    told.update(|told| told.occurred_at = at);
                }
            })
        />
    }
}

/// Which day a typed time of day means.
#[derive(Clone, Copy, Default)]
pub enum Toward {
    /// The last such time that is not in the future.
    #[default]
    Past,
    /// The first such time after a moment.
    After(Signal<Millis>),
    /// The one nearest to a moment: a correction of something that stands.
    Near(Signal<Millis>),
}

impl Toward {
    fn read(self, typed: &str) -> Option<Millis> {
        match self {
            Self::Past => instant_of(typed, dom::now()),
            Self::After(from) => first_after(typed, from.get_untracked()),
            Self::Near(at) => nearest(typed, at.get_untracked()),
        }
    }
}

/// A time of day that becomes an instant as soon as it reads as one. What was typed stays as it was typed. The day is
/// said where it is not today.
#[component]
pub fn ClockField(
    /// The label.
    label: &'static str,
    /// A hint in the label.
    hint: &'static str,
    /// The id and test name.
    #[prop(into)]
    id: String,
    /// The instant now.
    #[prop(into)]
    value: Signal<Option<Millis>>,
    /// Which day is meant.
    #[prop(optional)]
    toward: Toward,
    /// What is wrong with it, beside what is no time at all.
    #[prop(into, optional)]
    problem: Signal<Option<String>>,
    /// Told of each instant; `None` when the field is emptied.
    on_change: Callback<Option<Millis>>,
) -> impl IntoView {
    let typed = RwSignal::new(value.get_untracked().map(time::clock).unwrap_or_default());
    // Set by something else, such as a chip: then the field says so.
    Effect::new(move |_| {
        let at = value.get();
        if at.is_some() && typed.with_untracked(|typed| toward.read(typed)) != at {
            typed.set(at.map(time::clock).unwrap_or_default());
        }
    });
    let problem = Signal::derive(move || {
        let typed = typed.get();
        // While it is being typed (fewer than four characters) it is not wrong yet.
        let wrong = typed.trim().len() > 3 && toward.read(&typed).is_none();
        wrong.then(|| words::NOT_A_TIME.to_owned()).or_else(|| problem.get())
    });
    let another_day =
        move || value.get().filter(|at| time::day(*at) != time::day(dom::now())).map(time::day_clock);
    view! {
        <div class="clock-field">
            <TextField
                label
                hint
                id
                inputmode="numeric"
                value=typed
                problem
                on_input=Callback::new(move |text: String| {
                    let at = toward.read(&text);
                    if at.is_some() || text.trim().is_empty() {
                        on_change.run(at);
                    }
                    typed.set(text);
                })
            />
            {move || another_day().map(|day| view! { <p class="hint">{day}</p> })}
        </div>
    }
}
