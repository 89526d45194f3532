//! Validation, once for everybody: the screen obeys [`Severity::Block`]; central runs the same checks and turns whatever
//! they find into problems beside the receipt, never into a refusal.

mod change;
mod kinds;
mod review;
mod tasking;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::code_list::{CodeRef, Edition, list};
use crate::entry::{
    Answer, Body, Change, Circumstances, Concern, Description, DraftForm, Engagement, Head, Kind, Written,
};
use crate::id::Code;
use crate::power;
use crate::time::{Millis, local};
use crate::words;

pub use change::{reason, reference, times};
pub use review::{decision, questions};
pub use tasking::deviation;

/// Audience bands are asked and kept only from this many people (small numbers can point at a person).
pub const BANDS_FROM_PEOPLE: u32 = 5;
/// Longest note of an engagement, characters.
pub const NOTE_LIMIT: usize = 2_000;
/// Longest account of what was seen or heard, characters.
pub const SEEN_LIMIT: usize = 10_000;
/// Longest assessment, characters.
pub const ASSESSMENT_LIMIT: usize = 5_000;
/// Longest quotation, characters.
pub const WORDS_LIMIT: usize = 2_000;
/// Longest short field (references, call sign, speaker), characters.
pub const SHORT_LIMIT: usize = 120;
/// More people than this in one engagement is asked about.
pub const MANY_PEOPLE: u32 = 500;
/// How far ahead of its writing something may be said to have happened, milliseconds.
pub const FUTURE_MS: i64 = 5 * 60 * 1000;

/// What a finding does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Save waits for it.
    Block,
    /// Save goes on; somebody is asked.
    Flag,
}

/// What was found; stable names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// No type of engagement.
    ChooseType,
    /// No behaviour.
    ChooseBehaviour,
    /// Nothing under "What I saw or heard".
    SaySeen,
    /// A dispersal direction without its authority.
    NameAuthority,
    /// No call sign.
    NameUnit,
    /// People at 0.
    PeopleFromOne,
    /// Very many people.
    ManyPeople,
    /// Longer than the field's limit.
    TooLong,
    /// Not between 1 and 5.
    OneToFive,
    /// Bands with fewer than five people, or with someone under 18.
    BandsNotKept,
    /// Bands count more people than took part.
    BandsTooMany,
    /// A note or bands although someone was under 18.
    UnderEighteen,
    /// A code no list has.
    UnknownCode,
    /// A code that was not in force on the day.
    EndedCode,
    /// A behaviour or topic that is a crime, and nobody answered whether it is reported.
    AnswerCrimeCheck,
    /// The end lies before the beginning.
    EndsBeforeStart,
    /// It happened after it was written.
    InFuture,
    /// A correction or withdrawal without a reason.
    GiveReason,
    /// A first revision that revises, or a later one that does not.
    RevisesWrong,
    /// Nothing given in a handout.
    NothingGiven,
    /// A kind or schema this version does not know.
    UnknownKind,
    /// An exact fix in a kind that keeps only the square.
    TooPrecise,
    /// No power chosen.
    ChoosePower,
    /// No type of event.
    ChooseEventType,
    /// Nothing said about what is wrong.
    ChooseIssue,
    /// Nobody named whose it is.
    ChooseOwner,
    /// Copied from paper without book and page.
    NamePaperPage,
    /// Handling with conditions, and none given.
    SayConditions,
    /// A grading with only some of its three fields.
    GradeWhole,
    /// A power for a constable in uniform, used in plain clothes.
    PlainClothes,
    /// The authority named does not carry this power, or not at this time or place.
    AuthorityDoesNotCover,
    /// A direction for longer than the law allows.
    DirectionTooLong,
    /// A reference that does not look like one of its kind.
    CheckReference,
    /// An end taken away from something that has ended.
    GiveEnd,
    /// No reference where one is given.
    NameReference,
    /// A duty discharged by nothing.
    SayHowDone,
    /// A return that asks nothing.
    AskSomething,
    /// A concern note approved without saying where it goes.
    ChooseDisposition,
    /// A note kept as it is without a word to the one who asked.
    SayWhyKept,
    /// Handed to somebody above without a word.
    SayWhyEscalated,
    /// A tasking without its night.
    ChooseNight,
    /// Typed text that is no time of day.
    NotATime,
    /// A tasking without areas.
    ChooseAreas,
    /// An area twice in one tasking.
    AreaTwice,
    /// No visit asked in a window.
    VisitsFromOne,
    /// A window outside its tasking.
    WindowOutside,
    /// Two windows of one area that overlap.
    WindowsOverlap,
    /// A tasking for longer than one night.
    TaskingTooLong,
    /// A tasking for a night too far ahead.
    TaskingTooFar,
    /// What stands for a call sign is none: it may be a name.
    CallSignsOnly,
    /// Words that may point at a person, where only places and times belong.
    PlacesOnly,
    /// A reason that says nothing without words, and none given.
    SayWhy,
}

