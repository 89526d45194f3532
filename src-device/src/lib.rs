//! The Beatbook device engine: encrypted store, outbox, sync client, place look-up and profiles.
//!
//! It knows no window and no platform shell: everything that matters is tested here without one. The shell sees one face,
//! [`Device`], which answers the commands of `beatbook_protocol::ipc`.

pub mod clock;
pub mod device;
pub mod files;
pub mod place;
pub mod profile;
pub mod store;
pub mod sync;

mod words;

pub use device::{Device, DeviceConfig, Handle};
