//! The window may call exactly the commands of the protocol's list: not one more, not one less.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use beatbook_protocol::ipc::COMMANDS;

fn file(name: &str) -> serde_json::Value {
    let path = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_main_window_may_call_exactly_the_commands() {
    let capability = file("capabilities/main.json");
    let listed: BTreeSet<String> = capability["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p.as_str().unwrap().to_owned())
        .collect();
    let owed: BTreeSet<String> =
        COMMANDS.iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    assert_eq!(listed, owed, "src-tauri/capabilities/main.json and the commands! list differ");
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
}

#[test]
fn a_phone_adds_the_tick_and_the_scan_and_nothing_else() {
    let capability = file("capabilities/phone.json");
    assert_eq!(capability["platforms"], serde_json::json!(["android", "iOS"]), "a computer gets none of it");
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    let scanner = ["check-permissions", "request-permissions", "scan", "cancel"]
        .map(|name| format!("barcode-scanner:allow-{name}"));
    let owed: Vec<String> = ["haptics:allow-vibrate".to_owned()].into_iter().chain(scanner).collect();
    assert_eq!(capability["permissions"], serde_json::json!(owed));
    let named = &file("tauri.conf.json")["app"]["security"]["capabilities"];
    assert_eq!(*named, serde_json::json!(["main", "phone"]));
}

#[test]
fn the_windows_policy_lets_nothing_in_from_outside() {
    let security = &file("tauri.conf.json")["app"]["security"];
    let policy = security["csp"].as_object().unwrap();
    assert_eq!(policy["script-src"], "'self' 'wasm-unsafe-eval'");
    assert_eq!(policy["connect-src"], "'self' ipc: http://ipc.localhost");
    // A photo of a thing is shown before it is saved, from the draft's own bytes: data alone, never a blob or an address.
    assert_eq!(policy["img-src"], "'self' data:");
    for (directive, sources) in policy {
        let sources = sources.as_str().unwrap();
        assert!(
            !sources.contains("unsafe-inline") && !sources.contains("'unsafe-eval'"),
            "{directive} {sources}"
        );
        assert!(!sources.contains("https:") && !sources.contains('*'), "{directive} {sources}");
        assert!(!sources.contains("data:") || directive == "img-src", "{directive} {sources}");
    }
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(file("tauri.conf.json")["app"]["withGlobalTauri"], false);
    // The title before the first screen sets it, in fixed words: task lists show it.
    assert_eq!(file("tauri.conf.json")["app"]["windows"][0]["title"], "Beatbook");
}
