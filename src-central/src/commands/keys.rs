//! `keys`: certificates, and numbered statements of keys signed with the offline root key.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::keys::{self, Change};
use beatbook_central::{clock, force, storage, tls};
use beatbook_protocol::sync::ForceBundle;
use clap::{Args, Subcommand};

use super::Failed;

/// Keys of the force.
#[derive(Subcommand)]
pub enum Keys {
    /// Show the statement of keys in force
    Show,
    /// Make a TLS key and a certificate for it; phones trust it once a statement names it
    NewTls {
        /// DNS name or IP address of the server, as phones use it; may be given several times
        #[arg(long = "name", required = true)]
        names: Vec<String>,
        /// Where the certificate is written (PEM)
        #[arg(long)]
        cert_out: PathBuf,
        /// Where its private key is written (PEM, mode 0600)
        #[arg(long)]
        key_out: PathBuf,
    },
    /// Publish a statement that names these TLS keys: the current one and the next
    RotateTls {
        #[command(flatten)]
        sign: Sign,
        /// Certificate that is served now (PEM)
        #[arg(long, required_unless_present = "platform")]
        cert: Option<PathBuf>,
        /// Certificate that will be served next (PEM)
        #[arg(long, requires = "cert")]
        next: Option<PathBuf>,
        /// Name none: phones then check the certificate by their platform's own roots
        #[arg(long, conflicts_with = "cert")]
        platform: bool,
    },
    /// Publish a statement with a new receipt key; the secret of the one before is dropped
    RotateReceipt {
        #[command(flatten)]
        sign: Sign,
    },
}

/// What signs a statement.
#[derive(Args)]
pub struct Sign {
    /// The force's offline root key file; take it away again afterwards
    #[arg(long)]
    root_key: PathBuf,
    /// After a restore: the highest number a phone may know (the server's log says it)
    #[arg(long, default_value_t = 0)]
    above: u64,
}

impl Keys {
    /// Shows, makes or publishes.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let (sign, change) = match self {
            Self::Show => {
                let storage = storage::open(database).await?;
                show(&force::load(storage.as_ref()).await?.bundle);
                return Ok(ExitCode::SUCCESS);
            }
            Self::NewTls { names, cert_out, key_out } => {
                let fingerprint = tls::make(&names, &cert_out, &key_out)?;
                println!("TLS key  {fingerprint}  ->  {}", key_out.display());
                println!("Phones refuse it until a statement names it: keys rotate-tls --cert or --next.");
                return Ok(ExitCode::SUCCESS);
            }
            Self::RotateTls { sign, cert, next, .. } => {
                let named = cert.iter().chain(&next).map(|path| tls::fingerprint(path));
                (sign, Change::Tls(named.collect::<Result<_, _>>()?))
            }
            Self::RotateReceipt { sign } => (sign, Change::Receipt),
        };
        let storage = storage::open(database).await?;
        show(&keys::publish(storage.as_ref(), &sign.root_key, change, sign.above, clock::now()).await?);
        eprintln!("Published: phones take it at their next connection. Make a backup now.");
        Ok(ExitCode::SUCCESS)
    }
}

fn show(bundle: &ForceBundle) {
    println!("statement     {}", bundle.keys.number);
    println!("root key      {}", bundle.root_key);
    println!("receipt key   {}", bundle.keys.receipt_key);
    for key in &bundle.keys.tls_keys {
        println!("TLS key       {key}");
    }
    if bundle.keys.tls_keys.is_empty() {
        println!("TLS key       none named: the platform's own roots decide");
    }
}
