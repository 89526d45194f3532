//! The coach: finds in free text what perhaps does not belong there, and asks. It runs on the device, changes nothing and
//! blocks nothing; an officer may have good reason to write a number down.
//!
//! Finders are plain heuristics that favour few false alarms: a coach that cries wolf is switched off in the head.

mod names;
mod numbers;
mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What something in the text looks like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looks {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A vehicle registration mark.
    Plate,
    /// A date of birth.
    DateOfBirth,
    /// Somebody's name.
    Name,
    /// Something about health.
    Health,
}

impl Looks {
    /// The coach's heading.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Phone => "Looks like a phone number",
            Self::Email => "Looks like an e-mail address",
            Self::Plate => "Looks like a number plate",
            Self::DateOfBirth => "Looks like a date of birth",
            Self::Name => "Looks like a name",
            Self::Health => "Looks like something about health",
        }
    }
}

/// A place in the text, in bytes; both ends lie between characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// What it looks like.
    pub looks: Looks,
    /// Its first byte.
    pub from: usize,
    /// The byte after its last.
    pub until: usize,
}

impl Finding {
    /// The words found; empty if `text` is not the text that was searched.
    #[must_use]
    pub fn excerpt<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.from..self.until).unwrap_or_default()
    }
}

/// Everything in `text` worth a question, in order and without overlap. `today` tells a date of birth from a date.
#[must_use]
pub fn find(text: &str, today: NaiveDate) -> Vec<Finding> {
    let words = words::words(text);
    let mut found = numbers::phones(text);
    found.extend(numbers::emails(text));
    found.extend(numbers::plates(&words));
    found.extend(numbers::births(text, &words, today));
    found.extend(names::names(&words));
    found.extend(words::health(&words));
    // The longest of those that begin first; of the same length the more certain kind, which the order of kinds gives.
    found.sort_by_key(|finding| (finding.from, std::cmp::Reverse(finding.until), finding.looks));
    let mut end = 0;
    found.retain(|finding| {
        let free = finding.from >= end;
        if free {
            end = finding.until;
        }
        free
    });
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(Looks, &str)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        find(text, today).into_iter().map(|finding| (finding.looks, finding.excerpt(text))).collect()
    }

    #[test]
    fn the_note_on_the_screen() {
        let text = "22:31 to 22:37. Man, about 40, grey coat, stood facing the taxi rank. Twice walked to within a \
                    metre of a woman alone in the queue and stepped back when her friends came over. Told by her at \
                    22:38: he put his hand on her lower back at about 22:29. Her number is 07700 900142.";
        assert_eq!(found(text), [(Looks::Phone, "07700 900142")]);
    }

    #[test]
    fn ordinary_notes_raise_no_question() {
        for text in [
            "Street light out on the Rose Lane corner. They walk back to Riverside that way after work.",
            "PC 1482 with PC 1377 on Prince of Wales Road, Fri 27 Nov 2026, 22:14. CAD 312 of today, crime 36/286/20.",
            "TG 235 085, ward Thorpe Hamlet. Told to ring 101 or 0800 555 111. A47 and A11 CAR PARK closed.",
            "Door staff at The Waterfront helped. Sent to the SOS Bus. King's Lynn next. On Friday Night in Great Yarmouth.",
            "Norfolk County Council told about the Ask for Angela posters. Op Focus. Project Vigilant.",
            "Body-worn video 2026-11-27 2214 0012. Shift 18:00 to 03:00. Gave 2 cards, 10 to 16 minutes.",
            "NR1 1AA to NR12 and PE30. Bank Holiday Monday.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn phone_numbers() {
        for text in [
            "07700 900142",
            "07700900142",
            "+44 7700 900142",
            "+44 (0)7700 900 142",
            "(01603) 276276",
            "020-7946-0958",
            "0044 7700 900142",
            "+48 601 234 567",
        ] {
            assert_eq!(found(&format!("rang {text}, then left")), [(Looks::Phone, text)]);
        }
        assert_eq!(found("07700 900142 22:38"), [(Looks::Phone, "07700 900142")]);
        for text in [
            "0800 555 111",
            "0808 2000 247",
            "999",
            "2026-11-27",
            "ref 36/286/20",
            "0770",
            "12307700900142999",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn addresses_and_plates() {
        assert_eq!(found("mail j.doe+x@example.co.uk."), [(Looks::Email, "j.doe+x@example.co.uk")]);
        assert_eq!(found("meet @ 22:00, a@b, @here"), []);
        for plate in ["AB12 CDE", "AB12CDE", "ab12cde", "P123 XYZ", "P123XYZ", "ABC 123D"] {
            assert_eq!(found(&format!("a van, {plate}, twice round")), [(Looks::Plate, plate)]);
        }
    }

    #[test]
    fn dates_of_birth_are_long_ago_or_said_to_be() {
        for birth in ["12/03/1998", "12.3.98", "12-03-1998", "12 March 1998", "3rd Mar 2001"] {
            assert_eq!(found(&format!("he is {birth} he says")), [(Looks::DateOfBirth, birth)]);
        }
        assert_eq!(found("DOB 27/11/2025"), [(Looks::DateOfBirth, "27/11/2025")]);
        assert_eq!(found("born in 1987"), [(Looks::DateOfBirth, "1987")]);
        for date in ["on 27/11/2026", "on 1 December 2025", "36/286/20", "99/99/1998", "in 1987 the pub"] {
            assert_eq!(found(date), [], "{date}");
        }
    }

    #[test]
    fn names() {
        for (text, name) in [
            ("she said Sarah was followed", "Sarah"),
            ("his friend Tom Baker left", "Tom Baker"),
            ("spoke to Sarah JONES twice", "Sarah JONES"),
            ("a man called Kestutis ran", "Kestutis"),
            ("Mr Okafor complained", "Okafor"),
            ("Her name is Oyelaran.", "Oyelaran"),
            ("Emma told us", "Emma"),
            ("with Siobhán O'Neill-Byrne there", "Siobhán O'Neill-Byrne"),
        ] {
            assert_eq!(found(text), [(Looks::Name, name)], "{text}");
        }
        for text in [
            "We called Control. Called Uber.",
            "Rose Lane",
            "May was told in May",
            "near Emma House on Sarah Street",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn health() {
        assert_eq!(
            found("She is diabetic and had no insulin."),
            [(Looks::Health, "diabetic"), (Looks::Health, "insulin")]
        );
        assert_eq!(found("a mental health crisis"), [(Looks::Health, "mental health")]);
    }

    proptest! {
        #[test]
        fn findings_are_in_order_and_on_characters(text in "(?s).{0,80}") {
            let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
            let mut end = 0;
            for finding in find(&text, today) {
                prop_assert!(finding.from >= end && finding.from < finding.until);
                prop_assert!(text.get(finding.from..finding.until).is_some());
                end = finding.until;
            }
        }

        #[test]
        fn pieces_of_every_kind_in_any_order(parts in prop::collection::vec(prop::sample::select(vec![
            "07700 900142", "AB12 CDE", "é", "12/03/1998", "x@y.uk", "Mr ", "Sarah", " ", ",", "+44", "(0", "born ", "’s", "0",
        ]), 0..12)) {
            let text = parts.concat();
            let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
            for finding in find(&text, today) { prop_assert!(!finding.excerpt(&text).is_empty()); }
        }
    }
}
