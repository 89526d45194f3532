//! Find: the officer's own records by words, kind, state, shift and place, a page at a time.

use beatbook_domain::entry::Kind;
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time;
use beatbook_protocol::ipc::{
    AppError, EntryRow, FindCursor, FindEntries, FindState, ListOwnShifts, ListPlaces,
};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::TextField;
use crate::components::frame::{AppShell, Back, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::row::EntryRowView;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::{LoadError, load};

/// Rows on a page.
const PAGE: u32 = 30;
/// After the last key the search waits this long, milliseconds.
const PAUSE_MS: u32 = 200;
/// Shifts offered to choose from.
const SHIFTS: u32 = 12;

/// The kinds that may be asked for, as chips.
const KINDS: [Kind; 8] = [
    Kind::Engagement,
    Kind::Concern,
    Kind::Handout,
    Kind::Event,
    Kind::Referral,
    Kind::PowerUse,
    Kind::StockMoved,
    Kind::ShiftOpened,
];

/// What is asked for.
#[derive(Clone, Default, PartialEq)]
struct Asked {
    words: String,
    kinds: Vec<Code>,
    state: FindState,
    shift: Option<EntryId>,
    area: Option<Code>,
}

impl Asked {
    fn command(&self, after: Option<FindCursor>) -> FindEntries {
        FindEntries {
            words: self.words.clone(),
            kinds: self.kinds.iter().map(|code| Kind::from_name(code.as_str())).collect(),
            shift: self.shift,
            area: self.area.clone(),
            state: self.state,
            after,
            limit: PAGE,
            ..FindEntries::default()
        }
    }
}

/// The search.
#[component]
pub fn Find() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let asked = RwSignal::new(Asked::default());
    let rows = RwSignal::new(Vec::<EntryRow>::new());
    let next = RwSignal::new(None::<FindCursor>);
    let total = RwSignal::new(None::<u32>);
    let not_indexed = RwSignal::new(0_u32);
    let error = RwSignal::new(None::<AppError>);
    let number = StoredValue::new(0_u32);
    let timer = StoredValue::new_local(None::<Timeout>);

    let read = move |after: Option<FindCursor>| {
        let mine = number.get_value().wrapping_add(1);
        number.set_value(mine);
        let command = asked.with_untracked(|asked| asked.command(after));
        spawn_local(async move {
            let answer = call(command).await;
            // Only the newest question's answer counts.
            if number.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(found) => {
                    error.set(None);
                    if after.is_some() {
                        rows.update(|rows| rows.extend(found.rows));
                    } else {
                        rows.set(found.rows);
                    }
                    next.set(found.next);
                    not_indexed.set(found.not_indexed);
                    if total.get_untracked() != Some(found.total) {
                        shell.announce(words::found(found.total));
                    }
                    total.set(Some(found.total));
                }
                Err(refused) => error.set(Some(refused)),
            }
        });
    };
    Effect::new(move |_| {
        asked.track();
        timer.set_value(Some(Timeout::new(PAUSE_MS, move || read(None))));
    });
    Effect::new(move |before: Option<u64>| {
        let change = shell.change().get();
        // Somebody who has gone on to further pages keeps them.
        let first_page = rows.with_untracked(Vec::len) <= PAGE as usize;
        if before.is_some_and(|before| before != change) && first_page {
            read(None);
        }
        change
    });
    on_cleanup(move || timer.set_value(None));

    let shifts = load(|| ListOwnShifts { limit: SHIFTS });
    let places = load(|| ListPlaces {});
    let shift_choices = Signal::derive(move || {
        let shifts = shifts.view.get().map(|view| view.shifts).unwrap_or_default();
        shifts
            .into_iter()
            .map(|shift| Choice::new(shift.shift_id.to_string(), words::own_shift(&shift)))
            .collect::<Vec<_>>()
    });
    let area_choices = Signal::derive(move || {
        let areas = places.view.get().map(|view| view.areas).unwrap_or_default();
        areas.into_iter().map(|area| Choice::new(area.code, area.name)).collect::<Vec<_>>()
    });
    view! {
        <AppShell>
            <Top title=words::FIND back=Back { to: Route::Today, label: words::BACK_TO_SHIFT } />
            <Main>
                <TextField
                    label=words::FIND_WORDS
                    hint=words::FIND_HINT
                    id="find-words"
                    value=Signal::derive(move || asked.with(|asked| asked.words.clone()))
                    on_input=Callback::new(move |text| asked.update(|asked| asked.words = text))
                />
                <details class="more">
                    <summary data-test="find-more">
                        <Icon glyph=Glyph::List />
                        <span>{words::FIND_NARROW}</span>
                        <Icon glyph=Glyph::Down class="turn" />
                    </summary>
                    <div class="more-in">
                        <ChipGroup
                            legend=words::FIND_KIND
                            pick=Pick::Many
                            name="find-kind"
                            choices=kinds()
                            on=Signal::derive(move || asked.with(|asked| asked.kinds.clone()))
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                asked.update(|asked| {
                                    asked.kinds = crate::components::choices::toggled(std::mem::take(&mut asked.kinds), &code, on);
                                });
                            })
                        />
                        <ChipGroup
                            legend=words::FIND_STATE
                            pick=Pick::One
                            name="find-state"
                            choices=states()
                            on=Signal::derive(move || state_code(asked.with(|asked| asked.state)).into_iter().collect::<Vec<_>>())
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                asked.update(|asked| asked.state = if on { state_of(&code) } else { FindState::Any });
                            })
                        />
                        <ChipGroup
                            legend=words::FIND_SHIFT
                            pick=Pick::One
                            name="find-shift"
                            choices=shift_choices
                            first=4
                            on=Signal::derive(move || {
                                asked.with(|asked| asked.shift.iter().map(|shift| Code::new(shift.to_string())).collect::<Vec<_>>())
                            })
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                asked.update(|asked| asked.shift = code.as_str().parse().ok().filter(|_| on));
                            })
                        />
                        <ChipGroup
                            legend=words::FIND_PLACE
                            pick=Pick::One
                            name="find-area"
                            choices=area_choices
                            first=6
                            on=Signal::derive(move || asked.with(|asked| asked.area.iter().cloned().collect::<Vec<_>>()))
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                asked.update(|asked| asked.area = on.then_some(code));
                            })
                        />
                    </div>
                </details>
                <LoadError error />
                <section class="group" aria-labelledby="found">
                    <h2 class="sec" id="found" data-test="find-total">
                        {move || total.get().map(words::found).unwrap_or_default()}
                    </h2>
                    <Show when=move || total.get() == Some(0)>
                        <p class="sub" data-test="nothing-found">{words::FIND_NOTHING}</p>
                    </Show>
                    <Show when=move || not_indexed.get() != 0>
                        <p class="sub" data-test="not-indexed">{move || words::not_indexed(not_indexed.get())}</p>
                    </Show>
                    <Show when=move || !rows.with(Vec::is_empty)>
                        <ul class="rows">
                            <For each=move || by_day(rows.get()) key=|row| format!("{row:?}") let:row>
                                <li>
                                    {row.0.then(|| view! { <p class="meta find-day">{time::day(row.1.at)}</p> })}
                                    <EntryRowView row=row.1 />
                                </li>
                            </For>
                        </ul>
                    </Show>
                    <Show when=move || next.with(Option::is_some)>
                        <button type="button" class="btn btn-lg" data-test="find-next" on:click=move |_| read(next.get_untracked())>
                            <Icon glyph=Glyph::Down />
                            {words::SHOW_MORE}
                        </button>
                    </Show>
                </section>
            </Main>
            <Foot>
                <Dock current=None />
            </Foot>
        </AppShell>
    }
}

