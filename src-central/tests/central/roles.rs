//! Role by endpoint by owner, as one table. Each row states what happens; a new endpoint without a row fails.

use std::collections::BTreeSet;

use beatbook_central::http::{Challenges, GOOD_FOR_MS};
use beatbook_central::storage::Revocation;
use beatbook_central::{clock, force, officers};
use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, engagement};
use crate::world::World;

on_both! { who_may_ask_what, who_reads_what, whose_word_counts, who_holds_and_erases, who_replaces_whose_phone }

/// How somebody asks.
#[derive(Clone, Copy, Debug)]
enum Asker {
    /// Without a signature.
    Nobody,
    /// Signed by a device central does not know.
    UnknownDevice,
    /// A known device's name, another one's key.
    ForgedDevice,
    /// Over a challenge of more than an hour ago.
    StaleChallenge,
    /// Over a challenge given to another device.
    OthersChallenge,
    /// The very same request a second time.
    Replay,
    /// A device that is out of service.
    Revoked,
    /// For a profile that was enrolled on another device.
    ForeignProfile,
    /// As it should be.
    Known,
}
use Asker::*;

type Answers = &'static [(Asker, u16, &'static str)];

/// What is open answers everybody alike: a signature is not looked at.
const OPEN: Answers = &[(Nobody, 200, ""), (UnknownDevice, 200, ""), (Revoked, 200, ""), (Known, 200, "")];
/// What is open and takes a body: none of these bodies is one.
const OPEN_POST: Answers = &[
    (Nobody, 400, "bad_request"),
    (UnknownDevice, 400, "bad_request"),
    (Revoked, 400, "bad_request"),
    (Known, 400, "bad_request"),
];

/// What follows once a request is signed as it must be.
const fn once_signed(status: u16, code: &'static str) -> [(Asker, u16, &'static str); 8] {
    [
        (Nobody, 401, "unauthorised"),
        (UnknownDevice, 401, "unauthorised"),
        (ForgedDevice, 401, "unauthorised"),
        (StaleChallenge, 401, "challenge"),
        (OthersChallenge, 401, "challenge"),
        (ForeignProfile, 401, "unauthorised"),
        (Revoked, status, code),
        (Known, status, code),
    ]
}

const ENDPOINTS: &[(&str, &str, Answers)] = &[
    (
        "POST",
        "/v1/sync",
        &[
            (Nobody, 401, "unauthorised"),
            (UnknownDevice, 401, "unauthorised"),
            (ForgedDevice, 401, "unauthorised"),
            (StaleChallenge, 401, "challenge"),
            (OthersChallenge, 401, "challenge"),
            // The same receipts again: nothing is taken twice.
            (Replay, 200, ""),
            // It may bring, and is told nothing (see `revocation`).
            (Revoked, 200, ""),
            (ForeignProfile, 401, "unauthorised"),
            (Known, 200, ""),
        ],
    ),
    (
        "POST",
        "/v1/replace",
        &[
            (Nobody, 401, "unauthorised"),
            (UnknownDevice, 401, "unauthorised"),
            (ForgedDevice, 401, "unauthorised"),
            (StaleChallenge, 401, "challenge"),
            (OthersChallenge, 401, "challenge"),
            (Replay, 401, "challenge"),
            (Revoked, 401, "unauthorised"),
            (ForeignProfile, 401, "unauthorised"),
            (Known, 200, ""),
        ],
    ),
    // What these bring is sealed, or names what nobody named: the signature is judged before it is looked at.
    ("POST", "/v1/spool/{profile}", &once_signed(400, "bad_request")),
    ("GET", "/v1/attachments/{profile}/{sha256}", &once_signed(404, "attachment_unknown")),
    ("POST", "/v1/attachments/{profile}/{sha256}/{start}", &once_signed(404, "attachment_unknown")),
    (
        "GET",
        "/v1/sync/answer/{tag}",
        &[
            (Nobody, 401, "unauthorised"),
            (UnknownDevice, 401, "unauthorised"),
            (ForgedDevice, 401, "unauthorised"),
            (StaleChallenge, 401, "challenge"),
            (OthersChallenge, 401, "challenge"),
            // It was given no such answer.
            (Revoked, 409, "no_part"),
            (Known, 409, "no_part"),
        ],
    ),
    ("POST", "/v1/enrol", OPEN_POST),
    ("POST", "/v1/enrol/again", OPEN_POST),
    ("GET", "/v1/sync/part/{tag}", OPEN),
    ("GET", "/v1/keys", OPEN),
    ("GET", "/v1/openapi.json", OPEN),
    ("GET", "/healthz", OPEN),
    ("GET", "/readyz", OPEN),
    ("GET", "/metrics", OPEN),
];

