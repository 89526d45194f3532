#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The wrap file and the vault: what opens, what does not, what waits, and that nothing is destroyed.

use std::collections::HashMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use beatbook_domain::id::{DeviceId, OfficerId, SealKey};
use beatbook_domain::time::Millis;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::keystore::{Keystore, KeystoreError, KeystoreSecret, NoKeystore};
use super::vault::{NewProfile, Secret, UnlockError, Vault, WRAP_COPY, WRAP_FILE};
use super::wrap::{self, Factor, KdfCost, ProfileOwner, Wrap, WrapError};
use crate::clock::SetClock;

/// Cheap on purpose: these tests are about the sequence, one other pays the real price.
const CHEAP: KdfCost = KdfCost { memory_kib: 64, passes: 1, lanes: 1 };

/// Stands in for the platform (not for a part of ours); the real Secret Service is tested in `tests/keystore.rs`.
#[derive(Default)]
struct PlatformKeystore {
    held: Mutex<HashMap<String, Vec<u8>>>,
    away: AtomicBool,
}

impl PlatformKeystore {
    fn ask(&self) -> Result<(), KeystoreError> {
        if self.away.load(Ordering::Relaxed) { Err(KeystoreError::Locked) } else { Ok(()) }
    }
}

impl Keystore for PlatformKeystore {
    fn available(&self) -> bool {
        self.ask().is_ok()
    }
    fn get(&self, label: &str) -> Result<Option<KeystoreSecret>, KeystoreError> {
        self.ask()?;
        Ok(self.held.lock().unwrap().get(label).cloned().map(Zeroizing::new))
    }
    fn put(&self, label: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        self.ask()?;
        self.held.lock().unwrap().insert(label.to_owned(), secret.to_vec());
        Ok(())
    }
    fn delete(&self, label: &str) -> Result<(), KeystoreError> {
        self.ask()?;
        self.held.lock().unwrap().remove(label);
        Ok(())
    }
}

struct Bench {
    folder: tempfile::TempDir,
    keystore: Arc<PlatformKeystore>,
    clock: Arc<SetClock>,
    recovery_secret: Zeroizing<[u8; 32]>,
    recovery_key: SealKey,
}

impl Bench {
    fn new() -> Self {
        let (recovery_secret, recovery_key) = wrap::new_recovery_pair().unwrap();
        Self {
            folder: tempfile::tempdir().unwrap(),
            keystore: Arc::default(),
            clock: Arc::new(SetClock::at(Millis(1_764_000_000_000))),
            recovery_secret,
            recovery_key,
        }
    }

    fn vault(&self) -> Vault {
        Vault::at(self.folder.path().join("profile"), self.keystore.clone(), self.clock.clone())
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("profile").join(name)
    }

    fn create(&self, secret: &Secret) -> Result<wrap::DatabaseKey, UnlockError> {
        self.create_at_cost(secret, CHEAP)
    }

    fn create_at_cost(&self, secret: &Secret, cost: KdfCost) -> Result<wrap::DatabaseKey, UnlockError> {
        let owner = ProfileOwner {
            officer_id: OfficerId(Uuid::from_u128(1482)),
            title: "PC 1482".into(),
            collar: "1482".into(),
            device_id: DeviceId(Uuid::from_u128(5)),
            force: "Demonstration".into(),
        };
        self.vault()
            .create(Uuid::from_u128(77), NewProfile { owner, secret, recovery_key: &self.recovery_key, cost })
    }
}

#[test]
fn the_right_pin_opens_and_the_files_hold_neither_pin_nor_key() {
    let bench = Bench::new();
    let key = bench.create(&Secret::pin("482913")).unwrap();
    let (opened, tries) = bench.vault().unlock(&Secret::pin("482913")).unwrap();
    assert!(opened == key && tries.is_empty());
    let literal = key.literal();
    let hex_of_key = literal.trim_start_matches("x'").trim_end_matches('\'');
    for name in [WRAP_FILE, WRAP_COPY] {
        let text = fs::read_to_string(bench.file(name)).unwrap();
        assert!(!text.contains("482913") && !text.contains(hex_of_key), "{name} gives a secret away");
        assert!(text.contains("beatbook/wrap/1") && text.contains("argon2id"));
    }
}

#[test]
fn the_standard_cost_is_the_decided_one_and_is_written_into_the_file() {
    assert_eq!(KdfCost::default(), KdfCost { memory_kib: 65_536, passes: 3, lanes: 1 });
    let bench = Bench::new();
    bench.create_at_cost(&Secret::pin("482913"), KdfCost::STANDARD).unwrap();
    let wrap = Wrap::read(&bench.file(WRAP_FILE)).unwrap();
    assert_eq!(wrap.unlock.kdf.cost, KdfCost::STANDARD);
    assert_eq!(wrap.cipher.hmac_algorithm, "HMAC_SHA256");
    bench.vault().unlock(&Secret::pin("482913")).unwrap();
}

