//! Concern note: behaviour, crime check, what was seen or heard (fact), exact words, assessment (opinion), what was done
//! and on what authority. OFFICIAL-SENSITIVE from the first key.
//!
//! Fact and opinion are different fields with different edges. Signing shows the whole note once; after that there are
//! additions only. What may be signed is asked of the domain's check.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Body, ConcernDraft, CrimeGate, DraftForm, DraftWords, Kind, Reporting};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time;
use beatbook_protocol::ipc::{DraftView, ListsView};
use leptos::prelude::*;

use crate::app::{Shell, use_minute};
use crate::codes;
use crate::components::choices::{ChipGroup, Choice, Pick, toggled};
use crate::components::fields::{ErrorSummary, KindTag, TextArea, TextField, TextKind};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::gate::Gate;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::components::state::DraftChip;
use crate::dom;
use crate::locales::words;
use crate::route::Route;
use crate::screens::coach::Coach;
use crate::screens::engagement::{answer_code, answer_of, answers};
use crate::screens::form::{Discard, DraftScreen, FormWork};
use crate::screens::happened::{ClockField, Happened};
use crate::screens::place::PlaceField;
use crate::screens::reading::ReadBody;
use crate::screens::today::of_list;

/// How many behaviours, actions and powers are shown before "n more".
const BEHAVIOURS_FIRST: usize = 8;
const ACTIONS_FIRST: usize = 7;
const POWERS_FIRST: usize = 4;

/// The concern note form of a draft.
#[component]
pub fn Concern(
    /// The draft.
    id: EntryId,
) -> impl IntoView {
    view! { <DraftScreen id title=words::CONCERN_NOTE form=|draft| view! { <Form draft /> } /> }
}

