//! Developer tasks for Beatbook: `cargo xtask help` lists them.
//!
//! What `./run`, `./test` and CI do is done here; the shell scripts only install what a fresh machine lacks.
//! This program is no part of what ships.
#![allow(clippy::print_stderr, reason = "a developer tool talks through the terminal")]

mod icons;
mod places;
mod task;
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
            Self::Icons => icons::draw(&places),
        }
    }
}
