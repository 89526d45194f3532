//! Every word on screen. Official labels (StreetSafe, powers, marking) are not here: they come from dated code lists
//! and are quoted exactly.
//!
//! The text is in `locales/en-GB/ui/*.ftl` at the top of the repository, in [Fluent](https://projectfluent.org);
//! `beatbook_words` turns it into Rust.
//!
//! - To add a fixed word, add a line `my-word = Text` to the .ftl file of its area. It becomes `words::MY_WORD`.
//! - To add a sentence around figures, times or names, add `my-sentence = Kept { $time }` there and a function to the
//!   file of the same name in `en_gb`, which prepares the arguments and calls `text!(my_sentence, time = …)`.
//! - One or many: Fluent chooses, with `{ $count -> [one] … *[other] … }`.
//!
//! What is misspelt or left out does not compile; a word nothing uses is a warning.

pub mod en_gb;
pub mod public;

pub use en_gb as words;
