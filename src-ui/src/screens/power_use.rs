//! Power used, alone or from a concern note. The statutory record is made where the law wants it; here stands that it was
//! used, on what authority, and that record's reference.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{DraftForm, Kind};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::power::needs_uniform;
use beatbook_domain::time::{self, Millis};
use beatbook_protocol::ipc::DraftView;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{ErrorSummary, TextArea, TextField};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::state::DraftChip;
use crate::components::stepper::{Stepper, StepperWords};
use crate::locales::words;
use crate::route::Route;
use crate::screens::authority::AuthorityFields;
use crate::screens::bind::Bind;
use crate::screens::circumstances::CircumstancesPanel;
use crate::screens::coach::Coach;
use crate::screens::form::{Discard, DraftScreen, FormWork, route_of};
use crate::screens::happened::{ClockField, Toward};
use crate::screens::place::PlaceField;
use crate::screens::references::References;
use crate::screens::signing::{SignSheet, Signing};
use crate::screens::today::of_list;

/// The chip that stands for "in plain clothes".
const PLAIN: &str = "plain";

/// A power-used form on a draft.
#[component]
pub fn PowerUse(
    /// The entry.
    id: EntryId,
) -> impl IntoView {
    view! { <DraftScreen id title=words::POWER_USED form=|draft| view! { <Form draft /> } /> }
}

/// The control that stands for a field of the check.
fn anchor(field: &str) -> &'static str {
    match field {
        "power" => "power",
        "authority" => "authority-ref",
        "people" => "people-plus",
        "references" => "references",
        "area" => "power-area",
        "note" => "note",
        "until" => "power-until",
        other => crate::screens::circumstances::anchor(other),
    }
}

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let lists = shell.lists();
    let to = route_of(&draft);
    let DraftForm::PowerUse(holds) = draft.form else {
        shell.router().replace(to);
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let told = RwSignal::new(draft.told);
    let bind = Bind(form);
    let whole = Signal::derive(move || DraftForm::PowerUse(form.get()));
    let work = FormWork::start(draft.entry_id, whole, told.into(), anchor);
    let signing = Signing::of(work, whole);
    let authority = Memo::new(move |_| {
        lists.with(|lists| {
            lists.as_ref().is_some_and(|lists| {
                let powers: Vec<Code> = form.with(|form| form.power.iter().cloned().collect());
                check::needs_authority(&lists.edition, &powers, time::duty_date(lists.now))
            })
        })
    });
    let asks_uniform = Memo::new(move |_| {
        form.with(|form| form.plain_clothes && form.power.as_ref().is_some_and(needs_uniform))
    });
    let number = draft.number;
    let meta = Signal::derive(move || words::entry_meta(number, told.with(|told| told.occurred_at)));
    let away = shell.may_go_away();
    let marking = Kind::PowerUse.marking().words();
    view! {
        <AppShell>
            <Top
                title=words::POWER_USED
                meta
                back=Back { to: Route::Today, label: words::BACK_KEEPS_DRAFT }
                marking=marking.to_owned()
            >
                <DraftChip state=work.keeper.state() />
            </Top>
            <Main>
                <ErrorSummary faults=work.faults />
                <PlaceField
                    place=Signal::derive(move || form.with(|form| form.place.clone()))
                    on_change=Callback::new(move |place| form.update(|form| form.place = Some(place)))
                />
                <ChipGroup
                    legend=words::POWER
                    pick=Pick::One
                    name="power"
                    choices=powers(shell)
                    on=bind.one(|form| &form.power)
                    first=6
                    on_change=bind.choose(|form| &mut form.power)
                />
                <Show when=move || authority.get()>
                    <AuthorityFields form told work />
                </Show>
                <Show when=move || asks_uniform.get()>
                    <Note
                        tone=Tone::Wait
                        glyph=Glyph::Info
                        heading=words::PLAIN_ASKS
                        text=check::ProblemCode::PlainClothes.words().to_owned()
                        live=true
                        test="plain-asks"
                    />
                </Show>
                <Stepper
                    words=StepperWords::counting(words::POWER_PEOPLE, words::ONE_PERSON)
                    test="people"
                    value=Signal::derive(move || form.with(|form| form.people))
                    min=1
                    on_change=Callback::new(move |people| form.update(|form| form.people = people))
                />
                <ChipGroup
                    legend=words::POWER_REASON
                    pick=Pick::One
                    name="power-reason"
                    choices=of_list(shell, list::POWER_REASON)
                    on=bind.one(|form| &form.reason_class)
                    on_change=bind.choose(|form| &mut form.reason_class)
                />
                <TextField
                    label=words::POWER_AREA
                    hint=words::POWER_AREA_HINT
                    id="power-area"
                    value=bind.text(|form| &form.area)
                    problem=work.faults.at("power-area")
                    on_input=bind.write(|form| &mut form.area)
                />
                <Coach
                    id="power-area"
                    text=bind.text(|form| &form.area)
                    on_input=bind.write(|form| &mut form.area)
                />
                <HoursChoice until=Signal::derive(move || form.with(|form| form.until)) from=Signal::derive(move || told.with(|told| told.occurred_at)) on_change=Callback::new(move |at: Option<Millis>| form.update(|form| form.until = at)) />
                <ClockField
                    label=words::POWER_UNTIL
                    hint=words::POWER_UNTIL_HINT
                    id="power-until"
                    value=Signal::derive(move || form.with(|form| form.until))
                    toward=Toward::After(Signal::derive(move || told.with(|told| told.occurred_at)))
                    problem=work.faults.at("power-until")
                    on_change=Callback::new(move |at: Option<Millis>| form.update(|form| form.until = at))
                />
                <ChipGroup
                    legend=words::POWER_CLOTHES
                    pick=Pick::Many
                    name="clothes"
                    choices=vec![Choice::new(PLAIN, words::POWER_PLAIN)]
                    on=Signal::derive(move || {
                        if form.with(|form| form.plain_clothes) { vec![Code::from(PLAIN)] } else { Vec::new() }
                    })
                    on_change=Callback::new(move |(_, on): (Code, bool)| form.update(|form| form.plain_clothes = on))
                />
                <References
                    references=Signal::derive(move || form.with(|form| form.references.clone()))
                    on_change=Callback::new(move |references| form.update(|form| form.references = references))
                />
                <TextArea
                    label=words::NOTE
                    hint=words::NOTE_HINT
                    id="note"
                    value=bind.text(|form| &form.note)
                    problem=work.faults.at("note")
                    on_input=bind.write(|form| &mut form.note)
                />
                <Coach id="note" text=bind.text(|form| &form.note) on_input=bind.write(|form| &mut form.note) />
                <CircumstancesPanel told work />
                <Discard work />
            </Main>
            <Foot marking=marking.to_owned()>
                <Bar away>
                    <button type="button" class="btn btn-go" data-test="check-and-sign" on:click=move |_| signing.check()>
                        <Icon glyph=Glyph::Pencil />
                        {words::CHECK_AND_SIGN}
                    </button>
                </Bar>
            </Foot>
            <SignSheet signing />
        </AppShell>
    }
    .into_any()
}

