//! The spool: what was not received when a notebook was locked, signed and sealed to central, so that it is sent while
//! the notebook stays locked.
//!
//! It is a copy: the notebook remains the truth, what it holds waits there as before, and sending both is one entry at
//! central. Files in the profile's folder:
//! - `spool-ID`: an envelope only central can open. Bare salts are in it, never a seed: whoever might open it one day has
//!   the means for these bodies and for no other.
//! - `spool.line`: where it goes, whom to trust there, and how many entries each envelope is the last to hold. Numbers,
//!   addresses and public keys.
//! - `spool-reply-ID`: central's receipts, sealed to the profile. Applied when the notebook is opened, before anything
//!   else is exchanged; then every file of the spool goes. So a body that is erased is never in a spool any more: an
//!   order to erase is heard only by an open notebook.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use beatbook_domain::id::{ChainId, DeviceId, SealKey};
use beatbook_protocol::sync::{
    CURRENT, Challenge, Heartbeat, MAX_REVISIONS, MAX_SPOOL_BYTES, SPOOL_INFO, SpoolContents, SpoolReply,
    spool_aad, spool_path,
};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::batch::{self, Secrets};
use super::error::SyncError;
use super::http::{Http, Packed, Signer, url};
use super::tls::Trust;
use crate::files;
use crate::profile::sealed_box;
use crate::store::outbox::Counted;
use crate::store::receipts::{ApplyReceipts, SentManifest};
use crate::store::{Store, StoreError, StoreOwner, settings};

const LINE: &str = "spool.line";
const ENVELOPE: &str = "spool-";
const REPLY: &str = "spool-reply-";
/// What a reply is sealed for.
const REPLY_INFO: &[u8] = b"beatbook/spool-reply/1";
/// Plain bytes of head and body in one envelope: it travels whole or not at all.
const PLAIN_BYTES: usize = 48 * 1024;
/// The most envelopes: what is beyond them waits for the notebook.
const MOST_ENVELOPES: usize = 400;
/// zstd level: it is done once, when nobody waits.
const LEVEL: i32 = 9;

/// Where the envelopes of a profile go. Nothing secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SpoolLine {
    /// Central's address.
    pub server: String,
    /// The device whose transport key signs.
    pub device: DeviceId,
    /// The profile, by its record chain.
    pub profile: ChainId,
    /// To which replies are sealed.
    pub reply_to: SealKey,
    /// Whom to trust there.
    pub trust: Trust,
    /// Central's last challenge.
    pub challenge: Challenge,
    /// Envelopes by id, and how many entries are whole at central once it has all up to it.
    pub envelopes: BTreeMap<Uuid, u32>,
}

/// How far a spool has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Entries that central has not taken yet.
    pub left: u32,
    /// Entries that it has.
    pub taken: u32,
}

/// What of a spool the notebook itself must know: the manifests of each envelope, to keep once receipted.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Spooled(BTreeMap<Uuid, Vec<SentManifest>>);

struct Envelope {
    id: Uuid,
    bytes: Vec<u8>,
    entries: u32,
}

/// Seals what is not received into a profile's folder. Whatever fails leaves the notebook as it was: it sends by itself
/// once it is opened.
///
/// # Errors
/// [`StoreError::DiskFull`] and the file system's own.
pub async fn lay_out(owner: &StoreOwner, folder: &Path, app_version: String) -> Result<Standing, StoreError> {
    clear(folder)?;
    let made = owner.read(move |store| make(store, &app_version)).await?;
    let Some((line, envelopes)) = made else { return Ok(Standing::default()) };
    for envelope in &envelopes {
        files::replace(&folder.join(format!("{ENVELOPE}{}", envelope.id)), &envelope.bytes)?;
    }
    // The line comes last: envelopes without one are sent by nobody.
    let bytes = serde_json::to_vec(&line).map_err(|error| StoreError::Content(error.to_string()))?;
    files::replace(&folder.join(LINE), &bytes)?;
    Ok(Standing { left: line.envelopes.values().sum(), taken: 0 })
}

