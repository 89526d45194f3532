//! The unit: the code a colleague joins it by, who is in it and since when, and joining another one. Each officer's own
//! word counts: a colleague named here confirms on their own phone.

use beatbook_domain::id::Code;
use beatbook_domain::unit_code;
use beatbook_protocol::ipc::{AddCrew, CrewRow, EndCrew, ErrorCode, JoinUnit, ShiftView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Pick};
use crate::components::fields::TextField;
use crate::components::frame::{AppShell, Back, Dock, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::Note;
use crate::components::qr::Qr;
use crate::components::sheet::Sheet;
use crate::ipc::call;
use crate::locales::words;
use crate::native;
use crate::route::Route;
use crate::screens::colleagues::{as_choices, colleagues, find};
use crate::screens::today::{act, part};

/// How many colleagues are offered as chips before a collar number is typed.
const CREW_OFFERS: usize = 6;

/// The unit.
#[component]
pub fn Crew() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let shift = part(shell, |today| today.shift.clone());
    let meta = Signal::derive(move || {
        shift.with(|shift| shift.as_ref().map_or_else(String::new, |shift| shift.call_sign.clone()))
    });
    let crew = part(shell, |today| today.shift.as_ref().map(|shift| shift.crew.clone()).unwrap_or_default());
    let on_shift = Memo::new(move |_| shift.with(Option::is_some));
    view! {
        <AppShell>
            <Top
                title=words::CREW_TITLE
                meta
                back=Back { to: Route::Today, label: words::BACK_TO_SHIFT }
            />
            <Main class="main-wide">
                <Show
                    when=move || on_shift.get()
                    fallback=|| {
                        view! {
                            <Note glyph=Glyph::Info heading=words::START_SHIFT_INTRO text=words::CREW_NO_SHIFT />
                        }
                    }
                >
                    {move || shift.get().map(|shift| view! { <UnitCode shift /> })}
                    <Members crew />
                    <AddColleague crew />
                    <JoinAnother />
                    {move || shift.get().map(|shift| view! { <Partners partners=shift.partners /> })}
                </Show>
            </Main>
            <Foot>
                <Dock current=None />
            </Foot>
        </AppShell>
    }
}

/// The four characters, large enough to be read out by torchlight, and the same as a code to scan.
#[component]
fn UnitCode(shift: ShiftView) -> impl IntoView {
    let ShiftView { call_sign, unit_code, .. } = shift;
    let Some(code) = unit_code else {
        return view! { <p class="sub">{words::UNIT_CODE_NONE}</p> }.into_any();
    };
    let scanned = unit_code::qr_text(&call_sign, &code);
    let letters = code.clone();
    view! {
        <section class="card unit" aria-labelledby="unit-h">
            <h2 class="sec" id="unit-h">
                {words::UNIT_CODE}
            </h2>
            <p class="unit-code" data-test="unit-code" aria-label=words::spelled(&code)>
                {letters}
            </p>
            <Qr text=scanned label=words::UNIT_QR />
            <p class="sub">{words::unit_code_how(&call_sign)}</p>
        </section>
    }
    .into_any()
}

