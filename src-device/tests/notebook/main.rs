//! Finding, hand-over slips, notes on the lock screen and places, on the real device engine over a real encrypted notebook.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// The desk serves the tests of capture first; what it does for them alone is not missed here.
#[allow(dead_code)]
#[path = "../capture/desk.rs"]
mod desk;
mod find;
mod note_now;
mod places;
mod slip;
