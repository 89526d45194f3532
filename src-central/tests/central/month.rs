//! An invented month, over since: shifts of several officers with legs, visits, engagements, cards, concerns and powers.

use beatbook_domain::code_list::{CodeRef, built_in};
use beatbook_domain::entry::{
    Access, Body, Change, Handout, HandoutItem, Head, Kind, Leg, PowerUse, ShiftOpened, Visit,
};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::period::month_of;
use beatbook_domain::place::{AreaRef, PlaceStamp};
use beatbook_domain::time::{HOUR_MS, MINUTE_MS, Millis, day_begins, local};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::phone::{Phone, engagement};
use crate::world::World;

pub const NORWICH: &str = "DEMO-P-NORW";
pub const LYNN: &str = "DEMO-P-KLYN";
pub const THETFORD: &str = "DEMO-P-THET";

/// First day of the month before this one, and of this one.
pub fn last_month() -> (NaiveDate, NaiveDate) {
    let (first, _) = month_of(local(beatbook_central::clock::now()).date_naive());
    month_of(first.pred_opt().unwrap())
}

pub fn code(list: &str, code: &str) -> CodeRef {
    let today = local(beatbook_central::clock::now()).date_naive();
    built_in().code_ref(list, &Code::new(code), today).unwrap_or_else(|| panic!("{code} is in no list"))
}

pub fn place(area: &str, square: &str) -> PlaceStamp {
    PlaceStamp {
        area: Some(AreaRef { code: Code::new(area), name: area.to_owned() }),
        square_100m: Some(square.to_owned()),
        ..PlaceStamp::default()
    }
}

fn at(head: &mut Head, when: Millis) {
    head.occurred_at = when;
    head.written_at = when;
}

/// What one shift holds.
pub struct Plan {
    pub day: u64,
    pub area: &'static str,
    pub hours: i64,
    pub visits: u32,
    pub engagements: u32,
    pub cards: u32,
    pub concerns: u32,
    pub arrests: u32,
}

/// Something that lasts: its start and its end are two revisions of one entry.
fn lasting(
    phone: &mut Phone,
    (start, end): (Kind, Kind),
    body: &Body,
    (from, until): (Millis, Millis),
    change: impl Fn(&mut Head),
) {
    let entry = EntryId(Uuid::new_v4());
    let first = phone.write_with(start, body, |head| {
        head.entry_id = entry;
        at(head, from);
        change(head);
    });
    phone.write_with(end, body, |head| {
        head.entry_id = entry;
        at(head, from);
        head.occurred_until = Some(until);
        head.written_at = until;
        head.change = Change::Continues;
        head.revises = vec![first.link];
        change(head);
    });
}

