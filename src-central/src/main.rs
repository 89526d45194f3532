//! `beatbook-central`: the command line of central. Parses, opens the database, calls the library, prints.

mod commands;

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::config::{self, LogFormat};
use beatbook_central::journal;
use clap::{Args, Parser, Subcommand};
use commands::examples;

/// The Beatbook central endpoint: takes custody of records, receipts them, feeds them out.
#[derive(Parser)]
#[command(name = "beatbook-central", version, about, max_term_width = 100, after_help = examples::ALL)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args)]
struct Common {
    /// SQLite file, or postgres://user@host/database
    #[arg(long, global = true, env = "BEATBOOK_DATABASE_URL")]
    database_url: Option<String>,
    /// Settings file (TOML); flags and environment come before it
    #[arg(long, global = true, env = "BEATBOOK_CONFIG")]
    config: Option<PathBuf>,
    /// Journal of what is decided here (erasures, holds, roster, devices), which a restore reads; beside an SQLite file where
    /// it is not said. Keep it on another disk than the database
    #[arg(long, global = true, env = "BEATBOOK_JOURNAL")]
    journal: Option<PathBuf>,
    /// How log lines are written
    #[arg(long, global = true, env = "BEATBOOK_LOG_FORMAT")]
    log_format: Option<LogFormat>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve devices: TLS anywhere, plain HTTP on loopback only
    #[command(after_help = examples::SERVE)]
    Serve(commands::Serve),
    /// Create the force: ids and keys; root and recovery keys go to files to be kept offline
    #[command(after_help = examples::INIT)]
    Init(commands::Init),
    /// Officers of the force
    #[command(subcommand, after_help = examples::OFFICERS)]
    Officers(commands::Officers),
    /// Print a one-time enrolment code for an officer
    #[command(after_help = examples::ENROL)]
    EnrolCode(commands::EnrolCodeFor),
    /// Phones of the force: list them, take a lost one out of service
    #[command(subcommand, after_help = examples::DEVICES)]
    Devices(commands::Devices),
    /// Legal holds and erasures of records, and which devices have carried them out
    #[command(subcommand)]
    Records(commands::Records),
    /// Certificates, and numbered statements of keys signed with the offline root key
    #[command(subcommand, after_help = examples::KEYS)]
    Keys(commands::Keys),
    /// Areas of the force
    #[command(subcommand, after_help = examples::AREAS)]
    Areas(commands::Areas),
    /// Code lists: the words officers choose from
    #[command(subcommand, name = "code-lists", alias = "lists", after_help = examples::LISTS)]
    CodeLists(commands::Lists),
    /// Authorities that powers rest on (s.34, public spaces protection orders)
    #[command(subcommand, after_help = examples::PUBLISHED)]
    Authorities(commands::Authorities),
    /// Materials the force has printed, by version, language and batch
    #[command(subcommand, after_help = examples::PUBLISHED)]
    Stock(commands::Stock),
    /// What holds for every phone: how long it may be read without hearing from the server
    #[command(subcommand)]
    Policy(commands::Policy),
    /// Walk every chain, manifest, signature, column and receipt; exit code 1 when something does not fit
    #[command(after_help = examples::VERIFY)]
    Verify(commands::Verify),
    /// Write figures of a period or a shift as CSV, JSON, GeoJSON and PDF, for the force or for anybody else
    #[command(after_help = examples::EXPORT)]
    Export(commands::Export),
    /// Disclose entries: every version, who had them in hand, the proofs; third parties masked
    Disclose(commands::Disclose),
    /// Fill in the template of a funder's return
    FunderReturn(commands::FunderReturn),
    /// Open a file that a device sealed to the force
    OpenExport(commands::OpenExport),
    /// Figures of a period as a table, beside the period before
    Figures(commands::Figures),
    /// Write every row into one file, while the server serves
    #[command(after_help = examples::BACKUP)]
    Backup(commands::Backup),
    /// Put a backup into an empty database, SQLite or PostgreSQL
    #[command(after_help = examples::RESTORE)]
    Restore(commands::Restore),
    /// Open a device's wrap file with the force's offline recovery key and print the raw database key
    #[command(after_help = examples::RECOVER)]
    Recover(commands::Recover),
    /// Print the description of every endpoint (OpenAPI 3.1), as it is served at /v1/openapi.json
    #[command(after_help = examples::OPENAPI)]
    Openapi(commands::Openapi),
    /// Make the demonstration force, or what is missing of it
    #[command(after_help = examples::DEMO)]
    SeedDemo(commands::SeedDemo),
}

impl Command {
    /// Whether it may have decided something that a restored backup has to be told.
    fn decides(&self) -> bool {
        matches!(
            self,
            Self::Officers(_)
                | Self::Devices(_)
                | Self::Records(_)
                | Self::Export(_)
                | Self::Disclose(_)
                | Self::FunderReturn(_)
                | Self::OpenExport(_)
                | Self::SeedDemo(_)
                | Self::Restore(_)
        )
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let run = || -> Result<ExitCode, commands::Failed> {
        let file = config::read(cli.common.config.as_deref())?;
        start_log(cli.common.log_format.or(file.log_format).unwrap_or_default());
        let database = cli.common.database_url.or_else(|| file.database_url.clone());
        let database = database.unwrap_or_else(|| config::DEFAULT_DATABASE.to_owned());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let journal =
            cli.common.journal.or_else(|| file.journal.clone()).or_else(|| journal::beside(&database));
        let journal = journal.as_deref();
        runtime.block_on(async {
            let decides = cli.command.decides();
            let done = match cli.command {
                Command::Serve(command) => command.run(&database, &file, journal).await,
                Command::Init(command) => command.run(&database).await,
                Command::Officers(command) => command.run(&database).await,
                Command::EnrolCode(command) => command.run(&database).await,
                Command::Devices(command) => command.run(&database).await,
                Command::Records(command) => command.run(&database).await,
                Command::Keys(command) => command.run(&database).await,
                Command::Areas(command) => command.run(&database).await,
                Command::CodeLists(command) => command.run(&database).await,
                Command::Authorities(command) => command.run(&database).await,
                Command::Stock(command) => command.run(&database).await,
                Command::Policy(command) => command.run(&database).await,
                Command::Verify(command) => command.run(&database).await,
                Command::Export(command) => command.run(&database).await,
                Command::Disclose(command) => command.run(&database).await,
                Command::FunderReturn(command) => command.run(&database).await,
                Command::OpenExport(command) => command.run(&database).await,
                Command::Figures(command) => command.run(&database).await,
                Command::Backup(command) => command.run(&database).await,
                Command::Restore(command) => command.run(&database, journal).await,
                Command::Recover(command) => command.run(),
                Command::Openapi(command) => command.run(),
                Command::SeedDemo(command) => command.run(&database).await,
            }?;
            if decides {
                commands::follow(&database, journal).await?;
            }
            Ok(done)
        })
    };
    match run() {
        Ok(code) => code,
        Err(failed) => {
            eprintln!("beatbook-central: {failed}");
            ExitCode::FAILURE
        }
    }
}

/// Logs go to standard error: what a command prints can be read by a script.
fn start_log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BEATBOOK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().init(),
    }
}
