//! The measurements still run: each in a small variant whose figures mean nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use serde_json::Value;

/// The figures a measurement prints.
fn quick(what: &str) -> Vec<Value> {
    let measured =
        Command::new(env!("CARGO_BIN_EXE_beatbook-measure")).args([what, "--quick"]).output().unwrap();
    let words = String::from_utf8_lossy(&measured.stderr);
    assert!(measured.status.success(), "{what}: {words}");
    let figures = String::from_utf8(measured.stdout).unwrap();
    figures.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn value(figures: &[Value], name: &str) -> f64 {
    let figure = figures.iter().find(|figure| figure["name"].as_str().unwrap().starts_with(name));
    figure.unwrap_or_else(|| panic!("no figure is called {name}: {figures:?}"))["value"].as_f64().unwrap()
}

#[test]
fn one_entry_after_idle_costs_few_bytes_one_request_and_no_handshake() {
    let figures = quick("sync");
    // Byte counts hardly depend on the machine: this one is a promise.
    let both = value(&figures, "one entry after idle, HTTP/2: bytes both ways");
    assert!(both <= 600.0, "{both} bytes");
    assert!(value(&figures, "100 entries a request, HTTP/2: bytes both ways for each") <= 95.0);
    for what in ["HTTP/2", "HTTP/2 in TLS"] {
        assert_eq!(value(&figures, &format!("one entry after idle, {what}: requests")), 1.0);
        assert_eq!(value(&figures, &format!("one entry after idle, {what}: connections opened")), 0.0);
    }
}

#[test]
fn a_link_that_is_cut_every_two_kilobytes_delivers_everything() {
    let figures = quick("weak");
    assert!(value(&figures, "100 entries, HTTP/2, cut every 2 kB") > 1.0);
}

#[test]
fn central_alone_can_be_measured() {
    let figures = quick("central");
    assert!(value(&figures, "ingest on SQLite, 8 devices") > 0.0);
}

/// Without TCP_NODELAY every request waits 40 ms for a delayed acknowledgement.
#[test]
fn both_ends_of_every_connection_send_without_delay() {
    let folder = tempfile::tempdir().unwrap();
    let calls = folder.path().join("calls");
    let traced = Command::new("strace")
        .args(["-f", "-e", "trace=connect,accept4,setsockopt", "-o"])
        .arg(&calls)
        .args([env!("CARGO_BIN_EXE_beatbook-measure"), "probe"])
        .output();
    let traced = traced.expect("strace is installed: apt-get install strace");
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stderr));
    let calls = std::fs::read_to_string(calls).unwrap();
    let count = |what: &[&str]| {
        calls
            .lines()
            .filter(|line| what.iter().all(|part| line.contains(part)) && !line.contains(" = -1 EAGAIN"))
            .count()
    };
    let (connected, accepted) = (count(&["connect(", "sin_port"]), count(&["accept4", "sin_port"]));
    assert_eq!((connected, accepted), (connected, connected), "{calls}");
    // One for the statement of keys, one for everything after it: three syncs and an enrolment.
    assert_eq!(connected, 2, "a sync opens no connection: {calls}");
    assert_eq!(count(&["TCP_NODELAY, [1]"]), connected + accepted, "{calls}");
}
