//! `areas import`, `code-lists import`, `verify`, `recover`, `openapi`.

use std::path::PathBuf;
use std::process::ExitCode;

use beatbook_central::disclose::check::check;
use beatbook_central::{areas, clock, force, lists, openapi, recover, storage, verify};
use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::Failed;

/// What patrol areas may say of themselves.
const AREAS_FILES: &str = r#"districts.geojson, wards.geojson, lsoas.geojson: FeatureCollections of polygons in WGS84 (EPSG:4326), each with the
properties code and name; wards and lsoas with district_code too.

patrol.geojson (the force's own areas; without it those in force stay) may say of each area:
  parent        code of the district or of the patrol area around it
  band_min, band_max   the band of a visit in minutes (10 and 16 where nothing is said)
  max_gap_min   the longest gap between visits in minutes before a list marks it (120)
  silence_min   how long a phone there may be silent, in minutes, before it is said (20)
  why           why the force lists the area, and on what ground these numbers stand; officers read it

  {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[1.29, 52.62], [1.31, 52.62], [1.31, 52.63], [1.29, 52.62]]]},
   "properties": {"code": "POW", "name": "Prince of Wales Road", "parent": "E07000148",
                  "band_min": 10, "band_max": 16, "max_gap_min": 120, "silence_min": 20, "why": "Night-time economy"}}

What cannot be read is told with file, line and property, and nothing at all is imported."#;

/// Areas of the force.
#[derive(Subcommand)]
pub enum Areas {
    /// Import a folder of GeoJSON (districts, wards, lsoas, patrol): all or nothing
    #[command(after_help = AREAS_FILES)]
    Import {
        /// The folder
        folder: PathBuf,
    },
    /// List the patrol areas in force with band, longest gap, silence and why they are listed
    List,
}

impl Areas {
    /// Imports or lists.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        let storage = storage::open(database).await?;
        let Self::Import { folder } = self else {
            for area in areas::patrol(storage.as_ref()).await? {
                let it = area.rhythm.unwrap_or_default();
                println!(
                    "{}\t{}\t{}-{} min\tgap {} min\tsilence {} min\t{}",
                    area.code, area.name, it.band_min, it.band_max, it.max_gap_min, it.silence_min, it.why
                );
            }
            return Ok(ExitCode::SUCCESS);
        };
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
    /// Check a disclosure pack in this folder in the place of the database
    #[arg(long)]
    pack: Option<PathBuf>,
}

impl Verify {
    /// Prints what was walked and what does not fit.
    pub async fn run(self, database: &str) -> Result<ExitCode, Failed> {
        if let Some(folder) = &self.pack {
            return Self::pack(folder);
        }
        let storage = storage::open(database).await?;
        let report = verify::verify(storage.as_ref()).await?;
        println!(
            "{} chains, {} revisions ({} erased), {} manifests, {} receipt lists",
            report.chains, report.revisions, report.erased, report.manifests, report.receipt_lists
        );
        println!("{} photos ({} still on their way)", report.attachments, report.attachments_coming);
        for ((authority, class), count) in &report.erased_under {
            println!("note: {count} revisions erased under {authority} ({class})");
        }
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
            println!("whole: every chain, manifest, signature, column, position, receipt and photo fits");
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} findings", report.findings.len());
        Ok(ExitCode::FAILURE)
    }
}

impl Verify {
    fn pack(folder: &std::path::Path) -> Result<ExitCode, Failed> {
        let checked = check(folder)?;
        println!(
            "{} files, {} versions; root key of the force: {}",
            checked.files, checked.versions, checked.root_key
        );
        for finding in &checked.findings {
            println!("BROKEN: {finding}");
        }
        if checked.findings.is_empty() {
            println!(
                "whole: every hash, link, signature and receipt fits; compare the root key with the force's own"
            );
            return Ok(ExitCode::SUCCESS);
        }
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

/// Print the description of every endpoint.
#[derive(Args)]
pub struct Openapi {}

impl Openapi {
    /// Prints it.
    pub fn run(self) -> Result<ExitCode, Failed> {
        print!("{}", openapi::text()?);
        Ok(ExitCode::SUCCESS)
    }
}
