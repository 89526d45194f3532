//! Generates one permission for each command of the protocol's list, so that a window can be given exactly those.

use std::path::Path;

/// Shown when the shell was built before the screens were.
const PLACEHOLDER: &str = "<!doctype html><html lang=\"en-GB\"><title>Beatbook</title>\
    <p>The screens are not built. Run: cargo xtask ui</p></html>\n";

fn main() {
    // The shell embeds this folder: a check of the workspace must not need a wasm compiler first.
    let screens = Path::new("../src-ui/dist");
    if !screens.join("index.html").exists()
        && let Err(error) = std::fs::create_dir_all(screens)
            .and_then(|()| std::fs::write(screens.join("index.html"), PLACEHOLDER))
    {
        println!("cargo:warning=src-ui/dist could not be made: {error}");
    }
    println!("cargo:rerun-if-changed={}", screens.display());

    let commands = tauri_build::AppManifest::new().commands(beatbook_protocol::ipc::COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
