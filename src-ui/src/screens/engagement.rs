//! Engagement: a conversation, in three presses for the common case. Type starts from the last, people at 1, cards at
//! 0; place fills itself.
//!
//! No personal data by default. Bands are asked only of five or more and never with anyone under 18; a topic that may
//! disclose a crime opens the crime check. What may be saved is asked of the domain's check.

use std::collections::BTreeMap;

use beatbook_domain::check;
use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Answer, DraftForm, EngagementDraft};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time;
use beatbook_protocol::ipc::{DraftView, ListsView, OpenDraft};
use leptos::prelude::*;

use crate::app::Shell;
use crate::codes::{self, Labels};
use crate::components::choices::{ChipGroup, Choice, OptionGroup, Pick, Scale, TileGroup, toggled};
use crate::components::fields::{ErrorSummary, TextArea, TextField};
use crate::components::frame::{AppShell, Back, Bar, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::state::DraftChip;
use crate::components::stepper::{Stepper, StepperWords};
use crate::locales::words;
use crate::route::Route;
use crate::screens::circumstances::CircumstancesPanel;
use crate::screens::coach::Coach;
use crate::screens::crime_check::CrimeCheck;
use crate::screens::form::{Discard, DraftScreen, FormWork, open_draft, route_of};
use crate::screens::place::PlaceField;
use crate::screens::today::of_list;

/// How many types have a tile at first glance.
const TYPES_FIRST: usize = 6;
/// How many topics are shown before "n more".
const TOPICS_FIRST: usize = 7;
/// The code of the chip that stands for "yes, a follow-up was asked for".
const FOLLOW_UP_YES: &str = "yes";

/// The engagement form of a draft.
#[component]
pub fn Engagement(
    /// The draft.
    id: EntryId,
) -> impl IntoView {
    view! { <DraftScreen id title=words::ENGAGEMENT form=|draft| view! { <Form draft /> } /> }
}

/// The control that stands for a field of the check.
fn anchor(field: &str) -> &'static str {
    match field {
        "engagement_type" => "type",
        "people" => "people-plus",
        "topics" => "topic",
        "concerns" => "ss-place",
        "safe_by_day" => "safe-day",
        "safe_after_dark" => "safe-dark",
        "note" => "note",
        "bands" => "bands",
        "under_18" => "under18",
        "safeguarding_ref" => "safeguarding-ref",
        "cards" => "cards",
        "reporting" => "reporting",
        "references" => "crime-ref",
        other => crate::screens::circumstances::anchor(other),
    }
}

