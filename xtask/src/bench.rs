//! `cargo xtask bench`: measures what the design promises in figures, and writes a table and JSON into the cache.
//!
//! `cargo xtask bench WHAT` measures one thing with programs of the profile `measure`: a release without link-time
//! optimisation, built in a fraction of the time. `peers` installs what it measures beside from npm first.
//!
//! Sizes are measured here. Times are measured by `beatbook-measure` (tests/src/measure), which knows the programs; it
//! prints one [`Measurement`] as JSON on each line.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::places::Places;
use crate::postgres::Postgres;
use crate::task::{Context, Result, TaskError, capture, run, step};
use crate::ui;

/// One figure.
#[derive(Debug, Serialize, Deserialize)]
struct Measurement {
    /// What was measured, with its conditions.
    name: String,
    /// The figure.
    value: f64,
    /// Its unit.
    unit: String,
    /// What it must stay under, where the design says.
    #[serde(default)]
    budget: Option<f64>,
}

impl Measurement {
    fn kilobytes(name: &str, bytes: u64, budget: Option<f64>) -> Self {
        Self { name: name.to_owned(), value: bytes as f64 / 1000.0, unit: "kB".to_owned(), budget }
    }

    fn row(&self) -> String {
        let verdict = match self.budget {
            None => String::new(),
            Some(budget) if self.value <= budget => format!("{budget} {}", self.unit),
            Some(budget) => format!("**over {budget} {}**", self.unit),
        };
        format!(
            "| {} | {:.*} {} | {verdict} |",
            self.name,
            if self.value < 100.0 { 2 } else { 0 },
            self.value,
            self.unit
        )
    }
}

/// Measures everything.
///
/// # Errors
/// A build that fails or a measurement that cannot be taken. A figure over its budget is shown, not an error.
pub fn run_all(places: &Places) -> Result {
    let screens = ui::build(places, ui::Profile::Ui)?;
    step("Release build");
    let mut cargo = places.cargo();
    cargo.args(["build", "--release", "--bins"]);
    run(cargo.args([
        "--package",
        "beatbook-app",
        "--package",
        "beatbook-central",
        "--package",
        "beatbook-tests",
    ]))?;

    step("Measuring");
    let wasm = std::fs::read(&screens.wasm).doing(|| format!("reading {}", screens.wasm.display()))?;
    let mut figures = vec![
        Measurement::kilobytes("UI wasm, raw", wasm.len() as u64, Some(3000.0)),
        Measurement::kilobytes("UI wasm, brotli (quality 11)", brotli_size(&wasm)?, None),
    ];
    for (name, program) in
        [("app binary, release, stripped", "beatbook-app"), ("central binary", "beatbook-central")]
    {
        let file = places.program("release", program);
        let bytes = std::fs::metadata(&file).doing(|| format!("measuring {}", file.display()))?.len();
        figures.push(Measurement::kilobytes(name, bytes, None));
    }
    for what in [&[][..], &["central"], &["peers"]] {
        figures.extend(measured(places, "release", what)?);
    }
    write(places, "bench", &figures)
}

/// Measures one thing.
///
/// # Errors
/// As [`run_all`], and where nothing is called this.
pub fn run_one(places: &Places, what: &str, quick: bool) -> Result {
    step("Build of what is measured");
    let mut cargo = places.cargo();
    cargo.args([
        "build",
        "--profile",
        PROFILE,
        "--package",
        "beatbook-central",
        "--package",
        "beatbook-tests",
    ]);
    run(cargo.args([
        "--bin",
        "beatbook-central",
        "--bin",
        "beatbook-measure",
        "--bin",
        "beatbook-hand-held",
    ]))?;
    step("Measuring");
    let mut arguments = vec![what];
    arguments.extend(quick.then_some("--quick"));
    write(places, what, &measured(places, PROFILE, &arguments)?)
}

/// A release without link-time optimisation.
const PROFILE: &str = "measure";

/// Runs `beatbook-measure`.
fn measured(places: &Places, profile: &str, arguments: &[&str]) -> Result<Vec<Measurement>> {
    let mut measure = Command::new(places.program(profile, "beatbook-measure"));
    measure.args(arguments);
    if arguments.first() == Some(&"peers") {
        measure.env("BEATBOOK_PEERS", peers(places)?);
    }
    // Without PostgreSQL everything else is measured all the same, and what was not run says so.
    let postgres = Postgres::start().ok();
    measure.envs(postgres.iter().map(|server| ("BEATBOOK_TEST_POSTGRES", server.url())));
    let lines = capture(&mut measure)?;
    let figure = |line: &str| {
        serde_json::from_str(line).map_err(|error| {
            TaskError::Told(format!("beatbook-measure printed something else: {line}: {error}"))
        })
    };
    lines.lines().map(figure).collect()
}

/// The programs Beatbook is measured beside, in the cache, with what they need from npm in the versions that
/// `tests/peers/package.json` names. Nothing of it is part of the project.
fn peers(places: &Places) -> Result<PathBuf> {
    let (from, to) = (places.root.join("tests/peers"), places.cache.join("peers"));
    std::fs::create_dir_all(&to).doing(|| format!("making {}", to.display()))?;
    let entries = std::fs::read_dir(&from).doing(|| format!("reading {}", from.display()))?;
    for entry in entries {
        let file = entry.doing(|| format!("reading {}", from.display()))?.path();
        let name = file.file_name().unwrap_or_default();
        std::fs::copy(&file, to.join(name)).doing(|| format!("copying {}", file.display()))?;
    }
    step("Peers from npm");
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(npm.current_dir(&to))?;
    Ok(to)
}

fn brotli_size(bytes: &[u8]) -> Result<u64> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 22)
        .write_all(bytes)
        .doing(|| "compressing".to_owned())?;
    Ok(out.len() as u64)
}

fn write(places: &Places, name: &str, figures: &[Measurement]) -> Result {
    let rows: Vec<String> = figures.iter().map(Measurement::row).collect();
    let table = format!("| what | figure | budget |\n|---|---|---|\n{}\n", rows.join("\n"));
    let json = serde_json::to_string_pretty(figures).map_err(|error| TaskError::Told(error.to_string()))?;
    let folder = places.cache.join("bench");
    std::fs::create_dir_all(&folder).doing(|| format!("making {}", folder.display()))?;
    for (file, content) in [(format!("{name}.md"), &table), (format!("{name}.json"), &json)] {
        std::fs::write(folder.join(&file), content).doing(|| format!("writing {file}"))?;
    }
    eprintln!("{table}\nwritten to {}", folder.display());
    Ok(())
}
