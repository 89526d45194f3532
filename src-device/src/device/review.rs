//! The sergeant's side: the team's shifts, their summaries, and the devices as last heard.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Kind, LogRecord};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::review::{Standing, standing};
use beatbook_domain::shift;
use beatbook_domain::summary::shift_summary;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, ApproveShift, ContactRow, EntryRow, GetSummary, ListShifts, ShiftListView, ShiftRow,
    SummaryView,
};

use super::authority::may_decide_about;
use super::closing::contact_facts;
use super::context::Context;
use super::decisions::{mark_returned, shift_review, whole_shift, with_said};
use super::entries::{SHIFT, open_shift};
use super::error::{not_found, not_now};
use super::revise::write;
use super::tasked::load_tasked;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::Store;
use crate::words;

/// Most shifts in one page.
const MOST_SHIFTS: u32 = 100;

impl Handle<ListShifts> for Device {
    async fn handle(&self, command: ListShifts) -> Result<ShiftListView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let (team, now) = (session.identity.team.clone(), session.now());
        session
            .read(move |store| {
                let answer = store.last_answer()?;
                let team = match context.me.team {
                    Some(team_id) => store.team_name(team_id)?.or(team.map(|(_, name)| name)),
                    None => team.map(|(_, name)| name),
                };
                let contacts = answer
                    .contacts
                    .iter()
                    .map(|contact| ContactRow {
                        officer: contact.officer,
                        title: context.title(contact.officer),
                        last_heard: contact.last_heard,
                        pending: contact.heartbeat.pending,
                        set_aside: contact.heartbeat.set_aside,
                        drafts: contact.heartbeat.drafts,
                        clock_drift_ms: contact.clock_drift_ms,
                    })
                    .collect();
                let shifts = shifts(store, &command, &context, now)?;
                Ok(ShiftListView { team, shifts, as_known: as_known(answer.server_time), contacts })
            })
            .await
    }
}

fn as_known(server_time: Millis) -> Option<Millis> {
    (server_time.0 > 0).then_some(server_time)
}

fn shifts(
    store: &mut Store,
    command: &ListShifts,
    context: &Context,
    now: Millis,
) -> Result<Vec<ShiftRow>, AppError> {
    let limit = command.limit.min(MOST_SHIFTS);
    // Each shift has two revisions or a few more; some are older than the page wants.
    let rows = store.revisions_of_kinds(&SHIFT, None, Millis(0), limit.saturating_mul(8))?;
    let folded = Folded::new(rows);
    let mut opened: Vec<(Millis, EntryId)> = folded
        .entries
        .iter()
        // One that another phone went on with is read, and listed, as one with it.
        .filter(|entry| !entry.is_withdrawn() && !shift::is_continued(&folded.entries, entry))
        .map(|entry| (entry.occurred_at(), entry.entry_id))
        .filter(|(at, _)| command.before.is_none_or(|before| *at < before))
        .collect();
    opened.sort_unstable_by_key(|shift| std::cmp::Reverse(*shift));
    let contacts = contact_facts(store)?;
    let mut shown = Vec::new();
    for (_, shift_id) in opened.into_iter().take(limit as usize) {
        let loaded = load_tasked(store, shift_id)?;
        let folded = with_said(store, loaded)?;
        let (Some(shift), Some(summary)) = (
            shift::read(&folded.entries, shift_id),
            shift_summary(&folded.entries, shift_id, &contacts, &context.setting),
        ) else {
            continue;
        };
        let entitled = may_decide_about(store, context, &folded, shift.opened.entry, now)?;
        let review = shift_review(&shift, &folded, store.outbox(), context, entitled);
        shown.push(ShiftRow {
            shift_id,
            officer: context.title(shift.officer),
            call_sign: shift.call_sign().to_owned(),
            started_at: shift.opened.from,
            ended_at: shift.opened.until,
            submitted: summary.submitted,
            entries: summary.entries,
            missing: !summary.missing.is_empty(),
            decisions: if review.may_approve {
                u32::try_from(review.needs.len()).unwrap_or(u32::MAX)
            } else {
                0
            },
            approved: review.approved.is_some(),
        });
    }
    Ok(shown)
}

impl Handle<GetSummary> for Device {
    async fn handle(&self, command: GetSummary) -> Result<SummaryView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let (team, now) = (session.identity.team.clone().map(|(_, name)| name), session.now());
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
        let (team, now) = (session.identity.team.clone().map(|(_, name)| name), session.now());
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
                let new = whole_shift(&shift, &folded, now)?;
                let shift_open = open_shift(store, now)?.is_some();
                write(store, shift_open, vec![new])?;
                summary_view(store, shift_id, team, &context, now)
            })
            .await?;
        self.changed();
        Ok(view)
    }
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
    let review = shift_review(&shift, &folded, outbox, context, entitled);
    let areas = summary.areas.iter().map(|line| (line.area.clone(), context.area_name(&line.area))).collect();
    Ok(SummaryView {
        areas,
        officer: context.title(shift.officer),
        team,
        as_known: as_known(answer.server_time),
        entries,
        summary,
        review,
    })
}
