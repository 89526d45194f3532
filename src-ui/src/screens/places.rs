//! Places: the patrol areas, how long each has gone without a visit, and the visit that runs. A visit begins by
//! "I'm here" and ends by a hold; nothing is recorded by position alone.

use beatbook_domain::id::Code;
use beatbook_domain::time::{self, Millis};
use beatbook_domain::visit::{gap_ms, is_overdue};
use beatbook_protocol::ipc::{
    Doing, EnterArea, ListPlaces, LocatePlace, OpenDraft, PlaceChoice, PlacesView, VisitView,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Shell, use_minute};
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::frame::{AppShell, Deck, Dock, DockKey, Foot, HeaderKeys, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::Note;
use crate::components::ring::Ring;
use crate::ipc::call;
use crate::locales::words;
use crate::screens::form::open_draft;
use crate::screens::places_map::{AreaMap, Drawn};
use crate::screens::today::{act, part};
use crate::screens::visit::LeftButton;
use crate::screens::{LoadError, load};
use crate::visit_tick::visit_of;

/// How many districts are shown before "n more".
const DISTRICTS_FIRST: usize = 1;

/// Whether and how the officer may say "I'm here".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum MayEnter {
    /// No shift is open.
    #[default]
    NoShift,
    /// Called away or paused.
    NotNow,
    /// In plain clothes no places are recorded for movement.
    PlainClothes,
    /// Yes.
    Yes,
}

/// The places.
#[component]
pub fn Places() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let places = load(|| ListPlaces {});
    let now = use_minute();
    let visit = part(shell, |today| visit_of(today).cloned());
    let may = part(shell, |today| {
        today.shift.as_ref().map_or(MayEnter::NoShift, |shift| match shift.doing {
            _ if shift.plain_clothes => MayEnter::PlainClothes,
            Doing::Away { .. } | Doing::OnBreak { .. } => MayEnter::NotNow,
            Doing::OnLeg(_) | Doing::Between => MayEnter::Yes,
        })
    });
    let district = RwSignal::new(None::<String>);
    let all = Signal::derive(move || {
        places.view.with(|view| view.as_ref().map(|view| view.areas.clone()).unwrap_or_default())
    });
    choose_district(all, visit, district);
    let shown = Signal::derive(move || {
        let wanted = district.get();
        let mut areas = all.get();
        // What is planned is shown in whichever district it lies.
        areas.retain(|area| wanted.is_none() || area.district == wanted || area.planned.is_some());
        longest_first(&mut areas, now.get());
        areas
    });
    let heading = Signal::derive(move || {
        let planned = shown.with(|areas| areas.first().is_some_and(|area| area.planned.is_some()));
        if planned { words::PLANNED_THEN_LONGEST } else { words::LONGEST_SINCE }
    });
    let here = Signal::derive(move || visit.with(|visit| visit.as_ref().map(|visit| visit.code.clone())));
    let drawn = Signal::derive(move || {
        let (now, visit) = (now.get(), visit.get());
        shown.get().iter().map(|area| draw(area, now, visit.as_ref())).collect::<Vec<_>>()
    });
    let meta = Signal::derive(move || {
        places.view.with(|view| view.as_ref().map_or_else(String::new, |view| words::as_known(view.as_known)))
    });
    view! {
        <AppShell>
            <Top title=words::PLACES meta>
                <HeaderKeys />
            </Top>
            <Main>
                <LoadError error=places.error />
                <Show when=move || visit.with(Option::is_some)>
                    {move || visit.get().map(|visit| view! { <Here visit now /> })}
                </Show>
                <WhyNot may />
                <Districts all district />
                <AreaMap areas=drawn />
                <section class="group" aria-labelledby="areas-h">
                    <div class="sec-head">
                        <h2 id="areas-h">{move || heading.get()}</h2>
                    </div>
                    <Show
                        when=move || !shown.with(Vec::is_empty) || places.view.with(Option::is_none)
                        fallback=move || view! { <NoAreas view=places.view /> }
                    >
                        <ul class="rows">
                            <For each=move || shown.get() key=|area| (area.code.clone(), area.last_by_me, area.last_by_anyone, area.planned) let:area>
                                <li>
                                    <AreaRow area now here may=may />
                                </li>
                            </For>
                        </ul>
                    </Show>
                </section>
            </Main>
            <Foot>
                <Deck label=words::PLACES_ACTIONS>
                    <div class="btn-row">
                        <Show when=move || visit.with(Option::is_some)>
                            <LeftButton id="left" />
                        </Show>
                        <button
                            type="button"
                            class="btn btn-go"
                            data-test="log-here"
                            on:click=move |_| open_draft(shell, OpenDraft::NewEngagement)
                        >
                            <Icon glyph=Glyph::Chat />
                            {words::LOG_HERE}
                        </button>
                    </div>
                </Deck>
                <Dock current=DockKey::Places />
            </Foot>
        </AppShell>
    }
}

