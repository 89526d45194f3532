//! `officers add`, `officers list`, `enrol-code`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::{clock, enrolment, force, officers, qr, storage};
use beatbook_protocol::sync::EnrolTicket;
use clap::{Args, Subcommand};

use super::Failed;

/// Officers of the force.
#[derive(Subcommand)]
pub enum Officers {
    /// Add an officer, or change role or team from now on
    Add {
        /// Collar number
        #[arg(long)]
        collar: String,
        /// Rank or role code: PC, SC, PCSO, PS, …
        #[arg(long)]
        role: String,
        /// Team, made where there is none of that name
        #[arg(long)]
        team: Option<String>,
    },
    /// List officers with the role and team in force
    List,
}

impl Officers {
    /// Adds or lists.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let (storage, at) = (storage::open(database).await?, clock::now());
        let storage = storage.as_ref();
        match self {
            Self::Add { collar, role, team } => {
                force::load(storage).await?;
                let team = match team {
                    Some(name) => Some(officers::team(storage, &name, at).await?.team),
                    None => None,
                };
                let officer = officers::put(storage, &collar, &role, team, at).await?;
                println!("{} {}", officer.title(), officer.officer);
            }
            Self::List => {
                let teams = storage.teams().await?;
                for officer in storage.officers(at).await? {
                    let team = officer.team.and_then(|id| teams.iter().find(|team| team.team == id));
                    let team = team.map_or("-", |team| team.name.as_str());
                    println!("{}\t{team}\t{}", officer.title(), officer.officer);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Print a one-time enrolment code.
#[derive(Args)]
pub struct EnrolCodeFor {
    /// Collar number of the officer
    #[arg(long)]
    officer: String,
    /// Address of this server as phones reach it, https://…: stands in the QR code
    #[arg(long, env = "BEATBOOK_SERVER")]
    server: Option<String>,
    /// Write the code as a QR code (SVG) into this file; delete it when the phone is enrolled
    #[arg(long, value_name = "FILE.svg", requires = "server")]
    qr: Option<PathBuf>,
    /// Show the QR code in the terminal
    #[arg(long, requires = "server")]
    show_qr: bool,
}

impl EnrolCodeFor {
    /// Issues and prints the code: the only time it is ever shown.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let (storage, at) = (storage::open(database).await?, clock::now());
        let force = force::load(storage.as_ref()).await?;
        let officer = officers::find(storage.as_ref(), &self.officer, at).await?;
        let nobody =
            || Failed::Asked(format!("no officer has collar number {}: add one first", self.officer));
        let code =
            enrolment::issue(storage.as_ref(), &force, officer.ok_or_else(nobody)?.officer, at).await?;
        println!("{code}");
        if let Some(server) = self.server.as_deref().filter(|_| self.show_qr || self.qr.is_some()) {
            let text = EnrolTicket::new(server, code, &force.bundle).to_string();
            if EnrolTicket::parse(&text).is_none() {
                return Err(Failed::Asked(format!("“{server}” is no address a phone could use")));
            }
            let long = |_| Failed::Asked("the address is too long for a QR code".into());
            if let Some(path) = &self.qr {
                force::write_secret(path, qr::svg(&text).map_err(long)?.as_bytes())?;
            }
            if self.show_qr {
                print!("{}", qr::terminal(&text).map_err(long)?);
            }
        }
        eprintln!("Good for one phone within 24 hours. A code given before and not used is dead.");
        Ok(ExitCode::SUCCESS)
    }
}
