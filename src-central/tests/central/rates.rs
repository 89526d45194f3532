//! Limits from outside: too many requests, too many connections, heads that never end; and an end in order.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use beatbook_central::limits::Limits;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::world::World;

async fn figure(world: &World, name: &str) -> u64 {
    let url = format!("{}/metrics", world.running.url());
    let text = reqwest::get(url).await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_asks_too_often_is_told_how_long_to_wait_and_others_are_not() {
    let limits = Limits { device_per_minute: 60, device_burst: 4, ..Limits::default() };
    let world = World::within(Database::sqlite(), limits).await;
    let (phone, mut other) = (world.phone("1482").await, world.phone("1377").await);
    let mut limited = None;
    for _ in 0..8 {
        if let Err(error) = phone.try_sync(&phone.request(vec![])).await {
            limited = Some(error);
            break;
        }
    }
    let (status, error) = limited.expect("it is limited");
    assert_eq!((status, error.code), (429, ReplyCode::TooMany));
    assert!(error.words.contains("safe"), "{}", error.words);
    other.sync(vec![other.batch(0)]).await;
    assert_eq!(figure(&world, "beatbook_limited_by_device_total").await, 1);
    // Nobody uses up what is another device's: an unsigned request counts for nobody.
    for _ in 0..8 {
        assert_eq!(other.post_as(b"{}".to_vec(), None, &[]).await.unwrap_err().0, 401);
    }
    other.sync(vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_and_what_is_for_devices_is_counted_apart_by_address() {
    let limits = Limits {
        open_per_minute: 1,
        open_burst: 6,
        address_per_minute: 1,
        address_burst: 3,
        ..Limits::default()
    };
    let world = World::within(Database::sqlite(), limits).await;
    let phone = world.phone("1482").await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        let answer = reqwest::get(format!("{}/v1/keys", phone.url)).await.unwrap();
        answers.push((answer.status().as_u16(), answer.headers().get("retry-after").is_some()));
    }
    assert_eq!(answers.iter().filter(|answer| **answer == (200, false)).count(), 5, "{answers:?}");
    assert!(answers[5..].iter().all(|answer| *answer == (429, true)), "{answers:?}");
    // Devices still get through, until their address has had its share.
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(phone.asks("POST", SYNC_PATH, b"{}", None).await.0);
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
}

/// Whether the other end closes the connection within the time; what it says before is dropped.
fn closes(stream: &mut TcpStream, within: Duration) -> bool {
    let (started, mut bytes) = (Instant::now(), [0; 1024]);
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    while started.elapsed() < within {
        match stream.read(&mut bytes) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return true,
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_counted_and_heads_that_never_end_are_cut_off() {
    let limits = Limits { connections_per_address: 3, head_seconds: 2, ..Limits::default() };
    let world = World::within(Database::sqlite(), limits).await;
    let address = world.running.address;
    let connect = || TcpStream::connect(address).unwrap();
    let mut slow: Vec<TcpStream> = (0..3).map(|_| connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /v1/sync HTTP/1.1\r\nhost: central\r\nx-").unwrap();
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(closes(&mut connect(), Duration::from_secs(1)), "the fourth has no place");
    // A letter now and then does not keep a head alive.
    let drips = slow.iter().map(|stream| stream.try_clone().unwrap()).collect::<Vec<_>>();
    let dripping = std::thread::spawn(move || {
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(100));
            for mut stream in &drips {
                let _ = stream.write_all(b"x");
            }
        }
    });
    for stream in &mut slow {
        assert!(closes(stream, Duration::from_secs(6)), "a head that never ends is cut off");
    }
    dripping.join().unwrap();
    drop(slow);
    // Who has not even said which protocol it speaks is watched over by none.
    for says in [&b""[..], b"PRI * HTTP/2.0"] {
        let mut silent = connect();
        silent.write_all(says).unwrap();
        assert!(closes(&mut silent, Duration::from_secs(6)), "{says:?} begins nothing");
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    assert_eq!(figure(&world, "beatbook_connections_refused_total").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_under_way_are_answered_when_the_server_ends() {
    let world = World::new(Database::sqlite()).await;
    let mut phone = world.phone("1482").await;
    phone.sync(vec![phone.batch(0)]).await;
    for n in 0..8 {
        phone.engagement(&format!("number {n}"));
    }
    let (address, challenge) = (world.running.address, *phone.challenge.lock().unwrap());
    // Eight requests that have begun: each a record of its own, half of its body sent.
    let mut begun: Vec<(TcpStream, Vec<u8>)> = (1..9)
        .map(|n| {
            let request = phone.request(vec![phone.batch_of(&phone.record, n..n + 1, &[])]);
            let body = serde_json::to_vec(&request).unwrap();
            let signed = phone.sign(challenge, &body);
            let head = format!(
                "POST /v1/sync HTTP/1.1\r\nhost: central\r\nauthorization: {signed}\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            let (first, rest) = body.split_at(body.len() / 2);
            stream.write_all(first).unwrap();
            (stream, rest.to_vec())
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let World { running, storage, database } = world;
    let stopping = tokio::spawn(running.stop());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(TcpStream::connect(address).is_err(), "nobody new is let in");
    for (stream, rest) in &mut begun {
        stream.write_all(rest).unwrap();
    }
    for (stream, _) in &mut begun {
        let mut answer = Vec::new();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("receipts"), "{answer}");
    }
    stopping.await.unwrap().unwrap();
    assert_eq!(storage.position().await.unwrap(), 9);
    drop(database);
}
