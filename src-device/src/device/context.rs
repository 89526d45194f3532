//! What views need besides the entries: who is who, the lists in force, the areas. Made anew when reference data came.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use beatbook_domain::code_list::{CodeRef, Edition, built_in};
use beatbook_domain::id::{Code, OfficerId};
use beatbook_domain::place::areas::{AreaIndex, AreaLevel, Rhythm};
use beatbook_domain::summary::Setting;
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::sync::OfficerRow;

use crate::store::reference::assemble_parts;
use crate::store::{StoreError, StoreOwner};
use crate::words;

/// Reference data as it stands.
pub(super) struct Context {
    version: u64,
    /// The officer whose notebook it is.
    pub me: OfficerRow,
    /// All officers known, by collar number.
    pub officers: Vec<OfficerRow>,
    titles: BTreeMap<OfficerId, String>,
    /// The code lists in force.
    pub edition: Arc<Edition>,
    /// The areas, once a set is here whole.
    pub areas: Option<Arc<AreaIndex>>,
    /// What the owners of the areas expect, and who is of which team.
    pub setting: Setting,
}

impl Context {
    /// An officer as shown: `PC 1482`.
    pub(super) fn title(&self, officer: OfficerId) -> String {
        self.titles.get(&officer).cloned().unwrap_or_else(|| words::OFFICER_UNKNOWN.to_owned())
    }

    /// A code of a list as a record keeps it, on the day of `at`.
    pub(super) fn code(&self, list: &str, code: &Option<Code>, at: Millis) -> Option<CodeRef> {
        let on = local(at).date_naive();
        code.as_ref().map(|code| self.edition.code_ref_or_unknown(list, code, on))
    }

    /// The name of a patrol area.
    pub(super) fn area_name(&self, code: &Code) -> String {
        self.areas
            .as_ref()
            .and_then(|index| index.set().get(AreaLevel::Patrol, code).map(|area| area.name.clone()))
            .unwrap_or_else(|| code.as_str().to_owned())
    }

    /// The visit band of a patrol area in minutes, as its owner set it; the common one where the area is not known.
    pub(super) fn band(&self, code: &Code) -> (u32, u32) {
        self.setting.rhythms.band(code)
    }

    /// For how many minutes a phone may be silent in a patrol area, as its owner set it; the common time where the area is
    /// not known.
    pub(super) fn silence_min(&self, code: Option<&Code>) -> u32 {
        code.map_or_else(Rhythm::default, |code| self.rhythm(code)).silence_min
    }

    fn rhythm(&self, code: &Code) -> Rhythm {
        self.areas
            .as_ref()
            .and_then(|index| index.set().get(AreaLevel::Patrol, code).and_then(|area| area.rhythm.clone()))
            .unwrap_or_default()
    }
}

/// Keeps the context until reference data changes.
#[derive(Default)]
pub(super) struct ContextCache {
    held: Mutex<Option<Arc<Context>>>,
}

impl ContextCache {
    /// The context as it stands now.
    pub(super) async fn get(&self, owner: &StoreOwner) -> Result<Arc<Context>, StoreError> {
        let held = self.held();
        let known = held.as_ref().map(|context| context.version);
        let loaded = owner
            .read(move |store| {
                let version = store.reference_version();
                if known == Some(version) {
                    return Ok(None);
                }
                let me = store.identity().officer.clone();
                Ok(Some((version, me, store.officers()?, store.lists()?, store.whole_area_sets()?)))
            })
            .await?;
        let (version, me, officers, lists, area_sets) = match (loaded, held.as_ref()) {
            (Some(loaded), _) => loaded,
            (None, Some(held)) => return Ok(Arc::clone(held)),
            (None, None) => return Err(StoreError::Closed),
        };
        let held_areas = held.and_then(|context| context.areas.clone());
        let areas = areas(owner, held_areas, &area_sets).await?;
        let own = officers.iter().find(|row| row.officer == me.officer).cloned();
        let me = own.unwrap_or(me);
        let titles = officers.iter().chain([&me]).map(|row| (row.officer, row.title())).collect();
        // The edition that ships is for the first start; what central sent goes before it.
        let edition = Arc::new(lists.unwrap_or_else(|| built_in().clone()));
        let teams = officers.iter().chain([&me]).filter_map(|row| Some((row.officer, row.team?))).collect();
        let rhythms = areas.as_ref().map(|index| index.set().rhythms()).unwrap_or_default();
        let setting = Setting { rhythms, teams };
        let context = Arc::new(Context { version, me, officers, titles, edition, areas, setting });
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&context));
        Ok(context)
    }

    fn held(&self) -> Option<Arc<Context>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The newest whole set as an index; the one already held where it is that.
async fn areas(
    owner: &StoreOwner,
    held: Option<Arc<AreaIndex>>,
    versions: &[u32],
) -> Result<Option<Arc<AreaIndex>>, StoreError> {
    for version in versions.iter().copied() {
        if held.as_ref().is_some_and(|index| index.set().version == version) {
            return Ok(held);
        }
        let parts = owner.read(move |store| store.area_parts(version)).await?;
        // Checking the hash and building the index takes longer than a save should wait.
        let built = tokio::task::spawn_blocking(move || assemble_parts(&parts).map(AreaIndex::new)).await;
        match built {
            Ok(Some(index)) => {
                owner.read(move |store| store.drop_area_sets_before(version)).await?;
                return Ok(Some(Arc::new(index)));
            }
            Ok(None) | Err(_) => owner.read(move |store| store.drop_damaged_area_set(version)).await?,
        }
    }
    Ok(held)
}
