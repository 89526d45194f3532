//! Typed answers: a labelled field whose edge says whether it holds fact, opinion or neither, and the error summary.
//!
//! An error never clears what was typed.

use crate::components::icon::{Glyph, Icon, IconSize};
use crate::dom;
use crate::locales::words;
use leptos::html;
use leptos::prelude::*;

/// What kind of words a text holds. The edge differs: solid for fact, dashed for opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextKind {
    /// A plain answer.
    #[default]
    Plain,
    /// What was seen or heard.
    Fact,
    /// What the officer makes of it.
    Opinion,
    /// Words as spoken.
    Speech,
}

impl TextKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain | Self::Speech => "field",
            Self::Fact => "field field-fact",
            Self::Opinion => "field field-view",
        }
    }

    /// The tag at the right of the label: a word and its icon.
    const fn tag(self) -> Option<(Glyph, &'static str)> {
        match self {
            Self::Plain => None,
            Self::Fact => Some((Glyph::Eye, words::FACT)),
            Self::Opinion => Some((Glyph::Pencil, words::OPINION)),
            Self::Speech => Some((Glyph::Quote, words::EXACT_WORDS)),
        }
    }
}

/// The tag that names a text as fact, opinion or exact words.
#[component]
pub fn KindTag(
    /// Which.
    kind: TextKind,
) -> impl IntoView {
    kind.tag().map(|(glyph, word)| {
        view! {
            <span class="kind">
                <Icon glyph size=IconSize::Small />
                {word}
            </span>
        }
    })
}

/// A text of several lines.
#[component]
pub fn TextArea(
    /// The label.
    label: &'static str,
    /// A hint in the label.
    #[prop(optional)]
    hint: &'static str,
    /// A line under the field.
    #[prop(optional)]
    below: &'static str,
    /// The stable id and test name.
    #[prop(into)]
    id: String,
    /// Fact, opinion or neither.
    #[prop(optional)]
    kind: TextKind,
    /// The words now.
    #[prop(into)]
    value: Signal<String>,
    /// The problem with them, if any.
    #[prop(into, optional)]
    problem: Signal<Option<String>>,
    /// Told of every change.
    on_input: Callback<String>,
) -> impl IntoView {
    view! {
        <div class=kind.class()>
            <div class="field-head">
                <label class="lab" for=id.clone()>
                    {label}
                    {(!hint.is_empty()).then(|| view! { <span class="hint">" " {hint}</span> })}
                </label>
                <KindTag kind />
            </div>
            <textarea
                id=id.clone()
                data-test=id.clone()
                prop:value=move || value.get()
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=describes(&id, problem, !below.is_empty())
                on:input=move |event| on_input.run(event_target_value(&event))
            ></textarea>
            <FieldProblem id=id.clone() problem />
            {(!below.is_empty())
                .then(|| {
                    view! {
                        <p class="hint" id=format!("{id}-b")>
                            {below}
                        </p>
                    }
                })}
        </div>
    }
}

/// A text of one line.
#[component]
pub fn TextField(
    /// The label.
    label: &'static str,
    /// A hint in the label.
    #[prop(optional)]
    hint: &'static str,
    /// The stable id and test name.
    #[prop(into)]
    id: String,
    /// The words now.
    #[prop(into)]
    value: Signal<String>,
    /// The problem with them, if any.
    #[prop(into, optional)]
    problem: Signal<Option<String>>,
    /// The keyboard to bring up (`text`, `numeric`, `decimal`, `url`).
    #[prop(default = "text")]
    inputmode: &'static str,
    /// The browser's autocomplete purpose.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Told of every change.
    on_input: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="lab" for=id.clone()>
                {label}
                {(!hint.is_empty()).then(|| view! { <span class="hint">" " {hint}</span> })}
            </label>
            <input
                type="text"
                id=id.clone()
                data-test=id.clone()
                inputmode=inputmode
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                prop:value=move || value.get()
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=describes(&id, problem, false)
                on:input=move |event| on_input.run(event_target_value(&event))
            />
            <FieldProblem id problem />
        </div>
    }
}