/// The control that stands for a field of the check.
fn anchor(field: &str) -> &'static str {
    match field {
        "behaviours" => "behaviour",
        "sources" => "source",
        "seen" => "seen",
        "assessment" => "assessment",
        "words" => "words",
        "actions" => "action",
        "powers" => "power",
        "authority" => "authority-ref",
        "requests" => "request",
        "safeguarding" => "safeguarding",
        "reporting" => "reporting",
        _ => "main",
    }
}

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let lists = shell.lists();
    let DraftForm::Concern(holds) = draft.form else {
        shell.router().replace(Route::Engagement(draft.entry_id));
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let occurred_at = RwSignal::new(draft.occurred_at);
    let whole = Signal::derive(move || DraftForm::Concern(form.get()));
    let work = FormWork::start(draft.entry_id, whole, occurred_at.into(), anchor);
    let marking = Kind::Concern.marking().words();

    let text_of = move |read: fn(&ConcernDraft) -> &String| {
        Signal::derive(move || form.with(|form| read(form).clone()))
    };
    let write = move |write: fn(&mut ConcernDraft) -> &mut String| {
        Callback::new(move |text: String| form.update(|form| *write(form) = text))
    };
    let codes_of = move |read: fn(&ConcernDraft) -> &Vec<Code>| {
        Signal::derive(move || form.with(|form| read(form).clone()))
    };
    let toggle = move |write: fn(&mut ConcernDraft) -> &mut Vec<Code>| {
        Callback::new(move |(code, on): (Code, bool)| {
            form.update(|form| {
                let codes = write(form);
                *codes = toggled(std::mem::take(codes), &code, on);
            });
        })
    };
    let one_of = move |read: fn(&ConcernDraft) -> &Option<Code>| {
        Signal::derive(move || form.with(|form| read(form).clone().into_iter().collect::<Vec<_>>()))
    };
    let choose = move |write: fn(&mut ConcernDraft) -> &mut Option<Code>| {
        Callback::new(move |(code, on): (Code, bool)| form.update(|form| *write(form) = on.then_some(code)))
    };
    let crime = Memo::new(move |_| {
        lists.with(|lists| lists.as_ref().and_then(|l| form.with(|form| crime_behaviour(l, form))))
    });
    let authority = Memo::new(move |_| {
        lists.with(|lists| {
            lists.as_ref().is_some_and(|lists| {
                form.with(|form| {
                    check::needs_authority(&lists.edition, &form.powers, time::duty_date(lists.now))
                })
            })
        })
    });
    let signing = RwSignal::new(false);
    let asked = RwSignal::new(Vec::<String>::new());
    let check_and_sign = move |_| {
        if let Some(flags) = work.check() {
            asked.set(flags);
            signing.set(true);
        }
    };
    let number = draft.number;
    let meta = Signal::derive(move || words::concern_meta(number, occurred_at.get(), dom::now()));
    let now = use_minute();
    let away = shell.may_go_away();

    view! {
        <AppShell>
            <Top
                title=words::CONCERN_NOTE
                meta
                back=Back { to: Route::Today, label: words::BACK_KEEPS_DRAFT }
                marking=marking.to_owned()
            >
                <DraftChip state=work.keeper.state() />
            </Top>
            <Main class="main-wide">
                <ErrorSummary faults=work.faults />
                <PlaceField
                    place=Signal::derive(move || form.with(|form| form.place.clone()))
                    on_change=Callback::new(move |place| form.update(|form| form.place = Some(place)))
                />
                <ChipGroup
                    legend=words::WHAT_BEHAVIOUR
                    pick=Pick::Many
                    name="behaviour"
                    choices=of_list(shell, list::BEHAVIOUR)
                    on=codes_of(|form| &form.behaviours)
                    first=BEHAVIOURS_FIRST
                    on_change=toggle(|form| &mut form.behaviours)
                />
                <Show when=move || crime.with(Option::is_some)>
                    <CrimeCheck form label=Signal::derive(move || crime.get().unwrap_or_default()) />
                </Show>
                <ChipGroup
                    legend=words::HOW_KNOWN
                    pick=Pick::Many
                    name="source"
                    choices=of_list(shell, list::OBSERVED_BY)
                    on=codes_of(|form| &form.sources)
                    on_change=toggle(|form| &mut form.sources)
                />
                <TextArea
                    label=words::SEEN
                    id="seen"
                    kind=TextKind::Fact
                    value=text_of(|form| &form.seen)
                    problem=work.faults.at("seen")
                    on_input=write(|form| &mut form.seen)
                />
                <Coach id="seen" text=text_of(|form| &form.seen) />
                <WordsSaid form />
                <TextArea
                    label=words::ASSESSMENT
                    below=words::ASSESSMENT_BELOW
                    id="assessment"
                    kind=TextKind::Opinion
                    value=text_of(|form| &form.assessment)
                    problem=work.faults.at("assessment")
                    on_input=write(|form| &mut form.assessment)
                />
                <ChipGroup
                    legend=words::RELATIONSHIP
                    pick=Pick::One
                    name="relationship"
                    choices=of_list(shell, list::RELATIONSHIP)
                    on=one_of(|form| &form.relationship)
                    on_change=choose(|form| &mut form.relationship)
                />
                <ChipGroup
                    legend=words::CONTACT
                    pick=Pick::One
                    name="contact"
                    choices=answers()
                    on=Signal::derive(move || form.with(|form| form.contact.map(answer_code).into_iter().collect::<Vec<_>>()))
                    on_change=Callback::new(move |(code, _): (Code, bool)| {
                        form.update(|form| form.contact = answer_of(&code));
                    })
                />
                <ChipGroup
                    legend=words::HARM
                    pick=Pick::One
                    name="harm"
                    choices=of_list(shell, list::HARM)
                    on=one_of(|form| &form.harm)
                    on_change=choose(|form| &mut form.harm)
                />
                <ChipGroup
                    legend=words::WHAT_DONE
                    pick=Pick::Many
                    name="action"
                    choices=of_list(shell, list::ACTION)
                    on=codes_of(|form| &form.actions)
                    first=ACTIONS_FIRST
                    on_change=toggle(|form| &mut form.actions)
                />
                <ChipGroup
                    legend=words::POWERS
                    pick=Pick::Many
                    name="power"
                    choices=of_list(shell, list::POWER)
                    on=codes_of(|form| &form.powers)
                    first=POWERS_FIRST
                    on_change=toggle(|form| &mut form.powers)
                />
                <Show when=move || authority.get()>
                    <AuthorityFields form work />
                </Show>
                <ChipGroup
                    legend=words::REQUESTS
                    pick=Pick::Many
                    name="request"
                    choices=of_list(shell, list::FOLLOW_UP)
                    on=codes_of(|form| &form.requests)
                    first=ACTIONS_FIRST
                    on_change=toggle(|form| &mut form.requests)
                />
                <ChipGroup
                    legend=words::SAFEGUARDING
                    pick=Pick::Many
                    name="safeguarding"
                    choices=of_list(shell, list::SAFEGUARDING)
                    on=codes_of(|form| &form.safeguarding)
                    on_change=toggle(|form| &mut form.safeguarding)
                />
                <TextField
                    label=words::MADE_WITH
                    hint=words::MADE_WITH_HINT
                    id="made-with"
                    value=text_of(|form| &form.made_with)
                    on_input=write(|form| &mut form.made_with)
                />
                <Happened occurred_at />
                <Note
                    glyph=Glyph::Clock
                    heading=Signal::derive(move || words::written_now(now.get(), occurred_at.get()))
                    text=words::OVERT
                />
                <Discard work />
            </Main>
            <Foot marking=marking.to_owned()>
                <Bar away>
                    <button type="button" class="btn btn-go" data-test="check-and-sign" on:click=check_and_sign>
                        <Icon glyph=Glyph::Pencil />
                        {words::CHECK_AND_SIGN}
                    </button>
                </Bar>
            </Foot>
            <SignSheet open=signing work form asked />
        </AppShell>
    }
    .into_any()
}

