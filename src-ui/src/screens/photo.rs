//! The photo of a thing: taken or chosen, given to the device to be written anew, and shown as it is kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beatbook_domain::entry::Attachment;
use beatbook_protocol::ipc::{AskPhoto, FetchPhoto, GetPhoto, KeepPhoto, PhotoAsked, PhotoView};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

use crate::app::Shell;
use crate::components::fields::FieldProblem;
use crate::components::icon::{Glyph, Icon};
use crate::ipc::call;
use crate::locales::words;

/// The photo of a referral.
#[component]
pub fn PhotoField(
    /// The photo, once one is kept.
    #[prop(into)]
    photo: Signal<Option<Attachment>>,
    /// Told when one was kept, or taken away.
    on_change: Callback<Option<Attachment>>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let working = RwSignal::new(false);
    let chosen = move |event: leptos::ev::Event| {
        let Some(file) = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
            .and_then(|input| input.files())
            .and_then(|files| files.get(0))
        else {
            return;
        };
        problem.set(None);
        working.set(true);
        spawn_local(async move {
            let outcome = match base64_of(&file).await {
                Some(base64) => call(KeepPhoto { base64 }).await.map_err(|error| error.message),
                None => Err(words::PHOTO_UNREADABLE.to_owned()),
            };
            working.try_set(false);
            match outcome {
                Ok(view) => {
                    let _ = on_change.try_run(Some(view.attachment));
                }
                Err(words) => {
                    problem.try_set(Some(words));
                }
            }
        });
    };
    view! {
        <div class="group">
            <h2 class="lab" id="photo-label">
                {words::PHOTO}
                <span class="hint">" " {words::PHOTO_HINT}</span>
            </h2>
            {move || photo.get().map(|photo| view! { <Photo photo /> })}
            <label class="btn btn-lg photo-key" for="photo">
                <Icon glyph=Glyph::Photo />
                {move || if working.get() {
                    words::PHOTO_WORKING
                } else if photo.with(Option::is_some) {
                    words::PHOTO_OTHER
                } else {
                    words::PHOTO_TAKE
                }}
            </label>
            <input
                type="file"
                id="photo"
                class="vh"
                data-test="photo"
                accept="image/jpeg,image/png"
                capture="environment"
                aria-describedby="photo-problem"
                on:change=chosen
            />
            <FieldProblem id="photo-problem" problem />
            <Show when=move || photo.with(Option::is_some)>
                <button
                    type="button"
                    class="btn"
                    data-test="photo-remove"
                    on:click=move |_| on_change.run(None)
                >
                    <Icon glyph=Glyph::Close />
                    {words::PHOTO_REMOVE}
                </button>
            </Show>
        </div>
    }
}

/// A photo as it is kept on this phone; one that is not here is asked for, and fetched when somebody wants to see it.
#[component]
pub fn Photo(
    /// Which.
    photo: Attachment,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let shown = RwSignal::new(None::<PhotoView>);
    let sha256 = photo.sha256;
    let first = sha256.clone();
    spawn_local(async move {
        match call(GetPhoto { sha256: first }).await {
            Ok(view) => {
                shown.try_set(Some(view));
            }
            Err(error) => shell.report(&error),
        }
    });
    move || {
        shown.get().map(|view| match view.base64 {
            Some(base64) => view! {
                <img
                    class="photo"
                    data-test="photo-shown"
                    alt=words::PHOTO_ALT
                    src=format!("data:{};base64,{base64}", view.attachment.media_type)
                />
            }
            .into_any(),
            None => view! { <Elsewhere sha256=sha256.clone() shown /> }.into_any(),
        })
    }
}

/// A photo that is not on this phone: where it is, and the key that fetches it.
#[component]
fn Elsewhere(
    /// Which.
    sha256: String,
    /// Given the photo once it is here.
    shown: RwSignal<Option<PhotoView>>,
) -> impl IntoView {
    let change = expect_context::<Shell>().change();
    let asked = RwSignal::new(None::<PhotoAsked>);
    let problem = RwSignal::new(None::<String>);
    let fetching = RwSignal::new(false);
    let come = RwSignal::new(None::<u32>);
    let ask = {
        let sha256 = sha256.clone();
        move || {
            let sha256 = sha256.clone();
            spawn_local(async move {
                match call(AskPhoto { sha256 }).await {
                    Ok(answer) => drop(asked.try_set(Some(answer))),
                    Err(error) => drop(problem.try_set(Some(error.message))),
                }
            });
        }
    };
    ask();
    let watched = sha256.clone();
    Effect::new(move |_| {
        change.track();
        if fetching.get() {
            let sha256 = watched.clone();
            spawn_local(async move {
                if let Ok(view) = call(GetPhoto { sha256 }).await {
                    come.try_set(view.come);
                }
            });
        }
    });
    let press = move |_| {
        let (sha256, ask) = (sha256.clone(), ask.clone());
        if fetching.get_untracked() {
            return;
        }
        problem.set(None);
        if !asked.with_untracked(|asked| asked.as_ref().is_some_and(|asked| asked.at_server)) {
            ask();
            return;
        }
        fetching.set(true);
        spawn_local(async move {
            let outcome = call(FetchPhoto { sha256 }).await;
            fetching.try_set(false);
            match outcome {
                Ok(view) => drop(shown.try_set(Some(view))),
                Err(error) => drop(problem.try_set(Some(error.message))),
            }
        });
    };
    let state = move || {
        if fetching.get() {
            return come.get().map_or_else(|| words::PHOTO_FETCHING.to_owned(), words::photo_fetching);
        }
        match (problem.get(), asked.get()) {
            (Some(problem), _) => problem,
            (None, Some(asked)) => asked.words,
            (None, None) => words::PHOTO_ASKING.to_owned(),
        }
    };
    view! {
        <div class="group" data-test="photo-elsewhere">
            <p class="sub" role="status" data-test="photo-place">
                {state}
            </p>
            <button type="button" class="btn" data-test="photo-fetch" on:click=press>
                <Icon glyph=Glyph::Down />
                {move || {
                    let at_server = asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.at_server));
                    if at_server { words::PHOTO_FETCH } else { words::PHOTO_ASK_AGAIN }
                }}
            </button>
        </div>
    }
}

/// The bytes of a file, base64.
async fn base64_of(file: &web_sys::File) -> Option<String> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    Some(STANDARD.encode(bytes))
}