/// The ids of the lines that describe a field, while they are there.
fn describes(id: &str, problem: Signal<Option<String>>, below: bool) -> impl Fn() -> Option<String> + use<> {
    let (at_problem, at_below) = (format!("{id}-p"), format!("{id}-b"));
    move || match (problem.with(Option::is_some), below) {
        (true, true) => Some(format!("{at_problem} {at_below}")),
        (true, false) => Some(at_problem.clone()),
        (false, true) => Some(at_below.clone()),
        (false, false) => None,
    }
}

/// The problem under one field: an icon, and what to do.
#[component]
pub fn FieldProblem(
    /// The field's id.
    #[prop(into)]
    id: String,
    /// The problem, if any.
    #[prop(into)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let id = format!("{id}-p");
    view! {
        {move || {
            problem
                .get()
                .map(|problem| {
                    view! {
                        <p class="state problem wraps" id=id.clone()>
                            <Icon glyph=Glyph::Alert size=IconSize::Small />
                            <span>{problem}</span>
                        </p>
                    }
                })
        }}
    }
}

/// One line of the error summary: where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The id of the field or group the link goes to.
    pub anchor: &'static str,
    /// What is missing or wrong, and the one thing to do.
    pub text: String,
}

/// What stops Save or Sign, and how often it was asked: each press moves focus to the summary, mending a field does not.
#[derive(Clone, Copy)]
pub struct Faults {
    list: RwSignal<Vec<Fault>>,
    presses: RwSignal<u32>,
}

impl Faults {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self { list: RwSignal::new(Vec::new()), presses: RwSignal::new(0) }
    }

    /// After a press: shows these, or none.
    pub fn show(self, faults: Vec<Fault>) {
        self.list.set(faults);
        self.presses.update(|presses| *presses = presses.wrapping_add(1));
    }

    /// After a change: those that are mended go, the others stay.
    pub fn mend(self, still: &[Fault]) {
        if self.list.with_untracked(|list| list.iter().any(|fault| !still.contains(fault))) {
            self.list.update(|list| list.retain(|fault| still.contains(fault)));
        }
    }

    /// Whether any are shown.
    #[must_use]
    pub fn any(self) -> bool {
        !self.list.with_untracked(Vec::is_empty)
    }

    /// The fault at a control, for the line under it.
    pub fn at(self, anchor: &'static str) -> Signal<Option<String>> {
        let list = self.list;
        Signal::derive(move || {
            list.with(|list| list.iter().find(|fault| fault.anchor == anchor).map(|fault| fault.text.clone()))
        })
    }
}

/// What stops Save or Sign, at the top of the form. It takes focus at each press that left something to do.
#[component]
pub fn ErrorSummary(
    /// The faults.
    faults: Faults,
) -> impl IntoView {
    let Faults { list: faults, presses } = faults;
    let summary = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        presses.track();
        if faults.with_untracked(Vec::is_empty) {
            return;
        }
        if let Some(summary) = summary.get() {
            let _ = summary.focus();
            dom::to_top(&summary);
        }
    });
    view! {
        <Show when=move || !faults.with(Vec::is_empty)>
            <div
                class="note bad summary-of-faults"
                role="alert"
                tabindex="-1"
                node_ref=summary
                data-test="error-summary"
                aria-labelledby="faults-h"
            >
                <Icon glyph=Glyph::Alert />
                <div class="note-t">
                    <h2 id="faults-h">{words::THERE_IS_A_PROBLEM}</h2>
                    <p class="sub">{words::NOTHING_LOST}</p>
                    <ul>
                        {move || {
                            faults
                                .get()
                                .into_iter()
                                .map(|fault| {
                                    view! {
                                        <li>
                                            <a
                                                href=format!("#{}", fault.anchor)
                                                on:click=move |event| {
                                                    event.prevent_default();
                                                    dom::focus_on(fault.anchor);
                                                }
                                            >
                                                {fault.text}
                                            </a>
                                        </li>
                                    }
                                })
                                .collect_view()
                        }}
                    </ul>
                </div>
            </div>
        </Show>
    }
}
