//! The plans of a sergeant: what is asked of the team night by night, who has read which version, and a copy of last
//! week's in one press.

use beatbook_domain::id::EntryId;
use beatbook_domain::time;
use beatbook_protocol::ipc::{DraftRow, ListTaskings, OpenDraft, ReadRow, TaskingRow, TaskingsView};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::desk::Desk;
use crate::components::frame::Back;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::row::DraftRowView;
use crate::components::state::StateChip;
use crate::locales::words;
use crate::route::Route;
use crate::screens::form::open_draft;
use crate::screens::{LoadError, load};

/// Plans read at a time.
const AT_ONCE: u32 = 30;

/// The plans.
#[component]
pub fn Taskings() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let list = load(|| ListTaskings { limit: AT_ONCE });
    let view = Memo::new(move |_| list.view.get());
    let meta = Signal::derive(move || {
        let me = shell.me().get();
        view.with(|view| match view {
            Some(view) => {
                let teams: Vec<String> = view.teams.iter().map(|(_, name)| name.clone()).collect();
                let parts = [teams.join(", "), me, words::as_known(view.as_known)];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
            }
            None => me,
        })
    });
    let may = Memo::new(move |_| view.with(|view| view.as_ref().is_some_and(|view| view.may_plan)));
    let last = Memo::new(move |_| view.with(|view| view.as_ref().and_then(|view| view.last_week.clone())));
    let keys = move || {
        view! {
            <Show when=move || may.get()>
                {move || {
                    last.get()
                        .map(|(entry_id, day)| {
                            view! {
                                <button
                                    type="button"
                                    class="btn"
                                    data-test="copy-last"
                                    on:click=move |_| open_draft(shell, OpenDraft::NewTasking(Some(entry_id)))
                                >
                                    <Icon glyph=Glyph::Repeat />
                                    {words::copy_last(&day)}
                                </button>
                            }
                        })
                }}
                <button
                    type="button"
                    class="btn btn-go"
                    data-test="new-plan"
                    on:click=move |_| open_draft(shell, OpenDraft::NewTasking(None))
                >
                    <Icon glyph=Glyph::Plus />
                    {words::NEW_PLAN}
                </button>
            </Show>
        }
    };
    view! {
        <Desk
            title=words::PLANS
            window=words::PLANS
            meta
            back=Back { to: Route::Team, label: words::PLAN_BACK_TEAM }
            keys=ViewFn::from(keys)
        >
            <div>
                <LoadError error=list.error />
                {move || view.get().map(|view| view! { <All view may=may.get() /> })}
            </div>
        </Desk>
    }
}

/// Drafts, then the plans.
#[component]
fn All(view: TaskingsView, may: bool) -> impl IntoView {
    let TaskingsView { drafts, taskings, more, .. } = view;
    let none = taskings.is_empty();
    view! {
        <div class="cols plans">
            <div class="stack">
                {(!may).then(|| view! { <p class="sub" data-test="not-planner">{words::NOT_PLANNER}</p> })}
                <Drafts drafts />
                {none
                    .then(|| {
                        view! {
                            <section class="panel" data-test="no-plans">
                                <h2>{words::NO_PLANS}</h2>
                                <p class="sub">{words::NO_PLANS_TEXT}</p>
                            </section>
                        }
                    })}
                {taskings.into_iter().map(|row| view! { <Plan row may /> }).collect_view()}
                {more.then(|| view! { <p class="meta">{words::PLAN_MORE}</p> })}
            </div>
        </div>
    }
}

#[component]
fn Drafts(drafts: Vec<DraftRow>) -> impl IntoView {
    (!drafts.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="plan-drafts-h">
                <h2 id="plan-drafts-h">{words::PLAN_DRAFTS}</h2>
                <ul class="rows">
                    {drafts
                        .into_iter()
                        .map(|row| {
                            view! {
                                <li>
                                    <DraftRowView row />
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

/// One night.
#[component]
fn Plan(row: TaskingRow, may: bool) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let TaskingRow {
        entry_id,
        version,
        from,
        until,
        over,
        mine,
        by,
        team,
        units,
        areas,
        visits,
        state,
        read,
        not_read,
    } = row;
    let heading = format!("{}, {}", time::day(from), time::range(from, until));
    let whom = match units.as_slice() {
        [] => team.unwrap_or_else(|| words::EVERY_UNIT.to_owned()),
        units => units.join(", "),
    };
    let over_word = if over { words::PLAN_OVER } else { "" };
    let meta = [by, whom, words::plan_visits(visits), words::plan_version(version), over_word.to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let areas =
        areas.into_iter().map(|(name, visits)| format!("{name} {visits}")).collect::<Vec<_>>().join(" · ");
    let open = move |what: fn(EntryId) -> OpenDraft| open_draft(shell, what(entry_id));
    view! {
        <section class="panel" aria-labelledby=format!("p-{entry_id}") data-test="plan" data-entry=entry_id.to_string()>
            <h2 id=format!("p-{entry_id}")>{heading} " " <StateChip state /></h2>
            <p class="meta">{meta}</p>
            <p data-test="plan-areas">{areas}</p>
            <ReadBy read />
            {(!not_read.is_empty())
                .then(|| {
                    view! {
                        <p class="state waiting wraps" data-test="not-read">
                            <Icon glyph=Glyph::Clock size=IconSize::Small />
                            <span>{words::not_read_yet(&not_read)}</span>
                        </p>
                    }
                })}
            {may
                .then(|| {
                    view! {
                        <div class="btn-row gap-top">
                            {(mine && !over)
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="btn"
                                            data-test="revise"
                                            on:click=move |_| open(OpenDraft::Amend)
                                        >
                                            <Icon glyph=Glyph::Pencil />
                                            {words::REVISE}
                                        </button>
                                    }
                                })}
                            <button
                                type="button"
                                class="btn"
                                data-test="copy-tonight"
                                on:click=move |_| open(|entry| OpenDraft::NewTasking(Some(entry)))
                            >
                                <Icon glyph=Glyph::Repeat />
                                {words::COPY_TONIGHT}
                            </button>
                        </div>
                    }
                })}
        </section>
    }
}

/// Who has read which version, and does otherwise.
#[component]
fn ReadBy(read: Vec<ReadRow>) -> impl IntoView {
    if read.is_empty() {
        return view! { <p class="sub gap-top">{words::NOBODY_READ}</p> }.into_any();
    }
    view! {
        <table class="tbl gap-top" data-test="read-by">
            <thead>
                <tr>
                    <th scope="col">{words::READ_BY_COL}</th>
                    <th scope="col">{words::READ_VERSION_COL}</th>
                    <th scope="col">{words::READ_WHEN_COL}</th>
                    <th scope="col">{words::READ_OTHERWISE_COL}</th>
                </tr>
            </thead>
            <tbody>
                {read
                    .into_iter()
                    .map(|row| {
                        let otherwise = match row.otherwise.as_slice() {
                            [] => words::AS_ASKED.to_owned(),
                            said => said.join("; "),
                        };
                        view! {
                            <tr data-test="read-row" data-current=row.current.then_some("")>
                                <th scope="row" class="nowrap">{row.officer.clone()}</th>
                                <td class:unconfirmed=!row.current>{words::read_version(&row)}</td>
                                <td>{time::clock(row.at)}</td>
                                <td>{otherwise}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}
