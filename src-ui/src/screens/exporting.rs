//! A file of what a screen shows, sealed to the force: its forms, why it is made, and where it then lies. What it holds
//! and that it is logged is said before anything is pressed.

use beatbook_domain::entry::Marking;
use beatbook_domain::export::{Form, Reason};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::period::GroupBy;
use beatbook_protocol::ipc::{AppError, Capability, ExportPeriod, ExportShift, ExportedView};
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, OptionGroup, Pick};
use crate::components::fields::FieldProblem;
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;

/// What a file is made of.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum What {
    /// The summary of a shift.
    Shift(EntryId),
    /// The figures from the first day until before the last, by this.
    Period(NaiveDate, NaiveDate, GroupBy),
}

impl What {
    async fn export(self, forms: Vec<Form>, reason: Reason) -> Result<ExportedView, AppError> {
        match self {
            Self::Shift(shift_id) => call(ExportShift { shift_id, forms, reason }).await,
            Self::Period(from, until, by) => call(ExportPeriod { from, until, by, forms, reason }).await,
        }
    }
}

/// The panel with the key, for whoever reviews a team, and the sheet behind it.
#[component]
pub fn ExportPanel(
    /// What is exported.
    #[prop(into)]
    what: Signal<What>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let open = RwSignal::new(false);
    let may = move || {
        shell.session().with(|session| {
            session.as_ref().is_some_and(|session| session.capabilities.contains(&Capability::Review))
        })
    };
    view! {
        <Show when=may>
            <section class="panel no-print" aria-labelledby="ex-h" data-test="export-panel">
                <h2 id="ex-h">{words::EXPORT}</h2>
                <p class="sub">
                    {move || match what.get() {
                        What::Shift(_) => words::EXPORT_PANEL,
                        What::Period(..) => words::EXPORT_PANEL_PERIOD,
                    }}
                </p>
                <div class="btn-row gap-top">
                    <button type="button" class="btn" data-test="export" on:click=move |_| open.set(true)>
                        <Icon glyph=Glyph::Export />
                        {words::EXPORT}
                    </button>
                </div>
            </section>
            <Sheet open title=words::EXPORT id="export-sheet">
                <Asked what />
            </Sheet>
        </Show>
    }
}

/// The questions, then the file.
#[component]
fn Asked(what: Signal<What>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let forms = RwSignal::new(vec![Form::Pdf]);
    let reason = RwSignal::new(None::<Reason>);
    let making = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let done = RwSignal::new(None::<ExportedView>);
    let go = move |_| {
        if making.get_untracked() {
            return;
        }
        let Some(why) = reason.get_untracked() else {
            problem.set(Some(words::EXPORT_SAY_WHY.to_owned()));
            return;
        };
        problem.set(None);
        making.set(true);
        spawn_local(async move {
            let answer = what.get_untracked().export(forms.get_untracked(), why).await;
            making.try_set(false);
            match answer {
                Ok(view) => {
                    shell.announce(words::export_said(&view.file));
                    done.try_set(Some(view));
                }
                Err(error) => {
                    problem.try_set(Some(error.message));
                }
            }
        });
    };
    let form_choices = Form::ALL.map(|form| Choice::new(form.code(), form.words()));
    let reason_choices = Reason::ALL.map(|reason| Choice::new(reason.code(), reason.words()));
    view! {
        {move || match done.get() {
            Some(view) => view! { <Made view /> }.into_any(),
            None => view! {
                <p class="sub">
                    {move || match what.get() {
                        What::Shift(_) => words::EXPORT_HOLDS,
                        What::Period(..) => words::EXPORT_HOLDS_PERIOD,
                    }}
                </p>
                <ChipGroup
                    legend=words::EXPORT_FORMS
                    pick=Pick::Many
                    name="export-form"
                    choices=Signal::stored(form_choices.to_vec())
                    on=Signal::derive(move || forms.with(|on| on.iter().map(|form| Code::new(form.code())).collect()))
                    on_change=Callback::new(move |(code, on): (Code, bool)| {
                        let Some(form) = Form::ALL.into_iter().find(|form| code == *form.code()) else { return };
                        forms.update(|forms| {
                            forms.retain(|one| *one != form);
                            if on {
                                forms.push(form);
                            }
                        });
                        problem.set(None);
                    })
                />
                <OptionGroup
                    legend=words::EXPORT_WHY
                    pick=Pick::One
                    name="export-why"
                    choices=Signal::stored(reason_choices.to_vec())
                    on=Signal::derive(move || reason.get().iter().map(|reason| Code::new(reason.code())).collect())
                    on_change=Callback::new(move |(code, on): (Code, bool)| {
                        reason.set(Reason::from_code(code.as_str()).filter(|_| on));
                        problem.set(None);
                    })
                />
                <p class="sub">{words::EXPORT_LOGGED} " " {words::EXPORT_OUTSIDE}</p>
                <div role="status">
                    <FieldProblem id="export" problem />
                </div>
                <div class="btn-row">
                    <button type="button" class="btn btn-lg btn-go" data-test="export-go" on:click=go>
                        <Icon glyph=Glyph::Export />
                        {move || if making.get() { words::EXPORT_MAKING } else { words::EXPORT_GO }}
                    </button>
                </div>
            }
            .into_any(),
        }}
    }
}

/// The file that was made.
#[component]
fn Made(view: ExportedView) -> impl IntoView {
    let ExportedView { file, folder, in_app, marking, inside, .. } = view;
    let restricted = marking == Marking::OfficialSensitive;
    view! {
        <Note tone=Tone::Plain glyph=Glyph::Ok heading=words::EXPORT_DONE text=file test="export-done" />
        <div class="group" data-test="export-where">
            <p>
                <span class="meta">{words::EXPORT_FOLDER}</span>
                <br />
                <strong>{folder}</strong>
            </p>
            <p class="meta">{words::EXPORT_INSIDE}</p>
            <ul>{inside.into_iter().map(|name| view! { <li><strong>{name}</strong></li> }).collect_view()}</ul>
        </div>
        {restricted.then(|| view! { <p class="sub">{words::EXPORT_RESTRICTED}</p> })}
        <p class="sub">{if in_app { words::EXPORT_IN_APP } else { words::EXPORT_SEALED }}</p>
    }
}
