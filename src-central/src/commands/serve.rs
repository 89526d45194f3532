//! `serve`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use beatbook_central::config::{DEFAULT_LISTEN, File};
use beatbook_central::limits::Given;
use beatbook_central::storage::Storage;
use beatbook_central::tls::Certificate;
use beatbook_central::{journal, server, storage};
use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use super::Failed;

/// Files open beside connections: database, logs, certificates.
const FILES: u64 = 256;
/// How often a serving process looks for new decisions.
const FOLLOW_EVERY: Duration = Duration::from_secs(30);

/// Serve devices.
#[derive(Args)]
pub struct Serve {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, env = "BEATBOOK_LISTEN")]
    listen: Option<SocketAddr>,
    /// Certificate in PEM, the short chain included: with it any address may be listened on
    #[arg(long, env = "BEATBOOK_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate in PEM
    #[arg(long, env = "BEATBOOK_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// File into which the address (http://… or https://…) is written once the server listens
    #[arg(long, env = "BEATBOOK_ADDRESS_FILE")]
    address_file: Option<PathBuf>,
    #[command(flatten)]
    limits: Given,
}

impl Serve {
    /// Serves until SIGTERM or SIGINT.
    pub async fn run(self, database: &str, file: &File, journal: Option<&Path>) -> Result<ExitCode, Failed> {
        let default = || DEFAULT_LISTEN.parse().map_err(|_| Failed::Asked("no address to listen on".into()));
        let listen = match self.listen.or(file.listen) {
            Some(listen) => listen,
            None => default()?,
        };
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let chain = self.tls_cert.as_ref().or(file.tls_cert.as_ref());
        let certificate = match (chain, self.tls_key.as_ref().or(file.tls_key.as_ref())) {
            (Some(chain), Some(key)) => Some(Certificate::read(chain, key)?),
            (None, None) => None,
            _ => return Err(Failed::Asked("say both tls-cert and tls-key, or neither".into())),
        };
        let limits = self.limits.or(file.limits);
        room_for(limits.connections);
        let storage = storage::open(database).await?;
        let following = journal.map(|path| tokio::spawn(follow(Arc::clone(&storage), path.to_owned())));
        let running = server::start_within(storage, listen, certificate, limits).await?;
        let url = running.url();
        if let Some(path) = self.address_file.as_ref().or(file.address_file.as_ref()) {
            // Replaced whole: whoever waits for the file never reads half an address.
            let part = path.with_extension("part");
            std::fs::write(&part, format!("{url}\n"))?;
            std::fs::rename(&part, path)?;
        }
        println!("listening on {url}");
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished");
        if let Some(following) = following {
            following.abort();
            // Aborted or not: what matters is that it has let go of the database.
            let _ = following.await;
        }
        running.stop().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Each connection is an open file, and the usual thousand is too few: asks for as many as the system lets this process
/// have, and says so where that is not enough.
fn room_for(connections: u32) {
    let limit = getrlimit(Resource::Nofile);
    let wanted = u64::from(connections) + FILES;
    let may = limit.maximum.map_or(wanted, |most| most.min(wanted));
    if limit.current.is_some_and(|now| now < may) {
        let raised = Rlimit { current: Some(may), maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the number of open files could not be raised");
        }
    }
    if may < wanted {
        tracing::warn!(
            files = may,
            connections,
            "fewer files may be open than connections are allowed: raise LimitNOFILE"
        );
    }
}

/// Keeps the journal up to what is decided by commands elsewhere (several machines may serve one database).
async fn follow(storage: Arc<dyn Storage>, path: PathBuf) {
    loop {
        if let Err(error) = journal::follow(storage.as_ref(), &path).await {
            tracing::error!(%error, "the journal is behind: a restored backup would miss decisions");
        }
        tokio::time::sleep(FOLLOW_EVERY).await;
    }
}
