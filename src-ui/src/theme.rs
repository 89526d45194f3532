//! Night, light or as the phone; right hand or left: settings of the screen, kept across starts. They say nothing of
//! any record.

use crate::dom;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Where the theme is kept; `theme.js` reads it before the first paint.
const THEME_KEY: &str = "beatbook.theme";
/// Where the hand is kept; `theme.js` reads it before the first paint.
const HAND_KEY: &str = "beatbook.hand";
/// What the phone is asked.
const PREFERS_LIGHT: &str = "(prefers-color-scheme: light)";

/// What the person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Always night.
    Night,
    /// Always light.
    Light,
    /// As the phone has it.
    Phone,
}

impl Choice {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Night, Self::Light, Self::Phone];

    /// The name it is kept under.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Night => "night",
            Self::Light => "light",
            Self::Phone => "phone",
        }
    }

    /// The choice kept under a name; night for any other, as the page is painted then.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|choice| choice.name() == name).unwrap_or(Self::Night)
    }

    /// Whether it shows the light theme, where the phone prefers light or not.
    const fn is_light(self, phone_prefers_light: bool) -> bool {
        match self {
            Self::Night => false,
            Self::Light => true,
            Self::Phone => phone_prefers_light,
        }
    }
}

/// The theme and hand in force.
#[derive(Clone, Copy)]
pub struct Theme {
    choice: RwSignal<Choice>,
    light: RwSignal<bool>,
    left: RwSignal<bool>,
}

impl Theme {
    /// As the page was painted. Follows the phone from now on where that was chosen.
    #[must_use]
    pub fn current() -> Self {
        let light = dom::root("data-theme").as_deref() == Some("light");
        let choice = dom::kept_setting(THEME_KEY).map_or(Choice::Night, |name| Choice::named(&name));
        let theme = Self {
            choice: RwSignal::new(choice),
            light: RwSignal::new(light),
            left: RwSignal::new(dom::root("data-hand").as_deref() == Some("left")),
        };
        theme.follow_phone();
        theme
    }

    /// What was chosen.
    #[must_use]
    pub fn choice(self) -> Signal<Choice> {
        self.choice.into()
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

    /// Night to light or back, whatever the phone prefers.
    pub fn switch(self) {
        self.choose(if self.light.get_untracked() { Choice::Night } else { Choice::Light });
    }

    /// Chooses a theme and keeps it.
    pub fn choose(self, choice: Choice) {
        self.choice.set(choice);
        dom::keep_setting(THEME_KEY, choice.name());
        self.paint();
    }

    /// Right hand to left or back.
    pub fn switch_hand(self) {
        self.left.update(|left| *left = !*left);
        let name = if self.left.get_untracked() { "left" } else { "right" };
        dom::set_root("data-hand", name);
        dom::keep_setting(HAND_KEY, name);
    }

    fn paint(self) {
        let phone = window().match_media(PREFERS_LIGHT).ok().flatten().is_some_and(|list| list.matches());
        let light = self.choice.get_untracked().is_light(phone);
        self.light.set(light);
        dom::set_root("data-theme", if light { "light" } else { "night" });
    }

    fn follow_phone(self) {
        let Ok(Some(phone)) = window().match_media(PREFERS_LIGHT) else { return };
        let changed = Closure::<dyn Fn()>::new(move || {
            if self.choice.get_untracked() == Choice::Phone {
                self.paint();
            }
        });
        // A web view that cannot tell keeps the theme it was painted in.
        let _ = phone.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        // The theme lives as long as the page.
        changed.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_as_the_phone_depends_on_the_phone() {
        for phone in [true, false] {
            assert!(!Choice::Night.is_light(phone));
            assert!(Choice::Light.is_light(phone));
            assert_eq!(Choice::Phone.is_light(phone), phone);
        }
    }

    #[test]
    fn a_kept_name_is_read_back_and_an_unknown_one_is_night() {
        for choice in Choice::ALL {
            assert_eq!(Choice::named(choice.name()), choice);
        }
        assert_eq!(Choice::named("sepia"), Choice::Night);
    }
}
