//! Figures over a period at central: the summary of each shift is worked out once, from the sealed bytes and by the rules
//! every phone has, and kept until something it rests on arrives. A period then reads kept summaries and adds them up.

use std::sync::Arc;
use std::time::Duration;

use beatbook_domain::entry::Entry;
use beatbook_domain::id::{Code, EntryId, TeamId};
use beatbook_domain::period::{Asked, PeriodFigures, ShiftFacts, before, period};
use beatbook_domain::shift;
use beatbook_domain::summary::{Named, ShiftSummary};
use beatbook_domain::time::{DAY_MS, Millis, day_begins};
use chrono::NaiveDate;
use tokio::sync::watch;

use crate::figures::{self, Background};
use crate::storage::{KeptFigure, StaleFigure, Storage, StorageError, Stored};

/// Edition of the rules of summaries. Raise it with every change of what a summary says: kept ones are made anew.
pub const RULES: u32 = 1;

/// Shifts worked out in one go: their marks are read, and their figures kept, in one transaction each.
const IN_ONE_GO: u32 = 50;
/// Kept figures compared in one go.
const PAGE: u32 = 200;
/// How often the server looks for stale figures.
const EVERY: Duration = Duration::from_secs(5);
/// How often a shift is tried while entries keep arriving for it.
const TRIES: usize = 8;
/// Until a shift is read, only when its opening was written is known.
const WRITTEN_LATE_MS: i64 = 30 * DAY_MS;

/// What a stretch of shifts rests on beside their own entries.
async fn background(storage: &dyn Storage, first: Millis, last: Millis) -> Stored<Background> {
    Background::of(storage, first.plus(-DAY_MS), last.plus(2 * DAY_MS)).await
}

/// Works out some shifts and keeps them; gives how many. Those for which entries kept arriving are left to the next reader.
async fn work_out(storage: &dyn Storage, mut stale: Vec<StaleFigure>) -> Stored<u64> {
    let mut done = 0;
    for _ in 0..TRIES {
        let times = || stale.iter().map(|shift| shift.started_at);
        let (Some(first), Some(last)) = (times().min(), times().max()) else { break };
        let own = stale.iter().map(|one| (one.shift, vec![one.shift.0, one.officer.0])).collect();
        let marks = storage.add_figure_sources(own).await?;
        // After the marks: what arrives from now on raises them.
        let around = background(storage, first, last).await?;
        let mut read = Vec::with_capacity(stale.len());
        for one in &stale {
            read.push(figures::read(storage, one.shift).await?);
        }
        let sources = stale.iter().zip(&read);
        let sources = sources.map(|(one, read)| (one.shift, read.sources.iter().copied().collect()));
        let found = storage.add_figure_sources(sources.collect()).await?;

        let (mut ready, mut again) = (Vec::new(), Vec::new());
        for (((one, read), before), now) in stale.into_iter().zip(read).zip(marks).zip(found) {
            // Something may have come of a source before it was known to be one.
            if now.added > 0 || now.mark != before.mark {
                again.push(one);
                continue;
            }
            let summary = summary_of(storage, read.entries, one.shift, &around).await?;
            let kept = KeptFigure {
                shift: one.shift,
                officer: summary.as_ref().map_or(one.officer, |summary| summary.officer),
                started_at: summary.as_ref().map_or(one.started_at, |summary| summary.from),
                mark: now.mark,
                rules: RULES,
                figures: summary.as_ref().map(written).transpose()?,
            };
            ready.push((one, kept));
        }
        let kept = storage.put_figures(ready.iter().map(|(_, kept)| kept.clone()).collect()).await?;
        for ((one, _), is_kept) in ready.into_iter().zip(kept) {
            if is_kept {
                done += 1;
            } else {
                again.push(one);
            }
        }
        stale = again;
    }
    Ok(done)
}

fn written(summary: &ShiftSummary) -> Stored<String> {
    serde_json::to_string(summary).map_err(|_| StorageError::Content("figures of a shift"))
}

/// The summary of a shift by its entries alone; none where it is no shift of its own.
async fn summary_of(
    storage: &dyn Storage,
    entries: Vec<Entry>,
    shift: EntryId,
    around: &Background,
) -> Stored<Option<ShiftSummary>> {
    let own = entries.iter().find(|entry| entry.entry_id == shift);
    if own.is_none_or(|own| own.is_withdrawn() || shift::is_continued(&entries, own)) {
        return Ok(None);
    }
    figures::summary_of(storage, entries, shift, &[], around).await
}

