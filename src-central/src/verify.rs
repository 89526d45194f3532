//! `verify`: walks every chain, manifest, signature, column, position and receipt, and says what does not fit.
//!
//! Reads only. What it finds it names by chain and sequence number, never by content. A body that is missing is in
//! order exactly when an `erasure` entry names its link.

mod chain;

use std::collections::{BTreeMap, HashMap, HashSet};

use beatbook_domain::id::{ChainId, EntryId, EpochId, Link, VerifyKey};
use beatbook_domain::seal::{self, Broken, Purpose, digest};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ReceiptList, SignedStatement};

use crate::force::{self, Force, ForceError};
use crate::period;
use crate::storage::{Storage, StorageError};

/// Rows asked of storage at a time.
const PAGE: u32 = 500;

/// Why verifying could not be done (not: what it found).
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The force.
    #[error(transparent)]
    Force(#[from] ForceError),
}

/// One thing that does not fit.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Finding {
    /// In a chain.
    #[error("chain {chain}: {what}")]
    Chain {
        /// The chain.
        chain: ChainId,
        /// What.
        what: Broken,
    },
    /// A revision no manifest proves.
    #[error("chain {chain}: revision {seq} is proved by no manifest")]
    Unproved {
        /// The chain.
        chain: ChainId,
        /// Its place.
        seq: u64,
    },
    /// A revision no receipt names.
    #[error("chain {chain}: revision {seq} stands in no receipt list")]
    Unreceipted {
        /// The chain.
        chain: ChainId,
        /// Its place.
        seq: u64,
    },
    /// A list of receipts whose signature does not hold.
    #[error("receipt list {0}: the signature does not verify")]
    ReceiptSignature(beatbook_domain::id::Digest),
    /// A receipt that says something else than the ledger.
    #[error("receipt list {list}: position or time of {link} differs from the ledger")]
    Receipt {
        /// The list.
        list: beatbook_domain::id::Digest,
        /// The revision.
        link: Link,
    },
    /// Positions that are not 1 to n, each once.
    #[error(
        "positions: the counter stands at {counter}, {rows} revisions have {positions} different ones of those"
    )]
    Positions {
        /// The counter.
        counter: u64,
        /// Rows within it.
        rows: u64,
        /// Different positions among them.
        positions: u64,
    },
    /// Words that an erasure names and that are here all the same.
    #[error("{0} erased revisions still have their words")]
    NotErased(u64),
    /// Feed rows that name nothing.
    #[error("{0} feed rows name no revision at their position")]
    Feed(u64),
    /// An attachment that is not what it is called by.
    #[error("attachment {0}: its bytes are not those of its hash")]
    Attachment(beatbook_domain::id::Digest),
    /// Attachments nobody names, or names without a body.
    #[error("{0} attachments are named by no body, or by one that is erased")]
    StrayAttachments(u64),
    /// Kept figures that are not those of the bytes.
    #[error("kept figures of shift {0} differ from its sealed bytes")]
    Figures(EntryId),
    /// The force bundle.
    #[error("the force bundle: {0}")]
    Bundle(&'static str),
}

/// What was walked and found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Chains walked.
    pub chains: u64,
    /// Revisions checked.
    pub revisions: u64,
    /// Of these, erased under an erasure entry.
    pub erased: u64,
    /// Under what they were erased: authority and class, and how many by each.
    pub erased_under: BTreeMap<(String, String), u64>,
    /// Manifests checked.
    pub manifests: u64,
    /// Receipt lists checked.
    pub receipt_lists: u64,
    /// Attachments that are whole, their hashes checked.
    pub attachments: u64,
    /// Attachments still on their way.
    pub attachments_coming: u64,
    /// Not broken, but worth knowing: chains with two links at one place.
    pub split_chains: Vec<ChainId>,
    /// Not broken: sequence numbers below a chain's end that have not arrived.
    pub missing: Vec<(ChainId, u64)>,
    /// What does not fit.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether everything fits.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What the walk of the chains leaves for the checks after it.
#[derive(Default)]
struct Walk {
    /// Links an erasure entry names, with its authority and class.
    named: HashMap<Link, (String, String)>,
    /// Erased revisions: chain, place, link.
    erased: Vec<(ChainId, u64, Link)>,
    /// Every revision: chain, place, position, time of receipt.
    ledger: HashMap<Link, (ChainId, u64, u64, Millis)>,
}