fn make(store: &mut Store, app_version: &str) -> Result<Option<(SpoolLine, Vec<Envelope>)>, StoreError> {
    store.flush_log()?;
    let identity = store.identity().clone();
    let last = store.last_answer()?;
    let told = |chain| last.ends.iter().any(|end| end.chain_id == chain);
    let successions: Vec<_> = store.chains().successions().filter(|one| !told(one.chain)).copied().collect();
    let bound = spool_aad(identity.device_id, identity.record_chain);
    let sealing_key = identity.force.keys.sealing_key;
    let (mut after, mut envelopes, mut spooled) = (i64::MIN, Vec::new(), Spooled::default());
    // Only whoever is last to hold a part of an entry counts it.
    let mut last_of: BTreeMap<Counted, usize> = BTreeMap::new();
    while envelopes.len() < MOST_ENVELOPES {
        let outgoing = batch::build_after(store, after, (PLAIN_BYTES, MAX_REVISIONS), Secrets::Salts)?;
        let Some(newest) = outgoing.rids.iter().copied().max() else { break };
        after = newest;
        let travel: BTreeSet<i64> = outgoing.rids.iter().copied().collect();
        for item in store.outbox().items().filter(|item| travel.contains(&item.rid)) {
            if item.counted != Counted::Never {
                last_of.insert(item.counted, envelopes.len());
            }
        }
        let pending: BTreeSet<Counted> = store
            .outbox()
            .sendable()
            .filter(|item| item.rid > after && item.counted != Counted::Never && !item.narrow)
            .map(|item| item.counted)
            .collect();
        let contents = SpoolContents {
            protocol: CURRENT,
            heartbeat: Heartbeat {
                pending: u32::try_from(pending.len()).unwrap_or(u32::MAX),
                set_aside: store.outbox().set_aside_told(),
                drafts: u32::try_from(store.draft_kinds()?.len()).unwrap_or(u32::MAX),
                app_version: app_version.to_owned(),
                ..Heartbeat::default()
            },
            successions: successions.clone(),
            batches: outgoing.batches,
        };
        let plain = serde_json::to_vec(&contents).map_err(|error| StoreError::Content(error.to_string()))?;
        let packed = Zeroizing::new(zstd::bulk::compress(&Zeroizing::new(plain), LEVEL)?);
        let sealed = sealed_box::seal(&sealing_key, SPOOL_INFO, &bound, &packed)
            .map_err(|error| StoreError::Content(error.to_string()))?;
        if sealed.len() > MAX_SPOOL_BYTES {
            // One record alone can be this large; it waits for the notebook.
            continue;
        }
        let id = Uuid::now_v7();
        spooled.0.insert(id, outgoing.manifests);
        envelopes.push(Envelope { id, bytes: sealed, entries: 0 });
    }
    if envelopes.is_empty() {
        return Ok(None);
    }
    for place in last_of.into_values() {
        if let Some(envelope) = envelopes.get_mut(place) {
            envelope.entries += 1;
        }
    }
    store.set_setting(settings::SPOOLED, &spooled)?;
    let line = SpoolLine {
        server: identity.server.clone(),
        device: identity.device_id,
        profile: identity.record_chain,
        reply_to: store.keys().sealing_public(),
        trust: store.trust()?,
        challenge: last.challenge,
        envelopes: envelopes.iter().map(|envelope| (envelope.id, envelope.entries)).collect(),
    };
    Ok(Some((line, envelopes)))
}

/// Where the envelopes of a profile's folder go; none where there is no spool.
#[must_use]
pub fn line(folder: &Path) -> Option<SpoolLine> {
    serde_json::from_slice(&std::fs::read(folder.join(LINE)).ok()?).ok()
}

/// How far a spool has come, by what lies in the folder.
#[must_use]
pub fn standing(folder: &Path, line: &SpoolLine) -> Standing {
    let mut standing = Standing::default();
    for (id, entries) in &line.envelopes {
        match folder.join(format!("{ENVELOPE}{id}")).exists() {
            true => standing.left += entries,
            false => standing.taken += entries,
        }
    }
    standing
}

