//! Cover: the public card. Neutral, no case data, no history, no keyboard; opens at once over any screen and hides it.
//!
//! It calls nothing. Going back is a hold (or a confirmed tap), and asks for the secret after thirty seconds. The
//! address and the code are content the force manages; wording in other languages needs a qualified translator
//! before use.

use leptos::prelude::*;

use crate::app::Shell;
use crate::components::hold::HoldButton;
use crate::dom;
use crate::locales::words;

/// What the card says in one language.
struct Card {
    lang: &'static str,
    name: &'static str,
    heading: &'static str,
    text: &'static str,
    not_for: &'static str,
    emergency: &'static str,
    not_emergency: &'static str,
    silent: (&'static str, &'static str),
}

const CARDS: [Card; 4] = [
    Card {
        lang: "en",
        name: "English",
        heading: "Tell us where you don’t feel safe",
        text: "StreetSafe is anonymous. Mark the place on a map and say why. It takes a few minutes.",
        not_for: "Not for reporting a crime or an emergency.",
        emergency: "Emergency",
        not_emergency: "Not an emergency",
        silent: ("999 then 55", "Mobile, if you can’t speak"),
    },
    Card {
        lang: "pl",
        name: "Polski",
        heading: "Powiedz nam, gdzie nie czujesz się bezpiecznie",
        text: "StreetSafe jest anonimowe. Zaznacz miejsce na mapie i podaj powód. Zajmie to kilka minut.",
        not_for: "Nie służy do zgłaszania przestępstw ani nagłych wypadków.",
        emergency: "Nagły wypadek",
        not_emergency: "Sprawa niepilna",
        silent: ("999 i 55", "Komórka, gdy nie możesz mówić"),
    },
    Card {
        lang: "lt",
        name: "Lietuvių",
        heading: "Pasakykite, kur nesijaučiate saugiai",
        text: "„StreetSafe“ yra anonimiška. Pažymėkite vietą žemėlapyje ir nurodykite priežastį. Tai užtruks kelias minutes.",
        not_for: "Neskirta pranešti apie nusikaltimą ar skubų atvejį.",
        emergency: "Skubi pagalba",
        not_emergency: "Neskubus atvejis",
        silent: ("999, po to 55", "Mobilusis, jei negalite kalbėti"),
    },
    Card {
        lang: "pt",
        name: "Português",
        heading: "Diga-nos onde não se sente em segurança",
        text: "O StreetSafe é anónimo. Marque o local no mapa e diga porquê. Demora poucos minutos.",
        not_for: "Não serve para denunciar um crime nem para emergências.",
        emergency: "Emergência",
        not_emergency: "Não urgente",
        silent: ("999 e 55", "Telemóvel, se não puder falar"),
    },
];

