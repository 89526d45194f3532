//! Saving: everything a form becomes is sealed in one commit, and taken back within ten seconds as one.

use beatbook_domain::check::{self, Severity};
use beatbook_domain::entry::{
    BodiesOfDraft, Body, Change, Circumstances, DraftForm, EndKind, Entry, Handout, HeadLink, Home, Kind,
    Origin, PerformedBy, Relation, UNDO, Written as HowWritten, fold, stated_reason,
};
use beatbook_domain::id::{EntryId, Link, OfficerId};
use beatbook_domain::ledger::name_lines;
use beatbook_domain::time::{Millis, local};
use beatbook_domain::{shift, slip};
use beatbook_protocol::ipc::{AppError, DraftView, ErrorCode, SaveDraft, SavedView, UndoSave};
use beatbook_words::text;

use super::capture::{carry, draft_view};
use super::context::Context;
use super::duties::settled;
use super::entries::{SHIFT, load_shift, open_shift};
use super::error::{not_found, not_now};
use super::movement::OfShift;
use super::revise::{follow, newest, withdrawal, write};
use super::session::{Session, Undo};
use super::views::Folded;
use super::{Device, Handle, planner};
use crate::store::append::new_entry_id;
use crate::store::drafts::Draft;
use crate::store::{NewRevision, Store, StoreError};
use crate::words;

/// For how long a save may be taken back, milliseconds.
const UNDO_MS: i64 = 10_000;
/// What is about to be sealed.
pub(super) struct Sealing {
    /// The form and its circumstances: what an undo gives back.
    pub draft: Draft,
    /// How the words came to be written.
    pub origin: Origin,
    /// What the form became.
    pub bodies: BodiesOfDraft,
}

impl Handle<SaveDraft> for Device {
    async fn handle(&self, command: SaveDraft) -> Result<SavedView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let (saved, undo) = session.save(move |store| save(store, command, &context, now)).await?;
        if let Some(undo) = undo {
            self.put_away(&session, undo).await;
        }
        self.changed();
        Ok(saved)
    }
}

impl Device {
    /// After a commit, and not waited for by it: dropping the draft and carrying forward may fail or be cut off.
    pub(super) async fn put_away(&self, session: &Session, undo: Undo) {
        let draft = undo.draft.clone();
        session.keep_undo(undo);
        session
            .read(move |store| {
                store.drop_draft(draft.entry_id)?;
                // What was corrected or belongs elsewhere says nothing of where the officer is now.
                if draft.told.is_amendment() || draft.told.home != Home::Open || draft.told.is_narrow() {
                    return Ok(());
                }
                carry(store, &draft.form)
            })
            .await
            .unwrap_or_else(
                |error: StoreError| tracing::warn!(%error, "a draft could not be put away after its save"),
            );
    }
}

/// The bodies of a form that may be sealed.
pub(super) fn checked(
    form: &DraftForm,
    told: &Circumstances,
    context: &Context,
    now: Millis,
) -> Result<BodiesOfDraft, AppError> {
    let problems = check::form(form, told, &context.edition, now);
    let blocking: Vec<_> =
        problems.into_iter().filter(|problem| problem.severity == Severity::Block).collect();
    if let Some(first) = blocking.first() {
        let words = text!(answer_to_mend, problem = first.code.words());
        return Err(AppError { problems: blocking, ..AppError::new(ErrorCode::Invalid, words) });
    }
    let on = local(told.occurred_at).date_naive();
    form.bodies(&context.edition, on, now).map_err(|problems| AppError {
        problems,
        ..AppError::new(ErrorCode::Invalid, words::ANSWERS_MISSING)
    })
}

