//! `devices`: what phones there are, and what to do when one is lost.

use std::process::ExitCode;

use beatbook_central::{clock, devices, storage};
use beatbook_domain::time::{Millis, day_clock};
use clap::{Args, Subcommand};

use super::Failed;

/// Rows read at a time.
const PAGE: u32 = 500;

/// Phones of the force.
#[derive(Subcommand)]
pub enum Devices {
    /// List devices: officers, when last heard, what they had not sent yet
    List,
    /// Show what a device held and could read: counts and times, no content
    Show {
        /// Its id, or the beginning of it
        device: String,
    },
    /// Take a lost or stolen device out of service, and show what it held. What it still sends is kept and counts for
    /// nothing until you decide; it is told nothing any more. Issue the officer a new code with `enrol-code`
    #[command(visible_alias = "revoke")]
    Lost(Because),
    /// Put a device that was found back into service
    Reinstate {
        /// Its id, or the beginning of it
        device: String,
        /// Who decides this: a name or collar number, kept with the decision
        #[arg(long)]
        by: String,
    },
    /// List what arrived from a device after it was taken out of service: kind, author, times, no content
    Withheld {
        /// Its id, or the beginning of it
        device: String,
    },
    /// Let what arrived from it count after all
    Accept(Because),
    /// Leave what arrived from it out of every figure; it stays in custody as evidence
    Reject(Because),
    /// List the codes that sergeants and inspectors issued from their own phones, the newest first
    Replacements,
}

/// A decision, with who and why.
#[derive(Args)]
pub struct Because {
    /// Id of the device, or the beginning of it
    device: String,
    /// Who decides this: a name or collar number, kept with the decision
    #[arg(long)]
    by: String,
    /// Why, in a few words, kept with the decision
    #[arg(long)]
    why: String,
}

impl Devices {
    /// Lists, shows or decides.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let (storage, at) = (storage::open(database).await?, clock::now());
        let storage = storage.as_ref();
        match self {
            Self::List => {
                let officers = storage.officers(at).await?;
                for one in storage.devices().await? {
                    let mut who: Vec<_> =
                        one.officers.iter().map(|id| devices::title(&officers, *id)).collect();
                    who.sort();
                    let heard = one.contacts.first().map_or("never".to_owned(), |(_, at, _)| day_clock(*at));
                    let pending: u32 = one.contacts.iter().map(|(.., said)| said.pending).sum();
                    let state = match one.revoked_at {
                        None => "in service".to_owned(),
                        Some(at) => format!("out of service since {}", day_clock(at)),
                    };
                    println!(
                        "{}\t{}\tlast heard {heard}\t{pending} not sent\t{state}",
                        one.device,
                        who.join(", ")
                    );
                }
            }
            Self::Replacements => {
                let officers = storage.officers(at).await?;
                for one in storage.replacements(None, Millis(0), PAGE).await? {
                    println!(
                        "{}\t{} for {}\t{}\t{}",
                        day_clock(one.at),
                        devices::title(&officers, one.by),
                        devices::title(&officers, one.officer),
                        one.lost.map_or("-".to_owned(), |device| device.to_string()),
                        one.why
                    );
                }
            }
            Self::Show { device } => {
                let device = devices::find(storage, &device).await?;
                print!("{}", devices::report(storage, device, at).await?);
            }
            Self::Lost(Because { device, by, why }) => {
                let device = devices::find(storage, &device).await?.device;
                let revoked = storage.revoke(storage::Revocation { device, at, by, why }).await?;
                let listed = devices::find(storage, &device.to_string()).await?;
                print!("{}", devices::report(storage, listed, at).await?);
                match revoked {
                    true => eprintln!("Out of service from now on, at every server over this database."),
                    false => eprintln!("It was out of service already: nothing was changed."),
                }
            }
            Self::Reinstate { device, by } => {
                let device = devices::find(storage, &device).await?.device;
                match storage.reinstate(device, at, by).await? {
                    true => println!("back in service: {device}"),
                    false => println!("it was in service: nothing was changed"),
                }
            }
            Self::Withheld { device } => {
                let device = devices::find(storage, &device).await?.device;
                let (officers, mut after) = (storage.officers(at).await?, None);
                loop {
                    let page = storage.withheld(device, after, PAGE).await?;
                    let Some(last) = page.last() else { break };
                    after = Some(last.link);
                    for row in &page {
                        let (who, written) =
                            (devices::title(&officers, row.author), day_clock(row.written_at));
                        let received = day_clock(row.received_at);
                        println!("{}\t{}\t{who}\twritten {written}\treceived {received}", row.link, row.kind);
                    }
                }
            }
            Self::Accept(because) => decide(storage, because, true).await?,
            Self::Reject(because) => decide(storage, because, false).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn decide(storage: &dyn storage::Storage, because: Because, accepted: bool) -> Result<(), Failed> {
    let Because { device, by, why } = because;
    let device = devices::find(storage, &device).await?.device;
    let decision = storage::Decision { accepted, at: clock::now(), by, why };
    let count = storage.decide(device, decision).await?;
    match accepted {
        true => println!("{count} revisions count from now on"),
        false => println!("{count} revisions stay out of every figure"),
    }
    Ok(())
}
