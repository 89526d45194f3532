//! `authorities import`, `authorities list`, `stock import`, `stock list`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::authorities::{self, GivenAuthority};
use beatbook_central::stock::{self, GivenLine};
use beatbook_central::{clock, lists, policy, storage};
use beatbook_domain::code_list::Edition;
use beatbook_domain::id::Code;
use beatbook_domain::power::PowerAuthority;
use beatbook_domain::privacy::retention::Keep;
use beatbook_domain::time::{HOUR_MS, Millis, local};
use clap::Subcommand;

use super::Failed;

/// What a file of authorities looks like.
const AUTHORITIES_FILE: &str = r#"Times are by London's clock, or with an offset (2026-11-27T21:00:00+00:00). Without an area it holds everywhere;
without an end it is open, which an authorisation under s.34 cannot be. To end one early, import it again with that end.

[{"reference": "S34-2026-118", "title": "Prince of Wales Road", "powers": ["PW_S34_35_DISPERSAL"],
  "area": "DEMO-P-POW", "locality": "from the Hall to Foundry Bridge",
  "from": "2026-11-27 21:00", "until": "2026-11-28 05:00", "authorised_by": "Insp 0102"}]"#;

/// What a file of stock looks like.
const STOCK_FILE: &str = r#"Only the material is needed. A line that is no longer given out stays in the file, with its last day.

[{"material": "MAT_WALLET_STREETSAFE_ENOUGH", "version": "2", "language": "PL", "batch": "2026-09",
  "use_until": "2027-03-31", "low_at": 5}]"#;

/// What a file of retention rules looks like.
const RETENTION_FILE: &str = r#"Months after an entry was settled; days a phone keeps its copy. Each line says where its numbers come from. A class that is
not in the file stays as it ships. Nothing is erased by the clock: `records erase` is somebody's decision.

[{"code": "RC_ENGAGEMENT", "months": 84, "device_days": 7, "source": "Retention schedule 2026, line 4.2"}]"#;

/// Authorities that powers rest on.
#[derive(Subcommand)]
pub enum Authorities {
    /// Import a file (JSON array): one of a known reference replaces it, the others stay
    #[command(after_help = AUTHORITIES_FILE)]
    Import {
        /// The file
        file: PathBuf,
    },
    /// List those in force, to come and ended
    List {
        /// Print as JSON, in the form that can be imported
        #[arg(long)]
        json: bool,
    },
}

