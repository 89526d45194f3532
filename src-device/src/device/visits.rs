//! Visits to patrol areas: entering and leaving, by hand or borne out by the position. Only a person ends one.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Body, Kind, Visit};
use beatbook_domain::id::Code;
use beatbook_domain::place::areas::AreaLevel;
use beatbook_domain::place::{PlaceStamp, Position, Precision, stamp};
use beatbook_domain::shift::Shift;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AppError, EnterArea, LeaveArea, TodayView};

use super::context::Context;
use super::error::{not_found, not_now};
use super::movement::{OfShift, codes, end_running};
use super::today::running;
use super::{Device, Handle};
use crate::store::NewRevision;
use crate::words;

/// A fix older than this bears nothing out, milliseconds.
const FRESH_MS: i64 = 60_000;

/// A fix that tells where the phone is now. One whose age is not known tells nothing.
pub(super) fn fresh(fix: Option<Position>, now: Millis) -> Option<Position> {
    fix.filter(|fix| fix.fixed_at.is_some_and(|at| (0..FRESH_MS).contains(&now.since(at))))
}

/// Where a fix lies, to the 100 m square.
pub(super) fn square(fix: Position, context: &Context) -> Option<PlaceStamp> {
    fix.check().ok()?;
    let found = context.areas.as_ref().map(|index| index.find(&fix));
    Some(stamp(Precision::Square, Some(&fix), found.as_ref(), None))
}

/// Whether the officer's running leg is in plain clothes.
pub(super) fn in_plain_clothes(shift: &Shift<'_>, context: &Context) -> bool {
    running(&shift.legs, context.me.officer).is_some_and(|leg| leg.is_plain())
}

/// A visit that begins. Where a fresh fix lies in the area it was told by position, and keeps the accuracy.
pub(super) fn visit(
    of_shift: OfShift,
    area: &Code,
    context: &Context,
    at: Millis,
    fix: Option<Position>,
) -> NewRevision {
    let inside = |fix: &Position| {
        context.areas.as_ref().is_some_and(|index| index.is_in(fix, AreaLevel::Patrol, area))
    };
    let inside = fix.filter(inside);
    let method = if inside.is_some() { "GEOFENCE" } else { "MANUAL" };
    let body = Visit { accuracy_m: inside.and_then(|fix| fix.accuracy_m), reason: None };
    let mut visit = of_shift.start(Kind::VisitStarted, at, Body::Visit(body));
    visit.area = Some(area.clone());
    visit.codes = codes([context.code(list::VISIT_METHOD, &Some(Code::new(method)), at)]);
    visit
}

impl Handle<EnterArea> for Device {
    async fn handle(&self, command: EnterArea) -> Result<TodayView, AppError> {
        let fix = self.inner.config.positions.newest();
        self.move_on(move |shift, context, now| {
            let me = context.me.officer;
            let index = context.areas.as_ref();
            if index.is_none_or(|index| index.set().get(AreaLevel::Patrol, &command.area).is_none()) {
                return Err(not_found(words::AREA_GONE));
            }
            if running(&shift.away, me).is_some() {
                return Err(not_now(words::CALLED_AWAY));
            }
            if running(&shift.breaks, me).is_some() {
                return Err(not_now(words::BREAK_FIRST));
            }
            if in_plain_clothes(shift, context) {
                return Err(not_now(words::NO_PLACES_IN_PLAIN_CLOTHES));
            }
            let here = running(&shift.visits, me)
                .is_some_and(|visit| visit.entry.current().head.area.as_ref() == Some(&command.area));
            if here {
                return Ok(Vec::new());
            }
            let mut new = end_running(&[&shift.visits], context, now);
            new.push(visit(OfShift::new(shift), &command.area, context, now, fresh(fix, now)));
            Ok(new)
        })
        .await
    }
}

impl Handle<LeaveArea> for Device {
    async fn handle(&self, _command: LeaveArea) -> Result<TodayView, AppError> {
        self.move_on(|shift, context, now| {
            let new = end_running(&[&shift.visits], context, now);
            if new.is_empty() { Err(not_now(words::NO_VISIT)) } else { Ok(new) }
        })
        .await
    }
}
