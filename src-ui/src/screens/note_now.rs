//! Note now: words written on the lock screen, sealed to the notebook at once. It shows nothing of any record, and
//! nothing of the note once it is sealed.

use beatbook_protocol::ipc::{NoteNow as NoteNowCommand, ProfileCard};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::fields::TextArea;
use crate::components::icon::{Glyph, Icon};
use crate::components::sheet::Sheet;
use crate::haptic::{self, Tick};
use crate::ipc::call;
use crate::locales::words;

/// The key, how many notes wait, and the sheet.
#[component]
pub fn NoteNow(
    /// Whose notebook.
    #[prop(into)]
    profile: Signal<Option<ProfileCard>>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let sealed = RwSignal::new(None::<String>);
    let busy = StoredValue::new(false);
    let waiting =
        Memo::new(move |_| profile.with(|profile| profile.as_ref().map_or(0, |profile| profile.notes)));
    // Another officer's notebook: their notes are not this one's business.
    Effect::new(move |before: Option<Option<String>>| {
        let whose = profile.with(|profile| profile.as_ref().map(|profile| profile.collar.clone()));
        if before.is_some_and(|before| before != whose) {
            text.set(String::new());
            sealed.set(None);
            open.set(false);
        }
        whose
    });
    let seal = move |_| {
        let Some(profile) = profile.get_untracked() else { return };
        let words = text.with_untracked(|text| text.trim().to_owned());
        if words.is_empty() {
            problem.set(Some(words::NOTE_EMPTY.to_owned()));
            return;
        }
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        spawn_local(async move {
            let answer = call(NoteNowCommand { officer: profile.officer, text: words }).await;
            if busy.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(note) => {
                    text.set(String::new());
                    problem.set(None);
                    open.set(false);
                    haptic::tick(Tick::Short);
                    sealed.set(Some(words::note_sealed(note.at)));
                    shell.refresh_status();
                }
                // What was typed stays in the sheet: it is nowhere else yet.
                Err(error) => problem.set(Some(error.message)),
            }
        });
    };
    view! {
        <div class="note-now">
            <button type="button" class="btn" data-test="note-now" on:click=move |_| open.set(true)>
                <Icon glyph=Glyph::Pencil />
                {words::NOTE_NOW}
            </button>
            <div role="status">
                {move || {
                    sealed.get().map(|sealed| view! { <p class="sub" data-test="note-sealed">{sealed}</p> })
                }}
                <Show when=move || waiting.get() != 0>
                    <p class="sub" data-test="notes-wait">
                        {move || words::notes_wait(waiting.get())}
                    </p>
                </Show>
            </div>
        </div>
        <Sheet open title=words::NOTE_NOW id="note-sheet">
            <p class="sub">{words::NOTE_NOW_TEXT}</p>
            <TextArea
                label=words::NOTE_NOW_LABEL
                id="note-text"
                value=text
                problem
                on_input=Callback::new(move |words| {
                    text.set(words);
                    problem.set(None);
                })
            />
            <div class="btn-row">
                <button type="button" class="btn btn-go" data-test="note-seal" on:click=seal>
                    <Icon glyph=Glyph::Lock />
                    {words::NOTE_SEAL}
                </button>
            </div>
        </Sheet>
    }
}
