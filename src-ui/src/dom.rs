//! The few things asked of the browser that a view cannot say: title, focus, scrolling, preferences, the hour.

use beatbook_domain::time::Millis;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Sets the window title. Never give it record content.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Moves focus to the element with this id, or to the first control in it, and brings it into view.
pub fn focus_on(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let control = element.query_selector("input, textarea, button").ok().flatten();
    let target = if element.matches("input, textarea, button").unwrap_or(false) {
        element
    } else {
        control.unwrap_or(element)
    };
    // A field behind a closed "More…" cannot take focus.
    if let Ok(Some(more)) = target.closest("details:not([open])") {
        let _ = more.set_attribute("open", "");
    }
    target.scroll_into_view_with_bool(true);
    if let Ok(target) = target.dyn_into::<HtmlElement>() {
        let _ = target.focus();
    }
}

/// Brings an element to the top of the window.
pub fn to_top(element: &Element) {
    element.scroll_into_view_with_bool(true);
}

/// Back to the top of a new screen.
pub fn scroll_to_start() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Whether the person asked for no motion.
#[must_use]
pub fn reduced_motion() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|list| list.matches())
}

/// The hour by this web view, for timers and greetings on screen only: the device stamps every record itself.
#[must_use]
pub fn now() -> Millis {
    // Whole milliseconds since 1970 stay exact in a double for 285,000 years.
    #[allow(clippy::cast_possible_truncation)]
    Millis(js_sys::Date::now() as i64)
}

/// Sets a presentation attribute of the root element (`data-theme`, `data-hand`).
pub fn set_root(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, value);
    }
}

/// A presentation attribute of the root element.
#[must_use]
pub fn root(name: &str) -> Option<String> {
    document().document_element().and_then(|root| root.get_attribute(name))
}

/// Keeps a setting of this screen (never anything of a record) across starts.
pub fn keep_setting(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// A setting kept with [`keep_setting`].
#[must_use]
pub fn kept_setting(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(name).ok().flatten()
}

/// Whether the page is hidden behind another app or the lock screen.
#[must_use]
pub fn hidden() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Hidden
}
