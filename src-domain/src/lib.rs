//! What a Beatbook record *is*: entries, seals, shifts, code lists, validation, summaries, time and place.
//!
//! Pure: no input or output, no clock, no randomness, no async. Everything that varies is a parameter, so the
//! device, the screens (wasm32) and central run the very same rules and get the very same answers.
//! Of ours this crate imports the words alone; everything else may import it.

pub mod check;
pub mod code_list;
mod described;
pub mod disclosure;
pub mod duty;
pub mod entry;
pub mod erase;
pub mod export;
pub mod funder;
pub mod id;
pub mod ledger;
pub mod offline;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod period;
pub mod place;
pub mod power;
pub mod privacy;
pub mod publication;
pub mod review;
pub mod seal;
pub mod shift;
pub mod slip;
pub mod summary;
pub mod tasking;
pub mod time;
pub mod unit_code;
pub mod visit;

mod words;
