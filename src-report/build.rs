//! The words of prints and exports: locales/en-GB/report becomes `words`.

use std::process::ExitCode;

fn main() -> ExitCode {
    beatbook_words::build::generate("report")
}
