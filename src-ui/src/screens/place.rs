//! Where it was: the place row of a form. A new form fills itself from the phone's fix where there is one; the sheet
//! behind Change is in `place_sheet`. Never by a person's name.

use beatbook_domain::place::{PlaceStamp, PositionSource, ROUGH_FIX_M};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{LocatePlace, PlaceView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::use_minute;
use crate::components::row::PlaceRow;
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::screens::place_sheet::PlaceSheet;

/// The place of a form: row and sheet.
#[component]
pub fn PlaceField(
    /// The place now.
    #[prop(into)]
    place: Signal<Option<PlaceStamp>>,
    /// Told of each new place.
    on_change: Callback<PlaceStamp>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let now = use_minute();
    // When the fix of the place was taken; known only while its form is open.
    let fixed = RwSignal::new(None::<(PlaceStamp, Millis)>);
    let found = Callback::new(move |found: PlaceView| {
        let Some(place) = found.place else { return };
        fixed.set(fixed_at(found.age_s).map(|at| (place.clone(), at)));
        on_change.run(place);
    });
    if place.with_untracked(Option::is_none) {
        spawn_local(async move {
            // No fix is no fault: the row says so and Change is beside it.
            if let Ok(view) = call(LocatePlace::Here).await
                && place.try_with_untracked(Option::is_none) == Some(true)
            {
                found.run(view);
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
        place.with(|place| {
            let Some(place) = place else { return words::PLACE_NONE_DETAIL.to_owned() };
            let age = fixed.with(|fixed| {
                fixed.as_ref().filter(|(of, _)| of == place).map(|(_, at)| now.get().since(*at))
            });
            match age {
                Some(age) => words::with_age(&detail_of(place), age),
                None => detail_of(place),
            }
        })
    });
    let rough = Signal::derive(move || place.with(|place| place.as_ref().is_some_and(is_rough)));
    view! {
        <PlaceRow name detail rough on_change=Callback::new(move |()| open.set(true)) />
        <PlaceSheet open on_found=found />
    }
}

/// When a fix of this age was taken, by the screen's clock.
pub fn fixed_at(age_s: Option<u32>) -> Option<Millis> {
    age_s.map(|seconds| dom::now().plus(-i64::from(seconds) * 1_000))
}

/// Whether a place rests on a fix worse than 30 m.
pub fn is_rough(place: &PlaceStamp) -> bool {
    place.accuracy_m.is_some_and(|metres| metres > ROUGH_FIX_M)
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
