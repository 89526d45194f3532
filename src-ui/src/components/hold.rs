//! The hold button: press for one second. A plain tap, the keyboard or a switch control opens a confirm sheet instead,
//! so nothing needs a held finger.

use crate::components::icon::{Glyph, Icon};
use crate::components::sheet::Sheet;
use crate::dom;
use crate::locales::words;
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;

/// How long the press lasts, in milliseconds; the same as `--t-hold` in the tokens.
const HOLD_MS: u32 = 1_000;
/// With reduced motion the bar becomes a count of three.
const COUNT_STEPS: u32 = 3;

/// A button that acts after a press of one second, or after a confirmation.
#[component]
pub fn HoldButton(
    /// The words on the button.
    #[prop(into)]
    label: Signal<String>,
    /// The accessible name, where it says more than the words.
    #[prop(optional, into)]
    name: Option<String>,
    /// The stable id and test name; the sheet is `<id>-sheet`, its button `<id>-confirm`.
    id: &'static str,
    /// What the sheet asks.
    #[prop(into)]
    question: Signal<String>,
    /// What the sheet explains.
    #[prop(into)]
    explain: Signal<String>,
    /// The verb on the sheet's button.
    confirm: &'static str,
    /// Whether this is the one primary action of the screen.
    #[prop(optional)]
    primary: bool,
    /// What it does.
    on_done: Callback<()>,
) -> impl IntoView {
    let holding = RwSignal::new(false);
    let count = RwSignal::new(None::<u32>);
    let asking = RwSignal::new(false);
    let timer = StoredValue::new_local(None::<(Timeout, Option<Interval>)>);
    // A press that ran its second is followed by a click; that click must not ask again.
    let finished = StoredValue::new(false);

    let release = move || {
        timer.set_value(None);
        holding.set(false);
        count.set(None);
    };
    let press = move |event: leptos::ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        finished.set_value(false);
        holding.set(true);
        let counter = dom::reduced_motion().then(|| {
            count.set(Some(COUNT_STEPS));
            Interval::new(HOLD_MS / COUNT_STEPS, move || {
                count.update(|count| *count = count.map(|left| left.saturating_sub(1).max(1)));
            })
        });
        let done = Timeout::new(HOLD_MS, move || {
            finished.set_value(true);
            holding.set(false);
            count.set(None);
            on_done.run(());
        });
        timer.set_value(Some((done, counter)));
    };
    let tap = move |_| {
        release();
        if !finished.get_value() {
            asking.set(true);
        }
        finished.set_value(false);
    };

    view! {
        <button
            type="button"
            class="btn btn-hold"
            class:btn-go=primary
            class:holding=move || holding.get()
            id=id
            data-test=id
            aria-label=name
            on:pointerdown=press
            on:pointerup=move |_| release()
            on:pointercancel=move |_| release()
            on:pointerleave=move |_| release()
            on:contextmenu=move |event| event.prevent_default()
            on:click=tap
        >
            <Icon glyph=Glyph::Hold />
            {move || match count.get() {
                Some(left) => left.to_string(),
                None => label.get(),
            }}
        </button>
        <Sheet open=asking title=question id=format!("{id}-sheet")>
            <p>{move || explain.get()}</p>
            <div class="btn-row">
                <button
                    type="button"
                    class="btn btn-lg"
                    data-test=format!("{id}-cancel")
                    on:click=move |_| asking.set(false)
                >
                    {words::NOT_NOW}
                </button>
                <button
                    type="button"
                    class="btn btn-lg btn-go"
                    data-test=format!("{id}-confirm")
                    on:click=move |_| {
                        asking.set(false);
                        on_done.run(());
                    }
                >
                    {confirm}
                </button>
            </div>
        </Sheet>
    }
}