impl ProblemCode {
    /// Plain words: what is wrong and what to do. The same words stand in the summary and at the field.
    pub fn words(self) -> &'static str {
        use ProblemCode::*;
        match self {
            ChooseType => words::PROBLEM_CHOOSE_TYPE,
            ChooseBehaviour => words::PROBLEM_CHOOSE_BEHAVIOUR,
            SaySeen => words::PROBLEM_SAY_SEEN,
            NameAuthority => words::PROBLEM_NAME_AUTHORITY,
            NameUnit => words::PROBLEM_NAME_UNIT,
            PeopleFromOne => words::PROBLEM_PEOPLE_FROM_ONE,
            ManyPeople => words::PROBLEM_MANY_PEOPLE,
            TooLong => words::PROBLEM_TOO_LONG,
            OneToFive => words::PROBLEM_ONE_TO_FIVE,
            BandsNotKept => words::PROBLEM_BANDS_NOT_KEPT,
            BandsTooMany => words::PROBLEM_BANDS_TOO_MANY,
            UnderEighteen => words::PROBLEM_UNDER_EIGHTEEN,
            UnknownCode => words::PROBLEM_UNKNOWN_CODE,
            EndedCode => words::PROBLEM_ENDED_CODE,
            AnswerCrimeCheck => words::PROBLEM_ANSWER_CRIME_CHECK,
            EndsBeforeStart => words::PROBLEM_ENDS_BEFORE_START,
            InFuture => words::PROBLEM_IN_FUTURE,
            GiveReason => words::PROBLEM_GIVE_REASON,
            RevisesWrong => words::PROBLEM_REVISES_WRONG,
            NothingGiven => words::PROBLEM_NOTHING_GIVEN,
            UnknownKind => words::PROBLEM_UNKNOWN_KIND,
            ChoosePower => words::PROBLEM_CHOOSE_POWER,
            ChooseEventType => words::PROBLEM_CHOOSE_EVENT_TYPE,
            ChooseIssue => words::PROBLEM_CHOOSE_ISSUE,
            ChooseOwner => words::PROBLEM_CHOOSE_OWNER,
            NamePaperPage => words::PROBLEM_NAME_PAPER_PAGE,
            SayConditions => words::PROBLEM_SAY_CONDITIONS,
            GradeWhole => words::PROBLEM_GRADE_WHOLE,
            PlainClothes => words::PROBLEM_PLAIN_CLOTHES,
            AuthorityDoesNotCover => words::PROBLEM_AUTHORITY_DOES_NOT_COVER,
            DirectionTooLong => words::PROBLEM_DIRECTION_TOO_LONG,
            GiveEnd => words::PROBLEM_GIVE_END,
            NameReference => words::PROBLEM_NAME_REFERENCE,
            SayHowDone => words::PROBLEM_SAY_HOW_DONE,
            AskSomething => words::PROBLEM_ASK_SOMETHING,
            ChooseDisposition => words::PROBLEM_CHOOSE_DISPOSITION,
            SayWhyKept => words::PROBLEM_SAY_WHY_KEPT,
            SayWhyEscalated => words::PROBLEM_SAY_WHY_ESCALATED,
            CheckReference => words::PROBLEM_CHECK_REFERENCE,
            TooPrecise => words::PROBLEM_TOO_PRECISE,
            ChooseNight => words::PROBLEM_CHOOSE_NIGHT,
            NotATime => words::PROBLEM_NOT_A_TIME,
            ChooseAreas => words::PROBLEM_CHOOSE_AREAS,
            AreaTwice => words::PROBLEM_AREA_TWICE,
            VisitsFromOne => words::PROBLEM_VISITS_FROM_ONE,
            WindowOutside => words::PROBLEM_WINDOW_OUTSIDE,
            WindowsOverlap => words::PROBLEM_WINDOWS_OVERLAP,
            TaskingTooLong => words::PROBLEM_TASKING_TOO_LONG,
            TaskingTooFar => words::PROBLEM_TASKING_TOO_FAR,
            CallSignsOnly => words::PROBLEM_CALL_SIGNS_ONLY,
            PlacesOnly => words::PROBLEM_PLACES_ONLY,
            SayWhy => words::PROBLEM_SAY_WHY,
        }
    }
}

