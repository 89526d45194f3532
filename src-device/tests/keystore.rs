//! The keystore half of a PIN, with a real Secret Service: GNOME Keyring on a private session bus with a home of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::process::{Command, Stdio};
use std::sync::Arc;

use beatbook_device::clock::SystemClock;
use beatbook_device::profile::secret_service::SecretServiceKeystore;
use beatbook_device::profile::wrap::{KdfCost, new_recovery_pair};
use beatbook_device::profile::{Keystore, NewProfile, ProfileOwner, Secret, UnlockError, Vault};
use beatbook_domain::id::{DeviceId, OfficerId};
use uuid::Uuid;

fn available(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Runs one of the tests below inside a private session bus; `keyring` starts one there first.
fn on_a_private_bus(test: &str, keyring: bool) {
    if !available("dbus-run-session") || !available("gnome-keyring-daemon") {
        println!("no dbus-run-session or gnome-keyring-daemon here: this test says nothing");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let start = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ";
    let script =
        format!("{}exec \"$0\" --exact {test} --ignored --nocapture", if keyring { start } else { "" });
    let status = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env("INSIDE_PRIVATE_BUS", "1")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn a_real_keyring_keeps_the_half() {
    on_a_private_bus("inside_with_keyring", true);
}

#[test]
fn without_a_keyring_a_pin_is_refused() {
    on_a_private_bus("inside_without_keyring", false);
}

fn create(vault: &Vault, secret: &Secret) -> Result<(), UnlockError> {
    let owner = ProfileOwner {
        officer_id: OfficerId(Uuid::from_u128(1)),
        title: "PC 1482".into(),
        collar: "1482".into(),
        device_id: DeviceId(Uuid::from_u128(2)),
        force: "Demonstration".into(),
    };
    let recovery_key = new_recovery_pair().unwrap().1;
    vault
        .create(
            Uuid::from_u128(3),
            NewProfile { owner, secret, recovery_key: &recovery_key, cost: KdfCost::STANDARD },
        )
        .map(|_| ())
}

/// On a runtime, as the app asks it: the D-Bus client must not meet the app's own runtime.
#[tokio::test]
#[ignore = "started on a private bus by another test"]
async fn inside_with_keyring() {
    if std::env::var_os("INSIDE_PRIVATE_BUS").is_none() {
        return;
    }
    let keystore = Arc::new(SecretServiceKeystore::new());
    assert!(keystore.available());
    assert_eq!(keystore.get("nothing here").unwrap().map(|secret| secret.len()), None);
    keystore.put("a label", b"first").unwrap();
    keystore.put("a label", b"second").unwrap();
    assert_eq!(keystore.get("a label").unwrap().unwrap().as_slice(), b"second");
    keystore.delete("a label").unwrap();
    keystore.delete("a label").unwrap();
    assert!(keystore.get("a label").unwrap().is_none());

    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SystemClock::new());
    let vault = Vault::at(folder.path().join("profile"), keystore.clone(), clock.clone());
    create(&vault, &Secret::pin("270148")).unwrap();
    vault.unlock(&Secret::pin("270148")).unwrap();
    assert!(matches!(vault.unlock(&Secret::pin("270149")), Err(UnlockError::Wrong { .. })));
    // The same files beside another keystore do not open: the half is not in them.
    let label = vault.read().unwrap().unlock.keystore_label.expect("a PIN names its half");
    keystore.delete(&label).unwrap();
    assert!(matches!(vault.unlock(&Secret::pin("270148")), Err(UnlockError::KeystoreEmpty)));
}

#[test]
#[ignore = "started on a private bus by another test"]
fn inside_without_keyring() {
    if std::env::var_os("INSIDE_PRIVATE_BUS").is_none() {
        return;
    }
    let keystore = Arc::new(SecretServiceKeystore::new());
    assert!(!keystore.available());
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::at(folder.path().join("profile"), keystore, Arc::new(SystemClock::new()));
    assert!(matches!(create(&vault, &Secret::pin("270148")), Err(UnlockError::NoKeystore)));
    create(&vault, &Secret::passphrase("correct horse battery")).unwrap();
    vault.unlock(&Secret::passphrase("correct horse battery")).unwrap();
}
