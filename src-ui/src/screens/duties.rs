//! Duties and handover: what is offered to the reader's post or has come up to them, what they have, what lies with others.
//! Places and things, never people. Each says who has it and how it got there; whoever has it hands it to a post.

use beatbook_domain::duty::{self, Rise};
use beatbook_domain::entry::DraftReference;
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::{
    AcceptDuties, DischargeDuty, DutyHeld, DutyRow, GetHandover, HandOverDuties, HandoverView, ListDuties,
    PostChoice,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, OptionGroup, Pick};
use crate::components::fields::{FieldProblem, TextField};
use crate::components::frame::{AppShell, Back, Deck, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::coach::Coach;
use crate::screens::{LoadError, load};

/// Teams shown before "n more".
const TEAMS_FIRST: usize = 4;

/// The duties, and their handover.
#[component]
pub fn Duties() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let handover = load(|| GetHandover {});
    let listed = load(|| ListDuties {});
    let view = Memo::new(move |_| handover.view.get());
    let of = move |pick: fn(&HandoverView) -> Vec<DutyRow>| {
        Memo::new(move |_| view.with(|view| view.as_ref().map(pick).unwrap_or_default()))
    };
    let to_take = of(|view| view.to_take.clone());
    let mine = of(|view| view.mine.clone());
    let others = of(|view| view.others.clone());
    let done = Memo::new(move |_| {
        let duties = listed.view.get().map(|view| view.duties).unwrap_or_default();
        duties.into_iter().filter(|duty| !duty.open).collect::<Vec<_>>()
    });
    let passable = Memo::new(move |_| {
        mine.with(|rows| rows.iter().filter(|row| row.may_pass).cloned().collect::<Vec<_>>())
    });
    let chosen = RwSignal::new(None::<DutyRow>);
    let passing = RwSignal::new(false);
    let taken = Callback::new(move |ids: Vec<EntryId>| {
        spawn_local(async move {
            match call(AcceptDuties { entry_ids: ids }).await {
                Ok(now) => {
                    handover.view.try_set(Some(now));
                    shell.toasts().say(words::DUTY_IS_YOURS);
                }
                Err(error) => shell.report(&error),
            }
        });
    });
    let count = move |rows: Memo<Vec<DutyRow>>| u32::try_from(rows.with(Vec::len)).unwrap_or(u32::MAX);
    let meta = Signal::derive(move || {
        let open = words::duties_open(count(to_take).saturating_add(count(mine)));
        match view.with(|view| view.as_ref().and_then(|view| view.as_known)) {
            Some(at) if shell.reviews() => format!("{open} · {}", words::as_known(Some(at))),
            _ => open,
        }
    });
    let back = Back {
        to: if shell.patrols() { Route::Today } else { Route::Team },
        label: if shell.patrols() { words::BACK_TO_SHIFT } else { words::BACK_TO_TEAM },
    };
    view! {
        <AppShell>
            <Top title=words::DUTIES meta back />
            <Main>
                <LoadError error=handover.error />
                <Show when=move || !to_take.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="to-take" data-test="duties-to-take">
                        <div class="sec-head">
                            <h2 id="to-take">{words::DUTIES_TO_TAKE}</h2>
                        </div>
                        <DutyList duties=to_take chosen on_take=taken />
                    </section>
                </Show>
                <section class="group" aria-labelledby="to-do" data-test="duties-mine">
                    <h2 class="sec" id="to-do">{words::DUTIES_TO_DO}</h2>
                    <Show
                        when=move || !mine.with(Vec::is_empty)
                        fallback=|| view! { <p class="sub" data-test="no-duties">{words::NO_DUTIES}</p> }
                    >
                        <DutyList duties=mine chosen on_take=taken />
                    </Show>
                </section>
                <Show when=move || !others.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="others" data-test="duties-others">
                        <h2 class="sec" id="others">{words::DUTIES_OTHERS}</h2>
                        <DutyList duties=others chosen on_take=taken />
                    </section>
                </Show>
                <Show when=move || !done.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="done">
                        <h2 class="sec" id="done">{words::DUTIES_DONE}</h2>
                        <DutyList duties=done chosen on_take=taken />
                    </section>
                </Show>
            </Main>
            <Foot>
                <Show when=move || !passable.with(Vec::is_empty)>
                    <Deck label=words::HAND_OVER_DUTIES>
                        <button
                            type="button"
                            class="btn btn-go"
                            data-test="hand-over"
                            on:click=move |_| passing.set(true)
                        >
                            <Icon glyph=Glyph::Group />
                            {words::HAND_OVER_DUTIES}
                        </button>
                    </Deck>
                </Show>
                <Dock current=None />
            </Foot>
            <DischargeSheet chosen on_done=Callback::new(|()| ()) />
            <Sheet open=passing title=words::HAND_OVER_TITLE id="hand-over-sheet">
                {move || {
                    passing.get().then(|| {
                        let posts = view.with_untracked(|view| {
                            view.as_ref().map(|view| view.posts.clone()).unwrap_or_default()
                        });
                        let duties = passable.get_untracked();
                        view! { <HandOver duties posts open=passing on_done=Callback::new(move |now| {
                            handover.view.try_set(Some(now));
                        }) /> }
                    })
                }}
            </Sheet>
        </AppShell>
    }
}

