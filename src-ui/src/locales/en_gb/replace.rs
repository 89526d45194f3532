//! A colleague's new phone.

use beatbook_domain::time::{self, Millis};

use super::text;

/// `Last heard Sat 28 Nov, 02:10, 3 entries waiting on it`.
#[must_use]
pub fn phone_heard(at: Millis, pending: u32) -> String {
    let when = time::day_clock(at);
    match pending {
        0 => text!(replace_heard, when = when),
        pending => text!(replace_waiting, when = when, pending = pending),
    }
}

/// `Code for PC 1482`.
#[must_use]
pub fn code_for(title: &str) -> String {
    text!(replace_code_for, title = title)
}

/// How the code is used, and until when.
#[must_use]
pub fn code_how(until: Millis) -> String {
    text!(replace_code_how, until = time::day_clock(until))
}

/// What the lost phone held, in counts.
#[must_use]
pub fn phone_held(received: u64, pending: u32, drafts: u32) -> String {
    let mut said = vec![
        text!(replace_held, received = u32::try_from(received).unwrap_or(u32::MAX)),
        text!(replace_was_waiting, pending = pending),
    ];
    if drafts > 0 {
        said.push(text!(replace_drafts, drafts = drafts));
    }
    said.join(" ")
}

/// Who else had a notebook on it.
#[must_use]
pub fn also_used_by(others: &[String]) -> String {
    text!(replace_others, who = others.join(", "))
}
