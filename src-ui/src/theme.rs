//! Night or light, right hand or left: two settings of the screen, kept across starts. They say nothing of any record.

use crate::dom;
use leptos::prelude::*;

/// The theme and hand in force.
#[derive(Clone, Copy)]
pub struct Theme {
    light: RwSignal<bool>,
    left: RwSignal<bool>,
}

impl Theme {
    /// As the page was painted (`theme.js` reads the kept settings before the first paint).
    #[must_use]
    pub fn current() -> Self {
        Self {
            light: RwSignal::new(dom::root("data-theme").as_deref() == Some("light")),
            left: RwSignal::new(dom::root("data-hand").as_deref() == Some("left")),
        }
    }

    /// Whether the light theme is on.
    #[must_use]
    pub fn is_light(self) -> Signal<bool> {
        self.light.into()
    }

    /// Whether the dock and bar are mirrored for the left hand.
    #[must_use]
    pub fn is_left(self) -> Signal<bool> {
        self.left.into()
    }

    /// Night to light or back.
    pub fn switch(self) {
        self.light.update(|light| *light = !*light);
        let name = if self.light.get_untracked() { "light" } else { "night" };
        dom::set_root("data-theme", name);
        dom::keep_setting("beatbook.theme", name);
    }

    /// Right hand to left or back.
    pub fn switch_hand(self) {
        self.left.update(|left| *left = !*left);
        let name = if self.left.get_untracked() { "left" } else { "right" };
        dom::set_root("data-hand", name);
        dom::keep_setting("beatbook.hand", name);
    }
}
