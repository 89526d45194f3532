//! Custody: what is taken, receipted, flagged, refused.

use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::seal;
use beatbook_protocol::sync::*;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;
use crate::phone::{engagement, wire};
use crate::world::World;

on_both! {
    everything_sent_is_receipted_at_gapless_positions,
    the_same_again_gets_the_same_receipt,
    a_second_link_at_one_place_is_kept_and_flagged,
    a_tampered_body_is_refused_and_its_neighbours_are_not,
    an_undecodable_batch_is_refused_alone,
    a_bad_record_in_a_good_batch_is_refused_alone,
    what_arrives_early_waits_for_nothing,
    what_is_wrong_is_taken_and_flagged,
    a_chain_of_another_phone_is_unknown,
    holes_and_bare_salts_are_proved_too,
}

fn codes(receipt: &Receipt) -> Vec<&str> {
    receipt.problems.iter().map(|problem| problem.code.as_str()).collect()
}

async fn everything_sent_is_receipted_at_gapless_positions(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.open_shift();
    phone.engagement("talked about lighting");
    phone.concern("followed three people from the rank");
    let reply = phone.sync(vec![phone.batch(0), phone.log_batch()]).await;
    let receipts = phone.receipts(&reply);
    assert_eq!(reply.refusals, vec![]);
    let sent: Vec<Link> = phone.record.revisions.iter().chain(&phone.log.revisions).map(|r| r.link).collect();
    assert_eq!(receipts.iter().map(|r| r.link).collect::<Vec<_>>(), sent);
    assert_eq!(receipts.iter().map(|r| r.pos).collect::<Vec<_>>(), vec![1, 2, 3, 4, 5]);
    assert!(receipts.iter().all(|r| r.problems.is_empty()), "{receipts:?}");
    let ends: Vec<_> =
        reply.ends.iter().map(|end| (end.chain_id, end.seq, end.link, end.verified_to)).collect();
    assert_eq!(
        ends,
        vec![
            (phone.record.id, Some(3), Some(phone.record.end()), Some(3)),
            (phone.log.id, Some(0), Some(phone.log.end()), Some(0)),
        ]
    );
    world.assert_whole().await;
}

async fn the_same_again_gets_the_same_receipt(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("once");
    let first = phone.sync(vec![phone.batch(0)]).await;
    let again = phone.sync(vec![phone.batch(0)]).await;
    assert_eq!(phone.receipts(&first), phone.receipts(&again));
    // The same revision twice in one request, in batches of different length.
    let both = phone.sync(vec![phone.batch(0), phone.batch(1)]).await;
    assert_eq!(phone.receipts(&both).len(), 3);
    assert_eq!(world.storage.ledger_figures().await.unwrap(), (2, 2, 2));
    world.assert_whole().await;
}

async fn a_second_link_at_one_place_is_kept_and_flagged(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut copy = phone.clone();
    phone.engagement("on the phone");
    copy.engagement("on its copy");
    let first = phone.sync(vec![phone.batch(0)]).await;
    assert!(phone.receipts(&first).iter().all(|r| r.problems.is_empty()));
    let second = copy.sync(vec![copy.batch(0)]).await;
    let receipts = copy.receipts(&second);
    assert_eq!(receipts.len(), 2, "both are in custody");
    assert_eq!(codes(&receipts[0]), Vec::<&str>::new());
    assert_eq!(codes(&receipts[1]), vec!["split_chain"]);
    assert_eq!(world.storage.ledger_figures().await.unwrap(), (3, 3, 3));
    let chain =
        world.storage.chains().await.unwrap().into_iter().find(|c| c.chain == phone.record.id).unwrap();
    assert_eq!(chain.split_at, Some(1));
    world.assert_whole().await;
}

