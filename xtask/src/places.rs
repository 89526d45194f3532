//! Where things lie: the repository, and the cache outside it that build output goes to.

use std::path::PathBuf;
use std::process::Command;

use crate::task::{Result, told};

/// The folders every task works with.
#[derive(Debug, Clone)]
pub struct Places {
    /// The repository's root.
    pub root: PathBuf,
    /// Build output and tools that a fresh clone on the same machine can use again.
    pub cache: PathBuf,
    /// Cargo's target folder for the native build.
    pub target: PathBuf,
}

impl Places {
    /// Reads the environment once: `CARGO_TARGET_DIR`, `XDG_CACHE_HOME`, `HOME`.
    pub fn find() -> Result<Self> {
        // Asked at run time: with a build folder shared by two clones, the program may have been compiled in the other.
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let package = package.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let Some(root) = package.parent() else {
            return told("xtask does not lie in a workspace");
        };
        let absolute =
            |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = match (absolute("XDG_CACHE_HOME"), absolute("HOME")) {
            (Some(cache), _) => cache.join("beatbook"),
            (None, Some(home)) => home.join(".cache/beatbook"),
            (None, None) => {
                return told("neither XDG_CACHE_HOME nor HOME is set: set one, build output goes there");
            }
        };
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => cache.join("target"),
        };
        Ok(Self { root: root.to_owned(), cache, target })
    }

    /// Cargo in the repository, with the native target folder.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    /// A program of ours from the native build.
    pub fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(name)
    }
}
