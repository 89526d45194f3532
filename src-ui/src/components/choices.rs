//! Choices: chips, tiles, options and the five-point scale. Every one is a real checkbox or radio underneath, and "on"
//! is an edge, a tick and bold type, never a colour alone.

use crate::components::icon::{Glyph, Icon, IconSize};
use crate::locales::words;
use beatbook_domain::id::Code;
use leptos::prelude::*;

/// One answer of a list: its code, the words shown, and what marks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The list's own code.
    pub code: Code,
    /// The words shown.
    pub label: String,
    /// The drawing, where the answer has one.
    pub glyph: Option<Glyph>,
    /// A warning tag, such as "Crime".
    pub tag: Option<&'static str>,
}

impl Choice {
    /// An answer without a drawing or a tag.
    pub fn new(code: impl Into<Code>, label: impl Into<String>) -> Self {
        Self { code: code.into(), label: label.into(), glyph: None, tag: None }
    }

    /// The same answer with a drawing.
    #[must_use]
    pub fn glyph(mut self, glyph: impl Into<Option<Glyph>>) -> Self {
        self.glyph = glyph.into();
        self
    }

    /// The same answer with a warning tag.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<Option<&'static str>>) -> Self {
        self.tag = tag.into();
        self
    }
}

/// Whether one answer or several may be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// One: radio buttons.
    One,
    /// Several: checkboxes.
    Many,
}

impl Pick {
    const fn input_type(self) -> &'static str {
        match self {
            Self::One => "radio",
            Self::Many => "checkbox",
        }
    }
}

/// A group of chips under one question. Beyond `first` answers the rest wait behind "n more"; an answer that is on is
/// always in view.
#[component]
pub fn ChipGroup(
    /// The question.
    legend: &'static str,
    /// A hint beside the question.
    #[prop(optional)]
    hint: &'static str,
    /// Hides the question from sight, where a heading above already asks it.
    #[prop(optional)]
    quiet: bool,
    /// One or several.
    pick: Pick,
    /// The form name; answers are `data-test="<name>-<code>"`.
    #[prop(into)]
    name: String,
    /// The answers, in order.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The codes that are on.
    #[prop(into)]
    on: Signal<Vec<Code>>,
    /// How many are shown before "n more".
    #[prop(default = usize::MAX)]
    first: usize,
    /// Told of each press: the code, and whether it is now on.
    on_change: Callback<(Code, bool)>,
    /// What stands under the chips.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = StoredValue::new(name);
    let all = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let choices = choices.get();
        let on = on.get();
        choices
            .into_iter()
            .enumerate()
            .filter(|(place, choice)| all.get() || *place < first || on.contains(&choice.code))
            .map(|(_, choice)| choice)
            .collect::<Vec<_>>()
    });
    let hidden = Memo::new(move |_| choices.with(Vec::len).saturating_sub(shown.with(Vec::len)));
    view! {
        <fieldset class="group" id=name.get_value() tabindex="-1">
            <legend class:vh=quiet>
                {legend} {(!hint.is_empty()).then(|| view! { <span class="hint">" " {hint}</span> })}
            </legend>
            <div class="chips">
                <For each=move || shown.get() key=|choice| choice.code.clone() let:choice>
                    <Chip pick name=name.get_value() choice on on_change />
                </For>
                <Show when=move || hidden.get() != 0>
                    <button
                        type="button"
                        class="chip chip-more"
                        data-test=name.with_value(|name| format!("{name}-more"))
                        on:click=move |_| all.set(true)
                    >
                        <Icon glyph=Glyph::Plus />
                        {move || words::n_more(hidden.get())}
                    </button>
                </Show>
            </div>
            {children.map(|children| children())}
        </fieldset>
    }
}

/// One chip.
#[component]
fn Chip(
    pick: Pick,
    name: String,
    choice: Choice,
    #[prop(into)] on: Signal<Vec<Code>>,
    on_change: Callback<(Code, bool)>,
) -> impl IntoView {
    let Choice { code, label, glyph, tag } = choice;
    let is_on = {
        let code = code.clone();
        move || on.with(|on| on.contains(&code))
    };
    let test = format!("{name}-{code}");
    let taken_back = taken_back(pick, code.clone(), on, on_change);
    view! {
        <label class="chip">
            <input
                type=pick.input_type()
                name=name
                value=code.to_string()
                data-test=test
                prop:checked=is_on
                on:click=taken_back
                on:change=move |event| on_change.run((code.clone(), event_target_checked(&event)))
            />
            {glyph.map(|glyph| view! { <Icon glyph class="off" /> })}
            <Icon glyph=Glyph::Check class="on" />
            <span>{label}</span>
            {tag.map(|tag| view! { <span class="tag">{tag}</span> })}
        </label>
    }
}

/// A radio button pressed again takes the answer back; its own change says nothing then. A group that must have an answer
/// does not listen.
fn taken_back(
    pick: Pick,
    code: Code,
    on: Signal<Vec<Code>>,
    on_change: Callback<(Code, bool)>,
) -> impl Fn(leptos::ev::MouseEvent) {
    move |_| {
        if pick == Pick::One && on.with_untracked(|on| on.contains(&code)) {
            on_change.run((code.clone(), false));
        }
    }
}

