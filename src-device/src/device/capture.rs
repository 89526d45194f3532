//! Drafts: opening, keeping as typed, discarding, and what goes forward into the next form.

use beatbook_domain::check;
use beatbook_domain::entry::{Body, Circumstances, DraftDiscarded, DraftForm, Kind};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::place::{PlaceStamp, Precision};
use beatbook_domain::shift;
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::ipc::{
    AppError, DiscardDraft, DraftKept, DraftView, KeepDraft, LocatePlace, OpenDraft, TodayView,
};
use serde::{Deserialize, Serialize};

use super::amend;
use super::context::Context;
use super::duties::is_duty;
use super::entries::{load_shift, open_shift};
use super::error::{not_found, not_now};
use super::views::Folded;
use super::{Device, Handle};
use super::{planner, visits};
use crate::place;
use crate::store::append::new_entry_id;
use crate::store::drafts::Draft;
use crate::store::{Chain, NewRevision, Store, StoreError, settings};
use crate::words;

/// What goes forward into the next form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Carried {
    engagement_type: Option<Code>,
    /// Where the officer last was, to the 100 m square.
    pub place: Option<PlaceStamp>,
}

/// Keeps what the next form begins with. The exact fix does not go along.
pub(super) fn carry(store: &mut Store, form: &DraftForm) -> Result<(), StoreError> {
    if form.kind().is_of_tasking() {
        return Ok(());
    }
    let mut carried = carried(store)?;
    carried.place = form.place().cloned().map(|place| place.cut_to(Precision::Square));
    if let DraftForm::Engagement(engagement) = form {
        carried.engagement_type.clone_from(&engagement.engagement_type);
    }
    store.set_setting(settings::CARRIED, &carried)
}

/// What the next form begins with.
pub(super) fn carried(store: &mut Store) -> Result<Carried, StoreError> {
    Ok(store.setting(settings::CARRIED)?.unwrap_or_default())
}

impl Device {
    /// Where the officer is, if there is a fresh fix: it goes before the last place.
    pub(super) fn here(&self, context: &Context) -> Result<Option<PlaceStamp>, AppError> {
        let fix = self.inner.config.positions.newest();
        Ok(place::locate(&LocatePlace::Here, fix, context.areas.as_deref())?.place)
    }
}

impl Handle<OpenDraft> for Device {
    async fn handle(&self, command: OpenDraft) -> Result<DraftView, AppError> {
        let session = self.session()?;
        if let OpenDraft::Amend(entry) = &command {
            session.may_read_entry(*entry).await?;
        }
        let context = session.context().await?;
        let now = session.now();
        let here = self.here(&context)?;
        session
            .read(move |store| {
                let draft = match command {
                    OpenDraft::Kept(entry) => {
                        store.draft(entry)?.ok_or_else(|| not_found(words::DRAFT_GONE))?
                    }
                    OpenDraft::Amend(entry) => amend::reopened(store, entry, &context, now)?,
                    OpenDraft::NewTasking(copy) => planner::new_draft(store, copy, &context, now)?,
                    OpenDraft::NewEngagement => {
                        new_draft(store, Kind::Engagement, None, here, &context, now)?
                    }
                    OpenDraft::NewConcern => new_draft(store, Kind::Concern, None, here, &context, now)?,
                    OpenDraft::NewHandout => new_draft(store, Kind::Handout, None, here, &context, now)?,
                    OpenDraft::NewEvent => new_draft(store, Kind::Event, None, here, &context, now)?,
                    OpenDraft::NewPowerUse(from) => {
                        new_draft(store, Kind::PowerUse, from, here, &context, now)?
                    }
                    OpenDraft::NewReferral(from) => {
                        new_draft(store, Kind::Referral, from, here, &context, now)?
                    }
                };
                draft_view(store, &draft, now)
            })
            .await
    }
}

