//! Masking third parties in a record that is disclosed: people described, what they said and who they are, references to
//! them elsewhere, and what the coach's finders take for a name, a number or a date of birth in any text.
//!
//! Works on the record as it was sealed (its JSON), so nothing that a later version adds passes unmasked by its place: any
//! text is searched. The original is untouched; every mask says where it stands and why. Finders are heuristics: a
//! person reads the pack before it goes out.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::minimise::{Looks, find};

/// What stands where something was masked.
pub const MASK: &str = "[masked]";

/// Why something is masked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The description of a person.
    PersonDescribed,
    /// Who said or told something.
    Speaker,
    /// A reference to a record about somebody elsewhere.
    Reference,
    /// Looks like a telephone number.
    Phone,
    /// Looks like an e-mail address.
    Email,
    /// Looks like a vehicle registration mark.
    Plate,
    /// Looks like a date of birth.
    DateOfBirth,
    /// Looks like somebody's name.
    Name,
    /// Looks like something about health.
    Health,
}

impl From<Looks> for Why {
    fn from(looks: Looks) -> Self {
        match looks {
            Looks::Phone => Self::Phone,
            Looks::Email => Self::Email,
            Looks::Plate => Self::Plate,
            Looks::DateOfBirth => Self::DateOfBirth,
            Looks::Name => Self::Name,
            Looks::Health => Self::Health,
        }
    }
}

/// A mask: where it stands (`people.0.description.hair`), why, and how often there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Mask {
    /// Path in the record.
    pub at: String,
    /// Why.
    pub why: Why,
    /// How often.
    pub times: u32,
}

/// A record with its masks.
#[derive(Clone, PartialEq, Debug)]
pub struct Masked {
    /// The record.
    pub body: Value,
    /// What was masked, in order of where.
    pub masks: Vec<Mask>,
}

/// Fields that are about other people whatever they say, by their name in a record.
fn why_whole(field: &str, under: &[String]) -> Option<Why> {
    let in_person = under.first().is_some_and(|first| first == "people");
    match field {
        // Categories of data subject and official labels stay: they say why, not who.
        "label" | "code" | "list" | "version" => None,
        _ if in_person => Some(Why::PersonDescribed),
        "speaker" | "told_by" => Some(Why::Speaker),
        "value" if under.first().is_some_and(|first| first == "references") => Some(Why::Reference),
        "reference" | "safeguarding_ref" | "owner_ref" => Some(Why::Reference),
        _ => None,
    }
}

/// Ethnicity and appearance are the person's, codes and labels too.
fn is_of_a_person(path: &[String]) -> bool {
    path.first().is_some_and(|first| first == "people")
        && path.iter().any(|part| matches!(part.as_str(), "officer_defined" | "self_defined" | "not_stated"))
}

/// Masks a record. `today` tells a date of birth from a date.
#[must_use]
pub fn mask(body: &Value, today: NaiveDate) -> Masked {
    let mut masks = BTreeMap::new();
    let body = masked(body, &mut Vec::new(), today, &mut masks);
    let masks = masks.into_iter().map(|((at, why), times)| Mask { at, why, times }).collect();
    Masked { body, masks }
}

type Masks = BTreeMap<(String, Why), u32>;

fn masked(value: &Value, path: &mut Vec<String>, today: NaiveDate, masks: &mut Masks) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| {
                    path.push(name.clone());
                    let kept = masked(value, path, today, masks);
                    path.pop();
                    (name.clone(), kept)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .enumerate()
                .map(|(place, value)| {
                    path.push(place.to_string());
                    let kept = masked(value, path, today, masks);
                    path.pop();
                    kept
                })
                .collect(),
        ),
        Value::String(text) => Value::String(masked_text(text, path, today, masks)),
        other => other.clone(),
    }
}

fn masked_text(text: &str, path: &[String], today: NaiveDate, masks: &mut Masks) -> String {
    let named = path.iter().rev().find(|part| part.parse::<usize>().is_err());
    let field = named.map_or("", String::as_str);
    let whole = if is_of_a_person(path) { Some(Why::PersonDescribed) } else { why_whole(field, path) };
    let mut raise = |why| *masks.entry((path.join("."), why)).or_default() += 1;
    if let Some(why) = whole {
        if text.trim().is_empty() {
            return text.to_owned();
        }
        raise(why);
        return MASK.to_owned();
    }
    // Codes, labels and grid references are the force's own words.
    if matches!(field, "code" | "list" | "label" | "square_100m" | "sha256" | "media_type") {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for finding in find(text, today) {
        shown.push_str(text.get(from..finding.from).unwrap_or_default());
        shown.push_str(MASK);
        raise(finding.looks.into());
        from = finding.until;
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 27).unwrap()
    }

    #[test]
    fn other_people_are_masked_and_the_account_stays() {
        let body = json!({
            "behaviours": [{"list": "behaviour", "code": "B_FOLLOW", "version": 1, "label": "Following"}],
            "seen": "He followed her. She said Sarah knows him, 07700 900142. AB12 CDE.",
            "told_by": "woman in the queue",
            "words": [{"words": "Leave me alone", "speaker": "woman in red coat", "at": 17}],
            "people": [{
                "subject": [{"list": "data_subject", "code": "DS_SUSPECT", "version": 1, "label": "Suspect"}],
                "description": {"hair": "short, dark", "age": "about 40"},
                "officer_defined": {"list": "ic_code", "code": "IC1", "version": 1, "label": "White"},
            }],
            "references": [{"kind": {"list": "reference", "code": "REF_CRIME", "version": 1, "label": "Crime"}, "value": "36/286/20"}],
            "place": {"name": "Sarah Street", "square_100m": "TG 235 085"},
        });
        let masked = mask(&body, today());
        let text = masked.body.to_string();
        for gone in [
            "Sarah knows",
            "07700",
            "AB12",
            "queue",
            "red coat",
            "dark",
            "about 40",
            "IC1",
            "White",
            "36/286",
        ] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        for kept in [
            "He followed her",
            "Leave me alone",
            "B_FOLLOW",
            "Suspect",
            "TG 235 085",
            "Crime",
            "Sarah Street",
        ] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        let at = |path: &str| {
            masked.masks.iter().filter(|mask| mask.at == path).map(|m| m.why).collect::<Vec<_>>()
        };
        assert_eq!(at("seen"), [Why::Phone, Why::Plate, Why::Name]);
        assert_eq!(at("people.0.description.hair"), [Why::PersonDescribed]);
        assert_eq!(at("references.0.value"), [Why::Reference]);
    }

    #[test]
    fn nothing_is_masked_where_nobody_else_stands() {
        let body = json!({"engagement_type": {"code": "E_CHAT", "label": "Chat"}, "people": 3, "note": "Street light out."});
        let masked = mask(&body, today());
        assert_eq!((masked.body, masked.masks), (body, vec![]));
    }
}
