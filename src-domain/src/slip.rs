//! What an officer reads out to the other systems after a concern: crime, intelligence, safeguarding. Composed from the
//! note and from details that stand on the phone alone. Pure words; nothing of it is ever an entry.

use beatbook_words::text;

use crate::code_list::{CodeRef, built_in, list};
use crate::entry::{Concern, PersonDescribed, Reporting};
use crate::time::{Millis, day_clock};

/// Category of a data subject: witness, or has information.
const WITNESS: &str = "DS_WITNESS";

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
    let has = |codes: &[CodeRef], code: &str| codes.iter().any(|c| c.code.as_str() == code);
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

/// The words of a block, a line for each thing. `details` is what stands on the slip alone. The intelligence block is
/// sanitised: it never says who told it, nor the details, which mostly name that very person.
pub fn text(block: Block, note: &Concern, occurred_at: Millis, details: &str) -> String {
    let mut lines = vec![text!(slip_when, when = day_clock(occurred_at))];
    lines.extend(
        note.place.as_ref().and_then(|place| place.label()).map(|place| text!(slip_where, place = place)),
    );
    let labels =
        |codes: &[CodeRef]| codes.iter().map(|code| code.label.clone()).collect::<Vec<_>>().join("; ");
    if !note.behaviours.is_empty() {
        lines.push(text!(slip_what, behaviours = labels(&note.behaviours)));
    }
    lines.push(text!(slip_seen, seen = &note.seen));
    for said in &note.words {
        match said.speaker.as_deref().filter(|_| block != Block::Intelligence) {
            Some(speaker) => lines.push(text!(slip_said_by, speaker = speaker, words = &said.words)),
            None => lines.push(text!(slip_said, words = &said.words)),
        }
    }
    let spoken_of = note.people.iter().filter(|person| block != Block::Intelligence || !is_source(person));
    lines.extend(
        spoken_of
            .enumerate()
            .map(|(n, person)| text!(slip_person, number = n + 1, description = describe(person))),
    );
    match block {
        Block::Crime => {
            lines.extend(
                note.relationship.iter().map(|it| text!(slip_relationship, relationship = &it.label)),
            );
            lines.extend(note.harm.iter().map(|it| text!(slip_harm, harm = &it.label)));
            lines.extend(note.told_by.iter().map(|who| text!(slip_told_by, who = who)));
            lines
                .extend(note.crime.iter().map(|it| text!(slip_disclosed, when = day_clock(it.disclosed_at))));
        }
        Block::Intelligence => {
            lines.extend(note.assessment.iter().map(|it| text!(slip_assessment, assessment = it)));
            if let Some(grading) = &note.grading {
                lines.push(text!(
                    slip_grading,
                    source = grading.source.code.as_str(),
                    information = grading.information.code.as_str(),
                    handling = grading.handling.code.as_str(),
                ));
                lines.extend(grading.conditions.iter().map(|it| text!(slip_conditions, conditions = it)));
            }
        }
        Block::Safeguarding => {
            if !note.safeguarding.is_empty() {
                lines.push(text!(slip_concerns, concerns = labels(&note.safeguarding)));
            }
            let at_risk: Vec<String> = now(note).collect();
            if !at_risk.is_empty() {
                lines.push(text!(slip_at_risk, now = at_risk.join("; ")));
            }
            lines.extend(
                note.relationship.iter().map(|it| text!(slip_relationship, relationship = &it.label)),
            );
            if !note.actions.is_empty() {
                lines.push(text!(slip_done, actions = labels(&note.actions)));
            }
        }
    }
    if block != Block::Intelligence && !details.trim().is_empty() {
        lines.push(text!(slip_details, details = details.trim()));
    }
    lines.join("\n")
}

/// A witness who is nothing else may be the one who told it.
fn is_source(person: &PersonDescribed) -> bool {
    !person.subject.is_empty() && person.subject.iter().all(|category| category.code.as_str() == WITNESS)
}

