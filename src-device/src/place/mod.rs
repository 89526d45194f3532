//! Places: where the officer is or was, and which areas that is in. Positions come from a [`source`]; areas from the
//! set central sent, used only when whole; everything derived is the domain's own.

mod choices;
pub mod fixes;
pub mod gpsd;
pub mod source;

use beatbook_domain::place::areas::AreaIndex;
use beatbook_domain::place::{PlaceError, PlaceStamp, Position, Precision, parse_typed, stamp};
use beatbook_protocol::ipc::{AppError, ErrorCode, LocatePlace, PlaceChoice, PlaceView};

use choices::choices;

use crate::words;

pub use choices::{LastVisit, list};

/// Patrol areas shown as nearby, at most.
const NEARBY: usize = 6;

/// Finds the place for an entry. `fix` is the newest position of the phone, `index` the areas if a set has arrived.
///
/// The stamp keeps the exact fix, because a draft may still become a kind that needs it; Save cuts it to the kind.
///
/// # Errors
/// Typed coordinates or grid references that cannot be read, with the cure.
pub fn locate(
    request: &LocatePlace,
    fix: Option<Position>,
    index: Option<&AreaIndex>,
) -> Result<PlaceView, AppError> {
    match request {
        LocatePlace::Here => Ok(match fix {
            Some(fix) => at(fix, None, index, fix.warning().map(|warning| warning.to_string())),
            None => PlaceView {
                age_s: None,
                place: None,
                detail: words::NO_FIX.to_owned(),
                rough: false,
                warning: None,
                nearby: nearby(None, index),
            },
        }),
        LocatePlace::Typed { text, name } => {
            let typed = parse_typed(text).map_err(|error| unreadable(&error))?;
            let name = (!name.trim().is_empty()).then(|| name.trim().to_owned());
            Ok(at(typed.position, name, index, typed.warning.map(|warning| warning.to_string())))
        }
        LocatePlace::Area(code) => {
            let found = index.and_then(|index| index.set().chosen(code));
            let place = stamp(Precision::Square, None, found.as_ref(), None);
            if found.is_none() {
                return Err(AppError::new(ErrorCode::NotFound, words::AREA_GONE));
            }
            let detail = district(&place).unwrap_or(words::CHOSEN_FROM_LIST).to_owned();
            Ok(PlaceView {
                age_s: None,
                detail,
                place: Some(place),
                rough: false,
                warning: None,
                nearby: Vec::new(),
            })
        }
        LocatePlace::Described(words) => {
            let place = stamp(Precision::Square, None, None, Some(words.clone()));
            let detail = words::DESCRIBED.to_owned();
            Ok(PlaceView {
                age_s: None,
                place: Some(place),
                detail,
                rough: false,
                warning: None,
                nearby: nearby(None, index),
            })
        }
    }
}

fn at(fix: Position, name: Option<String>, index: Option<&AreaIndex>, warning: Option<String>) -> PlaceView {
    let found = index.map(|index| index.find(&fix));
    let place = stamp(Precision::Exact, Some(&fix), found.as_ref(), name);
    let area = place.ward.as_ref().or(place.district.as_ref()).map(|area| area.name.clone());
    let detail = area.into_iter().chain([fix.quality_label()]).collect::<Vec<_>>().join(" · ");
    let rough = fix.is_rough();
    PlaceView {
        age_s: None,
        place: Some(place),
        detail,
        rough,
        warning,
        nearby: if rough { nearby(Some(fix), index) } else { Vec::new() },
    }
}

fn district(place: &PlaceStamp) -> Option<&str> {
    place.district.as_ref().map(|district| district.name.as_str())
}

fn unreadable(error: &PlaceError) -> AppError {
    AppError::new(ErrorCode::Invalid, error.to_string())
}

/// Patrol areas to choose from beside a rough fix: those of its district first.
fn nearby(fix: Option<Position>, index: Option<&AreaIndex>) -> Vec<PlaceChoice> {
    let here =
        fix.zip(index).and_then(|(fix, index)| index.find(&fix).district).map(|district| district.area.name);
    let mut choices = choices(index);
    choices.sort_by_key(|choice| (here.is_some() && choice.district != here, choice.name.clone()));
    choices.truncate(NEARBY);
    choices
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use beatbook_domain::place::areas::{DEMONSTRATION, import};

    use super::*;

    fn index() -> AreaIndex {
        AreaIndex::new(import(1, &DEMONSTRATION).unwrap())
    }

    #[test]
    fn a_typed_place_finds_its_areas_and_names_what_cannot_be_read() {
        let index = index();
        let typed =
            |text: &str| LocatePlace::Typed { text: text.into(), name: "Prince of Wales Road".into() };
        let view = locate(&typed("52.6287, 1.3020"), None, Some(&index)).unwrap();
        let place = view.place.unwrap();
        assert_eq!(place.ward.unwrap().name, "Thorpe Hamlet");
        assert_eq!(place.name.as_deref(), Some("Prince of Wales Road"));
        assert_eq!(place.square_100m.as_deref(), Some("TG 235 085"));
        let error = locate(&typed("97.1, 1.3"), None, Some(&index)).unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains("outside the world"), "{}", error.message);
    }

    #[test]
    fn no_fix_is_said_and_offers_areas() {
        let index = index();
        let view = locate(&LocatePlace::Here, None, Some(&index)).unwrap();
        assert!(view.place.is_none() && !view.nearby.is_empty());
        let chosen = locate(&LocatePlace::Area(view.nearby[0].code.clone()), None, Some(&index)).unwrap();
        assert!(chosen.place.unwrap().exact.is_none());
    }
}
