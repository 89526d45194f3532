//! Team tonight: the shifts a supervisor answers for, each officer's phone as last heard, and the night so far. A low total
//! is never shown without what is missing, and silence of a phone is not welfare.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::code_list::list;
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::shift::{self, Shift};
use beatbook_domain::summary::{ShiftSummary, TONIGHT_MS, is_silent, shift_summary, tonight};
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::ipc::{AppError, ContactRow, ListShifts, OnShift, ShiftListView, ShiftRow};
use beatbook_protocol::sync::Contact;

use super::authority::may_decide_about;
use super::closing::contact_facts;
use super::context::Context;
use super::decisions::{is_clean, shift_review, with_said};
use super::handover::waiting_for;
use super::posts::Posts;
use super::review::escalated;
use super::shift_load::{SHIFT, begun};
use super::tasked::load_tasked;
use super::today::{doing, running, visit};
use super::{Device, Handle};
use crate::store::Store;

/// Most shifts in one page.
const MOST_SHIFTS: u32 = 100;
/// Revisions of a shift's own entry, at most, as far as a page counts on it.
const REVISIONS: u32 = 8;

impl Handle<ListShifts> for Device {
    async fn handle(&self, command: ListShifts) -> Result<ShiftListView, AppError> {
        let session = self.reading_session().await?;
        let context = session.context().await?;
        let (team, now) = (session.team_name(&context).await?, session.now());
        session
            .read(move |store| team_view(store, (command.limit, command.before), &context, team, now))
            .await
    }
}

/// When central last said how things stand.
pub(super) fn as_known(server_time: Millis) -> Option<Millis> {
    (server_time.0 > 0).then_some(server_time)
}

/// The team's shifts, up to `limit` of those that began before `before`, with the night so far.
pub(super) fn team_view(
    store: &mut Store,
    (limit, before): (u32, Option<Millis>),
    context: &Context,
    team: Option<String>,
    now: Millis,
) -> Result<ShiftListView, AppError> {
    let answer = store.last_answer()?;
    let team = match context.me.team {
        Some(team_id) => store.team_name(team_id)?.or(team),
        None => team,
    };
    let listed = shifts(store, (limit, before), context, now)?;
    let contacts: Vec<ContactRow> = answer
        .contacts
        .iter()
        .map(|contact| {
            contact_row(contact, listed.on_shift.get(&contact.officer), answer.server_time, context)
        })
        .collect();
    let silent: BTreeSet<OfficerId> =
        contacts.iter().filter(|contact| contact.silent).map(|contact| contact.officer).collect();
    let tonight = tonight(&listed.tonight.iter().collect::<Vec<_>>(), &contact_facts(store)?, &silent);
    Ok(ShiftListView {
        team,
        shifts: listed.rows,
        earlier: listed.earlier,
        as_known: as_known(answer.server_time),
        contacts,
        duties: waiting_for(store, context, now)?,
        escalated: u32::try_from(escalated(store, context, now)?.len()).unwrap_or(u32::MAX),
        tonight,
        now,
    })
}

fn contact_row(
    contact: &Contact,
    on_shift: Option<&(OnShift, Option<Code>)>,
    as_known: Millis,
    context: &Context,
) -> ContactRow {
    let silence = context.silence_min(on_shift.and_then(|(_, area)| area.as_ref()));
    ContactRow {
        officer: contact.officer,
        title: context.title(contact.officer),
        last_heard: contact.last_heard,
        pending: contact.heartbeat.pending,
        set_aside: contact.heartbeat.set_aside,
        drafts: contact.heartbeat.drafts,
        clock_drift_ms: contact.clock_drift_ms,
        gaps: contact.gaps,
        // Off shift nobody's phone is expected to speak.
        silent: on_shift.is_some() && is_silent(contact.last_heard, as_known, silence),
        on_shift: on_shift.map(|(on_shift, _)| on_shift.clone()),
    }
}

/// What one page of shifts comes to.
#[derive(Default)]
struct Listed {
    rows: Vec<ShiftRow>,
    earlier: bool,
    tonight: Vec<ShiftSummary>,
    /// Officers on shift, with the area they were last known in.
    on_shift: BTreeMap<OfficerId, (OnShift, Option<Code>)>,
}

/// The latest shifts that began before `before`, at most `limit`, and whether there are earlier ones.
fn page_of(
    store: &mut Store,
    before: Option<Millis>,
    limit: u32,
) -> Result<(BTreeSet<(Millis, EntryId)>, bool), AppError> {
    // Each shift has two revisions or a few more. The day after the page is read with it: there the end of one may stand,
    // and where another phone went on with it.
    let (most, before) = (limit.saturating_mul(REVISIONS), before.unwrap_or(Millis(i64::MAX)));
    let rows = store.shifts_before(Millis(before.0.saturating_add(DAY_MS)), most)?;
    let all_read = rows.len() < most as usize;
    let mut opened = begun(rows);
    opened.retain(|(at, _)| *at < before);
    Ok(newest(opened, limit as usize, all_read))
}

/// The newest of some shifts, about `limit` of them, and whether there are earlier ones. Those that began at the same moment
/// stay together: the next page is asked for by the moment at which this one ends.
fn newest(
    mut opened: BTreeSet<(Millis, EntryId)>,
    limit: usize,
    all_read: bool,
) -> (BTreeSet<(Millis, EntryId)>, bool) {
    let ends = (opened.first().map(|(at, _)| *at), opened.last().map(|(at, _)| *at));
    // Others may have begun with the oldest that was read.
    if let (Some(oldest), Some(latest)) = ends
        && !all_read
        && oldest < latest
    {
        opened.retain(|(at, _)| *at > oldest);
    }
    let Some(from) = opened.iter().rev().take(limit).next_back().map(|(at, _)| *at) else {
        return (BTreeSet::new(), !all_read || !opened.is_empty());
    };
    let page: BTreeSet<_> = opened.iter().filter(|(at, _)| *at >= from).copied().collect();
    let earlier = !all_read || page.len() < opened.len();
    (page, earlier)
}

