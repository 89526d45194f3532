//! The device's clocks as a parameter: wall-clock UTC, and time since boot that goes on counting while the phone sleeps.
//!
//! Nothing else in this crate reads a clock for anything that is recorded. `std::time::Instant` stops in suspend on
//! Linux and Android and is never used here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use beatbook_domain::time::{Millis, Mono};
use uuid::Uuid;

/// Where time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Device UTC, as the device has it. May jump; never decides about trust.
    fn now(&self) -> Millis;
    /// Boot and milliseconds since that boot, suspend included. Never goes back within a boot.
    fn mono(&self) -> Mono;
}

/// The clocks of the machine we run on.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    boot_id: Uuid,
}

impl SystemClock {
    /// Reads which boot this is.
    #[must_use]
    pub fn new() -> Self {
        Self { boot_id: boot_id() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        Millis(match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        })
    }

    fn mono(&self) -> Mono {
        Mono { boot_id: self.boot_id, ms: since_boot_ms() }
    }
}

/// The kernel's own name of this boot; where it cannot be read, a new name for this process, so that readings of two
/// processes are never compared (a duration then falls back to corrected UTC and says so).
fn boot_id() -> Uuid {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .ok()
        .and_then(|text| Uuid::parse_str(text.trim()).ok())
        .unwrap_or_else(Uuid::new_v4)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn since_boot_ms() -> u64 {
    to_ms(rustix::time::clock_gettime(rustix::time::ClockId::Boottime))
}

/// Apple's `CLOCK_MONOTONIC` goes on counting while the device sleeps.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn since_boot_ms() -> u64 {
    to_ms(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic))
}

#[cfg(unix)]
fn to_ms(time: rustix::time::Timespec) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000)
}

/// Elsewhere the wall clock since the process began stands in, held so that it never goes back.
#[cfg(not(unix))]
fn since_boot_ms() -> u64 {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static BEGAN: OnceLock<SystemTime> = OnceLock::new();
    static HIGHEST: AtomicU64 = AtomicU64::new(0);
    let began = *BEGAN.get_or_init(SystemTime::now);
    let ms = began.elapsed().map_or(0, |passed| u64::try_from(passed.as_millis()).unwrap_or(u64::MAX));
    HIGHEST.fetch_max(ms, Ordering::Relaxed).max(ms)
}

/// A clock that stands still until it is told otherwise: for tests and scripted demonstrations.
#[derive(Debug)]
pub struct SetClock {
    state: Mutex<(Millis, Mono)>,
}

impl SetClock {
    /// Starts at `now`, at 1,000 s after a boot.
    #[must_use]
    pub fn at(now: Millis) -> Self {
        Self { state: Mutex::new((now, Mono { boot_id: Uuid::from_u128(1), ms: 1_000_000 })) }
    }

    /// Lets `ms` pass on both clocks.
    pub fn pass(&self, ms: u64) {
        let mut state = self.state();
        state.0 = state.0.plus(i64::try_from(ms).unwrap_or(i64::MAX));
        state.1.ms = state.1.ms.saturating_add(ms);
    }

    /// Turns the wall clock only, as anybody holding the phone can.
    pub fn turn_to(&self, now: Millis) {
        self.state().0 = now;
    }

    /// Restarts the device: a new boot, `ms` after it.
    pub fn reboot(&self, ms: u64) {
        let mut state = self.state();
        state.1 = Mono { boot_id: Uuid::from_u128(state.1.boot_id.as_u128() + 1), ms };
    }

    fn state(&self) -> MutexGuard<'_, (Millis, Mono)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SetClock {
    fn now(&self) -> Millis {
        self.state().0
    }
    fn mono(&self) -> Mono {
        self.state().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_since_boot_never_goes_back_and_names_one_boot() {
        let clock = SystemClock::new();
        let first = clock.mono();
        let second = SystemClock::new().mono();
        assert!(second.ms >= first.ms);
        #[cfg(target_os = "linux")]
        assert_eq!(first.boot_id, second.boot_id);
    }

    #[test]
    fn turning_the_wall_clock_leaves_the_time_since_boot() {
        let clock = SetClock::at(Millis(1_000));
        let before = clock.mono();
        clock.turn_to(Millis(99_000_000));
        assert_eq!(clock.mono(), before);
        clock.pass(250);
        assert_eq!(clock.mono().since(&before), Some(250));
    }
}
