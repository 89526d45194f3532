//! What the device says: locales/en-GB/device becomes `words`.

use std::process::ExitCode;

fn main() -> ExitCode {
    beatbook_words::build::generate("device")
}
