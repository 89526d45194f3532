//! A disclosure pack: all versions of entries with what changed, who had them in hand, and the proofs; third parties
//! masked, originals untouched. One folder with a list of every file's hash; logged as given out; checked without a
//! database ([`check`]).

pub mod check;
mod proof;
mod trail;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use beatbook_domain::entry::{Access, Entry, Marking, Revision, fold};
use beatbook_domain::id::{ChainId, DeviceId, EntryId, Link, OfficerId};
use beatbook_domain::privacy::marking::highest;
use beatbook_domain::privacy::mask::mask;
use beatbook_domain::seal::digest;
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::sync::OfficerRow;
use beatbook_report::disclosure::{EntryPack, FORMAT, Pack, Version, sheet, to_json};
use beatbook_report::mark::Mark;
use beatbook_report::pdf::{self, PdfError};
use serde::{Deserialize, Serialize};

use crate::force::{self, ForceError};
use crate::random::{Unpredictable, uuid_v7};
use crate::records;
use crate::storage::{ChainRow, ExportRow, Storage, StorageError, StoredRevision};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The entries.
    pub entries: Vec<EntryId>,
    /// Who discloses.
    pub by: String,
    /// Why.
    pub why: String,
    /// For whom.
    pub recipient: String,
    /// The force's own handling instruction.
    pub handling: Option<String>,
}

/// Why nothing was disclosed.
#[derive(Debug, thiserror::Error)]
pub enum DiscloseError {
    /// A file.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An entry that is not here, or is for professional standards alone: the two are not told apart.
    #[error("no entry {0} is here to disclose: nothing was written")]
    NoEntry(EntryId),
    /// A print.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// JSON.
    #[error("the pack could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No force.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] Unpredictable),
}

/// The list of a pack's files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of the pack.
    pub format: String,
    /// Marking.
    pub marking: String,
    /// SHA-256 of each file by its name.
    pub files: BTreeMap<String, String>,
}

/// Name of the list.
pub const MANIFEST: &str = "manifest.json";

/// A stored revision as the rules read it.
fn parsed(stored: &StoredRevision) -> Option<Revision> {
    records::parsed(&stored.row)
}

/// What the pack is made from besides its entries.
struct Known {
    officers: Vec<OfficerRow>,
    chains: BTreeMap<ChainId, ChainRow>,
}

impl Known {
    fn title(&self, officer: OfficerId) -> String {
        let row = self.officers.iter().find(|row| row.officer == officer);
        row.map_or_else(|| officer.to_string(), OfficerRow::title)
    }

    fn device(&self, chain: ChainId) -> Option<DeviceId> {
        self.chains.get(&chain).map(|chain| chain.device)
    }
}

