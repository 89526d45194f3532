//! Officer, sergeant, officer, sergeant: a night is reviewed, an entry returned, answered without signal, and approved.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use beatbook_central::storage::{self, Storage};
use beatbook_central::{demo, server, verify};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle};
use beatbook_domain::entry::{Body, DraftForm, Question};
use beatbook_domain::id::{Code, EntryId, Link};
use beatbook_domain::review::Reason;
use beatbook_protocol::ipc::*;
use beatbook_tests::engine::{engagement, phone};

const PASSPHRASE: &str = "a long passphrase of theirs";

struct Night {
    storage: Arc<dyn Storage>,
    running: server::Running,
    codes: Vec<(String, String)>,
    folder: tempfile::TempDir,
}

impl Night {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
        let (root, recovery) = (folder.path().join("root.key"), folder.path().join("recovery.key"));
        let made = demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.unwrap();
        let codes = made.accounts.into_iter().map(|account| (account.collar, account.code)).collect();
        let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { storage, running, codes, folder }
    }

    async fn phone(&self, collar: &str) -> Device {
        let device = phone(&self.folder.path().join(collar));
        let code = self.codes.iter().find(|(known, _)| known == collar).unwrap().1.clone();
        let server = format!("http://{}", self.running.address);
        device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await.unwrap();
        device.handle(Unlock { collar: collar.into(), secret: PASSPHRASE.into() }).await.unwrap();
        synced(&device).await;
        device
    }
}

/// Waits until nothing is left to send, then asks once more, so that what others sent has come.
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

