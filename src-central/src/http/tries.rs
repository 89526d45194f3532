//! Wrong enrolment codes are counted by address and in all: a code has 40 bits, guessing must not get anywhere.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::limits::counted;

/// Over which tries are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// Wrong codes all addresses together have in a window.
const ALL: usize = 200;

/// Recent wrong tries, in memory: a restart forgets them, the codes expire by themselves.
#[derive(Debug)]
pub struct Tries {
    /// Wrong codes one address has in a window; 0 counts none.
    each: usize,
    wrong: Mutex<VecDeque<(Instant, IpAddr)>>,
}

impl Tries {
    /// So many wrong codes for each address in a minute; 0 counts nothing.
    #[must_use]
    pub fn new(each: u32) -> Self {
        Self { each: usize::try_from(each).unwrap_or(usize::MAX), wrong: Mutex::default() }
    }

    /// Whether this address may try now.
    pub fn may(&self, from: IpAddr, now: Instant) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        while wrong.front().is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            wrong.pop_front();
        }
        let mut by_address: HashMap<IpAddr, usize> = HashMap::new();
        for (_, address) in wrong.iter() {
            *by_address.entry(*address).or_default() += 1;
        }
        let of_address = by_address.get(&counted(from)).copied().unwrap_or_default();
        self.each == 0 || (wrong.len() < ALL && of_address < self.each)
    }

    /// A wrong code came from this address.
    pub fn was_wrong(&self, from: IpAddr, now: Instant) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).push_back((now, counted(from)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_codes_make_one_address_wait_a_minute() {
        let (tries, start) = (Tries::new(10), Instant::now());
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..10 {
            assert!(tries.may(one, start));
            tries.was_wrong(one, start);
        }
        assert!(!tries.may(one, start));
        assert!(tries.may(other, start));
        assert!(tries.may(one, start + WINDOW));
    }
}
