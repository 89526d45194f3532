//! A shift on the real device engine over real encrypted notebooks: crews, visits, a replacement phone, the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crew;
mod ending;
mod phones;
mod resuming;
mod visits;
