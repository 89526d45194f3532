//! Opening an entry for reading.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::code_list::list;
use beatbook_domain::duty::{self, DutyStands};
use beatbook_domain::entry::{Entry, Gone, Kind, LogRecord, PerformedBy, Revision};
use beatbook_domain::id::{Code, EntryId, Link};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, EntryView, FetchEntry, GetEntry, GettingBack, GoneView, ReviewStanding, RevisionView,
};

use super::authority::may_decide_about;
use super::context::Context;
use super::decisions::{mark_returned, review_view, with_said};
use super::duties::is_duty;
use super::error::not_found;
use super::handover::Viewer;
use super::patrol_record::stretches;
use super::posts::Posts;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::copies::Wanted;
use crate::store::erasing::ErasedUnder;
use crate::store::{Store, StoreError, StoredRevision};
use crate::words;

pub(super) use super::shift_load::{LOOK_BACK_MS, SHIFT, load_shift, newest_shift, open_shift};

impl Handle<GetEntry> for Device {
    async fn handle(&self, command: GetEntry) -> Result<EntryView, AppError> {
        let session = self.session()?;
        session.may_read_entry(command.entry_id).await?;
        let context = session.context().await?;
        let now = session.now();
        let record = LogRecord {
            entry_id: Some(command.entry_id),
            what: Some(Code::new("entry")),
            ..LogRecord::default()
        };
        session.log(Kind::Viewed, record).await?;
        session.read(move |store| entry_view(store, command.entry_id, &context, now)).await
    }
}

/// An entry with its history, and what arose from it or it arose from.
pub(super) fn entry_view(
    store: &mut Store,
    entry_id: EntryId,
    context: &Context,
    now: Millis,
) -> Result<EntryView, AppError> {
    let mut rows = store.revisions_of_entry(entry_id)?;
    let heads = rows.iter().filter_map(|row| row.parse()).map(|revision| revision.head);
    let (mut named, mut is_shift) = (Vec::new(), false);
    for head in heads {
        named.extend(head.links.iter().map(|link| link.entry_id));
        is_shift |= SHIFT.contains(&head.kind);
    }
    named.sort_unstable();
    named.dedup();
    for other in named {
        rows.extend(store.revisions_of_entry(other)?);
    }
    rows.extend(store.revisions_linked_to(entry_id)?);
    if is_shift {
        // Its row speaks for all its movement.
        rows.extend(store.revisions_of_shift(entry_id)?);
    }
    let (under, at_server) = gone(store, entry_id, &rows, context)?;
    let slip = super::slip::has_slip(store, entry_id)?;
    let patrol = match is_shift {
        true => stretches(&load_shift(store, entry_id)?, entry_id, context),
        false => Vec::new(),
    };
    let folded = with_said(store, Folded::new(rows))?;
    let posts = Posts::now(store, context, now)?;
    let viewer = Viewer::of(store, context, now)?;
    let entry = folded.entry(entry_id).ok_or_else(|| not_found(words::ENTRY_GONE))?;
    let entitled = may_decide_about(store, context, &folded, entry, now)?;
    let current = entry.current();
    let outbox = store.outbox();
    let mut row = if is_shift {
        folded.patrol_row(entry, outbox, context)
    } else {
        folded.entry_row(entry, outbox, context)
    };
    if entry.is_narrow() {
        // Opened, it says what it is.
        (row.kind, row.title) = (entry.kind(), entry.kind().title().to_owned());
    }
    let review = review_view(entry, &folded, outbox, context, (entitled, &posts));
    let mine = entry.first().head.author == context.me.officer;
    if review.standing == ReviewStanding::Returned || (mine && review.questions_wait) {
        mark_returned(std::slice::from_mut(&mut row), &BTreeSet::from([entry_id]));
    }
    let links = |from: &Entry, to: EntryId| {
        from.revisions.iter().any(|revision| revision.head.links.iter().any(|link| link.entry_id == to))
    };
    let linked = folded
        .entries
        .iter()
        .filter(|other| other.entry_id != entry_id && !is_duty(other) && !other.kind().is_of_review())
        .filter(|other| links(entry, other.entry_id) || links(other, entry_id))
        .map(|other| folded.entry_row(other, outbox, context))
        .collect();
    let arose: Vec<DutyStands<'_>> = duty::duties(&folded.entries)
        .into_iter()
        .filter(|duty| duty.about == Some(entry_id) && duty.entry.entry_id != entry_id)
        .collect();
    Ok(EntryView {
        row,
        marking: entry.revisions.iter().map(|r| r.head.marking).max().unwrap_or(current.head.marking),
        author: context.title(entry.first().head.author),
        revisions: folded
            .revision_views(entry, context)
            .into_iter()
            .map(|view| match under.get(&view.link) {
                Some(under) => {
                    RevisionView { gone: Some(GoneView::Erased { under: Some(under.clone()) }), ..view }
                }
                None => view,
            })
            .collect(),
        forked: entry.is_forked(),
        withdrawn: entry.is_withdrawn(),
        linked,
        mine,
        duties: arose.iter().map(|duty| viewer.row(duty, &folded, context)).collect(),
        narrow: entry.is_narrow(),
        performed_by: current.head.performed_by.as_ref().map(|by| performed_by(by, current, context)),
        slip,
        review,
        patrol,
        at_server,
    })
}

/// Authority, who and when, by the revision that was erased under it.
type Under = BTreeMap<Link, (String, String, Millis)>;

/// Under what revisions of an entry were erased, and how it stands with those that are kept at the server alone.
fn gone(
    store: &mut Store,
    entry_id: EntryId,
    rows: &[StoredRevision],
    context: &Context,
) -> Result<(Under, Option<GettingBack>), StoreError> {
    let (mut under, mut back) = (Under::new(), None);
    let of_entry = |row: &&StoredRevision| row.parse().is_some_and(|one| one.head.entry_id == entry_id);
    for row in rows.iter().filter(|row| row.gone.is_some()).filter(of_entry) {
        if row.gone == Some(Gone::Erased) {
            if let Some(ErasedUnder { erasure, head }) = store.erased_under(&row.link)? {
                let by = match head.performed_by {
                    Some(PerformedBy::Officer(officer)) => officer,
                    _ => head.author,
                };
                under.insert(row.link, (erasure.authority, context.title(by), head.written_at));
            }
        } else if row.gone == Some(Gone::AtServer) {
            let stands = match store.wanted(&row.link)? {
                None => GettingBack::NotAsked,
                Some(Wanted::Asked) => GettingBack::Asked,
                Some(Wanted::Missing) => GettingBack::Missing,
            };
            back = back.max(Some(stands));
        }
    }
    Ok((under, back))
}

impl Handle<FetchEntry> for Device {
    async fn handle(&self, command: FetchEntry) -> Result<EntryView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let view = session
            .save(move |store| {
                store.want(command.entry_id)?;
                entry_view(store, command.entry_id, &context, now)
            })
            .await?;
        Ok(view)
    }
}

/// Who did it, as shown: an officer by title, a partner by name.
fn performed_by(by: &PerformedBy, revision: &Revision, context: &Context) -> String {
    match by {
        PerformedBy::Officer(officer) => context.title(*officer),
        PerformedBy::Partner(code) => context
            .code(list::PARTNER, &Some(code.clone()), revision.head.occurred_at)
            .map_or_else(|| code.as_str().to_owned(), |partner| partner.label),
    }
}
