//! A QR code: one SVG path, dark on a light plate in both themes, with the quiet zone readers need.

use std::fmt::Write as _;

use leptos::prelude::*;
use qrcode::{Color, QrCode};

/// Light modules left free on every side (ISO/IEC 18004).
const QUIET: usize = 4;

/// The modules of a code as one path, row by row, and the side of the square with its quiet zone, in modules.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Drawing {
    side: usize,
    path: String,
}

impl Drawing {
    /// `None` where the text is longer than a code holds (2,331 bytes).
    fn of(text: &str) -> Option<Self> {
        let code = QrCode::new(text).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (row, modules) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    let (x, y, length) = (column + QUIET, row + QUIET, run.len());
                    // Writing to a string does not fail.
                    let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
                }
                column += run.len();
            }
        }
        Some(Self { side: width + 2 * QUIET, path })
    }
}

/// The code of a text; the text itself where it is too long for one.
#[component]
pub fn Qr(
    /// What a reader of the code gets.
    #[prop(into)]
    text: String,
    /// What it is, for those who do not see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    match Drawing::of(&text) {
        Some(Drawing { side, path }) => view! {
            <div class="qr">
                <svg
                    viewBox=format!("0 0 {side} {side}")
                    role="img"
                    aria-label=label
                    shape-rendering="crispEdges"
                    data-test="qr"
                >
                    <path fill="currentColor" d=path></path>
                </svg>
            </div>
        }
        .into_any(),
        None => view! { <p class="url" data-test="qr-text">{text}</p> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::words;

    /// Reads the squares back out of the path.
    fn squares(drawing: &Drawing) -> Vec<Vec<bool>> {
        let mut grid = vec![vec![false; drawing.side]; drawing.side];
        for run in drawing.path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, _) = rest.split_once('v').unwrap();
            let (x, length): (usize, usize) = (x.parse().unwrap(), length.parse().unwrap());
            grid[y.parse::<usize>().unwrap()][x..x + length].fill(true);
        }
        grid
    }

    #[test]
    fn the_path_of_the_streetsafe_address_is_the_matrix_of_the_library() {
        let code = QrCode::new(words::STREETSAFE_LINK).unwrap();
        let drawing = Drawing::of(words::STREETSAFE_LINK).unwrap();
        assert_eq!(drawing.side, code.width() + 8);
        let grid = squares(&drawing);
        for (y, row) in grid.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = (4..4 + code.width()).contains(&x) && (4..4 + code.width()).contains(&y);
                assert_eq!(
                    *dark,
                    inside && code[(x - 4 * usize::from(inside), y - 4 * usize::from(inside))] == Color::Dark,
                    "{x}, {y}"
                );
            }
        }
    }

    #[test]
    fn three_corners_carry_the_finder_pattern_and_the_fourth_does_not() {
        let drawing = Drawing::of(words::STREETSAFE_LINK).unwrap();
        let grid = squares(&drawing);
        let finder = |left: usize, top: usize| {
            (0..7).all(|y: usize| {
                (0..7).all(|x: usize| {
                    let edge = x == 0 || x == 6 || y == 0 || y == 6;
                    let heart = (2..5).contains(&x) && (2..5).contains(&y);
                    grid[top + y][left + x] == (edge || heart)
                })
            })
        };
        let far = drawing.side - 4 - 7;
        assert_eq!(
            [finder(4, 4), finder(far, 4), finder(4, far), finder(far, far)],
            [true, true, true, false]
        );
    }

    #[test]
    fn a_text_too_long_for_a_code_has_none() {
        assert!(Drawing::of(&"x".repeat(2_331)).is_some());
        assert!(Drawing::of(&"x".repeat(2_332)).is_none());
    }
}
