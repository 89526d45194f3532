//! British English: plain, short, active. Names the place of the data ("on this phone", "received by the server"),
//! says what happened, that the entry is safe, and the one thing to do. Officers are collar numbers. 24-hour clock.
//!
//! The fixed words are generated; here is what prepares the arguments of sentences, by area as the .ftl files are.

mod capture;
mod closing;
mod concern;
mod entry;
mod find;
mod frame;
mod missing;
mod outbox;
mod patrol;
mod place;
mod records;
mod review;
mod shift;
mod slip;
mod unlock;

pub use capture::*;
pub use closing::*;
pub use concern::*;
pub use entry::*;
pub use find::*;
pub use frame::*;
pub use missing::*;
pub use outbox::*;
pub use patrol::*;
pub use place::*;
pub use records::*;
pub use review::*;
pub use shift::*;
pub use slip::*;
pub use unlock::*;

use super::formatter::{Formatter, Value};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// Not a word: the id that ties the keypad to its label.
pub const PIN_LABEL_ID: &str = "pin-l";

/// The messages with arguments, one struct each.
#[allow(non_camel_case_types, reason = "a struct is called as its message is")]
pub mod sentences {
    use super::{Value, english};

    include!(concat!(env!("OUT_DIR"), "/sentences.rs"));
}

/// A sentence of the .ftl files: `text!(saved_at, time = "22:14")`.
macro_rules! text {
    ($id:ident $(, $argument:ident = $value:expr)+ $(,)?) => {
        $crate::locales::en_gb::sentences::$id {
            $($argument: $crate::locales::formatter::Value::from($value)),+
        }
        .text()
    };
}
use text;

const SENTENCES: &str = include_str!(concat!(env!("OUT_DIR"), "/sentences.ftl"));

thread_local! {
    static ENGLISH: Option<Formatter> = Formatter::new("en-GB", SENTENCES).ok();
}

/// The id stands in where the text cannot be made, which the tests below rule out.
fn english(id: &str, arguments: Vec<(&'static str, Value<'_>)>) -> String {
    ENGLISH
        .with(|english| english.as_ref().and_then(|english| english.text(id, arguments).ok()))
        .unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_can_be_made_of_text_and_of_any_number() {
        let english = Formatter::new("en-GB", SENTENCES).unwrap();
        assert!(sentences::ALL.len() > 80);
        for (id, arguments) in sentences::ALL {
            for value in [Value::Number(0.0), Value::Number(1.0), Value::Number(7.0), Value::from("Tombland")]
            {
                let given = arguments.iter().map(|argument| (*argument, value.clone())).collect();
                let text = english.text(id, given).unwrap_or_else(|error| panic!("{id}: {error:?}"));
                assert!(!text.trim().is_empty(), "{id} is empty");
                assert!(!text.contains(['{', '}', '\u{2068}', '\u{2069}']), "{id}: {text}");
            }
            for left_out in *arguments {
                let is_missed = |number: f64| {
                    let given = arguments.iter().filter(|argument| *argument != left_out);
                    let given = given.map(|argument| (*argument, Value::Number(number))).collect();
                    english.text(id, given).is_err()
                };
                assert!([0.0, 1.0, 7.0].into_iter().any(is_missed), "{id} does not need {left_out}");
            }
        }
    }

    #[test]
    fn one_and_many_are_chosen_by_the_number() {
        assert_eq!([entries(0), entries(1), entries(3)], ["0 entries", "1 entry", "3 entries"]);
        assert_eq!(entries(1_200_000), "1200000 entries");
        assert_eq!(count(1, "hour", "hours"), "1 hour");
    }
}