#[component]
fn Form(draft: DraftView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let lists = shell.lists();
    let to = route_of(&draft);
    let DraftForm::Engagement(holds) = draft.form else {
        // An address that names a draft of another kind: its own form opens it.
        shell.router().replace(to);
        return ().into_any();
    };
    let form = RwSignal::new(holds);
    let told = RwSignal::new(draft.told);
    let whole = Signal::derive(move || DraftForm::Engagement(form.get()));
    let work = FormWork::start(draft.entry_id, whole, told.into(), anchor);

    let set = move |change: &dyn Fn(&mut EngagementDraft)| form.update(|form| change(form));
    let codes_of = move |read: fn(&EngagementDraft) -> &Vec<Code>| {
        Signal::derive(move || form.with(|form| read(form).clone()))
    };
    let toggle = move |write: fn(&mut EngagementDraft) -> &mut Vec<Code>| {
        Callback::new(move |(code, on): (Code, bool)| {
            form.update(|form| {
                let codes = write(form);
                *codes = toggled(std::mem::take(codes), &code, on);
            });
        })
    };
    let under_18 = Memo::new(move |_| form.with(|form| form.under_18));
    let child = Memo::new(move |_| under_18.get() == Some(Answer::Yes));
    let bands = Memo::new(move |_| !child.get() && form.with(|form| form.people >= check::BANDS_FROM_PEOPLE));
    let crime = Memo::new(move |_| {
        lists.with(|lists| lists.as_ref().and_then(|lists| form.with(|form| crime_topic(lists, form))))
    });
    let materials = Memo::new(move |_| {
        lists.with(|l| {
            l.as_ref().map(|l| codes::choices(l, list::MATERIAL, Labels::Short)).unwrap_or_default()
        })
    });
    let more_cards = Memo::new(move |_| materials.with(Vec::len) > 1);
    let (number, entry_id) = (draft.number, draft.entry_id);
    let meta = Signal::derive(move || words::entry_meta(number, told.with(|told| told.occurred_at)));
    let away = shell.may_go_away();

    view! {
        <AppShell>
            <Top
                title=words::ENGAGEMENT
                meta
                back=Back { to: Route::Today, label: words::BACK_KEEPS_DRAFT }
            >
                <DraftChip state=work.keeper.state() />
            </Top>
            <Main>
                <ErrorSummary faults=work.faults />
                <PlaceField
                    place=Signal::derive(move || form.with(|form| form.place.clone()))
                    on_change=Callback::new(move |place| form.update(|form| form.place = Some(place)))
                />
                <TileGroup
                    legend=words::WHO
                    name="type"
                    choices=of_list(shell, list::ENGAGEMENT_TYPE)
                    first=TYPES_FIRST
                    on=Signal::derive(move || form.with(|form| form.engagement_type.clone()))
                    on_change=Callback::new(move |code: Code| set(&|form| form.engagement_type = Some(code.clone())))
                />
                <div class="steppers" id="cards" tabindex="-1">
                    <Stepper
                        words=StepperWords::counting(words::PEOPLE, words::ONE_PERSON)
                        test="people"
                        value=Signal::derive(move || form.with(|form| form.people))
                        min=1
                        on_change=Callback::new(move |people| form.update(|form| form.people = people))
                    />
                    {move || {
                        materials
                            .get()
                            .first()
                            .cloned()
                            .map(|card| view! { <CardStepper card form main=true /> })
                    }}
                </div>
                <ChipGroup
                    legend=words::TOPICS
                    pick=Pick::Many
                    name="topic"
                    choices=of_list(shell, list::TOPIC)
                    on=codes_of(|form| &form.topics)
                    first=TOPICS_FIRST
                    on_change=toggle(|form| &mut form.topics)
                />
                <Show when=move || crime.with(Option::is_some)>
                    <CrimeCheck form label=Signal::derive(move || crime.get().unwrap_or_default())>
                        <button
                            type="button"
                            class="btn btn-lg"
                            data-test="gate-concern"
                            on:click=move |_| open_draft(shell, OpenDraft::NewConcern)
                        >
                            <Icon glyph=Glyph::Flag />
                            {words::WRITE_CONCERN}
                        </button>
                    </CrimeCheck>
                </Show>
                <details class="more">
                    <summary data-test="more">
                        <Icon glyph=Glyph::List />
                        <span>{words::MORE} <span class="hint">{words::MORE_HINT}</span></span>
                        <Icon glyph=Glyph::Down class="turn" />
                    </summary>
                    <div class="more-in">
                        <OptionGroup
                            legend=words::STREETSAFE_PLACE
                            pick=Pick::Many
                            name="ss-place"
                            choices=full_list(shell, list::STREETSAFE_ENVIRONMENT)
                            on=codes_of(|form| &form.concerns)
                            on_change=toggle(|form| &mut form.concerns)
                        />
                        <OptionGroup
                            legend=words::STREETSAFE_BEHAVIOUR
                            pick=Pick::Many
                            name="ss-behaviour"
                            choices=full_list(shell, list::STREETSAFE_BEHAVIOUR)
                            on=codes_of(|form| &form.concerns)
                            on_change=toggle(|form| &mut form.concerns)
                        />
                        <Scale
                            legend=words::SAFE_DAY
                            name="safe-day"
                            low=words::SAFE_LOW
                            high=words::SAFE_HIGH
                            value=Signal::derive(move || form.with(|form| form.safe_by_day))
                            on_change=Callback::new(move |answer| form.update(|form| form.safe_by_day = answer))
                        />
                        <Scale
                            legend=words::SAFE_DARK
                            name="safe-dark"
                            low=words::SAFE_LOW
                            high=words::SAFE_HIGH
                            value=Signal::derive(move || form.with(|form| form.safe_after_dark))
                            on_change=Callback::new(move |answer| form.update(|form| form.safe_after_dark = answer))
                        />
                        <ChipGroup
                            legend=words::LIGHT
                            pick=Pick::One
                            name="light"
                            choices=of_list(shell, list::LIGHT)
                            on=Signal::derive(move || form.with(|form| form.light.clone().into_iter().collect::<Vec<_>>()))
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                form.update(|form| form.light = on.then_some(code));
                            })
                        />
                        <ChipGroup
                            legend=words::UNDER_18
                            pick=Pick::One
                            name="under18"
                            choices=answers()
                            on=Signal::derive(move || under_18.get().map(answer_code).into_iter().collect::<Vec<_>>())
                            on_change=Callback::new(move |(code, _): (Code, bool)| {
                                form.update(|form| form.under_18 = answer_of(&code));
                            })
                        />
                        <Show when=move || child.get()>
                            <TextField
                                label=words::SAFEGUARDING_REF
                                hint=words::SAFEGUARDING_HINT
                                id="safeguarding-ref"
                                value=Signal::derive(move || form.with(|form| form.safeguarding_ref.clone()))
                                problem=work.faults.at("safeguarding-ref")
                                on_input=Callback::new(move |text: String| {
                                    form.update(|form| form.safeguarding_ref = text);
                                })
                            />
                        </Show>
                        <Show when=move || bands.get()>
                            <div class="group" id="bands" tabindex="-1">
                                <BandGroup legend=words::AGE_BANDS name="age" list=list::AGE_BAND form read=|form| &mut form.bands.age />
                                <BandGroup legend=words::SEX_BANDS name="sex" list=list::SEX_BAND form read=|form| &mut form.bands.sex />
                            </div>
                        </Show>
                        <Show when=move || more_cards.get()>
                            <div class="group">
                                <h2 class="lab">{words::OTHER_CARDS}</h2>
                                <For
                                    each=move || materials.get().into_iter().skip(1)
                                    key=|card| card.code.clone()
                                    let:card
                                >
                                    <CardStepper card form />
                                </For>
                            </div>
                        </Show>
                        <ChipGroup
                            legend=words::VERIFICATION
                            pick=Pick::One
                            name="verification"
                            choices=of_list(shell, list::VERIFICATION)
                            on=Signal::derive(move || {
                                form.with(|form| form.verification.clone().into_iter().collect::<Vec<_>>())
                            })
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                form.update(|form| form.verification = on.then_some(code));
                            })
                        />
                        <ChipGroup
                            legend=words::FOLLOW_UP
                            pick=Pick::Many
                            name="follow-up"
                            choices=vec![Choice::new(FOLLOW_UP_YES, words::YES)]
                            on=Signal::derive(move || {
                                if form.with(|form| form.follow_up) { vec![Code::from(FOLLOW_UP_YES)] } else { Vec::new() }
                            })
                            on_change=Callback::new(move |(_, on): (Code, bool)| {
                                form.update(|form| form.follow_up = on);
                            })
                        />
                        <button
                            type="button"
                            class="btn btn-lg"
                            data-test="raise-referral"
                            on:click=move |_| open_draft(shell, OpenDraft::NewReferral(Some(entry_id)))
                        >
                            <Icon glyph=Glyph::Lamp />
                            {words::RAISE_REFERRAL}
                        </button>
                        <Show when=move || !child.get()>
                            <TextArea
                                label=words::NOTE
                                hint=words::NOTE_HINT
                                id="note"
                                value=Signal::derive(move || form.with(|form| form.note.clone()))
                                problem=work.faults.at("note")
                                on_input=Callback::new(move |text: String| form.update(|form| form.note = text))
                            />
                            <Coach
                                id="note"
                                text=Signal::derive(move || form.with(|form| form.note.clone()))
                                on_input=Callback::new(move |text: String| form.update(|form| form.note = text))
                            />
                        </Show>
                    </div>
                </details>
                <CircumstancesPanel told work />
                <Discard work />
            </Main>
            <Foot>
                <Bar away>
                    <button type="button" class="btn btn-go" data-test="save-engagement" on:click=move |_| work.save()>
                        <Icon glyph=Glyph::Check />
                        {words::SAVE_ENGAGEMENT}
                    </button>
                </Bar>
            </Foot>
        </AppShell>
    }
    .into_any()
}

