//! Duties: what must still be done after an entry, due first first, until a reference or a word discharges it.

use beatbook_domain::duty;
use beatbook_domain::entry::DraftReference;
use beatbook_domain::id::Code;
use beatbook_protocol::ipc::{DischargeDuty, DutyRow, ListDuties};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::fields::TextField;
use crate::components::frame::{AppShell, Back, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::coach::Coach;
use crate::screens::{LoadError, load};

/// The duties.
#[component]
pub fn Duties() -> impl IntoView {
    let duties = load(|| ListDuties {});
    let list = Memo::new(move |_| duties.view.get().map(|view| view.duties).unwrap_or_default());
    let chosen = RwSignal::new(None::<DutyRow>);
    let of = move |open: bool| {
        Memo::new(move |_| {
            list.with(|list| list.iter().filter(|duty| duty.open == open).cloned().collect::<Vec<_>>())
        })
    };
    let (to_do, done) = (of(true), of(false));
    let meta =
        Signal::derive(move || words::duties_open(u32::try_from(to_do.with(Vec::len)).unwrap_or(u32::MAX)));
    view! {
        <AppShell>
            <Top title=words::DUTIES meta back=Back { to: Route::Today, label: words::BACK_TO_SHIFT } />
            <Main>
                <LoadError error=duties.error />
                <section class="group" aria-labelledby="to-do">
                    <h2 class="sec" id="to-do">{words::DUTIES_TO_DO}</h2>
                    <Show
                        when=move || !to_do.with(Vec::is_empty)
                        fallback=|| view! { <p class="sub" data-test="no-duties">{words::NO_DUTIES}</p> }
                    >
                        <DutyList duties=to_do chosen />
                    </Show>
                </section>
                <Show when=move || !done.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="done">
                        <h2 class="sec" id="done">{words::DUTIES_DONE}</h2>
                        <DutyList duties=done chosen />
                    </section>
                </Show>
            </Main>
            <Foot>
                <Dock current=None />
            </Foot>
            <DischargeSheet chosen on_done=Callback::new(|()| ()) />
        </AppShell>
    }
}

/// Duties, each with the key that discharges it.
#[component]
pub fn DutyList(
    /// The duties, in the order they are shown.
    #[prop(into)]
    duties: Signal<Vec<DutyRow>>,
    /// Set to the one that is to be discharged.
    chosen: RwSignal<Option<DutyRow>>,
    /// On the screen of the entry they arose from.
    #[prop(optional)]
    here: bool,
) -> impl IntoView {
    view! {
        <ul class="rows">
            <For each=move || duties.get() key=|duty| format!("{duty:?}") let:duty>
                <li><Duty duty chosen here /></li>
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

/// One duty: what, of which entry, when due; overdue in words and with an icon.
#[component]
fn Duty(duty: DutyRow, chosen: RwSignal<Option<DutyRow>>, here: bool) -> impl IntoView {
    let row = StoredValue::new(duty.clone());
    let due = words::duty_due(duty.due, duty.overdue);
    let (class, glyph, stands) = match (&duty.reference, duty.open) {
        (Some(reference), false) => ("saved", Glyph::Check, words::duty_reference(reference)),
        (None, false) => ("saved", Glyph::Check, words::DUTY_DISCHARGED.to_owned()),
        (_, true) if duty.overdue => ("waiting", Glyph::Alert, due),
        (_, true) => ("waiting", Glyph::Clock, due),
    };
    let name = words::discharge_name(&duty.what.label, &duty.about_line);
    view! {
        <div class="duty" data-test="duty-row" data-what=duty.what.code.to_string() data-open=duty.open.to_string()>
            <div class="row-t">
                <b>{duty.what.label.clone()}</b>
                {(!here).then(|| view! { <span class="meta">{duty.about_line.clone()}</span> })}
                <span class=format!("state {class} wraps")>
                    <Icon glyph size=IconSize::Small />
                    <span>{stands}</span>
                </span>
            </div>
            <div class="btn-row">
                {duty.open.then(|| view! {
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
                    <a class="btn" href=Route::Entry(about).href() data-test="duty-entry">{words::DUTY_OPEN_ENTRY}</a>
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
