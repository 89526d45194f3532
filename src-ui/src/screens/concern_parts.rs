//! The parts of a concern note that ask more than one question: the account, words said, the opinion, body-worn video, and
//! the draft of a grading.

use beatbook_domain::code_list::list;
use beatbook_domain::duty;
use beatbook_domain::entry::{Circumstances, ConcernDraft, DraftWords};
use beatbook_domain::id::Code;
use beatbook_domain::power::needs_uniform;
use beatbook_domain::time::{self, Millis};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{FieldProblem, KindTag, TextArea, TextField, TextKind};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::locales::words;
use crate::screens::bind::Bind;
use crate::screens::coach::{Coach, ToSlip};
use crate::screens::engagement::full_list;
use crate::screens::form::FormWork;

/// What was seen or heard: fact, with the solid edge.
#[component]
pub fn Account(
    /// The form.
    form: RwSignal<ConcernDraft>,
    /// The form at work.
    work: FormWork,
    /// The slip of the note.
    slip: ToSlip,
) -> impl IntoView {
    let bind = Bind(form);
    view! {
        <div class="group">
            <TextArea
                label=words::SEEN
                id="seen"
                kind=TextKind::Fact
                value=bind.text(|form| &form.seen)
                problem=work.faults.at("seen")
                on_input=bind.write(|form| &mut form.seen)
            />
            <Coach id="seen" text=bind.text(|form| &form.seen) on_input=bind.write(|form| &mut form.seen) slip />
        </div>
    }
}

/// The assessment and what it rests on: opinion, with the dashed edge.
#[component]
pub fn Assessment(
    /// The form.
    form: RwSignal<ConcernDraft>,
    /// The form at work.
    work: FormWork,
    /// The slip of the note.
    slip: ToSlip,
) -> impl IntoView {
    let bind = Bind(form);
    view! {
        <div class="group">
            <TextArea
                label=words::ASSESSMENT
                below=words::ASSESSMENT_BELOW
                id="assessment"
                kind=TextKind::Opinion
                value=bind.text(|form| &form.assessment)
                problem=work.faults.at("assessment")
                on_input=bind.write(|form| &mut form.assessment)
            />
            <Coach
                id="assessment"
                text=bind.text(|form| &form.assessment)
                on_input=bind.write(|form| &mut form.assessment)
                slip
            />
        </div>
    }
}

/// Body-worn video, in the list of references, and the request that it be kept.
const BWV: &str = "REF_BWV";
const RETAIN: &str = "F_BWV_RETAIN";

/// When the video begins that a note names: the first clip.
fn video_began(form: &ConcernDraft) -> Option<Millis> {
    let clips = form.references.iter().filter(|it| it.kind.as_ref().is_some_and(|kind| kind.as_str() == BWV));
    clips.filter_map(|clip| clip.at).min()
}

fn asks_to_keep(form: &ConcernDraft) -> bool {
    form.requests.iter().any(|request| request.as_str() == RETAIN)
}

/// Under the requests, where the video is asked to be kept: the day on which it would go.
#[component]
pub fn VideoGoes(
    /// The form.
    form: RwSignal<ConcernDraft>,
    /// When it happened, where no clip says when it began.
    told: RwSignal<Circumstances>,
) -> impl IntoView {
    let goes = Memo::new(move |_| {
        let at = form.with(|form| asks_to_keep(form).then(|| video_began(form)))?;
        let at = at.unwrap_or_else(|| told.with(|told| told.occurred_at));
        Some(words::video_goes(&time::day(duty::bwv_deleted_at(at))))
    });
    move || goes.get().map(|text| view! { <p class="hint gap-top" data-test="video-goes-by">{text}</p> })
}

/// Where a clip is named and nobody asked to keep it: the question.
#[component]
pub fn KeepVideo(
    /// The form.
    form: RwSignal<ConcernDraft>,
) -> impl IntoView {
    let asks = Memo::new(move |_| {
        form.with(|form| {
            let named =
                form.references.iter().any(|it| it.kind.as_ref().is_some_and(|kind| kind.as_str() == BWV));
            named && !asks_to_keep(form)
        })
    });
    view! {
        <Show when=move || asks.get()>
            <Note tone=Tone::Wait glyph=Glyph::Clock heading=words::KEEP_VIDEO_HEADING live=true test="keep-video-asks">
                <div class="btn-row">
                    <button
                        type="button"
                        class="btn"
                        data-test="keep-video"
                        on:click=move |_| form.update(|form| form.requests.push(Code::from(RETAIN)))
                    >
                        {words::KEEP_VIDEO}
                    </button>
                </div>
            </Note>
        </Show>
    }
}

