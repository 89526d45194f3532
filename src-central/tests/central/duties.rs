//! Who reads a duty, and whose word about it counts; and who reads a disclosure about someone in policing.

use beatbook_central::{clock, officers};
use beatbook_domain::code_list::built_in;
use beatbook_domain::duty::{self, Post};
use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::seal::Sealed;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! { a_duty_reaches_whoever_has_it_and_whoever_must_see_it_rise, who_may_not_take_it_has_not, a_disclosure_reaches_professional_standards_and_nobody_else }

fn owed() -> DutyBody {
    duty::opened(duty::CRIME_REF, Some(clock::now()), built_in(), clock::now())
}

fn links(reply: &SyncReply) -> Vec<Link> {
    revisions(reply).into_iter().map(|(_, revision)| revision.link).collect()
}

async fn reads(phone: &mut Phone, link: Link) -> bool {
    links(&phone.sync(vec![]).await).contains(&link)
}

/// A word of somebody else about a duty.
fn taken(by: &mut Phone, duty: &Sealed, body: DutyBody) -> Sealed {
    let about = About { entry_id: Head::parse(&duty.head).unwrap().entry_id, link: duty.link };
    let answers = HeadLink { relation: Relation::Answers, entry_id: about.entry_id, link: Some(duty.link) };
    by.write_with(Kind::DutyAccepted, &Body::Duty(body), |head| {
        (head.about, head.links) = (Some(about), vec![answers]);
    })
}

async fn problems(phone: &mut Phone, of: Link) -> Vec<String> {
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let receipts = phone.receipts(&reply);
    let receipt = receipts.iter().find(|receipt| receipt.link == of).unwrap();
    receipt.problems.iter().map(|problem| problem.code.clone()).collect()
}

async fn team_of(world: &World) -> TeamId {
    world.storage.teams().await.unwrap()[0].team
}

async fn a_duty_reaches_whoever_has_it_and_whoever_must_see_it_rise(database: Database) {
    let world = World::new(database).await;
    let team = team_of(&world).await;
    let (mut officer, mut partner) = (world.phone("1482").await, world.phone("1377").await);
    let mut sergeant = world.phone("0311").await;
    officer.open_shift();
    officer.name_crew(partner.officer, CrewStanding::Claimed);
    let duty = officer.write(Kind::DutyOpened, &Body::Duty(owed()));
    officer.sync(vec![officer.batch(0)]).await;
    assert!(reads(&mut sergeant, duty.link).await, "it may rise to the sergeant");
    assert!(!reads(&mut partner, duty.link).await, "it is no matter of the crew");

    // Offered to the crews of the team: every officer of it reads it, and no one of another.
    let body = DutyBody { post: Some("CREW".into()), team: Some(team), ..owed() };
    let offered = officer.write(Kind::DutyOpened, &Body::Duty(body));
    officer.sync(vec![officer.batch(0)]).await;
    assert!(reads(&mut partner, offered.link).await);
    let elsewhere = officers::team(world.storage.as_ref(), "King's Lynn", clock::now()).await.unwrap();
    for (collar, role) in [("1955", "PC"), ("0512", "PS")] {
        officers::put(world.storage.as_ref(), collar, role, Some(elsewhere.team), clock::now())
            .await
            .unwrap();
        let mut stranger = world.phone(collar).await;
        assert!(!reads(&mut stranger, offered.link).await, "{collar} is of another team");
    }

    // Taken: its author and whoever handed it over learn of it, and so do those above.
    let body = DutyBody {
        accepted_by: Some(partner.officer),
        post: Some("CREW".into()),
        team: Some(team),
        officer: Some(officer.officer),
        from: Some(officer.officer),
        ..owed()
    };
    let word = taken(&mut partner, &offered, body);
    assert!(problems(&mut partner, word.link).await.is_empty());
    assert!(reads(&mut officer, word.link).await && reads(&mut sergeant, word.link).await);
    world.assert_whole().await;
}

