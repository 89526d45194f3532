//! Rows about what left the force: exports, and months as they were first published.

use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Figures that were given out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExportRow {
    /// Its id.
    pub export: Uuid,
    /// When.
    pub at: Millis,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
    /// Measures, period, team and audience.
    pub what: String,
    /// JSON: name and SHA-256 of each file.
    pub files: String,
}

/// A month as it was first published.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PublishedRow {
    /// `2026-11`.
    pub month: String,
    /// JSON: totals and every split, few people hidden.
    pub figures: String,
    /// The one split that is given out; none while only totals are.
    pub split: Option<String>,
    /// When.
    pub at: Millis,
}
