//! Environment referral: what is wrong, whose it is, where exactly, and a photo of the thing, never of people.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::EntryId;
use beatbook_protocol::ipc::DraftView;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{OptionGroup, Pick};
use crate::components::fields::{ErrorSummary, TextArea, TextField};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::state::DraftChip;
use crate::locales::words;
use crate::route::Route;
use crate::screens::bind::Bind;
use crate::screens::circumstances::CircumstancesPanel;
use crate::screens::coach::Coach;
use crate::screens::engagement::full_list;
use crate::screens::form::{Discard, DraftScreen, FormWork, route_of};
use crate::screens::photo::PhotoField;
use crate::screens::place::PlaceField;

/// A referral form on a draft.
#[component]
pub fn Referral(
    /// The entry.
    id: EntryId,
) -> impl IntoView {
    view! { <DraftScreen id title=words::REFERRAL form=|draft| view! { <Form draft /> } /> }
}

/// The control that stands for a field of the check.
fn anchor(field: &str) -> &'static str {
    match field {
        "issue" => "issue",
        "owner" => "owner",
        "details" => "details",
        "owner_ref" => "owner-ref",
        other => crate::screens::circumstances::anchor(other),
    }
}

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let to = route_of(&draft);
    let DraftForm::Referral(holds) = draft.form else {
        shell.router().replace(to);
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let told = RwSignal::new(draft.told);
    let bind = Bind(form);
    let work = FormWork::start(
        draft.entry_id,
        Signal::derive(move || DraftForm::Referral(form.get())),
        told.into(),
        anchor,
    );
    let number = draft.number;
    let meta = Signal::derive(move || words::entry_meta(number, told.with(|told| told.occurred_at)));
    let away = shell.may_go_away();
    view! {
        <AppShell>
            <Top title=words::REFERRAL meta back=Back { to: Route::Today, label: words::BACK_KEEPS_DRAFT }>
                <DraftChip state=work.keeper.state() />
            </Top>
            <Main>
                <ErrorSummary faults=work.faults />
                <PlaceField
                    place=Signal::derive(move || form.with(|form| form.place.clone()))
                    on_change=Callback::new(move |place| form.update(|form| form.place = Some(place)))
                />
                <OptionGroup
                    legend=words::REFERRAL_ISSUE
                    pick=Pick::One
                    name="issue"
                    choices=full_list(shell, list::STREETSAFE_ENVIRONMENT)
                    on=bind.one(|form| &form.issue)
                    on_change=bind.choose(|form| &mut form.issue)
                />
                <OptionGroup
                    legend=words::REFERRAL_OWNER
                    pick=Pick::One
                    name="owner"
                    choices=full_list(shell, list::REFERRAL_OWNER)
                    on=bind.one(|form| &form.owner)
                    on_change=bind.choose(|form| &mut form.owner)
                />
                <TextArea
                    label=words::REFERRAL_DETAILS
                    hint=words::NOTE_HINT
                    id="details"
                    value=bind.text(|form| &form.details)
                    problem=work.faults.at("details")
                    on_input=bind.write(|form| &mut form.details)
                />
                <Coach
                    id="details"
                    text=bind.text(|form| &form.details)
                    on_input=bind.write(|form| &mut form.details)
                />
                <TextField
                    label=words::OWNER_REF
                    hint=words::OWNER_REF_HINT
                    id="owner-ref"
                    value=bind.text(|form| &form.owner_ref)
                    problem=work.faults.at("owner-ref")
                    on_input=bind.write(|form| &mut form.owner_ref)
                />
                <PhotoField
                    photo=Signal::derive(move || form.with(|form| form.photo.clone()))
                    on_change=Callback::new(move |photo| form.update(|form| form.photo = photo))
                />
                <CircumstancesPanel told work />
                <Discard work />
            </Main>
            <Foot>
                <Bar away>
                    <button type="button" class="btn btn-go" data-test="save-referral" on:click=move |_| work.save()>
                        <Icon glyph=Glyph::Check />
                        {words::SAVE_REFERRAL}
                    </button>
                </Bar>
            </Foot>
        </AppShell>
    }
    .into_any()
}