async fn who_may_not_take_it_has_not(database: Database) {
    let world = World::new(database).await;
    let team = team_of(&world).await;
    let (mut officer, mut colleague) = (world.phone("1482").await, world.phone("2206").await);
    let mut sergeant = world.phone("0311").await;
    officer.open_shift();
    let body = DutyBody { post: Some(Post::SERGEANT.code()), team: Some(team), ..owed() };
    let offered = officer.write(Kind::DutyOpened, &Body::Duty(body));
    officer.sync(vec![officer.batch(0)]).await;
    let author = officer.officer;
    let take = |by: &Phone, post: &str| DutyBody {
        accepted_by: Some(by.officer),
        post: Some(post.into()),
        team: Some(team),
        officer: Some(author),
        ..owed()
    };
    let body = take(&colleague, "PS");
    let forged = taken(&mut colleague, &offered, body);
    assert_eq!(problems(&mut colleague, forged.link).await, ["no_authority"]);
    assert!(!reads(&mut officer, forged.link).await && !reads(&mut sergeant, forged.link).await);
    let body = take(&sergeant, "INSP");
    let above = taken(&mut sergeant, &offered, body);
    assert_eq!(problems(&mut sergeant, above.link).await, ["no_authority"], "no inspector");
    let body = take(&sergeant, "PS_NIGHT");
    let word = taken(&mut sergeant, &offered, body);
    assert!(problems(&mut sergeant, word.link).await.is_empty());
    assert!(reads(&mut officer, word.link).await);
    world.assert_whole().await;
}

async fn a_disclosure_reaches_professional_standards_and_nobody_else(database: Database) {
    let world = World::new(database).await;
    let storage = world.storage.as_ref();
    officers::put(storage, "9001", "PSD", None, clock::now()).await.unwrap();
    let team = team_of(&world).await;
    officers::put(storage, "0102", "INSP", Some(team), clock::now()).await.unwrap();
    let (mut officer, mut partner) = (world.phone("1482").await, world.phone("1377").await);
    let (mut sergeant, mut inspector) = (world.phone("0311").await, world.phone("0102").await);
    let mut reader = world.phone("9001").await;
    let shift = officer.open_shift();
    officer.name_crew(partner.officer, CrewStanding::Claimed);
    // A phone that names the shift all the same opens no way to it, and neither does a duty or another kind of entry.
    let mut narrow = Vec::new();
    for kind in [Kind::Concern, Kind::DutyOpened, Kind::Engagement] {
        let body = match kind {
            Kind::DutyOpened => {
                Body::Duty(DutyBody { post: Some("CREW".into()), team: Some(team), ..owed() })
            }
            _ => Body::Unread(serde_json::json!({})),
        };
        let sealed = officer.write_with(kind, &body, |head| {
            (head.access, head.shift_id) = (Access::ProfessionalStandards, Some(shift));
        });
        narrow.push(sealed.link);
    }
    officer.sync(vec![officer.batch(0)]).await;
    for phone in [&mut partner, &mut sergeant, &mut inspector] {
        let read = links(&phone.sync(vec![]).await);
        assert!(narrow.iter().all(|link| !read.contains(link)));
    }
    let reply = reader.sync(vec![]).await;
    assert!(reply.scopes.as_ref().unwrap().contains(&Scope::Standards));
    let read = revisions(&reply);
    assert_eq!(read.iter().map(|(_, revision)| revision.link).collect::<Vec<_>>(), narrow);
    assert!(read.iter().all(|(_, revision)| revision.body.is_some()), "whole, not as headings");
    assert!(reply.contacts.is_empty());
    let figures =
        beatbook_central::figures::summary(storage, shift, &[], &Default::default()).await.unwrap().unwrap();
    assert_eq!((figures.concerns, figures.entries), (0, 0));
    world.assert_whole().await;
}