/// The crime check under the behaviour that raised it. The 24 hours count from the first answer.
#[component]
fn CrimeCheck(form: RwSignal<ConcernDraft>, #[prop(into)] label: Signal<String>) -> impl IntoView {
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
fn WordsSaid(form: RwSignal<ConcernDraft>) -> impl IntoView {
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
fn AuthorityFields(form: RwSignal<ConcernDraft>, work: FormWork) -> impl IntoView {
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

/// The whole note, once, then the signature.
#[component]
fn SignSheet(
    open: RwSignal<bool>,
    work: FormWork,
    form: RwSignal<ConcernDraft>,
    asked: RwSignal<Vec<String>>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let lists = shell.lists();
    let body = move || {
        let lists = lists.get_untracked()?;
        let now = dom::now();
        let bodies = DraftForm::Concern(form.get_untracked())
            .bodies(&lists.edition, time::duty_date(now), now)
            .ok()?;
        matches!(bodies.main, Body::Concern(_)).then_some(bodies.main)
    };
    view! {
        <Sheet open title=words::SIGN_TITLE id="sign-sheet" tall=true>
            <p class="sub">{words::SIGN_TEXT}</p>
            {move || {
                asked
                    .get()
                    .into_iter()
                    .map(|text| {
                        view! { <Note tone=Tone::Wait glyph=Glyph::Info heading=words::WILL_BE_ASKED text /> }
                    })
                    .collect_view()
            }}
            {move || body().map(|body| view! { <ReadBody body /> })}
            <div class="btn-row">
                <button type="button" class="btn btn-lg" data-test="sign-back" on:click=move |_| open.set(false)>
                    {words::GO_BACK_TO_NOTE}
                </button>
                <button
                    type="button"
                    class="btn btn-lg btn-go"
                    data-test="sign"
                    on:click=move |_| {
                        open.set(false);
                        work.save();
                    }
                >
                    <Icon glyph=Glyph::Pencil />
                    {words::SIGN}
                </button>
            </div>
        </Sheet>
    }
}

/// The label of the first behaviour chosen that is a crime.
fn crime_behaviour(lists: &ListsView, form: &ConcernDraft) -> Option<String> {
    let on = time::duty_date(lists.now);
    form.behaviours
        .iter()
        .find(|code| {
            check::opens_crime_check(&lists.edition, list::BEHAVIOUR, std::slice::from_ref(*code), on)
        })
        .map(|code| codes::label(lists, list::BEHAVIOUR, code))
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
