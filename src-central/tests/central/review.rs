//! Who reads a review: its author, the officer it is about and those who review the same teams; and whose word counts.

use beatbook_central::{clock, officers};
use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::seal::Sealed;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! {
    a_return_reaches_its_officer_and_not_the_crew,
    without_authority_nothing_reaches_anybody,
    only_the_authors_own_team_decides_and_the_step_above,
}

fn of(sealed: &Sealed) -> About {
    About { entry_id: Head::parse(&sealed.head).unwrap().entry_id, link: sealed.link }
}

fn returned(by: &mut Phone, about: &Sealed, officer: OfficerId, shift: EntryId) -> Sealed {
    let questions = vec![Question { field: Some("people".into()), words: "How many were there?".into() }];
    let body =
        Body::Return(Return { officer, questions, due: None, urgent: false, aside: false, reason: None });
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

fn approved(by: &mut Phone, about: &Sealed, officer: OfficerId, covers: &[&Sealed]) -> Sealed {
    let covers = covers.iter().map(|one| of(one)).collect();
    let (decision, disposition, reference) = (Decision::Approved, None, None);
    let body =
        Review { officer, decision, covers, disposition, reference, note: None, reason: None, post: None };
    by.write_with(Kind::Review, &Body::Review(body), |head| head.about = Some(of(about)))
}

/// What stands beside the receipt of the newest revision once everything is sent.
async fn problems(phone: &mut Phone) -> Vec<String> {
    let reply = phone.sync(vec![phone.batch(0)]).await;
    let newest = phone.receipts(&reply).pop().unwrap();
    newest.problems.into_iter().map(|problem| problem.code).collect()
}

impl World {
    /// Puts an officer on the roster as they stand from `at` on.
    async fn put(&self, collar: &str, role: &str, team: &str, at: Millis) -> TeamId {
        let team = officers::team(self.storage.as_ref(), team, at).await.unwrap().team;
        officers::put(self.storage.as_ref(), collar, role, Some(team), at).await.unwrap();
        team
    }

    async fn grant(&self, collar: &str, capability: &str, team: TeamId, from: Millis, until: Option<Millis>) {
        let (officer, capability) = (self.officer(collar).await, Code::new(capability));
        self.storage.put_grant(Grant { officer, capability, team: Some(team), from, until }).await.unwrap();
    }
}

async fn only_the_authors_own_team_decides_and_the_step_above(database: Database) {
    let world = World::new(database).await;
    let now = clock::now();
    let breckland = world.put("5151", "PC", "Breckland", now).await;
    world.put("0412", "PS", "Breckland", now).await;
    let mut officer = world.phone("1482").await;
    let mut elsewhere = world.phone("5151").await;
    let (mut sergeant, mut inspector) = (world.phone("0311").await, world.phone("0102").await);
    let mut of_breckland = world.phone("0412").await;
    let mut acting = world.phone("1377").await;
    let about = officer.engagement("forty people");
    officer.sync(vec![officer.batch(0)]).await;
    let theirs = elsewhere.engagement("in Thetford");
    elsewhere.sync(vec![elsewhere.batch(0)]).await;
    let of_the_sergeant = sergeant.engagement("the sergeant walked too");
    sergeant.sync(vec![sergeant.batch(0)]).await;
    let (none, no_authority): (Vec<String>, _) = (Vec::new(), vec!["no_authority".to_owned()]);

    // The team of the officer it is about decides, not any team.
    approved(&mut sergeant, &about, officer.officer, &[]);
    assert_eq!(problems(&mut sergeant).await, none);
    let foreign = approved(&mut of_breckland, &about, officer.officer, &[]);
    assert_eq!(problems(&mut of_breckland).await, no_authority, "a sergeant of another team");
    assert!(!links(&officer.sync(vec![]).await).contains(&foreign.link));
    assert!(!links(&sergeant.sync(vec![]).await).contains(&foreign.link));
    // Whose it is says the chain, not the decision: neither a name of one's own team nor what is covered helps.
    approved(&mut of_breckland, &about, elsewhere.officer, &[]);
    assert_eq!(problems(&mut of_breckland).await, ["about_differs", "no_authority"]);
    approved(&mut of_breckland, &theirs, elsewhere.officer, &[&about]);
    assert_eq!(problems(&mut of_breckland).await, ["about_differs", "no_authority"]);
    approved(&mut of_breckland, &theirs, elsewhere.officer, &[&theirs]);
    assert_eq!(problems(&mut of_breckland).await, none);

    // An inspector decides about a sergeant who patrols; neither another sergeant nor one who acts does.
    let team = world.put("0311", "PS", beatbook_central::demo::TEAM, now).await;
    world.grant("1377", "review", team, now.plus(-1_000), Some(now.plus(DAY_MS))).await;
    approved(&mut acting, &of_the_sergeant, sergeant.officer, &[]);
    assert_eq!(problems(&mut acting).await, no_authority);
    approved(&mut acting, &about, officer.officer, &[]);
    assert_eq!(problems(&mut acting).await, none, "who acts for a sergeant decides as one");
    let told = inspector.sync(vec![inspector.batch(0)]).await;
    assert!(links(&told).contains(&of_the_sergeant.link), "the inspector of the team reads it");
    let decided = approved(&mut inspector, &of_the_sergeant, sergeant.officer, &[]);
    assert_eq!(problems(&mut inspector).await, none);
    assert!(links(&sergeant.sync(vec![]).await).contains(&decided.link));
    approved(&mut inspector, &theirs, elsewhere.officer, &[]);
    assert_eq!(problems(&mut inspector).await, no_authority, "not for a team nobody gave them");
    world.grant("0102", "command", breckland, clock::now(), None).await;
    let told = inspector.sync(vec![]).await;
    let held = |what: &str| told.grants.iter().any(|g| g.team == Some(breckland) && g.capability == *what);
    assert!(held("command") && held("review"));
    let decided = approved(&mut inspector, &theirs, elsewhere.officer, &[]);
    assert_eq!(problems(&mut inspector).await, none);
    // It goes to the team it is about, and not to the other team its author has.
    assert!(links(&of_breckland.sync(vec![]).await).contains(&decided.link));
    assert!(!links(&sergeant.sync(vec![]).await).contains(&decided.link));

    // An officer who moves: what was written before stays with the team of then.
    world.put("1482", "PC", "Breckland", clock::now()).await;
    approved(&mut sergeant, &about, officer.officer, &[]);
    assert_eq!(problems(&mut sergeant).await, none);
    approved(&mut of_breckland, &about, officer.officer, &[]);
    assert_eq!(problems(&mut of_breckland).await, no_authority);
    world.assert_whole().await;
}
