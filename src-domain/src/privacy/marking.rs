//! Markings under the Government Security Classifications: what a page, print or export carries.
//!
//! Beatbook holds OFFICIAL and its marking OFFICIAL-SENSITIVE. Anything above belongs to another system.

use crate::entry::Marking;

/// The marking of something made of several parts: that of its most sensitive part. Nothing at all is OFFICIAL.
#[must_use]
pub fn highest(parts: impl IntoIterator<Item = Marking>) -> Marking {
    parts.into_iter().max().unwrap_or(Marking::Official)
}

/// A file name that carries the marking, as exports must: `OFFICIAL-SENSITIVE shift summary 2026-11-27.pdf`.
/// Characters that a file system might refuse become `-`.
#[must_use]
pub fn file_name(marking: Marking, title: &str, extension: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_') { c } else { '-' };
    let title: String = title.trim().chars().take(80).map(safe).collect();
    format!("{} {title}.{extension}", marking.words())
}

/// Does the text carry a marking above OFFICIAL? Only the marking itself counts (capitals, standing alone), not the
/// word in a sentence. Such text must not be saved here: tell the officer which system it belongs in.
#[must_use]
pub fn is_above_official(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
        .any(|word| word == "SECRET" || word == "TOP-SECRET")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_takes_the_highest() {
        assert_eq!(
            highest([Marking::Official, Marking::OfficialSensitive, Marking::Official]),
            Marking::OfficialSensitive
        );
        assert_eq!(highest([]), Marking::Official);
    }

    #[test]
    fn file_names_carry_the_marking() {
        assert_eq!(
            file_name(Marking::OfficialSensitive, "concern 36/286/20 ", "pdf"),
            "OFFICIAL-SENSITIVE concern 36-286-20.pdf"
        );
    }

    #[test]
    fn only_the_marking_itself_is_refused() {
        assert!(is_above_official("SECRET: source report"));
        assert!(is_above_official("marked TOP SECRET"));
        assert!(!is_above_official("He kept it secret. OFFICIAL-SENSITIVE. SECRETARY."));
    }
}
