//! Checking a pack without a database: the hashes of its files, the links of its versions, the officer's and the
//! server's signatures, and the force's own statement of keys.

use std::path::{Path, PathBuf};

use beatbook_domain::id::VerifyKey;
use beatbook_domain::seal::{self, Manifest as BatchManifest, Purpose, digest};
use beatbook_protocol::sync::{ForceBundle, ReceiptList};
use beatbook_report::disclosure::Pack;

use super::proof::{Proof, Proofs};
use super::{MANIFEST, Manifest};

/// Why a pack could not be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A file of it.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is not what it should be.
    #[error("{}: {source}", path.display())]
    Json {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A pack without one of its parts.
    #[error("the pack has no {0}")]
    Part(&'static str),
}

/// What was checked, and what does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Files.
    pub files: usize,
    /// Versions.
    pub versions: usize,
    /// The force's root key: to be compared with what the force publishes.
    pub root_key: VerifyKey,
    /// What does not fit.
    pub findings: Vec<String>,
}

/// Checks the pack in a folder.
///
/// # Errors
/// [`CheckError`] where a part of it cannot be read.
pub fn check(folder: &Path) -> Result<Checked, CheckError> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|source| CheckError::File { path, source })
    };
    let json = |name: &str, source| CheckError::Json { path: folder.join(name), source };
    let manifest: Manifest =
        serde_json::from_slice(&read(MANIFEST)?).map_err(|error| json(MANIFEST, error))?;
    let mut findings = Vec::new();
    for (name, wanted) in &manifest.files {
        if digest(&read(name)?).to_string() != *wanted {
            findings.push(format!("{name}: its SHA-256 is not the one listed"));
        }
    }
    let named = |ending: &str| manifest.files.keys().find(|name| name.ends_with(ending)).cloned();
    let proofs = named("proofs.json").ok_or(CheckError::Part("proofs"))?;
    let record = named("disclosure.json").ok_or(CheckError::Part("record"))?;
    let pack: Pack = serde_json::from_slice(&read(&record)?).map_err(|error| json(&record, error))?;
    let proofs: Proofs = serde_json::from_slice(&read(&proofs)?).map_err(|error| json(&proofs, error))?;
    let bundle: Option<ForceBundle> = serde_json::from_str(&proofs.bundle).ok();
    let text = proofs.bundle.as_bytes();
    let signed = seal::verify(&pack.root_key, Purpose::Bundle, &[text], &proofs.bundle_signature);
    if !signed || bundle.as_ref().is_none_or(|bundle| bundle.root_key != pack.root_key) {
        findings.push("the force's statement of keys is not signed by its root key".to_owned());
    }
    let versions = pack.entries.iter().flat_map(|entry| &entry.versions);
    let mut count = 0;
    for version in versions {
        count += 1;
        let Some(proof) = proofs.revisions.iter().find(|proof| proof.link == version.link) else {
            findings.push(format!("version {}: no proof of it", version.link));
            continue;
        };
        if (proof.chain, proof.seq) != (version.chain, version.seq) {
            findings.push(format!("version {}: its proof is of another place", version.link));
        }
        let unmasked = version.masks.is_empty() && version.body.is_some();
        let same = proof.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        if unmasked && same != version.body {
            findings.push(format!("version {}: it does not say what was sealed", version.link));
        }
        findings.extend(broken(proof).into_iter().map(|what| format!("version {}: {what}", version.link)));
    }
    Ok(Checked { files: manifest.files.len(), versions: count, root_key: pack.root_key, findings })
}

/// What does not fit in a proof.
fn broken(proof: &Proof) -> Vec<&'static str> {
    let mut found = Vec::new();
    let head = digest(proof.head.as_bytes());
    if seal::link(proof.chain, proof.seq, &proof.before, &head, &proof.commit) != proof.link {
        found.push("its link does not follow from head, commitment and the link before");
    }
    if let (Some(body), Some(salt)) = (&proof.body, &proof.salt)
        && seal::commit(salt, body.as_bytes()) != proof.commit
    {
        found.push("its body does not match its commitment");
    }
    let text = proof.manifest.as_bytes();
    if !seal::verify(&proof.profile_key, Purpose::Manifest, &[text], &proof.manifest_signature) {
        found.push("the officer's signature does not hold");
    }
    let links = serde_json::from_str::<BatchManifest>(&proof.manifest).ok().and_then(|manifest| {
        let absent: Vec<u64> = manifest.absent.iter().map(|absent| absent.seq).collect();
        let travelled = proof.range.iter().filter(|it| !absent.contains(&it.seq));
        let travelled: Vec<_> = travelled.map(|it| (it.seq, it.head, it.commit)).collect();
        manifest.links(&travelled).ok()
    });
    if !links.is_some_and(|links| links.contains(&(proof.seq, proof.link))) {
        found.push("it is not in the range that the officer signed");
    }
    let receipt = proof.receipts.as_ref().map(|signed| {
        let list = signed.list.as_bytes();
        let holds = seal::verify(&signed.key, Purpose::Receipts, &[list], &signed.signature);
        let names = serde_json::from_str::<ReceiptList>(&signed.list)
            .is_ok_and(|list| list.receipts.iter().any(|receipt| receipt.link == proof.link));
        holds && names
    });
    match receipt {
        Some(true) => {}
        Some(false) => found.push("the server's receipt does not hold"),
        None => found.push("no receipt of the server names it"),
    }
    found
}
