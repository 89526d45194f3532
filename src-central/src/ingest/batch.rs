//! One signed batch: its manifest, its links, and each of its revisions.

use std::collections::HashMap;

use beatbook_domain::entry::{Body, Head};
use beatbook_domain::id::{ChainId, Commit, Digest, Link, Salt, SeedId};
use beatbook_domain::seal::{self, Absent, Manifest, Purpose, digest};
use beatbook_protocol::sync::{Batch, MAX_BODY_BYTES, MAX_HEAD_BYTES, Refusal, RefusalReason, WireRevision};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Facts, Taken, problems, scopes};
use crate::storage::{ChainRow, Custody, CustodyColumns, ManifestRow, NamedAttachment, Parent};

/// Sequence numbers beyond this are no chain's: ten thousand entries a day for a hundred million years.
const MAX_SEQ: u64 = 1 << 52;

/// A batch whose signature and links hold.
pub struct Proved<'a> {
    batch: &'a Batch,
    manifest: Manifest,
    chain: &'a ChainRow,
    parts: Vec<Part<'a>>,
}

/// Proves a batch as a whole, or refuses it and nothing but it.
pub fn prove<'a>(facts: &'a Facts, batch: &'a Batch) -> Result<Proved<'a>, Refusal> {
    let Ok(manifest) = serde_json::from_str::<Manifest>(&batch.manifest) else {
        return Err(refuse_range(facts, guess(&batch.manifest, batch), RefusalReason::Undecodable));
    };
    let range = (manifest.chain_id, manifest.first, manifest.last);
    match open(facts, batch, &manifest) {
        Ok((chain, parts)) => Ok(Proved { batch, manifest, chain, parts }),
        Err(reason) => Err(refuse_range(facts, Some(range), reason)),
    }
}

/// Refuses something in the place of a batch, by whatever of it can be read.
pub fn refuse_unread(facts: &Facts, raw: &RawValue, reason: RefusalReason) -> Refusal {
    #[derive(Deserialize)]
    struct OnlyManifest {
        manifest: String,
    }
    let range =
        serde_json::from_str::<OnlyManifest>(raw.get()).ok().and_then(|only| range_of(&only.manifest));
    refuse_range(facts, range, reason)
}

fn refuse_range(facts: &Facts, range: Option<(ChainId, u64, u64)>, reason: RefusalReason) -> Refusal {
    let (chain_id, first, last) = range.unwrap_or((facts.profile, 0, 0));
    Refusal { chain_id, first, last, reason }
}

/// The range a manifest speaks of, as far as it can be read.
fn range_of(manifest: &str) -> Option<(ChainId, u64, u64)> {
    #[derive(Deserialize)]
    struct Range {
        chain_id: ChainId,
        first: u64,
        last: u64,
    }
    serde_json::from_str::<Range>(manifest).ok().map(|range| (range.chain_id, range.first, range.last))
}

/// The range of a batch whose manifest does not read: from the manifest's own numbers, else from its heads.
fn guess(manifest: &str, batch: &Batch) -> Option<(ChainId, u64, u64)> {
    #[derive(Deserialize)]
    struct Place {
        chain_id: ChainId,
        seq: u64,
    }
    let place = |wire: &WireRevision| serde_json::from_str::<Place>(wire.head.get()).ok();
    range_of(manifest).or_else(|| {
        let (first, last) =
            (batch.revisions.first().and_then(place)?, batch.revisions.last().and_then(place)?);
        (first.chain_id == last.chain_id).then_some((first.chain_id, first.seq, last.seq))
    })
}

/// A revision that travelled, its link proved by the manifest.
struct Part<'a> {
    wire: &'a WireRevision,
    head: Option<Head>,
    seq: u64,
    before: Link,
    link: Link,
    hash: Digest,
    salt: Option<Salt>,
    commit: Commit,
}

/// Checks signature and links of a whole batch.
fn open<'f, 'b>(
    facts: &'f Facts,
    batch: &'b Batch,
    manifest: &Manifest,
) -> Result<(&'f ChainRow, Vec<Part<'b>>), RefusalReason> {
    let chain = facts.chains.get(&manifest.chain_id).ok_or(RefusalReason::UnknownChain)?;
    let signed = [batch.manifest.as_bytes()];
    if manifest.force != facts.force
        || !seal::verify(&chain.profile_key, Purpose::Manifest, &signed, &batch.signature)
    {
        return Err(RefusalReason::BadlySigned);
    }
    let many = (batch.revisions.len() + manifest.absent.len()) as u64;
    if manifest.last > MAX_SEQ || manifest.last < manifest.first || manifest.last - manifest.first + 1 != many
    {
        return Err(RefusalReason::BadlySigned);
    }
    let mut absent: Vec<u64> = manifest.absent.iter().map(|absent| absent.seq).collect();
    absent.sort_unstable();
    let travelling = (manifest.first..=manifest.last).filter(|seq| absent.binary_search(seq).is_err());
    let mut parts = Vec::with_capacity(batch.revisions.len());
    for (seq, wire) in travelling.zip(&batch.revisions) {
        let head = Head::parse(wire.head.get().as_bytes()).ok();
        let (salt, commit) = match &wire.body {
            // It came without its words: the manifest proves the commitment as well.
            None => (None, wire.commit.ok_or(RefusalReason::BadlySigned)?),
            Some(body) => {
                let salt = salt(batch, wire, head.as_ref(), manifest.chain_id, seq)
                    .ok_or(RefusalReason::BadlySigned)?;
                (Some(salt), seal::commit(&salt, body.get().as_bytes()))
            }
        };
        let hash = digest(wire.head.get().as_bytes());
        parts.push(Part { wire, head, seq, before: Link::GENESIS, link: Link::GENESIS, hash, salt, commit });
    }
    let figures: Vec<_> = parts.iter().map(|part| (part.seq, part.hash, part.commit)).collect();
    let links = manifest.links(&figures).map_err(|_| RefusalReason::BadlySigned)?;
    let befores = std::iter::once(manifest.before_first).chain(links.iter().map(|(_, link)| *link));
    let mut proved = befores.zip(&links);
    for part in &mut parts {
        // Both run in the order of seq; the absent ones in between are passed over.
        let (before, (_, link)) =
            proved.find(|(_, (seq, _))| *seq == part.seq).ok_or(RefusalReason::BadlySigned)?;
        (part.before, part.link) = (before, *link);
    }
    Ok((chain, parts))
}

