//! The first card on Today: what is asked tonight, whether it was read, and how far it is done.

use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{BriefingCard, BriefingRead};
use leptos::prelude::*;

use crate::app::{Shell, use_minute};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::locales::words;
use crate::route::Route;
use crate::screens::today::part;

/// The briefings of tonight. What is over is gone from here.
#[component]
pub fn BriefingCards() -> impl IntoView {
    let cards = part(expect_context::<Shell>(), |today| today.briefings.clone());
    let now = use_minute();
    move || {
        let at = now.get();
        cards
            .get()
            .into_iter()
            .filter(|card| at < card.until)
            .map(|card| view! { <Card card at /> })
            .collect_view()
    }
}

#[component]
fn Card(card: BriefingCard, at: Millis) -> impl IntoView {
    let (tone, key) = match card.read {
        BriefingRead::New => (Tone::Wait, words::BRIEFING_OPEN),
        BriefingRead::Changed => (Tone::Wait, words::BRIEFING_SEE_CHANGES),
        BriefingRead::Current => (Tone::Plain, words::BRIEFING_AGAIN),
    };
    view! {
        <Note
            tone
            glyph=Glyph::List
            heading=words::briefing_heading(&card, at)
            text=words::briefing_line(&card, at)
            test="briefing-card"
        >
            <div class="btn-row">
                <a class="btn" href=Route::Briefing.href() data-test="open-briefing">
                    <Icon glyph=Glyph::Right />
                    {key}
                </a>
            </div>
        </Note>
    }
}
