//! A number with a minus and a plus: no keyboard, gloves on. Holding a key repeats it.

use crate::app::Shell;
use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;

/// How long a key is held before it repeats, in milliseconds.
const REPEAT_AFTER_MS: u32 = 450;
/// The time between repeats, in milliseconds.
const REPEAT_MS: u32 = 110;

/// The words of one stepper.
#[derive(Debug, Clone)]
pub struct StepperWords {
    /// The visible label.
    pub label: String,
    /// A line under the number, where the label does not say everything.
    pub below: String,
    /// The accessible name of minus.
    pub fewer: String,
    /// The accessible name of plus.
    pub more: String,
}

impl StepperWords {
    /// Words for counting `things`, one `thing` at a time.
    #[must_use]
    pub fn counting(label: impl Into<String>, thing: &str) -> Self {
        Self {
            label: label.into(),
            below: String::new(),
            fewer: words::one_fewer(thing),
            more: words::one_more(thing),
        }
    }
}

/// A stepper. The minus key stays focusable at the floor and says so.
#[component]
pub fn Stepper(
    /// What it is called.
    words: StepperWords,
    /// The test stem: `<test>-minus`, `<test>`, `<test>-plus`.
    #[prop(into)]
    test: String,
    /// Label and keys on one line, for a list of counts.
    #[prop(optional)]
    line: bool,
    /// The number now.
    #[prop(into)]
    value: Signal<u32>,
    /// The least it may be.
    #[prop(optional)]
    min: u32,
    /// The most it may be.
    #[prop(default = 999)]
    max: u32,
    /// Told of each new number.
    on_change: Callback<u32>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let label_id = format!("{test}-l");
    let StepperWords { label, below, fewer, more } = words;
    let spoken = StoredValue::new(label.clone());
    let step = move |up: bool| {
        let now = value.get_untracked();
        if up && now < max {
            on_change.run(now + 1);
        } else if !up && now > min {
            on_change.run(now - 1);
        } else {
            shell.announce(spoken.with_value(|label| words::at_limit(label, now)));
        }
    };
    let key = |up: bool, glyph: Glyph, name: String, test: String| {
        let repeat = StoredValue::new_local(None::<(Timeout, Option<Interval>)>);
        // A key that repeated has done its work: the click that follows is not one more.
        let repeated = StoredValue::new(false);
        let release = move || repeat.set_value(None);
        let press = move |event: leptos::ev::PointerEvent| {
            if event.button() != 0 {
                return;
            }
            repeated.set_value(false);
            let start = Timeout::new(REPEAT_AFTER_MS, move || {
                repeated.set_value(true);
                step(up);
                repeat.update_value(|held| {
                    if let Some((_, interval)) = held {
                        *interval = Some(Interval::new(REPEAT_MS, move || step(up)));
                    }
                });
            });
            repeat.set_value(Some((start, None)));
        };
        view! {
            <button
                type="button"
                aria-label=name
                id=test.clone()
                data-test=test
                on:pointerdown=press
                on:pointerup=move |_| release()
                on:pointercancel=move |_| release()
                on:pointerleave=move |_| release()
                on:contextmenu=move |event| event.prevent_default()
                on:click=move |_| {
                    release();
                    if !repeated.get_value() {
                        step(up);
                    }
                    repeated.set_value(false);
                }
            >
                <Icon glyph />
            </button>
        }
    };
    view! {
        <div class:count-row=line>
            <span class="lab" id=label_id.clone()>
                {label}
            </span>
            <div class="stepper" role="group" aria-labelledby=label_id.clone()>
                {key(false, Glyph::Minus, fewer, format!("{test}-minus"))}
                <output id=test.clone() data-test=test.clone() aria-live="polite" aria-labelledby=label_id.clone()>
                    {move || value.get()}
                </output>
                {key(true, Glyph::Plus, more, format!("{test}-plus"))}
            </div>
            {(!below.is_empty()).then(|| view! { <p class="meta below">{below}</p> })}
        </div>
    }
}
