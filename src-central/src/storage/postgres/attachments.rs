//! Attachments: named with the body, brought in parts, whole once the hash fits, gone with the last body that names them.

use beatbook_domain::id::{DeviceId, Digest, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use deadpool_postgres::Transaction;
use sha2::{Digest as _, Sha256};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Stored, bytes, int, number};
use crate::storage::attachments::{
    AttachmentPart, AttachmentStanding, Brought, KeptAttachment, ONE_OPENING_MS, Opening, Readable, cut,
    fresh,
};
use crate::storage::rows::Custody;

pub(super) async fn name(tx: &Transaction<'_>, custody: &Custody) -> Stored<()> {
    for named in &custody.attachments {
        tx.execute(
            "INSERT INTO attachment_name (link, sha256, officer_id, bytes, media_type) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
            &[
                &custody.link.0.as_slice(),
                &named.sha256.0.as_slice(),
                &custody.officer.0,
                &int(named.bytes),
                &named.media_type,
            ],
        )
        .await?;
    }
    Ok(())
}

fn standing_at(row: &Row, first: usize) -> Stored<AttachmentStanding> {
    Ok(AttachmentStanding {
        bytes: number(row, first)?,
        media_type: row.try_get(first + 1)?,
        have: number(row, first + 2)?,
        whole_at: row.try_get::<_, Option<i64>>(first + 3)?.map(Millis),
    })
}

pub(super) async fn standing(
    tx: &Transaction<'_>,
    officer: OfficerId,
    sha256: Digest,
) -> Stored<Option<AttachmentStanding>> {
    let row = tx
        .query_opt(
            "SELECT coalesce(a.bytes, n.bytes), coalesce(a.media_type, n.media_type), coalesce(a.have, 0), a.whole_at
             FROM attachment_name n
             LEFT JOIN attachment a ON a.officer_id = n.officer_id AND a.sha256 = n.sha256
             WHERE n.sha256 = $1 AND n.officer_id = $2 ORDER BY n.link LIMIT 1",
            &[&sha256.0.as_slice(), &officer.0],
        )
        .await?;
    row.map(|row| standing_at(&row, 0)).transpose()
}

pub(super) async fn bring(tx: &Transaction<'_>, part: &AttachmentPart) -> Stored<Brought> {
    let key: (Uuid, &[u8]) = (part.officer.0, &part.sha256.0);
    // Two devices of one officer, or one that asks twice, bring it one after the other.
    tx.execute(
        "SELECT 1 FROM attachment WHERE officer_id = $1 AND sha256 = $2 FOR UPDATE",
        &[&key.0, &key.1],
    )
    .await?;
    let Some(mut standing) = standing(tx, part.officer, part.sha256).await? else {
        return Ok(Brought::Unknown);
    };
    let Some(fresh) = fresh(part, &standing) else { return Ok(Brought::Have(standing)) };
    if standing.have == 0 {
        let begun = tx
            .query_one(
                "SELECT coalesce(sum(bytes), 0)::bigint FROM attachment
                 WHERE device_id = $1 AND begun_at > $2 AND NOT (officer_id = $3 AND sha256 = $4)",
                &[&part.device.0, &part.quota.0.0, &key.0, &key.1],
            )
            .await?;
        if number(&begun, 0)? + standing.bytes > part.quota.1 {
            return Ok(Brought::OverQuota);
        }
        let begins = tx
            .execute(
                "INSERT INTO attachment (officer_id, sha256, bytes, media_type, device_id, begun_at, have)
                 VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING",
                &[&key.0, &key.1, &int(standing.bytes), &standing.media_type, &part.device.0, &part.at.0],
            )
            .await?;
        if begins == 0 {
            // Somebody began at the same moment: whoever asks is told how far that came.
            let now = self::standing(tx, part.officer, part.sha256).await?;
            if let Some(now) = now.filter(|now| now.have > 0) {
                return Ok(Brought::Have(now));
            }
        }
    }
    if standing.have + fresh.len() as u64 > standing.bytes {
        drop_attachment(tx, part.officer, part.sha256).await?;
        return Ok(Brought::Differs);
    }
    tx.execute(
        "INSERT INTO attachment_part (officer_id, sha256, start, content) VALUES ($1, $2, $3, $4)",
        &[&key.0, &key.1, &int(standing.have), &fresh],
    )
    .await?;
    standing.have += fresh.len() as u64;
    if standing.have == standing.bytes {
        let whole = bytes_of(tx, part.officer, part.sha256, (0, standing.bytes)).await?;
        if Digest(Sha256::digest(&whole).into()) != part.sha256 {
            drop_attachment(tx, part.officer, part.sha256).await?;
            return Ok(Brought::Differs);
        }
        standing.whole_at = Some(part.at);
    }
    tx.execute(
        "UPDATE attachment SET have = $3, whole_at = $4 WHERE officer_id = $1 AND sha256 = $2",
        &[&key.0, &key.1, &int(standing.have), &standing.whole_at.map(|at| at.0)],
    )
    .await?;
    Ok(Brought::Have(standing))
}

async fn drop_attachment(tx: &Transaction<'_>, officer: OfficerId, sha256: Digest) -> Stored<()> {
    let key: (Uuid, &[u8]) = (officer.0, &sha256.0);
    tx.execute("DELETE FROM attachment_part WHERE officer_id = $1 AND sha256 = $2", &[&key.0, &key.1])
        .await?;
    tx.execute("DELETE FROM attachment WHERE officer_id = $1 AND sha256 = $2", &[&key.0, &key.1]).await?;
    Ok(())
}

