//! Sets up a notebook on a phone's data folder without a window, by the engine's own enrolment: what the demonstration
//! needs for each of its officers. Prints the secret that opens it: the PIN where a keystore answers, else the
//! passphrase.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_device::device::{Device, DeviceConfig, Handle};
use beatbook_protocol::ipc::{AppError, Enrol, GetStatus};
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    /// The phone's data folder
    #[arg(long)]
    data: PathBuf,
    /// Central's address
    #[arg(long)]
    server: String,
    /// The one-time code
    #[arg(long)]
    code: String,
    /// Opens the notebook where a keystore answers
    #[arg(long)]
    pin: String,
    /// Opens it where none does
    #[arg(long)]
    passphrase: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match enrol(Arguments::parse()).await {
        Ok(secret) => {
            println!("{secret}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn enrol(asked: Arguments) -> Result<String, AppError> {
    let device = Device::open(DeviceConfig::new(asked.data))?;
    let secret = if device.handle(GetStatus {}).await?.keystore { asked.pin } else { asked.passphrase };
    device.handle(Enrol { server: asked.server, code: asked.code, secret: secret.clone() }).await?;
    device.seal().await;
    Ok(secret)
}