fn save(
    store: &mut Store,
    command: SaveDraft,
    context: &Context,
    now: Millis,
) -> Result<(SavedView, Option<Undo>), AppError> {
    let Some(held) = store.draft(command.entry_id)? else {
        return Ok((already_saved(store, command.entry_id, now)?, None));
    };
    // What a form corrects is not for the form to say.
    let mut told = Circumstances { amends: held.told.amends.clone(), ..command.told };
    if command.form.kind().is_of_tasking() {
        planner::may_be_given(store, context, now)?;
        // It is given now, whenever its form was opened.
        (told.occurred_at, told.occurred_until) = (now, None);
    }
    if told.is_amendment() {
        // The team has read the version before, or may not: a correction changes nothing in that.
        told.access = held.told.access;
    }
    let bodies = checked(&command.form, &told, context, now)?;
    let origin = told.origin(now);
    let handed_over = matches!(&bodies.main, Body::Concern(note) if slip::is_handed_over(note));
    let draft = Draft { form: command.form, told, kept_at: now, ..held };
    let (saved, undo) = seal(store, Sealing { draft, origin, bodies }, context, now)?;
    if handed_over {
        store.drop_slip(command.entry_id)?;
    }
    Ok((saved, Some(undo)))
}

/// Finishing twice is one entry: the second Save finds the first one's revision and answers the same.
fn already_saved(store: &mut Store, entry_id: EntryId, now: Millis) -> Result<SavedView, AppError> {
    let folded = Folded::new(store.revisions_of_entry(entry_id)?);
    let Some(entry) = folded.entry(entry_id) else {
        return Err(not_found(words::DRAFT_GONE));
    };
    let saved_at = entry.current().head.written_at;
    Ok(SavedView { entries: vec![entry.entry_id], saved_at, undo_until: saved_at.plus(UNDO_MS).min(now) })
}

/// What every revision of one save shares.
struct Common<'a> {
    told: &'a Circumstances,
    origin: Origin,
    home: Option<OfShift>,
    me: OfficerId,
    /// Why, where the entry was there before: as stated, or the word of an undo.
    reason: String,
}

impl Common<'_> {
    /// A first revision, or the one that follows.
    fn revision(&self, before: Option<&Entry>, entry_id: EntryId, kind: Kind, mut body: Body) -> NewRevision {
        if self.told.written == HowWritten::Paper {
            body.set_paper(self.told.paper.clone());
        }
        let mut new = match before {
            Some(before) => {
                body.set_reason(self.reason.clone());
                follow(before, Change::Corrects, body)
            }
            None => NewRevision::first(entry_id, kind, self.told.occurred_at, body),
        };
        new.occurred_at = self.told.occurred_at;
        new.occurred_until = self.told.occurred_until;
        let corrected =
            before.is_some_and(|before| before.current().head.occurred_until != self.told.occurred_until);
        new.end_kind = self.told.occurred_until.map(|_| match new.end_kind {
            Some(kind) if !corrected => kind,
            _ if corrected && self.told.is_amendment() => EndKind::Corrected,
            _ => EndKind::Stated,
        });
        new.access = self.told.access;
        new.origin = self.origin;
        new.performed_by = self.told.performed_by.clone().filter(|by| *by != PerformedBy::Officer(self.me));
        let of_unit = before.map(|before| &before.current().head).map(|head| (head.shift_id, head.unit_id));
        let shift_id = self.home.map(|home| home.shift_id);
        // Moved to no other shift, it stays with the unit it was sealed for.
        new.unit_id = match of_unit {
            Some((sealed, unit)) if sealed == shift_id => unit,
            _ => self.home.and_then(|home| home.unit_id),
        };
        new.shift_id = shift_id;
        new
    }
}

