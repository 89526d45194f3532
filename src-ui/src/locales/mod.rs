//! Every word on screen, one module for each locale. Official labels (StreetSafe, powers, marking) are not here: they
//! come from dated code lists and are quoted exactly.

pub mod en_gb;

pub use en_gb as words;
