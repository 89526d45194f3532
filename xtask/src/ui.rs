//! `cargo xtask ui`: the Leptos app as files the shell can embed.
//!
//! Compiles src-ui to wasm, runs wasm-bindgen (as a library, so Cargo.lock keeps it equal to the crate), shrinks the
//! result where a recent `wasm-opt` is installed, and lays it beside src-ui/static in src-ui/dist. Only files whose content
//! changed are written: the shell embeds the folder and rebuilds when it is touched.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::places::Places;
use crate::task::{Context, Result, TaskError, capture, find, run, step, succeeds, told};
use crate::toolchain::{Toolchain, WASM};

/// The name of the generated module: `static/app.js` imports `./beatbook_ui.js`.
const MODULE: &str = "beatbook_ui";

/// How the UI is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// As shipped: optimised for size.
    Ui,
    /// Quick to build, larger, with readable panics.
    UiDev,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Ui => "ui",
            Self::UiDev => "ui-dev",
        }
    }
}

/// What a build came to.
#[derive(Debug)]
pub struct Built {
    /// The wasm file in src-ui/dist.
    pub wasm: PathBuf,
}

/// Builds src-ui/dist.
///
/// # Errors
/// A compiler that is missing or says no; a static file that is missing.
pub fn build(places: &Places, profile: Profile) -> Result<Built> {
    let toolchain = Toolchain::choose(places, WASM)?;
    step(&format!("UI ({}) with {}", profile.name(), toolchain.name()));
    run(toolchain.cargo("build").args(["--package", "beatbook-ui", "--lib", "--profile", profile.name()]))?;

    let compiled = toolchain.output(profile.name()).join(format!("{MODULE}.wasm"));
    let generated = toolchain.output(profile.name()).join("generated");
    if !is_current(&compiled, &generated)? {
        generate(&compiled, &generated, profile)?;
    }

    let dist = places.root.join("src-ui/dist");
    let fixed = places.root.join("src-ui/static");
    if !fixed.join("index.html").is_file() {
        return told("src-ui/static/index.html is missing: the static files of the UI live there");
    }
    let fresh = toolchain.output(profile.name()).join("dist");
    remove_folder(&fresh)?;
    crate::task::copy_folder(&fixed, &fresh)?;
    for name in [format!("{MODULE}.js"), format!("{MODULE}_bg.wasm")] {
        std::fs::copy(generated.join(&name), fresh.join(&name)).doing(|| format!("copying {name}"))?;
    }
    let snippets = generated.join("snippets");
    if snippets.is_dir() {
        crate::task::copy_folder(&snippets, &fresh.join("snippets"))?;
    }
    settle(&fresh, &dist)?;
    let wasm = dist.join(format!("{MODULE}_bg.wasm"));
    let bytes = std::fs::metadata(&wasm).doing(|| format!("measuring {}", wasm.display()))?.len();
    eprintln!("    src-ui/dist is ready: {} kB of wasm", bytes / 1000);
    Ok(Built { wasm })
}

/// Whether `generated` was made from this very `compiled`.
fn is_current(compiled: &Path, generated: &Path) -> Result<bool> {
    let stamp = std::fs::read_to_string(generated.join("stamp")).unwrap_or_default();
    Ok(stamp == stamp_of(compiled)?)
}

fn stamp_of(compiled: &Path) -> Result<String> {
    let facts = std::fs::metadata(compiled).doing(|| format!("looking at {}", compiled.display()))?;
    let modified = facts.modified().doing(|| format!("looking at {}", compiled.display()))?;
    let optimiser = optimiser().is_some();
    Ok(format!("{} {modified:?} wasm-opt: {optimiser}", facts.len()))
}

fn generate(compiled: &Path, generated: &Path, profile: Profile) -> Result {
    remove_folder(generated)?;
    let dev = profile == Profile::UiDev;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(MODULE).typescript(false).omit_default_module_path(false);
    bindgen.keep_debug(false).remove_name_section(!dev).remove_producers_section(!dev);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(generated))
        .map_err(|error| TaskError::Told(format!("wasm-bindgen: {error:#}")))?;
    if !dev {
        shrink(&generated.join(format!("{MODULE}_bg.wasm")));
    }
    std::fs::write(generated.join("stamp"), stamp_of(compiled)?).doing(|| "writing the stamp".to_owned())
}

/// The oldest binaryen seen to leave this module whole. 108 (Debian 12) takes it without a word and exports the table of
/// functions in place of the table of references: the page then loads and stays empty.
const OPTIMISER_FROM: u32 = 132;

/// A `wasm-opt` that is there and new enough.
fn optimiser() -> Option<PathBuf> {
    let program = find("wasm-opt")?;
    let said = capture(Command::new(&program).arg("--version")).ok()?;
    let version = said.split_whitespace().find_map(|word| word.parse::<u32>().ok())?;
    (version >= OPTIMISER_FROM).then_some(program)
}

/// A smaller file where a good `wasm-opt` is installed; the same file where not: that costs size, not function.
fn shrink(wasm: &Path) {
    let Some(optimiser) = optimiser() else { return };
    let smaller = wasm.with_extension("opt");
    let features = [
        "--enable-bulk-memory",
        "--enable-mutable-globals",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-reference-types",
        "--enable-multivalue",
    ];
    let mut command = Command::new(optimiser);
    command.arg("-Oz").args(features).arg(wasm).arg("-o").arg(&smaller);
    if !succeeds(&mut command) || std::fs::rename(&smaller, wasm).is_err() {
        eprintln!("    wasm-opt refused this module: the UI stays larger");
    }
}

/// Makes `to` equal to `from`, leaving alone what already is.
fn settle(from: &Path, to: &Path) -> Result {
    std::fs::create_dir_all(to).doing(|| format!("making {}", to.display()))?;
    for entry in std::fs::read_dir(to).doing(|| format!("reading {}", to.display()))? {
        let path = entry.doing(|| format!("reading {}", to.display()))?.path();
        let Some(name) = path.file_name() else { continue };
        if from.join(name).exists() {
            continue;
        }
        if path.is_dir() {
            remove_folder(&path)?;
        } else {
            std::fs::remove_file(&path).doing(|| format!("removing {}", path.display()))?;
        }
    }
    for entry in std::fs::read_dir(from).doing(|| format!("reading {}", from.display()))? {
        let entry = entry.doing(|| format!("reading {}", from.display()))?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            settle(&entry.path(), &target)?;
            continue;
        }
        let content = std::fs::read(entry.path()).doing(|| format!("reading {}", entry.path().display()))?;
        if std::fs::read(&target).ok().as_ref() != Some(&content) {
            std::fs::write(&target, content).doing(|| format!("writing {}", target.display()))?;
        }
    }
    Ok(())
}

fn remove_folder(folder: &Path) -> Result {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).doing(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}
