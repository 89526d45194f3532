//! One entry: what it says now, what it said before, when it happened, was written and was received, and what the
//! server asks. Nothing is erased from sight: a corrected version is struck through and stays readable.
//!
//! Opening it is logged by the device.

use beatbook_domain::entry::{Body, Change, Origin};
use beatbook_domain::id::EntryId;
use beatbook_domain::time;
use beatbook_protocol::ipc::{EntryView, GetEntry, RevisionView};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::diff::Diff;
use crate::components::frame::{AppShell, Back, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::{Note, Tone};
use crate::components::row::EntryRows;
use crate::components::state::StateChip;
use crate::locales::words;
use crate::route::Route;
use crate::screens::reading::{ReadBody, changes};
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
        Some(entry) => view! { <Whole entry presses /> }.into_any(),
    }
}

/// Where the reader came from, as far as the role tells: the team's shifts or the officer's own.
fn home() -> Back {
    if untrack(|| expect_context::<Shell>().reviews()) {
        Back { to: Route::Team, label: words::BACK_TO_TEAM }
    } else {
        Back { to: Route::Today, label: words::BACK_TO_SHIFT }
    }
}

/// The entry once it is read.
#[component]
fn Whole(entry: EntryView, presses: RwSignal<u32>) -> impl IntoView {
    let EntryView { row, marking, author, mut revisions, forked, withdrawn, linked } = entry;
    let marking = marking.words();
    let title = row.title.clone();
    let meta = format!("{} · {author}", time::day_clock(row.at));
    let state = row.state.clone();
    revisions.reverse();
    let newest = revisions.first().cloned();
    let asked: Vec<String> = newest.as_ref().map(|newest| newest.problems.clone()).unwrap_or_default();
    view! {
        <AppShell>
            <Top title window=words::ENTRY_WINDOW meta back=home() marking=marking.to_owned()>
                <StateChip state />
                <ReadAgain presses />
            </Top>
            <Main>
                {withdrawn
                    .then(|| {
                        view! { <Note tone=Tone::Wait glyph=Glyph::Back heading=words::WITHDRAWN text=words::WITHDRAWN_TEXT /> }
                    })}
                {forked
                    .then(|| {
                        view! { <Note tone=Tone::Wait glyph=Glyph::Alert heading=words::FORKED text=words::FORKED_TEXT /> }
                    })}
                {asked
                    .into_iter()
                    .map(|asked| {
                        view! { <Note tone=Tone::Wait glyph=Glyph::Info heading=words::question(&asked) text=words::NOT_IN_TOTALS /> }
                    })
                    .collect_view()}
                {newest
                    .map(|newest| {
                        view! {
                            <Labels revision=newest.clone() />
                            <Said revision=newest.clone() />
                            <Custody revision=newest />
                        }
                    })}
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
                <History revisions author />
            </Main>
            <Foot marking=marking.to_owned()>
                <Dock current=None />
            </Foot>
        </AppShell>
    }
}

/// How it came to be written, and how late.
#[component]
fn Labels(revision: RevisionView) -> impl IntoView {
    let RevisionView { origin, late, .. } = revision;
    if origin == Origin::Live && late.is_none() {
        return ().into_any();
    }
    view! {
        <p class="labels">
            {(origin != Origin::Live).then(|| view! { <span class="label">{words::origin(origin)}</span> })}
            {late.map(|late| view! { <span class="label late" data-test="late">{late}</span> })}
        </p>
    }
    .into_any()
}

/// What a revision says, by its kind; the stub where it was erased.
#[component]
fn Said(revision: RevisionView) -> impl IntoView {
    match revision.body {
        None => {
            view! { <Note glyph=Glyph::Lock heading=words::ERASED_HEADING text=words::ERASED /> }.into_any()
        }
        Some(body) => match body.read(revision.kind, revision.change) {
            Some(body) => view! { <ReadBody body /> }.into_any(),
            None => view! { <Note glyph=Glyph::Info heading=words::PLEASE_KNOW text=words::UNREADABLE /> }
                .into_any(),
        },
    }
}

