//! What a profile reads: its scopes, and what changed in each since its cursor, within the bytes it wants.

use std::collections::{BTreeSet, HashSet};

use beatbook_domain::entry::Kind;
use beatbook_domain::id::{ChainId, OfficerId, TeamId};
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::{Contact, Cursors, FeedItem, FeedRevision, ReferenceItem, Scope, ScopeChanges};
use serde_json::value::RawValue;

use super::failure::Failure;
use crate::ingest::{self, Standing};
use crate::storage::{ChainRow, FeedRow, Storage};

/// Rows asked of storage at a time.
const PAGE: u32 = 100;
/// Most bytes of changes in one reply, whatever is wanted.
const MOST_BYTES: u32 = 4 * 1024 * 1024;
/// Bytes of a change besides head and body: ids, hashes, names of fields.
const OVERHEAD: usize = 600;
/// How long a shift stays readable for its crew after they were named, milliseconds.
const SHIFT_READABLE_MS: i64 = 28 * DAY_MS;

/// What changed for a reader.
#[derive(Debug, Default)]
pub struct Changed {
    /// By scope, oldest first.
    pub changes: Vec<ScopeChanges>,
    /// Something was left for the next request.
    pub more: bool,
    /// Where every scope but reference stands once these are applied; none while more is waiting.
    pub level: Option<u64>,
}

/// A profile as a reader.
pub struct Reader {
    /// All scopes it reads now.
    pub scopes: Vec<Scope>,
    officer: OfficerId,
    /// What the profile wrote itself, and has.
    own_chains: Vec<ChainId>,
    profile_chains: HashSet<ChainId>,
    teams: Vec<TeamId>,
}

impl Reader {
    /// Works out the scopes: reference, the officer's own, the briefings of their team and the duties offered to its crews,
    /// shifts as crew, teams reviewed, and disclosures for professional standards.
    pub async fn new(
        storage: &dyn Storage,
        profile: &ChainRow,
        chains: &[ChainRow],
        standing: &Standing,
        wants_chains: &[ChainId],
        at: Millis,
    ) -> Result<Self, Failure> {
        let officer = profile.officer;
        let claims = storage.crew_claims(officer, at.plus(-SHIFT_READABLE_MS)).await?;
        let shifts: BTreeSet<_> = claims.iter().map(|claim| claim.shift).collect();
        let shifts = shifts.into_iter().filter(|shift| ingest::crew_of(*shift, &claims).contains(&officer));
        let teams = ingest::review_teams(standing, officer, at);
        let briefed = standing.beat_at(at).map(Scope::Briefing);
        let standards = ingest::may(standing, officer, ingest::STANDARDS, at).then_some(Scope::Standards);
        let scopes = [Scope::Reference, Scope::Officer(officer)]
            .into_iter()
            .chain(briefed)
            .chain(shifts.map(Scope::Shift))
            .chain(teams.iter().copied().map(Scope::Team))
            .chain(standing.beat_at(at).map(Scope::Duties))
            .chain(standards)
            .collect();
        let own = chains.iter().filter(|chain| chain.profile == profile.chain).map(|chain| chain.chain);
        let profile_chains: HashSet<ChainId> = own.collect();
        let own_chains =
            profile_chains.iter().copied().filter(|chain| !wants_chains.contains(chain)).collect();
        Ok(Self { scopes, officer, own_chains, profile_chains, teams })
    }

    /// What changed in each scope, oldest first, until the bytes wanted are reached.
    pub async fn changes(
        &self,
        storage: &dyn Storage,
        cursors: &Cursors,
        want_bytes: u32,
    ) -> Result<Changed, Failure> {
        let mut left = i64::from(want_bytes.min(MOST_BYTES));
        let (mut all, mut more) = (Vec::new(), false);
        if left == 0 {
            return Ok(Changed::default());
        }
        // Read before the pages: what comes after it comes with the next request.
        let level = storage.position().await?;
        for scope in &self.scopes {
            let from = cursors.get(scope).copied().unwrap_or_default();
            let mut changes = ScopeChanges { scope: *scope, cursor: from, items: Vec::new() };
            loop {
                let page = self.page(storage, *scope, changes.cursor).await?;
                let last_page = page.len() < PAGE as usize;
                for (pos, (item, size)) in page {
                    if left <= 0 {
                        more = true;
                        break;
                    }
                    left -= i64::try_from(size).unwrap_or(i64::MAX);
                    changes.items.push(item);
                    changes.cursor = pos;
                }
                if last_page || more {
                    break;
                }
            }
            if changes.cursor != from {
                all.push(changes);
            }
        }
        if more {
            return Ok(Changed { changes: all, more, level: None });
        }
        // The level moves every cursor but that of reference data: an empty change says nothing beside it.
        all.retain(|changes| !changes.items.is_empty() || changes.scope == Scope::Reference);
        Ok(Changed { changes: all, more, level: Some(level) })
    }

