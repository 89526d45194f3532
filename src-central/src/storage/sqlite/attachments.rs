//! Attachments: named with the body, brought in parts, whole once the hash fits, gone with the last body that names them.

use beatbook_domain::id::{Digest, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::{Blob, Stored, id, int, json, number};
use crate::storage::attachments::{
    AttachmentPart, AttachmentStanding, Brought, KeptAttachment, ONE_OPENING_MS, Opening, Readable, cut,
    fresh,
};
use crate::storage::rows::Custody;

pub(super) fn name(tx: &Transaction<'_>, custody: &Custody) -> Stored<()> {
    for named in &custody.attachments {
        tx.prepare_cached(
            "INSERT INTO attachment_name (link, sha256, officer_id, bytes, media_type) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            Blob(custody.link),
            Blob(named.sha256),
            Blob(custody.officer),
            int(named.bytes),
            named.media_type
        ])?;
    }
    Ok(())
}

fn standing_at(row: &Row<'_>, first: usize) -> rusqlite::Result<AttachmentStanding> {
    Ok(AttachmentStanding {
        bytes: number(row, first)?,
        media_type: row.get(first + 1)?,
        have: number(row, first + 2)?,
        whole_at: row.get::<_, Option<i64>>(first + 3)?.map(Millis),
    })
}

pub(super) fn standing(
    tx: &Transaction<'_>,
    officer: OfficerId,
    sha256: Digest,
) -> Stored<Option<AttachmentStanding>> {
    let mut statement = tx.prepare_cached(
        "SELECT coalesce(a.bytes, n.bytes), coalesce(a.media_type, n.media_type), coalesce(a.have, 0), a.whole_at
         FROM attachment_name n
         LEFT JOIN attachment a ON a.officer_id = n.officer_id AND a.sha256 = n.sha256
         WHERE n.sha256 = ?1 AND n.officer_id = ?2 ORDER BY n.link LIMIT 1",
    )?;
    Ok(statement.query_row(params![Blob(sha256), Blob(officer)], |row| standing_at(row, 0)).optional()?)
}

pub(super) fn bring(tx: &Transaction<'_>, part: &AttachmentPart) -> Stored<Brought> {
    let Some(mut standing) = standing(tx, part.officer, part.sha256)? else { return Ok(Brought::Unknown) };
    let Some(fresh) = fresh(part, &standing) else { return Ok(Brought::Have(standing)) };
    let (officer, sha256) = (Blob(part.officer), Blob(part.sha256));
    if standing.have == 0 {
        let begun = tx
            .prepare_cached(
                "SELECT coalesce(sum(bytes), 0) FROM attachment
                 WHERE device_id = ?1 AND begun_at > ?2 AND NOT (officer_id = ?3 AND sha256 = ?4)",
            )?
            .query_row(params![Blob(part.device), part.quota.0.0, officer, sha256], |row| number(row, 0))?;
        if begun + standing.bytes > part.quota.1 {
            return Ok(Brought::OverQuota);
        }
        tx.prepare_cached(
            "INSERT INTO attachment (officer_id, sha256, bytes, media_type, device_id, begun_at, have)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            officer,
            sha256,
            int(standing.bytes),
            standing.media_type,
            Blob(part.device),
            part.at.0
        ])?;
    }
    if standing.have + fresh.len() as u64 > standing.bytes {
        drop_attachment(tx, part.officer, part.sha256)?;
        return Ok(Brought::Differs);
    }
    tx.prepare_cached(
        "INSERT INTO attachment_part (officer_id, sha256, start, content) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![officer, sha256, int(standing.have), fresh])?;
    standing.have += fresh.len() as u64;
    if standing.have == standing.bytes {
        let whole = bytes_of(tx, part.officer, part.sha256, (0, standing.bytes))?;
        if Digest(Sha256::digest(&whole).into()) != part.sha256 {
            drop_attachment(tx, part.officer, part.sha256)?;
            return Ok(Brought::Differs);
        }
        standing.whole_at = Some(part.at);
    }
    tx.prepare_cached(
        "UPDATE attachment SET have = ?3, whole_at = ?4 WHERE officer_id = ?1 AND sha256 = ?2",
    )?
    .execute(params![officer, sha256, int(standing.have), standing.whole_at.map(|at| at.0)])?;
    Ok(Brought::Have(standing))
}

fn drop_attachment(tx: &Transaction<'_>, officer: OfficerId, sha256: Digest) -> Stored<()> {
    let key = params![Blob(officer), Blob(sha256)];
    tx.prepare_cached("DELETE FROM attachment_part WHERE officer_id = ?1 AND sha256 = ?2")?.execute(key)?;
    tx.prepare_cached("DELETE FROM attachment WHERE officer_id = ?1 AND sha256 = ?2")?.execute(key)?;
    Ok(())
}

