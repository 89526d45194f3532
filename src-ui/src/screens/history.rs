//! The revisions of an entry: what each says, when it happened, was written and was received, and what it changed. Nothing
//! is erased from sight: an earlier version is struck through and stays readable.

use beatbook_domain::entry::{Body, Change, Origin};
use beatbook_domain::time;
use beatbook_protocol::ipc::{GoneView, RevisionView};
use leptos::prelude::*;

use crate::components::diff::Diff;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::Note;
use crate::locales::words;
use crate::screens::reading::ReadBody;
use crate::screens::reading_lines::{beside, changes};

/// The body of a revision, where this Beatbook can read it.
fn body_of(revision: &RevisionView) -> Option<Body> {
    revision.body.as_ref().and_then(|body| body.read(revision.kind, revision.change))
}

/// How it came to be written, and how late.
#[component]
pub fn Labels(
    /// The revision.
    revision: RevisionView,
    /// Who did it, where that was not the author.
    #[prop(optional_no_strip)]
    performed_by: Option<String>,
) -> impl IntoView {
    let page = body_of(&revision).as_ref().and_then(Body::paper).cloned();
    let RevisionView { origin, late, .. } = revision;
    let origin = (origin != Origin::Live).then(|| words::origin_of(origin, page.as_ref()));
    if origin.is_none() && late.is_none() && performed_by.is_none() {
        return ().into_any();
    }
    view! {
        <p class="labels">
            {origin.map(|origin| view! { <span class="label" data-test="origin">{origin}</span> })}
            {late.map(|late| view! { <span class="label late" data-test="late">{late}</span> })}
            {performed_by.map(|by| view! { <span class="label" data-test="performed-by">{words::PERFORMED_BY} " " {by}</span> })}
        </p>
    }
    .into_any()
}

/// What a revision says, by its kind; the stub where its words are not here.
#[component]
pub fn Said(
    /// The revision.
    revision: RevisionView,
) -> impl IntoView {
    if revision.body.is_none() {
        let (glyph, heading, text, test) = not_here(revision.gone);
        return view! { <Note glyph heading text test /> }.into_any();
    }
    match body_of(&revision) {
        Some(body) => {
            let beside = beside(revision.area.as_deref(), &revision.codes);
            view! { <ReadBody body beside /> }.into_any()
        }
        None => {
            view! { <Note glyph=Glyph::Info heading=words::PLEASE_KNOW text=words::UNREADABLE /> }.into_any()
        }
    }
}

/// What stands in the place of words that are not here.
fn not_here(gone: Option<GoneView>) -> (Glyph, String, String, &'static str) {
    match gone {
        Some(GoneView::Erased { under: Some((authority, by, at)) }) => {
            (Glyph::Lock, words::erased_under(&authority), words::erased_under_text(&by, at), "erased")
        }
        Some(GoneView::AtServer) => {
            (Glyph::Info, words::AT_SERVER_HEADING.to_owned(), words::AT_SERVER.to_owned(), "at-server")
        }
        Some(GoneView::Forgotten) => {
            (Glyph::Lock, words::FORGOTTEN_HEADING.to_owned(), words::FORGOTTEN.to_owned(), "forgotten")
        }
        Some(GoneView::Heading) => {
            (Glyph::Lock, words::HEADING_HEADING.to_owned(), words::HEADING_TEXT.to_owned(), "heading-only")
        }
        Some(GoneView::Erased { under: None }) | None => {
            (Glyph::Lock, words::ERASED_HEADING.to_owned(), words::ERASED.to_owned(), "erased")
        }
    }
}

/// When it happened, in one line.
fn happened(revision: &RevisionView) -> String {
    match revision.occurred_until {
        Some(until) => {
            format!("{}, {}", time::day(revision.occurred_at), time::range(revision.occurred_at, until))
        }
        None => time::day_clock(revision.occurred_at),
    }
}

