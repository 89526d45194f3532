//! A database of its own for each test: an SQLite file, or a fresh PostgreSQL database.

use std::io::Write as _;
use std::path::PathBuf;

use tempfile::TempDir;
use tokio_postgres::NoTls;
use uuid::Uuid;

/// Where the PostgreSQL half runs.
const POSTGRES: &str = "BEATBOOK_TEST_POSTGRES";

/// A database that nobody else uses.
pub struct Database {
    pub address: String,
    /// Holds the SQLite file, key files and whatever a test writes.
    pub folder: TempDir,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { address: folder.path().join("central.sqlite").display().to_string(), folder }
    }

    /// `None` where no server is named; then it says so, past the test harness that would swallow it.
    pub async fn postgres(test: &str) -> Option<Self> {
        let Ok(server) = std::env::var(POSTGRES) else {
            let words = format!("\nNOT RUN on PostgreSQL: {test} ({POSTGRES} is not set)\n");
            std::io::stderr().write_all(words.as_bytes()).unwrap();
            return None;
        };
        let name = format!("test_{}", Uuid::new_v4().simple());
        let (client, connection) = tokio_postgres::connect(&server, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let config: tokio_postgres::Config = server.parse().unwrap();
        let host = match &config.get_hosts()[0] {
            tokio_postgres::config::Host::Tcp(host) => host.clone(),
            tokio_postgres::config::Host::Unix(path) => path.display().to_string().replace('/', "%2F"),
        };
        let user = config.get_user().unwrap_or("postgres");
        let port = config.get_ports().first().copied().unwrap_or(5432);
        Some(Self {
            address: format!("postgres://{user}@{host}:{port}/{name}"),
            folder: tempfile::tempdir().unwrap(),
        })
    }

    pub fn is_postgres(&self) -> bool {
        self.address.starts_with("postgres")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Changes the database behind central's back, as a thief or a broken disk would; gives the rows changed.
    pub async fn tamper(&self, sqlite: &str, postgres: &str) -> u64 {
        if self.is_postgres() {
            let (client, connection) = tokio_postgres::connect(&self.address, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.execute(postgres, &[]).await.unwrap()
        } else {
            let connection = rusqlite::Connection::open(&self.address).unwrap();
            connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
            connection.execute(sqlite, []).unwrap() as u64
        }
    }

    /// Every column of every table, but for the one that counts migrations.
    pub async fn columns(&self) -> Vec<(String, String)> {
        let mut columns: Vec<(String, String)> = if self.is_postgres() {
            let (client, connection) = tokio_postgres::connect(&self.address, NoTls).await.unwrap();
            tokio::spawn(connection);
            let select = "SELECT table_name::text, column_name::text FROM information_schema.columns
                          WHERE table_schema = 'public' AND table_name <> 'schema_version'";
            client.query(select, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
        } else {
            let connection = rusqlite::Connection::open(&self.address).unwrap();
            let select = "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
                          WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
            let mut statement = connection.prepare(select).unwrap();
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect()
        };
        columns.sort();
        columns
    }

    /// One number, by SQL of the test's own that both databases understand.
    pub async fn count(&self, select: &str) -> u64 {
        let count: i64 = if self.is_postgres() {
            let (client, connection) = tokio_postgres::connect(&self.address, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.query_one(select, &[]).await.unwrap().get(0)
        } else {
            let connection = rusqlite::Connection::open(&self.address).unwrap();
            connection.query_row(select, [], |row| row.get(0)).unwrap()
        };
        u64::try_from(count).unwrap()
    }
}