/// Works out whatever is stale of the shifts that began in a time, of one team or all; gives how many were.
///
/// # Errors
/// When the database fails.
pub async fn refresh(
    storage: &dyn Storage,
    from: Millis,
    until: Millis,
    team: Option<TeamId>,
) -> Stored<u64> {
    let mut done = 0;
    loop {
        let stale = storage.stale_figures(from, until, team, IN_ONE_GO).await?;
        let asked = stale.len();
        let settled = work_out(storage, stale).await?;
        done += settled;
        // Those that keep changing are left to the next reader.
        if asked < IN_ONE_GO as usize || settled == 0 {
            return Ok(done);
        }
    }
}

/// Keeps figures fresh until the server stops, so that whoever asks waits for the newest entries alone.
pub async fn keep_fresh(storage: Arc<dyn Storage>, mut stop: watch::Receiver<bool>) {
    if let Err(error) = storage.outdate_figures(RULES).await {
        tracing::warn!(%error, "kept figures could not be looked through");
    }
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let work = refresh(storage.as_ref(), Millis(i64::MIN), Millis(i64::MAX), None);
        let done = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            done = work => done,
        };
        match done {
            Ok(0) => {}
            Ok(shifts) => tracing::debug!(shifts, "figures worked out"),
            Err(error) => tracing::warn!(%error, "figures could not be worked out; tried again soon"),
        }
    }
}

/// The shifts that began from the first day until before the last in order of time, of one team or all, with what is known of the phones now.
///
/// # Errors
/// When the database fails.
pub async fn facts(
    storage: &dyn Storage,
    (from, until): (NaiveDate, NaiveDate),
    team: Option<TeamId>,
    now: Millis,
) -> Stored<Vec<ShiftFacts>> {
    let (from, until) = (day_begins(from), day_begins(until));
    storage.outdate_figures(RULES).await?;
    refresh(storage, from.plus(-WRITTEN_LATE_MS), until.plus(WRITTEN_LATE_MS), team).await?;
    let contacts = figures::contacts(storage, now).await?;
    let kept = storage.kept_figures(from, until, team).await?;
    let facts = kept.into_iter().map(|kept| {
        let mut summary: ShiftSummary =
            serde_json::from_str(&kept.figures).map_err(|_| StorageError::Content("figures of a shift"))?;
        summary.hear(&contacts);
        let team = kept.team.map(|(id, label)| Named { code: Code::new(id.to_string()), label });
        Ok(ShiftFacts { summary, team })
    });
    let mut facts: Vec<ShiftFacts> = facts.collect::<Stored<_>>()?;
    facts.sort_by_key(|shift| (shift.summary.from, shift.summary.shift_id));
    Ok(facts)
}

/// The figures of a period, of one team or all.
///
/// # Errors
/// When the database fails.
pub async fn of(
    storage: &dyn Storage,
    asked: Asked,
    team: Option<TeamId>,
    now: Millis,
) -> Stored<PeriodFigures> {
    let earlier = before(asked.from, asked.until);
    let shifts = facts(storage, (earlier.0, asked.until), team, now).await?;
    Ok(period(asked, &shifts))
}

/// Shifts whose kept figures say something else than their sealed bytes.
///
/// # Errors
/// When the database fails.
pub async fn differing(storage: &dyn Storage) -> Stored<Vec<EntryId>> {
    let (mut after, mut differing) = (None, Vec::new());
    loop {
        let page = storage.fresh_figures(after, PAGE).await?;
        let Some((last, ..)) = page.last() else { return Ok(differing) };
        after = Some(*last);
        for (shift, _, kept) in page.into_iter().filter(|(_, rules, _)| *rules == RULES) {
            let entries = figures::entries_of(storage, shift).await?;
            let at = entries.iter().find(|entry| entry.entry_id == shift).map(Entry::occurred_at);
            let around = background(storage, at.unwrap_or(Millis(0)), at.unwrap_or(Millis(0))).await?;
            let now = summary_of(storage, entries, shift, &around).await?;
            let kept = kept.as_deref().map(serde_json::from_str::<ShiftSummary>).transpose();
            if kept.ok() != Some(now) {
                differing.push(shift);
            }
        }
    }
}
