//! Central's own chain: what central seals itself, each record naming the officer who acted.
//!
//! Its signing key is derived from central's sealing secret, so that a restored central goes on with the same chain and no
//! second secret has to be kept. Each revision has a seed of its own, which is dropped as soon as the salt is made.

use beatbook_domain::entry::{
    About, Access, Body, ChainOpened, Change, Duty, Head, Kind, Origin, PerformedBy, Sealing,
};
use beatbook_domain::id::{
    ChainId, DeviceId, EntryId, ForceId, Link, OfficerId, Salt, SealKey, SeedId, VerifyKey,
};
use beatbook_domain::seal::{self, MANIFEST_FORMAT, Manifest, Purpose, REVISION_FORMAT, Seed, digest};
use beatbook_domain::time::{ClockOffset, Millis, Mono};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::ingest::columns;
use crate::random::{Unpredictable, random, uuid_v7};
use crate::storage::{Custody, Deposit, ForceRow, ManifestRow};

/// What the key is derived for.
const KEY_OF: &[u8] = b"beatbook/central-chain/1";

/// Collar number under which central itself stands among officers; nobody on the roster has it.
pub const COLLAR: &str = "central";

/// The chain, and central as its author and device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnChain {
    /// The chain.
    pub chain: ChainId,
    /// Central itself.
    pub me: Uuid,
}

impl OwnChain {
    /// A new one.
    ///
    /// # Errors
    /// Without randomness.
    pub fn mint(at: Millis) -> Result<Self, Unpredictable> {
        Ok(Self { chain: ChainId(uuid_v7(at)?), me: uuid_v7(at)? })
    }

    /// Central as author.
    #[must_use]
    pub fn officer(&self) -> OfficerId {
        OfficerId(self.me)
    }

    /// Central as device.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        DeviceId(self.me)
    }
}

/// The key that signs for the chain.
#[must_use]
pub fn key(force: &ForceRow) -> SigningKey {
    let mut secret = [0; 32];
    // Thirty-two bytes is a length that HKDF-SHA-256 always gives.
    let made =
        Hkdf::<Sha256>::new(Some(force.force.as_bytes()), &force.sealing_secret).expand(KEY_OF, &mut secret);
    debug_assert!(made.is_ok());
    SigningKey::from_bytes(&secret)
}

/// Its public half.
#[must_use]
pub fn public(force: &ForceRow) -> VerifyKey {
    VerifyKey(key(force).verifying_key().to_bytes())
}

/// What is to be sealed.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What it records.
    pub kind: Kind,
    /// What it says.
    pub body: Body,
    /// The revision it is about.
    pub about: Option<About>,
    /// Who acted.
    pub by: OfficerId,
}

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// No randomness.
    #[error(transparent)]
    Unpredictable(#[from] Unpredictable),
    /// A manifest that is not text.
    #[error("a record of central's own could not be written")]
    Text,
}

/// A sealed record of the chain as it stands in the journal: everything else follows from it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sealed {
    /// The head, verbatim.
    pub head: String,
    /// The body, verbatim.
    pub body: String,
    /// The salt.
    pub salt: Salt,
}

/// Sealed records with the manifest that proves them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The chain.
    pub own: OwnChain,
    /// The manifest, verbatim.
    pub manifest: String,
    /// By the chain's key.
    pub signature: beatbook_domain::id::Signature,
    /// The records, in order.
    pub records: Vec<Sealed>,
}

fn head(own: OwnChain, seq: u64, entry: EntryId, seed: SeedId, writing: &Writing, at: Millis) -> Head {
    Head {
        format: REVISION_FORMAT.to_owned(),
        chain_id: own.chain,
        seq,
        entry_id: entry,
        kind: writing.kind,
        schema: 1,
        change: Change::First,
        revises: Vec::new(),
        about: writing.about,
        links: Vec::new(),
        author: own.officer(),
        performed_by: (writing.by != own.officer()).then_some(PerformedBy::Officer(writing.by)),
        origin: Origin::Live,
        unit_id: None,
        shift_id: None,
        duty_at_writing: Duty::Off,
        occurred_at: at,
        occurred_until: None,
        written_at: at,
        written_utc_offset: 0,
        // Central's clock is the one all others are measured by; it has no boot of its own to count from.
        mono: Mono { boot_id: own.me, ms: 0 },
        offset: Some(ClockOffset { ms: 0, err_ms: 0 }),
        end_kind: None,
        regime: writing.kind.regime(),
        class: writing.kind.retention_class().into(),
        marking: writing.kind.marking(),
        access: Access::Team,
        seed,
        area: None,
        codes: Vec::new(),
    }
}

