//! Ids both sides know, as one letter each: a control character, which JSON text never holds, and the id's place.

use super::ShortError;

/// Begins a name. JSON writes it as an escape, so it never stands in a text by itself.
const MARK: u8 = 0x01;
/// The letter of the first name.
const FIRST: u8 = b'A';

/// The names in their order; the empty one stands for nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Puts letters for ids.
    pub(super) fn shorten(&self, text: &str) -> Vec<u8> {
        let mut text = text.to_owned();
        for (letter, name) in (FIRST..=b'~').zip(&self.0) {
            if !name.is_empty() && text.contains(name.as_str()) {
                let mark: String = [char::from(MARK), char::from(letter)].iter().collect();
                text = text.replace(name.as_str(), &mark);
            }
        }
        text.into_bytes()
    }

    /// Puts the ids back.
    pub(super) fn restore(&self, short: &[u8], limit: usize) -> Result<Vec<u8>, ShortError> {
        let mut plain = Vec::with_capacity(short.len() + short.len() / 2);
        let mut parts = short.split(|byte| *byte == MARK);
        plain.extend_from_slice(parts.next().unwrap_or_default());
        for part in parts {
            let (letter, rest) = part.split_first().ok_or(ShortError::NotShort)?;
            let name = letter.checked_sub(FIRST).and_then(|place| self.0.get(usize::from(place)));
            plain.extend_from_slice(name.ok_or(ShortError::NotShort)?.as_bytes());
            plain.extend_from_slice(rest);
            if plain.len() > limit {
                return Err(ShortError::TooLarge);
            }
        }
        Ok(plain)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_back_and_nothing_else_is_touched() {
        let names = Names::new(vec!["alpha-1".into(), String::new(), "beta-2".into()]);
        let text = r#"{"a":"beta-2","b":["alpha-1","alpha-1"],"c":"\u0001A"}"#;
        let short = names.shorten(text);
        assert!(short.len() < text.len() - 12);
        assert_eq!(names.restore(&short, 1_000).unwrap(), text.as_bytes());
        assert!(matches!(names.restore(&short, 20), Err(ShortError::TooLarge)));
        assert!(matches!(names.restore(b"x\x01", 99), Err(ShortError::NotShort)));
        assert!(matches!(names.restore(b"x\x01Z", 99), Err(ShortError::NotShort)));
    }
}
