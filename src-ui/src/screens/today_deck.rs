//! The deck of Today: Same again, the three forms an officer opens every few minutes, and everything else behind More.

use beatbook_protocol::ipc::{OpenDraft, SameAgain};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::frame::{BigAction, Deck};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::form::{offer_undo, open_draft};
use crate::screens::today::part;

/// The actions of Today.
#[component]
pub fn TodayDeck(
    /// Whether a shift is open.
    #[prop(into)]
    on_shift: Signal<bool>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let more = RwSignal::new(false);
    let can_repeat = part(shell, |today| today.can_repeat);
    view! {
        <Deck label=words::ADD_ENTRY>
            <Show when=move || !on_shift.get() && shell.patrols()>
                <a class="btn btn-go" href=Route::StartShift.href() data-test="start-shift">
                    <Icon glyph=Glyph::Play />
                    {words::START_SHIFT}
                </a>
            </Show>
            <div class="again-row">
                <Show when=move || can_repeat.get()>
                    <Again />
                </Show>
                <button
                    type="button"
                    class="again again-more"
                    aria-haspopup="dialog"
                    data-test="more-actions"
                    on:click=move |_| more.set(true)
                >
                    <Icon glyph=Glyph::More />
                    <b>{words::MORE_ACTIONS}</b>
                </button>
            </div>
            <div class="trio">
                {move || {
                    view! {
                        <BigAction
                            glyph=Glyph::Chat
                            label=words::ENGAGEMENT
                            test="new-engagement"
                            primary=on_shift.get()
                            on_press=Callback::new(move |()| open_draft(shell, OpenDraft::NewEngagement))
                        />
                    }
                }}
                <a class="act" href=Route::Cards.href() data-test="deck-cards">
                    <Icon glyph=Glyph::Cards size=IconSize::Large />
                    {words::DOCK_CARDS}
                </a>
                <BigAction
                    glyph=Glyph::Flag
                    label=words::CONCERN
                    test="new-concern"
                    on_press=Callback::new(move |()| open_draft(shell, OpenDraft::NewConcern))
                />
            </div>
        </Deck>
        <MoreSheet open=more on_shift />
    }
}

/// The last engagement again, here and now: saved in one press, with Undo.
#[component]
fn Again() -> impl IntoView {
    let shell = expect_context::<Shell>();
    // Two presses of a cold thumb are one engagement.
    let busy = StoredValue::new(false);
    let again = move |_| {
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        spawn_local(async move {
            match call(SameAgain {}).await {
                Ok(saved) => {
                    shell.refresh_today().await;
                    if let Some(entry_id) = saved.entries.first() {
                        offer_undo(shell, *entry_id, saved.saved_at);
                    }
                }
                Err(error) => shell.report(&error),
            }
            busy.try_set_value(false);
        });
    };
    view! {
        <button type="button" class="again" data-test="same-again" on:click=again>
            <Icon glyph=Glyph::Repeat />
            <span class="row-t">
                <b>{words::SAME_AGAIN}</b>
                <span class="sub">{words::SAME_AGAIN_TEXT}</span>
            </span>
        </button>
    }
}

/// What a key behind More does.
#[derive(Clone, Copy)]
enum Does {
    Opens(fn() -> OpenDraft),
    Goes(Route),
}

/// Everything that is not needed every few minutes.
#[component]
fn MoreSheet(open: RwSignal<bool>, #[prop(into)] on_shift: Signal<bool>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let duties = part(shell, |today| today.duties.iter().filter(|duty| duty.open).count());
    let write = [
        (Glyph::Group, words::MORE_EVENT, "more-event", Does::Opens(|| OpenDraft::NewEvent)),
        (Glyph::Lamp, words::MORE_REFERRAL, "more-referral", Does::Opens(|| OpenDraft::NewReferral(None))),
        (Glyph::Book, words::MORE_POWER, "more-power", Does::Opens(|| OpenDraft::NewPowerUse(None))),
        (Glyph::Venue, words::MORE_VENUE, "more-venue", Does::Opens(|| OpenDraft::NewHandout)),
    ];
    let look = [
        (Glyph::Eye, words::MORE_FIND, "more-find", Does::Goes(Route::Find)),
        (Glyph::List, words::MORE_DUTIES, "more-duties", Does::Goes(Route::Duties)),
        (Glyph::Crew, words::MORE_CREW, "more-crew", Does::Goes(Route::Crew)),
        (Glyph::Verify, words::MORE_READY, "more-ready", Does::Goes(Route::Ready)),
        (Glyph::Key, words::MORE_SETTINGS, "more-settings", Does::Goes(Route::Settings)),
    ];
    view! {
        <Sheet open title=words::MORE_TITLE id="more-sheet">
            <ul class="keys" aria-label=words::MORE_WRITE>
                {write.into_iter().map(|key| view! { <Key open key /> }).collect_view()}
            </ul>
            <ul class="keys" aria-label=words::MORE_LOOK>
                {look
                    .into_iter()
                    .filter(|(_, _, test, _)| *test != "more-crew" || on_shift.get())
                    .map(|key| {
                        let count = Signal::derive(move || if key.2 == "more-duties" { duties.get() } else { 0 });
                        view! { <Key open key count /> }
                    })
                    .collect_view()}
            </ul>
        </Sheet>
    }
}

/// One key behind More.
#[component]
fn Key(
    open: RwSignal<bool>,
    key: (Glyph, &'static str, &'static str, Does),
    #[prop(into, optional)] count: Signal<usize>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (glyph, label, test, does) = key;
    let press = move |_| {
        open.set(false);
        match does {
            Does::Opens(draft) => open_draft(shell, draft()),
            Does::Goes(route) => shell.router().go(route),
        }
    };
    view! {
        <li>
            <button type="button" class="btn btn-lg key" data-test=test on:click=press>
                <Icon glyph />
                <span>{label}</span>
                <Show when=move || count.get() != 0>
                    <span class="state waiting">{move || words::n_open(count.get())}</span>
                </Show>
            </button>
        </li>
    }
}
