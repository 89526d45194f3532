//! The coach under a text: it asks, on this phone only, whether something that looks personal belongs there. It stops
//! nothing. "Move it" takes the words to the hand-over slip, "Remove it" takes them out, "Keep it" settles it for good.

use std::collections::BTreeSet;

use beatbook_domain::id::EntryId;
use beatbook_domain::privacy::minimise;
use beatbook_domain::time;
use beatbook_protocol::ipc::{GetSlip, MoveToSlip};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;

/// The hand-over slip that words are moved to; a concern note has one.
#[derive(Clone, Copy)]
pub struct ToSlip {
    entry_id: EntryId,
    /// Whether something lies on it.
    filled: RwSignal<bool>,
}

impl ToSlip {
    /// The slip of a note or of its draft. Asks the device whether something lies on it already.
    pub fn of(entry_id: EntryId) -> Self {
        let filled = RwSignal::new(false);
        spawn_local(async move {
            // Without an answer the key to the slip stays away; nothing typed depends on it.
            if let Ok(slip) = call(GetSlip { entry_id }).await {
                filled.try_set(!slip.details.trim().is_empty());
            }
        });
        Self { entry_id, filled }
    }
}

/// The way to the slip, once something lies on it.
#[component]
pub fn SlipKey(
    /// The slip.
    slip: ToSlip,
) -> impl IntoView {
    view! {
        <Show when=move || slip.filled.get()>
            <a class="btn btn-lg" href=Route::Slip(slip.entry_id).href() data-test="open-slip">
                <Icon glyph=Glyph::Lock />
                {words::OPEN_SLIP}
            </a>
        </Show>
    }
}

/// The question about one text.
#[component]
pub fn Coach(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// The id of its field: focus goes back there.
    #[prop(into)]
    id: String,
    /// Takes the text without the words found.
    on_input: Callback<String>,
    /// The slip that words may be moved to.
    #[prop(optional)]
    slip: Option<ToSlip>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let id = StoredValue::new(id);
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
    let put = move |excerpt: &str, instead: &str| {
        on_input.run(cut(&text.get_untracked(), excerpt, instead));
        id.with_value(|id| dom::focus_on(id));
    };
    let move_out = move |slip: ToSlip, excerpt: String| {
        spawn_local(async move {
            match call(MoveToSlip { entry_id: slip.entry_id, text: excerpt.clone() }).await {
                Ok(_) => {
                    slip.filled.try_set(true);
                    put(&excerpt, words::MOVED_TO_SLIP);
                    shell.announce(words::COACH_MOVED);
                }
                // The words stay where they are until they lie somewhere else.
                Err(error) => shell.report(&error),
            }
        });
    };
    move || {
        finding.get().map(|(looks, excerpt)| {
            let heading = words::coach_found(looks.heading(), &excerpt);
            let question = if slip.is_some() { words::COACH } else { words::COACH_NO_SLIP };
            let (taken, removed) = (excerpt.clone(), excerpt.clone());
            view! {
                <Note tone=Tone::Wait glyph=Glyph::Info heading text=question live=true test="coach">
                    <div class="btn-row">
                        {slip.map(|slip| view! {
                            <button
                                type="button"
                                class="btn"
                                data-test="coach-move"
                                on:click=move |_| move_out(slip, taken.clone())
                            >
                                {words::COACH_MOVE}
                            </button>
                        })}
                        <button
                            type="button"
                            class="btn"
                            data-test="coach-remove"
                            on:click=move |_| put(&removed, "")
                        >
                            {words::COACH_REMOVE}
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

/// The text with the first place where `excerpt` stands taken out, or something put in its stead.
fn cut(text: &str, excerpt: &str, instead: &str) -> String {
    let Some((before, after)) = text.split_once(excerpt) else { return text.to_owned() };
    if !instead.is_empty() {
        return format!("{before}{instead}{after}");
    }
    // One gap is left, not two, and none before a full stop.
    let ends_open = before.is_empty() || before.ends_with(char::is_whitespace);
    let before = if after.starts_with(['.', ',', ';', ':']) { before.trim_end() } else { before };
    let after = if ends_open { after.trim_start_matches(' ') } else { after };
    format!("{before}{after}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::NaiveDate;

    const TEXT: &str = "Her number is 07700 900142. She waits.";

    #[test]
    fn words_taken_out_leave_one_gap_and_the_rest_as_it_was() {
        assert_eq!(cut(TEXT, "07700 900142", ""), "Her number is. She waits.");
        assert_eq!(cut("Call 07700 900142 now", "07700 900142", ""), "Call now");
        assert_eq!(cut("07700 900142 is hers", "07700 900142", ""), "is hers");
        assert_eq!(cut(TEXT, "not there", ""), TEXT);
    }

    #[test]
    fn what_stands_instead_raises_no_question() {
        let moved = cut(TEXT, "07700 900142", words::MOVED_TO_SLIP);
        assert_eq!(moved, "Her number is [moved to hand-over slip]. She waits.");
        let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        assert!(!minimise::find(TEXT, today).is_empty());
        assert!(minimise::find(&moved, today).is_empty());
    }
}
