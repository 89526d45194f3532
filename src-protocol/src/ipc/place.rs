//! Places: where the officer is or was, by fix, by area, or typed.

use beatbook_domain::id::Code;
use beatbook_domain::place::PlaceStamp;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

/// Finds a place for an entry.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocatePlace {
    /// The newest fix of the phone, if there is one.
    Here,
    /// Typed coordinates (`52.6287, 1.3020`) or an OS grid reference (`TG 235 085`).
    Typed {
        /// As typed.
        text: String,
        /// Name or description of the place, if any.
        name: String,
    },
    /// An area of the list, by code; no fix.
    Area(Code),
    /// A description only (`by the Erpingham Gate`); no fix.
    Described(String),
}

/// A place found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceView {
    /// The stamp to put in the draft; its exact fix is dropped at Save where the kind does not keep it.
    pub place: Option<PlaceStamp>,
    /// One line for the place row: `Thorpe Hamlet · good fix, ±8 m`.
    pub detail: String,
    /// Accuracy worse than 30 m: choose a landmark.
    pub rough: bool,
    /// A warning (outside the force area), plain words.
    pub warning: Option<String>,
    /// Areas nearby to choose from.
    pub nearby: Vec<PlaceChoice>,
    /// Age of the fix, seconds; `None` where there is none.
    pub age_s: Option<u32>,
}

/// Searches the imported areas, wards and districts, and the officer's recent places, by words.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SearchPlaces {
    /// As typed; empty gives the recent places alone.
    pub text: String,
    /// How many at most.
    pub limit: u32,
}

/// Places found, best first.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlacesFound {
    /// Places used lately by this officer, newest first.
    pub recent: Vec<PlaceStamp>,
    /// Areas whose name has the words.
    pub areas: Vec<PlaceFound>,
}

/// An area found by name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceFound {
    /// What it is, as shown: `Patrol area`, `Ward`, `District`.
    pub level: String,
    /// Its name.
    pub name: String,
    /// The stamp to put in the draft.
    pub place: PlaceStamp,
}

/// The areas to choose from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListPlaces {}

/// The areas to choose from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlacesView {
    /// Patrol areas (hotspots, night-time-economy zones, towns), by name.
    pub areas: Vec<PlaceChoice>,
    /// Version of the area set; 0 before one has arrived whole.
    pub area_set: u32,
    /// The last answer of central: another crew's visits are as known then.
    pub as_known: Option<Millis>,
    /// Now, by the device's clock.
    pub now: Millis,
    /// Box around all shapes: west, south, east, north, microdegrees.
    pub bounds: Option<(i32, i32, i32, i32)>,
}

/// An area to choose.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceChoice {
    /// Its code.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// District name.
    pub district: Option<String>,
    /// The area's own band of a visit in minutes, from and to.
    pub band: (u32, u32),
    /// The longest gap between visits the area's owner wants, minutes.
    pub max_gap_min: Option<u32>,
    /// The officer's own last visit: when it ended, or now while it runs.
    pub last_by_me: Option<Millis>,
    /// The last visit by anybody, as known.
    pub last_by_anyone: Option<Millis>,
    /// Why the force lists it, from the area set.
    pub why: String,
    /// What tonight's briefing asks here next, if anything.
    pub planned: Option<PlannedHere>,
    /// Outer ring, simplified for drawing: longitude, latitude in microdegrees. Only in [`ListPlaces`].
    pub shape: Vec<(i32, i32)>,
}

/// What a briefing asks of an area: the window that runs or comes next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PlannedHere {
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Visits asked in it.
    pub visits: u32,
    /// Visits made in it by the officer's unit.
    pub made: u32,
}
