//! The briefing: where, when and how often tonight, why, and by whom it is asked. Acknowledged in one press; what changed
//! since it was read stands first, and nothing else of it; a window is done otherwise in two presses. All of it works
//! without signal.

use beatbook_domain::id::EntryId;
use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::{
    AcknowledgeBriefing, BriefedArea, BriefedWindow, BriefingRead, BriefingView, BriefingsView, Command,
    GetBriefings, TakeBackDeviation,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::diff::Diff;
use crate::components::frame::{AppShell, Back, Deck, Dock, DockKey, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::{Note, Tone};
use crate::components::state::StateChip;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::deviate::{DeviateSheet, Otherwise};
use crate::screens::{LoadError, load};

/// Sends a word about a briefing and shows the answer.
fn say<C>(shell: Shell, view: RwSignal<Option<BriefingsView>>, command: C)
where
    C: Command<Output = BriefingsView>,
{
    spawn_local(async move {
        match call(command).await {
            Ok(answer) => {
                let _ = view.try_set(Some(answer));
                shell.refresh_today().await;
            }
            Err(error) => shell.report(&error),
        }
    });
}

/// What is asked of the officer.
#[component]
pub fn Briefing() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let load = load(|| GetBriefings {});
    let view = load.view;
    let briefings = Memo::new(move |_| {
        view.with(|view| view.as_ref().map(|view| view.briefings.clone()).unwrap_or_default())
    });
    let asking = RwSignal::new(false);
    let about = RwSignal::new(None::<Otherwise>);
    let meta = Signal::derive(move || {
        view.with(|view| view.as_ref().map_or_else(String::new, |view| words::as_known(view.as_known)))
    });
    let open = Memo::new(move |_| {
        briefings.with(|all| all.iter().find(|one| one.read != BriefingRead::Current).cloned())
    });
    view! {
        <AppShell>
            <Top title=words::BRIEFING meta back=Back { to: Route::Today, label: words::BACK_TO_SHIFT } />
            <Main>
                <LoadError error=load.error />
                <Show when=move || view.with(Option::is_some) && briefings.with(Vec::is_empty)>
                    <section class="card" data-test="no-briefing">
                        <h2 class="sec">{words::NO_BRIEFING}</h2>
                        <p class="sub gap-top">{words::NO_BRIEFING_TEXT}</p>
                    </section>
                </Show>
                {move || {
                    briefings
                        .get()
                        .into_iter()
                        .map(|briefing| view! { <One briefing view asking about /> })
                        .collect_view()
                }}
                <DeviateSheet open=asking about view />
            </Main>
            <Foot>
                {move || {
                    open.get()
                        .map(|briefing| {
                            let command = AcknowledgeBriefing {
                                entry_id: briefing.entry_id,
                                link: briefing.link,
                            };
                            let label = match briefing.read {
                                BriefingRead::Changed => words::ACKNOWLEDGE_CHANGES,
                                _ => words::ACKNOWLEDGE,
                            };
                            view! {
                                <Deck label=words::BRIEFING_ACTIONS>
                                    <div class="btn-row">
                                        <button
                                            type="button"
                                            class="btn btn-go"
                                            data-test="acknowledge"
                                            on:click=move |_| say(shell, view, command.clone())
                                        >
                                            <Icon glyph=Glyph::Check />
                                            {label}
                                        </button>
                                    </div>
                                </Deck>
                            }
                        })
                }}
                <Dock current=DockKey::Shift />
            </Foot>
        </AppShell>
    }
}

/// One briefing.
#[component]
fn One(
    briefing: BriefingView,
    view: RwSignal<Option<BriefingsView>>,
    asking: RwSignal<bool>,
    about: RwSignal<Option<Otherwise>>,
) -> impl IntoView {
    let BriefingView { entry_id, link, areas, read, .. } = briefing.clone();
    let heading = format!("{}, {}", time::day(briefing.from), time::range(briefing.from, briefing.until));
    let acknowledged = words::acknowledged(briefing.version, &read, briefing.read_at);
    let state = briefing.state.clone().filter(|_| read == BriefingRead::Current);
    view! {
        <section class="card" aria-labelledby=format!("b-{entry_id}") data-test="briefing" data-version=briefing.version>
            <h2 class="sec" id=format!("b-{entry_id}")>{heading}</h2>
            <Facts briefing=briefing.clone() />
            <p class="sub gap-top" data-test="acknowledged">
                {acknowledged} " " {state.map(|state| view! { <StateChip state /> })}
            </p>
        </section>
        {(read == BriefingRead::Changed).then(|| view! { <Changed briefing /> })}
        {areas
            .into_iter()
            .map(|area| {
                let ask = {
                    let code = area.code.clone();
                    Callback::new(move |window: Millis| {
                        about.set(Some(Otherwise { entry_id, link, area: code.clone(), window }));
                        asking.set(true);
                    })
                };
                view! { <Area area view ask /> }
            })
            .collect_view()}
    }
}

/// Who asks, who leads, what for, how far it is done.
#[component]
fn Facts(briefing: BriefingView) -> impl IntoView {
    let units = match briefing.units.as_slice() {
        [] => words::EVERY_UNIT.to_owned(),
        units => units.join(", "),
    };
    let facts = [
        Some((words::ASKED_BY, briefing.by)),
        briefing.supervisor.map(|who| (words::SUPERVISOR_OF_NIGHT, who)),
        Some((words::FOR_UNITS, units)),
        briefing.initiative.map(|initiative| (words::INITIATIVE_OF, initiative.label)),
        Some((words::VISITS_MADE, words::n_of_m(briefing.made, briefing.visits))),
    ];
    view! {
        <dl class="kv gap-top">
            {facts
                .into_iter()
                .flatten()
                .map(|(term, said)| {
                    view! {
                        <div>
                            <dt>{term}</dt>
                            <dd>{said}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}

/// Only what changed since it was read.
#[component]
fn Changed(briefing: BriefingView) -> impl IntoView {
    view! {
        <Note
            tone=Tone::Wait
            glyph=Glyph::Repeat
            heading=words::CHANGED_SINCE
            text=briefing.why_changed.unwrap_or_default()
            test="briefing-changes"
        >
            {briefing
                .changes
                .into_iter()
                .map(|change| {
                    let before = change.before.unwrap_or_else(|| words::WAS_NOTHING.to_owned());
                    let after = change.now.unwrap_or_else(|| words::NOW_NOTHING.to_owned());
                    view! { <Diff label=change.what before after /> }
                })
                .collect_view()}
        </Note>
    }
}

/// One area: why, how long, and its windows.
#[component]
fn Area(area: BriefedArea, view: RwSignal<Option<BriefingsView>>, ask: Callback<Millis>) -> impl IntoView {
    let BriefedArea { code, name, band, max_gap_min, why, owner_why, note, windows } = area;
    let lines = [(words::WHY_LISTED, why.join(", "), false), (words::ALWAYS_LISTED, owner_why, true)];
    let heading = format!("area-{code}");
    let labelled = heading.clone();
    let spoken = name.clone();
    view! {
        <section class="card" aria-labelledby=labelled data-test="briefed-area" data-area=code.to_string()>
            <h2 class="sec" id=heading>{name}</h2>
            <p class="meta">{words::area_rhythm(band, max_gap_min)}</p>
            {note.map(|note| view! { <p class="gap-top">{note}</p> })}
            <dl class="kv gap-top">
                {lines
                    .into_iter()
                    .filter(|(_, said, _)| !said.is_empty())
                    .map(|(term, said, is_sentence)| {
                        view! {
                            <div class:said=is_sentence>
                                <dt>{term}</dt>
                                <dd>{said}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <ul class="rows gap-top">
                {windows
                    .into_iter()
                    .map(|window| {
                        let area = spoken.clone();
                        view! {
                            <li>
                                <Window window area view ask />
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// One window: when, how often, and whether it is done otherwise.
#[component]
fn Window(
    window: BriefedWindow,
    area: String,
    view: RwSignal<Option<BriefingsView>>,
    ask: Callback<Millis>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let BriefedWindow { from, until, visits, made, over, otherwise, otherwise_entry } = window;
    let said = otherwise.is_some();
    let key = |label: &'static str, name: String, test: &'static str, press: Callback<()>| {
        view! {
            <button type="button" class="btn" data-test=test aria-label=name on:click=move |_| press.run(())>
                {label}
            </button>
        }
    };
    let name = words::otherwise_name(&area, from, until);
    view! {
        <div class="row" data-test="briefed-window">
            <Icon glyph=Glyph::Clock />
            <span class="row-t">
                <b>{time::range(from, until)}</b>
                <span class="meta">{words::window_visits(visits, made)}</span>
                {over.then(|| view! { <span class="meta">{words::WINDOW_OVER}</span> })}
                {otherwise
                    .map(|why| {
                        view! {
                            <span class="state wraps" data-test="otherwise-said">
                                <Icon glyph=Glyph::Back size=IconSize::Small />
                                <span>{why}</span>
                            </span>
                        }
                    })}
            </span>
            {(!said && made < visits)
                .then(|| {
                    key(
                        words::OTHERWISE,
                        name.clone(),
                        "otherwise",
                        Callback::new(move |()| ask.run(from)),
                    )
                })}
            {otherwise_entry
                .map(|entry_id: EntryId| {
                    key(
                        words::TAKE_BACK,
                        format!("{}: {area}", words::TAKE_BACK),
                        "take-back",
                        Callback::new(move |()| say(shell, view, TakeBackDeviation { entry_id })),
                    )
                })}
        </div>
    }
}