#[test]
fn a_wrong_pin_waits_longer_each_time_and_a_restart_does_not_help() {
    let bench = Bench::new();
    bench.create(&Secret::pin("482913")).unwrap();
    let wrong = |expected_failed, expected_wait| match bench.vault().unlock(&Secret::pin("000000")) {
        Err(UnlockError::Wrong { failed, wait_ms }) => {
            assert_eq!((failed, wait_ms), (expected_failed, expected_wait))
        }
        other => panic!("{other:?}"),
    };
    wrong(1, 0);
    wrong(2, 30_000);
    // Too soon: not looked at, not even when it is right, and it does not count.
    assert!(matches!(
        bench.vault().unlock(&Secret::pin("482913")),
        Err(UnlockError::Wait { wait_ms: 30_000 })
    ));
    // Turning the clock on does not help; nor does a restart.
    bench.clock.turn_to(Millis(1_964_000_000_000));
    bench.clock.reboot(5_000);
    assert_eq!(bench.vault().status().unwrap().wait_ms, 25_000);
    bench.clock.pass(25_000);
    wrong(3, 60_000);
    bench.clock.pass(60_000);
    wrong(4, 300_000);
    bench.clock.pass(300_000);
    wrong(5, 900_000);
    bench.clock.pass(900_000);
    let (_, tries) = bench.vault().unlock(&Secret::pin("482913")).unwrap();
    assert_eq!(tries.len(), 5, "the wrong tries wait for the log");
    assert_eq!(bench.vault().status().unwrap().failed, 5, "until they are in it");
    bench.vault().settle_tries().unwrap();
    assert_eq!(bench.vault().status().unwrap().failed, 0);
}

#[test]
fn the_words_of_a_wrong_pin_say_what_to_do() {
    let words = UnlockError::Wrong { failed: 2, wait_ms: 60_000 }.to_string();
    assert_eq!(words, "That is not right. Your entries are safe. Try again in 1 minute.");
    let first = UnlockError::Wrong { failed: 1, wait_ms: 0 }.to_string();
    assert_eq!(first, "That is not right. Your entries are safe. Try again.");
    assert!(UnlockError::Wait { wait_ms: 299_001 }.to_string().ends_with("5 minutes."));
    assert!(UnlockError::Wait { wait_ms: 24_400 }.to_string().ends_with("25 s."));
}

#[test]
fn a_pin_is_refused_where_no_keystore_answers_and_a_passphrase_is_taken() {
    let bench = Bench::new();
    let vault = Vault::at(bench.folder.path().join("profile"), Arc::new(NoKeystore), bench.clock.clone());
    let owner = || ProfileOwner {
        officer_id: OfficerId(Uuid::nil()),
        title: "PC 1".into(),
        collar: "1".into(),
        device_id: DeviceId(Uuid::nil()),
        force: "Demonstration".into(),
    };
    let create = |secret: &Secret| {
        let new = NewProfile { owner: owner(), secret, recovery_key: &bench.recovery_key, cost: CHEAP };
        vault.create(Uuid::from_u128(77), new)
    };
    assert!(matches!(create(&Secret::pin("482913")), Err(UnlockError::NoKeystore)));
    assert!(!vault.folder().join(WRAP_FILE).exists(), "no wrap may be left by a refusal");
    create(&Secret::passphrase("correct horse battery")).unwrap();
    vault.unlock(&Secret::passphrase("correct horse battery")).unwrap();
    assert!(matches!(
        vault.unlock(&Secret::pin("482913")),
        Err(UnlockError::OtherFactor(Factor::Passphrase))
    ));
    // The rule stands in the wrap itself too, not only in the vault.
    let key = wrap::DatabaseKey::random().unwrap();
    let unlock =
        wrap::NewUnlock { factor: Factor::PinAndKeystore, secret: "482913", keystore: None, cost: CHEAP };
    let made = Wrap::create(owner(), Uuid::nil(), Millis(0), &key, &unlock, &bench.recovery_key);
    assert!(matches!(made, Err(WrapError::Parameters(_))));
}

#[test]
fn weak_secrets_are_refused() {
    let bench = Bench::new();
    for pin in ["12345", "1234567", "12345a", ""] {
        assert!(matches!(bench.create(&Secret::pin(pin)), Err(UnlockError::PinForm)), "{pin}");
    }
    assert!(matches!(bench.create(&Secret::passphrase("too short")), Err(UnlockError::PassphraseForm)));
}

#[test]
fn a_keystore_that_does_not_answer_is_not_a_wrong_try() {
    let bench = Bench::new();
    bench.create(&Secret::pin("482913")).unwrap();
    bench.keystore.away.store(true, Ordering::Relaxed);
    assert!(matches!(bench.vault().unlock(&Secret::pin("482913")), Err(UnlockError::Keystore(_))));
    bench.keystore.away.store(false, Ordering::Relaxed);
    bench.vault().unlock(&Secret::pin("482913")).unwrap();
    bench.keystore.held.lock().unwrap().clear();
    assert!(matches!(bench.vault().unlock(&Secret::pin("482913")), Err(UnlockError::KeystoreEmpty)));
    assert_eq!(bench.vault().status().unwrap().failed, 0);
}

