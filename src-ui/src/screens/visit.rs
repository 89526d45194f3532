//! Leaving an area: a visit ends only by the officer's own hold, never by itself.

use beatbook_protocol::ipc::LeaveArea;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::hold::HoldButton;
use crate::locales::words;
use crate::screens::today::act;

/// "I've left": held for a second, or confirmed.
#[component]
pub fn LeftButton(
    /// The stable id and test name.
    id: &'static str,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <HoldButton
            label=words::LEFT
            name=words::LEFT_NAME
            id
            question=words::LEFT_ASK
            explain=words::LEFT_EXPLAIN
            confirm=words::LEFT
            on_done=Callback::new(move |()| act(shell, LeaveArea {}))
        />
    }
}
