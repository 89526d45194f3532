//! Who may ask at all, and how much.

use std::time::Instant;

use beatbook_central::http::{Challenges, GOOD_FOR_MS};
use beatbook_domain::id::DeviceId;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::world::World;

on_both! { only_a_good_signature_of_a_known_device_is_heard }

async fn only_a_good_signature_of_a_known_device_is_heard(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let other = world.phone("0311").await;
    phone.engagement("nobody else may read this");
    phone.sync(vec![phone.batch(0)]).await;
    let body = serde_json::to_vec(&phone.request(vec![])).unwrap();
    let header = |credentials: Credentials| vec![("authorization", credentials.to_string())];
    let good = *phone.challenge.lock().unwrap();
    other.try_sync(&other.request(vec![])).await.unwrap();
    let others = *other.challenge.lock().unwrap();
    let stranger = DeviceId(uuid::Uuid::new_v4());
    let mut changed = body.clone();
    let end = changed.len() - 2;
    changed[end] ^= 1;
    let attempts = vec![
        ("nothing signed", body.clone(), vec![]),
        ("another scheme", body.clone(), vec![("authorization", "Bearer zz".to_owned())]),
        (
            "another device's key",
            body.clone(),
            header(Credentials { device: phone.device, challenge: good, ..other.sign(good, &body) }),
        ),
        ("another body", changed, header(phone.sign(good, &body))),
        ("another device's request", body.clone(), header(other.sign(others, &body))),
        ("not credentials", body.clone(), vec![("authorization", "Beatbook zz.zz.zz".to_owned())]),
    ];
    for (what, body, headers) in attempts {
        let (status, error) = phone.post_as(body, None, &headers).await.expect_err(what);
        assert_eq!((status, error.code.as_str()), (401, "unauthorised"), "{what}");
    }
    // A device may not ask for a profile that was enrolled on another.
    let mut request = other.request(vec![]);
    request.profile = phone.record.id;
    let (status, _) = other.try_sync(&request).await.unwrap_err();
    assert_eq!(status, 401);
    // A signature for one purpose or path is worth nothing for another.
    let elsewhere = Credentials::sign(phone.device, &phone.transport, good, ("POST", "/v1/enrol"), &body);
    assert_eq!(phone.post_as(body.clone(), None, &header(elsewhere)).await.unwrap_err().0, 401);

    // A challenge that is none of ours, too old or another device's is answered with a good one, known device or not.
    let unsigned = Credentials { device: stranger, ..phone.sign(Challenge::NONE, &body) };
    let force = beatbook_central::force::load(world.storage.as_ref()).await.unwrap();
    let long_ago = beatbook_central::clock::now().plus(-GOOD_FOR_MS - 2_000);
    let old = Challenges::new(&force.row.receipt_secret).make(phone.device, long_ago);
    for (what, credentials) in [
        ("none", phone.sign(Challenge::NONE, &body)),
        ("another device's", phone.sign(others, &body)),
        ("an hour old", phone.sign(old, &body)),
        ("an unknown device", unsigned),
    ] {
        let (status, error) = phone.post_as(body.clone(), None, &header(credentials)).await.expect_err(what);
        assert_eq!((status, error.code.as_str()), (401, "challenge"), "{what}");
        let given = error.challenge.expect(what);
        match credentials.device == stranger {
            true => {
                let again = Credentials { device: stranger, ..phone.sign(given, &body) };
                let error = phone.post_as(body.clone(), None, &header(again)).await.unwrap_err().1;
                assert_eq!(error.code, ReplyCode::Unauthorised, "a good challenge makes no stranger known");
            }
            false => assert!(phone.post_signed(&body, None, given).await.is_ok(), "{what}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_before_it_costs_anything() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    phone.sync(vec![phone.batch(0)]).await;
    let request = serde_json::to_vec(&phone.request(vec![])).unwrap();

    let mut padded = request.clone();
    padded.resize(MAX_REQUEST_BYTES + 1, b' ');
    assert_eq!(phone.post(padded, None).await.unwrap_err().0, 413);

    // Signed or not, a bomb stops at the cap; unsigned it is not even opened.
    let mut bomb = request.clone();
    bomb.resize(MAX_PLAIN_BYTES * 2, b' ');
    let bomb = zstd::bulk::compress(&bomb, 19).unwrap();
    let (status, error) = phone.post(bomb.clone(), Some("zstd")).await.unwrap_err();
    assert_eq!((status, error.code.as_str()), (413, "too_large"));
    assert_eq!(phone.post_as(bomb, Some("zstd"), &[]).await.unwrap_err().0, 401);

    let one = phone.batch(0);
    let many = Batch { revisions: vec![one.revisions[0].clone(); MAX_REVISIONS + 1], ..one };
    assert_eq!(phone.try_sync(&phone.request(vec![many])).await.unwrap_err().0, 413);

    assert_eq!(phone.post(request.clone(), Some("br")).await.unwrap_err().0, 415);
    assert_eq!(phone.post(b"not json".to_vec(), None).await.unwrap_err().1.code, ReplyCode::BadRequest);
    assert_eq!(
        phone.post(b"not zstd".to_vec(), Some("zstd")).await.unwrap_err().1.code,
        ReplyCode::BadRequest
    );
    let newer = SyncRequest { protocol: CURRENT + 1, ..phone.request(vec![]) };
    assert_eq!(phone.try_sync(&newer).await.unwrap_err().1.code, ReplyCode::Version);

    // And what is in order still goes, compressed too.
    let packed = zstd::bulk::compress(&request, 3).unwrap();
    assert!(phone.post(packed, Some("zstd")).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_do_not_wait_for_delayed_acknowledgements() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    phone.sync(vec![phone.batch(0)]).await;
    let mut took = Vec::new();
    for _ in 0..20 {
        let started = Instant::now();
        let answer = phone.http.get(format!("{}/readyz", phone.url)).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "ready\n");
        took.push(started.elapsed());
    }
    took.sort();
    // Without TCP_NODELAY on both ends each request costs about 44 ms; with it, a loopback round trip.
    assert!(took[10].as_millis() < 25, "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_never_served_beyond_loopback() {
    let database = Database::sqlite();
    let storage = beatbook_central::storage::open(&database.address).await.unwrap();
    let listen = "0.0.0.0:0".parse().unwrap();
    let error = beatbook_central::server::start(storage, listen).await.err().unwrap().to_string();
    assert!(error.contains("in the clear") && error.contains("--tls-cert"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_figures() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    phone.sync(vec![phone.batch(0)]).await;
    let get = async |path: &str| phone.http.get(format!("{}{path}", phone.url)).send().await.unwrap();
    assert_eq!(get("/healthz").await.text().await.unwrap(), "ok\n");
    let answer = get("/metrics").await;
    assert!(answer.headers().contains_key("x-request-id"));
    assert!(answer.text().await.unwrap().contains("beatbook_revisions_received_total 1\n"));
    assert_eq!(get("/v1/sync").await.status(), 405);
    // Stopping lets go of the socket and ends the writer.
    world.running.stop().await.unwrap();
    assert!(phone.http.get(format!("{}/healthz", phone.url)).send().await.is_err());
}
