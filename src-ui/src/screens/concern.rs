//! Concern note: behaviour, crime check, what was seen or heard (fact), exact words, assessment (opinion), what was done
//! and on what authority. OFFICIAL-SENSITIVE from the first key.
//!
//! Fact and opinion are different fields with different edges. Signing shows the whole note once; after that there are
//! additions only. What may be signed is asked of the domain's check.

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Access, Circumstances, ConcernDraft, DraftForm, Kind};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time;
use beatbook_protocol::ipc::{DraftView, ListsView};
use leptos::prelude::*;

use crate::app::{Shell, use_minute};
use crate::codes;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{ErrorSummary, TextField};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::Note;
use crate::components::state::DraftChip;
use crate::dom;
use crate::locales::words;
use crate::route::Route;
use crate::screens::authority::AuthorityFields;
use crate::screens::bind::Bind;
use crate::screens::circumstances::CircumstancesPanel;
use crate::screens::coach::{Coach, SlipKey, ToSlip};
use crate::screens::concern_parts::{
    Account, Assessment, GradingFields, KeepVideo, PlainClothes, VideoGoes, WordsSaid,
};
use crate::screens::crime_check::CrimeCheck;
use crate::screens::engagement::{answer_code, answer_of, answers};
use crate::screens::form::{Discard, DraftScreen, FormWork, route_of};
use crate::screens::people_described::PeopleDescribed;
use crate::screens::place::PlaceField;
use crate::screens::references::References;
use crate::screens::signing::{SignSheet, Signing};
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
        "references" => "references",
        "people" => "people-described",
        "grading" => "grading",
        "told_by" => "told-by",
        other => crate::screens::circumstances::anchor(other),
    }
}

