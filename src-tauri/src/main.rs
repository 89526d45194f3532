//! The desktop program. Everything is in the library, which phones start by their own entry point.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    beatbook_app::run();
}
