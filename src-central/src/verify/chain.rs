//! One chain: every revision against its own bytes, its columns and its neighbours, and every manifest over them.

use std::collections::{BTreeMap, HashMap, HashSet};

use beatbook_domain::entry::{Body, Head, Kind};
use beatbook_domain::id::{Commit, Digest, Link};
use beatbook_domain::seal::{self, Broken, MANIFEST_FORMAT, Manifest, Purpose, Sealed, digest};

use super::{Finding, PAGE, Report, VerifyError, Walk};
use crate::ingest::columns;
use crate::storage::{ChainRow, ManifestRow, Storage, StoredRevision};

/// What stays in memory of a revision: no head, no body.
struct Bone {
    seq: u64,
    before: Link,
    head: Digest,
    commit: Commit,
    manifest: Digest,
}

/// Walks one chain.
pub async fn walk(
    storage: &dyn Storage,
    chain: &ChainRow,
    walk: &mut Walk,
    report: &mut Report,
) -> Result<(), VerifyError> {
    let mut bones: HashMap<Link, Bone> = HashMap::new();
    let mut after = None;
    loop {
        let page = storage.revisions(chain.chain, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.row.seq, last.row.link));
        for stored in page {
            report.revisions += 1;
            revision(chain, &stored, walk, report);
            let bone = Bone {
                seq: stored.row.seq,
                before: stored.row.before,
                head: digest(&stored.row.head),
                commit: stored.row.commit,
                manifest: stored.manifest,
            };
            bones.insert(stored.row.link, bone);
        }
    }
    order(chain, &bones, report);
    let mut by_before: ByBefore<'_> = HashMap::new();
    for bone in bones.values() {
        by_before.entry((bone.before, bone.seq)).or_default().push(bone);
    }
    let mut proved = HashSet::new();
    for manifest in storage.manifests(chain.chain).await? {
        report.manifests += 1;
        match prove(chain, &manifest, &by_before) {
            Ok(links) => proved.extend(links.into_iter().map(|link| (manifest.id, link))),
            Err(what) => report.findings.push(Finding::Chain { chain: chain.chain, what }),
        }
    }
    for (link, bone) in &bones {
        if !proved.contains(&(bone.manifest, *link)) {
            report.findings.push(Finding::Unproved { chain: chain.chain, seq: bone.seq });
        }
    }
    Ok(())
}

/// A revision by itself: seal, columns, what it erases.
fn revision(chain: &ChainRow, stored: &StoredRevision, walk: &mut Walk, report: &mut Report) {
    let row = &stored.row;
    let mut broken = |what| report.findings.push(Finding::Chain { chain: chain.chain, what });
    let sealed = Sealed {
        chain_id: row.chain,
        seq: row.seq,
        head: row.head.clone(),
        body: row.body.clone(),
        salt: row.salt,
        commit: row.commit,
        link: row.link,
    };
    if let Err(what) = sealed.verify(&row.before) {
        broken(what);
    }
    if row.body.is_none() {
        walk.erased.push((chain.chain, row.seq, row.link));
    }
    walk.ledger.insert(row.link, (chain.chain, row.seq, row.pos, row.received_at));
    let column = |column| Broken::Column { seq: row.seq, column };
    let Ok(head) = Head::parse(&row.head) else {
        broken(column("head"));
        return;
    };
    let (wanted, found) = (columns(&head), &stored.columns);
    for (name, same) in [
        ("chain_id", head.chain_id == row.chain),
        ("seq", head.seq == row.seq),
        ("entry_id", wanted.entry == found.entry),
        // A kind that was not known when it arrived may be known by now: the index is rebuilt, nothing is wrong.
        ("kind", wanted.kind == found.kind || found.kind == Kind::Unknown.name()),
        ("author", wanted.author == found.author),
        ("shift_id", wanted.shift == found.shift),
        ("written_at", wanted.written_at == found.written_at),
    ] {
        if !same {
            broken(column(name));
        }
    }
    if head.kind == Kind::Erasure
        && let Some(body) = &row.body
        && let Ok(Body::Erasure(erasure)) = Body::parse(head.kind, head.schema, head.change, body)
    {
        let under = (erasure.authority.clone(), erasure.class.as_str().to_owned());
        walk.named.extend(erasure.links.into_iter().map(|link| (link, under.clone())));
    }
}

/// Every revision follows one that is held at the place before, or that place has not arrived.
fn order(chain: &ChainRow, bones: &HashMap<Link, Bone>, report: &mut Report) {
    let mut places: BTreeMap<u64, Vec<Link>> = BTreeMap::new();
    for (link, bone) in bones {
        places.entry(bone.seq).or_default().push(*link);
    }
    if chain.split_at.is_some() || places.values().any(|links| links.len() > 1) {
        report.split_chains.push(chain.chain);
    }
    for bone in bones.values() {
        let follows = match bone.seq.checked_sub(1) {
            None => bone.before == Link::GENESIS,
            Some(previous) => match bones.get(&bone.before) {
                Some(held) => held.seq == previous,
                // The branch it follows has not arrived; whatever else stands at that place belongs to another one.
                None => !places.contains_key(&previous) || chain.split_at.is_some(),
            },
        };
        if !follows {
            report.findings.push(Finding::Chain { chain: chain.chain, what: Broken::Link { seq: bone.seq } });
        }
    }
    let mut expected = 0;
    for seq in places.keys() {
        report.missing.extend((expected..*seq).map(|missing| (chain.chain, missing)));
        expected = seq + 1;
    }
}

/// Revisions by the link they follow and their place.
type ByBefore<'a> = HashMap<(Link, u64), Vec<&'a Bone>>;

/// Checks a manifest's signature and recomputes its links; gives the links of its range that are held.
fn prove(chain: &ChainRow, row: &ManifestRow, by_before: &ByBefore<'_>) -> Result<Vec<Link>, Broken> {
    let text = row.text.as_bytes();
    let signed = seal::verify(&chain.profile_key, Purpose::Manifest, &[text], &row.signature);
    if !signed || digest(text) != row.id {
        return Err(Broken::Signature { first: row.first, last: row.last });
    }
    let manifest: Manifest =
        serde_json::from_str(&row.text).map_err(|_| Broken::Manifest("it cannot be read any more"))?;
    if manifest.format != MANIFEST_FORMAT
        || (manifest.chain_id, manifest.first, manifest.last) != (chain.chain, row.first, row.last)
    {
        return Err(Broken::Manifest("its columns differ from its text"));
    }
    let told = |seq: u64| manifest.absent.iter().chain(&row.refused).find(|absent| absent.seq == seq);
    let mut before = manifest.before_first;
    let mut held = Vec::new();
    for seq in manifest.first..=manifest.last {
        before = match told(seq) {
            Some(absent) => seal::link(chain.chain, seq, &before, &absent.head, &absent.commit),
            None => {
                let here = by_before.get(&(before, seq)).map_or(&[][..], Vec::as_slice);
                // In a split chain two may follow the same link: the one this manifest brought is meant.
                let bone = here.iter().find(|bone| bone.manifest == row.id).or_else(|| here.first());
                let bone = bone.ok_or(Broken::Manifest("a revision it names is not held"))?;
                let link = seal::link(chain.chain, bone.seq, &before, &bone.head, &bone.commit);
                held.push(link);
                link
            }
        };
    }
    match before == manifest.after_last {
        true => Ok(held),
        false => Err(Broken::Link { seq: manifest.last }),
    }
}
