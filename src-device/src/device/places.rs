//! Places: the newest fix, an area of the list, or what is typed; and when each area was last visited, as known here.

use std::collections::BTreeMap;
use std::sync::Arc;

use beatbook_domain::entry::Kind;
use beatbook_domain::id::Code;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::ipc::{AppError, ListPlaces, LocatePlace, PlaceView, PlacesView};

use super::shift_load::open_shift;
use super::tasked::Tonight;
use super::views::Folded;
use super::{Device, Handle};
use crate::place::{self, LastVisit};
use crate::store::{Store, StoreError};

/// How far back visits are looked for: an area nobody visited for a day is as long unvisited as can be said.
const VISITS_BACK_MS: i64 = DAY_MS;
/// The most visit revisions read.
const VISITS_MOST: u32 = 2_000;

impl Handle<LocatePlace> for Device {
    async fn handle(&self, command: LocatePlace) -> Result<PlaceView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let fix = self.inner.config.positions.newest();
        let mut view = place::locate(&command, fix, context.areas.as_deref())?;
        if command == LocatePlace::Here {
            let age = fix.and_then(|fix| fix.fixed_at).map(|at| session.now().since(at).max(0) / 1_000);
            view.age_s = age.and_then(|seconds| u32::try_from(seconds).ok());
        }
        Ok(view)
    }
}

impl Handle<ListPlaces> for Device {
    async fn handle(&self, _command: ListPlaces) -> Result<PlacesView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let of = Arc::clone(&context);
        let (last, planned, heard) = session
            .read(move |store| {
                let planned = Tonight::load(store, &of, now)?.planned_here(&of, now);
                Ok::<_, AppError>((last_visits(store, now)?, planned, store.last_answer()?.at))
            })
            .await?;
        let as_known = (heard.0 > 0).then_some(heard);
        Ok(place::list(context.areas.as_deref(), &last, &planned, as_known, now))
    }
}

/// When each area was last visited, as far as this phone knows. A visit of the officer's own that runs counts as now;
/// another crew's as when it was last heard of, because what ended it may still be on their phone.
fn last_visits(store: &mut Store, now: Millis) -> Result<BTreeMap<Code, LastVisit>, StoreError> {
    let me = store.identity().officer.officer;
    // What the officer had running ended with their shift.
    let on_shift = open_shift(store, now)?.is_some();
    let kinds = [Kind::VisitStarted, Kind::VisitEnded];
    let rows = store.revisions_of_kinds(&kinds, None, now.plus(-VISITS_BACK_MS), VISITS_MOST)?;
    let mut last: BTreeMap<Code, LastVisit> = BTreeMap::new();
    for entry in Folded::new(rows).entries.iter().filter(|entry| !entry.is_withdrawn()) {
        let head = &entry.current().head;
        let Some(area) = head.area.clone() else { continue };
        let mine = entry.first().head.author == me;
        let running = mine && on_shift;
        let at = Some(match head.occurred_until {
            Some(until) => until,
            None if running => now,
            None => head.occurred_at.max(head.written_corrected()).min(now),
        });
        let visits = last.entry(area).or_default();
        visits.by_anyone = visits.by_anyone.max(at);
        if mine {
            visits.by_me = visits.by_me.max(at);
        }
    }
    Ok(last)
}
