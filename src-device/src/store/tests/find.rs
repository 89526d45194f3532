//! Finding: words as they stand now, words that are gone, places, states, pages, and an index that lags.

use std::collections::BTreeSet;

use beatbook_domain::code_list::built_in;
use beatbook_domain::entry::{
    Change, Circumstances, ConcernDraft, DraftForm, EngagementDraft, Leg, ShiftOpened, Withdrawal,
};
use beatbook_domain::id::EntryId;
use beatbook_domain::place::{AreaRef, PlaceStamp};
use beatbook_protocol::sync::{ReceiptProblem, RefusalReason};

use super::super::find::{Stands, Wanted};
use super::*;

fn ids(store: &mut Store, wanted: Wanted) -> Vec<EntryId> {
    let page = store.find(&Wanted { limit: 50, ..wanted }).unwrap();
    assert_eq!(page.total as usize, page.entries.len());
    page.entries.into_iter().map(|(_, entry)| entry).collect()
}

fn follows(written: &Written, change: Change, body: Body) -> NewRevision {
    NewRevision {
        change,
        revises: vec![written.link],
        ..NewRevision::first(written.entry_id, Kind::Engagement, NIGHT, body)
    }
}

fn placed(note: &str, minutes: i64, area: &str, ward: &str) -> NewRevision {
    let named = |code: &str| Some(AreaRef { code: Code::new(code), name: format!("Name of {code}") });
    let mut new = engagement(note);
    new.occurred_at = NIGHT.plus(minutes * 60_000);
    if let Body::Engagement(body) = &mut new.body {
        body.place = Some(PlaceStamp { area: named(area), ward: named(ward), ..PlaceStamp::default() });
    }
    new
}

/// A concern note that says what the engagement says, at its place.
fn concern(engagement: &Body) -> Body {
    let Body::Engagement(engagement) = engagement else { panic!("an engagement") };
    let draft = ConcernDraft {
        behaviours: vec![Code::new("B_TOUCH")],
        seen: engagement.note.clone().unwrap(),
        place: engagement.place.clone(),
        ..ConcernDraft::default()
    };
    let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    DraftForm::Concern(draft).bodies(built_in(), on, NIGHT).unwrap().main
}

#[test]
fn words_are_found_whole_or_begun_whatever_is_typed_around_them() {
    let bench = Bench::new();
    let mut store = bench.create();
    let lamp = save(&mut store, "Broken lamp by the river at Café Nero, King’s Lynn").entry_id;
    save(&mut store, "Quiet. 2 cards");
    for typed in [
        "lamp",
        "LAMP",
        "RIVER brok",
        "cafe",
        "CAFÉ",
        "kings lynn, king's",
        "king’s lyn",
        "(lamp) \"river\" -",
    ] {
        let wanted = if typed.contains("kings") { vec![] } else { vec![lamp] };
        assert_eq!(found(&mut store, typed), wanted, "{typed}");
    }
    for typed in
        ["harbour", "\" OR 1 --", "lamp NOT river", "words:lamp", "amp", "lamp harbour", "riv lamp harb"]
    {
        assert_eq!(found(&mut store, typed), [], "{typed}");
    }
    assert_eq!(found(&mut store, "* \" -").len(), 2, "no word is no condition");
}

#[test]
fn a_corrected_word_is_found_and_the_old_one_is_not() {
    let bench = Bench::new();
    let mut store = bench.create();
    let first = save(&mut store, "by the harbour");
    assert_eq!(found(&mut store, "harbour"), [first.entry_id]);
    let corrected = follows(&first, Change::Corrects, engagement("by the fountain").body);
    let second = store.append(Chain::Record, &[corrected]).unwrap()[0];
    assert_eq!(found(&mut store, "harbour"), []);
    assert_eq!(found(&mut store, "fountain"), [first.entry_id]);
    // Withdrawn, it is still found by what it said.
    let withdrawal = Body::Withdrawal(Withdrawal { reason: "twice recorded".to_owned() });
    store.append(Chain::Record, &[follows(&second, Change::Withdraws, withdrawal)]).unwrap();
    assert_eq!(found(&mut store, "fountain"), [first.entry_id]);
    assert_eq!(found(&mut store, "harbour"), []);
    assert_eq!(ids(&mut store, Wanted::default()), [first.entry_id], "one row for the entry");
}

