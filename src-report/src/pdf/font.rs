//! The typeface of prints: Atkinson Hyperlegible, shaped here so that measuring and drawing agree.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, ShapePlan, UnicodeBuffer, script};
use unicode_normalization::UnicodeNormalization as _;

use super::PdfError;

const REGULAR: &[u8] = include_bytes!("../../fonts/AtkinsonHyperlegible-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/AtkinsonHyperlegible-Bold.ttf");
/// Stands where the typeface has no letter: nothing is left out unseen.
const STAND_IN: char = '?';

/// Which cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Weight {
    Regular,
    Bold,
}

struct Cut {
    font: Font,
    face: Face<'static>,
    /// Made once: it costs more than a line does.
    plan: ShapePlan,
    em: f32,
}

impl Cut {
    fn new(bytes: &'static [u8]) -> Result<Self, PdfError> {
        let font = Font::new(bytes.to_vec().into(), 0).ok_or(PdfError::Font)?;
        let face = Face::from_slice(bytes, 0).ok_or(PdfError::Font)?;
        let em = face.units_per_em() as f32;
        let plan = ShapePlan::new(&face, Direction::LeftToRight, Some(script::LATIN), None, &[]);
        Ok(Self { font, face, plan, em })
    }
}

/// Both cuts.
pub(super) struct Fonts {
    regular: Cut,
    bold: Cut,
}

/// A line of text, shaped. Widths are in ems.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
    pub weight: Weight,
}

impl Fonts {
    pub(super) fn load() -> Result<Self, PdfError> {
        Ok(Self { regular: Cut::new(REGULAR)?, bold: Cut::new(BOLD)? })
    }

    fn cut(&self, weight: Weight) -> &Cut {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    pub(super) fn font(&self, weight: Weight) -> Font {
        self.cut(weight).font.clone()
    }

    /// Text as the typeface can show it: composed; a letter it lacks loses its accents, or is stood in for.
    fn shown(&self, text: &str) -> String {
        let face = &self.regular.face;
        let has = |letter: char| face.glyph_index(letter).is_some();
        let mut shown = String::with_capacity(text.len());
        for letter in text.nfc() {
            if letter.is_control() || letter.is_whitespace() {
                shown.push(' ');
            } else if has(letter) {
                shown.push(letter);
            } else {
                shown.push(
                    std::iter::once(letter).nfkd().next().filter(|base| has(*base)).unwrap_or(STAND_IN),
                );
            }
        }
        shown
    }

    /// Shapes one line.
    pub(super) fn run(&self, text: &str, weight: Weight) -> Run {
        let text = self.shown(text);
        let cut = self.cut(weight);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        let shaped = rustybuzz::shape_with_plan(&cut.face, &cut.plan, buffer);
        let infos = shaped.glyph_infos();
        let mut width = 0.0;
        let mut glyphs = Vec::with_capacity(infos.len());
        for (index, (info, place)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
            let from = info.cluster as usize;
            let next = infos.iter().skip(index + 1).find(|later| later.cluster != info.cluster);
            let until = next.map_or(text.len(), |later| later.cluster as usize);
            let em = |units: i32| units as f32 / cut.em;
            width += em(place.x_advance);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                em(place.x_advance),
                em(place.x_offset),
                em(place.y_offset),
                em(place.y_advance),
                from..until,
                None,
            ));
        }
        Run { text, glyphs, width, weight }
    }

    /// Breaks text into lines of at most `width` points at `size`. A word longer than a line is cut.
    pub(super) fn lines(&self, text: &str, weight: Weight, size: f32, width: f32) -> Vec<Run> {
        let most = width / size;
        let space = self.run(" ", weight).width;
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let (mut line, mut taken) = (String::new(), 0.0);
            for word in paragraph.split_whitespace() {
                let wide = self.run(word, weight).width;
                if !line.is_empty() && taken + space + wide <= most {
                    line.push(' ');
                    line.push_str(word);
                    taken += space + wide;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(self.run(&line, weight));
                }
                (line, taken) = if wide <= most {
                    (word.to_owned(), wide)
                } else {
                    self.cut_to_fit(word, weight, most, &mut lines)
                };
            }
            lines.push(self.run(&line, weight));
        }
        lines
    }

    /// The rest of a word, and how wide it is, after as many full lines as it needs.
    fn cut_to_fit(&self, word: &str, weight: Weight, most: f32, lines: &mut Vec<Run>) -> (String, f32) {
        let (mut rest, mut taken) = (String::new(), 0.0);
        for letter in word.chars() {
            let wide = self.run(letter.encode_utf8(&mut [0; 4]), weight).width;
            if !rest.is_empty() && taken + wide > most {
                lines.push(self.run(&rest, weight));
                (rest, taken) = (String::new(), 0.0);
            }
            rest.push(letter);
            taken += wide;
        }
        (rest, taken)
    }
}
