//! The visit ring: a dial of minutes with an outer mark at the area's own band. It changes as the band's edges pass,
//! never turns red and never tells anyone to leave.

use crate::locales::words;
use beatbook_domain::time::MINUTE_MS;
use beatbook_domain::visit::edges_passed;
use leptos::prelude::*;

/// The dial's full turn, in minutes, for any band that ends within it.
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
    /// Drawn large, where the visit is what the screen is about.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let (from, to) = band;
    let dial = dial_of(to);
    let dash = move || {
        let run = minutes.get().min(dial);
        if run == 0 { format!("0.01 {dial}") } else { format!("{run} {dial}") }
    };
    let mark = format!("0 {from} {} {}", to.saturating_sub(from), dial.saturating_sub(to));
    let passed = Memo::new(move |_| edges_passed(i64::from(minutes.get()) * MINUTE_MS, band));
    view! {
        <span
            class="ring"
            class:ring-l=large
            class:ring-in=move || passed.get() == 1
            class:ring-past=move || passed.get() == 2
            role="img"
            data-test="ring"
            data-passed=move || passed.get()
            aria-label=move || words::ring(minutes.get(), &place.get(), band)
        >
            <svg viewBox="0 0 64 64" aria-hidden="true" focusable="false">
                <circle class="track" cx="32" cy="32" r="26" pathLength=dial></circle>
                <circle class="edge" cx="32" cy="32" r="26" pathLength=dial stroke-dasharray=dash></circle>
                <circle class="run" cx="32" cy="32" r="26" pathLength=dial stroke-dasharray=dash></circle>
                <circle class="band" cx="32" cy="32" r="30.5" pathLength=dial stroke-dasharray=mark></circle>
            </svg>
            <b aria-hidden="true">{move || minutes.get()} <small>{words::MIN}</small></b>
        </span>
    }
}

/// The dial for a band that ends at `to` minutes: a longer band gets a longer dial, so that its end stays in sight.
const fn dial_of(to: u32) -> u32 {
    if to < DIAL_MIN { DIAL_MIN } else { to + to / 4 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_any_band_is_on_the_dial() {
        assert_eq!(dial_of(16), 20);
        for to in [20, 30, 45, 120] {
            assert!(dial_of(to) > to);
        }
    }
}
