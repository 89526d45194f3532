//! Figures over a period: kept by shift, made anew when something they rest on arrives, and the same as a count by hand.

use beatbook_central::period::{RULES, differing, facts, of, refresh};
use beatbook_central::storage::{Decision, Revocation, Storage};
use beatbook_central::{clock, figures};
use beatbook_domain::entry::{About, Body, CrewMembership, CrewStanding, Kind, Leg};
use beatbook_domain::id::{EntryId, UnitId};
use beatbook_domain::period::{Asked, GroupBy, Measure};
use beatbook_domain::summary::ShiftSummary;
use beatbook_domain::time::{DAY_MS, Interval, MINUTE_MS, Millis, duty_date, union_length};
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;
use crate::phone::Phone;
use crate::world::World;

on_both! {
    figures_follow_what_arrives, a_colleague_who_joined_by_code_counts_once,
    what_a_colleague_recorded_under_a_shift_of_their_own_counts, what_is_withheld_or_erased_is_seen,
    verify_finds_kept_figures_that_are_not_those_of_the_bytes, figures_are_those_of_a_count_by_hand
}

fn asked(by: GroupBy) -> Asked {
    let today = duty_date(clock::now());
    Asked { from: today - chrono::Days::new(6), until: today + chrono::Days::new(1), by }
}

/// Everything kept, as it stands after a look.
async fn kept(storage: &dyn Storage) -> Vec<ShiftSummary> {
    let now = clock::now();
    let week = asked(GroupBy::Day);
    let found = facts(storage, (week.from, week.until), None, now).await.unwrap();
    assert_eq!(differing(storage).await.unwrap(), vec![]);
    let mut found: Vec<ShiftSummary> = found.into_iter().map(|facts| facts.summary).collect();
    found.sort_by_key(|summary| (summary.from, summary.shift_id));
    for summary in &found {
        let contacts = figures::contacts(storage, now).await.unwrap();
        let around = figures::Background::of(storage, now.plus(-4 * DAY_MS), now.plus(DAY_MS)).await.unwrap();
        let direct = figures::summary(storage, summary.shift_id, &contacts, &around).await.unwrap();
        assert_eq!(Some(summary), direct.as_ref(), "kept and worked out are the same");
    }
    found
}

async fn sync(phone: &mut Phone, sent: &mut usize) {
    let batch = phone.batch(*sent);
    *sent = phone.record.revisions.len();
    phone.sync(vec![batch]).await;
}

async fn figures_follow_what_arrives(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let mut phone = world.phone("1482").await;
    let mut sent = 0;
    phone.open_shift();
    phone.engagement("one");
    sync(&mut phone, &mut sent).await;
    let told = of(storage, asked(GroupBy::Team), None, clock::now()).await.unwrap();
    assert_eq!((told.total.shifts, told.total.engagements), (1, 1));
    assert_eq!(told.groups[0].label, "Norwich East");
    assert_eq!((told.total.missing.not_signed, told.total.missing.phones_pending), (1, 1));
    // Nothing arrived: nothing is worked out again.
    let (all, none) = ((Millis(0), clock::now().plus(DAY_MS)), None);
    assert_eq!(refresh(storage, all.0, all.1, none).await.unwrap(), 0);
    phone.engagement("two");
    phone.concern("A man stood at the rank.");
    sync(&mut phone, &mut sent).await;
    assert_eq!(refresh(storage, all.0, all.1, none).await.unwrap(), 1);
    let told = of(storage, asked(GroupBy::Day), None, clock::now()).await.unwrap();
    assert_eq!((told.total.engagements, told.total.people, told.total.concerns), (2, 6, 1));
    assert_eq!(told.groups.len(), 7, "a row for each day");
    // Another shift does not touch this one.
    let mut other = world.phone("2206").await;
    other.open_shift();
    other.sync(vec![other.batch(0)]).await;
    assert_eq!(refresh(storage, all.0, all.1, none).await.unwrap(), 1);
    let teams = storage.teams().await.unwrap();
    let of_team = of(storage, asked(GroupBy::Shift), Some(teams[0].team), clock::now()).await.unwrap();
    let elsewhere =
        of(storage, asked(GroupBy::Shift), Some(beatbook_domain::id::TeamId(Uuid::nil())), clock::now());
    assert_eq!((of_team.total.shifts, elsewhere.await.unwrap().total.shifts), (2, 0));
    // Rules of another edition: all are made anew.
    storage.outdate_figures(RULES + 1).await.unwrap();
    assert_eq!(refresh(storage, all.0, all.1, none).await.unwrap(), 2);
    assert_eq!(kept(storage).await.len(), 2);
    world.assert_whole().await;
}

