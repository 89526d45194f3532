//! Settings of this phone: how it looks, how it locks, and what it is. None says anything of a record.

use beatbook_protocol::ipc::GetOutbox;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::frame::{AppShell, Back, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::sheet::Sheet;
use crate::locales::words;
use crate::route::Route;
use crate::screens::load;
use crate::screens::today::part;
use crate::shortcuts::Shortcuts;
use crate::theme::{self, Theme};
use beatbook_domain::id::Code;

/// The settings.
#[component]
pub fn Settings() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <AppShell>
            <Top
                title=words::SETTINGS_TITLE
                meta=shell.me()
                back=Back { to: Route::Today, label: words::BACK_TO_SHIFT }
            />
            <Main class="main-wide">
                <Looks />
                <Keys />
                <Locking />
                <Ways />
                <About />
            </Main>
            <Foot>
                <Dock current=None />
            </Foot>
        </AppShell>
    }
}

/// Theme and hand.
#[component]
fn Looks() -> impl IntoView {
    let theme = expect_context::<Theme>();
    let name = |choice: theme::Choice| match choice {
        theme::Choice::Night => (words::THEME_NIGHT, Glyph::Lamp),
        theme::Choice::Light => (words::THEME_LIGHT, Glyph::Sun),
        theme::Choice::Phone => (words::THEME_PHONE, Glyph::Phone),
    };
    let themes: Vec<Choice> = theme::Choice::ALL
        .into_iter()
        .map(|choice| {
            let (label, glyph) = name(choice);
            Choice::new(choice.name(), label).glyph(glyph)
        })
        .collect();
    let hands = vec![Choice::new("right", words::HAND_RIGHT), Choice::new("left", words::HAND_LEFT)];
    view! {
        <ChipGroup
            legend=words::THEME
            pick=Pick::One
            name="theme-choice"
            choices=themes
            on=Signal::derive(move || vec![Code::from(theme.choice().get().name())])
            on_change=Callback::new(move |(code, _): (Code, bool)| theme.choose(theme::Choice::named(code.as_str())))
        />
        <ChipGroup
            legend=words::HAND
            hint=words::HAND_HINT
            pick=Pick::One
            name="hand"
            choices=hands
            on=Signal::derive(move || vec![Code::from(if theme.is_left().get() { "left" } else { "right" })])
            on_change=Callback::new(move |(code, _): (Code, bool)| {
                if (code.as_str() == "left") != theme.is_left().get_untracked() {
                    theme.switch_hand();
                }
            })
        />
    }
}

/// Single-key shortcuts, on or off, and their list.
#[component]
fn Keys() -> impl IntoView {
    let keys = expect_context::<Shortcuts>();
    view! {
        <ChipGroup
            legend=words::KEYS_SETTING
            pick=Pick::One
            name="keys"
            choices=vec![Choice::new("on", words::KEYS_ON), Choice::new("off", words::KEYS_OFF)]
            on=Signal::derive(move || vec![Code::from(if keys.is_on().get() { "on" } else { "off" })])
            on_change=Callback::new(move |(code, _): (Code, bool)| keys.switch(code.as_str() == "on"))
        />
        <button type="button" class="btn btn-lg" data-test="show-keys" on:click=move |_| keys.list()>
            {words::KEYS_SHOW}
        </button>
    }
}

/// Lock now, with or without sending on.
#[component]
fn Locking() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let waiting = shell.waiting();
    let sealing = RwSignal::new(false);
    view! {
        <section class="group" aria-labelledby="locking-h">
            <h2 class="sec" id="locking-h">
                {words::LOCKING}
            </h2>
            <p class="sub">{words::LOCKING_TEXT}</p>
            <button type="button" class="btn btn-lg" data-test="lock-now" on:click=move |_| shell.lock(false)>
                <Icon glyph=Glyph::Lock />
                {words::LOCK_NOW}
            </button>
            <button type="button" class="btn btn-lg" data-test="seal-now" on:click=move |_| sealing.set(true)>
                <Icon glyph=Glyph::NoSignal />
                {words::SEAL_NOW}
            </button>
        </section>
        <Sheet open=sealing title=words::SEAL_ASK id="seal-sheet">
            <p>{move || words::seal_explain(waiting.get())}</p>
            <div class="btn-row">
                <button type="button" class="btn btn-lg" data-test="seal-cancel" on:click=move |_| sealing.set(false)>
                    {words::NOT_NOW}
                </button>
                <button
                    type="button"
                    class="btn btn-lg btn-go"
                    data-test="seal-confirm"
                    on:click=move |_| {
                        sealing.set(false);
                        shell.lock(true);
                    }
                >
                    {words::SEAL_NOW}
                </button>
            </div>
        </Sheet>
    }
}

/// The ways to the check and to the crew.
#[component]
fn Ways() -> impl IntoView {
    let on_shift = part(expect_context::<Shell>(), |today| today.shift.is_some());
    view! {
        <ul class="rows">
            <li>
                <a class="row" href=Route::Ready.href() data-test="settings-ready">
                    <Icon glyph=Glyph::Verify />
                    <span class="row-t">
                        <b>{words::READY_TITLE}</b>
                    </span>
                    <Icon glyph=Glyph::Right />
                </a>
            </li>
            <Show when=move || on_shift.get()>
                <li>
                    <a class="row" href=Route::Crew.href() data-test="settings-crew">
                        <Icon glyph=Glyph::Crew />
                        <span class="row-t">
                            <b>{words::CREW_TITLE}</b>
                        </span>
                        <Icon glyph=Glyph::Right />
                    </a>
                </li>
            </Show>
        </ul>
    }
}

/// What this is, whose, and where it sends to.
#[component]
fn About() -> impl IntoView {
    let status = expect_context::<Shell>().status();
    let outbox = load(|| GetOutbox { received_limit: 0 });
    let version = move || {
        status.with(|status| status.as_ref().map(|status| status.app_version.clone()).unwrap_or_default())
    };
    let force = move || {
        let force = status.with(|status| status.as_ref().and_then(|status| status.force.clone()));
        force.unwrap_or_else(|| words::NOT_KNOWN.to_owned())
    };
    let server = move || {
        let server = outbox.view.with(|view| view.as_ref().and_then(|view| view.server.clone()));
        server.unwrap_or_else(|| words::NOT_KNOWN.to_owned())
    };
    view! {
        <section class="card" aria-labelledby="about-h">
            <h2 class="sec" id="about-h">
                {words::ABOUT}
            </h2>
            <dl class="kv gap-top" data-test="about">
                <div>
                    <dt>{words::ABOUT_VERSION}</dt>
                    <dd>{version}</dd>
                </div>
                <div>
                    <dt>{words::ABOUT_FORCE}</dt>
                    <dd>{force}</dd>
                </div>
                <div>
                    <dt>{words::ABOUT_SERVER}</dt>
                    <dd>{server}</dd>
                </div>
            </dl>
            <p class="meta gap-top">{words::MAP_CREDIT}</p>
        </section>
    }
}
