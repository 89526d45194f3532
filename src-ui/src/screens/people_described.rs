//! People described, never named: the 10 points, and ethnicity as seen and as stated, kept apart.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{ConcernDraft, Description, DraftPerson};
use beatbook_domain::id::Code;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, OptionGroup, Pick, toggled};
use crate::components::fields::TextField;
use crate::components::icon::{Glyph, Icon};
use crate::locales::words;
use crate::screens::coach::{Coach, ToSlip};
use crate::screens::engagement::full_list;
use crate::screens::today::of_list;

/// The code of "not stated" in the list of self-defined ethnicity.
const NOT_STATED: &str = "NS";

/// What a point of the description is called.
#[must_use]
pub fn point_word(point: &str) -> &'static str {
    match point {
        "skin" => words::POINT_SKIN,
        "sex" => words::POINT_SEX,
        "age" => words::POINT_AGE,
        "height" => words::POINT_HEIGHT,
        "build" => words::POINT_BUILD,
        "hair" => words::POINT_HAIR,
        "complexion" => words::POINT_COMPLEXION,
        "features" => words::POINT_FEATURES,
        "clothing" => words::POINT_CLOTHING,
        _ => words::POINT_CARRYING,
    }
}

/// The people a concern is about.
#[component]
pub fn PeopleDescribed(
    /// The form.
    form: RwSignal<ConcernDraft>,
    /// The slip of the note.
    slip: ToSlip,
) -> impl IntoView {
    let many = Memo::new(move |_| form.with(|form| form.people.len()));
    view! {
        <section class="group" aria-labelledby="people-h" id="people-described" tabindex="-1">
            <h2 class="lab" id="people-h">{words::PEOPLE_DESCRIBED}</h2>
            <For each=move || 0..many.get() key=|place| *place let:place>
                <Person form place slip />
            </For>
            <button
                type="button"
                class="btn"
                data-test="person-add"
                on:click=move |_| form.update(|form| form.people.push(DraftPerson::default()))
            >
                <Icon glyph=Glyph::Plus />
                {words::PERSON_ADD}
            </button>
        </section>
    }
}

#[component]
fn Person(form: RwSignal<ConcernDraft>, place: usize, slip: ToSlip) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let held = Memo::new(move |_| form.with(|form| form.people.get(place).cloned().unwrap_or_default()));
    let change = move |write: &dyn Fn(&mut DraftPerson)| {
        form.update(|form| {
            if let Some(person) = form.people.get_mut(place) {
                write(person);
            }
        });
    };
    let not_stated = Memo::new(move |_| {
        held.with(|held| held.self_defined.as_ref().is_some_and(|code| code.as_str() == NOT_STATED))
    });
    view! {
        <div class="card group" data-test=format!("person-{place}")>
            <h3 class="lab">{words::person_n(place + 1)}</h3>
            <ChipGroup
                legend=words::SUBJECT
                pick=Pick::Many
                name=format!("person-{place}-subject")
                choices=of_list(shell, list::SUBJECT)
                on=Signal::derive(move || held.with(|held| held.subject.clone()))
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    change(&|person| person.subject = toggled(std::mem::take(&mut person.subject), &code, on));
                })
            />
            {Description::POINTS.iter().map(|point| view! { <Point form place point slip /> }).collect_view()}
            <ChipGroup
                legend=words::OFFICER_DEFINED
                hint=words::OFFICER_DEFINED_HINT
                pick=Pick::One
                name=format!("person-{place}-ic")
                choices=of_list(shell, list::IC_CODE)
                on=Signal::derive(move || held.with(|held| held.officer_defined.iter().cloned().collect::<Vec<_>>()))
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    change(&|person| person.officer_defined = on.then(|| code.clone()));
                })
            />
            <details class="more">
                <summary data-test=format!("person-{place}-stated")>
                    <Icon glyph=Glyph::Chat />
                    <span>{words::SELF_DEFINED} <span class="hint">{words::SELF_DEFINED_HINT}</span></span>
                    <Icon glyph=Glyph::Down class="turn" />
                </summary>
                <div class="more-in">
                    <OptionGroup
                        legend=words::SELF_DEFINED
                        pick=Pick::One
                        name=format!("person-{place}-sde")
                        choices=full_list(shell, list::SDE)
                        on=Signal::derive(move || held.with(|held| held.self_defined.iter().cloned().collect::<Vec<_>>()))
                        on_change=Callback::new(move |(code, on): (Code, bool)| {
                            change(&|person| person.self_defined = on.then(|| code.clone()));
                        })
                    />
                    <Show when=move || not_stated.get()>
                        <ChipGroup
                            legend=words::WHY_NOT_STATED
                            pick=Pick::One
                            name=format!("person-{place}-sde-why")
                            choices=of_list(shell, list::SDE_NOT_STATED)
                            on=Signal::derive(move || held.with(|held| held.not_stated.iter().cloned().collect::<Vec<_>>()))
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                change(&|person| person.not_stated = on.then(|| code.clone()));
                            })
                        />
                    </Show>
                </div>
            </details>
            <button
                type="button"
                class="btn btn-quiet"
                data-test=format!("person-{place}-remove")
                on:click=move |_| {
                    form.update(|form| {
                        if place < form.people.len() {
                            form.people.remove(place);
                        }
                    });
                }
            >
                {words::PERSON_REMOVE}
            </button>
        </div>
    }
}

/// One of the ten points.
#[component]
fn Point(form: RwSignal<ConcernDraft>, place: usize, point: &'static str, slip: ToSlip) -> impl IntoView {
    let id = format!("person-{place}-{point}");
    let value = Signal::derive(move || {
        form.with(|form| {
            let person = form.people.get(place);
            person.and_then(|person| person.description.point(point)).unwrap_or_default().to_owned()
        })
    });
    let on_input = Callback::new(move |text: String| {
        form.update(|form| {
            let person = form.people.get_mut(place);
            if let Some(slot) = person.and_then(|person| person.description.point_mut(point)) {
                *slot = text;
            }
        });
    });
    view! {
        <div class="group">
            <TextField label=point_word(point) id=id.clone() value on_input />
            <Coach id text=value on_input slip />
        </div>
    }
}
