//! What helps on a weak link: requests that go on where they were cut off, and codings every language knows.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use beatbook_central::storage::Revocation;
use beatbook_domain::id::{DeviceId, Signature};
use beatbook_protocol::short::{self, Base, CODING, Effort, Held, Known};
use beatbook_protocol::sync::*;
use reqwest::RequestBuilder;
use tokio::io::AsyncWriteExt as _;

use crate::database::Database;
use crate::phone::Phone;
use crate::world::World;

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn gzip_is_understood_and_answered() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    phone.sync(vec![phone.batch(0)]).await;
    // From the beginning: short answers go as they are.
    let asked = SyncRequest { cursors: Cursors::new(), ..phone.request(vec![]) };
    let request = serde_json::to_vec(&asked).unwrap();
    let wire = gzip(&request);
    let challenge = *phone.challenge.lock().unwrap();
    let answer = phone
        .http
        .post(format!("{}/v1/sync", phone.url))
        .header("authorization", phone.sign(challenge, &wire).to_string())
        .header("content-encoding", "gzip")
        .header("accept-encoding", "gzip, deflate")
        .body(wire)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-encoding"]),
        (200, &"gzip".parse().unwrap())
    );
    let mut json = Vec::new();
    flate2::read::GzDecoder::new(&*answer.bytes().await.unwrap()).read_to_end(&mut json).unwrap();
    assert!(serde_json::from_slice::<SyncReply>(&json).is_ok());

    let mut bomb = request.clone();
    bomb.resize(MAX_PLAIN_BYTES * 2, b' ');
    let (status, error) = phone.post(gzip(&bomb), Some("gzip")).await.unwrap_err();
    assert_eq!((status, error.code.as_str()), (413, "too_large"));
    assert_eq!(
        phone.post(b"not gzip".to_vec(), Some("gzip")).await.unwrap_err().1.code.as_str(),
        "bad_request"
    );
}

/// A request in short form with so many engagements, not signed yet.
fn packed(phone: &mut Phone, reply: &SyncReply, many: usize) -> Vec<u8> {
    let first = phone.record.revisions.len();
    for n in 0..many {
        phone.engagement(&format!("{n} {}", uuid::Uuid::new_v4()));
    }
    let sealed = &phone.record.revisions[first - 1];
    let known = Known {
        device: phone.device,
        force: phone.force,
        epoch: Some(reply.epoch),
        profile: phone.record.id,
        officer: phone.officer,
        bases: vec![Base {
            chain: phone.record.id,
            held: Some(Held { seq: sealed.seq, link: sealed.link, head: sealed.head.clone() }),
        }],
    };
    let asked = SyncRequest { epoch: Some(reply.epoch), ..phone.request(vec![phone.batch(first)]) };
    short::pack_request(&asked, &known, Effort::Quick).unwrap()
}

fn post(phone: &Phone, credentials: Credentials, body: &[u8], from: usize) -> RequestBuilder {
    let name = PartName { tag: PartTag::of(body), from };
    phone
        .http
        .post(format!("{}/v1/sync", phone.url))
        .header("content-encoding", CODING)
        .header(DEVICE_HEADER, credentials.short_header())
        .header(PART_HEADER, name.to_string())
        .body([&credentials.signature.0[..], &body[from..]].concat())
}

async fn code(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let error = serde_json::from_slice::<ErrorReply>(&answer.bytes().await.unwrap());
    (status, error.map(|error| error.code.as_str().to_owned()).unwrap_or_default())
}

