//! Replace a phone: whose, which one is gone and how, then the code for the new one as a QR code and typed. Needs a
//! connection, and says so before anything is pressed.

use beatbook_domain::id::Code;
use beatbook_protocol::ipc::{ListTeamPhones, OfficerPhones, PhoneLine, ReplacePhone, ReplacedView};
use beatbook_protocol::sync::{Loss, LostPhone};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::choices::{Choice, OptionGroup, Pick};
use crate::components::frame::{AppShell, Back, Deck, Dock, DockKey, Foot, Main, Top};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Note, Tone};
use crate::components::qr::Qr;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::{LoadError, load};

/// The choice that no phone is gone.
const NONE: &str = "none";

/// Replace a phone.
#[component]
pub fn Replace() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let list = load(|| ListTeamPhones {});
    let whose = RwSignal::new(String::new());
    let which = RwSignal::new(String::new());
    let loss = RwSignal::new(Loss::Lost);
    let asking = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let done = RwSignal::new(None::<ReplacedView>);
    let officers = Signal::derive(move || list.view.with(|view| view.as_ref().map(|v| v.officers.clone())));
    let chosen = Memo::new(move |_| {
        let wanted = whose.get();
        officers.with(|all| all.as_ref()?.iter().find(|one| one.officer.to_string() == wanted).cloned())
    });
    let go = move |_| {
        let Some(of) = chosen.get_untracked() else { return };
        let phone =
            which.with_untracked(|which| of.phones.iter().find(|p| p.device.to_string() == *which).cloned());
        let lost = phone.map(|phone| LostPhone { device: phone.device, loss: loss.get_untracked() });
        problem.set(None);
        asking.set(true);
        spawn_local(async move {
            let answer = call(ReplacePhone { officer: of.officer, lost }).await;
            asking.try_set(false);
            match answer {
                Ok(view) => {
                    shell.announce(words::code_for(&view.title));
                    done.try_set(Some(view));
                }
                Err(error) => {
                    problem.try_set(Some(error.message));
                }
            }
        });
    };
    let ready = Signal::derive(move || chosen.with(Option::is_some) && which.with(|which| !which.is_empty()));
    view! {
        <AppShell>
            <Top title=words::REPLACE_PHONE back=Back { to: Route::Team, label: words::REPLACE_BACK } />
            <Main>
                <LoadError error=list.error />
                {move || match done.get() {
                    Some(view) => view! { <TheCode view /> }.into_any(),
                    None => view! {
                        <p class="sub">{words::REPLACE_NEEDS_SIGNAL}</p>
                        <Whose officers whose which />
                        <Show when=move || chosen.with(Option::is_some)>
                            <Which chosen which />
                        </Show>
                        <Show when=move || which.with(|which| !which.is_empty() && which != NONE)>
                            <Why loss />
                        </Show>
                        {move || problem.get().map(|text| view! {
                            <Note
                                tone=Tone::Bad
                                glyph=Glyph::Alert
                                heading=words::THERE_IS_A_PROBLEM
                                text
                                live=true
                                test="replace-problem"
                            />
                        })}
                    }
                    .into_any(),
                }}
            </Main>
            <Foot>
                <Show when=move || done.with(Option::is_none)>
                    <Deck label=words::REPLACE_PHONE>
                        <button
                            type="button"
                            class="btn btn-go"
                            data-test="replace-go"
                            disabled=move || !ready.get() || asking.get()
                            on:click=go
                        >
                            <Icon glyph=Glyph::Key />
                            {move || if asking.get() { words::REPLACE_ASKING } else { words::REPLACE_GO }}
                        </button>
                    </Deck>
                </Show>
                <Dock current=DockKey::Team />
            </Foot>
        </AppShell>
    }
}

