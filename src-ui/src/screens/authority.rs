//! The authority a power rests on: one that is in force, its reference as typed, or "Insp n, told at hh:mm, reference to
//! follow".

use beatbook_domain::code_list::Edition;
use beatbook_domain::entry::{Circumstances, ConcernDraft, PowerUseDraft};
use beatbook_domain::id::Code;
use beatbook_domain::place::PlaceStamp;
use beatbook_domain::power::{Against, PowerAuthority};
use beatbook_domain::time::{self, Millis};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{Choice, OptionGroup, Pick};
use crate::components::fields::TextField;
use crate::locales::words;
use crate::screens::form::FormWork;
use crate::screens::happened::ClockField;

/// The answers of a form about the authority.
pub struct AuthorityAnswers<'a> {
    /// Reference, picked or typed.
    pub reference: &'a mut String,
    /// Collar number of the inspector who told it.
    pub inspector: &'a mut String,
    /// When it was told.
    pub told_at: &'a mut Option<Millis>,
}

/// A form whose power may rest on an authority.
pub trait RestsOnAuthority: Clone + Send + Sync + 'static {
    /// Its answers.
    fn answers(&mut self) -> AuthorityAnswers<'_>;
    /// The powers chosen.
    fn powers(&self) -> Vec<Code>;
    /// The place.
    fn place(&self) -> Option<&PlaceStamp>;
}

macro_rules! rests {
    ($form:ty, $powers:expr) => {
        impl RestsOnAuthority for $form {
            fn answers(&mut self) -> AuthorityAnswers<'_> {
                AuthorityAnswers {
                    reference: &mut self.authority_ref,
                    inspector: &mut self.authority_inspector,
                    told_at: &mut self.authority_told_at,
                }
            }
            fn powers(&self) -> Vec<Code> {
                let read: fn(&$form) -> Vec<Code> = $powers;
                read(self)
            }
            fn place(&self) -> Option<&PlaceStamp> {
                self.place.as_ref()
            }
        }
    };
}
rests!(ConcernDraft, |form| form.powers.clone());
rests!(PowerUseDraft, |form| form.power.iter().cloned().collect());

/// The authorities in force for any of the powers chosen, then and there, as choices.
fn in_force(edition: &Edition, powers: &[Code], at: Millis, place: Option<&PlaceStamp>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for power in powers {
        for authority in edition.live_authorities(power, at, place) {
            if !choices.iter().any(|choice| choice.code.as_str() == authority.reference) {
                choices.push(Choice::new(authority.reference.clone(), describe(authority, power, at, place)));
            }
        }
    }
    choices
}

/// `S34-2026-118, Prince of Wales Road, until 04:00, covers here`.
fn describe(authority: &PowerAuthority, power: &Code, at: Millis, place: Option<&PlaceStamp>) -> String {
    let covers = match (authority.against(power, at, place), place) {
        (Some(Against::Elsewhere), _) => words::AUTHORITY_ELSEWHERE,
        (None, Some(_)) if authority.area.is_some() => words::AUTHORITY_HERE,
        _ => words::AUTHORITY_LOOK,
    };
    words::authority_line(
        &authority.reference,
        &authority.title,
        authority.until.map(time::day_clock),
        covers,
    )
}

/// The authority.
#[component]
pub fn AuthorityFields<F: RestsOnAuthority>(
    /// The form.
    form: RwSignal<F>,
    /// When it happened: the authority must have been in force then.
    told: RwSignal<Circumstances>,
    /// The form at work.
    work: FormWork,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let held = Memo::new(move |_| {
        form.with(|form| {
            let mut form = form.clone();
            let answers = form.answers();
            (answers.reference.clone(), answers.inspector.clone(), *answers.told_at)
        })
    });
    let live = Memo::new(move |_| {
        let at = told.with(|told| told.occurred_at);
        shell.lists().with(|lists| {
            let Some(lists) = lists.as_ref() else { return Vec::new() };
            form.with(|form| in_force(&lists.edition, &form.powers(), at, form.place()))
        })
    });
    view! {
        <div class="card group" data-test="authority">
            <Show when=move || !live.with(Vec::is_empty) fallback=|| view! { <p class="sub">{words::NO_AUTHORITY_LIVE}</p> }>
                <OptionGroup
                    legend=words::AUTHORITY_LIVE
                    pick=Pick::One
                    name="authority-live"
                    choices=live
                    on=Signal::derive(move || vec![Code::new(held.get().0)])
                    on_change=Callback::new(move |(code, on): (Code, bool)| {
                        form.update(|form| *form.answers().reference = if on { code.to_string() } else { String::new() });
                    })
                />
            </Show>
            <TextField
                label=words::AUTHORITY_REF
                id="authority-ref"
                value=Signal::derive(move || held.get().0)
                problem=work.faults.at("authority-ref")
                on_input=Callback::new(move |text: String| form.update(|form| *form.answers().reference = text))
            />
            <p class="sub">{words::AUTHORITY_OR}</p>
            <div class="pair">
                <TextField
                    label=words::AUTHORITY_INSPECTOR
                    id="authority-inspector"
                    inputmode="numeric"
                    value=Signal::derive(move || held.get().1)
                    on_input=Callback::new(move |text: String| form.update(|form| *form.answers().inspector = text))
                />
                <ClockField
                    label=words::AUTHORITY_TOLD
                    hint=words::AUTHORITY_TOLD_HINT
                    id="authority-told"
                    value=Signal::derive(move || held.get().2)
                    on_change=Callback::new(move |at| form.update(|form| *form.answers().told_at = at))
                />
            </div>
        </div>
    }
}
