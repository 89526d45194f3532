//! Today: the shift, what is being done, what waits.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{AwayScope, Body, CrewStanding, Entry, Kind, ShiftOpened};
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::shift::{self, Shift, Span};
use beatbook_domain::time::{DAY_MS, MINUTE_MS, Millis, day_clock, duration, local};
use beatbook_protocol::ipc::{
    AppError, CrewClaim, CrewRow, Doing, EntryRow, EntryState, GetToday, LegView, ShiftView, TodayView,
    VisitView,
};
use beatbook_words::text;
use chrono::Timelike as _;

use super::context::Context;
use super::decisions::{mark_returned, returned_to};
use super::entries::{LOOK_BACK_MS, load_shift, open_shift};
use super::outbox::pill;
use super::own_shifts::resumable;
use super::same_again::can_repeat;
use super::session::Session;
use super::tasked::Tonight;
use super::units::KnownUnit;
use super::views::{Folded, draft_row};
use super::visits::in_plain_clothes;
use super::{Device, Handle, cards, duties};
use crate::store::central_end::Reconciled;
use crate::store::outbox::Counted;
use crate::store::{Store, StoreError};
use crate::words;

/// Rows of entries on Today.
const ENTRIES_SHOWN: usize = 5;
/// A clock further off than this is said to the person, milliseconds.
const CLOCK_OFF_MS: i64 = 5 * 60_000;
/// Less free storage than this is said to the person, bytes.
const LOW_STORAGE: u64 = 200 * 1024 * 1024;

impl Handle<GetToday> for Device {
    async fn handle(&self, _command: GetToday) -> Result<TodayView, AppError> {
        self.today(&*self.session()?).await
    }
}

impl Device {
    /// The screen as it stands now.
    pub(super) async fn today(&self, session: &Session) -> Result<TodayView, AppError> {
        let context = session.context().await?;
        let now = session.now();
        Ok(session.read(move |store| view(store, &context, now)).await?)
    }
}

fn view(store: &mut Store, context: &Context, now: Millis) -> Result<TodayView, StoreError> {
    let claims = claims(store, context, now)?;
    let drafts = store.drafts()?.iter().map(draft_row).collect();
    let pill = pill(store)?;
    let notices = notices(store, context.edition.policy.offline_limit_ms())?;
    let open = open_shift(store, now)?;
    let folded = match open {
        Some(shift_id) => load_shift(store, shift_id)?,
        None => Folded::new(store.newest_own(60)?),
    };
    let duties = duties::open(store, context, now)?;
    let can_repeat = can_repeat(store)?;
    let (asked, waiting) = returned_to(store, context.me.officer, now)?;
    let briefings = Tonight::load(store, context, now)?.cards(context, now);
    let cards_left = cards::left(store)?;
    let resumable = if open.is_none() { resumable(store, now)? } else { None };
    let read = open.and_then(|shift_id| shift::read(&folded.entries, shift_id));
    let unit = match read.as_ref().and_then(|shift| shift.unit) {
        Some(unit) => KnownUnit::of(store, unit)?,
        None => None,
    };
    let outbox = store.outbox();
    let shift = read.as_ref().map(|shift| shift_view(shift, context, unit));
    let past_end = shift.as_ref().and_then(|shift| shift.planned_end).filter(|planned| *planned <= now);
    let same = read.as_ref().map_or(&[][..], |shift| shift.same.as_slice());
    let mut entries = rows(&folded, open, same, context, outbox);
    entries.sort_by_key(|row| std::cmp::Reverse((row.at, row.entry_id)));
    let entries_total = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    // What was returned comes first, of whichever shift it is.
    for entry in asked.entries.iter().filter(|entry| waiting.contains(&entry.entry_id)) {
        if entries.iter().all(|row| row.entry_id != entry.entry_id) {
            entries.push(asked.entry_row(entry, outbox, context));
        }
    }
    mark_returned(&mut entries, &waiting);
    entries.sort_by_key(|row| row.state != EntryState::Returned);
    entries.truncate(ENTRIES_SHOWN);
    Ok(TodayView {
        now,
        shift,
        pill,
        briefings,
        claims,
        drafts,
        entries,
        entries_total,
        notices,
        duties,
        resumable,
        past_end,
        can_repeat,
        cards_left,
    })
}

