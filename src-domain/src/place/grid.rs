//! The Ordnance Survey National Grid: WGS84 to OSGB36 by the seven-parameter Helmert transform (good to about 5 m,
//! which a 100 m square does not notice), then the transverse Mercator projection of the grid; and back.
//!
//! Constants and method: Ordnance Survey, *A guide to coordinate systems in Great Britain*, annexes A to C.

use super::Position;

/// A point of the National Grid in whole metres from the false origin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GridRef {
    /// Metres east.
    pub easting: u32,
    /// Metres north.
    pub northing: u32,
}

/// The 100 km squares of the area a Norfolk force works in, which is what typing accepts.
const TYPED_SQUARES: [&str; 4] = ["TF", "TG", "TL", "TM"];

impl GridRef {
    /// The grid point of a position; `None` off the grid (outside Great Britain).
    #[must_use]
    pub fn from_position(position: &Position) -> Option<Self> {
        let (lat, lon) =
            helmert(&WGS84, &AIRY, &TO_OSGB36, position.lat().to_radians(), position.lon().to_radians());
        let (east, north) = project(lat, lon);
        ((0.0..700_000.0).contains(&east) && (0.0..1_300_000.0).contains(&north))
            .then(|| Self { easting: whole(east), northing: whole(north) })
    }

    /// WGS84 latitude and longitude in degrees.
    #[must_use]
    pub fn to_wgs84(self) -> (f64, f64) {
        let (lat, lon) = unproject(f64::from(self.easting), f64::from(self.northing));
        let (lat, lon) = helmert(&AIRY, &WGS84, &TO_OSGB36.reversed(), lat, lon);
        (lat.to_degrees(), lon.to_degrees())
    }

    /// `TG 514 131` (6 figures, 100 m), `TG 5140 1317` (8, 10 m) or `TG 51409 13177` (10, 1 m): the square the point
    /// lies in, so figures are cut, never rounded. Any other number of figures gives 10.
    #[must_use]
    pub fn figures(self, figures: u8) -> String {
        let (width, step) = match figures {
            6 => (3, 100),
            8 => (4, 10),
            _ => (5, 1),
        };
        let (east, north) = (self.easting % 100_000 / step, self.northing % 100_000 / step);
        format!("{} {east:0width$} {north:0width$}", self.letters())
    }

    /// The 100 m square, `TG 235 085`: the finest place most entries keep.
    #[must_use]
    pub fn square_100m(self) -> String {
        self.figures(6)
    }

    /// Reads 6, 8 or 10 figures in squares TF, TG, TL and TM, spaced or not; with the side of the square in metres.
    /// The point is the south-west corner of that square.
    #[must_use]
    pub fn parse(text: &str) -> Option<(Self, u32)> {
        let text = text.trim().to_ascii_uppercase();
        let (letters, rest) = text.split_at_checked(2)?;
        if !TYPED_SQUARES.contains(&letters) {
            return None;
        }
        let groups: Vec<&str> = rest.split_whitespace().collect();
        let figures = match groups.as_slice() {
            [both] => (*both).to_owned(),
            [east, north] if east.len() == north.len() => [*east, *north].concat(),
            _ => return None,
        };
        if !figures.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let side = match figures.len() {
            6 => 100,
            8 => 10,
            10 => 1,
            _ => return None,
        };
        let (east, north) = figures.split_at(figures.len() / 2);
        let (column, row) = hundred_km(letters)?;
        Some((
            Self {
                easting: column * 100_000 + east.parse::<u32>().ok()? * side,
                northing: row * 100_000 + north.parse::<u32>().ok()? * side,
            },
            side,
        ))
    }

    /// The two letters of the 100 km square.
    fn letters(self) -> String {
        let (column, row) = (self.easting / 100_000, self.northing / 100_000);
        // Letters run west to east and north to south in fives, without I; the grid's origin is square SV.
        let from_top = 19u32.saturating_sub(row);
        let first = from_top - from_top % 5 + (column + 10) / 5;
        let second = from_top * 5 % 25 + column % 5;
        [first, second]
            .into_iter()
            .filter_map(|index| LETTERS.get(index as usize).copied())
            .map(char::from)
            .collect()
    }
}

const LETTERS: &[u8; 25] = b"ABCDEFGHJKLMNOPQRSTUVWXYZ";

/// Column and row of a 100 km square, counted from the grid's origin.
fn hundred_km(letters: &str) -> Option<(u32, u32)> {
    (0..7).flat_map(|column| (0..13).map(move |row| (column, row))).find(|(column, row)| {
        GridRef { easting: column * 100_000, northing: row * 100_000 }.letters() == letters
    })
}

/// A coordinate inside the grid as whole metres, cut. The range was checked by the caller.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(metres: f64) -> u32 {
    metres.floor() as u32
}

/// An ellipsoid by its two half axes, metres.
struct Ellipsoid {
    a: f64,
    b: f64,
}

impl Ellipsoid {
    fn e2(&self) -> f64 {
        1.0 - (self.b * self.b) / (self.a * self.a)
    }
}

