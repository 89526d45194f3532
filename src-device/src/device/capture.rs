//! Drafts and entries: opening, keeping as typed, discarding, saving in one commit, and undoing.

use beatbook_domain::check::{self, Severity};
use beatbook_domain::entry::{
    Body, Change, DraftDiscarded, DraftForm, EngagementDraft, Entry, HeadLink, Kind, Relation, UNDO,
    Withdrawal,
};
use beatbook_domain::id::{Code, EntryId, Link};
use beatbook_domain::place::{PlaceStamp, Precision};
use beatbook_domain::shift;
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::ipc::{
    AppError, DiscardDraft, DraftKept, DraftView, ErrorCode, KeepDraft, LocatePlace, OpenDraft, SaveDraft,
    SavedView, TodayView, UndoSave,
};
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::entries::{load_shift, open_shift};
use super::error::{not_found, not_now};
use super::movement::OfShift;
use super::session::Undo;
use super::views::Folded;
use super::{Device, Handle};
use crate::place;
use crate::store::append::new_entry_id;
use crate::store::drafts::Draft;
use crate::store::{Chain, NewRevision, Store, StoreError, settings};

/// For how long a save may be taken back, milliseconds.
const UNDO_MS: i64 = 10_000;

/// What goes forward into the next form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Carried {
    engagement_type: Option<Code>,
    place: Option<PlaceStamp>,
}

impl Handle<OpenDraft> for Device {
    async fn handle(&self, command: OpenDraft) -> Result<DraftView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let fix = self.inner.config.positions.newest();
        // Where there is a fresh fix it goes before the last place.
        let here = place::locate(&LocatePlace::Here, fix, context.areas.as_deref())?.place;
        session
            .read(move |store| {
                let draft = match command {
                    OpenDraft::Kept(entry) => {
                        store.draft(entry)?.ok_or_else(|| not_found("This draft is not there any more."))?
                    }
                    OpenDraft::NewEngagement | OpenDraft::NewConcern => {
                        new_draft(store, matches!(command, OpenDraft::NewConcern), here, now)?
                    }
                };
                view(store, &draft, now)
            })
            .await
    }
}

fn new_draft(
    store: &mut Store,
    concern: bool,
    here: Option<PlaceStamp>,
    now: Millis,
) -> Result<Draft, AppError> {
    let carried: Carried = store.setting(settings::CARRIED)?.unwrap_or_default();
    let place = here.or(carried.place);
    let mut form = if concern {
        DraftForm::Concern(beatbook_domain::entry::ConcernDraft::default())
    } else {
        DraftForm::Engagement(EngagementDraft {
            engagement_type: carried.engagement_type,
            ..EngagementDraft::default()
        })
    };
    form.set_place(place);
    let base_rid = store.newest_rid()?;
    let draft =
        Draft { entry_id: new_entry_id(now), form, opened_at: now, kept_at: now, occurred_at: now, base_rid };
    store.keep_draft(&draft)?;
    Ok(draft)
}

fn view(store: &mut Store, draft: &Draft, now: Millis) -> Result<DraftView, AppError> {
    let number = match open_shift(store, now)? {
        Some(shift_id) => {
            let folded = load_shift(store, shift_id)?;
            let records = shift::read(&folded.entries, shift_id).map_or(0, |shift| shift.records.len());
            u32::try_from(records).unwrap_or(u32::MAX)
        }
        None => 0,
    };
    Ok(DraftView {
        entry_id: draft.entry_id,
        form: draft.form.clone(),
        opened_at: draft.opened_at,
        kept_at: draft.kept_at,
        occurred_at: draft.occurred_at,
        number: number.saturating_add(1),
    })
}

impl Handle<KeepDraft> for Device {
    async fn handle(&self, command: KeepDraft) -> Result<DraftKept, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let problems = check::form(&command.form, &context.edition, now);
        session
            .save(move |store| {
                let held = store.draft(command.entry_id)?;
                let Some(held) = held else {
                    return Err(not_found("This draft was saved or discarded already."));
                };
                store.keep_draft(&Draft {
                    form: command.form,
                    occurred_at: command.occurred_at,
                    kept_at: now,
                    ..held
                })?;
                Ok::<(), AppError>(())
            })
            .await?;
        Ok(DraftKept { kept_at: now, problems })
    }
}

