//! The words on screen: locales/en-GB/ui becomes `words`.

use std::process::ExitCode;

fn main() -> ExitCode {
    beatbook_words::build::generate("ui")
}
