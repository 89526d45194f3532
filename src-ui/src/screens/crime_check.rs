//! The crime check under the choice that raised it, in a concern note or an engagement. The 24 hours count from the
//! first answer.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{ConcernDraft, CrimeGate, EngagementDraft, Reporting};
use beatbook_domain::id::Code;
use beatbook_domain::time::Millis;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick, toggled};
use crate::components::fields::TextField;
use crate::components::gate::Gate;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::dom;
use crate::locales::words;
use crate::screens::today::of_list;

/// The answers of a form to the crime check.
pub struct CrimeAnswers<'a> {
    /// Whether it is being reported.
    pub reporting: &'a mut Option<Reporting>,
    /// What is the case now.
    pub now: &'a mut Vec<Code>,
    /// When it was disclosed.
    pub disclosed_at: &'a mut Option<Millis>,
    /// The reference, as typed.
    pub reference: &'a mut String,
}

/// A form that may raise the crime check.
pub trait RaisesCrimeCheck: Clone + Send + Sync + 'static {
    /// Its answers.
    fn answers(&mut self) -> CrimeAnswers<'_>;
}

macro_rules! raises {
    ($($form:ty)+) => {$(
        impl RaisesCrimeCheck for $form {
            fn answers(&mut self) -> CrimeAnswers<'_> {
                CrimeAnswers {
                    reporting: &mut self.reporting,
                    now: &mut self.crime_now,
                    disclosed_at: &mut self.disclosed_at,
                    reference: &mut self.crime_ref,
                }
            }
        }
    )+};
}
raises!(ConcernDraft EngagementDraft);

/// The crime check.
#[component]
pub fn CrimeCheck<F: RaisesCrimeCheck>(
    /// The form.
    form: RwSignal<F>,
    /// The label of what raised it.
    #[prop(into)]
    label: Signal<String>,
    /// Further actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let held = Memo::new(move |_| {
        form.with(|form| {
            let mut form = form.clone();
            let answers = form.answers();
            (*answers.reporting, answers.now.clone(), *answers.disclosed_at, answers.reference.clone())
        })
    });
    let due = move || {
        let (reporting, _, disclosed_at, reference) = held.get();
        let reference = (!reference.trim().is_empty()).then_some(reference);
        CrimeGate { reporting: reporting?, now: Vec::new(), disclosed_at: disclosed_at?, reference }.due()
    };
    view! {
        <Gate text=Signal::derive(move || words::gate_text(&label.get()))>
            <div id="reporting" tabindex="-1">
                <ChipGroup
                    legend=words::GATE_ASK
                    pick=Pick::One
                    name="reporting"
                    choices=vec![
                        Choice::new(reporting_code(Reporting::Yes), words::GATE_YES),
                        Choice::new(reporting_code(Reporting::NotSure), words::GATE_NOT_SURE),
                        Choice::new(reporting_code(Reporting::No), words::GATE_NO),
                    ]
                    on=Signal::derive(move || held.get().0.map(reporting_code).into_iter().collect::<Vec<_>>())
                    on_change=Callback::new(move |(code, _): (Code, bool)| {
                        form.update(|form| {
                            let answers = form.answers();
                            *answers.reporting = reporting_of(&code);
                            answers.disclosed_at.get_or_insert_with(dom::now);
                        });
                    })
                />
            </div>
            <ChipGroup
                legend=words::GATE_NOW
                pick=Pick::Many
                name="crime-now"
                choices=of_list(shell, list::CRIME_CHECK_NOW)
                on=Signal::derive(move || held.get().1)
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    form.update(|form| {
                        let now = form.answers().now;
                        *now = toggled(std::mem::take(now), &code, on);
                    });
                })
            />
            <TextField
                label=words::CRIME_REF
                hint=words::CRIME_REF_HINT
                id="crime-ref"
                value=Signal::derive(move || held.get().3)
                on_input=Callback::new(move |text: String| form.update(|form| *form.answers().reference = text))
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
            {children.map(|children| children())}
        </Gate>
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
    match code.as_str() {
        "yes" => Some(Reporting::Yes),
        "not_sure" => Some(Reporting::NotSure),
        "no" => Some(Reporting::No),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_the_crime_check_keeps_its_meaning() {
        for reporting in [Reporting::Yes, Reporting::NotSure, Reporting::No] {
            assert_eq!(reporting_of(&reporting_code(reporting)), Some(reporting));
        }
    }
}
