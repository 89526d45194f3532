//! The frame of every screen: counts, states, what steppers say.

use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::PillView;

use super::{ALL_RECEIVED, NOTHING_RECORDED, text};

/// `Engagement · Beatbook`.
#[must_use]
pub fn window_title(page: &str) -> String {
    text!(window_title, page = page)
}

/// `1 entry`, `3 entries`.
#[must_use]
pub fn entries(n: u32) -> String {
    text!(n_entries, count = n)
}

/// A number and its noun.
#[must_use]
pub fn count(n: u32, one: &str, many: &str) -> String {
    text!(counted, count = n, one = one, many = many)
}

/// The pill as it is spoken.
#[must_use]
pub fn pill(pill: &PillView) -> String {
    let state = if pill.total == 0 {
        return NOTHING_RECORDED.to_owned();
    } else if pill.waiting == 0 {
        ALL_RECEIVED.to_owned()
    } else {
        text!(pill_waiting, waiting = n_waiting(pill.waiting))
    };
    if pill.needs_you > 0 {
        text!(pill_needs_you, state = state, needs = n_need_you(pill.needs_you))
    } else {
        state
    }
}

/// `3 waiting`.
#[must_use]
pub fn n_waiting(n: u32) -> String {
    text!(n_waiting, count = n)
}

/// `1 needs you`, `2 need you`.
#[must_use]
pub fn n_need_you(n: u32) -> String {
    text!(n_need_you, count = n)
}

/// `One person fewer`.
#[must_use]
pub fn one_fewer(thing: &str) -> String {
    text!(one_fewer, thing = thing)
}

/// `One person more`.
#[must_use]
pub fn one_more(thing: &str) -> String {
    text!(one_more, thing = thing)
}

/// `14 more`.
#[must_use]
pub fn n_more(n: usize) -> String {
    text!(n_more, count = n)
}

/// `All 9`.
#[must_use]
pub fn all_of(n: u32) -> String {
    text!(all_of, count = n)
}

/// `2 of 5`.
#[must_use]
pub fn of_five(n: u8) -> String {
    text!(of_five, count = n)
}

/// `12 of 14`.
#[must_use]
pub fn of_total(received: u32, total: u32) -> String {
    text!(of_total, part = received, total = total)
}

/// What a stepper says at its floor or ceiling.
#[must_use]
pub fn at_limit(label: &str, n: u32) -> String {
    text!(at_limit, label = label, count = n)
}

/// `Question: …`, the amber line under a received entry that is not in totals.
#[must_use]
pub fn question(asked: &str) -> String {
    text!(question_asked, asked = asked)
}

/// `Saved on this phone, 22:14`.
#[must_use]
pub fn saved_at(at: Millis) -> String {
    text!(saved_at, time = time::clock(at))
}

/// `3 entries are safe and still sending.`
#[must_use]
pub fn still_sending(n: u32) -> String {
    text!(still_sending, count = n)
}

/// `Called away, 22:14. Draft kept.`
#[must_use]
pub fn away_stamped(at: Millis, in_form: bool) -> String {
    let time = time::clock(at);
    if in_form { text!(away_stamped_in_form, time = time) } else { text!(away_stamped, time = time) }
}

/// A list label in the middle of a sentence: the first letter small unless the word is an abbreviation.
#[must_use]
pub fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pill_never_says_received_while_something_waits() {
        let waiting = PillView { waiting: 3, total: 5, ..PillView::default() };
        assert_eq!(pill(&waiting), "Saved on this phone, 3 waiting");
        let all = PillView { total: 5, ..PillView::default() };
        assert_eq!(pill(&all), "All received by the server");
        let stuck = PillView { waiting: 1, needs_you: 1, total: 5, ..PillView::default() };
        assert_eq!(pill(&stuck), "Saved on this phone, 1 waiting, 1 needs you");
    }

    #[test]
    fn a_label_is_lowered_but_an_abbreviation_is_not() {
        assert_eq!(lower_first("On foot"), "on foot");
        assert_eq!(lower_first("ASB"), "ASB");
    }
}
