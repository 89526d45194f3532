//! The sync client: what leaves the phone, what comes back, and when it tries.
//!
//! - [`http`]: one kept-alive connection; requests signed over the bytes on the wire, in small parts.
//! - [`enrol`]: the one-time code, and the pinned root key.
//! - [`tls`]: which certificates are trusted, at which time.
//! - [`batch`]: signed batches from the outbox, sized by compressed bytes.
//! - [`request`]: what is sent; [`answer`]: what the answer changes in the store; [`exchange`]: one after the other.
//! - [`photos`]: photos after their text, and others' photos on demand.
//! - [`spool`]: what is sealed to central before a notebook is locked, and sent while it is.
//! - [`engine`]: triggers, backoff, and what to tell the person.
//!
//! It never decides that something was received: only [`crate::store`] does, from a verified receipt.

mod answer;
pub mod batch;
pub mod engine;
pub mod enrol;
pub mod error;
pub mod exchange;
pub mod http;
mod keys;
mod message;
pub mod pace;
mod patience;
pub mod photos;
mod request;
pub mod spool;
pub mod tls;

pub use engine::{Engine, Progress};
pub use error::SyncError;
pub use http::Http;
