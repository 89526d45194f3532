//! The plan of a night: when, for whom, what for, and the areas with their windows. Kept as it is typed like every form;
//! given in one press, also without signal. A change says why.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{DraftForm, DraftTaskedArea, DraftWindow, TaskingDraft};
use beatbook_domain::id::{Code, EntryId, TeamId};
use beatbook_domain::place::AreaRef;
use beatbook_domain::time::local;
use beatbook_protocol::ipc::{DraftView, ListPlaces, ListTaskings, PlaceChoice};
use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::desk::Desk;
use crate::components::fields::{ErrorSummary, TextField};
use crate::components::frame::Back;
use crate::components::icon::{Glyph, Icon};
use crate::components::state::DraftChip;
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::bind::Bind;
use crate::screens::colleagues::{colleagues, find};
use crate::screens::form::{Discard, DraftScreen, FormWork, route_of};
use crate::screens::tasking_area::{AreaEditor, area_anchor};
use crate::screens::today::of_list;

/// How many nights are offered, tonight first.
const NIGHTS: u64 = 8;
/// How many nights and areas are shown before "n more".
const NIGHTS_FIRST: usize = 3;
const AREAS_FIRST: usize = 12;

/// A plan on a draft.
#[component]
pub fn TaskingForm(
    /// The entry.
    id: EntryId,
) -> impl IntoView {
    view! { <DraftScreen id title=words::PLAN form=|draft| view! { <Form draft /> } /> }
}

/// The control that stands for a field of the check.
fn anchor(field: &str) -> &'static str {
    match field {
        "night" => "night",
        "from" => "plan-from",
        "until" => "plan-until",
        "units" => "plan-units",
        "initiative" => "initiative",
        "reason" => "plan-reason",
        other => area_anchor(other).unwrap_or("plan-area"),
    }
}

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let to = route_of(&draft);
    let DraftForm::Tasking(holds) = draft.form else {
        shell.router().replace(to);
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let amends = draft.told.is_amendment();
    let told = RwSignal::new(draft.told);
    let work = FormWork::start(
        draft.entry_id,
        Signal::derive(move || DraftForm::Tasking(form.get())),
        told.into(),
        anchor,
    );
    let places = RwSignal::new(Vec::<PlaceChoice>::new());
    spawn_local(async move {
        match call(ListPlaces {}).await {
            Ok(found) => {
                let _ = places.try_set(found.areas);
            }
            Err(error) => shell.report(&error),
        }
    });
    let (title, give) =
        if amends { (words::PLAN_REVISE, words::GIVE_CHANGES) } else { (words::PLAN, words::GIVE_PLAN) };
    let keys = move || {
        view! {
            <DraftChip state=work.keeper.state() />
            <button type="button" class="btn btn-go" data-test="give-plan" on:click=move |_| work.save()>
                <Icon glyph=Glyph::Check />
                {give}
            </button>
        }
    };
    view! {
        <Desk
            title
            window=words::PLANS
            meta=shell.me()
            back=Back { to: Route::Taskings, label: words::PLAN_BACK }
            keys=ViewFn::from(keys)
        >
            <div>
                <div class="desk-faults">
                    <ErrorSummary faults=work.faults />
                </div>
                <div class="cols">
                    <div class="stack">
                        <Areas form places work />
                    </div>
                    <div class="stack">
                        {amends.then(|| view! { <Why told work /> })}
                        <Night form work />
                        <Whom form work fixed=amends />
                        <Discard work />
                    </div>
                </div>
            </div>
        </Desk>
    }
    .into_any()
}

/// Why it is changed: the officers read it beside what changed.
#[component]
fn Why(told: RwSignal<beatbook_domain::entry::Circumstances>, work: FormWork) -> impl IntoView {
    view! {
        <section class="panel">
            <TextField
                label=words::PLAN_WHY_CHANGE
                hint=words::PLAN_WHY_CHANGE_HINT
                id="plan-reason"
                value=Signal::derive(move || told.with(|told| told.reason.clone()))
                problem=work.faults.at("plan-reason")
                on_input=Callback::new(move |text| told.update(|told| told.reason = text))
            />
        </section>
    }
}

