//! A notebook on the real store, filled with invented engagements.

use std::path::Path;
use std::sync::Arc;

use beatbook_device::clock::SystemClock;
use beatbook_device::profile::wrap::{CipherSettings, DatabaseKey};
use beatbook_device::store::append::{NewRevision, new_entry_id};
use beatbook_device::store::identity::{Identity, Keys};
use beatbook_device::store::open::Location;
use beatbook_device::store::{Chain, Store};
use beatbook_domain::code_list::{built_in, list};
use beatbook_domain::entry::{Body, DraftForm, EngagementDraft, Kind};
use beatbook_domain::id::Code;
use beatbook_domain::place::{PlaceStamp, PositionSource};
use beatbook_domain::time::{Millis, local};

use crate::Outcome;

const ROADS: [&str; 6] =
    ["Prince of Wales Road", "Riverside", "Tombland", "Castle Meadow", "Market Place", "London Street"];
const NOTES: [&str; 6] = [
    "Group on the way home from work, asked when the night bus stops and where the taxi marshals stand.",
    "Two students, one lamp out by the underpass, feel safe on the main road but not behind the station.",
    "Door staff say the queue is calm tonight; they keep spare cards behind the bar.",
    "",
    "Asked about the safety app and whether it works without credit. Showed her where to find it.",
    "Street pastors will stay until two; they have water and flip-flops and know where we are.",
];

/// Engagement number `n`, as its form becomes it: about 560 bytes of head and 700 of body.
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
        note: NOTES[n % NOTES.len()].to_owned(),
        ..EngagementDraft::default()
    };
    let bodies = DraftForm::Engagement(draft)
        .bodies(built_in(), local(now).date_naive(), now)
        .map_err(|problems| format!("{problems:?}"))?;
    let Body::Engagement(_) = &bodies.main else { return Err("not an engagement".into()) };
    Ok(NewRevision::first(new_entry_id(now), Kind::Engagement, now, bodies.main))
}

/// A new notebook in a folder.
pub fn create(folder: &Path, identity: Identity, keys: Keys) -> Outcome<Store> {
    let location = Location {
        path: folder.join("records.db"),
        key: DatabaseKey::random()?,
        cipher: CipherSettings::default(),
    };
    Ok(Store::create(location, identity, keys, Arc::new(SystemClock::new()))?)
}

/// Saves engagement number `n` and returns when it is on the disk.
pub fn save(store: &mut Store, n: usize) -> Outcome {
    let now = store.reading().at;
    store.append(Chain::Record, &[engagement(n, now)?])?;
    Ok(())
}
