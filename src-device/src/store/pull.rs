//! Applying what central sent: revisions of others and reference data, step by step, each verified before it is kept.

use std::collections::VecDeque;
use std::time::Duration;

use beatbook_domain::entry::{Gone, Head, Kind};
use beatbook_domain::id::{EpochId, Salt};
use beatbook_domain::seal::Sealed;
use beatbook_domain::time::{ClockOffset, Millis};
use beatbook_protocol::sync::{
    ChainEnd, Challenge, Contact, Cursors, FeedItem, FeedRevision, Grant, ReferenceItem, Scope, ScopeChanges,
};
use rusqlite::{OptionalExtension as _, Transaction};
use serde::{Deserialize, Serialize};

use super::rows::{State, gone_column};
use super::{Store, StoreError, index, offline, reference, settings};

/// What central last said about the whole.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LastAnswer {
    /// Central's time in the answer.
    pub server_time: Millis,
    /// Device time when it came.
    pub at: Millis,
    /// Central's epoch.
    pub epoch: Option<EpochId>,
    /// Scopes this profile reads.
    pub scopes: Vec<Scope>,
    /// Grants in force.
    pub grants: Vec<Grant>,
    /// Devices of the team.
    pub contacts: Vec<Contact>,
    /// Central's end of each chain.
    pub ends: Vec<ChainEnd>,
    /// What requests sign.
    pub challenge: Challenge,
    /// Since when this phone is out of service, by central's time.
    pub revoked: Option<Millis>,
}

/// What pulling changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// Revisions that are new here.
    pub revisions: usize,
    /// Reference items.
    pub reference: usize,
    /// Items that did not verify and were left out.
    pub bad: usize,
}

/// The changes of one reply.
#[derive(Debug)]
pub struct ApplyChanges {
    changes: VecDeque<(Scope, u64, VecDeque<FeedItem>)>,
    pulled: Pulled,
}

/// How long one step may go on taking items; each takes well under a millisecond.
const STEP_BUDGET: Duration = Duration::from_millis(12);

impl ApplyChanges {
    /// Takes a reply's changes.
    #[must_use]
    pub fn new(changes: Vec<ScopeChanges>) -> Self {
        let mut changes: Vec<_> =
            changes.into_iter().map(|change| (change.scope, change.cursor, change.items.into())).collect();
        // What names an officer comes after the shift it is about: no screen shows the one without the other.
        changes.sort_by_key(|(scope, ..)| matches!(scope, Scope::Officer(_)));
        Self { changes: changes.into(), pulled: Pulled::default() }
    }

    /// One step: some items, and the scope's cursor with its last ones. Returns the sum once all is applied.
    ///
    /// # Errors
    /// SQLite's own; what was not applied comes again, because its cursor did not move.
    pub fn step(&mut self, store: &mut Store) -> Result<Option<Pulled>, StoreError> {
        let Some((scope, cursor, items)) = self.changes.front_mut() else { return Ok(Some(self.pulled)) };
        let began = store.clock.mono();
        let clock = store.clock.clone();
        let (me, indexed_up_to) = (store.identity.officer.officer, store.indexed_up_to);
        let pulled = &mut self.pulled;
        let whole = store.relaxed(|transaction| {
            while let Some(item) = items.front() {
                match item {
                    FeedItem::Revision(revision) => match apply_revision(transaction, Some(scope), revision)?
                    {
                        Outcome::New => pulled.revisions += 1,
                        Outcome::Known => {}
                        // Its words are listed again; a row not indexed yet comes to that by itself.
                        Outcome::Readable(rid) if rid <= indexed_up_to => index::again(transaction, rid, me)?,
                        Outcome::Readable(_) => {}
                        Outcome::Bad => pulled.bad += 1,
                    },
                    FeedItem::Reference(item) => {
                        apply_reference(transaction, item)?;
                        pulled.reference += 1;
                    }
                }
                items.pop_front();
                let spent = clock.mono().since(&began).unwrap_or(i64::MAX);
                if u128::try_from(spent).unwrap_or(u128::MAX) >= STEP_BUDGET.as_millis() {
                    break;
                }
            }
            if items.is_empty() {
                transaction
                    .prepare_cached(
                        "INSERT INTO cursor (scope, pos) VALUES (?1, ?2)
                         ON CONFLICT (scope) DO UPDATE SET pos = excluded.pos",
                    )?
                    .execute((scope.to_string(), cursor.cast_signed()))?;
            }
            Ok(items.is_empty())
        })?;
        if whole {
            if *scope == Scope::Reference {
                store.reference_version += 1;
            }
            self.changes.pop_front();
        }
        Ok(None)
    }
}

