//! Review: what was handed up to the reader, the shifts that need a decision, and those that can be approved in one go.

use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::time;
use beatbook_protocol::ipc::{ApproveShifts, EscalatedRow, ListEscalated, ListShifts, ShiftRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{Choice, OptionGroup, Pick};
use crate::components::frame::{AppShell, Back, Deck, Dock, DockKey, Foot, HeaderKeys, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::pages::{self, PageKeys, Turned};
use crate::components::row::glyph_of;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::team::{SHIFTS_AT_ONCE, ShiftLine, shift_words};
use crate::screens::{LoadError, load};

/// What is to be reviewed.
#[component]
pub fn ReviewList() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let turned = Turned::new(Vec::new());
    let list = load(move || ListShifts { limit: SHIFTS_AT_ONCE, before: pages::before(turned) });
    let next = Memo::new(move |_| list.view.with(|view| view.as_ref().and_then(pages::next)));
    let escalated = load(|| ListEscalated {});
    let shifts = Memo::new(move |_| list.view.get().map(|view| view.shifts).unwrap_or_default());
    let of = move |pick: fn(&ShiftRow) -> bool| {
        Memo::new(move |_| {
            shifts.with(|rows| rows.iter().filter(|row| pick(row)).cloned().collect::<Vec<_>>())
        })
    };
    let clean = of(|row| row.clean);
    let to_decide = of(|row| row.decisions > 0 && !row.clean);
    let rest = of(|row| row.decisions == 0 && !row.clean);
    let handed = Memo::new(move |_| escalated.view.get().map(|view| view.entries).unwrap_or_default());
    let meta = Signal::derive(move || {
        let known = list.view.with(|view| view.as_ref().and_then(|view| view.as_known));
        words::as_known(known)
    });
    let picked = RwSignal::new(Vec::<Code>::new());
    let count = Memo::new(move |_| {
        let ids: Vec<String> = clean.with(|rows| rows.iter().map(|row| row.shift_id.to_string()).collect());
        let on = picked.with(|on| on.iter().filter(|code| ids.iter().any(|id| id == code.as_str())).count());
        u32::try_from(on).unwrap_or(u32::MAX)
    });
    let go = move |_| {
        let on = picked.get_untracked();
        let shift_ids: Vec<EntryId> = clean.with_untracked(|rows| {
            let ids = rows.iter().map(|row| row.shift_id);
            ids.filter(|id| on.iter().any(|code| code.as_str() == id.to_string())).collect()
        });
        let n = u32::try_from(shift_ids.len()).unwrap_or(u32::MAX);
        if n == 0 {
            shell.toasts().say(words::CHOOSE_SHIFTS);
            return;
        }
        spawn_local(async move {
            match call(ApproveShifts { shift_ids }).await {
                Ok(now) => {
                    turned.try_set(Vec::new());
                    list.view.try_set(Some(now));
                    picked.try_set(Vec::new());
                    shell.toasts().say(words::shifts_approved(n));
                }
                Err(error) => shell.report(&error),
            }
        });
    };
    let choices = Signal::derive(move || {
        clean.with(|rows| {
            rows.iter()
                .map(|row| {
                    let (heading, detail) = shift_words(row);
                    Choice::new(row.shift_id.to_string(), format!("{heading} · {detail}"))
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <AppShell>
            <Top title=words::REVIEW_TITLE meta back=Back { to: Route::Team, label: words::BACK_TO_TEAM }>
                <HeaderKeys />
            </Top>
            <Main>
                <LoadError error=list.error />
                <Show when=move || !handed.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="handed-h" data-test="escalated">
                        <div class="sec-head">
                            <h2 id="handed-h">{words::FOR_YOU_TO_DECIDE}</h2>
                        </div>
                        <ul class="rows">
                            <For each=move || handed.get() key=|row| format!("{row:?}") let:row>
                                <li><Handed row /></li>
                            </For>
                        </ul>
                    </section>
                </Show>
                <Show when=move || !to_decide.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="decide-h" data-test="shifts-to-decide">
                        <div class="sec-head">
                            <h2 id="decide-h">{words::NEEDS_A_DECISION}</h2>
                        </div>
                        <ul class="rows">
                            <For each=move || to_decide.get() key=|row| format!("{row:?}") let:row>
                                <li><ShiftLine row /></li>
                            </For>
                        </ul>
                    </section>
                </Show>
                <Show when=move || !clean.with(Vec::is_empty)>
                    <section class="group" data-test="shifts-clean">
                        <OptionGroup
                            legend=words::CLEAN_SHIFTS
                            pick=Pick::Many
                            name="clean"
                            choices
                            on=picked
                            on_change=Callback::new(move |(code, on): (Code, bool)| {
                                picked.update(|picked| {
                                    picked.retain(|known| *known != code);
                                    if on {
                                        picked.push(code);
                                    }
                                });
                            })
                        />
                        <p class="sub">{words::CLEAN_SHIFTS_TEXT}</p>
                        <div class="btn-row">
                            <button
                                type="button"
                                class="btn"
                                data-test="choose-all"
                                on:click=move |_| {
                                    picked.set(clean.with_untracked(|rows| {
                                        rows.iter().map(|row| Code::new(row.shift_id.to_string())).collect()
                                    }));
                                }
                            >
                                <Icon glyph=Glyph::Check />
                                {words::CHOOSE_ALL}
                            </button>
                        </div>
                    </section>
                </Show>
                <section class="group" aria-labelledby="rest-h">
                    <div class="sec-head">
                        <h2 id="rest-h">{words::OTHER_SHIFTS}</h2>
                    </div>
                    <Show
                        when=move || !rest.with(Vec::is_empty)
                        fallback=|| view! { <p class="sub">{words::NO_OTHER_SHIFTS}</p> }
                    >
                        <ul class="rows">
                            <For each=move || rest.get() key=|row| format!("{row:?}") let:row>
                                <li><ShiftLine row /></li>
                            </For>
                        </ul>
                    </Show>
                    {move || {
                        turned.track();
                        view! { <PageKeys turned next=next.get() /> }
                    }}
                </section>
            </Main>
            <Foot>
                <Show when=move || !clean.with(Vec::is_empty)>
                    <Deck label=words::APPROVE_SHIFT>
                        <button type="button" class="btn btn-go" data-test="approve-shifts" on:click=go>
                            <Icon glyph=Glyph::Ok />
                            {move || words::approve_shifts(count.get())}
                        </button>
                    </Deck>
                </Show>
                <Dock current=DockKey::Review />
            </Foot>
        </AppShell>
    }
}

/// An entry that was handed up: what, whose, by whom and why.
#[component]
fn Handed(row: EscalatedRow) -> impl IntoView {
    let EscalatedRow { row, by, at, why } = row;
    let author = row.author.clone().unwrap_or_default();
    view! {
        <a
            class="row row-need"
            href=Route::Entry(row.entry_id).href()
            data-test="escalated-row"
            data-entry=row.entry_id.to_string()
        >
            <Icon glyph=glyph_of(row.kind) />
            <span class="row-t">
                <b>{format!("{} {}, {author}", time::day_clock(row.at), row.title)}</b>
                <span class="meta">{row.detail}</span>
                <span class="state waiting wraps">
                    <Icon glyph=Glyph::Up size=IconSize::Small />
                    <span>{words::handed_up(&by, at)}</span>
                </span>
                <span class="meta">"“" {why} "”"</span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}
