//! What the device seals to the force's recovery key, central's `recover` opens: two implementations of one format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_central::{clock, force, recover, storage};
use beatbook_device::profile::{DatabaseKey, Factor, KdfCost, ProfileOwner, Wrap, wrap::NewUnlock};
use beatbook_domain::id::{DeviceId, OfficerId};
use uuid::Uuid;

#[tokio::test]
async fn a_forgotten_pin_is_recovered_with_the_offline_key() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let database = at("central.sqlite").display().to_string();
    let central = storage::open(&database).await.unwrap();
    let (root, recovery) = (at("root.key"), at("recovery.key"));
    let bundle = force::create(central.as_ref(), "Norfolk", &root, &recovery, clock::now()).await.unwrap();

    let key = DatabaseKey::random().unwrap();
    let owner = ProfileOwner {
        officer_id: OfficerId(Uuid::new_v4()),
        title: "PC 1482".into(),
        collar: "1482".into(),
        device_id: DeviceId(Uuid::new_v4()),
        force: bundle.name.clone(),
    };
    let unlock = NewUnlock {
        factor: Factor::PinAndKeystore,
        secret: "314159",
        keystore: Some(("label", b"the keystore's half, lost with the phone")),
        cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
    };
    let recovery_key = bundle.keys.recovery_key;
    let wrap = Wrap::create(owner, Uuid::new_v4(), clock::now(), &key, &unlock, &recovery_key).unwrap();
    wrap.write(&at("wrap")).unwrap();

    let secret = force::read_key(&recovery, force::RECOVERY).unwrap();
    let opened = recover::open(&at("wrap"), &secret).unwrap();
    let hex: String = opened.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(format!("x'{hex}'"), key.literal().as_str());

    // Neither the root key, nor another force's, nor a damaged file opens anything.
    assert!(force::read_key(&root, force::RECOVERY).is_err());
    let other = recover::open(&at("wrap"), &[7; 32]).unwrap_err().to_string();
    assert!(other.contains(&recovery_key.to_string()), "{other}");
    let mut bytes = std::fs::read(at("wrap")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(at("damaged"), bytes).unwrap();
    assert!(recover::open(&at("damaged"), &secret).is_err());
}
