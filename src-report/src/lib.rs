//! What leaves Beatbook as files. The same writers serve the device and central, so that one figure is one number
//! wherever it is printed.
//!
//! Figures come from `beatbook_domain`; here they become rows ([`table`]), maps ([`geo`]) and prints ([`sheet`],
//! [`pdf`]). Everything is marked ([`mark`]). No clock, no files, no network; randomness only to seal ([`sealed`]).

pub mod disclosure;
pub mod files;
pub mod geo;
pub mod given_out;
pub mod mark;
pub mod pdf;
pub mod period;
pub mod sealed;
pub mod sheet;
pub mod shift;
pub mod table;

mod words;
