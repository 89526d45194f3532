//! Central restored from an older backup; this phone put back to an older state.

use beatbook_protocol::sync::{ChainEnd, ReceiptProblem};

use super::super::pull::LastAnswer;
use super::*;

const OLD: EpochId = EpochId(Uuid::from_u128(9));
const NEW: EpochId = EpochId(Uuid::from_u128(10));

fn end(chain_id: ChainId, seq: Option<u64>, link: Option<Link>) -> ChainEnd {
    ChainEnd { chain_id, seq, link, verified_to: seq }
}

/// A store with `n` entries, all received in the old epoch, and a cursor.
fn received(bench: &Bench, n: u64) -> (Store, Vec<Written>) {
    let mut store = bench.create();
    let written: Vec<Written> = (0..n).map(|k| save(&mut store, &format!("entry {k}"))).collect();
    let opened: Vec<Receipt> = [Chain::Record, Chain::Log]
        .into_iter()
        .map(|chain| {
            let id = store.chain_id(chain);
            let row = store.whole_chain(id).unwrap().remove(0);
            Receipt { link: row.link, pos: 1, received_at: NIGHT, problems: Vec::new() }
        })
        .collect();
    let receipts = opened.into_iter().chain(written.iter().map(|w| receipt(w, w.seq + 1))).collect();
    apply(&mut store, bench, receipts, Vec::new());
    let answer = LastAnswer { epoch: Some(OLD), ..Default::default() };
    store.keep_answer(&answer, ClockOffset::measured(NIGHT, NIGHT, NIGHT)).unwrap();
    store.connection().unwrap().execute("INSERT INTO cursor VALUES ('reference', 7)", []).unwrap();
    assert_eq!(store.outbox().items().count(), 0);
    (store, written)
}

fn cursor(store: &mut Store) -> i64 {
    store.connection().unwrap().query_row("SELECT pos FROM cursor", [], |row| row.get(0)).unwrap()
}

#[test]
fn what_a_restored_central_lost_waits_again_and_nothing_else_does() {
    let bench = Bench::new();
    let (mut store, written) = received(&bench, 5);
    let chain = store.chain_id(Chain::Record);
    // The backup ends with the second entry (sequence number 2, the chain's opening being 0).
    let ends = [end(chain, Some(2), Some(written[1].link))];
    assert_eq!(store.send_again_what_central_lost(NEW, &ends).unwrap(), 3);
    let waits: Vec<i64> = store.outbox().sendable().map(|item| item.rid).collect();
    assert_eq!(waits, written[2..].iter().map(|w| w.rid).collect::<Vec<_>>());
    assert_eq!(store.outbox().pill().waiting, 3);
    assert_eq!(cursor(&mut store), 0, "positions of another epoch mean nothing");
    assert_eq!(store.reconciled().unwrap().unwrap().wait_again, 3);
    drop(store);
    let mut store = bench.open().unwrap();
    assert_eq!(store.outbox().pill().waiting, 3, "also after a restart");
    let again = apply(&mut store, &bench, written[2..].iter().map(|w| receipt(w, 90)).collect(), Vec::new());
    assert_eq!((again.received, store.outbox().items().count()), (3, 0));
    store.verify_all().unwrap();
}

#[test]
fn an_answer_of_the_same_epoch_moves_nothing_unless_central_stands_before_its_own_receipts() {
    let bench = Bench::new();
    let (mut store, written) = received(&bench, 3);
    let unsent = save(&mut store, "not sent yet");
    let chain = store.chain_id(Chain::Record);
    let whole = [end(chain, Some(3), Some(written[2].link))];
    assert_eq!(store.send_again_what_central_lost(OLD, &whole).unwrap(), 0);
    assert_eq!((store.outbox().items().count(), cursor(&mut store)), (1, 7));
    // A database file put back by hand, without a new epoch.
    let rolled_back = [end(chain, Some(1), Some(written[0].link))];
    assert_eq!(store.send_again_what_central_lost(OLD, &rolled_back).unwrap(), 2);
    let waits: Vec<i64> = store.outbox().sendable().map(|item| item.rid).collect();
    assert_eq!(waits, [written[1].rid, written[2].rid, unsent.rid]);
}

#[test]
fn a_phone_put_back_to_an_older_state_goes_on_in_a_new_chain() {
    let bench = Bench::new();
    let (mut store, written) = received(&bench, 2);
    let old = store.chain_id(Chain::Record);
    let ahead = [end(old, Some(9), Some(Link([7; 32])))];
    assert!(store.leave_split_chains(&ahead).unwrap());
    let new = store.chain_id(Chain::Record);
    assert_ne!(new, old);
    assert!(!store.leave_split_chains(&ahead).unwrap(), "once");
    let succession = *store.chains().successions().next().unwrap();
    assert_eq!((succession.follows, succession.chain, succession.after), (old, new, written[1].link));
    assert!(succession.fits(&store.keys().profile_public(), store.identity().device_id));
    let opened = store.whole_chain(new).unwrap().remove(0).parse().unwrap();
    let Some(Body::ChainOpened(opened)) = opened.body else { panic!("a chain begins with its opening") };
    assert_eq!(opened.predecessor, Some((old, written[1].link)));
    let next = save(&mut store, "goes on");
    assert_eq!(next.seq, 1);
    drop(store);
    let mut store = bench.open().unwrap();
    assert_eq!(store.chain_id(Chain::Record), new, "also after a restart");
    assert_eq!(save(&mut store, "and on").seq, 2);
    assert!(store.reconciled().unwrap().unwrap().is_copy);
    store.verify_all().unwrap();
}

#[test]
fn a_place_that_was_used_twice_is_left_too() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "written on the copy");
    let chain = store.chain_id(Chain::Record);
    let problem = ReceiptProblem {
        code: "split_chain".into(),
        field: None,
        words: "Another entry stands at this place: both are kept".into(),
        author_can_cure: false,
    };
    apply(&mut store, &bench, vec![Receipt { problems: vec![problem], ..receipt(&written, 3) }], Vec::new());
    assert!(store.leave_split_chains(&[end(chain, Some(1), Some(written.link))]).unwrap());
    assert_ne!(store.chain_id(Chain::Record), chain);
}
