//! The sheet for a new leg: how, style, area. Starting one ends the running one.

use beatbook_domain::code_list::list;
use beatbook_domain::id::Code;
use beatbook_protocol::ipc::{Doing, ListPlaces, PlacesView, ShiftView, StartLeg};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::screens::today::{act, of_list};

/// How many areas are shown before "n more".
const AREAS_FIRST: usize = 8;

/// The sheet. Mode, style and area start as the running leg has them.
#[component]
pub fn NewLeg(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The shift it belongs to.
    shift: ShiftView,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (mode, style) = match &shift.doing {
        Doing::OnLeg(leg) => (leg.mode.clone(), leg.style.clone()),
        _ => (None, None),
    };
    let mode = RwSignal::new(mode.map(|mode| mode.code));
    let style = RwSignal::new(style.map(|style| style.code));
    // Where the officer is; else where the briefing asks them to be next.
    let asked = shell.today().with_untracked(|today| {
        let mut cards = today.iter().flat_map(|today| &today.briefings);
        cards.find_map(|card| card.next_area.clone())
    });
    let area = RwSignal::new(shift.visit.as_ref().map(|visit| visit.code.clone()).or(asked));
    let places = RwSignal::new(None::<PlacesView>);
    Effect::new(move |_| {
        if open.get() && places.with_untracked(Option::is_none) {
            spawn_local(async move {
                match call(ListPlaces {}).await {
                    Ok(found) => places.set(Some(found)),
                    Err(error) => shell.report(&error),
                }
            });
        }
    });
    let areas = Signal::derive(move || {
        places.with(|places| {
            places
                .as_ref()
                .map(|places| {
                    places
                        .areas
                        .iter()
                        .map(|a| Choice::new(a.code.clone(), a.name.clone()).glyph(Glyph::Pin))
                        .collect()
                })
                .unwrap_or_default()
        })
    });
    let one = |signal: RwSignal<Option<Code>>| {
        (
            Signal::derive(move || signal.get().into_iter().collect::<Vec<_>>()),
            Callback::new(move |(code, on): (Code, bool)| signal.set(on.then_some(code))),
        )
    };
    let plain =
        Memo::new(move |_| mode.with(|mode| mode.as_ref().is_some_and(|mode| is_plain_clothes(shell, mode))));
    let (mode_on, mode_change) = one(mode);
    let (style_on, style_change) = one(style);
    let (area_on, area_change) = one(area);
    view! {
        <Sheet open title=words::LEG_TITLE id="leg-sheet">
            <ChipGroup
                legend=words::LEG_MODE
                pick=Pick::One
                name="leg-mode"
                choices=of_list(shell, list::PATROL_MODE)
                on=mode_on
                on_change=mode_change
            />
            <Show when=move || plain.get()>
                <p class="state wraps" role="status" data-test="leg-plain">
                    <Icon glyph=Glyph::Person size=IconSize::Small />
                    <span>{words::PLAIN_CLOTHES}</span>
                </p>
            </Show>
            <ChipGroup
                legend=words::LEG_STYLE
                pick=Pick::One
                name="leg-style"
                choices=of_list(shell, list::PATROL_STYLE)
                on=style_on
                on_change=style_change
            />
            <ChipGroup
                legend=words::LEG_AREA
                pick=Pick::One
                name="leg-area"
                choices=areas
                on=area_on
                first=AREAS_FIRST
                on_change=area_change
            />
            <div class="btn-row">
                <button
                    type="button"
                    class="btn btn-go"
                    data-test="leg-go"
                    on:click=move |_| {
                        open.set(false);
                        act(
                            shell,
                            StartLeg {
                                mode: mode.get_untracked(),
                                style: style.get_untracked(),
                                area: area.get_untracked(),
                            },
                        );
                    }
                >
                    <Icon glyph=Glyph::Walk />
                    {words::START_LEG}
                </button>
            </div>
        </Sheet>
    }
}

/// Whether a mode of patrol is one the force restricts: plain clothes.
fn is_plain_clothes(shell: Shell, mode: &Code) -> bool {
    shell.lists().with(|lists| {
        let modes = lists.as_ref().and_then(|lists| lists.edition.list(list::PATROL_MODE));
        modes.is_some_and(|modes| modes.items.iter().any(|item| item.code == *mode && item.flags.restricted))
    })
}
