//! As the tests of SQLite do it, for sync on the device and for ingest at central: the Nth system call fails or the process
//! dies there, for every N until there is no such call any more, and the same oracle judges.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::oracle::{Books, Finding};
use super::scene::Template;
use super::schedule::{Stage, TRY};
use crate::error::Result;

/// Whose system calls fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Party {
    /// The phone: its notebook while it saves, sends and applies receipts.
    Device,
    /// The server: its database while it takes custody.
    Central,
}

const SYNCS: &str = "fsync,fdatasync";
const SENDS: &str = "sendto,writev";

/// What fails and how. Reads of sockets are left out: the link's own faults are those.
const FAULTS: [(&str, &str); 7] = [
    ("pwrite64", "error=EIO"),
    ("pwrite64", "error=ENOSPC"),
    ("pwrite64", "signal=SIGKILL"),
    (SYNCS, "error=EIO"),
    (SYNCS, "signal=SIGKILL"),
    (SENDS, "error=ECONNRESET"),
    (SENDS, "signal=SIGKILL"),
];

/// Entries in each of the two rounds of a case.
const ENTRIES: usize = 3;

/// What a sweep did.
#[derive(Clone, Debug, Default)]
pub struct Swept {
    /// Cases run.
    pub cases: usize,
    /// Cases in which the fault was felt.
    pub felt: usize,
    /// The highest N that was still felt, by fault.
    pub highest: BTreeMap<String, u32>,
    /// Promises that were broken, with the case.
    pub findings: Vec<(String, Finding)>,
    /// How long it took.
    pub took: Duration,
}

/// Runs the cases of one party: for each fault N = 1, 1 + step, … until it is not felt any more. `lanes` at a time.
///
/// # Errors
/// When the harness itself cannot go on, or strace is not here.
pub fn sweep(template: &Template, party: Party, step: usize, lanes: usize) -> Result<Swept> {
    let began = Instant::now();
    let (next, swept) = (AtomicUsize::new(0), Mutex::new(Swept::default()));
    let lane = || -> Result {
        while let Some((call, fault)) = FAULTS.get(next.fetch_add(1, Ordering::SeqCst)) {
            for nth in (1..).step_by(step) {
                let (felt, findings) = case(template, party, (call, fault), nth)?;
                let mut swept = swept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                swept.cases += 1;
                let name = format!("{party:?}, {call}, {fault}, N = {nth}");
                swept.findings.extend(findings.into_iter().map(|finding| (name.clone(), finding)));
                if !felt {
                    break;
                }
                swept.felt += 1;
                swept.highest.insert(format!("{call}: {fault}"), nth);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| -> Result {
        let running: Vec<_> = (0..lanes).map(|_| scope.spawn(lane)).collect();
        for lane in running {
            lane.join().unwrap_or_else(|_| Err(super::scene::of("a sweep")("the harness itself stopped")))?;
        }
        Ok(())
    })?;
    let mut swept = swept.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    swept.took = began.elapsed();
    Ok(swept)
}

/// One case: whether the fault was felt, and what was broken by it.
fn case(
    template: &Template,
    party: Party,
    (call, fault): (&str, &str),
    nth: u32,
) -> Result<(bool, Vec<Finding>)> {
    let mut stage = Stage::set(template, u64::from(nth), None)?;
    let log = stage.scene.folder().join("strace");
    let mut arguments = vec![
        "-e".to_owned(),
        format!("trace={call}"),
        "-e".to_owned(),
        format!("inject={call}:{fault}:when={nth}"),
        "-o".to_owned(),
        log.display().to_string(),
    ];
    // Faster; but strace 6.1 forgets to send signals where a filter of the kernel picks the calls.
    if !fault.starts_with("signal") {
        arguments.push("--seccomp-bpf".to_owned());
    }
    let wrapped = strace(&arguments);
    match party {
        Party::Device => stage.phone.under(&wrapped),
        Party::Central => stage.central.under(&wrapped),
    }
    // Either may be hit before it is up.
    if let Ok(address) = stage.central.start() {
        stage.proxy.towards(vec![address]);
        stage.phone.open()?;
        for _ in 0..2 {
            (0..ENTRIES).for_each(|n| stage.save(40 * n));
            stage.phone.send(TRY);
            stage.phone.send(TRY);
        }
    }
    // Read before anybody is killed from here.
    // strace writes that somebody was killed a moment after everybody else can see it, on a busy machine a second.
    let written = || {
        std::fs::read_to_string(&log)
            .is_ok_and(|log| log.contains("(INJECTED)") || log.contains("+++ killed by SIGKILL"))
    };
    let felt = (0..80).any(|_| {
        let felt = written();
        if !felt {
            std::thread::sleep(Duration::from_millis(25));
        }
        felt
    });
    stage.phone.under(&[]);
    stage.central.under(&[]);
    stage.phone.kill_9();
    stage.central.kill_9()?;
    stage.findings.extend(Books::read(&stage.scene.database)?.against(&stage.phone.told()));
    stage.heal()?;
    stage.judge()?;
    // A save that failed and said so is no broken promise.
    stage.findings.retain(|finding| !matches!(finding, Finding::NotSaved(_)));
    Ok((felt, stage.findings))
}

/// strace over everything a program starts, with these arguments.
pub(super) fn strace(arguments: &[String]) -> Vec<String> {
    let always = ["strace", "-f", "-qq"].map(str::to_owned);
    always.into_iter().chain(arguments.iter().cloned()).collect()
}
