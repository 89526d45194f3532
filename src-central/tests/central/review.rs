//! Who reads a review: its author, the officer it is about and those who review the same teams; and whose word counts.

use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::seal::Sealed;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! { a_return_reaches_its_officer_and_not_the_crew, without_authority_nothing_reaches_anybody }

fn of(sealed: &Sealed) -> About {
    About { entry_id: Head::parse(&sealed.head).unwrap().entry_id, link: sealed.link }
}

fn returned(by: &mut Phone, about: &Sealed, officer: OfficerId, shift: EntryId) -> Sealed {
    let questions = vec![Question { field: Some("people".into()), words: "How many were there?".into() }];
    let body = Body::Return(Return { officer, questions, due: None, urgent: false, reason: None });
    by.write_with(Kind::Return, &body, |head| (head.about, head.shift_id) = (Some(of(about)), Some(shift)))
}

fn links(reply: &SyncReply) -> Vec<Link> {
    revisions(reply).into_iter().map(|(_, revision)| revision.link).collect()
}

async fn a_return_reaches_its_officer_and_not_the_crew(database: Database) {
    let world = World::new(database).await;
    let (mut officer, mut partner) = (world.phone("1482").await, world.phone("1377").await);
    let mut sergeant = world.phone("0311").await;
    let shift = officer.open_shift();
    officer.name_crew(partner.officer, CrewStanding::Claimed);
    let about = officer.engagement("forty people");
    officer.sync(vec![officer.batch(0)]).await;
    partner.sync(vec![partner.batch(0)]).await;
    sergeant.sync(vec![sergeant.batch(0)]).await;
    let told = partner.sync(vec![]).await;
    assert!(told.changes.is_empty(), "it has read everything of the shift");

    let asked = returned(&mut sergeant, &about, officer.officer, shift);
    let reply = sergeant.sync(vec![sergeant.batch(0)]).await;
    let receipts = sergeant.receipts(&reply);
    assert!(receipts.iter().all(|receipt| receipt.problems.is_empty()), "{receipts:?}");
    assert!(links(&officer.sync(vec![]).await).contains(&asked.link));
    assert!(!links(&partner.sync(vec![]).await).contains(&asked.link), "never for the rest of the crew");

    // The answer goes to whoever reviews the team, and not to the crew either.
    let body = Body::Answer(ReturnAnswer { kept: true, words: Some("Forty.".into()), reason: None });
    let answer = officer.write_with(Kind::Answer, &body, |head| head.about = Some(of(&about)));
    officer.sync(vec![officer.batch(0)]).await;
    assert!(links(&sergeant.sync(vec![]).await).contains(&answer.link));
    assert!(!links(&partner.sync(vec![]).await).contains(&answer.link));
    world.assert_whole().await;
}

async fn without_authority_nothing_reaches_anybody(database: Database) {
    let world = World::new(database).await;
    let (mut officer, mut colleague) = (world.phone("1482").await, world.phone("2206").await);
    let mut sergeant = world.phone("0311").await;
    let shift = officer.open_shift();
    let about = officer.engagement("three people");
    officer.sync(vec![officer.batch(0)]).await;
    let forged = returned(&mut colleague, &about, officer.officer, shift);
    let reply = colleague.sync(vec![colleague.batch(0)]).await;
    let receipts = colleague.receipts(&reply);
    let problems = |link: Link| {
        let receipt = receipts.iter().find(|receipt| receipt.link == link).unwrap();
        receipt.problems.iter().map(|problem| problem.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(problems(forged.link), vec!["no_authority"]);
    assert!(!links(&officer.sync(vec![]).await).contains(&forged.link));
    assert!(!links(&sergeant.sync(vec![sergeant.batch(0)]).await).contains(&forged.link));

    // A sergeant decides about nothing of their own.
    let shift = sergeant.open_shift();
    let own = sergeant.engagement("mine");
    let me = sergeant.officer;
    let decided = returned(&mut sergeant, &own, me, shift);
    let reply = sergeant.sync(vec![sergeant.batch(0)]).await;
    let receipts = sergeant.receipts(&reply);
    let own_decision = receipts.iter().find(|receipt| receipt.link == decided.link).unwrap();
    assert_eq!(own_decision.problems[0].code, "reviews_own");
    world.assert_whole().await;
}