const WGS84: Ellipsoid = Ellipsoid { a: 6_378_137.0, b: 6_356_752.314_245 };
const AIRY: Ellipsoid = Ellipsoid { a: 6_377_563.396, b: 6_356_256.909 };

/// Seven parameters between two datums: metres, parts per million, arc seconds.
struct Helmert {
    shift: [f64; 3],
    ppm: f64,
    turn: [f64; 3],
}

const TO_OSGB36: Helmert =
    Helmert { shift: [-446.448, 125.157, -542.060], ppm: 20.4894, turn: [-0.1502, -0.2470, -0.8421] };

impl Helmert {
    fn reversed(&self) -> Self {
        Self { shift: self.shift.map(|v| -v), ppm: -self.ppm, turn: self.turn.map(|v| -v) }
    }
}

/// Latitude and longitude (radians, on the surface) moved from one datum to another.
fn helmert(from: &Ellipsoid, to: &Ellipsoid, by: &Helmert, lat: f64, lon: f64) -> (f64, f64) {
    let nu = from.a / (1.0 - from.e2() * lat.sin().powi(2)).sqrt();
    let [x, y, z] =
        [nu * lat.cos() * lon.cos(), nu * lat.cos() * lon.sin(), nu * (1.0 - from.e2()) * lat.sin()];
    let scale = 1.0 + by.ppm / 1e6;
    let [rx, ry, rz] = by.turn.map(|seconds| (seconds / 3600.0).to_radians());
    let [tx, ty, tz] = by.shift;
    let [x, y, z] = [
        tx + x * scale - y * rz + z * ry,
        ty + x * rz + y * scale - z * rx,
        tz - x * ry + y * rx + z * scale,
    ];
    let p = x.hypot(y);
    let mut lat = z.atan2(p * (1.0 - to.e2()));
    // Converges below a tenth of a millimetre in four rounds at these latitudes; a fixed count gives one answer everywhere.
    for _ in 0..8 {
        let nu = to.a / (1.0 - to.e2() * lat.sin().powi(2)).sqrt();
        lat = (z + to.e2() * nu * lat.sin()).atan2(p);
    }
    (lat, y.atan2(x))
}

/// Scale on the central meridian.
const F0: f64 = 0.999_601_271_7;
/// True origin, 49°N 2°W, radians.
const LAT0: f64 = 49.0 * std::f64::consts::PI / 180.0;
const LON0: f64 = -2.0 * std::f64::consts::PI / 180.0;
/// False origin, metres.
const E0: f64 = 400_000.0;
const N0: f64 = -100_000.0;

/// Length of the meridian from the true origin, scaled.
fn meridian(lat: f64) -> f64 {
    let n = (AIRY.a - AIRY.b) / (AIRY.a + AIRY.b);
    let (n2, n3) = (n * n, n * n * n);
    let (minus, plus) = (lat - LAT0, lat + LAT0);
    AIRY.b
        * F0
        * ((1.0 + n + 1.25 * n2 + 1.25 * n3) * minus
            - (3.0 * n + 3.0 * n2 + 2.625 * n3) * minus.sin() * plus.cos()
            + (1.875 * n2 + 1.875 * n3) * (2.0 * minus).sin() * (2.0 * plus).cos()
            - (35.0 / 24.0) * n3 * (3.0 * minus).sin() * (3.0 * plus).cos())
}

/// Radii of curvature at a latitude: nu, rho and eta squared.
fn radii(lat: f64) -> (f64, f64, f64) {
    let w = 1.0 - AIRY.e2() * lat.sin().powi(2);
    let nu = AIRY.a * F0 / w.sqrt();
    let rho = AIRY.a * F0 * (1.0 - AIRY.e2()) / w.powf(1.5);
    (nu, rho, nu / rho - 1.0)
}

/// OSGB36 latitude and longitude (radians) to easting and northing.
fn project(lat: f64, lon: f64) -> (f64, f64) {
    let (nu, rho, eta2) = radii(lat);
    let (sin, cos, tan2) = (lat.sin(), lat.cos(), lat.tan().powi(2));
    let i = meridian(lat) + N0;
    let ii = nu / 2.0 * sin * cos;
    let iii = nu / 24.0 * sin * cos.powi(3) * (5.0 - tan2 + 9.0 * eta2);
    let iiia = nu / 720.0 * sin * cos.powi(5) * (61.0 - 58.0 * tan2 + tan2 * tan2);
    let iv = nu * cos;
    let v = nu / 6.0 * cos.powi(3) * (nu / rho - tan2);
    let vi = nu / 120.0 * cos.powi(5) * (5.0 - 18.0 * tan2 + tan2 * tan2 + 14.0 * eta2 - 58.0 * tan2 * eta2);
    let d = lon - LON0;
    (E0 + iv * d + v * d.powi(3) + vi * d.powi(5), i + ii * d.powi(2) + iii * d.powi(4) + iiia * d.powi(6))
}

