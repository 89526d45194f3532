//! The checks of a change to what is sealed: its reason, and times stated anew.

use super::{FUTURE_MS, NOTE_LIMIT, Problem, ProblemCode, SHORT_LIMIT, limit};
use crate::entry::DraftReference;
use crate::time::Millis;

/// What the reason of a correction or withdrawal must be.
pub fn reason(reason: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    if reason.trim().is_empty() {
        found.push(Problem::block("reason", ProblemCode::GiveReason));
    }
    limit(&mut found, "reason", Some(reason), NOTE_LIMIT);
    found
}

/// What a reference given to an entry must be.
pub fn reference(typed: &DraftReference) -> Vec<Problem> {
    let mut found = Vec::new();
    if typed.kind.is_none() || typed.value.trim().is_empty() {
        found.push(Problem::block("reference", ProblemCode::NameReference));
    }
    limit(&mut found, "reference", Some(&typed.value), SHORT_LIMIT);
    found
}

/// What times stated anew must be. `ended` is whether it has an end already: that may move, not go.
pub fn times(from: Millis, until: Option<Millis>, ended: bool, why: &str, now: Millis) -> Vec<Problem> {
    let mut found = Vec::new();
    let latest = now.plus(FUTURE_MS);
    if from > latest {
        found.push(Problem::block("occurred_at", ProblemCode::InFuture));
    }
    match until {
        Some(until) if until < from => {
            found.push(Problem::block("occurred_until", ProblemCode::EndsBeforeStart));
        }
        Some(until) if until > latest => {
            found.push(Problem::block("occurred_until", ProblemCode::InFuture));
        }
        None if ended => found.push(Problem::block("occurred_until", ProblemCode::GiveEnd)),
        _ => {}
    }
    found.extend(reason(why));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: i64, until: Option<i64>, ended: bool, why: &str) -> Vec<(String, ProblemCode)> {
        let now = Millis(1_000_000_000);
        times(now.plus(from), until.map(|until| now.plus(until)), ended, why, now)
            .into_iter()
            .map(|problem| (problem.field, problem.code))
            .collect()
    }

    #[test]
    fn a_reference_names_its_system_and_is_short() {
        let asked = |kind: Option<&str>, value: &str| {
            let typed = DraftReference { kind: kind.map(Into::into), value: value.to_owned(), at: None };
            reference(&typed).first().map(|problem| problem.code)
        };
        assert_eq!(asked(Some("REF_CRIME"), "36/286/26"), None);
        assert_eq!(asked(None, "36/286/26"), Some(ProblemCode::NameReference));
        assert_eq!(asked(Some("REF_CRIME"), " "), Some(ProblemCode::NameReference));
        assert_eq!(asked(Some("REF_CRIME"), &"9".repeat(121)), Some(ProblemCode::TooLong));
    }

    #[test]
    fn times_lie_in_order_and_in_the_past_and_say_why() {
        let problem = |field: &str, code| vec![(field.to_owned(), code)];
        assert!(asked(-100, Some(-50), true, "Forgot").is_empty());
        assert!(asked(-100, None, false, "Forgot").is_empty());
        assert_eq!(
            asked(-100, Some(-101), true, "Forgot"),
            problem("occurred_until", ProblemCode::EndsBeforeStart)
        );
        assert_eq!(asked(FUTURE_MS + 1, None, false, "x"), problem("occurred_at", ProblemCode::InFuture));
        assert_eq!(
            asked(0, Some(FUTURE_MS + 1), true, "x"),
            problem("occurred_until", ProblemCode::InFuture)
        );
        assert_eq!(asked(-1, None, true, "x"), problem("occurred_until", ProblemCode::GiveEnd));
        assert_eq!(asked(-1, None, false, "  "), problem("reason", ProblemCode::GiveReason));
    }
}
