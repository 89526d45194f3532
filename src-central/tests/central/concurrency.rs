//! Many phones at once: positions are gapless in commit order, and a reader that only moves forward misses nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use beatbook_domain::id::Link;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! { nothing_is_missed_while_many_write, two_phones_in_one_instant_write_one_revision_once }

const PHONES: usize = 6;
const ROUNDS: usize = 8;

async fn nothing_is_missed_while_many_write(database: Database) {
    let world = World::new(database).await;
    // Two server processes over one database, phones spread over both.
    let second = world.second_server().await;
    let mut phones: Vec<Phone> = Vec::new();
    for n in 0..PHONES {
        let mut phone = world.phone("1482").await;
        if n % 2 == 1 {
            phone.url = second.url();
        }
        phones.push(phone);
    }
    let done = Arc::new(AtomicBool::new(false));
    let mut sergeant = world.phone("0311").await;
    let reader = tokio::spawn({
        let done = Arc::clone(&done);
        async move {
            let (mut seen, mut last) = (Vec::new(), false);
            loop {
                let reply = sergeant.sync(vec![]).await;
                let read = revisions(&reply);
                let ended = read.is_empty() && last;
                seen.extend(read.into_iter().map(|(_, revision)| (revision.pos, revision.link)));
                if ended {
                    return seen;
                }
                last = done.load(Ordering::SeqCst) && !reply.more;
            }
        }
    });
    let writers: Vec<_> = phones
        .into_iter()
        .map(|mut phone| {
            tokio::spawn(async move {
                let mut receipts = Vec::new();
                for round in 0..ROUNDS {
                    phone.engagement(&format!("round {round}"));
                    phone.engagement(&format!("round {round} again"));
                    let from = if round == 0 { 0 } else { phone.record.revisions.len() - 2 };
                    let reply = phone.sync(vec![phone.batch(from)]).await;
                    receipts.extend(phone.receipts(&reply));
                }
                receipts
            })
        })
        .collect();
    let mut given: BTreeSet<(u64, Link)> = BTreeSet::new();
    for writer in writers {
        let receipts = writer.await.unwrap();
        assert!(receipts.windows(2).all(|pair| pair[0].pos < pair[1].pos));
        given.extend(receipts.into_iter().map(|receipt| (receipt.pos, receipt.link)));
    }
    done.store(true, Ordering::SeqCst);
    let count = PHONES * (ROUNDS * 2 + 1);
    let positions: Vec<u64> = given.iter().map(|(pos, _)| *pos).collect();
    assert_eq!(positions, (1..=count as u64).collect::<Vec<_>>(), "gapless, each once");
    let seen = reader.await.unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "in the order of position");
    assert_eq!(
        seen.into_iter().collect::<BTreeSet<_>>(),
        given,
        "a cursor that only moves forward saw all of it"
    );
    second.stop().await.unwrap();
    world.assert_whole().await;
}

async fn two_phones_in_one_instant_write_one_revision_once(database: Database) {
    let world = World::new(database).await;
    let second = world.second_server().await;
    let mut phone = world.phone("1482").await;
    // The same request to two processes in one instant, many times: a phone that lost patience.
    for round in 0..ROUNDS * 3 {
        for n in 0..10 {
            phone.engagement(&format!("{round} {n}"));
        }
        let (mut one, mut other) = (phone.clone(), phone.clone());
        other.url = second.url();
        let batch = phone.batch(round * 10);
        let (first, again) = tokio::join!(one.sync(vec![batch.clone()]), other.sync(vec![batch]));
        assert_eq!(phone.receipts(&first), phone.receipts(&again), "both are told the same");
    }
    let count = ROUNDS as u64 * 30 + 1;
    assert_eq!(world.storage.ledger_figures().await.unwrap(), (count, count, count));
    second.stop().await.unwrap();
    world.assert_whole().await;
}
