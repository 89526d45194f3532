//! The kinds of a night's work: each is received without a question when it is right, and with the right one when not.

use beatbook_central::{clock, lists};
use beatbook_domain::code_list::list;
use beatbook_domain::duty;
use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::place::{AreaRef, PlaceStamp};
use beatbook_domain::power::DISPERSAL;
use beatbook_domain::seal::Sealed;
use beatbook_domain::time::HOUR_MS;
use beatbook_protocol::sync::*;
use uuid::Uuid;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, code, concern, revisions};
use crate::world::World;

on_both! {
    each_kind_is_received_without_a_question,
    a_dispersal_without_its_authority_is_received_with_its_problem,
    a_kind_changes_only_within_its_pair,
    what_is_revised_may_arrive_later,
}

/// The problems of each receipt, those of the notebook's opening left out.
async fn found(phone: &mut Phone, from: usize) -> Vec<Vec<String>> {
    let reply = phone.sync(vec![phone.batch(from)]).await;
    assert_eq!(reply.refusals, vec![]);
    let receipts = phone.receipts(&reply);
    assert_eq!(receipts.len(), phone.record.revisions.len() - from, "everything is in custody");
    let codes = |receipt: &Receipt| receipt.problems.iter().map(|problem| problem.code.clone()).collect();
    receipts.iter().map(codes).collect()
}

fn place(area: &str) -> Option<PlaceStamp> {
    let area = Some(AreaRef { code: Code::new(area), name: area.to_owned() });
    Some(PlaceStamp { area, ..PlaceStamp::default() })
}

/// The code of a list that is meant, wherever it stands there.
fn coded(list: &str, wanted: &str) -> beatbook_domain::code_list::CodeRef {
    let today = beatbook_domain::time::local(clock::now()).date_naive();
    beatbook_domain::code_list::built_in().code_ref(list, &Code::new(wanted), today).unwrap()
}

fn items(quantity: u32) -> Vec<HandoutItem> {
    vec![HandoutItem {
        material: code(list::MATERIAL, 0),
        quantity,
        language: Some("EN".into()),
        batch: Some("2026-09".into()),
        version: Some("2".into()),
    }]
}

fn event() -> Body {
    Body::Event(Event {
        event_type: code(list::EVENT_TYPE, 0),
        name: Some("Freshers stall".into()),
        attendance: Some(code(list::ATTENDANCE, 2)),
        partners: vec![code(list::PARTNER, 0)],
        topics: vec![code(list::TOPIC, 0)],
        place: place("DEMO-P-POW"),
        note: None,
        paper: None,
        reason: None,
    })
}

fn handout(bulk: bool) -> Body {
    let (note, paper, reason) = (None, None, None);
    Body::Handout(Handout { items: items(50), bulk, place: place("DEMO-P-POW"), note, paper, reason })
}

fn stock(direction: StockDirection) -> Body {
    Body::Stock(StockMoved { direction, items: items(20), note: None, reason: None })
}

fn dispersal(authority: Option<Authority>) -> PowerUse {
    PowerUse {
        power: coded(list::POWER, DISPERSAL),
        authority,
        area: Some("Prince of Wales Road".into()),
        until: Some(clock::now().plus(6 * HOUR_MS)),
        reason_class: Some(code(list::POWER_REASON, 0)),
        people: 2,
        references: vec![],
        plain_clothes: false,
        place: place("DEMO-P-POW"),
        note: None,
        paper: None,
        reason: None,
    }
}

fn referral(state: &str) -> Body {
    Body::Referral(Referral {
        issue: code(list::STREETSAFE_ENVIRONMENT, 0),
        owner: code(list::REFERRAL_OWNER, 0),
        state: coded(list::REFERRAL_STATE, state),
        details: Some("Three lamps out".into()),
        owner_ref: None,
        photo: None,
        place: place("DEMO-P-POW"),
        paper: None,
        reason: None,
    })
}

fn owed() -> DutyBody {
    duty::opened(duty::CRIME_REF, Some(clock::now()), beatbook_domain::code_list::built_in(), clock::now())
}

/// Writes what follows a revision: the same entry, the kind and change given.
fn follow(phone: &mut Phone, first: &Sealed, kind: Kind, change: Change, body: &Body) -> Sealed {
    let entry = Head::parse(&first.head).unwrap().entry_id;
    let link = first.link;
    phone.write_with(kind, body, |head| {
        (head.entry_id, head.change, head.revises) = (entry, change, vec![link]);
    })
}

