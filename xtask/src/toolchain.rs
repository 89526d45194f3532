//! Which compiler builds for a target that is not this machine.
//!
//! Where rustup has the target's standard library, rustup's compiler does. Where it cannot be downloaded, Debian's
//! `rustc-web` builds the standard library from `rust-web-src` with the linker of whichever `lld` is installed.
//! The two are different compilers, so each gets a target folder of its own: sharing one rebuilds everything.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::places::Places;
use crate::task::{Result, capture, find, succeeds, told};

/// The UI's target.
pub const WASM: &str = "wasm32-unknown-unknown";
/// The phone's target.
pub const ANDROID: &str = "aarch64-linux-android";

/// The packages that make Debian's compiler able to build for another target.
pub const DEBIAN_PACKAGES: &str = "rustc-web cargo-web rust-web-src lld-22";

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std";

/// A way to build for one target.
#[derive(Debug)]
pub struct Toolchain {
    target: &'static str,
    kind: Kind,
    target_dir: PathBuf,
    root: PathBuf,
}

#[derive(Debug)]
enum Kind {
    Rustup,
    Debian { linker: PathBuf },
}

impl Toolchain {
    /// Chooses without asking. `BEATBOOK_FOREIGN_TOOLCHAIN=rustup|debian` overrules, for trying the other one.
    ///
    /// # Errors
    /// Where neither is there and rustup cannot download: the words name the packages to install.
    pub fn choose(places: &Places, target: &'static str) -> Result<Self> {
        let wish = std::env::var("BEATBOOK_FOREIGN_TOOLCHAIN").unwrap_or_default();
        let rustup = || Self {
            target,
            kind: Kind::Rustup,
            target_dir: places.cache.join("foreign-rustup"),
            root: places.root.clone(),
        };
        let debian = || {
            debian_linker().map(|linker| Self {
                target,
                kind: Kind::Debian { linker },
                target_dir: places.cache.join("foreign-debian"),
                root: places.root.clone(),
            })
        };
        if wish != "debian" && has_standard_library(target) {
            return Ok(rustup());
        }
        if wish != "rustup"
            && let Some(toolchain) = debian()
        {
            return Ok(toolchain);
        }
        if wish != "debian" && add_by_rustup(target) {
            return Ok(rustup());
        }
        told(format!(
            "no compiler for {target} here. Where rustup can download: rustup target add {target}\n\
             Otherwise, on Debian: apt-get install {DEBIAN_PACKAGES}"
        ))
    }

    /// Cargo with `verb` ("build", "check") for the target; add packages and profile to it.
    pub fn cargo(&self, verb: &str) -> Command {
        let mut cargo = match &self.kind {
            Kind::Rustup => {
                let mut cargo = Command::new("cargo");
                cargo.arg(verb);
                cargo
            }
            Kind::Debian { linker } => {
                let mut cargo = Command::new(DEBIAN_CARGO);
                let name = format!("CARGO_TARGET_{}_LINKER", self.target.to_uppercase().replace('-', "_"));
                // Not the rustc that rustup puts first on the search path, nor the one an outer cargo names.
                cargo.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1").env(name, linker);
                cargo.arg(verb).args(["-Z", "build-std=std,panic_abort"]);
                cargo
            }
        };
        cargo
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target_dir)
            .args(["--target", self.target]);
        // An outer `cargo xtask` sets these for its own compiler.
        cargo.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTDOC");
        if matches!(self.kind, Kind::Rustup) {
            cargo.env_remove("RUSTC");
        }
        cargo
    }

    /// The folder that holds the output of `profile`.
    pub fn output(&self, profile: &str) -> PathBuf {
        self.target_dir.join(self.target).join(profile)
    }

    /// For the log: which compiler this is.
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Rustup => "rustup's compiler",
            Kind::Debian { .. } => "Debian's compiler, standard library from source",
        }
    }
}

fn has_standard_library(target: &str) -> bool {
    let folder = capture(Command::new("rustc").args(["--print", "target-libdir", "--target", target]));
    folder.is_ok_and(|folder| {
        std::fs::read_dir(folder).is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|f| f.file_name().to_string_lossy().starts_with("libcore-")))
        })
    })
}

fn add_by_rustup(target: &str) -> bool {
    find("rustup").is_some() && succeeds(Command::new("rustup").args(["target", "add", target]))
}

/// The linker that makes Debian's toolchain whole, or nothing where a part is missing.
fn debian_linker() -> Option<PathBuf> {
    if ![DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_SOURCE].into_iter().all(|part| Path::new(part).exists()) {
        return None;
    }
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.strip_prefix("llvm-")?.parse().ok()?;
            let linker = entry.path().join("bin/wasm-ld");
            linker.is_file().then_some((version, linker))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, linker)| linker).or_else(|| find("wasm-ld"))
}
