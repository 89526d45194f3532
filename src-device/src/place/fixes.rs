//! The newest fix of a phone's receiver, kept for whoever asks; and when fixes are wanted at all.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use beatbook_domain::place::{Position, PositionSource};
use beatbook_domain::time::Mono;
use beatbook_protocol::ipc::{StatusView, TodayView};

use super::gpsd::FRESH_MS;
use super::source::Positions;
use crate::clock::Clock;

/// What the receiver said last. Asking never waits.
pub struct Fixes {
    newest: Mutex<Option<(Position, Mono)>>,
    clock: Arc<dyn Clock>,
}

impl Fixes {
    /// None yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { newest: Mutex::new(None), clock }
    }

    /// Takes a fix: degrees, and the radius of uncertainty in metres. One that is not on the globe is passed over.
    pub fn put(&self, lat: f64, lon: f64, radius_m: f64) {
        let Ok(mut fix) = Position::from_degrees(lat, lon, PositionSource::Gps) else { return };
        // A radius is a small positive number of metres; anything else says nothing.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let radius = Some(radius_m).filter(|m| *m > 0.0 && *m < 1.0e6).map(|m| m.ceil() as u32);
        fix.accuracy_m = radius;
        fix.fixed_at = Some(self.clock.now());
        let at = self.clock.mono();
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some((fix, at));
    }

    /// Forgets where the phone was: nothing of a shift that is over stays in memory.
    pub fn forget(&self) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Positions for Fixes {
    fn newest(&self) -> Option<Position> {
        let (fix, at) = (*self.newest.lock().unwrap_or_else(PoisonError::into_inner))?;
        let age = self.clock.mono().since(&at)?;
        (0..=FRESH_MS).contains(&age).then_some(fix)
    }
}

/// Whether an answer of the engine says that fixes are wanted now: while a shift is open, also behind a locked screen,
/// until the notebook is sealed. `None` where it says nothing about it.
pub fn wanted(answer: &dyn Any) -> Option<bool> {
    if let Some(today) = answer.downcast_ref::<TodayView>() {
        return Some(today.shift.is_some());
    }
    let status = answer.downcast_ref::<StatusView>()?;
    (status.open.is_none() && status.still_sending.is_none()).then_some(false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use beatbook_domain::id::{EntryId, OfficerId};
    use beatbook_domain::time::Millis;
    use beatbook_protocol::ipc::{Doing, PillView, ShiftView};

    use super::*;
    use crate::clock::SetClock;

    const NOW: Millis = Millis(1_796_000_000_000);

    #[test]
    fn a_fix_is_offered_while_it_is_fresh() {
        let clock = Arc::new(SetClock::at(NOW));
        let fixes = Fixes::new(Arc::clone(&clock) as Arc<dyn Clock>);
        assert_eq!(fixes.newest(), None);
        fixes.put(52.628_7, 1.302, 7.2);
        let fix = fixes.newest().unwrap();
        assert_eq!((fix.lat_e6, fix.lon_e6, fix.accuracy_m), (52_628_700, 1_302_000, Some(8)));
        assert_eq!((fix.source, fix.fixed_at), (PositionSource::Gps, Some(NOW)));
        // Turning the wall clock makes it neither older nor younger.
        clock.turn_to(Millis(0));
        clock.pass(30_000);
        assert!(fixes.newest().is_some());
        clock.pass(1);
        assert_eq!(fixes.newest(), None);
    }

    #[test]
    fn nonsense_is_passed_over_and_a_fix_can_be_forgotten() {
        let fixes = Fixes::new(Arc::new(SetClock::at(NOW)));
        for (lat, lon) in [(91.0, 1.3), (f64::NAN, 1.3), (52.6, 181.0)] {
            fixes.put(lat, lon, 5.0);
            assert_eq!(fixes.newest(), None);
        }
        for radius in [0.0, -1.0, f64::NAN, 1.0e9] {
            fixes.put(52.6, 1.3, radius);
            assert_eq!(fixes.newest().unwrap().accuracy_m, None);
        }
        fixes.forget();
        assert_eq!(fixes.newest(), None);
    }

    #[test]
    fn fixes_are_wanted_until_the_notebook_is_sealed() {
        let status = |open, still_sending| StatusView {
            behind: None,
            force: None,
            keystore: true,
            profiles: vec![],
            open,
            still_sending,
            notices: vec![],
            app_version: String::new(),
        };
        let officer = OfficerId::from_bytes([2; 16]);
        assert_eq!(wanted(&status(Some(officer), None)), None, "who is open says nothing about a shift");
        assert_eq!(wanted(&status(None, Some(0))), None, "locked with nothing left to send is not sealed");
        assert_eq!(wanted(&status(None, None)), Some(false));
        assert_eq!(wanted(&()), None);
    }

    #[test]
    fn fixes_are_wanted_while_a_shift_is_open() {
        let shift = ShiftView {
            shift_id: EntryId::from_bytes([1; 16]),
            call_sign: "N41".to_owned(),
            title: "Night shift".to_owned(),
            started_at: NOW,
            planned_end: None,
            initiative: None,
            transport: None,
            crew: vec![],
            doing: Doing::Between,
            leg_number: 0,
            partners: vec![],
            unit_code: None,
            plain_clothes: false,
            visit: None,
        };
        let today = |shift| TodayView {
            briefings: vec![],
            now: NOW,
            shift,
            pill: PillView::default(),
            claims: vec![],
            drafts: vec![],
            entries: vec![],
            entries_total: 0,
            duties: vec![],
            resumable: None,
            past_end: None,
            can_repeat: false,
            cards_left: None,
            notices: vec![],
        };
        assert_eq!(wanted(&today(Some(shift))), Some(true));
        assert_eq!(wanted(&today(None)), Some(false));
    }
}
