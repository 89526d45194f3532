//! The edition that ships with the program, for a first start before central has sent the force's own.

use std::sync::OnceLock;

use super::{CodeList, Edition};

/// Version of the built-in edition. Central's editions start above it.
const VERSION: u32 = 1;

/// The lists, by the part of the work they serve.
const FILES: [&str; 5] = [
    include_str!("../../data/code-lists/engagement.json"),
    include_str!("../../data/code-lists/concern.json"),
    include_str!("../../data/code-lists/people.json"),
    include_str!("../../data/code-lists/patrol.json"),
    include_str!("../../data/code-lists/records.json"),
];

/// The built-in edition.
#[must_use]
pub fn built_in() -> &'static Edition {
    static EDITION: OnceLock<Edition> = OnceLock::new();
    EDITION.get_or_init(|| {
        // Compiled in and read by a test: a file that does not parse cannot ship.
        #[allow(clippy::expect_used)]
        let lists = FILES
            .iter()
            .flat_map(|file| serde_json::from_str::<Vec<CodeList>>(file).expect("built-in code lists parse"))
            .collect();
        Edition {
            version: VERSION,
            lists,
            stock: Vec::new(),
            authorities: Vec::new(),
            policy: crate::offline::Policy::default(),
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use chrono::NaiveDate;

    use super::*;
    use crate::code_list::{CodeItem, list};
    use crate::id::Code;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn tonight() -> NaiveDate {
        day(2026, 11, 27)
    }

    fn offered(list: &str) -> Vec<&'static CodeItem> {
        built_in().offered(list, tonight()).collect()
    }

    fn codes(list: &str, test: impl Fn(&CodeItem) -> bool) -> Vec<&'static str> {
        offered(list).into_iter().filter(|item| test(item)).map(|item| item.code.as_str()).collect()
    }

    #[test]
    fn it_holds_every_list_once_and_nothing_else() {
        let ids: Vec<&str> = built_in().lists.iter().map(|list| list.id.as_str()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len());
        assert_eq!(unique, list::ALL.iter().copied().collect());
        assert!(built_in().lists.iter().all(|list| list.version >= 1 && !list.title.is_empty()));
    }

    #[test]
    fn every_item_can_be_shown_and_named() {
        for list in &built_in().lists {
            let codes: BTreeSet<&str> = list.items.iter().map(|item| item.code.as_str()).collect();
            assert_eq!(codes.len(), list.items.len(), "{}", list.id);
            assert!(built_in().offered(list.id.as_str(), tonight()).next().is_some(), "{}", list.id);
            for item in &list.items {
                assert!(!item.label.trim().is_empty() && !item.chip().is_empty(), "{}", item.code);
                assert!(item.chip().chars().count() <= 72, "{}", item.code);
                assert!(
                    item.valid_from.is_some_and(|from| item.valid_to.is_none_or(|to| from <= to)),
                    "{}",
                    item.code
                );
            }
        }
    }

    #[test]
    fn no_item_has_a_key_that_nobody_reads() {
        // A misspelt key would be dropped without a word: what is written back must be what was read.
        for file in FILES {
            let raw: serde_json::Value = serde_json::from_str(file).unwrap();
            let lists: Vec<CodeList> = serde_json::from_str(file).unwrap();
            let mut back = serde_json::to_value(lists).unwrap();
            for list in back.as_array_mut().unwrap() {
                for item in list["items"].as_array_mut().unwrap() {
                    let no_flags = item["flags"].as_object().unwrap().is_empty();
                    if no_flags {
                        item.as_object_mut().unwrap().remove("flags");
                    }
                }
            }
            assert_eq!(back, raw);
        }
    }

    #[test]
    fn ask_for_ani_ended_on_4_november_2024() {
        let ani = Code::from("T_ANI");
        assert!(built_in().item(list::TOPIC, &ani, day(2024, 11, 4)).is_some());
        assert!(built_in().item(list::TOPIC, &ani, day(2024, 11, 5)).is_none());
        assert!(built_in().ever_had(list::TOPIC, &ani));
        assert!(!codes(list::TOPIC, |_| true).contains(&"T_ANI"));
        let then = built_in().code_ref(list::TOPIC, &ani, day(2023, 6, 1)).unwrap();
        assert_eq!((then.label.as_str(), then.version), ("Ask for ANI", 1));
    }

    #[test]
    fn what_opens_the_crime_check() {
        let gate = |item: &CodeItem| item.flags.crime_gate;
        assert_eq!(codes(list::TOPIC, gate), ["T_HARASS", "T_STALK", "T_DA", "T_SEXUAL", "T_ONLINE"]);
        assert_eq!(codes(list::BEHAVIOUR, gate), ["B_TOUCH", "B_SPIKE", "B_EXPOSE", "B_IMAGE"]);
        assert_eq!(codes(list::BEHAVIOUR, |item| item.flags.urgent), ["B_IMPERSON"]);
        assert!(codes(list::POWER, |item| item.flags.needs_authority).contains(&"PW_S34_35_DISPERSAL"));
        assert!(codes(list::ACTION, |item| item.flags.needs_authority).contains(&"A_S35"));
    }

    #[test]
    fn chips_read_as_on_the_screens_in_their_order() {
        let chips = |list: &str, n: usize| -> Vec<&str> {
            offered(list).into_iter().take(n).map(CodeItem::chip).collect()
        };
        assert_eq!(
            chips(list::ENGAGEMENT_TYPE, 6),
            ["Chat", "Group", "Venue", "Partner", "Upset or alone", "Declined"]
        );
        assert_eq!(
            chips(list::TOPIC, 7),
            [
                "StreetSafe",
                "Lighting",
                "How to report",
                "Calling it out",
                "Spiking",
                "Getting home",
                "Harassment"
            ]
        );
        assert_eq!(chips(list::LIGHT, 4), ["Day", "Dusk", "Dark, lit", "Dark, unlit"]);
        assert_eq!(
            chips(list::OBSERVED_BY, 5),
            ["I saw it", "Colleague", "Told by public", "Door staff", "CCTV"]
        );
        assert_eq!(
            chips(list::BEHAVIOUR, 8),
            [
                "Targeting someone alone",
                "Unwanted touching",
                "Following",
                "Staring",
                "Loitering",
                "Catcalling",
                "Sexual comments",
                "Spiking"
            ]
        );
    }

    #[test]
    fn official_labels_are_quoted_exactly() {
        let label =
            |list: &str, code: &str| built_in().item(list, &code.into(), tonight()).unwrap().label.clone();
        assert_eq!(
            label(list::STREETSAFE_ENVIRONMENT, "SS_E_LIGHT"),
            "Badly lit, e.g. poor or no street lighting"
        );
        assert_eq!(
            label(list::STREETSAFE_BEHAVIOUR, "SS_B_FOLLOW"),
            "Feeling like you are being followed / have previously been followed"
        );
        assert_eq!(label(list::ENOUGH, "ENOUGH_P"), "Provide a diversion");
        assert_eq!(
            built_in().list(list::SDE).unwrap().items.iter().filter(|i| !i.flags.inactive).count(),
            19
        );
    }

    #[test]
    fn inactive_and_unknown_codes() {
        assert!(!codes(list::ROLE, |_| true).contains(&"PCSO"));
        assert!(built_in().item(list::ROLE, &"PCSO".into(), tonight()).is_some());
        assert!(!codes(list::CORRECTION_REASON, |_| true).contains(&"UNDO"));
        let unknown = built_in().code_ref_or_unknown(list::TOPIC, &"T_TOMORROW".into(), tonight());
        assert_eq!((unknown.version, unknown.label.as_str()), (0, "T_TOMORROW"));
        assert_eq!(built_in().code_ref("no_such_list", &"X".into(), tonight()), None);
    }

    #[test]
    fn an_edition_of_tomorrow_still_reads() {
        let text = r#"{"version":9,"lists":[{"id":"topic","version":4,"colour":"new","items":[
            {"code":"T_NEW","label":"New","flags":{"crime_gate":true,"something_new":true}}]}]}"#;
        let edition: Edition = serde_json::from_str(text).unwrap();
        let item = edition.item(list::TOPIC, &"T_NEW".into(), tonight()).unwrap();
        assert!(item.flags.crime_gate);
    }
}
