//! What the device says: locales/en-GB/device becomes `words`. Tells the engine when it was built too: the earliest
//! time a certificate is judged by. `SOURCE_DATE_EPOCH` is honoured.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let told = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse::<u64>().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    println!("cargo:rustc-env=BEATBOOK_BUILT_AT={}", told.unwrap_or_else(now));
    beatbook_words::build::generate("device")
}