/// A finding: which answer, what, and what it does.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// The field, as its form names it (`seen`, `behaviours`, `powers`, …).
    pub field: String,
    /// What was found.
    pub code: ProblemCode,
    /// What it does.
    pub severity: Severity,
}

impl Problem {
    /// A finding that Save waits for.
    pub fn block(field: &str, code: ProblemCode) -> Self {
        Self { field: field.to_owned(), code, severity: Severity::Block }
    }
    /// A finding that somebody is asked about.
    pub fn flag(field: &str, code: ProblemCode) -> Self {
        Self { field: field.to_owned(), code, severity: Severity::Flag }
    }
}

/// Everything a form would be told at Save, essentials first. Empty means it can be saved without a question.
pub fn form(form: &DraftForm, told: &Circumstances, edition: &Edition, now: Millis) -> Vec<Problem> {
    let on = local(told.occurred_at).date_naive();
    let mut found = match form.bodies(edition, on, now) {
        Ok(bodies) => {
            let mut found = body(form.kind(), &bodies.main, edition, on);
            kinds::at_time(&mut found, &bodies.main, edition, told.occurred_at);
            found
        }
        Err(missing) => missing,
    };
    match form {
        DraftForm::Engagement(draft) if draft.people == 0 && !found.iter().any(|p| p.field == "people") => {
            found.push(Problem::block("people", ProblemCode::PeopleFromOne));
        }
        DraftForm::Concern(draft) => {
            let fields = [&draft.grade_source, &draft.grade_information, &draft.grade_handling];
            if fields.iter().any(|field| field.is_some()) && fields.iter().any(|field| field.is_none()) {
                found.push(Problem::block("grading", ProblemCode::GradeWhole));
            }
            if draft.plain_clothes && draft.powers.iter().any(power::needs_uniform) {
                found.push(Problem::flag("powers", ProblemCode::PlainClothes));
            }
        }
        _ => {}
    }
    circumstances(&mut found, told, now);
    found
}

fn circumstances(found: &mut Vec<Problem>, told: &Circumstances, now: Millis) {
    if told.occurred_at.0 > now.0.saturating_add(FUTURE_MS) {
        found.push(Problem::block("occurred_at", ProblemCode::InFuture));
    }
    if told.occurred_until.is_some_and(|until| until < told.occurred_at) {
        found.push(Problem::block("occurred_until", ProblemCode::EndsBeforeStart));
    }
    let paper = &told.paper;
    if told.written == Written::Paper && (paper.book.trim().is_empty() || paper.page.trim().is_empty()) {
        found.push(Problem::block("paper", ProblemCode::NamePaperPage));
    }
    limit(found, "paper", Some(&paper.book), SHORT_LIMIT);
    limit(found, "paper", Some(&paper.page), SHORT_LIMIT);
    if told.is_amendment() && told.reason.trim().is_empty() {
        found.push(Problem::block("reason", ProblemCode::GiveReason));
    }
    limit(found, "reason", Some(&told.reason), NOTE_LIMIT);
}

/// What a call sign must be.
pub fn call_sign(call_sign: &str) -> Vec<Problem> {
    match call_sign.trim() {
        "" => vec![Problem::block("call_sign", ProblemCode::NameUnit)],
        long if long.chars().count() > SHORT_LIMIT => vec![Problem::block("call_sign", ProblemCode::TooLong)],
        _ => Vec::new(),
    }
}

