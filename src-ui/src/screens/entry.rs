//! One entry: what it says now, what may be done with it, when it happened, was written and was received, what the server
//! asks, and every version before.
//!
//! Opening it is logged by the device.

use beatbook_domain::entry::Change;
use beatbook_domain::id::EntryId;
use beatbook_domain::time;
use beatbook_protocol::ipc::{EntryView, FetchEntry, GetEntry, GettingBack, RevisionView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::frame::{AppShell, Back, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::row::EntryRows;
use crate::components::state::StateChip;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::asked::{Asked, SaidAbout};
use crate::screens::decide::Decide;
use crate::screens::entry_acts::{Acts, AroseDuties, Renew};
use crate::screens::history::{Custody, History, Labels, Said};
use crate::screens::patrol_times::PatrolRecord;
use crate::screens::{LoadError, ReadAgain, load_on_press};

/// The entry view.
#[component]
pub fn Entry(
    /// The entry.
    id: EntryId,
) -> impl IntoView {
    let presses = RwSignal::new(0_u32);
    let entry = load_on_press(presses, move || GetEntry { entry_id: id });
    let view = Memo::new(move |_| entry.view.get());
    let renew = Renew { view: entry.view, presses };
    move || match view.get() {
        None => view! {
            <AppShell>
                <Top title=words::LOADING back=home() />
                <Main>
                    <LoadError error=entry.error />
                </Main>
            </AppShell>
        }
        .into_any(),
        Some(entry) => view! { <Whole entry renew /> }.into_any(),
    }
}

/// Where the reader came from, as far as the role tells: the team's shifts or the officer's own.
fn home() -> Back {
    let shell = untrack(expect_context::<Shell>);
    if untrack(|| shell.reads_standards() && !shell.patrols() && !shell.reviews()) {
        Back { to: Route::Standards, label: words::BACK_TO_STANDARDS }
    } else if untrack(|| shell.reviews()) {
        Back { to: Route::Team, label: words::BACK_TO_TEAM }
    } else {
        Back { to: Route::Today, label: words::BACK_TO_SHIFT }
    }
}

/// The entry once it is read.
#[component]
fn Whole(entry: EntryView, renew: Renew) -> impl IntoView {
    let (acts, asked_of, decided) = (entry.clone(), entry.clone(), entry.clone());
    let (review, may_decide) = (entry.review.clone(), entry.review.may_decide);
    let EntryView {
        row,
        marking,
        author,
        mut revisions,
        forked,
        withdrawn,
        linked,
        mine,
        duties,
        performed_by,
        patrol,
        narrow,
        at_server,
        ..
    } = entry;
    let id = row.entry_id;
    let marking = marking.words();
    let title = row.title.clone();
    let meta = format!("{} · {author}", time::day_clock(row.at));
    let state = row.state.clone();
    revisions.reverse();
    let newest = revisions.first().cloned();
    let asked: Vec<String> = newest.as_ref().map(|newest| newest.problems.clone()).unwrap_or_default();
    let presses = renew.presses;
    view! {
        <AppShell>
            <Top title window=words::ENTRY_WINDOW meta back=home() marking=marking.to_owned()>
                <StateChip state />
                <ReadAgain presses />
            </Top>
            <Main>
                {narrow.then(|| {
                    let text = if mine { words::NARROW_MINE } else { words::NARROW_READ };
                    view! { <Note glyph=Glyph::Lock heading=words::NARROW_HEADING text test="narrow" /> }
                })}
                {withdrawn
                    .then(|| {
                        view! { <Note tone=Tone::Wait glyph=Glyph::Back heading=words::WITHDRAWN text=words::WITHDRAWN_TEXT test="withdrawn" /> }
                    })}
                {forked
                    .then(|| {
                        view! { <Note tone=Tone::Wait glyph=Glyph::Alert heading=words::FORKED text=words::FORKED_TEXT test="forked" /> }
                    })}
                {asked
                    .into_iter()
                    .map(|asked| {
                        view! { <Note tone=Tone::Wait glyph=Glyph::Info heading=words::question(&asked) text=words::NOT_IN_TOTALS /> }
                    })
                    .collect_view()}
                <Asked entry=asked_of renew />
                {newest.clone().map(|revision| view! { <Labels revision performed_by /> })}
                <Standing revisions=revisions.clone() forked />
                {at_server.map(|stands| view! { <GetBack id stands renew /> })}
                {(!patrol.is_empty()).then(|| view! { <PatrolRecord patrol mine renew /> })}
                {may_decide.then(|| view! { <Decide entry=decided renew /> })}
                {mine.then(|| view! { <Acts entry=acts renew /> })}
                <SaidAbout review />
                {(!duties.is_empty()).then(|| view! { <AroseDuties duties renew /> })}
                {(!linked.is_empty())
                    .then(|| {
                        view! {
                            <section class="group" aria-labelledby="linked-h">
                                <h2 class="sec" id="linked-h">
                                    {words::LINKED}
                                </h2>
                                <EntryRows rows=linked />
                            </section>
                        }
                    })}
                {newest.map(|revision| view! { <Custody revision /> })}
                <History revisions author mine />
            </Main>
            <Foot marking=marking.to_owned()>
                <Dock current=None />
            </Foot>
        </AppShell>
    }
}

/// The key that gets words back from the server; while they are asked for, the entry is read again at each change.
#[component]
fn GetBack(id: EntryId, stands: GettingBack, renew: Renew) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let change = shell.change();
    Effect::new(move |first: Option<()>| {
        change.track();
        if first.is_some() && stands == GettingBack::Asked {
            renew.again();
        }
    });
    let ask = move |_| {
        spawn_local(async move {
            match call(FetchEntry { entry_id: id }).await {
                Ok(entry) => drop(renew.view.try_set(Some(entry))),
                Err(error) => shell.report(&error),
            }
        });
    };
    view! {
        {(stands == GettingBack::Missing)
            .then(|| view! { <Note tone=Tone::Wait glyph=Glyph::Info heading=words::PLEASE_KNOW text=words::NOT_GIVEN_BACK test="not-given-back" /> })}
        {if stands == GettingBack::Asked {
            view! { <p class="meta" role="status" data-test="getting-back">{words::GETTING_BACK}</p> }.into_any()
        } else {
            view! {
                <button type="button" class="btn btn-lg" data-test="get-back" on:click=ask>
                    <Icon glyph=Glyph::Repeat />
                    {words::GET_BACK}
                </button>
            }
            .into_any()
        }}
    }
}

/// What stands: the newest version; both where two stand side by side; struck through where it is withdrawn.
#[component]
fn Standing(
    /// The revisions, newest first.
    revisions: Vec<RevisionView>,
    forked: bool,
) -> impl IntoView {
    let newest: Vec<RevisionView> = revisions.iter().filter(|revision| revision.newest).cloned().collect();
    let is_withdrawn = newest.iter().any(|revision| revision.change == Change::Withdraws);
    let said = is_withdrawn
        .then(|| revisions.into_iter().find(|revision| revision.change != Change::Withdraws))
        .flatten();
    view! {
        {newest
            .into_iter()
            .map(|revision| {
                view! {
                    {forked.then(|| view! { <h2 class="sec">{words::FORK_SIDE} ", " {time::day_clock(revision.written_at)}</h2> })}
                    <Said revision />
                }
            })
            .collect_view()}
        {said.map(|revision| {
            view! {
                <section class="group" aria-labelledby="struck-h" data-test="struck-out">
                    <h2 class="sec" id="struck-h">{words::STRUCK_OUT}</h2>
                    <div class="struck-in">
                        <Said revision />
                    </div>
                </section>
            }
        })}
    }
}
