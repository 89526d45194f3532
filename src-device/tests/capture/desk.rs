//! A desk for the tests: a profile made on the disk, its device unlocked, a clock that is told what time it is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use beatbook_device::clock::{Clock, SetClock};
use beatbook_device::device::{Device, DeviceConfig, Handle};
use beatbook_device::place::source::Positions;
use beatbook_device::profile::wrap::{CipherSettings, KdfCost, new_recovery_pair};
use beatbook_device::profile::{NewProfile, NoKeystore, ProfileOwner, Secret, Vault};
use beatbook_device::store::{Identity, Keys, Location, Store, settings};
use beatbook_domain::code_list::{Edition, built_in};
use beatbook_domain::entry::{
    Body, Circumstances, ConcernDraft, DraftForm, DraftItem, EngagementDraft, Entry, Kind, StockDirection,
    fold,
};
use beatbook_domain::id::{
    ChainId, Code, DeviceId, EntryId, EpochId, ForceId, OfficerId, SealKey, Signature, VerifyKey,
};
use beatbook_domain::ledger::StockLine;
use beatbook_domain::place::{Position, PositionSource};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, Command, DraftView, EndShift, EntryView, GetEntry, GetToday, MoveStock, OpenDraft, SaveDraft,
    SavedView, StartShift, TodayView, UndoSave, Unlock,
};
use beatbook_protocol::sync::{ForceBundle, KeyStatement, OfficerRow};
use ed25519_dalek::SigningKey;
use uuid::Uuid;

pub const CARD: &str = "MAT_WALLET_STREETSAFE_ENOUGH";
pub const ALARM: &str = "MAT_ALARM";
pub const ME: u128 = 1482;
pub const PASSPHRASE: &str = "correct horse battery";
/// Friday 27 November 2026, 22:14 in Norwich.
pub const NIGHT: Millis = Millis(1_795_817_640_000);
pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;

pub fn code(text: &str) -> Code {
    Code::new(text)
}

/// A receiver that is told where it is.
#[derive(Default)]
pub struct Told(Mutex<Option<Position>>);

impl Positions for Told {
    fn newest(&self) -> Option<Position> {
        *self.0.lock().unwrap()
    }
}

pub struct Desk {
    folder: tempfile::TempDir,
    pub clock: Arc<SetClock>,
    pub receiver: Arc<Told>,
    device: Option<Device>,
}

/// One of the force's printed lines.
pub fn printed(material: &str, batch: &str) -> StockLine {
    StockLine {
        material: code(material),
        language: Some(code("EN")),
        batch: Some(code(batch)),
        ..StockLine::default()
    }
}

impl Desk {
    /// A desk whose force has printed no cards.
    pub async fn new() -> Self {
        Self::with(built_in().clone()).await
    }

