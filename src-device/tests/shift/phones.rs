//! Phones for the tests: each a profile made on the disk, its device unlocked; what one wrote another may pull.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use beatbook_device::clock::{Clock, SetClock};
use beatbook_device::device::{Device, DeviceConfig, Handle};
use beatbook_device::place::source::Positions;
use beatbook_device::profile::wrap::{CipherSettings, KdfCost, new_recovery_pair};
use beatbook_device::profile::{NewProfile, NoKeystore, ProfileOwner, Secret, Vault};
use beatbook_device::store::pull::ApplyChanges;
use beatbook_device::store::{Chain, Identity, Keys, Location, Store};
use beatbook_domain::entry::{Entry, Kind, fold};
use beatbook_domain::id::{
    ChainId, Code, DeviceId, EpochId, ForceId, Link, OfficerId, SealKey, Signature, UnitId, VerifyKey,
};
use beatbook_domain::place::areas::{DEMONSTRATION, import};
use beatbook_domain::place::{Position, PositionSource};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::*;
use beatbook_protocol::sync::{
    FeedItem, FeedRevision, ForceBundle, KeyStatement, OfficerRow, ReferenceItem, Scope, ScopeChanges,
};
use ed25519_dalek::SigningKey;
use serde_json::value::RawValue;
use uuid::Uuid;

/// The officers.
pub const ANN: u128 = 1482;
pub const BEN: u128 = 1377;
const PASSPHRASE: &str = "correct horse battery";
/// Friday 27 November 2026, 22:14 in Norwich.
pub const NIGHT: Millis = Millis(1_795_817_640_000);
pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;
/// Prince of Wales Road, and the city centre around it.
pub const ROAD: &str = "DEMO-P-POW";
pub const CITY: &str = "DEMO-P-NORW";

pub fn code(text: &str) -> Code {
    Code::new(text)
}

pub fn officer(n: u128) -> OfficerId {
    OfficerId(Uuid::from_u128(n))
}

/// A receiver that is told where it is.
#[derive(Default)]
pub struct Told(Mutex<Option<Position>>);

impl Positions for Told {
    fn newest(&self) -> Option<Position> {
        *self.0.lock().unwrap()
    }
}

pub struct Phone {
    folder: tempfile::TempDir,
    who: u128,
    number: u128,
    pub clock: Arc<SetClock>,
    receiver: Arc<Told>,
    device: Option<Device>,
}

fn cost() -> KdfCost {
    KdfCost { memory_kib: 64, passes: 1, lanes: 1 }
}

impl Phone {
    /// The first phone of an officer, by its own clock.
    pub async fn of(who: u128) -> Self {
        Self::numbered(who, 1, &Arc::new(SetClock::at(NIGHT))).await
    }

    /// A phone beside others: it goes by their clock.
    pub async fn beside(&self, who: u128, number: u128) -> Self {
        Self::numbered(who, number, &self.clock).await
    }

    async fn numbered(who: u128, number: u128, clock: &Arc<SetClock>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut phone =
            Self { folder, who, number, clock: Arc::clone(clock), receiver: Arc::default(), device: None };
        let mut store = phone.make();
        let officers = [(ANN, "1482"), (BEN, "1377"), (311, "0311")].map(|(n, collar)| OfficerRow {
            officer: officer(n),
            collar: collar.into(),
            role: code("PC"),
            team: None,
        });
        let areas = import(1, &DEMONSTRATION).unwrap().split().unwrap();
        let items = officers.map(ReferenceItem::Officer).into_iter();
        let items = items.chain(areas.into_iter().map(ReferenceItem::AreaPart)).map(FeedItem::Reference);
        apply(&mut store, Scope::Reference, items.collect());
        drop(store);
        phone.open().await;
        phone
    }

    async fn open(&mut self) {
        let config = DeviceConfig {
            data_dir: self.folder.path().to_owned(),
            keystore: Arc::new(NoKeystore),
            clock: self.clock.clone(),
            positions: self.receiver.clone(),
            kdf_cost: cost(),
            ..DeviceConfig::new(self.folder.path())
        };
        self.device = Some(Device::open(config).unwrap());
        self.ask(Unlock { collar: self.who.to_string(), secret: PASSPHRASE.into() }).await;
    }

    fn vault(&self) -> Vault {
        let folder: PathBuf = self.folder.path().join("profiles").join(Uuid::from_u128(7).to_string());
        let clock: Arc<dyn Clock> = self.clock.clone();
        Vault::at(folder, Arc::new(NoKeystore), clock)
    }

    fn make(&self) -> Store {
        let (title, collar) = (format!("PC {}", self.who), self.who.to_string());
        let device_id = DeviceId(Uuid::from_u128(self.number));
        let owner = ProfileOwner {
            officer_id: officer(self.who),
            title,
            collar: collar.clone(),
            device_id,
            force: "Demonstration".into(),
        };
        let recovery_key = new_recovery_pair().unwrap().1;
        let secret = Secret::passphrase(PASSPHRASE);
        let new = NewProfile { owner, secret: &secret, recovery_key: &recovery_key, cost: cost() };
        let vault = self.vault();
        let key = vault.create(Uuid::from_u128(7), new).unwrap();
        let public = VerifyKey([1; 32]);
        let chain = |log: u128| ChainId(Uuid::from_u128(self.who * 100 + self.number * 10 + log));
        let identity = Identity {
            officer: OfficerRow { officer: officer(self.who), collar, role: code("PC"), team: None },
            team: None,
            device_id,
            force: ForceBundle {
                force: ForceId(Uuid::from_u128(1)),
                name: "Demonstration".into(),
                root_key: public,
                keys: KeyStatement {
                    number: 1,
                    receipt_key: public,
                    sealing_key: SealKey([1; 32]),
                    recovery_key,
                    tls_keys: Vec::new(),
                    epoch: EpochId(Uuid::from_u128(9)),
                },
            },
            bundle: String::new(),
            bundle_signature: Signature([0; 64]),
            server: "http://127.0.0.1:1".into(),
            record_chain: chain(0),
            log_chain: chain(1),
            proof: None,
        };
        let keys = Keys::new(SigningKey::from_bytes(&[4; 32])).unwrap();
        let location = Location { path: vault.database(), key, cipher: CipherSettings::default() };
        Store::create(location, identity, keys, self.clock.clone()).unwrap()
    }

