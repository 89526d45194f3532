//! Two centrals side by side over one PostgreSQL, behind a plain switch. One of them is killed again and again while
//! several phones send: nothing is lost, nothing is there twice, and the positions have no gap.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write as _;
use std::time::{Duration, Instant};

use beatbook_tests::faults::{
    Backend, Books, Finding, HandHeld, Notebook, Proxy, Server, Template, UNANSWERED, Victim, Weather,
};

/// Four officers with two phones each.
const PHONES: [&str; 8] = ["1482", "1377", "2206", "7014", "1482-2", "1377-2", "2206-2", "7014-2"];
const ROUNDS: u64 = 20;
const SEED: u64 = 20_261_124;
/// How long one try to send is waited for.
const TRY: Duration = Duration::from_secs(5);

fn all_received(phone: &HandHeld) -> bool {
    let told = phone.told();
    told.saved.keys().all(|entry| told.received.iter().any(|receipt| receipt.entry == *entry))
}

#[test]
fn one_of_two_centrals_killed_in_mid_sync_loses_nothing_and_repeats_nothing() {
    let Some(postgres) = Backend::postgres() else {
        let words = b"\nNOT RUN: two centrals over one PostgreSQL (BEATBOOK_TEST_POSTGRES is not set)\n";
        std::io::stderr().write_all(words).unwrap();
        return;
    };
    let template = Template::make(postgres, &PHONES).unwrap();
    let switch = Proxy::start().unwrap();
    let scene = template.copy(&switch.url()).unwrap();
    let mut dice = fastrand::Rng::with_seed(SEED);
    let mut centrals = [0, 1].map(|_| Server::new(&scene.database, Victim::default()).unwrap());
    let mut addresses = centrals.each_mut().map(|central| central.start().unwrap());
    switch.towards(addresses.to_vec());
    let mut phones: Vec<HandHeld> = PHONES
        .iter()
        .map(|name| HandHeld::new(scene.phone(name).unwrap(), &name[..4], Victim::default()).unwrap())
        .collect();
    for phone in &mut phones {
        assert!(phone.open().unwrap());
    }
    // A tenth of the requests meet a fault of the link besides; most end with the central they were sent to.
    switch.weather(Weather { dice: fastrand::Rng::with_seed(SEED), percent: 10, kills: false });
    for round in 0..ROUNDS {
        for (phone, name) in phones.iter_mut().zip(PHONES) {
            for n in 0..dice.u64(1..5) {
                phone.ask(&format!("save {name}-{round}-{n} {}", dice.usize(0..400)));
            }
            phone.start_sending();
        }
        std::thread::sleep(Duration::from_micros(dice.u64(0..60_000)));
        let which = dice.usize(..2);
        centrals[which].kill_9().unwrap();
        // Meanwhile the other one serves everybody.
        for phone in &mut phones {
            phone.send(TRY);
        }
        addresses[which] = centrals[which].start().unwrap();
        switch.towards(addresses.to_vec());
    }
    switch.weather(Weather::fair());
    let began = Instant::now();
    while !phones.iter().all(all_received) && began.elapsed() < Duration::from_secs(30) {
        for phone in &mut phones {
            phone.send(TRY);
        }
    }
    let in_mid_sync = switch.felt().get(UNANSWERED).copied().unwrap_or_default();
    assert!(in_mid_sync >= 5, "only {in_mid_sync} requests were under way when their central was killed");

    let mut findings: Vec<Finding> = Vec::new();
    let mut saved = 0;
    for phone in &mut phones {
        assert!(all_received(phone), "--seed {SEED}: not everything was received: {:?}", phone.told());
        assert!(phone.end());
    }
    centrals.iter_mut().for_each(Server::stop);
    let books = Books::read(&scene.database).unwrap();
    for (phone, name) in phones.iter().zip(PHONES) {
        let told = phone.told();
        saved += told.saved.len();
        let notebook = Notebook::read(scene.phone(name).unwrap()).unwrap();
        findings.extend(notebook.against(&told));
        findings.extend(notebook.against_books(&books));
        findings.extend(books.against(&told));
    }
    findings.extend(books.by_themselves());
    findings.extend(centrals[0].verify().unwrap().map(Finding::Verify));
    assert_eq!(findings, vec![], "seed {SEED}");
    assert!(saved > 100 && books.len() > saved, "{saved} saved, {} at central", books.len());
}
