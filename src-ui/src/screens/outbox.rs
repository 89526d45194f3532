//! Outbox: what is on this phone, what has left it, and what the server has confirmed. A problem says cause, safety and
//! cure; one stuck entry never stops the others. Send now is a nudge: sending happens anyway.

use beatbook_domain::time;
use beatbook_protocol::ipc::{EntryRow, EntryState, GetOutbox, LastTry, OutboxView, QueueAgain, SendNow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::frame::{AppShell, Deck, Dock, DockKey, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::row::{EntryRows, glyph_of};
use crate::components::state::StateChip;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::{LoadError, load};

/// How many received rows are read at first, and how many with "All".
const RECEIVED_FIRST: u32 = 6;
const RECEIVED_ALL: u32 = 500;

/// The outbox.
#[component]
pub fn Outbox() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let limit = RwSignal::new(RECEIVED_FIRST);
    let outbox = load(move || GetOutbox { received_limit: limit.get() });
    // What Send now answered, and the last try known then: a newer one says more.
    let said = RwSignal::new(None::<(String, Option<LastTry>)>);
    // Without its own hour an answer equal to the last one changes nothing on screen, and focus stays where it is.
    let view = Memo::new(move |_| outbox.view.get().map(|view| OutboxView { now: time::Millis(0), ..view }));
    let meta = Signal::derive(move || {
        view.with(|view| {
            view.as_ref()
                .map_or_else(String::new, |view| words::outbox_meta(view.pill.total, view.pill.last_received))
        })
    });
    let send_now = move |_| {
        spawn_local(async move {
            match call(SendNow {}).await {
                Ok(answer) => {
                    shell.announce(answer.words.clone());
                    let known = view.get_untracked().and_then(|view| view.last_try);
                    said.set(Some((answer.words, known)));
                }
                Err(error) => shell.report(&error),
            }
        });
    };
    view! {
        <AppShell>
            <Top title=words::OUTBOX meta>
                {move || {
                    view.with(|view| view.as_ref().and_then(|view| view.last_try.clone()))
                        .map(|last| {
                            let glyph = if last.reached { Glyph::Signal } else { Glyph::NoSignal };
                            let word = if last.reached { words::SERVER_ANSWERED } else { words::ADDED_UP };
                            view! {
                                <span class="state" data-test="server-state">
                                    <Icon glyph size=IconSize::Small />
                                    {word}
                                </span>
                            }
                        })
                }}
            </Top>
            <Main>
                <LoadError error=outbox.error />
                {move || view.get().map(|view| view! { <Sections view limit said /> })}
            </Main>
            <Foot>
                <Deck label=words::SEND>
                    <button type="button" class="btn btn-go" data-test="send-now" on:click=send_now>
                        <Icon glyph=Glyph::Up />
                        {words::SEND_NOW}
                    </button>
                </Deck>
                <Dock current=DockKey::Outbox />
            </Foot>
        </AppShell>
    }
}

/// Tallies, then the sections they lead to.
#[component]
fn Sections(
    view: OutboxView,
    limit: RwSignal<u32>,
    said: RwSignal<Option<(String, Option<LastTry>)>>,
) -> impl IntoView {
    let on_its_way: Vec<EntryRow> = view.sending.iter().chain(&view.waiting).cloned().collect();
    let empty = view.needs_you.is_empty() && on_its_way.is_empty() && view.received.is_empty();
    let counts = [view.needs_you.len(), view.waiting.len(), view.sending.len()];
    let [need, waiting, sending] = counts;
    let received = usize::try_from(view.received_total).unwrap_or(usize::MAX);
    let more = view.received_total > u32::try_from(view.received.len()).unwrap_or(u32::MAX);
    let (last_try, under_way) = (view.last_try.clone(), view.under_way.clone());
    view! {
        <nav class="tally" aria-label=words::BY_STATE>
            <Tally class="problem" glyph=Glyph::Alert count=need word=words::NEEDS_YOU to="#need" test="tally-need" />
            <Tally class="waiting" glyph=Glyph::Clock count=waiting word=words::WAITING to="#wait" test="tally-waiting" />
            <Tally class="sending" glyph=Glyph::Sending count=sending word=words::SENDING to="#wait" test="tally-sending" />
            <Tally class="received" glyph=Glyph::Ok count=received word=words::RECEIVED to="#got" test="tally-received" />
        </nav>
        <p class="sub" role="status" data-test="last-try">
            {move || {
                if let Some(under_way) = &under_way {
                    return under_way.clone();
                }
                if let Some((said, _)) = said.get().filter(|(_, known)| *known == last_try) {
                    return said;
                }
                last_try
                    .as_ref()
                    .map(|last| {
                        let next = last.next_at.map(words::next_try).unwrap_or_default();
                        format!("{} · {}. {next}", time::clock(last.at), last.words.trim_end_matches('.'))
                    })
                    .unwrap_or_default()
            }}
        </p>
        {empty.then(|| view! { <p class="sub">{words::OUTBOX_EMPTY}</p> })}
        {(!view.needs_you.is_empty())
            .then(|| {
                view! {
                    <section class="group" aria-labelledby="need" data-test="outbox-need">
                        <h2 class="sec" id="need" tabindex="-1">
                            {words::NEEDS_YOU}
                        </h2>
                        {view.needs_you.into_iter().map(|row| view! { <Stuck row /> }).collect_view()}
                    </section>
                }
            })}
        {(!on_its_way.is_empty())
            .then(|| {
                view! {
                    <section class="group" aria-labelledby="wait" data-test="outbox-waiting">
                        <h2 class="sec" id="wait" tabindex="-1">
                            {words::ON_ITS_WAY}
                        </h2>
                        <Rows rows=on_its_way />
                    </section>
                }
            })}
        {(!view.received.is_empty())
            .then(|| {
                view! {
                    <section class="group" aria-labelledby="got" data-test="outbox-received">
                        <div class="sec-head">
                            <h2 id="got" tabindex="-1">
                                {words::RECEIVED_BY_SERVER}
                            </h2>
                            {more
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="btn btn-quiet"
                                            data-test="received-all"
                                            on:click=move |_| limit.set(RECEIVED_ALL)
                                        >
                                            {words::all_of(view.received_total)}
                                        </button>
                                    }
                                })}
                        </div>
                        <Rows rows=view.received receipts=true />
                    </section>
                }
            })}
    }
}