#[test]
fn no_word_or_place_outlives_its_body() {
    let bench = Bench::new();
    let mut store = bench.create();
    let gone = store.append(Chain::Record, &[placed("by the harbour", 0, "ZONE", "WARD")]).unwrap()[0];
    let in_zone = || Wanted { area: Some(Code::new("ZONE")), ..Wanted::default() };
    assert_eq!(ids(&mut store, in_zone()), [gone.entry_id]);
    let rows = |table: &str| -> i64 {
        bench.beside().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    assert_eq!((rows("search"), rows("found_area"), rows("found_revision")), (1, 2, 1));
    store
        .connection()
        .unwrap()
        .execute("UPDATE revision SET body = NULL, salt = NULL WHERE rid = ?1", [gone.rid])
        .unwrap();
    assert_eq!((rows("search"), rows("found_area"), rows("found_revision")), (0, 0, 0));
    assert_eq!(found(&mut store, "harbour"), []);
    assert_eq!(ids(&mut store, in_zone()), []);
    assert_eq!(ids(&mut store, Wanted::default()), [gone.entry_id], "its heading stays");
}

#[test]
fn a_draft_is_not_found() {
    let bench = Bench::new();
    let mut store = bench.create();
    let form = DraftForm::Engagement(EngagementDraft { note: "harbour".into(), ..Default::default() });
    let draft = drafts::Draft {
        entry_id: new_entry_id(NIGHT),
        form,
        opened_at: NIGHT,
        kept_at: NIGHT,
        told: Circumstances::now(NIGHT),
        from_note: false,
        base_rid: 0,
    };
    store.keep_draft(&draft).unwrap();
    assert_eq!(found(&mut store, "harbour"), []);
    assert_eq!(ids(&mut store, Wanted::default()), []);
}

#[test]
fn all_conditions_must_fit_and_pages_meet() {
    let bench = Bench::new();
    let mut store = bench.create();
    let all: Vec<EntryId> = (0..30)
        .map(|n| {
            let area = if n % 3 == 0 { "RIVERSIDE" } else { "TOMBLAND" };
            let mut new = placed(if n % 2 == 0 { "lamp" } else { "bench" }, n, area, "WARD");
            if n % 5 == 0 {
                (new.kind, new.body) = (Kind::Concern, concern(&new.body));
            }
            store.append(Chain::Record, &[new]).unwrap()[0].entry_id
        })
        .collect();
    let of = |store: &mut Store, wanted| ids(store, wanted).len();
    let area = Some(Code::new("RIVERSIDE"));
    assert_eq!(of(&mut store, Wanted { area: area.clone(), ..Wanted::default() }), 10);
    assert_eq!(of(&mut store, Wanted { area: Some(Code::new("WARD")), ..Wanted::default() }), 30);
    let lamps = Wanted { area: area.clone(), words: "lamp".into(), ..Wanted::default() };
    assert_eq!(of(&mut store, lamps.clone()), 5);
    assert_eq!(of(&mut store, Wanted { kinds: vec![Kind::Concern], ..lamps }), 1);
    assert_eq!(of(&mut store, Wanted { kinds: vec![Kind::Concern, Kind::Handout], ..Wanted::default() }), 6);
    let (from, until) = (Some(NIGHT.plus(4 * 60_000)), Some(NIGHT.plus(6 * 60_000)));
    assert_eq!(of(&mut store, Wanted { from, until, ..Wanted::default() }), 3);
    let by_area = Wanted { area, from, until, ..Wanted::default() };
    assert_eq!(of(&mut store, by_area), 1);

    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = store.find(&Wanted { after, limit: 7, ..Wanted::default() }).unwrap();
        assert_eq!(page.total, 30, "the total is of the whole");
        paged.extend(page.entries.iter().map(|(_, entry)| *entry));
        after = page.entries.last().copied();
        if !page.more {
            break;
        }
    }
    let newest_first: Vec<EntryId> = all.into_iter().rev().collect();
    assert_eq!(paged, newest_first);
}