impl Handle<DiscardDraft> for Device {
    async fn handle(&self, command: DiscardDraft) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let now = session.now();
        session
            .save(move |store| {
                let draft = store
                    .draft(command.entry_id)?
                    .ok_or_else(|| not_found("This draft is not there any more."))?;
                let body = Body::DraftDiscarded(DraftDiscarded {
                    kind: Code::new(draft.form.kind().name()),
                    opened_at: draft.opened_at,
                });
                let mut mark = NewRevision::first(new_entry_id(now), Kind::DraftDiscarded, now, body);
                mark.shift_id = open_shift(store, now)?;
                // The mark first: a draft that is gone without one would be a hole.
                store.append(Chain::Record, &[mark])?;
                store.drop_draft(command.entry_id)?;
                Ok::<(), AppError>(())
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

impl Handle<SaveDraft> for Device {
    async fn handle(&self, command: SaveDraft) -> Result<SavedView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let bodies = checked(&command, &context, now)?;
        let (saved, undo) = session.save(move |store| save(store, command, bodies, now)).await?;
        if let Some(undo) = undo {
            let form = undo.draft.clone();
            session.keep_undo(undo);
            // After the commit, and not waited for: dropping the draft and carrying forward may fail or be cut off.
            session
                .read(move |store| {
                    store.drop_draft(form.entry_id)?;
                    carry(store, &form.form)
                })
                .await
                .unwrap_or_else(
                    |error| tracing::warn!(%error, "a draft could not be put away after its save"),
                );
        }
        self.changed();
        Ok(saved)
    }
}

/// The bodies of a form that may be sealed.
fn checked(
    command: &SaveDraft,
    context: &Context,
    now: Millis,
) -> Result<beatbook_domain::entry::BodiesOfDraft, AppError> {
    let problems = check::form(&command.form, &context.edition, now);
    let blocking: Vec<_> =
        problems.into_iter().filter(|problem| problem.severity == Severity::Block).collect();
    if let Some(first) = blocking.first() {
        let words = format!("{}. What you typed is kept.", first.code.words());
        return Err(AppError { problems: blocking, ..AppError::new(ErrorCode::Invalid, words) });
    }
    let on = local(command.occurred_at).date_naive();
    command.form.bodies(&context.edition, on, now).map_err(|problems| AppError {
        problems,
        ..AppError::new(ErrorCode::Invalid, "Some answers are missing. What you typed is kept.")
    })
}

fn save(
    store: &mut Store,
    command: SaveDraft,
    bodies: beatbook_domain::entry::BodiesOfDraft,
    now: Millis,
) -> Result<(SavedView, Option<Undo>), AppError> {
    let Some(held) = store.draft(command.entry_id)? else {
        return Ok((already_saved(store, &command, now)?, None));
    };
    let earlier = Folded::new(store.revisions_of_entry(command.entry_id)?);
    let of_shift = match open_shift(store, now)? {
        Some(shift_id) => {
            let folded = load_shift(store, shift_id)?;
            shift::read(&folded.entries, shift_id).map(|shift| OfShift::new(&shift))
        }
        None => None,
    };
    let kind = command.form.kind();
    let main = revision(&earlier, command.entry_id, kind, command.occurred_at, bodies.main, of_shift);
    let mut new = vec![main];
    if let Some(handout) = bodies.handout {
        // Saved again after an undo: the same handout entry, not a second one.
        let known = handout_of(store, of_shift, command.entry_id)?;
        let handouts = known.unwrap_or_else(|| Folded::new([]));
        let entry_id = handouts.entries.first().map_or_else(|| new_entry_id(now), |entry| entry.entry_id);
        let mut given = revision(
            &handouts,
            entry_id,
            Kind::Handout,
            command.occurred_at,
            Body::Handout(handout),
            of_shift,
        );
        given.links =
            vec![HeadLink { relation: Relation::AroseFrom, entry_id: command.entry_id, link: None }];
        new.push(given);
    }
    let written = store.append(Chain::Record, &new)?;
    let saved_at = written.first().map_or(now, |written| written.written_at);
    let until = saved_at.plus(UNDO_MS);
    let undo = Undo {
        draft: Draft { form: command.form, occurred_at: command.occurred_at, kept_at: now, ..held },
        saved: written
            .iter()
            .zip(&new)
            .map(|(written, new)| (written.entry_id, written.link, new.kind))
            .collect(),
        until,
    };
    let entries = written.iter().map(|written| written.entry_id).collect();
    Ok((SavedView { entries, saved_at, undo_until: until }, Some(undo)))
}

/// Finishing twice is one entry: the second Save finds the first one's revision and answers the same.
fn already_saved(store: &mut Store, command: &SaveDraft, now: Millis) -> Result<SavedView, AppError> {
    let folded = Folded::new(store.revisions_of_entry(command.entry_id)?);
    let Some(entry) = folded.entry(command.entry_id) else {
        return Err(not_found("This draft is not there any more."));
    };
    let saved_at = entry.current().head.written_at;
    Ok(SavedView { entries: vec![entry.entry_id], saved_at, undo_until: saved_at.plus(UNDO_MS).min(now) })
}

/// A first revision, or the one that follows what was taken back.
fn revision(
    earlier: &Folded,
    entry_id: EntryId,
    kind: Kind,
    at: Millis,
    mut body: Body,
    of_shift: Option<OfShift>,
) -> NewRevision {
    let before = earlier.entry(entry_id);
    if before.is_some() {
        body.set_reason(UNDO.to_owned());
    }
    let mut new = NewRevision::first(entry_id, kind, at, body);
    if let Some(before) = before {
        new.change = Change::Corrects;
        new.revises = newest(before);
    }
    match of_shift {
        Some(of_shift) => of_shift.mark(new),
        None => new,
    }
}

fn newest(entry: &Entry) -> Vec<Link> {
    entry.newest().map(|revision| revision.link).collect()
}

/// The handout that arose from an entry, if one did.
fn handout_of(
    store: &mut Store,
    of_shift: Option<OfShift>,
    from: EntryId,
) -> Result<Option<Folded>, StoreError> {
    let Some(of_shift) = of_shift else { return Ok(None) };
    let around = Folded::new(store.revisions_of_shift(of_shift.shift_id)?);
    let handout = around
        .entries
        .iter()
        .find(|entry| {
            entry.kind() == Kind::Handout && entry.first().head.links.iter().any(|l| l.entry_id == from)
        })
        .map(|entry| entry.entry_id);
    handout.map(|handout| store.revisions_of_entry(handout).map(Folded::new)).transpose()
}

/// Keeps what the next form begins with. The exact fix does not go along.
fn carry(store: &mut Store, form: &DraftForm) -> Result<(), StoreError> {
    let mut carried: Carried = store.setting(settings::CARRIED)?.unwrap_or_default();
    carried.place = form.place().cloned().map(|place| place.cut_to(Precision::Square));
    if let DraftForm::Engagement(engagement) = form {
        carried.engagement_type.clone_from(&engagement.engagement_type);
    }
    store.set_setting(settings::CARRIED, &carried)
}

impl Handle<UndoSave> for Device {
    async fn handle(&self, command: UndoSave) -> Result<DraftView, AppError> {
        let session = self.session()?;
        let now = session.now();
        let undo = session.take_undo(command.entry_id).ok_or_else(|| {
            not_now("The ten seconds are over. Correct the entry instead; both versions are kept.")
        })?;
        let view = session
            .save(move |store| {
                let mut new = Vec::new();
                for (entry_id, link, kind) in &undo.saved {
                    let folded = Folded::new(store.revisions_of_entry(*entry_id)?);
                    let Some(entry) = folded.entry(*entry_id) else { continue };
                    let head = &entry.current().head;
                    let body = Body::Withdrawal(Withdrawal { reason: UNDO.to_owned() });
                    let mut taken_back = NewRevision::first(*entry_id, *kind, head.occurred_at, body);
                    taken_back.change = Change::Withdraws;
                    taken_back.revises = vec![*link];
                    taken_back.links.clone_from(&head.links);
                    taken_back.shift_id = head.shift_id;
                    taken_back.unit_id = head.unit_id;
                    new.push(taken_back);
                }
                store.append(Chain::Record, &new)?;
                let draft = Draft { base_rid: store.newest_rid()?, kept_at: now, ..undo.draft };
                store.keep_draft(&draft)?;
                view(store, &draft, now)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}
