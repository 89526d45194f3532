//! Scopes of the feed and the cursors into them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use beatbook_domain::id::{EntryId, OfficerId, TeamId};
use serde::{Deserialize, Serialize};

/// What a feed is about. Each has positions of its own, rising in commit order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// What names or comes from one officer.
    Officer(OfficerId),
    /// One shift, for its crew.
    Shift(EntryId),
    /// One team, for its sergeants.
    Team(TeamId),
    /// What is asked of one team for a night, for everybody in it.
    Briefing(TeamId),
    /// Duties offered to the crews of one team, for every officer of it.
    Duties(TeamId),
    /// Disclosures about someone in policing, for professional standards alone.
    Standards,
    /// Reference data: officers, teams, code lists, areas.
    Reference,
}

beatbook_domain::described!(
    Scope => beatbook_domain::openapi::text(None, Some("^(reference|standards|(officer|shift|team|briefing|duties):[0-9a-f-]{36})$".to_owned()))
);

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Officer(id) => write!(f, "officer:{id}"),
            Scope::Shift(id) => write!(f, "shift:{id}"),
            Scope::Team(id) => write!(f, "team:{id}"),
            Scope::Briefing(id) => write!(f, "briefing:{id}"),
            Scope::Duties(id) => write!(f, "duties:{id}"),
            Scope::Standards => f.write_str("standards"),
            Scope::Reference => f.write_str("reference"),
        }
    }
}

/// A scope that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a scope: want reference, standards, officer:ID, shift:ID, team:ID, briefing:ID or duties:ID")]
pub struct ScopeError;

impl FromStr for Scope {
    type Err = ScopeError;
    fn from_str(text: &str) -> Result<Self, ScopeError> {
        match text {
            "reference" => return Ok(Scope::Reference),
            "standards" => return Ok(Scope::Standards),
            _ => {}
        }
        let (kind, id) = text.split_once(':').ok_or(ScopeError)?;
        match kind {
            "officer" => id.parse().map(Scope::Officer).map_err(|_| ScopeError),
            "shift" => id.parse().map(Scope::Shift).map_err(|_| ScopeError),
            "team" => id.parse().map(Scope::Team).map_err(|_| ScopeError),
            "briefing" => id.parse().map(Scope::Briefing).map_err(|_| ScopeError),
            "duties" => id.parse().map(Scope::Duties).map_err(|_| ScopeError),
            _ => Err(ScopeError),
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where a device stands when it has applied every scope but reference up to one position: said in place of cursors.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Level {
    /// [`Level::digest`] of the scopes it reads, so that a scope that came or went is noticed.
    pub scopes: u32,
    /// Position in the reference scope.
    pub reference: u64,
    /// Position in every other scope.
    pub all: u64,
}

impl Level {
    /// A digest of some scopes, whatever their order.
    #[must_use]
    pub fn digest(scopes: &[Scope]) -> u32 {
        let mut names: Vec<String> = scopes.iter().map(Scope::to_string).collect();
        names.sort_unstable();
        let digest = beatbook_domain::seal::digest(names.join(" ").as_bytes());
        digest.0.first_chunk().map_or(0, |first| u32::from_be_bytes(*first))
    }

    /// The cursors it stands for; none where the scopes are others.
    #[must_use]
    pub fn cursors(&self, scopes: &[Scope]) -> Option<Cursors> {
        let position = |scope: &Scope| if *scope == Scope::Reference { self.reference } else { self.all };
        (Self::digest(scopes) == self.scopes)
            .then(|| scopes.iter().map(|scope| (*scope, position(scope))).collect())
    }

    /// What these cursors come to in one word, where every scope but reference stands at the same position.
    #[must_use]
    pub fn of(scopes: &[Scope], cursors: &Cursors) -> Option<Self> {
        let at = |scope: &Scope| cursors.get(scope).copied().unwrap_or_default();
        let others = scopes.iter().filter(|scope| **scope != Scope::Reference);
        let mut positions = others.map(at);
        let all = positions.next()?;
        positions.all(|position| position == all).then(|| Self {
            scopes: Self::digest(scopes),
            reference: at(&Scope::Reference),
            all,
        })
    }
}

/// Where a device stands in each scope: the last position it has applied. A scope not named starts at its beginning.
pub type Cursors = BTreeMap<Scope, u64>;
