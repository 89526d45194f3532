//! Cover: the public card. Neutral, no case data, no history, no keyboard; opens at once over any screen and hides it.
//!
//! It calls nothing. Going back is a hold (or a confirmed tap), and asks for the secret after thirty seconds. The
//! wording and the addresses are content the force manages, in locales/LANGUAGE/public.ftl.

use leptos::prelude::*;

use crate::app::Shell;
use crate::components::hold::HoldButton;
use crate::components::qr::Qr;
use crate::dom;
use crate::locales::public::{Language, Line, Page};
use crate::locales::words;

/// The four ways to help of the campaign Enough, by their English initials.
const STOP: [(&str, Line, Line); 4] = [
    ("S", Line::Say, Line::SayHow),
    ("T", Line::Tell, Line::TellHow),
    ("O", Line::Offer, Line::OfferHow),
    ("P", Line::Divert, Line::DivertHow),
];

/// The public card.
#[component]
pub fn Cover() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let chosen = RwSignal::new(Language::English);
    dom::set_title(words::STREETSAFE);
    view! {
        <div class="app public cover-over" data-test="public-card">
            <header>
                <Languages chosen/>
            </header>
            {move || view! { <Card language=chosen.get()/> }}
            <footer class="foot foot-flat">
                <div class="bar cover-foot">
                    <span class="sub">
                        {move || shell.status().with(|s| s.as_ref().and_then(|s| s.force.clone()).unwrap_or_default())}
                    </span>
                    <HoldButton
                        label=words::HOLD_TO_GO_BACK
                        id="uncover"
                        question=words::GO_BACK_ASK
                        explain=words::GO_BACK_EXPLAIN
                        confirm=words::GO_BACK
                        on_done=Callback::new(move |()| shell.uncover())
                    />
                </div>
            </footer>
        </div>
    }
}

/// The choice of languages, each by its own name.
#[component]
fn Languages(chosen: RwSignal<Language>) -> impl IntoView {
    let name = move || Page::open(chosen.get()).line(Line::Languages);
    view! {
        <div class="langs" role="radiogroup" aria-label=name>
            {Language::ALL
                .map(|language| {
                    view! {
                        <label lang=language.tag()>
                            <input
                                type="radio"
                                name="lang"
                                data-test=format!("lang-{}", language.tag())
                                prop:checked=move || chosen.get() == language
                                on:change=move |_| chosen.set(language)
                            />
                            {Page::open(language).line(Line::Name)}
                        </label>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// The page in one language.
#[component]
fn Card(language: Language) -> impl IntoView {
    let page = Page::open(language);
    let say = |line| page.line(line);
    view! {
        <main class="cover-body" lang=language.tag()>
            <h1>{say(Line::Heading)}</h1>
            <div class="cover-code">
                <Qr text=words::STREETSAFE_LINK label=page.qr(words::STREETSAFE_ADDRESS)/>
                <p class="url">{words::STREETSAFE_ADDRESS}</p>
            </div>
            <div>
                <p>{say(Line::Text)}</p>
                <p class="sub gap-top">{say(Line::NotFor)}</p>
            </div>
            <section class="stop" data-test="stop" aria-labelledby="stop-heading">
                <h2 id="stop-heading">{say(Line::Stop)}</h2>
                <ul>
                    {STOP
                        .map(|(letter, what, how)| {
                            view! {
                                <li>
                                    <span class="stop-letter" aria-hidden="true">{letter}</span>
                                    <p>
                                        <b>{say(what)}</b>
                                        " "
                                        {say(how)}
                                    </p>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
                <p><strong>{say(Line::StopSafe)}</strong></p>
            </section>
            <ul class="helpline">
                <li>
                    <b>{words::EMERGENCY_NUMBER}</b>
                    {say(Line::Emergency)}
                </li>
                <li>
                    <b>{words::NON_EMERGENCY_NUMBER}</b>
                    {say(Line::NotEmergency)}
                </li>
                <li>
                    <b>{say(Line::Silent)}</b>
                    {say(Line::SilentWhy)}
                </li>
            </ul>
        </main>
    }
}
