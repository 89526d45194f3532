//! Stock and authorities of the demonstration: what an officer finds on the cards screen and when a power is recorded.

use beatbook_domain::code_list::{self, Edition};
use beatbook_domain::id::Code;
use beatbook_domain::ledger::StockLine;
use beatbook_domain::power::{DISPERSAL, PowerAuthority};
use beatbook_domain::time::{DAY_MS, HOUR_MS, LocalTime, Millis, at_local, local};
use chrono::{Datelike as _, Days, NaiveDate, NaiveTime};

use crate::lists::{self, Areas, ListsError};
use crate::storage::Storage;

/// The wallet card.
const WALLET: &str = "MAT_WALLET_STREETSAFE_ENOUGH";
/// Prince of Wales Road among the demonstration's areas.
const PRINCE_OF_WALES: &str = "DEMO-P-POW";
/// The public spaces protection order.
const PSPO: &str = "PSPO-DEMO-1";
/// The hour by which tonight's authorisation is over.
const NIGHT_ENDS_HOUR: u32 = 5;
/// Tonight's authorisation still runs this long when it is made, milliseconds.
const RUNS_AT_LEAST_MS: i64 = 6 * HOUR_MS;

/// Publishes what is missing of the demonstration's stock and authorities; gives the version in force. A later start
/// finds tonight's authorisation over and adds that night's; the ended ones stay.
pub(super) async fn publish(storage: &dyn Storage, at: Millis) -> Result<u32, ListsError> {
    let areas = Areas::in_force(storage).await?;
    let in_force = match storage.lists().await? {
        Some(_) => lists::current(storage).await?,
        None => code_list::built_in().clone(),
    };
    let mut edition = in_force.clone();
    if edition.stock.is_empty() {
        edition = edition.with_stock(stock(local(at).date_naive()))?;
    }
    let missing = authorities(&edition, at, |code| areas.has(code));
    edition = edition.with_authorities(missing, at, |code| areas.has(code))?;
    if edition != in_force {
        // Several steps, one new edition.
        edition.version = in_force.version.saturating_add(1);
    }
    lists::publish(storage, &edition, at).await?;
    Ok(edition.version)
}

/// Two languages of the wallet card, one of them in small numbers; the printing before, out of date; the spiking card.
fn stock(today: NaiveDate) -> Vec<StockLine> {
    let day = |from_now: i64| today.checked_add_signed(chrono::TimeDelta::days(from_now));
    let line = |material: &str, version: &str, language: &str, batch: &str| StockLine {
        material: Code::new(material),
        version: Some(Code::new(version)),
        language: Some(Code::new(language)),
        batch: Some(Code::new(batch)),
        use_until: day(365),
        low_at: None,
    };
    vec![
        line(WALLET, "2", "EN", "2026-09"),
        StockLine { low_at: Some(5), ..line(WALLET, "2", "PL", "2026-09") },
        StockLine { use_until: day(-30), ..line(WALLET, "1", "EN", "2025-03") },
        StockLine { low_at: Some(5), ..line("MAT_WALLET_SPIKING", "1", "EN", "2026-10") },
    ]
}

/// The authorities of the demonstration that an edition has not.
fn authorities(edition: &Edition, at: Millis, has_area: impl Fn(&Code) -> bool) -> Vec<PowerAuthority> {
    let dispersal = Code::new(DISPERSAL);
    let area = Some(Code::new(PRINCE_OF_WALES)).filter(has_area);
    let night = |from: Millis, until: Millis| PowerAuthority {
        reference: format!("S34-{}-{:03}", local(from).year(), local(from).ordinal()),
        title: "Prince of Wales Road by night".to_owned(),
        powers: vec![dispersal.clone(), Code::new("PW_S37_SURRENDER")],
        area: area.clone(),
        locality: "Prince of Wales Road from Agricultural Hall Plain to Foundry Bridge".to_owned(),
        from,
        until: Some(until),
        authorised_by: "Insp 0102".to_owned(),
    };
    let mut missing = Vec::new();
    let from = hour_before(at);
    if !edition.authorities.iter().any(|held| held.reference == PSPO) {
        let last_week = from.plus(-7 * DAY_MS);
        missing.push(night(last_week, last_week.plus(8 * HOUR_MS)));
        missing.push(PowerAuthority {
            reference: PSPO.to_owned(),
            title: "Alcohol in the city centre".to_owned(),
            powers: vec![Code::new("PW_S63_PSPO_ALCOHOL")],
            area: None,
            locality: "Norwich city centre, inside the inner ring road".to_owned(),
            from: from.plus(-180 * DAY_MS),
            until: Some(from.plus(900 * DAY_MS)),
            authorised_by: "Norwich City Council".to_owned(),
        });
    }
    if edition.live_authorities(&dispersal, at, None).is_empty() {
        missing.push(night(from, end_of_night(at)));
    }
    missing
}

/// An hour before the full hour in which an instant lies.
fn hour_before(at: Millis) -> Millis {
    Millis(at.0.div_euclid(HOUR_MS) * HOUR_MS).plus(-HOUR_MS)
}

/// Five in the morning by London's clock, six hours off at least.
fn end_of_night(at: Millis) -> Millis {
    let earliest = at.plus(RUNS_AT_LEAST_MS);
    let date = local(earliest).date_naive();
    let five = NaiveTime::from_hms_opt(NIGHT_ENDS_HOUR, 0, 0).unwrap_or_default();
    [Some(date), date.checked_add_days(Days::new(1))]
        .into_iter()
        .flatten()
        .filter_map(|date| match at_local(date.and_time(five)) {
            LocalTime::Once(end) => Some(end),
            // The clocks never change at five.
            LocalTime::Twice { .. } | LocalTime::Skipped { .. } => None,
        })
        .find(|end| *end >= earliest)
        .unwrap_or(earliest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use beatbook_domain::code_list::built_in;

    use super::*;

    #[test]
    fn at_any_hour_of_the_year_one_authorisation_is_live_and_lawful() {
        let dispersal = Code::new(DISPERSAL);
        let start = Millis(1_793_000_000_000);
        for hour in (0..366 * 24).step_by(7) {
            let at = start.plus(hour * HOUR_MS + 17 * 60_000);
            let first =
                built_in().with_authorities(authorities(built_in(), at, |_| true), at, |_| true).unwrap();
            assert_eq!(first.live_authorities(&dispersal, at, None).len(), 1);
            assert_eq!(first.live_authorities(&dispersal, at.plus(5 * HOUR_MS), None).len(), 1);
            assert_eq!(first.authorities.len(), 3, "one live, one ended, one order");
            // Two days on it is over; the new one has a reference of its own.
            let later = at.plus(2 * DAY_MS);
            let added = authorities(&first, later, |_| true);
            assert_eq!(added.len(), 1);
            let second = first.with_authorities(added, later, |_| true).unwrap();
            assert_eq!(second.authorities.len(), 4);
            assert_eq!(second.live_authorities(&dispersal, later, None).len(), 1);
        }
    }

    #[test]
    fn the_stock_is_fit_to_publish_and_one_line_of_it_is_out_of_date() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let edition = built_in().with_stock(stock(today)).unwrap();
        let wallet: Vec<_> = edition.stock.iter().filter(|line| line.material == WALLET).collect();
        let outdated: Vec<bool> = wallet.iter().map(|line| line.is_outdated(today)).collect();
        assert_eq!(outdated, [false, false, true]);
    }
}
