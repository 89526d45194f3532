//! Corrections and withdrawals: the form opened again, an entry withdrawn with all that hangs on it, times restated.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Change, Circumstances, DraftForm, EndKind, Entry, Kind, stated_reason};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AppError, CorrectTimes, EntryView, WithdrawEntry};

use super::context::Context;
use super::duties::open_among;
use super::error::not_now;
use super::revise::{follow, invalid, own, own_entry, said, withdrawal};
use super::saving::{as_handout, handout_among};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::drafts::Draft;
use crate::store::{NewRevision, Store};
use crate::words;

/// The form of an entry of one's own as it was sealed, for a correction; the one that is open already, if one is.
pub(super) fn reopened(
    store: &mut Store,
    entry_id: EntryId,
    context: &Context,
    now: Millis,
) -> Result<Draft, AppError> {
    if let Some(draft) = store.draft(entry_id)? {
        return Ok(draft);
    }
    let me = context.me.officer;
    let folded = Folded::new(store.revisions_of_entry(entry_id)?);
    let entry = own(&folded, entry_id, me)?;
    let body = said(entry)?;
    let known = Folded::new(store.revisions_linked_to(entry_id)?);
    let handout = handout_among(&known, me).filter(|entry| !entry.is_withdrawn()).and_then(as_handout);
    let form = DraftForm::reopened(&body, handout).ok_or_else(|| not_now(words::NO_FORM_TO_CORRECT))?;
    let draft = Draft {
        entry_id,
        form,
        opened_at: now,
        kept_at: now,
        told: Circumstances::correcting(entry),
        from_note: false,
        base_rid: store.newest_rid()?,
    };
    store.keep_draft(&draft)?;
    Ok(draft)
}

impl Handle<WithdrawEntry> for Device {
    async fn handle(&self, command: WithdrawEntry) -> Result<EntryView, AppError> {
        let problems = check::reason(&command.reason);
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
        self.sealed_about(command.entry_id, move |store, context, _| withdrawn(store, &command, context))
            .await
    }
}

/// What can be withdrawn: records with a form, stock, and what was recorded of the way. A shift is corrected, a crew claim
/// ended, a duty discharged.
fn may_be_withdrawn(kind: Kind) -> bool {
    let of_the_way =
        kind.is_movement() && !matches!(kind, Kind::CrewJoined | Kind::CrewLeft | Kind::ShiftSubmitted);
    let shift = matches!(kind, Kind::ShiftOpened | Kind::ShiftEnded);
    DraftForm::empty(kind).is_some() || kind == Kind::StockMoved || (of_the_way && !shift)
}

/// The entry, the cards given in it and its open duties.
fn withdrawn(
    store: &mut Store,
    command: &WithdrawEntry,
    context: &Context,
) -> Result<Vec<NewRevision>, AppError> {
    let me = context.me.officer;
    let folded = own_entry(store, command.entry_id, me)?;
    let entry = own(&folded, command.entry_id, me)?;
    if !may_be_withdrawn(entry.kind()) {
        return Err(not_now(words::NOT_WITHDRAWN));
    }
    let reason = stated_reason(&command.reason);
    let known = Folded::new(store.revisions_linked_to(command.entry_id)?);
    let handout = handout_among(&known, me).filter(|handout| !handout.is_withdrawn());
    let duties = open_among(&known).into_iter().map(|duty| duty.entry);
    let hang_on_it = handout.into_iter().chain(duties.filter(|duty| duty.first().head.author == me));
    Ok(std::iter::once(entry).chain(hang_on_it).map(|entry| withdrawal(entry, &reason)).collect())
}

impl Handle<CorrectTimes> for Device {
    async fn handle(&self, command: CorrectTimes) -> Result<EntryView, AppError> {
        self.sealed_about(command.entry_id, move |store, context, now| {
            let folded = own_entry(store, command.entry_id, context.me.officer)?;
            let entry = own(&folded, command.entry_id, context.me.officer)?;
            Ok(vec![with_times(entry, &command, context, now)?])
        })
        .await
    }
}

/// The entry with both its times restated. Two ends are settled by it.
fn with_times(
    entry: &Entry,
    command: &CorrectTimes,
    context: &Context,
    now: Millis,
) -> Result<NewRevision, AppError> {
    let kind = entry.kind();
    let starts =
        [Kind::ShiftOpened, Kind::LegStarted, Kind::VisitStarted, Kind::BreakStarted, Kind::CalledAway];
    let runs = starts.contains(&kind);
    if !runs && !starts.iter().any(|start| start.end() == Some(kind)) {
        return Err(not_now(words::TIMES_OF_MOVEMENT_ONLY));
    }
    if kind == Kind::ShiftOpened && command.occurred_until.is_some() {
        return Err(not_now(words::END_SHIFT_FIRST));
    }
    let problems = check::times(command.occurred_at, command.occurred_until, !runs, &command.reason, now);
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let mut body = said(entry)?;
    body.set_reason(stated_reason(&command.reason));
    let mut new = follow(entry, Change::Corrects, body);
    new.occurred_at = command.occurred_at;
    new.occurred_until = command.occurred_until;
    if command.occurred_until.is_some() {
        new.kind = kind.end().filter(|_| runs).unwrap_or(kind);
        new.end_kind = Some(EndKind::Corrected);
    }
    if matches!(kind, Kind::VisitStarted | Kind::VisitEnded) {
        new.codes.retain(|code| code.list.as_str() != list::VISIT_METHOD);
        new.codes.extend(context.code(list::VISIT_METHOD, &Some(Code::new("EDITED")), command.occurred_at));
    }
    Ok(new)
}
