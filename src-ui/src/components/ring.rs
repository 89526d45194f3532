//! The visit ring: a dial of 20 minutes with an outer mark at the area's own band. It never turns red and never tells
//! anyone to leave.

use crate::locales::words;
use leptos::prelude::*;

/// The dial's full turn, in minutes.
const DIAL_MIN: u32 = 20;

/// The minutes of a visit on a dial.
#[component]
pub fn Ring(
    /// Whole minutes so far.
    #[prop(into)]
    minutes: Signal<u32>,
    /// Where, for the spoken label.
    #[prop(into)]
    place: Signal<String>,
    /// The area's band in minutes, from and to.
    #[prop(default = (10, 16))]
    band: (u32, u32),
) -> impl IntoView {
    let dash = move || {
        let run = minutes.get().min(DIAL_MIN);
        if run == 0 { format!("0.01 {DIAL_MIN}") } else { format!("{run} {DIAL_MIN}") }
    };
    let (from, to) = band;
    let mark = format!("0 {from} {} {}", to.saturating_sub(from), DIAL_MIN.saturating_sub(to));
    view! {
        <span class="ring" role="img" aria-label=move || words::ring(minutes.get(), &place.get(), band)>
            <svg viewBox="0 0 64 64" aria-hidden="true" focusable="false">
                <circle class="track" cx="32" cy="32" r="26" pathLength="20"></circle>
                <circle class="edge" cx="32" cy="32" r="26" pathLength="20" stroke-dasharray=dash></circle>
                <circle class="run" cx="32" cy="32" r="26" pathLength="20" stroke-dasharray=dash></circle>
                <circle class="band" cx="32" cy="32" r="30.5" pathLength="20" stroke-dasharray=mark></circle>
            </svg>
            <b aria-hidden="true">{move || minutes.get()} <small>{words::MIN}</small></b>
        </span>
    }
}
