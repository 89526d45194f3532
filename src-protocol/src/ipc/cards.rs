//! The card ledger: stock with the officer, and what was given tonight.

use beatbook_domain::entry::{DraftItem, StockDirection};
use beatbook_domain::ledger::LineKey;
use serde::{Deserialize, Serialize};

use super::EntryRow;

/// The cards screen.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetCards {}

/// Stock with the officer, and the ledger of the shift.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CardsView {
    /// Lines of stock: those in hand first, then those ever drawn or given.
    pub lines: Vec<CardLine>,
    /// Lines the force has printed that the officer has none of, to draw.
    pub printed: Vec<CardLine>,
    /// Handouts and stock movements of the open shift (or the last days where none is open), newest first; at most 50.
    pub ledger: Vec<EntryRow>,
    /// Given tonight, all lines.
    pub given_tonight: u32,
}

/// One line of stock.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CardLine {
    /// Which.
    pub key: LineKey,
    /// Label of the material, as on its list.
    pub label: String,
    /// Short label.
    pub short: String,
    /// Language as shown, where the line states one.
    pub language: Option<String>,
    /// Drawn.
    pub drawn: u32,
    /// Given.
    pub given: u32,
    /// Given back.
    pub returned: u32,
    /// Spoiled.
    pub spoiled: u32,
    /// In hand: drawn less the rest. Negative where more was given than drawn.
    pub left: i64,
    /// Few left.
    pub low: bool,
    /// No longer to be given out.
    pub outdated: bool,
}

/// Gives materials, without an engagement: saved when it answers, with Undo.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GiveCards {
    /// What.
    pub items: Vec<DraftItem>,
}

/// Draws stock, gives it back, or says that it is spoiled.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MoveStock {
    /// Which way.
    pub direction: StockDirection,
    /// What.
    pub items: Vec<DraftItem>,
    /// A remark.
    pub note: String,
}
