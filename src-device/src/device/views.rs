//! From entries to what the screens show: rows, states, revisions.

use std::collections::BTreeMap;

use beatbook_domain::entry::{Body, Entry, Gone, Kind, Revision, fold};
use beatbook_domain::id::{EntryId, Link};
use beatbook_domain::time::late_by;
use beatbook_protocol::ipc::{DraftRow, EntryRow, EntryState, GoneView, RevisionBody, RevisionView};

use super::context::Context;
use crate::store::drafts::Draft;
use crate::store::outbox::Counted;
use crate::store::photos;
use crate::store::receipts::refusal_words;
use crate::store::rows::State;
use crate::store::{Outbox, StoredRevision};
use crate::words;

/// Stored revisions and the entries they make.
pub(super) struct Folded {
    rows: BTreeMap<Link, StoredRevision>,
    /// The entries, in order of when they happened.
    pub entries: Vec<Entry>,
}

impl Folded {
    /// Folds rows; the same row twice counts once.
    pub(super) fn new(rows: impl IntoIterator<Item = StoredRevision>) -> Self {
        let rows: BTreeMap<Link, StoredRevision> = rows.into_iter().map(|row| (row.link, row)).collect();
        let entries = fold(rows.values().filter_map(StoredRevision::parse));
        Self { rows, entries }
    }

    /// An entry.
    pub(super) fn entry(&self, entry: EntryId) -> Option<&Entry> {
        self.entries.iter().find(|found| found.entry_id == entry)
    }

    /// The stored row of a revision.
    pub(super) fn row(&self, link: &Link) -> Option<&StoredRevision> {
        self.rows.get(link)
    }