/// Verifies everything.
///
/// # Errors
/// When the database cannot be read; what is broken in it is in the report.
pub async fn verify(storage: &dyn Storage) -> Result<Report, VerifyError> {
    let mut report = Report::default();
    let force = force::load(storage).await?;
    let keys = statements(storage, &force, &mut report).await?;
    let mut walk = Walk::default();
    for chain in storage.chains().await? {
        chain::walk(storage, &chain, &mut walk, &mut report).await?;
        report.chains += 1;
    }
    for (chain, seq, link) in &walk.erased {
        match walk.named.get(link) {
            Some(under) => {
                report.erased += 1;
                *report.erased_under.entry(under.clone()).or_default() += 1;
            }
            None => {
                report.findings.push(Finding::Chain { chain: *chain, what: Broken::Missing { seq: *seq } })
            }
        }
    }
    receipts(storage, &keys, force.row.epoch, &walk, &mut report).await?;
    let (counter, rows, positions) = storage.ledger_figures().await?;
    let decisions = storage.decisions().await?;
    if (rows, positions) != (counter, counter) || walk.ledger.len() as u64 + decisions != counter {
        report.findings.push(Finding::Positions { counter, rows, positions });
    }
    let words = storage.erased_but_here().await?;
    if words > 0 {
        report.findings.push(Finding::NotErased(words));
    }
    let stray = storage.stray_feed_rows().await?;
    if stray > 0 {
        report.findings.push(Finding::Feed(stray));
    }
    attachments(storage, &mut report).await?;
    report.findings.extend(period::differing(storage).await?.into_iter().map(Finding::Figures));
    Ok(report)
}

/// Every attachment against its hash.
async fn attachments(storage: &dyn Storage, report: &mut Report) -> Result<(), VerifyError> {
    let mut after = None;
    loop {
        let page = storage.attachments(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.officer, last.sha256));
        for kept in page {
            if kept.standing.whole_at.is_none() {
                report.attachments_coming += 1;
                continue;
            }
            let whole = (0, kept.standing.bytes.max(kept.standing.have).saturating_add(1));
            let bytes = storage.attachment_bytes(kept.officer, kept.sha256, whole.0, whole.1).await?;
            match bytes.len() as u64 == kept.standing.bytes && digest(&bytes) == kept.sha256 {
                true => report.attachments += 1,
                false => report.findings.push(Finding::Attachment(kept.sha256)),
            }
        }
    }
    match storage.stray_attachments().await? {
        0 => {}
        stray => report.findings.push(Finding::StrayAttachments(stray)),
    }
    Ok(())
}

/// Every statement of keys, and the receipt key of each number.
async fn statements(
    storage: &dyn Storage,
    force: &Force,
    report: &mut Report,
) -> Result<HashMap<u64, VerifyKey>, VerifyError> {
    let (root, mut keys) = (force.bundle.root_key, HashMap::new());
    let mut wrong = |what| report.findings.push(Finding::Bundle(what));
    let rows = storage.statements().await?;
    for row in &rows {
        let signed = SignedStatement { bundle: row.bundle.clone(), signature: row.signature };
        match signed.open(|key| *key == root) {
            Ok(bundle) if bundle.keys.number == row.number && bundle.force == force.row.force => {
                keys.insert(row.number, bundle.keys.receipt_key);
            }
            Ok(_) => wrong("a statement of keys is of another number or force than its row says"),
            Err(_) => wrong("the root key's signature does not verify"),
        }
    }
    let newest = rows.last().map(|row| (&row.bundle, row.signature));
    if newest != Some((&force.row.bundle, force.row.bundle_signature)) {
        wrong("it is not the newest statement of keys");
    }
    if force.bundle.keys.receipt_key != force.signer.public() {
        wrong("the receipt key is not the one it names");
    }
    Ok(keys)
}

async fn receipts(
    storage: &dyn Storage,
    keys: &HashMap<u64, VerifyKey>,
    epoch: EpochId,
    walk: &Walk,
    report: &mut Report,
) -> Result<(), VerifyError> {
    let mut receipted: HashSet<Link> = HashSet::with_capacity(walk.ledger.len());
    let mut after = None;
    let mut epochs = storage.past_epochs().await?;
    epochs.push(epoch);
    loop {
        let page = storage.receipt_lists(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for row in &page {
            report.receipt_lists += 1;
            let text = row.signed.list.as_bytes();
            // The key of its time: the one that the statement of the list's own number names.
            let holds = |list: &ReceiptList| {
                if !epochs.contains(&list.epoch) {
                    return false;
                }
                let key = keys.get(&list.keys).filter(|key| **key == row.signed.key);
                let signed = |key| seal::verify(key, Purpose::Receipts, &[text], &row.signed.signature);
                digest(text) == row.id && key.is_some_and(signed)
            };
            let list = serde_json::from_str::<ReceiptList>(&row.signed.list).ok().filter(holds);
            let Some(list) = list else {
                report.findings.push(Finding::ReceiptSignature(row.id));
                continue;
            };
            for receipt in list.receipts {
                let stands = walk.ledger.get(&receipt.link);
                match stands.is_some_and(|(.., pos, at)| (*pos, *at) == (receipt.pos, receipt.received_at)) {
                    true => drop(receipted.insert(receipt.link)),
                    false => report.findings.push(Finding::Receipt { list: row.id, link: receipt.link }),
                }
            }
        }
    }
    for (link, (chain, seq, ..)) in &walk.ledger {
        if !receipted.contains(link) {
            report.findings.push(Finding::Unreceipted { chain: *chain, seq: *seq });
        }
    }
    Ok(())
}
