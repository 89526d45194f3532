//! One area of a plan: its own band and why the force lists it, the windows with their visits, why tonight, a few words.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{DraftTaskedArea, DraftWindow, TaskingDraft};
use beatbook_domain::id::Code;
use beatbook_protocol::ipc::PlaceChoice;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Pick, toggled};
use crate::components::fields::{FieldProblem, TextField};
use crate::components::icon::{Glyph, Icon};
use crate::components::stepper::{Stepper, StepperWords};
use crate::locales::words;
use crate::screens::coach::Coach;
use crate::screens::form::FormWork;
use crate::screens::today::of_list;

/// The ids of the editors, by their place in the plan: a fault leads to its area.
const ANCHORS: [&str; 16] = [
    "plan-area-0",
    "plan-area-1",
    "plan-area-2",
    "plan-area-3",
    "plan-area-4",
    "plan-area-5",
    "plan-area-6",
    "plan-area-7",
    "plan-area-8",
    "plan-area-9",
    "plan-area-10",
    "plan-area-11",
    "plan-area-12",
    "plan-area-13",
    "plan-area-14",
    "plan-area-15",
];
/// Most visits asked in one window.
const MOST_VISITS: u32 = 20;

/// The editor that stands for a field of one area: `windows-2`, `note-2`.
pub fn area_anchor(field: &str) -> Option<&'static str> {
    let number = field.strip_prefix("windows-").or_else(|| field.strip_prefix("note-"))?;
    ANCHORS.get(number.parse::<usize>().ok()?).copied()
}

/// Reads one area of the plan; the answer of an empty one where it was just taken out.
fn of<T: Default>(form: RwSignal<TaskingDraft>, code: &Code, read: impl Fn(&DraftTaskedArea) -> T) -> T {
    form.with(|form| form.areas.iter().find(|area| area.area.code == *code).map(read).unwrap_or_default())
}

fn change(form: RwSignal<TaskingDraft>, code: &Code, write: impl FnOnce(&mut DraftTaskedArea)) {
    form.update(|form| {
        if let Some(area) = form.areas.iter_mut().find(|area| area.area.code == *code) {
            write(area);
        }
    });
}

fn window(form: RwSignal<TaskingDraft>, code: &Code, at: usize, write: impl FnOnce(&mut DraftWindow)) {
    change(form, code, |area| {
        if let Some(window) = area.windows.get_mut(at) {
            write(window);
        }
    });
}

/// One area.
#[component]
pub fn AreaEditor(
    /// The plan.
    form: RwSignal<TaskingDraft>,
    /// The areas known.
    places: RwSignal<Vec<PlaceChoice>>,
    /// Which.
    code: Code,
    /// The form.
    work: FormWork,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let code = StoredValue::new(code);
    let with = move |read: fn(&DraftTaskedArea) -> String| code.with_value(|code| of(form, code, read));
    let place = Memo::new(move |_| {
        form.with(|form| code.with_value(|code| form.areas.iter().position(|area| area.area.code == *code)))
    });
    let anchor = move || place.get().and_then(|place| ANCHORS.get(place)).copied().unwrap_or("plan-area");
    let problem = Signal::derive(move || {
        let anchor = anchor();
        (anchor != "plan-area").then(|| work.faults.at(anchor).get()).flatten()
    });
    let name = Memo::new(move |_| with(|area| area.area.name.clone()));
    let rhythm = move || {
        code.with_value(|code| of(form, code, |area| words::area_rhythm(area.band, area.max_gap_min)))
    };
    let owner_why = move || {
        places.with(|places| {
            code.with_value(|code| {
                places.iter().find(|place| place.code == *code).map(|place| place.why.clone())
            })
            .unwrap_or_default()
        })
    };
    let windows = Memo::new(move |_| code.with_value(|code| of(form, code, |area| area.windows.len())));
    let test = code.with_value(Code::to_string);
    let note_id = format!("plan-note-{test}");
    let write_note = Callback::new(move |text: String| {
        code.with_value(|code| change(form, code, |area| area.note = text));
    });
    view! {
        <section class="panel pile" id=anchor tabindex="-1" data-test="plan-editor" data-area=test.clone()>
            <div class="sec-head">
                <h2>{move || name.get()}</h2>
                <button
                    type="button"
                    class="icon-btn"
                    data-test="plan-remove"
                    aria-label=move || words::remove_area(&name.get())
                    on:click=move |_| {
                        form.update(|form| code.with_value(|code| form.areas.retain(|area| area.area.code != *code)));
                    }
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <p class="meta">{rhythm}</p>
            {move || {
                let why = owner_why();
                (!why.is_empty()).then(|| view! { <p class="meta">{words::ALWAYS_LISTED} ": " {why}</p> })
            }}
            <For each=move || 0..windows.get() key=|at| *at let:at>
                <WindowEditor form code at name windows />
            </For>
            <FieldProblem id=format!("windows-{test}") problem />
            <div class="btn-row">
                <button
                    type="button"
                    class="btn"
                    data-test="add-window"
                    on:click=move |_| {
                        code.with_value(|code| change(form, code, |area| area.windows.push(DraftWindow::default())));
                    }
                >
                    <Icon glyph=Glyph::Plus />
                    {words::ADD_WINDOW}
                </button>
            </div>
            <ChipGroup
                legend=words::WHY_LISTED
                pick=Pick::Many
                name=format!("why-{test}")
                choices=of_list(shell, list::TASKING_REASON)
                on=Signal::derive(move || code.with_value(|code| of(form, code, |area| area.why.clone())))
                first=4
                on_change=Callback::new(move |(reason, on): (Code, bool)| {
                    code.with_value(|code| {
                        change(form, code, |area| area.why = toggled(std::mem::take(&mut area.why), &reason, on));
                    });
                })
            />
            <TextField
                label=words::PLAN_NOTE
                hint=words::PLAN_NOTE_HINT
                id=note_id.clone()
                value=Signal::derive(move || with(|area| area.note.clone()))
                on_input=write_note
            />
            <Coach
                id="plan-note"
                text=Signal::derive(move || with(|area| area.note.clone()))
                on_input=write_note
            />
        </section>
    }
}

