//! Decisions about entries, and their authors' answers: written offline like everything else.

use std::collections::BTreeSet;

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::duty::{Post, Rank};
use beatbook_domain::entry::{
    About, Body, Decision, Entry, HeadLink, Kind, Reference, Relation, Return, ReturnAnswer, Review, Revision,
};
use beatbook_domain::id::{Code, EntryId, Link, OfficerId};
use beatbook_domain::review::{self, Standing};
use beatbook_domain::shift::Shift;
use beatbook_domain::time::{DAY_MS, Millis, local};
use beatbook_protocol::ipc::{
    AnswerReturn, AppError, DecideEntry, DecisionForm, DutyRow, EntryRow, EntryState, EntryView,
    NeedsDecision, ReviewStanding, ReviewView, SaidView, ShiftReview,
};

use super::authority::may_decide_about;
use super::context::Context;
use super::duties::line;
use super::entries::SHIFT;
use super::error::{not_found, not_now};
use super::handover::asked_row;
use super::posts::Posts;
use super::revise::{invalid, own};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{NewRevision, Outbox, Store, StoreError};
use crate::words;

/// How far back an unanswered return is looked for.
const ASKED_MS: i64 = 90 * DAY_MS;
/// Most returns looked at.
const MOST_RETURNS: u32 = 200;

/// Adds to what is loaded of entries what was said about them; what was said with their shift too.
pub(super) fn with_said(store: &mut Store, folded: Folded) -> Result<Folded, StoreError> {
    let mut about: BTreeSet<EntryId> = BTreeSet::new();
    for entry in &folded.entries {
        about.insert(entry.entry_id);
        about.extend(entry.revisions.iter().filter_map(|revision| revision.head.shift_id));
    }
    let mut rows: Vec<_> = folded.rows().cloned().collect();
    for entry in about {
        rows.extend(store.revisions_about(entry)?);
    }
    Ok(Folded::new(rows))
}

/// Entries of an officer, or of all, about which something was asked, with everything said about them.
fn asked_about(
    store: &mut Store,
    whose: Option<OfficerId>,
    now: Millis,
) -> Result<(Folded, BTreeSet<EntryId>), StoreError> {
    let asked = store.revisions_of_kinds(&[Kind::Return], None, now.plus(-ASKED_MS), MOST_RETURNS)?;
    let named: BTreeSet<EntryId> = asked
        .iter()
        .filter_map(|row| row.parse())
        .filter(|revision| match &revision.body {
            Some(Body::Return(asked)) => whose.is_none_or(|whose| asked.officer == whose),
            _ => false,
        })
        .filter_map(|revision| Some(revision.head.about?.entry_id))
        .collect();
    let mut rows = Vec::new();
    for entry in &named {
        rows.extend(store.revisions_of_entry(*entry)?);
        rows.extend(store.revisions_about(*entry)?);
    }
    Ok((Folded::new(rows), named))
}

/// Questions that wait, as duties of whoever wrote the entry: worked out from the returns, recorded nowhere twice. Of one
/// officer, or of everybody else.
pub(super) fn asked_rows(
    store: &mut Store,
    context: &Context,
    now: Millis,
    whose: Option<OfficerId>,
) -> Result<Vec<DutyRow>, StoreError> {
    let me = context.me.officer;
    let (folded, named) = asked_about(store, whose, now)?;
    let mut rows = Vec::new();
    for entry in
        folded.entries.iter().filter(|entry| named.contains(&entry.entry_id) && !entry.is_withdrawn())
    {
        let author = entry.first().head.author;
        if whose.is_none() && author == me {
            continue;
        }
        for (asked, said) in review::unanswered(entry, &folded.entries) {
            let about = (entry.entry_id, line(entry));
            rows.push(asked_row(asked.entry_id, about, said.due, author == me, (context.title(author), now)));
        }
    }
    Ok(rows)
}

/// The officer's entries that were returned and not answered yet, with everything said about them.
pub(super) fn returned_to(
    store: &mut Store,
    me: OfficerId,
    now: Millis,
) -> Result<(Folded, BTreeSet<EntryId>), StoreError> {
    let (folded, mine) = asked_about(store, Some(me), now)?;
    let waits =
        |entry: &Entry| !entry.is_withdrawn() && !review::unanswered(entry, &folded.entries).is_empty();
    let waiting = folded.entries.iter().filter(|entry| mine.contains(&entry.entry_id) && waits(entry));
    let waiting = waiting.map(|entry| entry.entry_id).collect();
    Ok((folded, waiting))
}