    /// Closes the device, lets `work` have its notebook, and opens it again.
    pub async fn behind<T>(&mut self, work: impl FnOnce(&mut Store) -> T) -> T {
        self.device.take().unwrap().seal().await;
        let vault = self.vault();
        let (key, _) = vault.unlock(&Secret::passphrase(PASSPHRASE)).unwrap();
        let location = Location { path: vault.database(), key, cipher: CipherSettings::default() };
        let mut store = Store::open(location, self.clock.clone()).unwrap();
        let outcome = work(&mut store);
        store.verify_all().unwrap();
        drop(store);
        self.open().await;
        outcome
    }

    /// The phone goes off and on.
    pub async fn restart(&mut self) {
        self.behind(|_| ()).await;
    }

    /// Every entry in the notebook, as it stands on the disk.
    pub async fn entries(&mut self) -> Vec<Entry> {
        self.behind(|store| {
            let rows = store.revisions_of_kinds(Kind::ALL, None, Millis(0), 10_000).unwrap();
            fold(rows.iter().filter_map(|row| row.parse()))
        })
        .await
    }

    /// What was written of some kinds, in order.
    pub async fn sealed(&mut self, kinds: &[Kind]) -> Vec<Entry> {
        let mut entries = self.entries().await;
        entries.retain(|entry| kinds.contains(&entry.kind()));
        entries
    }

    /// Takes everything another phone wrote of its own, as central would give it.
    pub async fn pull(&mut self, from: &mut Self) {
        let own = from
            .behind(|store| {
                let chain = store.chain_id(Chain::Record);
                store.whole_chain(chain).unwrap()
            })
            .await;
        let at = self.clock.now();
        let mut before = Link::GENESIS;
        let mut items = Vec::new();
        for (pos, row) in own.into_iter().enumerate() {
            let raw = |bytes: Vec<u8>| RawValue::from_string(String::from_utf8(bytes).unwrap()).unwrap();
            items.push(FeedItem::Revision(FeedRevision {
                pos: u64::try_from(pos).unwrap() + 1,
                chain_id: row.chain_id,
                seq: row.seq,
                link: row.link,
                before,
                head: raw(row.head),
                body: row.body.map(raw),
                salt: row.salt,
                commit: row.commit,
                received_at: at,
                problems: Vec::new(),
            }));
            before = row.link;
        }
        let scope = Scope::Officer(officer(self.who));
        self.behind(|store| apply(store, scope, items)).await;
    }

    pub async fn try_ask<C: Command>(&self, command: C) -> Result<C::Output, AppError>
    where
        Device: Handle<C>,
    {
        self.device.as_ref().unwrap().handle(command).await
    }

    pub async fn ask<C: Command>(&self, command: C) -> C::Output
    where
        Device: Handle<C>,
    {
        self.try_ask(command).await.unwrap()
    }

    /// The words of a refusal.
    pub async fn refused<C: Command>(&self, command: C) -> String
    where
        Device: Handle<C>,
        C::Output: std::fmt::Debug,
    {
        self.try_ask(command).await.unwrap_err().message
    }

    pub async fn today(&self) -> TodayView {
        self.ask(GetToday {}).await
    }

    pub async fn shift(&self) -> ShiftView {
        self.today().await.shift.expect("a shift is open")
    }

    pub async fn start(&self, call_sign: &str) -> ShiftView {
        let start = StartShift { call_sign: call_sign.into(), ..StartShift::default() };
        self.ask(start).await.shift.unwrap()
    }

    pub async fn leg(&self, mode: &str) -> ShiftView {
        let leg = StartLeg { mode: Some(code(mode)), ..StartLeg::default() };
        self.ask(leg).await.shift.unwrap()
    }

    pub async fn end(&self) -> ClosingView {
        self.ask(EndShift { ended_at: None, estimated: false }).await
    }

    pub fn pass(&self, ms: u64) {
        self.clock.pass(ms);
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The receiver fixes a position now.
    pub fn stand_at(&self, lat_e6: i32, lon_e6: i32) {
        let fix = Position::new(lat_e6, lon_e6, Some(8), Some(self.now()), PositionSource::Gps);
        *self.receiver.0.lock().unwrap() = fix.ok();
    }
}

fn apply(store: &mut Store, scope: Scope, items: Vec<FeedItem>) {
    let mut job = ApplyChanges::new(vec![ScopeChanges { scope, cursor: 1, items }]);
    loop {
        if let Some(pulled) = job.step(store).unwrap() {
            assert_eq!(pulled.bad, 0, "everything verifies");
            return;
        }
    }
}

/// The unit an entry is sealed with.
pub fn unit(entry: &Entry) -> Option<UnitId> {
    entry.current().head.unit_id
}