impl Authorities {
    /// Imports or lists.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let at = clock::now();
        match self {
            Self::Import { file } => {
                let given = authorities::read(&std::fs::read_to_string(&file)?)?;
                let storage = storage::open(database).await?;
                let (edition, is_new) = authorities::import(storage.as_ref(), given, at).await?;
                say(&edition, is_new, edition.authorities.len(), "authorities");
            }
            Self::List { json } => {
                let storage = storage::open(database).await?;
                let edition = lists::current(storage.as_ref()).await?;
                if json {
                    let all: Vec<GivenAuthority> = edition.authorities.iter().map(Into::into).collect();
                    println!("{}", serde_json::to_string_pretty(&all)?);
                    return Ok(ExitCode::SUCCESS);
                }
                for it in &edition.authorities {
                    let powers: Vec<&str> = it.powers.iter().map(Code::as_str).collect();
                    println!(
                        "{}\t{}\t{}\t{}\t{}\t{}",
                        it.reference,
                        standing(it, at),
                        when(it),
                        code(it.area.as_ref()),
                        powers.join(" "),
                        it.title
                    );
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Materials the force has printed.
#[derive(Subcommand)]
pub enum Stock {
    /// Import a file (JSON array) in place of the lines in force
    #[command(after_help = STOCK_FILE)]
    Import {
        /// The file
        file: PathBuf,
    },
    /// List the lines in force
    List {
        /// Print as JSON, in the form that can be imported
        #[arg(long)]
        json: bool,
    },
}

impl Stock {
    /// Imports or lists.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let at = clock::now();
        match self {
            Self::Import { file } => {
                let lines = stock::read(&std::fs::read_to_string(&file)?)?;
                let storage = storage::open(database).await?;
                let (edition, is_new) = stock::import(storage.as_ref(), lines, at).await?;
                say(&edition, is_new, edition.stock.len(), "lines of stock");
            }
            Self::List { json } => {
                let storage = storage::open(database).await?;
                let edition = lists::current(storage.as_ref()).await?;
                if json {
                    let all: Vec<GivenLine> = edition.stock.iter().map(Into::into).collect();
                    println!("{}", serde_json::to_string_pretty(&all)?);
                    return Ok(ExitCode::SUCCESS);
                }
                let today = local(at).date_naive();
                for line in &edition.stock {
                    let use_until = match line.use_until {
                        Some(day) if line.is_outdated(today) => format!("out of date after {day}"),
                        Some(day) => format!("until {day}"),
                        None => "no last day".to_owned(),
                    };
                    println!(
                        "{}\t{}\t{}\t{}\t{use_until}",
                        line.material,
                        code(line.language.as_ref()),
                        code(line.version.as_ref()),
                        code(line.batch.as_ref())
                    );
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What the force sets for every phone.
#[derive(Subcommand)]
pub enum Policy {
    /// Set how long a phone may be read; without a number it goes back to its default
    Set {
        /// Hours a phone may be read without hearing from the server (72); saving and sending never stop
        #[arg(long)]
        offline_limit_hours: Option<u32>,
    },
    /// Set the retention table by class of record: a file (JSON array) in place of what was set before; `[]` for what ships
    #[command(after_help = RETENTION_FILE)]
    Retention {
        /// The file
        file: PathBuf,
    },
    /// Show what is in force
    Show,
}

impl Policy {
    /// Sets or shows.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let storage = storage.as_ref();
        let in_force = lists::current(storage).await?.policy;
        let set = match self {
            Self::Set { offline_limit_hours } => {
                Some(beatbook_domain::offline::Policy { offline_limit_hours, ..in_force.clone() })
            }
            Self::Retention { file } => {
                let classes = policy::read(&std::fs::read_to_string(&file)?)?;
                Some(beatbook_domain::offline::Policy { classes, ..in_force.clone() })
            }
            Self::Show => None,
        };
        let policy = match set {
            Some(set) => {
                let (edition, is_new) = policy::set(storage, set, clock::now()).await?;
                say(&edition, is_new, 1, "policy");
                edition.policy
            }
            None => in_force,
        };
        let hours = policy.offline_limit_ms() / HOUR_MS;
        let said = if policy.offline_limit_hours.is_none() { " (the default)" } else { "" };
        println!("a phone may be read for {hours} hours without hearing from the server{said}");
        println!("\nclass\tkept\ton a device once safe and reviewed\tset by\tsource");
        for class in policy.retention().classes {
            let by = match policy.classes.iter().any(|rule| rule.code == class.code) {
                true => "the force",
                false => "as shipped",
            };
            let (kept, days) = (kept(class.keep), class.device_days);
            println!("{}\t{kept}\t{days} days\t{by}\t{}", class.code, class.basis);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn kept(keep: Keep) -> String {
    match keep {
        Keep::Months(months) => format!("{months} months"),
        Keep::Days(days) => format!("{days} days"),
        Keep::WithReference => "with the record it went to".to_owned(),
        Keep::UntilAge100 => "to the person's hundredth year".to_owned(),
        Keep::WithChain => "with the chain".to_owned(),
    }
}

fn say(edition: &Edition, is_new: bool, count: usize, what: &str) {
    let version = edition.version;
    match is_new {
        true => println!("edition {version} is in force, with {count} {what}"),
        false => println!("edition {version} has these {what} already: nothing was changed"),
    }
}

fn standing(it: &PowerAuthority, at: Millis) -> &'static str {
    match it.is_live(at) {
        true => "live",
        false if at < it.from => "to come",
        false => "ended",
    }
}

/// By London's clock, with the year: some run for years.
fn when(it: &PowerAuthority) -> String {
    let shown = |at: Millis| local(at).format("%Y-%m-%d %H:%M");
    match it.until {
        Some(until) => format!("{} to {}", shown(it.from), shown(until)),
        None => format!("from {}", shown(it.from)),
    }
}

fn code(code: Option<&Code>) -> &str {
    code.map_or("-", Code::as_str)
}