pub(super) fn readable(tx: &Transaction<'_>, sha256: Digest, scopes: &[Scope]) -> Stored<Option<Readable>> {
    let scopes: Vec<String> = scopes.iter().map(Scope::to_string).collect();
    let mut statement = tx.prepare_cached(
        "SELECT n.officer_id, n.link, coalesce(a.bytes, n.bytes), coalesce(a.media_type, n.media_type),
                coalesce(a.have, 0), a.whole_at
         FROM attachment_name n
         JOIN ledger l ON l.link = n.link
         LEFT JOIN withheld w ON w.link = n.link
         LEFT JOIN attachment a ON a.officer_id = n.officer_id AND a.sha256 = n.sha256
         WHERE n.sha256 = ?1
           AND EXISTS (SELECT 1 FROM feed f WHERE f.scope IN (SELECT value FROM json_each(?2))
                       AND f.pos IN (l.central_pos, w.central_pos) AND f.link = n.link)
         ORDER BY a.whole_at IS NULL, l.central_pos LIMIT 1",
    )?;
    let row = statement.query_row(params![Blob(sha256), json(&scopes, "scopes")?], |row| {
        Ok(Readable { officer: id(row, 0)?, link: id(row, 1)?, standing: standing_at(row, 2)? })
    });
    Ok(row.optional()?)
}

pub(super) fn bytes_of(
    tx: &Transaction<'_>,
    officer: OfficerId,
    sha256: Digest,
    (start, end): (u64, u64),
) -> Stored<Vec<u8>> {
    let mut statement = tx.prepare_cached(
        "SELECT start, content FROM attachment_part
         WHERE officer_id = ?1 AND sha256 = ?2 AND start < ?4 AND start + length(content) > ?3 ORDER BY start",
    )?;
    let mut rows = statement.query(params![Blob(officer), Blob(sha256), int(start), int(end)])?;
    let mut bytes = Vec::new();
    while let Some(row) = rows.next()? {
        let content = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        cut(&mut bytes, number(row, 0)?, content, (start, end));
    }
    Ok(bytes)
}

pub(super) fn opened(tx: &Transaction<'_>, opening: &Opening) -> Stored<()> {
    tx.prepare_cached(
        "INSERT INTO attachment_opened (link, officer_id, device_id, opened_at)
         SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS
             (SELECT 1 FROM attachment_opened
              WHERE link = ?1 AND officer_id = ?2 AND device_id = ?3 AND opened_at > ?4 - ?5)",
    )?
    .execute(params![
        Blob(opening.link),
        Blob(opening.officer),
        Blob(opening.device),
        opening.at.0,
        ONE_OPENING_MS
    ])?;
    Ok(())
}

pub(super) fn openings(tx: &Transaction<'_>, links: &[Link]) -> Stored<Vec<Opening>> {
    let mut statement = tx.prepare_cached(
        "SELECT officer_id, device_id, opened_at FROM attachment_opened WHERE link = ?1 ORDER BY opened_at",
    )?;
    let mut all = Vec::new();
    for link in links {
        let rows = statement.query_map([Blob(*link)], |row| {
            Ok(Opening { link: *link, officer: id(row, 0)?, device: id(row, 1)?, at: Millis(row.get(2)?) })
        })?;
        for row in rows {
            all.push(row?);
        }
    }
    Ok(all)
}

pub(super) fn kept(
    tx: &Transaction<'_>,
    after: Option<(OfficerId, Digest)>,
    limit: u32,
) -> Stored<Vec<KeptAttachment>> {
    let after = after.unwrap_or((OfficerId::from_bytes([0; 16]), Digest([0; 32])));
    let mut statement = tx.prepare_cached(
        "SELECT officer_id, sha256, bytes, media_type, have, whole_at FROM attachment
         WHERE (officer_id, sha256) > (?1, ?2) ORDER BY officer_id, sha256 LIMIT ?3",
    )?;
    let rows = statement.query_map(params![Blob(after.0), Blob(after.1), limit], |row| {
        Ok(KeptAttachment { officer: id(row, 0)?, sha256: id(row, 1)?, standing: standing_at(row, 2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn stray(tx: &Transaction<'_>) -> Stored<u64> {
    Ok(tx.query_row(
        "SELECT (SELECT count(*) FROM attachment a WHERE NOT EXISTS
                    (SELECT 1 FROM attachment_name n WHERE n.sha256 = a.sha256 AND n.officer_id = a.officer_id))
              + (SELECT count(*) FROM attachment_part p WHERE NOT EXISTS
                    (SELECT 1 FROM attachment a WHERE a.sha256 = p.sha256 AND a.officer_id = p.officer_id))
              + (SELECT count(*) FROM attachment_name n WHERE NOT EXISTS
                    (SELECT 1 FROM revision r WHERE r.link = n.link AND r.body IS NOT NULL))",
        [],
        |row| number(row, 0),
    )?)
}

pub(super) fn erase(tx: &Transaction<'_>, links: &[Link]) -> Stored<u64> {
    let mut gone = 0;
    for link in links {
        let named: Vec<(Digest, OfficerId)> = tx
            .prepare_cached("DELETE FROM attachment_name WHERE link = ?1 RETURNING sha256, officer_id")?
            .query_map([Blob(*link)], |row| Ok((id(row, 0)?, id(row, 1)?)))?
            .collect::<Result<_, _>>()?;
        for (sha256, officer) in named {
            let is_named = tx
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM attachment_name WHERE sha256 = ?1 AND officer_id = ?2)",
                )?
                .query_row(params![Blob(sha256), Blob(officer)], |row| row.get::<_, bool>(0))?;
            if !is_named {
                drop_attachment(tx, officer, sha256)?;
                gone += 1;
            }
        }
    }
    Ok(gone)
}
