//! A long list a page at a time: the rest waits behind one key.

use leptos::prelude::*;

use crate::locales::words;

/// Rows shown at first, and added by each press.
pub const PAGE: usize = 25;

/// The key that shows more of a list; nothing once all of it is there.
#[component]
pub fn More(
    /// How many there are.
    #[prop(into)]
    total: Signal<usize>,
    /// How many are shown.
    shown: RwSignal<usize>,
) -> impl IntoView {
    move || {
        let left = total.get().saturating_sub(shown.get());
        (left > 0).then(|| {
            view! {
                <button
                    type="button"
                    class="btn btn-lg more"
                    data-test="show-more"
                    on:click=move |_| shown.update(|shown| *shown += PAGE)
                >
                    {words::show_more_of(left.min(PAGE), total.get())}
                </button>
            }
        })
    }
}
