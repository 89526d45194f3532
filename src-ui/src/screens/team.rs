//! Team: the shifts a sergeant answers for, and the phones as last heard. Silence of a phone is not welfare: amber,
//! never red, with the word for what to do.

use beatbook_domain::time;
use beatbook_protocol::ipc::{ContactRow, ListShifts, ShiftRow};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::frame::{AppShell, Dock, DockKey, Foot, HeaderKeys, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::locales::words;
use crate::route::Route;
use crate::screens::{LoadError, load};

/// How many shifts are read.
const SHIFTS_AT_ONCE: u32 = 30;

/// The team's shifts.
#[component]
pub fn Team() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let list = load(|| ListShifts { limit: SHIFTS_AT_ONCE, before: None });
    let view = Memo::new(move |_| list.view.get());
    let meta = Signal::derive(move || {
        let me = shell.me().get();
        view.with(|view| match view {
            Some(view) => {
                let team = view.team.clone().unwrap_or_else(|| words::DOCK_TEAM.to_owned());
                format!("{team} · {me} · {}", words::as_known(view.as_known))
            }
            None => me,
        })
    });
    view! {
        <AppShell>
            <Top title=words::TEAM meta>
                <HeaderKeys />
            </Top>
            <Main>
                <LoadError error=list.error />
                <PlansRow />
                <ReplaceRow />
                {move || {
                    view.get()
                        .map(|view| {
                            let none = view.shifts.is_empty();
                            let phones = view.contacts;
                            view! {
                                <section class="group" aria-labelledby="shifts-h">
                                    <div class="sec-head">
                                        <h2 id="shifts-h">{words::SHIFTS}</h2>
                                    </div>
                                    {none.then(|| view! { <p class="sub">{words::NO_SHIFTS}</p> })}
                                    <ul class="rows">
                                        {view
                                            .shifts
                                            .into_iter()
                                            .map(|row| {
                                                view! {
                                                    <li>
                                                        <ShiftLine row />
                                                    </li>
                                                }
                                            })
                                            .collect_view()}
                                    </ul>
                                </section>
                                {(!phones.is_empty())
                                    .then(|| {
                                        view! {
                                            <section class="group" aria-labelledby="phones-h">
                                                <div class="sec-head">
                                                    <h2 id="phones-h">{words::PHONES}</h2>
                                                </div>
                                                <ul class="rows">
                                                    {phones
                                                        .into_iter()
                                                        .map(|row| {
                                                            view! {
                                                                <li>
                                                                    <Phone row />
                                                                </li>
                                                            }
                                                        })
                                                        .collect_view()}
                                                </ul>
                                            </section>
                                        }
                                    })}
                            }
                        })
                }}
            </Main>
            <Foot>
                <Dock current=DockKey::Team />
            </Foot>
        </AppShell>
    }
}

/// The way to the briefings: what is asked of the team, and who has read it.
#[component]
fn PlansRow() -> impl IntoView {
    view! {
        <a class="row" href=Route::Taskings.href() data-test="plans">
            <Icon glyph=Glyph::List />
            <span class="row-t">
                <b>{words::PLANS}</b>
                <span class="meta">{words::PLANS_DETAIL}</span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}

/// The way to a colleague's new phone.
#[component]
fn ReplaceRow() -> impl IntoView {
    view! {
        <a class="row" href=Route::Replace.href() data-test="replace-phone">
            <Icon glyph=Glyph::Phone />
            <span class="row-t">
                <b>{words::REPLACE_PHONE}</b>
                <span class="meta">{words::REPLACE_PHONE_DETAIL}</span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}

/// One shift; it opens its summary.
#[component]
fn ShiftLine(row: ShiftRow) -> impl IntoView {
    let heading = format!("{}, {}", row.call_sign, time::day(row.started_at));
    let when = match row.ended_at {
        Some(until) => time::range(row.started_at, until),
        None => format!("{}, {}", words::from_until(row.started_at, None), words::OPEN_SHIFT),
    };
    let detail = format!("{} · {when} · {}", row.officer, words::entries(row.entries));
    let (class, glyph, word) = if row.missing {
        ("state waiting wraps", Glyph::Clock, words::SOMETHING_MISSING.to_owned())
    } else if row.decisions > 0 {
        ("state waiting wraps", Glyph::Review, words::decisions(row.decisions))
    } else if row.approved {
        ("state received", Glyph::Ok, words::APPROVED.to_owned())
    } else if !row.submitted {
        ("state", Glyph::Clock, words::NOT_SIGNED_YET.to_owned())
    } else {
        ("state received", Glyph::Ok, words::COMPLETE.to_owned())
    };
    view! {
        <a
            class="row"
            href=Route::Summary(row.shift_id).href()
            data-test="shift-row"
            data-shift=row.shift_id.to_string()
        >
            <Icon glyph=Glyph::Crew />
            <span class="row-t">
                <b>{heading}</b>
                <span class="meta">{detail}</span>
                <span class=class>
                    <Icon glyph size=IconSize::Small />
                    {word}
                </span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}

/// One phone, as last heard.
#[component]
fn Phone(row: ContactRow) -> impl IntoView {
    let open = row.pending + row.set_aside > 0;
    let (class, glyph) =
        if open { ("state waiting wraps", Glyph::Clock) } else { ("state received wraps", Glyph::Ok) };
    let clock = row.clock_drift_ms.map(words::clock_was).unwrap_or_default();
    let drafts =
        if row.drafts > 0 { words::count(row.drafts, "draft open", "drafts open") } else { String::new() };
    let rest = [drafts, clock].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <div class="row" data-test="contact-row" data-officer=row.title.clone()>
            <Icon glyph=Glyph::Phone />
            <span class="row-t">
                <b>{row.title.clone()}</b>
                <span class=class>
                    <Icon glyph size=IconSize::Small />
                    <span>{words::last_heard(row.last_heard, row.pending + row.set_aside)}</span>
                </span>
                <span class="meta">{rest}</span>
            </span>
        </div>
    }
}
