//! Developer tasks for Beatbook: `cargo xtask help` lists them.
//!
//! What `./run`, `./test` and CI do is done here; the shell scripts only install what a fresh machine lacks.
//! This program is no part of what ships.
#![allow(clippy::print_stderr, reason = "a developer tool talks through the terminal")]

mod check;
mod icons;
mod mobile;
mod places;
mod postgres;
mod task;
mod testing;
mod toolchain;
mod ui;

use clap::{Parser, Subcommand};

/// Developer tasks for Beatbook.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the screens into src-ui/dist
    Ui {
        /// As shipped, or quick to build
        #[arg(long, value_enum, default_value = "ui")]
        profile: ui::Profile,
    },
    /// Build the screens, the app and central
    Build {
        /// Optimised, as shipped
        #[arg(long)]
        release: bool,
    },
    /// Format, lints, documentation, dependencies, rules of the house
    Check {
        /// Leave out what needs a download or minutes
        #[arg(long)]
        quick: bool,
    },
    /// Everything `./test` runs
    Test {
        /// The inner loop: no wasm, no window, no PostgreSQL, nothing to download
        #[arg(long)]
        quick: bool,
    },
    /// Type-check engine and shell for a phone, without an SDK
    MobileCheck,
    /// Draw every icon size from icons/beatbook.svg
    Icons,
}

fn main() -> std::process::ExitCode {
    match Arguments::parse().task.perform() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\x1b[1mxtask:\x1b[0m {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

impl Task {
    fn perform(self) -> task::Result {
        let places = places::Places::find()?;
        match self {
            Self::Ui { profile } => ui::build(&places, profile).map(drop),
            Self::Build { release } => {
                ui::build(&places, ui::Profile::Ui)?;
                testing::programs(&places, if release { "release" } else { "dev" })
            }
            Self::Check { quick } => check::all(&places, quick),
            Self::Test { quick } => testing::run_all(&places, quick),
            Self::MobileCheck => mobile::check(&places),
            Self::Icons => icons::draw(&places),
        }
    }
}
