//! Sentences of figures over a period.

use beatbook_domain::period::{GroupBy, Measure, Share};
use beatbook_domain::summary::{FollowUp, FollowUpState};
use beatbook_domain::time::{self, date_words};
use beatbook_words::text;
use chrono::NaiveDate;

use super::*;

/// `3 shifts have something missing. Totals leave it out.`
pub fn shifts_with_missing(count: u32) -> String {
    text!(shifts_with_missing, count = count)
}

/// `OFFICIAL · Beatbook · figures may lack what has not arrived`, on every sheet of figures.
pub fn paper_of_figures(marking: &str) -> String {
    text!(paper_of_figures, marking = marking)
}

/// `OFFICIAL-SENSITIVE · Beatbook`, on every other sheet.
pub fn paper_marked(marking: &str) -> String {
    text!(paper_mark, marking = marking)
}

/// `was 12`.
pub fn was(before: String) -> String {
    text!(was, before = before)
}

/// `beside Oct 2026`.
pub fn beside(before: String) -> String {
    text!(beside, before = before)
}

/// Which teams come to this device, and since when.
pub fn covers(teams: &[String], held_since: Option<NaiveDate>) -> String {
    let teams =
        if teams.is_empty() { TEAMS_NONE.to_owned() } else { text!(teams_here, teams = teams.join(", ")) };
    match held_since {
        Some(day) => format!("{teams} {}", text!(held_since, day = date_words(day))),
        None => format!("{teams} {HELD_NONE}"),
    }
}

/// `Show 25 more of 80`.
pub fn show_more_of(more: usize, total: usize) -> String {
    text!(show_more_of, more = more.to_string(), total = total.to_string())
}

/// What a chart is, for who cannot see it.
pub fn chart_label(measure: Measure, by: GroupBy, period: String) -> String {
    text!(chart_label, measure = measure.words(), by = by.words().to_lowercase(), period = period)
}

/// `40 % (2 of 5)`.
pub fn share_of(share: Share, shown: String) -> String {
    text!(share_of, share = shown, part = share.part, whole = share.whole)
}

/// `open, due Sat 28 Nov, 22:38`.
pub fn follow_up(follow_up: &FollowUp) -> String {
    let state = match follow_up.state {
        FollowUpState::Open => FOLLOW_OPEN,
        FollowUpState::Accepted => FOLLOW_ACCEPTED,
        FollowUpState::Done => FOLLOW_DONE,
    };
    match follow_up.due {
        Some(due) if follow_up.state != FollowUpState::Done => {
            text!(due_at, state = state, when = time::day_clock(due))
        }
        _ => state.to_owned(),
    }
}
