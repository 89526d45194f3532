//! Disclosures about people in policing: for professional standards alone. The list says who wrote one and when; opening it
//! is logged.

use beatbook_domain::time;
use beatbook_protocol::ipc::{ListStandards, StandardsRow};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::frame::{AppShell, Dock, DockKey, Foot, HeaderKeys, Main, Top};
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::locales::words;
use crate::route::Route;
use crate::screens::{LoadError, load};

/// How many are read at a time.
const ROWS_AT_ONCE: u32 = 50;

/// The list.
#[component]
pub fn Standards() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let pages = RwSignal::new(vec![None::<u64>]);
    let list = load(move || ListStandards {
        limit: ROWS_AT_ONCE,
        after: pages.with(|pages| pages.last().copied().flatten()),
    });
    let view = Memo::new(move |_| list.view.get());
    let marking = beatbook_domain::entry::Marking::OfficialSensitive.words();
    let meta = Signal::derive(move || {
        let known = view.with(|view| view.as_ref().and_then(|view| view.as_known));
        format!("{} · {}", shell.me().get(), words::as_known(known))
    });
    view! {
        <AppShell>
            <Top title=words::STANDARDS_TITLE meta marking=marking.to_owned()>
                <HeaderKeys />
            </Top>
            <Main>
                <LoadError error=list.error />
                <p class="sub">{words::STANDARDS_TEXT}</p>
                {move || {
                    view.get().map(|view| {
                        let none = view.rows.is_empty();
                        let next = view.next;
                        let first = pages.with_untracked(Vec::len) < 2;
                        view! {
                            {none.then(|| view! { <p class="sub" data-test="no-standards">{words::NO_STANDARDS}</p> })}
                            <ul class="rows">
                                {view.rows.into_iter().map(|row| view! { <li><Line row /></li> }).collect_view()}
                            </ul>
                            <div class="btn-row">
                                {(!first).then(|| view! {
                                    <button type="button" class="btn" data-test="standards-newer" on:click=move |_| {
                                        pages.update(|pages| {
                                            let _ = pages.pop();
                                        });
                                    }>{words::NEWER}</button>
                                })}
                                {next.map(|next| view! {
                                    <button type="button" class="btn" data-test="standards-older" on:click=move |_| {
                                        pages.update(|pages| pages.push(Some(next)));
                                    }>{words::OLDER}</button>
                                })}
                            </div>
                        }
                    })
                }}
            </Main>
            <Foot marking=marking.to_owned()>
                <Dock current=DockKey::Standards />
            </Foot>
        </AppShell>
    }
}

/// One disclosure.
#[component]
fn Line(row: StandardsRow) -> impl IntoView {
    let mut detail = vec![words::noted_at(row.at)];
    detail.extend(row.received_at.map(words::received_when));
    if row.edited {
        detail.push(words::CORRECTED_SINCE.to_owned());
    }
    view! {
        <a
            class="row"
            href=Route::Entry(row.entry_id).href()
            data-test="standards-row"
            data-entry=row.entry_id.to_string()
        >
            <Icon glyph=Glyph::Lock />
            <span class="row-t">
                <b>{format!("{}, {}", time::day_clock(row.at), row.author)}</b>
                <span class="meta">{detail.join(" · ")}</span>
            </span>
            <Icon glyph=Glyph::Right size=IconSize::Small />
        </a>
    }
}