/// Reference of the authorisation in force tonight, and of the one that has ended.
async fn authorisations(world: &World) -> (String, String) {
    let edition = lists::current(world.storage.as_ref()).await.unwrap();
    let carries = |it: &&beatbook_domain::power::PowerAuthority| it.powers.contains(&DISPERSAL.into());
    let live = edition.authorities.iter().filter(carries).find(|it| it.is_live(clock::now())).unwrap();
    let ended = edition.authorities.iter().filter(carries).find(|it| !it.is_live(clock::now())).unwrap();
    (live.reference.clone(), ended.reference.clone())
}

async fn each_kind_is_received_without_a_question(database: Database) {
    let world = World::new(database).await;
    let (live, _) = authorisations(&world).await;
    let mut sergeant = world.phone("0311").await;
    sergeant.sync(vec![]).await;
    let mut phone = world.phone("1482").await;
    phone.open_shift();
    let stall = phone.write(Kind::Event, &event());
    let stall = Head::parse(&stall.head).unwrap().entry_id;
    phone.write_with(Kind::Handout, &handout(false), |head| {
        head.links = vec![HeadLink { relation: Relation::AroseFrom, entry_id: stall, link: None }];
    });
    phone.write(Kind::Handout, &handout(true));
    for direction in [StockDirection::Drawn, StockDirection::Returned, StockDirection::Spoiled] {
        phone.write(Kind::StockMoved, &stock(direction));
    }
    phone.write(Kind::PowerUse, &Body::PowerUse(dispersal(Some(Authority::Reference(live.clone())))));
    let told = ToldAuthority { inspector: "0102".into(), told_at: clock::now() };
    phone.write(Kind::PowerUse, &Body::PowerUse(dispersal(Some(Authority::ToFollow(told)))));
    let Body::Concern(mut noted) = concern("shouted at passers-by") else { unreachable!() };
    noted.place = place("DEMO-P-POW");
    noted.powers =
        vec![PowerUsed { power: coded(list::POWER, DISPERSAL), authority: Some(Authority::Reference(live)) }];
    phone.write(Kind::Concern, &Body::Concern(noted));
    let raised = phone.write(Kind::Referral, &referral("REF_RAISED"));
    let seen = follow(&mut phone, &raised, Kind::Referral, Change::Continues, &referral("REF_ACK"));
    follow(&mut phone, &seen, Kind::Referral, Change::Continues, &referral("REF_DONE"));
    let opened = phone.write(Kind::DutyOpened, &Body::Duty(owed()));
    let accepted = DutyBody { accepted_by: Some(phone.officer), ..owed() };
    let accepted = follow(&mut phone, &opened, Kind::DutyAccepted, Change::Continues, &Body::Duty(accepted));
    let reference =
        Reference { kind: coded(list::REFERENCE, "REF_CRIME"), value: "36/286/26".into(), at: None };
    let done = Body::Duty(DutyBody { reference: Some(reference), ..owed() });
    follow(&mut phone, &accepted, Kind::DutyDischarged, Change::Continues, &done);
    let straight = phone.write(Kind::DutyOpened, &Body::Duty(owed()));
    follow(&mut phone, &straight, Kind::DutyDischarged, Change::Continues, &done);

    let problems = found(&mut phone, 0).await;
    assert!(problems.iter().all(Vec::is_empty), "{problems:?}");
    // The sergeant reads all of it, bodies too; the chain's opening and the shift come before.
    let reply = sergeant.sync(vec![]).await;
    let read: Vec<_> =
        revisions(&reply).into_iter().filter(|(scope, _)| matches!(scope, Scope::Team(_))).collect();
    assert_eq!(read.len(), phone.record.revisions.len());
    assert!(read.iter().all(|(_, revision)| revision.body.is_some() && revision.problems.is_empty()));
    world.assert_whole().await;
}

