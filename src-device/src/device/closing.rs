//! The end of a shift: the closing receipt, and signing in one commit. Never waits for drafts or for signal.

use beatbook_domain::check::{self, Problem, ProblemCode};
use beatbook_domain::entry::{Access, Body, EndKind, Entry, Kind, ShiftSubmitted};
use beatbook_domain::id::{Code, EntryId, Link};
use beatbook_domain::shift;
use beatbook_domain::summary::{ContactFact, shift_summary};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, ClosingKnown, ClosingRow, ClosingView, EndShift, EntryRow, GetClosing,
};

use super::context::Context;
use super::crew::{own_claims, own_memberships};
use super::decisions::asked_rows;
use super::entries::{load_shift, newest_shift, open_shift};
use super::error::{not_found, not_now};
use super::handover::offered_with_end;
use super::movement::{OfShift, end_running, ended};
use super::revise::invalid;
use super::session::Session;
use super::tasked::load_tasked;
use super::views::{Folded, draft_row};
use super::{Device, Handle, duties};
use crate::store::append::new_entry_id;
use crate::store::rows::State;
use crate::store::{Chain, NewRevision, Store};
use crate::words;

/// What central last said of the devices, for a summary.
pub(super) fn contact_facts(store: &mut Store) -> Result<Vec<ContactFact>, AppError> {
    let answer = store.last_answer()?;
    Ok(answer
        .contacts
        .into_iter()
        .map(|contact| ContactFact {
            officer: contact.officer,
            last_heard: contact.last_heard,
            pending: contact.heartbeat.pending,
            set_aside: contact.heartbeat.set_aside,
            drafts: contact.heartbeat.drafts,
            gaps: contact.gaps,
            clock_drift_ms: contact.clock_drift_ms,
        })
        .collect())
}

impl Handle<GetClosing> for Device {
    async fn handle(&self, _command: GetClosing) -> Result<ClosingView, AppError> {
        closing(&*self.session()?).await
    }
}

async fn closing(session: &Session) -> Result<ClosingView, AppError> {
    let context = session.context().await?;
    let now = session.now();
    session.read(move |store| view(store, &context, now)).await
}

fn view(store: &mut Store, context: &Context, now: Millis) -> Result<ClosingView, AppError> {
    let nothing = || not_found(words::NO_SHIFT_TO_CLOSE);
    let shift_id = newest_shift(store, now)?.ok_or_else(nothing)?;
    let folded = load_tasked(store, shift_id)?;
    let drafts = store.drafts()?.iter().map(draft_row).collect();
    let mut duties = duties::open(store, context, now)?;
    duties.extend(asked_rows(store, context, now, Some(context.me.officer))?);
    let contacts = contact_facts(store)?;
    let summary =
        shift_summary(&folded.entries, shift_id, &contacts, &context.setting).ok_or_else(nothing)?;
    let shift = shift::read(&folded.entries, shift_id).ok_or_else(nothing)?;
    let outbox = store.outbox();
    let me = context.me.officer;
    let mut rows = vec![folded.patrol_row(shift.opened.entry, outbox, context)];
    rows.extend(
        shift
            .records
            .iter()
            .filter(|entry| entry.first().head.author == me && !entry.is_withdrawn())
            .map(|entry| folded.entry_row(entry, outbox, context)),
    );
    rows.sort_by_key(|row| (row.at, row.entry_id));
    let is_received = |row: &&ClosingRow| row.row.state.is_received();
    let signed = shift.submitted.last();
    let known = signed.and_then(|entry| known_at_signing(entry));
    let later = |row: &EntryRow| known.is_some_and(|known| came_later(&folded, row, shift_id, known.at));
    let records: Vec<ClosingRow> =
        rows.into_iter().map(|row| ClosingRow { later: later(&row), row }).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (total, received) = (count(records.len()), count(records.iter().filter(is_received).count()));
    let received_later = count(records.iter().filter(|row| row.later).filter(is_received).count());
    Ok(ClosingView {
        duties,
        shift_id,
        call_sign: shift.call_sign().to_owned(),
        started_at: shift.opened.from,
        ended_at: shift.opened.until,
        signed: signed.is_some(),
        total,
        received,
        records,
        received_later,
        at_signing: known,
        drafts,
        clock_drift_ms: store.clock_offset().map(|offset| offset.ms),
        receipt_code: signed
            .filter(|entry| entry.is_received())
            .map(|entry| entry.current().link.short_code()),
        summary,
    })
}

