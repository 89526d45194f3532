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

use std::collections::HashMap;
use std::sync::Arc;

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::{ChainId, DeviceId, ForceId, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Batch, Grant, Refusal, RefusalReason};
use serde_json::value::RawValue;

pub use authority::{REVIEW, may, review_teams};
pub(crate) use batch::columns;
pub use scopes::crew_of;

use crate::storage::{ChainRow, Custody, ManifestRow, RosterRow};

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
    /// The profile that asks: names a refusal whose chain cannot be read.
    pub profile: ChainId,
    /// Chains enrolled on this device.
    pub chains: HashMap<ChainId, ChainRow>,
    /// Officers of those chains.
    pub officers: HashMap<OfficerId, Standing>,
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

/// Judges every batch by itself.
#[must_use]
pub fn take(facts: &Facts, batches: &[Arrived]) -> Taken {
    let mut taken = Taken::default();
    for arrived in batches {
        match arrived {
            Arrived::Batch(batch) => batch::take(facts, batch, &mut taken),
            Arrived::Unreadable(raw) => {
                taken.refusals.push(batch::refuse_unread(facts, raw, RefusalReason::Undecodable));
            }
        }
    }
    taken
}
