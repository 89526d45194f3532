//! The next revision of an entry of one's own: it restates what the head says and follows every newest revision.

use beatbook_domain::check::Problem;
use beatbook_domain::entry::{Body, Change, Duty, Entry, Withdrawal};
use beatbook_domain::id::{EntryId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AppError, EntryView, ErrorCode};
use beatbook_words::text;

use super::Device;
use super::context::Context;
use super::entries::{entry_view, open_shift};
use super::error::{not_found, not_now};
use super::views::Folded;
use crate::store::{Chain, NewRevision, Store, StoreError, Written};
use crate::words;

/// The newest revisions of an entry: the parents of the next.
pub(super) fn newest(entry: &Entry) -> Vec<Link> {
    entry.newest().map(|revision| revision.link).collect()
}

/// The next revision of an entry, with another body.
pub(super) fn follow(entry: &Entry, change: Change, body: Body) -> NewRevision {
    let head = &entry.current().head;
    NewRevision {
        change,
        revises: newest(entry),
        about: head.about,
        links: head.links.clone(),
        performed_by: head.performed_by.clone(),
        origin: head.origin,
        unit_id: head.unit_id,
        shift_id: head.shift_id,
        occurred_until: head.occurred_until,
        end_kind: head.end_kind,
        marking: Some(head.marking),
        access: head.access,
        area: head.area.clone(),
        codes: head.codes.clone(),
        ..NewRevision::first(entry.entry_id, head.kind, head.occurred_at, body)
    }
}

/// The withdrawal of an entry: it stays readable, the reason alone is added.
pub(super) fn withdrawal(entry: &Entry, reason: &str) -> NewRevision {
    follow(entry, Change::Withdraws, Body::Withdrawal(Withdrawal { reason: reason.to_owned() }))
}

/// Seals revisions in one commit. On duty is who has a shift open as it is written, whichever shift it is about.
pub(super) fn write(
    store: &mut Store,
    shift_open: bool,
    mut new: Vec<NewRevision>,
) -> Result<Vec<Written>, StoreError> {
    for revision in &mut new {
        revision.duty = Some(if shift_open { Duty::On } else { Duty::Off });
    }
    store.append(Chain::Record, &new)
}

impl Device {
    /// Seals what a use case makes of an entry, in one commit, and shows the entry as it stands then.
    pub(super) async fn sealed_about<F>(&self, entry_id: EntryId, make: F) -> Result<EntryView, AppError>
    where
        F: FnOnce(&mut Store, &Context, Millis) -> Result<Vec<NewRevision>, AppError> + Send + 'static,
    {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let view = session
            .save(move |store| {
                let new = make(store, &context, now)?;
                let shift_open = open_shift(store, now)?.is_some();
                write(store, shift_open, new)?;
                entry_view(store, entry_id, &context, now)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}

/// An entry the officer may go on with: on this phone, their own, not withdrawn, and not open in a form.
pub(super) fn own_entry(store: &mut Store, entry_id: EntryId, me: OfficerId) -> Result<Folded, AppError> {
    if store.draft(entry_id)?.is_some() {
        return Err(not_now(words::OPEN_IN_A_FORM));
    }
    let folded = Folded::new(store.revisions_of_entry(entry_id)?);
    own(&folded, entry_id, me)?;
    Ok(folded)
}

/// The entry among these, if the officer wrote it and it stands.
pub(super) fn own(folded: &Folded, entry_id: EntryId, me: OfficerId) -> Result<&Entry, AppError> {
    let entry = folded.entry(entry_id).ok_or_else(|| not_found(words::ENTRY_GONE))?;
    if entry.first().head.author != me {
        return Err(not_now(words::OWN_ENTRIES_ONLY));
    }
    if entry.is_withdrawn() {
        return Err(not_now(words::ENTRY_WITHDRAWN));
    }
    Ok(entry)
}

/// What an entry says now.
pub(super) fn said(entry: &Entry) -> Result<Body, AppError> {
    entry.current().body.clone().ok_or_else(|| not_now(words::WORDS_NOT_HERE))
}

/// Answers that must be given or changed first, with their fields.
pub(super) fn invalid(problems: Vec<Problem>) -> AppError {
    let problem = problems.first().map_or("", |problem| problem.code.words());
    AppError {
        message: text!(answer_to_mend_first, problem = problem),
        problems,
        ..AppError::new(ErrorCode::Invalid, "")
    }
}
