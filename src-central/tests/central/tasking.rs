//! Who reads what is asked for a night: everybody of the team before the shift, its sergeants, nobody else; and whose word
//! counts.

use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::place::AreaRef;
use beatbook_domain::seal::Sealed;
use beatbook_domain::time::HOUR_MS;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! {
    a_briefing_reaches_its_team_before_the_shift_and_the_answer_its_sergeant,
    without_authority_nobody_is_asked_anything,
    taskings_of_a_period_are_read_with_what_was_said_of_them
}

fn asked(by: &mut Phone, team: Option<TeamId>) -> Sealed {
    let now = beatbook_central::clock::now();
    let body = Body::Tasking(Tasking {
        from: now.plus(HOUR_MS),
        until: now.plus(6 * HOUR_MS),
        team,
        units: vec![],
        initiative: None,
        supervisor: None,
        areas: vec![TaskedArea {
            area: AreaRef { code: "DEMO-P-POW".into(), name: "Prince of Wales Road".into() },
            band: (10, 16),
            max_gap_min: Some(120),
            windows: vec![TaskWindow { from: now.plus(HOUR_MS), until: now.plus(3 * HOUR_MS), visits: 2 }],
            why: vec![],
            note: None,
        }],
        reason: None,
    });
    by.write_with(Kind::Tasking, &body, |_| {})
}

fn scopes_of(reply: &SyncReply, link: Link) -> Vec<String> {
    let found = revisions(reply).into_iter().filter(|(_, revision)| revision.link == link);
    found.map(|(scope, _)| scope.to_string().split(':').next().unwrap_or_default().to_owned()).collect()
}

async fn team_of(world: &World, collar: &str) -> TeamId {
    let officer = world.officer(collar).await;
    world.storage.roster(officer).await.unwrap().last().unwrap().team.unwrap()
}

fn problems(phone: &Phone, reply: &SyncReply, link: Link) -> Vec<String> {
    let receipts = phone.receipts(reply);
    let receipt = receipts.iter().find(|receipt| receipt.link == link).unwrap();
    receipt.problems.iter().map(|problem| problem.code.clone()).collect()
}

async fn a_briefing_reaches_its_team_before_the_shift_and_the_answer_its_sergeant(database: Database) {
    let world = World::new(database).await;
    let (mut officer, mut partner) = (world.phone("1482").await, world.phone("1377").await);
    let mut sergeant = world.phone("0311").await;
    let team = team_of(&world, "1482").await;
    let plan = asked(&mut sergeant, Some(team));
    let reply = sergeant.sync(vec![sergeant.batch(0)]).await;
    assert!(problems(&sergeant, &reply, plan.link).is_empty());
    for phone in [&mut officer, &mut partner] {
        let reply = phone.sync(vec![phone.batch(0)]).await;
        assert_eq!(scopes_of(&reply, plan.link), ["briefing"], "no shift is open, and it is here");
    }

    let about = About { entry_id: Head::parse(&plan.head).unwrap().entry_id, link: plan.link };
    let body = Body::TaskingAck(TaskingAck::default());
    let ack = officer.write_with(Kind::TaskingAck, &body, |head| head.about = Some(about));
    let reply = officer.sync(vec![officer.batch(0)]).await;
    assert!(problems(&officer, &reply, ack.link).is_empty());
    assert_eq!(scopes_of(&sergeant.sync(vec![]).await, ack.link), ["team"]);
    assert!(scopes_of(&partner.sync(vec![]).await, ack.link).is_empty(), "who read it is for its sergeant");
    world.assert_whole().await;
}

async fn without_authority_nobody_is_asked_anything(database: Database) {
    let world = World::new(database).await;
    let (mut officer, mut partner) = (world.phone("1482").await, world.phone("1377").await);
    let mut sergeant = world.phone("0311").await;
    let team = team_of(&world, "1482").await;
    let forged = asked(&mut officer, Some(team));
    let reply = officer.sync(vec![officer.batch(0)]).await;
    assert_eq!(problems(&officer, &reply, forged.link), ["no_authority"]);
    // A sergeant asks nothing of a team they do not review, nor of no team.
    let foreign = asked(&mut sergeant, Some(TeamId(uuid::Uuid::new_v4())));
    let nobody = asked(&mut sergeant, None);
    let reply = sergeant.sync(vec![sergeant.batch(0)]).await;
    assert_eq!(problems(&sergeant, &reply, foreign.link), ["no_authority"]);
    assert_eq!(problems(&sergeant, &reply, nobody.link), ["no_authority"]);
    let reply = partner.sync(vec![partner.batch(0)]).await;
    for link in [forged.link, foreign.link, nobody.link] {
        assert!(scopes_of(&reply, link).is_empty());
    }
    world.assert_whole().await;
}

async fn taskings_of_a_period_are_read_with_what_was_said_of_them(database: Database) {
    let world = World::new(database).await;
    let mut sergeant = world.phone("0311").await;
    let team = team_of(&world, "1482").await;
    let plan = asked(&mut sergeant, Some(team));
    sergeant.engagement("of no use here");
    sergeant.sync(vec![sergeant.batch(0)]).await;
    let now = beatbook_central::clock::now();
    let found = world.storage.taskings_written(now.plus(-HOUR_MS), now.plus(HOUR_MS)).await.unwrap();
    assert_eq!(found.iter().map(|row| row.link).collect::<Vec<_>>(), [plan.link]);
    let earlier = world.storage.taskings_written(now.plus(-9 * HOUR_MS), now.plus(-HOUR_MS)).await.unwrap();
    assert!(earlier.is_empty());
}
