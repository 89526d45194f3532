//! Duties: opened with the entry that asks for them, shown until a reference or a word discharges them.

use std::collections::BTreeSet;

use beatbook_domain::check::{Problem, ProblemCode};
use beatbook_domain::code_list::list;
use beatbook_domain::duty::{self, DutyStands, Holder, Step};
use beatbook_domain::entry::{
    Access, Body, Change, DutyBody, EndKind, Entry, HeadLink, Kind, Reference, Relation,
};
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::place::AreaRef;
use beatbook_domain::time::{DAY_MS, Millis, local};
use beatbook_protocol::ipc::{AppError, DischargeDuty, DutiesView, DutyRow, ListDuties, TodayView};

use super::context::Context;
use super::decisions::asked_rows;
use super::entries::open_shift;
use super::error::{not_found, not_now};
use super::handover::{Viewer, known_open, of_duty, word_body};
use super::references::{given, reference_given, write_given};
use super::revise::{follow, invalid, own};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{NewRevision, Store, StoreError};
use crate::words;

/// For how long a discharged duty is still listed.
const LISTED_MS: i64 = 7 * DAY_MS;
/// How long ago a duty listed as discharged may have been opened: body-worn video has a month.
const OPENED_MS: i64 = 40 * DAY_MS;
/// Most discharged duties listed.
const MOST_DISCHARGED: u32 = 200;

/// The revisions that what an entry now says makes of its duties. `known` holds everything that arose from it.
pub(super) fn settled(
    main: &NewRevision,
    known: &Folded,
    reason: &str,
    note: &str,
    context: &Context,
    now: Millis,
) -> Vec<NewRevision> {
    let me = context.me.officer;
    let own = |entry: &&Entry| {
        let head = &entry.first().head;
        is_duty(entry) && head.author == me && head.about.is_none()
    };
    let duties: Vec<&Entry> = known.entries.iter().filter(own).collect();
    let opened_for = |what: &str, due| DutyBody {
        team: context.me.team,
        area: area_of(main),
        ..duty::opened(what, due, &context.edition, now)
    };
    duty::settle(&main.body, main.occurred_at, &duties)
        .into_iter()
        .map(|step| match step {
            Step::Open { what, due } => opened(main, opened_for(what, due), now),
            Step::OpenAgain { duty, what, due } => {
                let body = DutyBody { reason: Some(reason.to_owned()), ..opened_for(what, due) };
                follow(duty, Change::Corrects, Body::Duty(body))
            }
            Step::Due { duty, body, due } => {
                let body = DutyBody { due, reason: Some(reason.to_owned()), ..body.clone() };
                follow(duty, Change::Corrects, Body::Duty(body))
            }
            Step::Discharge { duty, body } => {
                let reference = said_in(&main.body, &body.what.code, context, now);
                let note = reference.is_none().then(|| note.to_owned());
                discharged(duty, body, reference, note, now)
            }
        })
        .collect()
}

fn opened(main: &NewRevision, body: DutyBody, now: Millis) -> NewRevision {
    // It happened when it was opened: what it arose from may have happened long before.
    let mut new = NewRevision::first(new_entry_id(now), Kind::DutyOpened, now, Body::Duty(body));
    new.links = vec![HeadLink { relation: Relation::AroseFrom, entry_id: main.entry_id, link: None }];
    (new.shift_id, new.unit_id) = (main.shift_id, main.unit_id);
    // Nobody learns of it who may not read what it arose from.
    new.access = main.access;
    new
}

/// The force's own area of an entry, for whoever gets its duty and not the entry; no place that was typed.
fn area_of(main: &NewRevision) -> Option<AreaRef> {
    let place = main.body.place().filter(|_| main.access == Access::Team)?;
    [&place.area, &place.ward, &place.district].into_iter().flatten().next().cloned()
}

/// The reference a body holds already for a duty.
fn said_in(body: &Body, what: &Code, context: &Context, now: Millis) -> Option<Reference> {
    let value = body.reference_for(what)?.to_owned();
    let kind = context.code(list::REFERENCE, &duty::wants_reference(what).map(Code::new), now)?;
    Some(Reference { kind, value, at: None })
}

/// The revision that discharges a duty.
pub(super) fn discharged(
    entry: &Entry,
    body: &DutyBody,
    reference: Option<Reference>,
    note: Option<String>,
    now: Millis,
) -> NewRevision {
    let body = DutyBody { reference, note, reason: None, ..body.clone() };
    let mut done = follow(entry, Change::Continues, Body::Duty(body));
    done.kind = Kind::DutyDischarged;
    done.occurred_until = Some(now.max(done.occurred_at));
    done.end_kind = Some(EndKind::Stated);
    done
}

/// Whether an entry is a duty.
pub(super) fn is_duty(entry: &Entry) -> bool {
    entry.kind().is_duty()
}

/// The open duties among these.
pub(super) fn open_among(known: &Folded) -> Vec<DutyStands<'_>> {
    duty::duties(&known.entries).into_iter().filter(|duty| duty.open).collect()
}

/// Heading and place of an entry: nothing else may be read over a shoulder.
pub(super) fn line(entry: &Entry) -> String {
    if entry.is_narrow() {
        return words::NARROW_TITLE.to_owned();
    }
    let place = entry.current().body.as_ref().and_then(Body::place).and_then(|place| place.label());
    let title = entry.kind().title();
    place.map_or_else(|| title.to_owned(), |place| format!("{title} · {place}"))
}

