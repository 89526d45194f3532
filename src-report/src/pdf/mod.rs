//! Prints as PDF: PDF/A-2a for keeping and PDF/UA-1 for reading aloud, checked by the writer at the end. The typeface is
//! inside; nothing is fetched. The same sheet gives the same bytes.

mod font;
mod layout;
mod paint;
mod strip;
mod table;
mod tags;

use beatbook_domain::seal::digest;
use beatbook_domain::time::local;
use chrono::{Datelike as _, Timelike as _};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::metadata::{DateTime, Metadata};
use krilla::{Document, SerializeSettings};

use crate::sheet::Sheet;
use crate::words;
use font::Fonts;

/// Why a print could not be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PdfError {
    /// The typeface inside the program cannot be read.
    #[error("the typeface of the print cannot be read: this Beatbook is damaged, install it again")]
    Font,
    /// A page has no size.
    #[error("the print has no page")]
    Page,
    /// The writer refused the document.
    #[error("the print could not be written: {0}")]
    Write(String),
}

/// Writes a print, A4 upright.
///
/// # Errors
/// [`PdfError`]; nothing in what a sheet may hold leads to one.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, PdfError> {
    let fonts = Fonts::load()?;
    let laid = layout::lay(sheet, &fonts);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PdfError::Write(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    paint::paint(&mut document, sheet, laid, &fonts)?;
    document.set_metadata(metadata(sheet));
    document.finish().map_err(|error| PdfError::Write(error.to_string()))
}

fn metadata(sheet: &Sheet) -> Metadata {
    let at = local(sheet.at).naive_utc();
    let small = |n: u32| u8::try_from(n).unwrap_or(0);
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    let content = digest(format!("{sheet:?}").as_bytes());
    Metadata::new()
        .title(format!("{}, {}", sheet.title, sheet.mark.words()))
        .description(sheet.subtitle.clone())
        .language("en-GB".to_owned())
        .creator(words::PRODUCT.to_owned())
        .producer(words::PRODUCT.to_owned())
        .creation_date(date)
        .document_id(content.to_string())
}
