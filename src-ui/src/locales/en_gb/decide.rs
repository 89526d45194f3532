//! Decisions, returns and answers.

use beatbook_domain::review::Reason;
use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::ReviewStanding;

use super::text;

/// `PS 0311 asks about 2 answers`.
#[must_use]
pub fn asks_about(who: &str, count: usize) -> String {
    text!(asks_about, who = who, count = u32::try_from(count).unwrap_or(u32::MAX))
}

/// By when it is to be answered, and whether before anything else; empty where neither is said.
#[must_use]
pub fn due(due: Option<Millis>, urgent: bool) -> String {
    let by = due.map(|at| text!(answer_by, when = time::day_clock(at))).unwrap_or_default();
    if urgent { text!(urgent_due, due = by).trim().to_owned() } else { by }
}

/// `after 3 decisions`.
#[must_use]
pub fn after_decisions(count: usize) -> String {
    text!(after_n_decisions, count = u32::try_from(count).unwrap_or(u32::MAX))
}

/// `2 decisions wait`.
#[must_use]
pub fn decisions(count: u32) -> String {
    text!(n_decisions_wait, count = count)
}

/// `2 entries wait for their officer’s answer`.
#[must_use]
pub fn returned(count: u32) -> String {
    text!(n_returned, count = count)
}

/// `Approved by PS 0311, Sat 28 Nov, 03:20`.
#[must_use]
pub fn approved_by(who: &str, at: Millis) -> String {
    text!(approved_by, who = who, when = time::day_clock(at))
}

/// That the reader's decision does not count, and whose does.
#[must_use]
pub fn overruled(who: &str) -> String {
    text!(overruled, who = who)
}

/// Why another decision counts.
#[must_use]
pub fn overruled_why(standing: ReviewStanding) -> &'static str {
    match standing {
        ReviewStanding::Returned => super::OVERRULED_RETURN,
        ReviewStanding::Escalated => super::OVERRULED_UP,
        _ => super::OVERRULED_OTHER,
    }
}

/// Who decides about what was handed up.
#[must_use]
pub fn waits_above(post: &str) -> String {
    text!(waits_above, post = post)
}

/// `2 entries wait for an inspector`.
#[must_use]
pub fn n_above(count: u32) -> String {
    text!(n_waits_above, count = count)
}

/// `PS 0311 handed it up, Sat 28 Nov, 03:20`.
#[must_use]
pub fn handed_up(who: &str, at: Millis) -> String {
    text!(handed_up, who = who, when = time::day_clock(at))
}

/// `Approve 3 shifts`.
#[must_use]
pub fn approve_shifts(count: u32) -> String {
    text!(approve_n_shifts, count = count)
}

/// How many were approved.
#[must_use]
pub fn shifts_approved(count: u32) -> String {
    text!(n_shifts_approved, count = count)
}

/// `Decide 2 entries`.
#[must_use]
pub fn decide_entries(count: u32) -> String {
    text!(decide_n_entries, count = count)
}

/// Why an entry needs a decision.
#[must_use]
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Concern => super::REASON_CONCERN,
        Reason::Power => super::REASON_POWER,
        Reason::Answered => super::REASON_ANSWERED,
        Reason::Edited => super::REASON_EDITED,
        Reason::Question => super::REASON_QUESTION,
        Reason::Escalated => super::REASON_ESCALATED,
    }
}

/// The name of a field, as its form names it; of the whole entry for one that is not known.
#[must_use]
pub fn field(name: &str) -> &'static str {
    match name {
        "engagement_type" => super::FIELD_ENGAGEMENT_TYPE,
        "people" => super::FIELD_PEOPLE,
        "topics" => super::FIELD_TOPICS,
        "concerns" => super::FIELD_CONCERNS,
        "place" => super::FIELD_PLACE,
        "cards" => super::FIELD_CARDS,
        "note" => super::FIELD_NOTE,
        "behaviours" => super::FIELD_BEHAVIOURS,
        "seen" => super::FIELD_SEEN,
        "assessment" => super::FIELD_ASSESSMENT,
        "actions" => super::FIELD_ACTIONS,
        "powers" => super::FIELD_POWERS,
        "crime" => super::FIELD_CRIME,
        "power" => super::FIELD_POWER,
        "authority" => super::FIELD_AUTHORITY,
        "period" => super::FIELD_PERIOD,
        "event_type" => super::FIELD_EVENT_TYPE,
        "issue" => super::FIELD_ISSUE,
        "owner" => super::FIELD_OWNER,
        "times" => super::FIELD_TIMES,
        "area" => super::FIELD_AREA,
        "crew" => super::FIELD_CREW,
        _ => super::ASK_WHOLE,
    }
}

#[cfg(test)]
mod tests {
    use beatbook_domain::entry::Kind;
    use beatbook_domain::review::fields;

    #[test]
    fn every_field_that_can_be_asked_about_has_a_name() {
        for field in Kind::ALL.iter().flat_map(|kind| fields(*kind)) {
            assert_ne!(super::field(field), super::super::ASK_WHOLE, "{field}");
        }
    }
}
