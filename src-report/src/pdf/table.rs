//! Tables: heads stand again on each page (as decoration, so they are read aloud once), rows stay whole where they can.

use super::font::{Run, Weight};
use super::layout::{BODY, LEADING, Layout, MARGIN, WIDTH};
use super::paint::{Home, Ink, Op};
use super::tags::Role;
use crate::sheet::{Cell, Table};

/// Between columns and above and below a row.
const GAP: f32 = 8.0;
const PAD: f32 = 3.5;
const LINE: f32 = BODY * LEADING;
/// A row higher than this may be broken.
const WHOLE: f32 = 300.0;

/// A cell as lines, and the part it belongs to.
struct Laid {
    lines: Vec<Run>,
    part: usize,
    struck: bool,
    bar: Option<f32>,
}

impl Layout<'_> {
    /// A table over the whole width.
    pub(super) fn table(&mut self, table: &Table) {
        let widths = widths(table);
        let part = self.laid.tags.add(Role::Table, None);
        let heads = self.laid.tags.add(Role::Row, Some(part));
        let named: Vec<Laid> = table
            .columns
            .iter()
            .zip(&widths)
            .map(|(column, width)| Laid {
                lines: self.fonts.lines(&column.title, Weight::Bold, BODY, *width),
                part: self.laid.tags.add(Role::HeadCell, Some(heads)),
                struck: false,
                bar: None,
            })
            .collect();
        self.need(height(&named) + 2.0 * LINE);
        self.row(table, &widths, &named, false);
        let last = table.rows.len().saturating_sub(1);
        for (number, cells) in table.rows.iter().enumerate() {
            let row = self.laid.tags.add(Role::Row, Some(part));
            let total = table.totals && number == last;
            let laid: Vec<Laid> = cells
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(place, (cell, width))| {
                    let role = if place == 0 { Role::RowHead } else { Role::DataCell };
                    let strong = total || matches!(cell, Cell::Strong(_));
                    let weight = if strong { Weight::Bold } else { Weight::Regular };
                    Laid {
                        lines: self.fonts.lines(cell.text(), weight, BODY, *width),
                        part: self.laid.tags.add(role, Some(row)),
                        struck: matches!(cell, Cell::Struck(_)),
                        bar: if let Cell::Bar(share) = cell { Some(share.clamp(0.0, 1.0)) } else { None },
                    }
                })
                .collect();
            let height = height(&laid);
            if self.left() < height.min(WHOLE) {
                self.new_page();
                self.row(table, &widths, &named, true);
            }
            self.row_over_pages(table, &widths, &laid, &named);
        }
        self.y += 8.0;
    }

    /// A row; one that is higher than the page goes on on the next.
    fn row_over_pages(&mut self, table: &Table, widths: &[f32], laid: &[Laid], named: &[Laid]) {
        let mut from = 0;
        loop {
            let fit = ((self.left() - 2.0 * PAD) / LINE).floor().max(1.0) as usize;
            let lines = laid.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
            let until = (from + fit).min(lines);
            self.lines(table, widths, laid, from..until, false);
            if until >= lines {
                return;
            }
            from = until;
            self.new_page();
            self.row(table, widths, named, true);
        }
    }

    fn row(&mut self, table: &Table, widths: &[f32], laid: &[Laid], again: bool) {
        let lines = laid.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
        self.lines(table, widths, laid, 0..lines, again);
    }

    fn lines(
        &mut self,
        table: &Table,
        widths: &[f32],
        laid: &[Laid],
        range: std::ops::Range<usize>,
        again: bool,
    ) {
        let count = range.len();
        let mut x = MARGIN;
        for ((cell, width), column) in laid.iter().zip(widths).zip(&table.columns) {
            for (place, run) in cell
                .lines
                .get(range.start..range.end.min(cell.lines.len()))
                .unwrap_or_default()
                .iter()
                .enumerate()
            {
                let y = self.y + PAD + LINE * place as f32 + BODY;
                let at = if column.right { x + width - run.width * BODY } else { x };
                let home = if again { Home::Decoration } else { Home::Part(cell.part) };
                if run.text.trim().is_empty() {
                    continue;
                }
                let ink = if cell.struck { Ink::Second } else { Ink::First };
                self.push(Op::Text { x: at, y, size: BODY, ink, run: run.clone(), home });
                if cell.struck {
                    self.push(Op::rect(at, y - BODY * 0.3, run.width * BODY, 0.75, Ink::Second));
                }
            }
            if let Some(share) = cell.bar {
                self.push(Op::rect(x, self.y + PAD + 2.5, (width * share).max(1.0), BODY - 2.0, Ink::Bar));
            }
            x += width + GAP;
        }
        self.y += 2.0 * PAD + LINE * count as f32;
        self.push(Op::rect(MARGIN, self.y - 0.4, WIDTH, 0.75, Ink::Line));
    }
}

fn height(laid: &[Laid]) -> f32 {
    let lines = laid.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
    2.0 * PAD + LINE * lines as f32
}

fn widths(table: &Table) -> Vec<f32> {
    let shares: f32 = table.columns.iter().map(|column| column.share).sum();
    let gaps = GAP * table.columns.len().saturating_sub(1) as f32;
    table.columns.iter().map(|column| (WIDTH - gaps) * column.share / shares.max(f32::EPSILON)).collect()
}
