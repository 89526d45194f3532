//! Authorities that powers rest on (ASBCPA 2014 s.34 authorisations, public spaces protection orders, penalty notice
//! schemes): dated reference data, picked and checked offline for power, time and place.

use serde::{Deserialize, Serialize};

use crate::code_list::Edition;
use crate::entry::{Authority, PowerUse};
use crate::id::Code;
use crate::place::PlaceStamp;
use crate::time::Millis;

/// The longest a direction under s.35 may keep somebody away, milliseconds (ASBCPA 2014 s.35(5): 48 hours).
pub const LONGEST_DIRECTION_MS: i64 = 48 * 60 * 60 * 1000;
/// The dispersal power, which only a constable in uniform may use (ASBCPA 2014 s.35(1)).
pub const DISPERSAL: &str = "PW_S34_35_DISPERSAL";

/// An authority as the force issued it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PowerAuthority {
    /// Its reference: `S34-2026-118`.
    pub reference: String,
    /// What it is called: `Prince of Wales Road, Friday night`.
    pub title: String,
    /// The powers it carries (list `power`).
    pub powers: Vec<Code>,
    /// The area it covers (patrol area, ward or district); everywhere in the force where none is named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<Code>,
    /// The area in words, as the authorisation has it.
    #[serde(default)]
    pub locality: String,
    /// From when.
    pub from: Millis,
    /// Until when; no end where it is open.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Millis>,
    /// Who gave it, by post or collar number.
    #[serde(default)]
    pub authorised_by: String,
}

/// What speaks against resting a power on an authority.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// It carries another power.
    OtherPower,
    /// It had not begun.
    NotYet,
    /// It had ended.
    Ended,
    /// It covers another place.
    Elsewhere,
}

impl PowerAuthority {
    /// Whether it is in force at a moment.
    pub fn is_live(&self, at: Millis) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// What speaks against using `power` on it at a moment and place. A place that is not known speaks against nothing.
    pub fn against(&self, power: &Code, at: Millis, place: Option<&PlaceStamp>) -> Option<Against> {
        if !self.powers.contains(power) {
            return Some(Against::OtherPower);
        }
        if at < self.from {
            return Some(Against::NotYet);
        }
        if !self.is_live(at) {
            return Some(Against::Ended);
        }
        let (Some(area), Some(place)) = (&self.area, place) else { return None };
        // One for a ward or a district covers every area in it.
        let around = [&place.area, &place.ward, &place.district, &place.lsoa];
        let covers = around.into_iter().flatten().any(|here| here.code == *area);
        (place.area.is_some() && !covers).then_some(Against::Elsewhere)
    }
}

impl Edition {
    /// The authorities that carry a power and are in force at a moment, those that cover the place first.
    pub fn live_authorities(
        &self,
        power: &Code,
        at: Millis,
        place: Option<&PlaceStamp>,
    ) -> Vec<&PowerAuthority> {
        let mut live: Vec<&PowerAuthority> =
            self.authorities.iter().filter(|it| it.powers.contains(power) && it.is_live(at)).collect();
        live.sort_by_key(|it| {
            (it.against(power, at, place).is_some(), it.area.is_none(), it.reference.clone())
        });
        live
    }

    /// What speaks against a power resting on a reference; `None` where nothing does, or the reference is not known here.
    pub fn against_authority(
        &self,
        power: &Code,
        reference: &str,
        at: Millis,
        place: Option<&PlaceStamp>,
    ) -> Option<Against> {
        self.authorities.iter().find(|it| it.reference == reference.trim())?.against(power, at, place)
    }
}

/// Whether a power is one for a constable in uniform alone.
pub fn needs_uniform(power: &Code) -> bool {
    power.as_str() == DISPERSAL
}

impl PowerUse {
    /// What speaks against the authority it names, at the moment it was used.
    pub fn against(&self, edition: &Edition, at: Millis) -> Option<Against> {
        match &self.authority {
            Some(Authority::Reference(reference)) => {
                edition.against_authority(&self.power.code, reference, at, self.place.as_ref())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code_list::built_in;
    use crate::place::AreaRef;

    fn tonight() -> PowerAuthority {
        PowerAuthority {
            reference: "S34-2026-118".to_owned(),
            title: "Prince of Wales Road".to_owned(),
            powers: vec![Code::new(DISPERSAL)],
            area: Some(Code::new("POW")),
            locality: String::new(),
            from: Millis(100),
            until: Some(Millis(200)),
            authorised_by: "Insp 0102".to_owned(),
        }
    }

    fn at(area: &str) -> PlaceStamp {
        let area = AreaRef { code: Code::new(area), name: area.to_owned() };
        PlaceStamp { area: Some(area), ..PlaceStamp::default() }
    }

    #[test]
    fn an_authority_covers_its_own_time_place_and_power() {
        let it = tonight();
        let power = Code::new(DISPERSAL);
        assert_eq!(it.against(&power, Millis(150), Some(&at("POW"))), None);
        assert_eq!(it.against(&power, Millis(150), None), None);
        assert_eq!(it.against(&power, Millis(99), None), Some(Against::NotYet));
        assert_eq!(it.against(&power, Millis(200), None), Some(Against::Ended));
        assert_eq!(it.against(&power, Millis(150), Some(&at("TOMB"))), Some(Against::Elsewhere));
        assert_eq!(it.against(&Code::new("PW_PND"), Millis(150), None), Some(Against::OtherPower));
        let ward = PowerAuthority { area: Some(Code::new("E05005886")), ..tonight() };
        let ward_of = |code: &str| Some(AreaRef { code: Code::new(code), name: String::new() });
        let inside = PlaceStamp { ward: ward_of("E05005886"), ..at("POW") };
        assert_eq!(ward.against(&power, Millis(150), Some(&inside)), None, "a ward covers its areas");
        let outside = PlaceStamp { ward: ward_of("E05005887"), ..at("POW") };
        assert_eq!(ward.against(&power, Millis(150), Some(&outside)), Some(Against::Elsewhere));
    }

    #[test]
    fn those_that_cover_the_place_are_offered_first() {
        let everywhere = PowerAuthority { reference: "A".to_owned(), area: None, ..tonight() };
        let elsewhere =
            PowerAuthority { reference: "B".to_owned(), area: Some(Code::new("TOMB")), ..tonight() };
        let ended = PowerAuthority { reference: "C".to_owned(), until: Some(Millis(120)), ..tonight() };
        let edition =
            Edition { authorities: vec![elsewhere, ended, everywhere, tonight()], ..built_in().clone() };
        let live = edition.live_authorities(&Code::new(DISPERSAL), Millis(150), Some(&at("POW")));
        let names: Vec<&str> = live.iter().map(|it| it.reference.as_str()).collect();
        assert_eq!(names, ["S34-2026-118", "A", "B"]);
    }
}
