//! What both sides of the wire say: locales/en-GB/protocol becomes `words`.

use std::process::ExitCode;

fn main() -> ExitCode {
    beatbook_words::build::generate("protocol")
}