/// The three clocks and the receipt.
#[component]
fn Custody(revision: RevisionView) -> impl IntoView {
    let happened = match revision.occurred_until {
        Some(until) => {
            format!("{}, {}", time::day(revision.occurred_at), time::range(revision.occurred_at, until))
        }
        None => time::day_clock(revision.occurred_at),
    };
    let written = match revision.offset {
        Some(offset) => format!("{} · {}", time::day_clock(revision.written_at), words::clock_was(offset.ms)),
        None => format!("{} · {}", time::day_clock(revision.written_at), words::CLOCK_NOT_MEASURED),
    };
    let received = revision.received_at.map_or_else(|| words::NOT_RECEIVED.to_owned(), time::day_clock);
    let mut lines =
        vec![(words::HAPPENED, happened), (words::WRITTEN, written), (words::RECEIVED_AT, received)];
    if let Some(code) = revision.receipt_code {
        lines.push((words::RECEIPT, code));
    }
    if let Some(position) = revision.position {
        lines.push((words::POSITION, position.to_string()));
    }
    view! {
        <section class="group" aria-labelledby="custody-h" data-test="entry-custody">
            <h2 class="sec" id="custody-h">
                {words::THREE_CLOCKS}
            </h2>
            <dl class="kv card">
                {lines
                    .into_iter()
                    .map(|(question, answer)| {
                        view! {
                            <div>
                                <dt>{question}</dt>
                                <dd>{answer}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </section>
    }
}

/// Every revision, newest first, earlier words struck through and readable.
#[component]
fn History(revisions: Vec<RevisionView>, author: String) -> impl IntoView {
    let last = revisions.len();
    // Each correction against the version before it; newest first, so the one before stands after.
    let said: Vec<Option<Body>> =
        revisions.iter().map(|r| r.body.as_ref().and_then(|body| body.read(r.kind, r.change))).collect();
    let corrected = move |place: usize, change: Change| match (change, said.get(place), said.get(place + 1)) {
        (Change::Corrects, Some(Some(after)), Some(Some(before))) => changes(before, after),
        _ => Vec::new(),
    };
    view! {
        <section class="group" aria-labelledby="history-h" data-test="entry-history">
            <h2 class="sec" id="history-h">
                {words::HISTORY}
            </h2>
            <ol class="steps">
                {revisions
                    .into_iter()
                    .enumerate()
                    .map(|(place, revision)| {
                        let number = last - place;
                        let head = words::revision(number, revision.change);
                        let meta = format!("{} · {author}", time::day_clock(revision.written_at));
                        let received = revision.received_at.is_some();
                        let changed = corrected(place, revision.change);
                        let earlier = place > 0 && revision.change != Change::Withdraws;
                        view! {
                            <li>
                                <b>{head}</b>
                                <span class="meta">{meta}</span>
                                <span class="state" class:received=received class:saved=!received>
                                    <Icon
                                        glyph=if received { Glyph::Ok } else { Glyph::PhoneOk }
                                        size=IconSize::Small
                                    />
                                    {if received { words::RECEIVED } else { words::SAVED }}
                                </span>
                                {changed
                                    .into_iter()
                                    .map(|(label, before, after)| view! { <Diff label before after /> })
                                    .collect_view()}
                                {earlier
                                    .then(|| {
                                        view! {
                                            <details class="more earlier">
                                                <summary>
                                                    <Icon glyph=Glyph::List />
                                                    <span>{words::EARLIER_WORDS}</span>
                                                    <Icon glyph=Glyph::Down class="turn" />
                                                </summary>
                                                <div class="more-in struck-in">
                                                    <Said revision />
                                                </div>
                                            </details>
                                        }
                                    })}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}
