//! `init` and `seed-demo`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use beatbook_central::{clock, demo, force, storage, tls};
use clap::Args;

use super::Failed;

/// Create the force.
#[derive(Args)]
pub struct Init {
    /// Name of the force
    #[arg(long)]
    name: String,
    /// Where the root private key is written (mode 0600): keep it offline
    #[arg(long)]
    root_key_out: PathBuf,
    /// Where the recovery private key is written (mode 0600): keep it offline
    #[arg(long)]
    recovery_key_out: PathBuf,
    /// Make a TLS certificate for this DNS name or IP address as well; may be given several times
    #[arg(long = "tls-name", requires_all = ["tls_cert_out", "tls_key_out"])]
    tls_names: Vec<String>,
    /// Where the certificate is written (PEM)
    #[arg(long, requires = "tls_names")]
    tls_cert_out: Option<PathBuf>,
    /// Where its private key is written (PEM, mode 0600)
    #[arg(long, requires = "tls_names")]
    tls_key_out: Option<PathBuf>,
}

impl Init {
    /// Creates the force and says where its offline keys are.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        if storage.force().await?.is_some() {
            return Err(storage::StorageError::ForceExists.into());
        }
        let tls_keys = match (&self.tls_cert_out, &self.tls_key_out) {
            (Some(certificate), Some(key)) => vec![tls::make(&self.tls_names, certificate, key)?],
            _ => Vec::new(),
        };
        let bundle = force::create_with(
            storage.as_ref(),
            &self.name,
            &self.root_key_out,
            &self.recovery_key_out,
            tls_keys,
            clock::now(),
        )
        .await?;
        println!("force {} ({})", bundle.name, bundle.force);
        println!("root key      {}  ->  {}", bundle.root_key, self.root_key_out.display());
        println!("recovery key  {}  ->  {}", bundle.keys.recovery_key, self.recovery_key_out.display());
        for key in &bundle.keys.tls_keys {
            println!("TLS key       {key}  (serve it with --tls-cert and --tls-key)");
        }
        println!(
            "Move both files to offline media now. Whoever holds the recovery key can open every lost notebook."
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// Make the demonstration force.
#[derive(Args)]
pub struct SeedDemo {
    /// Where the root private key is written (default: offline-keys beside the SQLite file)
    #[arg(long)]
    root_key_out: Option<PathBuf>,
    /// Where the recovery private key is written (default: offline-keys beside the SQLite file)
    #[arg(long)]
    recovery_key_out: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl SeedDemo {
    /// Makes what is missing and prints the accounts with fresh codes.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let root = self.root_key_out.map_or_else(|| beside(database, "root.key"), Ok)?;
        let recovery = self.recovery_key_out.map_or_else(|| beside(database, "recovery.key"), Ok)?;
        let made = demo::seed(storage.as_ref(), &root, &recovery, clock::now()).await?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&made)?);
            return Ok(ExitCode::SUCCESS);
        }
        println!("{}: team {}, areas {}, code lists {}", made.force, made.team, made.area_set, made.lists);
        for account in &made.accounts {
            println!("{} {}  enrolment code {}", account.role, account.collar, account.code);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A key file beside an SQLite database; PostgreSQL has no beside.
fn beside(database: &str, name: &str) -> Result<PathBuf, Failed> {
    if database.starts_with("postgres") && database.contains("://") {
        return Err(Failed::Asked("with PostgreSQL, say --root-key-out and --recovery-key-out".into()));
    }
    let path = Path::new(database.trim_start_matches("sqlite://").trim_start_matches("sqlite:"));
    Ok(path.parent().unwrap_or(Path::new("")).join("offline-keys").join(name))
}