/// One tally; it leads to its section.
#[component]
fn Tally(
    class: &'static str,
    glyph: Glyph,
    count: usize,
    word: &'static str,
    to: &'static str,
    test: &'static str,
) -> impl IntoView {
    view! {
        <a class=class href=to data-test=test>
            <span class="tally-n">
                <Icon glyph />
                <b>{count}</b>
            </span>
            <span>{word}</span>
        </a>
    }
}

/// Rows of entries.
#[component]
fn Rows(rows: Vec<EntryRow>, #[prop(optional)] receipts: bool) -> impl IntoView {
    view! {
        <EntryRows rows=rows receipts />
    }
}

/// An entry that needs somebody: the cause and cure, and that it is safe.
#[component]
fn Stuck(row: EntryRow) -> impl IntoView {
    let cause = match &row.state {
        EntryState::NeedsYou { cause } => cause.clone(),
        _ => String::new(),
    };
    let heading = format!("{} {}", time::clock(row.at), row.title);
    let shell = expect_context::<Shell>();
    let entry_id = row.entry_id;
    let again = move |_| {
        spawn_local(async move {
            match call(QueueAgain { entry_id }).await {
                Ok(answer) => shell.announce(answer.words),
                Err(error) => shell.report(&error),
            }
        });
    };
    view! {
        <article class="item problem" data-test="stuck" data-entry=row.entry_id.to_string()>
            <div class="item-h">
                <Icon glyph=glyph_of(row.kind) />
                <div>
                    <b>{heading}</b>
                    <span class="meta">{row.detail}</span>
                </div>
                <StateChip state=row.state />
            </div>
            <p>{cause} " " {words::OTHERS_KEEP_SENDING}</p>
            <div class="btn-row">
                <a class="btn" href=Route::Entry(row.entry_id).href()>
                    {words::OPEN_ENTRY}
                </a>
                <button type="button" class="btn" data-test="queue-again" on:click=again>
                    <Icon glyph=Glyph::Repeat />
                    {words::TRY_AGAIN}
                </button>
            </div>
        </article>
    }
}
