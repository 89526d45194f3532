//! When and how: when it happened, for which shift, how it came to be written, who did it, and why an entry is
//! corrected. Folded: most entries are about here and now.

use beatbook_domain::code_list::list;
use beatbook_domain::entry::{Circumstances, Home, PerformedBy, Written};
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{ListOwnShifts, OwnShift};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Shell, use_minute};
use crate::components::choices::{ChipGroup, Choice, Pick};
use crate::components::fields::{FieldProblem, TextArea, TextField};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::ipc::call;
use crate::locales::words;
use crate::screens::colleagues::{as_choices, colleagues, find};
use crate::screens::form::FormWork;
use crate::screens::happened::{ClockField, Happened};
use crate::screens::today::of_list;

/// Earlier shifts offered as a home.
const SHIFTS: u32 = 8;
const OPEN: &str = "open";
const NONE: &str = "none";
const HERE: &str = "here";
const PAPER: &str = "paper";
const DICTATED: &str = "dictated";

/// The control that stands for a field every form shares.
#[must_use]
pub fn anchor(field: &str) -> &'static str {
    match field {
        "occurred_at" => "happened",
        "occurred_until" => "happened-until",
        "paper" => "paper-book",
        "reason" => "reason",
        _ => "main",
    }
}

/// The panel. Open from the start where the entry corrects another: then the reason is asked for.
#[component]
pub fn CircumstancesPanel(
    /// The circumstances, as the form holds them.
    told: RwSignal<Circumstances>,
    /// The form.
    work: FormWork,
) -> impl IntoView {
    let now = use_minute();
    let amends = told.with_untracked(Circumstances::is_amendment);
    let summary = move || told.with(|told| words::circumstances_line(told, now.get()));
    view! {
        {amends.then(|| view! { <Reason told work /> })}
        <details class="more" id="when-how">
            <summary data-test="when-how">
                <Icon glyph=Glyph::Clock />
                <span>{words::WHEN_AND_HOW} <span class="hint">{summary}</span></span>
                <Icon glyph=Glyph::Down class="turn" />
            </summary>
            <div class="more-in">
                <Happened told />
                <FieldProblem id="happened-fault" problem=work.faults.at("happened") />
                <ClockField
                    label=words::UNTIL
                    hint=words::UNTIL_HINT
                    id="happened-until"
                    value=Signal::derive(move || told.with(|told| told.occurred_until))
                    on_change=Callback::new(move |at: Option<Millis>| told.update(|told| told.occurred_until = at))
                />
                <FieldProblem id="until-fault" problem=work.faults.at("happened-until") />
                <HomeChoice told />
                <WrittenChoice told work />
                <DoneBy told />
            </div>
        </details>
    }
}

/// Which shift it belongs to: the one that is open, one before, or none.
#[component]
fn HomeChoice(told: RwSignal<Circumstances>) -> impl IntoView {
    let shifts = RwSignal::new(Vec::<OwnShift>::new());
    spawn_local(async move {
        if let Ok(view) = call(ListOwnShifts { limit: SHIFTS }).await {
            shifts.try_set(view.shifts);
        }
    });
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new(OPEN, words::HOME_OPEN), Choice::new(NONE, words::HOME_NONE)];
        choices.extend(
            shifts
                .get()
                .iter()
                .filter(|shift| shift.ended_at.is_some())
                .map(|shift| Choice::new(shift.shift_id.to_string(), words::own_shift(shift))),
        );
        choices
    });
    view! {
        <ChipGroup
            legend=words::HOME
            pick=Pick::One
            name="home"
            choices
            first=4
            on=Signal::derive(move || vec![told.with(|told| home_code(told.home))])
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                if on {
                    told.update(|told| told.home = home_of(&code));
                }
            })
        />
    }
}

fn home_code(home: Home) -> Code {
    match home {
        Home::Open => Code::from(OPEN),
        Home::None => Code::from(NONE),
        Home::Shift(shift) => Code::new(shift.to_string()),
    }
}

fn home_of(code: &Code) -> Home {
    match code.as_str() {
        NONE => Home::None,
        other => other.parse::<EntryId>().map_or(Home::Open, Home::Shift),
    }
}