/// The salt that travelled, or the one derived from the seed the head names.
fn salt(batch: &Batch, wire: &WireRevision, head: Option<&Head>, chain: ChainId, seq: u64) -> Option<Salt> {
    #[derive(Deserialize)]
    struct OnlySeed {
        seed: SeedId,
    }
    if let Some(salt) = wire.salt {
        return Some(salt);
    }
    // A head that does not read must not keep its neighbours from being proved.
    let named = head.map(|head| head.seed).or_else(|| {
        let only = serde_json::from_str::<OnlySeed>(wire.head.get()).ok();
        only.map(|only| only.seed)
            .or_else(|| (batch.seeds.len() == 1).then(|| batch.seeds.keys().next().copied())?)
    });
    batch.seeds.get(&named?).map(|seed| seal::derive_salt(seed, chain, seq))
}

impl Proved<'_> {
    /// Its revisions, as those that revise them are judged by.
    pub fn as_parents(&self) -> impl Iterator<Item = (Link, Parent)> {
        self.parts.iter().filter_map(|part| {
            let head = part.head.as_ref()?;
            let (entry, kind, written) = (head.entry_id, head.kind, head.written_corrected());
            Some((part.link, Parent { entry, kind, officer: self.chain.officer, written }))
        })
    }

    /// Takes each revision that can be read and is within limits.
    pub fn keep(self, facts: &Facts, parents: &HashMap<Link, Parent>, taken: &mut Taken) {
        let Self { batch, manifest, chain, parts } = self;
        let id = digest(batch.manifest.as_bytes());
        let mut refused = Vec::new();
        let before = taken.revisions.len();
        for part in parts {
            match custody(facts, parents, chain, id, &part) {
                Ok(custody) => taken.revisions.push(custody),
                Err(reason) => {
                    refused.push(Absent { seq: part.seq, head: part.hash, commit: part.commit });
                    taken.refusals.push(Refusal {
                        chain_id: chain.chain,
                        first: part.seq,
                        last: part.seq,
                        reason,
                    });
                }
            }
        }
        if taken.revisions.len() > before {
            taken.manifests.push(ManifestRow {
                id,
                chain: chain.chain,
                first: manifest.first,
                last: manifest.last,
                text: batch.manifest.clone(),
                signature: batch.signature,
                refused,
            });
        }
    }
}

fn custody(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    chain: &ChainRow,
    manifest: Digest,
    part: &Part<'_>,
) -> Result<Custody, RefusalReason> {
    let head_bytes = part.wire.head.get().as_bytes();
    let body_bytes = part.wire.body.as_ref().map(|body| body.get().as_bytes());
    if head_bytes.len() > MAX_HEAD_BYTES || body_bytes.is_some_and(|body| body.len() > MAX_BODY_BYTES) {
        return Err(RefusalReason::Oversized);
    }
    let head = part.head.as_ref().ok_or(RefusalReason::Undecodable)?;
    if (head.chain_id, head.seq) != (chain.chain, part.seq) {
        return Err(RefusalReason::BadlySigned);
    }
    let (body, problems) = problems::of(facts, parents, chain, head, body_bytes);
    Ok(Custody {
        link: part.link,
        chain: chain.chain,
        seq: part.seq,
        before: part.before,
        head: head_bytes.to_vec(),
        body: body_bytes.map(<[u8]>::to_vec),
        salt: part.salt,
        commit: part.commit,
        manifest,
        problems,
        columns: columns(head),
        scopes: scopes::of(facts, parents, chain, head, body.as_ref()),
        claim: scopes::claim(chain, head, body.as_ref()),
        withheld: facts.revoked,
        attachments: body.iter().flat_map(Body::attachments).filter_map(NamedAttachment::of).collect(),
        officer: chain.officer,
    })
}

/// The indexes taken from a head.
pub(crate) fn columns(head: &Head) -> CustodyColumns {
    CustodyColumns {
        entry: head.entry_id,
        kind: head.kind.name().to_owned(),
        author: head.author,
        shift: head.shift_id,
        written_at: head.written_at,
    }
}
