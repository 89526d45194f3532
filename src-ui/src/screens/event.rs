//! Event: a stall, a drop-in, a street event. Many people at once, counted in bands, never one by one.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::EntryId;
use beatbook_protocol::ipc::DraftView;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Pick};
use crate::components::fields::{ErrorSummary, TextArea, TextField};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::state::DraftChip;
use crate::locales::words;
use crate::route::Route;
use crate::screens::bind::Bind;
use crate::screens::circumstances::CircumstancesPanel;
use crate::screens::coach::Coach;
use crate::screens::form::{Discard, DraftScreen, FormWork, route_of};
use crate::screens::materials::Materials;
use crate::screens::place::PlaceField;
use crate::screens::today::of_list;

/// An event form on a draft.
#[component]
pub fn Event(
    /// The entry.
    id: EntryId,
) -> impl IntoView {
    view! { <DraftScreen id title=words::EVENT form=|draft| view! { <Form draft /> } /> }
}

/// The control that stands for a field of the check.
fn anchor(field: &str) -> &'static str {
    match field {
        "event_type" => "event-type",
        "attendance" => "attendance",
        "partners" => "partner",
        "topics" => "topic",
        "cards" => "cards",
        "name" => "event-name",
        "note" => "note",
        other => crate::screens::circumstances::anchor(other),
    }
}

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let to = route_of(&draft);
    let DraftForm::Event(holds) = draft.form else {
        shell.router().replace(to);
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let told = RwSignal::new(draft.told);
    let bind = Bind(form);
    let work = FormWork::start(
        draft.entry_id,
        Signal::derive(move || DraftForm::Event(form.get())),
        told.into(),
        anchor,
    );
    let number = draft.number;
    let meta = Signal::derive(move || words::entry_meta(number, told.with(|told| told.occurred_at)));
    let away = shell.may_go_away();
    view! {
        <AppShell>
            <Top title=words::EVENT meta back=Back { to: Route::Today, label: words::BACK_KEEPS_DRAFT }>
                <DraftChip state=work.keeper.state() />
            </Top>
            <Main>
                <ErrorSummary faults=work.faults />
                <PlaceField
                    place=Signal::derive(move || form.with(|form| form.place.clone()))
                    on_change=Callback::new(move |place| form.update(|form| form.place = Some(place)))
                />
                <ChipGroup
                    legend=words::EVENT_TYPE
                    pick=Pick::One
                    name="event-type"
                    choices=of_list(shell, list::EVENT_TYPE)
                    on=bind.one(|form| &form.event_type)
                    on_change=bind.choose(|form| &mut form.event_type)
                />
                <TextField
                    label=words::EVENT_NAME
                    hint=words::EVENT_NAME_HINT
                    id="event-name"
                    value=bind.text(|form| &form.name)
                    problem=work.faults.at("event-name")
                    on_input=bind.write(|form| &mut form.name)
                />
                <ChipGroup
                    legend=words::ATTENDANCE
                    pick=Pick::One
                    name="attendance"
                    choices=of_list(shell, list::ATTENDANCE)
                    on=bind.one(|form| &form.attendance)
                    on_change=bind.choose(|form| &mut form.attendance)
                />
                <ChipGroup
                    legend=words::PARTNERS_PRESENT
                    pick=Pick::Many
                    name="partner"
                    choices=of_list(shell, list::PARTNER)
                    on=bind.many(|form| &form.partners)
                    on_change=bind.toggle(|form| &mut form.partners)
                />
                <Materials
                    counts=Signal::derive(move || form.with(|form| form.cards.clone()))
                    on_change=Callback::new(move |counts| form.update(|form| form.cards = counts))
                />
                <ChipGroup
                    legend=words::TOPICS
                    pick=Pick::Many
                    name="topic"
                    choices=of_list(shell, list::TOPIC)
                    on=bind.many(|form| &form.topics)
                    first=7
                    on_change=bind.toggle(|form| &mut form.topics)
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
            <Foot>
                <Bar away>
                    <button type="button" class="btn btn-go" data-test="save-event" on:click=move |_| work.save()>
                        <Icon glyph=Glyph::Check />
                        {words::SAVE_EVENT}
                    </button>
                </Bar>
            </Foot>
        </AppShell>
    }
    .into_any()
}