/// Everybody of the table: two teams, their sergeants, an inspector, and roles that decide about nobody.
const PEOPLE: &[(&str, &str, Option<&str>)] = &[
    ("5151", "PC", Some("Breckland")),
    ("0412", "PS", Some("Breckland")),
    ("0313", "PS", Some("Norwich East")),
    ("9001", "AUDIT", Some("Norwich East")),
    ("9002", "PARTNER", Some("Norwich East")),
    ("9003", "PC", None),
];

async fn world(database: Database) -> World {
    let world = World::new(database).await;
    let (storage, at) = (world.storage.as_ref(), clock::now());
    for (collar, role, team) in PEOPLE {
        let team = match team {
            Some(name) => Some(officers::team(storage, name, at).await.unwrap().team),
            None => None,
        };
        officers::put(storage, collar, role, team, at).await.unwrap();
    }
    // A constable who acts for the sergeant tonight.
    let team = officers::team(storage, "Norwich East", at).await.unwrap().team;
    let officer = world.officer("1377").await;
    let (from, until) = (at.plus(-1_000), Some(at.plus(DAY_MS)));
    storage
        .put_grant(Grant { officer, capability: "review".into(), team: Some(team), from, until })
        .await
        .unwrap();
    world
}

async fn who_may_ask_what(database: Database) {
    let world = world(database).await;
    let described = beatbook_central::http::described();
    let described: BTreeSet<&str> = described.paths.paths.keys().map(String::as_str).collect();
    let listed: BTreeSet<&str> = ENDPOINTS.iter().map(|(_, path, _)| *path).collect();
    assert_eq!(described, listed, "every endpoint has a row");

    let mut sergeant = world.phone("0311").await;
    let mut other = world.phone("1482").await;
    let revoked = world.phone("0311").await;
    for phone in [&mut sergeant, &mut other] {
        phone.sync(vec![phone.batch(0)]).await;
    }
    revoked.try_sync(&revoked.request(vec![])).await.unwrap();
    let (device, at) = (revoked.device, clock::now());
    let revocation = Revocation { device, at, by: "PS 0311".into(), why: "lost".into() };
    assert!(world.storage.revoke(revocation).await.unwrap());
    let stranger = Phone { url: world.running.url(), ..Phone::new("") };
    let secret = force::load(world.storage.as_ref()).await.unwrap().row.receipt_secret;
    let challenges = Challenges::new(&secret);
    for (method, path, answers) in ENDPOINTS {
        for (asker, status, code) in *answers {
            let phone = match asker {
                UnknownDevice => &stranger,
                Revoked => &revoked,
                _ => &sergeant,
            };
            let profile = if matches!(asker, ForeignProfile) { other.record.id } else { phone.record.id };
            let body = body_for(path, phone, profile, other.officer);
            let path = path.replace("{profile}", &profile.to_string()).replace("{sha256}", &"0".repeat(64));
            let path = path.replace("{start}", "0").replace("{tag}", &"A".repeat(16));
            let made = match asker {
                StaleChallenge => clock::now().plus(-GOOD_FOR_MS - 2_000),
                _ => clock::now(),
            };
            let of = if matches!(asker, OthersChallenge) { other.device } else { phone.device };
            let key = if matches!(asker, ForgedDevice) { &other.transport } else { &phone.transport };
            let signed =
                Credentials::sign(phone.device, key, challenges.make(of, made), (method, &path), &body);
            let signed = (!matches!(asker, Nobody)).then_some(signed);
            if matches!(asker, Replay) {
                assert_eq!(phone.asks(method, &path, &body, signed).await.0, 200, "{path}: the first time");
            }
            let (found, answer) = phone.asks(method, &path, &body, signed).await;
            let error = serde_json::from_slice::<ErrorReply>(&answer).ok();
            let found = (found, error.map_or("", |error| error.code.as_str()));
            assert_eq!(found, (*status, *code), "{method} {path}, {asker:?}");
        }
    }
    // What is nowhere, and what wants another method, says so in the same form.
    for (method, path, code) in [("GET", "/v1/nothing", "not_found"), ("GET", "/v1/sync", "method")] {
        let (_, answer) = sergeant.asks(method, path, b"", None).await;
        assert_eq!(serde_json::from_slice::<ErrorReply>(&answer).unwrap().code.as_str(), code);
    }
}

fn body_for(path: &str, phone: &Phone, profile: ChainId, officer: OfficerId) -> Vec<u8> {
    match path {
        SYNC_PATH => serde_json::to_vec(&SyncRequest { profile, ..phone.request(vec![]) }).unwrap(),
        REPLACE_PATH => {
            let (protocol, id, device_id, lost) = (CURRENT, uuid::Uuid::new_v4(), phone.device, None);
            serde_json::to_vec(&ReplaceRequest { protocol, id, device_id, profile, officer, lost }).unwrap()
        }
        "/v1/enrol" | AGAIN_PATH => b"{}".to_vec(),
        _ => Vec::new(),
    }
}