/// How many of one material were given.
#[component]
fn CardStepper(card: Choice, form: RwSignal<EngagementDraft>, #[prop(optional)] main: bool) -> impl IntoView {
    let Choice { code, label, .. } = card;
    let words = if main {
        StepperWords { below: label, ..StepperWords::counting(words::CARDS_GIVEN, words::ONE_CARD) }
    } else {
        StepperWords::counting(label.clone(), &words::lower_first(&label))
    };
    let test = format!("cards-{code}");
    let read = code.clone();
    view! {
        <Stepper
            words
            test
            line=!main
            value=Signal::derive(move || form.with(|form| form.cards.get(&read).copied().unwrap_or(0)))
            on_change=Callback::new(move |cards| set_count(form, &code, cards, |form| &mut form.cards))
        />
    }
}

/// How many of the group are in each band.
#[component]
fn BandGroup(
    legend: &'static str,
    name: &'static str,
    list: &'static str,
    form: RwSignal<EngagementDraft>,
    read: fn(&mut EngagementDraft) -> &mut BTreeMap<Code, u32>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let choices = of_list(shell, list);
    view! {
        <fieldset class="group">
            <legend>{legend} <span class="hint">" " {words::BANDS_HINT}</span></legend>
            <div class="opts">
                <For each=move || choices.get() key=|choice| choice.code.clone() let:band>
                    {
                        let code = band.code.clone();
                        let counted = band.code.clone();
                        view! {
                            <Stepper
                                words=StepperWords::counting(band.label.clone(), words::ONE_PERSON)
                                test=format!("{name}-{}", band.code)
                                line=true
                                value=Signal::derive(move || {
                                    form.with(|form| read(&mut form.clone()).get(&counted).copied().unwrap_or(0))
                                })
                                on_change=Callback::new(move |count| set_count(form, &code, count, read))
                            />
                        }
                    }
                </For>
            </div>
        </fieldset>
    }
}

