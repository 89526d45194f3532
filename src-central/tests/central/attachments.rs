//! Photos that follow their text: in chunks, resumed, checked by hash, given to who reads the text, erased with it.

use std::sync::Arc;

use beatbook_central::storage::{self, Revocation};
use beatbook_central::{backup, clock, server};
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Attachment, Body, Kind, Referral};
use beatbook_domain::id::*;
use beatbook_domain::seal::{self, Purpose, Sealed, digest};
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, code};
use crate::world::World;

on_both! {
    a_photo_comes_in_chunks_and_is_resumed_where_it_was_cut,
    only_what_a_body_names_is_taken,
    what_is_not_the_photo_is_not_kept,
    who_reads_the_text_is_given_the_photo_by_ranges,
    an_erased_body_takes_its_photo_along,
    a_backup_holds_photos_and_verify_finds_a_changed_one,
}

/// Bytes that are like no others.
fn picture(bytes: usize, salt: u8) -> Vec<u8> {
    (0..bytes).map(|place| (place * 31 % 251) as u8 ^ salt).collect()
}

fn referral(photo: Attachment) -> Body {
    Body::Referral(Referral {
        issue: code(list::STREETSAFE_ENVIRONMENT, 0),
        owner: code(list::REFERRAL_OWNER, 0),
        state: code(list::REFERRAL_STATE, 0),
        details: None,
        owner_ref: None,
        photo: Some(photo),
        place: None,
        paper: None,
        reason: None,
    })
}

fn named(bytes: &[u8]) -> Attachment {
    Attachment {
        sha256: digest(bytes).to_string(),
        bytes: bytes.len() as u64,
        media_type: "image/jpeg".into(),
    }
}

type Answered = (u16, Vec<u8>, reqwest::header::HeaderMap);

impl Phone {
    /// Writes a referral that names a photo, and brings it.
    async fn refer(&mut self, photo: &[u8]) -> Sealed {
        let sealed = self.write(Kind::Referral, &referral(named(photo)));
        self.sync(vec![self.batch(0)]).await;
        sealed
    }

    /// A signed request of an attachment.
    async fn ask(&self, method: &str, path: &str, body: &[u8], range: Option<&str>) -> Answered {
        for _ in 0..2 {
            let challenge = *self.challenge.lock().unwrap();
            let credentials =
                Credentials::sign(self.device, &self.transport, challenge, (method, path), body);
            let mut request = self
                .http
                .request(method.parse().unwrap(), format!("{}{path}", self.url))
                .header("authorization", credentials.to_string())
                .body(body.to_vec());
            if let Some(range) = range {
                request = request.header("range", range);
            }
            let answer = request.send().await.unwrap();
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let bytes = answer.bytes().await.unwrap().to_vec();
            let said: Option<ErrorReply> = serde_json::from_slice(&bytes).ok();
            match said.and_then(|said| said.challenge) {
                Some(given) => *self.challenge.lock().unwrap() = given,
                None => return (status, bytes, headers),
            }
        }
        panic!("never a good challenge")
    }

    async fn bring(&self, photo: &[u8], start: usize, end: usize) -> Result<AttachmentReply, (u16, String)> {
        let path = chunk_path(self.record.id, &digest(photo), start as u64);
        match self.ask("POST", &path, &photo[start..end], None).await {
            (200, bytes, _) => Ok(serde_json::from_slice(&bytes).unwrap()),
            (status, bytes, _) => Err((status, error_code(&bytes))),
        }
    }

    async fn bring_all(&self, photo: &[u8]) -> AttachmentReply {
        self.bring(photo, 0, photo.len()).await.unwrap()
    }

    async fn fetch(&self, photo: &[u8], range: Option<&str>) -> Answered {
        self.ask("GET", &attachment_path(self.record.id, &digest(photo)), b"", range).await
    }
}

