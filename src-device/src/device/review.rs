//! The sergeant's side: the summary of a shift, its approval, and what was handed up.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Body, Decision, Kind, LogRecord, Review};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::privacy::marking::highest;
use beatbook_domain::review::{Standing, decided_by, standing};
use beatbook_domain::shift;
use beatbook_domain::summary::shift_summary;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::ipc::{
    AppError, ApproveShift, ApproveShifts, EntryRow, EscalatedRow, EscalatedView, GetSummary, ListEscalated,
    ShiftListView, SummaryView,
};

use super::authority::may_decide_about;
use super::closing::contact_facts;
use super::context::Context;
use super::decisions::{is_clean, mark_returned, shift_review, whole_shift, with_said};
use super::entries::open_shift;
use super::error::{not_found, not_now};
use super::posts::Posts;
use super::revise::write;
use super::tasked::load_tasked;
use super::team::{as_known, team_view};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::{Store, StoreError};
use crate::words;

/// How far back what was handed up is looked for.
const ESCALATED_MS: i64 = 90 * DAY_MS;
/// Most decisions looked at.
const MOST_DECISIONS: u32 = 1_000;
/// Most shifts approved in one go.
const MOST_AT_ONCE: usize = 50;
/// Shifts listed after they were approved.
const LISTED: u32 = 30;

impl Handle<GetSummary> for Device {
    async fn handle(&self, command: GetSummary) -> Result<SummaryView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let (team, now) = (session.team_name(&context).await?, session.now());
        let record = LogRecord {
            shift_id: Some(command.shift_id),
            what: Some(Code::new("summary")),
            ..LogRecord::default()
        };
        session.log(Kind::Viewed, record).await?;
        session.read(move |store| summary_view(store, command.shift_id, team, &context, now)).await
    }
}