/// Scopes by what they are of. PC 1482 opened the shift; PC 2206 is of its crew. What is asked of a team and the
/// duties offered to it are read by everybody in it who works its beat.
const SCOPES: &[(&str, &[&str])] = &[
    ("1482", &["reference", "officer:1482", "briefing:Norwich East", "duties:Norwich East", "shift"]),
    ("2206", &["reference", "officer:2206", "briefing:Norwich East", "duties:Norwich East", "shift"]),
    ("5151", &["reference", "officer:5151", "briefing:Breckland", "duties:Breckland"]),
    (
        "1377",
        &["reference", "officer:1377", "briefing:Norwich East", "duties:Norwich East", "team:Norwich East"],
    ),
    (
        "0311",
        &["reference", "officer:0311", "briefing:Norwich East", "duties:Norwich East", "team:Norwich East"],
    ),
    ("0412", &["reference", "officer:0412", "briefing:Breckland", "duties:Breckland", "team:Breckland"]),
    (
        "0102",
        &["reference", "officer:0102", "briefing:Norwich East", "duties:Norwich East", "team:Norwich East"],
    ),
    ("9001", &["reference", "officer:9001"]),
    ("9002", &["reference", "officer:9002"]),
    ("9003", &["reference", "officer:9003"]),
];

async fn who_reads_what(database: Database) {
    let world = world(database).await;
    let mut opener = world.phone("1482").await;
    let shift = opener.open_shift();
    opener.name_crew(world.officer("2206").await, CrewStanding::Claimed);
    opener.sync(vec![opener.batch(0)]).await;
    let teams = world.storage.teams().await.unwrap();
    let team = |name: &str| teams.iter().find(|team| team.name == name).unwrap().team;
    for (collar, scopes) in SCOPES {
        let officer = world.officer(collar).await;
        let wanted: BTreeSet<Scope> = scopes
            .iter()
            .map(|scope| match scope.split_once(':') {
                Some(("team", name)) => Scope::Team(team(name)),
                Some(("briefing", name)) => Scope::Briefing(team(name)),
                Some(("duties", name)) => Scope::Duties(team(name)),
                Some(_) => Scope::Officer(officer),
                None if *scope == "shift" => Scope::Shift(shift),
                None => Scope::Reference,
            })
            .collect();
        let mut phone = world.phone(collar).await;
        // Positions in scopes of others are asked for, and not given.
        for scope in [
            Scope::Shift(shift),
            Scope::Officer(opener.officer),
            Scope::Team(teams[0].team),
            Scope::Team(teams[1].team),
        ] {
            phone.cursors.insert(scope, 0);
        }
        let reply = phone.sync(vec![phone.batch(0)]).await;
        let found: BTreeSet<Scope> = reply.scopes.unwrap().into_iter().collect();
        assert_eq!(found, wanted, "{collar}");
        let given: BTreeSet<Scope> = reply.changes.iter().map(|changes| changes.scope).collect();
        assert!(given.is_subset(&wanted), "{collar}: {given:?}");
    }
}

/// Who says something about whose entry, and what stands beside the receipt.
const DECISIONS: &[(&str, &str, &[&str])] = &[
    ("0311", "1482", &[]),
    ("1377", "1482", &[]),
    ("0102", "1482", &[]),
    ("0102", "0311", &[]),
    ("1482", "2206", &["no_authority"]),
    ("1482", "1482", &["reviews_own", "no_authority"]),
    ("0311", "0311", &["reviews_own", "no_authority"]),
    ("1377", "1377", &["reviews_own", "no_authority"]),
    ("0311", "5151", &["no_authority"]),
    ("0412", "1482", &["no_authority"]),
    ("0412", "5151", &[]),
    ("0311", "0313", &["no_authority"]),
    ("1377", "0311", &["no_authority"]),
    ("0311", "0102", &["no_authority"]),
    ("0102", "0412", &["no_authority"]),
    ("0102", "0102", &["reviews_own", "no_authority"]),
    ("0311", "9003", &["no_authority"]),
    ("9001", "1482", &["no_authority"]),
    ("9002", "1482", &["no_authority"]),
    ("9003", "1482", &["no_authority"]),
];

