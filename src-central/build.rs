//! What central says to devices: locales/en-GB/central becomes `words`.

use std::process::ExitCode;

fn main() -> ExitCode {
    beatbook_words::build::generate("central")
}
