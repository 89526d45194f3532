//! The patrol record of a shift, stretch by stretch, and times stated anew: both are restated, the first ones stay
//! readable.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::Kind;
use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AppError, CorrectTimes, StretchRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::icon::{Glyph, Icon};
use crate::components::row::glyph_of;
use crate::components::sheet::Sheet;
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::circumstances::ReasonFields;
use crate::screens::entry_acts::Renew;
use crate::screens::happened::{ClockField, Toward};
use crate::screens::today::of_list;

/// Whether its times can be stated anew: a shift, leg, visit, break or call away.
#[must_use]
pub fn may_restate(kind: Kind) -> bool {
    use Kind::{
        BackOnPatrol, BreakEnded, BreakStarted, CalledAway, LegEnded, LegStarted, ShiftEnded, ShiftOpened,
        VisitEnded, VisitStarted,
    };
    matches!(
        kind,
        ShiftOpened
            | ShiftEnded
            | LegStarted
            | LegEnded
            | VisitStarted
            | VisitEnded
            | BreakStarted
            | BreakEnded
            | CalledAway
            | BackOnPatrol
    )
}

/// `Patrol leg, On foot, Prince of Wales Road`.
fn what(stretch: &StretchRow) -> String {
    let mut parts = vec![stretch.kind.title().to_owned()];
    parts.extend(
        stretch
            .codes
            .iter()
            .filter(|code| code.list.as_str() != list::VISIT_METHOD)
            .map(|code| code.label.clone()),
    );
    parts.extend(stretch.area.clone());
    parts.join(", ")
}

/// The stretches of a shift.
#[component]
pub fn PatrolRecord(
    /// The stretches, in order.
    patrol: Vec<StretchRow>,
    /// The shift is the reader's own.
    mine: bool,
    /// Shows the entry anew.
    renew: Renew,
) -> impl IntoView {
    view! {
        <section class="group" aria-labelledby="patrol-h" data-test="patrol-record">
            <h2 class="sec" id="patrol-h">{words::PATROL_MADE_OF}</h2>
            <ul class="rows">
                {patrol.into_iter().map(|stretch| view! { <li><Stretch stretch mine renew /></li> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Stretch(stretch: StretchRow, mine: bool, renew: Renew) -> impl IntoView {
    let what = what(&stretch);
    let times = words::stretch_times(stretch.at, stretch.until, stretch.end_kind);
    let StretchRow { entry_id, kind, at, until, author, .. } = stretch;
    let own = mine && author.is_none();
    view! {
        <div class="stretch" data-test="stretch" data-kind=kind.name() data-entry=entry_id.to_string()>
            <a class="row" href=Route::Entry(entry_id).href() data-test="stretch-open">
                <Icon glyph=glyph_of(kind) />
                <span class="row-t">
                    <b>{times}</b>
                    <span class="meta">{what.clone()} {author.map(|author| format!(" · {author}"))}</span>
                </span>
                <Icon glyph=Glyph::Right />
            </a>
            {own.then(|| view! { <TimesKey id=entry_id kind what from=at until renew quiet=true /> })}
        </div>
    }
}

/// The key that states times anew, and its sheet.
#[component]
pub fn TimesKey(
    /// The entry.
    id: EntryId,
    /// Its kind.
    kind: Kind,
    /// What it is, for the name of the key.
    what: String,
    /// When it began.
    from: Millis,
    /// When it ended.
    until: Option<Millis>,
    /// Shows the entry anew.
    renew: Renew,
    /// A key within a row.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = words::correct_times_of(&what);
    view! {
        <button
            type="button"
            class=if quiet { "btn btn-quiet" } else { "btn btn-lg" }
            data-test="correct-times"
            aria-label=name
            on:click=move |_| open.set(true)
        >
            <Icon glyph=Glyph::Clock />
            {words::CORRECT_TIMES}
        </button>
        <Sheet open title=words::correct_times_of(&what) id=format!("times-{id}")>
            <Times id kind from until open renew quiet />
        </Sheet>
    }
}

/// Began, ended, why.
#[component]
fn Times(
    id: EntryId,
    kind: Kind,
    from: Millis,
    until: Option<Millis>,
    open: RwSignal<bool>,
    renew: Renew,
    /// One of the stretches of the entry on screen, not that entry itself.
    quiet: bool,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (began, ended) = (RwSignal::new(Some(from)), RwSignal::new(until));
    let reason = RwSignal::new(String::new());
    let problems = RwSignal::new(Vec::<(String, String)>::new());
    let at = move |field: &'static str| {
        Signal::derive(move || {
            problems.with(|all| all.iter().find(|(on, _)| on == field).map(|(_, words)| words.clone()))
        })
    };
    // A shift that is open is ended first; only then can its end be corrected.
    let asks_end = kind != Kind::ShiftOpened;
    let go = move |_| {
        let (until_now, why) = (ended.get_untracked(), reason.get_untracked());
        let Some(from_now) = began.get_untracked() else {
            problems.set(vec![("occurred_at".to_owned(), words::NOT_A_TIME.to_owned())]);
            return;
        };
        let found = check::times(from_now, until_now, until.is_some(), &why, dom::now());
        if !found.is_empty() {
            problems.set(found.iter().map(|it| (it.field.clone(), it.code.words().to_owned())).collect());
            return;
        }
        let command =
            CorrectTimes { entry_id: id, occurred_at: from_now, occurred_until: until_now, reason: why };
        spawn_local(async move {
            match call(command).await {
                Ok(entry) => {
                    open.try_set(false);
                    if quiet {
                        shell.toasts().say(words::TIMES_CORRECTED);
                        renew.again();
                        shell.refresh_today().await;
                    } else {
                        renew.done(shell, entry, words::TIMES_CORRECTED).await;
                    }
                }
                Err(AppError { message, .. }) => {
                    problems.try_set(vec![("reason".to_owned(), message)]);
                }
            }
        });
    };
    let after = Signal::derive(move || began.get().unwrap_or(from));
    view! {
        <p class="sub">{words::CORRECT_TEXT}</p>
        <div class="pair">
            <ClockField
                label=words::BEGAN
                hint=""
                id="times-began"
                value=began
                toward=Toward::Near(Signal::stored(from))
                problem=at("occurred_at")
                on_change=Callback::new(move |at| began.set(at))
            />
            {asks_end.then(|| view! {
                <ClockField
                    label=words::ENDED
                    hint=if until.is_none() { words::ENDED_EMPTY } else { "" }
                    id="times-ended"
                    value=ended
                    toward=Toward::After(after)
                    problem=at("occurred_until")
                    on_change=Callback::new(move |at| ended.set(at))
                />
            })}
        </div>
        <ReasonFields
            value=reason
            on_input=Callback::new(move |text| reason.set(text))
            problem=at("reason")
            reasons=of_list(shell, list::CORRECTION_REASON)
        />
        <div class="btn-row">
            <button type="button" class="btn btn-lg" data-test="times-cancel" on:click=move |_| open.set(false)>
                {words::NOT_NOW}
            </button>
            <button type="button" class="btn btn-lg btn-go" data-test="times-go" on:click=go>
                {words::CORRECT}
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_the_way_can_be_restated_and_nothing_else() {
        for kind in Kind::ALL {
            let is_stretch = kind.is_movement()
                && !matches!(kind, Kind::CrewJoined | Kind::CrewLeft | Kind::ShiftSubmitted);
            assert_eq!(may_restate(*kind), is_stretch, "{kind:?}");
        }
    }
}
