//! The words people read: [Fluent](https://projectfluent.org) files in `locales`, made into Rust by each crate that speaks.
//!
//! A crate takes part in three steps, and from then on a misspelt word of its folder does not compile:
//!
//! 1. `fn main() -> ExitCode { beatbook_words::build::generate("device") }` in its build.rs.
//! 2. `beatbook_words::include_words!();` in a module `words` at its root.
//! 3. `words::MY_WORD` for `my-word = Text`, and `text!(my_sentence, time = …)` for `my-sentence = Kept { $time }`.
//!
//! The feature `build` is for build scripts, `run` for the crate itself.

#[cfg(feature = "build")]
pub mod build;
#[cfg(feature = "run")]
mod formatter;
#[cfg(feature = "run")]
mod included;

#[cfg(feature = "run")]
pub use formatter::{Formatter, Value, WordsError};
#[cfg(feature = "run")]
pub use included::assert_every_sentence;
