//! Where it was: the place row of a form and the sheet behind Change. By this phone's fix, an area of the list,
//! coordinates or a grid reference typed by hand, or a landmark in words. Never by a person's name.

use beatbook_domain::id::Code;
use beatbook_domain::place::{PlaceStamp, PositionSource, ROUGH_FIX_M};
use beatbook_protocol::ipc::{AppError, ListPlaces, LocatePlace, PlaceChoice, PlaceView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{FieldProblem, TextField};
use crate::components::icon::{Glyph, Icon};
use crate::components::row::PlaceRow;
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;

/// How many areas are shown before "n more".
const AREAS_FIRST: usize = 10;

/// The place of a form: row and sheet. A new form fills itself from the phone's fix where there is one.
#[component]
pub fn PlaceField(
    /// The place now.
    #[prop(into)]
    place: Signal<Option<PlaceStamp>>,
    /// Told of each new place.
    on_change: Callback<PlaceStamp>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    if place.with_untracked(Option::is_none) {
        spawn_local(async move {
            // No fix is no fault: the row says so and Change is beside it.
            if let Ok(PlaceView { place: Some(found), .. }) = call(LocatePlace::Here).await
                && place.try_with_untracked(Option::is_none) == Some(true)
            {
                on_change.run(found);
            }
        });
    }
    let name = Signal::derive(move || {
        place.with(|place| {
            place
                .as_ref()
                .and_then(|place| place.label().map(str::to_owned))
                .unwrap_or_else(|| words::PLACE_NONE.to_owned())
        })
    });
    let detail = Signal::derive(move || {
        place.with(|place| place.as_ref().map_or_else(|| words::PLACE_NONE_DETAIL.to_owned(), detail_of))
    });
    let rough = Signal::derive(move || {
        place.with(|place| {
            place.as_ref().and_then(|place| place.accuracy_m).is_some_and(|metres| metres > ROUGH_FIX_M)
        })
    });
    view! {
        <PlaceRow name detail rough on_change=Callback::new(move |()| open.set(true)) />
        <PlaceSheet open on_change />
    }
}

/// Ward or district, and how far to trust the place.
pub fn detail_of(place: &PlaceStamp) -> String {
    let label = place.label();
    let mut parts: Vec<String> = [&place.area, &place.ward, &place.district]
        .into_iter()
        .flatten()
        .map(|area| area.name.clone())
        .filter(|name| Some(name.as_str()) != label)
        .take(1)
        .collect();
    parts.push(match (place.source, place.accuracy_m) {
        (PositionSource::Gps | PositionSource::Gpsd, Some(metres)) if metres > ROUGH_FIX_M => {
            words::rough_fix(metres)
        }
        (PositionSource::Gps | PositionSource::Gpsd, Some(metres)) => words::good_fix(metres),
        (PositionSource::Gps | PositionSource::Gpsd, None) => words::FIX_UNKNOWN.to_owned(),
        (PositionSource::Typed, _) => words::TYPED_PLACE.to_owned(),
        (PositionSource::Area, _) => words::CHOSEN_AREA.to_owned(),
        (PositionSource::None, _) => words::NO_FIX.to_owned(),
    });
    parts.join(" · ")
}

/// What the sheet asks the device, from what was typed and chosen; `None` where there is nothing yet.
fn question(typed: &str, landmark: &str, area: Option<Code>) -> Option<LocatePlace> {
    let (typed, landmark) = (typed.trim(), landmark.trim());
    if !typed.is_empty() {
        return Some(LocatePlace::Typed { text: typed.to_owned(), name: landmark.to_owned() });
    }
    area.map(LocatePlace::Area)
        .or_else(|| (!landmark.is_empty()).then(|| LocatePlace::Described(landmark.to_owned())))
}

/// The sheet behind Change.
#[component]
fn PlaceSheet(open: RwSignal<bool>, on_change: Callback<PlaceStamp>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let areas = RwSignal::new(Vec::<PlaceChoice>::new());
    let nearby = RwSignal::new(Vec::<PlaceChoice>::new());
    let find = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<Code>);
    let typed = RwSignal::new(String::new());
    let landmark = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);

    Effect::new(move |_| {
        if open.get() && areas.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                match call(ListPlaces {}).await {
                    Ok(places) => {
                        let _ = areas.try_set(places.areas);
                    }
                    Err(error) => shell.report(&error),
                }
            });
        }
    });
    let matching = Signal::derive(move || {
        let wanted = find.get().trim().to_lowercase();
        areas.with(|areas| {
            areas
                .iter()
                .filter(|area| {
                    wanted.is_empty()
                        || area.name.to_lowercase().contains(&wanted)
                        || area
                            .district
                            .as_ref()
                            .is_some_and(|district| district.to_lowercase().contains(&wanted))
                })
                .map(choice_of)
                .collect::<Vec<_>>()
        })
    });
    let many = Memo::new(move |_| areas.with(Vec::len) > AREAS_FIRST);
    let near = Signal::derive(move || nearby.with(|nearby| nearby.iter().map(choice_of).collect::<Vec<_>>()));
    let on = Signal::derive(move || chosen.get().into_iter().collect::<Vec<_>>());
    let choose = Callback::new(move |(code, on): (Code, bool)| {
        chosen.set(on.then_some(code));
        problem.set(None);
    });
    let take = move |found: Result<PlaceView, AppError>, name: Option<String>| match found {
        Ok(PlaceView { place: Some(mut place), warning, .. }) => {
            if place.name.is_none() {
                place.name = name;
            }
            on_change.run(place);
            if let Some(warning) = warning {
                shell.toasts().say(warning);
            }
            open.set(false);
        }
        Ok(PlaceView { nearby: found, detail, .. }) => {
            nearby.set(found);
            problem.set(Some(if detail.is_empty() { words::PLACE_NONE_DETAIL.to_owned() } else { detail }));
        }
        Err(error) => problem.set(Some(error.message)),
    };
    let here = move |_| {
        spawn_local(async move {
            let found = call(LocatePlace::Here).await;
            take(found, None);
        });
    };
    let use_it = move |_| {
        let name = landmark.get_untracked().trim().to_owned();
        match question(&typed.get_untracked(), &name, chosen.get_untracked()) {
            None => problem.set(Some(words::PLACE_EMPTY.to_owned())),
            Some(question) => spawn_local(async move {
                let found = call(question).await;
                take(found, (!name.is_empty()).then_some(name));
            }),
        }
    };
    view! {
        <Sheet open title=words::PLACE_TITLE id="place-sheet" tall=true>
            <button type="button" class="btn btn-lg" data-test="place-here" on:click=here>
                <Icon glyph=Glyph::Fix />
                {words::PLACE_HERE}
            </button>
            <Show when=move || !near.with(Vec::is_empty)>
                <ChipGroup
                    legend=words::PLACE_NEARBY
                    pick=Pick::One
                    name="nearby"
                    choices=near
                    on
                    on_change=choose
                />
            </Show>
            <Show when=move || many.get()>
                <TextField
                    label=words::PLACE_FIND
                    id="place-find"
                    value=find
                    on_input=Callback::new(move |text| find.set(text))
                />
            </Show>
            <ChipGroup
                legend=words::PLACE_AREAS
                pick=Pick::One
                name="area"
                choices=matching
                on
                first=AREAS_FIRST
                on_change=choose
            />
            <TextField
                label=words::PLACE_TYPED
                hint=words::PLACE_TYPED_HINT
                id="place-typed"
                value=typed
                on_input=Callback::new(move |text| {
                    typed.set(text);
                    problem.set(None);
                })
            />
            <TextField
                label=words::PLACE_NAME
                hint=words::PLACE_NAME_HINT
                id="place-landmark"
                value=landmark
                on_input=Callback::new(move |text| {
                    landmark.set(text);
                    problem.set(None);
                })
            />
            <div role="alert" data-test="place-problem">
                <FieldProblem id="place" problem />
            </div>
            <div class="btn-row">
                <button type="button" class="btn btn-go" data-test="place-use" on:click=use_it>
                    <Icon glyph=Glyph::Check />
                    {words::PLACE_USE}
                </button>
            </div>
        </Sheet>
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
