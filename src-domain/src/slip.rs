//! What an officer reads out to the other systems after a concern: crime, intelligence, safeguarding. Composed from the
//! note and from details that stand on the phone alone. Pure words; nothing of it is ever an entry.

use crate::entry::{Concern, PersonDescribed, Reporting};
use crate::time::{Millis, day_clock};

/// A block of what is read out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Block {
    /// Crime recording.
    Crime,
    /// The intelligence unit.
    Intelligence,
    /// Safeguarding.
    Safeguarding,
}

impl Block {
    /// The type of reference the system gives back.
    pub fn reference(self) -> &'static str {
        match self {
            Block::Crime => "REF_CRIME",
            Block::Intelligence => "REF_INTEL",
            Block::Safeguarding => "REF_SAFEGUARD",
        }
    }
}

/// The reference a note holds for a block.
pub fn reference(note: &Concern, block: Block) -> Option<&str> {
    let listed = note
        .references
        .iter()
        .find(|reference| reference.kind.code.as_str() == block.reference())
        .map(|reference| reference.value.as_str());
    let of_gate =
        note.crime.as_ref().and_then(|crime| crime.reference.as_deref()).filter(|_| block == Block::Crime);
    listed.or(of_gate)
}

/// The blocks a note calls for: crime where it is or may be reported, intelligence always (that is what it is for, unless
/// the officer recorded that nothing follows), safeguarding where a flag or an action says so.
pub fn blocks(note: &Concern) -> Vec<Block> {
    let has = |codes: &[crate::code_list::CodeRef], code: &str| codes.iter().any(|c| c.code.as_str() == code);
    let mut blocks = Vec::new();
    if note.crime.as_ref().is_some_and(|crime| crime.reporting != Reporting::No) {
        blocks.push(Block::Crime);
    }
    if !has(&note.actions, "A_NFA") {
        blocks.push(Block::Intelligence);
    }
    let flagged = note.safeguarding.iter().any(|flag| flag.code.as_str() != "SG_NONE");
    if flagged || has(&note.actions, "A_SAFEGUARD_REF") {
        blocks.push(Block::Safeguarding);
    }
    blocks
}

/// Whether every block the note calls for has its reference: then nothing is left to hand over.
pub fn is_handed_over(note: &Concern) -> bool {
    let blocks = blocks(note);
    !blocks.is_empty() && blocks.iter().all(|block| reference(note, *block).is_some())
}

/// The words of a block, a line for each thing. `details` is what stands on the slip alone; the intelligence block never
/// says who told it (the source is kept apart).
pub fn text(block: Block, note: &Concern, occurred_at: Millis, details: &str) -> String {
    let mut lines = vec![format!("When: {}", day_clock(occurred_at))];
    lines.extend(note.place.as_ref().and_then(|place| place.label()).map(|place| format!("Where: {place}")));
    let labels = |codes: &[crate::code_list::CodeRef]| {
        codes.iter().map(|code| code.label.clone()).collect::<Vec<_>>().join("; ")
    };
    if !note.behaviours.is_empty() {
        lines.push(format!("What: {}", labels(&note.behaviours)));
    }
    lines.push(format!("Seen or heard: {}", note.seen));
    for said in &note.words {
        match said.speaker.as_deref().filter(|_| block != Block::Intelligence) {
            Some(speaker) => lines.push(format!("Said by {speaker}: “{}”", said.words)),
            None => lines.push(format!("Said: “{}”", said.words)),
        }
    }
    lines.extend(
        note.people.iter().enumerate().map(|(n, person)| format!("Person {}: {}", n + 1, describe(person))),
    );
    match block {
        Block::Crime => {
            lines.extend(note.relationship.iter().map(|it| format!("Relationship: {}", it.label)));
            lines.extend(note.harm.iter().map(|it| format!("Harm: {}", it.label)));
            lines.extend(note.told_by.iter().map(|who| format!("Told by: {who}")));
            lines.extend(note.crime.iter().map(|it| format!("Disclosed: {}", day_clock(it.disclosed_at))));
        }
        Block::Intelligence => {
            lines.extend(note.assessment.iter().map(|it| format!("Assessment: {it}")));
            if let Some(grading) = &note.grading {
                lines.push(format!(
                    "3x5x2, draft: source {}, information {}, handling {}",
                    grading.source.code, grading.information.code, grading.handling.code
                ));
                lines.extend(grading.conditions.iter().map(|it| format!("Conditions: {it}")));
            }
        }
        Block::Safeguarding => {
            if !note.safeguarding.is_empty() {
                lines.push(format!("Concerns: {}", labels(&note.safeguarding)));
            }
            if !note.actions.is_empty() {
                lines.push(format!("Done: {}", labels(&note.actions)));
            }
        }
    }
    if !details.trim().is_empty() {
        lines.push(format!("Details: {}", details.trim()));
    }
    lines.join("\n")
}

fn describe(person: &PersonDescribed) -> String {
    let mut parts: Vec<String> = person.subject.iter().map(|it| it.label.clone()).collect();
    let points = crate::entry::Description::POINTS;
    parts.extend(points.iter().filter_map(|name| {
        let text = person.description.point(name)?.trim();
        (!text.is_empty()).then(|| format!("{name} {text}"))
    }));
    parts.extend(person.officer_defined.iter().map(|it| format!("appearance {}", it.label)));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::code_list::built_in;
    use crate::entry::{Body, ConcernDraft, DraftForm, DraftReference, DraftWords};
    use crate::id::Code;

    fn note(change: impl FnOnce(&mut ConcernDraft)) -> Concern {
        let mut draft = ConcernDraft {
            behaviours: vec![Code::new("B_TOUCH")],
            seen: "Took hold of an arm.".to_owned(),
            told_by: "the doorman in the red jacket".to_owned(),
            words: vec![DraftWords {
                words: "come on".to_owned(),
                speaker: "the tall man".to_owned(),
                at: None,
            }],
            reporting: Some(Reporting::Yes),
            ..ConcernDraft::default()
        };
        change(&mut draft);
        let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        match DraftForm::Concern(draft).bodies(built_in(), on, Millis(0)).unwrap().main {
            Body::Concern(concern) => concern,
            _ => unreachable!("a concern"),
        }
    }

    #[test]
    fn intelligence_never_says_who_told_it_and_crime_does() {
        let note = note(|_| {});
        let crime = text(Block::Crime, &note, Millis(0), "J. Example, 07700 900123");
        assert!(crime.contains("doorman") && crime.contains("tall man") && crime.contains("07700 900123"));
        let intelligence = text(Block::Intelligence, &note, Millis(0), "");
        assert!(!intelligence.contains("doorman") && !intelligence.contains("tall man"), "{intelligence}");
        assert!(intelligence.contains("“come on”"));
    }

    #[test]
    fn it_is_handed_over_once_every_block_it_calls_for_has_its_reference() {
        let reference =
            |kind: &str| DraftReference { kind: Some(kind.into()), value: "1".to_owned(), at: None };
        let some = note(|draft| draft.references = vec![reference("REF_CRIME")]);
        assert_eq!(blocks(&some), [Block::Crime, Block::Intelligence]);
        assert!(!is_handed_over(&some));
        let all = note(|draft| draft.references = vec![reference("REF_CRIME"), reference("REF_INTEL")]);
        assert!(is_handed_over(&all));
        let nothing = note(|draft| {
            draft.reporting = Some(Reporting::No);
            draft.actions = vec!["A_NFA".into()];
        });
        assert!(blocks(&nothing).is_empty() && !is_handed_over(&nothing));
    }
}
