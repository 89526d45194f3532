//! Enrolment: one code, one profile, once; and a lost answer is no loss.

use beatbook_central::storage::{EnrolCodeRow, Revocation};
use beatbook_central::{clock, enrolment, force};
use beatbook_domain::id::{DeviceId, VerifyKey};
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::Phone;
use crate::world::World;

on_both! {
    a_code_enrols_one_profile_once,
    a_lost_answer_can_be_asked_again,
    keys_once_known_are_not_replaced,
    codes_die,
    a_proof_is_centrals_own_word_and_nobody_elses,
}

async fn a_code_enrols_one_profile_once(database: Database) {
    let world = World::new(database).await;
    let code = world.code("1482").await;
    let mut phone = Phone::new(&world.running.url());
    let reply = phone.enrol(&code.to_lowercase().replace('-', " ")).await.unwrap();
    assert_eq!(reply.officer.title(), "PC 1482");
    assert_eq!(reply.team.as_ref().unwrap().1, "Norwich East");
    let mut thief = Phone::new(&world.running.url());
    let (status, error) = thief.enrol(&code).await.unwrap_err();
    assert_eq!((status, error.code.as_str()), (403, "enrol_code"));
    // The code was never stored, only its hash.
    let secret = EnrolCode::parse(&code).unwrap().secret;
    for entry in std::fs::read_dir(world.database.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

async fn a_lost_answer_can_be_asked_again(database: Database) {
    let world = World::new(database).await;
    let phone = Phone::new(&world.running.url());
    let code = EnrolCode::parse(&world.code("1377").await).unwrap();
    let request = phone.enrol_request(&code.secret);
    let first = phone.send_enrol(&request).await.unwrap();
    let again = phone.send_enrol(&request).await.unwrap();
    assert_eq!((first.officer, first.bundle), (again.officer, again.bundle));
    let mut other = request.clone();
    other.profile_key = VerifyKey([7; 32]);
    assert_eq!(phone.send_enrol(&other).await.unwrap_err().0, 403);
}

async fn keys_once_known_are_not_replaced(database: Database) {
    let world = World::new(database).await;
    let phone = world.phone("1482").await;
    // A second profile on the same phone is welcome; another transport key, or a chain that is taken, is not.
    let ask = async |change: fn(&Phone, &mut EnrolRequest)| {
        let code = EnrolCode::parse(&world.code("1377").await).unwrap();
        let second = Phone::new(&phone.url);
        let mut request = second.enrol_request(&code.secret);
        request.device_id = phone.device;
        request.transport_key = phone.enrol_request("").transport_key;
        change(&phone, &mut request);
        phone
            .send_enrol(&request)
            .await
            .map(|_| ())
            .map_err(|(status, error)| (status, error.code.as_str().to_owned()))
    };
    let taken = || Err((409, "enrol_device".to_owned()));
    assert_eq!(ask(|_, request| request.transport_key = VerifyKey([8; 32])).await, taken());
    assert_eq!(ask(|phone, request| request.record_chain = phone.record.id).await, taken());
    assert_eq!(ask(|_, request| request.log_chain = request.record_chain).await, taken());
    assert_eq!(ask(|_, _| {}).await, Ok(()));
}

async fn codes_die(database: Database) {
    let world = World::new(database).await;
    let older = world.code("2206").await;
    let newer = world.code("2206").await;
    let mut phone = Phone::new(&world.running.url());
    assert_eq!(phone.enrol(&older).await.unwrap_err().0, 403, "a newer code replaces an unused one");
    let force = force::load(world.storage.as_ref()).await.unwrap();
    let officer = world.officer("7014").await;
    let code = EnrolCode::new([1, 2, 3, 4, 5], &force.bundle.root_key);
    let at = clock::now();
    let hash = enrolment::code_hash(force.row.force, &code.secret);
    let row = EnrolCodeRow { hash, officer, created_at: at.plus(-2000), expires_at: at.plus(-1000) };
    world.storage.put_enrol_code(row).await.unwrap();
    assert_eq!(phone.enrol(&code.to_string()).await.unwrap_err().0, 403, "expired");
    assert!(phone.enrol(&newer).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() {
    let world = World::new(Database::sqlite()).await;
    let phone = Phone::new(&world.running.url());
    let mut statuses = Vec::new();
    for n in 0..32 {
        let (status, _) =
            phone.send_enrol(&phone.enrol_request(&format!("000000{n:02X}"))).await.unwrap_err();
        statuses.push(status);
    }
    assert_eq!(statuses[..30], [403; 30]);
    assert_eq!(statuses[30..], [429; 2]);
}

async fn shown(phone: &Phone, proof: &EnrolProof) -> (u16, Option<EnrolledAgain>) {
    let url = format!("{}{AGAIN_PATH}", phone.url);
    let answer = phone.http.post(url).json(proof).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.ok())
}

async fn a_proof_is_centrals_own_word_and_nobody_elses(database: Database) {
    let world = World::new(database).await;
    let mut phone = Phone::new(&world.running.url());
    let proof = phone.enrol(&world.code("1482").await).await.unwrap().proof.unwrap();
    assert_eq!(shown(&phone, &proof).await, (200, Some(EnrolledAgain { added: false })), "it is known");

    // The same for another officer, another device, or by a key nobody named.
    let other = world.officer("0311").await;
    let facts: EnrolmentFacts = serde_json::from_str(&proof.facts).unwrap();
    let of =
        |facts: &EnrolmentFacts| EnrolProof { facts: serde_json::to_string(facts).unwrap(), ..proof.clone() };
    let as_sergeant = of(&EnrolmentFacts { officer: other, ..facts.clone() });
    let as_device = of(&EnrolmentFacts { device: DeviceId(uuid::Uuid::new_v4()), ..facts });
    let unnamed = EnrolProof { keys: 7, ..proof.clone() };
    for (what, forged) in [("officer", as_sergeant), ("device", as_device), ("key", unnamed)] {
        assert_eq!(shown(&phone, &forged).await.0, 401, "{what}");
    }
    assert_eq!(world.storage.devices().await.unwrap().len(), 1);

    // A phone that is out of service does not come in by it.
    let (device, at) = (phone.device, clock::now());
    let revocation = Revocation { device, at, by: "PS 0311".into(), why: "lost".into() };
    world.storage.revoke(revocation).await.unwrap();
    assert_eq!(shown(&phone, &proof).await.0, 401);
}
