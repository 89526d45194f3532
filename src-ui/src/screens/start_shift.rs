//! Start of shift: unit, crew, initiative, transport, planned end. Crew are claimed by collar number; each confirms on
//! their own phone, and until then counts in no hours.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::id::Code;
use beatbook_domain::time::{self, HOUR_MS, Millis};
use beatbook_protocol::ipc::{BriefingCard, Colleague, ErrorCode, StartShift as StartShiftCommand};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick, toggled};
use crate::components::fields::{ErrorSummary, Fault, Faults, TextField};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::colleagues::{as_choices, colleagues, find, members, supervisors};
use crate::screens::crew::read_code;
use crate::screens::other_time::{OtherTime, OtherTimeField};
use crate::screens::today::of_list;

/// How many half hours of planned ends are offered, from four hours ahead.
const PLANNED_OFFERS: i64 = 13;
/// How many planned ends, colleagues, partners and supervisors are shown before "n more".
const PLANNED_FIRST: usize = 8;
const CREW_OFFERS: usize = 6;
const PARTNERS_FIRST: usize = 4;
const SUPERVISORS_FIRST: usize = 4;

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    call_sign: RwSignal<String>,
    join: RwSignal<String>,
    crew: RwSignal<Vec<Code>>,
    other: RwSignal<String>,
    other_problem: RwSignal<Option<String>>,
    partners: RwSignal<Vec<Code>>,
    initiative: RwSignal<Option<Code>>,
    transport: RwSignal<Option<Code>>,
    planned: RwSignal<Option<Code>>,
    supervisor: RwSignal<Option<Code>>,
    began: OtherTime,
    ends: StoredValue<Vec<(Code, Millis)>>,
    faults: Faults,
}

impl Form {
    fn new() -> Self {
        Self {
            call_sign: RwSignal::new(String::new()),
            join: RwSignal::new(String::new()),
            crew: RwSignal::new(Vec::new()),
            other: RwSignal::new(String::new()),
            other_problem: RwSignal::new(None),
            partners: RwSignal::new(Vec::new()),
            initiative: RwSignal::new(None),
            transport: RwSignal::new(None),
            planned: RwSignal::new(None),
            supervisor: RwSignal::new(None),
            began: OtherTime::now(),
            ends: StoredValue::new(planned_ends(dom::now())),
            faults: Faults::none(),
        }
    }

    /// What the briefing of tonight says already: initiative, the call sign where it names one, who supervises, the end.
    fn begin_with(self, card: &BriefingCard, supervisors: &[Colleague]) {
        let named = supervisors.iter().find(|one| card.supervisor.as_ref() == Some(&one.title));
        self.supervisor.set(named.map(|one| Code::new(one.collar.as_str())));
        self.initiative.set(card.initiative.as_ref().map(|initiative| initiative.code.clone()));
        if let [unit] = card.units.as_slice() {
            self.call_sign.set(unit.clone());
        }
        let end = self
            .ends
            .with_value(|ends| ends.iter().find(|(_, at)| *at == card.until).map(|(code, _)| code.clone()));
        self.planned.set(end);
    }

    /// Puts the collar number typed beside the chips into the crew.
    fn add_other(self, shell: Shell) {
        let typed = self.other.get_untracked();
        if typed.trim().is_empty() {
            return;
        }
        match find(&untrack(|| colleagues(shell)), &typed) {
            Some(colleague) => {
                let collar = Code::new(colleague.collar);
                self.crew.update(|crew| *crew = toggled(std::mem::take(crew), &collar, true));
                self.other.set(String::new());
                self.other_problem.set(None);
            }
            None => self.other_problem.set(Some(words::CREW_UNKNOWN.to_owned())),
        }
    }

