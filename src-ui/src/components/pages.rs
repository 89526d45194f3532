//! Pages of a long list of shifts: the way to earlier ones and back.

use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::ShiftListView;
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::locales::words;

/// Where in a list of shifts the reader is: the moment before which each page turned begins; empty on the first.
pub type Turned = RwSignal<Vec<Millis>>;

/// The moment before which the page in view begins.
pub fn before(turned: Turned) -> Option<Millis> {
    turned.with(|turned| turned.last().copied())
}

/// Where the page after this one begins, if there is one.
pub fn next(view: &ShiftListView) -> Option<Millis> {
    view.shifts.last().filter(|_| view.earlier).map(|row| row.started_at)
}

/// The two keys under a page; nothing where all of the list is on it.
#[component]
pub fn PageKeys(
    /// Where the reader is.
    turned: Turned,
    /// When the last shift of the page began, where there are earlier ones.
    next: Option<Millis>,
) -> impl IntoView {
    let first = turned.with_untracked(Vec::is_empty);
    if first && next.is_none() {
        return ().into_any();
    }
    view! {
        <div class="btn-row pages">
            {(!first)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="btn"
                            data-test="page-later"
                            data-shortcut="p"
                            on:click=move |_| turned.update(|turned| { turned.pop(); })
                        >
                            <Icon glyph=Glyph::Left />
                            {words::SHIFTS_LATER}
                        </button>
                    }
                })}
            {next
                .map(|next| {
                    view! {
                        <button
                            type="button"
                            class="btn"
                            data-test="page-earlier"
                            data-shortcut="n"
                            on:click=move |_| turned.update(|turned| turned.push(next))
                        >
                            {words::SHIFTS_EARLIER}
                            <Icon glyph=Glyph::Right />
                        </button>
                    }
                })}
        </div>
    }
    .into_any()
}
