//! The sheet behind Change: this phone's fix with its accuracy and age, places used lately, areas found by name,
//! coordinates or a grid reference typed by hand, or a landmark in words.

use beatbook_domain::id::Code;
use beatbook_domain::place::PlaceStamp;
use beatbook_protocol::ipc::{
    AppError, ListPlaces, LocatePlace, PlaceChoice, PlaceFound, PlaceView, PlacesFound, SearchPlaces,
};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{FieldProblem, TextField};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::screens::place::detail_of;

/// How many areas are shown before "n more".
const AREAS_FIRST: usize = 6;
/// How many places a search shows.
const FOUND_AT_MOST: u32 = 8;
/// How many places used lately are shown while nothing is searched for.
const RECENT_AT_MOST: usize = 4;
/// How long after the last key a search is asked, milliseconds.
const SEARCH_AFTER_MS: u32 = 200;

/// What the sheet holds while it is open.
#[derive(Clone, Copy)]
struct Work {
    shell: Shell,
    open: RwSignal<bool>,
    fix: RwSignal<Option<PlaceView>>,
    areas: RwSignal<Vec<PlaceChoice>>,
    nearby: RwSignal<Vec<PlaceChoice>>,
    search: RwSignal<String>,
    found: RwSignal<PlacesFound>,
    chosen: RwSignal<Option<Code>>,
    typed: RwSignal<String>,
    landmark: RwSignal<String>,
    problem: RwSignal<Option<String>>,
    on_found: Callback<PlaceView>,
}

impl Work {
    /// Asks for what the sheet shows first. Each answer comes when it comes; none holds up another.
    fn begin(self) {
        let Self { shell, fix, nearby, areas, .. } = self;
        self.search.set(String::new());
        self.problem.set(None);
        self.look_up(String::new());
        spawn_local(async move {
            if let Ok(view) = call(LocatePlace::Here).await {
                let _ = nearby.try_set(if view.rough || view.place.is_none() {
                    view.nearby.clone()
                } else {
                    Vec::new()
                });
                let _ = fix.try_set(Some(view));
            }
        });
        spawn_local(async move {
            match call(ListPlaces {}).await {
                Ok(places) => {
                    let _ = areas.try_set(places.areas);
                }
                Err(error) => shell.report(&error),
            }
        });
    }

    /// Searches the areas and the officer's places; nothing typed gives the places used lately.
    fn look_up(self, text: String) {
        let Self { search, found, .. } = self;
        spawn_local(async move {
            let answer = call(SearchPlaces { text: text.clone(), limit: FOUND_AT_MOST }).await;
            // An answer to what is no longer asked is dropped. A search that fails leaves every other way open.
            if search.try_with_untracked(|now| now.trim() == text.trim()) == Some(true)
                && let Ok(view) = answer
            {
                found.set(view);
            }
        });
    }

    /// Takes a place that needs no question.
    fn use_place(self, place: PlaceStamp) {
        let view = PlaceView {
            place: Some(place),
            detail: String::new(),
            rough: false,
            warning: None,
            nearby: Vec::new(),
            age_s: None,
        };
        self.take(Ok(view), None);
    }

    fn take(self, answer: Result<PlaceView, AppError>, name: Option<String>) {
        match answer {
            Ok(mut view) if view.place.is_some() => {
                if let Some(place) = view.place.as_mut()
                    && place.name.is_none()
                {
                    place.name = name;
                }
                if let Some(warning) = view.warning.clone() {
                    self.shell.toasts().say(warning);
                }
                self.on_found.run(view);
                self.open.set(false);
            }
            Ok(PlaceView { nearby, detail, .. }) => {
                self.nearby.set(nearby);
                let words = if detail.is_empty() { words::PLACE_NONE_DETAIL.to_owned() } else { detail };
                self.problem.set(Some(words));
            }
            Err(error) => self.problem.set(Some(error.message)),
        }
    }

    fn ask(self, question: LocatePlace, name: Option<String>) {
        spawn_local(async move {
            let answer = call(question).await;
            if self.open.try_get_untracked() == Some(true) {
                self.take(answer, name);
            }
        });
    }

    /// Uses what was typed or chosen below.
    fn use_it(self) {
        let name = self.landmark.with_untracked(|name| name.trim().to_owned());
        match question(&self.typed.get_untracked(), &name, self.chosen.get_untracked()) {
            None => self.problem.set(Some(words::PLACE_EMPTY.to_owned())),
            Some(question) => self.ask(question, (!name.is_empty()).then_some(name)),
        }
    }
}

