//! The hand-over slip of a concern: what to read out to the other systems. On this phone only, never sent, gone when
//! their references are in or at its expiry.

use beatbook_domain::entry::{DraftReference, Kind};
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::{
    AppError, DropSlip, GetSlip, GiveReference, KeepSlip, SlipBlock, SlipSystem, SlipView,
};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::fields::{TextArea, TextField};
use crate::components::frame::{AppShell, Back, Dock, Foot, Main, Top};
use crate::components::hold::HoldButton;
use crate::components::icon::{Glyph, Icon, IconSize};
use crate::components::notice::Note;
use crate::ipc::call;
use crate::locales::words;
use crate::route::Route;
use crate::screens::LoadError;

/// What is typed is kept after this pause, milliseconds.
const KEEP_AFTER_MS: u32 = 400;

/// What a system is called.
const fn name(system: SlipSystem) -> &'static str {
    match system {
        SlipSystem::Crime => words::SLIP_CRIME,
        SlipSystem::Intelligence => words::SLIP_INTELLIGENCE,
        SlipSystem::Safeguarding => words::SLIP_SAFEGUARDING,
    }
}

/// The slip of a concern.
#[component]
pub fn Slip(
    /// The concern.
    id: EntryId,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let slip = RwSignal::new(None::<SlipView>);
    let error = RwSignal::new(None::<AppError>);
    let details = RwSignal::new(String::new());
    let timer = StoredValue::new_local(None::<Timeout>);
    spawn_local(async move {
        match call(GetSlip { entry_id: id }).await {
            Ok(view) => {
                details.try_set(view.details.clone());
                slip.try_set(Some(view));
            }
            Err(refused) => {
                error.try_set(Some(refused));
            }
        }
    });
    let keep = move || {
        let Some(details) = details.try_get_untracked() else { return };
        let same = slip.try_with_untracked(|slip| slip.as_ref().is_none_or(|slip| slip.details == details));
        if same != Some(false) {
            return;
        }
        spawn_local(async move {
            match call(KeepSlip { entry_id: id, details }).await {
                Ok(view) => {
                    slip.try_set(Some(view));
                }
                Err(refused) => shell.report(&refused),
            }
        });
    };
    let typed = Callback::new(move |text: String| {
        details.set(text);
        timer.set_value(Some(Timeout::new(KEEP_AFTER_MS, keep)));
    });
    on_cleanup(keep);
    let marking = Kind::Concern.marking().words();
    // The slip of a note that is still a draft leads back into its form.
    let in_form = shell.today().with_untracked(|today| {
        today.as_ref().is_some_and(|today| today.drafts.iter().any(|draft| draft.entry_id == id))
    });
    let back = if in_form {
        Back { to: Route::Concern(id), label: words::BACK_TO_NOTE }
    } else {
        Back { to: Route::Entry(id), label: words::BACK_TO_ENTRY }
    };
    view! {
        <AppShell>
            <Top title=words::SLIP back marking=marking.to_owned() />
            <Main>
                <LoadError error />
                <Note glyph=Glyph::PhoneOk heading=words::SLIP_HERE_ONLY text=Signal::derive(move || {
                    slip.with(|slip| slip.as_ref().and_then(|slip| slip.expires_at).map(words::slip_expires).unwrap_or_default())
                }) test="slip-note" />
                <TextArea
                    label=words::SLIP_DETAILS
                    hint=words::SLIP_DETAILS_HINT
                    id="slip-details"
                    value=details
                    on_input=typed
                />
                {move || {
                    slip.get()
                        .map(|slip| slip.blocks)
                        .unwrap_or_default()
                        .into_iter()
                        .map(|block| view! { <Block id block slip details /> })
                        .collect_view()
                }}
                <HoldButton
                    label=words::SLIP_DROP
                    id="slip-drop"
                    question=words::SLIP_DROP_ASK
                    explain=words::SLIP_DROP_EXPLAIN
                    confirm=words::SLIP_DROP
                    on_done=Callback::new(move |()| {
                        spawn_local(async move {
                            match call(DropSlip { entry_id: id }).await {
                                Ok(view) => {
                                    details.try_set(String::new());
                                    slip.try_set(Some(view));
                                    shell.toasts().say(words::SLIP_DROPPED);
                                }
                                Err(refused) => shell.report(&refused),
                            }
                        });
                    })
                />
            </Main>
            <Foot marking=marking.to_owned()>
                <Dock current=None />
            </Foot>
        </AppShell>
    }
}

/// What to read out to one system, and where its reference goes.
#[component]
fn Block(
    id: EntryId,
    block: SlipBlock,
    slip: RwSignal<Option<SlipView>>,
    details: RwSignal<String>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let SlipBlock { system, text, reference } = block;
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let code = system.reference();
    let go = move |_| {
        let value = typed.get_untracked().trim().to_owned();
        if value.is_empty() {
            problem.set(Some(words::SLIP_TYPE_REFERENCE.to_owned()));
            return;
        }
        let reference = DraftReference { kind: Some(Code::from(code)), value, at: None };
        spawn_local(async move {
            match call(GiveReference { entry_id: id, reference }).await {
                Ok(_) => match call(GetSlip { entry_id: id }).await {
                    Ok(view) => {
                        details.try_set(view.details.clone());
                        slip.try_set(Some(view));
                        shell.toasts().say(words::REFERENCE_KEPT);
                    }
                    Err(refused) => shell.report(&refused),
                },
                Err(refused) => {
                    problem.try_set(Some(refused.message));
                }
            }
        });
    };
    let field = format!("slip-ref-{code}");
    view! {
        <section class="card" data-test=format!("slip-{code}")>
            <h2 class="sec">{name(system)}</h2>
            {match reference {
                Some(reference) => view! {
                    <span class="state saved">
                        <Icon glyph=Glyph::Check size=IconSize::Small />
                        {words::duty_reference(&reference)}
                    </span>
                }
                    .into_any(),
                None => view! {
                    <p class="read-out">{text}</p>
                    <TextField
                        label=words::SLIP_REFERENCE
                        id=field
                        value=typed
                        problem
                        on_input=Callback::new(move |text| typed.set(text))
                    />
                    <button type="button" class="btn btn-lg" data-test=format!("slip-go-{code}") on:click=go>
                        <Icon glyph=Glyph::Check />
                        {words::SLIP_REFERENCE_GO}
                    </button>
                }
                    .into_any(),
            }}
        </section>
    }
}
