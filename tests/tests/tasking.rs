//! Before the shift, end to end through the engines: a sergeant plans without signal; the phone of an officer has it
//! before the shift; it is read, done otherwise once, changed, read again; and the summary counts planned, made, missed
//! and excused, the same on phone and at central.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use beatbook_central::figures::{self, Background};
use beatbook_central::storage::{self, Storage};
use beatbook_central::{demo, server, verify};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle};
use beatbook_domain::check::ProblemCode;
use beatbook_domain::entry::{Circumstances, DraftForm, DraftTaskedArea, DraftWindow, TaskingDraft};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::place::AreaRef;
use beatbook_domain::summary::Excuse;
use beatbook_domain::time::{HOUR_MS, Millis, clock, local};
use beatbook_protocol::ipc::*;
use beatbook_tests::engine::phone;

const PASSPHRASE: &str = "a long passphrase of theirs";

struct Night {
    storage: Arc<dyn Storage>,
    running: Option<server::Running>,
    codes: Vec<(String, String)>,
    folder: tempfile::TempDir,
    address: std::net::SocketAddr,
}

impl Night {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
        let (root, recovery) = (folder.path().join("root.key"), folder.path().join("recovery.key"));
        let made = demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.unwrap();
        let codes = made.accounts.into_iter().map(|account| (account.collar, account.code)).collect();
        let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = running.address;
        Self { storage, running: Some(running), codes, folder, address }
    }

    async fn phone(&self, collar: &str) -> Device {
        let device = phone(&self.folder.path().join(collar));
        let code = self.codes.iter().find(|(known, _)| known == collar).unwrap().1.clone();
        let server = format!("http://{}", self.address);
        device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await.unwrap();
        device.handle(Unlock { collar: collar.into(), secret: PASSPHRASE.into() }).await.unwrap();
        synced(&device).await;
        device
    }

    async fn signal_goes(&mut self) {
        self.running.take().unwrap().stop().await.unwrap();
    }

    async fn signal_comes(&mut self) {
        self.running = Some(server::start(Arc::clone(&self.storage), self.address).await.unwrap());
    }
}

async fn synced(device: &Device) {
    for _ in 0..200 {
        device.handle(SendNow {}).await.unwrap();
        tokio::time::sleep(Duration::from_millis(40)).await;
        if device.handle(GetToday {}).await.unwrap().pill.waiting == 0 {
            break;
        }
    }
    device.handle(SendNow {}).await.unwrap();
    tokio::time::sleep(Duration::from_millis(250)).await;
}

fn now() -> Millis {
    SystemClock::new().now()
}

fn area(choice: &PlaceChoice, visits: u32) -> DraftTaskedArea {
    DraftTaskedArea {
        area: AreaRef { code: choice.code.clone(), name: choice.name.clone() },
        band: choice.band,
        max_gap_min: choice.max_gap_min,
        windows: vec![DraftWindow { visits, ..DraftWindow::default() }],
        why: vec!["TR_NTE".into()],
        note: String::new(),
    }
}

/// Fills the form of a plan and gives it; from half an hour ago, for four hours.
async fn give(
    device: &Device,
    draft: DraftView,
    reason: &str,
    fill: impl FnOnce(&mut TaskingDraft),
) -> Result<EntryId, AppError> {
    let DraftForm::Tasking(mut form) = draft.form else { panic!("a plan opens as one") };
    fill(&mut form);
    let told = Circumstances { reason: reason.into(), ..draft.told };
    let form = DraftForm::Tasking(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told }).await?;
    Ok(draft.entry_id)
}

fn tonight(form: &mut TaskingDraft) {
    let from = now().plus(-HOUR_MS / 2);
    form.night = Some(local(from).date_naive());
    (form.from, form.until) = (clock(from), clock(now().plus(4 * HOUR_MS)));
}

