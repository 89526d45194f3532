//! Challenges: central's time and a MAC over it and the device. Nothing is stored: any central of the force can judge one.

use beatbook_domain::id::DeviceId;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Challenge;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// How long a challenge is good, milliseconds: a request caught on the way can be played again no longer than this.
pub const GOOD_FOR_MS: i64 = 60 * 60 * 1_000;
/// A request that used a challenge older than this is given a new one.
const RENEW_AFTER_MS: i64 = GOOD_FOR_MS / 4;
/// Processes of one force may differ by this much.
const EARLY_MS: i64 = 60 * 1_000;
/// Bytes of the time, in whole seconds.
const TIME: usize = 5;
/// What the key is derived for.
const CONTEXT: &[u8] = b"beatbook/challenge/1";

/// Makes and judges challenges.
pub struct Challenges(Hmac<Sha256>);

impl Challenges {
    /// From a secret that all centrals of a force share.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        // HMAC takes a key of any length, so 32 bytes can never be refused.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
            unreachable!("HMAC takes any key length")
        };
        mac.update(CONTEXT);
        Self(mac)
    }

    fn mac(&self, device: DeviceId, time: &[u8; TIME]) -> [u8; 16 - TIME] {
        let mut mac = self.0.clone();
        mac.update(device.as_bytes());
        mac.update(time);
        let whole = mac.finalize().into_bytes();
        std::array::from_fn(|place| whole[place])
    }

    /// A challenge for a device.
    #[must_use]
    pub fn make(&self, device: DeviceId, at: Millis) -> Challenge {
        let seconds = at.0.div_euclid(1_000).to_be_bytes();
        let time: [u8; TIME] = std::array::from_fn(|place| seconds[8 - TIME + place]);
        let mac = self.mac(device, &time);
        Challenge(std::array::from_fn(|place| if place < TIME { time[place] } else { mac[place - TIME] }))
    }

    /// When it was made, if it is of this force, for this device and still good.
    #[must_use]
    pub fn made_at(&self, challenge: Challenge, device: DeviceId, now: Millis) -> Option<Millis> {
        let time: [u8; TIME] = std::array::from_fn(|place| challenge.0[place]);
        let mut seconds = [0; 8];
        seconds[8 - TIME..].copy_from_slice(&time);
        let made = Millis(i64::from_be_bytes(seconds).saturating_mul(1_000));
        let mac = self.mac(device, &time);
        // All bytes are compared, whatever the first ones say.
        let differs =
            mac.iter().zip(&challenge.0[TIME..]).fold(0, |sum, (ours, theirs)| sum | (ours ^ theirs));
        let age = now.since(made);
        (differs == 0 && (-EARLY_MS..=GOOD_FOR_MS).contains(&age)).then_some(made)
    }

    /// A new challenge for a device whose last one gets old.
    #[must_use]
    pub fn renewed(&self, device: DeviceId, made: Millis, now: Millis) -> Option<Challenge> {
        (now.since(made) >= RENEW_AFTER_MS).then(|| self.make(device, now))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_is_good_for_its_device_its_force_and_its_hour() {
        let (ours, theirs) = (Challenges::new(&[1; 32]), Challenges::new(&[2; 32]));
        let device = DeviceId::from_bytes([3; 16]);
        let at = Millis(1_795_000_000_000);
        let challenge = ours.make(device, at);
        assert_eq!(ours.made_at(challenge, device, at.plus(GOOD_FOR_MS)), Some(at));
        assert_eq!(ours.made_at(challenge, device, at.plus(GOOD_FOR_MS + 1)), None);
        assert_eq!(ours.made_at(challenge, device, at.plus(-EARLY_MS - 1)), None);
        assert_eq!(theirs.made_at(challenge, device, at), None);
        assert_eq!(ours.made_at(challenge, DeviceId::from_bytes([4; 16]), at), None);
        assert_eq!(ours.made_at(Challenge::NONE, device, at), None);
        for place in 0..16 {
            let mut bytes = challenge.0;
            bytes[place] ^= 1;
            assert_eq!(ours.made_at(Challenge(bytes), device, at), None, "byte {place}");
        }
        assert_eq!(ours.renewed(device, at, at.plus(RENEW_AFTER_MS - 1)), None);
        assert!(ours.renewed(device, at, at.plus(RENEW_AFTER_MS)).is_some());
    }
}
