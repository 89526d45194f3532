//! The movement of a shift: legs, breaks, called away. Each is saved when it happens.

use beatbook_domain::code_list::{CodeRef, list};
use beatbook_domain::entry::{AwayScope, Body, CalledAway, Change, EndKind, Entry, Kind, Leg, OnBreak};
use beatbook_domain::id::{Code, EntryId, UnitId};
use beatbook_domain::shift::{self, PLAIN_CLOTHES, Shift, Span};
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::ipc::{AppError, ComeBack, EndBreak, EndLeg, GoAway, StartBreak, StartLeg, TodayView};

use super::context::Context;
use super::error::not_now;
use super::shift_load::{load_shift, open_shift};
use super::today::{by, running};
use super::visits::{fresh, square, visit};
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{Chain, NewRevision, Written};
use crate::words;

/// What belongs to a shift is marked with it and its unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfShift {
    /// The shift.
    pub shift_id: EntryId,
    /// Its unit: the one its officer is in now.
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

    /// The first revision of an entry of the shift.
    pub(super) fn start(self, kind: Kind, at: Millis, body: Body) -> NewRevision {
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
    pub(super) async fn move_on(
        &self,
        make: impl FnOnce(&Shift<'_>, &Context, Millis) -> Result<Vec<NewRevision>, AppError> + Send + 'static,
    ) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        session
            .save(move |store| -> Result<Vec<Written>, AppError> {
                let shift_id = open_shift(store, now)?.ok_or_else(|| not_now(words::NO_SHIFT_START_ONE))?;
                let folded = load_shift(store, shift_id)?;
                let shift = shift::read(&folded.entries, shift_id)
                    .ok_or_else(|| not_now(words::NO_SHIFT_START_ONE))?;
                let new = make(&shift, &context, now)?;
                Ok(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

/// The codes that were chosen.
pub(super) fn codes<const N: usize>(codes: [Option<CodeRef>; N]) -> Vec<CodeRef> {
    codes.into_iter().flatten().collect()
}

impl Handle<StartLeg> for Device {
    async fn handle(&self, command: StartLeg) -> Result<TodayView, AppError> {
        let fix = self.inner.config.positions.newest();
        self.move_on(move |shift, context, now| {
            let me = context.me.officer;
            if running(&shift.away, me).is_some() {
                return Err(not_now(words::CALLED_AWAY));
            }
            let mut new = end_running(&[&shift.visits, &shift.legs, &shift.breaks], context, now);
            let of_shift = OfShift::new(shift);
            // In plain clothes movement leaves no place.
            let plain = command.mode.as_ref().is_some_and(|mode| mode.as_str() == PLAIN_CLOTHES);
            let area = command.area.as_ref().filter(|_| !plain);
            let fix = fresh(fix, now).filter(|_| !plain);
            let place = fix.and_then(|fix| square(fix, context));
            let mut leg = of_shift.start(Kind::LegStarted, now, Body::Leg(Leg { place, reason: None }));
            leg.area = area.cloned();
            leg.codes = codes([
                context.code(list::PATROL_MODE, &command.mode, now),
                context.code(list::PATROL_STYLE, &command.style, now),
            ]);
            new.push(leg);
            new.extend(area.map(|area| visit(of_shift, area, context, now, fix)));
            Ok(new)
        })
        .await
    }
}

impl Handle<EndLeg> for Device {
    async fn handle(&self, _command: EndLeg) -> Result<TodayView, AppError> {
        self.move_on(|shift, context, now| {
            if running(&shift.legs, context.me.officer).is_none() {
                return Err(not_now(words::NO_LEG));
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
                return Err(not_now(words::BREAK_RUNNING));
            }
            if running(&shift.away, me).is_some() {
                return Err(not_now(words::CALLED_AWAY));
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
            if new.is_empty() { Err(not_now(words::NO_BREAK)) } else { Ok(new) }
        })
        .await
    }
}

impl Handle<GoAway> for Device {
    async fn handle(&self, command: GoAway) -> Result<TodayView, AppError> {
        self.move_on(move |shift, context, now| {
            let reason = away_reason(context, command.reason.as_ref(), now);
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

/// A reason to be away, or one to be taken from neighbourhood duty (abstraction).
fn away_reason(context: &Context, reason: Option<&Code>, now: Millis) -> Option<CodeRef> {
    let on = local(now).date_naive();
    let abstraction = context.edition.code_ref(list::ABSTRACTION_REASON, reason?, on);
    abstraction.or_else(|| context.code(list::AWAY_REASON, &reason.cloned(), now))
}

/// Said again with a reason: the same call away goes on, now with its reason and for whom it says. Not a correction.
fn add_reason(entry: &Entry, reason: Option<CodeRef>, author_only: bool) -> Vec<NewRevision> {
    let current = entry.current();
    let scope = if author_only { AwayScope::Author } else { AwayScope::Crew };
    let body = Body::Away(CalledAway { scope, reason: None });
    let Some(reason) = reason else { return Vec::new() };
    if current.head.codes.contains(&reason) && current.body.as_ref() == Some(&body) {
        return Vec::new();
    }
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
            if new.is_empty() { Err(not_now(words::NOT_CALLED_AWAY)) } else { Ok(new) }
        })
        .await
    }
}
