//! The briefing: read, acknowledged in one press, done otherwise with a reason. All of it offline.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{
    About, Body, Deviation, Entry, Kind, TaskWindow, TaskedArea, Tasking, TaskingAck,
};
use beatbook_domain::id::EntryId;
use beatbook_domain::place::areas::AreaLevel;
use beatbook_domain::tasking::{Ack, Difference, Read, Stands, difference};
use beatbook_domain::time::{Millis, local, range};
use beatbook_protocol::ipc::{
    AcknowledgeBriefing, AppError, BriefedArea, BriefedWindow, BriefingChange, BriefingView, BriefingsView,
    DeviateFromBriefing, GetBriefings, TakeBackDeviation,
};
use beatbook_words::text;

use super::context::Context;
use super::error::{not_found, not_now};
use super::revise::{invalid, own, own_entry, withdrawal, write};
use super::saving::open_unit;
use super::tasked::{Tonight, read_of};
use super::{Device, Handle};
use crate::store::append::new_entry_id;
use crate::store::{NewRevision, Store, StoreError};
use crate::words;

impl Handle<GetBriefings> for Device {
    async fn handle(&self, _command: GetBriefings) -> Result<BriefingsView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        Ok(session.read(move |store| view(store, &context, now)).await?)
    }
}

fn view(store: &mut Store, context: &Context, now: Millis) -> Result<BriefingsView, StoreError> {
    let tonight = Tonight::load(store, context, now)?;
    let heard = store.last_answer()?.at;
    let shown = tonight.briefings(context, now);
    let briefings = shown.iter().map(|stands| briefing(stands, &tonight, store, context, now)).collect();
    Ok(BriefingsView { now, as_known: (heard.0 > 0).then_some(heard), briefings })
}

fn briefing(
    stands: &Stands<'_>,
    tonight: &Tonight,
    store: &Store,
    context: &Context,
    now: Millis,
) -> BriefingView {
    let (tasking, entries) = (stands.tasking, &tonight.folded.entries);
    let acks = stands.acks(entries);
    let own = acks.iter().rev().find(|ack| ack.officer == context.me.officer);
    let changes = match stands.read_by(context.me.officer, entries) {
        Read::Older(Some(before)) => {
            let changed = difference(before, tasking);
            changed.into_iter().map(|what| change(what, before, tasking, context)).collect()
        }
        Read::Older(None) | Read::Not | Read::Current => Vec::new(),
    };
    BriefingView {
        entry_id: stands.id(),
        link: stands.link(),
        version: u32::try_from(stands.version()).unwrap_or(u32::MAX),
        from: tasking.from,
        until: tasking.until,
        by: context.title(stands.entry.first().head.author),
        supervisor: tasking.supervisor.map(|officer| context.title(officer)),
        supervisor_id: tasking.supervisor,
        initiative: tasking.initiative.clone(),
        units: tasking.units.clone(),
        visits: tasking.visits(),
        made: tonight.made_of(stands.id()),
        areas: tasking.areas.iter().map(|area| briefed(area, stands, &acks, tonight, context, now)).collect(),
        read: read_of(stands, entries, context),
        read_at: own.map(|ack| ack.at),
        changes,
        why_changed: tasking.reason.clone(),
        state: own.map(|ack| tonight.folded.state(ack.entry, store.outbox())),
    }
}

