//! A sheet: the browser's own modal dialog, drawn at the lower edge where the thumb is.
//!
//! The native element keeps focus inside, closes on Escape and gives focus back to what opened it.

use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use leptos::html;
use leptos::prelude::*;

/// A modal sheet. It is open while `open` is true; Escape and the close key set it to false.
#[component]
pub fn Sheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The stable id; also the test name.
    #[prop(into)]
    id: String,
    /// A wider sheet, for reading rather than choosing.
    #[prop(optional)]
    tall: bool,
    /// What is in it. Built afresh each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let heading = format!("{id}-h");
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() {
            if !dialog.open() {
                // Refused only when the dialog is not in the document, which the node reference rules out.
                let _ = dialog.show_modal();
            }
        } else if dialog.open() {
            dialog.close();
        }
    });
    let close_test = format!("{id}-close");
    let children = StoredValue::new(children);
    view! {
        <dialog
            node_ref=dialog
            class="sheet"
            class:sheet-tall=tall
            id=id.clone()
            data-test=id.clone()
            aria-labelledby=heading.clone()
            on:close=move |_| open.set(false)
        >
            <div class="sheet-h">
                <h2 id=heading.clone()>{move || title.get()}</h2>
                <button
                    type="button"
                    class="icon-btn"
                    data-test=close_test
                    aria-label=words::CLOSE
                    on:click=move |_| open.set(false)
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="sheet-b">
                <Show when=move || open.get()>{move || children.with_value(|children| children())}</Show>
            </div>
        </dialog>
    }
}