/// The powers, without "no power used": a form about a power has one.
fn powers(shell: Shell) -> Signal<Vec<Choice>> {
    let all = of_list(shell, list::POWER);
    Signal::derive(move || all.get().into_iter().filter(|choice| choice.code.as_str() != "PW_NONE").collect())
}

/// The usual periods of a direction, counted from when it happened.
#[component]
fn HoursChoice(
    #[prop(into)] until: Signal<Option<Millis>>,
    #[prop(into)] from: Signal<Millis>,
    on_change: Callback<Option<Millis>>,
) -> impl IntoView {
    const HOURS: [i64; 5] = [4, 8, 12, 24, 48];
    const HOUR_MS: i64 = 60 * 60 * 1000;
    let periods: Vec<Choice> =
        HOURS.iter().map(|hours| Choice::new(hours.to_string(), words::n_hours(*hours))).collect();
    view! {
        <ChipGroup
            legend=words::POWER_FOR
            pick=Pick::One
            name="power-for"
            choices=periods
            on=Signal::derive(move || {
                let gap = until.get().map(|until| until.0 - from.get().0);
                HOURS.iter().filter(|hours| gap == Some(**hours * HOUR_MS)).map(|hours| Code::new(hours.to_string())).collect::<Vec<_>>()
            })
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                let hours: Option<i64> = code.as_str().parse().ok().filter(|_| on);
                on_change.run(hours.map(|hours| from.get_untracked().plus(hours * HOUR_MS)));
            })
        />
    }
}