/// The officer's own entries of the shift (or the newest ones), each once; the movement of a shift is one row.
fn rows(
    folded: &Folded,
    open: Option<EntryId>,
    same: &[EntryId],
    context: &Context,
    outbox: &crate::store::Outbox,
) -> Vec<EntryRow> {
    let me = context.me.officer;
    folded
        .entries
        .iter()
        .filter(|entry| entry.first().head.author == me)
        .filter(|entry| open.is_none() || of_shift(entry, same))
        // The patrol record of a shift that another phone began is one with the open one's.
        .filter(|entry| !same.contains(&entry.entry_id) || open == Some(entry.entry_id))
        // Duties have a list of their own.
        .filter(|entry| !duties::is_duty(entry))
        // So have the briefing and the review.
        .filter(|entry| !entry.kind().is_of_review() && !entry.kind().is_of_tasking())
        .filter_map(|entry| {
            let head = &entry.first().head;
            match Counted::of(head.kind, entry.entry_id, head.shift_id) {
                Counted::Entry(_) => Some(folded.entry_row(entry, outbox, context)),
                Counted::Patrol(shift) if shift == entry.entry_id => {
                    Some(folded.patrol_row(entry, outbox, context))
                }
                // A word in somebody else's patrol record (crew confirmed or disputed) has no other row.
                Counted::Patrol(shift) if folded.entry(shift).is_none_or(|e| e.first().head.author != me) => {
                    Some(folded.patrol_word_row(entry, shift, outbox, context))
                }
                Counted::Patrol(_) | Counted::Never => None,
            }
        })
        .collect()
}

fn of_shift(entry: &Entry, same: &[EntryId]) -> bool {
    let of = entry.first().head.shift_id;
    same.contains(&entry.entry_id) || of.is_some_and(|of| same.contains(&of))
}

/// Crew claims that name the officer and have no answer.
fn claims(store: &mut Store, context: &Context, now: Millis) -> Result<Vec<CrewClaim>, StoreError> {
    let rows =
        store.revisions_of_kinds(&[Kind::CrewJoined, Kind::CrewLeft], None, now.plus(-LOOK_BACK_MS), 500)?;
    let folded = Folded::new(rows);
    let mut claims = Vec::new();
    for entry in shift::unanswered_claims(&folded.entries, context.me.officer) {
        let head = &entry.current().head;
        claims.push(CrewClaim {
            entry_id: entry.entry_id,
            link: entry.current().link,
            by: context.title(head.author),
            call_sign: match head.shift_id {
                Some(shift) => call_sign(store, shift)?,
                None => None,
            },
            from: head.occurred_at,
            until: head.occurred_until,
        });
    }
    Ok(claims)
}

fn call_sign(store: &mut Store, shift: EntryId) -> Result<Option<String>, StoreError> {
    let folded = Folded::new(store.revisions_of_entry(shift)?);
    Ok(folded.entry(shift).and_then(|entry| match &entry.current().body {
        Some(Body::Shift(shift)) => Some(shift.call_sign.clone()),
        _ => None,
    }))
}

fn notices(store: &mut Store, limit_ms: i64) -> Result<Vec<String>, StoreError> {
    let mut notices: Vec<String> =
        store.clock_offset().and_then(|offset| clock_notice(offset.ms)).into_iter().collect();
    if let Some(since) = store.last_answer()?.revoked {
        notices.insert(0, text!(notice_revoked, day = beatbook_domain::time::day(since)));
    }
    let (reads, now) = (store.reads(limit_ms)?, store.reading().at);
    if reads.stopped {
        notices.insert(0, text!(notice_reading_stopped, when = day_clock(reads.until)));
    } else if reads.until.since(now) < READS_TOLD_MS {
        notices.push(text!(notice_reads_until, when = day_clock(reads.until)));
    }
    let reconciled = store.reconciled()?;
    notices.extend(reconciled.and_then(|done| reconciled_notice(&done, store.reading().at)));
    if store.free_bytes().is_some_and(|free| free < LOW_STORAGE) {
        notices.push(words::NOTICE_STORAGE_LOW.to_owned());
    }
    Ok(notices)
}

/// For how long before reading stops it is said when it will.
const READS_TOLD_MS: i64 = 12 * 60 * MINUTE_MS;
/// How long it is said that the phone is a copy, or that the server was restored.
const RECONCILED_SHOWN_MS: i64 = 12 * 60 * MINUTE_MS;

fn reconciled_notice(done: &Reconciled, now: Millis) -> Option<String> {
    if !(0..RECONCILED_SHOWN_MS).contains(&now.since(done.at)) {
        return None;
    }
    if done.is_copy {
        return Some(words::NOTICE_COPY.to_owned());
    }
    (done.wait_again > 0).then(|| words::NOTICE_SERVER_RESTORED.to_owned())
}

/// What is said about a clock that is `ms` behind central's (negative: ahead of it).
fn clock_notice(ms: i64) -> Option<String> {
    if ms.saturating_abs() <= CLOCK_OFF_MS {
        return None;
    }
    // Rounded: two days off by a second less is two days.
    let off = ms.saturating_abs().saturating_add(MINUTE_MS / 2);
    let amount = match off / DAY_MS {
        0 => duration(off),
        days => text!(n_days, count = u32::try_from(days).unwrap_or(u32::MAX)),
    };
    Some(if ms > 0 { text!(clock_behind, amount = amount) } else { text!(clock_ahead, amount = amount) })
}

