//! References to other systems: type and value, and for body-worn video the start of the clip with the day it goes.

use beatbook_domain::code_list::list;
use beatbook_domain::duty;
use beatbook_domain::entry::DraftReference;
use beatbook_domain::id::Code;
use beatbook_domain::time::{self, Millis};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Pick};
use crate::components::fields::TextField;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::locales::words;
use crate::screens::happened::ClockField;
use crate::screens::today::of_list;

/// Body-worn video.
const BWV: &str = "REF_BWV";
/// A crime.
const CRIME: &str = "REF_CRIME";

/// The references of a form. Each is part of the draft from its first letter.
#[component]
pub fn References(
    /// The references, as the form holds them.
    #[prop(into)]
    references: Signal<Vec<DraftReference>>,
    /// Told of each change.
    on_change: Callback<Vec<DraftReference>>,
) -> impl IntoView {
    let many = Memo::new(move |_| references.with(Vec::len));
    let add = move |_| {
        let mut all = references.get_untracked();
        all.push(DraftReference::default());
        on_change.run(all);
    };
    view! {
        <section class="group" aria-labelledby="references-h" id="references" tabindex="-1">
            <h2 class="lab" id="references-h">{words::REFERENCES}</h2>
            <For each=move || 0..many.get() key=|place| *place let:place>
                <One references on_change place />
            </For>
            <button type="button" class="btn" data-test="reference-add" on:click=add>
                <Icon glyph=Glyph::Plus />
                {words::REFERENCE_ADD}
            </button>
        </section>
    }
}

#[component]
fn One(
    references: Signal<Vec<DraftReference>>,
    on_change: Callback<Vec<DraftReference>>,
    place: usize,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let held = Memo::new(move |_| references.with(|all| all.get(place).cloned().unwrap_or_default()));
    let change = move |write: &dyn Fn(&mut DraftReference)| {
        let mut all = references.get_untracked();
        if let Some(reference) = all.get_mut(place) {
            write(reference);
        }
        on_change.run(all);
    };
    let remove = move |_| {
        let mut all = references.get_untracked();
        if place < all.len() {
            all.remove(place);
        }
        on_change.run(all);
    };
    let is = move |code: &'static str| {
        Memo::new(move |_| held.with(|held| held.kind.as_ref().is_some_and(|kind| kind.as_str() == code)))
    };
    let (is_video, is_crime) = (is(BWV), is(CRIME));
    view! {
        <div class="card group" data-test="reference">
            <ChipGroup
                legend=words::REFERENCE_KIND
                pick=Pick::One
                name=format!("reference-{place}-kind")
                choices=of_list(shell, list::REFERENCE)
                first=5
                on=Signal::derive(move || held.with(|held| held.kind.iter().cloned().collect::<Vec<_>>()))
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    change(&|reference| reference.kind = on.then(|| code.clone()));
                })
            />
            <TextField
                label=words::REFERENCE_VALUE
                id=format!("reference-{place}")
                value=Signal::derive(move || held.with(|held| held.value.clone()))
                on_input=Callback::new(move |text: String| change(&|reference| reference.value.clone_from(&text)))
            />
            <Show when=move || is_crime.get()>
                <p class="hint">{words::CRIME_REF_SHAPE}</p>
            </Show>
            <Show when=move || is_video.get()>
                <ClockField
                    label=words::VIDEO_BEGAN
                    hint=words::HAPPENED_HINT
                    id=format!("reference-{place}-began")
                    value=Signal::derive(move || held.with(|held| held.at))
                    on_change=Callback::new(move |at: Option<Millis>| change(&|reference| reference.at = at))
                />
                {move || {
                    held.with(|held| held.at).map(|at| view! {
                        <p class="state waiting wraps" data-test="video-goes">
                            <Icon glyph=Glyph::Clock size=IconSize::Small />
                            <span>{words::video_goes(&time::day(duty::bwv_deleted_at(at)))}</span>
                        </p>
                    })
                }}
            </Show>
            <button type="button" class="btn btn-quiet" data-test=format!("reference-{place}-remove") on:click=remove>
                {words::REMOVE}
            </button>
        </div>
    }
}
