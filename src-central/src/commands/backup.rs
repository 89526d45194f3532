//! `backup` and `restore`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use beatbook_central::backup::KeySource;
use beatbook_central::{backup, clock, force, journal, storage, verify};
use beatbook_domain::time::day_clock;
use clap::Args;

use super::Failed;

/// Write every row into one file, while the server serves.
#[derive(Args)]
pub struct Backup {
    /// The file; it must not exist. It holds every record: keep it as you keep the database. The server's keys in it are
    /// sealed to the force's offline recovery key
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Restore it into a throw-away database and verify that, so that you know it can be
    #[arg(long)]
    prove: bool,
}

impl Backup {
    /// Writes it.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let written = backup::write(storage.as_ref(), &self.to, clock::now()).await?;
        println!("{} rows in {}", written.rows, self.to.display());
        let force = force::load(storage.as_ref()).await?;
        println!(
            "the server's keys in it are sealed to the recovery key {}: a restore asks for its file",
            force.bundle.keys.recovery_key
        );
        if !self.prove {
            return Ok(ExitCode::SUCCESS);
        }
        // Beside the backup: what is in it must not go to a folder that others read.
        let beside = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = tempfile::tempdir_in(beside.unwrap_or(Path::new(".")))?;
        let copy = storage::open(&folder.path().join("proof.sqlite").display().to_string()).await?;
        // The recovery key is offline: the keys of the server that serves stand in for those that it opens.
        backup::restore(copy.as_ref(), &self.to, KeySource::Origin(&force.row), clock::now()).await?;
        let proved = verified(copy.as_ref()).await?;
        if proved == ExitCode::SUCCESS {
            let pos = copy.position().await?;
            storage.put_proof(written.header.epoch, pos, clock::now()).await?;
            println!("devices may drop their copies up to position {pos}, by policy");
        }
        Ok(proved)
    }
}

/// Put a backup into an empty database, of either kind; devices notice and send again what came after it.
#[derive(Args)]
pub struct Restore {
    /// The backup
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The force's offline recovery key, which opens the server's keys in the backup; take it away again afterwards
    #[arg(long, value_name = "FILE")]
    recovery_key: Option<PathBuf>,
    /// There is no journal, or it is lost: what was erased and decided since the backup is not done again
    #[arg(long)]
    without_journal: bool,
}

impl Restore {
    /// The journal to read: the one that is named or lies beside the database, or none because somebody says so.
    fn journal(&self, named: Option<&Path>) -> Result<Option<PathBuf>, Failed> {
        match named.filter(|path| path.exists()) {
            _ if self.without_journal => Ok(None),
            Some(path) => Ok(Some(path.to_owned())),
            None => Err(Failed::Asked(
                "what was erased since the backup must be erased again: name the journal with --journal FILE, or say \
                 --without-journal where it is lost. Nothing was restored"
                    .to_owned(),
            )),
        }
    }

    /// Restores, does again what was decided since, and verifies.
    pub async fn run(self, database: &str, journal: Option<&Path>) -> Result<ExitCode, Failed> {
        let journal = self.journal(journal)?;
        let storage = storage::open(database).await?;
        let keys = self.recovery_key.as_deref().map_or(KeySource::None, KeySource::Recovery);
        let restored = backup::restore(storage.as_ref(), &self.from, keys, clock::now()).await?;
        if restored.header.keys.is_none() {
            eprintln!(
                "note: this backup is of an older form and holds the server's keys in the clear: make a new one and destroy it"
            );
        }
        let taken = day_clock(restored.header.at);
        println!("{} rows as they stood on {taken}", restored.rows);
        if let Some(journal) = &journal {
            let again = journal::replay(storage.as_ref(), journal, clock::now()).await?;
            println!("{again} decisions of after it are done again, by {}", journal.display());
        }
        let code = verified(storage.as_ref()).await?;
        eprintln!("Devices send again what came after {taken} when they next connect.");
        match journal {
            Some(_) => eprintln!(
                "Not in it are areas, lists, stock, authorities, keys and codes made since: do those again."
            ),
            None => eprintln!(
                "Not in it is what was decided here since: erasures, holds, officers and grants, devices taken out of service, \
                 codes. Do it again before you serve."
            ),
        }
        eprintln!(
            "Phones enrolled since then come in by themselves; one that cannot says so, and needs a new enrolment code."
        );
        Ok(code)
    }
}

/// Verifies what was restored: a backup that does not verify is told at once.
async fn verified(storage: &dyn storage::Storage) -> Result<ExitCode, Failed> {
    let report = verify::verify(storage).await?;
    for finding in &report.findings {
        println!("{finding}");
    }
    match report.is_whole() {
        true => {
            println!("verified: {} revisions in {} chains", report.revisions, report.chains);
            Ok(ExitCode::SUCCESS)
        }
        false => Ok(ExitCode::FAILURE),
    }
}
