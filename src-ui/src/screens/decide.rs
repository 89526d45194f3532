//! Deciding about an entry of another officer: approve, ask, hand on. Its words are never changed.

use std::collections::BTreeMap;

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Kind, Question};
use beatbook_domain::id::{Code, EntryId, Link};
use beatbook_domain::review::{fields, reference_kind};
use beatbook_domain::time::{DAY_MS, HOUR_MS, Millis};
use beatbook_protocol::ipc::{AppError, DecideEntry, DecisionForm, EntryView, ReviewStanding};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{FieldProblem, TextArea, TextField};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::screens::entry_acts::Renew;
use crate::screens::today::of_list;

/// The code that stands for the whole entry among the fields that can be asked about.
const WHOLE: &str = "whole";

/// The approval of an entry without further words.
#[must_use]
pub fn plain_approval() -> DecisionForm {
    DecisionForm::Approve { disposition: None, reference: String::new(), note: String::new() }
}

/// What is said once a decision stands.
#[must_use]
pub fn done_words(what: &DecisionForm) -> &'static str {
    match what {
        DecisionForm::Approve { .. } => words::APPROVED_NOW,
        DecisionForm::Return { aside: true, .. } => words::ASKED_NOW,
        DecisionForm::Return { .. } => words::RETURNED_NOW,
        DecisionForm::Escalate { .. } => words::ESCALATED_NOW,
    }
}

/// The keys of a supervisor on the screen of an entry.
#[component]
pub fn Decide(
    /// The entry.
    entry: EntryView,
    /// Shows it anew.
    renew: Renew,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (id, kind) = (entry.row.entry_id, entry.row.kind);
    let Some(link) = entry.revisions.iter().rev().find(|one| one.newest).map(|one| one.link) else {
        return ().into_any();
    };
    let (approving, returning, escalating, asking) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    // Nobody stands above an inspector here, and what went up is decided there.
    let above = entry.review.decided_above.clone();
    let may_decide = above.is_none();
    let may_escalate = may_decide && !shell.commands();
    let problem = RwSignal::new(None::<String>);
    let sheets = [approving, returning, escalating, asking];
    let in_a_sheet = move || sheets.into_iter().any(|sheet| sheet.get());
    // What stopped one sheet is nothing to the next, and stands in the sheet that is open, not behind it.
    let behind = Signal::derive(move || problem.get().filter(|_| !in_a_sheet()));
    let open = move |sheet: RwSignal<bool>| {
        problem.set(None);
        sheet.set(true);
    };
    let decide = Callback::new(move |what: DecisionForm| {
        spawn_local(async move {
            let said = done_words(&what);
            match call(DecideEntry { entry_id: id, link, what }).await {
                Ok(entry) => {
                    problem.try_set(None);
                    for sheet in sheets {
                        sheet.try_set(false);
                    }
                    renew.done(shell, entry, said).await;
                }
                Err(AppError { message, .. }) => {
                    problem.try_set(Some(message));
                }
            }
        });
    });
    let is_concern = kind == Kind::Concern && !entry.withdrawn;
    let approve = move |_| if is_concern { open(approving) } else { decide.run(plain_approval()) };
    let decided = matches!(entry.review.standing, ReviewStanding::Approved);
    view! {
        <section class="group" aria-labelledby="decide-h" data-test="decide">
            <h2 class="sec" id="decide-h">{words::DECIDE_H}</h2>
            <div class="acts">
                {(!decided && may_decide).then(|| view! {
                    <button type="button" class="btn btn-lg btn-go" data-test="approve" data-shortcut="a" data-shortcut-focus="yes" on:click=approve>
                        <Icon glyph=Glyph::Check />
                        {words::APPROVE}
                    </button>
                })}
                <button type="button" class="btn btn-lg" data-test="return" data-shortcut="r" on:click=move |_| open(returning)>
                    <Icon glyph=Glyph::Back />
                    {words::RETURN_KEY}
                </button>
                <button type="button" class="btn btn-lg" data-test="ask" on:click=move |_| open(asking)>
                    <Icon glyph=Glyph::Chat />
                    {words::ASK_KEY}
                </button>
                {may_escalate.then(|| view! {
                    <button type="button" class="btn btn-lg" data-test="escalate" on:click=move |_| open(escalating)>
                        <Icon glyph=Glyph::Up />
                        {words::ESCALATE}
                    </button>
                })}
            </div>
            {above.map(|post| view! { <p class="sub" data-test="decided-above">{words::waits_above(&post)}</p> })}
            {entry.review.overruled_by.map(|by| view! {
                <Note
                    tone=Tone::Wait
                    glyph=Glyph::Info
                    heading=words::overruled(&by)
                    text=words::overruled_why(entry.review.standing)
                    test="overruled"
                />
            })}
            <FieldProblem id="decide-fault" problem=behind />
            <p class="sub">{words::DECIDE_ABOUT_THIS}</p>
        </section>
        <Sheet open=approving title=words::CONCERN_GOES id="approve-sheet">
            <Disposition on_go=decide problem />
        </Sheet>
        <Sheet open=returning title=words::RETURN_TITLE id="return-sheet">
            <ReturnForm kind on_go=decide problem />
        </Sheet>
        <Sheet open=asking title=words::ASK_TITLE id="ask-sheet">
            <ReturnForm kind on_go=decide problem aside=true />
        </Sheet>
        <Sheet open=escalating title=words::ESCALATE id="escalate-sheet">
            <Escalate on_go=decide problem />
        </Sheet>
    }
    .into_any()
}

