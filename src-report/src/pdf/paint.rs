//! Painting what was laid out: each line of text into the part of the structure it belongs to, everything else as
//! decoration.

use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};

use super::PdfError;
use super::font::{Fonts, Run};
use super::layout::{Laid, PAGE_HEIGHT, PAGE_WIDTH};
use crate::sheet::Sheet;

/// A colour of the print: the light theme's tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ink {
    First,
    Second,
    Line,
    Panel,
    Wait,
    WaitPanel,
    Mark,
    OnMark,
    Bar,
}

impl Ink {
    fn fill(self) -> Fill {
        let (r, g, b) = match self {
            Self::First => (0x0E, 0x1B, 0x30),
            Self::Second | Self::Bar => (0x44, 0x51, 0x68),
            Self::Line => (0xCE, 0xD8, 0xE5),
            Self::Panel => (0xED, 0xF0, 0xF4),
            Self::Wait => (0x7E, 0x4A, 0x00),
            Self::WaitPanel => (0xFF, 0xF0, 0xD2),
            Self::Mark => (0x12, 0x28, 0x4B),
            Self::OnMark => (0xFC, 0xFD, 0xFE),
        };
        Fill { paint: rgb::Color::new(r, g, b).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
    }
}

/// Where a line of text belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Home {
    /// In a part of the structure.
    Part(usize),
    /// In the header of the page.
    Header,
    /// In the footer.
    Footer,
    /// Repeated or decoration: skipped when read aloud.
    Decoration,
    /// In a figure that is open: painted as part of it.
    Figure,
}

/// Something to paint, in points from the top left.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Text {
        x: f32,
        y: f32,
        size: f32,
        ink: Ink,
        run: Run,
        home: Home,
    },
    /// Four corners, so that hatches can lean.
    Shape {
        corners: [(f32, f32); 4],
        ink: Ink,
        figure: bool,
    },
    /// Until the end, everything belongs to this figure.
    FigureBegins(usize),
    FigureEnds,
}

impl Op {
    pub(super) fn rect(x: f32, y: f32, width: f32, height: f32, ink: Ink) -> Self {
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        Self::Shape { corners, ink, figure: false }
    }
}

/// Paints every page, and hands over structure and outline.
pub(super) fn paint(
    document: &mut Document,
    sheet: &Sheet,
    mut laid: Laid,
    fonts: &Fonts,
) -> Result<(), PdfError> {
    for page in std::mem::take(&mut laid.pages) {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or(PdfError::Page)?;
        let mut to = document.start_page_with(settings);
        let mut surface = to.surface();
        for op in page {
            paint_one(&mut surface, op, &mut laid, fonts);
        }
        surface.finish();
        to.finish();
    }
    let mut outline = Outline::new();
    let mut top = OutlineNode::new(sheet.title.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0)));
    for (title, page, y) in &laid.headings {
        top.push_child(OutlineNode::new(title.clone(), XyzDestination::new(*page, Point::from_xy(0.0, *y))));
    }
    outline.push_child(top);
    document.set_outline(outline);
    document.set_tag_tree(laid.tags.tree());
    Ok(())
}

fn paint_one(surface: &mut Surface<'_>, op: Op, laid: &mut Laid, fonts: &Fonts) {
    let decoration = |kind| ContentTag::Artifact(Artifact::with_kind(kind));
    match op {
        Op::FigureBegins(part) => {
            let content = surface.start_tagged(ContentTag::Other);
            laid.tags.fill(part, content);
        }
        Op::FigureEnds => surface.end_tagged(),
        Op::Shape { corners, ink, figure } => {
            if !figure {
                surface.start_tagged(decoration(ArtifactType::Layout));
            }
            surface.set_fill(Some(ink.fill()));
            let mut path = PathBuilder::new();
            let [first, rest @ ..] = corners;
            path.move_to(first.0, first.1);
            rest.iter().for_each(|corner| path.line_to(corner.0, corner.1));
            path.close();
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            if !figure {
                surface.end_tagged();
            }
        }
        Op::Text { x, y, size, ink, run, home } => {
            let tag = match home {
                Home::Part(_) => Some(ContentTag::Span(SpanTag::empty())),
                Home::Header => Some(decoration(ArtifactType::Header)),
                Home::Footer => Some(decoration(ArtifactType::Footer)),
                Home::Decoration => Some(decoration(ArtifactType::PaginationOther)),
                Home::Figure => None,
            };
            let tagged = tag.is_some();
            if let Some(tag) = tag {
                let content = surface.start_tagged(tag);
                if let Home::Part(part) = home {
                    laid.tags.fill(part, content);
                }
            }
            surface.set_fill(Some(ink.fill()));
            let font = fonts.font(run.weight);
            surface.draw_glyphs(Point::from_xy(x, y), &run.glyphs, font, &run.text, size, false);
            if tagged {
                surface.end_tagged();
            }
        }
    }
}
