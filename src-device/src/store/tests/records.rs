//! Saving, finding, full disks, tampering, erasure, drafts, the log.

use beatbook_domain::entry::{DraftForm, EngagementDraft, Erasure};
use beatbook_domain::seal::Broken;

use super::super::drafts::Draft;
use super::super::rows::State;
use super::*;

#[test]
fn what_was_saved_is_there_after_opening_again_with_chain_states_and_counts() {
    let bench = Bench::new();
    let mut store = bench.create();
    let first = save(&mut store, "one");
    let second = save(&mut store, "two");
    assert_eq!((first.seq, second.seq), (1, 2), "chain_opened is 0");
    assert_eq!(store.outbox().pill().waiting, 2);
    let end = store.end(Chain::Record);
    drop(store);
    let mut store = bench.open().unwrap();
    assert_eq!(store.end(Chain::Record), end);
    assert_eq!(store.outbox().pill().waiting, 2);
    assert_eq!(store.own_entry_count().unwrap(), 2);
    let rows = store.revisions_of_entry(first.entry_id).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].state, State::Saved);
    let revision = rows[0].parse().unwrap();
    assert!(matches!(&revision.body, Some(Body::Engagement(it)) if it.note.as_deref() == Some("one")));
    assert_eq!(revision.head.kind, Kind::Engagement);
    let third = save(&mut store, "three");
    assert_eq!(third.seq, 3);
    assert_eq!(store.verify_all().unwrap().revisions, 5, "two chain_opened and three entries");
}

#[test]
fn entries_are_found_before_and_after_they_are_indexed() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "Broken lamp by the river");
    for indexed in [false, true] {
        if indexed {
            store.catch_up_index().unwrap();
        }
        assert_eq!(store.revisions_of_entry(written.entry_id).unwrap().len(), 1);
        assert_eq!(store.revisions_of_kinds(&[Kind::Engagement], None, Millis(0), 5).unwrap().len(), 1);
    }
}

#[test]
fn a_full_disk_is_a_plain_error_that_loses_nothing_and_goes_on_when_there_is_room() {
    let bench = Bench::new();
    let mut store = bench.create();
    let kept = save(&mut store, "before");
    let pages: i64 =
        store.connection().unwrap().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection().unwrap().pragma_update(None, "max_page_count", pages).unwrap();
    let end = store.end(Chain::Record);
    let error = store.append(Chain::Record, &[engagement(&"x".repeat(60_000))]).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert!(error.to_string().contains("Free some space"));
    assert_eq!(store.end(Chain::Record), end, "no sequence number is used up");
    assert_eq!(store.outbox().pill().waiting, 1);
    store.connection().unwrap().pragma_update(None, "max_page_count", 1_000_000).unwrap();
    let after = store.append(Chain::Record, &[engagement(&"x".repeat(60_000))]).unwrap();
    assert_eq!(after[0].seq, kept.seq + 1);
    store.verify_all().unwrap();
}

#[test]
fn several_revisions_are_one_commit_or_none() {
    let bench = Bench::new();
    let mut store = bench.create();
    let too_large = engagement(&"x".repeat(200_000));
    assert!(matches!(
        store.append(Chain::Record, &[engagement("first of two"), too_large]),
        Err(StoreError::Content(_))
    ));
    assert_eq!(store.end(Chain::Record).next_seq, 1);
    let both = store.append(Chain::Record, &[engagement("a"), engagement("b")]).unwrap();
    assert_eq!((both[0].seq, both[1].seq), (1, 2));
}

#[test]
fn after_a_failed_commit_the_end_is_read_again() {
    let bench = Bench::new();
    let mut store = bench.create();
    save(&mut store, "one");
    // As after an error at COMMIT: the connection is gone and memory is not to be believed.
    store.ends = [End { next_seq: 99, link: Link([9; 32]) }; 2];
    store.connection = None;
    let written = save(&mut store, "two");
    assert_eq!(written.seq, 2);
    store.verify_all().unwrap();
}

#[test]
fn tampering_with_one_byte_one_column_or_one_order_is_found() {
    let tamper = |sql: &str| -> StoreError {
        let bench = Bench::new();
        let mut store = bench.create();
        save(&mut store, "one");
        save(&mut store, "two");
        save(&mut store, "three");
        store.verify_all().unwrap();
        drop(store);
        bench.beside().execute_batch(sql).unwrap();
        bench.open().and_then(|mut store| store.verify_all()).expect_err(sql)
    };
    let broken = |sql: &str| match tamper(sql) {
        StoreError::Seal(broken) => broken,
        other => panic!("{sql}: {other}"),
    };
    let body =
        "UPDATE revision SET body = CAST(replace(CAST(body AS TEXT), 'two', 'owt') AS BLOB) WHERE seq = 2";
    assert_eq!(broken(body), Broken::Body { seq: 2 });
    let head = "UPDATE revision SET head = CAST(replace(CAST(head AS TEXT), '\"live\"', '\"dictated\"') AS BLOB) WHERE seq = 2";
    assert_eq!(broken(head), Broken::Link { seq: 2 });
    assert_eq!(
        broken("UPDATE revision SET salt = zeroblob(32) WHERE seq = 1 AND kind = 'engagement'"),
        Broken::Body { seq: 1 }
    );
    assert_eq!(
        broken("UPDATE revision SET body = NULL, salt = NULL WHERE seq = 2"),
        Broken::Missing { seq: 2 }
    );
    assert_eq!(broken("UPDATE revision SET body = NULL WHERE seq = 2"), Broken::HalfErased { seq: 2 });
    let order = "UPDATE revision SET seq = 90 WHERE seq = 2; UPDATE revision SET seq = 2 WHERE seq = 3;
                 UPDATE revision SET seq = 3 WHERE seq = 90;";
    assert!(matches!(broken(order), Broken::Link { .. } | Broken::Column { .. }));
    assert!(matches!(
        broken("PRAGMA foreign_keys = 0; DELETE FROM revision WHERE seq = 2"),
        Broken::Gap { .. }
    ));
    assert!(matches!(
        broken("UPDATE revision_index SET kind = 'handout' WHERE seq = 2"),
        Broken::Column { column: "revision_index", .. }
    ));
}