/// The nights that can be planned, and the one that is.
fn nights(chosen: Option<NaiveDate>) -> Vec<Choice> {
    let tonight = local(dom::now()).date_naive();
    let mut nights: Vec<NaiveDate> =
        (0..NIGHTS).filter_map(|n| tonight.checked_add_days(Days::new(n))).collect();
    nights.extend(chosen.filter(|night| !nights.contains(night)));
    nights.into_iter().map(|night| Choice::new(night.to_string(), words::night(night, tonight))).collect()
}

/// When.
#[component]
fn Night(form: RwSignal<TaskingDraft>, work: FormWork) -> impl IntoView {
    let bind = Bind(form);
    let night = Signal::derive(move || form.with(|form| form.night));
    view! {
        <section class="panel pile">
            <ChipGroup
                legend=words::NIGHT
                pick=Pick::One
                name="night"
                choices=Signal::derive(move || nights(night.get()))
                on=Signal::derive(move || night.get().map(|night| Code::new(night.to_string())).into_iter().collect::<Vec<_>>())
                first=NIGHTS_FIRST
                on_change=Callback::new(move |(code, _): (Code, bool)| {
                    if let Ok(night) = code.as_str().parse() {
                        form.update(|form| form.night = Some(night));
                    }
                })
            />
            <div class="pair">
                <TextField
                    label=words::PLAN_FROM
                    id="plan-from"
                    value=bind.text(|form| &form.from)
                    problem=work.faults.at("plan-from")
                    on_input=bind.write(|form| &mut form.from)
                />
                <TextField
                    label=words::PLAN_UNTIL
                    hint=words::PLAN_UNTIL_HINT
                    id="plan-until"
                    value=bind.text(|form| &form.until)
                    problem=work.faults.at("plan-until")
                    on_input=bind.write(|form| &mut form.until)
                />
            </div>
        </section>
    }
}