/// Whose phone it is.
#[component]
fn Whose(
    /// Officers whose phones may be replaced; none while they are read.
    #[prop(into)]
    officers: Signal<Option<Vec<OfficerPhones>>>,
    /// The officer chosen, by id.
    whose: RwSignal<String>,
    /// The phone chosen: of another officer it is none.
    which: RwSignal<String>,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let all = officers.get().unwrap_or_default();
        all.into_iter()
            .map(|one| Choice::new(one.officer.to_string(), one.title).glyph(Glyph::Person))
            .collect::<Vec<_>>()
    });
    view! {
        <Show
            when=move || officers.with(|all| all.as_ref().is_none_or(|all| !all.is_empty()))
            fallback=|| view! { <p class="sub" data-test="replace-nobody">{words::REPLACE_NOBODY}</p> }
        >
            <OptionGroup
                legend=words::REPLACE_WHOSE
                pick=Pick::One
                name="replace-whose"
                choices
                on=Signal::derive(move || vec![Code::new(whose.get())])
                on_change=Callback::new(move |(code, on): (Code, bool)| {
                    if on {
                        whose.set(code.to_string());
                        which.set(String::new());
                    }
                })
            />
        </Show>
    }
}

fn phone(line: &PhoneLine) -> Choice {
    Choice::new(line.device.to_string(), words::phone_heard(line.last_heard, line.pending))
        .glyph(Glyph::Phone)
}

/// Which of the officer's phones is gone.
#[component]
fn Which(
    /// The officer.
    #[prop(into)]
    chosen: Signal<Option<OfficerPhones>>,
    /// The phone chosen, by id.
    which: RwSignal<String>,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let mut choices: Vec<Choice> =
            chosen.with(|of| of.as_ref().map(|of| of.phones.iter().map(phone).collect()).unwrap_or_default());
        choices.push(Choice::new(NONE, words::REPLACE_NONE).glyph(Glyph::Minus));
        choices
    });
    view! {
        <OptionGroup
            legend=words::REPLACE_WHICH
            pick=Pick::One
            name="replace-which"
            choices
            on=Signal::derive(move || vec![Code::new(which.get())])
            on_change=Callback::new(move |(code, on): (Code, bool)| if on { which.set(code.to_string()) })
        />
    }
}

/// What happened to it, and what follows.
#[component]
fn Why(loss: RwSignal<Loss>) -> impl IntoView {
    let all = [
        (Loss::Lost, words::REPLACE_LOST),
        (Loss::Stolen, words::REPLACE_STOLEN),
        (Loss::Broken, words::REPLACE_BROKEN),
    ];
    let choices = Signal::derive(move || {
        all.iter().map(|(loss, label)| Choice::new(loss.as_str(), *label)).collect::<Vec<_>>()
    });
    view! {
        <OptionGroup
            legend=words::REPLACE_WHY
            pick=Pick::One
            name="replace-why"
            choices
            on=Signal::derive(move || vec![Code::new(loss.get().as_str())])
            on_change=Callback::new(move |(code, on): (Code, bool)| {
                if let Some((chosen, _)) = all.iter().find(|(one, _)| on && code == *one.as_str()) {
                    loss.set(*chosen);
                }
            })
        />
        <p class="sub">{words::REPLACE_GOES_OUT}</p>
    }
}

/// The code, and what the lost phone held.
#[component]
fn TheCode(view: ReplacedView) -> impl IntoView {
    let ReplacedView { title, code, ticket, expires_at, lost } = view;
    view! {
        <section class="card group" aria-labelledby="code-h" data-test="replaced">
            <h2 id="code-h">{words::code_for(&title)}</h2>
            <Qr text=ticket label=words::REPLACE_CODE_LABEL />
            <p class="url" data-test="replace-code">{code}</p>
            <p class="sub">{words::code_how(expires_at)}</p>
            <p class="sub">{words::REPLACE_ONCE}</p>
        </section>
        {lost.map(|lost| {
            let heard = match lost.last_heard {
                Some(at) => format!(
                    "{}. {}",
                    words::phone_heard(at, 0),
                    words::phone_held(lost.received, lost.pending, lost.drafts),
                ),
                None => words::REPLACE_NEVER_HEARD.to_owned(),
            };
            let others = (!lost.others.is_empty()).then(|| words::also_used_by(&lost.others));
            let text = [Some(heard), others].into_iter().flatten().collect::<Vec<_>>().join(" ");
            view! { <Note tone=Tone::Wait glyph=Glyph::Phone heading=words::REPLACE_GONE text test="replace-lost" /> }
        })}
    }
}
