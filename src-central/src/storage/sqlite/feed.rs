//! What devices read: feeds of revisions, crews, contacts.

use beatbook_domain::id::{ChainId, OfficerId, TeamId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use rusqlite::{Row, Transaction, params};

use super::{Blob, Stored, id, int, maybe_id, number, parse};
use crate::storage::StorageError;
use crate::storage::rows::{ContactRow, CrewClaim, FeedRow};

/// The columns of a [`FeedRow`] after its position, in the order [`feed_row`] reads them.
pub(super) const FEED_COLUMNS: &str = "l.chain_id, l.seq, l.link, r.before_link, r.head, r.body, r.salt,
     r.commitment, l.received_at, r.problems, r.kind, r.author";

pub(super) fn feed_row(row: &Row<'_>) -> rusqlite::Result<(FeedRow, String)> {
    let feed = FeedRow {
        pos: number(row, 0)?,
        chain: id(row, 1)?,
        seq: number(row, 2)?,
        link: id(row, 3)?,
        before: id(row, 4)?,
        head: row.get(5)?,
        body: row.get(6)?,
        salt: maybe_id(row, 7)?,
        commit: id(row, 8)?,
        received_at: Millis(row.get(9)?),
        problems: Vec::new(),
        kind: row.get(11)?,
        author: id(row, 12)?,
    };
    Ok((feed, row.get(10)?))
}

pub(super) fn with_problems(row: rusqlite::Result<(FeedRow, String)>) -> Stored<FeedRow> {
    let (mut feed, problems) = row?;
    feed.problems = parse(&problems, "problems")?;
    Ok(feed)
}

pub(super) fn feed(
    tx: &Transaction<'_>,
    scope: Scope,
    after: u64,
    without: &[ChainId],
    limit: u32,
) -> Stored<Vec<FeedRow>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT f.pos, {FEED_COLUMNS} FROM feed f CROSS JOIN ledger l ON l.link = f.link CROSS JOIN revision r ON r.link = f.link
         WHERE f.scope = ?1 AND f.pos > ?2 AND l.chain_id NOT IN (SELECT unhex(value) FROM json_each(?4))
         ORDER BY f.pos LIMIT ?3"
    ))?;
    // Nothing binds a list; its names are looked at once, whatever is read of the scope.
    let without: Vec<String> = without.iter().map(|chain| chain.0.simple().to_string()).collect();
    let without = serde_json::to_string(&without).map_err(|_| StorageError::Content("ids of chains"))?;
    let rows = statement.query_map(params![scope.to_string(), int(after), limit, without], feed_row)?;
    rows.map(with_problems).collect()
}

pub(super) fn crew_claims(tx: &Transaction<'_>, officer: OfficerId, since: Millis) -> Stored<Vec<CrewClaim>> {
    let mut statement = tx.prepare_cached(
        "SELECT shift_id, claimed_by, member, opens, pos FROM crew_claim
         WHERE shift_id IN (SELECT shift_id FROM crew_claim WHERE member = ?1 AND received_at >= ?2) ORDER BY pos",
    )?;
    let rows = statement.query_map(params![Blob(officer), since.0], |row| {
        Ok(CrewClaim {
            shift: id(row, 0)?,
            by: id(row, 1)?,
            member: id(row, 2)?,
            opens: row.get(3)?,
            pos: number(row, 4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

// Below the end without a gap nothing can be missing: what is counted is the few revisions beyond it.
pub(super) fn contacts(tx: &Transaction<'_>, team: TeamId, at: Millis) -> Stored<Vec<ContactRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT c.officer_id, c.device_id, c.last_heard, c.drift_ms, c.heartbeat,
                coalesce((SELECT max(l.seq) - coalesce(p.verified_to, -1) - count(DISTINCT l.seq) FROM ledger l
                          WHERE l.chain_id = c.profile AND l.seq > coalesce(p.verified_to, -1)), 0)
         FROM contact c
         LEFT JOIN chain p ON p.chain_id = c.profile
         JOIN roster r ON r.officer_id = c.officer_id AND r.team_id = ?1
              AND r.from_at <= ?2 AND (r.until_at IS NULL OR r.until_at > ?2)
         ORDER BY c.officer_id, c.device_id",
    )?;
    let rows = statement.query_map(params![Blob(team), at.0], |row| {
        let contact = ContactRow {
            officer: id(row, 0)?,
            device: id(row, 1)?,
            last_heard: Millis(row.get(2)?),
            drift_ms: row.get(3)?,
            heartbeat: Default::default(),
            gaps: u32::try_from(number(row, 5)?).unwrap_or(u32::MAX),
        };
        Ok((contact, row.get::<_, String>(4)?))
    })?;
    rows.map(|row| {
        let (mut contact, heartbeat) = row?;
        contact.heartbeat = parse(&heartbeat, "heartbeat")?;
        Ok(contact)
    })
    .collect()
}
