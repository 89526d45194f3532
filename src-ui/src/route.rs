//! The screens by address. The address is a fragment with a screen and at most one id; it never holds record content.

use beatbook_domain::id::EntryId;
use leptos::prelude::*;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The officer's shift.
    Today,
    /// Opening a shift.
    StartShift,
    /// An engagement form on a draft.
    Engagement(EntryId),
    /// A concern note form on a draft.
    Concern(EntryId),
    /// What has left the phone and what has not.
    Outbox,
    /// The closing receipt.
    EndShift,
    /// One entry with its history.
    Entry(EntryId),
    /// The shifts a sergeant answers for.
    Team,
    /// The summary of one shift.
    Summary(EntryId),
}

impl Route {
    /// The address to put in a link.
    #[must_use]
    pub fn href(self) -> String {
        match self {
            Self::Today => "#/today".to_owned(),
            Self::StartShift => "#/start".to_owned(),
            Self::Engagement(id) => format!("#/engagement/{id}"),
            Self::Concern(id) => format!("#/concern/{id}"),
            Self::Outbox => "#/outbox".to_owned(),
            Self::EndShift => "#/end".to_owned(),
            Self::Entry(id) => format!("#/entry/{id}"),
            Self::Team => "#/team".to_owned(),
            Self::Summary(id) => format!("#/summary/{id}"),
        }
    }

    /// The screen of an address; `None` for a fragment within a screen, such as `#main`.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let mut parts = fragment.strip_prefix("#/")?.split('/');
        let name = parts.next()?;
        let id = parts.next().and_then(|id| id.parse().ok());
        match (name, id) {
            ("today", None) => Some(Self::Today),
            ("start", None) => Some(Self::StartShift),
            ("engagement", Some(id)) => Some(Self::Engagement(id)),
            ("concern", Some(id)) => Some(Self::Concern(id)),
            ("outbox", None) => Some(Self::Outbox),
            ("end", None) => Some(Self::EndShift),
            ("entry", Some(id)) => Some(Self::Entry(id)),
            ("team", None) => Some(Self::Team),
            ("summary", Some(id)) => Some(Self::Summary(id)),
            _ => None,
        }
    }

    /// Whether the screen belongs to a patrol: it carries Called away while a shift runs.
    #[must_use]
    pub const fn is_form(self) -> bool {
        matches!(self, Self::Engagement(_) | Self::Concern(_))
    }
}

/// The screen in view, tied to the address so that Back works.
#[derive(Clone, Copy)]
pub struct Router {
    current: RwSignal<Route>,
}

impl Router {
    /// Follows the address from now on.
    #[must_use]
    pub fn new() -> Self {
        let current = RwSignal::new(Self::address().unwrap_or(Route::Today));
        let _follows = window_event_listener_untyped("hashchange", move |_| {
            if let Some(route) = Self::address()
                && current.get_untracked() != route
            {
                current.set(route);
            }
        });
        Self { current }
    }

    fn address() -> Option<Route> {
        Route::parse(&window().location().hash().unwrap_or_default())
    }

    /// The screen in view.
    #[must_use]
    pub fn current(self) -> Signal<Route> {
        self.current.into()
    }

    /// Goes to a screen; Back leads here again.
    pub fn go(self, route: Route) {
        let _ = window().location().set_hash(&route.href());
        if self.current.get_untracked() != route {
            self.current.set(route);
        }
    }

    /// Goes to a screen in place of this one, as after Save: Back must not lead into a form that is done.
    pub fn replace(self, route: Route) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&route.href()));
        }
        if self.current.get_untracked() != route {
            self.current.set(route);
        }
    }
}

impl Default for Router {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Route;

    #[test]
    fn every_address_leads_back_to_its_screen() {
        let id = "0192f0c0-0000-7000-8000-000000000001".parse().unwrap();
        for route in [
            Route::Today,
            Route::StartShift,
            Route::Engagement(id),
            Route::Concern(id),
            Route::Outbox,
            Route::EndShift,
            Route::Entry(id),
            Route::Team,
            Route::Summary(id),
        ] {
            assert_eq!(Route::parse(&route.href()), Some(route));
        }
    }

    #[test]
    fn a_place_within_a_screen_is_no_screen() {
        assert_eq!(Route::parse("#main"), None);
        assert_eq!(Route::parse("#/entry/not-an-id"), None);
        assert_eq!(Route::parse(""), None);
    }
}
