//! From a sheet to pages: where every line stands, and to which part of the structure it belongs.

use super::font::{Fonts, Weight};
use super::paint::{Home, Ink, Op};
use super::tags::{Role, Tags};
use crate::sheet::{Block, Fact, Sheet};
use beatbook_words::text;

/// A4 in points.
pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;
/// Beside the text.
pub(super) const MARGIN: f32 = 45.0;
/// Where text begins under the marking, and where it ends above the footer.
const TOP: f32 = 66.0;
const BOTTOM: f32 = PAGE_HEIGHT - 62.0;
pub(super) const WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;

/// Sizes, points. Nothing that must be read is smaller than the last.
const TITLE: f32 = 20.0;
const HEADING: f32 = 13.0;
pub(super) const BODY: f32 = 10.0;
pub(super) const META: f32 = 8.5;
const FIGURE: f32 = 17.0;
/// A line's height for its size.
pub(super) const LEADING: f32 = 1.35;
/// Key figures side by side.
const FACTS_A_ROW: usize = 4;

/// What was laid out.
pub(super) struct Laid {
    pub pages: Vec<Vec<Op>>,
    pub tags: Tags,
    /// Headings with their page and height, for the outline.
    pub headings: Vec<(String, usize, f32)>,
}

/// The page that is being filled.
pub(super) struct Layout<'a> {
    pub fonts: &'a Fonts,
    pub laid: Laid,
    /// Where the next thing begins.
    pub y: f32,
}

/// Lays a sheet out.
pub(super) fn lay(sheet: &Sheet, fonts: &Fonts) -> Laid {
    let laid = Laid { pages: vec![Vec::new()], tags: Tags::default(), headings: Vec::new() };
    let mut layout = Layout { fonts, laid, y: TOP };
    let title = layout.laid.tags.add(Role::Heading(1, sheet.title.clone()), None);
    layout.text(&sheet.title, Weight::Bold, TITLE, Ink::First, title);
    layout.y += 2.0;
    if !sheet.subtitle.is_empty() {
        let part = layout.laid.tags.add(Role::Paragraph, None);
        layout.text(&sheet.subtitle, Weight::Regular, BODY, Ink::Second, part);
    }
    layout.y += 10.0;
    for block in &sheet.blocks {
        layout.block(block);
    }
    layout.frame(sheet);
    layout.laid
}

