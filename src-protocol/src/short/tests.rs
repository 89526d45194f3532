//! Requests and replies there and back, and what must not pass.
#![allow(clippy::unwrap_used)]

use beatbook_domain::id::*;
use beatbook_domain::seal::{self, MANIFEST_FORMAT, Manifest, Purpose, Seed, sign};
use beatbook_domain::time::Millis;
use ed25519_dalek::SigningKey;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::*;
use crate::sync::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n * 0x1111_2222_3333_4444_5555_6666_7777)
}

fn known(held: Option<Held>) -> Known {
    Known {
        device: DeviceId(id(1)),
        force: ForceId(id(2)),
        epoch: Some(EpochId(id(3))),
        profile: ChainId(id(4)),
        officer: OfficerId(id(5)),
        bases: vec![Base { chain: ChainId(id(4)), held }],
    }
}

fn held() -> Held {
    Held { seq: 7, link: Link([9; 32]), head: b"not a head that can be read".to_vec() }
}

/// A batch of `n` revisions that goes on from place 8, as a device signs it.
fn batch(known: &Known, n: u64) -> (Batch, Vec<Link>) {
    let profile = SigningKey::from_bytes(&[6; 32]);
    let seed = Seed([5; 32]);
    let chain = known.bases[0].chain;
    let (mut before, mut links, mut revisions) = (Link([9; 32]), Vec::new(), Vec::new());
    for seq in 8..8 + n {
        let head = format!(r#"{{"chain_id":"{chain}","seq":{seq},"author":"{}"}}"#, known.officer);
        let body = format!(r#"{{"note":"a mark \u0001A is text, {seq}"}}"#);
        let salt = seal::derive_salt(&seed, chain, seq);
        let sealed = seal::seal(chain, seq, &before, &seed, head.into_bytes(), body.into_bytes());
        before = sealed.link;
        links.push(sealed.link);
        let raw = |bytes: Vec<u8>| RawValue::from_string(String::from_utf8(bytes).unwrap()).unwrap();
        revisions.push(WireRevision {
            head: raw(sealed.head),
            body: sealed.body.map(raw),
            salt: Some(salt),
            commit: None,
        });
    }
    let manifest = Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        force: known.force,
        chain_id: chain,
        first: 8,
        before_first: Link([9; 32]),
        absent: Vec::new(),
        last: 7 + n,
        after_last: before,
    };
    let manifest = String::from_utf8(manifest.to_bytes()).unwrap();
    let signature = sign(&profile, Purpose::Manifest, &[manifest.as_bytes()]);
    (Batch { manifest, signature, seeds: Default::default(), revisions }, links)
}

fn request(known: &Known, batches: Vec<Batch>) -> SyncRequest {
    SyncRequest {
        protocol: CURRENT,
        device_id: known.device,
        profile: known.profile,
        epoch: known.epoch,
        heartbeat: Heartbeat { pending: 3, app_version: "1.0".into(), ..Heartbeat::default() },
        successions: Vec::new(),
        wants_chains: Vec::new(),
        batches,
        cursors: Cursors::new(),
        level: Some(Level { scopes: 5, reference: 6, all: 77 }),
        want_bytes: WANT_BYTES,
        keys: 1,
        copies: CopiesSaid { erased_to: 9, wants: vec![Link([2; 32])], ..CopiesSaid::default() },
    }
}

fn there_and_back(
    asked: &SyncRequest,
    known_here: &Known,
    known_there: &Known,
) -> Result<SyncRequest, ShortError> {
    let wire = pack_request(asked, known_here, Effort::Quick)?;
    let (envelope, packed) = Envelope::read(&wire)?;
    unpack_request(&envelope, packed, known_there, 1 << 20)
}

fn text(request: &SyncRequest) -> String {
    serde_json::to_string(request).unwrap()
}

#[test]
fn a_request_comes_back_to_the_last_byte_and_its_manifest_does_not_travel() {
    let known = known(Some(held()));
    let (batch, _) = batch(&known, 3);
    let asked = request(&known, vec![batch]);
    let back = there_and_back(&asked, &known, &known).unwrap();
    assert_eq!(text(&back), text(&asked));
    let short = pack_request(&asked, &known, Effort::Small).unwrap().len();
    let spelled = zstd::bulk::compress(text(&asked).as_bytes(), 19).unwrap().len();
    assert!(short < spelled, "{short} of {spelled}");
}

#[test]
fn a_revision_without_its_words_travels_by_its_commitment() {
    let known = known(Some(held()));
    let (mut batch, _) = batch(&known, 2);
    let wire = &mut batch.revisions[0];
    let (salt, body) = (wire.salt.take().unwrap(), wire.body.take().unwrap());
    wire.commit = Some(seal::commit(&salt, body.get().as_bytes()));
    let asked = request(&known, vec![batch]);
    let back = there_and_back(&asked, &known, &known).unwrap();
    assert_eq!(text(&back), text(&asked));
}

#[test]
fn a_manifest_that_does_not_go_on_from_a_base_travels_as_it_is() {
    let other = known(Some(Held { seq: 3, ..held() }));
    let (batch, _) = batch(&other, 2);
    let asked = request(&other, vec![batch]);
    assert_eq!(text(&there_and_back(&asked, &other, &other).unwrap()), text(&asked));
}

#[test]
fn a_base_that_differs_never_gives_what_was_signed() {
    let here = known(Some(held()));
    let there = known(Some(Held { link: Link([8; 32]), ..held() }));
    let (batch, _) = batch(&here, 1);
    let asked = request(&here, vec![batch.clone()]);
    let back = there_and_back(&asked, &here, &there).unwrap();
    assert_ne!(back.batches[0].manifest, batch.manifest);
    let key = VerifyKey(SigningKey::from_bytes(&[6; 32]).verifying_key().to_bytes());
    let manifest = back.batches[0].manifest.as_bytes();
    assert!(!seal::verify(&key, Purpose::Manifest, &[manifest], &batch.signature));
}

#[test]
fn an_epoch_central_has_left_is_another_one() {
    let here = known(Some(held()));
    let there = Known { epoch: Some(EpochId(id(99))), ..here.clone() };
    let back = there_and_back(&request(&here, Vec::new()), &here, &there).unwrap();
    assert!(back.epoch.is_some() && back.epoch != there.epoch);
    let new = Known { epoch: None, ..here };
    assert_eq!(there_and_back(&request(&new, Vec::new()), &new, &there).unwrap().epoch, None);
}

fn reply(known: &Known, links: &[Link], key: &SigningKey) -> SyncReply {
    let at = Millis(1_795_000_000_000);
    let problem = ReceiptProblem {
        code: "unknown_code".into(),
        field: None,
        words: "The server does not know one of the answers".into(),
        author_can_cure: false,
    };
    let receipts = (41..)
        .zip(links)
        .map(|(pos, link)| Receipt {
            link: *link,
            pos,
            received_at: at,
            problems: if pos == 42 { vec![problem.clone()] } else { Vec::new() },
        })
        .collect();
    let epoch = known.epoch.unwrap();
    let list =
        serde_json::to_string(&ReceiptList { epoch, keys: 1, device: known.device, at, receipts }).unwrap();
    let signature = sign(key, Purpose::Receipts, &[list.as_bytes()]);
    let key = VerifyKey(key.verifying_key().to_bytes());
    let end = Some(7 + links.len() as u64);
    SyncReply {
        protocol: CURRENT,
        server_time: at,
        epoch,
        receipts: Some(SignedReceipts { list, signature, key }),
        refusals: Vec::new(),
        ends: vec![ChainEnd { chain_id: known.profile, seq: end, link: None, verified_to: end }],
        changes: Vec::new(),
        scopes: None,
        level: Some(43),
        grants: Vec::new(),
        contacts: Vec::new(),
        more: false,
        keys: None,
        revoked: None,
        challenge: None,
        copies: CopiesTold { safe_below: Some(40), ..CopiesTold::default() },
    }
}

#[test]
fn receipts_in_order_are_one_number_and_the_list_is_the_one_that_was_signed() {
    let known = known(Some(held()));
    let (_, links) = batch(&known, 3);
    let key = SigningKey::from_bytes(&[3; 32]);
    let public = VerifyKey(key.verifying_key().to_bytes());
    let said = reply(&known, &links, &key);
    let packed = pack_reply(&said, &known, &links, Effort::Quick).unwrap();
    let back = unpack_reply(&packed, &known, &links, public, 1 << 20).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), serde_json::to_string(&said).unwrap());
    let signed = back.receipts.unwrap();
    assert!(seal::verify(&public, Purpose::Receipts, &[signed.list.as_bytes()], &signed.signature));
    // Whoever sent other revisions gets a list that nobody signed.
    let other = vec![Link([1; 32]), links[1], links[2]];
    let wrong = unpack_reply(&packed, &known, &other, public, 1 << 20).unwrap().receipts.unwrap();
    assert!(!seal::verify(&public, Purpose::Receipts, &[wrong.list.as_bytes()], &wrong.signature));
}

