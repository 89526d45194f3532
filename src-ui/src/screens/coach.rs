//! The coach under a text: it asks, on this phone only, whether something that looks personal belongs there. It changes
//! nothing and stops nothing; "Keep it here" settles it for good.

use std::collections::BTreeSet;

use beatbook_domain::privacy::minimise;
use beatbook_domain::time;
use leptos::prelude::*;

use crate::components::icon::Glyph;
use crate::components::notice::{Note, Tone};
use crate::dom;
use crate::locales::words;

/// The question about one text.
#[component]
pub fn Coach(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// The id of its field.
    id: &'static str,
) -> impl IntoView {
    // What the officer kept on purpose is not asked about again while the form is open.
    let kept = RwSignal::new(BTreeSet::<String>::new());
    let finding = Memo::new(move |_| {
        text.with(|text| {
            let found = minimise::find(text, time::duty_date(dom::now()));
            kept.with(|kept| {
                found
                    .into_iter()
                    .map(|finding| (finding.looks, finding.excerpt(text).to_owned()))
                    .find(|(_, excerpt)| !kept.contains(excerpt))
            })
        })
    });
    move || {
        finding.get().map(|(looks, excerpt)| {
            let shown = excerpt.clone();
            view! {
                <Note tone=Tone::Wait glyph=Glyph::Info heading=looks.heading() text=words::COACH live=true test="coach">
                    <div class="btn-row">
                        <button
                            type="button"
                            class="btn"
                            data-test="coach-show"
                            on:click=move |_| text.with_untracked(|text| dom::select(id, text, &shown))
                        >
                            {words::COACH_SHOW}
                        </button>
                        <button
                            type="button"
                            class="btn"
                            data-test="coach-keep"
                            on:click=move |_| {
                                kept.update(|kept| {
                                    kept.insert(excerpt.clone());
                                });
                            }
                        >
                            {words::COACH_KEEP}
                        </button>
                    </div>
                </Note>
            }
        })
    }
}
