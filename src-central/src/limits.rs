//! How much anybody may ask of central: figures from file and environment, and the counting by device and by address.
//!
//! Ordinary use stays far below: six hundred phones behind one address ask about thirty times a second. What is counted
//! is forgotten with the process; two centrals count each for itself.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use beatbook_domain::id::DeviceId;
use clap::Args;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;

/// States that are remembered before those that count for nothing any more are let go.
const REMEMBERED: usize = 20_000;

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $field:ident = $default:literal, $long:literal, $env:literal;)+) => {
        /// The limits as given: a setting that is not given has its default, 0 takes a limit away.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Args)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
        #[command(next_help_heading = "Limits (0 takes one away)")]
        pub struct Given {
            $($(#[doc = $doc])+ #[arg(long = $long, env = $env, value_name = "N")] pub $field: Option<u32>,)+
        }

        /// The limits in force.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $field: u32,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl Given {
            /// What was given here, else there, else the default.
            #[must_use]
            pub fn or(self, other: Self) -> Limits {
                let usual = Limits::default();
                Limits { $($field: self.$field.or(other.$field).unwrap_or(usual.$field),)+ }
            }
        }
    };
}

limits! {
    /// Requests of one device in a minute
    device_per_minute = 6_000, "limit-device", "BEATBOOK_LIMIT_DEVICE";
    /// Requests of one device at once before its minute counts
    device_burst = 2_000, "limit-device-burst", "BEATBOOK_LIMIT_DEVICE_BURST";
    /// Requests of devices from one address in a minute; 0 behind a balancer, where every phone has its address
    address_per_minute = 30_000, "limit-address", "BEATBOOK_LIMIT_ADDRESS";
    /// Requests of devices from one address at once before its minute counts
    address_burst = 10_000, "limit-address-burst", "BEATBOOK_LIMIT_ADDRESS_BURST";
    /// Requests from one address in a minute to what is open to anybody: keys, enrolment, health, figures
    open_per_minute = 1_200, "limit-open", "BEATBOOK_LIMIT_OPEN";
    /// The same at once before the minute counts
    open_burst = 2_400, "limit-open-burst", "BEATBOOK_LIMIT_OPEN_BURST";
    /// Wrong enrolment codes from one address in a minute
    wrong_codes = 30, "limit-wrong-codes", "BEATBOOK_LIMIT_WRONG_CODES";
    /// Replacement codes one sergeant issues in an hour
    replacements = 10, "limit-replacements", "BEATBOOK_LIMIT_REPLACEMENTS";
    /// Connections at once
    connections = 8_000, "limit-connections", "BEATBOOK_LIMIT_CONNECTIONS";
    /// Connections at once from one address
    connections_per_address = 2_000, "limit-connections-address", "BEATBOOK_LIMIT_CONNECTIONS_ADDRESS";
    /// Seconds until the head of a request must be there, from the end of the one before: ends idle connections too
    head_seconds = 90, "limit-head-seconds", "BEATBOOK_LIMIT_HEAD_SECONDS";
    /// Seconds a request may take, its body included
    request_seconds = 60, "limit-request-seconds", "BEATBOOK_LIMIT_REQUEST_SECONDS";
}

/// An address as it is counted: of IPv6 the network of a household or an office, which has more than it can use.
#[must_use]
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
        four => four,
    }
}

/// Counts requests by something.
#[derive(Debug)]
pub struct Rate<K: Hash + Eq + Clone>(Option<DefaultKeyedRateLimiter<K>>);

impl<K: Hash + Eq + Clone> Rate<K> {
    /// So many in a minute, so many at once; 0 in a minute counts nothing.
    #[must_use]
    pub fn new(per_minute: u32, burst: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        let quota = quota.map(|quota| NonZeroU32::new(burst).map_or(quota, |burst| quota.allow_burst(burst)));
        Self(quota.map(RateLimiter::keyed))
    }

