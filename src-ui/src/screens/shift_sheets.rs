//! Why the patrol pauses, and why the officer was called away. Both are optional: the press comes first.

use beatbook_domain::code_list::list;
use beatbook_domain::id::Code;
use beatbook_protocol::ipc::{GoAway, StartBreak};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::icon::{Glyph, Icon};
use crate::components::sheet::Sheet;
use crate::locales::words;
use crate::screens::today::{act, of_list};

/// Why called away, and whether the crew goes on; both may follow later.
#[component]
pub fn AwayReason(
    /// The reason told so far.
    told: Option<Code>,
    /// Only this officer is away, as told so far.
    author_only: bool,
    /// Nobody is with the officer.
    alone: bool,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let only_me = RwSignal::new(author_only);
    let reason = RwSignal::new(told);
    let on = Signal::derive(move || reason.get().into_iter().collect::<Vec<_>>());
    let send =
        move || act(shell, GoAway { reason: reason.get_untracked(), author_only: only_me.get_untracked() });
    let only = Code::from("only-me");
    let only_on = only.clone();
    view! {
        <div class="group gap-top">
            <ChipGroup
                legend=words::WHY_AWAY
                hint=words::WHY_AWAY_HINT
                pick=Pick::One
                name="away-reason"
                choices=of_list(shell, list::AWAY_REASON)
                on
                first=5
                on_change=Callback::new(move |(code, _): (Code, bool)| {
                    reason.set(Some(code));
                    send();
                })
            />
            {(!alone)
                .then(|| {
                    view! {
                        <ChipGroup
                            legend=words::ONLY_ME
                            quiet=true
                            pick=Pick::Many
                            name="away"
                            choices=vec![Choice::new(only, words::ONLY_ME).glyph(Glyph::Person)]
                            on=Signal::derive(move || if only_me.get() { vec![only_on.clone()] } else { Vec::new() })
                            on_change=Callback::new(move |(_, on): (Code, bool)| {
                                only_me.set(on);
                                send();
                            })
                        />
                    }
                })}
        </div>
    }
}

/// Why the patrol pauses; the reason is optional.
#[component]
pub fn PauseSheet(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let reason = RwSignal::new(None::<Code>);
    view! {
        <Sheet open title=words::WHY_PAUSE id="pause-sheet">
            <ChipGroup
                legend=words::WHY_PAUSE
                quiet=true
                pick=Pick::One
                name="pause-reason"
                choices=of_list(shell, list::BREAK_REASON)
                on=Signal::derive(move || reason.get().into_iter().collect::<Vec<_>>())
                on_change=Callback::new(move |(code, _): (Code, bool)| reason.set(Some(code)))
            />
            <div class="btn-row">
                <button
                    type="button"
                    class="btn btn-go"
                    data-test="pause-go"
                    on:click=move |_| {
                        open.set(false);
                        act(shell, StartBreak { reason: reason.get_untracked() });
                    }
                >
                    <Icon glyph=Glyph::Pause />
                    {words::PAUSE_NOW}
                </button>
            </div>
        </Sheet>
    }
}