/// Who is or was in the unit, from when until when, and what each says of it.
#[component]
fn Members(#[prop(into)] crew: Signal<Vec<CrewRow>>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let ending = RwSignal::new(None::<CrewRow>);
    let open = RwSignal::new(false);
    let end = Callback::new(move |member: CrewRow| {
        ending.set(Some(member));
        open.set(true);
    });
    let title = Signal::derive(move || {
        ending.with(|member| {
            member.as_ref().map_or_else(String::new, |member| words::end_member_ask(&member.title))
        })
    });
    view! {
        <section class="group" aria-labelledby="members-h">
            <h2 class="sec" id="members-h">
                {words::CREW}
            </h2>
            <Show
                when=move || !crew.with(Vec::is_empty)
                fallback=|| view! { <p class="sub">{words::CREW_ALONE}</p> }
            >
                <ul class="rows">
                    <For each=move || crew.get() key=|member| format!("{member:?}") let:member>
                        <li>
                            <Member member on_end=end />
                        </li>
                    </For>
                </ul>
            </Show>
        </section>
        <Sheet open title id="end-member-sheet">
            <p>{words::END_MEMBER_EXPLAIN}</p>
            <div class="btn-row">
                <button type="button" class="btn btn-lg" data-test="end-member-cancel" on:click=move |_| open.set(false)>
                    {words::NOT_NOW}
                </button>
                <button
                    type="button"
                    class="btn btn-lg btn-go"
                    data-test="end-member-confirm"
                    on:click=move |_| {
                        open.set(false);
                        if let Some(member) = ending.get_untracked() {
                            act(shell, EndCrew { entry_id: member.entry_id });
                        }
                    }
                >
                    {words::END_MEMBER}
                </button>
            </div>
        </Sheet>
    }
}

/// One of the unit.
#[component]
fn Member(member: CrewRow, on_end: Callback<CrewRow>) -> impl IntoView {
    let (class, glyph, word) = if member.disputed {
        ("state waiting", Glyph::Alert, words::DISPUTED_STATE)
    } else if member.confirmed {
        ("state", Glyph::Check, words::CONFIRMED_STATE)
    } else {
        ("state waiting", Glyph::Clock, words::UNCONFIRMED_STATE)
    };
    let name = words::end_member_name(&member.title);
    let ended = member.until.is_some();
    let row = member.clone();
    view! {
        <div class="row" data-test="crew-row" data-officer=member.officer.to_string()>
            <Icon glyph=Glyph::Person />
            <span class="row-t">
                <b>{member.title}</b>
                <span class="meta">{words::from_until(member.from, member.until)}</span>
                <span class=class>
                    <Icon glyph size=IconSize::Small />
                    {word}
                </span>
            </span>
            {(!ended)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="btn"
                            data-test="end-member"
                            aria-label=name
                            on:click=move |_| on_end.run(row.clone())
                        >
                            {words::END_MEMBER_SHORT}
                        </button>
                    }
                })}
        </div>
    }
}

/// Names a colleague as crew from now on.
#[component]
fn AddColleague(#[prop(into)] crew: Signal<Vec<CrewRow>>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let chosen = RwSignal::new(None::<Code>);
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let others = Memo::new(move |_| {
        crew.with(|crew| {
            let here = |officer| crew.iter().any(|m| m.officer == officer && m.until.is_none());
            colleagues(shell).into_iter().filter(|colleague| !here(colleague.officer)).collect::<Vec<_>>()
        })
    });
    let add = move |_| {
        let collar = match typed.get_untracked() {
            typed if typed.trim().is_empty() => chosen.get_untracked().map(|code| code.to_string()),
            typed => Some(typed),
        };
        let Some(collar) = collar else {
            problem.set(Some(words::CREW_CHOOSE.to_owned()));
            return;
        };
        match others.with_untracked(|others| find(others, &collar)) {
            Some(colleague) => {
                typed.set(String::new());
                chosen.set(None);
                problem.set(None);
                act(shell, AddCrew { officer: colleague.officer });
            }
            None => problem.set(Some(words::CREW_UNKNOWN.to_owned())),
        }
    };
    view! {
        <section class="group" aria-labelledby="add-h">
            <h2 class="sec" id="add-h">
                {words::CREW_ADD_TITLE}
            </h2>
            <p class="sub">{words::CREW_ADD_TEXT}</p>
            <ChipGroup
                legend=words::CREW_ADD_TITLE
                quiet=true
                pick=Pick::One
                name="add-crew"
                choices=Signal::derive(move || as_choices(others.get()))
                on=Signal::derive(move || chosen.get().into_iter().collect::<Vec<_>>())
                first=CREW_OFFERS
                on_change=Callback::new(move |(collar, _): (Code, bool)| {
                    chosen.set(Some(collar));
                    problem.set(None);
                })
            />
            <div class="with-key">
                <TextField
                    label=words::CREW_OTHER
                    id="crew-other"
                    inputmode="numeric"
                    value=typed
                    problem
                    on_input=Callback::new(move |text| {
                        typed.set(text);
                        problem.set(None);
                    })
                />
                <button type="button" class="btn" data-test="crew-add" on:click=add>
                    <Icon glyph=Glyph::Plus />
                    {words::CREW_ADD}
                </button>
            </div>
        </section>
    }
}