/// A sealed revision as central sees it: head, body and both together.
pub fn revision(head: &Head, body_of: &Body, edition: &Edition) -> Vec<Problem> {
    let on = local(head.occurred_at).date_naive();
    let mut found = body(head.kind, body_of, edition, on);
    kinds::at_time(&mut found, body_of, edition, head.occurred_at);
    if head.occurred_until.is_some_and(|until| until < head.occurred_at) {
        found.push(Problem::flag("occurred_until", ProblemCode::EndsBeforeStart));
    }
    if head.occurred_at.0 > head.written_at.0 + FUTURE_MS {
        found.push(Problem::flag("occurred_at", ProblemCode::InFuture));
    }
    if (head.change == Change::First) != head.revises.is_empty() {
        found.push(Problem::flag("revises", ProblemCode::RevisesWrong));
    }
    let wants_reason = matches!(head.change, Change::Corrects | Change::Withdraws);
    if wants_reason && body_of.reason().is_none_or(|reason| reason.trim().is_empty()) {
        found.push(Problem::flag("reason", ProblemCode::GiveReason));
    }
    for code in &head.codes {
        known(&mut found, "codes", code, edition, on);
    }
    found
}

/// The body by itself, on the day it happened.
pub fn body(kind: Kind, body: &Body, edition: &Edition, on: NaiveDate) -> Vec<Problem> {
    let mut found = Vec::new();
    match body {
        Body::Engagement(it) => engagement(&mut found, it, edition, on),
        Body::Concern(it) => concern(&mut found, it, edition, on),
        Body::Handout(it) => kinds::handout(&mut found, it, edition, on),
        Body::Stock(it) => kinds::stock(&mut found, it, edition, on),
        Body::PowerUse(it) => kinds::power_use(&mut found, it, edition, on),
        Body::Event(it) => kinds::event(&mut found, it, edition, on),
        Body::Referral(it) => kinds::referral(&mut found, it, edition, on),
        Body::Tasking(it) => tasking::tasking(&mut found, it, edition, on),
        Body::TaskingAck(it) => tasking::ack(&mut found, it, edition, on),
        Body::Duty(it) => known(&mut found, "what", &it.what, edition, on),
        Body::Return(it) => found.extend(questions(&it.questions)),
        Body::Review(it) => {
            if let Some(code) = &it.disposition {
                known(&mut found, "disposition", code, edition, on);
            }
            limit(&mut found, "note", it.note.as_deref(), NOTE_LIMIT);
        }
        Body::Answer(it) => limit(&mut found, "words", it.words.as_deref(), NOTE_LIMIT),
        Body::Shift(it) => found.extend(call_sign(&it.call_sign)),
        Body::Unread(_) => found.push(Problem::flag("kind", ProblemCode::UnknownKind)),
        _ => {}
    }
    if kind == Kind::Unknown && found.is_empty() {
        found.push(Problem::flag("kind", ProblemCode::UnknownKind));
    }
    if body.place().is_some_and(|place| place.exact.is_some())
        && kind.precision() != crate::place::Precision::Exact
    {
        found.push(Problem::flag("place", ProblemCode::TooPrecise));
    }
    found
}

/// Whether any of these powers rests on an authorisation that must be named (s.34/35 ASBCPA 2014).
pub fn needs_authority(edition: &Edition, powers: &[Code], on: NaiveDate) -> bool {
    powers
        .iter()
        .any(|power| edition.item(list::POWER, power, on).is_some_and(|item| item.flags.needs_authority))
}

/// Whether a choice opens the crime check: a behaviour that is a crime, or a topic that may disclose one.
pub fn opens_crime_check(edition: &Edition, list: &str, codes: &[Code], on: NaiveDate) -> bool {
    codes.iter().any(|code| edition.item(list, code, on).is_some_and(|item| item.flags.crime_gate))
}

