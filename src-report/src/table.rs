//! Rows as CSV: quoted so that every spreadsheet reads them, and never as a formula.

use serde::Serialize;

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// CSV.
    #[error("the table could not be written: {0}")]
    Csv(#[from] csv::Error),
}

/// A typed word as a spreadsheet may read it: never as a formula.
#[must_use]
pub fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// Rows with a heading line of the fields' names.
///
/// # Errors
/// When a row cannot be written as one line.
pub fn csv<T: Serialize>(rows: &[T]) -> Result<Vec<u8>, TableError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    finish(writer)
}

/// Rows under headings that are known only now.
///
/// # Errors
/// When a row has another number of cells than there are headings.
pub fn csv_of(headings: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, TableError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| plain(cell)))?;
    }
    finish(writer)
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, TableError> {
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_a_formula() {
        let rows = csv_of(&["a".into()], &[vec!["=1+1".into()], vec!["plain".into()], vec!["-2".into()]]);
        assert_eq!(String::from_utf8(rows.unwrap_or_default()).unwrap_or_default(), "a\n'=1+1\nplain\n'-2\n");
    }
}
