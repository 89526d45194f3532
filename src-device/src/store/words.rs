//! What a revision says in words: all that was typed, the labels chosen and the names of places. Codes, ids, numbers and
//! answers like "no" are left out: nobody looks for them, and they would be found everywhere.

use beatbook_domain::entry::Head;
use serde_json::Value;
use uuid::Uuid;

/// Fields whose text is a code, an id or a fixed answer.
const NOT_WORDS: &[&str] = &[
    "accepted_by",
    "code",
    "contact",
    "direction",
    "language",
    "links",
    "list",
    "media_type",
    "member",
    "now",
    "open_drafts",
    "post",
    "reporting",
    "scope",
    "sha256",
    "source",
    "standing",
    "team",
    "under_18",
];

/// The words of a revision, one after another.
pub(super) fn words_of(head: &Head, body: &[u8]) -> String {
    let mut words = String::new();
    for code in &head.codes {
        add(&code.label, &mut words);
    }
    if let Ok(value) = serde_json::from_slice(body) {
        gather(&value, true, &mut words);
    }
    words
}

fn gather(value: &Value, wanted: bool, into: &mut String) {
    match value {
        // An id under any other name.
        Value::String(text) if wanted && Uuid::try_parse(text).is_err() => add(text, into),
        Value::Array(items) => items.iter().for_each(|item| gather(item, wanted, into)),
        Value::Object(fields) => {
            // A field of the same name may hold an object with a label (the source of a grading).
            fields.iter().for_each(|(name, field)| gather(field, !NOT_WORDS.contains(&name.as_str()), into));
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn add(text: &str, into: &mut String) {
    into.push_str(text);
    into.push(' ');
}

/// What is typed, cut as the search cuts it: at everything that is neither letter, figure nor an accent on its own.
pub(super) fn typed_words(typed: &str) -> impl Iterator<Item = &str> {
    typed.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\u{300}'..='\u{36f}')).filter(|word| {
        // An accent without a letter is no word to the search, and would find nothing.
        word.contains(char::is_alphanumeric)
    })
}

/// What is typed as a question to the search: every word quoted, so that none is read as an operator; the last may be the
/// beginning of a word. `None` where there is no word in it.
pub(super) fn question(typed: &str) -> Option<String> {
    let words: Vec<String> = typed_words(typed).map(|word| format!("\"{word}\"")).collect();
    (!words.is_empty()).then(|| format!("{}*", words.join(" ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn said(json: &str) -> String {
        let mut words = String::new();
        gather(&serde_json::from_str(json).unwrap(), true, &mut words);
        words.trim().to_owned()
    }

    #[test]
    fn typed_text_labels_and_places_are_words_and_codes_are_not() {
        let engagement = r#"{"engagement_type":{"list":"engagement_type","version":1,"code":"ENG_WALK","label":"Walk and talk"},
            "people":3,"under_18":"no","place":{"name":"Riverside","ward":{"code":"E05005886","name":"Thorpe Hamlet"},
            "square_100m":"TG 235 085","source":"gps"},"crime":{"reporting":"not_sure","now":["CN_SAFE"],"reference":"36/286/20"},
            "note":"A lamp is out"}"#;
        assert_eq!(
            said(engagement),
            "36/286/20 Walk and talk A lamp is out Riverside TG 235 085 Thorpe Hamlet"
        );
        assert_eq!(
            said(r#"{"photo":{"sha256":"ab12","media_type":"image/jpeg"},"reason":"wrong road"}"#),
            "wrong road"
        );
        assert_eq!(said(r#"{"who":"0198c5a2-7f3b-7c11-8a44-1f2e3d4c5b6a"}"#), "");
        assert_eq!(
            said(r#"{"grading":{"source":{"code":"1","label":"Reliable"}}}"#),
            "Reliable",
            "the label of a code under the same name"
        );
    }

    #[test]
    fn what_is_typed_is_never_an_operator() {
        assert_eq!(question("lamp OR post*").as_deref(), Some("\"lamp\" \"OR\" \"post\"*"));
        assert_eq!(question("NEAR(a b)").as_deref(), Some("\"NEAR\" \"a\" \"b\"*"));
        assert_eq!(question("words:\"x\"").as_deref(), Some("\"words\" \"x\"*"));
        assert_eq!(question(" \" ' - \u{301} "), None);
        assert_eq!(question("cafe\u{301}").as_deref(), Some("\"cafe\u{301}\"*"));
    }
}