/// Seals what a form became in one commit: the entry, the cards given in it, and its duties.
pub(super) fn seal(
    store: &mut Store,
    sealing: Sealing,
    context: &Context,
    now: Millis,
) -> Result<(SavedView, Undo), AppError> {
    let Sealing { draft, origin, bodies } = sealing;
    let (entry_id, told) = (draft.entry_id, &draft.told);
    let earlier = Folded::new(store.revisions_of_entry(entry_id)?);
    let before = earlier.entry(entry_id);
    let open = open_unit(store, now)?;
    let reason = if told.is_amendment() { stated_reason(&told.reason) } else { UNDO.to_owned() };
    let common =
        Common { told, origin, home: home(store, told, open, context)?, me: context.me.officer, reason };

    let mut main = common.revision(before, entry_id, draft.form.kind(), bodies.main);
    if told.is_amendment() {
        main.revises = amended(before, &told.amends)?;
    }
    if let Some(from) = draft.form.arose_from() {
        main.links = vec![HeadLink { relation: Relation::AroseFrom, entry_id: from, link: None }];
    }
    // Nothing can have arisen from what is new.
    let known = match before {
        Some(_) => Folded::new(store.revisions_linked_to(entry_id)?),
        None => Folded::new([]),
    };
    let handout = handout(store, &common, &known, entry_id, bodies.handout, now)?;
    let duties = settled(&main, &known, &common.reason, words::NOT_ASKED_ANY_MORE, context, now);
    let new: Vec<NewRevision> = std::iter::once(main).chain(handout).chain(duties).collect();

    let kinds: Vec<Kind> = new.iter().map(|revision| revision.kind).collect();
    let written = write(store, open.is_some(), new)?;
    let saved_at = written.first().map_or(now, |written| written.written_at);
    let until = saved_at.plus(UNDO_MS);
    let entries = written.iter().map(|written| written.entry_id).collect();
    let saved =
        written.iter().zip(kinds).map(|(written, kind)| (written.entry_id, written.link, kind)).collect();
    Ok((SavedView { entries, saved_at, undo_until: until }, Undo { draft, saved, until }))
}

/// The open shift with its unit as it is now.
pub(super) fn open_unit(store: &mut Store, now: Millis) -> Result<Option<OfShift>, StoreError> {
    let Some(shift_id) = open_shift(store, now)? else { return Ok(None) };
    let folded = load_shift(store, shift_id)?;
    Ok(shift::read(&folded.entries, shift_id).map(|shift| OfShift::new(&shift)))
}

/// The shift an entry belongs to.
fn home(
    store: &mut Store,
    told: &Circumstances,
    open: Option<OfShift>,
    context: &Context,
) -> Result<Option<OfShift>, AppError> {
    match told.home {
        // A shift tells its whole team what belongs to it.
        _ if told.is_narrow() => Ok(None),
        Home::Open => Ok(open),
        Home::None => Ok(None),
        Home::Shift(shift_id) if open.is_some_and(|open| open.shift_id == shift_id) => Ok(open),
        Home::Shift(shift_id) => {
            let folded = load_shift(store, shift_id)?;
            let shift = shift::read(&folded.entries, shift_id)
                .filter(|shift| {
                    shift.officer == context.me.officer && SHIFT.contains(&shift.opened.entry.kind())
                })
                .map(|shift| OfShift::new(&shift));
            shift.map(Some).ok_or_else(|| not_found(words::SHIFT_CHOSEN_NOT_HERE))
        }
    }
}

/// The parents of a correction: those the officer saw, both sides of a fork where there was one.
fn amended(before: Option<&Entry>, seen: &[Link]) -> Result<Vec<Link>, AppError> {
    let known = |link: &Link| {
        before.is_some_and(|entry| entry.revisions.iter().any(|revision| revision.link == *link))
    };
    if seen.iter().all(known) {
        return Ok(seen.to_vec());
    }
    Err(not_found(words::CORRECTED_ENTRY_GONE))
}

/// The cards given in an engagement or at an event: a handout of their own, corrected where the number changed, withdrawn
/// where there are none now.
fn handout(
    store: &mut Store,
    common: &Common<'_>,
    known: &Folded,
    from: EntryId,
    given: Option<Handout>,
    now: Millis,
) -> Result<Option<NewRevision>, StoreError> {
    let before = handout_among(known, common.me);
    let Some(mut given) = given else {
        let stands = before.filter(|entry| !entry.is_withdrawn());
        return Ok(stands.map(|entry| withdrawal(entry, &common.reason)));
    };
    let sealed = before.and_then(as_handout);
    name_lines(&mut given.items, sealed.map_or(&[], |sealed| &sealed.items), &store.ledger()?);
    let entry_id = before.map_or_else(|| new_entry_id(now), |entry| entry.entry_id);
    let mut new = common.revision(before, entry_id, Kind::Handout, Body::Handout(given));
    new.links = vec![HeadLink { relation: Relation::AroseFrom, entry_id: from, link: None }];
    Ok(before.is_none_or(|before| says_otherwise(&new, before)).then_some(new))
}

