//! The frame every screen stands in: header, main, footer, dock, action bar, and the two keys that are on every
//! patrol screen (Cover, Called away).
//!
//! Reading is above, doing is below: the footer holds what an officer presses every few minutes. Nothing here knows
//! what a record is; screens pass words in and get presses out.

use crate::app::Shell;
use crate::components::icon::{Glyph, Icon, IconSize, Logo};
use crate::components::notice::Marking;
use crate::components::toast::ToastSlot;
use crate::dom;
use crate::locales::words;
use crate::route::Route;
use crate::shortcuts::Shortcuts;
use crate::theme::Theme;
use leptos::html;
use leptos::prelude::*;

/// The one column of a phone screen.
#[component]
pub fn AppShell(
    /// The page's parts: [`Top`], [`Main`], [`Foot`].
    children: Children,
) -> impl IntoView {
    view! {
        <div class="app">
            <a class="skip" href="#main">{words::SKIP_TO_CONTENT}</a>
            {children()}
        </div>
    }
}

/// Puts the page's name into the window title, moves focus to its heading and has it read out once.
///
/// The window title never holds record content: it is shown in task lists and screen recordings.
#[component]
pub fn PageTitle(
    /// The words in the heading.
    #[prop(into)]
    text: Signal<String>,
    /// The words in the window title, where the heading says more than a window title may; empty for the heading's.
    #[prop(optional)]
    window: &'static str,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let heading = NodeRef::<html::H1>::new();
    let covered = shell.covered();
    Effect::new(move |before: Option<()>| {
        // Behind the public card the window keeps the card's title.
        if covered.get() {
            return;
        }
        let name = if window.is_empty() { text.get() } else { window.to_owned() };
        dom::set_title(&words::window_title(&name));
        if before.is_none()
            && let Some(heading) = heading.get_untracked()
        {
            let _ = heading.focus();
            shell.announce(name);
        }
    });
    view! {
        <h1 tabindex="-1" node_ref=heading>
            {move || text.get()}
        </h1>
    }
}

/// Where the arrow in a header leads, and what it is called.
#[derive(Debug, Clone)]
pub struct Back {
    /// The screen.
    pub to: Route,
    /// The accessible name, such as "Back to shift. Your draft is kept."
    pub label: &'static str,
}

/// The header: what this is, when, who, and the lock. No primary action up here.
#[component]
pub fn Top(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The window title, when the heading holds record content; empty for the heading's own words.
    #[prop(optional)]
    window: &'static str,
    /// The line under the heading.
    #[prop(into, optional)]
    meta: Signal<String>,
    /// The way back.
    #[prop(optional, into)]
    back: Option<Back>,
    /// The marking shown above the header of a restricted screen.
    #[prop(optional, into)]
    marking: Option<String>,
    /// States and keys at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let plain = back.is_none();
    let session = expect_context::<Shell>().session();
    view! {
        <header>
            {marking.map(|marking| view! { <Marking marking /> })}
            <div class="top">
                {back
                    .map(|back| {
                        view! {
                            <a class="icon-btn" data-test="back" href=back.to.href() aria-label=back.label>
                                <Icon glyph=Glyph::Left />
                            </a>
                        }
                    })} <div class="top-t" class:who=plain>
                    <PageTitle text=title window />
                    {move || {
                        let meta = meta.get();
                        (!meta.is_empty()).then(|| view! { <p class="meta">{meta}</p> })
                    }}
                </div> {children.map(|children| children())}
                <Show when=move || session.with(Option::is_some)>
                    <LockKey />
                </Show>
            </div>
        </header>
    }
}

/// The reading part of a screen.
#[component]
pub fn Main(
    /// Sections, cards, rows.
    children: Children,
    /// A further class.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <main id="main" class=format!("main {class}") tabindex="-1">
            {children()}
        </main>
    }
}

/// The doing part, pinned to the lower edge. Toasts appear at its top.
#[component]
pub fn Foot(
    /// A [`Deck`] and a [`Dock`], or a [`Bar`].
    children: Children,
    /// The marking repeated at the foot of a restricted screen.
    #[prop(optional, into)]
    marking: Option<String>,
) -> impl IntoView {
    view! {
        <footer class="foot">
            <ToastSlot />
            {children()}
            {marking.map(|marking| view! { <Marking marking /> })}
        </footer>
    }
}

