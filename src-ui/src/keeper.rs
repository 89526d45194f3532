//! Keeping a draft as it is typed: within 300 ms of a change, at once when the page is hidden or the form closes.
//!
//! Never refused for what it says, never cleared by an error. One keep is under way at a time, so an older state can
//! never overwrite a newer one.

use beatbook_domain::entry::{Circumstances, DraftForm};
use beatbook_domain::id::EntryId;
use beatbook_protocol::ipc::KeepDraft;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::state::Keeping;
use crate::dom;
use crate::ipc::call;

/// How soon after a change it is given to the device, in milliseconds (the promise is 500).
const KEEP_AFTER_MS: u32 = 300;
/// How soon a keep that failed is tried again, in milliseconds.
const AGAIN_MS: u32 = 3_000;

/// Keeps one draft.
#[derive(Clone, Copy)]
pub struct Keeper {
    entry_id: EntryId,
    form: Signal<DraftForm>,
    told: Signal<Circumstances>,
    state: RwSignal<Keeping>,
    /// What was last given to the device, to tell a change from a repaint.
    kept: StoredValue<Option<(DraftForm, Circumstances)>>,
    under_way: StoredValue<bool>,
    /// Saved or discarded: nothing more is kept.
    over: StoredValue<bool>,
    timer: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Keeper {
    /// Starts keeping a form that the device already holds as `form` now stands.
    pub fn start(entry_id: EntryId, form: Signal<DraftForm>, told: Signal<Circumstances>) -> Self {
        let keeper = Self {
            entry_id,
            form,
            told,
            state: RwSignal::new(Keeping::Kept),
            kept: StoredValue::new(Some((form.get_untracked(), told.get_untracked()))),
            under_way: StoredValue::new(false),
            over: StoredValue::new(false),
            timer: StoredValue::new_local(None),
        };
        Effect::new(move |_| {
            let now = Some((form.get(), told.get()));
            if keeper.kept.with_value(|kept| *kept != now) && !keeper.over.get_value() {
                keeper.state.set(Keeping::Typing);
                // Counted from the first change that is not kept, not from the last key: somebody who types on and on
                // must not lose a paragraph.
                if keeper.timer.with_value(Option::is_none) {
                    keeper.timer.set_value(Some(Timeout::new(KEEP_AFTER_MS, move || keeper.flush())));
                }
            }
        });
        let hidden = window_event_listener_untyped("visibilitychange", move |_| {
            if dom::hidden() {
                keeper.flush();
            }
        });
        let leaving = window_event_listener_untyped("pagehide", move |_| keeper.flush());
        on_cleanup(move || {
            hidden.remove();
            leaving.remove();
            keeper.last_flush();
        });
        keeper
    }

    /// What is known of the draft on this phone.
    pub fn state(self) -> Signal<Keeping> {
        self.state.into()
    }

    /// Stops keeping: the draft is saved or discarded.
    pub fn stop(self) {
        self.over.set_value(true);
        self.timer.set_value(None);
    }

    /// Goes on after a save that was refused.
    pub fn resume(self) {
        self.over.set_value(false);
        self.flush();
    }

    fn unkept(self) -> Option<KeepDraft> {
        if self.over.try_get_value()? {
            return None;
        }
        let (form, told) = (self.form.try_get_untracked()?, self.told.try_get_untracked()?);
        let same = self
            .kept
            .try_with_value(|kept| kept.as_ref().is_some_and(|(kept, at)| *kept == form && *at == told))?;
        (!same).then_some(KeepDraft { entry_id: self.entry_id, form, told })
    }

    /// Gives what is typed to the device now.
    fn flush(self) {
        self.timer.try_set_value(None);
        if self.under_way.try_get_value() != Some(false) {
            return;
        }
        let Some(keep) = self.unkept() else {
            self.state.try_set(Keeping::Kept);
            return;
        };
        self.under_way.set_value(true);
        let given = (keep.form.clone(), keep.told.clone());
        spawn_local(async move {
            let answer = call(keep).await;
            // The form may have closed meanwhile; its last flush has then taken over.
            if self.under_way.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    self.kept.set_value(Some(given));
                    self.flush();
                }
                Err(_) => {
                    self.state.set(Keeping::Failed);
                    self.timer.set_value(Some(Timeout::new(AGAIN_MS, move || self.flush())));
                }
            }
        });
    }

    /// The form closes: whatever is not kept goes to the device without waiting for the answer.
    fn last_flush(self) {
        if let Some(keep) = self.unkept() {
            spawn_local(async move {
                // Nobody is left to tell; the draft as kept before stays.
                let _ = call(keep).await;
            });
        }
    }
}
