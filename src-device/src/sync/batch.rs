//! Signed batches from the outbox. Every batch verifies alone: its manifest names what travels and what lies between.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::entry::Head;
use beatbook_domain::id::{ChainId, Link, SeedId};
use beatbook_domain::seal::{Absent, MANIFEST_FORMAT, Manifest, Purpose, digest, sign};
use beatbook_protocol::sync::{Batch, MAX_REVISIONS, WireRevision};
use serde_json::value::RawValue;

use crate::store::receipts::SentManifest;
use crate::store::rows::StoredRevision;
use crate::store::{Store, StoreError};

/// A hole of more revisions than this in a range starts a batch of its own: naming them costs 64 bytes each.
const LARGEST_HOLE: u64 = 16;

/// A revision by chain, place there and local number.
type Place = (ChainId, u64, i64);

/// What goes into one request.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// The batches.
    pub batches: Vec<Batch>,
    /// Their manifests, to keep verbatim once receipted.
    pub manifests: Vec<SentManifest>,
    /// Local numbers of the revisions that travel.
    pub rids: Vec<i64>,
    /// Their links, in the order of sending.
    pub links: Vec<Link>,
    /// Something was left for the next request.
    pub more: bool,
}

/// What proves the bodies of a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Secrets {
    /// Seeds by id, where they are still held: fewest bytes.
    Seeds,
    /// The salt of each revision and nothing that opens another: for what lies about sealed.
    Salts,
}

/// Takes the oldest unsent revisions of both chains after a local number, up to about `plain_budget` bytes of head and body
/// and `most` in number; at least one, unless none is wanted.
///
/// # Errors
/// SQLite's own.
pub fn build_after(
    store: &mut Store,
    after: i64,
    (plain_budget, most): (usize, usize),
    secrets: Secrets,
) -> Result<Outgoing, StoreError> {
    let mut taken: Vec<Place> = Vec::new();
    let (mut bytes, mut more) = (0, false);
    for item in store.outbox().sendable().filter(|item| item.rid > after) {
        let is_full = taken.len() >= most.min(MAX_REVISIONS);
        if is_full || (!taken.is_empty() && bytes + item.bytes > plain_budget) {
            more = true;
            break;
        }
        bytes += item.bytes;
        taken.push((item.chain_id, item.seq, item.rid));
    }
    taken.sort_unstable();
    let mut outgoing = Outgoing { more, ..Outgoing::default() };
    for run in runs(&taken) {
        add_batch(store, run, secrets, &mut outgoing)?;
    }
    Ok(outgoing)
}

/// Splits sorted items into runs of one chain without large holes.
fn runs(taken: &[Place]) -> impl Iterator<Item = &[Place]> {
    taken.chunk_by(|(chain, seq, _), (next_chain, next_seq, _)| {
        chain == next_chain && next_seq - seq <= LARGEST_HOLE
    })
}

fn add_batch(
    store: &mut Store,
    run: &[Place],
    secrets: Secrets,
    outgoing: &mut Outgoing,
) -> Result<(), StoreError> {
    let (Some((chain_id, first, first_rid)), Some((_, last, last_rid))) = (run.first(), run.last()) else {
        return Ok(());
    };
    let chain_id = *chain_id;
    let travels: BTreeSet<u64> = run.iter().map(|(_, seq, _)| *seq).collect();
    let rows = store.chain_run(chain_id, (*first, *last), (*first_rid, *last_rid))?;
    let before_first = match rows.first() {
        Some(row) if *first > 0 && row.seq == first - 1 => row.link,
        _ => Link::GENESIS,
    };
    let (mut revisions, mut absent, mut seeds) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut after_last = before_first;
    for row in rows.iter().filter(|row| row.seq >= *first) {
        after_last = row.link;
        match wire(row).filter(|_| travels.contains(&row.seq)) {
            Some((revision, seed)) => {
                revisions.push((revision, row, seed));
                seeds.insert(seed);
            }
            None => absent.push(Absent { seq: row.seq, head: digest(&row.head), commit: row.commit }),
        }
    }
    // One revision is proved by its own salt: shorter than a seed with its name.
    let seeds = match revisions.len() {
        1 => BTreeMap::new(),
        _ if secrets == Secrets::Salts => BTreeMap::new(),
        _ => store.seeds_by_id(&seeds.into_iter().collect::<Vec<_>>())?,
    };
    let identity = store.identity().clone();
    let manifest = Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        force: identity.force.force,
        chain_id,
        first: *first,
        before_first,
        absent,
        last: *last,
        after_last,
    };
    let bytes = manifest.to_bytes();
    let signature = sign(&store.keys().profile, Purpose::Manifest, &[&bytes]);
    let text =
        String::from_utf8(bytes).map_err(|_| StoreError::Content("a manifest is not text".to_owned()))?;
    outgoing.rids.extend(revisions.iter().map(|(_, row, _)| row.rid));
    outgoing.links.extend(revisions.iter().map(|(_, row, _)| row.link));
    outgoing.manifests.push(SentManifest {
        chain_id,
        first: *first,
        last: *last,
        manifest: text.clone(),
        signature,
    });
    let revisions = revisions
        .into_iter()
        .map(|(mut revision, row, seed)| {
            // A salt travels alone only where its seed is gone.
            revision.salt = if seeds.contains_key(&seed) { None } else { row.salt };
            revision
        })
        .collect();
    outgoing.batches.push(Batch { manifest: text, signature, seeds, revisions });
    Ok(())
}

/// A stored revision as it travels; `None` where it is no text.
fn wire(row: &StoredRevision) -> Option<(WireRevision, SeedId)> {
    let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8(bytes.to_vec()).ok()?).ok();
    let seed = match row.seed_id {
        Some(seed) => seed,
        None => Head::parse(&row.head).ok()?.seed,
    };
    // Erased or dropped here, and lost by central: its commitment proves it.
    let body = match &row.body {
        Some(body) => Some(raw(body)?),
        None => None,
    };
    let commit = body.is_none().then_some(row.commit);
    Some((WireRevision { head: raw(&row.head)?, body, salt: None, commit }, seed))
}
