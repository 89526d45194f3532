//! A position: where, how exactly, when fixed, by what. And the reading of one typed by hand.

use beatbook_words::text;
use serde::{Deserialize, Serialize};

use super::GridRef;
use crate::time::Millis;
use crate::words;

/// A fix worse than this many metres is shown as "rough fix", with landmarks to choose from.
pub const ROUGH_FIX_M: u32 = 30;

/// The box a Norfolk force works in, microdegrees. Outside it we warn; officers do cross the border.
const FORCE_LAT_E6: std::ops::RangeInclusive<i32> = 52_300_000..=53_020_000;
const FORCE_LON_E6: std::ops::RangeInclusive<i32> = 100_000..=1_800_000;

/// What gave the position.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PositionSource {
    /// The phone's own receiver.
    Gps,
    /// A receiver beside the computer, read through gpsd.
    Gpsd,
    /// Coordinates or a grid reference typed by the officer.
    Typed,
    /// An area or landmark chosen from the list; there is no fix.
    Area,
    /// No place could be given.
    #[default]
    None,
}

/// A point on WGS84 in whole microdegrees (about 0.1 m), with what is known of its quality.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Position {
    /// Latitude in millionths of a degree, north positive.
    pub lat_e6: i32,
    /// Longitude in millionths of a degree, east positive.
    pub lon_e6: i32,
    /// Radius of uncertainty in metres, where the source states one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<u32>,
    /// When the receiver fixed it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_at: Option<Millis>,
    /// What gave it.
    #[serde(default)]
    pub source: PositionSource,
}

/// A position that cannot be used: which field, and what to do.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PlaceError {
    /// Latitude is not between 90 south and 90 north.
    #[error("{}", text!(place_latitude, given = .given))]
    Latitude {
        /// As given, in degrees.
        given: String,
    },
    /// Longitude is not between 180 west and 180 east.
    #[error("{}", text!(place_longitude, given = .given))]
    Longitude {
        /// As given, in degrees.
        given: String,
    },
    /// A grid reference with an odd number of figures, or a square that is not of this part of the country.
    #[error("{}", text!(place_grid, given = .given))]
    Grid {
        /// As given.
        given: String,
    },
    /// A what3words address: it cannot be turned into a position without the internet.
    #[error("{}", words::PLACE_THREE_WORDS)]
    ThreeWords,
    /// Neither coordinates nor a grid reference.
    #[error("{}", text!(place_unreadable, given = .given))]
    Unreadable {
        /// As given, shortened.
        given: String,
    },
}

impl PlaceError {
    /// The field to point at: `lat`, `lon` or `place`.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Latitude { .. } => "lat",
            Self::Longitude { .. } => "lon",
            Self::Grid { .. } | Self::ThreeWords | Self::Unreadable { .. } => "place",
        }
    }
}

/// Something to ask about a usable position. It never stops Save.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaceWarning {
    /// Outside the box the force works in.
    #[error("{}", words::PLACE_OUTSIDE_FORCE)]
    OutsideForce,
    /// Outside that box, but inside it with the two numbers exchanged.
    #[error("{}", words::PLACE_SWAPPED)]
    Swapped,
}

impl Position {
    /// A position from whole microdegrees.
    ///
    /// # Errors
    /// [`PlaceError::Latitude`] or [`PlaceError::Longitude`] outside the world.
    pub fn new(
        lat_e6: i32,
        lon_e6: i32,
        accuracy_m: Option<u32>,
        fixed_at: Option<Millis>,
        source: PositionSource,
    ) -> Result<Self, PlaceError> {
        let position = Self { lat_e6, lon_e6, accuracy_m, fixed_at, source };
        position.check()?;
        Ok(position)
    }

