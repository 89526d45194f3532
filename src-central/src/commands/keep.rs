//! `areas import`, `lists import`, `verify`, `recover`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::{areas, clock, force, lists, recover, storage, verify};
use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::Failed;

/// Areas of the force.
#[derive(Subcommand)]
pub enum Areas {
    /// Import a folder of GeoJSON (districts, wards, lsoas, patrol): all or nothing
    Import {
        /// The folder
        folder: PathBuf,
    },
}

impl Areas {
    /// Imports.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let Self::Import { folder } = self;
        let storage = storage::open(database).await?;
        let done = areas::import_folder(storage.as_ref(), &folder, clock::now()).await?;
        match done.parts {
            0 => println!("area set {} is the same already: nothing was changed", done.version),
            parts => println!("area set {}: {} areas in {parts} parts", done.version, done.areas),
        }
        if done.kept_patrol > 0 {
            println!(
                "kept {} patrol areas of the set before (the folder has no patrol.geojson)",
                done.kept_patrol
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Code lists.
#[derive(Subcommand)]
pub enum Lists {
    /// Import an edition (JSON); its version must rise
    Import {
        /// The file
        file: PathBuf,
    },
}

impl Lists {
    /// Imports.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let Self::Import { file } = self;
        let edition = lists::read(&std::fs::read_to_string(&file)?)?;
        let storage = storage::open(database).await?;
        match lists::import(storage.as_ref(), &edition, clock::now()).await? {
            true => println!("code lists: edition {} is in force", edition.version),
            false => println!("code lists: edition {} is in force already", edition.version),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Walk everything.
#[derive(Args)]
pub struct Verify {
    /// Most findings printed
    #[arg(long, default_value_t = 50)]
    most: usize,
}

impl Verify {
    /// Prints what was walked and what does not fit.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let report = verify::verify(storage.as_ref()).await?;
        println!(
            "{} chains, {} revisions ({} erased), {} manifests, {} receipt lists",
            report.chains, report.revisions, report.erased, report.manifests, report.receipt_lists
        );
        for chain in &report.split_chains {
            println!("note: chain {chain} is split (two revisions at one place): both are kept");
        }
        if !report.missing.is_empty() {
            println!(
                "note: {} revisions below the end of their chain have not arrived",
                report.missing.len()
            );
        }
        for finding in report.findings.iter().take(self.most) {
            println!("BROKEN: {finding}");
        }
        if report.is_whole() {
            println!("whole: every chain, manifest, signature, column, position and receipt fits");
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} findings", report.findings.len());
        Ok(ExitCode::FAILURE)
    }
}

/// Open a wrap file.
#[derive(Args)]
pub struct Recover {
    /// The profile's wrap file
    wrap_file: PathBuf,
    /// The force's offline recovery key file
    #[arg(long)]
    recovery_key: PathBuf,
}

impl Recover {
    /// Prints the raw key as SQLCipher takes it, `x'…'`.
    pub fn run(self) -> Result<ExitCode, Failed> {
        let secret = force::read_key(&self.recovery_key, force::RECOVERY)?;
        let key = recover::open(&self.wrap_file, &secret)?;
        println!("x'{}'", Zeroizing::new(hex::encode(key.as_slice())).as_str());
        Ok(ExitCode::SUCCESS)
    }
}