/// For whom, what for, and who leads.
#[component]
fn Whom(form: RwSignal<TaskingDraft>, work: FormWork, fixed: bool) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let bind = Bind(form);
    let teams = RwSignal::new(Vec::<(TeamId, String)>::new());
    if !fixed {
        spawn_local(async move {
            if let Ok(view) = call(ListTaskings { limit: 1 }).await {
                let _ = teams.try_set(view.teams);
            }
        });
    }
    let team_choices = Signal::derive(move || {
        teams.with(|teams| {
            teams.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel pile">
            <Show when=move || { teams.with(Vec::len) > 1 }>
                <ChipGroup
                    legend=words::PLAN_TEAM
                    pick=Pick::One
                    name="plan-team"
                    choices=team_choices
                    on=Signal::derive(move || {
                        form.with(|form| form.team).map(|team| Code::new(team.to_string())).into_iter().collect::<Vec<_>>()
                    })
                    on_change=Callback::new(move |(code, _): (Code, bool)| {
                        form.update(|form| form.team = code.as_str().parse().ok().or(form.team));
                    })
                />
            </Show>
            <TextField
                label=words::PLAN_UNITS
                hint=words::PLAN_UNITS_HINT
                id="plan-units"
                value=bind.text(|form| &form.units)
                problem=work.faults.at("plan-units")
                on_input=bind.write(|form| &mut form.units)
            />
            <ChipGroup
                legend=words::INITIATIVE
                pick=Pick::One
                name="initiative"
                choices=of_list(shell, list::INITIATIVE)
                on=bind.one(|form| &form.initiative)
                first=5
                on_change=bind.choose(|form| &mut form.initiative)
            />
            <Supervisor form />
        </section>
    }
}

/// The supervisor of the night, by collar number; whoever plans it unless another is named.
#[component]
fn Supervisor(form: RwSignal<TaskingDraft>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let shown = {
        let supervisor = form.with_untracked(|form| form.supervisor);
        let me = shell.session().get_untracked();
        let other = untrack(|| colleagues(shell)).into_iter().find(|one| Some(one.officer) == supervisor);
        let own = me.filter(|me| Some(me.officer) == supervisor).map(|me| me.title);
        RwSignal::new(other.map(|one| one.title).or(own).unwrap_or_default())
    };
    let problem = RwSignal::new(None::<String>);
    let typed = move |text: String| {
        let me = shell.session().get_untracked();
        let plain = text.trim().to_owned();
        shown.set(text);
        let own = me.filter(|me| me.title.eq_ignore_ascii_case(&plain)).map(|me| me.officer);
        let found = own.or_else(|| find(&untrack(|| colleagues(shell)), &plain).map(|one| one.officer));
        problem.set((found.is_none() && plain.len() > 3).then(|| words::PLAN_SUPERVISOR_UNKNOWN.to_owned()));
        form.update(|form| form.supervisor = found);
    };
    view! {
        <TextField
            label=words::PLAN_SUPERVISOR
            hint=words::PLAN_SUPERVISOR_HINT
            id="plan-supervisor"
            value=shown
            problem
            on_input=Callback::new(typed)
        />
    }
}

/// Puts an area in or takes it out.
fn choose(form: &mut TaskingDraft, places: &[PlaceChoice], code: &Code, on: bool) {
    if !on {
        form.areas.retain(|area| area.area.code != *code);
        return;
    }
    let Some(place) = places.iter().find(|place| place.code == *code) else { return };
    if form.areas.iter().all(|area| area.area.code != *code) {
        form.areas.push(DraftTaskedArea {
            area: AreaRef { code: code.clone(), name: place.name.clone() },
            band: place.band,
            max_gap_min: place.max_gap_min,
            windows: vec![DraftWindow::default()],
            why: Vec::new(),
            note: String::new(),
        });
    }
}

/// The areas: chosen from those known, each with its own windows.
#[component]
fn Areas(form: RwSignal<TaskingDraft>, places: RwSignal<Vec<PlaceChoice>>, work: FormWork) -> impl IntoView {
    let choices = Signal::derive(move || {
        places.with(|places| {
            let choice =
                |place: &PlaceChoice| Choice::new(place.code.clone(), place.name.clone()).glyph(Glyph::Pin);
            places.iter().map(choice).collect::<Vec<_>>()
        })
    });
    let on = Memo::new(move |_| {
        form.with(|form| form.areas.iter().map(|area| area.area.code.clone()).collect::<Vec<_>>())
    });
    view! {
        <section class="panel">
            <ChipGroup
                legend=words::PLAN_AREAS
                hint=words::PLAN_AREAS_HINT
                pick=Pick::Many
                name="plan-area"
                choices
                on=Signal::derive(move || on.get())
                first=AREAS_FIRST
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    form.update(|form| places.with_untracked(|places| choose(form, places, &code, on)));
                })
            />
        </section>
        <For each=move || on.get() key=Code::clone let:code>
            <AreaEditor form places code work />
        </For>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_put_in_once_with_one_window_and_taken_out() {
        let place = PlaceChoice {
            code: "POW".into(),
            name: "Prince of Wales Road".into(),
            district: None,
            band: (10, 16),
            max_gap_min: Some(120),
            why: String::new(),
            planned: None,
            last_by_me: None,
            last_by_anyone: None,
            shape: Vec::new(),
        };
        let (mut form, places) = (TaskingDraft::default(), [place]);
        choose(&mut form, &places, &"POW".into(), true);
        choose(&mut form, &places, &"POW".into(), true);
        choose(&mut form, &places, &"GONE".into(), true);
        assert_eq!(form.areas.len(), 1);
        assert_eq!((form.areas[0].windows.len(), form.areas[0].band), (1, (10, 16)));
        choose(&mut form, &places, &"POW".into(), false);
        assert!(form.areas.is_empty());
    }
}
