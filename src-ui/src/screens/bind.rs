//! The answers of a form, bound to its controls: one signal holds the form, each control reads and writes one answer.

use beatbook_domain::id::Code;
use leptos::prelude::*;

use crate::components::choices::toggled;

/// A form's signal, seen by its controls.
pub struct Bind<T: Send + Sync + 'static>(pub RwSignal<T>);

impl<T: Send + Sync + 'static> Clone for Bind<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Bind<T> {}

impl<T: Clone + Send + Sync + 'static> Bind<T> {
    /// What a text field shows.
    pub fn text(self, read: fn(&T) -> &String) -> Signal<String> {
        Signal::derive(move || self.0.with(|form| read(form).clone()))
    }

    /// Takes what is typed into a text field.
    pub fn write(self, slot: fn(&mut T) -> &mut String) -> Callback<String> {
        Callback::new(move |text: String| self.0.update(|form| *slot(form) = text))
    }

    /// The answers of a group where many may be chosen.
    pub fn many(self, read: fn(&T) -> &Vec<Code>) -> Signal<Vec<Code>> {
        Signal::derive(move || self.0.with(|form| read(form).clone()))
    }

    /// Takes a tick of a group where many may be chosen.
    pub fn toggle(self, slot: fn(&mut T) -> &mut Vec<Code>) -> Callback<(Code, bool)> {
        Callback::new(move |(code, on): (Code, bool)| {
            self.0.update(|form| {
                let codes = slot(form);
                *codes = toggled(std::mem::take(codes), &code, on);
            });
        })
    }

    /// The answer of a group where one may be chosen, as the group reads it.
    pub fn one(self, read: fn(&T) -> &Option<Code>) -> Signal<Vec<Code>> {
        Signal::derive(move || self.0.with(|form| read(form).iter().cloned().collect()))
    }

    /// Takes the choice of a group where one may be chosen; choosing it again takes it back.
    pub fn choose(self, slot: fn(&mut T) -> &mut Option<Code>) -> Callback<(Code, bool)> {
        Callback::new(move |(code, on): (Code, bool)| {
            self.0.update(|form| *slot(form) = on.then_some(code));
        })
    }
}