    /// What the device is asked; the faults that stop it otherwise.
    fn command(self, shell: Shell) -> Result<StartShiftCommand, Vec<Fault>> {
        let mut faults: Vec<Fault> = check::call_sign(&self.call_sign.get_untracked())
            .iter()
            .map(|problem| Fault { anchor: "call-sign", text: problem.code.words().to_owned() })
            .collect();
        // A collar number typed and not added is meant: nobody is left out of a crew for a missed key.
        self.add_other(shell);
        if self.other_problem.with_untracked(Option::is_some) {
            faults.push(Fault { anchor: "crew-other", text: words::CREW_UNKNOWN.to_owned() });
        }
        let started_at = self.began.read(dom::now()).unwrap_or_else(|_| {
            faults.push(Fault { anchor: "began-at", text: words::NOT_A_TIME.to_owned() });
            None
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let planned = self.planned.get_untracked();
        let end = |(code, at): &(Code, Millis)| (planned.as_ref() == Some(code)).then_some(*at);
        let join = self.join.with_untracked(|join| join.trim().to_owned());
        Ok(StartShiftCommand {
            call_sign: self.call_sign.with_untracked(|call_sign| call_sign.trim().to_owned()),
            crew: members(&untrack(|| colleagues(shell)), &self.crew.get_untracked()),
            initiative: self.initiative.get_untracked(),
            transport: self.transport.get_untracked(),
            planned_end: self.ends.with_value(|ends| ends.iter().find_map(end)),
            supervisor: self.supervisor.with_untracked(|chosen| {
                let all = untrack(|| supervisors(shell));
                all.iter()
                    .find(|one| chosen.as_ref().is_some_and(|code| code.as_str() == one.collar))
                    .map(|it| it.officer)
            }),
            started_at,
            partners: self.partners.get_untracked(),
            join: (!join.is_empty()).then_some(join),
            continues: None,
        })
    }
}

/// Opening a shift.
#[component]
pub fn StartShift() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let form = Form::new();
    let briefing = shell.today().with_untracked(|today| {
        let mut cards = today.iter().flat_map(|today| today.briefings.iter());
        cards.find(|card| card.until > dom::now()).cloned()
    });
    if let Some(card) = &briefing {
        form.begin_with(card, &untrack(|| supervisors(shell)));
    }
    let busy = StoredValue::new(false);
    let go = move |_| {
        if busy.get_value() {
            return;
        }
        let command = match form.command(shell) {
            Ok(command) => command,
            Err(faults) => {
                form.faults.show(faults);
                return;
            }
        };
        busy.set_value(true);
        let joins = command.join.is_some();
        spawn_local(async move {
            match call(command).await {
                Ok(today) => {
                    shell.set_today(today);
                    shell.router().replace(Route::Today);
                }
                Err(error) if error.code == ErrorCode::Locked => shell.report(&error),
                Err(error) => {
                    busy.set_value(false);
                    let anchor = if joins { "join-code" } else { "call-sign" };
                    form.faults.show(vec![Fault { anchor, text: error.message }]);
                }
            }
        });
    };
    view! {
        <AppShell>
            <Top title=words::START_SHIFT meta=shell.me() back=Back { to: Route::Today, label: words::BACK_TO_SHIFT } />
            <Main class="main-wide">
                <ErrorSummary faults=form.faults />
                {briefing
                    .map(|card| {
                        view! {
                            <p class="state wraps" data-test="start-from-briefing">
                                <Icon glyph=Glyph::List />
                                <span>{words::start_from_briefing(&card)}</span>
                            </p>
                        }
                    })}
                <Unit form />
                <CrewFields form />
                <Patrol form />
            </Main>
            <Foot>
                <Bar>
                    <button type="button" class="btn btn-go" data-test="start-shift-go" on:click=go>
                        <Icon glyph=Glyph::Play />
                        {words::START_SHIFT}
                    </button>
                </Bar>
            </Foot>
        </AppShell>
    }
}

/// The unit: a call sign, and the code of a colleague's where the officer joins one.
#[component]
fn Unit(form: Form) -> impl IntoView {
    view! {
        <div class="pair">
            <TextField
                label=words::CALL_SIGN
                id="call-sign"
                problem=form.faults.at("call-sign")
                value=form.call_sign
                on_input=Callback::new(move |text| form.call_sign.set(text))
            />
            <TextField
                label=words::JOIN_CODE
                hint=words::JOIN_START_HINT
                id="join-code"
                problem=form.faults.at("join-code")
                value=form.join
                on_input=Callback::new(move |text: String| read_code(&text, form.call_sign, form.join))
            />
        </div>
    }
}

/// Who is along: colleagues by collar number, partner organisations by name.
#[component]
fn CrewFields(form: Form) -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <ChipGroup
            legend=words::CREW
            hint=words::CREW_HINT
            pick=Pick::Many
            name="crew"
            choices=Signal::derive(move || as_choices(colleagues(shell)))
            on=form.crew
            first=CREW_OFFERS
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                form.crew.update(|crew| *crew = toggled(std::mem::take(crew), &code, on));
            })
        />
        <div class="with-key">
            <TextField
                label=words::CREW_OTHER
                id="crew-other"
                inputmode="numeric"
                value=form.other
                problem=form.other_problem
                on_input=Callback::new(move |text| {
                    form.other.set(text);
                    form.other_problem.set(None);
                })
            />
            <button type="button" class="btn" data-test="crew-add" on:click=move |_| form.add_other(shell)>
                <Icon glyph=Glyph::Plus />
                {words::CREW_ADD}
            </button>
        </div>
        <ChipGroup
            legend=words::PARTNERS
            hint=words::PARTNERS_HINT
            pick=Pick::Many
            name="partner"
            choices=of_list(shell, list::PARTNER)
            on=form.partners
            first=PARTNERS_FIRST
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                form.partners.update(|partners| *partners = toggled(std::mem::take(partners), &code, on));
            })
        />
    }
}

