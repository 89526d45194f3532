//! What changed: the old words struck through and readable, the new words edged. Words, not colour, carry the change.

use crate::locales::words;
use leptos::prelude::*;

/// One answer before and after a correction.
#[component]
pub fn Diff(
    /// What was asked.
    #[prop(into)]
    label: String,
    /// The first words.
    #[prop(into)]
    before: String,
    /// The words now.
    #[prop(into)]
    after: String,
    /// The reader wrote them.
    #[prop(optional)]
    mine: bool,
) -> impl IntoView {
    view! {
        <div class="group gap-top">
            <span class="lab">{label}</span>
            <div class="diff diff-text">
                <div>
                    <span class="meta">{if mine { words::YOU_WROTE } else { words::WROTE }}</span>
                    <del>{before}</del>
                </div>
                <div class="new">
                    <span class="meta">{words::NOW}</span>
                    <ins>{after}</ins>
                </div>
            </div>
        </div>
    }
}
