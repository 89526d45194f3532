//! What a crate takes in: its constants, its sentences, and the test that rules out a hole in one.

use crate::formatter::{Formatter, Value};

/// The words of this crate, as its build script wrote them. For a module `words` at the root of the crate;
/// `include_words!(fixed)` where no sentence takes arguments.
#[macro_export]
macro_rules! include_words {
    (fixed) => {
        include!(concat!(env!("OUT_DIR"), "/words.rs"));
    };
    () => {
        $crate::include_words!(fixed);

        /// The messages with arguments, one struct each.
        #[allow(non_camel_case_types, reason = "a struct is called as its message is")]
        pub mod sentences {
            use super::english;
            use $crate::Value;

            include!(concat!(env!("OUT_DIR"), "/sentences.rs"));
        }

        const SENTENCES: &str = include_str!(concat!(env!("OUT_DIR"), "/sentences.ftl"));

        thread_local! {
            static ENGLISH: Option<$crate::Formatter> = $crate::Formatter::new("en-GB", SENTENCES).ok();
        }

        /// The id stands in where the text cannot be made, which the test below rules out.
        fn english(id: &str, arguments: Vec<(&'static str, $crate::Value<'_>)>) -> String {
            ENGLISH
                .with(|english| english.as_ref().and_then(|english| english.text(id, arguments).ok()))
                .unwrap_or_else(|| id.to_owned())
        }

        #[cfg(test)]
        mod every_sentence {
            #[test]
            fn can_be_made_of_text_and_of_any_number() {
                $crate::assert_every_sentence(super::SENTENCES, super::sentences::ALL);
            }
        }
    };
}

/// A sentence of the crate's own .ftl files: `text!(saved_at, time = "22:14")`.
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the words are those of the crate that speaks")]
macro_rules! text {
    ($id:ident $(, $argument:ident = $value:expr)+ $(,)?) => {
        crate::words::sentences::$id {
            $($argument: $crate::Value::from($value)),+
        }
        .text()
    };
}

/// For the test of a crate's words: each of `all` can be made, and needs each of its arguments.
///
/// # Panics
/// At the first that cannot.
#[allow(clippy::panic, reason = "an assertion of tests")]
pub fn assert_every_sentence(sentences: &str, all: &[(&str, &[&'static str])]) {
    let english = Formatter::new("en-GB", sentences).unwrap_or_else(|error| panic!("{error:?}"));
    assert!(!all.is_empty());
    for (id, arguments) in all {
        for value in [Value::Number(0.0), Value::Number(1.0), Value::Number(7.0), Value::from("Tombland")] {
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