/// Which duties go to which post.
#[component]
fn HandOver(
    duties: Vec<DutyRow>,
    posts: Vec<PostChoice>,
    open: RwSignal<bool>,
    on_done: Callback<HandoverView>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let ids: Vec<Code> = duties.iter().map(|duty| Code::new(duty.entry_id.to_string())).collect();
    let on = RwSignal::new(ids);
    let rows: Vec<Choice> = duties
        .iter()
        .map(|duty| {
            Choice::new(duty.entry_id.to_string(), words::duty_choice(&duty.what.label, &duty.about_line))
        })
        .collect();
    let duties = StoredValue::new(duties);
    let mut teams: Vec<Choice> = Vec::new();
    for post in &posts {
        let code = Code::new(post.team.to_string());
        if teams.iter().all(|known| known.code != code) {
            teams.push(Choice::new(code, post.team_name.clone()));
        }
    }
    let own =
        posts.iter().find(|post| post.own).or(posts.first()).map(|post| Code::new(post.team.to_string()));
    let team = RwSignal::new(own);
    let one_team = teams.len() < 2;
    let posts = StoredValue::new(posts);
    let choices = Signal::derive(move || {
        let team = team.get();
        posts.with_value(|posts| {
            posts
                .iter()
                .filter(|post| team.as_ref().is_some_and(|team| team.as_str() == post.team.to_string()))
                .map(|post| Choice::new(post.post.clone(), words::capital(&post.label)))
                .collect::<Vec<_>>()
        })
    });
    let chosen = RwSignal::new(None::<Code>);
    let problem = RwSignal::new(None::<String>);
    let go = move |_| {
        let picked = on.get_untracked();
        let entry_ids: Vec<EntryId> = duties.with_value(|duties| {
            let kept = duties.iter().map(|duty| duty.entry_id);
            kept.filter(|id| picked.iter().any(|code| code.as_str() == id.to_string())).collect()
        });
        let to = posts.with_value(|posts| {
            let (team, post) = (team.get_untracked()?, chosen.get_untracked()?);
            posts.iter().find(|choice| choice.post == post && choice.team.to_string() == team.as_str()).map(
                |choice| (choice.team, choice.post.clone(), choice.team_name.clone(), choice.label.clone()),
            )
        });
        if entry_ids.is_empty() {
            problem.set(Some(words::HAND_OVER_WHICH.to_owned()));
            return;
        }
        let Some((team, post, team_name, label)) = to else {
            problem.set(Some(words::HAND_OVER_TO_WHOM.to_owned()));
            return;
        };
        spawn_local(async move {
            match call(HandOverDuties { entry_ids, team, post }).await {
                Ok(now) => {
                    open.try_set(false);
                    on_done.run(now);
                    shell.toasts().say(words::handed_over(&team_name, &label));
                    shell.refresh_today().await;
                }
                Err(error) => {
                    problem.try_set(Some(error.message));
                }
            }
        });
    };
    view! {
        <OptionGroup
            legend=words::HAND_OVER_WHICH_H
            pick=Pick::Many
            name="pass"
            choices=Signal::stored(rows)
            on
            on_change=Callback::new(move |(code, is_on): (Code, bool)| {
                on.update(|on| {
                    on.retain(|known| *known != code);
                    if is_on {
                        on.push(code);
                    }
                });
            })
        />
        {(!one_team).then(|| view! {
            <ChipGroup
                legend=words::HAND_OVER_TEAM
                pick=Pick::One
                name="pass-team"
                first=TEAMS_FIRST
                choices=Signal::stored(teams)
                on=Signal::derive(move || team.get().into_iter().collect::<Vec<_>>())
                on_change=Callback::new(move |(code, is_on): (Code, bool)| if is_on { team.set(Some(code)) })
            />
        })}
        <ChipGroup
            legend=words::HAND_OVER_TO
            pick=Pick::One
            name="pass-to"
            choices
            on=Signal::derive(move || chosen.get().into_iter().collect::<Vec<_>>())
            on_change=Callback::new(move |(code, is_on): (Code, bool)| {
                chosen.set(is_on.then_some(code));
                problem.set(None);
            })
        />
        <p class="sub">{words::HAND_OVER_TEXT}</p>
        <FieldProblem id="hand-over-fault" problem />
        <div class="btn-row">
            <button type="button" class="btn btn-lg btn-go" data-test="hand-over-go" on:click=go>
                <Icon glyph=Glyph::Group />
                {words::HAND_OVER_DUTIES}
            </button>
        </div>
    }
}