async fn a_photo_comes_in_chunks_and_is_resumed_where_it_was_cut(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let photo = picture(300_001, 1);
    phone.refer(&photo).await;
    let have = async |start, end| {
        let reply = phone.bring(&photo, start, end).await.unwrap();
        (reply.have, reply.word.is_some())
    };
    assert_eq!(have(0, 0).await, (0, false), "a question");
    assert_eq!(have(0, 100_000).await, (100_000, false));
    // The answer was lost: the same again, a longer one from before, one from beyond.
    assert_eq!(have(0, 100_000).await, (100_000, false));
    assert_eq!(have(50_000, 120_000).await, (120_000, false));
    assert_eq!(have(200_000, 210_000).await, (120_000, false), "a hole is not filled by guessing");
    // Days later, from another process of the same force.
    let second = world.second_server().await;
    let mut there = phone.clone();
    there.url = second.url();
    assert_eq!(there.bring(&photo, 0, 0).await.unwrap().have, 120_000);
    let last = there.bring(&photo, 120_000, 300_001).await.unwrap();
    assert_eq!(last.have, 300_001);
    let signed = last.word.unwrap();
    let key = phone.bundle.as_ref().unwrap().keys.receipt_key;
    assert!(seal::verify(&key, Purpose::Attachment, &[signed.word.as_bytes()], &signed.signature));
    assert!(!seal::verify(&key, Purpose::Receipts, &[signed.word.as_bytes()], &signed.signature));
    let word: AttachmentWord = serde_json::from_str(&signed.word).unwrap();
    assert_eq!((word.device, word.officer, word.sha256), (phone.device, phone.officer, digest(&photo)));
    assert_eq!((word.bytes, word.safe_at), (300_001, world.storage.position().await.unwrap() + 1));
    // Asked again, it is said again.
    let again = phone.bring(&photo, 0, 0).await.unwrap();
    assert!(again.word.is_some() && again.have == 300_001);
    second.stop().await.unwrap();
    world.assert_whole().await;
}

async fn only_what_a_body_names_is_taken(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut other = world.phone("1377").await;
    let (photo, secret) = (picture(2_000, 2), picture(2_000, 3));
    phone.refer(&photo).await;
    other.sync(vec![other.batch(0)]).await;
    let unknown = Err((404, "attachment_unknown".to_owned()));
    assert_eq!(phone.bring(&secret, 0, 2_000).await.map(|r| r.have), unknown);
    assert_eq!(other.bring(&photo, 0, 2_000).await.map(|r| r.have), unknown, "somebody else's");
    // What is too long or of another kind is in the body, and never taken.
    for (bytes, media_type) in [(MAX_ATTACHMENT_BYTES + 1, "image/jpeg"), (2_000, "text/html")] {
        let photo = Attachment { bytes, media_type: media_type.into(), ..named(&secret) };
        phone.write(Kind::Referral, &referral(photo));
        phone.sync(vec![phone.batch(0)]).await;
        assert_eq!(phone.bring(&secret, 0, 2_000).await.map(|r| r.have), unknown);
    }
    // Another profile's path, an unsigned request, a chunk that is too large.
    let path = chunk_path(other.record.id, &digest(&photo), 0);
    assert_eq!(phone.ask("POST", &path, &photo, None).await.0, 401);
    let unsigned = phone.http.post(format!("{}{path}", phone.url)).body(photo.clone()).send().await.unwrap();
    assert_eq!(unsigned.status().as_u16(), 401);
    let path = chunk_path(phone.record.id, &digest(&photo), 0);
    assert_eq!(phone.ask("POST", &path, &vec![0; MAX_CHUNK_BYTES + 1], None).await.0, 413);
    assert!(phone.bring_all(&photo).await.word.is_some(), "and none of it was in the way");
    world.assert_whole().await;
}

async fn what_is_not_the_photo_is_not_kept(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let photo = picture(5_000, 4);
    phone.refer(&photo).await;
    let path = chunk_path(phone.record.id, &digest(&photo), 0);
    let mut wrong = photo.clone();
    wrong[4_999] ^= 1;
    let (status, said, _) = phone.ask("POST", &path, &wrong, None).await;
    let said: ErrorReply = serde_json::from_slice(&said).unwrap();
    assert_eq!((status, said.code.as_str()), (422, "attachment_differs"));
    let longer = [photo.clone(), vec![0]].concat();
    assert_eq!(phone.ask("POST", &path, &longer, None).await.0, 422);
    assert_eq!(phone.bring(&photo, 0, 0).await.unwrap().have, 0);
    assert!(phone.bring_all(&photo).await.word.is_some());
    world.assert_whole().await;
}

