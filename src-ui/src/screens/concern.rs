//! Concern note: behaviour, crime check, what was seen or heard (fact), exact words, assessment (opinion), what was done
//! and on what authority. OFFICIAL-SENSITIVE from the first key.
//!
//! Fact and opinion are different fields with different edges. Signing shows the whole note once; after that there are
//! additions only. What may be signed is asked of the domain's check.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Body, ConcernDraft, DraftForm, Kind};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time;
use beatbook_protocol::ipc::{DraftView, ListsView};
use leptos::prelude::*;

use crate::app::{Shell, use_minute};
use crate::codes;
use crate::components::choices::{ChipGroup, Pick, toggled};
use crate::components::fields::{ErrorSummary, TextArea, TextField, TextKind};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::components::state::DraftChip;
use crate::dom;
use crate::locales::words;
use crate::route::Route;
use crate::screens::coach::Coach;
use crate::screens::concern_parts::{AuthorityFields, CrimeCheck, WordsSaid};
use crate::screens::engagement::{answer_code, answer_of, answers};
use crate::screens::form::{Discard, DraftScreen, FormWork};
use crate::screens::happened::Happened;
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
