//! What must hold, whatever happened: the device's words held against its notebook and against central's books.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use beatbook_central::storage::{self, Storage};
use beatbook_device::store::StoredRevision;
use beatbook_device::store::rows::State;
use beatbook_domain::entry::{Body, Head, Kind};
use beatbook_domain::id::{ChainId, EntryId, Link};
use beatbook_domain::seal::digest;

use super::database::{block_on, copy_files};
use super::hand_held::{Receipt, Told};
use super::note_of;
use super::scene::{of, open};
use crate::error::{Doing, Result};

/// A promise that was broken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Finding {
    /// The device called it saved, and it is not in the notebook.
    #[error("LOST on the device: {mark} ({entry}) was called saved and is not in the notebook")]
    LostOnDevice {
        /// The entry.
        entry: EntryId,
        /// Its mark.
        mark: String,
    },
    /// The device called it received, and central has not got it.
    #[error("LOST at central: {} ({}) was called received and is not there", .0.entry, .0.code)]
    LostAtCentral(Receipt),
    /// The device called an entry received whose photo is not at central byte for byte.
    #[error("LOST at central: the photo of {0} was called received and is not there whole")]
    PhotoLost(EntryId),
    /// It is at central, but not as it was written or receipted.
    #[error("{entry} at central: {what}")]
    Differs {
        /// The entry.
        entry: EntryId,
        /// What.
        what: &'static str,
    },
    /// More than one for one save.
    #[error("{mark} stands {times} times {place}")]
    Twice {
        /// Its mark.
        mark: String,
        /// How often.
        times: usize,
        /// Where.
        place: &'static str,
    },
    /// The faults had stopped, and it still did not become received.
    #[error("STUCK: {0}")]
    Stuck(String),
    /// The device set an entry aside that nothing is wrong with.
    #[error("set aside: {entry}: {cause}")]
    SetAside {
        /// The entry.
        entry: EntryId,
        /// In the device's words.
        cause: String,
    },
    /// The device refused to save.
    #[error("not saved: {0}")]
    NotSaved(String),
    /// The notebook itself.
    #[error("the notebook: {0}")]
    Notebook(String),
    /// What `beatbook-central verify` says.
    #[error("central verify: {0}")]
    Verify(String),
    /// The officer was told of a restored server or phone, and there was none.
    #[error("a false alarm: {0}")]
    FalseAlarm(String),
}

impl Finding {
    /// Whether something is gone.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        matches!(self, Self::LostOnDevice { .. } | Self::LostAtCentral(_) | Self::PhotoLost(_))
    }
}

/// One revision as the oracle compares it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Row {
    chain: ChainId,
    seq: u64,
    link: Link,
    entry: EntryId,
    kind: String,
    head: Vec<u8>,
    body: Option<Vec<u8>>,
    pos: Option<u64>,
    received_at: Option<i64>,
    note: Option<String>,
}

/// What central holds.
#[derive(Clone, Debug, Default)]
pub struct Books {
    rows: Vec<Row>,
    counter: u64,
    /// Hashes of the photos that are there whole, as their bytes say.
    photos: BTreeSet<String>,
}

