//! Ingest: what of a request is taken into custody, what is wrong with it, and where it is fed.
//!
//! Custody is not approval. Everything that decodes, is within limits and is signed by its chain's key is taken; what
//! fails a check carries `problems` beside its receipt. Refused is only what cannot be decoded, is oversized or badly
//! signed, and one bad batch or record never stops the others. Pure: the facts (chains, roster, lists, time) are
//! gathered before and come as parameters.

mod authority;
mod batch;
pub mod problems;
mod scopes;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::{ChainId, DeviceId, ForceId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Batch, Grant, Refusal, RefusalReason};
use serde::Deserialize;
use serde_json::value::RawValue;

pub use authority::{REVIEW, may, review_teams};
pub(crate) use batch::columns;
pub use scopes::crew_of;

use crate::storage::{ChainRow, Custody, ManifestRow, Parent, RosterRow};

/// Parents of one revision that are looked at. A fork has two; a head full of them is somebody's mischief.
const MOST_PARENTS: usize = 8;

/// What is known of an officer: roster and grants, past and present.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Dated roster rows.
    pub roster: Vec<RosterRow>,
    /// Grants.
    pub grants: Vec<Grant>,
}

/// The facts a request is judged by.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The force.
    pub force: ForceId,
    /// The device that signed the request.
    pub device: DeviceId,
    /// Whether that device is out of service: then what it brings is in custody, and fed to nobody.
    pub revoked: bool,
    /// The profile that asks: names a refusal whose chain cannot be read.
    pub profile: ChainId,
    /// Chains enrolled on this device.
    pub chains: HashMap<ChainId, ChainRow>,
    /// Officers of those chains.
    pub officers: HashMap<OfficerId, Standing>,
    /// Revisions in custody that those of the request revise (see [`parents_named`]).
    pub parents: HashMap<Link, Parent>,
    /// The code lists in force.
    pub lists: Arc<Edition>,
    /// Central's time.
    pub at: Millis,
}

/// A batch as it came: read, or only its raw text where it does not read as one.
#[derive(Clone, Debug)]
pub enum Arrived {
    /// A batch.
    Batch(Batch),
    /// Something else in its place.
    Unreadable(Box<RawValue>),
}

/// What was taken from a request.
#[derive(Debug, Default)]
pub struct Taken {
    /// Manifests that verified.
    pub manifests: Vec<ManifestRow>,
    /// Revisions for custody, in the order they came.
    pub revisions: Vec<Custody>,
    /// The few refusals.
    pub refusals: Vec<Refusal>,
}

/// The revisions that those of a request revise: what [`Facts::parents`] is asked for.
#[must_use]
pub fn parents_named(batches: &[Arrived]) -> Vec<Link> {
    #[derive(Deserialize)]
    struct OnlyRevises {
        revises: Vec<Link>,
    }
    let batches = batches.iter().filter_map(|arrived| match arrived {
        Arrived::Batch(batch) => Some(batch),
        Arrived::Unreadable(_) => None,
    });
    let heads = batches.flat_map(|batch| &batch.revisions);
    let named: BTreeSet<Link> = heads
        .filter_map(|wire| serde_json::from_str::<OnlyRevises>(wire.head.get()).ok())
        .flat_map(|head| head.revises.into_iter().take(MOST_PARENTS))
        .collect();
    named.into_iter().collect()
}

/// Judges every batch by itself.
#[must_use]
pub fn take(facts: &Facts, batches: &[Arrived]) -> Taken {
    let mut taken = Taken::default();
    let mut proved = Vec::with_capacity(batches.len());
    for arrived in batches {
        match arrived {
            Arrived::Batch(batch) => match batch::prove(facts, batch) {
                Ok(batch) => proved.push(batch),
                Err(refusal) => taken.refusals.push(refusal),
            },
            Arrived::Unreadable(raw) => {
                taken.refusals.push(batch::refuse_unread(facts, raw, RefusalReason::Undecodable));
            }
        }
    }
    // What is revised may be in custody, or stand anywhere in the same request.
    let mut parents = facts.parents.clone();
    parents.extend(proved.iter().flat_map(batch::Proved::as_parents));
    for batch in proved {
        batch.keep(facts, &parents, &mut taken);
    }
    taken
}
