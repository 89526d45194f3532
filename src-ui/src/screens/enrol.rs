//! First start: the force's address and one-time code open a notebook on this phone, and a PIN or passphrase is chosen.
//!
//! The device decides whether a PIN is possible (a keystore must answer) and whether the secret is good enough. What
//! was typed stays in the fields when it says no; the secrets are dropped as soon as it says yes.

use beatbook_protocol::ipc::{Enrol as EnrolCommand, ErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::fields::{ErrorSummary, Fault, Faults, TextField};
use crate::components::frame::{AppShell, Foot, Main, PageTitle};
use crate::components::icon::{Glyph, Logo};
use crate::components::keypad::{PIN_LEN, Passphrase};
use crate::components::notice::Note;
use crate::ipc::call;
use crate::locales::words;

/// Setting up a notebook.
#[component]
pub fn Enrol() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let status = shell.status();
    let keystore =
        Memo::new(move |_| status.with(|status| status.as_ref().is_some_and(|status| status.keystore)));
    let others =
        Memo::new(move |_| status.with(|status| status.as_ref().is_some_and(|s| !s.profiles.is_empty())));

    let server = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let secret = RwSignal::new(String::new());
    let again = RwSignal::new(String::new());
    let faults = Faults::none();
    let busy = RwSignal::new(false);

    let go = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        let found = missing(
            &server.get_untracked(),
            &code.get_untracked(),
            &secret.get_untracked(),
            &again.get_untracked(),
            keystore.get_untracked(),
        );
        if !found.is_empty() {
            faults.show(found);
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = call(EnrolCommand {
                server: server.get_untracked().trim().to_owned(),
                code: code.get_untracked().trim().to_owned(),
                secret: secret.get_untracked(),
            })
            .await;
            busy.set(false);
            match answer {
                Ok(status) => {
                    secret.set(String::new());
                    again.set(String::new());
                    shell.enrolled(status);
                }
                Err(error) => {
                    let anchor = match error.code {
                        ErrorCode::WeakSecret | ErrorCode::NeedsPassphrase => "enrol-secret",
                        ErrorCode::BadCode => "enrol-code",
                        _ => "enrol-server",
                    };
                    faults.show(vec![Fault { anchor, text: error.message }]);
                }
            }
        });
    });

    view! {
        <AppShell>
            <header class="brand">
                <Logo />
                <b>{words::APP}</b>
            </header>
            <div class="chequer" aria-hidden="true"></div>
            <Main class="pad-top">
                <PageTitle text=words::ENROL_TITLE />
                <p class="sub">{words::ENROL_INTRO}</p>
                <ErrorSummary faults />
                <form
                    class="short-form"
                    novalidate
                    on:submit=move |event| {
                        event.prevent_default();
                        go.run(());
                    }
                >
                    <TextField
                        label=words::ENROL_SERVER
                        hint=words::ENROL_SERVER_HINT
                        id="enrol-server"
                        inputmode="url"
                        value=server
                        on_input=Callback::new(move |text| server.set(text))
                    />
                    <TextField
                        label=words::ENROL_CODE
                        hint=words::ENROL_CODE_HINT
                        id="enrol-code"
                        value=code
                        on_input=Callback::new(move |text| code.set(text))
                    />
                    {move || {
                        let keystore = keystore.get();
                        let (label, label_again) = if keystore {
                            (words::ENROL_PIN, words::ENROL_PIN_AGAIN)
                        } else {
                            (words::ENROL_PASSPHRASE, words::ENROL_PASSPHRASE_AGAIN)
                        };
                        view! {
                            {(!keystore)
                                .then(|| {
                                    view! {
                                        <Note
                                            glyph=Glyph::Key
                                            heading=words::ENROL_NO_KEYSTORE
                                            text=words::ENROL_NO_KEYSTORE_TEXT
                                        />
                                    }
                                })}
                            <Passphrase
                                label
                                id="enrol-secret"
                                value=secret
                                new=true
                                digits=keystore
                                on_enter=Callback::new(|()| {})
                            />
                            <Passphrase label=label_again id="enrol-again" value=again new=true digits=keystore on_enter=go />
                        }
                    }}
                </form>
            </Main>
            <Foot>
                <div class="deck deck-low">
                    <Show when=move || others.get()>
                        <button
                            type="button"
                            class="btn btn-lg"
                            data-test="enrol-cancel"
                            on:click=move |_| shell.enrol_another(false)
                        >
                            {words::NOT_NOW}
                        </button>
                    </Show>
                    <button type="button" class="btn btn-go" data-test="enrol-go" on:click=move |_| go.run(())>
                        {move || if busy.get() { words::ENROL_BUSY } else { words::ENROL_GO }}
                    </button>
                </div>
            </Foot>
        </AppShell>
    }
}

/// What is not filled in. How good the secret is, the device says.
fn missing(server: &str, code: &str, secret: &str, again: &str, pin: bool) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut fault = |anchor, text: &str| found.push(Fault { anchor, text: text.to_owned() });
    if server.trim().is_empty() {
        fault("enrol-server", words::SERVER_MISSING);
    }
    if code.trim().is_empty() {
        fault("enrol-code", words::CODE_MISSING);
    }
    if pin && (secret.len() != PIN_LEN || !secret.bytes().all(|b| b.is_ascii_digit())) {
        fault("enrol-secret", words::PIN_SHORT);
    } else if secret.is_empty() {
        fault("enrol-secret", words::PASSPHRASE_MISSING);
    } else if secret != again {
        fault("enrol-again", words::SECRETS_DIFFER);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn every_gap_is_named_at_its_field() {
        let anchors = |faults: Vec<super::Fault>| faults.iter().map(|fault| fault.anchor).collect::<Vec<_>>();
        assert_eq!(anchors(missing("", " ", "12", "", true)), ["enrol-server", "enrol-code", "enrol-secret"]);
        assert_eq!(anchors(missing("https://x", "ABC", "135790", "135791", true)), ["enrol-again"]);
        assert!(missing("https://x", "ABC", "four words of mine", "four words of mine", false).is_empty());
    }
}
