//! The sergeant's side: the team's shifts, their summaries, and the devices as last heard.

use beatbook_domain::entry::{Kind, LogRecord};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::shift;
use beatbook_domain::summary::shift_summary;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, ContactRow, EntryRow, GetSummary, ListShifts, ShiftListView, ShiftRow, SummaryView,
};

use super::closing::contact_facts;
use super::context::Context;
use super::entries::{SHIFT, load_shift};
use super::error::not_found;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::Store;
use crate::words;

/// Most shifts in one page.
const MOST_SHIFTS: u32 = 100;

impl Handle<ListShifts> for Device {
    async fn handle(&self, command: ListShifts) -> Result<ShiftListView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let team = session.identity.team.clone();
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
                let shifts = shifts(store, &command, &context)?;
                Ok(ShiftListView { team, shifts, as_known: as_known(answer.server_time), contacts })
            })
            .await
    }
}

fn as_known(server_time: Millis) -> Option<Millis> {
    (server_time.0 > 0).then_some(server_time)
}

fn shifts(store: &mut Store, command: &ListShifts, context: &Context) -> Result<Vec<ShiftRow>, AppError> {
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
        let folded = load_shift(store, shift_id)?;
        let (Some(shift), Some(summary)) =
            (shift::read(&folded.entries, shift_id), shift_summary(&folded.entries, shift_id, &contacts))
        else {
            continue;
        };
        shown.push(ShiftRow {
            shift_id,
            officer: context.title(shift.officer),
            call_sign: shift.call_sign().to_owned(),
            started_at: shift.opened.from,
            ended_at: shift.opened.until,
            submitted: summary.submitted,
            entries: summary.entries,
            missing: !summary.missing.is_empty(),
        });
    }
    Ok(shown)
}

impl Handle<GetSummary> for Device {
    async fn handle(&self, command: GetSummary) -> Result<SummaryView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let team = session.identity.team.clone();
        let record = LogRecord {
            shift_id: Some(command.shift_id),
            what: Some(Code::new("summary")),
            ..LogRecord::default()
        };
        session.log(Kind::Viewed, record).await?;
        session
            .read(move |store| {
                let gone = || not_found(words::SHIFT_NOT_HERE);
                let answer = store.last_answer()?;
                let contacts = contact_facts(store)?;
                let folded = load_shift(store, command.shift_id)?;
                let summary = shift_summary(&folded.entries, command.shift_id, &contacts).ok_or_else(gone)?;
                let shift = shift::read(&folded.entries, command.shift_id).ok_or_else(gone)?;
                let outbox = store.outbox();
                let mut entries: Vec<EntryRow> =
                    shift.records.iter().map(|entry| folded.entry_row(entry, outbox, &context)).collect();
                entries.push(folded.patrol_row(shift.opened.entry, outbox, &context));
                entries.sort_by_key(|row| (row.at, row.entry_id));
                Ok(SummaryView {
                    officer: context.title(shift.officer),
                    team: team.map(|(_, name)| name),
                    as_known: as_known(answer.server_time),
                    entries,
                    summary,
                })
            })
            .await
    }
}
