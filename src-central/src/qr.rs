//! An enrolment code as a QR code: for paper as SVG, for the terminal as half blocks.

use std::fmt::Write as _;

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code, as readers expect them.
const QUIET: usize = 4;

/// The modules of a text: rows of dark (`true`) and light, the quiet zone included.
fn modules(text: &str) -> Result<Vec<Vec<bool>>, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let (width, colours) = (code.width(), code.to_colors());
    let dark = |x: usize, y: usize| {
        let inside = |n: usize| n.checked_sub(QUIET).filter(|n| *n < width);
        inside(x).zip(inside(y)).is_some_and(|(x, y)| colours[y * width + x] == Color::Dark)
    };
    let side = width + 2 * QUIET;
    Ok((0..side).map(|y| (0..side).map(|x| dark(x, y)).collect()).collect())
}

/// An SVG of one path.
///
/// # Errors
/// When the text is too long for a QR code.
pub fn svg(text: &str) -> Result<String, QrError> {
    let rows = modules(text)?;
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        for x in (0..row.len()).filter(|x| row[*x]) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = rows.len();
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>\n"
    ))
}

/// Half blocks, two rows a line; light modules are drawn, so that it reads on a dark terminal.
///
/// # Errors
/// When the text is too long for a QR code.
pub fn terminal(text: &str) -> Result<String, QrError> {
    let rows = modules(text)?;
    let mut lines = String::new();
    for pair in rows.chunks(2) {
        for (x, upper) in pair[0].iter().enumerate() {
            let lower = pair.get(1).is_none_or(|row| row[x]);
            lines.push(match (upper, lower) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        lines.push('\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_drawings_hold_the_same_modules() {
        let text = "beatbook:enrol?code=AAAA-BBBB-CCCC-DDDD&root=00&keys=1&server=https://central.example";
        let dark: usize = modules(text).unwrap().iter().flatten().filter(|dark| **dark).count();
        assert_eq!(svg(text).unwrap().matches("h1v1h-1z").count(), dark);
        let drawn = terminal(text).unwrap();
        let light = drawn.matches('█').count() * 2 + drawn.matches(['▀', '▄']).count();
        let side = modules(text).unwrap().len();
        assert_eq!(light + dark, side * side);
        assert!(modules(text).unwrap()[..QUIET].iter().flatten().all(|dark| !dark), "the quiet zone");
    }
}
