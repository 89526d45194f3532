//! What proves a version: its head and commitment, the officer's signature over the range it came in, the server's over
//! the list of receipts that names it. Body and salt only where nothing in it is masked.

use std::collections::BTreeMap;

use beatbook_domain::id::{ChainId, Commit, Digest, Link, Salt, Signature, VerifyKey};
use beatbook_domain::seal::{Absent, digest};
use beatbook_protocol::sync::{ReceiptList, SignedReceipts};
use beatbook_report::disclosure::Version;
use serde::{Deserialize, Serialize};

use super::Known;
use crate::storage::{Storage, Stored, StoredRevision};

/// Lists of receipts looked through for the one that names a revision.
const LISTS: u32 = 200;
/// A list may be made a moment before the commit it tells of.
const BEFORE_MS: i64 = 60_000;
/// Revisions read at a time.
const PAGE: u32 = 500;

/// All proofs of a pack.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Proofs {
    /// The force's statement of keys, verbatim.
    pub bundle: String,
    /// By the root key.
    pub bundle_signature: Signature,
    /// One for each version.
    pub revisions: Vec<Proof>,
}

impl Proofs {
    pub(super) fn new(bundle: &str, bundle_signature: Signature, revisions: Vec<Proof>) -> Self {
        Self { bundle: bundle.to_owned(), bundle_signature, revisions }
    }
}

/// The proof of one version.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Proof {
    /// Its link.
    pub link: Link,
    /// Its chain.
    pub chain: ChainId,
    /// Its place there.
    pub seq: u64,
    /// The link before it.
    pub before: Link,
    /// Its head, verbatim.
    pub head: String,
    /// The commitment to its body.
    pub commit: Commit,
    /// Its body, verbatim; none where something in it is masked, or it is erased.
    pub body: Option<String>,
    /// The salt of the commitment, with the body.
    pub salt: Option<Salt>,
    /// The key that signs the chain's manifests, as the force enrolled it.
    pub profile_key: VerifyKey,
    /// The manifest it came in, verbatim.
    pub manifest: String,
    /// By the profile key.
    pub manifest_signature: Signature,
    /// Hashes of head and commitment of every other revision in the manifest's range, for its links.
    pub range: Vec<Absent>,
    /// The list of receipts that names it.
    pub receipts: Option<SignedReceipts>,
}

/// The proofs of an entry's versions.
pub(super) async fn of(
    storage: &dyn Storage,
    stored: &[StoredRevision],
    versions: &[Version],
    known: &Known,
) -> Stored<Vec<Proof>> {
    let mut proofs = Vec::new();
    let mut ranges: BTreeMap<Digest, (String, Signature, Vec<Absent>)> = BTreeMap::new();
    for revision in stored {
        let row = &revision.row;
        let Some(chain) = known.chains.get(&row.chain) else { continue };
        if !ranges.contains_key(&revision.manifest) {
            let manifests = storage.manifests(row.chain).await?;
            let Some(manifest) = manifests.into_iter().find(|it| it.id == revision.manifest) else {
                continue;
            };
            let mut range = manifest.refused.clone();
            let mut after = manifest.first.checked_sub(1).map(|seq| (seq, Link([0xff; 32])));
            loop {
                let page = storage.revisions(row.chain, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some((last.row.seq, last.row.link));
                let (full, end) = (page.len() == PAGE as usize, last.row.seq);
                range.extend(
                    page.iter().filter(|it| it.manifest == manifest.id && it.row.seq <= manifest.last).map(
                        |it| Absent { seq: it.row.seq, head: digest(&it.row.head), commit: it.row.commit },
                    ),
                );
                if !full || end >= manifest.last {
                    break;
                }
            }
            ranges.insert(manifest.id, (manifest.text, manifest.signature, range));
        }
        let Some((manifest, manifest_signature, range)) = ranges.get(&revision.manifest).cloned() else {
            continue;
        };
        let unmasked = versions.iter().any(|it| it.link == row.link && it.masks.is_empty());
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let lists = storage.receipt_lists_of(chain.device, row.received_at.plus(-BEFORE_MS), LISTS).await?;
        let receipts = lists.into_iter().map(|list| list.signed).find(|signed| {
            let list = serde_json::from_str::<ReceiptList>(&signed.list);
            list.is_ok_and(|list| list.receipts.iter().any(|receipt| receipt.link == row.link))
        });
        proofs.push(Proof {
            link: row.link,
            chain: row.chain,
            seq: row.seq,
            before: row.before,
            head: text(&row.head),
            commit: row.commit,
            body: row.body.as_ref().filter(|_| unmasked).map(text),
            salt: row.salt.filter(|_| unmasked && row.body.is_some()),
            profile_key: chain.profile_key,
            manifest,
            manifest_signature,
            range,
            receipts,
        });
    }
    Ok(proofs)
}