    /// The next rows of a scope that this reader has not written: position, and the item with its size.
    async fn page(
        &self,
        storage: &dyn Storage,
        scope: Scope,
        after: u64,
    ) -> Result<Vec<(u64, (FeedItem, usize))>, Failure> {
        if scope == Scope::Reference {
            let items = storage.reference(after, PAGE).await?;
            return items
                .into_iter()
                .map(|(pos, text)| {
                    let item = serde_json::from_str::<ReferenceItem>(&text)
                        .map_err(|_| Failure::Internal("a reference item cannot be read"))?;
                    Ok((pos, (FeedItem::Reference(item), text.len())))
                })
                .collect();
        }
        // What the profile wrote itself does not travel back: the ends in every reply tell it what central holds.
        let rows = storage.feed(scope, after, self.own_chains.clone(), PAGE).await?;
        rows.into_iter().map(|row| Ok((row.pos, self.item(scope, row)?))).collect()
    }

    /// A revision as this reader may see it, and its size.
    fn item(&self, scope: Scope, row: FeedRow) -> Result<(FeedItem, usize), Failure> {
        let full = matches!(scope, Scope::Team(_) | Scope::Standards)
            || row.kind != Kind::Concern.name()
            || row.author == self.officer;
        let size = row.head.len() + row.body.as_ref().filter(|_| full).map_or(0, Vec::len) + OVERHEAD;
        Ok((FeedItem::Revision(as_fed(row, full)?), size))
    }

    /// A revision that was wanted again, by the scopes it is read in; none where this reader may not.
    pub fn given(&self, row: FeedRow, by: &[Scope]) -> Result<Option<FeedRevision>, Failure> {
        let own = self.profile_chains.contains(&row.chain) || row.author == self.officer;
        let full = own
            || by.iter().any(|scope| matches!(scope, Scope::Team(_) | Scope::Standards))
            || (!by.is_empty() && row.kind != Kind::Concern.name());
        Ok(if full { Some(as_fed(row, true)?) } else { None })
    }

    /// The devices of the teams this reader reviews, as last heard.
    pub async fn contacts(&self, storage: &dyn Storage, at: Millis) -> Result<Vec<Contact>, Failure> {
        let mut contacts = Vec::new();
        for team in &self.teams {
            contacts.extend(storage.contacts(*team, at).await?.into_iter().map(|row| Contact {
                officer: row.officer,
                device: row.device,
                last_heard: row.last_heard,
                heartbeat: row.heartbeat,
                clock_drift_ms: row.drift_ms,
                gaps: row.gaps,
            }));
        }
        Ok(contacts)
    }
}

/// A stored revision as it is handed on; without its words where the reader sees a heading only.
pub fn as_fed(row: FeedRow, full: bool) -> Result<FeedRevision, Failure> {
    Ok(FeedRevision {
        pos: row.pos,
        chain_id: row.chain,
        seq: row.seq,
        link: row.link,
        before: row.before,
        head: raw(row.head)?,
        body: row.body.filter(|_| full).map(raw).transpose()?,
        salt: row.salt.filter(|_| full),
        commit: row.commit,
        received_at: row.received_at,
        problems: row.problems,
    })
}

/// Sealed bytes as they travel: verbatim.
fn raw(bytes: Vec<u8>) -> Result<Box<RawValue>, Failure> {
    let broken = |()| Failure::Internal("a stored revision is not what was received: run verify");
    let text = String::from_utf8(bytes).map_err(|_| broken(()))?;
    RawValue::from_string(text).map_err(|_| broken(()))
}