/// Says of rows that they were returned.
pub(super) fn mark_returned(rows: &mut [EntryRow], waiting: &BTreeSet<EntryId>) {
    for row in rows.iter_mut().filter(|row| waiting.contains(&row.entry_id)) {
        // What is refused or not sent yet is said first: it is the phone's own matter.
        if matches!(row.state, EntryState::Received { .. } | EntryState::Saved) {
            row.state = EntryState::Returned;
        }
    }
}

fn newest(entry: &Entry) -> Vec<Link> {
    entry.newest().map(|revision| revision.link).collect()
}

/// The review of an entry, as shown. `folded` holds everything said about it.
pub(super) fn review_view(
    entry: &Entry,
    folded: &Folded,
    outbox: &Outbox,
    context: &Context,
    (entitled, posts): (bool, &Posts),
) -> ReviewView {
    let now = newest(entry);
    let said = review::said_about(entry, &folded.entries);
    let said =
        said.into_iter().map(|one| said_view(one, entry.entry_id, &now, folded, outbox, context)).collect();
    ReviewView {
        standing: match review::standing(entry, &folded.entries) {
            Standing::Open => ReviewStanding::Open,
            Standing::Returned(..) => ReviewStanding::Returned,
            Standing::Answered(..) => ReviewStanding::Answered,
            Standing::Approved(..) => ReviewStanding::Approved,
            Standing::Escalated(..) => ReviewStanding::Escalated,
        },
        said,
        may_decide: entitled
            && is_decided_about(entry)
            && entry.first().head.author != context.me.officer
            && !entry.is_narrow(),
        decided_above: above(entry, folded, posts).map(|rank| Post::of(rank).words().to_owned()),
        questions_wait: !review::unanswered(entry, &folded.entries).is_empty(),
        overruled_by: overruled_by(entry, folded, context),
    }
}

/// Whose decision counts where the reader's own about the same version does not: two decided at once, or it went up.
fn overruled_by(entry: &Entry, folded: &Folded, context: &Context) -> Option<String> {
    let me = context.me.officer;
    let counts = match review::standing(entry, &folded.entries) {
        Standing::Returned(one, _) | Standing::Approved(one, _) | Standing::Escalated(one, _) => one,
        Standing::Open | Standing::Answered(..) => return None,
    };
    let now = newest(entry);
    let decided = |one: &&Entry| {
        let head = &one.current().head;
        let covered = match &one.current().body {
            Some(Body::Review(review)) => review.covers.as_slice(),
            _ => return false,
        };
        let mut about = head.about.iter().chain(covered);
        head.author == me && about.any(|about| about.entry_id == entry.entry_id && now.contains(&about.link))
    };
    let mine = review::said_about(entry, &folded.entries).into_iter().any(|one| decided(&one));
    let by = counts.first().head.author;
    (mine && by != me).then(|| context.title(by))
}

/// The rank that decides about an entry, where that is above the reader.
fn above(entry: &Entry, folded: &Folded, posts: &Posts) -> Option<Rank> {
    Some(review::decided_by(entry, &folded.entries)).filter(|rank| posts.reviews() && *rank > posts.rank())
}

/// Whether an entry is one that somebody decides about. A duty is discharged, a decision is not decided about again.
fn is_decided_about(entry: &Entry) -> bool {
    let kind = entry.kind();
    !kind.is_of_review() && !kind.is_housekeeping() && !super::duties::is_duty(entry)
}

fn said_view(
    one: &Entry,
    about: EntryId,
    newest: &[Link],
    folded: &Folded,
    outbox: &Outbox,
    context: &Context,
) -> SaidView {
    let current = one.current();
    let mut view = SaidView {
        entry_id: one.entry_id,
        kind: one.kind(),
        by: context.title(one.first().head.author),
        at: current.head.written_corrected(),
        questions: Vec::new(),
        due: None,
        urgent: false,
        aside: false,
        escalated: false,
        disposition: None,
        words: None,
        is_current: false,
        state: folded.state(one, outbox),
    };
    let mut named: Vec<About> = current.head.about.into_iter().collect();
    match &current.body {
        Some(Body::Return(asked)) => {
            view.questions.clone_from(&asked.questions);
            (view.due, view.urgent, view.aside) = (asked.due, asked.urgent, asked.aside);
        }
        Some(Body::Review(review)) => {
            named.extend(&review.covers);
            view.escalated = review.decision == Decision::Escalated;
            view.disposition = review.disposition.as_ref().map(|to| match &review.reference {
                Some(reference) => format!("{}: {}", to.label, reference.value),
                None => to.label.clone(),
            });
            view.words.clone_from(&review.note);
        }
        Some(Body::Answer(answer)) => view.words.clone_from(&answer.words),
        _ => {}
    }
    view.is_current = named.iter().any(|one| one.entry_id == about && newest.contains(&one.link));
    view
}