pub(super) enum Outcome {
    New,
    Known,
    /// Known, and its body came only now.
    Readable(i64),
    Bad,
}

/// Keeps a revision of somebody else's, if it verifies; noted under the scope that gave it.
pub(super) fn apply_revision(
    transaction: &Transaction<'_>,
    scope: Option<&Scope>,
    revision: &FeedRevision,
) -> Result<Outcome, StoreError> {
    let head_bytes = revision.head.get().as_bytes();
    let body = revision.body.as_ref().map(|body| body.get().as_bytes());
    // A heading (a partner's concern) comes without body; then its salt is of no use here either.
    let salt: Option<Salt> = revision.salt.filter(|_| body.is_some());
    let sealed = Sealed {
        chain_id: revision.chain_id,
        seq: revision.seq,
        head: head_bytes.to_vec(),
        body: body.map(<[u8]>::to_vec),
        salt,
        commit: revision.commit,
        link: revision.link,
    };
    let head = match (sealed.verify(&revision.before), Head::parse(head_bytes)) {
        (Ok(()), Ok(head)) if head.chain_id == revision.chain_id && head.seq == revision.seq => head,
        _ => {
            tracing::warn!(link = %revision.link, "a pulled revision does not verify and was left out");
            return Ok(Outcome::Bad);
        }
    };
    let problems = if revision.problems.is_empty() {
        None
    } else {
        Some(
            serde_json::to_string(&revision.problems)
                .map_err(|error| StoreError::Content(error.to_string()))?,
        )
    };
    let known: Option<(i64, bool)> = transaction
        .prepare_cached("SELECT rid, body IS NULL FROM revision WHERE link = ?1")?
        .query_row([revision.link.0.as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (rid, outcome) = match known {
        Some((rid, unreadable)) => {
            // What is own becomes Received by a receipt only; the questions about it may come this way.
            transaction
                .prepare_cached(
                    "UPDATE revision SET problems = ?2,
                            body = CASE WHEN gone = 1 THEN NULL ELSE coalesce(body, ?3) END,
                            salt = CASE WHEN gone = 1 THEN NULL ELSE coalesce(salt, ?4) END,
                            gone = CASE WHEN gone = 1 OR ?3 IS NULL THEN gone END,
                            central_pos = coalesce(central_pos, ?5), received_at = coalesce(received_at, ?6)
                     WHERE rid = ?1 AND (own = 0 OR state = 4)",
                )?
                .execute((
                    rid,
                    problems,
                    body,
                    salt.as_ref().map(|salt| salt.0.as_slice()),
                    revision.pos.cast_signed(),
                    revision.received_at.0,
                ))?;
            (rid, if unreadable && body.is_some() { Outcome::Readable(rid) } else { Outcome::Known })
        }
        None => {
            // What came without its words is erased, but for a partner's concern note: of that only the heading is given.
            let heading = matches!(scope, Some(Scope::Shift(_))) && head.kind == Kind::Concern;
            let erased = body.is_none() && !heading;
            let rid = transaction
                .prepare_cached(
                    "INSERT INTO revision (link, chain_id, seq, entry_id, shift_id, unit_id, kind, occurred_at, written_at,
                                           own, state, central_pos, received_at, problems, before, seed_id, salt,
                                           commitment, head, body, gone)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?11, ?12, ?13, ?14, NULL, ?15, ?16, ?17, ?18, ?19)",
                )?
                .insert(rusqlite::params![
                    revision.link.0.as_slice(),
                    revision.chain_id.as_bytes().as_slice(),
                    revision.seq.cast_signed(),
                    head.entry_id.as_bytes().as_slice(),
                    head.shift_id.as_ref().map(|id| id.as_bytes().as_slice()),
                    head.unit_id.as_ref().map(|id| id.as_bytes().as_slice()),
                    head.kind.name(),
                    head.occurred_at.0,
                    head.written_at.0,
                    State::Received as i64,
                    revision.pos.cast_signed(),
                    revision.received_at.0,
                    problems,
                    revision.before.0.as_slice(),
                    salt.as_ref().map(|salt| salt.0.as_slice()),
                    revision.commit.0.as_slice(),
                    head_bytes,
                    body,
                    erased.then_some(gone_column(Gone::Erased)),
                ])?;
            (rid, Outcome::New)
        }
    };
    if let Some(scope) = scope {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO scope_revision (scope, rid) VALUES (?1, ?2)")?
            .execute((scope.to_string(), rid))?;
    }
    Ok(outcome)
}

fn apply_reference(transaction: &Transaction<'_>, item: &ReferenceItem) -> Result<(), StoreError> {
    match item {
        ReferenceItem::Officer(officer) => reference::put_officer(transaction, officer),
        ReferenceItem::Team(team) => reference::put_team(transaction, team),
        ReferenceItem::Lists(edition) => reference::put_lists(transaction, edition),
        ReferenceItem::AreaPart(part) => reference::put_area_part(transaction, part),
    }
}