/// The visit that runs: its ring, since when, and that staying is the officer's choice.
#[component]
fn Here(visit: VisitView, #[prop(into)] now: Signal<Millis>) -> impl IntoView {
    let VisitView { area, since, band, .. } = visit;
    let minutes = Signal::derive(move || words::whole_minutes(now.get().since(since)));
    let spoken = area.clone();
    view! {
        <section class="here" aria-labelledby="here-h" data-test="here">
            <Ring minutes place=spoken band large=true />
            <div class="here-t">
                <span class="live">{words::HERE_NOW}</span>
                <h2 id="here-h">{area}</h2>
                <p class="sub">{move || words::visit_since(since, minutes.get(), band)} ". " {words::STAY}</p>
            </div>
        </section>
    }
}

/// Why "I'm here" is not offered.
#[component]
fn WhyNot(#[prop(into)] may: Signal<MayEnter>) -> impl IntoView {
    move || {
        let (glyph, heading) = match may.get() {
            MayEnter::Yes => return None,
            MayEnter::NoShift => (Glyph::Info, words::PLACES_NO_SHIFT),
            MayEnter::NotNow => (Glyph::Pause, words::PLACES_NOT_NOW),
            MayEnter::PlainClothes => (Glyph::Person, words::PLAIN_CLOTHES),
        };
        Some(view! { <Note glyph heading test="places-why-not" /> })
    }
}

/// The districts, where the areas are of more than one.
#[component]
fn Districts(
    #[prop(into)] all: Signal<Vec<PlaceChoice>>,
    district: RwSignal<Option<String>>,
) -> impl IntoView {
    let every = Code::from("all");
    let choices = {
        let every = every.clone();
        Signal::derive(move || {
            let mut names: Vec<String> = all.get().into_iter().filter_map(|area| area.district).collect();
            names.sort();
            names.dedup();
            let all = Choice::new(every.clone(), words::ALL_DISTRICTS);
            std::iter::once(all)
                .chain(names.into_iter().map(|name| Choice::new(name.as_str(), name.clone())))
                .collect::<Vec<_>>()
        })
    };
    let on = {
        let every = every.clone();
        Signal::derive(move || vec![district.get().map_or_else(|| every.clone(), Code::new)])
    };
    view! {
        <Show when={move || choices.with(Vec::len) > 2}>
            <ChipGroup
                legend=words::DISTRICTS
                quiet=true
                pick=Pick::One
                name="district"
                choices
                on
                first=DISTRICTS_FIRST
                on_change={
                    let every = every.clone();
                    Callback::new(move |(code, _): (Code, bool)| {
                        district.set((code != every).then(|| code.to_string()));
                    })
                }
            />
        </Show>
    }
}

/// Nothing to show: no area set has arrived, or none of its areas is here.
#[component]
fn NoAreas(#[prop(into)] view: Signal<Option<PlacesView>>) -> impl IntoView {
    let arrived = move || view.with(|view| view.as_ref().is_some_and(|view| view.area_set > 0));
    view! { <p class="sub">{move || if arrived() { words::NO_AREAS_HERE } else { words::NO_AREAS_YET }}</p> }
}

