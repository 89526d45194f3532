//! How many of each material were given: one stepper a material, the force's order.

use std::collections::BTreeMap;

use beatbook_domain::code_list::list;
use beatbook_domain::id::Code;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::stepper::{Stepper, StepperWords};
use crate::locales::words;
use crate::screens::today::of_list;

/// Steppers for all materials.
#[component]
pub fn Materials(
    /// How many of each, by material code.
    #[prop(into)]
    counts: Signal<BTreeMap<Code, u32>>,
    /// Told of the counts after each press; materials at 0 are left out.
    on_change: Callback<BTreeMap<Code, u32>>,
) -> impl IntoView {
    let choices = of_list(expect_context::<Shell>(), list::MATERIAL);
    view! {
        <fieldset class="group" id="cards" tabindex="-1">
            <legend>{words::MATERIALS_GIVEN}</legend>
            <div class="opts">
                <For each=move || choices.get() key=|choice| choice.code.clone() let:material>
                    {
                        let code = material.code.clone();
                        let counted = material.code.clone();
                        let thing = words::lower_first(&material.label);
                        view! {
                            <Stepper
                                words=StepperWords::counting(material.label.clone(), &thing)
                                test=format!("cards-{}", material.code)
                                line=true
                                value=Signal::derive(move || {
                                    counts.with(|counts| counts.get(&counted).copied().unwrap_or(0))
                                })
                                on_change=Callback::new(move |count: u32| {
                                    let mut all = counts.get_untracked();
                                    if count == 0 {
                                        all.remove(&code);
                                    } else {
                                        all.insert(code.clone(), count);
                                    }
                                    on_change.run(all);
                                })
                            />
                        }
                    }
                </For>
            </div>
        </fieldset>
    }
}
