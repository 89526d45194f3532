//! Crew: joining a unit by its code, naming a colleague, ending a membership, and the member's own word on a claim. All of
//! it works without signal.

use beatbook_domain::entry::{About, Body, CrewMembership, CrewStanding, EndKind, Entry, Kind};
use beatbook_domain::id::{OfficerId, UnitId};
use beatbook_domain::shift::{self, Shift, Span};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AddCrew, AnswerCrewClaim, AppError, EndCrew, JoinUnit, TodayView};

use super::context::Context;
use super::error::{not_found, not_now};
use super::movement::{OfShift, ended};
use super::shift_load::{load_shift, open_shift};
use super::today::by;
use super::units::KnownUnit;
use super::views::Folded;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{Chain, NewRevision, Store};
use crate::words;

/// A word of crew about an officer.
pub(super) fn membership(
    of_shift: OfShift,
    member: OfficerId,
    standing: CrewStanding,
    at: Millis,
) -> NewRevision {
    let body = Body::Crew(CrewMembership { member, standing, reason: None });
    of_shift.start(Kind::CrewJoined, at, body)
}

/// A membership said afterwards, with its end.
fn membership_until(word: NewRevision, until: Millis) -> NewRevision {
    NewRevision { occurred_until: Some(until.max(word.occurred_at)), end_kind: Some(EndKind::Stated), ..word }
}

/// Whether an entry is a running word of this officer about a member.
fn is_running_word(entry: &Entry, by: OfficerId, about: impl Fn(OfficerId) -> bool) -> bool {
    let current = entry.current();
    entry.kind() == Kind::CrewJoined
        && entry.first().head.author == by
        && current.head.occurred_until.is_none()
        && matches!(&current.body, Some(Body::Crew(crew)) if about(crew.member))
}

/// The memberships of the officer's own that run, in whichever unit: by the code, or by a claim that was confirmed.
pub(super) fn own_memberships(entries: &[Entry], me: OfficerId) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| is_running_word(entry, me, |member| member == me))
}

/// The colleagues the officer named for a shift and has not let go.
pub(super) fn own_claims<'a>(
    entries: &'a [Entry],
    shift: &'a Shift<'_>,
    me: OfficerId,
) -> impl Iterator<Item = &'a Entry> {
    entries.iter().filter(move |entry| {
        is_running_word(entry, me, |member| member != me)
            && entry.first().head.shift_id.is_some_and(|of| shift.same.contains(&of))
    })
}

/// The officer goes from one unit to another: what they said of the old one ends, what runs goes on in the new one.
fn change_unit(
    folded: &Folded,
    shift: &Shift<'_>,
    context: &Context,
    unit: UnitId,
    now: Millis,
) -> Vec<NewRevision> {
    let me = context.me.officer;
    let shift_id = shift.opened.entry.entry_id;
    let mut new: Vec<NewRevision> = own_memberships(&folded.entries, me)
        .chain(own_claims(&folded.entries, shift, me))
        .filter_map(|entry| ended(entry, now))
        .collect();
    // Who opened a shift in a unit was in it without another word. Now that there is an end to it, it is said.
    let opened = shift.stays.iter().filter(|stay| shift.same.contains(&stay.entry_id));
    new.extend(opened.map(|stay| {
        let left = OfShift { shift_id, unit_id: Some(stay.unit) };
        let word = membership(left, me, CrewStanding::Confirmed, stay.from);
        membership_until(word, stay.until.unwrap_or(now).min(now))
    }));
    let joined = OfShift { shift_id, unit_id: Some(unit) };
    new.push(membership(joined, me, CrewStanding::Confirmed, now));
    new.extend(carried_over(shift, me, joined, now));
    new
}

