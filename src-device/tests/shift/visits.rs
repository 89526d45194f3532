//! Visits to patrol areas, and what plain clothes leave out.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Body, Entry, Kind};
use beatbook_protocol::ipc::*;

use crate::phones::*;

const VISITS: [Kind; 2] = [Kind::VisitStarted, Kind::VisitEnded];

fn method(visit: &Entry) -> &str {
    let codes = &visit.current().head.codes;
    codes.iter().find(|code| code.list.as_str() == list::VISIT_METHOD).unwrap().code.as_str()
}

fn accuracy(visit: &Entry) -> Option<u32> {
    match &visit.current().body {
        Some(Body::Visit(visit)) => visit.accuracy_m,
        other => panic!("not a visit: {other:?}"),
    }
}

async fn enter(phone: &Phone, area: &str) -> ShiftView {
    phone.ask(EnterArea { area: code(area) }).await.shift.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_begins_by_hand_and_ends_by_hand_with_or_without_a_leg() {
    let mut ann = Phone::of(ANN).await;
    assert!(ann.refused(EnterArea { area: code(ROAD) }).await.contains("No shift is open"));
    ann.start("NC12").await;
    let entered = enter(&ann, ROAD).await;
    assert_eq!(entered.doing, Doing::Between, "no leg runs");
    let visit = entered.visit.expect("a visit does");
    assert_eq!((visit.code, visit.since, visit.band), (code(ROAD), NIGHT, (10, 16)));
    // However long: it does not end by itself, and neither does the night or a restart end it.
    ann.pass(3 * HOUR);
    ann.restart().await;
    assert_eq!(ann.shift().await.visit.unwrap().since, NIGHT);
    assert!(enter(&ann, ROAD).await.visit.is_some(), "there already: nothing new");
    ann.leg("P_FOOT").await;
    assert!(ann.shift().await.visit.is_none(), "a new leg begins without one");
    enter(&ann, CITY).await;
    let Doing::OnLeg(leg) = ann.shift().await.doing else { panic!("on a leg") };
    assert_eq!(leg.visit.unwrap().code, code(CITY));
    ann.pass(12 * MINUTE);
    let left = ann.ask(LeaveArea {}).await.shift.unwrap();
    assert!(left.visit.is_none() && matches!(left.doing, Doing::OnLeg(_)));
    assert!(ann.refused(LeaveArea {}).await.contains("No visit is running"));
    assert!(ann.refused(EnterArea { area: code("NO-SUCH") }).await.contains("not in the list"));

    let visits = ann.sealed(&VISITS).await;
    assert_eq!(visits.len(), 2);
    let head = |visit: &Entry| (visit.kind(), visit.current().head.area.clone().unwrap());
    assert_eq!(head(&visits[1]), (Kind::VisitEnded, code(CITY)));
    assert_eq!((method(&visits[1]), accuracy(&visits[1])), ("MANUAL", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_fix_in_the_area_says_so_and_keeps_its_accuracy() {
    let mut ann = Phone::of(ANN).await;
    ann.start("NC12").await;
    ann.stand_at(52_628_700, 1_302_000);
    ann.pass(59_000);
    enter(&ann, ROAD).await;
    // The road lies in the city centre: a fix in the one bears the other out.
    enter(&ann, CITY).await;
    ann.pass(1_000);
    enter(&ann, ROAD).await;
    ann.stand_at(52_628_700, 1_302_000);
    enter(&ann, "DEMO-P-KLYN").await;
    let visits = ann.sealed(&VISITS).await;
    let told: Vec<_> = visits.iter().map(|visit| (method(visit), accuracy(visit))).collect();
    assert_eq!(
        told,
        [("GEOFENCE", Some(8)), ("GEOFENCE", Some(8)), ("MANUAL", None), ("MANUAL", None)],
        "a minute later the fix says nothing, and in Norwich nothing of King's Lynn"
    );
    let open = visits.iter().filter(|visit| visit.current().head.occurred_until.is_none()).count();
    assert_eq!(open, 1, "entering elsewhere ends the one before");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_takes_the_officer_away_ends_the_visit() {
    let mut ann = Phone::of(ANN).await;
    ann.start("NC12").await;
    let leg = || StartLeg { mode: Some(code("P_FOOT")), area: Some(code(ROAD)), ..StartLeg::default() };
    let begun = ann.ask(leg()).await.shift.unwrap();
    assert_eq!(begun.visit.unwrap().code, code(ROAD), "a leg for an area begins a visit there");
    ann.pass(MINUTE);
    ann.ask(StartBreak { reason: None }).await;
    assert!(ann.shift().await.visit.is_none());
    assert!(ann.refused(EnterArea { area: code(ROAD) }).await.contains("A break is running"));
    ann.ask(EndBreak {}).await;
    enter(&ann, ROAD).await;
    ann.ask(GoAway { reason: None, author_only: false }).await;
    assert!(ann.shift().await.visit.is_none());
    assert!(ann.refused(EnterArea { area: code(ROAD) }).await.contains("called away"));
    ann.ask(ComeBack {}).await;
    enter(&ann, ROAD).await;
    ann.ask(EndLeg {}).await;
    assert!(ann.shift().await.visit.is_none());
    enter(&ann, ROAD).await;
    ann.pass(MINUTE);
    let closing = ann.end().await;
    assert_eq!(closing.summary.visits.len(), 1, "one after the other in one area at one time is one");
    let visits = ann.sealed(&VISITS).await;
    assert_eq!(visits.len(), 4);
    assert!(visits.iter().all(|visit| visit.kind() == Kind::VisitEnded));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leg_keeps_the_square_it_began_in_and_in_plain_clothes_no_place_at_all() {
    let mut ann = Phone::of(ANN).await;
    ann.start("NC12").await;
    ann.stand_at(52_628_700, 1_302_000);
    let leg = |mode: &str| StartLeg { mode: Some(code(mode)), area: Some(code(ROAD)), ..StartLeg::default() };
    ann.ask(leg("P_FOOT")).await;
    ann.pass(MINUTE / 2);
    let plain = ann.ask(leg("P_PLAIN")).await.shift.unwrap();
    assert!(plain.plain_clothes && plain.visit.is_none());
    assert!(ann.refused(EnterArea { area: code(ROAD) }).await.contains("In plain clothes"));
    ann.pass(MINUTE);
    let again = ann.leg("P_FOOT").await;
    assert!(!again.plain_clothes);

    let visits = ann.sealed(&VISITS).await;
    assert_eq!(visits.len(), 1, "that of the first leg");
    let legs = ann.sealed(&[Kind::LegStarted, Kind::LegEnded]).await;
    let place = |leg: &Entry| match &leg.current().body {
        Some(Body::Leg(leg)) => leg.place.clone(),
        other => panic!("not a leg: {other:?}"),
    };
    let first = place(&legs[0]).expect("where the first leg began");
    assert_eq!((first.square_100m.as_deref(), first.exact), (Some("TG 235 085"), None));
    assert_eq!((place(&legs[1]), legs[1].current().head.area.clone()), (None, None));
    // Not a trace in any byte of what was sealed of that leg.
    let bytes = legs[1]
        .revisions
        .iter()
        .map(|r| serde_json::to_string(&r.head).unwrap() + &serde_json::to_string(&r.body).unwrap());
    let bytes: String = bytes.collect();
    assert!(!bytes.contains("POW") && !bytes.contains("TG 2") && !bytes.contains("accuracy"), "{bytes}");
    assert_eq!(place(&legs[2]), None, "a fix a minute and a half old tells nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_tells_the_last_visit_by_me_and_by_anyone() {
    let mut ann = Phone::of(ANN).await;
    let mut ben = ann.beside(BEN, 1).await;
    ann.start("NC12").await;
    ben.start("NC21").await;
    enter(&ann, ROAD).await;
    ann.pass(10 * MINUTE);
    ann.ask(LeaveArea {}).await;
    let left = ann.now();
    enter(&ben, ROAD).await;
    enter(&ben, CITY).await;
    ann.pass(30 * MINUTE);
    ann.pull(&mut ben).await;
    ann.pass(30 * MINUTE);
    let view = ann.ask(ListPlaces {}).await;
    let of = |view: &PlacesView, area: &str| {
        let area = view.areas.iter().find(|choice| choice.code == code(area)).unwrap();
        (area.last_by_me, area.last_by_anyone)
    };
    assert_eq!(of(&view, ROAD), (Some(left), Some(left)));
    assert_eq!(
        of(&view, CITY),
        (None, Some(left)),
        "a visit of another phone that no end came of counts as heard of"
    );
    assert_eq!(of(&view, "DEMO-P-KLYN"), (None, None));
    assert_eq!((view.now, view.as_known), (ann.now(), None), "the server was never heard");
    enter(&ann, CITY).await;
    ann.pass(MINUTE);
    let view = ann.ask(ListPlaces {}).await;
    assert_eq!(of(&view, CITY), (Some(ann.now()), Some(ann.now())), "one's own that runs is now");
    // A day later the areas are only known to have gone long without one.
    ann.end().await;
    ann.pass(26 * HOUR);
    assert_eq!(of(&ann.ask(ListPlaces {}).await, CITY), (None, None));
}
