//! Faults between device and central by the thousand: how many schedules, how long, what broke. A failure names its seed.

use std::time::Instant;

use beatbook_tests::faults::{Backend, Disk, Outcome, Party, Template, power_cut, run_many, sweep};
use clap::Parser;

use crate::{Outcome as Done, print, quantile};

/// How many schedules, and which.
#[derive(Parser)]
pub struct Arguments {
    /// Schedules to run
    #[arg(long, default_value_t = 1_000)]
    pub schedules: u64,
    /// Seed of the first; the others follow it
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Schedules at a time: they wait more than they work
    #[arg(long, default_value_t = 6)]
    pub lanes: usize,
    /// Say what each schedule did
    #[arg(long)]
    pub each: bool,
}

/// Runs them.
pub fn measure(asked: &Arguments) -> Done {
    let mut templates = vec![Template::make(Backend::Sqlite, &["1482"])?];
    match Backend::postgres() {
        Some(postgres) => templates.push(Template::make(postgres, &["1482"])?),
        None => eprintln!("NOT RUN on PostgreSQL: BEATBOOK_TEST_POSTGRES is not set"),
    }
    let began = Instant::now();
    let outcomes = run_many(&templates, asked.seed..asked.seed + asked.schedules, asked.lanes, |outcome| {
        tell(outcome, asked.each);
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let sum = |of: &dyn Fn(&Outcome) -> usize| -> f64 {
        // Sums of some thousands: far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        let sum = outcomes.iter().map(of).sum::<usize>() as f64;
        sum
    };
    let mut each: Vec<f64> = outcomes.iter().map(|outcome| outcome.took.as_secs_f64()).collect();
    each.sort_by(f64::total_cmp);
    let failed = sum(&|outcome| usize::from(!outcome.findings.is_empty()));
    print("faults: schedules run", sum(&|_| 1), "", None);
    print("faults: schedules with a broken promise", failed, "", Some(0.0));
    print("faults: entries saved and received", sum(&|outcome| outcome.saved), "", None);
    print("faults: faults met on the link", sum(&|o| o.felt.values().map(|n| *n as usize).sum()), "", None);
    print("faults: kinds of them", sum_kinds(&outcomes), "", None);
    print("faults: kill -9 of the device", sum(&|outcome| outcome.device_kills as usize), "", None);
    print("faults: kill -9 of central", sum(&|outcome| outcome.central_kills as usize), "", None);
    print("faults: all schedules took", seconds, "s", None);
    print("faults: one schedule, p50", quantile(&each, 0.5), "s", None);
    print("faults: one schedule, p99", quantile(&each, 0.99), "s", None);
    if failed > 0.0 {
        Err("promises were broken: see above, and run one again with --seed".into())
    } else {
        Ok(())
    }
}

/// The Nth system call fails, for every N; and power cuts after saves and syncs.
pub fn measure_calls() -> Done {
    let template = Template::make(Backend::Sqlite, &["1482"])?;
    let mut broken = 0;
    for party in [Party::Device, Party::Central] {
        let swept = sweep(&template, party, 1, 6)?;
        for (case, finding) in &swept.findings {
            eprintln!("BROKEN: {case}: {finding}");
        }
        broken += swept.findings.len();
        print(&format!("{party:?}: cases with the Nth call failing"), count(swept.cases), "", None);
        print(&format!("{party:?}: of them felt"), count(swept.felt), "", None);
        for (fault, highest) in &swept.highest {
            print(&format!("{party:?}: {fault}, highest N felt"), f64::from(*highest), "", None);
        }
        print(&format!("{party:?}: broken promises"), count(swept.findings.len()), "", Some(0.0));
        print(&format!("{party:?}: all cases took"), swept.took.as_secs_f64(), "s", None);
        let mut lost = 0;
        for seed in 0..POWER_CUTS {
            for finding in power_cut(&template, party, Disk::Honest, seed)? {
                eprintln!("BROKEN: {party:?}, power cut, seed {seed}: {finding}");
                lost += 1;
            }
        }
        broken += lost;
        print(&format!("{party:?}: {POWER_CUTS} power cuts, broken promises"), count(lost), "", Some(0.0));
    }
    if broken > 0 { Err("promises were broken: see above".into()) } else { Ok(()) }
}

/// Power cuts of each party.
const POWER_CUTS: u64 = 50;

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

fn sum_kinds(outcomes: &[Outcome]) -> f64 {
    let kinds: std::collections::BTreeSet<_> =
        outcomes.iter().flat_map(|outcome| outcome.felt.keys()).collect();
    f64::from(u32::try_from(kinds.len()).unwrap_or(u32::MAX))
}

fn tell(outcome: &Outcome, each: bool) {
    if each {
        eprintln!(
            "seed {}: {} saved, {} received, killed {} and {}, {:?}, {:.2?}",
            outcome.seed,
            outcome.saved,
            outcome.received,
            outcome.device_kills,
            outcome.central_kills,
            outcome.felt,
            outcome.took
        );
    }
    for finding in &outcome.findings {
        eprintln!("BROKEN with --seed {}: {finding}", outcome.seed);
    }
}
