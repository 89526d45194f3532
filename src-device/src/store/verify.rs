//! Walking a profile's chains and manifests: every byte, column and order that differs from what was sealed is found.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Gone, Head};
use beatbook_domain::erase::erased_links;
use beatbook_domain::id::{ChainId, Link};
use beatbook_domain::seal::{Broken, Manifest, Purpose, Sealed, digest, verify, verify_chain};

use super::rows::{COLUMNS, StoredRevision};
use super::{Store, StoreError};

/// What a walk found in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Revisions of own chains.
    pub revisions: usize,
    /// Of them, erased under an erasure entry.
    pub erased: usize,
    /// Of them, dropped by policy: central's signed receipt names each.
    pub at_server: usize,
    /// Signed manifests.
    pub manifests: usize,
    /// Revisions of other chains, each checked by itself.
    pub pulled: usize,
}

impl Store {
    /// Walks both chains, all manifests and all pulled revisions.
    ///
    /// # Errors
    /// [`StoreError::Seal`] with the first thing that is broken.
    pub fn verify_all(&mut self) -> Result<Verified, StoreError> {
        let all = self.all_revisions()?;
        let parsed: Vec<_> = all.iter().filter_map(StoredRevision::parse).collect();
        let erased = erased_links(&parsed);
        let mut verified = Verified::default();
        for (_, chain_id) in self.chains.clone().all() {
            let mut own: Vec<&StoredRevision> =
                all.iter().filter(|row| row.own && row.chain_id == chain_id).collect();
            own.sort_by_key(|row| row.seq);
            let sealed: Vec<Sealed> = own.iter().map(|row| row.sealed()).collect();
            let dropped = self.dropped_with_receipt(&own)?;
            verify_chain(&sealed, |link| erased.contains(link) || dropped.contains(link))?;
            for row in &own {
                columns(row)?;
            }
            verified.revisions += own.len();
            verified.erased += own.iter().filter(|row| row.body.is_none()).count() - dropped.len();
            verified.at_server += dropped.len();
            verified.manifests += self.verify_manifests(chain_id, &own)?;
        }
        verified.pulled = verify_pulled(&all)?;
        self.verify_index(&all)?;
        Ok(verified)
    }

    /// The revisions that were dropped here and that a list of receipts names whose signature holds.
    fn dropped_with_receipt(&mut self, own: &[&StoredRevision]) -> Result<BTreeSet<Link>, StoreError> {
        let mut dropped = BTreeSet::new();
        let gone = own.iter().filter(|row| row.body.is_none() && row.gone == Some(Gone::AtServer));
        for row in gone {
            if self.is_receipted(row.rid, &row.link)? {
                dropped.insert(row.link);
            }
        }
        Ok(dropped)
    }

    fn all_revisions(&mut self) -> Result<Vec<StoredRevision>, StoreError> {
        let mut statement =
            self.connection()?.prepare(&format!("SELECT {COLUMNS} FROM revision r ORDER BY r.rid"))?;
        let rows = statement.query_map([], StoredRevision::from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn verify_manifests(&mut self, chain_id: ChainId, own: &[&StoredRevision]) -> Result<usize, StoreError> {
        let key = self.keys.profile_public();
        let rows: Vec<(String, [u8; 64])> = {
            let mut statement = self
                .connection()?
                .prepare("SELECT manifest, signature FROM manifest WHERE chain_id = ?1 ORDER BY first")?;
            let rows = statement
                .query_map([chain_id.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for (text, signature) in &rows {
            let manifest: Manifest = serde_json::from_str(text)
                .map_err(|_| StoreError::Seal(Broken::Manifest("a stored manifest cannot be read")))?;
            let (first, last) = (manifest.first, manifest.last);
            if !verify(
                &key,
                Purpose::Manifest,
                &[text.as_bytes()],
                &beatbook_domain::id::Signature(*signature),
            ) {
                return Err(Broken::Signature { first, last }.into());
            }
            let absent: BTreeSet<u64> = manifest.absent.iter().map(|absent| absent.seq).collect();
            let travelled: Vec<_> = own
                .iter()
                .filter(|row| (first..=last).contains(&row.seq) && !absent.contains(&row.seq))
                .map(|row| (row.seq, digest(&row.head), row.commit))
                .collect();
            manifest.links(&travelled)?;
        }
        Ok(rows.len())
    }

    /// The index is rebuilt from the bytes and must say the same.
    fn verify_index(&mut self, all: &[StoredRevision]) -> Result<(), StoreError> {
        self.catch_up_index()?;
        let connection = self.connection()?;
        let mut statement =
            connection.prepare("SELECT entry_id, chain_id, seq, kind FROM revision_index WHERE rid = ?1")?;
        for row in all {
            let Ok(head) = Head::parse(&row.head) else { continue };
            let found: ([u8; 16], [u8; 16], i64, String) =
                statement.query_row([row.rid], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
            let expected = (
                *head.entry_id.as_bytes(),
                *head.chain_id.as_bytes(),
                head.seq.cast_signed(),
                head.kind.name().to_owned(),
            );
            if found != expected {
                return Err(Broken::Column { seq: row.seq, column: "revision_index" }.into());
            }
        }
        Ok(())
    }
}

/// Columns are indexes of the sealed bytes: they must say what the bytes say.
fn columns(row: &StoredRevision) -> Result<(), StoreError> {
    let Ok(head) = Head::parse(&row.head) else { return Ok(()) };
    let differs = |column| Err(StoreError::Seal(Broken::Column { seq: row.seq, column }));
    if head.chain_id != row.chain_id {
        return differs("chain_id");
    }
    if head.seq != row.seq {
        return differs("seq");
    }
    if row.seed_id.is_some_and(|seed| seed != head.seed) {
        return differs("seed_id");
    }
    Ok(())
}

fn verify_pulled(all: &[StoredRevision]) -> Result<usize, StoreError> {
    let mut count = 0;
    for row in all.iter().filter(|row| !row.own) {
        let before = row.before.unwrap_or(Link::GENESIS);
        row.sealed().verify(&before)?;
        columns(row)?;
        count += 1;
    }
    Ok(count)
}