impl Books {
    /// Reads a database; of a file, a copy, so that nothing is repaired that central would have to repair itself.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(database: &str) -> Result<Self> {
        let scratch = tempfile::tempdir().doing("making a folder")?;
        let address = match database.contains("://") {
            true => database.to_owned(),
            false => {
                let copy = scratch.path().join("books.sqlite").display().to_string();
                copy_files(database, &copy)?;
                copy
            }
        };
        block_on(async {
            let storage = storage::open(&address).await.map_err(of("central's database"))?;
            read(storage.as_ref()).await.map_err(of("central's database"))
        })
    }

    /// What the device called received and is not here, or differs from what was written.
    #[must_use]
    pub fn against(&self, told: &Told) -> Vec<Finding> {
        let by_entry: BTreeMap<EntryId, &Row> = self.rows.iter().map(|row| (row.entry, row)).collect();
        let mut findings = Vec::new();
        for receipt in &told.received {
            let entry = receipt.entry;
            match by_entry.get(&entry) {
                Some(row) if row.link.short_code() == receipt.code => {
                    let written = told.saved.get(&entry).map(|mark| mark.as_str());
                    let note = row.note.as_deref().unwrap_or_default();
                    if written.is_some_and(|mark| !is_note_of(note, mark)) {
                        findings.push(Finding::Differs { entry, what: "another note than was written" });
                    }
                    if row.received_at != Some(receipt.at) {
                        findings.push(Finding::Differs { entry, what: "another time than was receipted" });
                    }
                }
                _ => findings.push(Finding::LostAtCentral(receipt.clone())),
            }
            // An entry is received only with its photo.
            if told.photos.get(&entry).is_some_and(|sha256| !self.photos.contains(sha256)) {
                findings.push(Finding::PhotoLost(entry));
            }
        }
        findings
    }
}

fn is_note_of(note: &str, mark: &str) -> bool {
    // The letters after the mark follow from it; their number is told by the note's own length.
    note.split(' ').next() == Some(mark) && note == note_of(mark, note.len().saturating_sub(mark.len() + 1))
}

async fn read(storage: &dyn Storage) -> storage::Stored<Books> {
    let mut rows = Vec::new();
    for chain in storage.chains().await? {
        let mut after = None;
        loop {
            let page = storage.revisions(chain.chain, after, 500).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.row.seq, last.row.link));
            rows.extend(page.into_iter().map(|stored| {
                let row = stored.row;
                Row {
                    chain: row.chain,
                    seq: row.seq,
                    link: row.link,
                    entry: stored.columns.entry,
                    kind: stored.columns.kind,
                    note: note(&row.head, row.body.as_deref()),
                    head: row.head,
                    body: row.body,
                    pos: Some(row.pos),
                    received_at: Some(row.received_at.0),
                }
            }));
        }
    }
    let (counter, ..) = storage.ledger_figures().await?;
    let mut photos = BTreeSet::new();
    for kept in storage.attachments(None, 10_000).await? {
        let bytes = storage.attachment_bytes(kept.officer, kept.sha256, 0, u64::MAX).await?;
        photos.insert(digest(&bytes).to_string());
    }
    Ok(Books { rows, counter, photos })
}

/// The note of an engagement.
fn note(head: &[u8], body: Option<&[u8]>) -> Option<String> {
    let head = Head::parse(head).ok()?;
    match Body::parse(head.kind, head.schema, head.change, body?).ok()? {
        Body::Engagement(engagement) if head.kind == Kind::Engagement => engagement.note,
        _ => None,
    }
}

/// What a phone's notebook holds, opened again.
#[derive(Debug, Default)]
pub struct Notebook {
    rows: Vec<(Row, State)>,
    record_chain: Option<ChainId>,
    broken: Option<String>,
    alarm: Option<String>,
}

