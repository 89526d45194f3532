//! `cargo xtask test`: everything that can be shown to work, cheapest first. What `./test` and CI run.

use std::path::PathBuf;
use std::process::Command;

use crate::places::Places;
use crate::postgres::Postgres;
use crate::task::{Context, Result, find, run, step, succeeds};
use crate::{check, mobile, ui};

/// The end-to-end tests: they need the screens, a display and a keystore.
const END_TO_END: &str = "beatbook-tests";

/// Runs the tests. `quick` is the inner loop: no wasm, no window, no PostgreSQL, nothing to download.
///
/// # Errors
/// The first thing that fails.
pub fn run_all(places: &Places, quick: bool) -> Result {
    check::all(places, quick)?;
    if quick {
        step("Tests (quick)");
        return tests(places, &["--exclude", END_TO_END], &[]);
    }
    ui::build(places, ui::Profile::Ui)?;
    mobile::check(places)?;
    step("Programs");
    programs(places, "dev")?;
    step("Examples in the documentation");
    run(places.cargo().args(["test", "--quiet", "--workspace", "--doc"]))?;
    let axe = axe(places)?;
    let postgres = Postgres::start()?;
    step("Tests");
    let mut environment = vec![("BEATBOOK_TEST_POSTGRES", postgres.url())];
    environment.extend(axe.map(|file| ("BEATBOOK_AXE", file.display().to_string())));
    tests(places, &[], &environment)
}

/// Builds the app and central, which the end-to-end tests start.
///
/// # Errors
/// When they do not compile.
pub fn programs(places: &Places, profile: &str) -> Result {
    let mut cargo = places.cargo();
    cargo.args(["build", "--package", "beatbook-app", "--package", "beatbook-central", "--bins"]);
    run(cargo.args(["--profile", profile]))
}

/// Every test of the workspace, with nextest where it is installed. Its own closing lines are the last that is printed.
fn tests(places: &Places, selection: &[&str], environment: &[(&str, String)]) -> Result {
    let mut cargo = places.cargo();
    if succeeds(places.cargo().args(["nextest", "--version"])) {
        cargo.args(["nextest", "run"]);
    } else {
        cargo.args(["test", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    }
    cargo.arg("--workspace").args(selection).envs(environment.iter().map(|(name, value)| (name, value)));
    run(&mut cargo)
}

/// axe-core from npm into the cache; nothing where there is no npm, and then the audits say that they did not run.
fn axe(places: &Places) -> Result<Option<PathBuf>> {
    let folder = places.cache.join("npm");
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.is_file() {
        step("axe-core into the cache (once)");
        std::fs::create_dir_all(&folder).doing(|| format!("making {}", folder.display()))?;
        let wanted = find("npm").map(|npm| {
            let mut command = Command::new(npm);
            command.current_dir(&folder).args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "axe-core@4",
            ]);
            succeeds(&mut command)
        });
        if wanted != Some(true) {
            eprintln!(
                "    NOT AVAILABLE: npm is not here or cannot reach its registry; screens are not audited"
            );
        }
    }
    Ok(file.is_file().then_some(file))
}
