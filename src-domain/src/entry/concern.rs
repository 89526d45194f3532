//! Concerning-behaviour notes: fact and assessment apart, exact words apart from both (DPA 2018 s.38).

use serde::{Deserialize, Serialize};

use super::engagement::Answer;
use super::person::{DraftPerson, PersonDescribed};
use super::reference::{DraftReference, PaperRef, Reference};
use crate::code_list::CodeRef;
use crate::id::Code;
use crate::place::PlaceStamp;
use crate::time::Millis;

/// Words said, as exactly as remembered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpokenWords {
    /// The words.
    pub words: String,
    /// Who said them, described not named ("woman in the queue").
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub speaker: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<Millis>,
}

/// Whether the person affected reports a crime.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reporting {
    /// Yes: the 24-hour clock of the crime recording standard runs.
    Yes,
    /// Not sure: it runs too.
    NotSure,
    /// No.
    No,
}

/// The crime check (NCRS: a crime reported to an officer is recorded within 24 hours). Beatbook records no crimes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CrimeGate {
    /// Whether it is being reported.
    pub reporting: Reporting,
    /// In danger now, not safe yet, under 18 (list `crime_check_now`).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub now: Vec<Code>,
    /// When it was disclosed; the 24 hours count from here.
    pub disclosed_at: Millis,
    /// Crime reference, once known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<String>,
}

impl CrimeGate {
    /// When a crime reference is due: 24 hours after disclosure, unless nobody reports or it is known.
    pub fn due(&self) -> Option<Millis> {
        (self.reporting != Reporting::No && self.reference.is_none())
            .then_some(Millis(self.disclosed_at.0 + 24 * 60 * 60 * 1000))
    }
}

/// An authorisation told on the night, its reference to follow.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToldAuthority {
    /// Collar number of the inspector.
    pub inspector: String,
    /// When the officer was told.
    pub told_at: Millis,
}

/// The authority a dispersal direction rests on (ASBCPA 2014 s.34).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// A written authorisation, by its reference.
    Reference(String),
    /// "Insp n, told at hh:mm, reference to follow".
    ToFollow(ToldAuthority),
}

/// A power used.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PowerUsed {
    /// Which (list `power`).
    pub power: CodeRef,
    /// The authority, where the power needs one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub authority: Option<Authority>,
}

/// A draft 3x5x2 grading: three fields, never one string (College of Policing, intelligence report).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grading {
    /// Source (list `intel_source`).
    pub source: CodeRef,
    /// Information (list `intel_information`).
    pub information: CodeRef,
    /// Handling (list `intel_handling`).
    pub handling: CodeRef,
    /// Conditions, where handling is C: then they must be there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conditions: Option<String>,
}

/// `concern`, schema 1.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Concern {
    /// Behaviours (list `behaviour`).
    pub behaviours: Vec<CodeRef>,
    /// First-hand or not (list `observed_by`).
    #[serde(default)]
    pub sources: Vec<CodeRef>,
    /// Who told it, described not named, where it is not first-hand.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub told_by: Option<String>,
    /// What I saw or heard: fact.
    pub seen: String,
    /// My assessment, and why: opinion.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub assessment: Option<String>,
    /// Words said.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub words: Vec<SpokenWords>,
    /// Relationship to the person affected (list `relationship`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub relationship: Option<CodeRef>,
    /// Whether there was physical contact.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contact: Option<Answer>,
    /// Immediate harm (list `harm`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub harm: Option<CodeRef>,
    /// What was done (list `action`).
    #[serde(default)]
    pub actions: Vec<CodeRef>,
    /// Powers used.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub powers: Vec<PowerUsed>,
    /// Asked for (list `follow_up`).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub requests: Vec<CodeRef>,
    /// Safeguarding flags.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub safeguarding: Vec<CodeRef>,
    /// The people it is about, described.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub people: Vec<PersonDescribed>,
    /// References to other systems: crime, incident, intelligence, body-worn video…
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub references: Vec<Reference>,
    /// The officer's draft of a 3x5x2 grading; the intelligence unit grades.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub grading: Option<Grading>,
    /// Category of data subject (DPA 2018 s.38(3)).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<CodeRef>,
    /// Place, with the exact fix.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PlaceStamp>,
    /// The crime check, where a behaviour opened it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub crime: Option<CrimeGate>,
    /// Collar number of the officer the notes were made with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub made_with: Option<String>,
    /// The paper page it was transcribed from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub paper: Option<PaperRef>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// Words said, as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DraftWords {
    /// The words.
    pub words: String,
    /// Who said them.
    pub speaker: String,
    /// When.
    pub at: Option<Millis>,
}

/// What the concern form holds while it is typed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ConcernDraft {
    /// Behaviours.
    pub behaviours: Vec<Code>,
    /// First-hand or not.
    pub sources: Vec<Code>,
    /// Who told it, described not named.
    pub told_by: String,
    /// Fact.
    pub seen: String,
    /// Opinion.
    pub assessment: String,
    /// Words said.
    pub words: Vec<DraftWords>,
    /// Relationship.
    pub relationship: Option<Code>,
    /// Physical contact.
    pub contact: Option<Answer>,
    /// Immediate harm.
    pub harm: Option<Code>,
    /// What was done.
    pub actions: Vec<Code>,
    /// Powers used.
    pub powers: Vec<Code>,
    /// Reference of the s.34 authorisation, as typed.
    pub authority_ref: String,
    /// Collar number of the inspector who told it, where the reference is to follow.
    pub authority_inspector: String,
    /// When it was told.
    pub authority_told_at: Option<Millis>,
    /// Asked for.
    pub requests: Vec<Code>,
    /// Safeguarding flags.
    pub safeguarding: Vec<Code>,
    /// The people it is about, described.
    pub people: Vec<DraftPerson>,
    /// References to other systems.
    pub references: Vec<DraftReference>,
    /// 3x5x2 source.
    pub grade_source: Option<Code>,
    /// 3x5x2 information.
    pub grade_information: Option<Code>,
    /// 3x5x2 handling.
    pub grade_handling: Option<Code>,
    /// Conditions of handling.
    pub grade_conditions: String,
    /// Category of data subject.
    pub subject: Option<Code>,
    /// Place.
    pub place: Option<PlaceStamp>,
    /// Whether the person reports a crime, once answered.
    pub reporting: Option<Reporting>,
    /// Ticks of the crime check.
    pub crime_now: Vec<Code>,
    /// When it was disclosed.
    pub disclosed_at: Option<Millis>,
    /// Crime reference.
    pub crime_ref: String,
    /// Notes made with.
    pub made_with: String,
    /// Written in plain clothes; set from the leg. A direction under s.35 is a uniformed constable's power.
    pub plain_clothes: bool,
}
