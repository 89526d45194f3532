//! `export`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::export::{self, Asked, Audience};
use beatbook_central::{clock, storage, typed};
use beatbook_domain::time::day_clock;
use chrono::NaiveDate;
use clap::Args;

use super::Failed;

/// Exports listed.
const LISTED: u32 = 100;

/// Write figures of a period as CSV and JSON; who, why and the hash of every file are kept.
#[derive(Args)]
pub struct Export {
    /// First day, 2026-11-01
    #[arg(long, required_unless_present = "list")]
    from: Option<NaiveDate>,
    /// Last day, 2026-11-30
    #[arg(long, required_unless_present = "list")]
    until: Option<NaiveDate>,
    /// Name of one team; all where none is named
    #[arg(long)]
    team: Option<String>,
    /// Who will read it: `force` gets a row for each shift; `public` gets whole months, with counts of one to four hidden, and
    /// whatever they could be worked out from
    #[arg(long = "for", value_enum, default_value_t = Audience::Force)]
    audience: Audience,
    /// Folder the files are written into
    #[arg(long, default_value = ".")]
    to: PathBuf,
    /// Who exports: a name or collar number
    #[arg(long, required_unless_present = "list")]
    by: Option<String>,
    /// Why, in a few words
    #[arg(long, required_unless_present = "list")]
    why: Option<String>,
    /// List what was exported before
    #[arg(long)]
    list: bool,
}

impl Export {
    /// Exports or lists.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let (Some(from), Some(until), false) = (self.from, self.until, self.list) else {
            for one in storage.exports(LISTED).await? {
                println!("{}\t{}\t{}\t{}\t{}", day_clock(one.at), one.by, one.why, one.what, one.files);
            }
            return Ok(ExitCode::SUCCESS);
        };
        if until < from {
            return Err(Failed::Asked(format!("--until {until} lies before --from {from}")));
        }
        let team = match &self.team {
            None => None,
            Some(name) => {
                let teams = storage.teams().await?;
                let team = teams.iter().find(|team| team.name == *name).map(|team| team.team);
                let names: Vec<_> = teams.iter().map(|team| team.name.as_str()).collect();
                let unknown =
                    || Failed::Asked(format!("no team is called {name}: there are {}", names.join(", ")));
                Some(team.ok_or_else(unknown)?)
            }
        };
        let asked = Asked {
            from: typed::day_begins(from),
            until: typed::day_begins(until.succ_opt().unwrap_or(until)),
            team,
            audience: self.audience,
            by: self.by.unwrap_or_default(),
            why: self.why.unwrap_or_default(),
        };
        let done = export::export(storage.as_ref(), &asked, &self.to, clock::now()).await?;
        for file in &done.files {
            println!("{}", file.display());
        }
        eprintln!(
            "{} shifts; {} of them have something missing, which the figures leave out.",
            done.shifts, done.incomplete
        );
        Ok(ExitCode::SUCCESS)
    }
}