/// One area: how long without a visit, by whom last, and "I'm here".
#[component]
fn AreaRow(
    area: PlaceChoice,
    #[prop(into)] now: Signal<Millis>,
    #[prop(into)] here: Signal<Option<Code>>,
    #[prop(into)] may: Signal<MayEnter>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let PlaceChoice { code, name, max_gap_min, last_by_me, last_by_anyone, planned, .. } = area;
    let is_here = {
        let code = code.clone();
        Memo::new(move |_| here.with(|here| here.as_ref() == Some(&code)))
    };
    let gap = move || gap_ms(now.get(), last_by_me, last_by_anyone);
    let overdue = Memo::new(move |_| !is_here.get() && gap().is_some_and(|gap| is_overdue(gap, max_gap_min)));
    let state = move || {
        let (glyph, text) = match (is_here.get(), gap()) {
            (true, _) => (Glyph::Pin, words::HERE_NOW.to_owned()),
            (false, Some(gap)) if overdue.get() => (Glyph::Clock, time::duration(gap)),
            (false, Some(gap)) => (Glyph::Ok, time::duration(gap)),
            (false, None) => (Glyph::Minus, words::NO_VISIT_YET.to_owned()),
        };
        let small = matches!(glyph, Glyph::Clock | Glyph::Pin);
        view! {
            <span class="state wraps" class:waiting=move || overdue.get() data-test="area-gap">
                {small.then(|| view! { <Icon glyph size=IconSize::Small /> })}
                <span>{text}</span>
                {overdue.get().then(|| view! { <span class="vh">{words::OVER_GAP}</span> })}
            </span>
        }
    };
    let press = {
        let code = code.clone();
        move |_| act(shell, EnterArea { area: code.clone() })
    };
    let label = words::im_here_at(&name);
    let test = format!("enter-{code}");
    let enters = StoredValue::new((press, label, test));
    view! {
        <div class="row" data-test="area-row" data-area=code.to_string() data-overdue=move || overdue.get().then_some("")>
            <Icon glyph=Glyph::Pin />
            <span class="row-t">
                <b>{name}</b>
                {planned
                    .map(|here| {
                        view! {
                            <span class="state wraps" data-test="area-planned">
                                <Icon glyph=Glyph::List size=IconSize::Small />
                                <span>{words::planned_here(&here)}</span>
                            </span>
                        }
                    })}
                {words::last_visits(last_by_me, last_by_anyone).map(|last| view! { <span class="meta">{last}</span> })}
                {state}
            </span>
            <Show when=move || may.get() == MayEnter::Yes && !is_here.get()>
                {enters
                    .with_value(|(press, label, test)| {
                        view! {
                            <button
                                type="button"
                                class="btn"
                                data-test=test.clone()
                                aria-label=label.clone()
                                on:click=press.clone()
                            >
                                {words::IM_HERE}
                            </button>
                        }
                    })}
            </Show>
        </div>
    }
}

/// The district to begin with: where the visit is, else where the phone is, else where the officer was last.
fn choose_district(
    all: Signal<Vec<PlaceChoice>>,
    visit: Signal<Option<VisitView>>,
    district: RwSignal<Option<String>>,
) {
    let chosen = StoredValue::new(false);
    let asked = StoredValue::new(false);
    let of = move |code: &Code| {
        all.with_untracked(|all| {
            all.iter().find(|area| area.code == *code).and_then(|area| area.district.clone())
        })
    };
    Effect::new(move |_| {
        if chosen.get_value() || all.with(Vec::is_empty) {
            return;
        }
        let visited = visit.with(|visit| visit.as_ref().and_then(|visit| of(&visit.code)));
        let last = || {
            all.with_untracked(|all| {
                let visited = all.iter().filter(|area| area.last_by_me.is_some());
                visited.max_by_key(|area| area.last_by_me).and_then(|area| area.district.clone())
            })
        };
        if let Some(found) = visited.or_else(last) {
            chosen.set_value(true);
            district.set(Some(found));
        } else if !asked.get_value() {
            asked.set_value(true);
            spawn_local(async move {
                // No fix is no fault: all districts are shown then.
                let Ok(found) = call(LocatePlace::Here).await else { return };
                let Some(place) = found.place else { return };
                let near = || found.nearby.first().map(|near| near.code.clone());
                let area = place.area.map(|area| area.code).or_else(near);
                if let Some(found) = area.and_then(|code| of(&code))
                    && chosen.try_get_value() == Some(false)
                {
                    let _ = district.try_set(Some(found));
                }
            });
        }
    });
}

