//! Keeping an edition's reference data: authorities by reference, lines of stock by replacement. What may be published
//! is decided here once; a device takes what is published as it is.

use std::collections::BTreeSet;

use super::{Edition, list};
use crate::check::{NOTE_LIMIT, SHORT_LIMIT};
use crate::id::Code;
use crate::ledger::StockLine;
use crate::offline::Policy;
use crate::power::{DISPERSAL, PowerAuthority};
use crate::time::Millis;

/// The longest an authorisation under ASBCPA 2014 s.34(1) may last, milliseconds: 48 hours. (The Crime and Policing Act
/// 2026 provides for 72: raise it here once that is in force.)
pub const LONGEST_AUTHORISATION_MS: i64 = 48 * 60 * 60 * 1000;
/// The powers that rest on an authorisation under s.34: to direct somebody away (s.35), to take items (s.37).
const UNDER_S34: [&str; 2] = [DISPERSAL, "PW_S37_SURRENDER"];

/// Why reference data was not taken: which item, which field, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{item}, {field}: {cure}")]
pub struct Unfit {
    /// The item, by its reference or its place in the file.
    pub item: String,
    /// The field, as the file names it.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub cure: String,
}

impl Edition {
    /// This edition with authorities put in: one of a known reference replaces it, every other one stays, the ended ones
    /// too, so that records which name them can still be judged. The version rises by one where anything changed.
    ///
    /// `has_area` says whether a code is a patrol area in force; an authority that has ended by `at` may name an old one.
    ///
    /// # Errors
    /// [`Unfit`] for the first item that cannot be published; then nothing is changed.
    pub fn with_authorities(
        &self,
        given: Vec<PowerAuthority>,
        at: Millis,
        has_area: impl Fn(&Code) -> bool,
    ) -> Result<Edition, Unfit> {
        let mut next = self.clone();
        let mut seen = BTreeSet::new();
        for (place, mut authority) in given.into_iter().enumerate() {
            authority.reference = authority.reference.trim().to_owned();
            self.fits(&authority, place, at, &has_area)?;
            if !seen.insert(authority.reference.clone()) {
                return Err(Unfit {
                    item: format!("authority {}", authority.reference),
                    field: "reference",
                    cure: "it stands twice in the file: keep one of the two".to_owned(),
                });
            }
            match next.authorities.iter_mut().find(|held| held.reference == authority.reference) {
                Some(held) => *held = authority,
                None => next.authorities.push(authority),
            }
        }
        Ok(self.raised(next))
    }

    /// This edition with these lines of stock in place of the ones it had. The version rises by one where anything
    /// changed. A line that is no longer given out is kept in the file with its last day, so that what is left of it in
    /// a pocket is known to be out of date.
    ///
    /// # Errors
    /// [`Unfit`] for the first line that cannot be published; then nothing is changed.
    pub fn with_stock(&self, lines: Vec<StockLine>) -> Result<Edition, Unfit> {
        for (place, line) in lines.iter().enumerate() {
            let unfit = |field, cure: String| Unfit { item: format!("line {}", place + 1), field, cure };
            let known = |list: &str, code: &Code| self.ever_had(list, code);
            if !known(list::MATERIAL, &line.material) {
                return Err(unfit("material", self.not_in(list::MATERIAL, &line.material)));
            }
            if let Some(language) = line.language.as_ref().filter(|code| !known(list::LANGUAGE, code)) {
                return Err(unfit("language", self.not_in(list::LANGUAGE, language)));
            }
            for (field, code) in [("version", &line.version), ("batch", &line.batch)] {
                if code.as_ref().is_some_and(|code| !is_short(code.as_str())) {
                    let cure = format!(
                        "give it as printed, in at most {SHORT_LIMIT} characters, or leave it out where none is printed"
                    );
                    return Err(unfit(field, cure));
                }
            }
            let same = |other: &StockLine| {
                (&other.material, &other.version, &other.language, &other.batch)
                    == (&line.material, &line.version, &line.language, &line.batch)
            };
            if let Some(first) = lines[..place].iter().position(same) {
                let cure = format!(
                    "it is the same material, version, language and batch as line {}: keep one of the two",
                    first + 1
                );
                return Err(unfit("batch", cure));
            }
        }
        Ok(self.raised(Edition { stock: lines, ..self.clone() }))
    }

