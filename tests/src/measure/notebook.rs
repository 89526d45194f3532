//! A notebook on the real store, filled with invented engagements.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_device::clock::SystemClock;
use beatbook_device::profile::wrap::{CipherSettings, DatabaseKey, new_recovery_pair};
use beatbook_device::profile::{KdfCost, NewProfile, NoKeystore, ProfileOwner, Secret, Vault};
use beatbook_device::store::append::{NewRevision, new_entry_id};
use beatbook_device::store::identity::{Identity, Keys};
use beatbook_device::store::open::Location;
use beatbook_device::store::{Chain, Store};
use beatbook_domain::code_list::{built_in, list};
use beatbook_domain::entry::{Body, DraftForm, EngagementDraft, Kind};
use beatbook_domain::id::{
    ChainId, Code, DeviceId, EpochId, ForceId, OfficerId, SealKey, Signature, VerifyKey,
};
use beatbook_domain::place::{PlaceStamp, PositionSource};
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::sync::{ForceBundle, KeyStatement, OfficerRow};
use uuid::Uuid;

use crate::Outcome;

const ROADS: [&str; 6] =
    ["Prince of Wales Road", "Riverside", "Tombland", "Castle Meadow", "Market Place", "London Street"];
/// Words of the notes, the commonest first.
const WORDS: &str = "the and to a of in they we at on asked said near was her him home by about with for bus group queue \
    street light feel safe two taxi stop rank after card door staff out walk station late friends night lamp one path \
    underpass showed where park bench corner shop chip told us not but busy quiet again calm phone credit app number \
    market bridge river steps car bridge club bar manager pastors water flip flops marshal camera dark side alley \
    reassured thanked students nurses shift worker tourist family older couple alone waiting lift cousin mother sister \
    worried followed last week month before new work lights broken reported council hoarding fence scaffold bins \
    cathedral close green square fountain steps library theatre crowd match rain cold";
/// Words in a note, on average; about a quarter of the entries have none.
const NOTE_WORDS: u64 = 24;

/// A note of invented prose: words by a Zipf-like law, so that it compresses as prose does and not as a repetition.
fn note(n: usize) -> String {
    // A fixed generator (splitmix64): every run measures the same notes.
    let mut state = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut draw = move |below: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    };
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let last = words.len() as u64 - 1;
    if draw(4) == 0 {
        return String::new();
    }
    let length = 1 + draw(2 * NOTE_WORDS);
    let picked: Vec<&str> = (0..length)
        .map(|_| {
            let bound = draw(last) + 1;
            words[usize::try_from(draw(bound)).unwrap_or(0)]
        })
        .collect();
    picked.join(" ")
}

/// Engagement number `n`, as its form becomes it: about 560 bytes of head and as much of body.
pub fn engagement(n: usize, now: Millis) -> Outcome<NewRevision> {
    let offered = |list: &str| -> Vec<Code> {
        built_in().offered(list, local(now).date_naive()).map(|item| item.code.clone()).collect()
    };
    let (types, topics) = (offered(list::ENGAGEMENT_TYPE), offered(list::TOPIC));
    let pick = |codes: &[Code], salt: usize| codes[(n * 7 + salt * 3) % codes.len()].clone();
    let draft = EngagementDraft {
        engagement_type: Some(pick(&types, 1)),
        people: u32::try_from(n % 5)? + 1,
        topics: (0..=n % 3).map(|i| pick(&topics, i)).collect(),
        place: Some(PlaceStamp {
            name: Some(ROADS[n % ROADS.len()].to_owned()),
            square_100m: Some(format!("TG {:03} {:03}", 225 + n % 17, 80 + n % 13)),
            accuracy_m: Some(4 + u32::try_from(n % 20)?),
            area_set: 1,
            source: PositionSource::Gps,
            ..PlaceStamp::default()
        }),
        note: note(n),
        ..EngagementDraft::default()
    };
    let bodies = DraftForm::Engagement(draft)
        .bodies(built_in(), local(now).date_naive(), now)
        .map_err(|problems| format!("{problems:?}"))?;
    let Body::Engagement(_) = &bodies.main else { return Err("not an engagement".into()) };
    Ok(NewRevision::first(new_entry_id(now), Kind::Engagement, now, bodies.main))
}

/// PC 1482 of a force whose central signs receipts with this key; no central listens there.
pub fn identity(receipt_key: VerifyKey) -> Identity {
    let id = Uuid::from_u128;
    Identity {
        officer: OfficerRow {
            officer: OfficerId(id(1)),
            collar: "1482".into(),
            role: Code::new("PC"),
            team: None,
        },
        team: None,
        device_id: DeviceId(id(2)),
        force: ForceBundle {
            force: ForceId(id(3)),
            name: "Bench".into(),
            root_key: receipt_key,
            keys: KeyStatement {
                number: 1,
                receipt_key,
                sealing_key: SealKey([1; 32]),
                recovery_key: SealKey([1; 32]),
                tls_keys: Vec::new(),
                epoch: EpochId(id(4)),
            },
        },
        bundle: String::new(),
        bundle_signature: Signature([0; 64]),
        server: "http://127.0.0.1:9".into(),
        record_chain: ChainId(id(5)),
        log_chain: ChainId(id(6)),
        proof: None,
    }
}

/// A new notebook in a folder.
pub fn create(folder: &Path, identity: Identity, keys: Keys) -> Outcome<Store> {
    create_at(folder.join("records.db"), DatabaseKey::random()?, identity, keys)
}

fn create_at(path: PathBuf, key: DatabaseKey, identity: Identity, keys: Keys) -> Outcome<Store> {
    let location = Location { path, key, cipher: CipherSettings::default() };
    Ok(Store::create(location, identity, keys, Arc::new(SystemClock::new()))?)
}

/// The passphrase of a profile made here.
pub const PASSPHRASE: &str = "a long passphrase of 1482";

/// A whole profile of PC 1482 in a data folder, as enrolling leaves it; its notebook is open.
pub fn profile(data: &Path, identity: Identity, keys: Keys) -> Outcome<Store> {
    let profile_id = Uuid::new_v4();
    let folder = data.join("profiles").join(profile_id.to_string());
    let vault = Vault::at(folder, Arc::new(NoKeystore), Arc::new(SystemClock::new()));
    let owner = ProfileOwner {
        officer_id: identity.officer.officer,
        title: identity.officer.title(),
        collar: identity.officer.collar.clone(),
        device_id: identity.device_id,
        force: identity.force.name.clone(),
    };
    let secret = Secret::passphrase(PASSPHRASE);
    let (_, recovery_key) = new_recovery_pair()?;
    let new = NewProfile { owner, secret: &secret, recovery_key: &recovery_key, cost: CHEAP };
    let key = vault.create(profile_id, new)?;
    create_at(vault.database(), key, identity, keys)
}

/// Opening a profile is not what is measured here.
pub const CHEAP: KdfCost = KdfCost { memory_kib: 64, passes: 1, lanes: 1 };

/// Saves engagement number `n` and returns when it is on the disk.
pub fn save(store: &mut Store, n: usize) -> Outcome {
    let now = store.reading().at;
    store.append(Chain::Record, &[engagement(n, now)?])?;
    Ok(())
}