/// Duties, each with the keys for what the reader may do about it.
#[component]
pub fn DutyList(
    /// The duties, in the order they are shown.
    #[prop(into)]
    duties: Signal<Vec<DutyRow>>,
    /// Set to the one that is to be discharged.
    chosen: RwSignal<Option<DutyRow>>,
    /// Told of those that are taken; without it none can be.
    #[prop(optional)]
    on_take: Option<Callback<Vec<EntryId>>>,
    /// On the screen of the entry they arose from.
    #[prop(optional)]
    here: bool,
) -> impl IntoView {
    view! {
        <ul class="rows">
            <For each=move || duties.get() key=|duty| format!("{duty:?}") let:duty>
                <li><Duty duty chosen on_take here /></li>
            </For>
        </ul>
    }
}

/// The sheet that discharges the duty chosen.
#[component]
pub fn DischargeSheet(
    /// The duty chosen.
    chosen: RwSignal<Option<DutyRow>>,
    /// Told once it is discharged.
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if chosen.with(Option::is_some) {
            open.set(true);
        }
    });
    // Closed, nothing is chosen: the same one can be chosen again.
    Effect::new(move |_| {
        if !open.get() {
            chosen.set(None);
        }
    });
    let title = Signal::derive(move || {
        chosen.with(|duty| duty.as_ref().map(|duty| duty.what.label.clone())).unwrap_or_default()
    });
    view! {
        <Sheet open title id="duty-sheet">
            {move || chosen.get().map(|duty| view! { <Discharge duty open on_done /> })}
        </Sheet>
    }
}

/// How a duty stands, in words and a drawing: never by colour alone.
fn stands(duty: &DutyRow) -> (&'static str, Glyph, String) {
    let due = words::duty_due(duty.due, duty.overdue);
    match (&duty.reference, duty.open) {
        (Some(reference), false) => ("saved", Glyph::Check, words::duty_reference(reference)),
        (None, false) => ("saved", Glyph::Check, words::DUTY_DISCHARGED.to_owned()),
        (_, true) if duty.overdue => ("waiting", Glyph::Alert, due),
        (_, true) => ("waiting", Glyph::Clock, due),
    }
}

/// With whom it lies, and whether somebody must look.
fn lies(duty: &DutyRow) -> Option<(&'static str, Glyph, String)> {
    if !duty.open {
        return None;
    }
    match (duty.held, duty.rise) {
        (DutyHeld::Mine, _) => None,
        (DutyHeld::Another, _) => Some(("saved", Glyph::Person, words::lies_with(&duty.lies_with))),
        (DutyHeld::Offered, Rise::Calm) => Some(("saved", Glyph::Group, words::offered_to(&duty.lies_with))),
        (DutyHeld::Offered, Rise::Amber) => {
            Some(("waiting", Glyph::Clock, words::nobody_took(&duty.lies_with)))
        }
        (DutyHeld::Offered, Rise::Up) => Some(("waiting", Glyph::Up, words::nobody_took_up(&duty.lies_with))),
    }
}