    pub async fn with(edition: Edition) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::at(NIGHT));
        let desk = Self { folder, clock, receiver: Arc::default(), device: None };
        desk.make(&edition);
        desk.opened().await
    }

    async fn opened(mut self) -> Self {
        let config = DeviceConfig {
            data_dir: self.folder.path().to_owned(),
            keystore: Arc::new(NoKeystore),
            clock: self.clock.clone(),
            positions: self.receiver.clone(),
            kdf_cost: cost(),
            ..DeviceConfig::new(self.folder.path())
        };
        self.device = Some(Device::open(config).unwrap());
        self.ask(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
        self
    }

    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profiles").join(Uuid::from_u128(7).to_string())
    }

    pub fn vault(&self) -> Vault {
        let clock: Arc<dyn Clock> = self.clock.clone();
        Vault::at(self.profile(), Arc::new(NoKeystore), clock)
    }

    fn make(&self, edition: &Edition) {
        let officer = OfficerId(Uuid::from_u128(ME));
        let owner = ProfileOwner {
            officer_id: officer,
            title: "PC 1482".into(),
            collar: "1482".into(),
            device_id: DeviceId(Uuid::from_u128(5)),
            force: "Demonstration".into(),
        };
        let recovery_key = new_recovery_pair().unwrap().1;
        let secret = Secret::passphrase(PASSPHRASE);
        let new = NewProfile { owner, secret: &secret, recovery_key: &recovery_key, cost: cost() };
        let vault = self.vault();
        let key = vault.create(Uuid::from_u128(7), new).unwrap();
        let public = VerifyKey([1; 32]);
        let identity = Identity {
            officer: OfficerRow { officer, collar: "1482".into(), role: Code::new("PC"), team: None },
            team: None,
            device_id: DeviceId(Uuid::from_u128(5)),
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
            record_chain: ChainId(Uuid::from_u128(100)),
            log_chain: ChainId(Uuid::from_u128(101)),
            proof: None,
        };
        let keys = Keys::new(SigningKey::from_bytes(&[4; 32])).unwrap();
        let location = Location { path: vault.database(), key, cipher: CipherSettings::default() };
        let mut store = Store::create(location, identity, keys, self.clock.clone()).unwrap();
        store.set_setting(settings::LISTS, edition).unwrap();
    }

    /// Closes the device, lets `work` have its notebook, and opens it again.
    pub async fn behind<T>(mut self, work: impl FnOnce(&mut Store) -> T) -> (Self, T) {
        self.device.take().unwrap().seal().await;
        let vault = self.vault();
        let (key, _) = vault.unlock(&Secret::passphrase(PASSPHRASE)).unwrap();
        let location = Location { path: vault.database(), key, cipher: CipherSettings::default() };
        let mut store = Store::open(location, self.clock.clone()).unwrap();
        let outcome = work(&mut store);
        store.verify_all().unwrap();
        drop(store);
        (self.opened().await, outcome)
    }

    /// Every entry in the notebook, by its kind, as it stands on the disk.
    pub async fn sealed(self, kind: Kind) -> (Self, Vec<Entry>) {
        self.behind(|store| {
            let kinds = [kind, kind.end().unwrap_or(kind), Kind::DutyDischarged];
            let rows = store.revisions_of_kinds(&kinds, None, Millis(0), 1_000).unwrap();
            let mut entries = fold(rows.iter().filter_map(|row| row.parse()));
            entries.retain(|entry| entry.first().head.kind == kind);
            entries
        })
        .await
    }

    pub async fn ask<C: Command>(&self, command: C) -> Result<C::Output, AppError>
    where
        Device: Handle<C>,
    {
        self.device.as_ref().unwrap().handle(command).await
    }

    pub fn pass(&self, ms: u64) {
        self.clock.pass(ms);
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    pub fn stand_at(&self, lat_e6: i32, lon_e6: i32) {
        *self.receiver.0.lock().unwrap() = Some(Position {
            lat_e6,
            lon_e6,
            accuracy_m: Some(8),
            fixed_at: Some(self.now()),
            source: PositionSource::default(),
        });
    }

    pub fn stand_nowhere(&self) {
        *self.receiver.0.lock().unwrap() = None;
    }

    pub async fn today(&self) -> TodayView {
        self.ask(GetToday {}).await.unwrap()
    }

    pub async fn start_shift(&self) -> EntryId {
        let start = StartShift { call_sign: "NC12".into(), ..StartShift::default() };
        self.ask(start).await.unwrap().shift.unwrap().shift_id
    }

    pub async fn end_shift(&self) {
        self.ask(EndShift { ended_at: None, estimated: false }).await.unwrap();
    }

    pub async fn entry(&self, entry_id: EntryId) -> EntryView {
        self.ask(GetEntry { entry_id }).await.unwrap()
    }

    pub async fn open(&self, what: OpenDraft) -> DraftView {
        self.ask(what).await.unwrap()
    }

    pub async fn try_save(&self, draft: DraftView) -> Result<SavedView, AppError> {
        self.ask(SaveDraft { entry_id: draft.entry_id, form: draft.form, told: draft.told }).await
    }

    pub async fn save(&self, draft: DraftView) -> SavedView {
        self.try_save(draft).await.unwrap()
    }

    pub async fn undo(&self, entry_id: EntryId) -> DraftView {
        self.ask(UndoSave { entry_id }).await.unwrap()
    }

    /// Opens a form, lets `fill` fill it in, and saves it.
    pub async fn write(
        &self,
        what: OpenDraft,
        fill: impl FnOnce(&mut DraftForm, &mut Circumstances),
    ) -> EntryId {
        let mut draft = self.open(what).await;
        fill(&mut draft.form, &mut draft.told);
        self.save(draft).await.entries[0]
    }

    pub async fn engagement(&self, fill: impl FnOnce(&mut EngagementDraft)) -> EntryId {
        self.write(OpenDraft::NewEngagement, |form, _| {
            let it = engagement(form);
            it.engagement_type = Some(code("E_CHAT"));
            fill(it);
        })
        .await
    }

    pub async fn concern(&self, fill: impl FnOnce(&mut ConcernDraft)) -> EntryId {
        self.write(OpenDraft::NewConcern, |form, _| {
            let it = concern(form);
            it.behaviours = vec![code("B_FOLLOW")];
            it.seen = "Followed two people for 200 m.".into();
            fill(it);
        })
        .await
    }

    /// Opens a correction, lets `change` change it, and saves it with a reason.
    pub async fn amend(&self, entry_id: EntryId, change: impl FnOnce(&mut DraftForm)) -> SavedView {
        let mut draft = self.open(OpenDraft::Amend(entry_id)).await;
        change(&mut draft.form);
        draft.told.reason = "Counted again".into();
        self.save(draft).await
    }

    pub async fn draw(&self, material: &str, batch: &str, quantity: u32) {
        let items = vec![item(material, batch, quantity)];
        let draw = MoveStock { direction: StockDirection::Drawn, items, note: String::new() };
        self.ask(draw).await.unwrap();
    }
}

fn cost() -> KdfCost {
    KdfCost { memory_kib: 64, passes: 1, lanes: 1 }
}

pub fn item(material: &str, batch: &str, quantity: u32) -> DraftItem {
    DraftItem {
        material: code(material),
        quantity,
        language: Some(code("EN")),
        batch: Some(code(batch)),
        version: None,
    }
}

pub fn engagement(form: &mut DraftForm) -> &mut EngagementDraft {
    match form {
        DraftForm::Engagement(it) => it,
        other => panic!("not an engagement: {other:?}"),
    }
}

pub fn concern(form: &mut DraftForm) -> &mut ConcernDraft {
    match form {
        DraftForm::Concern(it) => it,
        other => panic!("not a concern: {other:?}"),
    }
}

/// The body of the newest revision.
pub fn newest(view: &EntryView) -> Body {
    let revision = view.revisions.last().unwrap();
    revision.body.as_ref().unwrap().read(revision.kind, revision.change).unwrap()
}

/// The fields an error asks about.
pub fn fields(error: &AppError) -> Vec<&str> {
    error.problems.iter().map(|problem| problem.field.as_str()).collect()
}