/// What the crime check found to be true now, in words. The note keeps codes alone.
fn now(note: &Concern) -> impl Iterator<Item = String> {
    let list = built_in().list(list::CRIME_CHECK_NOW);
    let ticked = note.crime.iter().flat_map(|crime| &crime.now);
    ticked.map(move |code| {
        let item = list.and_then(|list| list.items.iter().find(|item| item.code == *code));
        item.map_or_else(|| code.as_str().to_owned(), |item| item.label.clone())
    })
}

fn describe(person: &PersonDescribed) -> String {
    let mut parts: Vec<String> = person.subject.iter().map(|it| it.label.clone()).collect();
    let points = crate::entry::Description::POINTS;
    parts.extend(points.iter().filter_map(|name| {
        let text = person.description.point(name)?.trim();
        (!text.is_empty()).then(|| format!("{name} {text}"))
    }));
    parts.extend(person.officer_defined.iter().map(|it| text!(slip_appearance, appearance = &it.label)));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::entry::{Body, ConcernDraft, Description, DraftForm, DraftPerson, DraftReference, DraftWords};
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
        let intelligence = text(Block::Intelligence, &note, Millis(0), "J. Example, 07700 900123");
        for source in ["doorman", "tall man", "Example", "900123"] {
            assert!(!intelligence.contains(source), "{intelligence}");
        }
        assert!(intelligence.contains("“come on”"));
    }

    #[test]
    fn a_witness_is_described_to_crime_and_not_to_intelligence() {
        let person = |category: &str, clothing: &str| DraftPerson {
            subject: vec![Code::new(category)],
            description: Description { clothing: clothing.to_owned(), ..Description::default() },
            ..DraftPerson::default()
        };
        let note = note(|draft| {
            draft.people = vec![person("DS_WITNESS", "red jacket"), person("DS_SUSPECT", "grey coat")]
        });
        let crime = text(Block::Crime, &note, Millis(0), "");
        assert!(crime.contains("Person 1: ") && crime.contains("red jacket") && crime.contains("grey coat"));
        let intelligence = text(Block::Intelligence, &note, Millis(0), "");
        assert!(
            !intelligence.contains("red jacket") && intelligence.contains("Person 1: Suspected"),
            "{intelligence}"
        );
    }

    #[test]
    fn facts_assessment_and_the_three_fields_stand_apart() {
        let note = note(|draft| {
            draft.assessment = "Likely the same man as last week.".to_owned();
            draft.grade_source = Some(Code::new("1"));
            draft.grade_information = Some(Code::new("B"));
            draft.grade_handling = Some(Code::new("P"));
        });
        let intelligence = text(Block::Intelligence, &note, Millis(0), "");
        let lines: Vec<&str> = intelligence.lines().collect();
        assert!(lines.contains(&"Seen or heard: Took hold of an arm."), "{intelligence}");
        assert!(lines.contains(&"Assessment: Likely the same man as last week."), "{intelligence}");
        assert!(lines.contains(&"3x5x2, draft: source 1, information B, handling P"), "{intelligence}");
        assert!(
            !text(Block::Crime, &note, Millis(0), "").contains("last week"),
            "opinion is no fact of a crime"
        );
    }

    #[test]
    fn safeguarding_says_who_is_at_risk_and_what_was_done() {
        let note = note(|draft| {
            draft.safeguarding = vec![Code::new("SG_CHILD")];
            draft.crime_now = vec![Code::new("CHILD"), Code::new("UNSAFE")];
            draft.actions = vec![Code::new("A_WELFARE")];
        });
        assert!(blocks(&note).contains(&Block::Safeguarding));
        let safeguarding = text(Block::Safeguarding, &note, Millis(0), "Flat 3");
        for line in ["At risk: Under 18; Not safe yet", "Done: Welfare check", "Details: Flat 3"] {
            assert!(safeguarding.lines().any(|have| have == line), "{safeguarding}");
        }
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