fn shift_view(shift: &Shift<'_>, context: &Context, unit: Option<KnownUnit>) -> ShiftView {
    let me = context.me.officer;
    let body = match &shift.opened.entry.current().body {
        Some(Body::Shift(body)) => Some(body),
        _ => None,
    };
    ShiftView {
        shift_id: shift.opened.entry.entry_id,
        // The code belongs to the call sign of the unit, which may be a colleague's.
        call_sign: unit.as_ref().map_or_else(|| shift.call_sign(), |unit| &unit.call_sign).to_owned(),
        title: shift_title(shift.opened.from).to_owned(),
        started_at: shift.opened.from,
        planned_end: body.and_then(|body| body.planned_end),
        initiative: shift.initiative().cloned(),
        transport: shift.transport().cloned(),
        crew: shift
            .crew
            .iter()
            .filter(|member| member.officer != me)
            .map(|member| CrewRow {
                officer: member.officer,
                title: context.title(member.officer),
                confirmed: member.counts(),
                disputed: member.standing == CrewStanding::Disputed,
                entry_id: member.entry_id,
                from: member.from,
                until: member.until,
            })
            .collect(),
        doing: doing(shift, me, context),
        leg_number: u32::try_from(shift.legs.iter().filter(|leg| by(leg, me)).count()).unwrap_or(u32::MAX),
        partners: body.map(|body| partners(body, shift.opened.from, context)).unwrap_or_default(),
        unit_code: unit.map(|unit| unit.code),
        visit: visit(shift, me, context),
        plain_clothes: in_plain_clothes(shift, context),
    }
}

/// Partner organisations as shown: by their label where the list has them.
fn partners(shift: &ShiftOpened, at: Millis, context: &Context) -> Vec<String> {
    let label = |partner: &String| {
        let code = Some(Code::new(partner.as_str()));
        context.code(list::PARTNER, &code, at).map_or_else(|| partner.clone(), |code| code.label)
    };
    shift.partners.iter().map(label).collect()
}

/// The visit an officer is on, whether a leg runs or not.
pub(super) fn visit(shift: &Shift<'_>, officer: OfficerId, context: &Context) -> Option<VisitView> {
    let visit = running(&shift.visits, officer)?;
    let code = visit.entry.current().head.area.as_ref()?;
    Some(VisitView {
        entry_id: visit.entry.entry_id,
        code: code.clone(),
        area: context.area_name(code),
        since: visit.from,
        band: context.band(code),
    })
}

/// By the hour it began.
fn shift_title(from: Millis) -> &'static str {
    match local(from).hour() {
        5..=11 => words::EARLY_SHIFT,
        12..=18 => words::LATE_SHIFT,
        _ => words::NIGHT_SHIFT,
    }
}

/// Whether a span was begun by this officer: only its author may end it.
pub(super) fn by(span: &Span<'_>, officer: OfficerId) -> bool {
    span.entry.first().head.author == officer
}

/// The newest of these the officer has running.
pub(super) fn running<'s, 'e>(spans: &'s [Span<'e>], officer: OfficerId) -> Option<&'s Span<'e>> {
    spans.iter().rev().find(|span| span.until.is_none() && by(span, officer))
}

/// What an officer is doing, as far as their entries tell.
pub(super) fn doing(shift: &Shift<'_>, me: OfficerId, context: &Context) -> Doing {
    if let Some(away) = running(&shift.away, me) {
        let body = &away.entry.current().body;
        let author_only = matches!(body, Some(Body::Away(away)) if away.scope == AwayScope::Author);
        return Doing::Away { since: away.from, reason: away.away_reason().cloned(), author_only };
    }
    if let Some(pause) = running(&shift.breaks, me) {
        return Doing::OnBreak { since: pause.from, reason: pause.code(list::BREAK_REASON).cloned() };
    }
    let Some(leg) = running(&shift.legs, me) else { return Doing::Between };
    let area = leg.entry.current().head.area.as_ref().map(|code| context.area_name(code));
    Doing::OnLeg(LegView {
        entry_id: leg.entry.entry_id,
        since: leg.from,
        mode: leg.code(list::PATROL_MODE).cloned(),
        style: leg.code(list::PATROL_STYLE).cloned(),
        area,
        visit: visit(shift, me, context),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_clock_two_days_off_is_said_with_what_to_do() {
        let words = clock_notice(2 * DAY_MS).unwrap();
        assert!(words.contains("2 days behind") && words.contains("set the phone’s clock"), "{words}");
        assert!(clock_notice(-3 * 3_600_000).unwrap().contains("3 h ahead of"));
        assert_eq!(clock_notice(60_000), None);
        assert!(clock_notice(i64::MIN).is_some());
    }

    #[test]
    fn a_shift_is_called_by_the_hour_it_began_in_norfolk() {
        // 26 June 2026, 21:30 BST and 27 November 2026, 04:00 GMT.
        assert_eq!(shift_title(Millis(1_782_505_800_000)), "Night shift");
        assert_eq!(shift_title(Millis(1_795_752_000_000)), "Night shift");
        assert_eq!(shift_title(Millis(1_782_505_800_000 - 4 * 3_600_000)), "Late shift");
    }
}
