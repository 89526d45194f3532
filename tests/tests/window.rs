//! The window itself, before any journey: it comes up on an empty phone, obeys its own policy, and shows nothing that
//! an audit finds. Each check is shown to be able to fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use beatbook_tests::{Desk, Phone, Size, Theme, Violation, Window, css};
use serde_json::json;

fn first_screen(window: &Window) {
    window.wait_for(&css("main")).unwrap();
    window.wait_gone(&css("#starting")).unwrap();
}

fn rules(violations: &[Violation]) -> Vec<&str> {
    violations.iter().map(|violation| violation.rule.as_str()).collect()
}

#[test]
fn an_empty_phone_shows_its_first_screen_in_both_themes_without_a_breach() {
    let desk = Desk::with_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let window = phone.open(&desk).unwrap();
    first_screen(&window);

    for theme in [Theme::Night, Theme::Light] {
        window.show_theme(theme).unwrap();
        match window.accessibility().unwrap() {
            Some(found) => assert!(found.is_empty(), "{theme:?}: {found:#?}"),
            None => eprintln!("NOT AUDITED: axe-core is not in the cache"),
        }
    }
    window
        .execute(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"\">')",
            &json!([]),
        )
        .unwrap();
    if let Some(found) = window.accessibility().unwrap() {
        assert!(rules(&found).contains(&"image-alt"), "the audit sees a picture without words: {found:#?}");
    }
    window.close().unwrap();
}

#[test]
fn at_320_pixels_nothing_needs_scrolling_sideways() {
    let desk = Desk::without_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let window = phone.open(&desk).unwrap();
    first_screen(&window);
    window.resize(Size { width: 320, height: 640 }).unwrap();
    let wide = "return document.documentElement.scrollWidth - window.innerWidth";
    window
        .wait_until("the narrow window", |window| {
            Ok(window.execute("return window.innerWidth", &json!([]))? == 320)
        })
        .unwrap();
    assert_eq!(window.execute(wide, &json!([])).unwrap(), 0);
    window.close().unwrap();
}

#[test]
fn the_policy_keeps_foreign_scripts_and_addresses_out() {
    let desk = Desk::without_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let window = phone.open(&desk).unwrap();
    first_screen(&window);
    let attack = "
        const done = arguments[arguments.length - 1];
        const refused = [];
        document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.__inline = true';
        document.head.append(script);
        fetch('http://127.0.0.1:9/').catch(() => {}).finally(() => setTimeout(() => done({
            refused, inline: window.__inline === true, global: typeof window.__TAURI__,
        }), 200));";
    let answer = window.execute_async(attack, &json!([])).unwrap();
    let refused: Vec<&str> =
        answer["refused"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(answer["inline"], false, "an inline script ran");
    assert!(refused.iter().any(|name| name.starts_with("script-src")), "{answer}");
    assert!(refused.contains(&"connect-src"), "{answer}");
    assert_eq!(answer["global"], "undefined", "the bridge is not a global object");
    window.close().unwrap();
}

#[test]
fn a_second_window_on_the_same_phone_says_that_one_is_open() {
    let desk = Desk::without_keystore().unwrap();
    let phone = Phone::new().unwrap();
    let first = phone.open(&desk).unwrap();
    first_screen(&first);
    let second = phone.open(&desk).unwrap();
    second.wait_for_text("already open").unwrap();
    second.close().unwrap();
    first_screen(&first);
    first.close().unwrap();
}