/// What the sheet asks the device, from what was typed and chosen; `None` where there is nothing yet.
fn question(typed: &str, landmark: &str, area: Option<Code>) -> Option<LocatePlace> {
    let (typed, landmark) = (typed.trim(), landmark.trim());
    if !typed.is_empty() {
        return Some(LocatePlace::Typed { text: typed.to_owned(), name: landmark.to_owned() });
    }
    if let Some(code) = area {
        return Some(LocatePlace::Area(code));
    }
    (!landmark.is_empty()).then(|| LocatePlace::Described(landmark.to_owned()))
}

/// The sheet.
#[component]
pub fn PlaceSheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Told of the place found.
    on_found: Callback<PlaceView>,
) -> impl IntoView {
    let work = Work {
        shell: expect_context::<Shell>(),
        open,
        fix: RwSignal::new(None),
        areas: RwSignal::new(Vec::new()),
        nearby: RwSignal::new(Vec::new()),
        search: RwSignal::new(String::new()),
        found: RwSignal::new(PlacesFound { recent: Vec::new(), areas: Vec::new() }),
        chosen: RwSignal::new(None),
        typed: RwSignal::new(String::new()),
        landmark: RwSignal::new(String::new()),
        problem: RwSignal::new(None),
        on_found,
    };
    Effect::new(move |_| {
        if open.get() {
            untrack(|| work.begin());
        }
    });
    let searching = Signal::derive(move || work.search.with(|text| !text.trim().is_empty()));
    view! {
        <Sheet open title=words::PLACE_TITLE id="place-sheet" tall=true>
            <Fix work />
            <Search work searching />
            <Found work searching />
            <Show when=move || !searching.get()>
                <Areas work />
            </Show>
            <Typed work />
            <div role="alert" data-test="place-problem">
                <FieldProblem id="place" problem=work.problem />
            </div>
            <div class="btn-row">
                <button type="button" class="btn btn-go" data-test="place-use" on:click=move |_| work.use_it()>
                    <Icon glyph=Glyph::Check />
                    {words::PLACE_USE}
                </button>
            </div>
        </Sheet>
    }
}

/// This phone's fix: how far to trust it, how old it is; a rough one asks for a landmark.
#[component]
fn Fix(work: Work) -> impl IntoView {
    let here = move |_| work.ask(LocatePlace::Here, None);
    let near =
        Signal::derive(move || work.nearby.with(|nearby| nearby.iter().map(choice_of).collect::<Vec<_>>()));
    view! {
        {move || {
            work.fix
                .get()
                .map(|view| {
                    let PlaceView { place, detail, rough, age_s, .. } = view;
                    let (tone, glyph) = if rough || place.is_none() {
                        (Tone::Wait, Glyph::PinAlert)
                    } else {
                        (Tone::Plain, Glyph::Fix)
                    };
                    let fixed = place.is_some();
                    let heading = place
                        .as_ref()
                        .and_then(|place| place.label().map(str::to_owned))
                        .unwrap_or_else(|| words::NO_FIX_YET.to_owned());
                    let line = place.as_ref().map_or(detail, detail_of);
                    let text = match age_s {
                        Some(age) => words::with_age(&line, i64::from(age) * 1_000),
                        None => line,
                    };
                    view! {
                        <Note tone glyph heading text test="place-fix">
                            {rough.then(|| view! { <span class="sub">{words::ROUGH_CHOOSE}</span> })}
                            {fixed
                                .then(|| {
                                    view! {
                                        <div class="btn-row">
                                            <button type="button" class="btn" data-test="place-here" on:click=here>
                                                <Icon glyph=Glyph::Fix />
                                                {words::PLACE_HERE}
                                            </button>
                                        </div>
                                    }
                                })}
                        </Note>
                    }
                })
        }}
        <Show when=move || !near.with(Vec::is_empty)>
            <ChipGroup
                legend=words::PLACE_NEARBY
                pick=Pick::One
                name="nearby"
                choices=near
                on=Signal::derive(move || work.chosen.get().into_iter().collect::<Vec<_>>())
                on_change=Callback::new(move |(code, _): (Code, bool)| work.ask(LocatePlace::Area(code), None))
            />
        </Show>
    }
}

/// The search field.
#[component]
fn Search(work: Work, #[prop(into)] searching: Signal<bool>) -> impl IntoView {
    let timer = StoredValue::new_local(None::<Timeout>);
    view! {
        <TextField
            label=words::PLACE_SEARCH
            hint=words::PLACE_SEARCH_HINT
            id="place-find"
            value=work.search
            on_input=Callback::new(move |text: String| {
                work.search.set(text.clone());
                timer.set_value(Some(Timeout::new(SEARCH_AFTER_MS, move || work.look_up(text))));
            })
        />
        <p class="vh" role="status">
            {move || searching.get().then(|| work.found.with(|found| words::places_found(found.areas.len() + found.recent.len())))}
        </p>
    }
}

