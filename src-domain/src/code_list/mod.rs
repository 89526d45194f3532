//! Code lists: data, not code. Effective-dated, versioned, delivered by central; a built-in edition ships for first start.
//!
//! A record keeps code, list version and the label as it was shown, so a later list never changes what was said.

pub mod list;
mod lookup;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::Code;

/// A code as a record keeps it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct CodeRef {
    /// The list, by name.
    pub list: Code,
    /// Version of the list; 0 where no list had the code.
    pub version: u32,
    /// The code.
    pub code: Code,
    /// The label as shown.
    pub label: String,
}

/// What a code brings with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Flags {
    /// Opens the crime check.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub crime_gate: bool,
    /// Urgent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Rests on an authorisation that must be named.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub needs_authority: bool,
    /// Kept in the list, not offered by default.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inactive: bool,
}

/// One item of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeItem {
    /// The code.
    pub code: Code,
    /// The official label, quoted exactly.
    pub label: String,
    /// The short label of a chip.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub short: Option<String>,
    /// Name of an icon of the screens.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub icon: Option<String>,
    /// First day in force.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_from: Option<NaiveDate>,
    /// Last day in force.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_to: Option<NaiveDate>,
    /// What it brings with it.
    #[serde(default)]
    pub flags: Flags,
}

/// One list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeList {
    /// Its name, one of [`list`].
    pub id: Code,
    /// Its version.
    pub version: u32,
    /// Its items, in the force's order.
    pub items: Vec<CodeItem>,
}

/// A whole edition.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Edition {
    /// Its version; the highest known is in force.
    pub version: u32,
    /// Its lists.
    pub lists: Vec<CodeList>,
}
