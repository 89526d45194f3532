//! What a person sees of it: a photo on its way, a locked phone that sends, a photo at the server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beatbook_tests::cutting::{CuttingLink, Who};
use beatbook_tests::pair::{OFFICER, PIN_OFFICER, PIN_SERGEANT, SERGEANT};
use beatbook_tests::{Central, Desk, Hand, Phone, codes};
use serde_json::{Value, json};

/// A picture that packs badly, as a phone's camera gives it.
fn picture(side: u32) -> String {
    let mut dice = fastrand::Rng::with_seed(7);
    let picture = image::RgbImage::from_fn(side, side, |x, y| {
        let lamp = (x.abs_diff(side / 2) < side / 12 && y > side / 4) || y.abs_diff(side / 4) < side / 10;
        let noise = dice.u8(0..60);
        if lamp {
            image::Rgb([200 - noise, 190 - noise, 90])
        } else {
            image::Rgb([noise, noise + 20, noise + 40])
        }
    });
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    STANDARD.encode(jpeg)
}

/// Signs a referral that names a photo; the entry.
fn refer(hand: &Hand, side: u32) -> String {
    let photo = hand.ask("keep_photo", json!({ "base64": picture(side) }));
    let draft = hand.ask("open_draft", json!({ "new_referral": null }));
    let mut form = draft["form"].clone();
    let fields = form.as_object_mut().unwrap();
    // The form of a kind stands beside its name, or in it.
    let target = fields.values_mut().find(|value| value.is_object()).expect("the form of a referral");
    target["issue"] = json!("SS_E_LIGHT");
    target["owner"] = json!("OWN_NCC");
    target["photo"] = photo["attachment"].clone();
    let saved = json!({ "entry_id": draft["entry_id"], "form": form, "told": draft["told"] });
    hand.ask("save_draft", saved);
    draft["entry_id"].as_str().unwrap().to_owned()
}

fn outbox(hand: &Hand) -> Value {
    hand.ask("get_outbox", json!({ "received_limit": 20 }))
}

#[test]
fn a_photo_on_its_way_a_locked_phone_that_sends_and_a_photo_at_the_server() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    central.start().unwrap();
    let address: SocketAddr = central.address().trim_start_matches("http://").parse().unwrap();
    let link = runtime.block_on(CuttingLink::to(address)).unwrap();
    let server = format!("http://{}", link.address);
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let mut hand = Hand::on(phone.open(&desk).unwrap());
    hand.sees("enrol-go");
    hand.enrol(&server, &code(SERGEANT), PIN_SERGEANT);
    hand.another();
    hand.enrol(&server, &code(OFFICER), PIN_OFFICER);
    hand.unlock(OFFICER, PIN_OFFICER);
    hand.sees("start-shift");

    // Words first, then the photo, on a link that dies again and again.
    link.cut.store(14_000, Ordering::SeqCst);
    let entry = refer(&hand, 640);
    hand.go("#/outbox");
    hand.sees("send-now");
    hand.window
        .wait_until("the photo to be on its way", |_| {
            hand.ask("send_now", json!({}));
            let photos = outbox(&hand)["photos"].clone();
            Ok(photos[0]["words_received"] == true && photos[0]["percent"].as_u64() > Some(5))
        })
        .unwrap();
    hand.reads("Words received · photo");
    hand.inspect("outbox-photo");
    link.cut.store(0, Ordering::SeqCst);
    link.answered_by(Who::Central);
    hand.all_received("the photo");

    // Another officer takes the phone: what is not received goes on leaving it.
    link.answered_by(Who::BlackHole);
    for _ in 0..3 {
        refer(&hand, 16);
    }
    hand.ask("lock", json!({ "seal": true }));
    hand.sees("unlock");
    hand.reads("safe and still sending");
    hand.inspect("lock-still-sending");
    link.answered_by(Who::Central);
    hand.reads("The server has");
    hand.inspect("lock-server-has");

    // The sergeant reads the words, and fetches the photo.
    hand.unlock(SERGEANT, PIN_SERGEANT);
    hand.window
        .wait_until("the referral to arrive", |_| {
            let _ = hand.try_ask("send_now", &json!({}));
            Ok(hand.try_ask("get_entry", &json!({ "entry_id": entry })).is_ok())
        })
        .unwrap();
    hand.go(&format!("#/entry/{entry}"));
    hand.reads("Photo at the server");
    hand.inspect("photo-at-server");
    hand.press("photo-fetch");
    hand.sees("photo-shown");
    hand.inspect("photo-fetched");
    hand.done();
}