/// Places used lately, and areas found by name: one press uses one.
#[component]
fn Found(work: Work, #[prop(into)] searching: Signal<bool>) -> impl IntoView {
    let recent = move || {
        let most = if searching.get() { usize::MAX } else { RECENT_AT_MOST };
        work.found.with(|found| found.recent.iter().take(most).cloned().collect::<Vec<_>>())
    };
    let areas = move || {
        if searching.get() { work.found.with(|found| found.areas.clone()) } else { Vec::new() }
    };
    let nothing =
        move || searching.get() && work.found.with(|found| found.areas.is_empty() && found.recent.is_empty());
    view! {
        <Show when=move || !recent().is_empty() || !areas().is_empty()>
            <section class="group" aria-labelledby="found-h">
                <h3 class="sec" id="found-h">
                    {move || if searching.get() { words::PLACE_FOUND } else { words::PLACE_RECENT }}
                </h3>
                <ul class="rows">
                    {move || {
                        let recent = recent().into_iter().map(|place| (words::PLACE_USED.to_owned(), place, "recent"));
                        let areas = areas()
                            .into_iter()
                            .map(|PlaceFound { level, place, .. }| (level, place, "found"));
                        recent
                            .chain(areas)
                            .map(|(kind, place, test)| view! { <FoundRow work kind place test /> })
                            .collect_view()
                    }}
                </ul>
            </section>
        </Show>
        <Show when=nothing>
            <p class="sub">{words::PLACE_NOT_FOUND}</p>
        </Show>
    }
}

/// One place to use.
#[component]
fn FoundRow(work: Work, kind: String, place: PlaceStamp, test: &'static str) -> impl IntoView {
    let name = place.label().unwrap_or(words::PLACE_NONE).to_owned();
    let wider = [&place.ward, &place.district]
        .into_iter()
        .flatten()
        .map(|area| area.name.clone())
        .find(|area| *area != name);
    let meta = wider.map_or_else(|| kind.clone(), |wider| format!("{kind} · {wider}"));
    view! {
        <li>
            <button
                type="button"
                class="row row-btn"
                data-test=format!("place-{test}")
                on:click=move |_| work.use_place(place.clone())
            >
                <Icon glyph=Glyph::Pin />
                <span class="row-t">
                    <b>{name}</b>
                    <span class="meta">{meta}</span>
                </span>
            </button>
        </li>
    }
}

/// The force's own areas.
#[component]
fn Areas(work: Work) -> impl IntoView {
    view! {
        <ChipGroup
            legend=words::PLACE_AREAS
            pick=Pick::One
            name="area"
            choices=Signal::derive(move || work.areas.with(|areas| areas.iter().map(choice_of).collect::<Vec<_>>()))
            on=Signal::derive(move || work.chosen.get().into_iter().collect::<Vec<_>>())
            first=AREAS_FIRST
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                work.chosen.set(on.then_some(code));
                work.problem.set(None);
            })
        />
    }
}

/// Coordinates, a grid reference, or words.
#[component]
fn Typed(work: Work) -> impl IntoView {
    let into = move |field: RwSignal<String>| {
        Callback::new(move |text| {
            field.set(text);
            work.problem.set(None);
        })
    };
    view! {
        <TextField
            label=words::PLACE_TYPED
            hint=words::PLACE_TYPED_HINT
            id="place-typed"
            value=work.typed
            on_input=into(work.typed)
        />
        <TextField
            label=words::PLACE_NAME
            hint=words::PLACE_NAME_HINT
            id="place-landmark"
            value=work.landmark
            on_input=into(work.landmark)
        />
    }
}

fn choice_of(area: &PlaceChoice) -> Choice {
    Choice::new(area.code.clone(), area.name.clone()).glyph(Glyph::Pin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_coordinates_outweigh_an_area_and_an_area_a_description() {
        let area = || Some(Code::from("DEMO-P-POW"));
        assert!(matches!(question("52.6287, 1.3020", "taxi rank", area()), Some(LocatePlace::Typed { .. })));
        assert!(matches!(question(" ", "taxi rank", area()), Some(LocatePlace::Area(_))));
        assert_eq!(
            question("", " by the gate ", None),
            Some(LocatePlace::Described("by the gate".to_owned()))
        );
        assert_eq!(question("", "", None), None);
    }
}