/// Seals records at the end of the chain; where it has none yet, its opening comes first.
///
/// # Errors
/// [`OwnError`].
pub fn seal(
    force: &ForceRow,
    own: OwnChain,
    end: Option<(u64, Link)>,
    writing: Vec<Writing>,
    at: Millis,
) -> Result<Run, OwnError> {
    let mut all = Vec::with_capacity(writing.len() + 1);
    if end.is_none() {
        let opened = ChainOpened {
            officer: own.officer(),
            device: own.device(),
            profile_key: public(force),
            seal_key: SealKey([0; 32]),
            sealing: Sealing::default(),
            force: force.force,
            predecessor: None,
        };
        let by = own.officer();
        all.push(Writing { kind: Kind::ChainOpened, body: Body::ChainOpened(opened), about: None, by });
    }
    all.extend(writing);
    let first = end.map_or(0, |(seq, _)| seq + 1);
    let before_first = end.map_or(Link::GENESIS, |(_, link)| link);
    let (mut before, mut records) = (before_first, Vec::with_capacity(all.len()));
    for (seq, writing) in (first..).zip(&all) {
        let (seed_id, seed) = (SeedId(Uuid::from_bytes(random()?)), Seed(random()?));
        let entry = EntryId(uuid_v7(at)?);
        let head = head(own, seq, entry, seed_id, writing, at).to_bytes();
        let sealed = seal::seal(own.chain, seq, &before, &seed, head, writing.body.to_bytes());
        before = sealed.link;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| OwnError::Text);
        let (Some(body), Some(salt)) = (sealed.body, sealed.salt) else { return Err(OwnError::Text) };
        records.push(Sealed { head: text(sealed.head)?, body: text(body)?, salt });
    }
    let manifest = Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        force: force.force,
        chain_id: own.chain,
        first,
        before_first,
        absent: Vec::new(),
        last: first + (records.len() as u64).saturating_sub(1),
        after_last: before,
    };
    let manifest = String::from_utf8(manifest.to_bytes()).map_err(|_| OwnError::Text)?;
    let signature = seal::sign(&key(force), Purpose::Manifest, &[manifest.as_bytes()]);
    Ok(Run { own, manifest, signature, records })
}

/// A run as it goes into custody; none where it does not prove itself, or another force's central wrote it.
#[must_use]
pub fn deposit(run: &Run, force: ForceId, key: &VerifyKey) -> Option<Deposit> {
    let text = run.manifest.as_bytes();
    let manifest: Manifest = serde_json::from_str(&run.manifest).ok()?;
    let of_ours = manifest.force == force && manifest.chain_id == run.own.chain;
    if !of_ours || !seal::verify(key, Purpose::Manifest, &[text], &run.signature) {
        return None;
    }
    let id = digest(text);
    let (mut before, mut revisions) = (manifest.before_first, Vec::with_capacity(run.records.len()));
    for (seq, record) in (manifest.first..).zip(&run.records) {
        let commit = seal::commit(&record.salt, record.body.as_bytes());
        let link = seal::link(run.own.chain, seq, &before, &digest(record.head.as_bytes()), &commit);
        let head = Head::parse(record.head.as_bytes()).ok()?;
        revisions.push(Custody {
            link,
            chain: run.own.chain,
            officer: run.own.officer(),
            attachments: Vec::new(),
            seq,
            before,
            head: record.head.clone().into_bytes(),
            body: Some(record.body.clone().into_bytes()),
            salt: Some(record.salt),
            commit,
            manifest: id,
            problems: Vec::new(),
            columns: columns(&head),
            scopes: Vec::new(),
            claim: None,
            withheld: false,
        });
        before = link;
    }
    let whole = before == manifest.after_last && revisions.len() as u64 == manifest.last + 1 - manifest.first;
    whole.then(|| Deposit {
        device: run.own.device(),
        officer: run.own.officer(),
        profile: run.own.chain,
        heartbeat: None,
        drift_ms: None,
        manifests: vec![ManifestRow {
            id,
            chain: run.own.chain,
            first: manifest.first,
            last: manifest.last,
            text: run.manifest.clone(),
            signature: run.signature,
            refused: Vec::new(),
        }],
        revisions,
    })
}