async fn who_reads_the_text_is_given_the_photo_by_ranges(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let mut sergeant = world.phone("0311").await;
    let mut stranger = world.phone("1377").await;
    sergeant.sync(vec![sergeant.batch(0)]).await;
    stranger.sync(vec![stranger.batch(0)]).await;
    let photo = picture(70_000, 5);
    let sealed = phone.refer(&photo).await;
    let (status, _, headers) = sergeant.fetch(&photo, None).await;
    assert_eq!(status, 202, "named, and still on its way");
    assert_eq!(headers["content-range"], "bytes 0-0/70000");
    assert_eq!(sergeant.fetch(&photo, Some("bytes=1-1")).await.0, 202);
    phone.bring_all(&photo).await;
    let (status, bytes, headers) = sergeant.fetch(&photo, None).await;
    assert_eq!(
        (status, bytes == photo, &headers["content-type"]),
        (200, true, &"image/jpeg".parse().unwrap())
    );
    let (status, bytes, headers) = sergeant.fetch(&photo, Some("bytes=60000-")).await;
    assert_eq!((status, bytes == photo[60_000..]), (206, true));
    assert_eq!(headers["content-range"], "bytes 60000-69999/70000");
    assert_eq!(sergeant.fetch(&photo, Some("bytes=70000-")).await.0, 416);
    assert_eq!(phone.fetch(&photo, None).await.0, 200, "the author, on whatever device");
    assert_eq!(stranger.fetch(&photo, None).await.0, 404, "as if it were not there");
    let opened = world.storage.openings(vec![sealed.link]).await.unwrap();
    let readers: Vec<OfficerId> = opened.iter().map(|opening| opening.officer).collect();
    assert_eq!(readers, vec![sergeant.officer, phone.officer], "who was given it, once for all its parts");

    let revocation =
        Revocation { device: sergeant.device, at: clock::now(), by: "x".into(), why: "lost".into() };
    assert!(world.storage.revoke(revocation).await.unwrap());
    assert_eq!(sergeant.fetch(&photo, None).await.0, 404, "a lost phone is shown nothing");
    world.assert_whole().await;
}

async fn an_erased_body_takes_its_photo_along(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let (photo, kept) = (picture(40_000, 6), picture(1_000, 7));
    let first = phone.refer(&photo).await;
    let second = phone.refer(&photo).await;
    phone.refer(&kept).await;
    phone.bring_all(&photo).await;
    phone.bring_all(&kept).await;
    world.storage.erase(vec![first.link]).await.unwrap();
    assert_eq!(phone.fetch(&photo, None).await.0, 200, "another body names it still");
    world.storage.erase(vec![second.link]).await.unwrap();
    assert_eq!(phone.fetch(&photo, None).await.0, 404);
    assert_eq!(phone.bring(&photo, 0, 10).await.map(|r| r.have), Err((404, "attachment_unknown".into())));
    assert_eq!(phone.fetch(&kept, None).await.0, 200);
    assert_eq!(world.storage.stray_attachments().await.unwrap(), 0, "no part is left behind");
    let left = world.storage.attachment_bytes(phone.officer, digest(&photo), 0, u64::MAX).await.unwrap();
    assert!(left.is_empty());
}

async fn a_backup_holds_photos_and_verify_finds_a_changed_one(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let (whole, coming) = (picture(900_000, 8), picture(300_000, 9));
    phone.refer(&whole).await;
    phone.refer(&coming).await;
    for start in (0..900_000).step_by(200_000) {
        phone.bring(&whole, start, (start + 200_000).min(900_000)).await.unwrap();
    }
    phone.bring(&coming, 0, 100_000).await.unwrap();
    let file = world.database.path("central.backup");
    backup::write(world.storage.as_ref(), &file, clock::now()).await.unwrap();
    let target = Database::sqlite();
    let restored = storage::open(&target.address).await.unwrap();
    world.restore(restored.as_ref(), &file).await.unwrap();
    let report = beatbook_central::verify::verify(restored.as_ref()).await.unwrap();
    assert_eq!((report.findings, report.attachments, report.attachments_coming), (vec![], 1, 1));
    let running = server::start(Arc::clone(&restored), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    let there = Phone { url: running.url(), ..phone.clone() };
    assert_eq!(there.fetch(&whole, None).await.1, whole);
    assert_eq!(there.bring(&coming, 0, 0).await.unwrap().have, 100_000);
    // The old word names the old epoch: what a restored central holds is asked anew.
    let word = |reply: AttachmentReply| -> AttachmentWord {
        serde_json::from_str(&reply.word.unwrap().word).unwrap()
    };
    let (old, new) = (phone.bring(&whole, 0, 0).await.unwrap(), there.bring(&whole, 0, 0).await.unwrap());
    assert_ne!(word(old).epoch, word(new).epoch);
    let change = "UPDATE attachment_part SET content = substr(content, 2) WHERE start = 200000";
    assert_eq!(world.database.tamper(change, change).await, 1);
    let found = world.findings().await;
    assert!(found.len() == 1 && found[0].starts_with("attachment "), "{found:?}");
}

fn error_code(answer: &[u8]) -> String {
    serde_json::from_slice::<ErrorReply>(answer).unwrap().code.as_str().to_owned()
}
