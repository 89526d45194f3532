//! Files made of a summary.

use super::*;

/// That a file is there, for who does not see it.
#[must_use]
pub fn export_said(file: &str) -> String {
    text!(export_said, file = file)
}