async fn whose_word_counts(database: Database) {
    let world = world(database).await;
    let mut phones = std::collections::BTreeMap::new();
    for collar in DECISIONS.iter().flat_map(|(by, of, _)| [by, of]).collect::<BTreeSet<_>>() {
        let mut phone = world.phone(collar).await;
        let written = phone.engagement("what is decided about");
        phone.sync(vec![phone.batch(0)]).await;
        phones.insert(*collar, (phone, written));
    }
    for (by, of, wanted) in DECISIONS {
        let (subject, about) = phones.get(of).map(|(phone, sealed)| (phone.officer, sealed.clone())).unwrap();
        let about = About { entry_id: Head::parse(&about.head).unwrap().entry_id, link: about.link };
        let (phone, _) = phones.get_mut(by).unwrap();
        for kind in [Kind::Review, Kind::Return] {
            let body = match kind {
                Kind::Review => Body::Review(Review {
                    officer: subject,
                    decision: Decision::Approved,
                    covers: vec![],
                    disposition: None,
                    reference: None,
                    note: None,
                    reason: None,
                    post: None,
                }),
                _ => Body::Return(Return {
                    officer: subject,
                    questions: vec![Question { field: None, words: "How many?".into() }],
                    due: None,
                    urgent: false,
                    reason: None,
                    aside: false,
                }),
            };
            phone.write_with(kind, &body, |head| head.about = Some(about));
            let reply = phone.sync(vec![phone.batch(0)]).await;
            let newest = phone.receipts(&reply).pop().unwrap();
            let found: Vec<&str> = newest.problems.iter().map(|problem| problem.code.as_str()).collect();
            assert_eq!(found, *wanted, "{by} about {of}, {kind:?}");
        }
    }
    // Forged author; another's chain; a chain of nobody's.
    let (other, _) = phones.remove("2206").unwrap();
    let (phone, _) = phones.get_mut("1482").unwrap();
    phone.write_with(Kind::Engagement, &engagement("as if by another"), |head| head.author = other.officer);
    let reply = phone.sync(vec![phone.batch(0), other.batch(0)]).await;
    let newest = phone.receipts(&reply).pop().unwrap();
    assert_eq!(newest.problems[0].code, "author_differs");
    assert_eq!(
        reply.refusals.iter().map(|one| one.reason).collect::<Vec<_>>(),
        [RefusalReason::UnknownChain]
    );
    world.assert_whole().await;
}

/// Holding and erasing is nobody's by role: a sergeant's and an inspector's word about it counts for nothing until the
/// capability is granted by name.
async fn who_holds_and_erases(database: Database) {
    let world = world(database).await;
    for collar in ["1482", "0311", "0102"] {
        let mut phone = world.phone(collar).await;
        let written = phone.engagement("to be held");
        phone.sync(vec![phone.batch(0)]).await;
        let entry_id = Head::parse(&written.head).unwrap().entry_id;
        for granted in [false, true] {
            if granted {
                let from = Millis(0);
                let capability = Code::new("records");
                let grant = Grant { officer: phone.officer, capability, team: None, from, until: None };
                world.storage.put_grant(grant).await.unwrap();
            }
            let hold = Hold { entry_id, holds: true, authority: "court 7/2026".into() };
            phone.write(Kind::Hold, &Body::Hold(hold));
            let reply = phone.sync(vec![phone.batch(0)]).await;
            let newest = phone.receipts(&reply).pop().unwrap();
            let found: Vec<&str> = newest.problems.iter().map(|problem| problem.code.as_str()).collect();
            let wanted: &[&str] = if granted { &[] } else { &["no_authority"] };
            assert_eq!(found, wanted, "{collar}, granted: {granted}");
        }
    }
}

/// Who replaces whose phone.
const REPLACEMENTS: &[(&str, &str, &str)] = &[
    ("0311", "1482", ""),
    ("1377", "1482", ""),
    ("0102", "0311", ""),
    ("0102", "1482", ""),
    ("0311", "0311", "not_yours"),
    ("0311", "0313", "not_yours"),
    ("0311", "0102", "not_yours"),
    ("0311", "5151", "not_yours"),
    ("0311", "9003", "not_yours"),
    ("0412", "1482", "not_yours"),
    ("1377", "0311", "not_yours"),
    ("1482", "2206", "not_yours"),
    ("1482", "1482", "not_yours"),
    ("9001", "1482", "not_yours"),
    ("9002", "1482", "not_yours"),
    ("9003", "1482", "not_yours"),
];

async fn who_replaces_whose_phone(database: Database) {
    let world = world(database).await;
    let mut phones = std::collections::BTreeMap::new();
    for (by, of, wanted) in REPLACEMENTS {
        if !phones.contains_key(by) {
            phones.insert(*by, world.phone(by).await);
        }
        let answer = phones[by].replace(world.officer(of).await, None).await;
        let found = answer.err().map_or("", |(_, error)| error.code.as_str());
        assert_eq!(found, *wanted, "{by} for {of}");
    }
    let nobody = OfficerId(uuid::Uuid::new_v4());
    assert_eq!(phones["0311"].replace(nobody, None).await.unwrap_err().1.code, ReplyCode::NotYours);
}
