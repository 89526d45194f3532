//! `export`, `funder-return`, `open-export`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::export::returns;
use beatbook_central::export::{self, Asked, Audience, Exported, Form, inside};
use beatbook_central::storage;
use beatbook_central::{clock, opened};
use beatbook_domain::id::EntryId;
use beatbook_domain::period::{GroupBy, month_of};
use beatbook_domain::time::day_clock;
use chrono::NaiveDate;
use clap::Args;

use super::{Failed, team_named};

/// Exports listed.
const LISTED: u32 = 100;

/// Write figures of a period, or of one shift, as CSV, JSON, GeoJSON and PDF; who, why and the hash of every file are
/// kept. Every file carries its marking. `--for public` gives whole months, few people hidden, one split for each month
#[derive(Args)]
pub struct Export {
    /// First day, 2026-11-01
    #[arg(long, required_unless_present_any = ["list", "shift", "period"])]
    from: Option<NaiveDate>,
    /// Last day, 2026-11-30
    #[arg(long, required_unless_present_any = ["list", "shift", "period"])]
    until: Option<NaiveDate>,
    /// A month, 2026-11, in the place of first and last day
    #[arg(long, conflicts_with_all = ["from", "until"])]
    period: Option<String>,
    /// One shift by its id: its summary, for the force
    #[arg(long, conflicts_with_all = ["from", "until", "period"])]
    shift: Option<EntryId>,
    /// What figures are told by: month, week, day, area, ward, district, team, initiative, transport, shift
    #[arg(long = "split", default_value_t = GroupBy::Month)]
    grouping: GroupBy,
    /// One team by its name; every team where none is given
    #[arg(long)]
    team: Option<String>,
    /// Who will read it: the force itself, or anybody else (whole months, few people hidden)
    #[arg(long = "for", value_enum, default_value_t = Audience::Force)]
    audience: Audience,
    /// Files, by form
    #[arg(long, value_enum, value_delimiter = ',', default_value = "csv,json,geojson,pdf")]
    forms: Vec<Form>,
    /// Put exact positions of concern notes on the map (inside the force; the map is OFFICIAL-SENSITIVE)
    #[arg(long)]
    exact: bool,
    /// What the marking asks of who holds it, in the force's own words
    #[arg(long)]
    handling: Option<String>,
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
        if self.list {
            for one in storage.exports(LISTED).await? {
                println!("{}\t{}\t{}\t{}\t{}", day_clock(one.at), one.by, one.why, one.what, one.files);
            }
            return Ok(ExitCode::SUCCESS);
        }
        let (from, until) = match (self.from, self.until, &self.period) {
            (_, _, Some(month)) => month_named(month)?,
            (Some(from), Some(until), None) if until < from => {
                return Err(Failed::Asked(format!("--until {until} lies before --from {from}")));
            }
            (Some(from), Some(until), None) => (from, until.succ_opt().unwrap_or(until)),
            _ => (NaiveDate::MIN, NaiveDate::MIN),
        };
        let team = team_named(storage.as_ref(), self.team.as_deref()).await?;
        let asked = Asked {
            from,
            until,
            // A choice of one team among all of them is a split by team.
            grouping: match (self.audience, team) {
                (Audience::Public, Some(_)) => GroupBy::Team,
                _ => self.grouping,
            },
            team,
            audience: self.audience,
            forms: self.forms,
            handling: self.handling,
            exact: self.exact,
            by: self.by.unwrap_or_default(),
            why: self.why.unwrap_or_default(),
        };
        let done = match self.shift {
            Some(shift) => {
                inside::export_shift(storage.as_ref(), shift, &asked, &self.to, clock::now()).await?
            }
            None => export::export(storage.as_ref(), &asked, &self.to, clock::now()).await?,
        };
        say(&done);
        Ok(ExitCode::SUCCESS)
    }
}

fn say(done: &Exported) {
    for file in &done.files {
        println!("{}", file.display());
    }
    for note in &done.notes {
        eprintln!("note: {note}");
    }
    if done.shifts > 0 {
        eprintln!(
            "{} shifts; {} of them have something missing, which the figures leave out.",
            done.shifts, done.incomplete
        );
    }
}

fn month_named(text: &str) -> Result<(NaiveDate, NaiveDate), Failed> {
    let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
    first.map(month_of).map_err(|_| Failed::Asked(format!("--period {text}: write a month, 2026-11")))
}

/// Fill in the template of a funder's return and write it as CSV, JSON and PDF
#[derive(Args)]
pub struct FunderReturn {
    /// The template (TOML or JSON); docs/funder-returns has examples
    #[arg(long)]
    template: PathBuf,
    /// The month, 2026-11
    #[arg(long, required_unless_present = "from")]
    period: Option<String>,
    /// First day of several months, 2026-10-01
    #[arg(long, requires = "until", conflicts_with = "period")]
    from: Option<NaiveDate>,
    /// Last day of several months, 2026-12-31
    #[arg(long, requires = "from")]
    until: Option<NaiveDate>,
    /// What the marking asks of who holds it, in the force's own words
    #[arg(long)]
    handling: Option<String>,
    /// Folder the files are written into
    #[arg(long, default_value = ".")]
    to: PathBuf,
    /// Who exports: a name or collar number
    #[arg(long)]
    by: String,
    /// Why, in a few words
    #[arg(long)]
    why: String,
}

impl FunderReturn {
    /// Fills it in.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let template = returns::read(&self.template)?;
        let (from, until) = match (&self.period, self.from, self.until) {
            (Some(month), ..) => month_named(month)?,
            (None, Some(from), Some(until)) => (from, until.succ_opt().unwrap_or(until)),
            _ => return Err(Failed::Asked("give --period 2026-11, or --from and --until".to_owned())),
        };
        let storage = storage::open(database).await?;
        let asked = returns::Asked { from, until, by: self.by, why: self.why, handling: self.handling };
        let done = returns::export(storage.as_ref(), &template, &asked, &self.to, clock::now()).await?;
        say(&done);
        Ok(ExitCode::SUCCESS)
    }
}

/// Open a file that a device sealed to the force, and write what is inside into a folder
#[derive(Args)]
pub struct OpenExport {
    /// The sealed file
    file: PathBuf,
    /// The force's offline recovery key, where central's own key is not at hand
    #[arg(long)]
    recovery_key: Option<PathBuf>,
    /// Folder the files are written into
    #[arg(long, default_value = ".")]
    to: PathBuf,
    /// Who opens it: a name or collar number
    #[arg(long)]
    by: String,
    /// Why, in a few words
    #[arg(long)]
    why: String,
}

impl OpenExport {
    /// Opens it.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let key = self.recovery_key.as_deref();
        let by = (self.by.as_str(), self.why.as_str());
        let files = opened::open(storage.as_ref(), &self.file, key, &self.to, by, clock::now()).await?;
        for file in files {
            println!("{}", file.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}