#[test]
fn another_keystores_half_does_not_open() {
    let bench = Bench::new();
    bench.create(&Secret::pin("482913")).unwrap();
    for half in bench.keystore.held.lock().unwrap().values_mut() {
        half[0] ^= 1;
    }
    assert!(matches!(bench.vault().unlock(&Secret::pin("482913")), Err(UnlockError::Wrong { .. })));
}

#[test]
fn the_recovery_key_opens_and_another_does_not() {
    let bench = Bench::new();
    let key = bench.create(&Secret::pin("482913")).unwrap();
    let wrap = Wrap::read(&bench.file(WRAP_FILE)).unwrap();
    assert!(wrap.open_recovery(&bench.recovery_secret).unwrap() == key);
    let (other, _) = wrap::new_recovery_pair().unwrap();
    assert!(matches!(wrap.open_recovery(&other), Err(WrapError::WrongRecoveryKey)));
    // The way back: a new PIN for the same key.
    bench.vault().set_secret(&key, &Secret::pin("111222"), CHEAP).unwrap();
    assert!(bench.vault().unlock(&Secret::pin("111222")).unwrap().0 == key);
    assert!(matches!(bench.vault().unlock(&Secret::pin("482913")), Err(UnlockError::Wrong { .. })));
    assert!(
        Wrap::read(&bench.file(WRAP_FILE)).unwrap().open_recovery(&bench.recovery_secret).unwrap() == key
    );
}

#[test]
fn every_damaged_byte_is_damage_and_never_a_wrong_pin() {
    let bench = Bench::new();
    bench.create(&Secret::pin("482913")).unwrap();
    let good = fs::read(bench.file(WRAP_FILE)).unwrap();
    for position in 0..good.len() {
        let mut bad = good.clone();
        bad[position] ^= 0x01;
        match Wrap::parse(&bad) {
            Err(WrapError::Damaged(_) | WrapError::Newer(_)) => {}
            Ok(_) => panic!("byte {position} was changed and nobody noticed"),
            Err(other) => panic!("{other}"),
        }
    }
    for length in [0, 1, good.len() / 2, good.len() - 1] {
        assert!(matches!(Wrap::parse(&good[..length]), Err(WrapError::Damaged(_))));
    }
}

#[test]
fn a_damaged_file_is_kept_aside_and_the_copy_opens() {
    let bench = Bench::new();
    let key = bench.create(&Secret::pin("482913")).unwrap();
    fs::write(bench.file(WRAP_FILE), b"{ half a wr").unwrap();
    assert!(bench.vault().unlock(&Secret::pin("482913")).unwrap().0 == key);
    let kept: Vec<_> = fs::read_dir(bench.folder.path().join("profile"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("kept-aside"))
        .collect();
    assert_eq!(kept.len(), 1, "the damaged file is kept, not deleted");
    // With both damaged it says so, counts no try, and touches nothing.
    fs::write(bench.file(WRAP_FILE), b"x").unwrap();
    fs::write(bench.file(WRAP_COPY), b"y").unwrap();
    assert!(matches!(
        bench.vault().unlock(&Secret::pin("482913")),
        Err(UnlockError::Wrap(WrapError::Damaged(_)))
    ));
    assert_eq!(fs::read(bench.file(WRAP_FILE)).unwrap(), b"x");
}

#[test]
fn swapping_parameters_or_owner_breaks_the_seal() {
    let bench = Bench::new();
    bench.create(&Secret::pin("482913")).unwrap();
    let wrap = Wrap::read(&bench.file(WRAP_FILE)).unwrap();
    let half = bench.keystore.held.lock().unwrap().values().next().unwrap().clone();
    assert!(wrap.open("482913", Some(&half)).is_ok());
    let mut other_profile = wrap.clone();
    other_profile.profile_id = Uuid::from_u128(78);
    let mut other_officer = wrap.clone();
    other_officer.owner.officer_id = OfficerId(Uuid::from_u128(9));
    let mut weaker_cipher = wrap.clone();
    weaker_cipher.cipher.hmac_algorithm = "HMAC_SHA1".into();
    for swapped in [other_profile, other_officer, weaker_cipher] {
        assert!(matches!(swapped.open("482913", Some(&half)), Err(WrapError::WrongSecret)));
    }
}

#[test]
fn a_newer_format_is_left_alone() {
    let bench = Bench::new();
    bench.create(&Secret::pin("482913")).unwrap();
    let text =
        fs::read_to_string(bench.file(WRAP_FILE)).unwrap().replace("beatbook/wrap/1", "beatbook/wrap/2");
    fs::write(bench.file(WRAP_FILE), &text).unwrap();
    assert!(matches!(
        bench.vault().unlock(&Secret::pin("482913")),
        Err(UnlockError::Wrap(WrapError::Newer(_)))
    ));
    assert_eq!(fs::read_to_string(bench.file(WRAP_FILE)).unwrap(), text);
}