#[test]
fn the_movement_of_a_shift_is_one_row_found_by_call_sign_and_place() {
    let bench = Bench::new();
    let mut store = bench.create();
    let shift = Body::Shift(ShiftOpened {
        call_sign: "NW41".into(),
        planned_end: None,
        supervisor: None,
        partners: Vec::new(),
        reason: None,
    });
    let opened = NewRevision::first(new_entry_id(NIGHT), Kind::ShiftOpened, NIGHT, shift);
    let shift_id = opened.entry_id;
    let mut leg = NewRevision::first(new_entry_id(NIGHT), Kind::LegStarted, NIGHT, Body::Leg(Leg::default()));
    (leg.shift_id, leg.area) = (Some(shift_id), Some(Code::new("RIVERSIDE")));
    let mut card = placed("lamp", 9, "TOMBLAND", "WARD");
    card.shift_id = Some(shift_id);
    store.append(Chain::Record, &[opened, leg, card.clone()]).unwrap();
    assert_eq!(ids(&mut store, Wanted::default()), [card.entry_id, shift_id]);
    assert_eq!(found(&mut store, "nw4"), [shift_id]);
    let of_shift = Wanted { shift: Some(shift_id), ..Wanted::default() };
    assert_eq!(ids(&mut store, of_shift.clone()), [card.entry_id, shift_id]);
    assert_eq!(ids(&mut store, Wanted { kinds: vec![Kind::ShiftOpened], ..of_shift }), [shift_id]);
    let riverside = Some(Code::new("RIVERSIDE"));
    assert_eq!(ids(&mut store, Wanted { area: riverside, ..Wanted::default() }), [shift_id]);
}

#[test]
fn where_an_entry_stands_is_as_its_row_shows_it() {
    let bench = Bench::new();
    let mut store = bench.create();
    let saved: Vec<Written> = (0..4).map(|n| save(&mut store, &format!("n{n}"))).collect();
    let problem = ReceiptProblem {
        code: "unknown_code".into(),
        field: None,
        words: "The server does not know this batch".into(),
        author_can_cure: false,
    };
    let asked = Receipt { problems: vec![problem], ..receipt(&saved[1], 2) };
    let refusal = Refusal {
        chain_id: bench.identity().record_chain,
        first: saved[2].seq,
        last: saved[2].seq,
        reason: RefusalReason::Oversized,
    };
    apply(&mut store, &bench, vec![receipt(&saved[0], 1), asked], vec![refusal]);
    let of = |store: &mut Store, stands| -> BTreeSet<EntryId> {
        ids(store, Wanted { stands: Some(stands), ..Wanted::default() }).into_iter().collect()
    };
    let set = |n: &[usize]| -> BTreeSet<EntryId> { n.iter().map(|n| saved[*n].entry_id).collect() };
    assert_eq!(of(&mut store, Stands::Received), set(&[0, 1]));
    assert_eq!(of(&mut store, Stands::Asked), set(&[1, 2]));
    assert_eq!(of(&mut store, Stands::Waiting), set(&[3]));
}

#[test]
fn an_index_that_lags_says_how_far() {
    let bench = Bench::new();
    let mut store = bench.create();
    let many: Vec<NewRevision> = (0..800).map(|n| placed("lamp", n, "ZONE", "WARD")).collect();
    store.append(Chain::Record, &many).unwrap();
    let page = store.find(&Wanted { limit: 10, ..Wanted::default() }).unwrap();
    assert!(page.not_indexed > 200 && page.not_indexed < 400, "{}", page.not_indexed);
    while owner::Owned::idle(&mut store) {}
    let page = store.find(&Wanted { limit: 10, ..Wanted::default() }).unwrap();
    assert_eq!((page.not_indexed, page.total, page.more), (0, 800, true));
    let one_more = placed("bench", 900, "ZONE", "WARD");
    store.append(Chain::Record, std::slice::from_ref(&one_more)).unwrap();
    assert_eq!(found(&mut store, "bench"), [one_more.entry_id], "a little is caught up at once");
    let common = store.find(&Wanted { words: "la".into(), limit: 10, ..Wanted::default() }).unwrap();
    assert_eq!((common.total, common.entries.len()), (800, 10));
}
