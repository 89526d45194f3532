//! Faults between device and central, drawn from seeds: nothing saved is lost, nothing received is a lie, nothing is
//! there twice; and an oracle that is seen to fail. `beatbook-measure faults --schedules 1 --seed N` runs one again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write as _;

use beatbook_tests::faults::{Backend, Finding, Lie, Outcome, Template, run, run_many};

/// How many schedules an ordinary run of the tests makes; `cargo xtask bench` makes a thousand.
const SCHEDULES: u64 = 40;
const COLLARS: [&str; 1] = ["1482"];

fn broken(outcomes: &[Outcome]) -> Vec<String> {
    let of = |outcome: &Outcome| {
        let seed = outcome.seed;
        outcome.findings.iter().map(move |finding| format!("--seed {seed}: {finding}")).collect::<Vec<_>>()
    };
    outcomes.iter().flat_map(of).collect()
}

#[test]
fn whatever_the_link_does_and_whoever_is_killed_nothing_is_lost() {
    let mut templates = vec![Template::make(Backend::Sqlite, &COLLARS).unwrap()];
    match Backend::postgres() {
        Some(postgres) => templates.push(Template::make(postgres, &COLLARS).unwrap()),
        None => {
            let words = b"\nNOT RUN on PostgreSQL: faults (BEATBOOK_TEST_POSTGRES is not set)\n";
            std::io::stderr().write_all(words).unwrap();
        }
    }
    let outcomes = run_many(&templates, 1..SCHEDULES + 1, 4, |_| {}).unwrap();
    assert_eq!(broken(&outcomes), Vec::<String>::new());
    let met: u32 = outcomes.iter().flat_map(|outcome| outcome.felt.values()).sum();
    let kills = |of: fn(&Outcome) -> u32| outcomes.iter().map(of).sum::<u32>();
    let killed = (kills(|outcome| outcome.device_kills), kills(|outcome| outcome.central_kills));
    let saved: usize = outcomes.iter().map(|outcome| outcome.saved).sum();
    assert!(
        met > 40 && killed.0 > 10 && killed.1 > 10 && saved > 200,
        "{met} {killed:?} {saved}: too little happened"
    );
}

/// The findings of some schedules in which a part lies.
fn with(lie: Lie, seeds: std::ops::Range<u64>) -> Vec<Finding> {
    let template = Template::make(Backend::Sqlite, &COLLARS).unwrap();
    seeds.flat_map(|seed| run(&template, seed, Some(lie)).unwrap().findings).collect()
}

#[test]
fn an_answer_before_the_commit_is_found_out() {
    let findings = with(Lie::AnswersBeforeCommit, 1..9);
    let lost = findings.iter().filter(|finding| matches!(finding, Finding::LostAtCentral(_))).count();
    assert!(lost > 0, "central forgot what it had receipted, and nobody noticed: {findings:?}");
}

#[test]
fn a_word_before_the_save_is_found_out() {
    let findings = with(Lie::SaysBeforeSave, 1..25);
    let lost = findings.iter().filter(|finding| matches!(finding, Finding::LostOnDevice { .. })).count();
    assert!(lost > 0, "the device called saved what it never saved, and nobody noticed: {findings:?}");
}
