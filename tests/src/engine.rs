//! The device engine without a window, for what needs no screen to be tested.

#![allow(clippy::panic, clippy::expect_used, clippy::cast_possible_truncation)]

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle as _};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::{AppError, ErrorCode, KeepPhoto, OpenDraft, PhotoView, SaveDraft};

/// An engine over a folder, with a key derivation that costs a test nothing.
///
/// # Panics
/// When the folder cannot be used.
#[must_use]
pub fn phone(folder: &Path) -> Device {
    Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..DeviceConfig::new(folder.to_owned())
    })
    .expect("a folder for a phone")
}

/// Records a chat with this many people.
///
/// # Panics
/// When it is not saved.
pub async fn engagement(device: &Device, people: u32) -> EntryId {
    let draft = device.handle(OpenDraft::NewEngagement).await.expect("a form");
    let DraftForm::Engagement(mut form) = draft.form else { panic!("an engagement opens as one") };
    form.engagement_type = Some(Code::new("E_CHAT"));
    form.people = people;
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.expect("saved");
    draft.entry_id
}

/// Takes a photo of a thing whose bytes are hard to press, and signs a referral that names it; the entry and the photo.
///
/// # Panics
/// When it is not saved.
pub async fn referral_with_photo(device: &Device, side: u32, salt: u8) -> (EntryId, PhotoView) {
    try_referral_with_photo(device, side, u32::from(salt)).await.expect("saved")
}

/// As [`referral_with_photo`], where it may fail.
///
/// # Errors
/// What the device says.
pub async fn try_referral_with_photo(
    device: &Device,
    side: u32,
    salt: u32,
) -> Result<(EntryId, PhotoView), AppError> {
    let mut noise = salt.wrapping_mul(2_654_435_761).max(1);
    let picture = image::RgbImage::from_fn(side, side, |_, _| {
        // xorshift: every pixel its own.
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        image::Rgb([noise as u8, (noise >> 8) as u8, (noise >> 16) as u8])
    });
    let mut jpeg = Vec::new();
    let other = || AppError::new(ErrorCode::Internal, "no picture, or a form of another kind");
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).map_err(|_| other())?;
    let photo = device.handle(KeepPhoto { base64: STANDARD.encode(jpeg) }).await?;
    let draft = device.handle(OpenDraft::NewReferral(None)).await?;
    let DraftForm::Referral(mut form) = draft.form else { return Err(other()) };
    form.issue = Some(Code::new("SS_E_LIGHT"));
    form.owner = Some(Code::new("OWN_NCC"));
    form.photo = Some(photo.attachment.clone());
    let form = DraftForm::Referral(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await?;
    Ok((draft.entry_id, photo))
}
