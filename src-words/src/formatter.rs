//! Sentences at run time: Fluent, with nothing that could fail in front of an officer.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// What stands for an argument. Times and durations are text by the time they come here.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Put in as it is.
    Text(Cow<'a, str>),
    /// Put in in figures; Fluent chooses one or many by it.
    Number(f64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<u8> for Value<'_> {
    fn from(number: u8) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<usize> for Value<'_> {
    /// Counts of things on one screen: far below what a float holds exactly.
    fn from(number: usize) -> Self {
        Self::from(u32::try_from(number).unwrap_or(u32::MAX))
    }
}

impl<'a> From<Value<'a>> for FluentValue<'a> {
    fn from(value: Value<'a>) -> Self {
        match value {
            Value::Text(text) => Self::String(text),
            Value::Number(number) => Self::from(number),
        }
    }
}

/// Why a sentence could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordsError {
    /// The language tag or the .ftl text is not well formed.
    Source(String),
    /// No message has this id.
    NoMessage(String),
    /// An argument is missing, or a reference leads nowhere.
    Incomplete(String),
}

/// The messages of one language.
pub struct Formatter {
    bundle: FluentBundle<FluentResource>,
}

impl Formatter {
    /// Reads the .ftl text of a language such as `en-GB`.
    ///
    /// # Errors
    /// [`WordsError::Source`].
    pub fn new(language: &str, source: &str) -> Result<Self, WordsError> {
        let language: LanguageIdentifier =
            language.parse().map_err(|_| WordsError::Source(language.to_owned()))?;
        let resource = FluentResource::try_new(source.to_owned())
            .map_err(|(_, errors)| WordsError::Source(format!("{errors:?}")))?;
        let mut bundle = FluentBundle::new(vec![language]);
        // The marks would stand between words that tests and screen readers take as one.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).map_err(|errors| WordsError::Source(format!("{errors:?}")))?;
        Ok(Self { bundle })
    }

    /// One message with its arguments.
    ///
    /// # Errors
    /// [`WordsError::NoMessage`] and [`WordsError::Incomplete`]; never a text with a hole in it.
    pub fn text(&self, id: &str, arguments: Vec<(&'static str, Value<'_>)>) -> Result<String, WordsError> {
        let pattern = self
            .bundle
            .get_message(id)
            .and_then(|message| message.value())
            .ok_or_else(|| WordsError::NoMessage(id.to_owned()))?;
        let arguments: FluentArgs<'_> = arguments.into_iter().collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        if errors.is_empty() { Ok(text.into_owned()) } else { Err(WordsError::Incomplete(id.to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_in_a_sentence_is_an_error_and_not_a_text() {
        let words = Formatter::new("en-GB", "kept = Kept { $time }\n").unwrap();
        assert_eq!(words.text("kept", vec![("time", Value::from("22:14"))]).unwrap(), "Kept 22:14");
        assert_eq!(words.text("kept", vec![]), Err(WordsError::Incomplete("kept".to_owned())));
        assert_eq!(words.text("lost", vec![]), Err(WordsError::NoMessage("lost".to_owned())));
        assert!(Formatter::new("en-GB", "kept = { $time").is_err());
    }
}