async fn have(phone: &Phone, body: &[u8]) -> usize {
    let asked = phone.http.get(format!("{}{PART_PATH}{}", phone.url, PartTag::of(body)));
    serde_json::from_slice::<PartHeld>(&asked.send().await.unwrap().bytes().await.unwrap()).unwrap().have
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_cut_off_goes_on_where_it_broke() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let body = packed(&mut phone, &reply, 60);
    let challenge = *phone.challenge.lock().unwrap();
    let credentials = phone.sign(challenge, &body);

    // Half of it, and the connection is gone.
    let half = body.len() / 2;
    let address = phone.url.trim_start_matches("http://").to_owned();
    let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\ncontent-encoding: {CODING}\r\n{DEVICE_HEADER}: {}\r\n{PART_HEADER}: {}\r\n\r\n",
        body.len() + SIGNATURE_BYTES,
        credentials.short_header(),
        PartName { tag: PartTag::of(&body), from: 0 },
    );
    let sent = [head.as_bytes(), &credentials.signature.0, &body[..half]].concat();
    socket.write_all(&sent).await.unwrap();
    for _ in 0..200 {
        if have(&phone, &body).await == half {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(socket);
    assert_eq!(have(&phone, &body).await, half);

    // Nobody else can go on with it, or put something else in its place.
    let forged = Credentials { signature: Signature([1; 64]), ..credentials };
    assert_eq!(code(post(&phone, forged, &body, half)).await, (401, "unauthorised".into()));
    let stranger = Credentials { device: DeviceId(uuid::Uuid::new_v4()), ..credentials };
    assert_eq!(code(post(&phone, stranger, &body, half)).await, (401, "challenge".into()));
    assert_eq!(code(post(&phone, credentials, &body, half)).await, (200, String::new()));
    let count = world.storage.position().await.unwrap();
    assert_eq!(count, 61, "all of it is in custody");

    // The answer was lost: the signature alone gets it again, and nothing is taken twice.
    assert_eq!(code(post(&phone, credentials, &body, body.len())).await, (200, String::new()));
    assert_eq!(world.storage.position().await.unwrap(), count);
    // A challenge that is too old costs a signature, not the body.
    let old = phone.sign(Challenge::NONE, &body);
    assert_eq!(code(post(&phone, old, &body, body.len())).await, (401, "challenge".into()));
    // What nobody has is asked for whole.
    let other = packed(&mut phone, &reply, 3);
    let signed = phone.sign(challenge, &other);
    assert_eq!(code(post(&phone, signed, &other, 10)).await, (409, "no_part".into()));
    world.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_an_answer_is_for_the_device_it_was_made_for() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    let other = world.phone("1482").await;
    let reply = phone.sync(vec![phone.batch(0)]).await;
    // Everything from its beginning: a long answer.
    phone.cursors = Cursors::new();
    let body = packed(&mut phone, &reply, 1);
    let challenge = *phone.challenge.lock().unwrap();
    let credentials = phone.sign(challenge, &body);
    let answer = post(&phone, credentials, &body, 0).send().await.unwrap();
    let tag = answer.headers()[PART_HEADER].to_str().unwrap().to_owned();
    let whole = answer.bytes().await.unwrap();
    assert_eq!(tag, PartTag::of(&whole).to_string());
    let ask = async |asker: &Phone, range: &str| {
        let path = format!("{ANSWER_PATH}{tag}");
        other.try_sync(&other.request(vec![])).await.unwrap();
        let challenge = *asker.challenge.lock().unwrap();
        let signed = Credentials::sign(asker.device, &asker.transport, challenge, ("GET", &path), &[]);
        let asked = asker.http.get(format!("{}{path}", asker.url)).header("range", range);
        asked.header("authorization", signed.to_string()).send().await.unwrap()
    };
    let rest = ask(&phone, "bytes=1000-").await;
    assert_eq!(rest.status(), 206);
    let range = format!("bytes 1000-{}/{}", whole.len() - 1, whole.len());
    assert_eq!(rest.headers()["content-range"].to_str().unwrap(), range);
    assert_eq!(rest.bytes().await.unwrap(), whole[1000..]);
    assert_eq!(ask(&other, "bytes=1000-").await.status(), 409, "it was made for another device");
    assert_eq!(ask(&phone, "bytes=999999-").await.status(), 409);
    let device = phone.device;
    let revocation =
        Revocation { device, at: beatbook_central::clock::now(), by: "PS 0311".into(), why: "lost".into() };
    assert!(world.storage.revoke(revocation).await.unwrap());
    assert_eq!(ask(&phone, "bytes=1000-").await.status(), 409, "one out of service is told nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_the_short_form_says_nothing_nobody_reads() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let body = packed(&mut phone, &reply, 1);
    let credentials = phone.sign(*phone.challenge.lock().unwrap(), &body);
    let http = reqwest::Client::builder().http2_prior_knowledge().no_proxy().build().unwrap();
    let answer = http
        .post(format!("{}/v1/sync", phone.url))
        .header("content-encoding", CODING)
        .header(DEVICE_HEADER, credentials.short_header())
        .body([&credentials.signature.0[..], &body[..]].concat())
        .send()
        .await
        .unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));
    let mut names: Vec<&str> = answer.headers().keys().map(reqwest::header::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["content-encoding", "content-length"]);
}