async fn briefing(device: &Device) -> BriefingView {
    let mut view = device.handle(GetBriefings {}).await.unwrap();
    assert_eq!(view.briefings.len(), 1, "{view:?}");
    view.briefings.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_is_planned_read_changed_and_counted() {
    let mut night = Night::begin().await;
    let (officer, sergeant) = (night.phone("1482").await, night.phone("0311").await);
    let places = sergeant.handle(ListPlaces {}).await.unwrap().areas;
    let [pow, tombland, riverside, ..] = places.as_slice() else { panic!("three areas: {places:?}") };

    // The sergeant plans with no signal: kept as typed, checked, saved.
    night.signal_goes().await;
    let draft = sergeant.handle(OpenDraft::NewTasking(None)).await.unwrap();
    let wrong = give(&sergeant, draft.clone(), "", |form| {
        tonight(form);
        form.areas = vec![DraftTaskedArea { note: "Look for John Smith".into(), ..area(pow, 2) }];
    });
    let problems = wrong.await.unwrap_err().problems;
    assert_eq!((problems[0].field.as_str(), problems[0].code), ("note-0", ProblemCode::PlacesOnly));
    let plan = give(&sergeant, draft, "", |form| {
        tonight(form);
        form.initiative = Some("INI_VAWG_REASSURE".into());
        form.areas = vec![area(pow, 2), area(tombland, 1), area(riverside, 1)];
    });
    let plan = plan.await.unwrap();
    let list = sergeant.handle(ListTaskings { limit: 10 }).await.unwrap();
    assert!(list.may_plan && list.taskings[0].state == EntryState::Saved, "{list:?}");
    assert!(officer.handle(OpenDraft::NewTasking(None)).await.is_err(), "an officer plans nothing");

    // It syncs later, and is on the officer's phone before a shift is open.
    night.signal_comes().await;
    synced(&sergeant).await;
    synced(&officer).await;
    night.signal_goes().await;
    let today = officer.handle(GetToday {}).await.unwrap();
    let card = &today.briefings[0];
    assert_eq!((card.entry_id, card.areas, card.visits, &card.read), (plan, 3, 4, &BriefingRead::New));
    let shown = briefing(&officer).await;
    assert_eq!((shown.by.as_str(), shown.version, shown.areas[0].windows[0].visits), ("PS 0311", 1, 2));
    assert_eq!(shown.areas[0].why, ["Night-time economy"]);
    let listed = officer.handle(ListPlaces {}).await.unwrap().areas;
    assert_eq!(listed.iter().filter(|place| place.planned.is_some()).count(), 3);

    // Read in one press without signal; pressed twice it is read once.
    let acknowledge = AcknowledgeBriefing { entry_id: plan, link: shown.link };
    officer.handle(acknowledge.clone()).await.unwrap();
    let waiting = officer.handle(GetToday {}).await.unwrap().pill.waiting;
    officer.handle(acknowledge).await.unwrap();
    assert_eq!(officer.handle(GetToday {}).await.unwrap().pill.waiting, waiting);
    assert_eq!(briefing(&officer).await.read, BriefingRead::Current);

    // On the shift: one visit made, one area done otherwise.
    officer.handle(StartShift { call_sign: "NC12".into(), ..StartShift::default() }).await.unwrap();
    let shift_id = officer.handle(GetToday {}).await.unwrap().shift.unwrap().shift_id;
    officer.handle(EnterArea { area: pow.code.clone() }).await.unwrap();
    officer.handle(LeaveArea {}).await.unwrap();
    let window = shown.areas[1].windows[0].from;
    let deviate = |reason: &str, words: &str| DeviateFromBriefing {
        entry_id: plan,
        link: shown.link,
        area: Some(tombland.code.clone()),
        window: Some(window),
        reason: Code::new(reason),
        words: words.into(),
    };
    let blocked = officer.handle(deviate("DV_OTHER", "")).await.unwrap_err();
    assert_eq!(blocked.problems[0].code, ProblemCode::SayWhy);
    let blocked = officer.handle(deviate("DV_OTHER", "Talking with Jane Smith")).await.unwrap_err();
    assert_eq!(blocked.problems[0].code, ProblemCode::PlacesOnly);
    let said = officer.handle(deviate("DV_CLOSED", "")).await.unwrap().briefings.remove(0);
    assert_eq!(said.areas[1].windows[0].otherwise.as_deref(), Some("Place closed or not reachable"));
    assert_eq!((said.made, said.areas[0].windows[0].made), (1, 1));
    let planned = officer.handle(ListPlaces {}).await.unwrap().areas;
    let here = planned.iter().find(|place| place.code == pow.code).unwrap().planned.unwrap();
    assert_eq!((here.visits, here.made), (2, 1));

    // The sergeant sees who read what, and changes it in mid-shift.
    night.signal_comes().await;
    synced(&officer).await;
    synced(&sergeant).await;
    let row = sergeant.handle(ListTaskings { limit: 10 }).await.unwrap().taskings.remove(0);
    assert_eq!(
        (row.read[0].officer.as_str(), row.read[0].version, row.read[0].current),
        ("PC 1482", Some(1), true)
    );
    assert!(row.read[0].otherwise[0].contains("Place closed"), "{row:?}");
    assert!(row.not_read.contains(&"PC 1377".to_owned()) && !row.not_read.contains(&"PS 0311".to_owned()));
    let draft = sergeant.handle(OpenDraft::Amend(plan)).await.unwrap();
    let without_reason = give(&sergeant, draft.clone(), " ", |_| {}).await.unwrap_err();
    assert_eq!(without_reason.problems[0].code, ProblemCode::GiveReason);
    give(&sergeant, draft, "Riverside is busier than thought", |form| form.areas[2].windows[0].visits = 3)
        .await
        .unwrap();
    synced(&sergeant).await;
    synced(&officer).await;

    // The officer sees only the difference, and reads it again.
    let changed = briefing(&officer).await;
    assert_eq!((changed.read.clone(), changed.version), (BriefingRead::Changed, 2));
    assert_eq!(changed.changes.len(), 1, "{:?}", changed.changes);
    let change = &changed.changes[0];
    assert_eq!(change.what, riverside.name);
    assert!(
        change.before.as_ref().unwrap().starts_with("1 visit ")
            && change.now.as_ref().unwrap().starts_with("3 visits ")
    );
    assert_eq!(changed.why_changed.as_deref(), Some("Riverside is busier than thought"));
    let stale = officer.handle(AcknowledgeBriefing { entry_id: plan, link: shown.link }).await;
    assert!(stale.is_err(), "what is not in force any more is not acknowledged");
    officer.handle(AcknowledgeBriefing { entry_id: plan, link: changed.link }).await.unwrap();
    assert_eq!(briefing(&officer).await.read, BriefingRead::Current);

    // The shift ends: planned 2 + 1 + 3, made 1, excused 1, missed 4. The same on phone and at central.
    officer.handle(EndShift { ended_at: None, estimated: false }).await.unwrap();
    synced(&officer).await;
    synced(&sergeant).await;
    let at_sergeant = sergeant.handle(GetSummary { shift_id }).await.unwrap().summary;
    let totals = at_sergeant.planned_totals;
    assert_eq!(
        (totals.planned, totals.made, totals.excused, totals.missed, totals.left),
        (6, 1, 1, 4, 0),
        "{:?}",
        at_sergeant.planned
    );
    let excused = at_sergeant.planned.iter().find(|line| line.area == tombland.code).unwrap();
    assert!(
        matches!(&excused.excuse, Some(Excuse::Deviation(reason)) if reason.code.as_str() == "DV_CLOSED")
    );
    let made = at_sergeant.planned.iter().find(|line| line.area == pow.code).unwrap();
    assert_eq!((made.made, made.short), (1, 1));
    let of_officer = officer.handle(GetClosing {}).await.unwrap().summary;
    let background = Background::of(night.storage.as_ref(), of_officer.from, now()).await.unwrap();
    let contacts = figures::contacts(night.storage.as_ref(), now()).await.unwrap();
    let at_central =
        figures::summary(night.storage.as_ref(), shift_id, &contacts, &background).await.unwrap().unwrap();
    for (who, summary) in [("central", &at_central), ("the officer", &of_officer)] {
        assert_eq!(summary.planned, at_sergeant.planned, "{who}");
        assert_eq!(summary.planned_totals, at_sergeant.planned_totals, "{who}");
        assert_eq!(summary.areas, at_sergeant.areas, "{who}");
        assert_eq!(summary.visit_figures, at_sergeant.visit_figures, "{who}");
    }
    assert_eq!(at_sergeant.entries, 0, "reading a briefing is no record of the shift");
    let report = verify::verify(night.storage.as_ref()).await.unwrap();
    assert_eq!(report.findings, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn last_weeks_plan_is_copied_and_what_is_taken_back_is_done_as_asked() {
    let night = Night::begin().await;
    let (officer, sergeant) = (night.phone("1482").await, night.phone("0311").await);
    let places = sergeant.handle(ListPlaces {}).await.unwrap().areas;
    let draft = sergeant.handle(OpenDraft::NewTasking(None)).await.unwrap();
    let first = give(&sergeant, draft, "", |form| {
        tonight(form);
        form.areas = vec![area(&places[0], 2)];
    });
    let first = first.await.unwrap();
    let copy = sergeant.handle(OpenDraft::NewTasking(Some(first))).await.unwrap();
    let DraftForm::Tasking(form) = &copy.form else { panic!("a plan") };
    assert_eq!(form.night, Some(local(now()).date_naive()));
    assert_eq!(form.areas[0].windows[0].visits, 2);
    assert_ne!(copy.entry_id, first);
    let kept = sergeant.handle(ListTaskings { limit: 10 }).await.unwrap();
    assert_eq!(kept.drafts.len(), 1, "kept as typed, listed with the plans");
    sergeant.handle(DiscardDraft { entry_id: copy.entry_id }).await.unwrap();

    synced(&sergeant).await;
    synced(&officer).await;
    let shown = briefing(&officer).await;
    let said = officer
        .handle(DeviateFromBriefing {
            entry_id: first,
            link: shown.link,
            area: Some(places[0].code.clone()),
            window: Some(shown.areas[0].windows[0].from),
            reason: "DV_WEATHER".into(),
            words: String::new(),
        })
        .await
        .unwrap();
    let window = &said.briefings[0].areas[0].windows[0];
    assert_eq!(said.briefings[0].read, BriefingRead::Current, "who does otherwise has read it");
    let entry_id = window.otherwise_entry.unwrap();
    let back = officer.handle(TakeBackDeviation { entry_id }).await.unwrap();
    assert_eq!(back.briefings[0].areas[0].windows[0].otherwise, None);
    assert_eq!(back.briefings[0].read, BriefingRead::Current, "it stays read");

    // Withdrawn, it vanishes from Today.
    let gone = WithdrawEntry { entry_id: first, reason: "Wrong night".into() };
    sergeant.handle(gone).await.unwrap();
    synced(&sergeant).await;
    synced(&officer).await;
    assert!(officer.handle(GetToday {}).await.unwrap().briefings.is_empty());
}
