#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The store on real SQLCipher files.

mod central_end;
mod copies;
mod erasing;
mod exchange;
mod files;
mod find;
mod records;

use std::sync::Arc;

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::{Body, Engagement, Kind};
use beatbook_domain::id::{
    ChainId, Code, DeviceId, EpochId, ForceId, OfficerId, SealKey, Signature, TeamId, VerifyKey,
};
use beatbook_domain::seal::{Purpose, sign};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{
    ForceBundle, KeyStatement, OfficerRow, Receipt, ReceiptList, Refusal, SignedReceipts,
};
use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use uuid::Uuid;

use super::append::new_entry_id;
use super::open::{Expect, Location, open};
use super::receipts::ApplyReceipts;
use super::*;
use crate::clock::SetClock;
use crate::profile::wrap::{CipherSettings, DatabaseKey};

pub(super) const NIGHT: Millis = Millis(1_764_281_640_000);

pub(super) struct Bench {
    pub folder: tempfile::TempDir,
    pub clock: Arc<SetClock>,
    pub location: Location,
    pub receipt_key: SigningKey,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location {
            path: folder.path().join("records.db"),
            key: DatabaseKey::random().unwrap(),
            cipher: CipherSettings::default(),
        };
        Self {
            folder,
            clock: Arc::new(SetClock::at(NIGHT)),
            location,
            receipt_key: SigningKey::from_bytes(&[7; 32]),
        }
    }

    pub fn identity(&self) -> Identity {
        let public = VerifyKey(self.receipt_key.verifying_key().to_bytes());
        Identity {
            officer: OfficerRow {
                officer: OfficerId(Uuid::from_u128(1482)),
                collar: "1482".into(),
                role: Code::new("PC"),
                team: Some(TeamId(Uuid::from_u128(3))),
            },
            team: Some((TeamId(Uuid::from_u128(3)), "Night team".into())),
            device_id: DeviceId(Uuid::from_u128(5)),
            force: ForceBundle {
                force: ForceId(Uuid::from_u128(1)),
                name: "Demonstration".into(),
                root_key: public,
                keys: KeyStatement {
                    number: 1,
                    receipt_key: public,
                    sealing_key: SealKey([1; 32]),
                    recovery_key: SealKey([2; 32]),
                    tls_keys: Vec::new(),
                    epoch: EpochId(Uuid::from_u128(9)),
                },
            },
            bundle: String::new(),
            bundle_signature: Signature([0; 64]),
            server: "http://127.0.0.1:1".into(),
            record_chain: ChainId(Uuid::from_u128(100)),
            log_chain: ChainId(Uuid::from_u128(101)),
            proof: None,
        }
    }

    pub fn create(&self) -> Store {
        let keys = Keys::new(SigningKey::from_bytes(&[4; 32])).unwrap();
        Store::create(self.location.clone(), self.identity(), keys, self.clock.clone()).unwrap()
    }

    pub fn open(&self) -> Result<Store, StoreError> {
        Store::open(self.location.clone(), self.clock.clone())
    }

    /// A connection beside the store's, with the right key: for looking and for tampering.
    pub fn beside(&self) -> Connection {
        open(&self.location, Expect::Existing, NIGHT).unwrap()
    }

    pub fn signed(&self, receipts: Vec<Receipt>) -> SignedReceipts {
        let identity = self.identity();
        let list = ReceiptList {
            epoch: identity.force.keys.epoch,
            keys: identity.force.keys.number,
            device: identity.device_id,
            at: NIGHT,
            receipts,
        };
        let list = serde_json::to_string(&list).unwrap();
        let signature = sign(&self.receipt_key, Purpose::Receipts, &[list.as_bytes()]);
        SignedReceipts { list, signature, key: identity.force.keys.receipt_key }
    }
}

pub(super) fn code(list: &str, code: &str) -> CodeRef {
    CodeRef { list: Code::new(list), version: 1, code: Code::new(code), label: code.to_owned() }
}

pub(super) fn engagement(note: &str) -> NewRevision {
    let body = Body::Engagement(Engagement {
        engagement_type: code("engagement_type", "PUBLIC"),
        people: 3,
        topics: vec![code("topic", "LIGHTING")],
        concerns: Vec::new(),
        place: None,
        light: None,
        safe_by_day: None,
        safe_after_dark: None,
        verification: None,
        under_18: None,
        safeguarding_ref: None,
        bands: None,
        crime: None,
        paper: None,
        follow_up: false,
        note: Some(note.to_owned()),
        reason: None,
    });
    NewRevision::first(new_entry_id(NIGHT), Kind::Engagement, NIGHT, body)
}

pub(super) fn save(store: &mut Store, note: &str) -> Written {
    store.append(Chain::Record, &[engagement(note)]).unwrap()[0]
}

pub(super) fn receipt(written: &Written, pos: u64) -> Receipt {
    Receipt { link: written.link, pos, received_at: NIGHT.plus(1_000), problems: Vec::new() }
}

pub(super) fn apply(
    store: &mut Store,
    bench: &Bench,
    receipts: Vec<Receipt>,
    refusals: Vec<Refusal>,
) -> receipts::Applied {
    let mut job =
        ApplyReceipts::new(Some(bench.signed(receipts)), refusals, Vec::new(), &bench.identity()).unwrap();
    loop {
        if let Some(applied) = job.step(store).unwrap() {
            return applied;
        }
    }
}

/// The entries found by words, newest first.
pub(super) fn found(store: &mut Store, words: &str) -> Vec<beatbook_domain::id::EntryId> {
    use super::find::Wanted;
    let wanted = Wanted { words: words.to_owned(), limit: 50, ..Wanted::default() };
    store.find(&wanted).unwrap().entries.into_iter().map(|(_, entry)| entry).collect()
}
