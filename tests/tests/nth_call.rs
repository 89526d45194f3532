//! Sync on the device and ingest at central while the Nth system call fails or kills, and while the power is cut: nothing
//! saved and nothing received is lost. A disk that only says it has synced must be found out.
//! `beatbook-measure fault-calls` runs every N; here it is some of them.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::process::{Command, Stdio};

use beatbook_tests::faults::{Backend, Disk, Finding, Party, Template, power_cut, sweep};
use beatbook_tests::{Error, Result};

/// Every so many of all N, so that a run stays short.
const STEP: usize = 17;

fn template() -> Option<Template> {
    let works = Command::new("strace").args(["-qq", "true"]).stderr(Stdio::null()).status();
    if works.is_ok_and(|status| status.success()) {
        return Some(Template::make(Backend::Sqlite, &["1482"]).unwrap());
    }
    println!("strace is not here or may not trace: this test says nothing");
    None
}

fn nothing_is_lost(party: Party) {
    let Some(template) = template() else { return };
    let swept = sweep(&template, party, STEP, 4).unwrap();
    assert_eq!(swept.findings, vec![]);
    assert_eq!(swept.highest.len(), 7, "some faults were never felt: {:?}", swept.highest);
    assert!(swept.felt > 14, "only {} of {} faults were felt", swept.felt, swept.cases);
}

#[test]
fn the_device_loses_nothing_when_its_nth_call_fails_while_it_syncs() {
    nothing_is_lost(Party::Device);
}

#[test]
fn central_loses_nothing_when_its_nth_call_fails_while_it_takes_custody() {
    nothing_is_lost(Party::Central);
}

#[test]
fn a_power_cut_takes_nothing_that_was_promised() {
    let Some(template) = template() else { return };
    for party in [Party::Device, Party::Central] {
        for seed in 0..3 {
            assert_eq!(power_cut(&template, party, Disk::Honest, seed).unwrap(), vec![], "{party:?} {seed}");
        }
    }
}

#[test]
fn a_disk_that_only_says_it_has_synced_is_found_out() {
    let Some(template) = template() else { return };
    for party in [Party::Device, Party::Central] {
        let cuts = (0..3).map(|seed| power_cut(&template, party, Disk::Lies, seed));
        let is_found_out = |cut: &Result<Vec<Finding>>| match cut {
            Ok(findings) => findings.iter().any(Finding::is_loss),
            // Sectors lost at random may leave a file that cannot be opened: then the program itself has to say so.
            Err(Error::Program { output, .. }) => output.contains("damaged") || output.contains("malformed"),
            Err(other) => panic!("{other}"),
        };
        let lost = cuts.filter(is_found_out).count();
        assert!(lost > 0, "{party:?}: nothing was on the disk, and nobody noticed");
    }
}