/// One now for every time that is compared.
fn base() -> Millis {
    static BASE: std::sync::OnceLock<Millis> = std::sync::OnceLock::new();
    *BASE.get_or_init(clock::now)
}

/// A leg that began some minutes ago.
fn leg(phone: &mut Phone, unit: UnitId, began: i64, minutes: i64) {
    let at = base().plus(-began * MINUTE_MS);
    phone.write_with(Kind::LegStarted, &Body::Leg(Leg::default()), |head| {
        head.unit_id = Some(unit);
        head.occurred_at = at;
        head.occurred_until = Some(at.plus(minutes * MINUTE_MS));
        head.area = Some("POW".into());
    });
}

fn opened(phone: &mut Phone, unit: UnitId, ago: i64) -> EntryId {
    let shift = phone.open_shift();
    let sealed = phone.record.revisions.pop().unwrap();
    let mut head = beatbook_domain::entry::Head::parse(&sealed.head).unwrap();
    head.unit_id = Some(unit);
    head.occurred_at = base().plus(-ago * MINUTE_MS);
    phone.write_bytes(head.to_bytes(), sealed.body.unwrap());
    shift
}

async fn a_colleague_who_joined_by_code_counts_once(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let (mut ann, mut ben) = (world.phone("1482").await, world.phone("1377").await);
    let unit = UnitId(Uuid::new_v4());
    let first = opened(&mut ann, unit, 180);
    leg(&mut ann, unit, 170, 100);
    ann.sync(vec![ann.batch(0)]).await;
    let alone = kept(storage).await;
    assert_eq!((alone[0].patrol_ms, alone[0].person_ms), (100 * MINUTE_MS, 100 * MINUTE_MS));
    // Ben's own phone says he was in the unit; nobody named him. The figures of Ann's shift know it at once.
    opened(&mut ben, unit, 175);
    let body =
        Body::Crew(CrewMembership { member: ben.officer, standing: CrewStanding::Confirmed, reason: None });
    ben.write_with(Kind::CrewJoined, &body, |head| {
        head.unit_id = Some(unit);
        head.occurred_at = base().plus(-175 * MINUTE_MS);
    });
    leg(&mut ben, unit, 120, 80);
    ben.sync(vec![ben.batch(0)]).await;
    let both = kept(storage).await;
    let ann_now = both.iter().find(|summary| summary.shift_id == first).unwrap();
    assert_eq!(ann_now.crew.len(), 2);
    assert_eq!((ann_now.patrol_ms, ann_now.person_ms), (130 * MINUTE_MS, 260 * MINUTE_MS));
    let told = of(storage, asked(GroupBy::Area), None, clock::now()).await.unwrap();
    assert_eq!(told.total.shifts, 2);
    assert_eq!((told.total.patrol_ms, told.total.person_ms), (130 * MINUTE_MS, 260 * MINUTE_MS));
    assert_eq!((told.groups.len(), told.groups[0].label.as_str()), (1, "POW"));
}

/// Ben, on a shift of his own, is named by Ann and says yes; his phone goes on under his shift and unit: what he walked while
/// he was along is of her patrol.
async fn what_a_colleague_recorded_under_a_shift_of_their_own_counts(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let (mut ann, mut ben) = (world.phone("1482").await, world.phone("1377").await);
    let (hers, his) = (UnitId(Uuid::new_v4()), UnitId(Uuid::new_v4()));
    let first = opened(&mut ann, hers, 180);
    let word = |standing| Body::Crew(CrewMembership { member: ben.officer, standing, reason: None });
    let (claim, answer) = (word(CrewStanding::Claimed), word(CrewStanding::Confirmed));
    let at = base().plus(-175 * MINUTE_MS);
    let mut claimed = None;
    let link = ann
        .write_with(Kind::CrewJoined, &claim, |head| {
            (head.unit_id, head.occurred_at) = (Some(hers), at);
            claimed = Some(head.entry_id);
        })
        .link;
    leg(&mut ann, hers, 170, 100);
    ann.sync(vec![ann.batch(0)]).await;
    opened(&mut ben, his, 176);
    ben.write_with(Kind::CrewJoined, &answer, |head| {
        (head.unit_id, head.occurred_at, head.shift_id) = (Some(hers), at, Some(first));
        head.about = Some(About { entry_id: claimed.unwrap(), link });
    });
    leg(&mut ben, his, 120, 80);
    ben.sync(vec![ben.batch(0)]).await;
    let both = kept(storage).await;
    let of_ann = both.iter().find(|summary| summary.shift_id == first).unwrap();
    assert_eq!((of_ann.patrol_ms, of_ann.person_ms), (130 * MINUTE_MS, 260 * MINUTE_MS));
}