    /// This edition with another policy; the version rises if that changes anything.
    #[must_use]
    pub fn with_policy(&self, policy: Policy) -> Self {
        self.raised(Edition { policy, ..self.clone() })
    }

    fn raised(&self, next: Edition) -> Edition {
        if next == *self { next } else { Edition { version: self.version.saturating_add(1), ..next } }
    }

    fn fits(
        &self,
        it: &PowerAuthority,
        place: usize,
        at: Millis,
        has_area: &impl Fn(&Code) -> bool,
    ) -> Result<(), Unfit> {
        let item = match it.reference.as_str() {
            "" => format!("authority {} of the file", place + 1),
            reference => format!("authority {reference}"),
        };
        let unfit = |field, cure: &str| Err(Unfit { item: item.clone(), field, cure: cure.to_owned() });
        if !is_short(&it.reference) {
            return unfit("reference", "give the reference officers will name, in at most 120 characters");
        }
        if !is_short(&it.title) {
            return unfit("title", "say in a few words what it is, such as the street and the night");
        }
        if it.powers.is_empty() {
            return unfit("powers", "name the power it carries, by its code");
        }
        if let Some(power) = it.powers.iter().find(|power| !self.ever_had(list::POWER, power)) {
            return unfit("powers", &self.not_in(list::POWER, power));
        }
        let is_past = it.until.is_some_and(|until| until <= at);
        if let Some(area) = it.area.as_ref().filter(|area| !is_past && !has_area(area)) {
            let cure = format!(
                "{area} is not a patrol area in force: import the areas first, or leave it out and describe it in locality"
            );
            return unfit("area", &cure);
        }
        if it.locality.chars().count() > NOTE_LIMIT || it.authorised_by.chars().count() > SHORT_LIMIT {
            let field =
                if it.authorised_by.chars().count() > SHORT_LIMIT { "authorised_by" } else { "locality" };
            return unfit(field, "it is too long: say it shorter");
        }
        if it.until.is_some_and(|until| until <= it.from) {
            return unfit("until", "it ends before it begins: correct from or until");
        }
        if it.powers.iter().any(|power| UNDER_S34.contains(&power.as_str())) {
            if it.until.is_none_or(|until| until.since(it.from) > LONGEST_AUTHORISATION_MS) {
                return unfit(
                    "until",
                    "an authorisation under s.34 lasts 48 hours at most: say when it ends",
                );
            }
            if it.authorised_by.trim().is_empty() {
                return unfit("authorised_by", "name the inspector who gave it, by post or collar number");
            }
        }
        Ok(())
    }

    fn not_in(&self, list: &str, code: &Code) -> String {
        let codes = self.list(list).map_or(&[][..], |list| &list.items);
        let known: Vec<&str> = codes.iter().map(|item| item.code.as_str()).collect();
        format!("{code} is not in the list {list}; the codes there are {}", known.join(", "))
    }
}

