//! Times as administrators type them.

use beatbook_domain::time::{LocalTime, Millis, at_local};
use chrono::{DateTime, NaiveDateTime};

/// An instant with its offset (`2026-11-27T21:00:00+00:00`) or by London's clock (`2026-11-27 21:00`).
///
/// # Errors
/// What is wrong with it and what to write instead.
pub fn instant(text: &str) -> Result<Millis, &'static str> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc().into());
    }
    let wall = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .ok_or("cannot be read: write 2026-11-27 21:00")?;
    match at_local(wall) {
        LocalTime::Once(at) => Ok(at),
        LocalTime::Twice { .. } => {
            Err("is an hour that runs twice: add the offset, 2026-10-25T01:30:00+01:00 or +00:00")
        }
        LocalTime::Skipped { .. } => Err("is an hour that does not exist: the clocks go forward over it"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use beatbook_domain::time::iso;

    use super::*;

    #[test]
    fn times_read_with_their_offset_and_by_londons_clock() {
        let winter = instant("2026-11-27 21:00").unwrap();
        assert_eq!(instant("2026-11-27T21:00:00Z").unwrap(), winter);
        assert_eq!(instant(&iso(winter)).unwrap(), winter);
        let summer = instant("2026-07-10T21:00").unwrap();
        assert_eq!(instant("2026-07-10T20:00:00+00:00").unwrap(), summer);
        assert!(instant("2026-10-25 01:30").unwrap_err().contains("twice"));
        assert!(instant("2026-03-29 01:30").unwrap_err().contains("does not exist"));
        assert!(instant("Friday").unwrap_err().contains("2026-11-27 21:00"));
    }
}