/// Whether the officer was in plain clothes, asked where a power is for a constable in uniform.
#[component]
pub fn PlainClothes(
    /// The form.
    form: RwSignal<ConcernDraft>,
) -> impl IntoView {
    const PLAIN: &str = "plain";
    let asks = Memo::new(move |_| form.with(|form| form.powers.iter().any(needs_uniform)));
    view! {
        <Show when=move || asks.get()>
            <ChipGroup
                legend=words::POWER_CLOTHES
                pick=Pick::Many
                name="clothes"
                choices=vec![Choice::new(PLAIN, words::POWER_PLAIN)]
                on=Signal::derive(move || {
                    if form.with(|form| form.plain_clothes) { vec![Code::from(PLAIN)] } else { Vec::new() }
                })
                on_change=Callback::new(move |(_, on): (Code, bool)| form.update(|form| form.plain_clothes = on))
            />
        </Show>
    }
}

/// The answers of a grading list with their codes before them: `1, Reliable`.
fn graded(shell: Shell, name: &'static str) -> Signal<Vec<Choice>> {
    let all = full_list(shell, name);
    Signal::derive(move || {
        let of =
            |choice: Choice| Choice { label: words::graded(choice.code.as_str(), &choice.label), ..choice };
        all.get().into_iter().map(of).collect()
    })
}

/// The officer's draft of a 3x5x2 grading: three fields, never one string; conditions where handling is C.
#[component]
pub fn GradingFields(
    /// The form.
    form: RwSignal<ConcernDraft>,
    /// The form at work.
    work: FormWork,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let bind = Bind(form);
    let conditions = Memo::new(move |_| {
        form.with(|form| form.grade_handling.as_ref().is_some_and(|code| code.as_str() == "C"))
    });
    view! {
        <details class="more" id="grading">
            <summary data-test="grading">
                <Icon glyph=Glyph::List />
                <span>{words::GRADING} <span class="hint">{words::GRADING_HINT}</span></span>
                <Icon glyph=Glyph::Down class="turn" />
            </summary>
            <div class="more-in">
                <ChipGroup
                    legend=words::GRADE_SOURCE
                    pick=Pick::One
                    name="grade-source"
                    choices=graded(shell, list::INTEL_SOURCE)
                    on=bind.one(|form| &form.grade_source)
                    on_change=bind.choose(|form| &mut form.grade_source)
                />
                <ChipGroup
                    legend=words::GRADE_INFORMATION
                    pick=Pick::One
                    name="grade-information"
                    choices=graded(shell, list::INTEL_INFORMATION)
                    on=bind.one(|form| &form.grade_information)
                    on_change=bind.choose(|form| &mut form.grade_information)
                />
                <ChipGroup
                    legend=words::GRADE_HANDLING
                    pick=Pick::One
                    name="grade-handling"
                    choices=graded(shell, list::INTEL_HANDLING)
                    on=bind.one(|form| &form.grade_handling)
                    on_change=bind.choose(|form| &mut form.grade_handling)
                />
                <Show when=move || conditions.get()>
                    <TextField
                        label=words::GRADE_CONDITIONS
                        id="grade-conditions"
                        value=bind.text(|form| &form.grade_conditions)
                        on_input=bind.write(|form| &mut form.grade_conditions)
                    />
                </Show>
                <FieldProblem id="grading-fault" problem=work.faults.at("grading") />
            </div>
        </details>
    }
}

/// Words said, each exactly, each with who said them. Every field is part of the draft from its first letter.
#[component]
pub fn WordsSaid(
    /// The form.
    form: RwSignal<ConcernDraft>,
    /// The slip of the note.
    slip: ToSlip,
) -> impl IntoView {
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
                <SpokenField form place slip />
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
fn SpokenField(form: RwSignal<ConcernDraft>, place: usize, slip: ToSlip) -> impl IntoView {
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
            <Coach
                id=format!("words-{place}-text")
                text=read(|said| &said.words)
                on_input=write(|said| &mut said.words)
                slip
            />
            <TextField
                label=words::WHO_SAID
                hint=words::WHO_SAID_HINT
                id=format!("words-{place}-speaker")
                value=read(|said| &said.speaker)
                on_input=write(|said| &mut said.speaker)
            />
            <Coach
                id=format!("words-{place}-speaker")
                text=read(|said| &said.speaker)
                on_input=write(|said| &mut said.speaker)
                slip
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
