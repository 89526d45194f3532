//! The planner: what a supervisor asks for a night, copied, revised, and who has read which version of it.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Circumstances, DraftForm, Entry, Kind, TaskingDraft};
use beatbook_domain::id::{EntryId, OfficerId, TeamId};
use beatbook_domain::review::{REVIEW, supervises};
use beatbook_domain::tasking::{Ack, Stands, standing};
use beatbook_domain::time::{DAY_MS, Millis, day, local};
use beatbook_protocol::ipc::{AppError, ListTaskings, ReadRow, TaskingRow, TaskingsView};
use chrono::Days;

use super::briefing::otherwise;
use super::context::Context;
use super::error::{not_found, not_now};
use super::shift_load::SHIFT;
use super::views::{Folded, draft_row};
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::drafts::Draft;
use crate::store::{Outbox, Store, StoreError};
use crate::words;

/// How far back plans are listed, milliseconds.
const LISTED_BACK_MS: i64 = 90 * DAY_MS;
/// Most plans in one page.
const MOST_LISTED: u32 = 60;
/// Revisions of shifts read for who patrolled under a call sign.
const MOST_SHIFTS: u32 = 600;
/// When a night is planned from and until, where no earlier plan says otherwise.
const USUAL: (&str, &str) = ("21:00", "03:00");

/// Whether something may be asked of a team now, by the grants central last told of.
pub(super) fn may_be_given(store: &mut Store, context: &Context, now: Millis) -> Result<(), AppError> {
    if teams(store, context, now)?.is_empty() { Err(not_now(words::NO_PLANNING)) } else { Ok(()) }
}

/// The teams the officer may ask something of now.
fn teams(store: &mut Store, context: &Context, now: Millis) -> Result<Vec<(TeamId, String)>, StoreError> {
    let grants = store.last_answer()?.grants;
    let in_force = grants.iter().filter(|grant| {
        grant.capability == *REVIEW && grant.from <= now && grant.until.is_none_or(|until| now < until)
    });
    let ids: BTreeSet<TeamId> = in_force.filter_map(|grant| grant.team).collect();
    let mut teams = Vec::new();
    for id in ids {
        teams.push((id, store.team_name(id)?.unwrap_or_else(|| words::TEAM_UNKNOWN.to_owned())));
    }
    // Their own first.
    teams.sort_by_key(|(id, name)| (Some(*id) != context.me.team, name.clone()));
    Ok(teams)
}

/// A new plan for tonight: empty, or a copy of an earlier one with the same times of day.
pub(super) fn new_draft(
    store: &mut Store,
    copy: Option<EntryId>,
    context: &Context,
    now: Millis,
) -> Result<Draft, AppError> {
    may_be_given(store, context, now)?;
    let tonight = local(now).date_naive();
    let teams = teams(store, context, now)?;
    let form = match copy {
        Some(entry_id) => {
            let folded = Folded::new(store.revisions_of_entry(entry_id)?);
            let body = folded.entry(entry_id).and_then(|entry| entry.current().body.as_ref());
            match body.and_then(|body| DraftForm::reopened(body, None)) {
                Some(DraftForm::Tasking(form)) => TaskingDraft {
                    supervisor: Some(context.me.officer),
                    ..still_listed(form.for_night(tonight), context)
                },
                _ => return Err(not_found(words::BRIEFING_GONE)),
            }
        }
        None => TaskingDraft {
            night: Some(tonight),
            from: USUAL.0.to_owned(),
            until: USUAL.1.to_owned(),
            team: teams.first().map(|(id, _)| *id),
            supervisor: Some(context.me.officer),
            ..TaskingDraft::default()
        },
    };
    let draft = Draft {
        entry_id: new_entry_id(now),
        form: DraftForm::Tasking(form),
        opened_at: now,
        kept_at: now,
        told: Circumstances::now(now),
        from_note: false,
        base_rid: store.newest_rid()?,
    };
    store.keep_draft(&draft)?;
    Ok(draft)
}

/// A copy names the areas as the set in force has them; one that is gone from it is not copied.
fn still_listed(mut form: TaskingDraft, context: &Context) -> TaskingDraft {
    let Some(index) = &context.areas else { return form };
    form.areas.retain_mut(|tasked| {
        use beatbook_domain::place::areas::AreaLevel;
        let Some(area) = index.set().get(AreaLevel::Patrol, &tasked.area.code) else { return false };
        tasked.area = area.to_ref();
        tasked.band = context.band(&area.code);
        tasked.max_gap_min = area.rhythm.as_ref().map(|rhythm| rhythm.max_gap_min);
        true
    });
    form
}

impl Handle<ListTaskings> for Device {
    async fn handle(&self, command: ListTaskings) -> Result<TaskingsView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        Ok(session.read(move |store| view(store, &context, command.limit.min(MOST_LISTED), now)).await?)
    }
}

