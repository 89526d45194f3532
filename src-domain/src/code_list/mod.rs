//! Code lists: data, not code. Effective-dated, versioned, delivered by central; a built-in edition ships for first start.
//!
//! A record keeps code, list version and the label as it was shown, so a later list never changes what was said.

mod built_in;
pub mod list;
mod lookup;
mod upkeep;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use built_in::built_in;
pub use upkeep::{LONGEST_AUTHORISATION_MS, Unfit};

use crate::id::Code;
use crate::ledger::StockLine;
use crate::offline::Policy;
use crate::power::PowerAuthority;

/// A code as a record keeps it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// A crime in itself: the chip carries the tag "Crime".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub crime: bool,
    /// Says nothing without words: a text must go with it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub narrative: bool,
    /// Needs a reference to another system.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub needs_reference: bool,
    /// Offered only to those whom the force allows it (plain clothes).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub restricted: bool,
    /// Set by the program, never offered for choice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub system: bool,
}

/// One item of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// The code by which others know the same thing (ONS, iHub).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub external: Option<String>,
    /// A word of help beside the label: the likely law, an example. An aid to the officer, never part of a record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeList {
    /// Its name, one of [`list`].
    pub id: Code,
    /// Its version; rises whenever an item changes.
    pub version: u32,
    /// What it is called on screen.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub title: String,
    /// Its items, in the force's order.
    pub items: Vec<CodeItem>,
}

/// A whole edition.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Edition {
    /// Its version; the highest known is in force.
    pub version: u32,
    /// Its lists.
    pub lists: Vec<CodeList>,
    /// Lines of stock the force has printed, newest first for each material.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub stock: Vec<StockLine>,
    /// Authorities that powers rest on: live, to come and ended.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub authorities: Vec<PowerAuthority>,
    /// What the force sets for every phone.
    #[serde(skip_serializing_if = "Policy::is_default", default)]
    pub policy: Policy,
}
