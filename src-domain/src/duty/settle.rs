//! What becomes of the duties of an entry when it is written, corrected or goes on.

use super::{AUTHORITY_REF, BWV_HOLD, CRIME_REF, REFERRAL, SAFEGUARD_REF, asked_by};
use crate::entry::{Body, DutyBody, Entry, Kind};
use crate::time::Millis;

/// Duties that bodies ask for. Another (a reference somebody asked for) is no business of the body.
const ASKED: [&str; 5] = [CRIME_REF, BWV_HOLD, AUTHORITY_REF, REFERRAL, SAFEGUARD_REF];

/// One thing to do about a duty.
#[derive(Clone, PartialEq, Debug)]
pub enum Step<'a> {
    /// Open it.
    Open {
        /// What must be done.
        what: &'static str,
        /// By when.
        due: Option<Millis>,
    },
    /// Open again what an undo had taken back.
    OpenAgain {
        /// The duty.
        duty: &'a Entry,
        /// What must be done.
        what: &'static str,
        /// By when.
        due: Option<Millis>,
    },
    /// It is due at another time.
    Due {
        /// The duty.
        duty: &'a Entry,
        /// As it stands.
        body: &'a DutyBody,
        /// By when.
        due: Option<Millis>,
    },
    /// Nobody asks for it any more.
    Discharge {
        /// The duty.
        duty: &'a Entry,
        /// As it stands.
        body: &'a DutyBody,
    },
}

/// What must be done about the duties of an entry that now reads `body`. `known` are the duties that arose from it; what
/// was opened once is not opened again.
pub fn settle<'a>(body: &Body, occurred_at: Millis, known: &[&'a Entry]) -> Vec<Step<'a>> {
    let asked = asked_by(body, occurred_at);
    let mut steps = Vec::new();
    for (what, due) in &asked {
        let of_kind = |entry: &&&'a Entry| duty_body(entry).is_some_and(|it| it.what.code.as_str() == *what);
        let mut same = known.iter().filter(of_kind);
        let stands = same.clone().find(|entry| !entry.is_withdrawn());
        let taken_back = same.find(|entry| entry.is_withdrawn() && entry.kind() == Kind::DutyOpened);
        match (stands, taken_back) {
            (Some(duty), _) => {
                let changed = duty_body(duty).filter(|body| is_open(duty) && body.due != *due);
                steps.extend(changed.map(|body| Step::Due { duty, body, due: *due }));
            }
            (None, Some(duty)) => steps.push(Step::OpenAgain { duty, what, due: *due }),
            (None, None) => steps.push(Step::Open { what, due: *due }),
        }
    }
    for duty in known.iter().filter(|entry| is_open(entry)) {
        let Some(body) = duty_body(duty) else { continue };
        let what = body.what.code.as_str();
        if ASKED.contains(&what) && !asked.iter().any(|(asked, _)| *asked == what) {
            steps.push(Step::Discharge { duty, body });
        }
    }
    steps
}

fn is_open(entry: &Entry) -> bool {
    !entry.is_withdrawn() && entry.kind() != Kind::DutyDischarged
}

/// What the duty says: as it stands, or as it stood before it was withdrawn.
fn duty_body(entry: &Entry) -> Option<&DutyBody> {
    entry.revisions.iter().rev().find_map(|revision| match &revision.body {
        Some(Body::Duty(body)) => Some(body),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::code_list::built_in;
    use crate::duty::opened;
    use crate::entry::testing::{revision, revision_of};
    use crate::entry::{Change, ConcernDraft, DraftForm, Reporting, Revision, fold};
    use crate::id::Code;
    use crate::time::DAY_MS;

    fn concern(reporting: Option<Reporting>, reference: &str) -> Body {
        let draft = ConcernDraft {
            behaviours: vec![Code::new("B_TOUCH")],
            seen: "Seen.".to_owned(),
            reporting,
            disclosed_at: Some(Millis(500)),
            crime_ref: reference.to_owned(),
            ..ConcernDraft::default()
        };
        let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        DraftForm::Concern(draft).bodies(built_in(), on, Millis(0)).unwrap().main
    }

    fn duty(n: u8, what: &str, due: i64) -> Revision {
        let mut it = revision(n, Kind::DutyOpened, 10);
        it.body = Some(Body::Duty(opened(what, Some(Millis(due)), built_in(), Millis(0))));
        it
    }

    #[test]
    fn a_duty_is_opened_once_and_discharged_when_nobody_asks() {
        let asks = concern(Some(Reporting::Yes), "");
        let due = Some(Millis(500 + DAY_MS));
        assert_eq!(settle(&asks, Millis(0), &[]), [Step::Open { what: CRIME_REF, due }]);
        let known = fold([duty(1, CRIME_REF, 500 + DAY_MS)]);
        let known: Vec<&Entry> = known.iter().collect();
        assert_eq!(settle(&asks, Millis(0), &known), []);
        let answered = concern(Some(Reporting::Yes), "36/286/26");
        assert!(
            matches!(settle(&answered, Millis(0), &known)[..], [Step::Discharge { duty, .. }] if duty == known[0])
        );
    }

    #[test]
    fn another_time_is_said_and_what_was_taken_back_is_opened_again() {
        let asks = concern(Some(Reporting::Yes), "");
        let first = duty(1, CRIME_REF, 7);
        let known = fold([first.clone()]);
        let due = Some(Millis(500 + DAY_MS));
        assert!(
            matches!(settle(&asks, Millis(0), &[&known[0]])[..], [Step::Due { due: now, .. }] if now == due)
        );
        let back = fold([first.clone(), revision_of(&first, 2, Change::Withdraws, 20)]);
        assert!(matches!(settle(&asks, Millis(0), &[&back[0]])[..], [Step::OpenAgain { .. }]));
    }

    #[test]
    fn what_no_body_asks_for_is_left_alone() {
        let known = fold([duty(1, "DU_REFERENCE", 7)]);
        assert_eq!(settle(&concern(None, ""), Millis(0), &[&known[0]]), []);
    }

    #[test]
    fn discharged_stays_discharged() {
        let first = duty(1, CRIME_REF, 500 + DAY_MS);
        let mut done = revision_of(&first, 2, Change::Continues, 20);
        done.head.kind = Kind::DutyDischarged;
        done.body.clone_from(&first.body);
        let known = fold([first, done]);
        assert_eq!(settle(&concern(Some(Reporting::Yes), ""), Millis(0), &[&known[0]]), []);
    }
}
