//! The screens, one file each: they load, call the device and own their state.

pub mod asked;
mod authority;
pub mod bind;
pub mod briefing;
mod briefing_card;
pub mod cards;
pub mod circumstances;
pub mod coach;
pub mod colleagues;
pub mod concern;
pub mod concern_parts;
mod counts;
pub mod cover;
pub mod crew;
pub mod crime_check;
mod decide;
mod deviate;
pub mod duties;
pub mod end_shift;
pub mod engagement;
pub mod enrol;
pub mod entry;
pub mod entry_acts;
pub mod event;
pub mod exporting;
pub mod find;
pub mod form;
pub mod handout;
pub mod happened;
pub mod history;
pub mod materials;
mod needs_decision;
pub mod new_leg;
pub mod note_now;
pub mod other_time;
pub mod outbox;
pub mod patrol_times;
pub mod people_described;
pub mod period;
mod period_parts;
pub mod photo;
pub mod place;
pub mod place_sheet;
pub mod places;
pub mod places_map;
pub mod power_use;
pub mod reading;
mod reading_concern;
pub mod reading_lines;
pub mod ready;
pub mod references;
pub mod referral;
pub mod replace;
pub mod review_list;
pub mod settings;
pub mod shift_card;
pub mod shift_sheets;
pub mod signing;
pub mod slip;
pub mod standards;
pub mod start_shift;
pub mod summary;
mod summary_lists;
mod summary_visits;
pub mod tasking;
mod tasking_area;
pub mod taskings;
pub mod team;
pub mod today;
pub mod today_banners;
pub mod today_deck;
pub mod unlock;
pub mod visit;

use beatbook_protocol::ipc::{AppError, Command, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::frame::IconKey;
use crate::components::icon::Glyph;
use crate::components::notice::{Note, Tone};
use crate::ipc::call;
use crate::locales::words;

/// What a screen shows: the last answer, kept in view while it is read again, or why there is none.
#[derive(Clone, Copy)]
pub struct Load<T: Send + Sync + 'static> {
    /// The last answer.
    pub view: RwSignal<Option<T>>,
    /// Why the last question had none.
    pub error: RwSignal<Option<AppError>>,
}

/// Asks the device now, and again whenever it says something changed.
pub fn load<C>(ask: impl Fn() -> C + Send + Sync + 'static) -> Load<C::Output>
where
    C: Command,
    C::Output: Sync,
{
    let change = expect_context::<Shell>().change();
    load_when(move || change.track(), ask)
}

/// Asks the device now, and again at each press that counts up `presses`. For what is logged each time it is opened:
/// reading it again by itself would fill the log, and the log's own growth would be one more change.
pub fn load_on_press<C>(
    presses: RwSignal<u32>,
    ask: impl Fn() -> C + Send + Sync + 'static,
) -> Load<C::Output>
where
    C: Command,
    C::Output: Sync,
{
    load_when(move || presses.track(), ask)
}

fn load_when<C>(
    track: impl Fn() + Send + Sync + 'static,
    ask: impl Fn() -> C + Send + Sync + 'static,
) -> Load<C::Output>
where
    C: Command,
    C::Output: Sync,
{
    let shell = expect_context::<Shell>();
    let load = Load { view: RwSignal::new(None), error: RwSignal::new(None) };
    // Answers may come out of order; only the newest question's counts.
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        track();
        let number = asked.get_value().wrapping_add(1);
        asked.set_value(number);
        let command = ask();
        spawn_local(async move {
            let answer = call(command).await;
            if asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(view) => {
                    load.error.set(None);
                    load.view.set(Some(view));
                }
                Err(error) if error.code == ErrorCode::Locked => shell.report(&error),
                Err(error) => load.error.set(Some(error)),
            }
        });
    });
    load
}

/// The reason a screen has nothing to show, in words; nothing while it loads.
#[component]
pub fn LoadError(
    /// The reason.
    #[prop(into)]
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    move || {
        error.get().map(|error| {
            if error.code == ErrorCode::ReadingStopped {
                return view! { <Note tone=Tone::Wait glyph=Glyph::Lock heading=words::READING_STOPPED text=error.message live=true test="reading-stopped" /> }
                    .into_any();
            }
            view! { <Note tone=Tone::Bad glyph=Glyph::Alert heading=words::THERE_IS_A_PROBLEM text=error.message live=true test="load-error" /> }.into_any()
        })
    }
}

/// The key that reads a logged view again.
#[component]
pub fn ReadAgain(
    /// Counts the presses.
    presses: RwSignal<u32>,
) -> impl IntoView {
    view! {
        <IconKey
            glyph=Glyph::Repeat
            label=words::READ_AGAIN
            test="read-again"
            on_press=Callback::new(move |()| presses.update(|presses| *presses = presses.wrapping_add(1)))
        />
    }
}
