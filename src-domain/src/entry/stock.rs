//! `stock_moved`: materials drawn from the store, given back, or spoiled. The balance is never stored: see [`crate::ledger`].

use serde::{Deserialize, Serialize};

use super::handout::HandoutItem;

/// Which way stock moved.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StockDirection {
    /// Drawn from the store: more in hand.
    Drawn,
    /// Given back to the store.
    Returned,
    /// Spoiled or lost: wet, torn, out of date.
    Spoiled,
}

/// `stock_moved`, schema 1.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockMoved {
    /// Which way.
    pub direction: StockDirection,
    /// What.
    pub items: Vec<HandoutItem>,
    /// Why it was spoiled, or another remark.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}