#[test]
fn receipts_out_of_order_and_ends_elsewhere_are_said_in_full() {
    let known = known(Some(held()));
    let (_, links) = batch(&known, 3);
    let key = SigningKey::from_bytes(&[3; 32]);
    let public = VerifyKey(key.verifying_key().to_bytes());
    let mut said = reply(&known, &links, &key);
    said.ends = vec![
        ChainEnd { chain_id: known.profile, seq: Some(90), link: None, verified_to: Some(12) },
        ChainEnd { chain_id: ChainId(id(50)), seq: None, link: None, verified_to: None },
    ];
    said.epoch = EpochId(id(70));
    let mut list: ReceiptList = serde_json::from_str(&said.receipts.as_ref().unwrap().list).unwrap();
    (list.epoch, list.receipts[1].received_at) = (said.epoch, Millis(1));
    let list = serde_json::to_string(&list).unwrap();
    let signature = sign(&key, Purpose::Receipts, &[list.as_bytes()]);
    said.receipts = Some(SignedReceipts { list, signature, key: public });
    let packed = pack_reply(&said, &known, &links, Effort::Small).unwrap();
    let back = unpack_reply(&packed, &known, &links, public, 1 << 20).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), serde_json::to_string(&said).unwrap());
}

#[test]
fn rubbish_and_bombs_are_neither() {
    let known = known(None);
    for wire in [&b""[..], b"\x00", b"\x01abc", b"\xff0123456789"] {
        assert!(Envelope::read(wire).is_err());
    }
    let asked = request(&known, Vec::new());
    let wire = pack_request(&asked, &known, Effort::Quick).unwrap();
    let (envelope, packed) = Envelope::read(&wire).unwrap();
    assert!(matches!(unpack_request(&envelope, packed, &known, 10), Err(ShortError::TooLarge)));
    assert!(unpack_request(&envelope, &packed[1..], &known, 1 << 20).is_err());
}