fn briefed(
    area: &TaskedArea,
    stands: &Stands<'_>,
    acks: &[Ack<'_>],
    tonight: &Tonight,
    context: &Context,
    now: Millis,
) -> BriefedArea {
    let code = &area.area.code;
    let window = |window: &TaskWindow| {
        let said = acks.iter().rev().find_map(|ack| {
            let deviation = ack.deviation?;
            deviation.covers(code, window.from).then_some((ack, deviation))
        });
        BriefedWindow {
            from: window.from,
            until: window.until,
            visits: window.visits,
            made: tonight.made(stands.id(), code, window.from),
            over: window.until <= now,
            otherwise: said.map(|(ack, deviation)| otherwise(ack, deviation, context)),
            otherwise_entry: said
                .filter(|(ack, _)| ack.officer == context.me.officer)
                .map(|(ack, _)| ack.entry.entry_id),
        }
    };
    let owner = context.areas.as_ref().and_then(|index| index.set().get(AreaLevel::Patrol, code));
    BriefedArea {
        code: code.clone(),
        name: area.area.name.clone(),
        band: area.band,
        max_gap_min: area.max_gap_min,
        why: area.why.iter().map(|code| code.label.clone()).collect(),
        owner_why: owner.and_then(|area| area.rhythm.as_ref()).map(|it| it.why.clone()).unwrap_or_default(),
        note: area.note.clone(),
        windows: area.windows.iter().map(window).collect(),
    }
}

/// A deviation as shown: who, why, in their words.
pub(super) fn otherwise(ack: &Ack<'_>, deviation: &Deviation, context: &Context) -> String {
    let reason = match &deviation.words {
        Some(words) => text!(reason_and_words, reason = &deviation.reason.label, words = words),
        None => deviation.reason.label.clone(),
    };
    if ack.officer == context.me.officer {
        reason
    } else {
        text!(otherwise_by, officer = context.title(ack.officer), reason = reason)
    }
}

/// One change, as shown: what, as it was, as it is.
fn change(what: Difference<'_>, before: &Tasking, now: &Tasking, context: &Context) -> BriefingChange {
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    let whole = |what: &str, before: String, now: String| BriefingChange {
        what: what.to_owned(),
        before: said(before),
        now: said(now),
    };
    let label =
        |tasking: &Tasking| tasking.initiative.as_ref().map(|it| it.label.clone()).unwrap_or_default();
    let leads = |tasking: &Tasking| tasking.supervisor.map(|it| context.title(it)).unwrap_or_default();
    let units = |tasking: &Tasking| match tasking.units.as_slice() {
        [] => words::EVERY_UNIT.to_owned(),
        units => units.join(", "),
    };
    match what {
        Difference::Time => {
            whole(words::CHANGED_TIME, range(before.from, before.until), range(now.from, now.until))
        }
        Difference::Units => whole(words::CHANGED_UNITS, units(before), units(now)),
        Difference::Initiative => whole(words::CHANGED_INITIATIVE, label(before), label(now)),
        Difference::Supervisor => whole(words::CHANGED_SUPERVISOR, leads(before), leads(now)),
        Difference::Added(area) => whole(&area.area.name, String::new(), asked(area, None)),
        Difference::Removed(area) => whole(&area.area.name, asked(area, None), String::new()),
        Difference::Changed(was, is) => whole(&is.area.name, asked(was, Some(is)), asked(is, Some(was))),
    }
}

/// What is asked of an area in one line; beside another version of it only what differs.
fn asked(area: &TaskedArea, beside: Option<&TaskedArea>) -> String {
    let mut parts: Vec<String> = Vec::new();
    if beside.is_none_or(|other| other.windows != area.windows) {
        let window = |it: &TaskWindow| text!(visits_in, count = it.visits, time = range(it.from, it.until));
        parts.extend(area.windows.iter().map(window));
    }
    if let Some(other) = beside {
        if other.why != area.why {
            parts.push(area.why.iter().map(|code| code.label.as_str()).collect::<Vec<_>>().join(", "));
        }
        if other.note != area.note {
            parts.extend(area.note.clone());
        }
        if other.band != area.band {
            parts.push(text!(band_of, from = area.band.0, to = area.band.1));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

impl Device {
    /// Seals a word about a tasking and shows the briefings as they stand then.
    async fn sealed_word<F>(&self, make: F) -> Result<BriefingsView, AppError>
    where
        F: FnOnce(&mut Store, &Context, Millis) -> Result<Vec<NewRevision>, AppError> + Send + 'static,
    {
        let session = self.session()?;
        let context = session.context().await?;
        let now = session.now();
        let view = session
            .save(move |store| {
                let new = make(store, &context, now)?;
                let open = open_unit(store, now)?;
                write(store, open.is_some(), new)?;
                Ok::<_, AppError>(view(store, &context, now)?)
            })
            .await?;
        self.changed();
        Ok(view)
    }
}

/// The tasking a word is about, as it stands now, and everything said of it.
fn about(
    store: &mut Store,
    entry_id: EntryId,
    link: beatbook_domain::id::Link,
    context: &Context,
    now: Millis,
) -> Result<Tonight, AppError> {
    let tonight = Tonight::load(store, context, now)?;
    let shown = tonight.briefings(context, now);
    let stands = shown.iter().find(|stands| stands.id() == entry_id);
    let stands = stands.ok_or_else(|| not_found(words::BRIEFING_OVER))?;
    if stands.link() != link {
        return Err(not_now(words::BRIEFING_CHANGED));
    }
    Ok(tonight)
}

/// A word about a tasking: of the open shift, where one is open.
fn word(
    store: &mut Store,
    about: About,
    deviation: Option<Deviation>,
    now: Millis,
) -> Result<NewRevision, AppError> {
    let body = Body::TaskingAck(TaskingAck { deviation, reason: None });
    let new = NewRevision::first(new_entry_id(now), Kind::TaskingAck, now, body);
    let mut new = match open_unit(store, now)? {
        Some(open) => open.mark(new),
        None => new,
    };
    new.about = Some(about);
    Ok(new)
}

impl Handle<AcknowledgeBriefing> for Device {
    async fn handle(&self, command: AcknowledgeBriefing) -> Result<BriefingsView, AppError> {
        let AcknowledgeBriefing { entry_id, link } = command;
        self.sealed_word(move |store, context, now| {
            let tonight = about(store, entry_id, link, context, now)?;
            let read = tonight.briefings(context, now).iter().any(|stands| {
                stands.id() == entry_id
                    && stands.read_by(context.me.officer, &tonight.folded.entries) == Read::Current
            });
            // Pressed twice is read once.
            if read {
                return Ok(Vec::new());
            }
            Ok(vec![word(store, About { entry_id, link }, None, now)?])
        })
        .await
    }
}

impl Handle<DeviateFromBriefing> for Device {
    async fn handle(&self, command: DeviateFromBriefing) -> Result<BriefingsView, AppError> {
        self.sealed_word(move |store, context, now| {
            about(store, command.entry_id, command.link, context, now)?;
            let reason = context
                .code(list::DEVIATION_REASON, &Some(command.reason), now)
                .ok_or_else(|| not_found(words::BRIEFING_OVER))?;
            let words = command.words.trim();
            let deviation = Deviation {
                area: command.area,
                window: command.window,
                reason,
                words: (!words.is_empty()).then(|| words.to_owned()),
            };
            let problems = check::deviation(&deviation, &context.edition, local(now).date_naive());
            let blocking: Vec<_> =
                problems.into_iter().filter(|it| it.severity == check::Severity::Block).collect();
            if !blocking.is_empty() {
                return Err(invalid(blocking));
            }
            let about = About { entry_id: command.entry_id, link: command.link };
            Ok(vec![word(store, about, Some(deviation), now)?])
        })
        .await
    }
}

impl Handle<TakeBackDeviation> for Device {
    async fn handle(&self, command: TakeBackDeviation) -> Result<BriefingsView, AppError> {
        self.sealed_word(move |store, context, _| {
            let folded = own_entry(store, command.entry_id, context.me.officer)?;
            let entry: &Entry = own(&folded, command.entry_id, context.me.officer)?;
            if entry.kind() != Kind::TaskingAck {
                return Err(not_now(words::NOT_WITHDRAWN));
            }
            // The version stays acknowledged: it was read.
            let again = entry.current().head.about;
            let mut new = vec![withdrawal(entry, words::DONE_AS_ASKED)];
            if let Some(about) = again {
                let now = store.reading().at;
                new.push(word(store, about, None, now)?);
            }
            Ok(new)
        })
        .await
    }
}