/// What a signature says it knew.
fn known_at_signing(entry: &Entry) -> Option<ClosingKnown> {
    let current = entry.current();
    let Some(Body::Submitted(submitted)) = &current.body else { return None };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(ClosingKnown {
        at: current.head.written_corrected(),
        listed: count(submitted.links.len()),
        received: submitted.received,
        drafts: count(submitted.open_drafts.len()),
    })
}

/// Whether any of an entry was written or received only after the shift was signed. The patrol record ends with the
/// signature itself, which nobody can have received before: it is later only by what comes after it.
fn came_later(folded: &Folded, row: &EntryRow, shift_id: EntryId, signed: Millis) -> bool {
    let is_patrol = row.entry_id == shift_id;
    folded.rows().filter(|stored| stored.own).filter_map(|stored| Some((stored, stored.parse()?))).any(
        |(stored, revision)| {
            let head = &revision.head;
            let of_row = if is_patrol {
                head.kind.is_movement() && (head.shift_id == Some(shift_id) || head.entry_id == shift_id)
            } else {
                head.entry_id == row.entry_id
            };
            let later = stored.received_at.is_none_or(|at| at > signed);
            let written_later = head.written_corrected() > signed;
            of_row && if is_patrol { written_later } else { later || written_later }
        },
    )
}

impl Handle<EndShift> for Device {
    async fn handle(&self, command: EndShift) -> Result<ClosingView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| {
                let shift_id = open_shift(store, now)?.ok_or_else(|| not_now(words::NO_SHIFT_OPEN))?;
                let new = sign(store, shift_id, &command, &context, now)?;
                Ok::<_, AppError>(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        closing(&session).await
    }
}

/// Everything that ends with the shift, its end, and what the officer signs: one commit.
fn sign(
    store: &mut Store,
    shift_id: EntryId,
    command: &EndShift,
    context: &Context,
    now: Millis,
) -> Result<Vec<NewRevision>, AppError> {
    let at = command.ended_at.unwrap_or(now);
    let folded = load_shift(store, shift_id)?;
    let shift = shift::read(&folded.entries, shift_id).ok_or_else(|| not_now(words::NO_SHIFT_OPEN))?;
    if at > now.plus(check::FUTURE_MS) {
        return Err(invalid(vec![Problem::block("ended_at", ProblemCode::InFuture)]));
    }
    if at < shift.opened.from {
        return Err(invalid(vec![Problem::block("ended_at", ProblemCode::EndsBeforeStart)]));
    }
    let me = context.me.officer;
    let mut new = end_running(&[&shift.visits, &shift.breaks, &shift.away, &shift.legs], context, at);
    // With the shift the officer leaves whichever crew they are in, and the colleagues they named leave theirs.
    let crew = own_memberships(&folded.entries, me).chain(own_claims(&folded.entries, &shift, me));
    new.extend(crew.filter_map(|word| ended(word, at)));
    // A shift that went on from another phone ends there too.
    let shifts = shift.same.iter().filter_map(|shift| folded.entry(*shift));
    new.extend(shifts.filter(|shift| shift.kind() == Kind::ShiftOpened).filter_map(|shift| ended(shift, at)));
    if command.estimated {
        for end in &mut new {
            end.end_kind = Some(EndKind::Estimated);
        }
    }
    let (links, received) = signed_links(&folded, shift_id);
    let open_drafts = store.draft_kinds()?.into_iter().map(|kind| Code::new(kind.name())).collect();
    let body = Body::Submitted(ShiftSubmitted { links, received, open_drafts });
    let mut submitted =
        OfShift::new(&shift).mark(NewRevision::first(new_entry_id(now), Kind::ShiftSubmitted, now, body));
    submitted.names_written = true;
    // What is due before the officer is back goes to the sergeant with the signature, and is named on the receipt.
    new.extend(offered_with_end(store, context, now)?);
    new.push(submitted);
    Ok(new)
}

/// The officer's own revisions of the shift in chain order, and how many of them central has confirmed.
fn signed_links(folded: &Folded, shift_id: EntryId) -> (Vec<Link>, u32) {
    let mut own: Vec<_> = folded
        .rows()
        .filter(|row| row.own)
        .filter(|row| {
            row.parse().is_some_and(|revision| {
                revision.head.access == Access::Team
                    && (revision.head.shift_id == Some(shift_id) || revision.head.entry_id == shift_id)
            })
        })
        .collect();
    own.sort_by_key(|row| row.seq);
    let received = own.iter().filter(|row| row.state == State::Received).count();
    (own.iter().map(|row| row.link).collect(), u32::try_from(received).unwrap_or(u32::MAX))
}