async fn a_tampered_body_is_refused_and_its_neighbours_are_not(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("as it was");
    let mut batch = phone.batch(1);
    let was = batch.revisions[0].body.take().unwrap();
    batch.revisions[0].body = Some(RawValue::from_string(was.get().replace("was", "is!")).unwrap());
    let reply = phone.sync(vec![batch, phone.batch_of(&phone.record, 0..1, &[])]).await;
    let refusal =
        Refusal { chain_id: phone.record.id, first: 1, last: 1, reason: RefusalReason::BadlySigned };
    assert_eq!(reply.refusals, vec![refusal]);
    assert_eq!(phone.receipts(&reply).len(), 1);
    // A manifest signed by another key is as bad, and so is one for another force.
    let mut stranger = phone.clone();
    stranger.profile = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let mut elsewhere = phone.clone();
    elsewhere.force = ForceId(Uuid::new_v4());
    for batch in [stranger.batch(1), elsewhere.batch(1)] {
        let reply = phone.sync(vec![batch]).await;
        assert_eq!(reply.refusals[0].reason, RefusalReason::BadlySigned);
        assert!(reply.receipts.is_none());
    }
    world.assert_whole().await;
}

async fn an_undecodable_batch_is_refused_alone(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("beside nonsense");
    let mut nonsense = phone.batch(0);
    nonsense.manifest = format!("{{\"chain_id\":\"{}\",\"first\":7,\"last\":9}}", phone.record.id);
    let reply = phone.sync(vec![nonsense, phone.batch(0)]).await;
    let refusal =
        Refusal { chain_id: phone.record.id, first: 7, last: 9, reason: RefusalReason::Undecodable };
    assert_eq!(reply.refusals, vec![refusal]);
    assert_eq!(phone.receipts(&reply).len(), 2);
    // Something that is no batch at all, in the place of one.
    phone.engagement("beside worse");
    let mut request = serde_json::to_value(phone.request(vec![phone.batch(2)])).unwrap();
    let mut request_with_good = serde_json::to_string(&phone.batch(2)).unwrap();
    request["batches"] = serde_json::json!([]);
    request_with_good = serde_json::to_string(&request)
        .unwrap()
        .replace("\"batches\":[]", &format!("\"batches\":[{{\"no\":\"batch\"}},17,{request_with_good}]"));
    let reply = phone.post(request_with_good.into_bytes(), None).await.unwrap();
    assert_eq!(
        reply.refusals.iter().map(|r| r.reason).collect::<Vec<_>>(),
        vec![RefusalReason::Undecodable; 2]
    );
    assert_eq!(phone.receipts(&reply).len(), 1);
    world.assert_whole().await;
}

