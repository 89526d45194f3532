//! The movement of a shift: start, legs, visits, breaks, called away, crew. Each is saved when it happens.

use beatbook_domain::check;
use beatbook_domain::code_list::{CodeRef, list};
use beatbook_domain::entry::{
    About, AwayScope, Body, CalledAway, Change, CrewMembership, CrewStanding, EndKind, Entry, Kind, Leg,
    OnBreak, ShiftOpened, Visit,
};
use beatbook_domain::id::{Code, EntryId, UnitId};
use beatbook_domain::shift::{self, Shift, Span};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AnswerCrewClaim, AppError, ComeBack, EndBreak, EndLeg, ErrorCode, GoAway, StartBreak, StartLeg,
    StartShift, TodayView,
};
use uuid::Uuid;

use super::context::Context;
use super::entries::{load_shift, open_shift};
use super::error::{not_found, not_now};
use super::today::{by, running};
use super::views::Folded;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{Chain, NewRevision, Store, Written};

/// What belongs to a shift is marked with it and its unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfShift {
    /// The shift.
    pub shift_id: EntryId,
    /// Its unit.
    pub unit_id: Option<UnitId>,
}

impl OfShift {
    pub(super) fn new(shift: &Shift<'_>) -> Self {
        Self { shift_id: shift.opened.entry.entry_id, unit_id: shift.unit }
    }

    /// Marks a revision.
    pub(super) fn mark(self, mut revision: NewRevision) -> NewRevision {
        revision.shift_id = Some(self.shift_id);
        revision.unit_id = self.unit_id;
        revision
    }

    fn start(self, kind: Kind, at: Millis, body: Body) -> NewRevision {
        self.mark(NewRevision::first(new_entry_id(at), kind, at, body))
    }
}

/// The end of something: a revision of its entry that restates it and says when it ended.
pub(super) fn ended(entry: &Entry, at: Millis) -> Option<NewRevision> {
    let current = entry.current();
    let head = &current.head;
    // Something that began later than it is said to end ends as it begins.
    let until = at.max(head.occurred_at);
    let mut end =
        NewRevision::first(entry.entry_id, head.kind.end()?, head.occurred_at, current.body.clone()?);
    end.change = Change::Continues;
    end.revises = entry.newest().map(|revision| revision.link).collect();
    end.links.clone_from(&head.links);
    end.unit_id = head.unit_id;
    end.shift_id = head.shift_id;
    end.area.clone_from(&head.area);
    end.codes.clone_from(&head.codes);
    end.occurred_until = Some(until);
    end.end_kind = Some(EndKind::Stated);
    Some(end)
}