#[test]
fn an_erased_body_still_verifies_under_its_erasure() {
    let bench = Bench::new();
    let mut store = bench.create();
    let gone = save(&mut store, "to be erased");
    save(&mut store, "stays");
    let erasure = Body::Erasure(Erasure {
        links: vec![gone.link],
        authority: "records manager".into(),
        class: Code::new("RC_ENGAGEMENT"),
        hold_checked_at: NIGHT,
    });
    store
        .append(Chain::Record, &[NewRevision::first(new_entry_id(NIGHT), Kind::Erasure, NIGHT, erasure)])
        .unwrap();
    drop(store);
    bench
        .beside()
        .execute("UPDATE revision SET body = NULL, salt = NULL WHERE rid = ?1", [gone.rid])
        .unwrap();
    let verified = bench.open().unwrap().verify_all().unwrap();
    assert_eq!(verified.erased, 1);
}

#[test]
fn a_draft_is_kept_as_typed_and_gone_once_its_entry_is_saved_even_if_dropping_it_was_cut_off() {
    let bench = Bench::new();
    let mut store = bench.create();
    let revision = engagement("typed");
    let draft = Draft {
        entry_id: revision.entry_id,
        form: DraftForm::Engagement(EngagementDraft {
            note: "half a sen".into(),
            people: 7,
            ..Default::default()
        }),
        opened_at: NIGHT,
        kept_at: NIGHT,
        told: beatbook_domain::entry::Circumstances::now(NIGHT),
        from_note: false,
        base_rid: store.newest_rid().unwrap(),
    };
    store.keep_draft(&draft).unwrap();
    drop(store);
    let mut store = bench.open().unwrap();
    assert_eq!(store.drafts().unwrap(), std::slice::from_ref(&draft));
    store.append(Chain::Record, &[revision]).unwrap();
    assert_eq!(store.drafts().unwrap(), [], "overtaken by its entry");
    assert_eq!(store.draft(draft.entry_id).unwrap(), None);
}

#[test]
fn the_log_is_written_together_and_before_closing() {
    let bench = Bench::new();
    let mut store = bench.create();
    for kind in [Kind::Unlocked, Kind::Viewed, Kind::Viewed] {
        store.log_soon(NewRevision::log(kind, NIGHT, Default::default()));
    }
    assert_eq!(store.end(Chain::Log).next_seq, 1);
    owner::Owned::close(&mut store);
    drop(store);
    let store = bench.open().unwrap();
    assert_eq!(store.end(Chain::Log).next_seq, 4);
    assert_eq!(store.outbox().pill().waiting, 0, "the log is not counted");
}

#[test]
fn a_chain_reads_the_same_before_during_and_after_it_is_indexed() {
    let bench = Bench::new();
    let mut store = bench.create();
    let mut written = Vec::new();
    for n in 0..230 {
        written.push(save(&mut store, &format!("entry {n}")));
        if n % 7 == 0 {
            let looked = engagement("beside it");
            store.append(Chain::Log, &[looked]).unwrap();
        }
    }
    let chain = store.chain_id(Chain::Record);
    let read = |store: &mut Store| {
        let mut all = Vec::new();
        for (first, last) in [(0, 0), (1, 1), (2, 9), (95, 120), (200, 230)] {
            let rid = |seq: u64| seq.checked_sub(1).map_or(1, |n| written[n as usize].rid);
            let run = store.chain_run(chain, (first, last), (rid(first), rid(last))).unwrap();
            let from = first.saturating_sub(1);
            assert_eq!(run.iter().map(|row| row.seq).collect::<Vec<_>>(), (from..=last).collect::<Vec<_>>());
            all.extend(run.into_iter().map(|row| row.link));
        }
        let at = |store: &mut Store, seq| store.rid_at(chain, seq).unwrap();
        assert_eq!((at(store, 42), at(store, 231)), (Some(written[41].rid), None));
        all
    };
    let unindexed = read(&mut store);
    // What central has is no longer in the outbox, and may still not be indexed.
    let receipts = written[..100].iter().enumerate().map(|(n, one)| receipt(one, n as u64 + 1)).collect();
    apply(&mut store, &bench, receipts, Vec::new());
    assert_eq!(store.indexed_up_to, 0);
    assert_eq!(store.received_at(chain, 100).unwrap().unwrap().link, written[99].link);
    assert!(store.received_at(chain, 101).unwrap().is_none());
    assert_eq!(read(&mut store), unindexed);
    store.index_step().unwrap();
    assert!((1..written[229].rid).contains(&store.indexed_up_to), "in the middle of it");
    assert_eq!(read(&mut store), unindexed);
    store.catch_up_index().unwrap();
    assert_eq!(read(&mut store), unindexed);
}
