//! One line above the deck that says what just happened, with Undo for ten seconds where the act can be undone.

use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// How long a toast stays, in milliseconds. Undo is offered for exactly this time (records: ten seconds).
pub const TOAST_MS: u32 = 10_000;

/// What a toast says and, if it can be taken back, how.
#[derive(Clone)]
pub struct Toast {
    /// The words.
    pub text: String,
    /// What Undo does.
    pub undo: Option<Callback<()>>,
}

/// The toast in view, shared by every screen.
#[derive(Clone, Copy)]
pub struct Toasts {
    current: RwSignal<Option<(u32, Toast)>>,
    count: StoredValue<u32>,
}

impl Toasts {
    /// No toast in view.
    #[must_use]
    pub fn new() -> Self {
        Self { current: RwSignal::new(None), count: StoredValue::new(0) }
    }

    /// Shows a toast in place of the one in view.
    pub fn show(self, toast: Toast) {
        let number = self.count.get_value().wrapping_add(1);
        self.count.set_value(number);
        self.current.set(Some((number, toast)));
        Timeout::new(TOAST_MS, move || {
            self.current.update(|current| {
                if current.as_ref().is_some_and(|(shown, _)| *shown == number) {
                    *current = None;
                }
            });
        })
        .forget();
    }

    /// Shows words only.
    pub fn say(self, text: impl Into<String>) {
        self.show(Toast { text: text.into(), undo: None });
    }

    /// Takes the toast away.
    pub fn clear(self) {
        self.current.set(None);
    }
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the toast appears: at the top of the footer, above the deck.
#[component]
pub fn ToastSlot() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toast-slot" role="status">
            {move || {
                toasts
                    .current
                    .get()
                    .map(|(_, toast)| {
                        let undo = toast.undo;
                        view! {
                            <div class="toast" data-test="toast">
                                <span>{toast.text}</span>
                                {undo
                                    .map(|undo| {
                                        view! {
                                            <button
                                                type="button"
                                                class="btn btn-quiet"
                                                data-test="toast-undo"
                                                on:click=move |_| {
                                                    toasts.clear();
                                                    undo.run(());
                                                }
                                            >
                                                {words::UNDO}
                                            </button>
                                        }
                                    })}
                                <button
                                    type="button"
                                    class="icon-btn"
                                    data-test="toast-close"
                                    aria-label=words::CLOSE_MESSAGE
                                    on:click=move |_| toasts.clear()
                                >
                                    <Icon glyph=Glyph::Close />
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
