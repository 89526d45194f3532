//! Words of circumstances.

use beatbook_domain::entry::{Circumstances, Home, Written};
use beatbook_domain::time::{self, Millis};

use beatbook_protocol::ipc::CardLine;

use super::{HOME_NONE, WRITTEN_DICTATED, WRITTEN_PAPER, text};

/// `happened 22:14, written 3 h 40 min after, Copied from paper`.
#[must_use]
pub fn circumstances_line(told: &Circumstances, now: Millis) -> String {
    let mut parts = vec![text!(circumstances_now, time = time::day_clock(told.occurred_at))];
    parts.extend(time::late_by(told.occurred_until.unwrap_or(told.occurred_at), now));
    match told.written {
        Written::Here => {}
        Written::Paper => parts.push(WRITTEN_PAPER.to_owned()),
        Written::Dictated => parts.push(WRITTEN_DICTATED.to_owned()),
    }
    if told.home == Home::None {
        parts.push(HOME_NONE.to_owned());
    }
    parts.join(", ")
}

/// `4 h`.
#[must_use]
pub fn n_hours(hours: i64) -> String {
    text!(n_hours, hours = hours.to_string())
}

/// One authority in a list.
#[must_use]
pub fn authority_line(reference: &str, title: &str, until: Option<String>, covers: &str) -> String {
    match until {
        Some(until) => {
            text!(authority_line_until, reference = reference, title = title, until = until, covers = covers)
        }
        None => text!(authority_line, reference = reference, title = title, covers = covers),
    }
}

/// The day on which body-worn video goes.
#[must_use]
pub fn video_goes(day: &str) -> String {
    text!(video_goes, day = day)
}

/// `Person 2`.
#[must_use]
pub fn person_n(n: usize) -> String {
    text!(person_n, n = n.to_string())
}

/// `3 given tonight`.
#[must_use]
pub fn given_tonight(count: u32) -> String {
    text!(given_tonight, count = count)
}

/// `Batch 2026-09`.
#[must_use]
pub fn batch(batch: &str) -> String {
    text!(batch, batch = batch)
}

/// A line of stock in a list of choices.
#[must_use]
pub fn stock_choice(line: &str, batch: Option<&str>) -> String {
    match batch {
        Some(batch) => text!(stock_choice, line = line, batch = batch),
        None => line.to_owned(),
    }
}

/// `drawn 50, given 12`: what makes up the balance.
#[must_use]
pub fn stock_sum(line: &CardLine) -> String {
    let (drawn, given) = (line.drawn.to_string(), line.given.to_string());
    if line.returned + line.spoiled == 0 {
        text!(stock_sum, drawn = drawn, given = given)
    } else {
        text!(
            stock_sum_all,
            drawn = drawn,
            given = given,
            returned = line.returned.to_string(),
            spoiled = line.spoiled.to_string(),
        )
    }
}

/// `Give 2`.
#[must_use]
pub fn give_n(count: u32) -> String {
    text!(give_n, count = count)
}

/// `Fetching the photo: 40 %`.
#[must_use]
pub fn photo_fetching(percent: u32) -> String {
    text!(photo_fetching_percent, percent = percent)
}