/// What the patrol is for, how the crew travels, when it began and when it is planned to end.
#[component]
fn Patrol(form: Form) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let end_choices = form.ends.with_value(|ends| {
        ends.iter().map(|(code, at)| Choice::new(code.clone(), time::clock(*at))).collect::<Vec<_>>()
    });
    let one = |signal: RwSignal<Option<Code>>| {
        (
            Signal::derive(move || signal.get().into_iter().collect::<Vec<_>>()),
            Callback::new(move |(code, on): (Code, bool)| signal.set(on.then_some(code))),
        )
    };
    let (initiative_on, initiative_change) = one(form.initiative);
    let (transport_on, transport_change) = one(form.transport);
    let (planned_on, planned_change) = one(form.planned);
    let (supervisor_on, supervisor_change) = one(form.supervisor);
    view! {
        <ChipGroup
            legend=words::INITIATIVE
            pick=Pick::One
            name="initiative"
            choices=of_list(shell, list::INITIATIVE)
            on=initiative_on
            on_change=initiative_change
        />
        <ChipGroup
            legend=words::TRANSPORT
            pick=Pick::One
            name="transport"
            choices=of_list(shell, list::TRANSPORT)
            on=transport_on
            on_change=transport_change
        />
        <ChipGroup
            legend=words::SUPERVISOR_OF_NIGHT
            pick=Pick::One
            name="supervisor"
            choices=Signal::derive(move || as_choices(supervisors(shell)))
            on=supervisor_on
            first=SUPERVISORS_FIRST
            on_change=supervisor_change
        />
        <ChipGroup
            legend=words::PLANNED_END
            hint=words::PLANNED_END_HINT
            pick=Pick::One
            name="planned-end"
            choices=end_choices
            on=planned_on
            first=PLANNED_FIRST
            on_change=planned_change
        />
        <OtherTimeField
            label=words::BEGAN_AT
            hint=words::BEGAN_AT_HINT
            id="began-at"
            time=form.began
            problem=form.faults.at("began-at")
        />
    }
}

/// Planned ends on the half hour, from four hours ahead, each under its own time of day as code (`0300`).
fn planned_ends(now: Millis) -> Vec<(Code, Millis)> {
    let half = HOUR_MS / 2;
    let first = (now.0 + 4 * HOUR_MS).div_euclid(half) * half + half;
    (0..PLANNED_OFFERS)
        .map(|step| Millis(first + step * half))
        .map(|at| (Code::new(time::local(at).format("%H%M").to_string()), at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planned_ends_stand_on_the_half_hour_and_lie_ahead() {
        let now = Millis(1_795_825_200_000);
        let ends = planned_ends(now);
        assert!(ends.iter().all(|(_, at)| at.0 % (HOUR_MS / 2) == 0 && at.since(now) >= 4 * HOUR_MS));
        assert_eq!(ends.first().map(|(code, _)| code.as_str().to_owned()), Some("0430".to_owned()));
    }
}
