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
                aria-describedby=format!("{id}-p {id}-b")
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
                aria-describedby=format!("{id}-p")
                on:input=move |event| on_input.run(event_target_value(&event))
            />
            <FieldProblem id problem />
        </div>
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

/// What stops Save or Sign, at the top of the form. It takes focus each time `faults` is set to something.
#[component]
pub fn ErrorSummary(
    /// The faults, empty when there are none.
    #[prop(into)]
    faults: Signal<Vec<Fault>>,
) -> impl IntoView {
    let summary = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if faults.with(Vec::is_empty) {
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