/// One duty: what, of which entry, when due, with whom; overdue in words and with an icon.
#[component]
fn Duty(
    duty: DutyRow,
    chosen: RwSignal<Option<DutyRow>>,
    on_take: Option<Callback<Vec<EntryId>>>,
    here: bool,
) -> impl IntoView {
    let row = StoredValue::new(duty.clone());
    let (class, glyph, due) = stands(&duty);
    let lies = lies(&duty);
    let (what, entry_id) = (duty.what.code.clone(), duty.entry_id);
    let name = words::discharge_name(&duty.what.label, &duty.about_line);
    let way: Vec<String> = duty.passed.iter().map(words::duty_step).collect();
    let take = on_take.filter(|_| duty.may_take);
    let take_word = if duty.held == DutyHeld::Offered && !duty.may_discharge {
        words::DUTY_TAKE
    } else {
        words::DUTY_TAKE_BACK
    };
    let take_word = if duty.held == DutyHeld::Another { words::DUTY_TAKE } else { take_word };
    let open_word = if duty.asked { words::DUTY_ANSWER_IT } else { words::DUTY_OPEN_ENTRY };
    view! {
        <div
            class="duty"
            data-test="duty-row"
            data-what=what.to_string()
            data-open=duty.open.to_string()
            data-held=format!("{:?}", duty.held).to_lowercase()
            data-entry=entry_id.to_string()
        >
            <div class="row-t">
                <b>{duty.what.label.clone()}</b>
                {(!here && !duty.about_line.is_empty())
                    .then(|| view! { <span class="meta">{duty.about_line.clone()}</span> })}
                <span class=format!("state {class} wraps")>
                    <Icon glyph size=IconSize::Small />
                    <span>{due}</span>
                </span>
                {lies.map(|(class, glyph, text)| view! {
                    <span class=format!("state {class} wraps") data-test="lies-with">
                        <Icon glyph size=IconSize::Small />
                        <span>{text}</span>
                    </span>
                })}
                {way.into_iter().map(|step| view! { <span class="meta" data-test="duty-step">{step}</span> }).collect_view()}
            </div>
            <div class="btn-row">
                {take.map(|take| view! {
                    <button
                        type="button"
                        class="btn"
                        data-test=format!("take-{what}")
                        aria-label=words::take_name(&duty.what.label, &duty.about_line)
                        on:click=move |_| take.run(vec![entry_id])
                    >
                        <Icon glyph=Glyph::Check />
                        {take_word}
                    </button>
                })}
                {(duty.open && duty.may_discharge).then(|| view! {
                    <button
                        type="button"
                        class="btn"
                        data-test=format!("discharge-{}", duty.what.code)
                        aria-label=name
                        on:click=move |_| chosen.set(Some(row.get_value()))
                    >
                        <Icon glyph=Glyph::Check />
                        {words::DUTY_DISCHARGE}
                    </button>
                })}
                {duty.about.filter(|_| !here).map(|about| view! {
                    <a class="btn" href=Route::Entry(about).href() data-test="duty-entry">{open_word}</a>
                })}
            </div>
        </div>
    }
}

/// The reference that discharges it, or a word why none is needed.
#[component]
fn Discharge(duty: DutyRow, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let reference = RwSignal::new(String::new());
    let note = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let kind = duty::wants_reference(&duty.what.code);
    let entry_id = duty.entry_id;
    let go = move |_| {
        let (value, said) = (reference.get_untracked(), note.get_untracked());
        if value.trim().is_empty() && said.trim().is_empty() {
            problem.set(Some(words::DUTY_SAY_HOW.to_owned()));
            return;
        }
        let reference = (!value.trim().is_empty()).then(|| DraftReference {
            kind: kind.map(Code::from),
            value: value.trim().to_owned(),
            at: None,
        });
        spawn_local(async move {
            match call(DischargeDuty { entry_id, reference, note: said }).await {
                Ok(today) => {
                    shell.set_today(today);
                    open.try_set(false);
                    shell.toasts().say(words::DUTY_IS_DISCHARGED);
                    on_done.run(());
                }
                Err(error) => {
                    problem.try_set(Some(error.message));
                }
            }
        });
    };
    view! {
            {kind.map(|kind| view! {
                <TextField
                    label=words::DUTY_REFERENCE
                    hint=if kind == "REF_CRIME" { words::CRIME_REF_HINT } else { "" }
                    id="duty-reference"
                    value=reference
                    problem
                    on_input=Callback::new(move |text| reference.set(text))
                />
            })}
            <TextField
                label=words::DUTY_NOTE
                hint=if kind.is_some() { words::DUTY_NOTE_HINT } else { "" }
                id="duty-note"
                value=note
                problem=Signal::derive(move || if kind.is_none() { problem.get() } else { None })
                on_input=Callback::new(move |text| note.set(text))
            />
            <Coach id="duty-note" text=note on_input=Callback::new(move |text| note.set(text)) />
            <button type="button" class="btn btn-go" data-test="discharge-go" on:click=go>
                <Icon glyph=Glyph::Check />
                {words::DUTY_DISCHARGE}
            </button>
    }
}