/// The three clocks and the receipt of the newest revision.
#[component]
pub fn Custody(
    /// The revision.
    revision: RevisionView,
) -> impl IntoView {
    let written = match revision.offset {
        Some(offset) => format!("{} · {}", time::day_clock(revision.written_at), words::clock_was(offset.ms)),
        None => format!("{} · {}", time::day_clock(revision.written_at), words::CLOCK_NOT_MEASURED),
    };
    let received = revision.received_at.map_or_else(|| words::NOT_RECEIVED.to_owned(), time::day_clock);
    let mut lines = vec![
        (words::HAPPENED, happened(&revision)),
        (words::WRITTEN, written),
        (words::RECEIVED_AT, received),
    ];
    if let Some(code) = revision.receipt_code {
        lines.push((words::RECEIPT, code));
    }
    if let Some(position) = revision.position {
        lines.push((words::POSITION, position.to_string()));
    }
    view! {
        <section class="group" aria-labelledby="custody-h" data-test="entry-custody">
            <h2 class="sec" id="custody-h">
                {words::THREE_CLOCKS}
            </h2>
            <dl class="kv card">
                {lines
                    .into_iter()
                    .map(|(question, answer)| {
                        view! {
                            <div>
                                <dt>{question}</dt>
                                <dd>{answer}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </section>
    }
}

/// Every revision, newest first, earlier words struck through and readable.
#[component]
pub fn History(
    /// The revisions, newest first.
    revisions: Vec<RevisionView>,
    /// Who wrote them.
    author: String,
    /// That is the reader.
    mine: bool,
) -> impl IntoView {
    let last = revisions.len();
    let bodies: Vec<Option<Body>> = revisions.iter().map(body_of).collect();
    // Each correction against the version before it; newest first, so the one before stands after.
    let changed = |place: usize, change: Change| match (change, bodies.get(place), bodies.get(place + 1)) {
        (Change::Corrects | Change::Continues, Some(Some(after)), Some(Some(before))) => {
            changes(before, after)
        }
        _ => Vec::new(),
    };
    let steps = revisions
        .iter()
        .enumerate()
        .map(|(place, revision)| {
            let mut diffs = changed(place, revision.change);
            let before = revisions.get(place + 1);
            // Times stand in the head, beside the body.
            if let Some(before) = before.filter(|before| happened(before) != happened(revision)) {
                let times = (words::HAPPENED.to_owned(), happened(before), happened(revision));
                diffs.extend((revision.change == Change::Corrects).then_some(times));
            }
            let reason = bodies.get(place).and_then(Option::as_ref).and_then(Body::reason).map(str::to_owned);
            (last - place, revision.clone(), diffs, reason)
        })
        .collect::<Vec<_>>();
    view! {
        <section class="group" aria-labelledby="history-h" data-test="entry-history">
            <h2 class="sec" id="history-h">
                {words::HISTORY}
            </h2>
            <ol class="steps">
                {steps
                    .into_iter()
                    .map(|(number, revision, diffs, reason)| {
                        view! { <Step number revision diffs reason author=author.clone() mine /> }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}

/// One revision: who, when by three clocks, why, what it changed, and what it said where another has followed.
#[component]
fn Step(
    number: usize,
    revision: RevisionView,
    diffs: Vec<(String, String, String)>,
    #[prop(optional_no_strip)] reason: Option<String>,
    author: String,
    mine: bool,
) -> impl IntoView {
    let received = revision.received_at.is_some();
    let clocks = words::clocks(&happened(&revision), revision.written_at, revision.received_at);
    let earlier = !revision.newest && revision.change != Change::Withdraws;
    let head = words::revision(number, revision.change, revision.kind);
    view! {
        <li data-test="revision" data-number=number.to_string()>
            <b>{head} ", " {author}</b>
            <span class="meta" data-test="clocks">{clocks}</span>
            <span class="state" class:received=received class:saved=!received>
                <Icon glyph=if received { Glyph::Ok } else { Glyph::PhoneOk } size=IconSize::Small />
                {if received { words::RECEIVED } else { words::SAVED }}
            </span>
            <Labels revision=revision.clone() />
            {reason.map(|reason| view! { <p class="why" data-test="why"><span class="meta">{words::REASON}</span> {reason}</p> })}
            {diffs
                .into_iter()
                .map(|(label, before, after)| view! { <Diff label before after mine /> })
                .collect_view()}
            {earlier
                .then(|| {
                    view! {
                        <details class="more earlier">
                            <summary data-test=format!("earlier-{number}")>
                                <Icon glyph=Glyph::List />
                                <span>{words::EARLIER_WORDS}</span>
                                <Icon glyph=Glyph::Down class="turn" />
                            </summary>
                            <div class="more-in struck-in">
                                <Said revision />
                            </div>
                        </details>
                    }
                })}
        </li>
    }
}
