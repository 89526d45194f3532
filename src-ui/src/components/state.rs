//! The seven states of an entry and the pill. Always an icon and a word; only a server receipt shows Received.

use crate::app::Shell;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::dom;
use crate::locales::words;
use crate::route::Route;
use beatbook_protocol::ipc::EntryState;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// The class, icon and word of a state.
#[must_use]
pub const fn look(state: &EntryState) -> (&'static str, Glyph, &'static str) {
    match state {
        EntryState::Saved => ("saved", Glyph::PhoneOk, words::SAVED),
        EntryState::Waiting => ("waiting", Glyph::Clock, words::WAITING),
        EntryState::Sending => ("sending", Glyph::Sending, words::SENDING),
        EntryState::Sent => ("sent", Glyph::Up, words::SENT),
        EntryState::Received { .. } => ("received", Glyph::Ok, words::RECEIVED),
        EntryState::Returned => ("returned", Glyph::Back, words::RETURNED),
        EntryState::NeedsYou { .. } => ("problem", Glyph::Alert, words::NEEDS_YOU),
    }
}

/// A state: icon and word.
#[component]
pub fn StateChip(
    /// Which.
    state: EntryState,
) -> impl IntoView {
    let (class, glyph, word) = look(&state);
    view! {
        <span class=format!("state {class}") data-state=class>
            <Icon glyph size=IconSize::Small />
            {word}
        </span>
    }
}

/// "Draft kept" in a form's header.
#[component]
pub fn DraftChip(
    /// What is known of the draft.
    #[prop(into)]
    state: Signal<Keeping>,
) -> impl IntoView {
    view! {
        <span
            class="state box"
            class:saved=move || state.get() == Keeping::Kept
            class:waiting=move || state.get() == Keeping::Typing
            class:problem=move || state.get() == Keeping::Failed
            role="status"
            data-test="draft-state"
        >
            {move || match state.get() {
                Keeping::Kept => {
                    view! {
                        <Icon glyph=Glyph::PhoneOk size=IconSize::Small />
                        {words::DRAFT_KEPT}
                    }
                        .into_any()
                }
                Keeping::Typing => {
                    view! {
                        <Icon glyph=Glyph::Pencil size=IconSize::Small />
                        {words::DRAFT_KEEPING}
                    }
                        .into_any()
                }
                Keeping::Failed => {
                    view! {
                        <Icon glyph=Glyph::Alert size=IconSize::Small />
                        {words::DRAFT_NOT_KEPT}
                    }
                        .into_any()
                }
            }}
        </span>
    }
}

/// What is known of a draft on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Everything typed is stored.
    Kept,
    /// The last change is on its way to the store.
    Typing,
    /// The store would not take the last change; what was typed is still on screen.
    Failed,
}

/// The least time between two spoken pill messages, in milliseconds.
const SPEAK_EVERY_MS: i64 = 60_000;

/// The pill: "Saved on this phone · 3 waiting". Opens the outbox. Spoken at most once a minute.
#[component]
pub fn SyncPill() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let pill = shell.pill();
    let spoken = RwSignal::new(String::new());
    let last = StoredValue::new(0_i64);
    let pending = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |before: Option<String>| {
        let text = words::pill(&pill.get());
        if before.is_some_and(|before| before != text) {
            let since = dom::now().0 - last.get_value();
            let wait = u32::try_from((SPEAK_EVERY_MS - since).clamp(0, SPEAK_EVERY_MS)).unwrap_or(0);
            pending.set_value(Some(Timeout::new(wait, move || {
                last.set_value(dom::now().0);
                spoken.set(words::pill(&pill.get_untracked()));
            })));
        }
        text
    });
    view! {
        <div>
            <a class="sync" href=Route::Outbox.href() data-test="pill">
                <Icon glyph=Glyph::PhoneOk />
                <span class="sync-t">
                    {move || {
                        let pill = pill.get();
                        let (class, glyph, text) = if pill.needs_you > 0 {
                            ("state problem", Glyph::Alert, words::n_need_you(pill.needs_you))
                        } else if pill.waiting > 0 {
                            ("state waiting", Glyph::Clock, words::n_waiting(pill.waiting))
                        } else if pill.total > 0 {
                            ("state received", Glyph::Ok, words::ALL_RECEIVED.to_owned())
                        } else {
                            return view! { {words::NOTHING_RECORDED} }.into_any();
                        };
                        // Once everything is received there is one thing to say, and it fits on one line.
                        let saved = (pill.needs_you > 0 || pill.waiting > 0).then(|| {
                            view! {
                                {words::SAVED_ON_THIS_PHONE}
                                " "
                                <span class="dot" aria-hidden="true">
                                    "·"
                                </span>
                                " "
                            }
                        });
                        view! {
                            {saved}
                            <span class=class>
                                <Icon glyph size=IconSize::Small />
                                {text}
                            </span>
                        }
                            .into_any()
                    }}
                </span>
                <Icon glyph=Glyph::Right size=IconSize::Small />
            </a>
            <span class="vh" role="status">
                {move || spoken.get()}
            </span>
        </div>
    }
}
