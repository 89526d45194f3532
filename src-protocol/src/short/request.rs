//! A request in short form.

use std::collections::BTreeMap;

use beatbook_domain::entry::Head;
use beatbook_domain::id::{ChainId, EpochId, Link, SeedId, Signature};
use beatbook_domain::seal::{self, MANIFEST_FORMAT, Manifest, Seed, digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::frame::{self, Effort};
use super::{Base, Envelope, Known, ShortError};
use crate::sync::{
    Batch, CURRENT, CopiesSaid, Cursors, FIRST_STATEMENT, Heartbeat, Level, SyncRequest, WANT_BYTES,
    WireRevision,
};

/// [`SyncRequest`] without what both sides know; `B` is a [`ShortBatch`], and one that is only looked at where it is written.
#[derive(Serialize, Deserialize)]
struct ShortRequest<B> {
    #[serde(default = "current", skip_serializing_if = "is_current")]
    protocol: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    #[serde(default, skip_serializing_if = "Cursors::is_empty")]
    cursors: Cursors,
    #[serde(default = "usual", skip_serializing_if = "is_usual")]
    want_bytes: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wants_chains: Vec<ChainId>,
    #[serde(default = "first", skip_serializing_if = "is_first")]
    keys: u64,
    heartbeat: Heartbeat,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    batches: Vec<B>,
    #[serde(default, skip_serializing_if = "CopiesSaid::is_empty")]
    copies: CopiesSaid,
}

/// A [`Batch`] without what both sides know: its seeds and revisions are `S` and `R`.
#[derive(Serialize, Deserialize)]
struct ShortBatch<M, S, R> {
    /// The manifest, where it does not simply go on from a base.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    manifest: Option<M>,
    /// The base it goes on from.
    #[serde(default, skip_serializing_if = "is_zero")]
    base: usize,
    signature: Signature,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    seeds: Option<S>,
    revisions: R,
}

type Read = ShortBatch<String, BTreeMap<SeedId, Seed>, Vec<WireRevision>>;
type Written<'a> = ShortBatch<&'a str, &'a BTreeMap<SeedId, Seed>, &'a [WireRevision]>;

fn none<M>() -> Option<M> {
    None
}
fn current() -> u16 {
    CURRENT
}
// serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_current(protocol: &u16) -> bool {
    *protocol == CURRENT
}
fn first() -> u64 {
    FIRST_STATEMENT
}
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_first(keys: &u64) -> bool {
    *keys == FIRST_STATEMENT
}
fn usual() -> u32 {
    WANT_BYTES
}
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_usual(want_bytes: &u32) -> bool {
    *want_bytes == WANT_BYTES
}
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(base: &usize) -> bool {
    *base == 0
}

/// The manifest of revisions that go on from a base without a hole, as their chain's key must have signed it.
fn rebuilt(
    known: &Known,
    base: &Base,
    seeds: &BTreeMap<SeedId, Seed>,
    revisions: &[WireRevision],
) -> Option<Manifest> {
    let first = base.held.as_ref().map_or(0, |held| held.seq + 1);
    let before_first = base.held.as_ref().map_or(Link::GENESIS, |held| held.link);
    let mut last = before_first;
    for (seq, wire) in (first..).zip(revisions) {
        let head = wire.head.get().as_bytes();
        let commit = match &wire.body {
            None => wire.commit?,
            Some(body) => {
                let salt = match wire.salt {
                    Some(salt) => salt,
                    None => {
                        let seed = seeds.get(&Head::parse(head).ok()?.seed)?;
                        seal::derive_salt(seed, base.chain, seq)
                    }
                };
                seal::commit(&salt, body.get().as_bytes())
            }
        };
        last = seal::link(base.chain, seq, &last, &digest(head), &commit);
    }
    Some(Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        force: known.force,
        chain_id: base.chain,
        first,
        before_first,
        absent: Vec::new(),
        last: first + (revisions.len() as u64).checked_sub(1)?,
        after_last: last,
    })
}

/// A request as it goes on the wire.
///
/// # Errors
/// [`ShortError::NoShortForm`] and zstd's own: send it spelled out.
pub fn pack(request: &SyncRequest, known: &Known, effort: Effort) -> Result<Vec<u8>, ShortError> {
    let of_these =
        (request.device_id, request.profile, request.epoch) == (known.device, known.profile, known.epoch);
    // A chain central has yet to learn can be no base.
    if !of_these || !request.successions.is_empty() {
        return Err(ShortError::NoShortForm);
    }
    let mut wire = Envelope::of(known)?.to_bytes();
    let batches = request.batches.iter().map(|batch| {
        let base = known.bases.iter().position(|base| {
            rebuilt(known, base, &batch.seeds, &batch.revisions)
                .is_some_and(|manifest| manifest.to_bytes() == batch.manifest.as_bytes())
        });
        ShortBatch {
            manifest: base.is_none().then_some(batch.manifest.as_str()),
            base: base.unwrap_or_default(),
            signature: batch.signature,
            seeds: Some(&batch.seeds).filter(|seeds| !seeds.is_empty()),
            revisions: batch.revisions.as_slice(),
        }
    });
    let short = ShortRequest::<Written<'_>> {
        protocol: request.protocol,
        level: request.level,
        cursors: request.cursors.clone(),
        want_bytes: request.want_bytes,
        wants_chains: request.wants_chains.clone(),
        keys: request.keys,
        heartbeat: request.heartbeat.clone(),
        batches: batches.collect(),
        copies: request.copies.clone(),
    };
    let text = serde_json::to_string(&short)?;
    wire.extend(frame::pack(&known.names().shorten(&text), known.from(), effort)?);
    Ok(wire)
}

/// A request spelled out again from the frame that follows its envelope. `known` holds what the envelope names.
///
/// # Errors
/// [`ShortError`]: the device is asked to spell it out.
pub fn unpack(
    envelope: &Envelope,
    packed: &[u8],
    known: &Known,
    limit: usize,
) -> Result<SyncRequest, ShortError> {
    let short: ShortRequest<Read> =
        serde_json::from_slice(&known.names().restore(&frame::unpack(packed, known.from(), limit)?, limit)?)?;
    let mut batches = Vec::with_capacity(short.batches.len());
    for batch in short.batches {
        let seeds = batch.seeds.unwrap_or_default();
        let manifest = match batch.manifest {
            Some(manifest) => manifest,
            None => {
                let base = known.bases.get(batch.base).ok_or(ShortError::NotShort)?;
                let manifest = rebuilt(known, base, &seeds, &batch.revisions).ok_or(ShortError::NotShort)?;
                String::from_utf8(manifest.to_bytes()).map_err(|_| ShortError::NotShort)?
            }
        };
        batches.push(Batch { manifest, signature: batch.signature, seeds, revisions: batch.revisions });
    }
    let epoch = match known.epoch {
        _ if envelope.epoch == 0 => None,
        Some(epoch) if envelope.is_epoch(epoch) => Some(epoch),
        // Some other one: which does not matter.
        _ => Some(EpochId(Uuid::nil())),
    };
    Ok(SyncRequest {
        protocol: short.protocol,
        device_id: known.device,
        profile: known.profile,
        epoch,
        heartbeat: short.heartbeat,
        successions: Vec::new(),
        wants_chains: short.wants_chains,
        batches,
        cursors: short.cursors,
        level: short.level,
        want_bytes: short.want_bytes,
        keys: short.keys,
        copies: short.copies,
    })
}
