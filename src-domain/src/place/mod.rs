//! Place: a position and where it came from, the Ordnance Survey grid, the areas a force works by, and how much of a
//! place each kind of entry may keep.
//!
//! A position is whole microdegrees (WGS84) with its accuracy and source. Grid references, areas and the 100 m square
//! are derived from it. The exact fix outlives Save only where [`Precision::Exact`] says so. The point-in-area index
//! and the GeoJSON reader need the feature `areas`; everything the screens use does without.

pub mod areas;
mod grid;
mod position;
mod stamp;

pub use grid::GridRef;
pub use position::{PlaceError, PlaceWarning, Position, PositionSource, ROUGH_FIX_M, Typed, parse_typed};
pub use stamp::{AreaRef, AreasFound, FoundArea, PlaceStamp, Precision, stamp};