/// The review of a shift. `folded` holds everything said about its entries.
pub(super) fn shift_review(
    shift: &Shift<'_>,
    folded: &Folded,
    outbox: &Outbox,
    context: &Context,
    (entitled, posts): (bool, &Posts),
) -> ShiftReview {
    let mut review = ShiftReview::default();
    for entry in decided_with(shift) {
        let standing = review::standing(entry, &folded.entries);
        review.returned += u32::from(matches!(standing, Standing::Returned(..)));
        if above(entry, folded, posts).is_some() {
            review.above += 1;
            continue;
        }
        if let Some(reason) = review::needs_decision(entry, &folded.entries) {
            let row = folded.entry_row(entry, outbox, context);
            let link = entry.current().link;
            let before_and_now = folded.before_and_now(entry, context);
            review.needs.push(NeedsDecision { row, reason, link, before_and_now });
        }
    }
    let all = std::iter::once(shift.opened.entry).chain(decided_with(shift));
    let standings: Vec<Standing<'_>> = all.map(|entry| review::standing(entry, &folded.entries)).collect();
    let whole = standings.iter().all(|standing| matches!(standing, Standing::Approved(..)));
    review.approved = match standings.first() {
        Some(Standing::Approved(one, _)) if whole => {
            let head = &one.current().head;
            Some((context.title(head.author), head.written_corrected()))
        }
        _ => None,
    };
    review.may_approve = entitled && shift.officer != context.me.officer && !shift.submitted.is_empty();
    review
}

/// The entries of a shift that are decided about with it.
fn decided_with<'a>(shift: &'a Shift<'a>) -> impl Iterator<Item = &'a Entry> {
    shift
        .records
        .iter()
        .copied()
        .filter(|entry| is_decided_about(entry) && entry.first().head.author == shift.officer)
}

/// Whether nothing stands before the approval of a shift.
pub(super) fn is_clean(review: &ShiftReview) -> bool {
    review.may_approve
        && review.approved.is_none()
        && review.needs.is_empty()
        && (review.returned, review.above) == (0, 0)
}

/// The revision by which a whole shift is approved: it names every revision it covers.
pub(super) fn whole_shift(
    shift: &Shift<'_>,
    folded: &Folded,
    posts: &Posts,
    now: Millis,
) -> Result<NewRevision, AppError> {
    let opened = shift.opened.entry;
    if decided_with(shift).any(|entry| above(entry, folded, posts).is_some()) {
        return Err(not_now(words::DECIDED_ABOVE));
    }
    if decided_with(shift).any(|entry| review::needs_decision(entry, &folded.entries).is_some()) {
        return Err(not_now(words::DECIDE_FIRST));
    }
    let is_returned =
        |entry: &Entry| matches!(review::standing(entry, &folded.entries), Standing::Returned(..));
    if decided_with(shift).any(is_returned) || is_returned(opened) {
        return Err(not_now(words::ANSWER_AWAITED));
    }
    let covers = decided_with(shift)
        .filter(|entry| !matches!(review::standing(entry, &folded.entries), Standing::Approved(..)))
        .flat_map(|entry| newest(entry).into_iter().map(|link| About { entry_id: entry.entry_id, link }))
        .collect();
    let body = Review { covers, ..plain(opened, Decision::Approved, None, posts) };
    let link = opened.current().link;
    Ok(about(opened, link, Kind::Review, Body::Review(body), now))
}

/// A new entry about a revision of another: as narrow as that one.
fn about(entry: &Entry, link: Link, kind: Kind, body: Body, now: Millis) -> NewRevision {
    let head = &entry.current().head;
    let mut new = NewRevision::first(new_entry_id(now), kind, now, body);
    new.about = Some(About { entry_id: entry.entry_id, link });
    new.shift_id = head.shift_id.or_else(|| SHIFT.contains(&head.kind).then_some(entry.entry_id));
    new.marking = Some(head.marking.max(kind.marking()));
    new.access = head.access;
    new
}

impl Handle<DecideEntry> for Device {
    async fn handle(&self, command: DecideEntry) -> Result<EntryView, AppError> {
        self.sealed_about(command.entry_id, move |store, context, now| {
            Ok(vec![decided(store, &command, context, now)?])
        })
        .await
    }
}

