//! The short form says the same as the same spelled out, and asks for that where it cannot be read.

use beatbook_domain::id::*;
use beatbook_protocol::short::{self, Base, CODING, Effort, Held, Known};
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::Phone;
use crate::world::World;

on_both! { the_short_form_says_the_same, what_it_rests_on_and_is_not_here_is_asked_for }

const LIMIT: usize = 1 << 20;

fn known(phone: &Phone, epoch: Option<EpochId>, held: Option<usize>) -> Known {
    let held = held.map(|seq| {
        let sealed = &phone.record.revisions[seq];
        Held { seq: seq as u64, link: sealed.link, head: sealed.head.clone() }
    });
    Known {
        device: phone.device,
        force: phone.force,
        epoch,
        profile: phone.record.id,
        officer: phone.officer,
        bases: vec![Base { chain: phone.record.id, held }],
    }
}

/// Sends bytes in the short form: status and body, and whether the answer is in the short form too.
async fn send(phone: &Phone, wire: Vec<u8>) -> (u16, Vec<u8>, bool) {
    // Any request gets a challenge that is good for the next.
    phone.try_sync(&phone.request(vec![])).await.unwrap();
    let challenge = *phone.challenge.lock().unwrap();
    let answer = phone
        .http
        .post(format!("{}/v1/sync", phone.url))
        .header("authorization", phone.sign(challenge, &wire).to_string())
        .header("content-encoding", CODING)
        .body(wire)
        .send()
        .await
        .unwrap();
    let is_short = answer.headers().get("content-encoding").is_some_and(|coding| coding == CODING);
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec(), is_short)
}

async fn the_short_form_says_the_same(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("sent spelled out");
    let first = phone.sync(vec![phone.batch(0)]).await;
    let scopes = first.scopes.clone().unwrap();
    let level = first.level.unwrap();
    phone.engagement("sent in the short form");
    phone.concern("and a concern with it");

    let known = known(&phone, Some(first.epoch), Some(1));
    let here =
        Level { scopes: Level::digest(&scopes), reference: phone.cursors[&Scope::Reference], all: level };
    let asked = SyncRequest {
        epoch: Some(first.epoch),
        cursors: Cursors::new(),
        level: Some(here),
        want_bytes: WANT_BYTES,
        ..phone.request(vec![phone.batch(2)])
    };
    let wire = short::pack_request(&asked, &known, Effort::Small).unwrap();
    let manifest = &asked.batches[0].manifest;
    let spelled = zstd::bulk::compress(&serde_json::to_vec(&asked).unwrap(), 19).unwrap();
    assert!(wire.len() + manifest.len() / 4 < spelled.len(), "{} of {}", wire.len(), spelled.len());

    let (status, body, is_short) = send(&phone, wire).await;
    assert_eq!((status, is_short), (200, true));
    let sent: Vec<Link> = phone.record.revisions[2..].iter().map(|sealed| sealed.link).collect();
    let key = phone.bundle.as_ref().unwrap().keys.receipt_key;
    let reply = short::unpack_reply(&body, &known, &sent, key, LIMIT).unwrap();
    let receipts = phone.receipts(&reply);
    assert_eq!(receipts.iter().map(|receipt| receipt.link).collect::<Vec<_>>(), sent);
    assert_eq!(reply.scopes, None, "the scopes are the same");
    assert!(reply.changes.is_empty() && reply.level > Some(level));
    assert_eq!(
        reply.ends.iter().map(|end| (end.chain_id, end.seq)).collect::<Vec<_>>(),
        [(phone.record.id, Some(3))]
    );
    // Spelled out afterwards, the same revisions have the same receipts.
    let again = phone.sync(vec![phone.batch(2)]).await;
    assert_eq!(phone.receipts(&again), receipts);
    world.assert_whole().await;
}

async fn what_it_rests_on_and_is_not_here_is_asked_for(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("one");
    phone.engagement("two, which central does not have");
    let first = phone.sync(vec![phone.batch_of(&phone.record, 0..2, &[])]).await;
    let asked = SyncRequest { epoch: Some(first.epoch), ..phone.request(vec![]) };
    let (there, gone) =
        (known(&phone, Some(first.epoch), Some(1)), known(&phone, Some(first.epoch), Some(2)));
    let good = short::pack_request(&asked, &there, Effort::Quick).unwrap();
    let mut other_chain = good.clone();
    other_chain[6] ^= 1;
    let cut = good[..good.len() - 3].to_vec();
    let bad = short::pack_request(&asked, &gone, Effort::Quick).unwrap();
    for (what, wire) in [("a base", bad), ("a chain", other_chain), ("its end", cut), ("all of it", vec![])] {
        let (status, body, _) = send(&phone, wire).await;
        let error: ErrorReply = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, error.code.as_str()), (409, "spell_out"), "{what} is not here");
    }
    assert_eq!(send(&phone, good).await.0, 200);
}
