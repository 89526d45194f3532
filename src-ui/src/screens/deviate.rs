//! Doing otherwise than asked, in two presses: which window, and why.

use beatbook_domain::code_list::list;
use beatbook_domain::id::{Code, EntryId, Link};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{BriefingsView, DeviateFromBriefing, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Pick};
use crate::components::fields::TextField;
use crate::components::icon::{Glyph, Icon};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::screens::today::of_list;

/// What is done otherwise.
#[derive(Clone, PartialEq, Debug)]
pub struct Otherwise {
    /// The briefing.
    pub entry_id: EntryId,
    /// The revision it is about.
    pub link: Link,
    /// The area.
    pub area: Code,
    /// The window, by its beginning.
    pub window: Millis,
}

/// The sheet that asks why. A reason that says enough is saved by its one press.
#[component]
pub fn DeviateSheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is about.
    about: RwSignal<Option<Otherwise>>,
    /// Where the answer goes.
    view: RwSignal<Option<BriefingsView>>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let reason = RwSignal::new(None::<Code>);
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if open.get() {
            reason.set(None);
            typed.set(String::new());
            problem.set(None);
        }
    });
    let wants_words = move |code: &Code| {
        shell.lists().with_untracked(|lists| {
            let reasons = lists.as_ref().and_then(|lists| lists.edition.list(list::DEVIATION_REASON));
            reasons
                .is_some_and(|list| list.items.iter().any(|item| item.code == *code && item.flags.narrative))
        })
    };
    let save = move |reason: Code| {
        let Some(Otherwise { entry_id, link, area, window }) = about.get_untracked() else { return };
        let command = DeviateFromBriefing {
            entry_id,
            link,
            area: Some(area),
            window: Some(window),
            reason,
            words: typed.get_untracked(),
        };
        spawn_local(async move {
            match call(command).await {
                Ok(answer) => {
                    open.set(false);
                    view.set(Some(answer));
                    shell.refresh_today().await;
                }
                Err(error) if error.code == ErrorCode::Invalid => {
                    let first = error.problems.first().map(|problem| problem.code.words().to_owned());
                    problem.set(first.or(Some(error.message)));
                }
                Err(error) => shell.report(&error),
            }
        });
    };
    let asks = Memo::new(move |_| reason.with(|reason| reason.as_ref().is_some_and(wants_words)));
    view! {
        <Sheet open title=words::OTHERWISE_SHEET id="otherwise-sheet">
            <p class="sub">{words::OTHERWISE_HINT}</p>
            <ChipGroup
                legend=words::OTHERWISE_SHEET
                quiet=true
                pick=Pick::One
                name="otherwise-reason"
                choices=of_list(shell, list::DEVIATION_REASON)
                on=Signal::derive(move || reason.get().into_iter().collect::<Vec<_>>())
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    reason.set(on.then(|| code.clone()));
                    if on && !wants_words(&code) {
                        save(code);
                    }
                })
            />
            <Show when=move || asks.get()>
                <TextField
                    label=words::OTHERWISE_WORDS
                    hint=words::OTHERWISE_WORDS_HINT
                    id="otherwise-words"
                    value=typed
                    problem
                    on_input=Callback::new(move |text| {
                        typed.set(text);
                        problem.set(None);
                    })
                />
                <div class="btn-row">
                    <button
                        type="button"
                        class="btn btn-go"
                        data-test="otherwise-save"
                        on:click=move |_| {
                            if let Some(reason) = reason.get_untracked() {
                                save(reason);
                            }
                        }
                    >
                        <Icon glyph=Glyph::Check />
                        {words::OTHERWISE_SAVE}
                    </button>
                </div>
            </Show>
        </Sheet>
    }
}
