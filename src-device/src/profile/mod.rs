//! Profiles: one officer's sealed notebook on one device, each with a folder, a wrap file and a database of its own.

pub mod keystore;
pub mod sealed_box;
pub mod sealed_note;
#[cfg(target_os = "linux")]
pub mod secret_service;
pub mod tries;
pub mod vault;
pub mod wrap;

#[cfg(test)]
mod tests;

pub use keystore::{Keystore, KeystoreError, NoKeystore};
pub use vault::{LockStatus, NewProfile, Secret, UnlockError, Vault};
pub use wrap::{DatabaseKey, Factor, KdfCost, ProfileOwner, Wrap, WrapError};
