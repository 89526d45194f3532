//! `cargo xtask check`: what needs no running program: format, lints, dependencies, and the rules of the house.

use std::path::PathBuf;
use std::process::Command;

use crate::places::Places;
use crate::task::{Result, find, run, step, succeeds};

/// Runs every check; `quick` leaves out what needs a download or minutes.
///
/// # Errors
/// The first check that says no.
pub fn all(places: &Places, quick: bool) -> Result {
    step("Format");
    run(places.cargo().args(["fmt", "--all", "--check"]))?;
    step("Clippy");
    run(places.cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "--deny",
        "warnings",
    ]))?;
    step("Rules of the house");
    run(places.cargo().args(["test", "--quiet", "--package", "xtask", "--test", "tidy"]))?;
    if quick {
        return Ok(());
    }
    step("Documentation");
    let mut docs = places.cargo();
    docs.args(["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"]);
    // Private items are documented here, so a link to one leads somewhere.
    run(docs.env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private_intra_doc_links"))?;
    dependencies(places)
}

/// cargo-deny: licences, bans and sources always; advisories where their database can be fetched.
fn dependencies(places: &Places) -> Result {
    step("Dependencies: licences, bans, sources");
    let deny = deny(places)?;
    // It reads the manifest of every locked crate, also of platforms that are never built here.
    run(places.cargo().args(["fetch", "--locked", "--quiet"]))?;
    let command = || {
        let mut command = Command::new(&deny);
        command.current_dir(&places.root).args(["--log-level", "error", "--all-features"]);
        command
    };
    run(command().args(["--offline", "check", "bans", "licenses", "sources"]))?;
    step("Dependencies: known vulnerabilities");
    if succeeds(command().args(["fetch", "db"])) {
        return run(command().args(["check", "--disable-fetch", "advisories"]));
    }
    eprintln!("    NOT CHECKED: the advisory database cannot be reached from here");
    Ok(())
}

/// cargo-deny, installed into the cache where the machine has none.
fn deny(places: &Places) -> Result<PathBuf> {
    let tools = places.cache.join("tools");
    let own = tools.join("bin/cargo-deny");
    if let Some(found) = find("cargo-deny").or_else(|| own.is_file().then(|| own.clone())) {
        return Ok(found);
    }
    step("Installing cargo-deny into the cache (once, some minutes)");
    run(places.cargo().args(["install", "cargo-deny", "--locked", "--root"]).arg(&tools))?;
    Ok(own)
}