/// One window: from, until, visits by each unit.
#[component]
fn WindowEditor(
    form: RwSignal<TaskingDraft>,
    code: StoredValue<Code>,
    at: usize,
    #[prop(into)] name: Signal<String>,
    #[prop(into)] windows: Signal<usize>,
) -> impl IntoView {
    let read = move |read: fn(&DraftWindow) -> String| {
        code.with_value(|code| of(form, code, |area| area.windows.get(at).map(read).unwrap_or_default()))
    };
    let write = move |write: fn(&mut DraftWindow) -> &mut String| {
        Callback::new(move |text: String| {
            code.with_value(|code| window(form, code, at, |window| *write(window) = text));
        })
    };
    let visits = Signal::derive(move || {
        code.with_value(|code| of(form, code, |area| area.windows.get(at).map_or(1, |window| window.visits)))
    });
    let test = code.with_value(|code| format!("{code}-{at}"));
    view! {
        <fieldset class="group" data-test="plan-window">
            <legend class="vh">{move || words::window_n(&name.get(), at + 1)}</legend>
            <div class="pair">
                <TextField
                    label=words::WINDOW_FROM
                    hint=words::PLAN_WHOLE
                    id=format!("window-from-{test}")
                    value=Signal::derive(move || read(|window| window.from.clone()))
                    on_input=write(|window| &mut window.from)
                />
                <TextField
                    label=words::WINDOW_UNTIL
                    id=format!("window-until-{test}")
                    value=Signal::derive(move || read(|window| window.until.clone()))
                    on_input=write(|window| &mut window.until)
                />
            </div>
            <div class="with-key">
                <Stepper
                    words=StepperWords::counting(words::WINDOW_VISITS_EACH, words::VISIT_ONE)
                    test=format!("window-visits-{test}")
                    line=true
                    value=visits
                    min=1
                    max=MOST_VISITS
                    on_change=Callback::new(move |visits| {
                        code.with_value(|code| window(form, code, at, |window| window.visits = visits));
                    })
                />
                <Show when=move || { windows.get() > 1 }>
                    <button
                        type="button"
                        class="icon-btn"
                        data-test="remove-window"
                        aria-label=words::REMOVE_WINDOW
                        on:click=move |_| {
                            code.with_value(|code| {
                                change(form, code, |area| {
                                    if at < area.windows.len() {
                                        area.windows.remove(at);
                                    }
                                });
                            });
                        }
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </Show>
            </div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_leads_to_its_area() {
        assert_eq!(area_anchor("windows-2"), Some("plan-area-2"));
        assert_eq!(area_anchor("note-0"), Some("plan-area-0"));
        assert_eq!(area_anchor("windows-99"), None);
        assert_eq!(area_anchor("until"), None);
    }
}
