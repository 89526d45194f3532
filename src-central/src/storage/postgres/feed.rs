//! What devices read: feeds of revisions, crews, contacts.

use beatbook_domain::id::{ChainId, Commit, DeviceId, EntryId, Link, OfficerId, Salt, TeamId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Stored, bytes, int, maybe_bytes, number, parse};
use crate::storage::rows::{ContactRow, CrewClaim, FeedRow};

/// The columns of a [`FeedRow`] after its position, in the order [`feed_row`] reads them.
pub(super) const FEED_COLUMNS: &str = "l.chain_id, l.seq, l.link, r.before_link, r.head, r.body, r.salt,
     r.commitment, l.received_at, r.problems, r.kind, r.author";

pub(super) fn feed_row(row: &Row) -> Stored<FeedRow> {
    Ok(FeedRow {
        pos: number(row, 0)?,
        chain: ChainId(row.try_get(1)?),
        seq: number(row, 2)?,
        link: Link(bytes(row, 3)?),
        before: Link(bytes(row, 4)?),
        head: row.try_get(5)?,
        body: row.try_get(6)?,
        salt: maybe_bytes(row, 7)?.map(Salt),
        commit: Commit(bytes(row, 8)?),
        received_at: Millis(row.try_get(9)?),
        problems: parse(row.try_get(10)?, "problems")?,
        kind: row.try_get(11)?,
        author: OfficerId(row.try_get(12)?),
    })
}

pub(super) async fn feed(
    tx: &Transaction<'_>,
    scope: Scope,
    after: u64,
    without: &[ChainId],
    limit: u32,
) -> Stored<Vec<FeedRow>> {
    let without: Vec<Uuid> = without.iter().map(|chain| chain.0).collect();
    let rows = tx
        .query(
            &format!(
                "SELECT f.pos, {FEED_COLUMNS} FROM feed f JOIN ledger l ON l.link = f.link JOIN revision r ON r.link = f.link
                 WHERE f.scope = $1 AND f.pos > $2 AND l.chain_id <> ALL($4) ORDER BY f.pos LIMIT $3"
            ),
            &[&scope.to_string(), &int(after), &i64::from(limit), &without],
        )
        .await?;
    rows.iter().map(feed_row).collect()
}

pub(super) async fn crew_claims(
    tx: &Transaction<'_>,
    officer: OfficerId,
    since: Millis,
) -> Stored<Vec<CrewClaim>> {
    let rows = tx
        .query(
            "SELECT shift_id, claimed_by, member, opens, pos FROM crew_claim
             WHERE shift_id IN (SELECT shift_id FROM crew_claim WHERE member = $1 AND received_at >= $2) ORDER BY pos",
            &[&officer.0, &since.0],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CrewClaim {
                shift: EntryId(row.try_get(0)?),
                by: OfficerId(row.try_get(1)?),
                member: OfficerId(row.try_get(2)?),
                opens: row.try_get(3)?,
                pos: number(row, 4)?,
            })
        })
        .collect()
}

// Below the end without a gap nothing can be missing: what is counted is the few revisions beyond it.
pub(super) async fn contacts(tx: &Transaction<'_>, team: TeamId, at: Millis) -> Stored<Vec<ContactRow>> {
    let rows = tx
        .query(
            "SELECT c.officer_id, c.device_id, c.last_heard, c.drift_ms, c.heartbeat,
                    coalesce((SELECT max(l.seq) - coalesce(p.verified_to, -1) - count(DISTINCT l.seq) FROM ledger l
                              WHERE l.chain_id = c.profile AND l.seq > coalesce(p.verified_to, -1)), 0)
             FROM contact c
             LEFT JOIN chain p ON p.chain_id = c.profile
             JOIN roster r ON r.officer_id = c.officer_id AND r.team_id = $1
                  AND r.from_at <= $2 AND (r.until_at IS NULL OR r.until_at > $2)
             ORDER BY c.officer_id, c.device_id",
            &[&team.0, &at.0],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ContactRow {
                officer: OfficerId(row.try_get(0)?),
                device: DeviceId(row.try_get(1)?),
                last_heard: Millis(row.try_get(2)?),
                drift_ms: row.try_get(3)?,
                heartbeat: parse(row.try_get(4)?, "heartbeat")?,
                gaps: u32::try_from(number(row, 5)?).unwrap_or(u32::MAX),
            })
        })
        .collect()
}
