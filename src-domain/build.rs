//! The words of the rules: locales/en-GB/domain becomes `words`.

use std::process::ExitCode;

fn main() -> ExitCode {
    beatbook_words::build::generate("domain")
}