    /// A position from degrees, as receivers and people give it, rounded to the microdegree.
    ///
    /// # Errors
    /// [`PlaceError::Latitude`] or [`PlaceError::Longitude`] outside the world or not a number.
    pub fn from_degrees(lat: f64, lon: f64, source: PositionSource) -> Result<Self, PlaceError> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PlaceError::Latitude { given: lat.to_string() });
        }
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PlaceError::Longitude { given: lon.to_string() });
        }
        Self::new(to_e6(lat), to_e6(lon), None, None, source)
    }

    /// Is it on the globe? A position decoded from elsewhere may not be; decoding itself accepts any number.
    ///
    /// # Errors
    /// [`PlaceError::Latitude`] or [`PlaceError::Longitude`] outside the world.
    pub fn check(&self) -> Result<(), PlaceError> {
        if !(-90_000_000..=90_000_000).contains(&self.lat_e6) {
            return Err(PlaceError::Latitude { given: self.lat().to_string() });
        }
        if !(-180_000_000..=180_000_000).contains(&self.lon_e6) {
            return Err(PlaceError::Longitude { given: self.lon().to_string() });
        }
        Ok(())
    }

    /// What to ask the officer about this position, if anything.
    #[must_use]
    pub fn warning(&self) -> Option<PlaceWarning> {
        let inside = |lat: i32, lon: i32| FORCE_LAT_E6.contains(&lat) && FORCE_LON_E6.contains(&lon);
        if inside(self.lat_e6, self.lon_e6) {
            None
        } else if inside(self.lon_e6, self.lat_e6) {
            Some(PlaceWarning::Swapped)
        } else {
            Some(PlaceWarning::OutsideForce)
        }
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(&self) -> f64 {
        f64::from(self.lat_e6) / 1e6
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(&self) -> f64 {
        f64::from(self.lon_e6) / 1e6
    }

    /// Is the fix too rough to name a spot by? Unknown accuracy counts as rough.
    #[must_use]
    pub fn is_rough(&self) -> bool {
        self.accuracy_m.is_none_or(|metres| metres > ROUGH_FIX_M)
    }

    /// `good fix, ±8 m`, `rough fix, ±45 m`, or `accuracy not known`.
    #[must_use]
    pub fn quality_label(&self) -> String {
        match self.accuracy_m {
            Some(metres) if self.is_rough() => text!(fix_rough, metres = metres),
            Some(metres) => text!(fix_good, metres = metres),
            None => words::FIX_UNKNOWN.to_owned(),
        }
    }
}

/// Degrees in range as microdegrees; the cast cannot truncate within ±180.
#[allow(clippy::cast_possible_truncation)]
fn to_e6(degrees: f64) -> i32 {
    (degrees * 1e6).round() as i32
}

/// What an officer typed as a place, understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Typed {
    /// The point, or the middle of the grid square; accuracy is the half diagonal of that square.
    pub position: Position,
    /// Something to ask before going on.
    pub warning: Option<PlaceWarning>,
}

/// Reads `52.6287, 1.3020`, `52.6287N 1.3020E` or an OS grid reference of 6, 8 or 10 figures.
///
/// # Errors
/// A [`PlaceError`] that names the field and the cure.
pub fn parse_typed(text: &str) -> Result<Typed, PlaceError> {
    let text = text.trim().replace(['\u{2212}', '\u{2013}'], "-");
    if text.starts_with("///") {
        return Err(PlaceError::ThreeWords);
    }
    let position = if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        typed_grid(&text)?
    } else {
        typed_degrees(&text)?
    };
    Ok(Typed { position, warning: position.warning() })
}

fn typed_grid(text: &str) -> Result<Position, PlaceError> {
    let given = || PlaceError::Grid { given: shortened(text) };
    let (grid, square_m) = GridRef::parse(text).ok_or_else(given)?;
    let half = square_m / 2;
    let middle = GridRef { easting: grid.easting + half, northing: grid.northing + half };
    let (lat, lon) = middle.to_wgs84();
    let mut position = Position::from_degrees(lat, lon, PositionSource::Typed)?;
    // Half the diagonal of the square, rounded up: 71 m, 8 m, 1 m.
    position.accuracy_m = Some((square_m * 7072).div_ceil(10_000).max(1));
    Ok(position)
}

fn typed_degrees(text: &str) -> Result<Position, PlaceError> {
    let unreadable = || PlaceError::Unreadable { given: shortened(text) };
    let parts: Vec<&str> = text.split([',', ' ', ';']).filter(|part| !part.is_empty()).collect();
    let [lat, lon] = parts.as_slice() else { return Err(unreadable()) };
    let lat = degrees(lat, 'N', 'S').ok_or_else(unreadable)?;
    let lon = degrees(lon, 'E', 'W').ok_or_else(unreadable)?;
    Position::from_degrees(lat, lon, PositionSource::Typed)
}

/// `52.6287`, `52.6287N` or `52.6287°N`. No exponents, no `inf`: only what a person means by a coordinate.
fn degrees(text: &str, positive: char, negative: char) -> Option<f64> {
    let text = text.to_ascii_uppercase();
    let (number, sign) = match (text.strip_suffix(positive), text.strip_suffix(negative)) {
        (Some(number), _) => (number, 1.0),
        (_, Some(number)) => (number, -1.0),
        _ => (text.as_str(), 1.0),
    };
    let number = number.trim_end_matches('°');
    let plain = number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    number.parse::<f64>().ok().filter(|_| plain).map(|value| value * sign)
}

