//! gpsd: the receiver beside a computer, read as lines of JSON over a local socket.
//!
//! Only `TPV` reports are read (<https://gpsd.gitlab.io/gpsd/gpsd_json.html>): `mode` 2 or 3 is a fix, `eph` its radius
//! in metres. A fix older than [`FRESH_MS`] is no longer where the officer is.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use beatbook_domain::place::{Position, PositionSource};
use beatbook_domain::time::Mono;
use serde::Deserialize;

use super::source::Positions;
use crate::clock::Clock;

/// Where gpsd listens unless told otherwise.
pub const DEFAULT_ADDRESS: ([u8; 4], u16) = ([127, 0, 0, 1], 2947);
/// A fix older than this is not offered, milliseconds.
pub const FRESH_MS: i64 = 30_000;

const RETRY: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(15);
const WATCH: &[u8] = b"?WATCH={\"enable\":true,\"json\":true}\n";

struct Newest {
    fix: Mutex<Option<(Position, Mono)>>,
    clock: Arc<dyn Clock>,
}

/// A connection to gpsd that is opened again when it breaks. Ends with the last handle.
pub struct Gpsd {
    newest: Arc<Newest>,
}

impl std::fmt::Debug for Gpsd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gpsd")
    }
}

#[derive(Deserialize)]
struct Report {
    class: String,
    #[serde(default)]
    mode: u8,
    lat: Option<f64>,
    lon: Option<f64>,
    eph: Option<f64>,
}

impl Gpsd {
    /// Listens to gpsd at an address of this machine.
    ///
    /// # Errors
    /// Where no thread can be started. That gpsd does not run is no error: there is no fix then.
    pub fn listen(address: SocketAddr, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let newest = Arc::new(Newest { fix: Mutex::new(None), clock });
        let weak = Arc::downgrade(&newest);
        std::thread::Builder::new().name("beatbook-gpsd".to_owned()).spawn(move || {
            while weak.strong_count() > 0 {
                if let Err(error) = read(address, &weak) {
                    tracing::debug!(kind = ?error.kind(), "gpsd does not answer");
                }
                std::thread::sleep(RETRY);
            }
        })?;
        Ok(Self { newest })
    }
}

impl Positions for Gpsd {
    fn newest(&self) -> Option<Position> {
        let newest = self.newest.fix.lock().unwrap_or_else(PoisonError::into_inner);
        let (fix, at) = (*newest)?;
        let age = self.newest.clock.mono().since(&at)?;
        (0..=FRESH_MS).contains(&age).then_some(fix)
    }
}

fn read(address: SocketAddr, newest: &Weak<Newest>) -> std::io::Result<()> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.write_all(WATCH)?;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        let Some(newest) = newest.upgrade() else { return Ok(()) };
        if let Some(mut fix) = fix(&line) {
            fix.fixed_at = Some(newest.clock.now());
            let at = newest.clock.mono();
            *newest.fix.lock().unwrap_or_else(PoisonError::into_inner) = Some((fix, at));
        }
    }
    Ok(())
}

fn fix(line: &str) -> Option<Position> {
    let report: Report = serde_json::from_str(line).ok()?;
    if report.class != "TPV" || report.mode < 2 {
        return None;
    }
    let mut position = Position::from_degrees(report.lat?, report.lon?, PositionSource::Gpsd).ok()?;
    // A radius is a small positive number of metres; anything else says nothing.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let accuracy =
        report.eph.filter(|metres| (0.0..1.0e6).contains(metres)).map(|metres| metres.ceil() as u32);
    position.accuracy_m = accuracy;
    Some(position)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_fix_is_taken() {
        let line = r#"{"class":"TPV","mode":3,"lat":52.6287,"lon":1.302,"eph":7.2}"#;
        let position = fix(line).unwrap();
        assert_eq!((position.lat_e6, position.lon_e6, position.accuracy_m), (52_628_700, 1_302_000, Some(8)));
        assert!(fix(r#"{"class":"TPV","mode":1}"#).is_none());
        assert!(fix(r#"{"class":"SKY"}"#).is_none());
        assert!(fix("not json").is_none());
    }
}
