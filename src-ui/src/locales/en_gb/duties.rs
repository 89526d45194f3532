//! Duties handed from post to post.

use beatbook_domain::time;
use beatbook_protocol::ipc::{DutyStep, DutyStepKind};

use super::text;

/// What is to be handed over: `Crime reference, within 24 hours, Concern note · Tombland`.
#[must_use]
pub fn duty_choice(what: &str, about: &str) -> String {
    if about.is_empty() { what.to_owned() } else { text!(duty_choice, what = what, about = about) }
}

/// `With PS 0311`.
#[must_use]
pub fn lies_with(who: &str) -> String {
    text!(lies_with, who = who)
}

/// `Offered to Norwich East, late sergeant`.
#[must_use]
pub fn offered_to(post: &str) -> String {
    text!(offered_to, post = post)
}

/// Offered, and nobody has taken it yet.
#[must_use]
pub fn nobody_took(post: &str) -> String {
    text!(nobody_took, post = post)
}

/// Offered, nobody has taken it, and the next post sees it too.
#[must_use]
pub fn nobody_took_up(post: &str) -> String {
    text!(nobody_took_up, post = post)
}

/// What was handed to whom.
#[must_use]
pub fn handed_over(team: &str, post: &str) -> String {
    text!(handed_over, team = team, post = post)
}

/// The accessible name of the key that takes a duty.
#[must_use]
pub fn take_name(what: &str, about: &str) -> String {
    text!(take_name, what = what, about = about)
}

/// One step of a duty's way: `Sat 28 Nov, 03:10 PC 1482 handed it to Norwich East, sergeant`.
#[must_use]
pub fn duty_step(step: &DutyStep) -> String {
    let (when, by) = (time::day_clock(step.at), step.by.as_str());
    match &step.what {
        DutyStepKind::Offered { to } => text!(step_offered, when = when, by = by, to = to.as_str()),
        DutyStepKind::Taken => text!(step_taken, when = when, by = by),
        DutyStepKind::TakenTooLate => text!(step_too_late, when = when, by = by),
        DutyStepKind::Done => text!(step_done, when = when, by = by),
    }
}

/// The same words with a capital, as a choice stands alone.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