/// What the briefing asks first, by its windows; then longest without a visit, where none is known after those that are
/// over their owner's limit.
fn longest_first(areas: &mut [PlaceChoice], now: Millis) {
    areas.sort_by_key(|area| {
        let gap = gap_ms(now, area.last_by_me, area.last_by_anyone);
        let planned = area.planned.filter(|here| here.until > now).map_or(Millis(i64::MAX), |here| here.from);
        let rank = match gap {
            Some(gap) if is_overdue(gap, area.max_gap_min) => 0,
            None => 1,
            Some(_) => 2,
        };
        (planned, rank, std::cmp::Reverse(gap.unwrap_or(0)), area.name.clone())
    });
}

/// An area for the drawing.
fn draw(area: &PlaceChoice, now: Millis, visit: Option<&VisitView>) -> Drawn {
    let running = visit.filter(|visit| visit.code == area.code);
    let gap = gap_ms(now, area.last_by_me, area.last_by_anyone);
    let count = match (running, gap) {
        (Some(visit), _) => words::whole_minutes(now.since(visit.since)).to_string(),
        (None, Some(gap)) => words::short_gap(gap),
        (None, None) => words::NO_COUNT.to_owned(),
    };
    Drawn {
        code: area.code.clone(),
        name: area.name.clone(),
        count,
        here: running.is_some(),
        overdue: running.is_none() && gap.is_some_and(|gap| is_overdue(gap, area.max_gap_min)),
        step: None,
        shape: area.shape.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beatbook_domain::time::MINUTE_MS;
    use beatbook_protocol::ipc::PlannedHere;

    fn area(name: &str, last_min: Option<i64>, max_gap_min: Option<u32>) -> PlaceChoice {
        PlaceChoice {
            code: Code::from(name),
            name: name.to_owned(),
            district: None,
            band: (10, 16),
            max_gap_min,
            why: String::new(),
            planned: None,
            last_by_me: None,
            last_by_anyone: last_min.map(|minutes| Millis(minutes * MINUTE_MS)),
            shape: Vec::new(),
        }
    }

    #[test]
    fn over_its_limit_comes_before_not_known_and_the_longest_gap_leads() {
        let now = Millis(300 * MINUTE_MS);
        let mut areas = vec![
            area("fresh", Some(290), Some(120)),
            area("unknown", None, Some(120)),
            area("over", Some(170), Some(120)),
            area("long", Some(20), Some(120)),
            area("no limit", Some(0), None),
        ];
        longest_first(&mut areas, now);
        let order: Vec<&str> = areas.iter().map(|area| area.name.as_str()).collect();
        assert_eq!(order, ["long", "over", "unknown", "no limit", "fresh"]);
    }

    #[test]
    fn what_is_planned_comes_first_by_its_window() {
        let now = Millis(300 * MINUTE_MS);
        let asked = |from: i64, until: i64| PlannedHere {
            from: Millis(from * MINUTE_MS),
            until: Millis(until * MINUTE_MS),
            visits: 1,
            made: 0,
        };
        let mut areas = vec![
            area("long", Some(20), Some(120)),
            PlaceChoice { planned: Some(asked(400, 500)), ..area("later", Some(290), None) },
            PlaceChoice { planned: Some(asked(200, 400)), ..area("open", Some(290), None) },
            PlaceChoice { planned: Some(asked(100, 200)), ..area("past", Some(290), None) },
        ];
        longest_first(&mut areas, now);
        let order: Vec<&str> = areas.iter().map(|area| area.name.as_str()).collect();
        assert_eq!(order, ["open", "later", "long", "past"]);
    }
}