/// Whether a revision says anything its entry does not say already, its reason apart.
fn says_otherwise(new: &NewRevision, before: &Entry) -> bool {
    let head = &before.current().head;
    let plain = |body: &Body| {
        let mut body = body.clone();
        body.clear_reason();
        body
    };
    before.is_withdrawn()
        || before.current().body.as_ref().map(plain) != Some(plain(&new.body))
        || (head.occurred_at, head.shift_id) != (new.occurred_at, new.shift_id)
        || head.performed_by != new.performed_by
}

/// The officer's handout that arose from an entry; one that stands before one that was taken back.
pub(super) fn handout_among(known: &Folded, me: OfficerId) -> Option<&Entry> {
    let mut handouts =
        known.entries.iter().filter(|entry| entry.kind() == Kind::Handout && entry.first().head.author == me);
    let first = handouts.clone().find(|entry| !entry.is_withdrawn());
    first.or_else(|| handouts.next())
}

/// What a handout says, or said before it was taken back.
pub(super) fn as_handout(entry: &Entry) -> Option<&Handout> {
    entry.revisions.iter().rev().find_map(|revision| match &revision.body {
        Some(Body::Handout(handout)) => Some(handout),
        _ => None,
    })
}

impl Handle<UndoSave> for Device {
    async fn handle(&self, command: UndoSave) -> Result<DraftView, AppError> {
        let session = self.session()?;
        let now = session.now();
        let undo = session.take_undo(command.entry_id).ok_or_else(|| not_now(words::UNDO_OVER))?;
        let view = session.save(move |store| undone(store, undo, now)).await?;
        self.changed();
        Ok(view)
    }
}

fn undone(store: &mut Store, undo: Undo, now: Millis) -> Result<DraftView, AppError> {
    let mut new = Vec::new();
    for (entry_id, link, _) in &undo.saved {
        let folded = Folded::new(store.revisions_of_entry(*entry_id)?);
        if let Some(entry) = folded.entry(*entry_id) {
            new.extend(taken_back(entry, *link, now));
        }
    }
    let shift_open = open_shift(store, now)?.is_some();
    let written = write(store, shift_open, new)?;
    let mut draft = Draft { base_rid: store.newest_rid()?, kept_at: now, ..undo.draft };
    if draft.told.is_amendment() {
        // The correction was taken back: what the form corrects now is the entry as it stands again.
        let stands = written.iter().filter(|written| written.entry_id == draft.entry_id);
        draft.told.amends = stands.map(|written| written.link).collect();
    }
    store.keep_draft(&draft)?;
    draft_view(store, &draft, now)
}

/// What takes one revision of a save back: the entry is withdrawn where the save began it, and says again what it said
/// where the save changed it. Nothing is asked, and it does not count as edited.
fn taken_back(entry: &Entry, link: Link, now: Millis) -> Vec<NewRevision> {
    let others = entry.revisions.iter().filter(|revision| revision.link != link).cloned();
    let earlier = fold(others).pop().filter(|earlier| !earlier.is_withdrawn());
    let said = earlier.as_ref().and_then(|earlier| Some((earlier, earlier.current().body.clone()?)));
    let Some((earlier, mut body)) = said else {
        return vec![withdrawal(entry, UNDO)];
    };
    // A discharge cannot be taken out of a duty: that duty goes, and the same is opened again.
    if entry.kind() == Kind::DutyDischarged && earlier.kind() != Kind::DutyDischarged {
        let head = &earlier.current().head;
        let mut again = NewRevision::first(new_entry_id(now), Kind::DutyOpened, head.occurred_at, body);
        again.links.clone_from(&head.links);
        (again.shift_id, again.unit_id) = (head.shift_id, head.unit_id);
        return vec![withdrawal(entry, UNDO), again];
    }
    body.set_reason(UNDO.to_owned());
    let mut restored = follow(earlier, Change::Corrects, body);
    restored.revises = newest(entry);
    vec![restored]
}
