//! Photos of things: kept small and plain, dropped with their draft, never without being named.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beatbook_domain::entry::{Attachment, DraftForm};
use beatbook_protocol::ipc::{
    DiscardDraft, DraftView, ErrorCode, GetPhoto, KeepDraft, KeepPhoto, OpenDraft, PhotoView,
};

use super::desk::*;

fn picture(shade: u8) -> String {
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_pixel(40, 30, image::Rgb([shade, 9, 9]));
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    STANDARD.encode(jpeg)
}

fn with_photo(mut draft: DraftView, photo: &Attachment) -> DraftView {
    let DraftForm::Referral(it) = &mut draft.form else { panic!() };
    it.photo = Some(photo.clone());
    it.issue = Some(code("SS_E_LIGHT"));
    it.owner = Some(code("OWN_NCC"));
    draft
}

async fn kept(desk: &Desk, photo: &Attachment) -> PhotoView {
    desk.ask(GetPhoto { sha256: photo.sha256.clone() }).await.unwrap()
}

#[tokio::test]
async fn a_photo_lives_with_what_names_it() {
    let desk = Desk::new().await;
    let one = desk.ask(KeepPhoto { base64: picture(10) }).await.unwrap();
    let photo = one.attachment.clone();
    let bytes = STANDARD.decode(one.base64.as_ref().unwrap()).unwrap();
    assert_eq!((photo.bytes, photo.media_type.as_str()), (bytes.len() as u64, "image/jpeg"));
    assert_eq!(kept(&desk, &photo).await, one);

    // Named by a sealed referral it stays, whatever else is discarded.
    let saved = with_photo(desk.open(OpenDraft::NewReferral(None)).await, &photo);
    let id = desk.save(saved).await.entries[0];
    let second = with_photo(desk.open(OpenDraft::NewReferral(None)).await, &photo);
    desk.ask(DiscardDraft { entry_id: keep(&desk, second).await }).await.unwrap();
    assert_eq!(kept(&desk, &photo).await, one);
    let again = desk.open(OpenDraft::Amend(id)).await;
    assert_eq!(again.form.photo(), Some(&photo));
    desk.ask(DiscardDraft { entry_id: id }).await.unwrap();
    assert_eq!(kept(&desk, &photo).await, one);

    // Named by its draft alone it goes with it; one that another draft names stays.
    let other = desk.ask(KeepPhoto { base64: picture(200) }).await.unwrap().attachment;
    let third = desk.ask(KeepPhoto { base64: picture(90) }).await.unwrap().attachment;
    let draft = keep(&desk, with_photo(desk.open(OpenDraft::NewReferral(None)).await, &other)).await;
    let stays = keep(&desk, with_photo(desk.open(OpenDraft::NewReferral(None)).await, &third)).await;
    desk.ask(DiscardDraft { entry_id: draft }).await.unwrap();
    assert_eq!(kept(&desk, &other).await.base64, None);
    assert!(kept(&desk, &third).await.base64.is_some());
    desk.open(OpenDraft::Kept(stays)).await;
}

async fn keep(desk: &Desk, draft: DraftView) -> beatbook_domain::id::EntryId {
    let keep = KeepDraft { entry_id: draft.entry_id, form: draft.form, told: draft.told };
    desk.ask(keep).await.unwrap();
    draft.entry_id
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_plain_words() {
    let desk = Desk::new().await;
    for (base64, words) in [
        (STANDARD.encode("%PDF-1.7"), "JPEG or PNG"),
        ("not base64".to_owned(), "JPEG or PNG"),
        (STANDARD.encode(vec![0; 21 * 1024 * 1024]), "20 MB"),
    ] {
        let error = desk.ask(KeepPhoto { base64 }).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains(words), "{}", error.message);
    }
    let none = desk.ask(GetPhoto { sha256: "../x".into() }).await.unwrap_err();
    assert_eq!(none.code, ErrorCode::NotFound);
}
