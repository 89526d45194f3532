//! Unlock: whose notebook, and the secret that opens it. Says what is safe and what is still sending, and only where
//! that is true.
//!
//! Several officers may share the phone; each notebook stays sealed to the others. Wrong tries make it wait; the wait is
//! the device's and survives a restart.

use beatbook_protocol::ipc::{ErrorCode, ProfileCard, SecretKind, Unlock as UnlockCommand};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::frame::{AppShell, IconKey, Main, PageTitle};
use crate::components::icon::{Glyph, Icon, Logo};
use crate::components::keypad::{Keypad, PIN_LEN, Passphrase, PinDots};
use crate::components::notice::{Note, Tone};
use crate::components::sheet::Sheet;
use crate::dom;
use crate::ipc::call;
use crate::locales::words;
use crate::screens::note_now::NoteNow;
use crate::theme::Theme;

/// How often the lock screen asks how many entries are still sending, in milliseconds.
const ASK_EVERY_MS: u32 = 5_000;

/// The lock screen.
#[component]
pub fn Unlock() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let theme = expect_context::<Theme>();
    let status = shell.status();
    let chosen = RwSignal::new(None::<String>);
    let profile = Memo::new(move |_| {
        status.with(|status| {
            let profiles = &status.as_ref()?.profiles;
            chosen
                .with(|chosen| profiles.iter().find(|p| chosen.as_ref() == Some(&p.collar)).cloned())
                .or_else(|| profiles.first().cloned())
        })
    });
    // What the status says later changes the order of the notebooks, never whose secret is being typed.
    Effect::new(move |_| {
        if chosen.with_untracked(Option::is_none) {
            chosen.set(profile.with(|profile| profile.as_ref().map(|profile| profile.collar.clone())));
        }
    });
    let by_pin =
        Memo::new(move |_| profile.with(|p| p.as_ref().is_some_and(|p| p.secret == SecretKind::Pin)));
    let secret = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let wait = RwSignal::new(0_u32);
    let busy = RwSignal::new(false);
    let choosing = RwSignal::new(false);

    // A wait belongs to a profile: another officer's notebook opens at once.
    Effect::new(move |_| {
        wait.set(profile.with(|profile| profile.as_ref().map_or(0, |profile| profile.wait_seconds)))
    });
    let ticking = StoredValue::new_local(Some(Interval::new(1_000, move || {
        if wait.get_untracked() > 0 {
            wait.update(|wait| *wait -= 1);
            if wait.get_untracked() == 0 {
                problem.set(None);
            }
        }
    })));
    let asking = StoredValue::new_local(Some(Interval::new(ASK_EVERY_MS, move || shell.refresh_status())));
    on_cleanup(move || {
        ticking.set_value(None);
        asking.set_value(None);
    });

    let unlock = Callback::new(move |()| {
        let Some(profile) = profile.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        let waiting = wait.get_untracked();
        if waiting > 0 {
            problem.set(Some(words::wait_for(waiting)));
            return;
        }
        let typed = secret.get_untracked();
        if profile.secret == SecretKind::Pin && typed.len() < PIN_LEN {
            problem.set(Some(words::PIN_SHORT.to_owned()));
            return;
        }
        if typed.is_empty() {
            problem.set(Some(words::PASSPHRASE_MISSING.to_owned()));
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = call(UnlockCommand { collar: profile.collar, secret: typed }).await;
            busy.set(false);
            match answer {
                Ok(session) => {
                    secret.set(String::new());
                    shell.opened(session);
                }
                Err(error) => {
                    // A wrong PIN is typed anew; a long passphrase may need one letter mended.
                    if profile.secret == SecretKind::Pin && error.code == ErrorCode::WrongSecret {
                        secret.set(String::new());
                    }
                    if let Some(seconds) = error.wait_seconds {
                        wait.set(seconds);
                    }
                    problem.set(Some(error.message));
                }
            }
        });
    });
    let reads_until = move || {
        profile.with(|profile| {
            let until = profile.as_ref().and_then(|profile| profile.reads_until);
            let stopped = profile.as_ref().is_some_and(|profile| profile.reading_stopped);
            words::no_signal_until(until, stopped, dom::now())
        })
    };
    let choose = move |collar: String| {
        chosen.set(Some(collar));
        secret.set(String::new());
        problem.set(None);
        choosing.set(false);
    };

    view! {
        <AppShell>
            <header class="brand">
                <Logo />
                <b class="grow">{words::APP}</b>
                <IconKey
                    glyph=Glyph::Sun
                    label=words::LIGHT_THEME
                    test="theme"
                    pressed=theme.is_light()
                    on_press=Callback::new(move |()| theme.switch())
                />
            </header>
            <div class="chequer" aria-hidden="true"></div>
            <Main class="pad-top">
                <div class="vh">
                    <PageTitle text=words::UNLOCK_TITLE />
                </div>
                <LockNotes profile />
                <div class="officer push">
                    <span class="collar" data-test="unlock-officer">
                        {move || profile.with(|profile| profile.as_ref().map(|profile| profile.title.clone()))}
                    </span>
                    <button type="button" class="btn" data-test="not-you" on:click=move |_| choosing.set(true)>
                        <Icon glyph=Glyph::Swap />
                        {words::NOT_YOU}
                    </button>
                </div>
                <NoteNow profile />
                <div class="pin-box">
                    <Show
                        when=move || by_pin.get()
                        fallback=move || {
                            view! {
                                <Passphrase label=words::YOUR_PASSPHRASE value=secret on_enter=unlock />
                                <p class="sub" data-test="reads-until">{move || reads_until()}</p>
                            }
                        }
                    >
                        <p id=words::PIN_LABEL_ID>
                            <strong>{words::YOUR_PIN}</strong>
                            <br />
                            <span class="sub" data-test="reads-until">{move || reads_until()}</span>
                        </p>
                        <PinDots pin=secret />
                    </Show>
                    <div role="status" class="pin-status">
                        {move || match (problem.get(), wait.get()) {
                            (Some(problem), seconds) => {
                                let text = if seconds > 0 {
                                    format!("{problem} {}", words::wait_for(seconds))
                                } else {
                                    problem
                                };
                                view! {
                                    <p class="state problem wraps" data-test="unlock-error">
                                        <Icon glyph=Glyph::Alert />
                                        <span>{text}</span>
                                    </p>
                                }
                                    .into_any()
                            }
                            (None, seconds) if seconds > 0 => {
                                view! {
                                    <p class="state waiting wraps" data-test="unlock-error">
                                        <Icon glyph=Glyph::Clock />
                                        <span>{words::wait_for(seconds)}</span>
                                    </p>
                                }
                                    .into_any()
                            }
                            _ => view! { <p class="sub">{words::WRONG_TRIES}</p> }.into_any(),
                        }}
                    </div>
                </div>
            </Main>
            <footer class="foot foot-flat">
                <div class="deck deck-low">
                    <Show when=move || by_pin.get()>
                        <Keypad pin=secret labelled_by=words::PIN_LABEL_ID on_enter=unlock />
                    </Show>
                    <button type="button" class="btn btn-go" data-test="unlock" on:click=move |_| unlock.run(())>
                        {move || if busy.get() { words::UNLOCKING } else { words::UNLOCK }}
                    </button>
                </div>
            </footer>
            <Sheet open=choosing title=words::WHO_ARE_YOU id="officers-sheet">
                <div class="profiles">
                    {move || {
                        status
                            .with(|status| status.as_ref().map(|s| s.profiles.clone()).unwrap_or_default())
                            .into_iter()
                            .map(|profile| {
                                let collar = profile.collar.clone();
                                view! {
                                    <button
                                        type="button"
                                        class="btn btn-lg"
                                        data-test=format!("profile-{}", profile.collar)
                                        on:click=move |_| choose(collar.clone())
                                    >
                                        <Icon glyph=Glyph::Notebook />
                                        {profile.title}
                                    </button>
                                }
                            })
                            .collect_view()
                    }}
                </div>
                <button
                    type="button"
                    class="btn btn-quiet"
                    data-test="enrol-another"
                    on:click=move |_| shell.enrol_another(true)
                >
                    {words::ENROL_ANOTHER}
                </button>
            </Sheet>
        </AppShell>
    }
}

