//! The notebook locks itself when nobody touches the screen. Drafts are kept as on any lock, and sending goes on.

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::app::Shell;
use crate::dom;

/// After this long without a touch the screen locks, milliseconds.
const IDLE_LOCKS_MS: i64 = 5 * 60_000;
/// How often that is looked at, milliseconds.
const LOOK_EVERY_MS: u32 = 5_000;
/// What counts as a touch.
const TOUCHES: [&str; 5] = ["pointerdown", "pointermove", "keydown", "input", "wheel"];

/// Locks the open notebook when the screen is left alone. Called once, by the app.
pub fn lock_when_idle(shell: Shell) {
    let touched = StoredValue::new(dom::now().0);
    let session = shell.session();
    let look = move || {
        if session.with_untracked(Option::is_some) && is_idle(touched.get_value(), dom::now().0) {
            shell.lock(false);
        }
    };
    for name in TOUCHES {
        let listening = window_event_listener_untyped(name, move |_| {
            // A phone that slept wakes with a touch: it must not find the notebook open.
            look();
            touched.set_value(dom::now().0);
        });
        on_cleanup(move || listening.remove());
    }
    let shown = window_event_listener_untyped("visibilitychange", move |_| look());
    let looking = StoredValue::new_local(Some(Interval::new(LOOK_EVERY_MS, look)));
    on_cleanup(move || {
        shown.remove();
        looking.set_value(None);
    });
}

/// Whether the last touch is too long ago. A clock that was set back by as much is no reason to stay open.
fn is_idle(touched: i64, now: i64) -> bool {
    now.saturating_sub(touched).saturating_abs() >= IDLE_LOCKS_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_lock_and_a_clock_set_back_does_not_keep_it_open() {
        assert!(!is_idle(0, IDLE_LOCKS_MS - 1));
        assert!(is_idle(0, IDLE_LOCKS_MS));
        assert!(is_idle(IDLE_LOCKS_MS, 0));
    }
}
