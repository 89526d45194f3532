//! Saved means saved: a killed process, a disk that fails at the Nth system call, and exactly one fsync for each save.
//!
//! The work is done by this very test program started again as a child, so that it can be killed and traced for real.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::profile::wrap::{CipherSettings, DatabaseKey, KdfCost};
use beatbook_device::profile::{NewProfile, NoKeystore, ProfileOwner, Secret, Vault};
use beatbook_device::store::append::new_entry_id;
use beatbook_device::store::{Chain, Identity, Keys, Location, NewRevision, Store};
use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::{Body, Handout, HandoutItem, Kind};
use beatbook_domain::id::{
    ChainId, Code, DeviceId, EpochId, ForceId, OfficerId, SealKey, Signature, VerifyKey,
};
use beatbook_protocol::sync::{ForceBundle, KeyStatement, OfficerRow};
use ed25519_dalek::SigningKey;
use uuid::Uuid;

/// Where the child works; unset in the parent.
const FOLDER: &str = "BEATBOOK_TEST_FOLDER";
/// How many saves the child makes.
const SAVES: &str = "BEATBOOK_TEST_SAVES";
const PASSPHRASE: &str = "correct horse battery";

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

fn vault(folder: &Path) -> Vault {
    Vault::at(folder.join("profile"), Arc::new(NoKeystore), clock())
}

fn open(folder: &Path) -> Store {
    let vault = vault(folder);
    let (key, _) = vault.unlock(&Secret::passphrase(PASSPHRASE)).unwrap();
    Store::open(location(&vault, key), clock()).unwrap()
}

fn location(vault: &Vault, key: DatabaseKey) -> Location {
    Location { path: vault.database(), key, cipher: CipherSettings::default() }
}

fn make(folder: &Path) {
    let vault = vault(folder);
    let owner = ProfileOwner {
        officer_id: OfficerId(Uuid::from_u128(1482)),
        title: "PC 1482".into(),
        collar: "1482".into(),
        device_id: DeviceId(Uuid::from_u128(5)),
        force: "Demonstration".into(),
    };
    let recovery_key = beatbook_device::profile::wrap::new_recovery_pair().unwrap().1;
    let new = NewProfile {
        owner,
        secret: &Secret::passphrase(PASSPHRASE),
        recovery_key: &recovery_key,
        cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
    };
    let key = vault.create(Uuid::from_u128(7), new).unwrap();
    let public = VerifyKey([1; 32]);
    let identity = Identity {
        officer: OfficerRow {
            officer: OfficerId(Uuid::from_u128(1482)),
            collar: "1482".into(),
            role: Code::new("PC"),
            team: None,
        },
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
    drop(Store::create(location(&vault, key), identity, keys, clock()).unwrap());
}

/// About 560 bytes of body, as an engagement has.
fn revision(n: u32) -> NewRevision {
    let material =
        CodeRef { list: Code::new("material"), version: 1, code: Code::new("CARD"), label: "x".repeat(480) };
    let item = HandoutItem { material, quantity: n, language: None, batch: None, version: None };
    let body = Body::Handout(Handout {
        items: vec![item],
        bulk: false,
        place: None,
        note: None,
        paper: None,
        reason: None,
    });
    let at = clock().now();
    NewRevision::first(new_entry_id(at), Kind::Handout, at, body)
}

/// The child: saves, and says each entry only once it is saved. Not a test of its own.
#[test]
#[ignore = "started by the other tests as a child"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let saves: u32 = std::env::var(SAVES).unwrap().parse().unwrap();
    let mut store = open(&folder);
    println!("ready");
    for n in 1..=saves {
        match store.append(Chain::Record, &[revision(n)]) {
            Ok(written) => println!("acknowledged={}", written[0].entry_id),
            Err(error) => println!("failed {error}"),
        }
        std::io::stdout().flush().unwrap();
    }
}

fn child_command(folder: &Path, saves: u32) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"]);
    prepare(&mut command, folder, saves);
    command
}

fn prepare(command: &mut Command, folder: &Path, saves: u32) {
    command.env(FOLDER, folder).env(SAVES, saves.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
}

fn traced(folder: &Path, saves: u32, arguments: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq"]).args(arguments).arg(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"]);
    prepare(&mut command, folder, saves);
    command
}