/// Writes a shift.
pub fn shift(phone: &mut Phone, plan: &Plan) -> EntryId {
    let day = last_month().0.checked_add_days(Days::new(plan.day)).unwrap();
    let from = day_begins(day).plus(18 * HOUR_MS);
    let until = from.plus(plan.hours * HOUR_MS);
    let minute = |n: i64| from.plus(n * MINUTE_MS);
    let body = ShiftOpened {
        call_sign: "N41".into(),
        planned_end: None,
        supervisor: None,
        partners: vec![],
        reason: None,
    };
    let body = Body::Shift(body);
    let shift = EntryId(Uuid::new_v4());
    phone.shift = Some(shift);
    let initiative = code("initiative", "INI_OP_FOCUS");
    let opened = phone.write_with(Kind::ShiftOpened, &body, |head| {
        head.entry_id = shift;
        at(head, from);
        head.codes = vec![initiative.clone()];
    });
    phone.write_with(Kind::ShiftEnded, &body, |head| {
        head.entry_id = shift;
        at(head, from);
        head.written_at = until;
        head.occurred_until = Some(until);
        head.change = Change::Continues;
        head.revises = vec![opened.link];
        head.codes = vec![initiative.clone()];
    });
    let area = Some(Code::new(plan.area));
    let leg = Body::Leg(Leg { place: Some(place(plan.area, "TG 235 085")), reason: None });
    lasting(phone, (Kind::LegStarted, Kind::LegEnded), &leg, (from, until), |head| {
        head.area.clone_from(&area);
    });
    for n in 0..i64::from(plan.visits) {
        let (from, until) = (minute(n * 30), minute(n * 30 + 9 + n));
        let visit = Body::Visit(Visit::default());
        lasting(phone, (Kind::VisitStarted, Kind::VisitEnded), &visit, (from, until), |head| {
            head.area.clone_from(&area);
        });
    }
    for n in 0..plan.engagements {
        let Body::Engagement(mut it) = engagement("Asked about the way home.") else { unreachable!() };
        it.people = 1 + n % 4;
        it.place = Some(place(plan.area, "TG 235 085"));
        it.topics = vec![code("topic", if n % 3 == 0 { "T_STREETSAFE" } else { "T_REPORT" })];
        phone.write_with(Kind::Engagement, &Body::Engagement(it), |head| at(head, minute(i64::from(n) * 7)));
    }
    if plan.cards > 0 {
        let item = HandoutItem {
            material: code("material", "MAT_WALLET_STREETSAFE_ENOUGH"),
            quantity: plan.cards,
            language: None,
            batch: None,
            version: None,
        };
        let cards = Handout {
            items: vec![item],
            bulk: false,
            place: Some(place(plan.area, "TG 235 085")),
            note: None,
            paper: None,
            reason: None,
        };
        phone.write_with(Kind::Handout, &Body::Handout(cards), |head| at(head, minute(20)));
    }
    for n in 0..plan.concerns {
        concern(phone, plan.area, minute(40 + i64::from(n)), Access::Team);
    }
    for _ in 0..plan.arrests {
        let used = PowerUse {
            power: code("power", "PW_S24_PACE_ARREST"),
            authority: None,
            area: None,
            until: None,
            reason_class: None,
            people: 1,
            references: vec![],
            plain_clothes: false,
            place: Some(place(plan.area, "TG 235 085")),
            note: None,
            paper: None,
            reason: None,
        };
        phone.write_with(Kind::PowerUse, &Body::PowerUse(used), |head| at(head, minute(50)));
    }
    shift
}

/// A concern note.
pub fn concern(phone: &mut Phone, area: &str, when: Millis, access: Access) -> EntryId {
    let Body::Concern(mut it) = crate::phone::concern("A man stood at the rank for an hour.") else {
        unreachable!()
    };
    it.place = Some(place(area, "TG 235 085"));
    let entry = EntryId(Uuid::new_v4());
    phone.write_with(Kind::Concern, &Body::Concern(it), |head| {
        head.entry_id = entry;
        at(head, when);
        head.access = access;
    });
    entry
}

/// The month: two officers, three places, many and few.
pub const PLANS: [Plan; 6] = [
    Plan { day: 2, area: NORWICH, hours: 6, visits: 5, engagements: 14, cards: 9, concerns: 3, arrests: 2 },
    Plan { day: 3, area: LYNN, hours: 5, visits: 4, engagements: 11, cards: 6, concerns: 1, arrests: 0 },
    Plan { day: 9, area: NORWICH, hours: 7, visits: 6, engagements: 9, cards: 12, concerns: 2, arrests: 1 },
    Plan { day: 15, area: THETFORD, hours: 4, visits: 2, engagements: 3, cards: 2, concerns: 1, arrests: 0 },
    Plan { day: 16, area: LYNN, hours: 6, visits: 7, engagements: 8, cards: 5, concerns: 0, arrests: 1 },
    Plan { day: 22, area: NORWICH, hours: 3, visits: 3, engagements: 6, cards: 4, concerns: 0, arrests: 2 },
];

/// Records the month.
pub async fn record(world: &World) -> Vec<EntryId> {
    let mut shifts = Vec::new();
    let mut phones = [world.phone("1482").await, world.phone("2206").await];
    for (place, plan) in PLANS.iter().enumerate() {
        shifts.push(shift(&mut phones[place % 2], plan));
    }
    for phone in &mut phones {
        let batch = phone.batch(0);
        phone.sync(vec![batch]).await;
    }
    shifts
}