fn shifts(
    store: &mut Store,
    (limit, before): (u32, Option<Millis>),
    context: &Context,
    now: Millis,
) -> Result<Listed, AppError> {
    let limit = limit.min(MOST_SHIFTS);
    let (page, earlier) = page_of(store, before, limit)?;
    // The night so far is that of now, whichever page is read.
    let begins = now.plus(-TONIGHT_MS);
    let rows = store.revisions_of_kinds(&SHIFT, None, begins.plus(-DAY_MS), MOST_SHIFTS * REVISIONS)?;
    let mut opened = begun(rows);
    opened.retain(|(at, _)| *at >= begins);
    opened.extend(&page);
    let contacts = contact_facts(store)?;
    let posts = Posts::now(store, context, now)?;
    let mut listed = Listed { earlier, ..Listed::default() };
    for (at, shift_id) in opened.into_iter().rev() {
        let loaded = load_tasked(store, shift_id)?;
        let folded = with_said(store, loaded)?;
        let (Some(shift), Some(summary)) = (
            shift::read(&folded.entries, shift_id),
            shift_summary(&folded.entries, shift_id, &contacts, &context.setting),
        ) else {
            continue;
        };
        let entitled = may_decide_about(store, context, &folded, shift.opened.entry, now)?;
        let review = shift_review(&shift, &folded, store.outbox(), context, (entitled, &posts));
        let clean = is_clean(&review);
        let row = ShiftRow {
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
            clean: clean && summary.missing.is_empty(),
        };
        if page.contains(&(at, shift_id)) {
            listed.rows.push(row);
        }
        if shift.opened.from < begins {
            continue;
        }
        if shift.opened.until.is_none() {
            listed.on_shift.extend(on_shift(&shift, context));
        }
        listed.tonight.push(summary);
    }
    Ok(listed)
}

/// The officers of an open shift, each as last known.
fn on_shift(shift: &Shift<'_>, context: &Context) -> Vec<(OfficerId, (OnShift, Option<Code>))> {
    let there = |officer: OfficerId| {
        officer == shift.officer
            || shift
                .crew
                .iter()
                .any(|member| member.officer == officer && member.counts() && member.until.is_none())
    };
    let mut officers: Vec<OfficerId> = shift.crew.iter().map(|member| member.officer).collect();
    officers.push(shift.officer);
    officers.sort_unstable();
    officers.dedup();
    officers.retain(|officer| there(*officer));
    let everybody = officers.clone();
    let of = |officer: OfficerId| {
        // A colleague without a shift of their own does what the one who opened it does.
        let own_leg = running(&shift.legs, officer).is_some();
        let whose = if own_leg { officer } else { shift.officer };
        let visit = visit(shift, whose, context);
        let leg = running(&shift.legs, whose);
        let leg_area = leg.and_then(|leg| leg.entry.current().head.area.clone());
        let area = visit.as_ref().map(|visit| visit.code.clone()).or(leg_area);
        let mode = leg.and_then(|leg| leg.code(list::PATROL_MODE)).or(shift.transport());
        let on = OnShift {
            shift_id: shift.opened.entry.entry_id,
            call_sign: shift.call_sign().to_owned(),
            area: area.as_ref().map(|area| context.area_name(area)),
            crew: everybody
                .iter()
                .filter(|other| **other != officer)
                .map(|other| context.title(*other))
                .collect(),
            mode: mode.map(|mode| mode.label.clone()),
            doing: doing(shift, whose, context),
            leg_number: u32::try_from(shift.legs.iter().filter(|leg| super::today::by(leg, whose)).count())
                .unwrap_or(u32::MAX),
        };
        (officer, (on, area))
    };
    officers.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use beatbook_domain::id::EntryId;
    use uuid::Uuid;

    use super::*;

    fn shifts(began: &[i64]) -> BTreeSet<(Millis, EntryId)> {
        (1..).zip(began).map(|(n, at)| (Millis(*at), EntryId(Uuid::from_u128(n)))).collect()
    }

    #[test]
    fn pages_miss_no_shift_that_began_with_another() {
        let all = shifts(&[10, 20, 20, 20, 30, 40, 40]);
        for limit in 1..8 {
            let (mut seen, mut before) = (BTreeSet::new(), Millis(i64::MAX));
            loop {
                let left = all.iter().filter(|(at, _)| *at < before).copied().collect();
                let (page, earlier) = newest(left, limit, true);
                let Some((oldest, _)) = page.first().copied() else { break };
                assert!(page.is_disjoint(&seen));
                seen.extend(page);
                before = oldest;
                if !earlier {
                    break;
                }
            }
            assert_eq!(seen, all, "{limit} a page");
        }
    }

    #[test]
    fn where_not_all_was_read_the_oldest_are_left_to_the_next_page() {
        let (page, earlier) = newest(shifts(&[10, 10, 20]), 9, false);
        assert_eq!((page.len(), earlier), (1, true));
        let (page, earlier) = newest(shifts(&[10, 10]), 9, false);
        assert_eq!((page.len(), earlier), (2, true), "one moment alone goes on its own");
        assert_eq!(newest(BTreeSet::new(), 9, true), (BTreeSet::new(), false));
    }
}
