//! The body of a concern note.

use chrono::NaiveDate;

use super::{BodiesOfDraft, all, authority, gate, known, one, references, text};
use crate::check::{self, Problem, ProblemCode};
use crate::code_list::{Edition, list};
use crate::entry::concern::{Grading, PowerUsed, SpokenWords};
use crate::entry::person::{DraftPerson, PersonDescribed};
use crate::entry::{Body, Concern, ConcernDraft, Kind};
use crate::id::Code;
use crate::time::Millis;

fn person(draft: &DraftPerson, edition: &Edition, on: NaiveDate) -> PersonDescribed {
    PersonDescribed {
        subject: all(edition, list::SUBJECT, &draft.subject, on),
        description: draft.description.trimmed(),
        officer_defined: one(edition, list::IC_CODE, &draft.officer_defined, on),
        self_defined: one(edition, list::SDE, &draft.self_defined, on),
        not_stated: one(edition, list::SDE_NOT_STATED, &draft.not_stated, on),
    }
}

/// Kept once all three fields are chosen.
fn grading(draft: &ConcernDraft, edition: &Edition, on: NaiveDate) -> Option<Grading> {
    Some(Grading {
        source: one(edition, list::INTEL_SOURCE, &draft.grade_source, on)?,
        information: one(edition, list::INTEL_INFORMATION, &draft.grade_information, on)?,
        handling: one(edition, list::INTEL_HANDLING, &draft.grade_handling, on)?,
        conditions: text(&draft.grade_conditions),
    })
}

/// A concerning-behaviour note.
pub(super) fn bodies(
    draft: &ConcernDraft,
    edition: &Edition,
    on: NaiveDate,
    now: Millis,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let mut missing = Vec::new();
    if draft.behaviours.is_empty() {
        missing.push(Problem::block("behaviours", ProblemCode::ChooseBehaviour));
    }
    let seen = text(&draft.seen);
    if seen.is_none() {
        missing.push(Problem::block("seen", ProblemCode::SaySeen));
    }
    let authority = authority(&draft.authority_ref, &draft.authority_inspector, draft.authority_told_at);
    if authority.is_none() && check::needs_authority(edition, &draft.powers, on) {
        missing.push(Problem::block("authority", ProblemCode::NameAuthority));
    }
    let (true, Some(seen)) = (missing.is_empty(), seen) else { return Err(missing) };
    let one = |list, code: &Option<Code>| one(edition, list, code, on);
    let powers = draft
        .powers
        .iter()
        .map(|power| PowerUsed {
            power: known(edition, list::POWER, power, on),
            authority: check::needs_authority(edition, std::slice::from_ref(power), on)
                .then(|| authority.clone())
                .flatten(),
        })
        .collect();
    let main = Concern {
        behaviours: all(edition, list::BEHAVIOUR, &draft.behaviours, on),
        sources: all(edition, list::OBSERVED_BY, &draft.sources, on),
        told_by: text(&draft.told_by),
        seen,
        assessment: text(&draft.assessment),
        words: draft
            .words
            .iter()
            .filter_map(|said| {
                Some(SpokenWords { words: text(&said.words)?, speaker: text(&said.speaker), at: said.at })
            })
            .collect(),
        relationship: one(list::RELATIONSHIP, &draft.relationship),
        contact: draft.contact,
        harm: one(list::HARM, &draft.harm),
        actions: all(edition, list::ACTION, &draft.actions, on),
        powers,
        requests: all(edition, list::FOLLOW_UP, &draft.requests, on),
        safeguarding: all(edition, list::SAFEGUARDING, &draft.safeguarding, on),
        people: draft
            .people
            .iter()
            .filter(|person| !person.is_empty())
            .map(|p| person(p, edition, on))
            .collect(),
        references: references(edition, &draft.references, on),
        grading: grading(draft, edition, on),
        subject: one(list::SUBJECT, &draft.subject),
        place: draft.place.clone().map(|place| place.cut_to(Kind::Concern.precision())),
        crime: gate(draft.reporting, &draft.crime_now, draft.disclosed_at.unwrap_or(now), &draft.crime_ref),
        made_with: text(&draft.made_with),
        paper: None,
        reason: None,
    };
    Ok(BodiesOfDraft { main: Body::Concern(main), handout: None })
}