/// What is safe on this phone, whether it goes on sending, and what was found at start.
#[component]
fn LockNotes(#[prop(into)] profile: Signal<Option<ProfileCard>>) -> impl IntoView {
    let status = expect_context::<Shell>().status();
    let safe = move || {
        let card = profile.get()?;
        // Behind a locked screen the notebook's own engine goes on; a sealed one has a spool, or waits.
        let behind = status.with(|status| {
            let status = status.as_ref()?;
            (status.behind == Some(card.officer)).then_some(status.still_sending).flatten()
        });
        match (behind, card.spool) {
            (Some(left), _) => (left > 0).then(|| words::still_sending(left)),
            (None, Some(spool)) if spool.sends => Some(words::still_sending(spool.left)),
            (None, Some(spool)) if spool.left == 0 && spool.taken > 0 => {
                Some(words::spool_taken(spool.taken))
            }
            _ => (card.unsent > 0).then(|| words::sends_after_unlock(card.unsent)),
        }
    };
    view! {
        {move || {
            safe()
                .map(|text| {
                    view! { <Note glyph=Glyph::Lock heading=words::LOCKED text=text live=true test="lock-note" /> }
                })
        }}
        {move || {
            status
                .with(|status| status.as_ref().map(|status| status.notices.clone()).unwrap_or_default())
                .into_iter()
                .map(|notice| {
                    view! { <Note tone=Tone::Wait glyph=Glyph::Info heading=words::PLEASE_KNOW text=notice /> }
                })
                .collect_view()
        }}
    }
}
