//! The tick when a visit reaches an edge of its area's band: one long, then two short. It goes on behind the lock,
//! where it knows no place. It never ends a visit and never tells anybody to leave.

use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use beatbook_domain::visit::{edge_ms, edges_passed};
use beatbook_protocol::ipc::{TodayView, VisitView};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::app::Shell;
use crate::dom;
use crate::haptic::{Tick, tick};
use crate::locales::words;

/// How often the running visit is looked at, milliseconds.
const LOOK_EVERY_MS: u32 = 5_000;
/// An edge that was passed longer ago than this, as after a phone slept, is not ticked, milliseconds.
const FRESH_MS: i64 = 60_000;

/// The running visit as far as ticking needs it: no place, so that it may outlast the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Running {
    entry_id: EntryId,
    since: Millis,
    band: (u32, u32),
    passed: u8,
}

/// Ticks as the running visit passes the edges of its band. Called once, by the app.
pub fn tick_visits(shell: Shell) {
    let running = StoredValue::new(None::<Running>);
    let today = shell.today();
    Effect::new(move |_| {
        today.with(|today| {
            // A locked screen knows of no visit; the one that ran goes on.
            let Some(today) = today else { return };
            let held = running.get_value();
            running.set_value(visit_of(today).map(|visit| follow(held, visit, dom::now())));
        });
    });
    let looking = StoredValue::new_local(Some(Interval::new(LOOK_EVERY_MS, move || {
        let Some(before) = running.get_value() else { return };
        let now = dom::now();
        let passed = edges_passed(now.since(before.since), before.band);
        running.set_value(Some(Running { passed, ..before }));
        if let Some(edge) = ticked(before, now) {
            tick(edge);
            say(shell, now);
        }
    })));
    on_cleanup(move || looking.set_value(None));
}

/// The visit an officer is on.
pub fn visit_of(today: &TodayView) -> Option<&VisitView> {
    today.shift.as_ref()?.visit.as_ref()
}

/// The same visit keeps the edges it has ticked; another one begins with those it has passed already.
fn follow(held: Option<Running>, visit: &VisitView, now: Millis) -> Running {
    let VisitView { entry_id, since, band, .. } = visit.clone();
    match held {
        Some(held) if held.entry_id == entry_id && held.since == since => Running { band, ..held },
        _ => Running { entry_id, since, band, passed: edges_passed(now.since(since), band) },
    }
}

/// What to tick for an edge that was passed just now.
fn ticked(before: Running, now: Millis) -> Option<Tick> {
    let elapsed = now.since(before.since);
    let (edge, tick) = match (before.passed, edges_passed(elapsed, before.band)) {
        (0, 1) => (before.band.0, Tick::Long),
        (0 | 1, 2) => (before.band.1, Tick::TwoShort),
        _ => return None,
    };
    (elapsed - edge_ms(edge) <= FRESH_MS).then_some(tick)
}

/// The twin for those who do not feel it: read out politely, but never over the public card.
fn say(shell: Shell, now: Millis) {
    if shell.covered().get_untracked() {
        return;
    }
    let visit = shell.today().with_untracked(|today| today.as_ref().and_then(visit_of).cloned());
    if let Some(visit) = visit {
        shell.announce(words::ring(words::whole_minutes(now.since(visit.since)), &visit.area, visit.band));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beatbook_domain::id::Code;
    use beatbook_domain::time::MINUTE_MS;

    fn visit(id: u8, since: i64) -> VisitView {
        VisitView {
            entry_id: EntryId::from_bytes([id; 16]),
            code: Code::from("A"),
            area: "Tombland".to_owned(),
            since: Millis(since),
            band: (10, 16),
        }
    }

    #[test]
    fn each_edge_ticks_once_and_an_old_one_not_at_all() {
        let begun = follow(None, &visit(1, 0), Millis(0));
        let at = |minutes: i64| Millis(minutes * MINUTE_MS);
        assert_eq!(ticked(begun, at(9)), None);
        assert_eq!(ticked(begun, at(10)), Some(Tick::Long));
        assert_eq!(ticked(begun, at(12)), None, "the phone slept through it");
        let within = Running { passed: 1, ..begun };
        assert_eq!(ticked(within, at(11)), None);
        assert_eq!(ticked(within, at(16)), Some(Tick::TwoShort));
        assert_eq!(ticked(Running { passed: 2, ..begun }, at(30)), None);
        assert_eq!(ticked(begun, at(16)), Some(Tick::TwoShort), "both at once is the later one");
    }

    #[test]
    fn a_visit_read_again_keeps_what_it_ticked() {
        let now = Millis(12 * MINUTE_MS);
        let first = follow(None, &visit(1, 0), now);
        assert_eq!(first.passed, 1, "an edge passed before it was seen is not ticked");
        let again = follow(Some(Running { passed: 2, ..first }), &visit(1, 0), now);
        assert_eq!(again.passed, 2);
        let other = follow(Some(again), &visit(2, now.0), now);
        assert_eq!(other.passed, 0);
    }
}
