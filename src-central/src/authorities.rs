//! Publishing authorities that powers rest on: a file of them is put into the edition in force, by reference.

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::Code;
use beatbook_domain::power::PowerAuthority;
use beatbook_domain::time::{Millis, iso};
use serde::{Deserialize, Serialize};

use crate::lists::{self, Areas, ListsError};
use crate::storage::Storage;
use crate::typed::instant;

/// An authority as people write it: times with their offset (`2026-11-27T21:00:00+00:00`) or by London's clock
/// (`2026-11-27 21:00`). A misspelt field is an error: an end that is not read would be no end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenAuthority {
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// Codes of the powers it carries.
    pub powers: Vec<Code>,
    /// Patrol area it covers; the whole force where none is named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<Code>,
    /// The area in words.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub locality: String,
    /// From when.
    pub from: String,
    /// Until when; no end where it is open.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<String>,
    /// Who gave it, by post or collar number.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub authorised_by: String,
}

impl GivenAuthority {
    fn read(self) -> Result<PowerAuthority, ListsError> {
        let time = |field, text: &str| {
            instant(text).map_err(|cure| ListsError::Time {
                reference: self.reference.clone(),
                field,
                cure: format!("“{text}” {cure}"),
            })
        };
        let from = time("from", &self.from)?;
        let until = self.until.as_deref().map(|text| time("until", text)).transpose()?;
        Ok(PowerAuthority {
            from,
            until,
            reference: self.reference,
            title: self.title,
            powers: self.powers,
            area: self.area,
            locality: self.locality,
            authorised_by: self.authorised_by,
        })
    }
}

impl From<&PowerAuthority> for GivenAuthority {
    fn from(it: &PowerAuthority) -> Self {
        Self {
            reference: it.reference.clone(),
            title: it.title.clone(),
            powers: it.powers.clone(),
            area: it.area.clone(),
            locality: it.locality.clone(),
            from: iso(it.from),
            until: it.until.map(iso),
            authorised_by: it.authorised_by.clone(),
        }
    }
}

/// Reads a file of authorities, a JSON array.
///
/// # Errors
/// [`ListsError::Unreadable`] with the line, [`ListsError::Time`], [`ListsError::Empty`].
pub fn read(text: &str) -> Result<Vec<PowerAuthority>, ListsError> {
    let given: Vec<GivenAuthority> = lists::read_items(text, "write at least one authority")?;
    given.into_iter().map(GivenAuthority::read).collect()
}

/// Puts authorities into the edition in force and publishes it. Gives the edition, and whether it is a new one.
///
/// # Errors
/// [`ListsError::Unfit`] naming the field and the cure; what the database says. Then nothing is changed.
pub async fn import(
    storage: &dyn Storage,
    given: Vec<PowerAuthority>,
    at: Millis,
) -> Result<(Edition, bool), ListsError> {
    let areas = Areas::in_force(storage).await?;
    let edition = lists::current(storage).await?.with_authorities(given, at, |code| areas.has(code))?;
    let is_new = lists::publish(storage, &edition, at).await?;
    Ok((edition, is_new))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_misspelt_field_is_not_passed_over() {
        let text = r#"[{"reference":"S34-1","title":"Tonight","powers":["PW_S34_35_DISPERSAL"],
            "from":"2026-11-27 21:00","untill":"2026-11-28 05:00"}]"#;
        let words = read(text).unwrap_err().to_string();
        assert!(words.contains("line 2") && words.contains("untill"), "{words}");
    }
}
