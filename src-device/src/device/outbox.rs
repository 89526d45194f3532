//! The outbox: what is on this phone, what has left it, what the server has confirmed.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_protocol::ipc::{
    AppError, EntryRow, EntryState, GetOutbox, OutboxView, PhotoOnItsWay, PillView, QueueAgain, SendNow,
    SendNowView,
};
use beatbook_words::text;

use super::context::Context;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::outbox::Counted;
use crate::store::photos::PhotoItem;
use crate::store::rows::State;
use crate::store::{Store, StoreError};
use crate::sync::engine::percent;

/// Rows shown of what has not been received; the numbers count all.
const UNSENT_SHOWN: usize = 200;

/// The pill with its total.
pub(super) fn pill(store: &mut Store) -> Result<PillView, StoreError> {
    Ok(PillView { total: store.own_entry_count()?, ..store.outbox().pill() })
}

fn row(store: &mut Store, counted: Counted, context: &Context) -> Result<Option<EntryRow>, StoreError> {
    let (id, folded) = match counted {
        Counted::Entry(id) => (id, Folded::new(store.revisions_of_entry(id)?)),
        Counted::Patrol(id) => (id, Folded::new(store.revisions_of_shift(id)?)),
        Counted::Never => return Ok(None),
    };
    let outbox = store.outbox();
    Ok(match (counted, folded.entry(id)) {
        (Counted::Patrol(_), Some(shift)) => Some(folded.patrol_row(shift, outbox, context)),
        // A crew answer to a shift that is not here: shown as what it is.
        (Counted::Patrol(_), None) => {
            folded.entries.first().map(|entry| folded.entry_row(entry, outbox, context))
        }
        (_, entry) => entry.map(|entry| folded.entry_row(entry, outbox, context)),
    })
}

fn view(
    store: &mut Store,
    received_limit: u32,
    context: &Context,
) -> Result<(PillView, Vec<EntryRow>, Vec<EntryRow>), StoreError> {
    let pill = pill(store)?;
    let unsent: BTreeMap<Counted, i64> = store
        .outbox()
        .items()
        .filter(|item| item.counted != Counted::Never)
        .map(|item| (item.counted, item.rid))
        .collect();
    // What waits for its photo alone stands below what waits as a whole.
    let mut unsent = unsent;
    for photo in &store.outbox().photos {
        unsent.entry(photo.counted).or_insert(0);
    }
    let mut newest_first: Vec<(Counted, i64)> =
        unsent.iter().map(|(counted, rid)| (*counted, *rid)).collect();
    newest_first.sort_by_key(|(_, rid)| std::cmp::Reverse(*rid));
    let mut open = Vec::new();
    for (counted, _) in newest_first.iter().take(UNSENT_SHOWN) {
        open.extend(row(store, *counted, context)?);
    }
    let mut received = Vec::new();
    let mut seen: BTreeSet<Counted> = unsent.keys().copied().collect();
    // An entry has a few revisions and housekeeping lies between them: several rows for each that is shown.
    for stored in store.newest_own(received_limit.saturating_mul(8))? {
        if received.len() >= received_limit as usize {
            break;
        }
        let Some(revision) = stored.parse() else { continue };
        let counted = Counted::of(revision.head.kind, revision.head.entry_id, revision.head.shift_id);
        if counted == Counted::Never || stored.state != State::Received || !seen.insert(counted) {
            continue;
        }
        received.extend(row(store, counted, context)?);
    }
    Ok((pill, open, received))
}

impl Handle<GetOutbox> for Device {
    async fn handle(&self, command: GetOutbox) -> Result<OutboxView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        // What waits is always shown; what was received is reading.
        let limit = if session.reads().await?.stopped { 0 } else { command.received_limit.min(500) };
        let (pill, open, received) = session.read(move |store| view(store, limit, &context)).await?;
        let photos = session.read(|store| Ok::<_, StoreError>(photos(store))).await?;
        let mut open = open;
        for row in &mut open {
            if let Some(photo) = photos.iter().find(|photo| photo.entry_id == row.entry_id) {
                row.detail = match photo.words_received {
                    true => text!(photo_after_words, percent = photo.percent),
                    false => text!(photo_with_words, detail = row.detail.clone()),
                };
            }
        }
        let of = |pick: &dyn Fn(&EntryState) -> bool| -> Vec<EntryRow> {
            open.iter().filter(|row| pick(&row.state)).cloned().collect()
        };
        Ok(OutboxView {
            needs_you: of(&|state| matches!(state, EntryState::NeedsYou { .. })),
            waiting: of(&|state| matches!(state, EntryState::Saved | EntryState::Waiting)),
            sending: of(&|state| matches!(state, EntryState::Sending | EntryState::Sent)),
            received,
            received_total: pill.total.saturating_sub(pill.waiting),
            photos,
            under_way: session.under_way(),
            last_try: session.last_try(),
            server: host(&session.identity.server),
            now: session.now(),
            pill,
        })
    }
}

impl Handle<SendNow> for Device {
    async fn handle(&self, _command: SendNow) -> Result<SendNowView, AppError> {
        let session = self.session()?;
        let words = session.send_now().await;
        let pill = session.read(pill).await?;
        Ok(SendNowView { words, pill })
    }
}

/// Photos that follow their words.
fn photos(store: &Store) -> Vec<PhotoOnItsWay> {
    let outbox = store.outbox();
    let words_wait = |counted| outbox.items().any(|item| item.counted == counted);
    let row = |photo: &PhotoItem| match photo.counted {
        Counted::Entry(entry_id) => Some(PhotoOnItsWay {
            entry_id,
            words_received: !words_wait(photo.counted),
            percent: percent(photo.has, photo.bytes),
            bytes: photo.bytes,
        }),
        Counted::Patrol(_) | Counted::Never => None,
    };
    outbox.photos.iter().filter(|photo| photo.state != State::Refused).filter_map(row).collect()
}

impl Handle<QueueAgain> for Device {
    async fn handle(&self, command: QueueAgain) -> Result<SendNowView, AppError> {
        let session = self.session()?;
        let entry = command.entry_id;
        session.save(move |store| store.queue_again(entry)).await?;
        self.changed();
        self.handle(SendNow {}).await
    }
}

/// The host of an address, without scheme and port.
fn host(server: &str) -> Option<String> {
    let url: reqwest::Url = server.parse().ok()?;
    url.host_str().map(str::to_owned)
}
