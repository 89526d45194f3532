//! A chain that goes on from another: learnt by the profile key's word alone, and what the left chain holds comes back.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::*;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Chain, Phone, revisions};
use crate::world::World;

on_both! { a_chain_goes_on_from_another_by_its_own_key }

/// A request of the profile, whatever chain it writes to now.
fn request(phone: &Phone, profile: ChainId, successions: Vec<Succession>) -> SyncRequest {
    SyncRequest { profile, successions, ..phone.request(vec![phone.batch(0)]) }
}

async fn a_chain_goes_on_from_another_by_its_own_key(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let other = world.phone("0311").await;
    let before = phone.engagement("written before the phone was put back");
    phone.sync(vec![phone.batch(0)]).await;

    let left = std::mem::replace(&mut phone.record, Chain::new());
    let opened = phone.chain_opened(Some((left.id, left.end())));
    phone.write(Kind::ChainOpened, &opened);
    phone.engagement("written after it");
    let (new, device) = (phone.record.id, phone.device);
    let said = |key, device| Succession::new(key, device, new, left.id, left.end());

    // Nobody else's word counts, and none is no word either.
    let stranger = said(&other.profile, device);
    let elsewhere = said(&phone.profile, other.device);
    let foreign = Succession { follows: other.record.id, ..said(&phone.profile, device) };
    for (what, words) in [
        ("none", vec![]),
        ("another key", vec![stranger]),
        ("for another device", vec![elsewhere]),
        ("after another's chain", vec![foreign]),
    ] {
        let reply = phone.try_sync(&request(&phone, left.id, words)).await.unwrap();
        assert!(reply.receipts.is_none(), "{what}");
        assert_eq!(reply.refusals[0].reason, RefusalReason::UnknownChain, "{what}");
        assert!(reply.ends.iter().all(|end| end.chain_id != new), "{what}");
    }

    let word = said(&phone.profile, device);
    for _ in 0..2 {
        let reply = phone.try_sync(&request(&phone, left.id, vec![word])).await.unwrap();
        let receipts = phone.receipts(&reply);
        assert_eq!((receipts.len(), reply.refusals.len()), (2, 0));
        assert!(receipts.iter().all(|receipt| receipt.problems.is_empty()), "{receipts:?}");
        let end = reply.ends.iter().find(|end| end.chain_id == new).unwrap();
        assert_eq!((end.seq, end.verified_to), (Some(1), Some(1)));
        assert!(revisions(&reply).is_empty(), "what the profile wrote itself is not sent back");
    }

    // Of the chain it has left it wants everything, of the present one nothing.
    let mut wanting = request(&phone, left.id, vec![]);
    wanting.wants_chains = vec![left.id];
    let reply = phone.try_sync(&wanting).await.unwrap();
    let back: Vec<(ChainId, Link)> =
        revisions(&reply).into_iter().map(|(_, revision)| (revision.chain_id, revision.link)).collect();
    assert!(back.contains(&(left.id, before.link)));
    assert!(back.iter().all(|(chain, _)| *chain == left.id), "{back:?}");
    world.assert_whole().await;
}