/// The public card.
#[component]
pub fn Cover() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let chosen = RwSignal::new(0_usize);
    let card = move || CARDS.get(chosen.get()).unwrap_or(&CARDS[0]);
    dom::set_title(words::STREETSAFE);
    view! {
        <div class="app public cover-over" data-test="public-card">
            <header>
                <div class="langs" role="radiogroup" aria-label="Language">
                    {CARDS
                        .iter()
                        .enumerate()
                        .map(|(place, card)| {
                            view! {
                                <label lang=card.lang>
                                    <input
                                        type="radio"
                                        name="lang"
                                        data-test=format!("lang-{}", card.lang)
                                        prop:checked=move || chosen.get() == place
                                        on:change=move |_| chosen.set(place)
                                    />
                                    {card.name}
                                </label>
                            }
                        })
                        .collect_view()}
                </div>
            </header>
            {move || {
                let card = card();
                let (silent, silent_why) = card.silent;
                view! {
                    <main class="cover-body" lang=card.lang>
                        <h1>{card.heading}</h1>
                        <div class="qr">
                            <svg
                                viewBox="0 0 29 29"
                                role="img"
                                aria-label="QR code for police.uk/streetsafe"
                                shape-rendering="crispEdges"
                            >
                                <path fill="currentColor" d=CODE></path>
                            </svg>
                        </div>
                        <p class="url">"police.uk/streetsafe"</p>
                        <div>
                            <p>{card.text}</p>
                            <p class="sub gap-top">{card.not_for}</p>
                        </div>
                        <ul class="helpline">
                            <li>
                                <b>"999"</b>
                                {card.emergency}
                            </li>
                            <li>
                                <b>"101"</b>
                                {card.not_emergency}
                            </li>
                            <li>
                                <b>{silent}</b>
                                {silent_why}
                            </li>
                        </ul>
                    </main>
                }
            }}
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

/// The squares of the code for the StreetSafe address, one path.
const CODE: &str = "M0 0h7v1h-7zM8 0h3v1h-3zM12 0h4v1h-4zM19 0h2v1h-2zM22 0h7v1h-7zM0 1h1v1h-1zM6 1h1v1h-1zM8 1h3v1h-3zM13 1h1v1h-1zM16 1h1v1h-1zM22 1h1v1h-1zM28 1h1v1h-1zM0 2h1v1h-1zM2 2h3v1h-3zM6 2h1v1h-1zM11 2h2v1h-2zM16 2h1v1h-1zM18 2h1v1h-1zM20 2h1v1h-1zM22 2h1v1h-1zM24 2h3v1h-3zM28 2h1v1h-1zM0 3h1v1h-1zM2 3h3v1h-3zM6 3h1v1h-1zM8 3h1v1h-1zM10 3h3v1h-3zM14 3h2v1h-2zM17 3h1v1h-1zM19 3h1v1h-1zM22 3h1v1h-1zM24 3h3v1h-3zM28 3h1v1h-1zM0 4h1v1h-1zM2 4h3v1h-3zM6 4h1v1h-1zM9 4h2v1h-2zM12 4h1v1h-1zM14 4h1v1h-1zM16 4h5v1h-5zM22 4h1v1h-1zM24 4h3v1h-3zM28 4h1v1h-1zM0 5h1v1h-1zM6 5h1v1h-1zM9 5h2v1h-2zM12 5h2v1h-2zM15 5h2v1h-2zM18 5h3v1h-3zM22 5h1v1h-1zM28 5h1v1h-1zM0 6h7v1h-7zM8 6h1v1h-1zM10 6h1v1h-1zM12 6h1v1h-1zM14 6h1v1h-1zM16 6h1v1h-1zM18 6h1v1h-1zM20 6h1v1h-1zM22 6h7v1h-7zM8 7h1v1h-1zM10 7h1v1h-1zM12 7h1v1h-1zM15 7h3v1h-3zM19 7h2v1h-2zM0 8h1v1h-1zM2 8h2v1h-2zM5 8h3v1h-3zM10 8h4v1h-4zM15 8h1v1h-1zM17 8h2v1h-2zM22 8h1v1h-1zM25 8h1v1h-1zM27 8h2v1h-2zM0 9h2v1h-2zM3 9h2v1h-2zM10 9h1v1h-1zM12 9h4v1h-4zM19 9h2v1h-2zM22 9h3v1h-3zM28 9h1v1h-1zM1 10h1v1h-1zM5 10h2v1h-2zM8 10h3v1h-3zM12 10h2v1h-2zM16 10h1v1h-1zM23 10h2v1h-2zM26 10h2v1h-2zM0 11h1v1h-1zM2 11h4v1h-4zM7 11h1v1h-1zM10 11h2v1h-2zM16 11h1v1h-1zM19 11h2v1h-2zM22 11h3v1h-3zM28 11h1v1h-1zM0 12h1v1h-1zM5 12h6v1h-6zM14 12h2v1h-2zM17 12h1v1h-1zM20 12h1v1h-1zM25 12h2v1h-2zM0 13h1v1h-1zM4 13h2v1h-2zM7 13h1v1h-1zM14 13h1v1h-1zM16 13h2v1h-2zM19 13h1v1h-1zM22 13h2v1h-2zM26 13h3v1h-3zM0 14h2v1h-2zM5 14h2v1h-2zM8 14h1v1h-1zM12 14h2v1h-2zM15 14h2v1h-2zM18 14h2v1h-2zM21 14h1v1h-1zM23 14h2v1h-2zM26 14h3v1h-3zM1 15h5v1h-5zM7 15h1v1h-1zM14 15h1v1h-1zM16 15h1v1h-1zM19 15h2v1h-2zM22 15h3v1h-3zM27 15h1v1h-1zM1 16h4v1h-4zM6 16h7v1h-7zM14 16h2v1h-2zM18 16h4v1h-4zM24 16h2v1h-2zM27 16h1v1h-1zM4 17h1v1h-1zM8 17h4v1h-4zM14 17h1v1h-1zM16 17h1v1h-1zM23 17h1v1h-1zM25 17h3v1h-3zM0 18h1v1h-1zM3 18h5v1h-5zM11 18h1v1h-1zM13 18h4v1h-4zM20 18h1v1h-1zM22 18h2v1h-2zM26 18h1v1h-1zM2 19h1v1h-1zM7 19h1v1h-1zM11 19h1v1h-1zM13 19h2v1h-2zM16 19h3v1h-3zM26 19h1v1h-1zM1 20h7v1h-7zM12 20h3v1h-3zM16 20h11v1h-11zM8 21h5v1h-5zM16 21h1v1h-1zM20 21h1v1h-1zM24 21h5v1h-5zM0 22h7v1h-7zM8 22h1v1h-1zM10 22h1v1h-1zM14 22h1v1h-1zM17 22h4v1h-4zM22 22h1v1h-1zM24 22h2v1h-2zM27 22h1v1h-1zM0 23h1v1h-1zM6 23h1v1h-1zM8 23h1v1h-1zM10 23h6v1h-6zM20 23h1v1h-1zM24 23h2v1h-2zM28 23h1v1h-1zM0 24h1v1h-1zM2 24h3v1h-3zM6 24h1v1h-1zM9 24h2v1h-2zM15 24h1v1h-1zM17 24h1v1h-1zM20 24h5v1h-5zM26 24h2v1h-2zM0 25h1v1h-1zM2 25h3v1h-3zM6 25h1v1h-1zM8 25h1v1h-1zM10 25h1v1h-1zM12 25h1v1h-1zM15 25h5v1h-5zM21 25h1v1h-1zM24 25h2v1h-2zM28 25h1v1h-1zM0 26h1v1h-1zM2 26h3v1h-3zM6 26h1v1h-1zM8 26h1v1h-1zM11 26h2v1h-2zM17 26h1v1h-1zM19 26h1v1h-1zM23 26h1v1h-1zM26 26h1v1h-1zM28 26h1v1h-1zM0 27h1v1h-1zM6 27h1v1h-1zM10 27h1v1h-1zM12 27h1v1h-1zM15 27h1v1h-1zM20 27h4v1h-4zM25 27h1v1h-1zM27 27h1v1h-1zM0 28h7v1h-7zM8 28h1v1h-1zM10 28h1v1h-1zM18 28h4v1h-4zM25 28h1v1h-1zM27 28h1v1h-1z";
