//! Who reads what: scopes, headings, cursors, contacts.

use std::collections::BTreeSet;

use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::seal;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{concern, revisions};
use crate::world::World;

on_both! {
    a_sergeant_reads_the_team_and_an_officer_does_not,
    a_partner_sees_the_heading_of_a_concern,
    naming_oneself_opens_no_shift,
    professional_standards_keeps_it_from_everybody,
    changes_come_in_pieces_and_all_come,
    the_sergeant_hears_of_every_phone,
}

async fn a_sergeant_reads_the_team_and_an_officer_does_not(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut sergeant = world.phone("0311").await;
    let mut stranger = world.phone("2206").await;
    phone.engagement("for the team");
    let written = phone.concern("for the team, in full");
    phone.sync(vec![phone.batch(0), phone.log_batch()]).await;
    let reply = sergeant.sync(vec![]).await;
    let read = revisions(&reply);
    let team = read.iter().map(|(scope, _)| *scope).collect::<BTreeSet<_>>();
    assert!(matches!(team.into_iter().collect::<Vec<_>>()[..], [Scope::Team(_)]));
    let links: Vec<Link> = read.iter().map(|(_, revision)| revision.link).collect();
    assert_eq!(
        links,
        phone.record.revisions.iter().map(|r| r.link).collect::<Vec<_>>(),
        "records, not the log"
    );
    assert_eq!(
        reply.grants.iter().map(|grant| grant.capability.as_str()).collect::<Vec<_>>(),
        vec!["review"]
    );
    // Each revision proves itself: bytes to commitment, commitment to link.
    for (_, revision) in &read {
        let sealed = seal::Sealed {
            chain_id: revision.chain_id,
            seq: revision.seq,
            head: revision.head.get().as_bytes().to_vec(),
            body: revision.body.as_ref().map(|body| body.get().as_bytes().to_vec()),
            salt: revision.salt,
            commit: revision.commit,
            link: revision.link,
        };
        sealed.verify(&revision.before).unwrap();
    }
    let full = read.iter().find(|(_, revision)| revision.link == written.link).unwrap();
    assert_eq!(full.1.body.as_ref().unwrap().get().as_bytes(), written.body.as_ref().unwrap());
    let nothing = stranger.sync(vec![]).await;
    assert_eq!(revisions(&nothing).len(), 0);
    assert!(nothing.grants.is_empty() && nothing.contacts.is_empty());
    let narrow = |scope: &Scope| !matches!(scope, Scope::Team(_) | Scope::Shift(_) | Scope::Standards);
    assert!(
        nothing.scopes.unwrap().iter().all(narrow),
        "their own, and what is offered or asked of their team"
    );
    // What one wrote does not come back, and what was read does not come twice.
    assert_eq!(revisions(&phone.sync(vec![]).await).len(), 0);
    assert_eq!(revisions(&sergeant.sync(vec![]).await).len(), 0);
}

async fn a_partner_sees_the_heading_of_a_concern(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut partner = world.phone("1377").await;
    let shift = phone.open_shift();
    phone.name_crew(partner.officer, CrewStanding::Claimed);
    let open = phone.engagement("the partner may read this");
    let note = phone.concern("the partner may not read this here");
    phone.sync(vec![phone.batch(0)]).await;
    let reply = partner.sync(vec![]).await;
    assert!(reply.scopes.as_ref().unwrap().contains(&Scope::Shift(shift)));
    let read = revisions(&reply);
    let claims = read.iter().filter(|(scope, _)| *scope == Scope::Officer(partner.officer)).count();
    assert_eq!(claims, 1, "a claim reaches the member by itself");
    let of = |link: Link| {
        read.iter().find(|(scope, r)| *scope == Scope::Shift(shift) && r.link == link).unwrap().1.clone()
    };
    assert!(of(open.link).body.is_some());
    let heading = of(note.link);
    assert!(heading.body.is_none() && heading.salt.is_none());
    let hash = seal::digest(heading.head.get().as_bytes());
    assert_eq!(seal::link(heading.chain_id, heading.seq, &heading.before, &hash, &heading.commit), note.link);
    // The partner's answer reaches the one who claimed.
    partner.shift = Some(shift);
    let answer = partner.name_crew(partner.officer, CrewStanding::Confirmed);
    partner.sync(vec![partner.batch(0)]).await;
    let heard = revisions(&phone.sync(vec![]).await);
    assert!(heard.iter().any(|(scope, r)| *scope == Scope::Shift(shift) && r.link == answer.link));
}