/// Tiles: the one choice that matters most, with a drawing each.
#[component]
pub fn TileGroup(
    /// The question.
    legend: &'static str,
    /// The form name; answers are `data-test="<name>-<code>"`.
    name: &'static str,
    /// The answers, in order.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The code that is on.
    #[prop(into)]
    on: Signal<Option<Code>>,
    /// How many are shown before "n more".
    #[prop(default = usize::MAX)]
    first: usize,
    /// Told of each choice.
    on_change: Callback<Code>,
) -> impl IntoView {
    let all = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let on = on.get();
        let choices = choices.get().into_iter().enumerate();
        choices
            .filter(|(place, choice)| all.get() || *place < first || on.as_ref() == Some(&choice.code))
            .map(|(_, choice)| choice)
            .collect::<Vec<_>>()
    });
    let hidden = Memo::new(move |_| choices.with(Vec::len).saturating_sub(shown.with(Vec::len)));
    view! {
        <fieldset class="group" id=name tabindex="-1">
            <legend>{legend}</legend>
            <div class="tiles">
                <For each=move || shown.get() key=|choice| choice.code.clone() let:choice>
                    <Tile name choice on on_change />
                </For>
            </div>
            <Show when=move || hidden.get() != 0>
                <button
                    type="button"
                    class="chip chip-more gap-top"
                    data-test=format!("{name}-more")
                    on:click=move |_| all.set(true)
                >
                    <Icon glyph=Glyph::Plus />
                    {move || words::n_more(hidden.get())}
                </button>
            </Show>
        </fieldset>
    }
}

/// One tile.
#[component]
fn Tile(
    name: &'static str,
    choice: Choice,
    #[prop(into)] on: Signal<Option<Code>>,
    on_change: Callback<Code>,
) -> impl IntoView {
    let Choice { code, label, glyph, .. } = choice;
    let is_on = {
        let code = code.clone();
        move || on.with(|on| on.as_ref() == Some(&code))
    };
    let test = format!("{name}-{code}");
    view! {
        <label class="tile">
            <input
                type="radio"
                name=name
                value=code.to_string()
                data-test=test
                prop:checked=is_on
                on:change=move |_| on_change.run(code.clone())
            />
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span>{label}</span>
            <Icon glyph=Glyph::Check size=IconSize::Small class="mark" />
        </label>
    }
}

/// Full-width rows for long official labels, quoted exactly.
#[component]
pub fn OptionGroup(
    /// The question.
    legend: &'static str,
    /// One or several.
    pick: Pick,
    /// The form name; answers are `data-test="<name>-<code>"`.
    #[prop(into)]
    name: String,
    /// The answers, in order.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The codes that are on.
    #[prop(into)]
    on: Signal<Vec<Code>>,
    /// Told of each press.
    on_change: Callback<(Code, bool)>,
    /// Hides the question from sight.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let name = StoredValue::new(name);
    view! {
        <fieldset class="group" id=name.get_value() tabindex="-1">
            <legend class:vh=quiet>{legend}</legend>
            <div class="opts">
                <For each=move || choices.get() key=|choice| choice.code.clone() let:choice>
                    <OptionRow pick name=name.get_value() choice on on_change />
                </For>
            </div>
        </fieldset>
    }
}

/// One option.
#[component]
fn OptionRow(
    pick: Pick,
    name: String,
    choice: Choice,
    #[prop(into)] on: Signal<Vec<Code>>,
    on_change: Callback<(Code, bool)>,
) -> impl IntoView {
    let Choice { code, label, .. } = choice;
    let is_on = {
        let code = code.clone();
        move || on.with(|on| on.contains(&code))
    };
    let test = format!("{name}-{code}");
    let taken_back = taken_back(pick, code.clone(), on, on_change);
    view! {
        <label class="opt" class:radio=pick == Pick::One>
            <input
                type=pick.input_type()
                name=name
                value=code.to_string()
                data-test=test
                prop:checked=is_on
                on:click=taken_back
                on:change=move |event| on_change.run((code.clone(), event_target_checked(&event)))
            />
            <span class="boxm">
                <Icon glyph=Glyph::Check />
            </span>
            <span>{label}</span>
        </label>
    }
}

/// One to five, with words at both ends. Pressing the number that is on takes the answer back.
#[component]
pub fn Scale(
    /// The question.
    legend: &'static str,
    /// The form name; answers are `data-test="<name>-<1..5>"`.
    name: &'static str,
    /// What one means.
    low: &'static str,
    /// What five means.
    high: &'static str,
    /// The answer now.
    #[prop(into)]
    value: Signal<Option<u8>>,
    /// Told of each answer.
    on_change: Callback<Option<u8>>,
) -> impl IntoView {
    view! {
        <fieldset class="group" id=name tabindex="-1">
            <legend>{legend}</legend>
            <div class="scale">
                {(1..=5_u8)
                    .map(|step| {
                        view! {
                            <label class="opt">
                                <input
                                    type="radio"
                                    name=name
                                    value=step
                                    data-test=format!("{name}-{step}")
                                    aria-label=words::of_five(step)
                                    prop:checked=move || value.get() == Some(step)
                                    on:click=move |_| {
                                        if value.get_untracked() == Some(step) {
                                            on_change.run(None);
                                        }
                                    }
                                    on:change=move |_| on_change.run(Some(step))
                                />
                                <span aria-hidden="true">{step}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
            <p class="hint ends">
                <span>{low}</span>
                <span>{high}</span>
            </p>
        </fieldset>
    }
}

/// The codes with one put in or taken out, order kept.
#[must_use]
pub fn toggled(mut codes: Vec<Code>, code: &Code, on: bool) -> Vec<Code> {
    codes.retain(|held| held != code);
    if on {
        codes.push(code.clone());
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_put_in_once_and_taken_out() {
        let [a, b] = ["A", "B"].map(Code::from);
        let codes = toggled(vec![a.clone()], &b, true);
        assert_eq!(codes, [a.clone(), b.clone()]);
        assert_eq!(toggled(codes.clone(), &b, true), [a.clone(), b.clone()], "pressing on twice keeps one");
        assert_eq!(toggled(codes, &a, false), [b]);
    }
}
