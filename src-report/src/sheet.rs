//! What a print holds, before anybody thinks of pages: headings, figures, tables, in reading order.

use beatbook_domain::time::Millis;

use crate::mark::Mark;

/// A print: everything on it is text, so that it can be searched, copied and read aloud.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// Its one title.
    pub title: String,
    /// When, who, why, under the title.
    pub subtitle: String,
    /// Marking in header and footer.
    pub mark: Mark,
    /// Who made it from what, in the footer of every page.
    pub made: String,
    /// When it was made.
    pub at: Millis,
    /// What it holds, in reading order.
    pub blocks: Vec<Block>,
}

/// A part of a print.
#[derive(Clone, PartialEq, Debug)]
pub enum Block {
    /// A heading; it stands in the outline too.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A paragraph in the second ink: notes about what was read.
    Meta(String),
    /// Key figures side by side.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
    /// What is missing: a fact and what follows from it, each line. A total never stands without it.
    Missing(String, Vec<(String, String)>),
    /// Time as bars.
    Strip(Strip),
    /// What follows begins a page.
    NewPage,
}

/// A key figure: `13 h 30 min`, and what stands small beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// What it counts.
    pub label: String,
    /// The figure.
    pub figure: String,
    /// Beside it.
    pub beside: String,
}

/// A column of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its part of the width; the shares of a table are read together.
    pub share: f32,
    /// Numbers stand at the right.
    pub right: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn left(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, right: false }
    }

    /// A column of numbers.
    #[must_use]
    pub fn right(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, right: true }
    }
}

/// A cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// Text; a new line begins where it has one.
    Text(String),
    /// Text that carries the row.
    Strong(String),
    /// Text that no longer holds: struck through and readable. Read aloud with the words given second before it.
    Struck(String),
    /// The share of the largest, 0 to 1: drawn beside its number, said by the number alone.
    Bar(f32),
}

impl Cell {
    /// The text of the cell; a bar has none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Strong(text) | Self::Struck(text) => text,
            Self::Bar(_) => "",
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// A table. The first column names the row.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, as many cells each as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// The last row is the total of the others.
    pub totals: bool,
}

/// A span of a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpanKind {
    /// Two or more officers on patrol.
    Pair,
    /// One officer on patrol.
    Solo,
    /// A break.
    Break,
    /// Called away.
    Away,
    /// A visit, under the bar.
    Visit,
}

/// Time as bars: one lane for each unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Strip {
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Spans in the order they are drawn.
    pub spans: Vec<(SpanKind, Millis, Millis)>,
    /// Entries, marked over the bar.
    pub ticks: Vec<Millis>,
    /// What the drawing says, for who does not see it.
    pub told: String,
}