/// The rows, each with whether its day is said above it: the first of a day.
fn by_day(rows: Vec<EntryRow>) -> Vec<(bool, EntryRow)> {
    let mut last = None;
    rows.into_iter()
        .map(|row| {
            let day = time::day(row.at);
            let first = last.as_ref() != Some(&day);
            last = Some(day);
            (first, row)
        })
        .collect()
}

/// What a kind is called as a chip.
fn kind_word(kind: Kind) -> &'static str {
    if kind == Kind::ShiftOpened { words::PATROL_RECORD } else { kind.title() }
}

fn kinds() -> Vec<Choice> {
    KINDS.iter().map(|kind| Choice::new(kind.name(), kind_word(*kind))).collect()
}

fn states() -> Vec<Choice> {
    vec![
        Choice::new("waiting", words::FIND_WAITING),
        Choice::new("received", words::RECEIVED),
        Choice::new("needs_you", words::NEEDS_YOU),
    ]
}

fn state_of(code: &Code) -> FindState {
    match code.as_str() {
        "waiting" => FindState::Waiting,
        "received" => FindState::Received,
        "needs_you" => FindState::NeedsYou,
        _ => FindState::Any,
    }
}

fn state_code(state: FindState) -> Option<Code> {
    Some(Code::new(match state {
        FindState::Waiting => "waiting",
        FindState::Received => "received",
        FindState::NeedsYou => "needs_you",
        FindState::Any => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_offered_is_one_that_can_be_asked_for() {
        for choice in states() {
            assert_eq!(state_code(state_of(&choice.code)), Some(choice.code));
        }
    }
}
