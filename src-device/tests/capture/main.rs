//! Everything an officer records, on the real device engine over a real encrypted notebook.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod amending;
mod cards;
mod desk;
mod duties;
mod opening;
mod photos;
mod saving;
mod times;