async fn concern(device: &Device) -> EntryId {
    let draft = device.handle(OpenDraft::NewConcern).await.unwrap();
    let DraftForm::Concern(mut form) = draft.form else { panic!("a concern opens as one") };
    form.behaviours = vec![Code::new("B_LOITER")];
    form.seen = "A man walked behind two women for some time.".into();
    let form = DraftForm::Concern(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap();
    draft.entry_id
}

async fn entry(device: &Device, entry_id: EntryId) -> EntryView {
    device.handle(GetEntry { entry_id }).await.unwrap()
}

fn newest(view: &EntryView) -> Link {
    view.revisions.iter().find(|revision| revision.newest).unwrap().link
}

fn ask(words: &str) -> DecisionForm {
    let questions = vec![Question { field: Some("people".into()), words: words.into() }];
    DecisionForm::Return { questions, due: None, urgent: false, aside: false }
}

fn approve() -> DecisionForm {
    DecisionForm::Approve { disposition: None, reference: String::new(), note: String::new() }
}

async fn decide(device: &Device, entry_id: EntryId, what: DecisionForm) -> Result<EntryView, AppError> {
    let link = newest(&entry(device, entry_id).await);
    device.handle(DecideEntry { entry_id, link, what }).await
}

async fn amend(device: &Device, entry_id: EntryId, people: u32, reason: &str) {
    let draft = device.handle(OpenDraft::Amend(entry_id)).await.unwrap();
    let DraftForm::Engagement(mut form) = draft.form else { panic!("an engagement opens as one") };
    form.people = people;
    let told = beatbook_domain::entry::Circumstances { reason: reason.into(), ..draft.told };
    device.handle(SaveDraft { entry_id, form: DraftForm::Engagement(form), told }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn officer_sergeant_officer_sergeant() {
    let night = Night::begin().await;
    let (officer, sergeant) = (night.phone("1482").await, night.phone("0311").await);
    officer.handle(StartShift { call_sign: "NC12".into(), ..StartShift::default() }).await.unwrap();
    let shift_id = officer.handle(GetToday {}).await.unwrap().shift.unwrap().shift_id;
    let slip = engagement(&officer, 40).await;
    let right = engagement(&officer, 3).await;
    let note = concern(&officer).await;
    officer.handle(EndShift { ended_at: None, estimated: false }).await.unwrap();
    synced(&officer).await;

    // The sergeant: a concern needs a decision; one engagement is asked about.
    synced(&sergeant).await;
    let summary = sergeant.handle(GetSummary { shift_id }).await.unwrap();
    let needs: Vec<_> = summary.review.needs.iter().map(|need| (need.row.entry_id, need.reason)).collect();
    assert_eq!(needs, vec![(note, Reason::Concern)]);
    assert!(summary.review.may_approve && summary.review.approved.is_none());
    assert!(sergeant.handle(ApproveShift { shift_id }).await.is_err(), "the concern first");
    assert!(decide(&sergeant, slip, ask("  ")).await.is_err(), "a return asks something");
    let asked =
        decide(&sergeant, slip, ask("40 people in one chat looks like a slip. How many?")).await.unwrap();
    assert_eq!((asked.review.standing, asked.row.state), (ReviewStanding::Returned, EntryState::Returned));
    decide(&sergeant, right, ask("Which part of the road?")).await.unwrap();
    let problems = decide(&sergeant, note, approve()).await.unwrap_err().problems;
    assert_eq!(problems[0].field, "disposition", "a concern goes somewhere");
    let to_intel = |reference: &str| DecisionForm::Approve {
        disposition: Some(Code::new("DISP_INTEL")),
        reference: reference.into(),
        note: String::new(),
    };
    assert_eq!(decide(&sergeant, note, to_intel(" ")).await.unwrap_err().problems[0].field, "reference");
    let done = decide(&sergeant, note, to_intel("INT/2026/4471")).await.unwrap();
    assert_eq!(done.review.standing, ReviewStanding::Approved);
    assert!(done.review.said[0].disposition.as_ref().unwrap().contains("INT/2026/4471"));
    assert!(decide(&officer, slip, approve()).await.is_err(), "an officer decides nothing");
    synced(&sergeant).await;

    // The officer reads it first on Today, and answers with no signal.
    synced(&officer).await;
    let Night { storage, running, folder, .. } = night;
    let address = running.address;
    running.stop().await.unwrap();
    let today = officer.handle(GetToday {}).await.unwrap();
    let first: Vec<_> = today.entries.iter().take(2).map(|row| (row.entry_id, row.state.clone())).collect();
    assert!(
        first.contains(&(slip, EntryState::Returned)) && first.contains(&(right, EntryState::Returned)),
        "{first:?}"
    );
    let view = entry(&officer, slip).await;
    assert!(view.review.said[0].questions[0].words.contains("How many") && !view.review.may_decide);
    amend(&officer, slip, 4, "SLIP").await;
    assert!(officer.handle(AnswerReturn { entry_id: right, words: " ".into() }).await.is_err());
    let kept =
        officer.handle(AnswerReturn { entry_id: right, words: "By the bridge, as written.".into() }).await;
    assert_eq!(kept.unwrap().review.standing, ReviewStanding::Answered);
    let again = officer.handle(AnswerReturn { entry_id: right, words: "Again.".into() }).await;
    assert!(again.is_err(), "it is answered once");
    let today = officer.handle(GetToday {}).await.unwrap();
    assert!(today.entries.iter().all(|row| row.state != EntryState::Returned));

    // Signal again: the sergeant sees only the difference, and closes the night.
    let running = server::start(Arc::clone(&storage), address).await.unwrap();
    synced(&officer).await;
    synced(&sergeant).await;
    let summary = sergeant.handle(GetSummary { shift_id }).await.unwrap();
    let needs: Vec<_> = summary.review.needs.iter().map(|need| (need.row.entry_id, need.reason)).collect();
    assert_eq!(needs.len(), 2, "{needs:?}");
    let answered = summary.review.needs.iter().find(|need| need.row.entry_id == slip).unwrap();
    assert_eq!(answered.reason, Reason::Answered);
    let people = |revision: &RevisionView| {
        let body = revision.body.as_ref().unwrap().read(revision.kind, revision.change);
        let Some(Body::Engagement(body)) = body else { panic!("an engagement") };
        body.people
    };
    let (before, now) = answered.before_and_now.as_ref().unwrap();
    assert_eq!((people(before), people(now)), (40, 4));
    assert_eq!(summary.summary.people, 7, "the figures are those of now");
    let at_central = beatbook_central::figures::summary(storage.as_ref(), shift_id, &[], &Default::default())
        .await
        .unwrap()
        .unwrap();
    let of_sergeant = &summary.summary;
    assert_eq!(at_central.people, of_sergeant.people, "central counts what the sergeant's phone counts");
    assert_eq!((at_central.entries, at_central.edited), (of_sergeant.entries, of_sergeant.edited));
    decide(&sergeant, slip, approve()).await.unwrap();
    decide(&sergeant, right, approve()).await.unwrap();
    let whole = sergeant.handle(ApproveShift { shift_id }).await.unwrap();
    assert!(whole.review.needs.is_empty());
    assert_eq!(whole.review.approved.unwrap().0, "PS 0311");
    synced(&sergeant).await;
    synced(&officer).await;
    for entry_id in [slip, right, note] {
        assert_eq!(entry(&officer, entry_id).await.review.standing, ReviewStanding::Approved);
    }

    // A word changed afterwards opens it again; the officer's own words were never touched.
    amend(&officer, slip, 5, "NEW").await;
    synced(&officer).await;
    synced(&sergeant).await;
    let summary = sergeant.handle(GetSummary { shift_id }).await.unwrap();
    assert_eq!(summary.review.needs.len(), 1);
    assert!(summary.review.approved.is_none(), "approved as it was, not as it is");
    assert_eq!(verify::verify(storage.as_ref()).await.unwrap().findings, vec![]);
    officer.seal().await;
    sergeant.seal().await;
    running.stop().await.unwrap();
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constable_who_acts_for_a_sergeant_decides_and_still_patrols() {
    let night = Night::begin().await;
    let officer = night.phone("1482").await;
    let now = SystemClock::new().now();
    let team = night.storage.teams().await.unwrap()[0].team;
    let acting =
        night.storage.officers(now).await.unwrap().into_iter().find(|row| row.collar == "2206").unwrap();
    let grant = beatbook_protocol::sync::Grant {
        officer: acting.officer,
        capability: Code::new("review"),
        team: Some(team),
        from: now,
        until: Some(now.plus(8 * 3_600_000)),
    };
    night.storage.put_grant(grant).await.unwrap();
    let acting = night.phone("2206").await;
    acting.handle(Lock { seal: true }).await.unwrap();
    let session = acting.handle(Unlock { collar: "2206".into(), secret: PASSPHRASE.into() }).await.unwrap();
    assert!(
        session.capabilities.contains(&Capability::Review)
            && session.capabilities.contains(&Capability::Patrol)
    );
    let about = engagement(&officer, 2).await;
    synced(&officer).await;
    synced(&acting).await;
    let done = decide(&acting, about, approve()).await.unwrap();
    assert_eq!(done.review.standing, ReviewStanding::Approved);
    let own = engagement(&acting, 2).await;
    assert!(decide(&acting, own, approve()).await.is_err(), "nobody decides about their own");
    synced(&acting).await;
    synced(&officer).await;
    assert_eq!(entry(&officer, about).await.review.standing, ReviewStanding::Approved);
    officer.seal().await;
    acting.seal().await;
    night.running.stop().await.unwrap();
}
