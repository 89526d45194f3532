//! Rows: icon, time and type in bold, place in meta, state at the end. And the place row of a form.

use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::state::StateChip;
use crate::locales::words;
use crate::route::Route;
use beatbook_domain::entry::Kind;
use beatbook_domain::time;
use beatbook_protocol::ipc::{DraftRow, EntryRow, EntryState};
use leptos::prelude::*;

/// The drawing of a kind of entry.
#[must_use]
pub const fn glyph_of(kind: Kind) -> Glyph {
    match kind {
        Kind::Engagement => Glyph::Chat,
        Kind::Event => Glyph::Group,
        Kind::Handout => Glyph::Cards,
        Kind::StockMoved => Glyph::Box,
        Kind::Concern => Glyph::Flag,
        Kind::PowerUse => Glyph::Book,
        Kind::Referral => Glyph::Lamp,
        Kind::DutyOpened | Kind::DutyAccepted | Kind::DutyDischarged => Glyph::List,
        Kind::BreakStarted | Kind::BreakEnded => Glyph::Pause,
        Kind::CalledAway | Kind::BackOnPatrol => Glyph::Car,
        Kind::CrewJoined | Kind::CrewLeft => Glyph::Crew,
        Kind::VisitStarted | Kind::VisitEnded => Glyph::Pin,
        Kind::Return | Kind::Answer => Glyph::Back,
        Kind::Review => Glyph::Review,
        Kind::Tasking | Kind::TaskingAck => Glyph::List,
        Kind::ShiftSubmitted => Glyph::Pencil,
        // A row that does not say what it is.
        Kind::Unknown => Glyph::Notebook,
        _ => Glyph::Walk,
    }
}

/// An entry in a list. A received one shows its receipt in place of its detail where `receipts` is set.
#[component]
pub fn EntryRowView(
    /// The entry.
    row: EntryRow,
    /// Show receipt code and time.
    #[prop(optional)]
    receipts: bool,
    /// A word beside it, such as that it came after signing.
    #[prop(optional_no_strip)]
    beside: Option<&'static str>,
) -> impl IntoView {
    let returned = row.state == EntryState::Returned;
    let glyph = if returned { Glyph::Back } else { glyph_of(row.kind) };
    let heading = match &row.author {
        Some(author) => format!("{} {}, {author}", time::clock(row.at), row.title),
        None => format!("{} {}", time::clock(row.at), row.title),
    };
    let receipt = match &row.state {
        EntryState::Received { code, at, .. } if receipts => Some((code.clone(), time::clock(*at))),
        _ => None,
    };
    let question = match &row.state {
        EntryState::Received { question, .. } => question.clone(),
        _ => None,
    };
    let need = returned || question.is_some();
    view! {
        <a
            class="row"
            class:row-need=need
            href=Route::Entry(row.entry_id).href()
            data-test="entry-row"
            data-kind=row.kind.name()
            data-entry=row.entry_id.to_string()
        >
            <Icon glyph />
            <span class="row-t">
                <b>{heading}</b>
                {match receipt {
                    Some((code, at)) => {
                        view! {
                            <span class="meta">
                                {words::RECEIPT} " " <span class="code">{code}</span> " · " {at}
                            </span>
                        }
                            .into_any()
                    }
                    None => view! { <span class="meta">{row.detail.clone()}</span> }.into_any(),
                }}
                {beside.map(|beside| view! { <span class="meta" data-test="row-beside">{beside}</span> })}
                {question
                    .map(|question| {
                        view! {
                            <span class="state waiting wraps">
                                <Icon glyph=Glyph::Info size=IconSize::Small />
                                <span>{words::question(&question)}</span>
                            </span>
                        }
                    })}
            </span>
            <StateChip state=row.state />
        </a>
    }
}

/// A draft in a list: opens its form again.
#[component]
pub fn DraftRowView(
    /// The draft.
    row: DraftRow,
) -> impl IntoView {
    // A draft of a kind this Beatbook has no form for stays listed: it is not lost.
    let to = Route::of_draft(row.kind, row.entry_id).unwrap_or(Route::Today);
    view! {
        <a
            class="row"
            href=to.href()
            data-test="draft-row"
            data-kind=row.kind.name()
            data-entry=row.entry_id.to_string()
        >
            <Icon glyph=if row.narrow { Glyph::Notebook } else { glyph_of(row.kind) } />
            <span class="row-t">
                <b>{words::draft_line(&row)}</b>
                <span class="meta">{words::draft_detail(row.place.as_deref(), row.kept_at)}</span>
            </span>
            <span class="state saved">
                <Icon glyph=Glyph::Pencil size=IconSize::Small />
                {if row.corrects { words::CORRECTION } else { words::DRAFT }}
            </span>
        </a>
    }
}

/// Where it happened, at the top of a form.
#[component]
pub fn PlaceRow(
    /// The name of the place.
    #[prop(into)]
    name: Signal<String>,
    /// Area and accuracy.
    #[prop(into)]
    detail: Signal<String>,
    /// Whether the fix is worse than 30 m.
    #[prop(into)]
    rough: Signal<bool>,
    /// Opens the place sheet.
    on_change: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="place" data-test="place">
            <Icon glyph=Glyph::Pin />
            <div class="place-t">
                <b data-test="place-name">{move || name.get()}</b>
                <span class="sub" class:rough=move || rough.get() data-test="place-detail">
                    {move || detail.get()}
                </span>
            </div>
            <button
                type="button"
                class="btn btn-quiet"
                id="place-change"
                data-test="place-change"
                aria-label=words::CHANGE_PLACE
                on:click=move |_| on_change.run(())
            >
                {words::CHANGE}
            </button>
        </div>
    }
}

/// A list of entries.
#[component]
pub fn EntryRows(
    /// The entries, in the order they are shown.
    rows: Vec<EntryRow>,
    /// Show receipt code and time.
    #[prop(optional)]
    receipts: bool,
) -> impl IntoView {
    let items = rows
        .into_iter()
        .map(|row| {
            view! {
                <li>
                    <EntryRowView row receipts />
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{items}</ul> }
}
