//! Where central keeps its books in a schedule: SQLite, or PostgreSQL where `BEATBOOK_TEST_POSTGRES` names a server.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use crate::error::{Doing, Error, Result};

/// Names the server on which databases may be made.
const SERVER: &str = "BEATBOOK_TEST_POSTGRES";

/// A kind of database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server, by its address.
    Postgres(String),
}

impl Backend {
    /// PostgreSQL, where the environment names one.
    #[must_use]
    pub fn postgres() -> Option<Self> {
        std::env::var(SERVER).ok().map(Self::Postgres)
    }

    /// A new, empty database: its address. A file lies in `folder`.
    pub(super) fn create(&self, folder: &Path) -> Result<String> {
        match self {
            Self::Sqlite => Ok(folder.join("central.sqlite").display().to_string()),
            Self::Postgres(server) => make(server, None),
        }
    }

    /// A copy of a database that nobody has open.
    pub(super) fn copy(&self, from: &str, folder: &Path) -> Result<String> {
        match self {
            Self::Sqlite => {
                let address = self.create(folder)?;
                copy_files(from, &address)?;
                Ok(address)
            }
            Self::Postgres(server) => make(server, from.rsplit('/').next()),
        }
    }

    /// Removes a database on a server; a file goes with its folder.
    pub(super) fn remove(&self, address: &str) {
        if let (Self::Postgres(server), Some(name)) = (self, address.rsplit('/').next()) {
            // One that stays behind goes with the private server.
            let _ = execute(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Copies an SQLite file with its write-ahead log; what is not there is removed from the target. The index of the log
/// (-shm) is made anew by whoever opens it.
pub(super) fn copy_files(from: &str, to: &str) -> Result {
    for part in ["", "-wal", "-shm"] {
        let (source, target) = (format!("{from}{part}"), format!("{to}{part}"));
        if part == "-shm" || !Path::new(&source).exists() {
            let _ = std::fs::remove_file(target);
        } else {
            std::fs::copy(source, target).doing("copying a database")?;
        }
    }
    Ok(())
}

/// Makes a database on a server, as a copy of another if named. PostgreSQL refuses while somebody is still connected to
/// the other, so that is waited for.
fn make(server: &str, template: Option<&str>) -> Result<String> {
    let name = format!("faults_{}", Uuid::new_v4().simple());
    let copy = template.map(|other| format!(" TEMPLATE {other}")).unwrap_or_default();
    let asked = Instant::now();
    loop {
        match execute(server, &format!("CREATE DATABASE {name}{copy}")) {
            Ok(()) => break,
            Err(error) if asked.elapsed() > Duration::from_secs(10) => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    let config: Config = server.parse().map_err(said)?;
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        Some(Host::Unix(path)) => path.display().to_string().replace('/', "%2F"),
        None => "localhost".to_owned(),
    };
    let user = config.get_user().unwrap_or("postgres");
    let port = config.get_ports().first().copied().unwrap_or(5432);
    Ok(format!("postgres://{user}@{host}:{port}/{name}"))
}

fn execute(server: &str, sql: &str) -> Result {
    block_on(async {
        let (client, connection): (Client, _) = tokio_postgres::connect(server, NoTls).await.map_err(said)?;
        tokio::spawn(connection);
        client.batch_execute(sql).await.map_err(said)
    })
}

fn said(error: tokio_postgres::Error) -> Error {
    Error::Program { program: "PostgreSQL".to_owned(), output: format!("{error}: {error:?}") }
}

/// Runs to its end what only exists as a future, on a small runtime of its own.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.doing("starting a runtime")?.block_on(work)
}
