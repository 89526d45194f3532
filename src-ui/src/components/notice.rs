//! Banners: a heading that states the fact, one sentence, at most two actions. And the marking band.

use crate::components::icon::{Glyph, Icon};
use leptos::prelude::*;

/// What a banner is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Information.
    #[default]
    Plain,
    /// Waiting on signal, on a reply or on the officer.
    Wait,
    /// Confirmed by the server.
    Ok,
    /// Something failed or is blocked.
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "note",
            Self::Wait => "note wait",
            Self::Ok => "note ok",
            Self::Bad => "note bad",
        }
    }
}

/// A banner.
#[component]
pub fn Note(
    /// What it is about.
    #[prop(optional)]
    tone: Tone,
    /// The drawing.
    glyph: Glyph,
    /// The fact.
    #[prop(into)]
    heading: Signal<String>,
    /// The one sentence under it.
    #[prop(into, optional)]
    text: Signal<String>,
    /// Whether it is read out when it appears.
    #[prop(optional)]
    live: bool,
    /// The test name.
    #[prop(optional)]
    test: &'static str,
    /// At most two actions, or more words.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div
            class=tone.class()
            role=live.then_some("status")
            data-test=(!test.is_empty()).then_some(test)
        >
            <Icon glyph />
            <div class="note-t">
                <strong class="nh">{move || heading.get()}</strong>
                {move || {
                    let text = text.get();
                    (!text.is_empty()).then(|| view! { <span class="sub">{text}</span> })
                }}
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// The security marking in force, top of page and pinned at the foot of restricted screens.
#[component]
pub fn Marking(
    /// The marking, quoted exactly.
    #[prop(into)]
    marking: String,
) -> impl IntoView {
    view! { <p class="marking" data-test="marking">{marking}</p> }
}

/// What every sheet of paper carries at its head and foot: the marking and where it comes from. Not shown on screen.
#[component]
pub fn PaperMark(
    /// As printed; nothing until it is known.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    view! {
        <p class="paper-mark at-head" aria-hidden="true">{move || words.get()}</p>
        <p class="paper-mark" aria-hidden="true" data-test="paper-mark">{move || words.get()}</p>
    }
}