/// What the officer has running ends in the old unit and begins in the new one, saying the same.
fn carried_over(shift: &Shift<'_>, me: OfficerId, joined: OfShift, now: Millis) -> Vec<NewRevision> {
    let spans: [(Kind, &[Span<'_>]); 4] = [
        (Kind::LegStarted, &shift.legs),
        (Kind::VisitStarted, &shift.visits),
        (Kind::BreakStarted, &shift.breaks),
        (Kind::CalledAway, &shift.away),
    ];
    let all = spans.iter().flat_map(|(kind, spans)| spans.iter().map(|span| (*kind, span)));
    let running = all.filter(|(_, span)| span.until.is_none() && by(span, me));
    let moved = running.filter_map(|(kind, span)| {
        let head = &span.entry.current().head;
        let mut again = joined.start(kind, now, span.entry.current().body.clone()?);
        again.area.clone_from(&head.area);
        again.codes.clone_from(&head.codes);
        Some([ended(span.entry, now)?, again])
    });
    moved.flatten().collect()
}

impl Handle<JoinUnit> for Device {
    async fn handle(&self, command: JoinUnit) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| {
                let known = KnownUnit::told(store, &command.call_sign, &command.code, now)?;
                let shift_id = open_shift(store, now)?.ok_or_else(|| not_now(words::NO_SHIFT_START_ONE))?;
                let folded = load_shift(store, shift_id)?;
                let shift = shift::read(&folded.entries, shift_id)
                    .ok_or_else(|| not_now(words::NO_SHIFT_START_ONE))?;
                if shift.unit == Some(known.unit) {
                    return Err(not_now(words::IN_CREW_YOURSELF));
                }
                let new = change_unit(&folded, &shift, &context, known.unit, now);
                known.keep(store)?;
                Ok::<_, AppError>(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

impl Handle<AddCrew> for Device {
    async fn handle(&self, command: AddCrew) -> Result<TodayView, AppError> {
        self.move_on(move |shift, context, now| {
            if command.officer == context.me.officer {
                return Err(not_now(words::IN_CREW_YOURSELF));
            }
            let here = shift.crew.iter().any(|member| {
                member.officer == command.officer
                    && member.until.is_none()
                    && member.standing != CrewStanding::Disputed
            });
            if here {
                return Err(not_now(words::IN_CREW_COLLEAGUE));
            }
            Ok(vec![membership(OfShift::new(shift), command.officer, CrewStanding::Claimed, now)])
        })
        .await
    }
}

impl Handle<EndCrew> for Device {
    async fn handle(&self, command: EndCrew) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| {
                let new = end_crew(store, &command, &context, now)?;
                Ok::<_, AppError>(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

fn end_crew(
    store: &mut Store,
    command: &EndCrew,
    context: &Context,
    now: Millis,
) -> Result<Vec<NewRevision>, AppError> {
    let me = context.me.officer;
    let shift_id = open_shift(store, now)?.ok_or_else(|| not_now(words::NO_SHIFT_START_ONE))?;
    let folded = load_shift(store, shift_id)?;
    let shift = shift::read(&folded.entries, shift_id).ok_or_else(|| not_now(words::NO_SHIFT_START_ONE))?;
    let gone = || not_found(words::CREW_ENTRY_GONE);
    let own = own_memberships(&folded.entries, me).any(|entry| entry.entry_id == command.entry_id);
    if own || shift.same.contains(&command.entry_id) {
        // Nobody patrols in no unit: who leaves a crew goes on in one of their own.
        let alone = KnownUnit::begun(store, shift.call_sign(), now)?;
        let new = change_unit(&folded, &shift, context, alone.unit, now);
        alone.keep(store)?;
        return Ok(new);
    }
    let member = shift
        .crew
        .iter()
        .find(|member| member.entry_id == command.entry_id && member.officer != me)
        .ok_or_else(gone)?;
    if member.until.is_some() {
        return Err(not_now(words::MEMBERSHIP_ENDED));
    }
    let claims = own_claims(&folded.entries, &shift, me);
    let of_member = claims.filter(|claim| {
        let says = &claim.current().body;
        matches!(says, Some(Body::Crew(crew)) if crew.member == member.officer)
    });
    let mut new: Vec<NewRevision> = of_member.filter_map(|claim| ended(claim, now)).collect();
    if new.is_empty() {
        // Somebody else's word is theirs: this officer says that it ended in an entry of their own.
        let left = OfShift { shift_id, unit_id: Some(member.unit) };
        let word = membership(left, member.officer, CrewStanding::Claimed, member.from);
        new.push(membership_until(word, now));
    }
    Ok(new)
}

impl Handle<AnswerCrewClaim> for Device {
    async fn handle(&self, command: AnswerCrewClaim) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| {
                let answer = answer_claim(store, &command, &context)?;
                let mut new = Vec::new();
                if command.confirm && answer.occurred_until.is_none() {
                    new = gone_over(store, answer.unit_id, &context, now)?;
                }
                new.insert(0, answer);
                Ok::<_, AppError>(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

/// Who confirms that they are in a crew records for it from now on: what runs goes over.
fn gone_over(
    store: &mut Store,
    unit: Option<UnitId>,
    context: &Context,
    now: Millis,
) -> Result<Vec<NewRevision>, AppError> {
    let (Some(shift_id), Some(_)) = (open_shift(store, now)?, unit) else { return Ok(Vec::new()) };
    let folded = load_shift(store, shift_id)?;
    let shift = shift::read(&folded.entries, shift_id).filter(|shift| shift.unit != unit);
    let joined = OfShift { shift_id, unit_id: unit };
    Ok(shift.map(|shift| carried_over(&shift, context.me.officer, joined, now)).unwrap_or_default())
}

/// The member's own word on a claim: about the very revision that was shown, over the same time and unit.
fn answer_claim(
    store: &mut Store,
    command: &AnswerCrewClaim,
    context: &Context,
) -> Result<NewRevision, AppError> {
    let folded = Folded::new(store.revisions_of_entry(command.entry_id)?);
    let gone = || not_found(words::CREW_ENTRY_GONE);
    let claim = folded.entry(command.entry_id).ok_or_else(gone)?.current();
    match &claim.body {
        Some(Body::Crew(crew)) if crew.member == context.me.officer => {}
        _ => return Err(gone()),
    }
    let standing = if command.confirm { CrewStanding::Confirmed } else { CrewStanding::Disputed };
    let body = Body::Crew(CrewMembership { member: context.me.officer, standing, reason: None });
    let at = store.reading().at;
    let mut answer = NewRevision::first(new_entry_id(at), Kind::CrewJoined, claim.head.occurred_at, body);
    answer.about = Some(About { entry_id: command.entry_id, link: claim.link });
    answer.unit_id = claim.head.unit_id;
    answer.shift_id = claim.head.shift_id;
    answer.occurred_until = claim.head.occurred_until;
    answer.end_kind = claim.head.end_kind;
    Ok(answer)
}
