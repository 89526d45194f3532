//! The device engine against the real central over a real socket, without a window: a night on patrol, a lost
//! connection, a restart, the partner's word, the sergeant's summary, and what must not happen on the way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use beatbook_central::demo::{self, Demonstration};
use beatbook_central::server::{self, Running};
use beatbook_central::storage::{self, Storage};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_domain::entry::{Body, Change, DraftForm, Kind};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::summary::{Missing, ShiftSummary};
use beatbook_domain::time::{DAY_MS, Millis, Mono};
use beatbook_protocol::ipc::*;

const OFFICER: &str = "1482";
const PARTNER: &str = "1377";
const SERGEANT: &str = "0311";

fn passphrase(collar: &str) -> String {
    format!("a long passphrase of {collar}")
}

/// Central on loopback, over one database that outlives the process that serves it.
struct Server {
    storage: Arc<dyn Storage>,
    address: SocketAddr,
    running: Option<Running>,
    codes: BTreeMap<String, String>,
}

impl Server {
    async fn start(folder: &Path) -> Self {
        let storage = storage::open(folder.join("central.sqlite").to_str().unwrap()).await.unwrap();
        let now = SystemClock::new().now();
        let made: Demonstration =
            demo::seed(storage.as_ref(), &folder.join("root.key"), &folder.join("recovery.key"), now)
                .await
                .unwrap();
        let codes = made.accounts.into_iter().map(|account| (account.collar, account.code)).collect();
        let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { storage, address: running.address, running: Some(running), codes }
    }

    async fn stop(&mut self) {
        self.running.take().expect("it runs").stop().await.unwrap();
    }

    async fn start_again(&mut self) {
        self.running = Some(server::start(Arc::clone(&self.storage), self.address).await.unwrap());
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn phone(folder: &Path) -> Device {
    Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..DeviceConfig::new(folder.join("phone"))
    })
    .unwrap()
}

async fn enrol(device: &Device, server: &Server, collar: &str) -> StatusView {
    device
        .handle(Enrol {
            server: server.url(),
            code: server.codes[collar].clone(),
            secret: passphrase(collar),
        })
        .await
        .unwrap()
}

async fn unlock(device: &Device, collar: &str) -> SessionView {
    device.handle(Unlock { collar: collar.into(), secret: passphrase(collar) }).await.unwrap()
}

async fn today(device: &Device) -> TodayView {
    device.handle(GetToday {}).await.unwrap()
}

