//! What comes after the entry and is no correction: another system's reference, and where a referral stands.

use beatbook_domain::check::{self, Problem, ProblemCode};
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Body, Change, DraftReference, Entry, Kind, Reference};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time::{Millis, local};
use beatbook_domain::{duty, slip};
use beatbook_protocol::ipc::{AppError, EntryView, GiveReference, SetReferralState};
use beatbook_words::text;
use chrono::NaiveDate;

use super::context::Context;
use super::duties::{discharged, open_among, settled};
use super::entries::{entry_view, open_shift};
use super::error::not_now;
use super::revise::{follow, invalid, own, own_entry, said, write};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::{NewRevision, Store, StoreError};
use crate::words;

impl Handle<GiveReference> for Device {
    async fn handle(&self, command: GiveReference) -> Result<EntryView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let view = session
            .save(move |store| {
                let reference = given(&command.reference, &context, local(now).date_naive())?;
                let new = reference_given(store, command.entry_id, &reference, &context, now)?
                    .ok_or_else(|| not_now(words::NO_SUCH_REFERENCE))?;
                let shift_open = open_shift(store, now)?.is_some();
                write_given(store, command.entry_id, shift_open, new)?;
                entry_view(store, command.entry_id, &context, now)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}

/// Seals what a reference makes of an entry; once nothing is left to hand over its slip goes.
pub(super) fn write_given(
    store: &mut Store,
    entry_id: EntryId,
    shift_open: bool,
    new: Vec<NewRevision>,
) -> Result<(), StoreError> {
    let handed_over = new.iter().any(|revision| {
        revision.entry_id == entry_id
            && matches!(&revision.body, Body::Concern(note) if slip::is_handed_over(note))
    });
    write(store, shift_open, new)?;
    if handed_over {
        store.drop_slip(entry_id)?;
    }
    Ok(())
}

/// A reference as typed, if it is one.
pub(super) fn given(typed: &DraftReference, context: &Context, on: NaiveDate) -> Result<Reference, AppError> {
    let problems = check::reference(typed);
    match typed.reference(&context.edition, on) {
        Some(reference) if problems.is_empty() => Ok(reference),
        _ => Err(invalid(problems)),
    }
}

/// The entry with the reference added, and the duties it discharges; `None` where the entry has no place for it.
pub(super) fn reference_given(
    store: &mut Store,
    entry_id: EntryId,
    reference: &Reference,
    context: &Context,
    now: Millis,
) -> Result<Option<Vec<NewRevision>>, AppError> {
    let folded = own_entry(store, entry_id, context.me.officer)?;
    let entry = own(&folded, entry_id, context.me.officer)?;
    let mut body = said(entry)?;
    if !body.give_reference(reference) {
        return Ok(None);
    }
    let what = duty::discharged_by(&reference.kind.code);
    let known = Folded::new(store.revisions_linked_to(entry_id)?);
    let done = open_among(&known)
        .into_iter()
        .filter(|duty| duty.entry.first().head.author == context.me.officer)
        .filter(|duty| Some(duty.body.what.code.as_str()) == what)
        .map(|duty| discharged(duty.entry, duty.body, Some(reference.clone()), None, now));
    Ok(Some(std::iter::once(goes_on(entry, body)).chain(done).collect()))
}

/// The entry goes on with another body. Not a correction: a reason given with an earlier one is not repeated.
fn goes_on(entry: &Entry, mut body: Body) -> NewRevision {
    body.clear_reason();
    follow(entry, Change::Continues, body)
}

impl Handle<SetReferralState> for Device {
    async fn handle(&self, command: SetReferralState) -> Result<EntryView, AppError> {
        self.sealed_about(command.entry_id, move |store, context, now| {
            referral_stands(store, command.entry_id, &command.state, context, now)
        })
        .await
    }
}

fn referral_stands(
    store: &mut Store,
    entry_id: EntryId,
    state: &Code,
    context: &Context,
    now: Millis,
) -> Result<Vec<NewRevision>, AppError> {
    let folded = own_entry(store, entry_id, context.me.officer)?;
    let entry = own(&folded, entry_id, context.me.officer)?;
    if entry.kind() != Kind::Referral {
        return Err(not_now(words::REFERRAL_STATE_ONLY));
    }
    let Body::Referral(mut referral) = said(entry)? else {
        return Err(not_now(words::REFERRAL_NEWER));
    };
    let state = context
        .edition
        .code_ref(list::REFERRAL_STATE, state, local(now).date_naive())
        .ok_or_else(|| invalid(vec![Problem::block("state", ProblemCode::UnknownCode)]))?;
    if referral.state.code == state.code {
        return Ok(Vec::new());
    }
    let note = text!(referral_note, state = state.label.to_lowercase());
    referral.state = state;
    let main = goes_on(entry, Body::Referral(referral));
    let known = Folded::new(store.revisions_linked_to(entry_id)?);
    let duties = settled(&main, &known, &note, &note, context, now);
    Ok(std::iter::once(main).chain(duties).collect())
}