/// Typed text cut to a length that fits a message.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 32;
    if text.chars().count() <= SHOWN {
        text.to_owned()
    } else {
        text.chars().take(SHOWN).chain("…".chars()).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typed_coordinates_in_the_ways_people_write_them() {
        for text in
            ["52.6287, 1.3020", "52.6287,1.302", "52.6287 1.3020", " 52.6287N 1.3020E ", "+52.6287° 1.3020°"]
        {
            let typed = parse_typed(text).unwrap();
            assert_eq!((typed.position.lat_e6, typed.position.lon_e6), (52_628_700, 1_302_000), "{text}");
            assert_eq!(typed.position.source, PositionSource::Typed);
            assert_eq!(typed.warning, None);
        }
        assert_eq!(parse_typed("51.5N 0.12W").unwrap().position.lon_e6, -120_000);
        assert_eq!(parse_typed("51.5, \u{2212}0.12").unwrap().position.lon_e6, -120_000);
    }

    #[test]
    fn outside_the_world_is_refused_with_field_and_cure() {
        let north = parse_typed("152.6, 1.3").unwrap_err();
        assert_eq!(north.field(), "lat");
        assert!(north.to_string().contains("between -90 and 90"), "{north}");
        let east = parse_typed("52.6, 181").unwrap_err();
        assert_eq!(east.field(), "lon");
        assert_eq!(Position::new(90_000_001, 0, None, None, PositionSource::Gps).unwrap_err().field(), "lat");
        assert_eq!(
            Position::new(0, -180_000_001, None, None, PositionSource::Gps).unwrap_err().field(),
            "lon"
        );
        assert!(Position::from_degrees(f64::NAN, 0.0, PositionSource::Gps).is_err());
        assert!(Position::from_degrees(0.0, f64::INFINITY, PositionSource::Gps).is_err());
        let decoded: Position = serde_json::from_str(
            r#"{"lat_e6":999999999,"lon_e6":0,"accuracy_m":null,"fixed_at":null,"source":"gps"}"#,
        )
        .unwrap();
        assert!(decoded.check().is_err());
    }

    #[test]
    fn outside_the_force_is_asked_never_blocked() {
        assert_eq!(parse_typed("51.5, -0.12").unwrap().warning, Some(PlaceWarning::OutsideForce));
        assert_eq!(parse_typed("1.3020, 52.6287").unwrap().warning, Some(PlaceWarning::Swapped));
    }

    #[test]
    fn what_cannot_be_read_says_what_to_give() {
        for text in [
            "",
            "here",
            "52.6",
            "52.6 1.3 9",
            "1e2, 1",
            "inf, 1",
            "52.6.1, 1",
            "[\u{1F600}",
            "TG 12 3",
            "SV 1",
        ] {
            assert_eq!(parse_typed(text).unwrap_err().field(), "place", "{text}");
        }
        assert_eq!(parse_typed("///filled.count.soap").unwrap_err(), PlaceError::ThreeWords);
        let long = parse_typed(&"9".repeat(5000)).unwrap_err().to_string();
        assert!(long.len() < 200, "{long}");
    }

    #[test]
    fn a_typed_grid_reference_is_the_middle_of_its_square() {
        let typed = parse_typed("tg 235 085").unwrap().position;
        assert_eq!(typed.accuracy_m, Some(71));
        assert_eq!(GridRef::from_position(&typed).unwrap().figures(6), "TG 235 085");
        assert_eq!(parse_typed("TG5140913177").unwrap().position.accuracy_m, Some(1));
        assert_eq!(parse_typed("TG 5140 1317").unwrap().position.accuracy_m, Some(8));
    }

    #[test]
    fn quality_in_words() {
        let mut position = Position::new(52_628_700, 1_302_000, Some(8), None, PositionSource::Gps).unwrap();
        assert_eq!(position.quality_label(), "good fix, ±8 m");
        position.accuracy_m = Some(31);
        assert_eq!(position.quality_label(), "rough fix, ±31 m");
        position.accuracy_m = None;
        assert!(position.is_rough());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Ok(typed) = parse_typed(&text) { prop_assert!(typed.position.check().is_ok()); }
        }

        #[test]
        fn what_is_shown_is_read_back(lat in -90_000_000i32..=90_000_000, lon in -180_000_000i32..=180_000_000) {
            let position = Position::new(lat, lon, None, None, PositionSource::Typed).unwrap();
            let typed = parse_typed(&format!("{}, {}", position.lat(), position.lon())).unwrap().position;
            prop_assert_eq!(typed, position);
        }
    }
}