/// Asks again until it is as wanted; says what it was last when it never is.
async fn until<T: std::fmt::Debug, F: Future<Output = T>>(
    what: &str,
    ask: impl Fn() -> F,
    wanted: impl Fn(&T) -> bool,
) -> T {
    let mut last = None;
    for _ in 0..300 {
        let answer = ask().await;
        if wanted(&answer) {
            return answer;
        }
        last = Some(answer);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} never came; last: {last:#?}")
}

async fn all_received(device: &Device) -> TodayView {
    until("everything received", || today(device), |today| today.pill.waiting == 0 && today.pill.total > 0)
        .await
}

async fn engagement(device: &Device, people: u32, cards: u32) -> SavedView {
    let draft = device.handle(OpenDraft::NewEngagement).await.unwrap();
    let place = LocatePlace::Typed { text: "52.6287, 1.3020".into(), name: "Prince of Wales Road".into() };
    let place = device.handle(place).await.unwrap().place;
    let DraftForm::Engagement(mut form) = draft.form else { panic!("an engagement opens as one") };
    assert_eq!((form.people, form.cards.len()), (1, 0));
    form.engagement_type = Some(Code::new("E_CHAT"));
    form.people = people;
    form.topics = vec![Code::new("T_STREETSAFE")];
    if cards > 0 {
        form.cards.insert(Code::new("MAT_WALLET_STREETSAFE_ENOUGH"), cards);
    }
    form.place = place;
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap()
}

async fn concern(device: &Device, seen: &str) -> SavedView {
    let draft = device.handle(OpenDraft::NewConcern).await.unwrap();
    let DraftForm::Concern(mut form) = draft.form else { panic!("a concern opens as one") };
    form.behaviours = vec![Code::new("B_LOITER")];
    form.seen = seen.into();
    form.assessment = "He was choosing people on their own.".into();
    let form = DraftForm::Concern(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap()
}

async fn start_shift(device: &Device) -> TodayView {
    let lists = device.handle(GetLists {}).await.unwrap();
    let partner = lists
        .colleagues
        .iter()
        .find(|colleague| colleague.collar == PARTNER)
        .expect("the roster came")
        .officer;
    device
        .handle(StartShift {
            call_sign: "NC12".into(),
            crew: vec![partner],
            initiative: Some(Code::new("INI_VAWG_REASSURE")),
            transport: Some(Code::new("TR_FOOT")),
            ..Default::default()
        })
        .await
        .unwrap()
}

async fn summary(device: &Device, shift_id: EntryId) -> ShiftSummary {
    device.handle(GetSummary { shift_id }).await.map(|view| view.summary).expect("the shift is here")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_on_patrol_reaches_the_sergeant() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path()).await;
    let device = phone(folder.path());
    for collar in [SERGEANT, PARTNER, OFFICER] {
        let status = enrol(&device, &server, collar).await;
        assert!(
            status.profiles.iter().any(|card| card.collar == collar && card.secret == SecretKind::Passphrase)
        );
        assert_eq!(status.open, None);
    }

    // Locked, nothing can be read; a wrong passphrase is said plainly and costs nothing the first time.
    assert_eq!(device.handle(GetToday {}).await.unwrap_err().code, ErrorCode::Locked);
    let wrong = Unlock { collar: OFFICER.into(), secret: "a passphrase that is wrong".into() };
    assert_eq!(device.handle(wrong).await.unwrap_err().code, ErrorCode::WrongSecret);
    let session = unlock(&device, OFFICER).await;
    assert_eq!(
        (session.title.as_str(), session.capabilities.as_slice()),
        ("PC 1482", &[Capability::Patrol][..])
    );

    // Shift and leg, received.
    let started = start_shift(&device).await;
    let shift_id = started.shift.expect("a shift is open").shift_id;
    let again = StartShift { call_sign: "NC13".into(), ..Default::default() };
    assert_eq!(device.handle(again).await.unwrap_err().code, ErrorCode::NotNow);
    let leg = StartLeg { mode: Some(Code::new("P_FOOT")), ..Default::default() };
    let on_leg = device.handle(leg).await.unwrap();
    assert!(matches!(on_leg.shift.unwrap().doing, Doing::OnLeg(_)));
    let received = all_received(&device).await;
    assert_eq!(received.pill.total, 1, "the patrol record is one");
    assert!(matches!(received.entries[0].state, EntryState::Received { .. }));

    // Called away and back, the reason following.
    device.handle(GoAway { reason: None, author_only: false }).await.unwrap();
    let away =
        device.handle(GoAway { reason: Some(Code::new("AW_RESPONSE")), author_only: false }).await.unwrap();
    assert!(matches!(away.shift.unwrap().doing, Doing::Away { reason: Some(_), .. }));
    device.handle(ComeBack {}).await.unwrap();
    all_received(&device).await;

    // The signal goes.
    server.stop().await;
    let saved = engagement(&device, 3, 2).await;
    assert_eq!(saved.entries.len(), 2, "an engagement and its handout");
    concern(&device, "A man stood facing the taxi rank.").await;
    let draft = device.handle(OpenDraft::NewEngagement).await.unwrap();
    let DraftForm::Engagement(mut form) = draft.form else { panic!() };
    form.note = "Two students asked about the night b".into();
    let keep =
        KeepDraft { entry_id: draft.entry_id, form: DraftForm::Engagement(form.clone()), told: draft.told };
    device.handle(keep).await.unwrap();
    let trying = device.handle(SendNow {}).await.unwrap();
    assert_eq!(trying.pill.waiting, 3);
    let outbox = device.handle(GetOutbox { received_limit: 10 }).await.unwrap();
    assert_eq!((outbox.waiting.len() + outbox.sending.len(), outbox.received.len()), (3, 1));

    // The phone goes off and on.
    device.seal().await;
    drop(device);
    let device = phone(folder.path());
    let status = device.handle(GetStatus {}).await.unwrap();
    assert_eq!(status.profiles[0].collar, OFFICER, "last used first");
    assert_eq!(status.profiles[0].unsent, 3);
    let session = unlock(&device, OFFICER).await;
    assert_eq!(session.recover.map(|row| row.entry_id), Some(draft.entry_id));
    let open = today(&device).await;
    let kinds: Vec<Kind> = open.entries.iter().map(|row| row.kind).collect();
    for kind in [Kind::Engagement, Kind::Handout, Kind::Concern] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    assert!(
        open.entries
            .iter()
            .filter(|row| row.kind != Kind::ShiftOpened)
            .all(|row| row.state.counts_as_waiting())
    );
    let kept = device.handle(OpenDraft::Kept(draft.entry_id)).await.unwrap();
    assert_eq!(kept.form, DraftForm::Engagement(form), "to the last letter");

    // The signal comes back.
    server.start_again().await;
    device.handle(SendNow {}).await.unwrap();
    let received = all_received(&device).await;
    assert!(received.entries.iter().all(|row| matches!(row.state, EntryState::Received { .. })));

    // What the engagement kept of the place, and that it was opened is logged.
    let view = device.handle(GetEntry { entry_id: saved.entries[0] }).await.unwrap();
    let body = view.revisions[0].body.as_ref().unwrap().read(Kind::Engagement, Change::First);
    let Some(Body::Engagement(body)) = body else { panic!("an engagement reads as one") };
    let place = body.place.unwrap();
    assert_eq!(place.ward.unwrap().name, "Thorpe Hamlet");
    assert_eq!((place.square_100m.as_deref(), place.exact), (Some("TG 235 085"), None));
    assert_eq!(view.linked.len(), 1, "its handout");

    // Discard, end, sign: one commit, and all of it received.
    let discarded = device.handle(DiscardDraft { entry_id: draft.entry_id }).await.unwrap();
    assert!(discarded.drafts.is_empty());
    device.handle(EndLeg {}).await.unwrap();
    let closing = device.handle(EndShift { ended_at: None, estimated: false }).await.unwrap();
    assert!(closing.signed && closing.ended_at.is_some());
    assert_eq!(closing.total, 4);
    let _ = until(
        "the shift's receipt",
        || device.handle(GetClosing {}),
        |closing| {
            closing
                .as_ref()
                .is_ok_and(|closing| closing.received == closing.total && closing.receipt_code.is_some())
        },
    )
    .await;
    assert!(today(&device).await.shift.is_none());
    device.handle(Lock { seal: true }).await.unwrap();

    // The sergeant, before the partner confirms.
    let session = unlock(&device, SERGEANT).await;
    assert!(session.capabilities.contains(&Capability::Review));
    let before = until(
        "the submitted shift",
        || async { device.handle(GetSummary { shift_id }).await.ok().map(|view| view.summary) },
        |summary| summary.as_ref().is_some_and(|summary| summary.submitted),
    )
    .await
    .unwrap();
    assert!(
        before
            .missing
            .iter()
            .any(|missing| matches!(missing, Missing::CrewNotConfirmed { disputed: false, .. }))
    );
    assert_eq!(before.person_ms, before.patrol_ms, "an unconfirmed partner counts in no hours");
    let list = device.handle(ListShifts { limit: 10, before: None }).await.unwrap();
    assert_eq!((list.shifts.len(), list.shifts[0].officer.as_str()), (1, "PC 1482"));

    // The partner's own word. Switching officers seals the sergeant's notebook.
    unlock(&device, PARTNER).await;
    // The claim is addressed to the partner, the shift it names to its crew: each comes with its own step.
    let named = |today: &TodayView| today.claims.first().is_some_and(|claim| claim.call_sign.is_some());
    let claim = until("the crew claim and its shift", || today(&device), named).await.claims.remove(0);
    assert_eq!((claim.by.as_str(), claim.call_sign.as_deref()), ("PC 1482", Some("NC12")));
    let answered = device.handle(AnswerCrewClaim { entry_id: claim.entry_id, confirm: true }).await.unwrap();
    assert!(answered.claims.is_empty());
    all_received(&device).await;

    unlock(&device, SERGEANT).await;
    let after =
        until("nothing missing", || summary(&device, shift_id), |summary| summary.missing.is_empty()).await;
    assert_eq!((after.engagements, after.people, after.cards_total, after.concerns), (1, 3, 2, 1));
    assert_eq!((after.away_count, after.patrol_ms), (1, before.patrol_ms));
    assert_eq!(after.person_ms, 2 * after.patrol_ms);
    // Central comes to the same figures by itself.
    let contacts = beatbook_central::figures::contacts(server.storage.as_ref(), after.from).await.unwrap();
    let background = beatbook_central::figures::Background::of(
        server.storage.as_ref(),
        after.from,
        after.until.unwrap_or(after.from),
    );
    let background = background.await.unwrap();
    let at_central =
        beatbook_central::figures::summary(server.storage.as_ref(), shift_id, &contacts, &background)
            .await
            .unwrap();
    assert_eq!(at_central.as_ref(), Some(&after), "one rule, one set of entries, one summary");
    let entries = device.handle(GetSummary { shift_id }).await.unwrap().entries;
    let note = entries.iter().find(|row| row.kind == Kind::Concern).unwrap();
    assert_eq!(note.author.as_deref(), Some("PC 1482"));
    let opened = device.handle(GetEntry { entry_id: note.entry_id }).await.unwrap();
    assert!(opened.revisions[0].body.as_ref().unwrap().json.contains("taxi rank"));
    device.seal().await;
    server.stop().await;

    let report = beatbook_central::verify::verify(server.storage.as_ref()).await.unwrap();
    assert!(report.is_whole(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_withdraws_and_the_same_entry_comes_back_as_a_correction() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path()).await;
    let device = phone(folder.path());
    enrol(&device, &server, OFFICER).await;
    unlock(&device, OFFICER).await;
    let shift_id = start_shift(&device).await.shift.unwrap().shift_id;
    let saved = engagement(&device, 4, 1).await;
    let draft = device.handle(UndoSave { entry_id: saved.entries[0] }).await.unwrap();
    assert_eq!(draft.entry_id, saved.entries[0], "the draft keeps its entry");
    let DraftForm::Engagement(mut form) = draft.form else { panic!() };
    assert_eq!(form.people, 4);
    let gone = summary_of(&device).await;
    assert_eq!((gone.engagements, gone.cards_total), (0, 0), "its handout is withdrawn with it");
    form.people = 5;
    let save = SaveDraft { entry_id: draft.entry_id, form: DraftForm::Engagement(form), told: draft.told };
    let again = device.handle(save.clone()).await.unwrap();
    assert_eq!(again.entries, saved.entries, "the very same two entries");
    let twice = device.handle(save).await.unwrap();
    assert_eq!(twice.entries[0], saved.entries[0], "finishing twice is one entry");
    let view = device.handle(GetEntry { entry_id: saved.entries[0] }).await.unwrap();
    let changes: Vec<Change> = view.revisions.iter().map(|revision| revision.change).collect();
    assert_eq!(changes, [Change::First, Change::Withdraws, Change::Corrects]);
    assert!(!view.forked && !view.withdrawn);
    let now = summary_of(&device).await;
    assert_eq!((now.people, now.cards_total, now.edited), (5, 1, 0), "an undo is not counted as edited");
    let late = device.handle(UndoSave { entry_id: EntryId::from_bytes([1; 16]) }).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::NotNow);
    let received = all_received(&device).await;
    assert!(
        received.entries.iter().all(|row| matches!(&row.state, EntryState::Received { question: None, .. }))
    );
    assert_eq!(summary(&device, shift_id).await.people, 5);
}

async fn summary_of(device: &Device) -> ShiftSummary {
    device.handle(GetClosing {}).await.unwrap().summary
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_screen_goes_on_sending_and_a_sealed_notebook_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path()).await;
    let device = phone(folder.path());
    enrol(&device, &server, OFFICER).await;
    unlock(&device, OFFICER).await;
    server.stop().await;
    start_shift(&device).await;
    engagement(&device, 1, 0).await;
    let locked = device.handle(Lock { seal: false }).await.unwrap();
    assert_eq!((locked.open, locked.still_sending), (None, Some(2)));
    assert_eq!(device.handle(GetToday {}).await.unwrap_err().code, ErrorCode::Locked);
    server.start_again().await;
    let _ = until(
        "what is sent behind the locked screen",
        || device.handle(GetStatus {}),
        |status| status.as_ref().is_ok_and(|status| status.still_sending == Some(0)),
    )
    .await;
    // Unlocking again finds everything as it was; sealing ends the sending.
    unlock(&device, OFFICER).await;
    assert_eq!(today(&device).await.pill.waiting, 0);
    let sealed = device.handle(Lock { seal: true }).await.unwrap();
    assert_eq!((sealed.open, sealed.still_sending), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_essentials_block_and_nothing_typed_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path()).await;
    let device = phone(folder.path());
    enrol(&device, &server, OFFICER).await;
    unlock(&device, OFFICER).await;
    let unnamed =
        device.handle(StartShift { call_sign: "  ".into(), ..Default::default() }).await.unwrap_err();
    assert_eq!((unnamed.code, unnamed.problems[0].field.as_str()), (ErrorCode::Invalid, "call_sign"));
    let draft = device.handle(OpenDraft::NewConcern).await.unwrap();
    let save = SaveDraft { entry_id: draft.entry_id, form: draft.form.clone(), told: draft.told.clone() };
    let error = device.handle(save).await.unwrap_err();
    let fields: Vec<&str> = error.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(fields.contains(&"behaviours") && fields.contains(&"seen"), "{fields:?}");
    let DraftForm::Concern(mut form) = draft.form else { panic!() };
    form.behaviours = vec![Code::new("B_LOITER")];
    form.seen = "x".repeat(10_001);
    let long = SaveDraft {
        entry_id: draft.entry_id,
        form: DraftForm::Concern(form.clone()),
        told: draft.told.clone(),
    };
    let error = device.handle(long).await.unwrap_err();
    assert_eq!((error.code, error.problems[0].field.as_str()), (ErrorCode::Invalid, "seen"));
    assert!(error.message.contains("Shorten") && error.message.contains("kept"), "{}", error.message);
    // A draft is kept whatever it says.
    let keep =
        KeepDraft { entry_id: draft.entry_id, form: DraftForm::Concern(form.clone()), told: draft.told };
    let kept = device.handle(keep).await.unwrap();
    assert!(!kept.problems.is_empty());
    assert_eq!(today(&device).await.drafts.len(), 1);
    let again = device.handle(OpenDraft::Kept(draft.entry_id)).await.unwrap();
    assert_eq!(again.form, DraftForm::Concern(form));
    let nowhere = LocatePlace::Typed { text: "97.0, 1.0".into(), name: String::new() };
    let error = device.handle(nowhere).await.unwrap_err();
    assert!(error.message.contains("outside the world"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_for_one_use_and_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path()).await;
    let device = phone(folder.path());
    let code = server.codes[OFFICER].clone();
    let ask = |code: &str| Enrol { server: server.url(), code: code.to_owned(), secret: passphrase(OFFICER) };
    let error = device.handle(ask("1234")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadCode, "{error}");
    // The second half names the root key of another force.
    let mut other = code.clone();
    let last = if other.ends_with('0') { '1' } else { '0' };
    other.pop();
    other.push(last);
    let error = device.handle(ask(&other)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadCode, "{error}");
    assert!(device.handle(GetStatus {}).await.unwrap().profiles.is_empty(), "nothing is left of a refusal");
    let weak = Enrol { secret: "short".into(), ..ask(&server.codes[PARTNER]) };
    assert_eq!(device.handle(weak).await.unwrap_err().code, ErrorCode::WeakSecret);
    enrol(&device, &server, PARTNER).await;
    let spent = Enrol { code: server.codes[PARTNER].clone(), ..ask(&code) };
    assert_eq!(device.handle(spent).await.unwrap_err().code, ErrorCode::BadCode);
    let nowhere = Enrol { server: "http://127.0.0.1:9".into(), ..ask(&code) };
    assert_eq!(device.handle(nowhere).await.unwrap_err().code, ErrorCode::Unreachable);
}

/// A phone whose clock somebody set two days ahead.
struct Ahead(SystemClock);
impl Clock for Ahead {
    fn now(&self) -> Millis {
        self.0.now().plus(2 * DAY_MS)
    }
    fn mono(&self) -> Mono {
        self.0.mono()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_two_days_off_is_told_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path()).await;
    let device = Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        clock: Arc::new(Ahead(SystemClock::new())),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..DeviceConfig::new(folder.path().join("phone"))
    })
    .unwrap();
    enrol(&device, &server, OFFICER).await;
    unlock(&device, OFFICER).await;
    start_shift(&device).await;
    let saved = engagement(&device, 3, 0).await;
    let told = all_received(&device).await;
    let notice = told.notices.iter().find(|notice| notice.contains("clock")).expect("the clock is told");
    assert!(notice.contains("2 days ahead") && notice.contains("set the phone’s clock"), "{notice}");
    // The revision keeps both: what the phone said, and how far it was off.
    let view = device.handle(GetEntry { entry_id: saved.entries[0] }).await.unwrap();
    let offset = view.revisions[0].offset.expect("measured at enrolment").ms;
    assert!((offset + 2 * DAY_MS).abs() < 60_000, "{offset}");
    let received = view.revisions[0].received_at.expect("received");
    assert!((received.0 - SystemClock::new().now().0).abs() < 60_000, "central's own time");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_folder_is_for_one_beatbook_and_a_damaged_notebook_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path()).await;
    let device = phone(folder.path());
    let second = Device::open(DeviceConfig::new(folder.path().join("phone"))).unwrap_err();
    assert_eq!(second.code, ErrorCode::AlreadyRunning);
    enrol(&device, &server, OFFICER).await;
    let database = find(&folder.path().join("phone"), "records.db").expect("a database");
    std::fs::write(&database, vec![7; 40_000]).unwrap();
    let unlock = || device.handle(Unlock { collar: OFFICER.into(), secret: passphrase(OFFICER) });
    let error = unlock().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::StoreDamaged);
    assert!(
        error.message.contains("kept aside") && error.message.contains("Enrol again"),
        "{}",
        error.message
    );
    assert!(find(&folder.path().join("phone"), "kept-aside").is_some(), "nothing is deleted");
    let status = device.handle(GetStatus {}).await.unwrap();
    assert!(status.notices.iter().any(|notice| notice.contains("kept aside")), "{:?}", status.notices);
}

fn find(folder: &Path, part: &str) -> Option<std::path::PathBuf> {
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if let Some(found) = find(&path, part) {
                return Some(found);
            }
        } else if path.file_name()?.to_str()?.contains(part) {
            return Some(path);
        }
    }
    None
}
