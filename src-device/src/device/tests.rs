#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The face the shell sees, on a real store.