async fn naming_oneself_opens_no_shift(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut intruder = world.phone("2206").await;
    let shift = phone.open_shift();
    phone.engagement("not for others");
    phone.sync(vec![phone.batch(0)]).await;
    intruder.shift = Some(shift);
    intruder.name_crew(intruder.officer, CrewStanding::Confirmed);
    intruder.write_with(
        Kind::ShiftOpened,
        &Body::Shift(ShiftOpened {
            call_sign: "N99".into(),
            planned_end: None,
            supervisor: None,
            partners: vec![],
            reason: None,
        }),
        |head| head.entry_id = shift,
    );
    let reply = intruder.sync(vec![intruder.batch(0)]).await;
    assert!(!reply.scopes.as_ref().unwrap().contains(&Scope::Shift(shift)));
    assert_eq!(revisions(&reply).len(), 0);
}

async fn professional_standards_keeps_it_from_everybody(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut partner = world.phone("1377").await;
    let mut sergeant = world.phone("0311").await;
    phone.open_shift();
    phone.name_crew(partner.officer, CrewStanding::Claimed);
    let hidden = phone.write_with(Kind::Concern, &concern("about somebody in policing"), |head| {
        head.access = Access::ProfessionalStandards;
    });
    phone.sync(vec![phone.batch(0)]).await;
    for reader in [&mut partner, &mut sergeant] {
        let read = revisions(&reader.sync(vec![]).await);
        assert!(!read.is_empty());
        assert!(read.iter().all(|(_, revision)| revision.link != hidden.link));
    }
}

async fn changes_come_in_pieces_and_all_come(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut sergeant = world.phone("0311").await;
    for n in 0..40 {
        phone.engagement(&format!("number {n} {}", "and more ".repeat(50)));
    }
    phone.sync(vec![phone.batch(0)]).await;
    let nothing = SyncRequest { want_bytes: 0, ..sergeant.request(vec![]) };
    let reply = sergeant.try_sync(&nothing).await.unwrap();
    assert!(reply.changes.is_empty() && !reply.more);
    let (mut read, mut rounds) = (Vec::new(), 0);
    loop {
        let request = SyncRequest { want_bytes: 5_000, ..sergeant.request(vec![]) };
        let reply = sergeant.try_sync(&request).await.unwrap();
        for changes in &reply.changes {
            sergeant.cursors.insert(changes.scope, changes.cursor);
        }
        read.extend(revisions(&reply).into_iter().map(|(_, revision)| revision.link));
        rounds += 1;
        if !reply.more {
            break;
        }
    }
    assert!(rounds > 5, "{rounds}");
    assert_eq!(read, phone.record.revisions.iter().map(|r| r.link).collect::<Vec<_>>());
}

async fn the_sergeant_hears_of_every_phone(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut sergeant = world.phone("0311").await;
    for n in 0..3 {
        phone.engagement(&n.to_string());
    }
    phone.sync(vec![phone.batch_of(&phone.record, 0..1, &[]), phone.batch(3)]).await;
    let contacts = sergeant.sync(vec![]).await.contacts;
    let contact = contacts.iter().find(|contact| contact.device == phone.device).unwrap();
    assert_eq!((contact.officer, contact.heartbeat.pending, contact.gaps), (phone.officer, 3, 2));
    assert!(contact.clock_drift_ms.unwrap().abs() < 60_000);
    assert!((beatbook_central::clock::now().since(contact.last_heard)) < 60_000);
}