async fn a_bad_record_in_a_good_batch_is_refused_alone(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let large = "x".repeat(MAX_BODY_BYTES);
    phone.engagement(&large);
    phone.write_bytes(br#"{"format":"something else"}"#.to_vec(), b"{}".to_vec());
    let mut liar = phone.head(&phone.record, Kind::Engagement);
    liar.seq = 17;
    phone.write_bytes(liar.to_bytes(), engagement("says it is number 17").to_bytes());
    phone.engagement("the one after them");
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let refusal = |seq, reason| Refusal { chain_id: phone.record.id, first: seq, last: seq, reason };
    assert_eq!(
        reply.refusals,
        vec![
            refusal(1, RefusalReason::Oversized),
            refusal(2, RefusalReason::Undecodable),
            refusal(3, RefusalReason::BadlySigned)
        ]
    );
    let receipts = phone.receipts(&reply);
    assert_eq!(
        receipts.iter().map(|r| r.link).collect::<Vec<_>>(),
        vec![phone.record.revisions[0].link, phone.record.revisions[4].link]
    );
    assert_eq!(reply.ends[0].verified_to, Some(0), "a hole is a hole, whoever refused");
    world.assert_whole().await;
}

async fn what_arrives_early_waits_for_nothing(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("one");
    phone.engagement("two");
    phone.engagement("three");
    let early = phone.sync(vec![phone.batch(3)]).await;
    assert_eq!(phone.receipts(&early).len(), 1);
    assert_eq!((early.ends[0].seq, early.ends[0].verified_to), (Some(3), None));
    world.assert_whole().await;
    let rest = phone.sync(vec![phone.batch_of(&phone.record, 0..3, &[])]).await;
    assert_eq!((rest.ends[0].seq, rest.ends[0].verified_to), (Some(3), Some(3)));
    world.assert_whole().await;
}

async fn what_is_wrong_is_taken_and_flagged(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.write_with(Kind::Engagement, &engagement("by somebody else"), |head| {
        head.author = OfficerId(Uuid::nil())
    });
    let Body::Engagement(mut unknown) = engagement("a code nobody has") else { unreachable!() };
    unknown.engagement_type.code = "E_NOT_YET".into();
    phone.write(Kind::Engagement, &Body::Engagement(unknown));
    let head = String::from_utf8(phone.head(&phone.record, Kind::Engagement).to_bytes()).unwrap();
    phone.write_bytes(head.replace("\"engagement\"", "\"telepathy\"").into_bytes(), b"{\"new\":1}".to_vec());
    phone.write_bytes(
        phone.head(&phone.record, Kind::Concern).to_bytes(),
        b"{\"not\":\"a concern\"}".to_vec(),
    );
    phone.write(Kind::Unlocked, &Body::Log(LogRecord::default()));
    let hold = Hold { entry_id: EntryId(Uuid::new_v4()), holds: true, authority: "court".into() };
    phone.write(Kind::Hold, &Body::Hold(hold));
    let long = engagement(&"long ".repeat(1_000));
    phone.write(Kind::Engagement, &long);
    let reply = phone.sync(vec![phone.batch(0)]).await;
    assert_eq!(reply.refusals, vec![]);
    let receipts = phone.receipts(&reply);
    let found: Vec<Vec<&str>> = receipts.iter().map(codes).collect();
    assert_eq!(
        found,
        vec![
            vec![],
            vec!["author_differs"],
            vec!["unknown_code"],
            vec!["unknown_kind"],
            vec!["body_unreadable"],
            vec!["wrong_chain"],
            vec!["no_authority"],
            vec!["too_long"],
        ]
    );
    let long = &receipts[7].problems[0];
    assert_eq!((long.field.as_deref(), long.author_can_cure), (Some("note"), true));
    assert!(!receipts[2].problems[0].author_can_cure, "a list is cured by its owner");
    world.assert_whole().await;
}

async fn a_chain_of_another_phone_is_unknown(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut other = world.phone("1377").await;
    other.engagement("not this phone's");
    let reply = phone.sync(vec![other.batch(0), phone.batch(0)]).await;
    assert_eq!(reply.refusals[0].reason, RefusalReason::UnknownChain);
    assert_eq!((reply.refusals[0].chain_id, reply.refusals[0].last), (other.record.id, 1));
    assert_eq!(phone.receipts(&reply).len(), 1);
}

async fn holes_and_bare_salts_are_proved_too(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    for n in 0..5 {
        phone.engagement(&format!("number {n}"));
    }
    // 2 and 4 stay at home; the others travel without their seed, each with its own salt.
    let mut batch = phone.batch_of(&phone.record, 0..6, &[2, 4]);
    batch.seeds.clear();
    for (wire, seq) in batch.revisions.iter_mut().zip([0u64, 1, 3, 5]) {
        wire.salt = Some(seal::derive_salt(&phone.record.seed, phone.record.id, seq));
    }
    let reply = phone.sync(vec![batch]).await;
    assert_eq!(phone.receipts(&reply).len(), 4);
    assert_eq!(reply.ends[0].verified_to, Some(1));
    let mut rest = phone.batch_of(&phone.record, 2..5, &[3]);
    assert_eq!(rest.revisions.len(), 2);
    rest.revisions[0] = wire(&phone.record.revisions[2]);
    let reply = phone.sync(vec![rest]).await;
    assert_eq!(reply.ends[0].verified_to, Some(5));
    world.assert_whole().await;
}
