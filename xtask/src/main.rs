//! Developer tasks for Beatbook: `cargo xtask help` lists them.
//!
//! What `./run`, `./test` and CI do is done here; the shell scripts only install what a fresh machine lacks.
//! This program is no part of what ships.
#![allow(clippy::print_stderr, reason = "a developer tool talks through the terminal")]

mod bench;
mod check;
mod icons;
mod mobile;
mod places;
mod postgres;
mod run;
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
    /// The demonstration: central, a phone with enrolled officers, and the window
    Run(run::Options),
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
    /// Measure times and sizes, and write a table and JSON into the cache
    Bench {
        /// One measurement alone, quicker to build: sync, weak, central, peers, save, find, areas, faults, …
        what: Option<String>,
        /// Everything once and small: only shows that it can be measured
        #[arg(long)]
        quick: bool,
    },
    /// Run a command with a private PostgreSQL named in BEATBOOK_TEST_POSTGRES
    WithPostgres {
        /// The command and its arguments
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
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
            Self::Run(options) => run::start(&places, &options),
            Self::Check { quick } => check::all(&places, quick),
            Self::Test { quick } => testing::run_all(&places, quick),
            Self::Bench { what: None, .. } => bench::run_all(&places),
            Self::Bench { what: Some(what), quick } => bench::run_one(&places, &what, quick),
            Self::WithPostgres { command } => {
                let postgres = postgres::Postgres::start()?;
                let (program, arguments) =
                    command.split_first().map_or(("true", &[][..]), |(p, a)| (p.as_str(), a));
                task::run(
                    std::process::Command::new(program)
                        .args(arguments)
                        .env("BEATBOOK_TEST_POSTGRES", postgres.url())
                        .env("CARGO_TARGET_DIR", &places.target),
                )
            }
            Self::MobileCheck => mobile::check(&places),
            Self::Icons => icons::draw(&places),
        }
    }
}
