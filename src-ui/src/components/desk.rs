//! The frame of a desk screen: the rail at the left, a header with its keys, messages at the foot; one column and the dock
//! on a phone.

use leptos::prelude::*;

use crate::components::frame::{Back, Dock, DockKey, PageTitle, Rail};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::PaperMark;
use crate::components::toast::ToastSlot;
use crate::locales::words;

/// A desk screen under another one.
#[component]
pub fn Desk(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// What the window is called: never a heading that holds anything of a record.
    window: &'static str,
    /// The line under the heading.
    #[prop(into)]
    meta: Signal<String>,
    /// The way back.
    back: Back,
    /// Where in rail and dock it belongs.
    #[prop(default = DockKey::Team)]
    current: DockKey,
    /// The class of the whole, beside `desk`.
    #[prop(default = "")]
    class: &'static str,
    /// What stands at head and foot of paper; nothing where it is not for paper.
    #[prop(optional, into)]
    paper: Option<Signal<String>>,
    /// Keys in the header.
    #[prop(optional)]
    keys: Option<ViewFn>,
    /// Everything under the header.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("desk {class}")>
            <a class="skip" href="#main">
                {words::SKIP_TO_CONTENT}
            </a>
            <Rail current />
            <main class="desk-in" id="main" tabindex="-1">
                {paper.map(|words| view! { <PaperMark words /> })}
                <header class="desk-top">
                    <a class="icon-btn" data-test="back" href=back.to.href() aria-label=back.label>
                        <Icon glyph=Glyph::Left />
                    </a>
                    <div class="grow">
                        <PageTitle text=title window />
                        <p class="sub">{move || meta.get()}</p>
                    </div>
                    {keys.map(|keys| keys.run())}
                </header>
                {children()}
            </main>
            <footer class="foot desk-foot">
                <ToastSlot />
                <Dock current />
            </footer>
        </div>
    }
}
