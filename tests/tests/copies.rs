//! What phones give up and get back, through real engines and a real server: erased by order, forgotten when a scope ends,
//! dropped by policy and fetched again, and none of it undone by a restore.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use beatbook_central::records::{Act, What};
use beatbook_central::storage::{self, Storage};
use beatbook_central::{backup, demo, force, journal, server, verify};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::*;
use beatbook_protocol::sync::OfficerRow;
use beatbook_tests::engine::phone;

const PASSPHRASE: &str = "a long passphrase of theirs";

struct Force {
    storage: Arc<dyn Storage>,
    running: server::Running,
    codes: Vec<(String, String)>,
    folder: tempfile::TempDir,
}

fn now() -> Millis {
    SystemClock::new().now()
}

impl Force {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
        let (root, recovery) = (folder.path().join("root.key"), folder.path().join("recovery.key"));
        let made = demo::seed(storage.as_ref(), &root, &recovery, now()).await.unwrap();
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

    async fn officer(&self, collar: &str) -> OfficerRow {
        let officers = self.storage.officers(now()).await.unwrap();
        officers.into_iter().find(|officer| officer.collar == collar).unwrap()
    }

    async fn erase(&self, entry: EntryId) {
        let by: OfficerId = self.officer("0311").await.officer;
        let signer = force::load(self.storage.as_ref()).await.unwrap().signer;
        let what = What::Erase("RC_CONCERN".into());
        let act = Act { entry, what, authority: "records manager 17/2026".into(), by };
        self.storage.act(act, now(), signer).await.unwrap();
    }

    /// What a backup holds, with the force's recovery key.
    async fn restored(&self, file: &Path) -> Arc<dyn Storage> {
        let path = self.folder.path().join("restored.sqlite");
        let restored = storage::open(path.to_str().unwrap()).await.unwrap();
        let key = self.folder.path().join("recovery.key");
        backup::restore(restored.as_ref(), file, backup::KeySource::Recovery(&key), now()).await.unwrap();
        restored
    }

