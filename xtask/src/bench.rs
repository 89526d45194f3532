//! `cargo xtask bench`: measures what the design promises in figures, and writes a table and JSON into the cache.
//!
//! Sizes are measured here. Times are measured by `beatbook-measure` (tests/src/measure), which knows the programs; it
//! prints one [`Measurement`] as JSON on each line.

use std::io::Write;
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
    let mut measure = Command::new(places.program("release", "beatbook-measure"));
    // Without PostgreSQL everything else is measured all the same, and what was not run says so.
    let postgres = Postgres::start().ok();
    measure.envs(postgres.iter().map(|server| ("BEATBOOK_TEST_POSTGRES", server.url())));
    let lines = capture(&mut measure)?;
    for line in lines.lines() {
        let figure = serde_json::from_str(line).map_err(|error| {
            TaskError::Told(format!("beatbook-measure printed something else: {line}: {error}"))
        })?;
        figures.push(figure);
    }
    write(places, &figures)
}

fn brotli_size(bytes: &[u8]) -> Result<u64> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 22)
        .write_all(bytes)
        .doing(|| "compressing".to_owned())?;
    Ok(out.len() as u64)
}

fn write(places: &Places, figures: &[Measurement]) -> Result {
    let rows: Vec<String> = figures.iter().map(Measurement::row).collect();
    let table = format!("| what | figure | budget |\n|---|---|---|\n{}\n", rows.join("\n"));
    let json = serde_json::to_string_pretty(figures).map_err(|error| TaskError::Told(error.to_string()))?;
    let folder = places.cache.join("bench");
    std::fs::create_dir_all(&folder).doing(|| format!("making {}", folder.display()))?;
    for (name, content) in [("bench.md", &table), ("bench.json", &json)] {
        std::fs::write(folder.join(name), content).doing(|| format!("writing {name}"))?;
    }
    eprintln!("{table}\nwritten to {}", folder.display());
    Ok(())
}