/// Where a concern note goes, and the reference it got there.
#[component]
fn Disposition(on_go: Callback<DecisionForm>, problem: RwSignal<Option<String>>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let chosen = RwSignal::new(None::<Code>);
    let (reference, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wants = move || chosen.with(|code| code.as_ref().is_some_and(|code| reference_kind(code).is_some()));
    let go = move |_| {
        on_go.run(DecisionForm::Approve {
            disposition: chosen.get_untracked(),
            reference: if wants() { reference.get_untracked() } else { String::new() },
            note: note.get_untracked(),
        });
    };
    view! {
        <ChipGroup
            legend=words::CONCERN_GOES
            quiet=true
            pick=Pick::One
            name="disposition"
            choices=of_list(shell, list::DISPOSITION)
            on=Signal::derive(move || chosen.with(|chosen| chosen.iter().cloned().collect::<Vec<_>>()))
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                chosen.set(on.then_some(code));
                problem.set(None);
            })
        />
        <Show when=wants>
            <TextField
                label=words::CONCERN_REFERENCE
                id="disposition-reference"
                value=reference
                on_input=Callback::new(move |text| reference.set(text))
            />
        </Show>
        <TextArea
            label=words::DECIDE_NOTE
            hint=words::DECIDE_NOTE_HINT
            id="approve-note"
            value=note
            on_input=Callback::new(move |text| note.set(text))
        />
        <FieldProblem id="approve-fault" problem />
        <div class="btn-row">
            <button type="button" class="btn btn-lg btn-go" data-test="approve-go" on:click=go>
                <Icon glyph=Glyph::Check />
                {words::APPROVE_ENTRY}
            </button>
        </div>
    }
}

/// Why somebody above decides.
#[component]
fn Escalate(on_go: Callback<DecisionForm>, problem: RwSignal<Option<String>>) -> impl IntoView {
    let note = RwSignal::new(String::new());
    view! {
        <TextArea
            label=words::ESCALATE_WHY
            id="escalate-note"
            value=note
            on_input=Callback::new(move |text| note.set(text))
        />
        <FieldProblem id="escalate-fault" problem />
        <div class="btn-row">
            <button
                type="button"
                class="btn btn-lg btn-go"
                data-test="escalate-go"
                on:click=move |_| on_go.run(DecisionForm::Escalate { note: note.get_untracked() })
            >
                {words::ESCALATE_GO}
            </button>
        </div>
    }
}

/// By when an answer is wanted.
fn due_of(code: &Code, now: Millis) -> Option<Millis> {
    match code.as_str() {
        "DUE_2H" => Some(now.plus(2 * HOUR_MS)),
        "DUE_DAY" => Some(now.plus(DAY_MS)),
        "DUE_WEEK" => Some(now.plus(7 * DAY_MS)),
        _ => None,
    }
}