/// First-hand, in the list of how something is known.
const SEEN_BY_ME: &str = "OBS_SELF";

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let lists = shell.lists();
    let to = route_of(&draft);
    let DraftForm::Concern(holds) = draft.form else {
        shell.router().replace(to);
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let told = RwSignal::new(draft.told);
    let whole = Signal::derive(move || DraftForm::Concern(form.get()));
    let work = FormWork::start(draft.entry_id, whole, told.into(), anchor);
    let marking = Kind::Concern.marking().words();

    let bind = Bind(form);
    let slip = ToSlip::of(draft.entry_id);
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
    // Seen by somebody else: then who told it belongs to the account, described and not named.
    let second_hand =
        Memo::new(move |_| form.with(|form| form.sources.iter().any(|source| source.as_str() != SEEN_BY_ME)));
    let signing = Signing::of(work, whole);
    let number = draft.number;
    let meta =
        Signal::derive(move || words::concern_meta(number, told.with(|told| told.occurred_at), dom::now()));
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
                    on=bind.many(|form| &form.behaviours)
                    first=BEHAVIOURS_FIRST
                    on_change=bind.toggle(|form| &mut form.behaviours)
                />
                <Show when=move || crime.with(Option::is_some)>
                    <CrimeCheck form label=Signal::derive(move || crime.get().unwrap_or_default()) />
                </Show>
                <ChipGroup
                    legend=words::HOW_KNOWN
                    pick=Pick::Many
                    name="source"
                    choices=of_list(shell, list::OBSERVED_BY)
                    on=bind.many(|form| &form.sources)
                    on_change=bind.toggle(|form| &mut form.sources)
                />
                <Show when=move || second_hand.get()>
                    <TextField
                        label=words::TOLD_BY
                        hint=words::TOLD_BY_HINT
                        id="told-by"
                        value=bind.text(|form| &form.told_by)
                        problem=work.faults.at("told-by")
                        on_input=bind.write(|form| &mut form.told_by)
                    />
                    <Coach
                        id="told-by"
                        text=bind.text(|form| &form.told_by)
                        on_input=bind.write(|form| &mut form.told_by)
                        slip
                    />
                </Show>
                <Account form work slip />
                <WordsSaid form slip />
                <Assessment form work slip />
                <SlipKey slip />
                <ChipGroup
                    legend=words::RELATIONSHIP
                    pick=Pick::One
                    name="relationship"
                    choices=of_list(shell, list::RELATIONSHIP)
                    on=bind.one(|form| &form.relationship)
                    on_change=bind.choose(|form| &mut form.relationship)
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
                    on=bind.one(|form| &form.harm)
                    on_change=bind.choose(|form| &mut form.harm)
                />
                <ChipGroup
                    legend=words::WHAT_DONE
                    pick=Pick::Many
                    name="action"
                    choices=of_list(shell, list::ACTION)
                    on=bind.many(|form| &form.actions)
                    first=ACTIONS_FIRST
                    on_change=bind.toggle(|form| &mut form.actions)
                />
                <ChipGroup
                    legend=words::POWERS
                    pick=Pick::Many
                    name="power"
                    choices=of_list(shell, list::POWER)
                    on=bind.many(|form| &form.powers)
                    first=POWERS_FIRST
                    on_change=bind.toggle(|form| &mut form.powers)
                />
                <Show when=move || authority.get()>
                    <AuthorityFields form told work />
                    <PlainClothes form />
                </Show>
                <ChipGroup
                    legend=words::REQUESTS
                    pick=Pick::Many
                    name="request"
                    choices=of_list(shell, list::FOLLOW_UP)
                    on=bind.many(|form| &form.requests)
                    first=ACTIONS_FIRST
                    on_change=bind.toggle(|form| &mut form.requests)
                >
                    <VideoGoes form told />
                </ChipGroup>
                <ChipGroup
                    legend=words::SAFEGUARDING
                    pick=Pick::Many
                    name="safeguarding"
                    choices=of_list(shell, list::SAFEGUARDING)
                    on=bind.many(|form| &form.safeguarding)
                    on_change=bind.toggle(|form| &mut form.safeguarding)
                />
                <PeopleDescribed form slip />
                <ForStandards told />
                <References
                    references=Signal::derive(move || form.with(|form| form.references.clone()))
                    on_change=Callback::new(move |references| form.update(|form| form.references = references))
                />
                <KeepVideo form />
                <GradingFields form work />
                <TextField
                    label=words::MADE_WITH
                    hint=words::MADE_WITH_HINT
                    id="made-with"
                    value=bind.text(|form| &form.made_with)
                    on_input=bind.write(|form| &mut form.made_with)
                />
                <CircumstancesPanel told work />
                <Note
                    glyph=Glyph::Clock
                    heading=Signal::derive(move || words::written_now(now.get(), told.with(|told| told.occurred_at)))
                    text=words::OVERT
                />
                <Discard work />
            </Main>
            <Foot marking=marking.to_owned()>
                <Bar away>
                    <button type="button" class="btn btn-go" data-test="check-and-sign" on:click=move |_| signing.check()>
                        <Icon glyph=Glyph::Pencil />
                        {words::CHECK_AND_SIGN}
                    </button>
                </Bar>
            </Foot>
            <SignSheet signing />
        </AppShell>
    }
    .into_any()
}

/// Whether the note discloses something about somebody in policing: then its officer and professional standards alone read
/// it. A correction changes nothing in that: who has read the version before has read it.
#[component]
fn ForStandards(told: RwSignal<Circumstances>) -> impl IntoView {
    let is_narrow = Memo::new(move |_| told.with(Circumstances::is_narrow));
    let corrects = Memo::new(move |_| told.with(Circumstances::is_amendment));
    let code = Code::new("narrow");
    let on = code.clone();
    view! {
        <section class="group" aria-label=words::IN_POLICING data-test="for-standards">
            <Show when=move || !corrects.get()>
                <ChipGroup
                    legend=words::IN_POLICING
                    hint=words::IN_POLICING_HINT
                    pick=Pick::Many
                    name="standards"
                    choices=vec![Choice::new(code.clone(), words::FOR_STANDARDS)]
                    on={
                        let on = on.clone();
                        Signal::derive(move || if is_narrow.get() { vec![on.clone()] } else { Vec::new() })
                    }
                    on_change=Callback::new(move |(_, on): (Code, bool)| {
                        told.update(|told| {
                            told.access = if on { Access::ProfessionalStandards } else { Access::Team };
                        });
                    })
                />
            </Show>
            <Show when=move || is_narrow.get()>
                <Note glyph=Glyph::Lock heading=words::NARROW_HEADING text=words::FOR_STANDARDS_TEXT test="narrow" />
            </Show>
        </section>
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
