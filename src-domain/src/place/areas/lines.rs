//! Line numbers of the parts of one JSON text.

use serde_json::value::RawValue;

/// The line on which `raw`, borrowed from `text`, begins, counted from 1.
pub(super) fn line_of(text: &str, raw: &RawValue) -> usize {
    LineCounter::new(text).line_of(raw)
}

/// Lines of parts of one text, asked in order, in one pass over it.
pub(super) struct LineCounter<'a> {
    text: &'a str,
    counted: usize,
    line: usize,
}

impl<'a> LineCounter<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, counted: 0, line: 1 }
    }

    /// The line on which `raw`, borrowed from the text, begins.
    pub fn line_of(&mut self, raw: &RawValue) -> usize {
        let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let between = self.text.as_bytes().get(self.counted..start).unwrap_or_default();
        self.line += between.iter().filter(|byte| **byte == b'\n').count();
        self.counted = self.counted.max(start);
        self.line
    }
}
