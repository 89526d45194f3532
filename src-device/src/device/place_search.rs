//! Searching places by words: the areas central sent, and where this officer was lately.

use beatbook_domain::place::areas::{Area, AreaIndex, AreaLevel};
use beatbook_domain::place::{AreasFound, FoundArea, PlaceStamp, Precision, stamp};
use beatbook_protocol::ipc::{AppError, PlaceFound, PlacesFound, SearchPlaces};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::{Device, Handle};
use crate::words;

/// Recent places shown, at most.
const RECENT: usize = 8;
/// Entries looked at for recent places.
const RECENT_ENTRIES: u32 = 60;

impl Handle<SearchPlaces> for Device {
    async fn handle(&self, command: SearchPlaces) -> Result<PlacesFound, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let limit = command.limit.clamp(1, 50) as usize;
        let typed = words_of(&command.text);
        let areas = context.areas.as_deref().map(|index| search(index, &typed, limit)).unwrap_or_default();
        let recent = session
            .read(move |store| {
                let rows = store.newest_found(RECENT_ENTRIES)?;
                let places = rows.iter().filter_map(|row| row.parse()?.body?.place().cloned());
                Ok::<_, AppError>(recent(places, &typed))
            })
            .await?;
        Ok(PlacesFound { recent, areas })
    }
}

/// Those that fit what is typed, distinct by what they are called, newest first. No exact fix goes along.
fn recent(places: impl Iterator<Item = PlaceStamp>, typed: &[String]) -> Vec<PlaceStamp> {
    let mut found: Vec<PlaceStamp> = Vec::new();
    for place in places.map(|place| place.cut_to(Precision::Square)) {
        let Some(label) = place.label() else { continue };
        let known = found.iter().any(|other| other.label() == Some(label));
        if !known && fit(&words_of(label), typed).is_some() {
            found.push(place);
        }
        if found.len() == RECENT {
            break;
        }
    }
    found
}

/// As it is compared: lower case, accents taken off, letters and figures only. An apostrophe is no gap.
fn words_of(text: &str) -> Vec<String> {
    let plain: String = text
        .nfd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '’' | '\''))
        .flat_map(char::to_lowercase)
        .collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// How well a name fits: every word typed begins a word of it; the earlier and the fuller, the better (smaller).
fn fit(name: &[String], typed: &[String]) -> Option<(usize, usize)> {
    let first = typed
        .iter()
        .map(|word| name.iter().position(|have| have.starts_with(word.as_str())))
        .collect::<Option<Vec<_>>>()?;
    Some((first.first().copied().unwrap_or(0), name.len()))
}

fn search(index: &AreaIndex, typed: &[String], limit: usize) -> Vec<PlaceFound> {
    if typed.is_empty() {
        return Vec::new();
    }
    let levels = [AreaLevel::Patrol, AreaLevel::Ward, AreaLevel::District, AreaLevel::Lsoa];
    let mut found: Vec<(usize, (usize, usize), PlaceFound)> = Vec::new();
    for (rank, level) in levels.into_iter().enumerate() {
        for area in index.set().level(level) {
            if let Some(fits) = fit(&words_of(&area.name), typed) {
                found.push((rank, fits, place_of(index, level, area)));
            }
        }
    }
    found.sort_by(|a, b| (a.1.0, a.0, a.1.1, &a.2.name).cmp(&(b.1.0, b.0, b.1.1, &b.2.name)));
    found.into_iter().map(|(_, _, place)| place).take(limit).collect()
}

fn place_of(index: &AreaIndex, level: AreaLevel, area: &Area) -> PlaceFound {
    let set = index.set();
    let found = set.chosen(&area.code).filter(|_| level == AreaLevel::Patrol).unwrap_or_else(|| {
        let own = Some(FoundArea { area: area.to_ref(), approximate: false });
        let mut found = AreasFound { area_set: set.version, ..AreasFound::default() };
        match level {
            AreaLevel::District => found.district = own,
            AreaLevel::Ward => found.ward = own,
            AreaLevel::Lsoa => found.lsoa = own,
            AreaLevel::Patrol => found.patrol = own,
        }
        if matches!(level, AreaLevel::Ward | AreaLevel::Lsoa) {
            found.district = area
                .parent
                .as_ref()
                .and_then(|code| set.get(AreaLevel::District, code))
                .map(|district| FoundArea { area: district.to_ref(), approximate: false });
        }
        found
    });
    let place = stamp(Precision::Square, None, Some(&found), None);
    PlaceFound { level: level_word(level).to_owned(), name: area.name.clone(), place }
}

fn level_word(level: AreaLevel) -> &'static str {
    match level {
        AreaLevel::Patrol => words::PATROL_AREA,
        AreaLevel::Ward => words::WARD,
        AreaLevel::District => words::DISTRICT,
        AreaLevel::Lsoa => words::NEIGHBOURHOOD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_words_and_an_apostrophe_is_no_gap() {
        assert_eq!(words_of("King’s Lynn"), ["kings", "lynn"]);
        assert_eq!(words_of("KÍNG'S L\u{79}\u{301}nn"), ["kings", "lynn"]);
        let name = words_of("Prince of Wales Road");
        assert_eq!(fit(&name, &words_of("prin wal")), Some((0, 4)));
        assert_eq!(fit(&name, &words_of("wales")), Some((2, 4)));
        assert_eq!(fit(&name, &words_of("ales")), None);
    }
}