fn new_draft(
    store: &mut Store,
    kind: Kind,
    from: Option<EntryId>,
    here: Option<PlaceStamp>,
    context: &Context,
    now: Millis,
) -> Result<Draft, AppError> {
    let carried = carried(store)?;
    let mut form = DraftForm::empty(kind).ok_or_else(|| not_now(words::NO_FORM))?;
    form.set_place(here);
    if let Some(from) = from {
        let says = form_of(store, from)?;
        form.arise_from(from, says.as_ref(), &context.edition, local(now).date_naive());
    }
    if form.place().is_none() {
        form.set_place(carried.place);
    }
    match &mut form {
        DraftForm::Engagement(engagement) => engagement.engagement_type = carried.engagement_type,
        DraftForm::Concern(concern) => concern.plain_clothes = in_plain_clothes(store, context, now)?,
        DraftForm::PowerUse(power) => power.plain_clothes = in_plain_clothes(store, context, now)?,
        _ => {}
    }
    let draft = Draft {
        entry_id: new_entry_id(now),
        form,
        opened_at: now,
        kept_at: now,
        told: Circumstances::now(now),
        from_note: false,
        base_rid: store.newest_rid()?,
    };
    store.keep_draft(&draft)?;
    Ok(draft)
}

/// What a draft or an entry of one's own says, as a form.
fn form_of(store: &mut Store, entry: EntryId) -> Result<Option<DraftForm>, StoreError> {
    if let Some(draft) = store.draft(entry)? {
        return Ok(Some(draft.form));
    }
    let folded = Folded::new(store.revisions_of_entry(entry)?);
    let body = folded.entry(entry).and_then(|entry| entry.current().body.as_ref());
    Ok(body.and_then(|body| DraftForm::reopened(body, None)))
}

/// Whether the officer's running leg is one in plain clothes.
fn in_plain_clothes(store: &mut Store, context: &Context, now: Millis) -> Result<bool, StoreError> {
    let Some(shift_id) = open_shift(store, now)? else { return Ok(false) };
    let folded = load_shift(store, shift_id)?;
    let shift = shift::read(&folded.entries, shift_id);
    Ok(shift.is_some_and(|shift| visits::in_plain_clothes(&shift, context)))
}

/// A draft in its form.
pub(super) fn draft_view(store: &mut Store, draft: &Draft, now: Millis) -> Result<DraftView, AppError> {
    let number = match open_shift(store, now)? {
        Some(shift_id) => {
            let folded = load_shift(store, shift_id)?;
            let shift = shift::read(&folded.entries, shift_id);
            let records = shift.map_or(0, |it| it.records.iter().filter(|entry| !is_duty(entry)).count());
            u32::try_from(records).unwrap_or(u32::MAX)
        }
        None => 0,
    };
    Ok(DraftView {
        entry_id: draft.entry_id,
        form: draft.form.clone(),
        opened_at: draft.opened_at,
        kept_at: draft.kept_at,
        told: draft.told.clone(),
        from_note: draft.from_note,
        number: number.saturating_add(1),
    })
}

impl Handle<KeepDraft> for Device {
    async fn handle(&self, command: KeepDraft) -> Result<DraftKept, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let problems = check::form(&command.form, &command.told, &context.edition, now);
        session
            .save(move |store| {
                let held = store.draft(command.entry_id)?;
                let Some(held) = held else {
                    return Err(not_found(words::DRAFT_SETTLED));
                };
                // What a form corrects is not for the form to say.
                let mut told = Circumstances { amends: held.told.amends.clone(), ..command.told };
                if told.is_amendment() {
                    told.access = held.told.access;
                }
                store.keep_draft(&Draft { form: command.form, told, kept_at: now, ..held })?;
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
                let draft = store.draft(command.entry_id)?.ok_or_else(|| not_found(words::DRAFT_GONE))?;
                let body = Body::DraftDiscarded(DraftDiscarded {
                    kind: Code::new(draft.form.kind().name()),
                    opened_at: draft.opened_at,
                });
                let mut mark = NewRevision::first(new_entry_id(now), Kind::DraftDiscarded, now, body);
                mark.shift_id = open_shift(store, now)?;
                // The mark first: a draft that is gone without one would be a hole.
                store.append(Chain::Record, &[mark])?;
                store.drop_draft(command.entry_id)?;
                store.drop_photos_nobody_names(draft.form.photo())?;
                if !draft.told.is_amendment() {
                    store.drop_slip(command.entry_id)?;
                }
                Ok::<(), AppError>(())
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}
