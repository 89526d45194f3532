//! The start of a shift: in a unit of its own, in a colleague's, or going on with the officer's shift on another phone.

use beatbook_domain::check::{self, Problem, ProblemCode};
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Body, CrewStanding, HeadLink, Kind, Relation, ShiftOpened};
use beatbook_domain::id::{EntryId, OfficerId};
use beatbook_domain::shift;
use beatbook_domain::time::Millis;
use beatbook_domain::unit_code;
use beatbook_protocol::ipc::{AppError, StartShift, TodayView};

use super::context::Context;
use super::crew::membership;
use super::error::{not_found, not_now};
use super::movement::{OfShift, codes};
use super::revise::invalid;
use super::shift_load::{load_shift, open_shift};
use super::units::KnownUnit;
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{Chain, NewRevision, Store};
use crate::words;

impl Handle<StartShift> for Device {
    async fn handle(&self, mut command: StartShift) -> Result<TodayView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        if command.call_sign.trim().is_empty()
            && let Some((call_sign, _)) = command.join.as_deref().and_then(unit_code::from_qr)
        {
            command.call_sign = call_sign;
        }
        session
            .save(move |store| {
                if open_shift(store, now)?.is_some() {
                    return Err(not_now(words::SHIFT_OPEN_ALREADY));
                }
                let new = match command.continues {
                    Some(earlier) => go_on(store, earlier, &context, now)?,
                    None => start(store, &command, &context, now)?,
                };
                Ok::<_, AppError>(store.append(Chain::Record, &new)?)
            })
            .await?;
        self.changed();
        self.today(&session).await
    }
}

fn start(
    store: &mut Store,
    command: &StartShift,
    context: &Context,
    now: Millis,
) -> Result<Vec<NewRevision>, AppError> {
    let at = command.started_at.unwrap_or(now);
    let mut problems = check::call_sign(&command.call_sign);
    if at > now.plus(check::FUTURE_MS) {
        problems.push(Problem::block("started_at", ProblemCode::InFuture));
    }
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let joining = command.join.as_deref().map(str::trim).filter(|typed| !typed.is_empty());
    let known = match joining {
        Some(typed) => KnownUnit::told(store, &command.call_sign, typed, now)?,
        None => KnownUnit::begun(store, &command.call_sign, at)?,
    };
    let mut partners: Vec<String> = Vec::new();
    for partner in &command.partners {
        if !partners.iter().any(|known| known == partner.as_str()) {
            partners.push(partner.to_string());
        }
    }
    let of_shift = OfShift { shift_id: new_entry_id(now), unit_id: Some(known.unit) };
    let body = Body::Shift(ShiftOpened {
        call_sign: command.call_sign.trim().to_owned(),
        planned_end: command.planned_end,
        supervisor: command.supervisor.filter(|supervisor| *supervisor != context.me.officer),
        partners,
        reason: None,
    });
    let mut opened = of_shift.mark(NewRevision::first(of_shift.shift_id, Kind::ShiftOpened, at, body));
    opened.codes = codes([
        context.code(list::INITIATIVE, &command.initiative, at),
        context.code(list::TRANSPORT, &command.transport, at),
    ]);
    let me = context.me.officer;
    let mut new = vec![opened];
    if joining.is_some() {
        new.push(membership(of_shift, me, CrewStanding::Confirmed, at));
    }
    new.extend(
        named(&command.crew, me).map(|member| membership(of_shift, member, CrewStanding::Claimed, at)),
    );
    known.keep(store)?;
    Ok(new)
}

/// The colleagues named, each once, never oneself.
fn named(crew: &[OfficerId], me: OfficerId) -> impl Iterator<Item = OfficerId> {
    let mut crew = crew.to_vec();
    crew.sort_unstable();
    crew.dedup();
    crew.into_iter().filter(move |member| *member != me)
}

/// The shift another phone began goes on here: from now, in the same unit, saying the same.
fn go_on(
    store: &mut Store,
    earlier: EntryId,
    context: &Context,
    now: Millis,
) -> Result<Vec<NewRevision>, AppError> {
    let over = || not_found(words::SHIFT_OVER);
    let folded = load_shift(store, earlier)?;
    let open = shift::open_shifts(&folded.entries, context.me.officer);
    let entry = open.into_iter().find(|entry| entry.entry_id == earlier).ok_or_else(over)?;
    let (first, current) = (&entry.first().head, entry.current());
    let Some(Body::Shift(body)) = &current.body else { return Err(over()) };
    let of_shift = OfShift { shift_id: new_entry_id(now), unit_id: first.unit_id };
    let again = Body::Shift(ShiftOpened { reason: None, ..body.clone() });
    let mut opened = of_shift.mark(NewRevision::first(of_shift.shift_id, Kind::ShiftOpened, now, again));
    opened.codes.clone_from(&current.head.codes);
    opened.links = vec![HeadLink { relation: Relation::SameAs, entry_id: earlier, link: Some(current.link) }];
    if let Some(unit) = first.unit_id
        && KnownUnit::of(store, unit)?.is_none()
        && let Some(known) = KnownUnit::found_again(store, &body.call_sign, entry.occurred_at(), unit)
    {
        known.keep(store)?;
    }
    Ok(vec![opened])
}
