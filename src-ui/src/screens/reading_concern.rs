//! The answers of a concern note, beside its fact, its words and its opinion.

use beatbook_domain::entry::{Concern, Grading};

use crate::locales::words;
use crate::screens::reading_lines::{
    Lines, answer, authority, crime, label, labels, people, place_line, push, references,
};

/// The answers, in the order of the form.
pub(super) fn concern_lines(it: &Concern) -> Lines {
    let mut lines = vec![(words::WHAT_BEHAVIOUR.to_owned(), labels(&it.behaviours))];
    crime(&mut lines, it.crime.as_ref());
    push(&mut lines, words::HOW_KNOWN, labels(&it.sources));
    push(&mut lines, words::TOLD_BY, it.told_by.as_deref().unwrap_or_default());
    lines.extend(place_line(it.place.as_ref()));
    push(&mut lines, words::RELATIONSHIP, label(it.relationship.as_ref()));
    if let Some(contact) = it.contact {
        push(&mut lines, words::CONTACT, answer(contact));
    }
    push(&mut lines, words::HARM, label(it.harm.as_ref()));
    push(&mut lines, words::WHAT_DONE, labels(&it.actions));
    for used in &it.powers {
        push(&mut lines, words::POWERS, used.power.label.as_str());
        authority(&mut lines, used.authority.as_ref());
    }
    push(&mut lines, words::REQUESTS, labels(&it.requests));
    push(&mut lines, words::SAFEGUARDING, labels(&it.safeguarding));
    push(&mut lines, words::SUBJECT, label(it.subject.as_ref()));
    people(&mut lines, &it.people);
    references(&mut lines, &it.references);
    if let Some(grading) = &it.grading {
        graded(&mut lines, grading);
    }
    push(&mut lines, words::MADE_WITH, it.made_with.as_deref().unwrap_or_default());
    lines
}

/// Three fields, never one string.
fn graded(lines: &mut Lines, it: &Grading) {
    push(lines, words::GRADED_SOURCE, words::graded(it.source.code.as_str(), &it.source.label));
    push(
        lines,
        words::GRADED_INFORMATION,
        words::graded(it.information.code.as_str(), &it.information.label),
    );
    push(lines, words::GRADED_HANDLING, words::graded(it.handling.code.as_str(), &it.handling.label));
    push(lines, words::GRADE_CONDITIONS, it.conditions.as_deref().unwrap_or_default());
}