/// The envelopes that wait, oldest first.
#[must_use]
pub fn waiting(folder: &Path, line: &SpoolLine) -> Vec<(Uuid, PathBuf)> {
    let path = |id: &Uuid| (*id, folder.join(format!("{ENVELOPE}{id}")));
    line.envelopes.keys().map(path).filter(|(_, path)| path.exists()).collect()
}

/// Sends one envelope, and keeps central's receipts for the profile. The challenge to sign next.
///
/// # Errors
/// [`SyncError`]; the envelope stays.
pub async fn send(
    http: &Http,
    folder: &Path,
    line: &SpoolLine,
    transport: &SigningKey,
    challenge: Challenge,
    (id, path): (Uuid, PathBuf),
) -> Result<Challenge, SyncError> {
    let bytes = std::fs::read(&path).map_err(StoreError::from)?;
    http.know(&line.trust);
    let signer = Signer { device: line.device, transport: transport.clone(), challenge };
    let to = url(&line.server, &spool_path(line.profile))?;
    let (answer, good) = http.post_signed(to, &Packed::as_it_is(bytes), 0, &signer).await?;
    let reply: SpoolReply = answer.json()?;
    let plain = serde_json::to_vec(&reply).map_err(|_| SyncError::NotOurs)?;
    let sealed = sealed_box::seal(&line.reply_to, REPLY_INFO, line.profile.as_bytes(), &plain)
        .map_err(|error| StoreError::Content(error.to_string()))?;
    // Gone meanwhile: its notebook was opened, and sends by itself.
    if path.exists() {
        files::replace(&folder.join(format!("{REPLY}{id}")), &sealed).map_err(StoreError::from)?;
        std::fs::remove_file(&path).map_err(StoreError::from)?;
    }
    Ok(reply.challenge.unwrap_or(good))
}

/// Takes up what came while a notebook was locked: receipts are believed as always, by central's signature. Then the
/// spool goes. How many revisions became Received.
///
/// # Errors
/// The notebook's own; the files stay then, and what is in them is sent and receipted again.
pub async fn take_up(owner: &StoreOwner, folder: &Path) -> Result<usize, StoreError> {
    if line(folder).is_none() {
        clear(folder)?;
        return Ok(0);
    }
    let (spooled, secret, identity) = owner
        .read(|store| {
            let spooled: Option<Spooled> = store.setting(settings::SPOOLED)?;
            Ok((spooled.unwrap_or_default(), store.keys().sealing_secret(), store.identity().clone()))
        })
        .await?;
    let mut received = 0;
    for (id, manifests) in spooled.0 {
        let Ok(bytes) = std::fs::read(folder.join(format!("{REPLY}{id}"))) else { continue };
        let opened = sealed_box::open(&secret, REPLY_INFO, identity.record_chain.as_bytes(), &bytes);
        let reply = opened.ok().and_then(|plain| serde_json::from_slice::<SpoolReply>(&plain).ok());
        let Some(receipts) = reply.and_then(|reply| reply.receipts) else { continue };
        // What is not signed as it must be counts for nothing; nor does a refusal, which nobody signs.
        match ApplyReceipts::new(Some(receipts), Vec::new(), manifests, &identity) {
            Ok(mut receipts) => received += owner.steps(move |store| receipts.step(store)).await?.received,
            Err(error) => tracing::warn!(%error, "receipts that came for a locked notebook are not believed"),
        }
    }
    owner
        .read(|store| {
            store.set_setting(settings::SPOOLED, &Spooled::default())?;
            store.to_disk()
        })
        .await?;
    clear(folder)?;
    Ok(received)
}

/// Removes every file of a spool, the line first.
fn clear(folder: &Path) -> Result<(), StoreError> {
    let ours = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(ENVELOPE))
    };
    let line = folder.join(LINE);
    let gone = std::iter::once(line).filter(|line| line.exists());
    let files = std::fs::read_dir(folder)?.flatten().map(|file| file.path()).filter(ours);
    for path in gone.chain(files) {
        std::fs::remove_file(path)?;
    }
    Ok(())
}
