//! How the parts of Beatbook talk: [`ipc`] between the screens and the device engine, [`sync`] between a device and central,
//! and the latter's short form (feature `short`).
//!
//! Types, and what both sides must do alike: no input or output, no rules. Rules live in `beatbook-domain`.

pub mod ipc;
#[cfg(feature = "short")]
pub mod short;
pub mod sync;

mod words;
