//! Files that a device makes of what it holds, sealed to the force.

use beatbook_domain::entry::Marking;
use beatbook_domain::export::{Form, Reason};
use beatbook_domain::id::EntryId;
use beatbook_domain::period::GroupBy;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Makes the summary of a shift a file, for whoever reviews a team. The log keeps who made what, and why, before the file
/// is there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ExportShift {
    /// The shift.
    pub shift_id: EntryId,
    /// The forms that go into the file; at least one.
    pub forms: Vec<Form>,
    /// Why.
    pub reason: Reason,
}

/// Makes the figures of a period a file, of the shifts this device holds; otherwise as [`ExportShift`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ExportPeriod {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// By what.
    pub by: GroupBy,
    /// The forms that go into the file; at least one.
    pub forms: Vec<Form>,
    /// Why.
    pub reason: Reason,
}

/// A file that was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExportedView {
    /// Its name, which carries the marking.
    pub file: String,
    /// The folder it lies in.
    pub folder: String,
    /// Whether that is the app's own, which nothing else on a phone can open.
    pub in_app: bool,
    /// Its marking.
    pub marking: Marking,
    /// Names of the files inside it.
    pub inside: Vec<String>,
    /// How many records it was made of.
    pub records: u32,
}
