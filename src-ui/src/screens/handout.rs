//! Handout alone: materials given without a conversation, or left in bulk at a venue.

use std::collections::BTreeMap;

use beatbook_domain::entry::{DraftForm, DraftItem};
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::DraftView;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{ErrorSummary, TextArea};
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

/// The chip that stands for "left at a venue".
const BULK: &str = "bulk";

/// A handout form on a draft.
#[component]
pub fn Handout(
    /// The entry.
    id: EntryId,
) -> impl IntoView {
    view! { <DraftScreen id title=words::HANDOUT form=|draft| view! { <Form draft /> } /> }
}

/// The control that stands for a field of the check.
fn anchor(field: &str) -> &'static str {
    match field {
        "cards" => "cards",
        "note" => "note",
        other => crate::screens::circumstances::anchor(other),
    }
}

/// How many of each material the lines hold.
fn counts(items: &[DraftItem]) -> BTreeMap<Code, u32> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.material.clone()).or_insert(0) += item.quantity;
    }
    counts
}

/// The lines with these counts. A material whose count stands keeps its language and batch.
fn items(before: &[DraftItem], counts: BTreeMap<Code, u32>) -> Vec<DraftItem> {
    counts
        .into_iter()
        .filter(|(_, quantity)| *quantity > 0)
        .map(|(material, quantity)| {
            let known = before.iter().find(|item| item.material == material).cloned();
            DraftItem { quantity, ..known.unwrap_or(DraftItem { material, ..DraftItem::default() }) }
        })
        .collect()
}

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let to = route_of(&draft);
    let DraftForm::Handout(holds) = draft.form else {
        shell.router().replace(to);
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let told = RwSignal::new(draft.told);
    let bind = Bind(form);
    let work = FormWork::start(
        draft.entry_id,
        Signal::derive(move || DraftForm::Handout(form.get())),
        told.into(),
        anchor,
    );
    let number = draft.number;
    let meta = Signal::derive(move || words::entry_meta(number, told.with(|told| told.occurred_at)));
    let away = shell.may_go_away();
    view! {
        <AppShell>
            <Top title=words::HANDOUT meta back=Back { to: Route::Today, label: words::BACK_KEEPS_DRAFT }>
                <DraftChip state=work.keeper.state() />
            </Top>
            <Main>
                <ErrorSummary faults=work.faults />
                <PlaceField
                    place=Signal::derive(move || form.with(|form| form.place.clone()))
                    on_change=Callback::new(move |place| form.update(|form| form.place = Some(place)))
                />
                <ChipGroup
                    legend=words::HANDOUT_HOW
                    pick=Pick::Many
                    name="handout"
                    choices=vec![Choice::new(BULK, words::HANDOUT_BULK)]
                    on=Signal::derive(move || {
                        if form.with(|form| form.bulk) { vec![Code::from(BULK)] } else { Vec::new() }
                    })
                    on_change=Callback::new(move |(_, on): (Code, bool)| form.update(|form| form.bulk = on))
                />
                <Materials
                    counts=Signal::derive(move || form.with(|form| counts(&form.items)))
                    on_change=Callback::new(move |counts| {
                        form.update(|form| form.items = items(&form.items, counts));
                    })
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
                    <button type="button" class="btn btn-go" data-test="save-handout" on:click=move |_| work.save()>
                        <Icon glyph=Glyph::Check />
                        {words::SAVE_HANDOUT}
                    </button>
                </Bar>
            </Foot>
        </AppShell>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_chosen_before_stays_with_its_material() {
        let line = DraftItem {
            material: "MAT_ALARM".into(),
            quantity: 2,
            batch: Some("B7".into()),
            ..DraftItem::default()
        };
        let after = items(&[line], [("MAT_ALARM".into(), 5), ("MAT_OTHER".into(), 1)].into());
        assert_eq!(after[0].batch, Some("B7".into()));
        assert_eq!(counts(&after), [("MAT_ALARM".into(), 5), ("MAT_OTHER".into(), 1)].into());
    }
}
