//! The head of a revision: everything known at save that may be kept for ever. Ids, codes and integers only:
//! no typed text, no names, no precise place.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::code_list::CodeRef;
use crate::id::{ChainId, Code, EntryId, Link, OfficerId, SeedId, UnitId};
use crate::seal::REVISION_FORMAT;
use crate::time::{ClockOffset, Millis, Mono};

/// How a revision stands to the ones before it in its entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The first revision.
    First,
    /// What was started goes on or ends: not an edit.
    Continues,
    /// A correction; wants a reason and counts as edited.
    Corrects,
    /// A withdrawal; wants a reason and counts as edited, save the fixed reason UNDO.
    Withdraws,
}

/// How the words came to be written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Written as it happened or as soon as practicable.
    #[default]
    Live,
    /// Written later.
    Retrospective,
    /// Repeated from the last entry ("Same again").
    Repeated,
    /// Copied from a paper book.
    Transcribed,
    /// Dictated.
    Dictated,
}

/// Data protection regime (DPA 2018).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// UK GDPR and Part 2: hours, supervision, welfare.
    Part2,
    /// Part 3: law-enforcement processing.
    Part3,
    /// No personal data.
    None,
}

/// Government security marking at writing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Marking {
    /// OFFICIAL.
    Official,
    /// OFFICIAL-SENSITIVE.
    OfficialSensitive,
}

impl Marking {
    /// The words of the marking, as they must be shown.
    pub fn words(self) -> &'static str {
        match self {
            Marking::Official => "OFFICIAL",
            Marking::OfficialSensitive => "OFFICIAL-SENSITIVE",
        }
    }
}

/// Who may read, where that is narrower than the team.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// The team and those above it.
    #[default]
    Team,
    /// Professional standards alone (a disclosure about someone in policing).
    ProfessionalStandards,
}

/// How the end of something is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EndKind {
    /// Stated as it ended.
    Stated,
    /// Corrected afterwards.
    Corrected,
    /// The officer's estimate.
    Estimated,
}

/// Duty state of the author at writing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// On a shift.
    On,
    /// Off duty: a note for a past or no shift.
    Off,
}

/// What a link from one entry to another means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Two officers' entries on one event.
    SameEvent,
    /// The same thing continued elsewhere (a replacement phone goes on with the shift).
    SameAs,
    /// This arose from that (cards given in an engagement).
    AroseFrom,
    /// This answers that.
    Answers,
}

/// A link to another entry.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadLink {
    /// What the link means.
    pub relation: Relation,
    /// The other entry.
    pub entry_id: EntryId,
    /// The revision meant, where it matters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<Link>,
}

/// The very revision a decision or answer is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// The entry.
    pub entry_id: EntryId,
    /// The revision.
    pub link: Link,
}

/// Who performed what the author records, when it was not the author.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PerformedBy {
    /// Another officer.
    Officer(OfficerId),
    /// A partner organisation, by its code.
    Partner(Code),
}

/// The head. Field order is the sealed order: never move, rename or remove a field of schema 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Head {
    /// Always [`REVISION_FORMAT`].
    pub format: String,
    /// The chain.
    pub chain_id: ChainId,
    /// Place in the chain, from 0, gapless.
    pub seq: u64,
    /// The entry this is a revision of.
    pub entry_id: EntryId,
    /// What it records.
    pub kind: Kind,
    /// Version of the body's own schema.
    pub schema: u16,
    /// How it stands to earlier revisions.
    pub change: Change,
    /// The parent revision(s); empty for the first, two or more where a fork is settled.
    pub revises: Vec<Link>,
    /// The revision a decision, answer or confirmation is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<About>,
    /// Links to other entries.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub links: Vec<HeadLink>,
    /// Who wrote it.
    pub author: OfficerId,
    /// Who did it, when not the author.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub performed_by: Option<PerformedBy>,
    /// How the words came to be written.
    pub origin: Origin,
    /// The unit the author was in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit_id: Option<UnitId>,
    /// The shift: the `entry_id` of its `shift_opened`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shift_id: Option<EntryId>,
    /// Duty state at writing.
    pub duty_at_writing: Duty,
    /// When it happened, as the officer states it (for a pair: when it began).
    pub occurred_at: Millis,
    /// When it ended, as the officer states it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub occurred_until: Option<Millis>,
    /// Device UTC at writing.
    pub written_at: Millis,
    /// UTC offset shown on the device at writing, in minutes.
    pub written_utc_offset: i16,
    /// Boot and milliseconds since boot, suspend included.
    pub mono: Mono,
    /// The device's measured distance from central's clock, when known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub offset: Option<ClockOffset>,
    /// How an end is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end_kind: Option<EndKind>,
    /// Data protection regime.
    pub regime: Regime,
    /// Retention class.
    pub class: Code,
    /// Marking at writing.
    pub marking: Marking,
    /// Who may read.
    pub access: Access,
    /// The seed this revision's salt is derived from.
    pub seed: SeedId,
    /// Force area code: movement kinds, handout and stock only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<Code>,
    /// Codes with list version and list label: movement kinds, handout and stock only.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub codes: Vec<CodeRef>,
}

/// Why some bytes are not a head.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// Not the JSON of a head.
    #[error("the head cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// Another format.
    #[error("the head's format is not {REVISION_FORMAT}")]
    Format,
}

impl Head {
    /// The bytes that are sealed. Call once; keep the bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads sealed bytes.
    ///
    /// # Errors
    /// When the bytes are not the JSON of a head of this format.
    pub fn parse(bytes: &[u8]) -> Result<Head, HeadError> {
        let head: Head = serde_json::from_slice(bytes)?;
        if head.format == REVISION_FORMAT { Ok(head) } else { Err(HeadError::Format) }
    }

    /// `written_at` in central's time, as far as the offset was measured.
    pub fn written_corrected(&self) -> Millis {
        match self.offset {
            Some(offset) => Millis(self.written_at.0 + offset.ms),
            None => self.written_at,
        }
    }
}