impl Handle<ApproveShift> for Device {
    async fn handle(&self, command: ApproveShift) -> Result<SummaryView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let (team, now) = (session.team_name(&context).await?, session.now());
        let shift_id = command.shift_id;
        let view = session
            .save(move |store| {
                let before = summary_view(store, shift_id, team.clone(), &context, now)?;
                if !before.review.may_approve {
                    return Err(not_now(words::SHIFT_NOT_APPROVED));
                }
                let loaded = load_tasked(store, shift_id)?;
                let folded = with_said(store, loaded)?;
                let gone = || not_found(words::SHIFT_NOT_HERE);
                let shift = shift::read(&folded.entries, shift_id).ok_or_else(gone)?;
                let posts = Posts::now(store, &context, now)?;
                let new = whole_shift(&shift, &folded, &posts, now)?;
                let shift_open = open_shift(store, now)?.is_some();
                write(store, shift_open, vec![new])?;
                summary_view(store, shift_id, team, &context, now)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}

impl Handle<ApproveShifts> for Device {
    async fn handle(&self, command: ApproveShifts) -> Result<ShiftListView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let (team, now) = (session.team_name(&context).await?, session.now());
        let view = session
            .save(move |store| -> Result<ShiftListView, AppError> {
                let posts = Posts::now(store, &context, now)?;
                let mut new = Vec::new();
                for shift_id in command.shift_ids.into_iter().take(MOST_AT_ONCE) {
                    let loaded = load_tasked(store, shift_id)?;
                    let folded = with_said(store, loaded)?;
                    let Some(shift) = shift::read(&folded.entries, shift_id) else { continue };
                    let entitled = may_decide_about(store, &context, &folded, shift.opened.entry, now)?;
                    let review = shift_review(&shift, &folded, store.outbox(), &context, (entitled, &posts));
                    if is_clean(&review) {
                        new.push(whole_shift(&shift, &folded, &posts, now)?);
                    }
                }
                let shift_open = open_shift(store, now)?.is_some();
                write(store, shift_open, new)?;
                team_view(store, (LISTED, None), &context, team, now)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}

impl Handle<ListEscalated> for Device {
    async fn handle(&self, _command: ListEscalated) -> Result<EscalatedView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let now = session.now();
        session
            .read(move |store| {
                let entries = escalated(store, &context, now)?;
                let as_known = as_known(store.last_answer()?.server_time);
                Ok::<_, AppError>(EscalatedView { entries, as_known })
            })
            .await
    }
}

/// What was handed up to the reader and waits, oldest first.
pub(super) fn escalated(
    store: &mut Store,
    context: &Context,
    now: Millis,
) -> Result<Vec<EscalatedRow>, StoreError> {
    let posts = Posts::now(store, context, now)?;
    if !posts.reviews() {
        return Ok(Vec::new());
    }
    let decided = store.revisions_of_kinds(&[Kind::Review], None, now.plus(-ESCALATED_MS), MOST_DECISIONS)?;
    let handed_up = |body: Option<&Body>| {
        matches!(body, Some(Body::Review(Review { decision: Decision::Escalated, .. })))
    };
    let about: BTreeSet<EntryId> = decided
        .iter()
        .filter_map(|row| row.parse())
        .filter(|revision| handed_up(revision.body.as_ref()))
        .filter_map(|revision| Some(revision.head.about?.entry_id))
        .collect();
    let mut waiting = Vec::new();
    for entry_id in about {
        let of_entry = Folded::new(store.revisions_of_entry(entry_id)?);
        let folded = with_said(store, of_entry)?;
        let Some(entry) = folded.entry(entry_id).filter(|entry| !entry.is_withdrawn()) else { continue };
        let Standing::Escalated(one, review) = standing(entry, &folded.entries) else { continue };
        let mine = decided_by(entry, &folded.entries) <= posts.rank();
        if mine && entry.first().head.author != context.me.officer {
            let head = &one.current().head;
            waiting.push(EscalatedRow {
                row: folded.entry_row(entry, store.outbox(), context),
                by: context.title(head.author),
                at: head.written_corrected(),
                why: review.note.clone().unwrap_or_default(),
            });
        }
    }
    waiting.sort_by_key(|row| (row.at, row.row.entry_id));
    Ok(waiting)
}

fn summary_view(
    store: &mut Store,
    shift_id: EntryId,
    team: Option<String>,
    context: &Context,
    now: Millis,
) -> Result<SummaryView, AppError> {
    let gone = || not_found(words::SHIFT_NOT_HERE);
    let answer = store.last_answer()?;
    let posts = Posts::of(&answer, context, now);
    let contacts = contact_facts(store)?;
    let loaded = load_tasked(store, shift_id)?;
    let folded = with_said(store, loaded)?;
    let summary = shift_summary(&folded.entries, shift_id, &contacts, &context.setting).ok_or_else(gone)?;
    let shift = shift::read(&folded.entries, shift_id).ok_or_else(gone)?;
    let entitled = may_decide_about(store, context, &folded, shift.opened.entry, now)?;
    let outbox = store.outbox();
    let mut entries: Vec<EntryRow> =
        shift.records.iter().map(|entry| folded.entry_row(entry, outbox, context)).collect();
    entries.push(folded.patrol_row(shift.opened.entry, outbox, context));
    entries.sort_by_key(|row| (row.at, row.entry_id));
    let returned = |row: &EntryRow| {
        let entry = folded.entry(row.entry_id)?;
        matches!(standing(entry, &folded.entries), Standing::Returned(..)).then_some(row.entry_id)
    };
    let waiting: BTreeSet<EntryId> = entries.iter().filter_map(returned).collect();
    mark_returned(&mut entries, &waiting);
    let review = shift_review(&shift, &folded, outbox, context, (entitled, &posts));
    let marking =
        highest(shift.records.iter().filter(|entry| !entry.is_narrow()).map(|entry| entry.marking()));
    let areas = summary.areas.iter().map(|line| (line.area.clone(), context.area_name(&line.area))).collect();
    Ok(SummaryView {
        areas,
        officer: context.title(shift.officer),
        supervisor: summary.supervisor.map(|supervisor| context.title(supervisor)),
        team,
        as_known: as_known(answer.server_time),
        entries,
        summary,
        marking,
        review,
    })
}
