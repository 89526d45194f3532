//! `disclose`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::disclose::{Asked, disclose};
use beatbook_central::{clock, storage};
use beatbook_domain::id::EntryId;
use clap::Args;

use super::Failed;

/// Write a disclosure pack into a new folder: PDF, JSON, proofs and a list of hashes; check it with `verify --pack FOLDER`
#[derive(Args)]
pub struct Disclose {
    /// The entries, by id
    #[arg(required = true)]
    entries: Vec<EntryId>,
    /// Who discloses: a name or collar number
    #[arg(long)]
    by: String,
    /// Why: the reference of the request or the case
    #[arg(long)]
    why: String,
    /// For whom
    #[arg(long = "for")]
    recipient: String,
    /// What the marking asks of who holds it, in the force's own words
    #[arg(long)]
    handling: Option<String>,
    /// Folder the pack's folder is made in
    #[arg(long, default_value = ".")]
    to: PathBuf,
}

impl Disclose {
    /// Discloses.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let asked = Asked {
            entries: self.entries,
            by: self.by,
            why: self.why,
            recipient: self.recipient,
            handling: self.handling,
        };
        let folder = disclose(storage.as_ref(), &asked, &self.to, clock::now()).await?;
        println!("{}", folder.display());
        eprintln!("Masks are found by rule: read the pack before it goes out.");
        Ok(ExitCode::SUCCESS)
    }
}
