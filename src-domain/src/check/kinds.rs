//! The checks of handouts, stock, powers, events, referrals and references; and of what depends on the very moment.

use chrono::NaiveDate;

use super::{MANY_PEOPLE, NOTE_LIMIT, Problem, ProblemCode, SHORT_LIMIT, known, limit, needs_authority};
use crate::code_list::Edition;
use crate::entry::{Authority, Body, Event, Handout, HandoutItem, PowerUse, Reference, Referral, StockMoved};
use crate::power::{DISPERSAL, LONGEST_DIRECTION_MS, needs_uniform};
use crate::time::Millis;

fn items(found: &mut Vec<Problem>, items: &[HandoutItem], edition: &Edition, on: NaiveDate) {
    if items.iter().map(|item| u64::from(item.quantity)).sum::<u64>() == 0 {
        found.push(Problem::block("cards", ProblemCode::NothingGiven));
    }
    for item in items {
        known(found, "cards", &item.material, edition, on);
    }
}

pub(super) fn handout(found: &mut Vec<Problem>, it: &Handout, edition: &Edition, on: NaiveDate) {
    items(found, &it.items, edition, on);
    limit(found, "note", it.note.as_deref(), NOTE_LIMIT);
}

pub(super) fn stock(found: &mut Vec<Problem>, it: &StockMoved, edition: &Edition, on: NaiveDate) {
    items(found, &it.items, edition, on);
    limit(found, "note", it.note.as_deref(), NOTE_LIMIT);
}

pub(super) fn power_use(found: &mut Vec<Problem>, it: &PowerUse, edition: &Edition, on: NaiveDate) {
    known(found, "power", &it.power, edition, on);
    if it.authority.is_none() && needs_authority(edition, std::slice::from_ref(&it.power.code), on) {
        found.push(Problem::block("authority", ProblemCode::NameAuthority));
    }
    if it.people == 0 {
        found.push(Problem::block("people", ProblemCode::PeopleFromOne));
    } else if it.people > MANY_PEOPLE {
        found.push(Problem::flag("people", ProblemCode::ManyPeople));
    }
    if it.plain_clothes && needs_uniform(&it.power.code) {
        found.push(Problem::flag("plain_clothes", ProblemCode::PlainClothes));
    }
    limit(found, "area", it.area.as_deref(), NOTE_LIMIT);
    limit(found, "note", it.note.as_deref(), NOTE_LIMIT);
    references(found, &it.references, edition, on);
}

pub(super) fn event(found: &mut Vec<Problem>, it: &Event, edition: &Edition, on: NaiveDate) {
    known(found, "event_type", &it.event_type, edition, on);
    if let Some(attendance) = &it.attendance {
        known(found, "attendance", attendance, edition, on);
    }
    for partner in &it.partners {
        known(found, "partners", partner, edition, on);
    }
    for topic in &it.topics {
        known(found, "topics", topic, edition, on);
    }
    limit(found, "name", it.name.as_deref(), SHORT_LIMIT);
    limit(found, "note", it.note.as_deref(), NOTE_LIMIT);
}

pub(super) fn referral(found: &mut Vec<Problem>, it: &Referral, edition: &Edition, on: NaiveDate) {
    known(found, "issue", &it.issue, edition, on);
    known(found, "owner", &it.owner, edition, on);
    known(found, "state", &it.state, edition, on);
    limit(found, "details", it.details.as_deref(), NOTE_LIMIT);
    limit(found, "owner_ref", it.owner_ref.as_deref(), SHORT_LIMIT);
}

pub(super) fn references(found: &mut Vec<Problem>, all: &[Reference], edition: &Edition, on: NaiveDate) {
    for reference in all {
        known(found, "references", &reference.kind, edition, on);
        limit(found, "references", Some(&reference.value), SHORT_LIMIT);
        if reference.kind.code.as_str() == "REF_CRIME" {
            crime_reference(found, Some(&reference.value));
        }
    }
}

/// A crime reference of the force reads `36/286/26`, of its neighbour `37/…`: asked about, never refused.
pub(super) fn crime_reference(found: &mut Vec<Problem>, typed: Option<&str>) {
    let Some(typed) = typed else { return };
    let parts: Vec<&str> = typed.trim().split('/').collect();
    let digits = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit())
    };
    let fits = matches!(parts[..], [force, number, year]
        if digits(force, 2) && digits(number, 6) && year.len() == 2 && digits(year, 2));
    let problem = Problem::flag("references", ProblemCode::CheckReference);
    if !fits && !found.contains(&problem) {
        found.push(problem);
    }
}

/// What depends on the moment it happened: whether the authority named was in force then and there.
pub(super) fn at_time(found: &mut Vec<Problem>, body: &Body, edition: &Edition, at: Millis) {
    match body {
        Body::PowerUse(it) => {
            if it.against(edition, at).is_some() {
                found.push(Problem::flag("authority", ProblemCode::AuthorityDoesNotCover));
            }
            let too_long = it.until.is_some_and(|until| until.0.saturating_sub(at.0) > LONGEST_DIRECTION_MS);
            if it.power.code.as_str() == DISPERSAL && too_long {
                found.push(Problem::flag("until", ProblemCode::DirectionTooLong));
            }
        }
        Body::Concern(it) => {
            let against = it.powers.iter().any(|power| match &power.authority {
                Some(Authority::Reference(reference)) => {
                    edition.against_authority(&power.power.code, reference, at, it.place.as_ref()).is_some()
                }
                _ => false,
            });
            if against {
                found.push(Problem::flag("authority", ProblemCode::AuthorityDoesNotCover));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crime_reference_of_another_shape_is_asked_about() {
        let asked = |typed| {
            let mut found = Vec::new();
            crime_reference(&mut found, Some(typed));
            !found.is_empty()
        };
        assert!(!asked("36/286/26") && !asked(" 37/100000/25 "));
        assert!(asked("36/286") && asked("NC-27112026-4") && asked("36/1234567/26"));
    }
}
