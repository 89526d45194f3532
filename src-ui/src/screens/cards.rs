//! Cards: the stock with the officer, tonight's ledger, and giving in two presses. Drawn = given + given back + spoiled +
//! left, always: the balance is derived from the entries each time.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{DraftItem, StockDirection};
use beatbook_domain::id::Code;
use beatbook_protocol::ipc::{CardLine, CardsView, GetCards, GiveCards, MoveStock, OpenDraft};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{FieldProblem, TextField};
use crate::components::frame::{AppShell, Deck, Dock, DockKey, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::row::EntryRowView;
use crate::components::sheet::Sheet;
use crate::components::stepper::{Stepper, StepperWords};
use crate::ipc::call;
use crate::locales::words;
use crate::screens::form::{offer_undo, open_draft};
use crate::screens::today::of_list;
use crate::screens::{LoadError, load};

/// What a chip of the deck stands for.
fn chip_of(line: &CardLine) -> String {
    match &line.language {
        Some(language) => format!("{}, {language}", line.short),
        None => line.short.clone(),
    }
}

/// The line as an item of a handout or of stock.
fn item(line: &CardLine, quantity: u32) -> DraftItem {
    DraftItem {
        material: line.key.material.clone(),
        quantity,
        language: line.key.language.clone(),
        batch: line.key.batch.clone(),
        version: line.key.version.clone(),
    }
}

/// The cards.
#[component]
pub fn Cards() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let cards = load(|| GetCards {});
    let view = Memo::new(move |_| cards.view.get());
    let stock_open = RwSignal::new(false);
    let direction = RwSignal::new(StockDirection::Drawn);
    let chosen = RwSignal::new(0_usize);
    let count = RwSignal::new(1_u32);
    let given = Signal::derive(move || view.with(|view| view.as_ref().map_or(0, |view| view.given_tonight)));
    let lines = Memo::new(move |_| view.with(|view| view.as_ref().map(giveable).unwrap_or_default()));
    let give = move |quantity: u32| {
        let Some(line) =
            lines.with_untracked(|lines| lines.get(chosen.get_untracked()).or(lines.first()).cloned())
        else {
            return;
        };
        spawn_local(async move {
            match call(GiveCards { items: vec![item(&line, quantity)] }).await {
                Ok(saved) => {
                    count.set(1);
                    shell.refresh_today().await;
                    if let Some(entry) = saved.entries.first() {
                        offer_undo(shell, *entry, saved.saved_at);
                    }
                }
                Err(error) => shell.report(&error),
            }
        });
    };
    let sheet = move |way: StockDirection| {
        direction.set(way);
        stock_open.set(true);
    };
    view! {
        <AppShell>
            <Top title=words::CARDS meta=Signal::derive(move || words::given_tonight(given.get())) />
            <Main>
                <LoadError error=cards.error />
                <section class="group" aria-labelledby="stock-h">
                    <h2 class="sec" id="stock-h">{words::STOCK_WITH_YOU}</h2>
                    {move || view.get().map(|view| view! { <Stock view /> })}
                    <div class="btn-row">
                        <button type="button" class="btn" data-test="stock-draw" on:click=move |_| sheet(StockDirection::Drawn)>
                            <Icon glyph=Glyph::Box />
                            {words::STOCK_DRAW}
                        </button>
                        <button type="button" class="btn" data-test="stock-return" on:click=move |_| sheet(StockDirection::Returned)>
                            <Icon glyph=Glyph::Back />
                            {words::STOCK_RETURN}
                        </button>
                        <button type="button" class="btn" data-test="stock-spoil" on:click=move |_| sheet(StockDirection::Spoiled)>
                            <Icon glyph=Glyph::Close />
                            {words::STOCK_SPOIL}
                        </button>
                    </div>
                </section>
                <section class="group" aria-labelledby="ledger-h">
                    <h2 class="sec" id="ledger-h">{words::LEDGER}</h2>
                    {move || view.get().map(|view| view! { <Ledger view /> })}
                </section>
                <StockSheet open=stock_open direction cards=cards.view />
            </Main>
            <Foot>
                <Deck label=words::GIVE_CARDS>
                    <Show when=move || lines.with(|lines| lines.len() > 1)>
                        <ChipGroup
                            legend=words::GIVE_WHICH
                            pick=Pick::One
                            name="give"
                            choices=Signal::derive(move || {
                                lines
                                    .get()
                                    .iter()
                                    .enumerate()
                                    .map(|(place, line)| Choice::new(place.to_string(), chip_of(line)))
                                    .collect::<Vec<_>>()
                            })
                            first=4
                            on=Signal::derive(move || vec![Code::new(chosen.get().to_string())])
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                if let Some(place) = code.as_str().parse().ok().filter(|_| on) {
                                    chosen.set(place);
                                }
                            })
                        />
                    </Show>
                    <div class="give">
                        <Stepper
                            words=StepperWords::counting(words::CARDS_TO_GIVE, words::ONE_CARD)
                            test="give-count"
                            value=count
                            min=1
                            on_change=Callback::new(move |cards| count.set(cards))
                        />
                        <button type="button" class="btn btn-go" data-test="give-go" on:click=move |_| give(count.get_untracked())>
                            <Icon glyph=Glyph::Cards />
                            {move || words::give_n(count.get())}
                        </button>
                    </div>
                    <button
                        type="button"
                        class="btn"
                        data-test="new-handout"
                        on:click=move |_| open_draft(shell, OpenDraft::NewHandout)
                    >
                        {words::GIVE_OTHER}
                    </button>
                </Deck>
                <Dock current=DockKey::Cards />
            </Foot>
        </AppShell>
    }
}

