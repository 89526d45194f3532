//! Today: the officer's own screen. What runs now, what is kept, what was last written, and the way into every form.
//!
//! Common acts are one press from here: Engagement, Same again, Concern, Pause, Called away. Reading is above, doing is
//! below.

use beatbook_domain::time;
use beatbook_protocol::ipc::{AppError, Command, TodayView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::codes::{Labels, choices};
use crate::components::choices::Choice;
use crate::components::frame::{AppShell, Dock, DockKey, Foot, HeaderKeys, Main, Top};
use crate::components::row::{DraftRowView, EntryRowView};
use crate::components::state::SyncPill;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::briefing_card::BriefingCards;
use crate::screens::shift_card::ShiftCard;
use crate::screens::today_banners::{Claims, Notices, OpenDuties, PastEnd, Recover, Resumable};
use crate::screens::today_deck::TodayDeck;

/// Runs a command that answers with the officer's screen, and shows that answer.
pub fn act<C>(shell: Shell, command: C)
where
    C: Command<Output = TodayView>,
{
    spawn_local(async move {
        let answer: Result<TodayView, AppError> = call(command).await;
        match answer {
            Ok(today) => shell.set_today(today),
            Err(error) => shell.report(&error),
        }
    });
}

/// One piece of the officer's screen. Each part is told only when its own piece changes, so that a receipt does not
/// repaint a sheet that is open.
pub fn part<T>(shell: Shell, of: impl Fn(&TodayView) -> T + Send + Sync + 'static) -> Signal<T>
where
    T: Default + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| shell.today().with(|today| today.as_ref().map(&of).unwrap_or_default())).into()
}

/// The officer's shift.
#[component]
pub fn Today() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let shift = part(shell, |today| today.shift.clone());
    let drafts = part(shell, |today| today.drafts.clone());
    let entries = part(shell, |today| today.entries.clone());
    let total = part(shell, |today| today.entries_total);
    let title = Signal::derive(move || {
        shift
            .with(|shift| shift.as_ref().map_or_else(|| words::TODAY.to_owned(), |shift| shift.title.clone()))
    });
    let meta = Signal::derive(move || {
        let me = shell.me().get();
        shift.with(|shift| match shift {
            Some(shift) => {
                let with = shift.crew.iter().filter(|member| member.until.is_none() && !member.disputed);
                let crew: Vec<String> = with.map(|member| member.title.clone()).collect();
                format!("{} · {}", time::day(shift.started_at), words::with_crew(&me, &crew))
            }
            None => me,
        })
    });
    let on_shift = Memo::new(move |_| shift.with(Option::is_some));

    view! {
        <AppShell>
            <Top title window=words::TODAY meta>
                <HeaderKeys />
            </Top>
            <Main>
                <SyncPill />
                <Notices />
                <BriefingCards />
                <Claims />
                <Recover />
                <PastEnd />
                <Show when=move || on_shift.get() fallback=|| view! { <NoShift /> }>
                    {move || shift.get().map(|shift| view! { <ShiftCard shift /> })}
                </Show>
                <OpenDuties />
                <Show when=move || !drafts.with(Vec::is_empty)>
                    <section class="group" aria-labelledby="drafts-h">
                        <div class="sec-head">
                            <h2 id="drafts-h">{words::DRAFTS}</h2>
                        </div>
                        <ul class="rows">
                            <For each=move || drafts.get() key=|row| (row.entry_id, row.kept_at) let:row>
                                <li>
                                    <DraftRowView row />
                                </li>
                            </For>
                        </ul>
                    </section>
                </Show>
                <section class="group" aria-labelledby="last-h">
                    <div class="sec-head">
                        <h2 id="last-h">{words::LAST_ENTRIES}</h2>
                        <Show when=move || total.get() != 0>
                            <a href=Route::Find.href() data-test="all-entries">
                                {move || words::all_of(total.get())}
                            </a>
                        </Show>
                    </div>
                    <Show
                        when=move || !entries.with(Vec::is_empty)
                        fallback=|| view! { <p class="sub">{words::NO_ENTRIES}</p> }
                    >
                        <ul class="rows">
                            <For each=move || entries.get() key=|row| format!("{row:?}") let:row>
                                <li>
                                    <EntryRowView row />
                                </li>
                            </For>
                        </ul>
                    </Show>
                </section>
            </Main>
            <Foot>
                <TodayDeck on_shift />
                <Dock current=DockKey::Shift />
            </Foot>
        </AppShell>
    }
}

/// No shift is open; one begun on another phone can be gone on with.
#[component]
fn NoShift() -> impl IntoView {
    view! {
        <Resumable />
        <section class="card" data-test="no-shift">
            <h2 class="sec">{words::START_SHIFT_INTRO}</h2>
            <p class="sub gap-top">{words::START_SHIFT_TEXT}</p>
        </section>
    }
}

/// The answers of a list, as they stand in force.
pub fn of_list(shell: Shell, name: &'static str) -> Signal<Vec<Choice>> {
    let lists = shell.lists();
    Signal::derive(move || {
        lists
            .with(|lists| lists.as_ref().map(|lists| choices(lists, name, Labels::Short)).unwrap_or_default())
    })
}