/// Joins a colleague's unit by call sign and code, or by the text of a scanned code.
#[component]
fn JoinAnother() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let call_sign = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let join = move |_| {
        let command = JoinUnit {
            call_sign: call_sign.get_untracked().trim().to_owned(),
            code: code.get_untracked().trim().to_owned(),
        };
        if command.call_sign.is_empty() || command.code.is_empty() {
            problem.set(Some(words::JOIN_MISSING.to_owned()));
            return;
        }
        spawn_local(async move {
            match call(command).await {
                Ok(today) => {
                    shell.set_today(today);
                    call_sign.set(String::new());
                    code.set(String::new());
                    problem.set(None);
                    shell.toasts().say(words::JOINED);
                }
                Err(error) if error.code == ErrorCode::Locked => shell.report(&error),
                Err(error) => problem.set(Some(error.message)),
            }
        });
    };
    let scan = move |_| {
        spawn_local(async move {
            let Some(text) = native::scan().await else { return };
            if unit_code::from_qr(&text).is_some() {
                read_code(&text, call_sign, code);
            } else {
                problem.set(Some(words::JOIN_NOT_OURS.to_owned()));
            }
        });
    };
    view! {
        <section class="group" aria-labelledby="join-h">
            <h2 class="sec" id="join-h">
                {words::JOIN_TITLE}
            </h2>
            <p class="sub">{words::JOIN_TEXT}</p>
            <div class="pair">
                <TextField
                    label=words::JOIN_CALL_SIGN
                    id="join-call-sign"
                    value=call_sign
                    on_input=Callback::new(move |text| {
                        call_sign.set(text);
                        problem.set(None);
                    })
                />
                <TextField
                    label=words::JOIN_CODE
                    hint=words::JOIN_CODE_HINT
                    id="join-code"
                    value=code
                    problem
                    on_input=Callback::new(move |text: String| {
                        problem.set(None);
                        read_code(&text, call_sign, code);
                    })
                />
            </div>
            {native::can_scan()
                .then(|| {
                    view! {
                        <button type="button" class="btn btn-lg" data-test="join-scan" on:click=scan>
                            <Icon glyph=Glyph::Photo />
                            {words::JOIN_SCAN}
                        </button>
                    }
                })}
            <button type="button" class="btn btn-lg" data-test="join-go" on:click=join>
                <Icon glyph=Glyph::Crew />
                {words::JOIN_GO}
            </button>
        </section>
    }
}

/// Takes what was typed or pasted as a code; the text of a scanned code fills both fields.
pub fn read_code(text: &str, call_sign: RwSignal<String>, code: RwSignal<String>) {
    match unit_code::from_qr(text) {
        Some((scanned_call_sign, scanned)) => {
            call_sign.set(scanned_call_sign);
            code.set(scanned);
        }
        None => code.set(text.to_owned()),
    }
}

/// Partner organisations along, as said at the start of the shift.
#[component]
fn Partners(partners: Vec<String>) -> impl IntoView {
    (!partners.is_empty()).then(|| {
        view! {
            <section class="group" aria-labelledby="partners-h">
                <h2 class="sec" id="partners-h">
                    {words::PARTNERS}
                </h2>
                <p data-test="partners">{partners.join(", ")}</p>
            </section>
        }
    })
}