fn is_short(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= SHORT_LIMIT
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::code_list::built_in;
    use crate::time::HOUR_MS;

    const NOW: Millis = Millis(1_796_000_000_000);

    fn s34() -> PowerAuthority {
        PowerAuthority {
            reference: "S34-2026-118".to_owned(),
            title: "Prince of Wales Road, Friday night".to_owned(),
            powers: vec![Code::new(DISPERSAL)],
            area: Some(Code::new("POW")),
            locality: String::new(),
            from: NOW,
            until: Some(NOW.plus(9 * HOUR_MS)),
            authorised_by: "Insp 0102".to_owned(),
        }
    }

    fn put(edition: &Edition, given: Vec<PowerAuthority>) -> Result<Edition, Unfit> {
        edition.with_authorities(given, NOW, |area| *area == "POW")
    }

    fn field(given: PowerAuthority) -> &'static str {
        put(built_in(), vec![given]).unwrap_err().field
    }

    #[test]
    fn an_authority_replaces_its_own_reference_and_no_other() {
        let first = put(built_in(), vec![s34()]).unwrap();
        assert_eq!((first.version, first.authorities.len()), (2, 1));
        let shorter = PowerAuthority { until: Some(NOW.plus(HOUR_MS)), ..s34() };
        let other = PowerAuthority { reference: " S34-2026-119 ".to_owned(), ..s34() };
        let second = put(&first, vec![shorter.clone(), other]).unwrap();
        assert_eq!((second.version, second.authorities.len()), (3, 2));
        assert_eq!(second.authorities[0], shorter);
        assert_eq!(second.authorities[1].reference, "S34-2026-119", "as an officer will name it");
        assert_eq!(put(&second, vec![shorter]).unwrap(), second, "nothing new is no new edition");
    }

    #[test]
    fn what_cannot_be_an_authority_names_its_field() {
        assert_eq!(field(PowerAuthority { reference: "  ".to_owned(), ..s34() }), "reference");
        assert_eq!(field(PowerAuthority { title: String::new(), ..s34() }), "title");
        assert_eq!(field(PowerAuthority { powers: vec![], ..s34() }), "powers");
        assert_eq!(field(PowerAuthority { powers: vec![Code::new("PW_S34")], ..s34() }), "powers");
        assert_eq!(field(PowerAuthority { area: Some(Code::new("ELSEWHERE")), ..s34() }), "area");
        assert_eq!(field(PowerAuthority { until: Some(NOW.plus(-1)), ..s34() }), "until");
        assert_eq!(field(PowerAuthority { until: None, ..s34() }), "until");
        assert_eq!(field(PowerAuthority { authorised_by: " ".to_owned(), ..s34() }), "authorised_by");
        let twice = put(built_in(), vec![s34(), s34()]).unwrap_err();
        assert_eq!((twice.item.as_str(), twice.field), ("authority S34-2026-118", "reference"));
        let words = put(built_in(), vec![PowerAuthority { powers: vec![Code::new("PW_S34")], ..s34() }]);
        assert!(words.unwrap_err().to_string().contains("PW_S34 is not in the list power"));
    }

    #[test]
    fn forty_eight_hours_are_lawful_and_a_millisecond_more_is_not() {
        let lasting = |ms| PowerAuthority { until: Some(NOW.plus(ms)), ..s34() };
        assert!(put(built_in(), vec![lasting(LONGEST_AUTHORISATION_MS)]).is_ok());
        assert_eq!(field(lasting(LONGEST_AUTHORISATION_MS + 1)), "until");
        // A public spaces protection order runs for years, and may say no end.
        let pspo = PowerAuthority { powers: vec![Code::new("PW_S63_PSPO_ALCOHOL")], until: None, ..s34() };
        assert!(put(built_in(), vec![pspo]).is_ok());
    }

    #[test]
    fn an_ended_authority_may_name_an_area_that_is_gone() {
        let ended = PowerAuthority {
            area: Some(Code::new("GONE")),
            from: NOW.plus(-2 * HOUR_MS),
            until: Some(NOW.plus(-HOUR_MS)),
            ..s34()
        };
        assert!(put(built_in(), vec![ended]).is_ok());
    }

    fn line(language: &str, batch: &str) -> StockLine {
        StockLine {
            material: Code::new("MAT_WALLET_STREETSAFE_ENOUGH"),
            language: Some(Code::new(language)),
            batch: Some(Code::new(batch)),
            ..StockLine::default()
        }
    }

    #[test]
    fn lines_of_stock_are_replaced_as_a_whole() {
        let first = built_in().with_stock(vec![line("EN", "2026-09"), line("PL", "2026-09")]).unwrap();
        assert_eq!((first.version, first.stock.len()), (2, 2));
        let second = first.with_stock(vec![line("EN", "2026-10")]).unwrap();
        assert_eq!((second.version, second.stock.len()), (3, 1));
        assert_eq!(second.with_stock(second.stock.clone()).unwrap(), second);
    }

    #[test]
    fn what_cannot_be_a_line_of_stock_names_its_field() {
        let field = |lines: Vec<StockLine>| {
            let unfit = built_in().with_stock(lines).unwrap_err();
            (unfit.item, unfit.field)
        };
        let unknown = StockLine { material: Code::new("MAT_KEYRING"), ..line("EN", "1") };
        assert_eq!(field(vec![line("EN", "1"), unknown]), ("line 2".to_owned(), "material"));
        assert_eq!(field(vec![line("XX", "1")]).1, "language");
        assert_eq!(field(vec![line("EN", " ")]).1, "batch");
        let twice =
            built_in().with_stock(vec![line("EN", "1"), line("PL", "1"), line("EN", "1")]).unwrap_err();
        assert!(twice.to_string().starts_with("line 3, batch:") && twice.cure.contains("line 1"), "{twice}");
    }
}
