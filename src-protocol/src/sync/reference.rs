//! Reference data as it travels in the reference scope.

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::{Code, OfficerId, TeamId};
pub use beatbook_domain::place::areas::AreaPart;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

/// An officer of the roster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficerRow {
    /// The officer.
    pub officer: OfficerId,
    /// Collar number.
    pub collar: String,
    /// Rank or role code (`PC`, `PS`, …).
    pub role: Code,
    /// The team, by the roster row in force.
    pub team: Option<TeamId>,
}

impl OfficerRow {
    /// As shown: `PC 1482`.
    pub fn title(&self) -> String {
        format!("{} {}", self.role, self.collar)
    }
}

/// A team.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamRow {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
}

/// An item of the reference scope.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReferenceItem {
    /// An officer, new or changed.
    Officer(OfficerRow),
    /// A team, new or changed.
    Team(TeamRow),
    /// A whole edition of the code lists.
    Lists(Edition),
    /// One part of an area set; used only when every part is there and the hash fits.
    AreaPart(AreaPart),
}

/// Who may do what, where, when: judged at the corrected time of writing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    /// The officer.
    pub officer: OfficerId,
    /// What (`patrol`, `review`, …).
    pub capability: Code,
    /// Where: a team, or the whole force.
    pub team: Option<TeamId>,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Option<Millis>,
}