    /// Serves another database at the same address.
    async fn serve(&mut self, storage: Arc<dyn Storage>) {
        let address = self.running.address;
        let running = std::mem::replace(
            &mut self.running,
            server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap(),
        );
        running.stop().await.unwrap();
        let spare =
            std::mem::replace(&mut self.running, server::start(Arc::clone(&storage), address).await.unwrap());
        spare.stop().await.unwrap();
        self.storage = storage;
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
    tokio::time::sleep(Duration::from_millis(300)).await;
}

async fn concern(device: &Device, seen: &str) -> EntryId {
    let draft = device.handle(OpenDraft::NewConcern).await.unwrap();
    let DraftForm::Concern(mut form) = draft.form else { panic!("a concern opens as one") };
    form.behaviours = vec![Code::new("B_LOITER")];
    form.seen = seen.into();
    let form = DraftForm::Concern(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap();
    draft.entry_id
}

async fn view(device: &Device, entry_id: EntryId) -> EntryView {
    device.handle(GetEntry { entry_id }).await.unwrap()
}

async fn hits(device: &Device, words: &str) -> usize {
    let find = FindEntries { words: words.into(), limit: 10, ..FindEntries::default() };
    device.handle(find).await.unwrap().rows.len()
}

fn erased_under(view: &EntryView) -> Option<(String, String)> {
    match view.revisions[0].gone.clone() {
        Some(GoneView::Erased { under: Some((authority, by, _)) }) => Some((authority, by)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_reaches_author_and_sergeant_and_survives_a_restore() {
    let mut force = Force::begin().await;
    let officer = force.phone("1482").await;
    let sergeant = force.phone("0311").await;
    let note = concern(&officer, "A man in a zebra coat walked behind two women.").await;
    synced(&officer).await;
    synced(&sergeant).await;
    assert_eq!((hits(&officer, "zebra").await, hits(&sergeant, "zebra").await), (1, 1));
    let (file, followed) =
        (force.folder.path().join("early.backup"), force.folder.path().join("central.journal"));
    backup::write(force.storage.as_ref(), &file, now()).await.unwrap();

    force.erase(note).await;
    journal::follow(force.storage.as_ref(), &followed).await.unwrap();
    for device in [&officer, &sergeant] {
        synced(device).await;
        let entry = view(device, note).await;
        assert!(entry.revisions[0].body.is_none());
        assert_eq!(erased_under(&entry), Some(("records manager 17/2026".into(), "PS 0311".into())));
        assert_eq!(hits(device, "zebra").await, 0);
    }
    let waiting = force.storage.orders_given(None, 10).await.unwrap();
    assert_eq!(waiting, vec![], "both have confirmed");
    let report = verify::verify(force.storage.as_ref()).await.unwrap();
    assert_eq!((report.findings, report.erased), (vec![], 1));

    // The backup of before is put back: with the journal nothing comes to life again, and the phones stay as they are.
    let restored = force.restored(&file).await;
    assert!(journal::replay(restored.as_ref(), &followed, now()).await.unwrap() >= 1);
    force.serve(restored).await;
    let later = concern(&officer, "Something else, later.").await;
    for device in [&officer, &sergeant] {
        synced(device).await;
        assert!(erased_under(&view(device, note).await).is_some());
    }
    assert!(view(&sergeant, later).await.revisions[0].body.is_some(), "and everything goes on");
    assert_eq!(force.storage.orders_given(None, 10).await.unwrap(), vec![], "confirmed to the new epoch too");
    let report = verify::verify(force.storage.as_ref()).await.unwrap();
    assert_eq!((report.findings, report.erased), (vec![], 1));
    officer.seal().await;
    sergeant.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_phone_erased_and_a_restored_central_lost_closes_the_chain_without_words() {
    let mut force = Force::begin().await;
    let officer = force.phone("1482").await;
    let (file, followed) =
        (force.folder.path().join("early.backup"), force.folder.path().join("central.journal"));
    backup::write(force.storage.as_ref(), &file, now()).await.unwrap();
    let note = concern(&officer, "Written after the backup, erased after it too.").await;
    synced(&officer).await;
    force.erase(note).await;
    synced(&officer).await;
    assert!(erased_under(&view(&officer, note).await).is_some());
    journal::follow(force.storage.as_ref(), &followed).await.unwrap();

    let restored = force.restored(&file).await;
    journal::replay(restored.as_ref(), &followed, now()).await.unwrap();
    force.serve(restored).await;
    concern(&officer, "And one more.").await;
    synced(&officer).await;
    let today = officer.handle(GetToday {}).await.unwrap();
    assert_eq!((today.pill.waiting, today.pill.needs_you), (0, 0), "nothing is sent again for ever");
    let report = verify::verify(force.storage.as_ref()).await.unwrap();
    assert_eq!((report.findings, report.erased, report.missing), (vec![], 1, vec![]));
    officer.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sergeant_who_leaves_forgets_and_sees_the_past_again_when_back() {
    let force = Force::begin().await;
    let officer = force.phone("1482").await;
    let sergeant = force.phone("0311").await;
    let note = concern(&officer, "A giraffe of a man by the river.").await;
    synced(&officer).await;
    synced(&sergeant).await;
    assert_eq!(hits(&sergeant, "giraffe").await, 1);
    let row = force.officer("0311").await;
    force.storage.put_officer(OfficerRow { team: None, ..row.clone() }, now()).await.unwrap();
    synced(&sergeant).await;
    synced(&sergeant).await;
    assert_eq!(hits(&sergeant, "giraffe").await, 0);
    assert!(matches!(view(&sergeant, note).await.revisions[0].gone, Some(GoneView::Forgotten)));
    assert_eq!(force.storage.not_forgotten(10).await.unwrap(), vec![], "and central knows");
    force.storage.put_officer(row, now()).await.unwrap();
    synced(&sergeant).await;
    synced(&sergeant).await;
    assert_eq!(hits(&sergeant, "giraffe").await, 1, "who joins sees the past");
    assert!(view(&officer, note).await.revisions[0].body.is_some(), "the author forgets nothing");
    officer.seal().await;
    sergeant.seal().await;
}