async fn what_is_withheld_or_erased_is_seen(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let mut phone = world.phone("1482").await;
    let mut sent = 0;
    phone.open_shift();
    phone.engagement("before it was lost");
    sync(&mut phone, &mut sent).await;
    let device = phone.device;
    let lost = Revocation { device, at: clock::now(), by: "PS 0311".into(), why: "lost".into() };
    assert!(storage.revoke(lost).await.unwrap());
    let after = phone.engagement("after it was lost");
    sync(&mut phone, &mut sent).await;
    assert_eq!(kept(storage).await[0].engagements, 1);
    let decision =
        Decision { accepted: true, at: clock::now(), by: "PS 0311".into(), why: "found in the car".into() };
    storage.decide(device, decision).await.unwrap();
    assert_eq!(kept(storage).await[0].engagements, 2);
    storage.erase(vec![after.link]).await.unwrap();
    assert_eq!(kept(storage).await[0].engagements, 1, "what is erased counts no more");
}

async fn verify_finds_kept_figures_that_are_not_those_of_the_bytes(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.open_shift();
    phone.engagement("one");
    phone.sync(vec![phone.batch(0)]).await;
    assert_eq!(kept(world.storage.as_ref()).await.len(), 1);
    world.assert_whole().await;
    let change =
        "UPDATE shift_figure SET figures = replace(figures, '\"engagements\":1', '\"engagements\":7')";
    assert_eq!(world.database.tamper(change, change).await, 1);
    let found = world.findings().await;
    assert!(found.len() == 1 && found[0].contains("kept figures"), "{found:?}");
}

async fn figures_are_those_of_a_count_by_hand(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    let unit = UnitId(Uuid::new_v4());
    for (place, collar) in ["1482", "1377", "2206"].into_iter().enumerate() {
        let mut phone = world.phone(collar).await;
        // The first two are one unit, with legs that overlap; the third goes alone.
        let unit = if place < 2 { unit } else { UnitId(Uuid::new_v4()) };
        opened(&mut phone, unit, 200);
        let long = 60 + 10 * i64::try_from(place).unwrap();
        leg(&mut phone, unit, 190 - 20 * i64::try_from(place).unwrap(), long);
        for n in 0..=place {
            phone.engagement(&format!("talk {n}"));
        }
        phone.concern("Somebody waited.");
        phone.sync(vec![phone.batch(0)]).await;
    }
    let told = of(storage, asked(GroupBy::Shift), None, clock::now()).await.unwrap();
    let database = &world.database;
    // SQL of the test's own reads the sealed bytes; nothing of it is used by central.
    let body = if database.is_postgres() {
        "convert_from(body, 'UTF8')::json ->> 'people'"
    } else {
        "json_extract(CAST(body AS TEXT), '$.people')"
    };
    let people = format!(
        "SELECT CAST(sum(CAST({body} AS INTEGER)) AS BIGINT) FROM revision WHERE kind = 'engagement'"
    );
    let by_hand = [
        (Measure::Shifts, database.count("SELECT count(*) FROM revision WHERE kind = 'shift_opened'").await),
        (
            Measure::Engagements,
            database.count("SELECT count(*) FROM revision WHERE kind = 'engagement'").await,
        ),
        (Measure::Concerns, database.count("SELECT count(*) FROM revision WHERE kind = 'concern'").await),
        (Measure::People, database.count(&people).await),
        (
            Measure::Entries,
            database.count("SELECT count(*) FROM revision WHERE kind IN ('engagement', 'concern')").await,
        ),
    ];
    for (measure, counted) in by_hand {
        assert_eq!(measure.number(&told.total), Some(i64::try_from(counted).unwrap()), "{}", measure.name());
        let rows: i64 = told.groups.iter().filter_map(|group| measure.number(&group.figures)).sum();
        assert_eq!(rows, i64::try_from(counted).unwrap(), "{} by shift", measure.name());
    }
    let minute = |text: i64| Millis(text * MINUTE_MS);
    let legs = [Interval::new(minute(10), minute(70)), Interval::new(minute(30), minute(100))];
    assert_eq!(
        told.total.patrol_ms,
        union_length(&legs) + 80 * MINUTE_MS,
        "one unit of two phones, one alone"
    );
    assert_eq!(told.total.person_ms, 2 * union_length(&legs) + 80 * MINUTE_MS);
}
