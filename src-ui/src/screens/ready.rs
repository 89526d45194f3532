//! Ready for patrol: what this phone needs before it leaves the station, each as an icon, a word and what to do.

use beatbook_protocol::ipc::{GetReadiness, Readiness, ReadyCheck, ReadyRow};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::frame::{AppShell, Back, Deck, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::{Note, Tone};
use crate::locales::words;
use crate::route::Route;
use crate::screens::{LoadError, load_on_press};

/// Ready for patrol.
#[component]
pub fn Ready() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let presses = RwSignal::new(0_u32);
    let ready = load_on_press(presses, || GetReadiness {});
    let meta = Signal::derive(move || {
        ready.view.with(|view| view.as_ref().map_or_else(String::new, |view| words::checked_at(view.at)))
    });
    let rows = Signal::derive(move || {
        ready.view.with(|view| view.as_ref().map(|view| view.checks.clone()).unwrap_or_default())
    });
    // Read out once the answer to a press is there.
    Effect::new(move |before: Option<()>| {
        let view = ready.view.get();
        if before.is_some()
            && let Some(view) = view
        {
            shell.announce(overall(&view.checks).1);
        }
    });
    view! {
        <AppShell>
            <Top
                title=words::READY_TITLE
                meta
                back=Back { to: Route::Today, label: words::BACK_TO_SHIFT }
            />
            <Main>
                <LoadError error=ready.error />
                <Show when=move || !rows.with(Vec::is_empty)>
                    {move || {
                        let (calm, words) = overall(&rows.get());
                        let (tone, glyph) = if calm { (Tone::Plain, Glyph::Check) } else { (Tone::Wait, Glyph::Eye) };
                        view! { <Note tone glyph heading=words test="ready-overall" /> }
                    }}
                    <ul class="rows">
                        <For each=move || rows.get() key=|row| format!("{row:?}") let:row>
                            <li>
                                <CheckRow row />
                            </li>
                        </For>
                    </ul>
                </Show>
            </Main>
            <Foot>
                <Deck label=words::READY_TITLE>
                    <button
                        type="button"
                        class="btn btn-go"
                        data-test="check-again"
                        on:click=move |_| presses.update(|presses| *presses = presses.wrapping_add(1))
                    >
                        <Icon glyph=Glyph::Repeat />
                        {words::CHECK_AGAIN}
                    </button>
                </Deck>
                <Dock current=None />
            </Foot>
        </AppShell>
    }
}

/// Whether nothing needs a look, and that in words.
fn overall(rows: &[ReadyRow]) -> (bool, String) {
    let look = rows.iter().filter(|row| row.readiness == Readiness::Look).count();
    let unknown = rows.iter().filter(|row| row.readiness == Readiness::NotKnown).count();
    (look == 0, words::ready_overall(look, unknown))
}

/// One check.
#[component]
fn CheckRow(row: ReadyRow) -> impl IntoView {
    let (glyph, name) = look_of(row.check);
    let (class, sign, word) = match row.readiness {
        Readiness::Ready => ("state", Glyph::Check, words::READY_YES),
        Readiness::Look => ("state waiting", Glyph::Alert, words::READY_LOOK),
        Readiness::NotKnown => ("state", Glyph::Minus, words::READY_UNKNOWN),
    };
    view! {
        <div class="row" data-test="ready-row">
            <Icon glyph />
            <span class="row-t">
                <b>{name}</b>
                <span class="meta">{row.words}</span>
            </span>
            <span class=class>
                <Icon glyph=sign size=IconSize::Small />
                {word}
            </span>
        </div>
    }
}

/// The drawing and the name of a check.
const fn look_of(check: ReadyCheck) -> (Glyph, &'static str) {
    match check {
        ReadyCheck::Key => (Glyph::Key, words::CHECK_KEY),
        ReadyCheck::Queue => (Glyph::Outbox, words::CHECK_QUEUE),
        ReadyCheck::Storage => (Glyph::Box, words::CHECK_STORAGE),
        ReadyCheck::Battery => (Glyph::Phone, words::CHECK_BATTERY),
        ReadyCheck::Clock => (Glyph::Clock, words::CHECK_CLOCK),
        ReadyCheck::Position => (Glyph::Fix, words::CHECK_POSITION),
        ReadyCheck::Areas => (Glyph::Map, words::CHECK_AREAS),
        ReadyCheck::Lists => (Glyph::List, words::CHECK_LISTS),
        ReadyCheck::Contact => (Glyph::Signal, words::CHECK_CONTACT),
    }
}