impl Layout<'_> {
    pub(super) fn push(&mut self, op: Op) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.push(op);
        }
    }

    /// Space that is left on this page.
    pub(super) fn left(&self) -> f32 {
        BOTTOM - self.y
    }

    pub(super) fn new_page(&mut self) {
        self.laid.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Begins a page where less than `height` is left.
    pub(super) fn need(&mut self, height: f32) {
        if self.left() < height && self.y > TOP {
            self.new_page();
        }
    }

    /// Lines of text over the whole width.
    fn text(&mut self, text: &str, weight: Weight, size: f32, ink: Ink, part: usize) {
        self.text_in(text, weight, size, ink, part, MARGIN, WIDTH);
    }

    #[allow(clippy::too_many_arguments, reason = "a line of text is all of these")]
    fn text_in(&mut self, text: &str, weight: Weight, size: f32, ink: Ink, part: usize, x: f32, width: f32) {
        for run in self.fonts.lines(text, weight, size, width) {
            self.need(size * LEADING);
            let y = self.y + size;
            self.push(Op::Text { x, y, size, ink, run, home: Home::Part(part) });
            self.y += size * LEADING;
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => {
                // A heading never stands alone at the foot of a page.
                self.y += 8.0;
                self.need(HEADING * LEADING + 4.0 * BODY * LEADING);
                let part = self.laid.tags.add(Role::Heading(2, text.clone()), None);
                let page = self.laid.pages.len() - 1;
                self.laid.headings.push((text.clone(), page, self.y));
                self.text(text, Weight::Bold, HEADING, Ink::First, part);
                self.y += 3.0;
            }
            Block::Text(text) => {
                let part = self.laid.tags.add(Role::Paragraph, None);
                self.text(text, Weight::Regular, BODY, Ink::First, part);
                self.y += 5.0;
            }
            Block::Meta(text) => {
                let part = self.laid.tags.add(Role::Paragraph, None);
                self.text(text, Weight::Regular, META, Ink::Second, part);
                self.y += 5.0;
            }
            Block::Facts(facts) => self.facts(facts),
            Block::Missing(heading, items) => self.missing(heading, items),
            Block::Table(table) => self.table(table),
            Block::Strip(strip) => self.strip(strip),
            Block::NewPage => {
                if self.y > TOP {
                    self.new_page();
                }
            }
        }
    }

    /// Key figures in a panel, four side by side.
    fn facts(&mut self, facts: &[Fact]) {
        let list = self.laid.tags.add(Role::List, None);
        let each = WIDTH / FACTS_A_ROW as f32;
        let inner = each - 16.0;
        for row in facts.chunks(FACTS_A_ROW) {
            let height = row.iter().map(|fact| self.fact_height(fact, inner)).fold(0.0, f32::max);
            self.need(height);
            let top = self.y;
            self.push(Op::rect(MARGIN, top, WIDTH, height, Ink::Panel));
            for (place, fact) in row.iter().enumerate() {
                let x = MARGIN + each * place as f32 + 8.0;
                if place > 0 {
                    self.push(Op::rect(x - 8.5, top + 6.0, 0.75, height - 12.0, Ink::Line));
                }
                let item = self.laid.tags.add(Role::Item, Some(list));
                let part = self.laid.tags.add(Role::ItemBody, Some(item));
                self.y = top + 6.0;
                self.text_in(&fact.label, Weight::Regular, META, Ink::Second, part, x, inner);
                self.text_in(&fact.figure, Weight::Bold, FIGURE, Ink::First, part, x, inner);
                if !fact.beside.is_empty() {
                    self.text_in(&fact.beside, Weight::Regular, META, Ink::Second, part, x, inner);
                }
            }
            self.y = top + height + 2.0;
        }
        self.y += 6.0;
    }

    fn fact_height(&self, fact: &Fact, width: f32) -> f32 {
        let height = |text: &str, weight, size: f32| {
            let lines = if text.is_empty() { 0 } else { self.fonts.lines(text, weight, size, width).len() };
            lines as f32 * size * LEADING
        };
        12.0 + height(&fact.label, Weight::Regular, META)
            + height(&fact.figure, Weight::Bold, FIGURE)
            + height(&fact.beside, Weight::Regular, META)
    }

    /// What is missing, in an amber panel.
    fn missing(&mut self, heading: &str, items: &[(String, String)]) {
        let inner = WIDTH - 24.0;
        let said = |(fact, then): &(String, String)| format!("{fact} {then}").trim().to_owned();
        let lines: usize =
            items.iter().map(|item| self.fonts.lines(&said(item), Weight::Regular, BODY, inner).len()).sum();
        let gaps = items.len() as f32 * 2.0;
        let height = 18.0 + HEADING * LEADING + gaps + lines as f32 * BODY * LEADING;
        // A list that fills a page of its own goes over the break without a panel.
        let boxed = height < BOTTOM - TOP;
        if boxed {
            self.need(height);
            self.push(Op::rect(MARGIN, self.y, WIDTH, height, Ink::WaitPanel));
            self.push(Op::rect(MARGIN, self.y, 3.0, height, Ink::Wait));
        }
        let bottom = self.y + height;
        self.y += 8.0;
        let part = self.laid.tags.add(Role::Heading(2, heading.to_owned()), None);
        self.laid.headings.push((heading.to_owned(), self.laid.pages.len() - 1, self.y));
        self.text_in(heading, Weight::Bold, HEADING, Ink::Wait, part, MARGIN + 12.0, inner);
        let list = self.laid.tags.add(Role::List, None);
        for item in items {
            let entry = self.laid.tags.add(Role::Item, Some(list));
            let body = self.laid.tags.add(Role::ItemBody, Some(entry));
            self.text_in(&said(item), Weight::Regular, BODY, Ink::First, body, MARGIN + 12.0, inner);
            self.y += 2.0;
        }
        if boxed {
            self.y = bottom;
        }
        self.y += 8.0;
    }

    /// The marking at head and foot of every page, the page's number, and what the print is.
    fn frame(&mut self, sheet: &Sheet) {
        let pages = self.laid.pages.len();
        for number in 0..pages {
            let mut ops = Vec::new();
            ops.push(Op::rect(0.0, 0.0, PAGE_WIDTH, 30.0, Ink::Mark));
            ops.extend(self.line(
                sheet.mark.words(),
                Weight::Bold,
                11.0,
                MARGIN,
                20.0,
                Ink::OnMark,
                Home::Header,
            ));
            let handling = self.fonts.run(&sheet.mark.handling, Weight::Regular);
            let x = PAGE_WIDTH - MARGIN - handling.width * META;
            let (size, ink, home) = (META, Ink::OnMark, Home::Header);
            ops.push(Op::Text { x, y: 19.5, size, ink, run: handling, home });
            if number > 0 {
                let title = self.fonts.lines(&sheet.title, Weight::Bold, META, WIDTH).into_iter().next();
                ops.extend(title.map(|run| {
                    let (ink, home) = (Ink::Second, Home::Header);
                    Op::Text { x: MARGIN, y: 48.0, size: META, ink, run, home }
                }));
            }
            let foot = PAGE_HEIGHT - 48.0;
            ops.push(Op::rect(MARGIN, foot, WIDTH, 0.75, Ink::Line));
            let made = self.fonts.lines(&sheet.made, Weight::Regular, META, WIDTH).into_iter().next();
            ops.extend(made.map(|run| {
                let (ink, home) = (Ink::Second, Home::Footer);
                Op::Text { x: MARGIN, y: foot + 13.0, size: META, ink, run, home }
            }));
            ops.extend(self.line(
                sheet.mark.words(),
                Weight::Bold,
                META,
                MARGIN,
                foot + 27.0,
                Ink::First,
                Home::Footer,
            ));
            let of = text!(page_of, page = number + 1, pages = pages);
            let run = self.fonts.run(&of, Weight::Regular);
            let x = PAGE_WIDTH - MARGIN - run.width * META;
            let (ink, home) = (Ink::Second, Home::Footer);
            ops.push(Op::Text { x, y: foot + 27.0, size: META, ink, run, home });
            if let Some(page) = self.laid.pages.get_mut(number) {
                ops.append(page);
                *page = ops;
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a line of text is all of these")]
    fn line(
        &self,
        text: &str,
        weight: Weight,
        size: f32,
        x: f32,
        y: f32,
        ink: Ink,
        home: Home,
    ) -> Option<Op> {
        let run = self.fonts.run(text, weight);
        Some(Op::Text { x, y, size, ink, run, home })
    }
}
