//! Sync protocol, version 1: everything a device and central say to each other.
//!
//! `POST /v1/enrol` once for each profile; then `POST /v1/sync`, one round trip for everything but photos
//! (`/v1/attachments`) and what is sent for a locked notebook (`/v1/spool`). Bytes that are signed or
//! sealed (heads, bodies, manifests, receipt lists, bundles) travel verbatim and are kept verbatim.

mod attachment;
mod auth;
mod code;
mod copies;
mod enrol;
mod exchange;
#[cfg(feature = "short")]
mod in_parts;
mod keys;
mod part;
mod receipt;
mod reference;
mod replace;
mod scope;
mod spool;
mod succession;
mod version;

pub use attachment::*;
pub use auth::*;
pub use code::*;
pub use copies::*;
pub use enrol::*;
pub use exchange::*;
#[cfg(feature = "short")]
pub use in_parts::*;
pub use keys::*;
pub use part::*;
pub use receipt::*;
pub use reference::*;
pub use replace::*;
pub use scope::*;
pub use spool::*;
pub use succession::*;
pub use version::*;
