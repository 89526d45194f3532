//! A reference of another system that comes after the entry: where it stands in each kind of body.

use super::body::Body;
use super::concern::{Authority, Concern, CrimeGate};
use super::engagement::{Answer, Engagement};
use super::power_use::PowerUse;
use super::reference::Reference;
use crate::duty::{AUTHORITY_REF, CRIME_REF, SAFEGUARD_REF, discharged_by, wants_reference};
use crate::id::Code;

impl Body {
    /// Adds a reference. Says whether the body has a place for it: an engagement keeps that of the crime or safeguarding
    /// it told of, a concern and a power used keep any, other kinds none.
    pub fn give_reference(&mut self, given: &Reference) -> bool {
        let what = discharged_by(&given.kind.code);
        match self {
            Body::Concern(it) => {
                add(&mut it.references, given);
                if what == Some(CRIME_REF) {
                    crime(it.crime.as_mut(), given);
                }
                if what == Some(AUTHORITY_REF) {
                    it.powers.iter_mut().for_each(|power| name(&mut power.authority, given));
                }
                true
            }
            Body::PowerUse(it) => {
                add(&mut it.references, given);
                if what == Some(AUTHORITY_REF) {
                    name(&mut it.authority, given);
                }
                true
            }
            Body::Engagement(it) => match what {
                Some(CRIME_REF) => crime(it.crime.as_mut(), given),
                Some(SAFEGUARD_REF) if it.under_18 == Some(Answer::Yes) => {
                    it.safeguarding_ref.get_or_insert_with(|| given.value.clone());
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// What the body says of the other system whose reference a duty waits for: the reference as typed.
    pub fn reference_for(&self, what: &Code) -> Option<&str> {
        let wanted = wants_reference(what)?;
        let among = |references: &'_ [Reference]| {
            references.iter().position(|reference| reference.kind.code.as_str() == wanted)
        };
        match self {
            Body::Concern(Concern { references, crime, powers, .. }) => match among(references) {
                Some(found) => references.get(found).map(|reference| reference.value.as_str()),
                None if what.as_str() == CRIME_REF => crime_reference(crime.as_ref()),
                None if what.as_str() == AUTHORITY_REF => {
                    powers.iter().find_map(|power| named(power.authority.as_ref()))
                }
                None => None,
            },
            Body::PowerUse(PowerUse { references, authority, .. }) => match among(references) {
                Some(found) => references.get(found).map(|reference| reference.value.as_str()),
                None if what.as_str() == AUTHORITY_REF => named(authority.as_ref()),
                None => None,
            },
            Body::Engagement(Engagement { crime, safeguarding_ref, .. }) => match what.as_str() {
                CRIME_REF => crime_reference(crime.as_ref()),
                SAFEGUARD_REF => safeguarding_ref.as_deref(),
                _ => None,
            },
            _ => None,
        }
    }
}

fn add(references: &mut Vec<Reference>, given: &Reference) {
    let known = references.iter().any(|it| it.kind.code == given.kind.code && it.value == given.value);
    if !known {
        references.push(given.clone());
    }
}

/// The first one stays: a second crime has its own entry among the references.
fn crime(gate: Option<&mut CrimeGate>, given: &Reference) -> bool {
    match gate {
        Some(gate) => {
            gate.reference.get_or_insert_with(|| given.value.clone());
            true
        }
        None => false,
    }
}

fn crime_reference(gate: Option<&CrimeGate>) -> Option<&str> {
    gate.and_then(|gate| gate.reference.as_deref())
}

fn name(authority: &mut Option<Authority>, given: &Reference) {
    if matches!(authority, Some(Authority::ToFollow(_))) {
        *authority = Some(Authority::Reference(given.value.clone()));
    }
}

fn named(authority: Option<&Authority>) -> Option<&str> {
    match authority {
        Some(Authority::Reference(reference)) => Some(reference),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::code_list::built_in;
    use crate::entry::testing::code;
    use crate::entry::{ConcernDraft, DraftForm, EngagementDraft, Reporting};
    use crate::time::Millis;

    fn sealed(form: DraftForm) -> Body {
        let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        form.bodies(built_in(), on, Millis(0)).unwrap().main
    }

    fn reference(kind: &str, value: &str) -> Reference {
        Reference { kind: code("reference", kind), value: value.to_owned(), at: None }
    }

    #[test]
    fn a_concern_takes_the_crime_and_the_authority_where_they_were_asked_for() {
        let mut body = sealed(DraftForm::Concern(ConcernDraft {
            behaviours: vec![Code::new("B_TOUCH")],
            seen: "Seen.".to_owned(),
            reporting: Some(Reporting::Yes),
            powers: vec![Code::new("PW_S34_35_DISPERSAL")],
            authority_inspector: "0102".to_owned(),
            authority_told_at: Some(Millis(5)),
            ..ConcernDraft::default()
        }));
        assert_eq!(body.reference_for(&Code::new(CRIME_REF)), None);
        assert!(body.give_reference(&reference("REF_CRIME", "36/286/26")));
        assert!(body.give_reference(&reference("REF_CRIME", "36/286/26")), "given twice stands once");
        assert!(body.give_reference(&reference("REF_S34", "S34-2026-118")));
        let Body::Concern(it) = &body else { unreachable!() };
        assert_eq!(it.crime.as_ref().unwrap().reference.as_deref(), Some("36/286/26"));
        assert_eq!(it.powers[0].authority, Some(Authority::Reference("S34-2026-118".to_owned())));
        assert_eq!(it.references.len(), 2);
        assert_eq!(body.reference_for(&Code::new(CRIME_REF)), Some("36/286/26"));
        assert_eq!(body.reference_for(&Code::new(AUTHORITY_REF)), Some("S34-2026-118"));
        assert!(crate::duty::asked_by(&body, Millis(0)).is_empty());
    }

    #[test]
    fn an_engagement_takes_only_what_it_told_of() {
        let draft = EngagementDraft {
            engagement_type: Some(Code::new("E_CHAT")),
            reporting: Some(Reporting::Yes),
            ..EngagementDraft::default()
        };
        let mut body = sealed(DraftForm::Engagement(draft));
        assert!(!body.give_reference(&reference("REF_INTEL", "1")));
        assert!(!body.give_reference(&reference("REF_SAFEGUARD", "2")), "nobody under 18");
        assert!(body.give_reference(&reference("REF_CRIME", "36/286/26")));
        assert_eq!(body.reference_for(&Code::new(CRIME_REF)), Some("36/286/26"));
    }
}