/// Easting and northing to OSGB36 latitude and longitude (radians).
fn unproject(east: f64, north: f64) -> (f64, f64) {
    let mut lat = LAT0;
    for _ in 0..10 {
        lat += (north - N0 - meridian(lat)) / (AIRY.a * F0);
    }
    let (nu, rho, eta2) = radii(lat);
    let (sec, tan) = (1.0 / lat.cos(), lat.tan());
    let (t2, t4, t6) = (tan.powi(2), tan.powi(4), tan.powi(6));
    let vii = tan / (2.0 * rho * nu);
    let viii = tan / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * t2 + eta2 - 9.0 * t2 * eta2);
    let ix = tan / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * t2 + 45.0 * t4);
    let x = sec / nu;
    let xi = sec / (6.0 * nu.powi(3)) * (nu / rho + 2.0 * t2);
    let xii = sec / (120.0 * nu.powi(5)) * (5.0 + 28.0 * t2 + 24.0 * t4);
    let xiia = sec / (5040.0 * nu.powi(7)) * (61.0 + 662.0 * t2 + 1320.0 * t4 + 720.0 * t6);
    let d = east - E0;
    (
        lat - vii * d.powi(2) + viii * d.powi(4) - ix * d.powi(6),
        LON0 + x * d - xi * d.powi(3) + xii * d.powi(5) - xiia * d.powi(7),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::place::PositionSource;
    use proptest::prelude::*;

    fn position(lat: f64, lon: f64) -> Position {
        Position::from_degrees(lat, lon, PositionSource::Gps).unwrap()
    }

    #[test]
    fn the_published_vector() {
        let grid = GridRef::from_position(&position(52.65798, 1.71605)).unwrap();
        assert_eq!(grid.figures(10), "TG 51409 13177");
        assert_eq!(grid.figures(8), "TG 5140 1317");
        assert_eq!(grid.square_100m(), "TG 514 131");
    }

    #[test]
    fn the_projection_against_the_ordnance_surveys_own_example() {
        // Guide to coordinate systems, annex C: 52°39'27.2531"N 1°43'4.5177"E is E 651409.903 N 313177.270.
        let lat = (52.0 + 39.0 / 60.0 + 27.2531 / 3600.0_f64).to_radians();
        let lon = (1.0 + 43.0 / 60.0 + 4.5177 / 3600.0_f64).to_radians();
        let (east, north) = project(lat, lon);
        assert!((east - 651_409.903).abs() < 0.002 && (north - 313_177.270).abs() < 0.002, "{east} {north}");
        let (back_lat, back_lon) = unproject(east, north);
        assert!((back_lat - lat).abs() < 1e-10 && (back_lon - lon).abs() < 1e-10);
    }

    #[test]
    fn norfolk_places() {
        for (lat, lon, square) in [
            (52.6287, 1.3020, "TG 235 085"),
            (52.7544, 0.3945, "TF 616 201"),
            (52.4138, 0.7510, "TL 871 830"),
            (52.3765, 1.1085, "TM 116 799"),
            (52.9055, 1.0880, "TG 077 386"),
            (52.6089, 1.7378, "TG 531 077"),
        ] {
            assert_eq!(GridRef::from_position(&position(lat, lon)).unwrap().square_100m(), square);
        }
    }

    #[test]
    fn letters_over_the_whole_country() {
        for (easting, northing, letters) in [
            (0, 0, "SV"),
            (530_000, 180_000, "TQ"),
            (216_000, 771_000, "NN"),
            (450_000, 1_210_000, "HP"),
            (651_409, 313_177, "TG"),
        ] {
            assert_eq!(GridRef { easting, northing }.letters(), letters);
        }
    }

    #[test]
    fn off_the_grid_there_is_no_reference() {
        for (lat, lon) in [(0.0, 0.0), (52.6, 20.0), (-52.6, 1.3), (90.0, 0.0), (40.7, -74.0)] {
            assert_eq!(GridRef::from_position(&position(lat, lon)), None, "{lat} {lon}");
        }
    }

    #[test]
    fn typing_accepts_the_force_squares_only() {
        let tg = GridRef { easting: 623_500, northing: 308_500 };
        for text in ["TG235085", "TG 235085", "TG 235 085", "tg235 085", " TG  235  085 "] {
            assert_eq!(GridRef::parse(text), Some((tg, 100)), "{text}");
        }
        for text in
            ["TQ 235 085", "TG", "TG 235 08", "TG 2350 085", "TG 23 50 85", "TG 23x 085", "T\u{e9} 235 085"]
        {
            assert_eq!(GridRef::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_within_a_metre_in_norfolk(easting in 540_000u32..660_000, northing in 270_000u32..350_000) {
            let grid = GridRef { easting, northing };
            let (lat, lon) = GridRef { easting, northing }.to_wgs84();
            let back = GridRef::from_position(&position(lat, lon)).unwrap();
            prop_assert!(back.easting.abs_diff(easting) <= 1 && back.northing.abs_diff(northing) <= 1);
            let (again, side) = GridRef::parse(&grid.figures(10)).unwrap();
            prop_assert_eq!((again, side), (grid, 1));
        }
    }
}
