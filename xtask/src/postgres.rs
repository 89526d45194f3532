//! A private PostgreSQL for the conformance tests: its own data, a Unix socket nobody else sees, gone afterwards.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::task::{Context, Result, capture, end, find, run, step, succeeds, told};

/// The server; stopped and its data removed when dropped.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    folder: PathBuf,
    user: Option<&'static str>,
}

/// `initdb` refuses root; this account comes with Debian's package.
const ACCOUNT: &str = "postgres";

impl Postgres {
    /// Starts a server in a new folder.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not come up.
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let user = geteuid().is_root().then_some(ACCOUNT);
        let folder =
            capture(as_user(user, "mktemp").args(["--directory", "--tmpdir", "beatbook-postgres-XXXXXX"]))?;
        let folder = PathBuf::from(folder);
        step(&format!("Private PostgreSQL in {}", folder.display()));
        let data = folder.join("data");
        let mut initdb = as_user(user, programs.join("initdb"));
        initdb.args([
            "--auth=trust",
            "--username=beatbook",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-D",
        ]);
        run(initdb.arg(&data).current_dir("/").stdout(Stdio::null()))?;
        let mut server = as_user(user, programs.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(&folder).current_dir("/");
        // The data is thrown away: durability is tested elsewhere, speed matters here.
        server.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"]);
        let server = server
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .doing(|| "starting postgres".to_owned())?;
        let postgres = Self { server, folder, user };
        postgres.wait_until_ready(&programs)?;
        Ok(postgres)
    }

    fn wait_until_ready(&self, programs: &Path) -> Result {
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(30) {
            let mut ready = Command::new(programs.join("pg_isready"));
            if succeeds(ready.arg("-q").arg("-h").arg(&self.folder)) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        told("PostgreSQL did not come up within 30 seconds")
    }

    /// How the tests reach it: the value of `BEATBOOK_TEST_POSTGRES`.
    pub fn url(&self) -> String {
        format!("postgresql:///postgres?host={}&user=beatbook", self.folder.display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT does not wait for clients, as SIGTERM would; nothing is kept.
        if let Some(pid) = Pid::from_raw(self.server.id().cast_signed()) {
            let _ = kill_process(pid, Signal::INT);
        }
        end(&mut self.server);
        succeeds(as_user(self.user, "rm").arg("-r").arg(&self.folder));
    }
}

/// Runs a program as another account without a process in between, and ends it where this one dies.
fn as_user(user: Option<&str>, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", user, "--init-groups"]);
    }
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// The folder of the newest server installed.
fn programs() -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let programs = entry.path().join("bin");
            Some((entry.file_name().to_str()?.parse().ok()?, programs))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, programs)| programs);
    match newest.or_else(|| find("initdb").and_then(|file| file.parent().map(Path::to_owned))) {
        Some(programs) => Ok(programs),
        None => told("PostgreSQL is not installed: apt-get install postgresql"),
    }
}