/// The actions of a screen, above the dock.
#[component]
pub fn Deck(
    /// Buttons.
    children: Children,
    /// What the group is for.
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="deck" role="group" aria-label=label>
            {children()}
        </div>
    }
}

/// The action bar of a form: Called away, one primary action, Cover.
#[component]
pub fn Bar(
    /// The primary button.
    children: Children,
    /// Whether the Called away key belongs here (patrol screens with a running shift).
    #[prop(into, optional)]
    away: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="bar">
            <Show when=move || away.get()>
                <AwayKey />
            </Show>
            {children()}
            <CoverKey />
        </div>
    }
}

/// The places in the dock. A key appears only when its screen exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DockKey {
    /// The officer's own shift.
    Shift,
    /// The shifts a sergeant answers for.
    Team,
    /// What is to be reviewed.
    Review,
    /// Disclosures that professional standards read.
    Standards,
    /// The patrol areas and the visit.
    Places,
    /// The cards: stock and ledger.
    Cards,
    /// What has left the phone and what has not.
    Outbox,
    /// Figures over a period; in the rail only.
    Figures,
}

/// How a place of the dock looks and where it leads.
struct Look {
    glyph: Glyph,
    label: &'static str,
    to: Route,
    test: &'static str,
    rail: &'static str,
}

impl DockKey {
    const fn look(self) -> Look {
        let (glyph, label, to, test, rail) = match self {
            Self::Shift => (Glyph::Notebook, words::DOCK_SHIFT, Route::Today, "dock-shift", "rail-shift"),
            Self::Team => (Glyph::Team, words::DOCK_TEAM, Route::Team, "dock-team", "rail-team"),
            Self::Review => (Glyph::Review, words::DOCK_REVIEW, Route::Review, "dock-review", "rail-review"),
            Self::Standards => {
                (Glyph::Notebook, words::DOCK_STANDARDS, Route::Standards, "dock-standards", "rail-standards")
            }
            Self::Places => (Glyph::Map, words::DOCK_PLACES, Route::Places, "dock-places", "rail-places"),
            Self::Cards => (Glyph::Cards, words::DOCK_CARDS, Route::Cards, "dock-cards", "rail-cards"),
            Self::Outbox => (Glyph::Outbox, words::DOCK_OUTBOX, Route::Outbox, "dock-outbox", "rail-outbox"),
            Self::Figures => (Glyph::Chart, words::FIGURES, Route::Period, "dock-figures", "rail-figures"),
        };
        Look { glyph, label, to, test, rail }
    }
}

/// The dock: the places of the app, then the Cover key.
#[component]
pub fn Dock(
    /// The place this screen is, if it is one of them.
    #[prop(into)]
    current: Option<DockKey>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let away = shell.may_go_away();
    view! {
        <div class="dock">
            <Show when=move || away.get()>
                <AwayKey />
            </Show>
            <nav aria-label=words::MAIN_NAV>
                <ul>
                    <Show when=move || shell.patrols()>
                        <Place key=DockKey::Shift current />
                    </Show>
                    <Show when=move || shell.reviews()>
                        <Place key=DockKey::Team current />
                    </Show>
                    // Who acts for a sergeant and patrols has no room for one more: the team's screen leads there.
                    <Show when=move || shell.reviews() && !shell.patrols()>
                        <Place key=DockKey::Review current />
                    </Show>
                    <Show when=move || shell.reads_standards()>
                        <Place key=DockKey::Standards current />
                    </Show>
                    <Show when=move || shell.patrols() || shell.reviews()>
                        <Place key=DockKey::Places current />
                    </Show>
                    <Show when=move || shell.patrols()>
                        <Place key=DockKey::Cards current />
                    </Show>
                    <Place key=DockKey::Outbox current />
                </ul>
            </nav>
            <CoverKey />
        </div>
    }
}

