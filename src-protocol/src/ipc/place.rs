//! Places: where the officer is or was, by fix, by area, or typed.

use beatbook_domain::id::Code;
use beatbook_domain::place::PlaceStamp;
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
}