    /// All stored rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = &StoredRevision> {
        self.rows.values()
    }

    /// Where an entry stands.
    pub(super) fn state(&self, entry: &Entry, outbox: &Outbox) -> EntryState {
        let rows = || entry.revisions.iter().filter_map(|revision| self.row(&revision.link));
        self.state_of(Counted::Entry(entry.entry_id), rows, Some(entry.current()), outbox)
    }

    fn state_of<'a, I: Iterator<Item = &'a StoredRevision>>(
        &'a self,
        counted: Counted,
        rows: impl Fn() -> I,
        current: Option<&Revision>,
        outbox: &Outbox,
    ) -> EntryState {
        match outbox.state_of(counted) {
            Some(State::Refused) => {
                let code = rows().find_map(|row| row.refusal.as_deref());
                let of_photo = || outbox.photo_refusal(counted).map(photos::refusal_words);
                let cause = code.map(refusal_words).or_else(of_photo).unwrap_or(refusal_words(""));
                EntryState::NeedsYou { cause: cause.to_owned() }
            }
            Some(State::Sending) => EntryState::Sending,
            Some(State::Sent) => EntryState::Sent,
            Some(State::Waiting) => EntryState::Waiting,
            Some(State::Saved) => EntryState::Saved,
            Some(State::Received) | None => {
                let newest = rows().max_by_key(|row| row.received_at);
                let shown = current.and_then(|current| self.row(&current.link)).or(newest);
                let at = newest.and_then(|row| row.received_at);
                match (shown, at) {
                    (Some(shown), Some(at)) => EntryState::Received {
                        code: shown.link.short_code(),
                        at,
                        question: shown.problems.first().map(|problem| problem.words.clone()),
                    },
                    // Nothing waits and nothing was received: it is here and nowhere else.
                    _ => EntryState::Saved,
                }
            }
        }
    }

    /// The row of an entry.
    pub(super) fn entry_row(&self, entry: &Entry, outbox: &Outbox, context: &Context) -> EntryRow {
        let current = entry.current();
        if entry.is_narrow() {
            // No heading that could be read over a shoulder, and no sign of what it is.
            return EntryRow {
                entry_id: entry.entry_id,
                kind: Kind::Unknown,
                at: entry.occurred_at(),
                title: words::NARROW_TITLE.to_owned(),
                detail: String::new(),
                state: self.state(entry, outbox),
                author: author(entry, context),
            };
        }
        EntryRow {
            entry_id: entry.entry_id,
            kind: entry.kind(),
            at: entry.occurred_at(),
            title: entry.kind().title().to_owned(),
            detail: if entry.is_withdrawn() { words::WITHDRAWN.to_owned() } else { detail(current) },
            state: self.state(entry, outbox),
            author: author(entry, context),
        }
    }

    /// The one row of a shift's movement: the patrol record.
    pub(super) fn patrol_row(&self, shift: &Entry, outbox: &Outbox, context: &Context) -> EntryRow {
        let counted = Counted::Patrol(shift.entry_id);
        let of_patrol = || {
            self.rows().filter(move |row| {
                row.parse().is_some_and(|revision| {
                    Counted::of(revision.head.kind, revision.head.entry_id, revision.head.shift_id) == counted
                })
            })
        };
        let call_sign = match &shift.current().body {
            Some(Body::Shift(body)) => body.call_sign.clone(),
            _ => String::new(),
        };
        EntryRow {
            entry_id: shift.entry_id,
            kind: Kind::ShiftOpened,
            at: shift.occurred_at(),
            title: words::PATROL_RECORD.to_owned(),
            detail: call_sign,
            state: self.state_of(counted, of_patrol, None, outbox),
            author: author(shift, context),
        }
    }

    /// The row of a word in another officer's patrol record: it is sent and received with that record's own movement.
    pub(super) fn patrol_word_row(
        &self,
        entry: &Entry,
        shift: EntryId,
        outbox: &Outbox,
        context: &Context,
    ) -> EntryRow {
        let rows = || entry.revisions.iter().filter_map(|revision| self.row(&revision.link));
        let state = self.state_of(Counted::Patrol(shift), rows, Some(entry.current()), outbox);
        EntryRow { state, ..self.entry_row(entry, outbox, context) }
    }

    /// The newest version of an entry and the one before it, readable; none where there is one version only.
    pub(super) fn before_and_now(
        &self,
        entry: &Entry,
        context: &Context,
    ) -> Option<(RevisionView, RevisionView)> {
        let (before, now) = super::decisions::last_two(entry)?;
        Some((self.revision_view(before, context), self.revision_view(now, context)))
    }

    /// Every revision of an entry, readable, oldest first.
    pub(super) fn revision_views(&self, entry: &Entry, context: &Context) -> Vec<RevisionView> {
        let newest: Vec<Link> = entry.newest().map(|revision| revision.link).collect();
        let views = entry.revisions.iter().map(|revision| self.revision_view(revision, context));
        views.map(|view| RevisionView { newest: newest.contains(&view.link), ..view }).collect()
    }

    /// A revision, readable; which is newest only the entry knows.
    fn revision_view(&self, revision: &Revision, context: &Context) -> RevisionView {
        let head = &revision.head;
        let row = self.row(&revision.link);
        let body = row.and_then(|row| row.body.as_ref()).map(|bytes| RevisionBody {
            json: String::from_utf8_lossy(bytes).into_owned(),
            schema: head.schema,
        });
        RevisionView {
            link: revision.link,
            kind: head.kind,
            change: head.change,
            origin: head.origin,
            occurred_at: head.occurred_at,
            occurred_until: head.occurred_until,
            end_kind: head.end_kind,
            written_at: head.written_at,
            offset: head.offset,
            received_at: revision.received.map(|(at, _)| at),
            position: revision.received.map(|(_, position)| position),
            receipt_code: revision.received.map(|_| revision.link.short_code()),
            problems: row
                .map(|row| row.problems.iter().map(|p| p.words.clone()).collect())
                .unwrap_or_default(),
            late: late_by(head.occurred_until.unwrap_or(head.occurred_at), head.written_at),
            codes: head.codes.clone(),
            area: head.area.as_ref().map(|area| context.area_name(area)),
            newest: false,
            gone: body.is_none().then(|| gone(revision.gone)),
            body,
        }
    }
}

fn author(entry: &Entry, context: &Context) -> Option<String> {
    let author = entry.first().head.author;
    (author != context.me.officer).then(|| context.title(author))
}

/// Place and count, nothing else: a row may be read over a shoulder.
fn detail(revision: &Revision) -> String {
    let gone = || {
        let words = match revision.gone {
            Some(Gone::Erased) => words::ROW_ERASED,
            Some(Gone::AtServer) => words::ROW_AT_SERVER,
            Some(Gone::Forgotten) => words::ROW_FORGOTTEN,
            None => words::HEADING_ONLY,
        };
        words.to_owned()
    };
    revision.body.as_ref().map_or_else(gone, Body::detail)
}

/// Why the words of a revision are not here; under what it was erased is told where the entry is opened.
fn gone(gone: Option<Gone>) -> GoneView {
    match gone {
        Some(Gone::Erased) => GoneView::Erased { under: None },
        Some(Gone::AtServer) => GoneView::AtServer,
        Some(Gone::Forgotten) => GoneView::Forgotten,
        None => GoneView::Heading,
    }
}

/// The row of a draft.
pub(super) fn draft_row(draft: &Draft) -> DraftRow {
    DraftRow {
        entry_id: draft.entry_id,
        kind: draft.form.kind(),
        opened_at: draft.opened_at,
        kept_at: draft.kept_at,
        place: draft
            .form
            .place()
            .filter(|_| !draft.told.is_narrow())
            .and_then(|place| place.label().map(str::to_owned)),
        corrects: draft.told.is_amendment(),
        narrow: draft.told.is_narrow(),
    }
}