/// One place of the dock. The outbox wears what is not yet received; a reader also hears how many cards are left.
#[component]
fn Place(key: DockKey, current: Option<DockKey>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let waiting = shell.waiting();
    let cards = Memo::new(move |_| shell.today().with(|today| today.as_ref().and_then(|t| t.cards_left)));
    let Look { glyph, label, to, test, .. } = key.look();
    view! {
        <li>
            <a href=to.href() data-test=test aria-current=(Some(key) == current).then_some("page")>
                <Icon glyph />
                <span>{label}</span>
                {(key == DockKey::Outbox)
                    .then(|| {
                        view! {
                            <Show when=move || waiting.get() != 0>
                                <span class="badge">
                                    {move || waiting.get()} <span class="vh">{words::NOT_YET_RECEIVED}</span>
                                </span>
                            </Show>
                        }
                    })}
                {(key == DockKey::Cards)
                    .then_some({
                        move || {
                            cards.get().map(|left| view! { <span class="vh">{words::cards_in_hand(left)}</span> })
                        }
                    })}
            </a>
        </li>
    }
}

/// The places again as a rail at the left edge of a wide window, where there is no thumb to reach for.
#[component]
pub fn Rail(
    /// The place this screen is.
    current: DockKey,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let keys = expect_context::<Shortcuts>();
    let key = move |key: DockKey| {
        let Look { glyph, label, to, rail, .. } = key.look();
        view! {
            <a href=to.href() data-test=rail aria-current=(key == current).then_some("page")>
                <Icon glyph />
                {label}
            </a>
        }
    };
    view! {
        <nav class="rail" aria-label=words::MAIN_NAV>
            <span class="logo">
                <Logo />
                <span class="vh">{words::APP}</span>
            </span>
            <Show when=move || shell.patrols()>{key(DockKey::Shift)}</Show>
            {key(DockKey::Team)}
            {key(DockKey::Review)}
            <Show when=move || shell.reviews()>{key(DockKey::Figures)}</Show>
            {key(DockKey::Places)}
            <Show when=move || shell.patrols()>{key(DockKey::Cards)}</Show>
            {key(DockKey::Outbox)}
            <button type="button" class="keys-key" data-test="rail-keys" on:click=move |_| keys.list()>
                <kbd aria-hidden="true">"?"</kbd>
                {words::KEYS_RAIL}
            </button>
            <span class="end">{move || shell.me().get()}</span>
        </nav>
    }
}

/// Hides the app behind the public card at once. Always the bottom corner under the thumb, always this size.
#[component]
pub fn CoverKey() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <button type="button" class="cover-key" data-test="cover" on:click=move |_| shell.cover()>
            <Icon glyph=Glyph::Cover />
            {words::COVER}
        </button>
    }
}

/// Called away in one press: stamps the time, keeps the draft, stops the visit. The reason can follow.
#[component]
pub fn AwayKey() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <button type="button" class="cover-key away-key" data-test="called-away" on:click=move |_| shell.called_away()>
            <Icon glyph=Glyph::Car />
            {words::CALLED_AWAY}
        </button>
    }
}

/// The key in the header of a screen a person starts from: the theme.
#[component]
pub fn HeaderKeys() -> impl IntoView {
    let theme = expect_context::<Theme>();
    view! {
        <IconKey
            glyph=Glyph::Sun
            label=words::LIGHT_THEME
            test="theme"
            pressed=theme.is_light()
            on_press=Callback::new(move |()| theme.switch())
        />
    }
}

/// Locks the notebook at once, from any screen; a form keeps its draft as it closes.
#[component]
fn LockKey() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <IconKey
            glyph=Glyph::Lock
            label=words::LOCK_PHONE
            test="lock"
            on_press=Callback::new(move |()| shell.lock(false))
        />
    }
}

/// A square key in the header.
#[component]
pub fn IconKey(
    /// The drawing.
    glyph: Glyph,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// The test name.
    test: &'static str,
    /// What a press does.
    on_press: Callback<()>,
    /// Whether the key is a switch that is on.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-btn"
            data-test=test
            aria-label=move || label.get()
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            on:click=move |_| on_press.run(())
        >
            <Icon glyph />
        </button>
    }
}

/// One of the big actions of a deck.
#[component]
pub fn BigAction(
    /// The drawing.
    glyph: Glyph,
    /// The word.
    label: &'static str,
    /// The test name.
    test: &'static str,
    /// Whether this is the one primary action of the screen.
    #[prop(optional)]
    primary: bool,
    /// What a press does.
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="act" class:act-go=primary data-test=test on:click=move |_| on_press.run(())>
            <Icon glyph size=IconSize::Large />
            {label}
        </button>
    }
}
