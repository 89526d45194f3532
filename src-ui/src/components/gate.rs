//! The crime check: it appears directly under the choice that raised it. Beatbook records no crimes; this asks, points
//! to the control room, and holds the clock for the reference.

use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use leptos::prelude::*;

/// The crime check.
#[component]
pub fn Gate(
    /// What raised it, and what Beatbook does not do.
    #[prop(into)]
    text: Signal<String>,
    /// Questions and actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="gate" aria-labelledby="gate-h" data-test="gate">
            <h2 id="gate-h">
                <Icon glyph=Glyph::Handset />
                {words::GATE_TITLE}
            </h2>
            <p>{move || text.get()}</p>
            {children.map(|children| children())}
            <a class="btn btn-lg" href=words::CONTROL_TEL data-test="call-control">
                <Icon glyph=Glyph::Handset />
                {words::CALL_CONTROL}
            </a>
        </section>
    }
}
