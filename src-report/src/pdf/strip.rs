//! Time as bars, with hours under it and a legend: one figure, told in words too.

use beatbook_domain::time::{HOUR_MS, Millis, clock};

use super::font::Weight;
use super::layout::{Layout, MARGIN, META, WIDTH};
use super::paint::{Home, Ink, Op};
use super::tags::Role;
use crate::sheet::{SpanKind, Strip};
use crate::words;

const BAR: f32 = 13.0;
/// Hours that fit side by side.
const LABELS: i64 = 12;

impl Layout<'_> {
    /// A figure of the whole width.
    pub(super) fn strip(&mut self, strip: &Strip) {
        let length = (strip.until.0 - strip.from.0).max(1);
        self.need(66.0);
        let part = self.laid.tags.add(Role::Figure(strip.told.clone()), None);
        self.push(Op::FigureBegins(part));
        let at = |time: Millis| {
            let share = (time.0 - strip.from.0) as f32 / length as f32;
            MARGIN + WIDTH * share.clamp(0.0, 1.0)
        };
        let top = self.y + 8.0;
        self.shape(MARGIN, top, WIDTH, BAR, Ink::Panel);
        for tick in &strip.ticks {
            self.shape(at(*tick) - 0.6, top - 7.0, 1.2, 5.5, Ink::Bar);
        }
        for (kind, from, until) in &strip.spans {
            let (x, width) = (at(*from), (at(*until) - at(*from)).max(0.8));
            self.span(*kind, x, top, width);
        }
        self.hours(strip, &at, length, top + BAR + 17.0);
        self.legend(strip, top + BAR + 31.0);
        self.push(Op::FigureEnds);
        self.y = top + BAR + 40.0;
    }

    fn shape(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.push(Op::Shape { corners, ink, figure: true });
    }

    fn span(&mut self, kind: SpanKind, x: f32, y: f32, width: f32) {
        match kind {
            SpanKind::Pair => self.shape(x, y, width, BAR, Ink::First),
            SpanKind::Solo => {
                self.shape(x, y, width, BAR, Ink::First);
                if width > 3.0 {
                    self.shape(x + 1.2, y + 1.2, width - 2.4, BAR - 2.4, Ink::OnMark);
                }
            }
            SpanKind::Visit => self.shape(x, y + BAR + 1.5, width, 3.0, Ink::Bar),
            SpanKind::Break | SpanKind::Away => {
                let (ground, ink) = if kind == SpanKind::Away {
                    (Ink::WaitPanel, Ink::Wait)
                } else {
                    (Ink::Panel, Ink::Second)
                };
                self.shape(x, y, width, BAR, ground);
                self.hatch(x, y, width, ink);
            }
        }
    }

    /// Leaning strokes: told apart without colour.
    fn hatch(&mut self, x: f32, y: f32, width: f32, ink: Ink) {
        let (step, thick, lean) = (4.0, 1.4, 5.0);
        let mut from = x;
        while from < x + width {
            let clip = |value: f32| value.clamp(x, x + width);
            let corners = [
                (clip(from + lean), y),
                (clip(from + lean + thick), y),
                (clip(from + thick), y + BAR),
                (clip(from), y + BAR),
            ];
            self.push(Op::Shape { corners, ink, figure: true });
            from += step;
        }
    }

    fn words_at(&mut self, text: &str, x: f32, y: f32, middle: bool) -> f32 {
        let run = self.fonts.run(text, Weight::Regular);
        let width = run.width * META;
        let x = if middle { (x - width / 2.0).clamp(MARGIN, MARGIN + WIDTH - width) } else { x };
        self.push(Op::Text { x, y, size: META, ink: Ink::Second, run, home: Home::Figure });
        width
    }

    fn hours(&mut self, strip: &Strip, at: &dyn Fn(Millis) -> f32, length: i64, y: f32) {
        let step = HOUR_MS * (length / HOUR_MS / LABELS + 1);
        let first = (strip.from.0 + HOUR_MS - 1).div_euclid(HOUR_MS) * HOUR_MS;
        let mut hour = first;
        while hour <= strip.until.0 {
            self.words_at(&clock(Millis(hour)), at(Millis(hour)), y, true);
            hour += step;
        }
    }

    fn legend(&mut self, strip: &Strip, y: f32) {
        let kinds = [
            (SpanKind::Pair, words::STRIP_PAIR),
            (SpanKind::Solo, words::STRIP_SOLO),
            (SpanKind::Away, words::STRIP_AWAY),
            (SpanKind::Break, words::STRIP_BREAK),
            (SpanKind::Visit, words::STRIP_VISIT),
        ];
        let mut x = MARGIN;
        for (kind, word) in kinds {
            if !strip.spans.iter().any(|(drawn, _, _)| *drawn == kind) {
                continue;
            }
            let top = if kind == SpanKind::Visit { y - BAR - 4.5 } else { y - 9.5 };
            self.span(kind, x, top, 16.0);
            x += 20.0;
            x += self.words_at(word, x, y, false) + 14.0;
        }
        if !strip.ticks.is_empty() {
            self.shape(x + 2.0, y - 7.0, 1.2, 6.0, Ink::Bar);
            self.words_at(words::STRIP_ENTRY, x + 8.0, y, false);
        }
    }
}
