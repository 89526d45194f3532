//! `cargo xtask mobile-check`: the engine and the shell type-check for a phone.
//!
//! Nothing is linked, so neither the Android SDK nor its NDK is needed: build scripts that compile C are given a
//! compiler that does nothing. This proves that no code assumes a desktop. It does not prove that an APK builds.

use crate::places::Places;
use crate::task::{Result, run, step};
use crate::toolchain::{ANDROID, Toolchain};

/// Type-checks src-device and src-tauri for Android.
///
/// # Errors
/// Code that does not compile there, or no compiler for it.
pub fn check(places: &Places) -> Result {
    let toolchain = Toolchain::choose(places, ANDROID)?;
    step(&format!("Type-check for {ANDROID} with {}", toolchain.name()));
    let mut cargo = toolchain.cargo("check");
    cargo.args(["--lib", "--package", "beatbook-device", "--package", "beatbook-app"]);
    for tool in ["CC", "CXX", "AR", "RANLIB"] {
        cargo.env(format!("{tool}_aarch64_linux_android"), "true");
    }
    // SQLCipher's build script wants to see an OpenSSL; whose it is does not matter to a check.
    cargo.envs([
        ("OPENSSL_DIR", "/usr"),
        ("OPENSSL_INCLUDE_DIR", "/usr/include"),
        ("OPENSSL_LIB_DIR", "/usr/lib/x86_64-linux-gnu"),
    ]);
    run(&mut cargo)
}
