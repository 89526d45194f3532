//! TLS and keys over real sockets: whom a phone talks to, what it takes from whom, and what never leaves it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ahead;
mod half_open;
mod parts;

use std::net::SocketAddr;
use std::sync::Arc;

use beatbook_central::force;
use beatbook_central::keys::{self, Change};
use beatbook_central::server::{self, ServeError};
use beatbook_device::sync::{Http, SyncError};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{EnrolTicket, SignedStatement};

use parts::*;

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_serves_every_sync_and_a_cut_one_is_taken_up_again() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    let (figures, link) = (Figures::of(&running), Link::to(running.address).await);
    let (before, _) = figures.handshakes().await;
    let phone = Phone::enrolled(&link.url(), central.code("1482")).await;
    // One to a stranger, whose keys are asked for; one to the key that was proved.
    assert_eq!(figures.handshakes().await, (before + 2, 0));
    for _ in 0..3 {
        phone.write().await;
        assert!(phone.sync().await.unwrap() > 0);
    }
    assert_eq!(figures.handshakes().await, (before + 2, 0), "no sync cost a handshake");
    link.cut();
    phone.write().await;
    // The first try may find the connection dead; the next one makes a new one.
    let received = match phone.sync().await {
        Ok(received) => received,
        Err(SyncError::Unreachable(_)) => phone.sync().await.unwrap(),
        Err(other) => panic!("{other}"),
    };
    assert!(received > 0);
    assert_eq!(figures.handshakes().await, (before + 2, 1), "the session was taken up, not made anew");
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_was_off_for_weeks_connects_when_every_key_it_knew_is_gone() {
    let central = Central::new().await;
    let (b, c, d) = (central.new_key("b"), central.new_key("c"), central.new_key("d"));
    let running = central.serve("a").await;
    let link = Link::to(running.address).await;
    let phone = Phone::enrolled(&link.url(), central.code("1482")).await;
    phone.write().await;
    assert!(phone.sync().await.unwrap() > 0, "it has receipts by the first key");
    running.stop().await.unwrap();

    // Off: TLS keys and receipt key change, and change again.
    phone.write().await;
    let waiting = phone.waiting().await;
    central.publish(Change::Tls(vec![b.clone(), c.clone()])).await;
    central.publish(Change::Receipt).await;
    central.publish(Change::Tls(vec![c, d])).await;
    let newest = central.publish(Change::Receipt).await;
    assert_eq!((phone.number().await, newest), (1, 5));
    let running = central.serve("d").await;
    link.lead_to(running.address);
    assert_eq!(phone.sync().await.unwrap(), waiting);
    assert_eq!((phone.number().await, phone.waiting().await), (5, 0));

    // Every statement it has known is kept, and the lists signed by either key verify at central.
    let kept = phone.owner.read(|store| store.statements()).await.unwrap();
    assert_eq!(kept.len(), 2);
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_change_while_phones_are_on_come_with_the_next_answers() {
    let central = Central::new().await;
    let b = central.new_key("b");
    let running = central.serve("a").await;
    let phone = Phone::enrolled(&running.url(), central.code("1482")).await;
    let named = vec![central.certificate("a").fingerprint().to_owned(), b];
    central.publish(Change::Tls(named)).await;
    central.publish(Change::Receipt).await;
    // A running server looks for a newer statement every few seconds; every sync meanwhile goes through as well.
    for _ in 0..100 {
        phone.write().await;
        assert!(phone.sync().await.unwrap() > 0);
        if phone.number().await == 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(phone.number().await, 3);
    let address = running.address;
    running.stop().await.unwrap();
    let running = central.serve_at("b", address).await;
    phone.write().await;
    let received = match phone.sync().await {
        Ok(received) => received,
        Err(SyncError::Unreachable(_)) => phone.sync().await.unwrap(),
        Err(other) => panic!("{other}"),
    };
    assert!(received > 0, "the next key was known before it was served");
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_in_the_middle_of_an_enrolment_reads_the_secret() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    // The same central without TLS stands for his own way to the true server.
    let behind = server::start(Arc::clone(&central.storage), loopback()).await.unwrap();
    central.new_key("impostor");
    let certificate = central.certificate("impostor");
    let code = central.code("1482").to_owned();
    let http = Http::new().unwrap();

    // He passes everything on: the statement is true, and names another key than his.
    let relay = Impostor::start(&certificate, Trick::Relay(behind.address)).await;
    let refused = try_enrol(&http, &relay.url(), &code).await.err().unwrap();
    assert!(matches!(refused, SyncError::NotTrusted), "{refused:?}");
    relay.assert_learnt_nothing();

    // He has a force of his own, whose root key names his certificate.
    let evil = Central::new().await;
    let own = serde_json::to_string(&evil.statement().await).unwrap();
    let liar = Impostor::start(&evil.certificate("a"), Trick::Answer(own)).await;
    let refused = try_enrol(&http, &liar.url(), &code).await.err().unwrap();
    assert!(matches!(refused, SyncError::WrongServer), "{refused:?}");
    liar.assert_learnt_nothing();

    // A statement that was changed by one letter, and something that is none.
    let statement = central.statement().await;
    let forged = SignedStatement {
        bundle: statement.bundle.replace(central.certificate("a").fingerprint(), certificate.fingerprint()),
        ..statement
    };
    for (body, wanted) in [
        (serde_json::to_string(&forged).unwrap(), SyncError::WrongServer),
        ("<html>Sign in to the train's Wi-Fi</html>".to_owned(), SyncError::NotOurs),
    ] {
        let impostor = Impostor::start(&certificate, Trick::Answer(body)).await;
        let refused = try_enrol(&http, &impostor.url(), &code).await.err().unwrap();
        assert_eq!(refused.to_string(), wanted.to_string());
        impostor.assert_learnt_nothing();
    }

    // After all that the code is unspent, and good at the true server.
    assert!(try_enrol(&http, &running.url(), &code).await.is_ok());
    running.stop().await.unwrap();
    behind.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_in_the_middle_of_a_sync_reads_an_entry() {
    let central = Central::new().await;
    let b = central.new_key("b");
    central.new_key("impostor");
    let running = central.serve("a").await;
    let link = Link::to(running.address).await;
    let first = central.statement().await;
    let phone = Phone::enrolled(&link.url(), central.code("1482")).await;
    phone.sync().await.unwrap();
    phone.write().await;
    let waiting = phone.waiting().await;

    let behind = server::start(Arc::clone(&central.storage), loopback()).await.unwrap();
    let certificate = central.certificate("impostor");
    let relay = Impostor::start(&certificate, Trick::Relay(behind.address)).await;
    link.lead_to(relay.address);
    assert!(matches!(phone.sync().await, Err(SyncError::Unreachable(_) | SyncError::NotTrusted)));
    assert!(matches!(phone.sync().await, Err(SyncError::NotTrusted)));
    relay.assert_learnt_nothing();
    assert_eq!(phone.waiting().await, waiting, "it waits, and is not lost");

    // A newer statement is true, but names another key than the one that hands it out.
    central.publish(Change::Tls(vec![b])).await;
    running.stop().await.unwrap();
    behind.stop().await.unwrap();
    let behind = server::start(Arc::clone(&central.storage), loopback()).await.unwrap();
    let relay = Impostor::start(&certificate, Trick::Relay(behind.address)).await;
    link.lead_to(relay.address);
    assert!(matches!(phone.sync().await, Err(SyncError::NotTrusted)));
    relay.assert_learnt_nothing();
    assert_eq!(phone.number().await, 1);

    // The true server, with the key that the newer statement names.
    let running = central.serve("b").await;
    link.lead_to(running.address);
    assert_eq!(phone.sync().await.unwrap(), waiting);
    assert_eq!(phone.number().await, 2);

    // The key that was taken out of the statement is stolen, and the old statement is shown again.
    let old = Trick::Answer(serde_json::to_string(&first).unwrap());
    let thief = Impostor::start(&central.certificate("a"), old).await;
    link.lead_to(thief.address);
    phone.write().await;
    let refused = phone.sync().await;
    let refused =
        if matches!(refused, Err(SyncError::Unreachable(_))) { phone.sync().await } else { refused };
    assert!(matches!(refused, Err(SyncError::NotTrusted)), "{refused:?}");
    thief.assert_learnt_nothing();
    assert_eq!(phone.number().await, 2);
    running.stop().await.unwrap();
    behind.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_this_forces_root_key_and_a_rising_number_change_what_a_phone_knows() {
    let (central, other) = (Central::new().await, Central::new().await);
    let running = central.serve("a").await;
    let phone = Phone::enrolled(&running.url(), central.code("1482")).await;
    let first = central.statement().await;
    let second = {
        central.publish(Change::Receipt).await;
        central.statement().await
    };
    let third = {
        central.publish(Change::Receipt).await;
        central.statement().await
    };
    other.publish(Change::Receipt).await;
    assert!(!phone.offer(other.statement().await).await, "another force's");
    let forged =
        SignedStatement { bundle: third.bundle.replace("\"number\":3", "\"number\":9"), ..third.clone() };
    assert_ne!(forged.bundle, third.bundle);
    assert!(!phone.offer(forged).await, "changed after it was signed");
    assert!(phone.offer(third.clone()).await);
    for lower in [first, second, third] {
        assert!(!phone.offer(lower).await);
    }
    assert_eq!(phone.number().await, 3);
    // The root key of another force signs nothing here.
    let others = other.path("root.key");
    let wrong = keys::publish(central.storage.as_ref(), &others, Change::Receipt, 0, now());
    assert!(matches!(wrong.await, Err(force::ForceError::OtherForce { .. })));
    // A phone that knows a higher number than a server that has looked a moment ago is answered by the newest.
    phone.write().await;
    assert!(phone.sync().await.unwrap() > 0);
    running.stop().await.unwrap();
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_clock_of_1970_or_2040_changes_nothing() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    for (collar, clock) in [("1482", Millis(86_400_000)), ("1377", Millis(2_208_988_800_000))] {
        let phone = Phone::with_clock(&running.url(), central.code(collar), Arc::new(Standing(clock))).await;
        phone.write().await;
        assert!(phone.sync().await.unwrap() > 0, "{collar}");
        let proven = phone.owner.read(|store| store.trust()).await.unwrap().signed_time.unwrap();
        assert!((proven.0 - now().0).abs() < 60_000, "the proven time is central's");
    }
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_any_address_is_served_and_without_it_loopback_only() {
    let central = Central::new().await;
    let anywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let plain = server::start(Arc::clone(&central.storage), anywhere).await.err().unwrap();
    assert!(matches!(plain, ServeError::NotLoopback(_)), "{plain}");
    let running = central.serve_at("a", anywhere).await;
    let server = format!("https://127.0.0.1:{}", running.address.port());
    Phone::enrolled(&server, central.code("1482")).await;
    // Plain HTTP on the same socket gets no answer of ours.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(http.get(format!("http://127.0.0.1:{}/healthz", running.address.port())).send().await.is_err());
    running.stop().await.unwrap();
    // A certificate that no phone would take is not served.
    central.new_key("forgotten");
    let forgotten = central.certificate("forgotten");
    let unnamed = server::start_with(Arc::clone(&central.storage), loopback(), Some(forgotten)).await;
    assert!(matches!(unnamed.err().unwrap(), ServeError::NotNamed(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_code_needs_no_address_and_takes_no_older_statement() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    let first = central.statement().await;
    central.publish(Change::Receipt).await;
    let bundle = force::load(central.storage.as_ref()).await.unwrap().bundle;
    let ticket = |server: &str| {
        let code = EnrolTicket::parse(central.code("1482")).unwrap().code;
        EnrolTicket::new(server, code, &bundle).to_string()
    };
    let http = Http::new().unwrap();
    // The true statement of before, shown by somebody who holds a key it named.
    let stale =
        Impostor::start(&central.certificate("a"), Trick::Answer(serde_json::to_string(&first).unwrap()))
            .await;
    let refused = try_enrol(&http, "", &ticket(&stale.url())).await.err().unwrap();
    assert!(matches!(refused, SyncError::NotTrusted), "{refused:?}");
    stale.assert_learnt_nothing();
    running.stop().await.unwrap();
    let running = central.serve("a").await;
    let (identity, _) = try_enrol(&http, "", &ticket(&running.url())).await.unwrap();
    assert_eq!((identity.server.as_str(), identity.force.keys.number), (running.url().as_str(), 2));
    running.stop().await.unwrap();
}