impl Notebook {
    /// Opens the notebook in a phone's data folder, which nobody has open, and reads all of it.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn read(data: &Path) -> Result<Self> {
        let mut store = open(data)?;
        let mut notebook = Self {
            broken: store.verify_all().err().map(|error| error.to_string()),
            alarm: store.reconciled().map_err(of("the notebook"))?.map(|done| format!("{done:?}")),
            record_chain: Some(store.identity().record_chain),
            ..Self::default()
        };
        let chains: Vec<ChainId> = store.chains().all().map(|(_, chain)| chain).collect();
        for chain in chains {
            for row in store.whole_chain(chain).map_err(of("the notebook"))? {
                notebook.rows.push((of_device(&row), row.state));
            }
        }
        Ok(notebook)
    }

    /// What the device called saved and is not here.
    #[must_use]
    pub fn against(&self, told: &Told) -> Vec<Finding> {
        let held: BTreeMap<EntryId, &Row> = self.rows.iter().map(|(row, _)| (row.entry, row)).collect();
        let mut findings: Vec<Finding> = self.broken.iter().cloned().map(Finding::Notebook).collect();
        findings.extend(self.alarm.iter().cloned().map(Finding::FalseAlarm));
        for (entry, mark) in &told.saved {
            let note = held.get(entry).and_then(|row| row.note.as_deref());
            if !note.is_some_and(|note| is_note_of(note, mark)) {
                findings.push(Finding::LostOnDevice { entry: *entry, mark: mark.clone() });
            }
        }
        findings.extend(twice(self.rows.iter().map(|(row, _)| row), "in the notebook"));
        findings
    }

    /// What is not the same here and at central, once everything is received.
    #[must_use]
    pub fn against_books(&self, books: &Books) -> Vec<Finding> {
        let by_link: BTreeMap<Link, &Row> = books.rows.iter().map(|row| (row.link, row)).collect();
        let mut findings = Vec::new();
        for (row, state) in &self.rows {
            let entry = row.entry;
            match (by_link.get(&row.link), state) {
                (Some(found), State::Received) if **found == *row => {}
                (Some(_), State::Received) => findings
                    .push(Finding::Differs { entry, what: "bytes or receipt differ from the notebook's" }),
                (None, State::Received) => findings.push(Finding::LostAtCentral(Receipt {
                    entry,
                    code: row.link.short_code(),
                    at: row.received_at.unwrap_or_default(),
                })),
                // Closing the notebook writes to the log chain, which then waits for the next time.
                _ if Some(row.chain) != self.record_chain => {}
                _ => findings.push(Finding::Stuck(format!("{entry} ({}) is {state:?} in the end", row.kind))),
            }
        }
        findings
    }
}

fn of_device(row: &StoredRevision) -> Row {
    let head = Head::parse(&row.head).ok();
    Row {
        chain: row.chain_id,
        seq: row.seq,
        link: row.link,
        entry: head.as_ref().map_or(EntryId::from_bytes([0; 16]), |head| head.entry_id),
        kind: head.map_or(String::new(), |head| head.kind.name().to_owned()),
        head: row.head.clone(),
        body: row.body.clone(),
        pos: row.central_pos,
        received_at: row.received_at.map(|at| at.0),
        note: note(&row.head, row.body.as_deref()),
    }
}

impl Books {
    /// What is there twice, or beside its place: marks, places in chains, positions.
    #[must_use]
    pub fn by_themselves(&self) -> Vec<Finding> {
        let mut findings = twice(self.rows.iter(), "at central");
        let places: BTreeSet<(ChainId, u64)> = self.rows.iter().map(|row| (row.chain, row.seq)).collect();
        if places.len() != self.rows.len() {
            findings.push(Finding::Verify("two revisions stand at one place of a chain".to_owned()));
        }
        let positions: BTreeSet<u64> = self.rows.iter().filter_map(|row| row.pos).collect();
        let count = self.rows.len() as u64;
        if positions.len() as u64 != count
            || positions.last().copied().unwrap_or_default() != count
            || self.counter != count
        {
            findings.push(Finding::Verify(format!(
                "{count} revisions, {} positions, the last {:?}, the counter at {}",
                positions.len(),
                positions.last(),
                self.counter
            )));
        }
        findings
    }

    /// Revisions held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Marks that stand more than once.
fn twice<'a>(rows: impl Iterator<Item = &'a Row>, place: &'static str) -> Vec<Finding> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        if let Some(mark) = row.note.as_deref().and_then(|note| note.split(' ').next()) {
            *times.entry(mark.to_owned()).or_default() += 1;
        }
    }
    times
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .map(|(mark, times)| Finding::Twice { mark, times, place })
        .collect()
}
