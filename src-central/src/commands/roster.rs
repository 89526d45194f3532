//! `officers`, `enrol-code`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::ingest::{RECORDS, STANDARDS};
use beatbook_central::{clock, enrolment, force, officers, qr, storage, typed};
use beatbook_domain::id::Code;
use beatbook_domain::time::{Millis, day_clock};
use beatbook_protocol::sync::{EnrolTicket, Grant, OfficerRow};
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
        /// Rank or role code: PC, SC, PCSO, PS, INSP, … (PSD reads what professional standards alone may read)
        #[arg(long)]
        role: String,
        /// Team, made where there is none of that name
        #[arg(long)]
        team: Option<String>,
    },
    /// Let an officer decide about a team's entries for a time: an acting sergeant for one night, a loan to an operation
    Grant {
        /// Collar number
        #[arg(long)]
        collar: String,
        /// What: `review` decides about entries as a sergeant does, `command` about sergeants' too and about what was handed
        /// up, as an inspector does; `patrol` lets a sergeant record patrols; `professional_standards` reads disclosures about
        /// people in policing, `records` holds and erases records: both without a team
        #[arg(long, value_parser = ["review", "command", "patrol", "professional_standards", "records"], default_value = "review")]
        capability: String,
        /// The team
        #[arg(long)]
        team: Option<String>,
        /// From when, London time: 2026-11-27T18:00; now where it is not said
        #[arg(long, value_parser = typed::instant)]
        from: Option<Millis>,
        /// Until when, London time: 2026-11-28T04:00
        #[arg(long, value_parser = typed::instant, required_unless_present = "no_end")]
        until: Option<Millis>,
        /// Until further notice: an inspector who has several teams
        #[arg(long, conflicts_with = "until")]
        no_end: bool,
    },
    /// Take an officer out of the team from now on; what was recorded stays with the team
    Leave {
        /// Collar number
        #[arg(long)]
        collar: String,
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
            Self::Grant { collar, capability, team, from, until, no_end: _ } => {
                let officer = officers::find(storage, &collar, at).await?.ok_or_else(|| nobody(&collar))?;
                let teams = storage.teams().await?;
                let of_the_force = [STANDARDS, RECORDS].contains(&capability.as_str());
                let team = match team.filter(|_| !of_the_force) {
                    Some(name) => {
                        let known = teams.iter().find(|one| one.name == name);
                        Some(known.ok_or_else(|| Failed::Asked(format!("no team is called {name}")))?)
                    }
                    None if of_the_force => None,
                    None => return Err(Failed::Asked("--team says which team".into())),
                };
                let from = from.unwrap_or(at);
                if until.is_some_and(|until| until <= from) {
                    return Err(Failed::Asked("--until lies before --from: nothing was granted".into()));
                }
                let (officer_id, team_id) = (officer.officer, team.map(|team| team.team));
                let capability = Code::new(&capability);
                let grant = Grant { officer: officer_id, capability, team: team_id, from, until };
                let end = until.map_or_else(|| "further notice".to_owned(), day_clock);
                println!(
                    "{}: {} for {}, {} to {end}",
                    officer.title(),
                    grant.capability,
                    team.map_or("the whole force", |team| team.name.as_str()),
                    day_clock(from)
                );
                storage.put_grant(grant).await?;
                eprintln!("The phone knows it with its next connection, before it begins.");
            }
            Self::Leave { collar } => {
                let officer = officers::find(storage, &collar, at).await?.ok_or_else(|| nobody(&collar))?;
                let left = OfficerRow { team: None, ..officer };
                let title = left.title();
                storage.put_officer(left, at).await?;
                println!("{title} is in no team from now on");
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

fn nobody(collar: &str) -> Failed {
    Failed::Asked(format!("no officer has collar number {collar}: add one first"))
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
        let code = enrolment::issue(
            storage.as_ref(),
            &force,
            officer.ok_or_else(|| nobody(&self.officer))?.officer,
            at,
        )
        .await?;
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
