//! Start of shift: unit, crew, initiative, transport, planned end. Crew are claimed by collar number; each confirms on
//! their own phone, and until then counts in no hours.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::id::{Code, OfficerId};
use beatbook_domain::time::{self, HOUR_MS, Millis};
use beatbook_protocol::ipc::{Colleague, StartShift as StartShiftCommand};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::codes::{Labels, choices};
use crate::components::choices::{ChipGroup, Choice, Pick, toggled};
use crate::components::fields::{ErrorSummary, Fault, Faults, TextField};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;

/// How many half hours of planned ends are offered, from four hours ahead.
const PLANNED_OFFERS: i64 = 13;
/// How many colleagues are offered as chips before a collar number is typed.
const CREW_OFFERS: usize = 6;

/// Opening a shift.
#[component]
pub fn StartShift() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let lists = shell.lists();
    let call_sign = RwSignal::new(String::new());
    let crew = RwSignal::new(Vec::<Code>::new());
    let other = RwSignal::new(String::new());
    let other_problem = RwSignal::new(None::<String>);
    let initiative = RwSignal::new(None::<Code>);
    let transport = RwSignal::new(None::<Code>);
    let planned = RwSignal::new(None::<Code>);
    let faults = Faults::none();
    let busy = RwSignal::new(false);

    let of_list = move |name: &'static str| {
        Signal::derive(move || {
            lists.with(|lists| lists.as_ref().map(|l| choices(l, name, Labels::Short)).unwrap_or_default())
        })
    };
    let me = shell.session().with_untracked(|session| session.as_ref().map(|session| session.officer));
    let colleagues = move || -> Vec<Colleague> {
        let all = lists.with(|lists| lists.as_ref().map(|l| l.colleagues.clone()).unwrap_or_default());
        all.into_iter().filter(|colleague| Some(colleague.officer) != me).collect()
    };
    let crew_choices = Signal::derive(move || {
        colleagues()
            .into_iter()
            .map(|colleague| Choice::new(colleague.collar.as_str(), colleague.title).glyph(Glyph::Person))
            .collect::<Vec<_>>()
    });
    let ends = planned_ends(dom::now());
    let end_choices =
        ends.iter().map(|(code, at)| Choice::new(code.clone(), time::clock(*at))).collect::<Vec<_>>();

    let add = move || {
        let typed = other.get_untracked().trim().to_owned();
        if typed.is_empty() {
            return;
        }
        match find(&colleagues(), &typed) {
            Some(colleague) => {
                crew.update(|crew| *crew = toggled(std::mem::take(crew), &Code::new(colleague.collar), true));
                other.set(String::new());
                other_problem.set(None);
            }
            None => other_problem.set(Some(words::CREW_UNKNOWN.to_owned())),
        }
    };
    let go = move || {
        let found: Vec<Fault> = check::call_sign(&call_sign.get_untracked())
            .iter()
            .map(|problem| Fault { anchor: "call-sign", text: problem.code.words().to_owned() })
            .collect();
        if !found.is_empty() {
            faults.show(found);
            return;
        }
        if busy.get_untracked() {
            return;
        }
        // A collar number typed and not added is meant: nobody is left out of a crew for a missed key.
        add();
        if other_problem.with_untracked(Option::is_some) {
            faults.show(vec![Fault { anchor: "crew-other", text: words::CREW_UNKNOWN.to_owned() }]);
            return;
        }
        busy.set(true);
        let planned_end =
            planned.get_untracked().and_then(|code| ends.iter().find(|(c, _)| *c == code).map(|(_, at)| *at));
        let command = StartShiftCommand {
            call_sign: call_sign.get_untracked().trim().to_owned(),
            crew: members(&colleagues(), &crew.get_untracked()),
            initiative: initiative.get_untracked(),
            transport: transport.get_untracked(),
            planned_end,
            started_at: None,
        };
        spawn_local(async move {
            match call(command).await {
                Ok(today) => {
                    shell.set_today(today);
                    shell.router().replace(Route::Today);
                }
                Err(error) => {
                    busy.set(false);
                    faults.show(vec![Fault { anchor: "call-sign", text: error.message }]);
                }
            }
        });
    };
    let one = |signal: RwSignal<Option<Code>>| {
        (
            Signal::derive(move || signal.get().into_iter().collect::<Vec<_>>()),
            Callback::new(move |(code, on): (Code, bool)| signal.set(on.then_some(code))),
        )
    };
    let (initiative_on, initiative_change) = one(initiative);
    let (transport_on, transport_change) = one(transport);
    let (planned_on, planned_change) = one(planned);

    view! {
        <AppShell>
            <Top title=words::START_SHIFT meta=shell.me() back=Back { to: Route::Today, label: words::BACK_TO_SHIFT } />
            <Main class="main-wide">
                <ErrorSummary faults />
                <TextField
                    label=words::CALL_SIGN
                    id="call-sign"
                    problem=faults.at("call-sign")
                    value=call_sign
                    on_input=Callback::new(move |text| call_sign.set(text))
                />
                <ChipGroup
                    legend=words::CREW
                    hint=words::CREW_HINT
                    pick=Pick::Many
                    name="crew"
                    choices=crew_choices
                    on=crew
                    first=CREW_OFFERS
                    on_change=Callback::new(move |(code, on): (Code, bool)| {
                        crew.update(|crew| *crew = toggled(std::mem::take(crew), &code, on));
                    })
                />
                <div class="with-key">
                    <TextField
                        label=words::CREW_OTHER
                        id="crew-other"
                        inputmode="numeric"
                        value=other
                        problem=other_problem
                        on_input=Callback::new(move |text| {
                            other.set(text);
                            other_problem.set(None);
                        })
                    />
                    <button type="button" class="btn" data-test="crew-add" on:click=move |_| add()>
                        <Icon glyph=Glyph::Plus />
                        {words::CREW_ADD}
                    </button>
                </div>
                <ChipGroup
                    legend=words::INITIATIVE
                    pick=Pick::One
                    name="initiative"
                    choices=of_list(list::INITIATIVE)
                    on=initiative_on
                    on_change=initiative_change
                />
                <ChipGroup
                    legend=words::TRANSPORT
                    pick=Pick::One
                    name="transport"
                    choices=of_list(list::TRANSPORT)
                    on=transport_on
                    on_change=transport_change
                />
                <ChipGroup
                    legend=words::PLANNED_END
                    hint=words::PLANNED_END_HINT
                    pick=Pick::One
                    name="planned-end"
                    choices=end_choices
                    on=planned_on
                    first=8
                    on_change=planned_change
                />
            </Main>
            <Foot>
                <Bar>
                    <button type="button" class="btn btn-go" data-test="start-shift-go" on:click=move |_| go()>
                        <Icon glyph=Glyph::Play />
                        {words::START_SHIFT}
                    </button>
                </Bar>
            </Foot>
        </AppShell>
    }
}

/// The colleague with this collar number, typed with or without the rank.
fn find(colleagues: &[Colleague], typed: &str) -> Option<Colleague> {
    colleagues
        .iter()
        .find(|colleague| colleague.collar == typed || colleague.title.eq_ignore_ascii_case(typed))
        .cloned()
}

/// The officers behind collar numbers.
fn members(colleagues: &[Colleague], collars: &[Code]) -> Vec<OfficerId> {
    collars
        .iter()
        .filter_map(|collar| colleagues.iter().find(|colleague| colleague.collar == collar.as_str()))
        .map(|colleague| colleague.officer)
        .collect()
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