async fn a_dispersal_without_its_authority_is_received_with_its_problem(database: Database) {
    let world = World::new(database).await;
    let (live, ended) = authorisations(&world).await;
    let mut phone = world.phone("1482").await;
    let named = |reference: &str| dispersal(Some(Authority::Reference(reference.to_owned())));
    let cases = [
        (dispersal(None), "name_authority"),
        (named(&ended), "authority_does_not_cover"),
        (PowerUse { place: place("DEMO-P-TOMBLAND"), ..named(&live) }, "authority_does_not_cover"),
        (PowerUse { power: coded(list::POWER, "PW_S60_CJPOA"), ..named(&live) }, "authority_does_not_cover"),
        (PowerUse { plain_clothes: true, ..named(&live) }, "plain_clothes"),
        (PowerUse { until: Some(clock::now().plus(49 * HOUR_MS)), ..named(&live) }, "direction_too_long"),
        (PowerUse { people: 0, ..named(&live) }, "people_from_one"),
    ];
    for (used, _) in &cases {
        phone.write(Kind::PowerUse, &Body::PowerUse(used.clone()));
    }
    let Body::Concern(mut noted) = concern("was told to leave") else { unreachable!() };
    noted.powers = vec![PowerUsed { power: coded(list::POWER, DISPERSAL), authority: None }];
    phone.write(Kind::Concern, &Body::Concern(noted));
    let problems = found(&mut phone, 1).await;
    let owed: Vec<Vec<String>> =
        cases.iter().map(|(_, code)| *code).chain(["name_authority"]).map(|code| vec![code.into()]).collect();
    assert_eq!(problems, owed);
    world.assert_whole().await;
}

async fn a_kind_changes_only_within_its_pair(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let duty = Body::Duty(owed());
    let opened = phone.write(Kind::DutyOpened, &duty);
    let done = follow(&mut phone, &opened, Kind::DutyDischarged, Change::Continues, &duty);
    let reopened = follow(&mut phone, &done, Kind::DutyOpened, Change::Continues, &duty);
    let reason = Body::Duty(DutyBody { reason: Some("wrong duty".into()), ..owed() });
    let other = phone.write(Kind::DutyOpened, &duty);
    let corrected = follow(&mut phone, &other, Kind::DutyDischarged, Change::Corrects, &reason);
    let raised = phone.write(Kind::Referral, &referral("REF_RAISED"));
    let became = follow(&mut phone, &raised, Kind::Event, Change::Continues, &event());
    let elsewhere = phone.write_with(Kind::Referral, &referral("REF_ACK"), |head| {
        (head.change, head.revises) = (Change::Continues, vec![raised.link]);
    });
    let fine = follow(&mut phone, &raised, Kind::Referral, Change::Continues, &referral("REF_ACK"));
    let wrong = [&reopened, &corrected, &became, &elsewhere].map(|sealed| sealed.link);
    let owed: Vec<Vec<String>> = phone.record.revisions[1..]
        .iter()
        .map(|sealed| if wrong.contains(&sealed.link) { vec!["revises_wrong".to_owned()] } else { vec![] })
        .collect();
    assert_eq!(found(&mut phone, 1).await, owed);
    // In a later request, what is in custody is looked up: the same answers.
    let late = phone.record.revisions.len();
    follow(&mut phone, &fine, Kind::Referral, Change::Continues, &referral("REF_DONE"));
    follow(&mut phone, &fine, Kind::Handout, Change::Continues, &handout(true));
    assert_eq!(found(&mut phone, late).await, vec![vec![], vec!["revises_wrong".to_owned()]]);
    world.assert_whole().await;
}

async fn what_is_revised_may_arrive_later(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let raised = phone.write(Kind::Referral, &referral("REF_RAISED"));
    follow(&mut phone, &raised, Kind::Referral, Change::Continues, &referral("REF_ACK"));
    // The second alone: what it revises is not here yet, and nothing is held against it.
    let problems = found(&mut phone, 2).await;
    assert_eq!(problems, vec![Vec::<String>::new()]);
    let reply = phone.sync(vec![phone.batch_of(&phone.record, 0..2, &[])]).await;
    assert!(phone.receipts(&reply).iter().all(|receipt| receipt.problems.is_empty()));
    // A head full of parents that nobody has costs nothing and is taken as well.
    let many: Vec<Link> = (0..200u64).map(|n| Link([n as u8; 32])).collect();
    let entry = EntryId(Uuid::new_v4());
    phone.write_with(Kind::Referral, &referral("REF_ACK"), |head| {
        (head.entry_id, head.change, head.revises) = (entry, Change::Continues, many);
    });
    assert_eq!(found(&mut phone, 3).await, vec![Vec::<String>::new()]);
    world.assert_whole().await;
}