/// Writes a pack into a new folder under `folder`, and logs it.
///
/// # Errors
/// [`DiscloseError`]; what was not written whole is not logged.
pub async fn disclose(
    storage: &dyn Storage,
    asked: &Asked,
    folder: &Path,
    now: Millis,
) -> Result<PathBuf, DiscloseError> {
    let force = force::load(storage).await?;
    let chains = storage.chains().await?.into_iter().map(|chain| (chain.chain, chain)).collect();
    let known = Known { officers: storage.officers(now).await?, chains };
    let (mut entries, mut proofs, mut markings) = (Vec::new(), Vec::new(), Vec::new());
    for id in &asked.entries {
        let stored = storage.disclosed_entry(*id).await?;
        let gone = || DiscloseError::NoEntry(*id);
        let entry = fold(stored.iter().filter_map(parsed)).into_iter().next().ok_or_else(gone)?;
        if entry.revisions.iter().any(|revision| revision.head.access != Access::Team) {
            return Err(gone());
        }
        let said = trail::said(storage, &entry).await?;
        let versions = versions(&entry, &stored, &said, &known, now);
        markings.extend(entry.revisions.iter().map(|revision| revision.head.marking));
        proofs.extend(proof::of(storage, &stored, &versions, &known).await?);
        let trail = trail::lines(storage, &entry, &said, &known).await?;
        entries.push(EntryPack { entry_id: *id, kind: entry.kind(), versions, trail });
    }
    // A pack names somebody's words whatever its parts are marked.
    let mark =
        Mark::of(highest(markings).max(Marking::OfficialSensitive)).with_handling(asked.handling.as_deref());
    let pack = Pack {
        format: FORMAT.to_owned(),
        marking: mark.marking,
        handling: mark.handling.clone(),
        force: force.bundle.force,
        force_name: force.bundle.name.clone(),
        root_key: force.bundle.root_key,
        made_at: now,
        by: asked.by.clone(),
        why: asked.why.clone(),
        recipient: asked.recipient.clone(),
        entries,
    };
    let export = uuid_v7(now)?;
    let day = local(now).date_naive();
    let short: String = export.simple().to_string().chars().rev().take(6).collect();
    let into = folder.join(mark.file_name(&format!("disclosure {day} {short}"), "d").trim_end_matches(".d"));
    let proofs = proof::Proofs::new(&force.row.bundle, force.row.bundle_signature, proofs);
    let files = [
        (mark.file_name("disclosure", "pdf"), pdf::write(&sheet(&pack))?),
        (mark.file_name("disclosure", "json"), to_json(&pack)),
        (mark.file_name("disclosure proofs", "json"), serde_json::to_vec_pretty(&proofs)?),
    ];
    let hashes: BTreeMap<String, String> =
        files.iter().map(|(name, bytes)| (name.clone(), digest(bytes).to_string())).collect();
    let manifest =
        Manifest { format: FORMAT.to_owned(), marking: mark.words().to_owned(), files: hashes.clone() };
    let listed = (MANIFEST.to_owned(), serde_json::to_vec_pretty(&manifest)?);
    for (name, bytes) in files.iter().chain([&listed]) {
        let path = into.join(name);
        let broken = |source| DiscloseError::File { path: path.clone(), source };
        force::write_secret(&path, bytes).map_err(broken)?;
    }
    let ids: Vec<String> = asked.entries.iter().map(EntryId::to_string).collect();
    let row = ExportRow {
        export,
        at: now,
        by: asked.by.clone(),
        why: asked.why.clone(),
        what: format!("disclosure of {} for {}", ids.join(", "), asked.recipient),
        files: serde_json::to_string(&hashes)?,
    };
    storage.put_export(row).await?;
    Ok(into)
}

fn versions(
    entry: &Entry,
    stored: &[StoredRevision],
    said: &[Entry],
    known: &Known,
    now: Millis,
) -> Vec<Version> {
    let today = local(now).date_naive();
    let row = |link: &Link| stored.iter().find(|stored| stored.row.link == *link);
    let told = entry.revisions.iter().enumerate().filter_map(|(place, revision)| {
        let (head, row) = (&revision.head, &row(&revision.link)?.row);
        let masked = row.body.as_ref().and_then(|bytes| serde_json::from_slice(bytes).ok());
        let masked = masked.map(|body| mask(&body, today));
        let (body, masks) = masked.map_or((None, Vec::new()), |it| (Some(it.body), it.masks));
        Some(Version {
            number: place + 1,
            link: revision.link,
            chain: head.chain_id,
            seq: head.seq,
            author: known.title(head.author),
            device: known.device(head.chain_id).unwrap_or(DeviceId(uuid::Uuid::nil())),
            change: head.change,
            occurred_at: head.occurred_at,
            occurred_until: head.occurred_until,
            written_at: head.written_at,
            received_at: row.received_at,
            position: row.pos,
            problems: row.problems.iter().map(|problem| problem.code.clone()).collect(),
            erased: row.body.is_none().then(|| trail::erased(said, &revision.link)),
            body,
            masks,
        })
    });
    told.collect()
}