fn view(store: &mut Store, context: &Context, limit: u32, now: Millis) -> Result<TaskingsView, StoreError> {
    let answer = store.last_answer()?;
    let teams = teams(store, context, now)?;
    let may_plan = !teams.is_empty();
    let drafts = store.drafts()?.iter().map(draft_row).filter(|row| row.kind == Kind::Tasking).collect();
    let rows = store.tasked(now.plus(-LISTED_BACK_MS), now.plus(DAY_MS))?;
    let shifts = Folded::new(store.revisions_of_kinds(&SHIFT, None, now.plus(-2 * DAY_MS), MOST_SHIFTS)?);
    let folded = Folded::new(rows);
    let mut stands = standing(&folded.entries);
    let of_mine = |stands: &Stands<'_>| {
        let author = stands.entry.first().head.author;
        author == context.me.officer
            || stands.tasking.team.is_some_and(|team| teams.iter().any(|(id, _)| *id == team))
    };
    stands.retain(of_mine);
    stands.reverse();
    let more = stands.len() > limit as usize;
    let last_week = last_week(&stands, now);
    stands.truncate(limit as usize);
    let outbox = store.outbox();
    let mut taskings = Vec::new();
    for one in &stands {
        taskings.push(row(one, &folded, &shifts, outbox, context, now));
    }
    // The names of teams this device no longer reviews.
    for (row, one) in taskings.iter_mut().zip(&stands) {
        row.team = match one.tasking.team {
            Some(team) => teams.iter().find(|(id, _)| *id == team).map(|(_, name)| name.clone()),
            None => None,
        };
    }
    Ok(TaskingsView {
        now,
        as_known: (answer.at.0 > 0).then_some(answer.at),
        may_plan,
        teams,
        drafts,
        taskings,
        more,
        last_week,
    })
}

/// The plan of the night a week before tonight.
fn last_week(stands: &[Stands<'_>], now: Millis) -> Option<(EntryId, String)> {
    let night = local(now).date_naive().checked_sub_days(Days::new(7))?;
    let found = stands.iter().find(|one| local(one.tasking.from).date_naive() == night)?;
    Some((found.id(), day(found.tasking.from)))
}

fn row(
    one: &Stands<'_>,
    folded: &Folded,
    shifts: &Folded,
    outbox: &Outbox,
    context: &Context,
    now: Millis,
) -> TaskingRow {
    let tasking = one.tasking;
    let acks = one.acks(&folded.entries);
    let author = one.entry.first().head.author;
    TaskingRow {
        entry_id: one.id(),
        version: u32::try_from(one.version()).unwrap_or(u32::MAX),
        from: tasking.from,
        until: tasking.until,
        over: tasking.until <= now,
        mine: author == context.me.officer,
        by: context.title(author),
        team: None,
        units: tasking.units.clone(),
        areas: tasking.areas.iter().map(|area| (area.area.name.clone(), area.visits())).collect(),
        visits: tasking.visits(),
        state: folded.state(one.entry, outbox),
        read: read(one, &acks, context),
        not_read: not_read(one, &acks, shifts, context),
    }
}

/// Each officer's newest version, who read last first.
fn read(one: &Stands<'_>, acks: &[Ack<'_>], context: &Context) -> Vec<ReadRow> {
    let mut rows: Vec<(OfficerId, ReadRow)> = Vec::new();
    for ack in acks.iter().rev() {
        let version = one.version_of(&ack.link).and_then(|version| u32::try_from(version).ok());
        let said = ack.deviation.map(|deviation| otherwise_in(one, ack, deviation, context));
        match rows.iter_mut().find(|(officer, _)| *officer == ack.officer) {
            Some((_, row)) => {
                row.current |= ack.link == one.link();
                row.version = row.version.max(version);
                row.otherwise.extend(said);
            }
            None => rows.push((
                ack.officer,
                ReadRow {
                    officer: context.title(ack.officer),
                    version,
                    current: ack.link == one.link(),
                    at: ack.at,
                    otherwise: said.into_iter().collect(),
                },
            )),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// A deviation with the area it is about.
fn otherwise_in(
    one: &Stands<'_>,
    ack: &Ack<'_>,
    deviation: &beatbook_domain::entry::Deviation,
    context: &Context,
) -> String {
    // The row names the officer already.
    let own = Ack { officer: context.me.officer, ..*ack };
    let reason = otherwise(&own, deviation, context);
    let area = deviation.area.as_ref().and_then(|code| {
        one.tasking.areas.iter().find(|area| area.area.code == *code).map(|area| area.area.name.clone())
    });
    match area {
        Some(area) => format!("{area}: {reason}"),
        None => reason,
    }
}

/// Who of those it is for has read no version: the officers of the team; where it names units, those who patrol as one.
fn not_read(one: &Stands<'_>, acks: &[Ack<'_>], shifts: &Folded, context: &Context) -> Vec<String> {
    let read: BTreeSet<OfficerId> = acks.iter().map(|ack| ack.officer).collect();
    let author = one.entry.first().head.author;
    let patrols_as_named: BTreeSet<OfficerId> = shifts
        .entries
        .iter()
        .filter(|entry| of_time(entry, one) && call_sign(entry).is_some_and(|sign| one.names(sign)))
        .map(|entry| entry.first().head.author)
        .collect();
    let asked = context.officers.iter().filter(|row| {
        if one.tasking.units.is_empty() {
            row.team.is_some() && row.team == one.tasking.team && !supervises(&row.role)
        } else {
            patrols_as_named.contains(&row.officer)
        }
    });
    asked.filter(|row| row.officer != author && !read.contains(&row.officer)).map(|row| row.title()).collect()
}

fn of_time(shift: &Entry, one: &Stands<'_>) -> bool {
    let head = &shift.current().head;
    !shift.is_withdrawn()
        && head.occurred_at < one.tasking.until
        && head.occurred_until.is_none_or(|until| until > one.tasking.from)
}

fn call_sign(shift: &Entry) -> Option<&str> {
    match &shift.current().body {
        Some(beatbook_domain::entry::Body::Shift(shift)) => Some(&shift.call_sign),
        _ => None,
    }
}
