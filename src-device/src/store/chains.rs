//! The chains of a profile: the two it was enrolled with, and those that went on from them on a copy of the phone.

use beatbook_domain::id::{ChainId, Link};
use beatbook_protocol::sync::Succession;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Chain, End, Identity, Store, StoreError, settings};

/// A chain that goes on from another.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
struct Successor {
    which: Chain,
    succession: Succession,
}

/// The chains of a profile.
#[derive(Clone, PartialEq, Debug)]
pub struct Chains {
    enrolled: [ChainId; 2],
    /// In the order they were opened.
    successors: Vec<Successor>,
}

impl Chains {
    /// Those of the enrolment, before the database was asked.
    pub(super) fn enrolled(identity: &Identity) -> Self {
        Self { enrolled: [identity.record_chain, identity.log_chain], successors: Vec::new() }
    }

    pub(super) fn read(connection: &Connection, identity: &Identity) -> Result<Self, StoreError> {
        let successors = settings::get_json(connection, settings::SUCCESSORS)?.unwrap_or_default();
        Ok(Self { successors, ..Self::enrolled(identity) })
    }

    /// The chain that is written to.
    #[must_use]
    pub fn current(&self, which: Chain) -> ChainId {
        let newest = self.successors.iter().rfind(|successor| successor.which == which);
        newest.map_or(self.enrolled[which as usize], |successor| successor.succession.chain)
    }

    /// Which of the two a chain is, if it is this profile's.
    #[must_use]
    pub fn which(&self, chain: ChainId) -> Option<Chain> {
        self.all().find(|(_, own)| *own == chain).map(|(which, _)| which)
    }

    /// All chains of this profile.
    pub fn all(&self) -> impl Iterator<Item = (Chain, ChainId)> {
        let enrolled = [(Chain::Record, self.enrolled[0]), (Chain::Log, self.enrolled[1])];
        enrolled.into_iter().chain(self.successors.iter().map(|one| (one.which, one.succession.chain)))
    }

    /// The chain before a chain, and its last link known here.
    #[must_use]
    pub fn before(&self, chain: ChainId) -> Option<(ChainId, Link)> {
        let found = self.successors.iter().find(|one| one.succession.chain == chain);
        found.map(|one| (one.succession.follows, one.succession.after))
    }

    /// What central must be told before it takes anything of the newer chains.
    pub fn successions(&self) -> impl Iterator<Item = &Succession> {
        self.successors.iter().map(|one| &one.succession)
    }
}

impl Store {
    /// The chains of this profile.
    #[must_use]
    pub fn chains(&self) -> &Chains {
        &self.chains
    }

    /// Goes on in a new chain: central holds more of the present one than this phone, which is a copy of an older state.
    ///
    /// # Errors
    /// SQLite's own; what was half done is finished when the notebook is opened again.
    pub(super) fn go_on_in_new_chain(&mut self, which: Chain) -> Result<(), StoreError> {
        let (follows, after) = (self.chain_id(which), self.end(which).link);
        let chain = ChainId(Uuid::new_v4());
        let device = self.identity.device_id;
        let succession = Succession::new(&self.keys.profile, device, chain, follows, after);
        let mut chains = self.chains.clone();
        chains.successors.push(Successor { which, succession });
        self.set_setting(settings::SUCCESSORS, &chains.successors)?;
        self.chains = chains;
        self.ends[which as usize] = End { next_seq: 0, link: Link::GENESIS };
        tracing::warn!(chain = ?which, "this phone is an older copy of itself: it goes on in a new chain");
        // The first revision is a commit with an fsync: it carries the setting to the disk.
        self.open_chains()
    }
}