/// What may be given: what is in hand and in use, else every printed line in use, else nothing but the form.
fn giveable(view: &CardsView) -> Vec<CardLine> {
    let usable = |lines: &[CardLine], in_hand: bool| -> Vec<CardLine> {
        lines.iter().filter(|line| !line.outdated && (!in_hand || line.left > 0)).cloned().collect()
    };
    let in_hand = usable(&view.lines, true);
    if !in_hand.is_empty() {
        return in_hand;
    }
    let printed = usable(&view.printed, false);
    if printed.is_empty() { usable(&view.lines, false) } else { printed }
}

/// The stock, line by line, with its sum.
#[component]
fn Stock(view: CardsView) -> impl IntoView {
    if view.lines.is_empty() {
        return view! { <p class="sub" data-test="no-stock">{words::NO_STOCK}</p> }.into_any();
    }
    view! {
        <ul class="stocks">
            {view
                .lines
                .into_iter()
                .map(|line| {
                    view! {
                        <li class="stock" data-test="stock-line" data-left=line.left.to_string()>
                            <b class="stock-n">{line.left}</b>
                            <span class="row-t">
                                <b>{chip_of(&line)}</b>
                                {line.key.batch.as_ref().map(|batch| view! { <span class="meta">{words::batch(batch.as_str())}</span> })}
                                <span class="meta">{words::stock_sum(&line)}</span>
                                {line.outdated.then(|| view! { <Warning word=words::STOCK_OUTDATED /> })}
                                {(line.low && !line.outdated).then(|| view! { <Warning word=words::STOCK_LOW /> })}
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn Warning(word: &'static str) -> impl IntoView {
    view! {
        <span class="state waiting">
            <Icon glyph=Glyph::Alert size=IconSize::Small />
            {word}
        </span>
    }
}

#[component]
fn Ledger(view: CardsView) -> impl IntoView {
    if view.ledger.is_empty() {
        return view! { <p class="sub">{words::NO_LEDGER}</p> }.into_any();
    }
    view! {
        <ul class="rows">
            {view.ledger.into_iter().map(|row| view! { <li><EntryRowView row /></li> }).collect_view()}
        </ul>
    }
    .into_any()
}

/// Drawing stock, giving it back, or saying that it is spoiled.
#[component]
fn StockSheet(
    open: RwSignal<bool>,
    direction: RwSignal<StockDirection>,
    cards: RwSignal<Option<CardsView>>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        match direction.get() {
            StockDirection::Drawn => words::STOCK_DRAW,
            StockDirection::Returned => words::STOCK_RETURN,
            StockDirection::Spoiled => words::STOCK_SPOIL,
        }
        .to_owned()
    });
    view! {
        <Sheet open title id="stock-sheet" tall=true>
            <StockForm open direction cards />
        </Sheet>
    }
}

#[component]
fn StockForm(
    open: RwSignal<bool>,
    direction: RwSignal<StockDirection>,
    cards: RwSignal<Option<CardsView>>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    // Drawing offers what the force has printed; the other ways offer what the officer has.
    let known: Vec<CardLine> = cards.with_untracked(|view| {
        let Some(view) = view else { return Vec::new() };
        match direction.get_untracked() {
            StockDirection::Drawn => view.printed.iter().chain(&view.lines).cloned().collect(),
            _ => view.lines.clone(),
        }
    });
    let known = StoredValue::new(known);
    let line = RwSignal::new(None::<usize>);
    let material = RwSignal::new(None::<Code>);
    let language = RwSignal::new(None::<Code>);
    let batch = RwSignal::new(String::new());
    let quantity = RwSignal::new(1_u32);
    let note = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let other = Memo::new(move |_| line.get().is_none());
    let go = move |_| {
        let picked =
            line.get_untracked().and_then(|place| known.with_value(|known| known.get(place).cloned()));
        let chosen = match (picked, material.get_untracked()) {
            (Some(line), _) => item(&line, quantity.get_untracked()),
            (None, Some(material)) => DraftItem {
                material,
                quantity: quantity.get_untracked(),
                language: language.get_untracked(),
                batch: Some(batch.get_untracked().trim().to_owned())
                    .filter(|batch| !batch.is_empty())
                    .map(Code::new),
                version: None,
            },
            (None, None) => {
                problem.set(Some(words::STOCK_CHOOSE.to_owned()));
                return;
            }
        };
        let command = MoveStock {
            direction: direction.get_untracked(),
            items: vec![chosen],
            note: note.get_untracked(),
        };
        spawn_local(async move {
            match call(command).await {
                Ok(view) => {
                    cards.try_set(Some(view));
                    open.set(false);
                    shell.refresh_today().await;
                    shell.toasts().say(words::STOCK_SAVED);
                }
                Err(error) => {
                    problem.try_set(Some(error.message));
                }
            }
        });
    };
    let lines: Vec<Choice> = known.with_value(|known| {
        known
            .iter()
            .enumerate()
            .map(|(place, line)| {
                Choice::new(
                    place.to_string(),
                    words::stock_choice(&chip_of(line), line.key.batch.as_ref().map(Code::as_str)),
                )
            })
            .collect()
    });
    let offered = !lines.is_empty();
    view! {
        <div class="stack">
            {offered.then(|| view! {
                <ChipGroup
                    legend=words::STOCK_LINE
                    pick=Pick::One
                    name="stock-line"
                    choices=lines
                    on=Signal::derive(move || line.get().map(|place| Code::new(place.to_string())).into_iter().collect::<Vec<_>>())
                    on_change=Callback::new(move |(code, on): (Code, bool)| {
                        line.set(code.as_str().parse().ok().filter(|_| on));
                    })
                />
            })}
            <Show when=move || other.get()>
                <ChipGroup
                    legend=words::STOCK_MATERIAL
                    pick=Pick::One
                    name="stock-material"
                    choices=of_list(shell, list::MATERIAL)
                    on=Signal::derive(move || material.get().into_iter().collect::<Vec<_>>())
                    on_change=Callback::new(move |(code, on): (Code, bool)| material.set(on.then_some(code)))
                />
                <ChipGroup
                    legend=words::STOCK_LANGUAGE
                    pick=Pick::One
                    name="stock-language"
                    choices=of_list(shell, list::LANGUAGE)
                    on=Signal::derive(move || language.get().into_iter().collect::<Vec<_>>())
                    on_change=Callback::new(move |(code, on): (Code, bool)| language.set(on.then_some(code)))
                />
                <TextField
                    label=words::STOCK_BATCH
                    hint=words::STOCK_BATCH_HINT
                    id="stock-batch"
                    value=batch
                    on_input=Callback::new(move |text| batch.set(text))
                />
            </Show>
            <Stepper
                words=StepperWords::counting(words::STOCK_HOW_MANY, words::ONE_CARD)
                test="stock-quantity"
                value=quantity
                min=1
                on_change=Callback::new(move |count| quantity.set(count))
            />
            <div class="btn-row">
                {[10_u32, 25, 50]
                    .into_iter()
                    .map(|count| view! {
                        <button type="button" class="btn" data-test=format!("stock-{count}") on:click=move |_| quantity.set(count)>
                            {count}
                        </button>
                    })
                    .collect_view()}
            </div>
            <TextField
                label=words::STOCK_NOTE
                id="stock-note"
                value=note
                on_input=Callback::new(move |text| note.set(text))
            />
            <FieldProblem id="stock-problem" problem />
            <button type="button" class="btn btn-go" data-test="stock-go" on:click=go>
                <Icon glyph=Glyph::Check />
                {words::STOCK_SAVE}
            </button>
        </div>
    }
}
