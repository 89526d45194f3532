//! Which areas a place is in: district, ward, LSOA and patrol area of 10,000 places, over the real boundaries where
//! `BEATBOOK_BOUNDARIES` names their folder, else over the demonstration areas.

use std::path::Path;
use std::time::Instant;

use beatbook_domain::place::areas::{AreaIndex, DEMONSTRATION, import};
use beatbook_domain::place::{Position, PositionSource};

use crate::{Outcome, print, quantile};

const LOOKUPS: u32 = 10_000;
/// The box the places lie in, microdegrees: all of Norfolk, with some sea.
const LAT_E6: (i32, i32) = (52_350_000, 52_990_000);
const LON_E6: (i32, i32) = (150_000, 1_750_000);

/// Boundary files: the real ones that are there, or the demonstration's.
fn files() -> Outcome<(&'static str, Vec<(String, String)>)> {
    let demonstration = || DEMONSTRATION.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let Some(folder) = std::env::var_os("BEATBOOK_BOUNDARIES") else {
        return Ok(("demonstration areas", demonstration().collect()));
    };
    let mut files = Vec::new();
    for (name, _) in demonstration() {
        let real = Path::new(&folder).join(&name);
        if real.exists() {
            files.push((name, std::fs::read_to_string(real)?));
        }
    }
    Ok(("real boundaries", files))
}

/// Measures.
pub fn measure() -> Outcome {
    let (which, files) = files()?;
    let began = Instant::now();
    let index = AreaIndex::new(import(1, &files).map_err(|error| error.to_string())?);
    print(&format!("areas read and indexed, {which}"), began.elapsed().as_secs_f64() * 1e3, "ms", None);
    let (mut times, mut inside) = (Vec::new(), 0_u32);
    for n in 0..LOOKUPS {
        // A grid that is walked in large steps, so that neighbours are not looked up one after another.
        let part = |(low, high): (i32, i32), step: u64| -> Outcome<i32> {
            Ok(low + i32::try_from(u64::from(n) * step % u64::try_from(high - low)?)?)
        };
        let (lat, lon) = (part(LAT_E6, 7_368_787)?, part(LON_E6, 9_990_887)?);
        let place = Position::new(lat, lon, Some(8), None, PositionSource::Gps)?;
        let began = Instant::now();
        let found = index.find(&place);
        times.push(began.elapsed().as_secs_f64() * 1e6);
        inside += u32::from(found.district.is_some_and(|district| !district.approximate));
    }
    if inside == 0 {
        return Err("no place was in any district".into());
    }
    let whole: f64 = times.iter().sum::<f64>() / 1e3;
    times.sort_by(f64::total_cmp);
    print(&format!("10,000 area lookups, {which}"), whole, "ms", None);
    print(&format!("one area lookup, {which}, p50"), quantile(&times, 0.5), "µs", None);
    print(&format!("one area lookup, {which}, p99"), quantile(&times, 0.99), "µs", None);
    print(&format!("places of these inside a district, {which}"), f64::from(inside), "", None);
    Ok(())
}