fn set_count(
    form: RwSignal<EngagementDraft>,
    code: &Code,
    count: u32,
    map: impl Fn(&mut EngagementDraft) -> &mut BTreeMap<Code, u32>,
) {
    form.update(|form| {
        let counts = map(form);
        if count == 0 {
            counts.remove(code);
        } else {
            counts.insert(code.clone(), count);
        }
    });
}

/// The official labels of a list, in full.
pub fn full_list(shell: Shell, name: &'static str) -> Signal<Vec<Choice>> {
    let lists = shell.lists();
    Signal::derive(move || {
        lists.with(|lists| lists.as_ref().map(|l| codes::choices(l, name, Labels::Full)).unwrap_or_default())
    })
}

/// The label of the first topic chosen that may disclose a crime.
fn crime_topic(lists: &ListsView, form: &EngagementDraft) -> Option<String> {
    let on = time::duty_date(lists.now);
    form.topics
        .iter()
        .find(|topic| check::opens_crime_check(&lists.edition, list::TOPIC, std::slice::from_ref(*topic), on))
        .map(|topic| codes::label(lists, list::TOPIC, topic))
}

/// The answers to a question that may stay open.
pub fn answers() -> Vec<Choice> {
    [(Answer::No, words::NO), (Answer::Yes, words::YES), (Answer::NotKnown, words::NOT_KNOWN)]
        .into_iter()
        .map(|(answer, word)| Choice::new(answer_code(answer), word))
        .collect()
}

/// The form code of an answer.
pub fn answer_code(answer: Answer) -> Code {
    Code::from(match answer {
        Answer::No => "no",
        Answer::Yes => "yes",
        Answer::NotKnown => "not_known",
    })
}

/// The answer of a form code.
pub fn answer_of(code: &Code) -> Option<Answer> {
    match code.as_str() {
        "no" => Some(Answer::No),
        "yes" => Some(Answer::Yes),
        "not_known" => Some(Answer::NotKnown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_their_meaning_through_the_form() {
        for choice in answers() {
            assert_eq!(answer_of(&choice.code).map(answer_code), Some(choice.code));
        }
    }
}
