//! The device engine without a window, for what needs no screen to be tested.

#![allow(clippy::panic, clippy::expect_used)]

use std::path::Path;
use std::sync::Arc;

use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle as _};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::{OpenDraft, SaveDraft};

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
