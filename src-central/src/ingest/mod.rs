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
use beatbook_domain::entry::{About, Kind};
use beatbook_domain::id::{ChainId, DeviceId, ForceId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Batch, Grant, Refusal, RefusalReason};
use serde::Deserialize;
use serde_json::value::RawValue;

pub use authority::{RECORDS, STANDARDS, may, review_teams};
pub(crate) use batch::columns;
pub use scopes::crew_of;

use crate::storage::{ChainRow, Custody, ManifestRow, Parent, RosterRow};

/// Parents of one revision that are looked at. A fork has two; a head full of them is somebody's mischief.
const MOST_PARENTS: usize = 8;
/// Revisions of one decision that are looked at: an approved shift covers its entries.
const MOST_COVERED: usize = 1_000;
/// Officers named in one request who are looked up: a team, and some.
const MOST_OFFICERS: usize = 256;

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
    /// Officers of those chains, and those their decisions are about.
    pub officers: HashMap<OfficerId, Standing>,
    /// Revisions in custody that those of the request revise or decide about (see [`named`]).
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

/// What the revisions of a request rest on: revisions they revise or decide about, and officers they name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Named {
    /// What [`Facts::parents`] is asked for.
    pub links: BTreeSet<Link>,
    /// Whose roster and grants are asked for beside those of the authors.
    pub officers: BTreeSet<OfficerId>,
}

/// What the revisions of a request rest on.
#[must_use]
pub fn named(batches: &[Arrived]) -> Named {
    #[derive(Deserialize)]
    struct Places {
        #[serde(default)]
        revises: Vec<Link>,
        #[serde(default)]
        about: Option<About>,
        kind: Kind,
    }
    #[derive(Deserialize)]
    struct Decided {
        officer: Option<OfficerId>,
        #[serde(default)]
        covers: Vec<About>,
    }
    let batches = batches.iter().filter_map(|arrived| match arrived {
        Arrived::Batch(batch) => Some(batch),
        Arrived::Unreadable(_) => None,
    });
    let mut named = Named::default();
    for wire in batches.flat_map(|batch| &batch.revisions) {
        let Ok(head) = serde_json::from_str::<Places>(wire.head.get()) else { continue };
        named.links.extend(head.revises.into_iter().take(MOST_PARENTS));
        if !head.kind.is_of_review() {
            continue;
        }
        named.links.extend(head.about.map(|about| about.link));
        if let Some(Ok(decided)) = wire.body.as_ref().map(|body| serde_json::from_str::<Decided>(body.get()))
        {
            named.links.extend(decided.covers.iter().take(MOST_COVERED).map(|about| about.link));
            if named.officers.len() < MOST_OFFICERS {
                named.officers.extend(decided.officer);
            }
        }
    }
    named
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
