//! What a return and a decision must say.

use chrono::NaiveDate;

use super::{NOTE_LIMIT, Problem, ProblemCode, limit};
use crate::code_list::{Edition, list};
use crate::entry::{Decision, Kind, Question, Review};

/// What is asked: at least one question, each with words.
pub fn questions(questions: &[Question]) -> Vec<Problem> {
    let mut found = Vec::new();
    if questions.is_empty() || questions.iter().any(|question| question.words.trim().is_empty()) {
        found.push(Problem::block("questions", ProblemCode::AskSomething));
    }
    for question in questions {
        limit(&mut found, "questions", Some(&question.words), NOTE_LIMIT);
    }
    found
}

/// What a decision about an entry of this kind must say: a concern note goes somewhere, with the reference it got there,
/// or nowhere (records of concern are handed over, Beatbook keeps no file of its own).
pub fn decision(kind: Kind, review: &Review, edition: &Edition, on: NaiveDate) -> Vec<Problem> {
    let mut found = Vec::new();
    if kind == Kind::Concern && review.decision == Decision::Approved {
        match &review.disposition {
            None => found.push(Problem::block("disposition", ProblemCode::ChooseDisposition)),
            Some(to) => {
                let item = edition.item(list::DISPOSITION, &to.code, on);
                let needed = item.is_some_and(|item| item.flags.needs_reference);
                let value = review.reference.as_ref().map_or("", |reference| reference.value.trim());
                if needed && value.is_empty() {
                    found.push(Problem::block("reference", ProblemCode::NameReference));
                }
            }
        }
    }
    if review.decision == Decision::Escalated && review.note.is_none() {
        found.push(Problem::block("note", ProblemCode::SayWhyEscalated));
    }
    limit(&mut found, "note", review.note.as_deref(), NOTE_LIMIT);
    found
}