/// The ends of those of these that the officer has running.
pub(super) fn end_running(spans: &[&[Span<'_>]], context: &Context, at: Millis) -> Vec<NewRevision> {
    spans
        .iter()
        .flat_map(|spans| spans.iter())
        .filter(|span| span.until.is_none() && by(span, context.me.officer))
        .filter_map(|span| ended(span.entry, at))
        .collect()
}

impl Device {
    /// Writes what `make` says of the open shift, in one commit, and answers with Today.
    async fn move_on(
        &self,
        make: impl FnOnce(&Shift<'_>, &Context, Millis) -> Result<Vec<NewRevision>, AppError> + Send + 'static,
    ) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| -> Result<Vec<Written>, AppError> {
                let shift_id =
                    open_shift(store, now)?.ok_or_else(|| not_now("No shift is open. Start one first."))?;
                let folded = load_shift(store, shift_id)?;
                let shift = shift::read(&folded.entries, shift_id)
                    .ok_or_else(|| not_now("No shift is open. Start one first."))?;
                let new = make(&shift, &context, now)?;
                Ok(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

impl Handle<StartShift> for Device {
    async fn handle(&self, command: StartShift) -> Result<TodayView, AppError> {
        let problems = check::call_sign(&command.call_sign);
        if !problems.is_empty() {
            let words = problems.first().map_or("", |problem| problem.code.words());
            return Err(AppError { problems, ..AppError::new(ErrorCode::Invalid, words) });
        }
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| {
                if open_shift(store, now)?.is_some() {
                    return Err(not_now("A shift is open already. End it before you start another."));
                }
                let new = start_shift(&command, &context, now);
                Ok::<_, AppError>(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

fn start_shift(command: &StartShift, context: &Context, now: Millis) -> Vec<NewRevision> {
    let at = command.started_at.unwrap_or(now);
    let unit_id = Some(UnitId(Uuid::new_v4()));
    let shift_id = new_entry_id(now);
    let body = Body::Shift(ShiftOpened {
        call_sign: command.call_sign.trim().to_owned(),
        planned_end: command.planned_end,
        partners: Vec::new(),
        reason: None,
    });
    let of_shift = OfShift { shift_id, unit_id };
    let mut opened = of_shift.mark(NewRevision::first(shift_id, Kind::ShiftOpened, at, body));
    opened.codes = codes([
        context.code(list::INITIATIVE, &command.initiative, at),
        context.code(list::TRANSPORT, &command.transport, at),
    ]);
    let mut crew = command.crew.clone();
    crew.sort_unstable();
    crew.dedup();
    let claims = crew.into_iter().filter(|member| *member != context.me.officer).map(|member| {
        let body = Body::Crew(CrewMembership { member, standing: CrewStanding::Claimed, reason: None });
        of_shift.start(Kind::CrewJoined, at, body)
    });
    std::iter::once(opened).chain(claims).collect()
}

fn codes<const N: usize>(codes: [Option<CodeRef>; N]) -> Vec<CodeRef> {
    codes.into_iter().flatten().collect()
}

impl Handle<StartLeg> for Device {
    async fn handle(&self, command: StartLeg) -> Result<TodayView, AppError> {
        self.move_on(move |shift, context, now| {
            let me = context.me.officer;
            if running(&shift.away, me).is_some() {
                return Err(not_now("You are called away. Press Back on patrol first."));
            }
            let mut new = end_running(&[&shift.visits, &shift.legs, &shift.breaks], context, now);
            let of_shift = OfShift::new(shift);
            let mut leg = of_shift.start(Kind::LegStarted, now, Body::Leg(Leg::default()));
            leg.area.clone_from(&command.area);
            leg.codes = codes([
                context.code(list::PATROL_MODE, &command.mode, now),
                context.code(list::PATROL_STYLE, &command.style, now),
            ]);
            new.push(leg);
            new.extend(command.area.as_ref().map(|area| visit(of_shift, area, now)));
            Ok(new)
        })
        .await
    }
}

/// A patrol area chosen for a leg begins a visit there.
fn visit(of_shift: OfShift, area: &Code, at: Millis) -> NewRevision {
    let mut visit = of_shift.start(Kind::VisitStarted, at, Body::Visit(Visit::default()));
    visit.area = Some(area.clone());
    visit
}

impl Handle<EndLeg> for Device {
    async fn handle(&self, _command: EndLeg) -> Result<TodayView, AppError> {
        self.move_on(|shift, context, now| {
            if running(&shift.legs, context.me.officer).is_none() {
                return Err(not_now("No leg is running."));
            }
            Ok(end_running(&[&shift.visits, &shift.legs], context, now))
        })
        .await
    }
}

impl Handle<StartBreak> for Device {
    async fn handle(&self, command: StartBreak) -> Result<TodayView, AppError> {
        self.move_on(move |shift, context, now| {
            let me = context.me.officer;
            if running(&shift.breaks, me).is_some() {
                return Err(not_now("A break is running already."));
            }
            if running(&shift.away, me).is_some() {
                return Err(not_now("You are called away. Press Back on patrol first."));
            }
            let mut new = end_running(&[&shift.visits], context, now);
            let mut pause =
                OfShift::new(shift).start(Kind::BreakStarted, now, Body::Break(OnBreak::default()));
            pause.codes = codes([context.code(list::BREAK_REASON, &command.reason, now)]);
            new.push(pause);
            Ok(new)
        })
        .await
    }
}

impl Handle<EndBreak> for Device {
    async fn handle(&self, _command: EndBreak) -> Result<TodayView, AppError> {
        self.move_on(|shift, context, now| {
            let new = end_running(&[&shift.breaks], context, now);
            if new.is_empty() { Err(not_now("No break is running.")) } else { Ok(new) }
        })
        .await
    }
}

impl Handle<GoAway> for Device {
    async fn handle(&self, command: GoAway) -> Result<TodayView, AppError> {
        self.move_on(move |shift, context, now| {
            let reason = context.code(list::AWAY_REASON, &command.reason, now);
            if let Some(away) = running(&shift.away, context.me.officer) {
                return Ok(add_reason(away.entry, reason, command.author_only));
            }
            let mut new = end_running(&[&shift.visits], context, now);
            let scope = if command.author_only { AwayScope::Author } else { AwayScope::Crew };
            let mut away = OfShift::new(shift).start(
                Kind::CalledAway,
                now,
                Body::Away(CalledAway { scope, reason: None }),
            );
            away.codes = codes([reason]);
            new.push(away);
            Ok(new)
        })
        .await
    }
}

/// Said again with a reason: the same call away goes on, now with its reason. Not a correction.
fn add_reason(entry: &Entry, reason: Option<CodeRef>, author_only: bool) -> Vec<NewRevision> {
    let current = entry.current();
    let Some(reason) = reason.filter(|reason| !current.head.codes.contains(reason)) else {
        return Vec::new();
    };
    let scope = if author_only { AwayScope::Author } else { AwayScope::Crew };
    let body = Body::Away(CalledAway { scope, reason: None });
    let mut new = NewRevision::first(entry.entry_id, Kind::CalledAway, current.head.occurred_at, body);
    new.change = Change::Continues;
    new.revises = entry.newest().map(|revision| revision.link).collect();
    new.shift_id = current.head.shift_id;
    new.unit_id = current.head.unit_id;
    new.codes = vec![reason];
    vec![new]
}

impl Handle<ComeBack> for Device {
    async fn handle(&self, _command: ComeBack) -> Result<TodayView, AppError> {
        self.move_on(|shift, context, now| {
            let new = end_running(&[&shift.away], context, now);
            if new.is_empty() { Err(not_now("You are not called away.")) } else { Ok(new) }
        })
        .await
    }
}

impl Handle<AnswerCrewClaim> for Device {
    async fn handle(&self, command: AnswerCrewClaim) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        session
            .save(move |store| {
                let new = answer_claim(store, &command, &context)?;
                Ok::<_, AppError>(store.append(Chain::Record, &[new])?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

/// The member's own word on a claim: about the very revision that was shown, over the same time and unit.
fn answer_claim(
    store: &mut Store,
    command: &AnswerCrewClaim,
    context: &Context,
) -> Result<NewRevision, AppError> {
    let folded = Folded::new(store.revisions_of_entry(command.entry_id)?);
    let gone = || not_found("This crew entry is not on this phone any more.");
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