/// What is asked about which answer, by when.
#[component]
pub fn ReturnForm(
    /// What is asked about.
    kind: Kind,
    /// Told of the return.
    on_go: Callback<DecisionForm>,
    /// What was wrong with it.
    problem: RwSignal<Option<String>>,
    /// Asked beside: it is not sent back.
    #[prop(optional)]
    aside: bool,
) -> impl IntoView {
    let fields = fields(kind);
    let choices: Vec<Choice> = fields
        .iter()
        .map(|field| Choice::new(*field, words::field(field)))
        .chain([Choice::new(WHOLE, words::ASK_WHOLE)])
        .collect();
    let alone = fields.is_empty().then(|| Code::new(WHOLE));
    let about = RwSignal::new(alone.into_iter().collect::<Vec<Code>>());
    let asked = RwSignal::new(BTreeMap::<Code, String>::new());
    let due = RwSignal::new(Code::new("DUE_DAY"));
    let urgent = RwSignal::new(false);
    let dues = vec![
        Choice::new("DUE_2H", words::DUE_TWO_HOURS),
        Choice::new("DUE_DAY", words::DUE_DAY),
        Choice::new("DUE_WEEK", words::DUE_WEEK),
        Choice::new("DUE_NONE", words::DUE_NONE),
    ];
    let go = move |_| {
        let asked = asked.get_untracked();
        let question = |code: &Code| Question {
            field: Some(code.to_string()).filter(|field| field != WHOLE),
            words: asked.get(code).map(|text| text.trim().to_owned()).unwrap_or_default(),
        };
        on_go.run(DecisionForm::Return {
            questions: about.with_untracked(|about| about.iter().map(question).collect()),
            due: due_of(&due.get_untracked(), dom::now()),
            urgent: urgent.get_untracked(),
            aside,
        });
    };
    view! {
        {aside.then(|| view! { <p class="sub">{words::ASK_ASIDE_TEXT}</p> })}
        <ChipGroup
            legend=words::ASK_ABOUT
            hint=words::ASK_ABOUT_HINT
            pick=Pick::Many
            name="ask"
            choices=Signal::stored(choices)
            on=about
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                about.update(|about| {
                    about.retain(|known| *known != code);
                    if on {
                        about.push(code);
                    }
                });
            })
        />
        <For each=move || about.get() key=Clone::clone let:code>
            {
                let (id, label, of) = (format!("ask-words-{code}"), words::field(code.as_str()), code.clone());
                let value = Signal::derive(move || asked.with(|asked| asked.get(&of).cloned().unwrap_or_default()));
                view! {
                    <TextArea
                        label
                        hint=words::ASK_WORDS
                        id
                        value
                        on_input=Callback::new(move |text| {
                            asked.update(|asked| drop(asked.insert(code.clone(), text)));
                        })
                    />
                }
            }
        </For>
        <ChipGroup
            legend=words::ASK_DUE
            pick=Pick::One
            name="ask-due"
            choices=Signal::stored(dues)
            on=Signal::derive(move || vec![due.get()])
            on_change=Callback::new(move |(code, on): (Code, bool)| if on { due.set(code) })
        />
        <ChipGroup
            legend=words::URGENT
            quiet=true
            pick=Pick::Many
            name="ask-urgent"
            choices=Signal::stored(vec![Choice::new("URGENT", words::URGENT)])
            on=Signal::derive(move || if urgent.get() { vec![Code::new("URGENT")] } else { Vec::new() })
            on_change=Callback::new(move |(_, on): (Code, bool)| urgent.set(on))
        />
        <FieldProblem id="return-fault" problem />
        <div class="btn-row">
            <button
                type="button"
                class="btn btn-lg btn-go"
                data-test=if aside { "ask-go" } else { "return-go" }
                on:click=go
            >
                <Icon glyph=if aside { Glyph::Chat } else { Glyph::Back } />
                {if aside { words::ASK_GO } else { words::RETURN_GO }}
            </button>
        </div>
    }
}

/// The key of a decision elsewhere than on the entry's own screen.
#[derive(Clone, Copy)]
pub struct About {
    /// The entry.
    pub entry_id: EntryId,
    /// The revision the reader saw.
    pub link: Link,
}

impl About {
    /// Decides; gives the words of what stopped it.
    ///
    /// # Errors
    /// The device's own words.
    pub async fn decide(self, what: DecisionForm) -> Result<&'static str, String> {
        let said = done_words(&what);
        let decided = call(DecideEntry { entry_id: self.entry_id, link: self.link, what }).await;
        decided.map(|_| said).map_err(|error| error.message)
    }
}