fn decided(
    store: &mut Store,
    command: &DecideEntry,
    context: &Context,
    now: Millis,
) -> Result<NewRevision, AppError> {
    let posts = Posts::now(store, context, now)?;
    let of_entry = Folded::new(store.revisions_of_entry(command.entry_id)?);
    let folded = with_said(store, of_entry)?;
    let entry = folded.entry(command.entry_id).ok_or_else(|| not_found(words::ENTRY_GONE))?;
    let head = &entry.first().head;
    if head.author == context.me.officer {
        return Err(not_now(words::NOT_ONES_OWN));
    }
    if !may_decide_about(store, context, &folded, entry, now)? {
        return Err(not_now(words::NO_REVIEW));
    }
    if !is_decided_about(entry) {
        return Err(not_now(words::NOT_DECIDED_ABOUT));
    }
    if !newest(entry).contains(&command.link) {
        return Err(not_now(words::CHANGED_MEANWHILE));
    }
    let asks = matches!(&command.what, DecisionForm::Return { .. });
    if !asks && above(entry, &folded, &posts).is_some() {
        return Err(not_now(words::DECIDED_ABOVE));
    }
    let (kind, body) = match &command.what {
        DecisionForm::Return { questions, due, urgent, aside } => {
            let (questions, due, urgent, aside) = (questions.clone(), *due, *urgent, *aside);
            let problems = check::questions(&questions);
            if !problems.is_empty() {
                return Err(invalid(problems));
            }
            let asked = Return { officer: head.author, questions, due, urgent, aside, reason: None };
            (Kind::Return, Body::Return(asked))
        }
        DecisionForm::Approve { disposition, reference, note } => {
            let disposition = context.code(list::DISPOSITION, disposition, now);
            let kind = disposition.as_ref().and_then(|to| review::reference_kind(&to.code)).map(Code::new);
            let kind = context.code(list::REFERENCE, &kind, now);
            let reference =
                kind.zip(said(reference)).map(|(kind, value)| Reference { kind, value, at: None });
            let review =
                Review { disposition, reference, ..plain(entry, Decision::Approved, said(note), &posts) };
            (Kind::Review, Body::Review(review))
        }
        DecisionForm::Escalate { note } => {
            (Kind::Review, Body::Review(plain(entry, Decision::Escalated, said(note), &posts)))
        }
    };
    if let Body::Review(review) = &body {
        let problems = check::decision(entry.kind(), review, &context.edition, local(now).date_naive());
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
    }
    Ok(about(entry, command.link, kind, body, now))
}

/// What was typed, if anything was.
fn said(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A decision with words at most.
fn plain(entry: &Entry, decision: Decision, note: Option<String>, posts: &Posts) -> Review {
    Review {
        officer: entry.first().head.author,
        decision,
        covers: Vec::new(),
        disposition: None,
        reference: None,
        note,
        reason: None,
        post: (posts.rank() > Rank::Sergeant).then(|| Post::of(posts.rank()).code()),
    }
}

impl Handle<AnswerReturn> for Device {
    async fn handle(&self, command: AnswerReturn) -> Result<EntryView, AppError> {
        self.sealed_about(command.entry_id, move |store, context, now| {
            Ok(vec![kept(store, &command, context, now)?])
        })
        .await
    }
}

fn kept(
    store: &mut Store,
    command: &AnswerReturn,
    context: &Context,
    now: Millis,
) -> Result<NewRevision, AppError> {
    let mut rows = store.revisions_of_entry(command.entry_id)?;
    rows.extend(store.revisions_about(command.entry_id)?);
    let folded = Folded::new(rows);
    let entry = own(&folded, command.entry_id, context.me.officer)?;
    let asked = match review::standing(entry, &folded.entries) {
        Standing::Returned(asked, _) => asked,
        _ => {
            let beside = review::unanswered(entry, &folded.entries);
            beside.first().ok_or_else(|| not_now(words::NOTHING_ASKED))?.0
        }
    };
    let words = command.words.trim();
    if words.is_empty() {
        let missing = check::Problem::block("words", check::ProblemCode::SayWhyKept);
        return Err(invalid(vec![missing]));
    }
    let body = ReturnAnswer { kept: true, words: Some(words.to_owned()), reason: None };
    let mut new = about(entry, entry.current().link, Kind::Answer, Body::Answer(body), now);
    let (entry_id, link) = (asked.entry_id, asked.current().link);
    new.links = vec![HeadLink { relation: Relation::Answers, entry_id, link: Some(link) }];
    Ok(new)
}

/// The newest revision of an entry that says something, and the one before it.
pub(super) fn last_two(entry: &Entry) -> Option<(&Revision, &Revision)> {
    let now = entry.current();
    let before = entry.revisions.iter().rev().find(|one| now.head.revises.contains(&one.link))?;
    Some((before, now))
}