impl Store {
    /// Where this device stands in each scope.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn cursors(&mut self) -> Result<Cursors, StoreError> {
        let mut statement = self.connection()?.prepare_cached("SELECT scope, pos FROM cursor")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
        let mut cursors = Cursors::new();
        for row in rows {
            let (scope, pos) = row?;
            if let Ok(scope) = scope.parse() {
                cursors.insert(scope, pos.cast_unsigned());
            }
        }
        Ok(cursors)
    }

    /// Whether a scope gave one of these revisions.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn came_by(&mut self, scope: Scope, rids: &[i64]) -> Result<bool, StoreError> {
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM scope_revision WHERE scope = ?1 AND rid = ?2)")?;
        for rid in rids {
            if statement.query_row((scope.to_string(), rid), |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Moves every scope but reference up to a position: everything before it is applied.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn level_cursors(&mut self, scopes: &[Scope], level: u64) -> Result<(), StoreError> {
        self.relaxed(|transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT INTO cursor (scope, pos) VALUES (?1, ?2)
                 ON CONFLICT (scope) DO UPDATE SET pos = max(pos, excluded.pos)",
            )?;
            for scope in scopes.iter().filter(|scope| **scope != Scope::Reference) {
                statement.execute((scope.to_string(), level.cast_signed()))?;
            }
            Ok(())
        })
    }

    /// Keeps what central said about the whole, and forgets the scopes it no longer names: what this officer did not
    /// write and no other scope gives loses its body; the stub stays.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_answer(&mut self, answer: &LastAnswer, offset: ClockOffset) -> Result<(), StoreError> {
        let named: Vec<String> = answer.scopes.iter().map(Scope::to_string).collect();
        let author = self.identity.officer.officer;
        // A phone out of service is not let read on because it was told so.
        let heard = answer.revoked.is_none().then(|| self.heard(answer.server_time));
        let now = self.clock.now();
        let held: Vec<String> = {
            let mut statement = self.connection()?.prepare_cached("SELECT scope FROM cursor")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let ended: Vec<String> = held.into_iter().filter(|scope| !named.contains(scope)).collect();
        if !ended.is_empty() {
            // Who wrote what is in the index: without it an entry of one's own would be forgotten.
            self.catch_up_index()?;
        }
        self.relaxed(|transaction| {
            if let Some(watch) = &heard {
                offline::keep(transaction, watch)?;
            }
            settings::put_json(transaction, settings::LAST_ANSWER, answer)?;
            settings::put_json(transaction, settings::CLOCK_OFFSET, &offset)?;
            for scope in &ended {
                forget_scope(transaction, scope, author.as_bytes(), now)?;
            }
            for scope in &named {
                transaction.prepare_cached("DELETE FROM forgotten WHERE scope = ?1")?.execute([scope])?;
            }
            Ok(())
        })?;
        self.offset = Some(offset);
        Ok(())
    }

    /// Keeps what requests are to sign from now on.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_challenge(&mut self, challenge: Challenge) -> Result<(), StoreError> {
        let answer = LastAnswer { challenge, ..self.last_answer()? };
        self.set_setting(settings::LAST_ANSWER, &answer)
    }

    /// What central last said about the whole.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn last_answer(&mut self) -> Result<LastAnswer, StoreError> {
        Ok(self.setting(settings::LAST_ANSWER)?.unwrap_or_default())
    }
}

fn forget_scope(
    transaction: &Transaction<'_>,
    scope: &str,
    author: &[u8; 16],
    now: Millis,
) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM cursor WHERE scope = ?1", [scope])?;
    // With a body go its words and places: see the trigger `revision_erased`.
    transaction.execute(
        "UPDATE revision SET body = NULL, salt = NULL, gone = CASE WHEN gone = 1 THEN 1 ELSE 3 END
         WHERE own = 0 AND rid IN (SELECT rid FROM scope_revision WHERE scope = ?1)
           AND NOT EXISTS (SELECT 1 FROM scope_revision o WHERE o.rid = revision.rid AND o.scope <> ?1)
           AND NOT EXISTS (SELECT 1 FROM revision_index i WHERE i.rid = revision.rid AND i.author = ?2)",
        (scope, author.as_slice()),
    )?;
    transaction.execute("DELETE FROM scope_revision WHERE scope = ?1", [scope])?;
    if scope != Scope::Reference.to_string() {
        transaction
            .execute("INSERT OR REPLACE INTO forgotten (scope, at) VALUES (?1, ?2)", (scope, now.0))?;
    }
    Ok(())
}