/// Duties with what was said about them, and the entries they arose from.
pub(super) fn with_their_entries(
    store: &mut Store,
    duties: Vec<crate::store::StoredRevision>,
) -> Result<Folded, StoreError> {
    if duties.is_empty() {
        return Ok(Folded::new(duties));
    }
    let heads: Vec<_> = duties.iter().filter_map(|row| row.parse()).map(|revision| revision.head).collect();
    let of_links = heads.iter().flat_map(|head| head.links.iter().map(|link| link.entry_id));
    let about: BTreeSet<EntryId> = of_links.collect();
    let duties_named: BTreeSet<EntryId> = heads.iter().map(|head| head.entry_id).collect();
    let mut rows = duties;
    for entry in about {
        rows.extend(store.revisions_of_entry(entry)?);
    }
    for duty in duties_named {
        rows.extend(store.revisions_about(duty)?);
    }
    Ok(Folded::new(rows))
}

/// The officer's open duties, those due first first: what they wrote or took, and what is offered to their crew.
pub(super) fn open(store: &mut Store, context: &Context, now: Millis) -> Result<Vec<DutyRow>, StoreError> {
    let viewer = Viewer::of(store, context, now)?;
    let known = known_open(store, now)?;
    Ok(duty::duties(&known.entries)
        .iter()
        .filter(|duty| {
            duty.open && (duty.entry.first().head.author == viewer.me || viewer.concerns_crew(duty))
        })
        .map(|duty| viewer.row(duty, &known, context))
        .collect())
}

impl Handle<ListDuties> for Device {
    async fn handle(&self, _command: ListDuties) -> Result<DutiesView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .read(move |store| {
                let mut duties = open(store, &context, now)?;
                duties.extend(asked_rows(store, &context, now, Some(context.me.officer))?);
                duties.sort_by_key(|duty| (duty.due.unwrap_or(Millis(i64::MAX)), duty.entry_id));
                duties.extend(lately_discharged(store, &context, now)?);
                Ok(DutiesView { duties, now })
            })
            .await
    }
}

/// Newest first.
fn lately_discharged(store: &mut Store, context: &Context, now: Millis) -> Result<Vec<DutyRow>, StoreError> {
    let me = context.me.officer;
    let kinds = [Kind::DutyDischarged];
    let found = store.revisions_of_kinds(&kinds, Some(me), now.plus(-OPENED_MS), MOST_DISCHARGED)?;
    let known = with_their_entries(store, found)?;
    let since = now.plus(-LISTED_MS);
    let done_at = |duty: &DutyStands<'_>| duty.held.word.current().head.occurred_until;
    let mut done = duty::duties(&known.entries);
    done.retain(|duty| {
        !duty.open
            && duty.entry.first().head.author == me
            && done_at(duty).is_some_and(|done_at| done_at >= since)
    });
    done.sort_by_key(|duty| std::cmp::Reverse((done_at(duty), duty.entry.entry_id)));
    let viewer = Viewer::of(store, context, now)?;
    Ok(done.iter().map(|duty| viewer.row(duty, &known, context)).collect())
}

impl Handle<DischargeDuty> for Device {
    async fn handle(&self, command: DischargeDuty) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| {
                let (about, new) = discharge(store, &command, &context, now)?;
                let shift_open = open_shift(store, now)?.is_some();
                Ok::<_, AppError>(write_given(store, about, shift_open, new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

/// Whether the entry a duty arose from is here and stands; where not, the duty alone keeps the reference.
fn may_go_on(store: &mut Store, entry_id: EntryId, me: OfficerId) -> Result<bool, StoreError> {
    let folded = Folded::new(store.revisions_of_entry(entry_id)?);
    Ok(own(&folded, entry_id, me).is_ok_and(|entry| entry.current().body.is_some()))
}

/// What discharges a duty, and the entry it arose from.
fn discharge(
    store: &mut Store,
    command: &DischargeDuty,
    context: &Context,
    now: Millis,
) -> Result<(EntryId, Vec<NewRevision>), AppError> {
    let me = context.me.officer;
    let folded = of_duty(store, command.entry_id)?;
    let duties = duty::duties(&folded.entries);
    let stands = duties.iter().find(|duty| duty.entry.entry_id == command.entry_id);
    let duty = stands.ok_or_else(|| not_found(words::ENTRY_GONE))?;
    if !duty.open {
        return Err(not_now(words::DUTY_DISCHARGED));
    }
    let is_author = duty.entry.first().head.author == me;
    // Its author says it in the duty itself, whoever took it in a word of their own.
    let (entry, body) = match duty.held.holder {
        _ if is_author => (duty.entry, duty.body),
        Holder::Officer(officer) if officer == me => (duty.held.word, word_body(duty).unwrap_or(duty.body)),
        _ => return Err(not_now(words::DUTY_NOT_YOURS)),
    };
    let note = command.note.trim();
    let on = local(now).date_naive();
    let typed = command.reference.as_ref().filter(|reference| !reference.value.trim().is_empty());
    let Some(typed) = typed else {
        if note.is_empty() {
            return Err(invalid(vec![Problem::block("note", ProblemCode::SayHowDone)]));
        }
        return Ok((command.entry_id, vec![discharged(entry, body, None, Some(note.to_owned()), now)]));
    };
    let reference = given(typed, context, on)?;
    let note = (!note.is_empty()).then(|| note.to_owned());
    // A reference of another kind than the duty waits for discharges it all the same: the officer says so.
    let mut new = vec![discharged(entry, body, Some(reference.clone()), note, now)];
    if let Some(about) = duty.about
        && is_author
        && may_go_on(store, about, me)?
    {
        let given = reference_given(store, about, &reference, context, now)?.unwrap_or_default();
        new.extend(given.into_iter().filter(|revision| revision.entry_id != command.entry_id));
    }
    Ok((duty.about.unwrap_or(command.entry_id), new))
}