    /// Counts one request; how long to wait where it was one too many.
    ///
    /// # Errors
    /// The time until the next one is taken.
    pub fn count(&self, key: &K) -> Result<(), Duration> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        if limiter.len() > REMEMBERED {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}

/// Counts connections.
#[derive(Clone, Debug)]
pub struct Places {
    taken: Arc<Mutex<(u32, HashMap<IpAddr, u32>)>>,
    all: u32,
    each: u32,
}

impl Places {
    /// So many in all, so many from one address; 0 counts nothing.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self { taken: Arc::default(), all: limits.connections, each: limits.connections_per_address }
    }

    /// A place for a connection; none where there are too many.
    #[must_use]
    pub fn take(&self, from: IpAddr) -> Option<Place> {
        let from = counted(from);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, by_address) = &mut *taken;
        let of_address = by_address.get(&from).copied().unwrap_or_default();
        if (self.all > 0 && *all >= self.all) || (self.each > 0 && of_address >= self.each) {
            return None;
        }
        *all += 1;
        by_address.insert(from, of_address + 1);
        Some(Place { taken: Arc::clone(&self.taken), from })
    }
}

/// The place of one connection, given back when it ends.
#[derive(Debug)]
pub struct Place {
    taken: Arc<Mutex<(u32, HashMap<IpAddr, u32>)>>,
    from: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, by_address) = &mut *taken;
        *all = all.saturating_sub(1);
        if let Some(count) = by_address.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&self.from);
            }
        }
    }
}

/// What requests are counted by.
#[derive(Debug)]
pub struct Rates {
    /// By device, once it has proved who it is.
    pub device: Rate<DeviceId>,
    /// By address, where devices ask.
    pub address: Rate<IpAddr>,
    /// By address, where anybody may ask.
    pub open: Rate<IpAddr>,
}

impl Rates {
    /// By the limits in force.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            device: Rate::new(limits.device_per_minute, limits.device_burst),
            address: Rate::new(limits.address_per_minute, limits.address_burst),
            open: Rate::new(limits.open_per_minute, limits.open_burst),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_and_then_the_minute_counts() {
        let rate = Rate::new(60, 3);
        for _ in 0..3 {
            assert_eq!(rate.count(&"a phone"), Ok(()));
        }
        let wait = rate.count(&"a phone").unwrap_err();
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        assert_eq!(rate.count(&"another"), Ok(()));
        let none = Rate::new(0, 3);
        assert!((0..100).all(|_| none.count(&"a phone").is_ok()), "0 takes a limit away");
    }

    #[test]
    fn an_evening_of_six_hundred_phones_behind_one_address_is_ordinary() {
        let rates = Rates::new(&Limits::default());
        let address = IpAddr::from([10, 0, 0, 1]);
        // Each phone enrols and sends ten requests at once, as at the beginning of a shift.
        assert!((0..600 * 10).all(|_| rates.address.count(&address).is_ok()));
        assert!((0..600 * 4).all(|_| rates.open.count(&address).is_ok()));
    }

    #[test]
    fn places_are_given_back_and_a_whole_ipv6_network_is_one_address() {
        let limits = Limits { connections: 3, connections_per_address: 2, ..Limits::default() };
        let places = Places::new(&limits);
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let two: IpAddr = "2001:db8::2".parse().unwrap();
        let other: IpAddr = "192.0.2.1".parse().unwrap();
        let held = (places.take(one).unwrap(), places.take(two).unwrap());
        assert!(places.take(one).is_none());
        let last = places.take(other).unwrap();
        assert!(places.take("192.0.2.2".parse().unwrap()).is_none(), "there are three in all");
        drop((held, last));
        assert!(places.take(one).is_some());
    }

    #[test]
    fn what_is_given_first_counts_first() {
        let file: Given = toml::from_str("device-per-minute = 7\nconnections = 9").unwrap();
        let limits = Given { device_per_minute: Some(5), ..Given::default() }.or(file);
        assert_eq!((limits.device_per_minute, limits.connections), (5, 9));
        assert_eq!(limits.open_per_minute, Limits::default().open_per_minute);
        assert!(toml::from_str::<Given>("device-per-hour = 7").is_err());
    }
}
