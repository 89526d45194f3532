//! Cards: the ledger, giving, drawing, and which line a card given was of.

use beatbook_domain::code_list::{Edition, built_in};
use beatbook_domain::entry::{Body, DraftItem, StockDirection};
use beatbook_domain::id::EntryId;
use beatbook_domain::ledger::StockLine;
use beatbook_protocol::ipc::{CardsView, ErrorCode, GetCards, GiveCards, MoveStock, OpenDraft};
use chrono::NaiveDate;

use super::desk::*;

fn edition(stock: Vec<StockLine>) -> Edition {
    Edition { version: 2, stock, ..built_in().clone() }
}

async fn cards(desk: &Desk) -> CardsView {
    desk.ask(GetCards {}).await.unwrap()
}

fn left(view: &CardsView) -> Vec<(Option<&str>, i64)> {
    view.lines.iter().map(|line| (line.key.batch.as_ref().map(|batch| batch.as_str()), line.left)).collect()
}

async fn handout(desk: &Desk, engagement: EntryId) -> Vec<(Option<String>, u32)> {
    let id = desk.entry(engagement).await.linked[0].entry_id;
    match newest(&desk.entry(id).await) {
        Body::Handout(it) => it
            .items
            .iter()
            .map(|it| (it.batch.as_ref().map(|b| b.as_str().to_owned()), it.quantity))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn drawn_is_given_returned_spoiled_and_left() {
    let outdated = StockLine { use_until: NaiveDate::from_ymd_opt(2026, 11, 26), ..printed(CARD, "OLD") };
    let desk = Desk::with(edition(vec![printed(CARD, "A1"), printed(ALARM, "B1"), outdated])).await;
    assert_eq!(desk.today().await.cards_left, None);
    let view = cards(&desk).await;
    assert!(view.lines.is_empty());
    let offered: Vec<&str> =
        view.printed.iter().map(|line| line.key.batch.as_ref().unwrap().as_str()).collect();
    assert_eq!(offered, ["A1", "B1"], "an outdated line is not drawn");
    desk.start_shift().await;
    desk.draw(CARD, "A1", 30).await;
    let saved = desk.ask(GiveCards { items: vec![item(CARD, "A1", 12)] }).await.unwrap();
    let back = MoveStock {
        direction: StockDirection::Spoiled,
        items: vec![item(CARD, "A1", 3)],
        note: "Wet".into(),
    };
    let view = desk.ask(back).await.unwrap();
    assert_eq!(left(&view), [(Some("A1"), 15)]);
    let line = &view.lines[0];
    assert_eq!((line.drawn, line.given, line.spoiled, line.low), (30, 12, 3, false));
    assert!(line.language.as_deref().is_some_and(|it| it != "EN") && !line.short.is_empty());
    assert_eq!((view.given_tonight, view.ledger.len()), (12, 3));
    assert_eq!(desk.today().await.cards_left, Some(15));
    let undone = desk.undo(saved.entries[0]).await;
    assert_eq!(undone.entry_id, saved.entries[0]);
    assert_eq!(left(&cards(&desk).await), [(Some("A1"), 27)]);
    desk.save(undone).await;
    let much = MoveStock {
        direction: StockDirection::Returned,
        items: vec![item(CARD, "A1", 20)],
        note: String::new(),
    };
    let view = desk.ask(much).await.unwrap();
    assert_eq!(left(&view), [(Some("A1"), -5)], "what does not add up is shown, not refused");
    assert!(view.lines[0].low);
    let (desk, ()) = desk.behind(|_| ()).await;
    assert_eq!(left(&cards(&desk).await), [(Some("A1"), -5)]);
    desk.end_shift().await;
    desk.start_shift().await;
    let view = cards(&desk).await;
    assert_eq!((view.given_tonight, view.ledger.len()), (0, 0), "another shift has its own ledger");
}

#[tokio::test]
async fn nothing_moved_is_refused_with_its_field() {
    let desk = Desk::new().await;
    let none = MoveStock {
        direction: StockDirection::Drawn,
        items: vec![DraftItem { quantity: 0, ..item(CARD, "A1", 0) }],
        note: String::new(),
    };
    let refused = desk.ask(none).await.unwrap_err();
    assert_eq!((refused.code, fields(&refused)), (ErrorCode::Invalid, vec!["cards"]));
    let some = MoveStock {
        direction: StockDirection::Drawn,
        items: vec![item(CARD, "A1", 0), item(CARD, "A2", 4)],
        note: String::new(),
    };
    let view = desk.ask(some).await.unwrap();
    assert_eq!(left(&view), [(Some("A2"), 4)], "a line of none is no line");
    let refused = desk.ask(GiveCards { items: Vec::new() }).await.unwrap_err();
    assert_eq!((refused.code, fields(&refused)), (ErrorCode::Invalid, vec!["cards"]));
}

#[tokio::test]
async fn a_card_given_is_of_the_line_in_hand_else_of_the_only_one_printed() {
    let desk =
        Desk::with(edition(vec![printed(CARD, "A1"), printed(CARD, "A2"), printed(ALARM, "B1")])).await;
    desk.start_shift().await;
    let give = |it: &mut beatbook_domain::entry::EngagementDraft| {
        it.cards = [(code(CARD), 2), (code(ALARM), 1)].into();
    };
    let id = desk.engagement(give).await;
    assert_eq!(
        handout(&desk, id).await,
        [(Some("B1".into()), 1), (None, 2)],
        "of two lines nobody knows which"
    );
    desk.draw(CARD, "A2", 20).await;
    let id = desk.engagement(give).await;
    assert_eq!(handout(&desk, id).await, [(Some("B1".into()), 1), (Some("A2".into()), 2)]);
    desk.draw(CARD, "A1", 20).await;
    desk.amend(id, |form| engagement(form).people = 2).await;
    assert_eq!(handout(&desk, id).await, [(Some("B1".into()), 1), (Some("A2".into()), 2)]);
    desk.amend(id, |form| *engagement(form).cards.get_mut(&code(CARD)).unwrap() = 4).await;
    assert_eq!(handout(&desk, id).await, [(Some("B1".into()), 1), (Some("A2".into()), 4)]);
}

#[tokio::test]
async fn cards_alone_take_the_place_of_the_last_entry_and_arise_from_nothing() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    desk.stand_at(52_628_700, 1_302_000);
    desk.engagement(|_| {}).await;
    let saved = desk.ask(GiveCards { items: vec![item(CARD, "A1", 1)] }).await.unwrap();
    let view = desk.entry(saved.entries[0]).await;
    assert!(view.linked.is_empty());
    let Body::Handout(it) = newest(&view) else { panic!() };
    assert_eq!(it.place.unwrap().square_100m.as_deref(), Some("TG 235 085"));
    let bulk = desk
        .write(OpenDraft::NewHandout, |form, _| match form {
            beatbook_domain::entry::DraftForm::Handout(it) => {
                it.items = vec![item(CARD, "A1", 50)];
                it.bulk = true;
            }
            other => panic!("{other:?}"),
        })
        .await;
    assert!(matches!(newest(&desk.entry(bulk).await), Body::Handout(it) if it.bulk && it.total() == 50));
}