fn engagement(found: &mut Vec<Problem>, it: &Engagement, edition: &Edition, on: NaiveDate) {
    known(found, "engagement_type", &it.engagement_type, edition, on);
    if it.people == 0 {
        found.push(Problem::block("people", ProblemCode::PeopleFromOne));
    } else if it.people > MANY_PEOPLE {
        found.push(Problem::flag("people", ProblemCode::ManyPeople));
    }
    for code in &it.topics {
        known(found, "topics", code, edition, on);
    }
    for code in &it.concerns {
        known(found, "concerns", code, edition, on);
    }
    for (field, answer) in [("safe_by_day", it.safe_by_day), ("safe_after_dark", it.safe_after_dark)] {
        if answer.is_some_and(|n| !(1..=5).contains(&n)) {
            found.push(Problem::block(field, ProblemCode::OneToFive));
        }
    }
    if let Some(crime) = &it.crime {
        kinds::crime_reference(found, crime.reference.as_deref());
    }
    limit(found, "note", it.note.as_deref(), NOTE_LIMIT);
    limit(found, "safeguarding_ref", it.safeguarding_ref.as_deref(), SHORT_LIMIT);
    if let Some(bands) = &it.bands {
        if it.people < BANDS_FROM_PEOPLE {
            found.push(Problem::flag("bands", ProblemCode::BandsNotKept));
        }
        let most = bands.age.values().sum::<u32>().max(bands.sex.values().sum());
        if most > it.people {
            found.push(Problem::block("bands", ProblemCode::BandsTooMany));
        }
    }
    if it.under_18 == Some(Answer::Yes) && (it.note.is_some() || it.bands.is_some()) {
        found.push(Problem::flag("under_18", ProblemCode::UnderEighteen));
    }
}

fn concern(found: &mut Vec<Problem>, it: &Concern, edition: &Edition, on: NaiveDate) {
    if it.behaviours.is_empty() {
        found.push(Problem::block("behaviours", ProblemCode::ChooseBehaviour));
    }
    if it.seen.trim().is_empty() {
        found.push(Problem::block("seen", ProblemCode::SaySeen));
    }
    limit(found, "seen", Some(&it.seen), SEEN_LIMIT);
    limit(found, "assessment", it.assessment.as_deref(), ASSESSMENT_LIMIT);
    for said in &it.words {
        limit(found, "words", Some(&said.words), WORDS_LIMIT);
        limit(found, "words", said.speaker.as_deref(), SHORT_LIMIT);
    }
    let lists: [(&str, &[CodeRef]); 5] = [
        ("behaviours", &it.behaviours),
        ("sources", &it.sources),
        ("actions", &it.actions),
        ("requests", &it.requests),
        ("safeguarding", &it.safeguarding),
    ];
    for (field, codes) in lists {
        for code in codes {
            known(found, field, code, edition, on);
        }
    }
    for power in &it.powers {
        known(found, "powers", &power.power, edition, on);
        if power.authority.is_none() && needs_authority(edition, std::slice::from_ref(&power.power.code), on)
        {
            found.push(Problem::block("authority", ProblemCode::NameAuthority));
        }
    }
    kinds::references(found, &it.references, edition, on);
    if let Some(crime) = &it.crime {
        kinds::crime_reference(found, crime.reference.as_deref());
    }
    if let Some(grading) = &it.grading {
        if grading.handling.code.as_str() == "C" && grading.conditions.is_none() {
            found.push(Problem::block("grading", ProblemCode::SayConditions));
        }
        limit(found, "grading", grading.conditions.as_deref(), NOTE_LIMIT);
    }
    limit(found, "told_by", it.told_by.as_deref(), SHORT_LIMIT);
    for person in &it.people {
        for name in Description::POINTS {
            limit(found, "people", person.description.point(name), NOTE_LIMIT);
        }
    }
    let behaviours = crate::entry::codes(&it.behaviours);
    if it.crime.is_none() && opens_crime_check(edition, list::BEHAVIOUR, &behaviours, on) {
        found.push(Problem::flag("reporting", ProblemCode::AnswerCrimeCheck));
    }
}

fn known(found: &mut Vec<Problem>, field: &str, code: &CodeRef, edition: &Edition, on: NaiveDate) {
    let problem = match edition.item(code.list.as_str(), &code.code, on) {
        Some(_) => return,
        None if edition.ever_had(code.list.as_str(), &code.code) => ProblemCode::EndedCode,
        None => ProblemCode::UnknownCode,
    };
    let problem = Problem::flag(field, problem);
    if !found.contains(&problem) {
        found.push(problem);
    }
}

fn limit(found: &mut Vec<Problem>, field: &str, text: Option<&str>, characters: usize) {
    let problem = Problem::block(field, ProblemCode::TooLong);
    if text.is_some_and(|text| text.chars().count() > characters) && !found.contains(&problem) {
        found.push(problem);
    }
}