/// Entries the child said were saved, read until it ends or `enough` of them were said.
fn said(child: &mut Child, enough: usize) -> Vec<String> {
    let mut saved = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Ok(line) = line else { break };
        // The harness writes its own words on the same line as the first of ours.
        if let Some((_, entry)) = line.split_once("acknowledged=") {
            saved.push(entry.trim().to_owned());
        }
        if saved.len() >= enough {
            break;
        }
    }
    saved
}

/// Every entry that was said to be saved is there, whole, and its chain holds.
fn nothing_lost(folder: &Path, saved: &[String], what: &str) {
    let mut store = open(folder);
    store.verify_all().unwrap_or_else(|error| panic!("{what}: {error}"));
    for entry in saved {
        let rows = store.revisions_of_entry(entry.parse().unwrap()).unwrap();
        assert_eq!(rows.len(), 1, "{what}: {entry} was said to be saved and is not there");
    }
}

fn strace_works() -> bool {
    let works = Command::new("strace").args(["-qq", "true"]).stderr(Stdio::null()).status();
    let works = works.is_ok_and(|status| status.success());
    if !works {
        println!("strace is not here or may not trace: this test says nothing");
    }
    works
}

#[test]
fn what_was_said_to_be_saved_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let mut all = Vec::new();
    for enough in [1, 7, 40, 90] {
        let mut child = child_command(folder.path(), 1_000_000).spawn().unwrap();
        let saved = said(&mut child, enough);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(saved.len(), enough);
        all.extend(saved);
        nothing_lost(folder.path(), &all, &format!("killed after {enough} saves"));
    }
}

#[test]
fn each_save_is_exactly_one_fsync() {
    if !strace_works() {
        return;
    }
    let fsyncs = |saves: u32| -> (i64, i64) {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path());
        let trace = folder.path().join("trace");
        let arguments = ["-e", "trace=fsync,fdatasync", "-o", trace.to_str().unwrap()];
        let mut child = traced(folder.path(), saves, &arguments).spawn().unwrap();
        assert_eq!(said(&mut child, usize::MAX).len(), saves as usize);
        assert!(child.wait().unwrap().success());
        let trace = std::fs::read_to_string(trace).unwrap();
        let count =
            |call: &str| i64::try_from(trace.lines().filter(|line| line.contains(call)).count()).unwrap();
        (count("sync("), count("fdatasync("))
    };
    // Opening and closing cost the same both times: the difference is the saves alone.
    let ((few, few_data), (many, many_data)) = (fsyncs(100), fsyncs(300));
    assert_eq!(many - few, 200, "200 saves more must be 200 syncs more ({few} and {many})");
    assert_eq!(many_data - few_data, 200, "SQLite was built without fdatasync: see .cargo/config.toml");
}

/// As the tests of SQLite do it: fail at the Nth call, for every N, and no acknowledged save is ever lost.
#[test]
fn a_disk_that_fails_at_the_nth_call_loses_nothing_acknowledged() {
    if !strace_works() {
        return;
    }
    const CALLS: u32 = 16;
    const SYNC: &str = "fsync,fdatasync";
    let faults = [
        ("pwrite64", "error=EIO"),
        ("pwrite64", "error=ENOSPC"),
        ("pwrite64", "signal=SIGKILL"),
        (SYNC, "error=EIO"),
        (SYNC, "signal=SIGKILL"),
    ];
    let (mut failed_saves, mut cases) = (0, 0);
    for (call, fault) in faults {
        for nth in 1..=CALLS {
            let folder = tempfile::tempdir().unwrap();
            make(folder.path());
            let inject = format!("inject={call}:{fault}:when={nth}");
            let trace = format!("trace={call}");
            let arguments = ["-e", &trace, "-e", &inject, "-o", "/dev/null"];
            let mut child = traced(folder.path(), 6, &arguments).spawn().unwrap();
            let saved = said(&mut child, usize::MAX);
            let _ = child.wait();
            failed_saves += 6 - saved.len();
            cases += 1;
            nothing_lost(folder.path(), &saved, &inject);
        }
    }
    assert!(failed_saves > 0, "none of {cases} faults was felt: the injection does not work");
}