/// Written here, copied from paper (then book and page), or dictated.
#[component]
fn WrittenChoice(told: RwSignal<Circumstances>, work: FormWork) -> impl IntoView {
    let paper = Memo::new(move |_| told.with(|told| told.written == Written::Paper));
    view! {
        <ChipGroup
            legend=words::HOW_WRITTEN
            pick=Pick::One
            name="written"
            choices=vec![
                Choice::new(HERE, words::WRITTEN_HERE),
                Choice::new(PAPER, words::WRITTEN_PAPER),
                Choice::new(DICTATED, words::WRITTEN_DICTATED),
            ]
            on=Signal::derive(move || vec![told.with(|told| written_code(told.written))])
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                if on {
                    told.update(|told| told.written = written_of(&code));
                }
            })
        />
        <Show when=move || paper.get()>
            <TextField
                label=words::PAPER_BOOK
                id="paper-book"
                value=Signal::derive(move || told.with(|told| told.paper.book.clone()))
                problem=work.faults.at("paper-book")
                on_input=Callback::new(move |text| told.update(|told| told.paper.book = text))
            />
            <TextField
                label=words::PAPER_PAGE
                id="paper-page"
                value=Signal::derive(move || told.with(|told| told.paper.page.clone()))
                on_input=Callback::new(move |text| told.update(|told| told.paper.page = text))
            />
        </Show>
    }
}

fn written_code(written: Written) -> Code {
    Code::from(match written {
        Written::Here => HERE,
        Written::Paper => PAPER,
        Written::Dictated => DICTATED,
    })
}

fn written_of(code: &Code) -> Written {
    match code.as_str() {
        PAPER => Written::Paper,
        DICTATED => Written::Dictated,
        _ => Written::Here,
    }
}

/// Who did it, where that was not the author: a colleague or a partner organisation.
#[component]
fn DoneBy(told: RwSignal<Circumstances>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let partners = of_list(shell, list::PARTNER);
    let choices = Signal::derive(move || {
        let mut choices = as_choices(colleagues(shell));
        choices.extend(partners.get());
        choices
    });
    let on = Signal::derive(move || {
        told.with(|told| match &told.performed_by {
            Some(PerformedBy::Officer(officer)) => colleagues(shell)
                .into_iter()
                .filter(|colleague| colleague.officer == *officer)
                .map(|colleague| Code::new(colleague.collar))
                .collect(),
            Some(PerformedBy::Partner(code)) => vec![code.clone()],
            None => Vec::new(),
        })
    });
    view! {
        <ChipGroup
            legend=words::DONE_BY
            hint=words::DONE_BY_HINT
            pick=Pick::One
            name="done-by"
            choices
            first=4
            on
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                let by = match find(&colleagues(shell), code.as_str()) {
                    Some(colleague) => PerformedBy::Officer(colleague.officer),
                    None => PerformedBy::Partner(code),
                };
                told.update(|told| told.performed_by = on.then_some(by));
            })
        />
    }
}

/// Why an entry is corrected: a slip, misheard, new information, in the officer's words.
#[component]
fn Reason(told: RwSignal<Circumstances>, work: FormWork) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let reasons = of_list(shell, list::CORRECTION_REASON);
    view! {
        <Note tone=Tone::Plain glyph=Glyph::Pencil heading=words::CORRECTING text=words::CORRECTING_TEXT test="correcting">
            {}
        </Note>
        <ReasonFields
            value=Signal::derive(move || told.with(|told| told.reason.clone()))
            on_input=Callback::new(move |text| told.update(|told| told.reason = text))
            problem=work.faults.at("reason")
            reasons
        />
    }
}

/// A reason: the usual ones as chips that fill the field, and the field.
#[component]
pub fn ReasonFields(
    /// The reason as typed.
    #[prop(into)]
    value: Signal<String>,
    /// Told of what is typed or chosen.
    on_input: Callback<String>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// The usual reasons.
    #[prop(into)]
    reasons: Signal<Vec<Choice>>,
) -> impl IntoView {
    let labels = Signal::derive(move || {
        reasons
            .get()
            .into_iter()
            .map(|reason| Choice::new(reason.label.clone(), reason.label))
            .collect::<Vec<_>>()
    });
    view! {
        <ChipGroup
            legend=words::WHY_CHANGED
            pick=Pick::One
            name="reason-chip"
            choices=labels
            on=Signal::derive(move || vec![Code::new(value.get())])
            on_change=Callback::new(move |(code, on): (Code, bool)| if on { on_input.run(code.to_string()) })
        />
        <TextArea label=words::REASON id="reason" value problem on_input />
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn homes_and_ways_of_writing_keep_their_meaning_through_the_form() {
        let shift: EntryId = "0192f0c0-0000-7000-8000-000000000001".parse().unwrap();
        for home in [Home::Open, Home::None, Home::Shift(shift)] {
            assert_eq!(home_of(&home_code(home)), home);
        }
        for written in [Written::Here, Written::Paper, Written::Dictated] {
            assert_eq!(written_of(&written_code(written)), written);
        }
    }
}