pub(super) async fn readable(
    tx: &Transaction<'_>,
    sha256: Digest,
    scopes: &[Scope],
) -> Stored<Option<Readable>> {
    let scopes: Vec<String> = scopes.iter().map(Scope::to_string).collect();
    let row = tx
        .query_opt(
            "SELECT n.officer_id, n.link, coalesce(a.bytes, n.bytes), coalesce(a.media_type, n.media_type),
                    coalesce(a.have, 0), a.whole_at
             FROM attachment_name n
             JOIN ledger l ON l.link = n.link
             LEFT JOIN withheld w ON w.link = n.link
             LEFT JOIN attachment a ON a.officer_id = n.officer_id AND a.sha256 = n.sha256
             WHERE n.sha256 = $1
               AND EXISTS (SELECT 1 FROM feed f WHERE f.scope = ANY($2)
                           AND f.pos IN (l.central_pos, w.central_pos) AND f.link = n.link)
             ORDER BY a.whole_at IS NULL, l.central_pos LIMIT 1",
            &[&sha256.0.as_slice(), &scopes],
        )
        .await?;
    row.map(|row| {
        Ok(Readable {
            officer: OfficerId(row.try_get(0)?),
            link: Link(bytes(&row, 1)?),
            standing: standing_at(&row, 2)?,
        })
    })
    .transpose()
}

pub(super) async fn bytes_of(
    tx: &Transaction<'_>,
    officer: OfficerId,
    sha256: Digest,
    (start, end): (u64, u64),
) -> Stored<Vec<u8>> {
    let rows = tx
        .query(
            "SELECT start, content FROM attachment_part
             WHERE officer_id = $1 AND sha256 = $2 AND start < $4 AND start + length(content) > $3 ORDER BY start",
            &[&officer.0, &sha256.0.as_slice(), &int(start), &int(end)],
        )
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        cut(&mut found, number(row, 0)?, row.try_get(1)?, (start, end));
    }
    Ok(found)
}

pub(super) async fn opened(tx: &Transaction<'_>, opening: &Opening) -> Stored<()> {
    tx.execute(
        "INSERT INTO attachment_opened (link, officer_id, device_id, opened_at)
         SELECT $1::bytea, $2::uuid, $3::uuid, $4::bigint WHERE NOT EXISTS
             (SELECT 1 FROM attachment_opened
              WHERE link = $1 AND officer_id = $2 AND device_id = $3 AND opened_at > $4::bigint - $5::bigint)
         ON CONFLICT DO NOTHING",
        &[&opening.link.0.as_slice(), &opening.officer.0, &opening.device.0, &opening.at.0, &ONE_OPENING_MS],
    )
    .await?;
    Ok(())
}

pub(super) async fn openings(tx: &Transaction<'_>, links: &[Link]) -> Stored<Vec<Opening>> {
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let rows = tx
        .query(
            "SELECT link, officer_id, device_id, opened_at FROM attachment_opened WHERE link = ANY($1)
             ORDER BY link, opened_at",
            &[&links],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Opening {
                link: Link(bytes(row, 0)?),
                officer: OfficerId(row.try_get(1)?),
                device: DeviceId(row.try_get(2)?),
                at: Millis(row.try_get(3)?),
            })
        })
        .collect()
}

pub(super) async fn kept(
    tx: &Transaction<'_>,
    after: Option<(OfficerId, Digest)>,
    limit: u32,
) -> Stored<Vec<KeptAttachment>> {
    let after = after.unwrap_or((OfficerId::from_bytes([0; 16]), Digest([0; 32])));
    let rows = tx
        .query(
            "SELECT officer_id, sha256, bytes, media_type, have, whole_at FROM attachment
             WHERE (officer_id, sha256) > ($1, $2) ORDER BY officer_id, sha256 LIMIT $3",
            &[&after.0.0, &after.1.0.as_slice(), &i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(KeptAttachment {
                officer: OfficerId(row.try_get(0)?),
                sha256: Digest(bytes(row, 1)?),
                standing: standing_at(row, 2)?,
            })
        })
        .collect()
}

pub(super) async fn stray(tx: &Transaction<'_>) -> Stored<u64> {
    let row = tx
        .query_one(
            "SELECT (SELECT count(*) FROM attachment a WHERE NOT EXISTS
                        (SELECT 1 FROM attachment_name n WHERE n.sha256 = a.sha256 AND n.officer_id = a.officer_id))
                  + (SELECT count(*) FROM attachment_part p WHERE NOT EXISTS
                        (SELECT 1 FROM attachment a WHERE a.sha256 = p.sha256 AND a.officer_id = p.officer_id))
                  + (SELECT count(*) FROM attachment_name n WHERE NOT EXISTS
                        (SELECT 1 FROM revision r WHERE r.link = n.link AND r.body IS NOT NULL))",
            &[],
        )
        .await?;
    number(&row, 0)
}

pub(super) async fn erase(tx: &Transaction<'_>, links: &[Link]) -> Stored<u64> {
    let links: Vec<&[u8]> = links.iter().map(|link| link.0.as_slice()).collect();
    let named = tx
        .query("DELETE FROM attachment_name WHERE link = ANY($1) RETURNING sha256, officer_id", &[&links])
        .await?;
    let mut gone = 0;
    for row in &named {
        let (sha256, officer) = (Digest(bytes(row, 0)?), OfficerId(row.try_get(1)?));
        if standing(tx, officer, sha256).await?.is_none() {
            drop_attachment(tx, officer, sha256).await?;
            gone += 1;
        }
    }
    Ok(gone)
}
