//! The three parts of a concern note that ask more than one question: the crime check, words said, and the authority a
//! power rests on.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{ConcernDraft, CrimeGate, DraftWords, Reporting};
use beatbook_domain::id::Code;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick, toggled};
use crate::components::fields::{KindTag, TextArea, TextField, TextKind};
use crate::components::gate::Gate;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::dom;
use crate::locales::words;
use crate::screens::form::FormWork;
use crate::screens::happened::ClockField;
use crate::screens::today::of_list;

/// The crime check under the behaviour that raised it. The 24 hours count from the first answer.
#[component]
pub fn CrimeCheck(form: RwSignal<ConcernDraft>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let due = move || {
        form.with(|form| {
            let gate = CrimeGate {
                reporting: form.reporting?,
                now: Vec::new(),
                disclosed_at: form.disclosed_at?,
                reference: (!form.crime_ref.trim().is_empty()).then(|| form.crime_ref.clone()),
            };
            gate.due()
        })
    };
    view! {
        <Gate text=Signal::derive(move || words::gate_text(&label.get()))>
            <ChipGroup
                legend=words::GATE_ASK
                pick=Pick::One
                name="reporting"
                choices=vec![
                    Choice::new(reporting_code(Reporting::Yes), words::GATE_YES),
                    Choice::new(reporting_code(Reporting::NotSure), words::GATE_NOT_SURE),
                    Choice::new(reporting_code(Reporting::No), words::GATE_NO),
                ]
                on=Signal::derive(move || form.with(|form| form.reporting.map(reporting_code).into_iter().collect::<Vec<_>>()))
                on_change=Callback::new(move |(code, _): (Code, bool)| {
                    form.update(|form| {
                        form.reporting = reporting_of(&code);
                        form.disclosed_at.get_or_insert_with(dom::now);
                    });
                })
            />
            <ChipGroup
                legend=words::GATE_NOW
                pick=Pick::Many
                name="crime-now"
                choices=of_list(shell, list::CRIME_CHECK_NOW)
                on=Signal::derive(move || form.with(|form| form.crime_now.clone()))
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    form.update(|form| form.crime_now = toggled(std::mem::take(&mut form.crime_now), &code, on));
                })
            />
            <TextField
                label=words::CRIME_REF
                hint=words::CRIME_REF_HINT
                id="crime-ref"
                value=Signal::derive(move || form.with(|form| form.crime_ref.clone()))
                on_input=Callback::new(move |text: String| form.update(|form| form.crime_ref = text))
            />
            {move || {
                due()
                    .map(|due| {
                        view! {
                            <p class="state waiting wraps" data-test="crime-due">
                                <Icon glyph=Glyph::Clock size=IconSize::Small />
                                <span>{words::crime_due(due)}</span>
                            </p>
                        }
                    })
            }}
        </Gate>
    }
}

/// Words said, each exactly, each with who said them. Every field is part of the draft from its first letter.
#[component]
pub fn WordsSaid(form: RwSignal<ConcernDraft>) -> impl IntoView {
    let many = Memo::new(move |_| form.with(|form| form.words.len()));
    view! {
        <section class="speech" aria-labelledby="words-h" id="words" tabindex="-1">
            <div class="field-head">
                <h2 class="lab" id="words-h">
                    {words::WORDS_SAID}
                </h2>
                <KindTag kind=TextKind::Speech />
            </div>
            <For each=move || 0..many.get() key=|place| *place let:place>
                <SpokenField form place />
            </For>
            <button
                type="button"
                class="btn"
                data-test="words-add"
                on:click=move |_| form.update(|form| form.words.push(DraftWords::default()))
            >
                <Icon glyph=Glyph::Plus />
                {words::ADD_WORDS}
            </button>
        </section>
    }
}

/// One quotation.
#[component]
fn SpokenField(form: RwSignal<ConcernDraft>, place: usize) -> impl IntoView {
    let read = move |part: fn(&DraftWords) -> &String| {
        Signal::derive(move || {
            form.with(|form| form.words.get(place).map(|said| part(said).clone()).unwrap_or_default())
        })
    };
    let write = move |part: fn(&mut DraftWords) -> &mut String| {
        Callback::new(move |text: String| {
            form.update(|form| {
                if let Some(said) = form.words.get_mut(place) {
                    *part(said) = text;
                }
            });
        })
    };
    view! {
        <div class="said-fields">
            <TextArea
                label=words::THE_WORDS
                id=format!("words-{place}-text")
                value=read(|said| &said.words)
                on_input=write(|said| &mut said.words)
            />
            <TextField
                label=words::WHO_SAID
                hint=words::WHO_SAID_HINT
                id=format!("words-{place}-speaker")
                value=read(|said| &said.speaker)
                on_input=write(|said| &mut said.speaker)
            />
            <button
                type="button"
                class="btn btn-quiet"
                data-test=format!("words-{place}-remove")
                on:click=move |_| {
                    form.update(|form| {
                        if place < form.words.len() {
                            form.words.remove(place);
                        }
                    });
                }
            >
                {words::REMOVE}
            </button>
        </div>
    }
}

/// The authority a dispersal direction rests on: its reference, or who told it and when, the reference to follow.
#[component]
pub fn AuthorityFields(form: RwSignal<ConcernDraft>, work: FormWork) -> impl IntoView {
    view! {
        <div class="card group" data-test="authority">
            <TextField
                label=words::AUTHORITY_REF
                id="authority-ref"
                value=Signal::derive(move || form.with(|form| form.authority_ref.clone()))
                problem=work.faults.at("authority-ref")
                on_input=Callback::new(move |text: String| form.update(|form| form.authority_ref = text))
            />
            <p class="sub">{words::AUTHORITY_OR}</p>
            <div class="pair">
                <TextField
                    label=words::AUTHORITY_INSPECTOR
                    id="authority-inspector"
                    inputmode="numeric"
                    value=Signal::derive(move || form.with(|form| form.authority_inspector.clone()))
                    on_input=Callback::new(move |text: String| form.update(|form| form.authority_inspector = text))
                />
                <ClockField
                    label=words::AUTHORITY_TOLD
                    hint=words::AUTHORITY_TOLD_HINT
                    id="authority-told"
                    value=Signal::derive(move || form.with(|form| form.authority_told_at))
                    on_change=Callback::new(move |at| form.update(|form| form.authority_told_at = at))
                />
            </div>
        </div>
    }
}

fn reporting_code(reporting: Reporting) -> Code {
    Code::from(match reporting {
        Reporting::Yes => "yes",
        Reporting::NotSure => "not_sure",
        Reporting::No => "no",
    })
}

fn reporting_of(code: &Code) -> Option<Reporting> {
    [Reporting::Yes, Reporting::NotSure, Reporting::No].into_iter().find(|r| reporting_code(*r) == *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_the_crime_check_keeps_its_meaning() {
        for reporting in [Reporting::Yes, Reporting::NotSure, Reporting::No] {
            assert_eq!(reporting_of(&reporting_code(reporting)), Some(reporting));
        }
        assert_eq!(reporting_of(&Code::from("perhaps")), None);
    }
}
