//! Finding one's records.

use beatbook_domain::entry::{Kind, Reporting};
use beatbook_domain::id::EntryId;
use beatbook_protocol::ipc::{
    EntryState, ErrorCode, FindEntries, FindState, FoundView, Lock, OpenDraft, StartLeg, WithdrawEntry,
};

use super::desk::*;

async fn ask(desk: &Desk, wanted: FindEntries) -> FoundView {
    desk.ask(FindEntries { limit: 50, ..wanted }).await.unwrap()
}

async fn words(desk: &Desk, words: &str) -> Vec<EntryId> {
    let found = ask(desk, FindEntries { words: words.into(), ..FindEntries::default() }).await;
    assert_eq!((found.total as usize, found.next), (found.rows.len(), None));
    found.rows.into_iter().map(|row| row.entry_id).collect()
}

#[tokio::test]
async fn a_record_is_found_by_what_was_typed_chosen_and_where_in_the_row_of_today() {
    let desk = Desk::new().await;
    let shift = desk.start_shift().await;
    desk.pass(MINUTE);
    let lamp = desk.engagement(|it| it.note = "Broken lamp by the river".into()).await;
    desk.pass(MINUTE);
    let concern = desk.concern(|it| it.told_by = "the door steward".into()).await;
    let found = ask(&desk, FindEntries { words: "LAMP riv".into(), ..FindEntries::default() }).await;
    let today = desk.today().await;
    assert_eq!(
        found.rows,
        today.entries.iter().filter(|row| row.entry_id == lamp).cloned().collect::<Vec<_>>()
    );
    assert_eq!(words(&desk, "steward").await, [concern]);
    assert_eq!(words(&desk, "nc12").await, [shift], "the patrol record by its call sign");
    assert_eq!(words(&desk, "B_FOLLOW").await, [], "a code is no word");
    // Duties arise from the concern; they have a screen of their own.
    let all = ask(&desk, FindEntries::default()).await;
    let rows: Vec<EntryId> = all.rows.iter().map(|row| row.entry_id).collect();
    assert_eq!(rows, [concern, lamp, shift]);
    assert!(all.rows.iter().all(|row| row.author.is_none()), "the officer's own");
    let of =
        async |wanted| ask(&desk, wanted).await.rows.into_iter().map(|row| row.entry_id).collect::<Vec<_>>();
    assert_eq!(of(FindEntries { kinds: vec![Kind::Concern], ..FindEntries::default() }).await, [concern]);
    assert_eq!(
        of(FindEntries { shift: Some(shift), words: "lamp".into(), ..FindEntries::default() }).await,
        [lamp]
    );
    assert_eq!(of(FindEntries { state: FindState::Received, ..FindEntries::default() }).await, []);
    assert_eq!(of(FindEntries { state: FindState::Waiting, ..FindEntries::default() }).await.len(), 3);
}

#[tokio::test]
async fn a_corrected_word_replaces_the_old_one_and_a_withdrawn_record_stays_findable() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = desk.engagement(|it| it.note = "By the harbour".into()).await;
    assert_eq!(words(&desk, "harbour").await, [id]);
    desk.amend(id, |form| engagement(form).note = "By the fountain".into()).await;
    assert_eq!(words(&desk, "harbour").await, []);
    assert_eq!(words(&desk, "fountain").await, [id]);
    desk.ask(WithdrawEntry { entry_id: id, reason: "Wrong night".into() }).await.unwrap();
    let found = ask(&desk, FindEntries { words: "fountain".into(), ..FindEntries::default() }).await;
    assert_eq!(found.rows.len(), 1);
    assert_eq!(found.rows[0].detail, "Withdrawn");
    // All of it is on the disk: another start of the app finds the same.
    let (desk, ()) = desk.behind(|_| ()).await;
    assert_eq!(words(&desk, "fountain").await, [id]);
}

#[tokio::test]
async fn drafts_are_not_found_and_nothing_is_while_locked() {
    let desk = Desk::new().await;
    let mut draft = desk.open(OpenDraft::NewEngagement).await;
    engagement(&mut draft.form).note = "half a word: harbour".into();
    let keep =
        beatbook_protocol::ipc::KeepDraft { entry_id: draft.entry_id, form: draft.form, told: draft.told };
    desk.ask(keep).await.unwrap();
    assert_eq!(words(&desk, "harbour").await, []);
    desk.ask(Lock { seal: false }).await.unwrap();
    let refused = desk.ask(FindEntries::default()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Locked);
}

#[tokio::test]
async fn pages_meet_and_the_patrol_record_is_one_row_with_the_state_of_all_of_it() {
    let desk = Desk::new().await;
    let mut written = vec![desk.start_shift().await];
    desk.ask(StartLeg::default()).await.unwrap();
    for n in 0..25 {
        desk.pass(MINUTE);
        written.push(desk.engagement(|it| it.note = format!("n{n}")).await);
    }
    written.reverse();
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = desk.ask(FindEntries { after, limit: 10, ..FindEntries::default() }).await.unwrap();
        assert_eq!((page.total, page.not_indexed), (26, 0));
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(rows.iter().map(|row| row.entry_id).collect::<Vec<_>>(), written);
    let patrol = rows.last().unwrap();
    assert_eq!((patrol.kind, patrol.detail.as_str()), (Kind::ShiftOpened, "NC12"));
    let today = desk.today().await;
    assert!(today.entries_total == 26 && matches!(patrol.state, EntryState::Saved | EntryState::Waiting));
}

#[tokio::test]
async fn all_that_is_asked_for_must_fit() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let both = desk.engagement(|it| it.note = "lamp and bench".into()).await;
    desk.pass(MINUTE);
    let at = desk.now();
    let reported = desk
        .engagement(|it| {
            it.note = "lamp alone".into();
            it.reporting = Some(Reporting::Yes);
        })
        .await;
    let lamp = || FindEntries { words: "lamp".into(), ..FindEntries::default() };
    let ids =
        async |wanted| ask(&desk, wanted).await.rows.into_iter().map(|row| row.entry_id).collect::<Vec<_>>();
    assert_eq!(ids(lamp()).await, [reported, both]);
    assert_eq!(words(&desk, "lamp bench").await, [both]);
    assert_eq!(ids(FindEntries { from: Some(at), ..lamp() }).await, [reported]);
    assert_eq!(ids(FindEntries { until: Some(at.plus(-1)), ..lamp() }).await, [both]);
    assert_eq!(ids(FindEntries { kinds: vec![Kind::Concern], ..lamp() }).await, []);
    assert_eq!(ids(FindEntries { area: Some(code("DEMO-P-POW")), ..lamp() }).await, []);
    for typed in ["lamp OR river", "lamp\" OR \"river", "note:lamp", "lamp AND", "(", "*", "lamp^2"] {
        let _ = words(&desk, typed).await;
    }
    assert_eq!(words(&desk, "bench NOT lamp").await, [], "an operator is a word like any other");
}
